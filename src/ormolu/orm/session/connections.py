"""How connections join a session's transaction, and how they leave it.

A connection joins when the first statement needs it, so that an empty transaction or savepoint
costs no SQL: the root checks it out and begins, each savepoint level inside sets its savepoint.

A session may be bound to a `Connection` instead of an engine. If that connection is in a
transaction already, ``join_transaction_mode`` says who ends it:

    conditional_savepoint   rollback_only, but create_savepoint inside a savepoint
    rollback_only           the session's rollback reaches the outer transaction, its commit doesn't
    control_fully           both do
    create_savepoint        neither does: the session works in a savepoint of its own
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.engine.core import ConnectionCore, EngineCore
from ormolu.engine.plans import (
    acquire,
    acquire_plan,
    begin,
    begin_plan,
    commit_plan,
    invalidate_plan,
    release,
    release_plan,
    release_savepoint_plan,
    rollback_plan,
    rollback_to_plan,
    savepoint_plan,
)
from ormolu.engine.transaction import ConnectionState
from ormolu.engine.transaction import TransactionCore as ConnectionTransaction
from ormolu.io.plan import Plan

from .contention import AsyncOwner
from .transaction import ACTIVE, Enlisted, TransactionCore

if TYPE_CHECKING:
    from ormolu.engine import twophase

    from .core import SessionBase
else:
    twophase = deferred("ormolu.engine.twophase")

_C = TypeVar("_C")


def connection_now(session: SessionBase) -> ConnectionCore | None:
    """The connection, begun, if that needs no I/O; None: run `connection_plan`.

    That is the first statement of most transactions: one engine, an idle connection in its pool,
    and a driver that sends the BEGIN with the statement.
    """
    core = session._core
    if core is not None:
        return core
    transaction = session._transaction
    if transaction is None or transaction.state is not ACTIVE or session._context is not None:
        transaction = session._begun()
    bind = session.bind
    target = getattr(bind, "core", None)
    if (
        type(target) is not EngineCore
        or transaction.parent is not None
        or transaction.connections
        or session.binds
        or session._routes
        or session.dispatch.active
        or session.twophase
    ):
        return None
    if target.dialect.is_async is not (type(session._owner) is AsyncOwner):
        return None
    core = acquire(target)
    if core is None:
        return None
    if not begin(core):
        release(core)
        return None
    transaction.connections[id(bind)] = Enlisted(core, bind)
    session._core = core
    return core


def connection_plan(
    session: SessionBase, mapper: Any = None, clause: Any = None, bind: Any = None
) -> Plan[ConnectionCore]:
    """The connection for a mapper or statement, in the session's transaction.

    :raises UnboundExecutionError: when the session has no bind for it.
    """
    core = session._core
    if core is not None and bind is None:
        return core
    transaction = session._begun()
    if session._single:
        if bind is None:
            bind = session.bind
            if bind is None:
                bind = session.get_bind(mapper, clause=clause)
        entry = yield from enlist_plan(session, transaction, bind)
        if bind is session.bind and session._transaction is transaction:
            session._core = entry.core
        return entry.core
    bind = session.get_bind(mapper, clause=clause, bind=bind)
    return (yield from enlist_plan(session, transaction, bind)).core


def enlist_plan(
    session: SessionBase,
    transaction: TransactionCore,
    bind: Any,
    options: Mapping[str, Any] | None = None,
) -> Plan[Enlisted]:
    """Have the bind's connection take part in this level and in those around it.

    :param options: execution options, with which the connection begins. One that takes part
        already has begun: they are ignored, with a warning.
    """
    key = id(bind)
    found = transaction.connections.get(key)
    if found is not None:
        if options:
            warnings.warn(
                "This session's transaction is on its connection already; the execution options "
                f"{', '.join(map(repr, options))} are ignored: give them to the first call of "
                "connection() in the transaction",
                exc.SAWarning,
                stacklevel=2,
            )
        return found
    if transaction.parent is None:
        target = getattr(bind, "core", None)
        if target is None or target.dialect.is_async is not (type(session._owner) is AsyncOwner):
            raise _wrong_bind(session, bind)
        if isinstance(target, EngineCore):
            core = acquire(target)
            if core is None:
                core = yield from acquire_plan(target)
            entry = yield from _begin_on_plan(session, core, bind, options)
        else:
            if options:
                bind._state.set_options(dict(options))
            entry = yield from _join_connection_plan(session, bind, target)
    else:
        outer = yield from enlist_plan(session, transaction.parent, bind, options)
        name = yield from savepoint_plan(outer.core)
        entry = Enlisted(outer.core, bind, owned=False, savepoint=name)
    transaction.connections[key] = entry
    if session.dispatch.active:
        connection = session._public_connection(entry)
        yield from session._hook_plan("after_begin", session, transaction, connection)
    return entry


def _begin_on_plan(
    session: SessionBase, core: ConnectionCore, bind: Any, options: Mapping[str, Any] | None
) -> Plan[Enlisted]:
    """Begin on a connection that the session took from an engine; given back if that fails."""
    xid = core.dialect.create_xid() if session.twophase else None
    try:
        if options:
            core.use_options({**core.execution_options, **options})
        if xid is not None:
            yield from twophase.begin_plan(core, xid)
        elif not begin(core):
            yield from begin_plan(core)
    except BaseException:
        yield from release_plan(core)
        raise
    return Enlisted(core, bind, xid=xid)


def _wrong_bind(session: SessionBase, bind: Any) -> exc.ArgumentError:
    """The error for a bind that is neither engine nor connection, or of the other world."""
    if type(session._owner) is AsyncOwner:
        wanted, write = "AsyncEngine or AsyncConnection", "create_async_engine(...), or use Session"
    else:
        wanted, write = "Engine or Connection", "create_engine(...), or use AsyncSession"
    return exc.ArgumentError(
        f"{wanted} expected as the bind of this session, got {bind!r}; make it with {write}"
    )


def _join_connection_plan(session: SessionBase, bind: Any, core: ConnectionCore) -> Plan[Enlisted]:
    """Take part in a `Connection`, in its transaction if one is open."""
    state: ConnectionState = bind._state
    root = state.root
    if root is None:
        outer = yield from state.begin_plan()
        # Not ``core``, when that was lost: the transaction is on another connection then.
        return Enlisted(state.opened(), bind, owned=False, outer=outer)
    mode: str = session.join_transaction_mode
    if mode == "conditional_savepoint":
        mode = "create_savepoint" if bind.in_nested_transaction() else "rollback_only"
    if mode == "create_savepoint":
        outer = yield from state.begin_nested_plan()
        return Enlisted(core, bind, owned=False, outer=outer)
    return Enlisted(core, bind, owned=False, outer=root, commits=mode == "control_fully")


def commit_connections_plan(transaction: TransactionCore) -> Plan[None]:
    """Commit, or release the savepoint, on each connection of the level."""
    if len(transaction.connections) == 1:
        (entry,) = transaction.connections.values()
        if entry.savepoint is None and entry.outer is None and entry.xid is None:
            return commit_plan(entry.core)
    return _commit_each_plan(transaction)


def prepare_connections_plan(transaction: TransactionCore) -> Plan[None]:
    """Prepare the two-phase transactions: each database promises that it can commit."""
    for entry in transaction.connections.values():
        if entry.xid is not None and not entry.prepared:
            yield from twophase.prepare_plan(entry.core, entry.xid)
            entry.prepared = True


def _commit_each_plan(transaction: TransactionCore) -> Plan[None]:
    yield from prepare_connections_plan(transaction)
    for entry in transaction.connections.values():
        if entry.savepoint is not None:
            yield from release_savepoint_plan(entry.core, entry.savepoint)
        elif entry.xid is not None:
            yield from twophase.commit_plan(entry.core, entry.xid, entry.prepared)
            twophase.ended(entry.core)
        elif entry.outer is None:
            yield from commit_plan(entry.core)
        elif entry.commits:
            yield from entry.bind._state.commit_plan(entry.outer)


def rollback_connections_plan(transaction: TransactionCore) -> Plan[None]:
    """Roll back, to the savepoint if there is one, on each connection of the level.

    Every connection is tried; the first failure is raised at the end.
    """
    failure: BaseException | None = None
    for entry in transaction.connections.values():
        core = entry.core
        if core.invalidated or not core.in_transaction:
            core.in_transaction = False
            continue
        try:
            if entry.savepoint is not None:
                if not core.lost:
                    yield from rollback_to_plan(core, entry.savepoint)
            elif entry.xid is not None:
                yield from twophase.rollback_plan(core, entry.xid, entry.prepared)
                twophase.ended(core)
            elif entry.outer is None:
                yield from rollback_plan(core)
            else:
                yield from entry.bind._state.rollback_plan(entry.outer)
        except BaseException as error:
            failure = failure or error
    if failure is not None:
        raise failure


def release_connections_plan(transaction: TransactionCore) -> Plan[None]:
    """Give back the connections that the root took from engines."""
    entries = list(transaction.connections.values())
    transaction.connections = {}
    failure: BaseException | None = None
    for entry in entries:
        if entry.owned and not release(entry.core):
            try:
                yield from release_plan(entry.core)
            except BaseException as error:
                failure = failure or error
    if failure is not None:
        raise failure


def invalidate_connections_plan(transaction: TransactionCore) -> Plan[None]:
    """Close the driver connections of the root for good."""
    entries = list(transaction.connections.values())
    transaction.connections = {}
    for entry in entries:
        if entry.outer is None:
            try:
                yield from invalidate_plan(entry.core)
            finally:
                yield from release_plan(entry.core)
        else:
            yield from entry.bind._state.invalidate_plan()


def public(facade: type[_C], entry: Enlisted) -> _C:
    """The `Connection` (or `AsyncConnection`) that users see for an enlisted one.

    It is the one that the session is bound to, or made over the core taken from an engine.
    """
    bind: Any = entry.bind
    if not isinstance(bind.core, EngineCore):
        return bind  # type: ignore[no-any-return]
    connection = facade.__new__(facade)
    state = ConnectionState(entry.core.engine)
    state.core = entry.core
    state.options = entry.core.execution_options
    state.borrowed = True
    state.root = state.innermost = ConnectionTransaction()
    connection.engine = bind  # type: ignore[attr-defined]
    connection._state = state  # type: ignore[attr-defined]
    return connection
