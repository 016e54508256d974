"""``AsyncConnection``: the same plans, handed to the asynchronous loop.

``run_sync(fn)`` needs no greenlet: ``fn`` runs in a worker thread with a blocking ``Connection``
whose plans are sent back to the event loop, one at a time, while the caller awaits the end. So
``fn`` may do all that synchronous code does (``metadata.create_all``, ``inspect``, …). Its limit:
``fn`` must not touch what belongs to the event loop's own thread, and must not start tasks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    LiteralString,
    ParamSpec,
    Self,
    TypeVar,
    TypeVarTuple,
    overload,
)

from ..event import register_target
from ..exc import InvalidRequestError, MissingGreenlet
from ..io.async_loop import bridge, in_thread, run_async
from ..io.blocking import BRIDGED, BlockingConnection
from ..io.plan import Plan
from ..pool.async_proxy import AsyncPoolProxiedConnection, BlockingProxiedConnection
from ..pool.proxy import PoolProxiedConnection
from .async_errors import AsyncContextNotStarted, refuse_stream
from .async_result import AsyncResult, AsyncScalarResult, async_result
from .async_transaction import AsyncTransaction as AsyncTransaction
from .async_transaction import shown
from .connection import (
    Connection,
    ExecuteParams,
    connection_targets,
    merged_options,
    schema_in_force,
)
from .core import ConnectionCore
from .cursor import CursorResult
from .engine import Engine, refuse_io
from .events import EngineDispatch
from .result import ScalarResult
from .transaction import ConnectionState

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..sql.executable import Executable, TypedReturnsRows
    from .async_engine import AsyncEngine

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
P = ParamSpec("P")


class AsyncConnection:
    """A connection in use: ``await`` it, or ``async with`` it.

    See :class:`~ormolu.engine.Connection`.
    """

    __slots__ = ("_face", "_state", "engine")

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._face: Connection | None = None
        self._state = ConnectionState(engine.core)

    async def start(self) -> Self:
        """Check the connection out; ``await connection`` and ``async with`` do it."""
        if self._state.core is None and not self._state.was_closed:
            await run_async(self._state.open_plan())
        return self

    def __await__(self) -> Generator[Any, Any, Self]:
        return self.start().__await__()

    def _started(self) -> ConnectionState:
        state = self._state
        if state.core is None and not state.was_closed and not state.reconnects:
            raise AsyncContextNotStarted(
                "This AsyncConnection has not been started: write 'await engine.connect()' or "
                "'async with engine.connect() as connection:'"
            )
        return state

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    # -- description

    @property
    def core(self) -> ConnectionCore:
        """The connection's core."""
        return self._started().opened()

    @property
    def dialect(self) -> Dialect:
        """The engine's dialect."""
        return self.engine.dialect

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._state.was_closed

    @property
    def invalidated(self) -> bool:
        """Whether the driver's connection was lost."""
        return self._state.invalidated

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary for the user, kept as long as the driver's connection."""
        return self._state.opened().entry.info

    @property
    def dispatch(self) -> EngineDispatch:
        """The listeners to this connection's events."""
        return self._state.dispatch or self.engine.core.dispatch

    @property
    def default_isolation_level(self) -> str | None:
        """The database's usual isolation level."""
        return self.dialect.default_isolation_level

    @property
    def connection(self) -> Any:
        """Not on an asynchronous connection.

        :raises InvalidRequestError: always; it says what to write.
        """
        raise InvalidRequestError(
            "AsyncConnection.connection accessor is not implemented as the attribute may need to "
            "reconnect on an invalidated connection; use the get_raw_connection() method"
        )

    @property
    def sync_engine(self) -> Engine:
        """The synchronous face of the engine, on which listeners are set."""
        return self.engine.sync_engine

    @property
    def sync_connection(self) -> Connection | None:
        """The synchronous face of the connection, as listeners receive it; None before the start.

        Listeners may be set on it. What needs I/O is refused: write ``run_sync(fn)`` for that.
        """
        core = self._state.core
        if self._face is None and core is not None:
            state, seen = self._state, None if core.owner is None else core.owner()
            if seen is not None and state.dispatch is None:
                state.dispatch = seen._state.dispatch
            self._face = Connection._beside(self.sync_engine, state, refuse_io)
            core.owner = state.owner
        return self._face

    async def get_raw_connection(self) -> AsyncPoolProxiedConnection:
        """Return the driver's connection: ``.driver_connection``, …

        What is executed on it is in this connection's transaction. The driver begins one if there
        is none, as it does by itself (asyncpg doesn't).
        """
        core = await run_async(self._state.raw_plan())
        return AsyncPoolProxiedConnection(core.entry, self._give_back)

    async def _give_back(self, invalid: bool) -> None:
        await (self.invalidate() if invalid else self.close())

    def __repr__(self) -> str:
        return f"<AsyncConnection {self.engine.url}{' (closed)' if self.closed else ''}>"

    # -- transactions

    def begin(self) -> AsyncTransaction:
        """Begin a transaction: ``await`` it, or ``async with`` it."""
        return AsyncTransaction(self, self._state.begin_plan)

    def begin_nested(self) -> AsyncTransaction:
        """Set a savepoint: ``await`` it, or ``async with`` it."""
        return AsyncTransaction(self, self._state.begin_nested_plan)

    def begin_twophase(self, xid: Any = None) -> AsyncTransaction:
        """Begin a two-phase transaction: ``await`` it, or ``async with`` it."""
        return AsyncTransaction(self, lambda: self._state.begin_twophase_plan(xid))

    async def recover_twophase(self) -> list[Any]:
        """Return the identifiers of the transactions that are prepared and not ended."""
        return await run_async(self._started().recover_twophase_plan())

    async def commit_prepared(self, xid: Any, recover: bool = False) -> None:
        """Commit a transaction that was prepared, perhaps by another connection."""
        await run_async(self._started().end_prepared_plan(xid, commit=True))

    async def rollback_prepared(self, xid: Any, recover: bool = False) -> None:
        """Roll a transaction back that was prepared, perhaps by another connection."""
        await run_async(self._started().end_prepared_plan(xid, commit=False))

    async def commit(self) -> None:
        """Commit the transaction that is open, if any."""
        await run_async(self._started().commit_root_plan())

    async def rollback(self) -> None:
        """Roll the transaction back that is open, if any."""
        await run_async(self._started().rollback_root_plan())

    def in_transaction(self) -> bool:
        """Say whether a transaction is open."""
        return self._state.root is not None

    def in_nested_transaction(self) -> bool:
        """Say whether a savepoint is open."""
        innermost = self._state.innermost
        return innermost is not None and innermost.name is not None

    def get_transaction(self) -> AsyncTransaction | None:
        """Return the transaction that is open, or None."""
        root = self._state.root
        return None if root is None else shown(self, root)

    def get_nested_transaction(self) -> AsyncTransaction | None:
        """Return the innermost savepoint, or None."""
        innermost = self._state.innermost
        if innermost is None or innermost.name is None:
            return None
        return shown(self, innermost)

    async def get_isolation_level(self) -> str | None:
        """Return the isolation level in force."""
        return self._started().get_isolation_level()

    # -- execution

    @overload
    async def execute(
        self,
        statement: TypedReturnsRows[*Ts],
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*Ts]: ...
    @overload
    async def execute(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]: ...

    async def execute(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute a statement and fetch all its rows; see ``Connection.execute``.

        :raises AsyncMethodRequired: for ``yield_per`` or ``stream_results``; ``stream`` has them.
        """
        state = self._state
        if state.core is None:
            self._started()
        options: Mapping[str, Any] = state.options
        if execution_options or getattr(statement, "_execution_options", None):
            options = merged_options(options, statement, execution_options)
        if options:
            refuse_stream("AsyncConnection", statement, parameters, options)
        return await run_async(state.execute_plan(statement, parameters, options))

    @overload
    async def scalar(
        self,
        statement: TypedReturnsRows[T, *tuple[Any, ...]],
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> T | None: ...
    @overload
    async def scalar(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any: ...

    async def scalar(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Execute a statement and return the first column of its first row, or None."""
        result = await self.execute(statement, parameters, execution_options=execution_options)
        return result.scalar()

    @overload
    async def scalars(
        self,
        statement: TypedReturnsRows[T, *tuple[Any, ...]],
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[T]: ...
    @overload
    async def scalars(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]: ...

    async def scalars(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]:
        """Execute a statement and return a result of its first column."""
        result = await self.execute(statement, parameters, execution_options=execution_options)
        return result.scalars()

    def stream(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Started[AsyncResult[*tuple[Any, ...]]]:
        """Execute a statement and fetch its rows as they are read.

        ``await`` it for the result, or ``async with`` it to have the result closed as well.
        """
        options = merged_options(self._state.options, statement, execution_options)
        return Started(self._stream(statement, parameters, options))

    def stream_scalars(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Started[AsyncScalarResult[Any]]:
        """As ``stream``, for the first column."""
        options = merged_options(self._state.options, statement, execution_options)
        return Started(self._stream_scalars(statement, parameters, options))

    async def _stream(
        self, statement: Any, parameters: Any, options: Mapping[str, Any]
    ) -> AsyncResult[*tuple[Any, ...]]:
        found = await run_async(self._started().stream_plan(statement, parameters, options))
        return async_result(found)

    async def _stream_scalars(
        self, statement: Any, parameters: Any, options: Mapping[str, Any]
    ) -> AsyncScalarResult[Any]:
        return (await self._stream(statement, parameters, options)).scalars()

    async def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute SQL as the driver takes it; see ``Connection.exec_driver_sql``."""
        options = merged_options(self._state.options, statement, execution_options)
        return await run_async(self._started().driver_sql_plan(statement, parameters, options))

    async def run_sync(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call ``fn(connection, ...)`` with a blocking connection, in a worker thread."""
        await self.start()
        return await in_thread(fn, BridgedConnection(self), *args, **kwargs)

    async def execution_options(self, **options: Any) -> Self:
        """Set execution options of this connection, and return it."""
        await self.start()
        self._state.set_options(options)
        return self

    def get_execution_options(self) -> Mapping[str, Any]:
        """Return the execution options."""
        return self._state.options

    async def invalidate(self, exception: BaseException | None = None) -> None:
        """Close the driver's connection for good; the next use opens another one."""
        await run_async(self._state.invalidate_plan(exception))

    def detach(self) -> None:
        """Take the driver's connection out of the pool: ``close`` will close it for good."""
        self._state.detach()

    def schema_for_object(self, obj: Any) -> str | None:
        """Return the schema of a table or sequence, by the ``schema_translate_map`` in force."""
        return schema_in_force(self._state.options, obj)

    async def close(self) -> None:
        """Roll back what is open and give the connection back to the pool.

        A session's connection stays the session's: only this object is closed.
        """
        await run_async(self._state.close_plan())

    async def aclose(self) -> None:
        """As ``close``."""
        await self.close()

    def _run_ddl(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        raise needs_run_sync("connection")


def needs_run_sync(kind: str) -> MissingGreenlet:
    """The error for DDL given an async engine or connection, whose I/O is awaited."""
    return MissingGreenlet(
        f"Creating, dropping and reflecting need I/O, and an async {kind} awaits its I/O: write "
        "async with engine.begin() as connection: "
        "await connection.run_sync(metadata.create_all)"
    )


class BridgedConnection(Connection):
    """An async connection, seen from a worker thread: its plans run on the event loop."""

    __slots__ = ()

    def __init__(self, connection: AsyncConnection) -> None:
        self.engine = connection.engine.sync_engine
        self._run = bridge()
        self._state = connection._state

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection, whose cursors wait for the event loop."""
        core = self._handed_out()
        begins = not (core.autocommit or core.driver.begins_alone)
        blocking = BlockingConnection(core.driver, self._run, core.begin_mode if begins else None)
        return BlockingProxiedConnection(core.entry, self._give_back, blocking)


BRIDGED.add(BridgedConnection)


class Started(Awaitable[T]):
    """What can be awaited for a result, or entered as ``async with`` to close it as well."""

    __slots__ = ("_coroutine", "_result")

    def __init__(self, coroutine: Any) -> None:
        self._coroutine = coroutine
        self._result: Any = None

    def __await__(self) -> Generator[Any, Any, T]:
        result: Generator[Any, Any, T] = self._coroutine.__await__()
        return result

    async def __aenter__(self) -> T:
        self._result = await self._coroutine
        started: T = self._result
        return started

    async def __aexit__(self, *exc_info: object) -> None:
        await self._result.close()


register_target(AsyncConnection, connection_targets)
