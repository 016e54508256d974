"""``Connection`` and ``Transaction``: façades that hand plans to a loop."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, LiteralString, Self, TypeVar, TypeVarTuple, overload

from ..event import Dispatch, register_target
from ..io.loops import run_sync
from ..io.plan import Plan
from ..pool.proxy import PoolProxiedConnection
from .core import ConnectionCore
from .cursor import CursorResult, ExecutionContext
from .events import ROOT, EngineDispatch
from .execution import fetch_chunk_plan, stream_plan
from .plans import close_cursor_plan
from .result import ScalarResult
from .source import Source, streamed
from .transaction import ConnectionState, TransactionCore

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..sql.executable import Executable, TypedReturnsRows
    from .engine import Engine

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Runner = Callable[[Plan[Any]], Any]
ExecuteParams = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
DEFAULT_CHUNK = 1000


class Connection:
    """A connection in use.

    A transaction begins with the first statement and lasts until ``commit`` or ``rollback``;
    ``close`` rolls back. Get one from ``engine.connect()``, best in a ``with`` block.
    """

    __slots__ = ("__weakref__", "_run", "_state", "engine")

    def __init__(self, engine: Engine, runner: Runner = run_sync) -> None:
        self.engine = engine
        self._run = runner
        self._state = ConnectionState(engine.core)
        self._state.owner = weakref.ref(self)
        self._run(self._state.open_plan())

    @classmethod
    def _over(cls, engine: Engine, core: ConnectionCore, runner: Runner) -> Connection:
        """Return a connection over a core that somebody else has checked out (a session)."""
        connection = cls.__new__(cls)
        connection.engine = engine
        connection._run = runner
        connection._state = state = ConnectionState(core.engine)
        state.owner = weakref.ref(connection)
        state.core = core
        if core.in_transaction:
            state.root = state.innermost = TransactionCore()
        return connection

    # -- description

    @property
    def core(self) -> ConnectionCore:
        """The connection's core.

        :raises ResourceClosedError: after ``close``.
        """
        return self._state.opened()

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
        core = self._state.core
        return core is not None and core.invalidated

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary for the user, kept as long as the driver's connection."""
        return self._state.opened().entry.info

    @property
    def dispatch(self) -> EngineDispatch:
        """The listeners to this connection's events."""
        return self._state.dispatch or self.engine.dispatch

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection: ``.driver_connection``, ``.cursor()``, …"""
        return PoolProxiedConnection(self._state.opened().entry, self._give_back)

    def _give_back(self, invalid: bool) -> None:
        self.invalidate() if invalid else self.close()

    @property
    def default_isolation_level(self) -> str | None:
        """The database's usual isolation level."""
        return self.dialect.default_isolation_level

    def __repr__(self) -> str:
        return f"<Connection {self.engine.url}{' (closed)' if self.closed else ''}>"

    # -- transactions

    def begin(self) -> RootTransaction:
        """Begin a transaction.

        :raises InvalidRequestError: when one was begun already, by hand or by a statement.
        """
        return RootTransaction(self, self._run(self._state.begin_plan()))

    def begin_nested(self) -> NestedTransaction:
        """Set a savepoint; begins a transaction if there is none."""
        return NestedTransaction(self, self._run(self._state.begin_nested_plan()))

    def commit(self) -> None:
        """Commit the transaction that is open, if any."""
        self._run(self._state.commit_root_plan())

    def rollback(self) -> None:
        """Roll the transaction back that is open, if any."""
        self._run(self._state.rollback_root_plan())

    def in_transaction(self) -> bool:
        """Say whether a transaction is open."""
        return self._state.root is not None

    def in_nested_transaction(self) -> bool:
        """Say whether a savepoint is open."""
        innermost = self._state.innermost
        return innermost is not None and innermost.name is not None

    def get_transaction(self) -> RootTransaction | None:
        """Return the transaction that is open, or None."""
        root = self._state.root
        return None if root is None else RootTransaction(self, root)

    def get_nested_transaction(self) -> NestedTransaction | None:
        """Return the innermost savepoint, or None."""
        innermost = self._state.innermost
        if innermost is None or innermost.name is None:
            return None
        return NestedTransaction(self, innermost)

    def get_isolation_level(self) -> str | None:
        """Return the isolation level in force."""
        return self._state.get_isolation_level()

    # -- execution

    @overload
    def execute(
        self,
        statement: TypedReturnsRows[*Ts],
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*Ts]: ...
    @overload
    def execute(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]: ...

    def execute(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute a statement.

        :param statement: any construct, or SQL text with ``:name`` binds.
        :param parameters: a mapping, or a list of mappings to run it once for each.
        :param execution_options: ``stream_results``, ``yield_per``, ``schema_translate_map``, …
        :raises DBAPIError: what the driver raised, with the statement and its parameters.
        """
        options = merged_options(self._state.options, statement, execution_options)
        if options and ("yield_per" in options or options.get("stream_results")):
            return self._stream(statement, parameters, options)
        result: CursorResult[Any] = self._run(
            self._state.execute_plan(statement, parameters, options)
        )
        return result

    def _stream(
        self, statement: Any, parameters: Any, options: Mapping[str, Any]
    ) -> CursorResult[Any]:
        core: ConnectionCore = self._run(self._state.ready_plan())
        layout, cursor, convert = self._run(stream_plan(core, statement, parameters, options))
        chunk: int = options.get("yield_per") or options.get("max_row_buffer", DEFAULT_CHUNK)
        source = Source(
            streamed(lambda size: self._run(fetch_chunk_plan(core, cursor, size, convert)), chunk),
            on_close=lambda: self._run(close_cursor_plan(core, cursor)),
        )
        source.chunk = options.get("yield_per")
        return CursorResult(layout, source, ExecutionContext(core, None, None))

    @overload
    def scalar(
        self,
        statement: TypedReturnsRows[T, *tuple[Any, ...]],
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> T | None: ...
    @overload
    def scalar(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any: ...

    def scalar(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Execute a statement and return the first column of its first row, or None."""
        return self.execute(statement, parameters, execution_options=execution_options).scalar()

    @overload
    def scalars(
        self,
        statement: TypedReturnsRows[T, *tuple[Any, ...]],
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[T]: ...
    @overload
    def scalars(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]: ...

    def scalars(
        self,
        statement: Executable | LiteralString,
        parameters: ExecuteParams = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]:
        """Execute a statement and return a result of its first column."""
        return self.execute(statement, parameters, execution_options=execution_options).scalars()

    def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute SQL as the driver takes it: its paramstyle, nothing converted.

        :param parameters: a tuple or mapping; a list of them runs it once for each.
        """
        result: CursorResult[Any] = self._run(self._state.driver_sql_plan(statement, parameters))
        return result

    def execution_options(self, **options: Any) -> Connection:
        """Set execution options of this connection, and return it."""
        self._state.set_options(options)
        return self

    def get_execution_options(self) -> Mapping[str, Any]:
        """Return the execution options."""
        return self._state.options

    # -- the end

    def invalidate(self, exception: BaseException | None = None) -> None:
        """Close the driver's connection for good; the next use opens another one."""
        self._run(self._state.invalidate_plan())

    def close(self) -> None:
        """Roll back what is open and give the connection back to the pool."""
        self._run(self._state.close_plan())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _run_ddl(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        """Run the plan that ``make`` returns for the core, in a transaction."""
        core: ConnectionCore = self._run(self._state.ready_plan())
        result: T = self._run(make(core))
        return result


class Transaction:
    """A transaction. As a context manager it commits, or rolls back when the block raises."""

    __slots__ = ("_core", "connection")

    def __init__(self, connection: Connection, core: TransactionCore) -> None:
        self.connection = connection
        self._core = core

    @property
    def is_active(self) -> bool:
        """Whether it can be committed."""
        return self._core.is_active

    @property
    def is_valid(self) -> bool:
        """Whether it has not been ended, and its connection was not lost."""
        return self._core.is_valid and not self.connection.invalidated

    def commit(self) -> None:
        """Commit.

        :raises InvalidRequestError: when it was ended already.
        """
        self.connection._run(self.connection._state.commit_plan(self._core))

    def rollback(self) -> None:
        """Roll back; a transaction that was ended already is left alone."""
        self.connection._run(self.connection._state.rollback_plan(self._core))

    def close(self) -> None:
        """Roll back unless it was ended already."""
        self.rollback()

    def __enter__(self) -> Self:
        self.connection._state.enter(self._core)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        state = self.connection._state
        self.connection._run(state.leave_plan(self._core, kind is not None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Transaction) and other._core is self._core

    def __hash__(self) -> int:
        return hash(self._core)


class RootTransaction(Transaction):
    """The outermost transaction of a connection."""

    __slots__ = ()


class NestedTransaction(Transaction):
    """A savepoint."""

    __slots__ = ()


def merged_options(
    base: Mapping[str, Any], statement: Any, given: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Return the execution options in force: the call's over the statement's over ``base``."""
    own = getattr(statement, "_execution_options", None)
    if not own and not given:
        return base
    return {**base, **(own or {}), **(given or {})}


def connection_targets(target: Any) -> Dispatch:
    """Return the dispatch that a listener on a connection, or on the class, joins."""
    if isinstance(target, type):
        return ROOT
    state: ConnectionState = target._state
    core = state.opened()
    if core.owner is None or core.owner._state is not state:
        core.owner = target
    return state.own_dispatch()


register_target(Connection, connection_targets)
