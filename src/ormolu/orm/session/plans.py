"""The plans that begin and end a session's transaction, and flush it.

`Session` and `AsyncSession` only hand these to a loop. Each level of the transaction ends through
`_end_level_plan`, whatever happened before, so that no connection is ever kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.engine.plans import release
from ormolu.io.plan import Plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.flush import single
from ormolu.orm.flush.run import flush_plan

from .connections import (
    commit_connections_plan,
    invalidate_connections_plan,
    prepare_connections_plan,
    release_connections_plan,
    rollback_connections_plan,
)
from .transaction import (
    ACTIVE,
    CLOSED,
    FAILED,
    PREPARED,
    SessionTransactionOrigin,
    Step,
    TransactionCore,
)

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore
    from ormolu.orm.flush.statements import SingleForm

    from .core import SessionBase

_FLUSHES_BEFORE_COMMIT = 100


# -- flush -----------------------------------------------------------------------------------


def flush_session_plan(session: SessionBase, objects: Iterable[object] | None = None) -> Plan[None]:
    """Write what is pending. On failure the level is rolled back and waits for ``rollback()``.

    :raises InvalidRequestError: when a flush is running already.
    """
    if session._flushing:
        raise exc.InvalidRequestError(
            "Session is already flushing. A handler or a default called flush(); changes made "
            "there are written by the flush that is running, or by the next one"
        )
    if session._new or session._modified or session._deleted:
        yield from _chosen_flush_plan(session, objects)


def _chosen_flush_plan(session: SessionBase, objects: Iterable[object] | None = None) -> Plan[None]:
    """The flush that what is pending needs. Choosing is no plan itself: only plans call it."""
    transaction = session._transaction
    if transaction is None or transaction.state is not ACTIVE or session._context is not None:
        transaction = session._begun()
    if (
        len(session._new) == 1
        and objects is None
        and not (session._modified or session._deleted or session.dispatch.active)
    ):
        found = single.single_insert(session)
        if type(found) is tuple:
            return _single_plan(session, transaction, *found)
        if found is not None:
            return _connected_flush_plan(session, transaction)
    return _guarded_plan(session, transaction, flush_plan(session, objects))


def _connected_flush_plan(session: SessionBase, transaction: TransactionCore) -> Plan[None]:
    """The flush of one new object, after the connection was waited for."""
    obj: Any = next(iter(session._new.values()))
    connecting = session._connection_plan(type(obj).__mapper__)
    yield from _guarded_plan(session, transaction, connecting)
    if session._core is None:  # with several binds the session has no connection of its own
        yield from _guarded_plan(session, transaction, flush_plan(session))
    else:
        yield from _chosen_flush_plan(session)


def _single_plan(
    session: SessionBase,
    transaction: TransactionCore,
    core: ConnectionCore,
    form: SingleForm,
    obj: object,
    row: Any,
) -> Plan[None]:
    """`_guarded_plan` with the flush of one new object, in one frame."""
    session._flushing = True
    try:
        reply = yield single.request_of(core, form, row)
        key = single.returned_key(reply) if form.returns else reply.lastrowid
    except BaseException as error:
        session._flushing = False
        refused = single.refused(core, form, obj, row, error)
        yield from _fail_plan(session, transaction, refused, [obj])
        if refused is error:
            raise
        raise refused from error
    single.accept(session, form, obj, key)
    session._flushing = False


def _guarded_plan(
    session: SessionBase, transaction: TransactionCore, flush: Plan[Any]
) -> Plan[None]:
    waiting = list(session._new.values())
    session._flushing = True
    try:
        yield from flush
    except BaseException as error:
        session._flushing = False
        yield from _fail_plan(session, transaction, error, waiting)
        raise
    finally:
        session._flushing = False


def bulk_write_plan(session: SessionBase, writes: Plan[None]) -> Plan[None]:
    """Write rows that are no objects of the session; a failure is that of a flush."""
    if session._flushing:  # its failure is the flush's
        yield from writes
        return
    transaction = session._begun()
    waiting = list(session._new.values())
    try:
        yield from writes
    except BaseException as error:
        yield from _fail_plan(session, transaction, error, waiting)
        raise


def autoflush_plan(session: SessionBase) -> Plan[None]:
    """Flush before a query, when autoflush is on; an error says that it was autoflush."""
    if not session.autoflush or session._flushing or not session._needs_flush:
        return
    try:
        yield from flush_session_plan(session)
    except exc.StatementError as error:
        error.add_detail(
            "raised as a result of Query-invoked autoflush; consider using a session.no_autoflush "
            "block if this flush is occurring prematurely"
        )
        raise


def _fail_plan(
    session: SessionBase, failed: TransactionCore, error: BaseException, waiting: list[object]
) -> Plan[None]:
    """A flush or a commit failed: make database and objects agree, and keep what to retry."""
    for level in list(session._levels()):
        if level is failed:
            break
        yield from _end_level_plan(session, level, Step.ROLLBACK)
    try:
        yield from rollback_connections_plan(failed)
    except exc.DBAPIError as second:
        error.add_note(f"The rollback after this error failed too: {second}")
    failed.error = error
    failed.retry = waiting
    failed.move(Step.FAIL)
    failed.restore()
    session._core = None
    if session.dispatch.active:
        yield from session._hook_plan("after_rollback", session)
        yield from session._hook_plan("after_soft_rollback", session, failed)


# -- begin -----------------------------------------------------------------------------------


def begin_plan(session: SessionBase, nested: bool = False) -> Plan[TransactionCore]:
    """Begin the transaction, or a savepoint inside it.

    :raises InvalidRequestError: when one has begun already and ``nested`` is false.
    """
    if nested:
        session._begin_allowed()
        yield from flush_session_plan(session)
        return session._begin_level(SessionTransactionOrigin.BEGIN_NESTED)
    current = session._transaction
    if current is not None:
        raise exc.InvalidRequestError(
            "A transaction is already begun on this Session. The first statement or add() begins "
            "one by itself; call begin() before it, or begin_nested() for a savepoint"
        )
    session._check_context()
    return session._begin_level(SessionTransactionOrigin.BEGIN)


# -- commit ----------------------------------------------------------------------------------


def commit_plan(session: SessionBase) -> Plan[None]:
    """Flush, commit everything down to the root, and expire the objects."""
    level = session._transaction
    if level is None:
        level = session._begun()
    if level.parent is None:
        return _commit_one_plan(session, level)
    root = session._root
    assert root is not None
    return commit_level_plan(root)


def commit_level_plan(upto: TransactionCore) -> Plan[None]:
    """Commit a level, and the levels inside it first."""
    upto.check(Step.COMMIT)
    session = upto.session
    assert session is not None
    while True:
        level = session._transaction
        assert level is not None
        yield from _commit_one_plan(session, level)
        if level is upto:
            return


def _commit_one_plan(session: SessionBase, level: TransactionCore) -> Plan[None]:
    if level.state is not ACTIVE:
        level.check(Step.COMMIT)
    listened = session.dispatch.active
    if level.state is not PREPARED:
        if listened:
            yield from _before_commit_plan(session, level)
        elif session._new or session._modified or session._deleted:
            if session._flushing:
                yield from flush_session_plan(session)  # refuses
            yield from _chosen_flush_plan(session)
            # The handler of a mapper's event changed something.
            if session._new or session._modified or session._deleted:
                yield from _before_commit_plan(session, level)
    if level.connections:
        try:
            yield from commit_connections_plan(level)
        except BaseException as error:
            yield from _fail_plan(session, level, error, _refused(level, error))
            raise
    level.state = CLOSED
    level.accept()
    if listened:
        yield from session._hook_plan("after_commit", session)
    if listened or not _leave_at_once(session, level):
        yield from _leave_plan(session, level)


def _refused(level: TransactionCore, error: BaseException) -> list[object]:
    """What a failed commit did not write, to be retried; nothing when it may have been written."""
    if isinstance(error, exc.CommitUnknown) or not isinstance(error, Exception):
        return []
    return [obj for ref in level.inserted or () if (obj := ref()) is not None]


def _leave_at_once(session: SessionBase, level: TransactionCore) -> bool:
    """End a root whose connections need no I/O to be given back; False: run `_leave_plan`."""
    if level.parent is not None:
        return False
    connections = level.connections
    while connections:
        key, entry = connections.popitem()
        if entry.owned and not release(entry.core):
            connections[key] = entry
            return False
    session._transaction = session._core = level.session = None
    return True


def _before_commit_plan(session: SessionBase, level: TransactionCore) -> Plan[None]:
    if session.dispatch.active:
        yield from session._hook_plan("before_commit", session)
    for _ in range(_FLUSHES_BEFORE_COMMIT):
        if not session._needs_flush:
            return
        yield from flush_session_plan(session)
    raise orm_exc.FlushError(
        f"Over {_FLUSHES_BEFORE_COMMIT} subsequent flushes have occurred within session.commit() - "
        "is an after_flush() handler creating new objects?"
    )


def prepare_plan(session: SessionBase) -> Plan[None]:
    """Flush and make ready for a two-phase commit.

    :raises InvalidRequestError: when ``twophase`` is off, or in a savepoint.
    """
    transaction = session._begun()
    if not session.twophase or transaction.parent is not None:
        raise exc.InvalidRequestError(
            "'twophase' mode not enabled, or not root transaction; can't prepare."
        )
    yield from _before_commit_plan(session, transaction)
    try:
        yield from prepare_connections_plan(transaction)
    except BaseException as error:
        yield from _fail_plan(session, transaction, error, _refused(transaction, error))
        raise
    transaction.move(Step.PREPARE)
    session._core = None  # the next statement finds out that there is to be none


# -- rollback --------------------------------------------------------------------------------


def rollback_plan(session: SessionBase) -> Plan[None]:
    """Roll everything back to the root; what a failed flush could not write is pending again."""
    root = session._root
    if root is not None:
        yield from rollback_level_plan(root)


def rollback_level_plan(upto: TransactionCore, keep: bool = True) -> Plan[None]:
    """Roll a level back, and the levels inside it.

    :param keep: whether objects that a failed flush could not write become pending again.
    """
    upto.check(Step.ROLLBACK)
    session = upto.session
    assert session is not None
    retry: list[object] = []
    for level in list(session._levels()):
        retry = [*level.retry, *retry]
        if level is upto:
            break
        yield from _end_level_plan(session, level, Step.ROLLBACK)
    yield from _rollback_one_plan(session, upto)
    if keep:
        for obj in retry:
            session._attach(obj)


def _rollback_one_plan(session: SessionBase, level: TransactionCore) -> Plan[None]:
    had_failed = level.state is FAILED
    try:
        if not had_failed:
            yield from rollback_connections_plan(level)
    finally:
        yield from _end_level_plan(session, level, Step.ROLLBACK)
    if session.dispatch.active:
        if not had_failed:
            yield from session._hook_plan("after_rollback", session)
        yield from session._hook_plan("after_soft_rollback", session, level)


def _end_level_plan(session: SessionBase, level: TransactionCore, step: Step) -> Plan[None]:
    """Close a level that is not committed: its objects go back to what they were."""
    level.move(step)
    level.restore()
    yield from _leave_plan(session, level)


def _leave_plan(session: SessionBase, level: TransactionCore) -> Plan[None]:
    """The level is over: the session is in its parent again, or in none."""
    session._transaction = level.parent
    session._core = None
    try:
        if level.parent is None:
            yield from release_connections_plan(level)
    finally:
        level.session = None
        level.connections = {}
    if session.dispatch.active:
        yield from session._hook_plan("after_transaction_end", session, level)


# -- close -----------------------------------------------------------------------------------


def close_plan(session: SessionBase) -> Plan[None]:
    """Detach all objects, roll back what is open, give the connections back."""
    if session._close_state is False:
        session._permanently_closed = True
    yield from reset_plan(session)


def reset_plan(session: SessionBase) -> Plan[None]:
    """As ``close``, and the session can always be used again."""
    if session._has_objects:
        session.expunge_all()
    root = None if session._transaction is None else session._root
    if root is not None:
        yield from _discard_plan(session, root)


def invalidate_plan(session: SessionBase) -> Plan[None]:
    """As ``close``, and the connections are closed for good instead of being reused."""
    session.expunge_all()
    root = session._root
    if root is not None:
        yield from invalidate_connections_plan(root)
        yield from _discard_plan(session, root)


def _discard_plan(session: SessionBase, root: TransactionCore) -> Plan[None]:
    """End all levels without looking after objects: the session has let go of them."""
    levels = list(session._levels())
    for level in levels:
        level.state = CLOSED
    session._core = None
    session._transaction = None
    try:
        yield from rollback_connections_plan(root)
    finally:
        try:
            yield from release_connections_plan(root)
        finally:
            for level in levels:
                level.session = None
                level.connections = {}
    if session.dispatch.active:
        for level in levels:
            yield from session._hook_plan("after_transaction_end", session, level)


def close_level_plan(level: TransactionCore) -> Plan[None]:
    """``SessionTransaction.close()``: roll back a level that is open; nothing when it is over."""
    if level.state is not CLOSED:
        yield from rollback_level_plan(level, keep=False)


# -- leaving with blocks ---------------------------------------------------------------------


def exit_session_plan(session: SessionBase, clean: bool) -> Plan[None]:
    """``with Session(engine) as session:`` is left: commit or roll back, then close."""
    try:
        if (
            clean
            and session.on_exit == "commit"
            and (session._transaction is not None or session._needs_flush)
        ):
            yield from commit_plan(session)
    finally:
        if session._transaction is not None or session._close_state is not None:
            yield from close_plan(session)
        elif session._has_objects:
            session.expunge_all()


def exit_level_plan(level: TransactionCore, clean: bool) -> Plan[None]:
    """``with session.begin():`` is left: commit, or roll back when the block raised."""
    session = level.session
    if session is None:
        return
    if not clean:
        yield from rollback_level_plan(level, keep=False)
        return
    try:
        yield from commit_level_plan(level)
    except BaseException:
        if level.state is not CLOSED:
            yield from rollback_level_plan(level, keep=False)
        raise


__all__ = [
    "ACTIVE",
    "Any",
    "autoflush_plan",
    "begin_plan",
    "close_level_plan",
    "close_plan",
    "commit_level_plan",
    "commit_plan",
    "exit_level_plan",
    "exit_session_plan",
    "flush_session_plan",
    "invalidate_plan",
    "prepare_plan",
    "reset_plan",
    "rollback_level_plan",
    "rollback_plan",
]
