"""One level of a session's transaction: its states, and the record of what a rollback undoes.

A session has at most one root transaction, and any number of savepoints nested in it; each is a
`TransactionCore`, linked by ``parent``. The innermost one is ``session._transaction``. The rules:

* A level ends only after the levels inside it: committing or rolling back an outer level ends the
  inner ones first.
* A flush that fails rolls its level back in the database at once (the state of the database is
  then known), restores the objects, and leaves the level FAILED: every use but ``rollback()`` and
  ``close()`` raises `PendingRollbackError` with the original error in its text.
* What was pending when the flush failed is pending again after an explicit ``rollback()``. Leaving
  a ``with`` block by an exception is no such request: its objects go, as its statements did.
* A level that is CLOSED can be closed again, and nothing else.

    ACTIVE    prepare -> PREPARED   commit -> CLOSED   rollback -> CLOSED   fail -> FAILED
    PREPARED                        commit -> CLOSED   rollback -> CLOSED   fail -> FAILED
    FAILED                                             rollback -> CLOSED
    CLOSED
    (close is allowed everywhere and leads to CLOSED)

Objects are recorded by weak reference: who dropped an object can't observe whether it was restored.
Rejected: subtransactions (a level per flush, only to carry the FAILED state), and snapshots of
whole objects (expiring them is cheaper, and shows what the database has).
"""

from __future__ import annotations

import enum
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ormolu import exc
from ormolu.orm.instances.layout import lay_out
from ormolu.orm.instances.state import (
    DELETED,
    PERSISTENT,
    STATE,
    Expired,
    Private,
    expire,
    expire_all,
    expire_fresh,
    private,
    session_of,
)

if TYPE_CHECKING:
    from ormolu.engine import ConnectionCore

    from .core import SessionBase

_T = TypeVar("_T")


class TransactionState(enum.Enum):
    """What can still be done with a level."""

    ACTIVE = "active"
    PREPARED = "prepared"
    FAILED = "failed"
    CLOSED = "closed"


class Step(enum.Enum):
    """What moves a level from one state to the next."""

    USE = "use"
    PREPARE = "prepare"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    FAIL = "fail"
    CLOSE = "close"


class SessionTransactionOrigin(enum.Enum):
    """What began a level: the public ``SessionTransaction.origin``."""

    AUTOBEGIN = 0
    BEGIN = 1
    BEGIN_NESTED = 2
    SUBTRANSACTION = 3


#: A constant, because Python 3.11 takes long to find a member of an enumeration.
AUTOBEGIN: Final = SessionTransactionOrigin.AUTOBEGIN


ACTIVE: Final = TransactionState.ACTIVE
PREPARED: Final = TransactionState.PREPARED
FAILED: Final = TransactionState.FAILED
CLOSED: Final = TransactionState.CLOSED

TABLE: Final[Mapping[TransactionState, Mapping[Step, TransactionState]]] = {
    ACTIVE: {
        Step.USE: ACTIVE,
        Step.PREPARE: PREPARED,
        Step.COMMIT: CLOSED,
        Step.ROLLBACK: CLOSED,
        Step.FAIL: FAILED,
        Step.CLOSE: CLOSED,
    },
    PREPARED: {
        Step.COMMIT: CLOSED,
        Step.ROLLBACK: CLOSED,
        Step.FAIL: FAILED,
        Step.CLOSE: CLOSED,
    },
    FAILED: {Step.ROLLBACK: CLOSED, Step.CLOSE: CLOSED},
    CLOSED: {Step.CLOSE: CLOSED},
}


class Enlisted:
    """A connection's part in a level: how it ends when the level does.

    ``savepoint`` is set when ending means releasing or rolling back to it. ``owned``: the session
    took the connection from an engine and gives it back. ``outer`` is the transaction of a
    `Connection` that the session was bound to; ``commits`` says whether the level commits it, or
    leaves that to its owner. ``xid`` names the two-phase transaction, where it is one, which may be
    ``prepared``.
    """

    __slots__ = ("bind", "commits", "core", "outer", "owned", "prepared", "savepoint", "xid")

    def __init__(
        self,
        core: ConnectionCore,
        bind: Any,
        *,
        owned: bool = True,
        savepoint: str | None = None,
        outer: Any = None,
        commits: bool = True,
        xid: str | None = None,
    ) -> None:
        self.core = core
        self.bind = bind
        self.owned = owned
        self.savepoint = savepoint
        self.commits = commits
        self.outer = outer
        self.xid = xid
        self.prepared = False


_LAYOUT: Final = (
    "session",
    "origin",
    "parent",
    "connections",
    "state",
    "inserted",
    "deleted",
    "updated",
    "key_switches",
    "retry",
    "error",
    "context",
)


class TransactionCore:
    """One level of a session's transaction: the root, or a savepoint inside it.

    The flush tells it what it did (`record_inserted` and the like), so that a rollback can undo
    it on the objects.

    Not slotted: most levels end without a record, an error or a savepoint, and what they don't
    have costs them nothing as a class attribute.
    """

    state: TransactionState = ACTIVE
    context: TransactionCore | None = None
    error: BaseException | None = None
    retry: Sequence[object] = ()
    inserted: list[weakref.ref[Any]] | None = None
    deleted: list[weakref.ref[Any]] | None = None
    updated: list[weakref.ref[Any]] | None = None
    key_switches: list[tuple[weakref.ref[Any], Any, Any]] | None = None

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        lay_out(cls, _LAYOUT)

    def __init__(
        self,
        session: SessionBase,
        origin: SessionTransactionOrigin,
        parent: TransactionCore | None = None,
    ) -> None:
        self.session: SessionBase | None = session
        self.origin = origin
        self.parent = parent
        self.connections: dict[int, Enlisted] = {}

    @property
    def nested(self) -> bool:
        """Whether this level is a savepoint."""
        return self.parent is not None

    @property
    def is_active(self) -> bool:
        """Whether the level can still be used."""
        return self.state is ACTIVE or self.state is PREPARED

    # -- the table ---------------------------------------------------------------------------

    def check(self, step: Step) -> None:
        """Raise the error that says why ``step`` is not possible now."""
        if step not in TABLE[self.state]:
            raise self._refusal()

    def move(self, step: Step) -> None:
        """Check, then go to the next state."""
        self.check(step)
        self.state = TABLE[self.state][step]

    def _refusal(self) -> exc.InvalidRequestError:
        if self.state is FAILED:
            return exc.PendingRollbackError(
                "This Session's transaction has been rolled back due to a previous exception "
                "during flush. To begin a new transaction with this Session, first issue "
                f"Session.rollback(). Original exception was: {self.error}"
            )
        if self.state is PREPARED:
            return exc.InvalidRequestError(
                "This session is in 'prepared' state; no further SQL can be emitted within this "
                "transaction. Use commit() or rollback()"
            )
        return exc.ResourceClosedError("This transaction is closed")

    # -- the record --------------------------------------------------------------------------

    def record_inserted(self, objs: Iterable[object]) -> None:
        """These pending objects are persistent now: transient again on rollback."""
        session = self.session
        if session is not None and session.dispatch.active:
            objs = list(objs)
            for obj in objs:
                session._notify("pending_to_persistent", obj)
        self.inserted = _longer(self.inserted, map(weakref.ref, objs))

    def record_deleted(self, objs: Iterable[object]) -> None:
        """These were deleted: persistent again on rollback, detached on commit."""
        session = self.session
        if session is not None and session._listens("persistent_to_deleted"):
            objs = list(objs)
            for obj in objs:
                session._notify("persistent_to_deleted", obj)
        self.deleted = _longer(self.deleted, map(weakref.ref, objs))

    def record_updated(self, objs: Iterable[object]) -> None:
        """The changes of these were written: expired when a savepoint is rolled back."""
        if self.parent is not None:
            self.updated = _longer(self.updated, map(weakref.ref, objs))

    def record_key_switch(self, obj: object, old: Any, new: Any) -> None:
        """The primary key of ``obj`` changed from ``old`` to ``new`` (raw keys)."""
        self.key_switches = _longer(self.key_switches, [(weakref.ref(obj), old, new)])

    # -- what the end of the level does to objects -------------------------------------------

    def accept(self) -> None:
        """The level was committed: hand the record to the parent, or settle it for good."""
        parent = self.parent
        if parent is not None:
            parent.inserted = _longer(parent.inserted, self.inserted or ())
            parent.deleted = _longer(parent.deleted, self.deleted or ())
            parent.key_switches = _longer(parent.key_switches, self.key_switches or ())
            if parent.parent is not None:
                parent.updated = _longer(parent.updated, self.updated or ())
            return
        session = self.session
        assert session is not None
        if self.deleted:
            session._let_go_deleted(_living(self.deleted))
        if session.expire_on_commit and session._has_membership:
            expire_fresh(session._membership)

    def restore(self) -> None:
        """The level was rolled back: objects show again what the database has."""
        session = self.session
        assert session is not None
        self._switch_keys_back(session)
        inserted = _living(self.inserted)
        for obj in inserted:
            session._make_transient_again(obj)
        for obj in list(session._new.values()):
            session._expunge_one(obj)
        gone = {id(obj) for obj in inserted}
        for obj in _living(self.deleted):
            if id(obj) not in gone and session_of(obj) is session:  # not one expunged meanwhile
                session._undelete(obj)
        session._deleted.clear()
        if self.parent is None:
            expire_all(session._identity.values())
        else:
            for obj in [*session._modified.values(), *_living(self.updated)]:
                if id(obj) not in gone:
                    expire(obj)
        session._modified.clear()
        self.inserted = self.deleted = self.key_switches = None

    def _switch_keys_back(self, session: SessionBase) -> None:
        for ref, old, new in reversed(self.key_switches or ()):
            obj = ref()
            if obj is None:
                continue
            state = private(obj)
            session._identity.discard(state.mapper, new, obj)
            session._identity.replace(state.mapper, old, obj)
            state.key = old


def _living(refs: list[weakref.ref[Any]] | None) -> list[Any]:
    return [obj for ref in refs or () if (obj := ref()) is not None]


def _longer(record: list[_T] | None, more: Iterable[_T]) -> list[_T]:
    """The record with more in it; it is made when the first thing is to be recorded."""
    if record is None:
        return list(more)
    record.extend(more)
    return record


def values_back(obj: object) -> None:
    """Give an expired object the values it had: it is about to lose its identity."""
    own = obj.__dict__
    state = own.get(STATE)
    if type(state) is Expired:
        own.update({k: v for k, v in state.values.items() if k not in own and k != STATE})
    elif type(state) is Private and state.expired_values:
        own.update({k: v for k, v in state.expired_values.items() if k not in own})


def mark_deleted(obj: object, phase: Any = DELETED) -> Private:
    """Give a persistent object its own state in the given phase."""
    state = private(obj)
    state.phase = phase
    return state


__all__ = [
    "ACTIVE",
    "CLOSED",
    "FAILED",
    "PERSISTENT",
    "PREPARED",
    "TABLE",
    "Enlisted",
    "SessionTransactionOrigin",
    "Step",
    "TransactionCore",
    "TransactionState",
    "mark_deleted",
    "values_back",
]
