"""``Connection`` and ``Transaction``: façades that hand plans to a loop."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, LiteralString, Self, TypeVar, TypeVarTuple, cast, overload

from ..deferred import deferred
from ..event import Dispatch, register_target
from ..io.loops import run_sync
from ..io.plan import Plan
from ..pool.proxy import PoolProxiedConnection
from .core import ConnectionCore
from .cursor import CursorResult
from .events import ROOT, EngineDispatch
from .result import ScalarResult
from .transaction import ConnectionState, TransactionCore
from .transactions import NestedTransaction as NestedTransaction
from .transactions import RootTransaction as RootTransaction
from .transactions import Transaction as Transaction
from .transactions import TwoPhaseTransaction as TwoPhaseTransaction
from .transactions import shown

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..sql.executable import Executable, TypedReturnsRows
    from . import streaming
    from .engine import Engine
else:
    streaming = deferred("ormolu.engine.streaming")

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Runner = Callable[[Plan[Any]], Any]
ExecuteParams = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


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
        state.borrowed = True
        if core.in_transaction:
            state.root = state.innermost = TransactionCore()
        return connection

    @classmethod
    def _beside(cls, engine: Engine, state: ConnectionState, runner: Runner) -> Connection:
        """Return another face of an asynchronous connection, with the state of that one."""
        connection = cls.__new__(cls)
        connection.engine = engine
        connection._run = runner
        connection._state = state
        state.owner = weakref.ref(connection)
        return connection

    # -- description

    @property
    def core(self) -> ConnectionCore:
        """The connection's core.

        :raises ResourceClosedError: after ``close``.
        """
        return self._state.core or self._connected()

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
        return self._connected().entry.info

    @property
    def dispatch(self) -> EngineDispatch:
        """The listeners to this connection's events."""
        return self._state.dispatch or self.engine.dispatch

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection: ``.driver_connection``, ``.cursor()``, …

        What is executed on it is in this connection's transaction, and begins one if there is none.
        """
        return PoolProxiedConnection(self._handed_out().entry, self._give_back)

    def _handed_out(self) -> ConnectionCore:
        core: ConnectionCore = self._run(self._state.raw_plan())
        return core

    def _connected(self) -> ConnectionCore:
        core: ConnectionCore = self._run(self._state.connected_plan())
        return core

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
        return cast(RootTransaction, shown(self, self._run(self._state.begin_plan())))

    def begin_nested(self) -> NestedTransaction:
        """Set a savepoint; begins a transaction if there is none."""
        return cast(NestedTransaction, shown(self, self._run(self._state.begin_nested_plan())))

    def begin_twophase(self, xid: Any = None) -> TwoPhaseTransaction:
        """Begin a two-phase transaction.

        :param xid: its identifier, by default a random one.
        :raises NotImplementedError: when the database has no such transactions.
        """
        core = self._run(self._state.begin_twophase_plan(xid))
        return cast(TwoPhaseTransaction, shown(self, core))

    def recover_twophase(self) -> list[Any]:
        """Return the identifiers of the transactions that are prepared and not ended."""
        found: list[Any] = self._run(self._state.recover_twophase_plan())
        return found

    def commit_prepared(self, xid: Any, recover: bool = False) -> None:
        """Commit a transaction that was prepared, perhaps by another connection."""
        self._run(self._state.end_prepared_plan(xid, commit=True))

    def rollback_prepared(self, xid: Any, recover: bool = False) -> None:
        """Roll a transaction back that was prepared, perhaps by another connection."""
        self._run(self._state.end_prepared_plan(xid, commit=False))

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
        return None if root is None else cast(RootTransaction, shown(self, root))

    def get_nested_transaction(self) -> NestedTransaction | None:
        """Return the innermost savepoint, or None."""
        innermost = self._state.innermost
        if innermost is None or innermost.name is None:
            return None
        return cast(NestedTransaction, shown(self, innermost))

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
        options: Mapping[str, Any] = self._state.options
        if execution_options or getattr(statement, "_execution_options", None):
            options = merged_options(options, statement, execution_options)
        if options and streaming.wants_stream(options):
            return self._stream(statement, parameters, options)
        result: CursorResult[Any] = self._run(
            self._state.execute_plan(statement, parameters, options)
        )
        return result

    def _stream(
        self, statement: Any, parameters: Any, options: Mapping[str, Any]
    ) -> CursorResult[*tuple[Any, ...]]:
        found: streaming.Streamed | CursorResult[*tuple[Any, ...]] = self._run(
            self._state.stream_plan(statement, parameters, options)
        )
        if isinstance(found, streaming.Streamed):
            return streaming.streamed_result(found, self._run)
        return found

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
        options = merged_options(self._state.options, statement, execution_options)
        result: CursorResult[Any] = self._run(
            self._state.driver_sql_plan(statement, parameters, options)
        )
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
        self._run(self._state.invalidate_plan(exception))

    def detach(self) -> None:
        """Take the driver's connection out of the pool: ``close`` will close it for good."""
        self._state.detach()

    def schema_for_object(self, obj: Any) -> str | None:
        """Return the schema of a table or sequence, by the ``schema_translate_map`` in force."""
        return schema_in_force(self._state.options, obj)

    def close(self) -> None:
        """Roll back what is open and give the connection back to the pool.

        A session's connection stays the session's: only this object is closed.
        """
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


def merged_options(
    base: Mapping[str, Any], statement: Any, given: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Return the execution options in force: the call's over ``base`` over the statement's.

    :param base: those of the connection, which has the engine's.
    """
    own = getattr(statement, "_execution_options", None)
    if not own and not given:
        return base
    return {**(own or {}), **base, **(given or {})}


def schema_in_force(options: Mapping[str, Any], obj: Any) -> str | None:
    """Return the schema of a table or sequence, by the ``schema_translate_map`` of ``options``."""
    schema: str | None = obj.schema
    found: str | None = (options.get("schema_translate_map") or {}).get(schema, schema)
    return found


def connection_targets(target: Any) -> Dispatch:
    """Return the dispatch that a listener on a connection, or on the class, joins."""
    if isinstance(target, type):
        return ROOT
    state: ConnectionState = target._state
    core = state.opened()
    owner = None if core.owner is None else core.owner()
    if owner is None or owner._state is not state:
        core.keep(target)
    return state.own_dispatch()


register_target(Connection, connection_targets)
