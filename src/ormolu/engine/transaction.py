"""The transactions of a connection: what may be done in which state.

A connection has at most one root transaction and, inside it, a stack of savepoints. Each is a
:class:`TransactionCore`:

===========  ==========  ============  ===========
state        commit      rollback      close
===========  ==========  ============  ===========
active       committed   rolled back   rolled back
committed    error       nothing       nothing
rolled back  error       nothing       nothing
===========  ==========  ============  ===========

Ending a transaction ends those inside it. A connection without a root begins one by itself at the
first statement ("autobegin"). A commit that fails rolls back, so that the connection is usable.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..deferred import deferred
from ..exc import InvalidRequestError, PendingRollbackError, ResourceClosedError
from ..io.plan import Plan
from ..sql.immutable import immutabledict
from . import plans
from .core import ConnectionCore, EngineCore
from .cursor import CursorResult
from .events import EngineDispatch
from .execution import (
    announced_plan,
    announces,
    driver_sql_plan,
    execute_plan,
    executing_plan,
)
from .observed import hook_plan

if TYPE_CHECKING:
    from . import streaming, twophase
else:
    twophase = deferred("ormolu.engine.twophase")
    streaming = deferred("ormolu.engine.streaming")

ACTIVE = "active"
COMMITTED = "committed"
ROLLED_BACK = "rolled back"

_ALREADY_BEGUN = (
    "This connection has already begun a transaction, via begin() or at its first statement "
    "(autobegin); can't call begin() here unless rollback() or commit() is called first."
)


_LOST = (
    "Can't reconnect until the invalid transaction is rolled back: the connection was lost inside "
    "it. Call rollback(), then run the transaction again."
)


class TransactionCore:
    """A root transaction, perhaps of two phases (``xid`` is set), or a savepoint (``name`` is).

    ``managed`` is true inside its ``with`` block: ending it there bars the connection until the
    block is left.
    """

    __slots__ = ("_shown", "managed", "name", "parent", "prepared", "state", "xid")

    def __init__(
        self,
        parent: TransactionCore | None = None,
        name: str | None = None,
        xid: str | None = None,
    ) -> None:
        self.parent = parent
        self.name = name
        self.xid = xid
        self.prepared = False
        self.state = ACTIVE
        self.managed = False
        self._shown: weakref.ref[Any] | None = None

    def shown(self) -> Any:
        """Return what its user holds as the transaction, None when nothing is held."""
        return None if self._shown is None else self._shown()

    def show(self, transaction: Any) -> None:
        """Remember what its user holds as the transaction, weakly."""
        self._shown = weakref.ref(transaction)

    @property
    def is_active(self) -> bool:
        """Whether it can be committed."""
        return self.state == ACTIVE

    @property
    def is_valid(self) -> bool:
        """Whether it has not been ended."""
        return self.state == ACTIVE


class ConnectionState:
    """A connection's core and its transactions; every method that ends in ``_plan`` does I/O.

    :param engine: what to check out of.
    """

    __slots__ = (
        "_managed",
        "borrowed",
        "core",
        "dispatch",
        "engine",
        "innermost",
        "options",
        "owner",
        "reconnects",
        "root",
        "was_closed",
    )

    def __init__(self, engine: EngineCore) -> None:
        self.engine = engine
        self.core: ConnectionCore | None = None
        self.root: TransactionCore | None = None
        self.innermost: TransactionCore | None = None
        self.options: Mapping[str, Any] = engine.execution_options
        self.was_closed = False
        # Whether somebody else (a session) has checked the connection out and will give it back.
        self.borrowed = False
        # Whether the connection was lost and given back; the next use checks another one out.
        self.reconnects = False
        # The connection's own listeners, and the connection itself as listeners receive it.
        self.dispatch: EngineDispatch | None = None
        self.owner: weakref.ref[Any] | None = None
        self._managed: list[TransactionCore] = []

    def open_plan(self) -> Plan[None]:
        """Check a connection out."""
        core = plans.acquire(self.engine) or (yield from plans.acquire_plan(self.engine))
        self.core = core
        self.reconnects = False
        core.owner = self.owner
        try:
            if core.observed or self.dispatch is not None:
                core.refresh_observed()
                yield from hook_plan(core, "engine_connect")
            if self.options is not self.engine.execution_options:
                self._apply_options()
        except BaseException:
            self.core = None
            yield from plans.release_plan(core)
            raise

    def opened(self) -> ConnectionCore:
        """Return the core of the open connection.

        :raises ResourceClosedError: after ``close``.
        :raises InvalidRequestError: after ``invalidate``, until the next statement.
        """
        core = self.core
        if core is None:
            if self.reconnects:
                raise InvalidRequestError(
                    "This connection was invalidated; its next statement opens another one"
                )
            raise ResourceClosedError(
                "This Connection is closed; get a new one from engine.connect()"
            )
        return core

    def _check_not_closed(self) -> None:
        if not self.reconnects:
            self.opened()

    @property
    def invalidated(self) -> bool:
        """Whether the driver's connection was lost."""
        return self.reconnects if self.core is None else self.core.invalidated

    def ready_plan(self) -> Plan[ConnectionCore]:
        """Return the core inside a transaction, beginning one (and reconnecting) if need be."""
        core = self.core
        if core is None or core.invalidated:
            core = yield from self.connected_plan()
        if not core.in_transaction:
            yield from self._begin_root_plan(core)
        return core

    def connected_plan(self) -> Plan[ConnectionCore]:
        """Return the core, on a new connection when the old one was lost or invalidated.

        :raises PendingRollbackError: when that was inside a transaction.
        """
        if self.core is not None and not self.core.invalidated:
            return self.core
        if self.root is not None:
            raise PendingRollbackError(_LOST)
        yield from self._give_lost_back_plan()
        if self.reconnects:
            yield from self.open_plan()
        return self.opened()

    def raw_plan(self) -> Plan[ConnectionCore]:
        """Return the core, with the driver's connection ready for a user of it."""
        core = yield from self.connected_plan()
        return (yield from plans.hand_out_plan(core))

    def _give_lost_back_plan(self) -> Plan[None]:
        lost, self.core = self.core, None
        if lost is not None:
            self.reconnects = True
            yield from plans.release_plan(lost)

    # -- transactions

    def _begin_root_plan(self, core: ConnectionCore) -> Plan[TransactionCore]:
        for managed in self._managed:
            if not managed.is_active:
                raise InvalidRequestError(
                    "Can't operate on closed transaction inside context manager. "
                    "Please complete the context manager before emitting further commands."
                )
        yield from plans.begin_plan(core)
        self.root = self.innermost = TransactionCore()
        return self.root

    def begin_plan(self) -> Plan[TransactionCore]:
        """Begin a root transaction.

        :raises InvalidRequestError: when there is one.
        """
        if self.root is not None:
            raise InvalidRequestError(_ALREADY_BEGUN)
        core = yield from self.connected_plan()
        transaction = yield from self._begin_root_plan(core)
        return transaction

    def begin_twophase_plan(self, xid: str | None) -> Plan[TransactionCore]:
        """Begin a two-phase transaction.

        :raises InvalidRequestError: when there is a transaction.
        :raises NotImplementedError: when the database has no such transactions.
        """
        if self.root is not None:
            raise InvalidRequestError(_ALREADY_BEGUN)
        core = yield from self.connected_plan()
        xid = core.dialect.create_xid() if xid is None else xid
        yield from twophase.begin_plan(core, xid)
        self.root = self.innermost = TransactionCore(xid=xid)
        return self.root

    def prepare_plan(self, transaction: TransactionCore) -> Plan[None]:
        """Prepare a two-phase transaction.

        :raises InvalidRequestError: when it was ended already.
        """
        if not transaction.is_active:
            raise InvalidRequestError(
                f"This transaction is inactive: it is {transaction.state} already"
            )
        yield from twophase.prepare_plan(self.opened(), str(transaction.xid))
        transaction.prepared = True

    def recover_twophase_plan(self) -> Plan[list[Any]]:
        """List the prepared transactions."""
        core = yield from self.connected_plan()
        return (yield from twophase.recover_plan(core))

    def end_prepared_plan(self, xid: Any, commit: bool) -> Plan[None]:
        """End a transaction that was prepared, perhaps by another connection."""
        plan = twophase.commit_plan if commit else twophase.rollback_plan
        core = yield from self.connected_plan()
        yield from plan(core, xid, True)

    def begin_nested_plan(self) -> Plan[TransactionCore]:
        """Set a savepoint, in a root transaction that is begun if there is none."""
        core = yield from self.ready_plan()
        name = yield from plans.savepoint_plan(core)
        self.innermost = TransactionCore(self.innermost, name)
        return self.innermost

    def commit_plan(self, transaction: TransactionCore) -> Plan[None]:
        """Commit a transaction, or release a savepoint.

        :raises InvalidRequestError: when it was ended already.
        """
        if not transaction.is_active:
            kind = "nested transaction" if transaction.name else "transaction"
            raise InvalidRequestError(
                f"This {kind} is inactive: it is {transaction.state} already; begin a new one"
            )
        if self.reconnects:
            raise PendingRollbackError(_LOST)
        core = self.opened()
        try:
            if transaction.name:
                yield from plans.release_savepoint_plan(core, transaction.name)
            elif transaction.xid is not None:
                yield from twophase.commit_plan(core, transaction.xid, transaction.prepared)
                twophase.ended(core)
            else:
                yield from plans.commit_plan(core)
        except BaseException:
            yield from self.rollback_plan(transaction)
            raise
        self._ended(transaction, COMMITTED)
        if self.borrowed:
            yield from self._go_on_plan(core)

    def rollback_plan(self, transaction: TransactionCore) -> Plan[None]:
        """Roll a transaction back; one that was ended already is left alone."""
        if not transaction.is_active:
            return
        if self.reconnects:
            self._ended(transaction, ROLLED_BACK)
            return
        core = self.opened()
        self._ended(transaction, ROLLED_BACK)
        if core.invalidated or (core.lost and transaction.name):
            if not transaction.name:
                core.in_transaction = False
            return
        if transaction.name:
            yield from plans.rollback_to_plan(core, transaction.name)
        elif transaction.xid is not None:
            yield from twophase.rollback_plan(core, transaction.xid, transaction.prepared)
            twophase.ended(core)
        else:
            yield from plans.rollback_plan(core)
            yield from self._go_on_plan(core)

    def _go_on_plan(self, core: ConnectionCore) -> Plan[None]:
        """Begin anew for the session whose transaction was ended under it."""
        if self.borrowed and self.root is None:
            yield from plans.begin_plan(core)
            self.root = self.innermost = TransactionCore()

    def _ended(self, transaction: TransactionCore, state: str) -> None:
        inner = self.innermost
        while inner is not None and inner is not transaction:
            inner.state = state
            inner = inner.parent
        transaction.state = state
        self.innermost = transaction.parent
        if transaction is self.root:
            self.root = None

    def enter(self, transaction: TransactionCore) -> None:
        """Note that the transaction's ``with`` block begins."""
        self._managed.append(transaction)

    def leave_plan(self, transaction: TransactionCore, failed: bool) -> Plan[None]:
        """End the transaction's ``with`` block: commit, or roll back when it ``failed``."""
        self._managed.remove(transaction)
        if not transaction.is_active:
            return
        if failed:
            yield from self.rollback_plan(transaction)
        else:
            yield from self.commit_plan(transaction)

    def commit_root_plan(self) -> Plan[None]:
        """Commit the root transaction, if there is one."""
        self._check_not_closed()
        if self.root is not None:
            yield from self.commit_plan(self.root)

    def rollback_root_plan(self) -> Plan[None]:
        """Roll the root transaction back, if there is one."""
        if self.root is not None:
            yield from self.rollback_plan(self.root)

    # -- the connection

    def close_plan(self) -> Plan[None]:
        """Roll back what is open and give the connection back, unless a session will."""
        core, self.core = self.core, None
        self.was_closed = True
        self.reconnects = False
        root = self.root
        if root is not None:
            self._ended(root, ROLLED_BACK)
        if core is None or self.borrowed:
            return
        if root is not None and root.xid is not None and not core.invalidated:
            yield from self._close_twophase_plan(core, root)
        if not plans.release(core):
            yield from plans.release_plan(core)

    def _close_twophase_plan(self, core: ConnectionCore, root: TransactionCore) -> Plan[None]:
        try:
            yield from twophase.rollback_plan(core, str(root.xid), root.prepared)
        except BaseException:
            # A connection that can't roll back is not fit for another user.
            core.invalidated = True
            yield from plans.release_plan(core)
            raise
        twophase.ended(core)

    def invalidate_plan(self, exception: BaseException | None = None) -> Plan[None]:
        """Close the driver's connection; the next use opens another one."""
        if self.reconnects:
            return
        core = self.opened()
        try:
            if not core.invalidated:
                yield from plans.invalidate_plan(core, exception)
        finally:
            if not self.borrowed:
                yield from self._give_lost_back_plan()

    def detach(self) -> None:
        """Take the driver's connection out of the pool, which may open another in its place."""
        core = self.opened()
        if core.invalidated:
            raise InvalidRequestError("Can't detach: the connection was lost, or invalidated")
        plans.detach(core)

    def own_dispatch(self) -> EngineDispatch:
        """Return the dispatch of this connection alone, made now below its engine's."""
        if self.dispatch is None:
            self.dispatch = EngineDispatch(self.engine.own_dispatch())
        return self.dispatch

    def set_options(self, options: dict[str, Any]) -> None:
        """Set execution options of this connection.

        :raises InvalidRequestError: for an isolation level, or another mode of transactions, inside
            a transaction.
        """
        modes = ("isolation_level", *self.engine.dialect.transaction_options)
        given = [name for name in modes if name in options]
        if given and self.root is not None:
            raise InvalidRequestError(
                "This connection has already begun a transaction, via begin() or autobegin; "
                f"{', '.join(given)} may not be altered unless rollback() or commit() is called "
                "first."
            )
        core = self.core
        if core is not None and core.observed:
            for handler in core.dispatch.handlers("set_connection_execution_options"):
                handler(core.facade(), options)
        self.options = immutabledict({**self.options, **options})
        if core is not None:
            self._apply_options()

    def _apply_options(self) -> None:
        self.opened().use_options(self.options)

    def get_isolation_level(self) -> str | None:
        """Return the isolation level in force."""
        self._check_not_closed()
        if self.core is not None:
            return self.core.isolation_level or self.core.dialect.default_isolation_level
        level: str | None = self.options.get("isolation_level", self.engine.isolation_level)
        return level or self.engine.dialect.default_isolation_level

    def execute_plan(
        self, statement: Any, params: Any, options: Mapping[str, Any] | None
    ) -> Plan[CursorResult[Any]]:
        """Execute a statement in a transaction. Choosing how is no plan: this is a hot path."""
        core = self.core
        if core is not None and core.in_transaction and not core.invalidated:
            return execute_plan(core, statement, params, options)
        return self._begin_and_execute_plan(statement, params, options)

    def _begin_and_execute_plan(
        self, statement: Any, params: Any, options: Mapping[str, Any] | None
    ) -> Plan[CursorResult[Any]]:
        core = self.core
        if core is not None and core.observed and announces(core):
            # Who hears of the statement first hears of it before the transaction begins.
            run = self._begun_plan
            return (yield from executing_plan(core, statement, params, options, run))
        core = yield from self.ready_plan()
        return (yield from execute_plan(core, statement, params, options))

    def _begun_plan(
        self, core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any] | None
    ) -> Plan[CursorResult[Any]]:
        core = yield from self.ready_plan()
        return (yield from announced_plan(core, statement, params, options))

    def driver_sql_plan(
        self, sql: str, params: Any, options: Mapping[str, Any] | None = None
    ) -> Plan[CursorResult[Any]]:
        """Execute SQL in the driver's own words, in a transaction."""
        core = yield from self.ready_plan()
        return (yield from driver_sql_plan(core, sql, params, options))

    def stream_plan(
        self, statement: Any, params: Any, options: Mapping[str, Any]
    ) -> Plan[streaming.Streamed | CursorResult[Any]]:
        """Execute a statement in a transaction and leave its rows with the driver."""
        core = yield from self.ready_plan()
        return (yield from streaming.stream_plan(core, statement, params, options))
