"""`SessionBase`: what a session knows and decides without I/O.

Membership (which objects are new, modified, deleted, persistent), the phases of objects, and the
transaction that is open. Whatever waits is a plan (`plans.py`); binds are chosen in `binds.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn

from ormolu import exc
from ormolu.orm.flush.cascades import reachable
from ormolu.orm.instances import state as states
from ormolu.orm.instances.identity import IdentityMap
from ormolu.orm.instances.state import (
    DELETED,
    DETACHED,
    PENDING,
    PERSISTENT,
    STATE,
    TRANSIENT_STATE,
    Membership,
    Private,
    describe,
    identity_of,
    session_of,
    state_of,
)

from . import binds as _binds
from .changes import has_changes
from .contention import AsyncOwner
from .events import SessionEvents
from .transaction import (
    ACTIVE,
    CLOSED,
    SessionTransactionOrigin,
    Step,
    TransactionCore,
    mark_deleted,
    values_back,
)
from .views import IdentityMapView, IdentitySet

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore

OnExit = Literal["commit", "rollback"]
JoinMode = Literal["conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"]

_JOIN_MODES = ("conditional_savepoint", "rollback_only", "control_fully", "create_savepoint")


class SessionBase(SessionEvents):
    """Membership and configuration of a session; no I/O.

    What other rooms use: ``_identity`` (the `IdentityMap`), ``_membership`` (what states refer
    to), ``_new`` / ``_modified`` / ``_deleted`` (``id(obj) -> obj``, strong), ``_transaction``
    (the innermost level or None), ``lazy_batch``, ``autoflush``, ``expire_on_commit``.

    ``_core`` is the open transaction's connection when it serves every mapper, else None: hot
    code looks there before it runs ``_connection_plan``.
    """

    transaction_class: ClassVar[type[TransactionCore]] = TransactionCore

    def __init__(
        self,
        bind: Any = None,
        *,
        autoflush: bool = True,
        future: Literal[True] = True,
        expire_on_commit: bool = True,
        autobegin: bool = True,
        twophase: bool = False,
        binds: Mapping[Any, Any] | None = None,
        enable_baked_queries: bool = True,
        info: Mapping[Any, Any] | None = None,
        query_cls: type[Any] | None = None,
        autocommit: Literal[False] = False,
        join_transaction_mode: JoinMode = "conditional_savepoint",
        close_resets_only: bool | None = None,
        execution_options: Mapping[str, Any] | None = None,
        on_exit: OnExit = "commit",
        lazy_batch: bool = True,
    ) -> None:
        if (
            autocommit
            or future is not True
            or join_transaction_mode not in _JOIN_MODES
            or on_exit not in ("commit", "rollback")
        ):
            _refuse_options(autocommit, future, join_transaction_mode, on_exit)
        self.bind = bind
        self.autoflush = autoflush
        self.expire_on_commit = expire_on_commit
        self.autobegin = autobegin
        self.twophase = twophase
        self.enable_baked_queries = enable_baked_queries
        self.join_transaction_mode = join_transaction_mode
        self.execution_options: Mapping[str, Any] = execution_options or {}
        self.on_exit = on_exit
        self.lazy_batch = lazy_batch
        self.binds: dict[Any, Any] = {}
        if binds:
            for key, value in binds.items():
                self._add_bind(key, value)
        self._query_cls = query_cls
        self._info: dict[Any, Any] | None = None if info is None else dict(info)
        self._close_state = close_resets_only
        self._permanently_closed = False
        self._flushing = False
        self._owner: int | AsyncOwner | None = None
        self._core: ConnectionCore | None = None
        self._transaction: TransactionCore | None = None
        self._context: TransactionCore | None = None
        self._identity = IdentityMap()
        self._membership = Membership(self)
        self._new: dict[int, object] = {}
        self._modified: dict[int, object] = {}
        self._deleted: dict[int, object] = {}

    # -- what is where -----------------------------------------------------------------------

    @property
    def new(self) -> IdentitySet:
        """The objects that the next flush inserts."""
        return IdentitySet(self._new.values())

    @property
    def dirty(self) -> IdentitySet:
        """The persistent objects with attribute changes, net changes or not."""
        deleted = self._deleted
        return IdentitySet(obj for key, obj in self._modified.items() if key not in deleted)

    @property
    def deleted(self) -> IdentitySet:
        """The objects that the next flush deletes."""
        return IdentitySet(self._deleted.values())

    @property
    def identity_map(self) -> IdentityMapView:
        """The persistent objects under their identity keys."""
        return IdentityMapView(self._identity)

    @property
    def info(self) -> dict[Any, Any]:
        """A dict for the user's own data."""
        if self._info is None:
            self._info = {}
        return self._info

    def __contains__(self, instance: object) -> bool:
        """Whether the object is pending or persistent in this session."""
        state = state_of(instance)
        if state is TRANSIENT_STATE or session_of(instance) is not self:
            return False
        return state.phase is PENDING or state.phase is PERSISTENT

    def __iter__(self) -> Iterator[Any]:
        """The pending and persistent objects."""
        return iter([*self._new.values(), *self._identity.values()])

    def is_modified(self, instance: object, include_collections: bool = True) -> bool:
        """Whether a flush would find net changes on the object.

        :param include_collections: count changes of collections, not only those of columns
            and of references to one object.
        """
        return has_changes(instance, include_collections)

    # -- coming and going --------------------------------------------------------------------

    def add(self, instance: object, *, _warn: bool = True) -> None:
        """Put an object into the session: inserted by the next flush, or attached again.

        What it refers to comes along (the ``save-update`` cascade).

        :raises UnmappedInstanceError: when its class is not mapped.
        :raises InvalidRequestError: when it is in another session, was deleted, or when another
            object with its identity is here.
        """
        self._save_or_update(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        """``add`` each object."""
        add = self._save_or_update
        for instance in instances:
            add(instance)

    def _save_or_update(self, obj: object) -> None:
        """Attach the object, and what the ``save-update`` cascade reaches from it."""
        self._attach(obj)
        if type(obj).__mapper__.relationships:  # type: ignore[attr-defined]
            for other in reachable(obj, "save-update"):
                self._attach(other)

    def _attach(self, obj: object) -> None:
        """Attach one object as pending or persistent; nothing when it is here already."""
        state = getattr(obj, STATE, None)
        if state is TRANSIENT_STATE:
            self._attach_pending(obj)
            return
        session = session_of(obj)
        if session is self:
            self._keep(obj, state)
        elif session is not None:
            self._refuse_second_session(obj, session)
        elif isinstance(state, Private) and state.phase is PENDING:
            self._attach_pending(obj)
        else:
            self._attach_detached(obj)

    def _attach_pending(self, obj: object) -> None:
        transaction = self._transaction
        if transaction is None or transaction.state is CLOSED:
            self._begun()
        if self.dispatch.active:
            self._notify("before_attach", obj)
        states.pending(obj, type(obj).__mapper__, self._membership)  # type: ignore[attr-defined]
        self._new[id(obj)] = obj
        if self.dispatch.active:
            self._notify("after_attach", obj)
            self._notify("transient_to_pending", obj)

    def _attach_detached(self, obj: object) -> None:
        state = state_of(obj)
        if state.phase is DELETED:
            raise _was_deleted(obj)
        self._begun()
        if self.dispatch.active:
            self._notify("before_attach", obj)
        mapper = state.mapper  # type: ignore[union-attr]
        key = identity_of(obj)
        if not self._identity.add(mapper, key, obj):
            raise exc.InvalidRequestError(
                f"Can't attach instance {describe(obj)}; another instance with key "
                f"{(mapper.base_mapper.class_, key)} is already present in this session. "
                "Use session.merge() to copy its values onto that one"
            )
        states.attach(obj, self._membership)
        if self.dispatch.active:
            self._notify("after_attach", obj)
            self._notify("detached_to_persistent", obj)

    def _keep(self, obj: object, state: states.State) -> None:
        """The object is here already: adding it takes a mark for deletion back."""
        if state.phase is DELETED:
            raise _was_deleted(obj)
        if self._deleted:
            self._deleted.pop(id(obj), None)

    def _refuse_second_session(self, obj: object, other: object) -> NoReturn:
        if type(obj).__dict__.get(STATE) is None and not hasattr(obj, STATE):
            raise states.unmapped(obj)
        raise exc.InvalidRequestError(
            f"Object '{describe(obj)}' is already attached to session '{id(other):#x}' "
            f"(this is '{id(self):#x}'). Expunge it from that session first, or use merge() to "
            "get a copy of it in this one"
        )

    def expunge(self, instance: object) -> None:
        """Take the object out of the session, with what the ``expunge`` cascade reaches.

        :raises InvalidRequestError: when it isn't in this session.
        """
        if state_of(instance) is TRANSIENT_STATE or session_of(instance) is not self:
            raise exc.InvalidRequestError(
                f"Instance {describe(instance)} is not present in this Session"
            )
        others = reachable(instance, "expunge")
        self._expunge_one(instance)
        for other in others:
            if session_of(other) is self:
                self._expunge_one(other)

    def expunge_all(self) -> None:
        """Take every object out of the session: pending ones transient, others detached."""
        if self.dispatch.active:
            self._notify_detached([*self._new.values(), *self._identity.values()])
        for transaction in self._levels():
            for ref in transaction.deleted:
                obj = ref()
                if obj is not None:
                    states.private(obj).phase = DETACHED
        self._membership.session = None
        self._membership = Membership(self)
        self._identity = IdentityMap()
        self._new = {}
        self._modified = {}
        self._deleted = {}

    def _expunge_one(self, obj: object) -> None:
        state = state_of(obj)
        was = state.phase
        if was is PENDING:
            self._new.pop(id(obj), None)
        else:
            self._identity.discard(state.mapper, identity_of(obj), obj)  # type: ignore[union-attr]
            self._modified.pop(id(obj), None)
            self._deleted.pop(id(obj), None)
        states.detach(obj)
        if self.dispatch.active:
            self._notify(_LEAVING[was], obj)

    def _notify_detached(self, objs: Iterable[object]) -> None:
        for obj in objs:
            self._notify(_LEAVING[state_of(obj).phase], obj)

    def _mark_deleted(self, obj: object) -> None:
        """Have the next flush delete a persistent object; a detached one is attached first."""
        if session_of(obj) is None:
            self._attach_detached(obj)
        self._deleted[id(obj)] = obj

    def _delete_simple(self, obj: object) -> bool:
        """Mark an object that nothing cascades from; False when deleting it needs a plan."""
        state = state_of(obj)
        if state is TRANSIENT_STATE or state.phase is PENDING:
            raise exc.InvalidRequestError(
                f"Instance '{describe(obj)}' is not persisted, so there is no row to delete; "
                "expunge() takes a pending object out of the session"
            )
        session = session_of(obj)
        if session is not None and session is not self:
            self._refuse_second_session(obj, session)
        if state.phase is DELETED:
            if session is self:
                return True
            raise _was_deleted(obj)
        if state.mapper.relationships:  # type: ignore[union-attr]
            return False
        self._mark_deleted(obj)
        return True

    # -- what the end of a transaction does to one object ------------------------------------

    def _make_transient_again(self, obj: object) -> None:
        """The insert of this object was rolled back."""
        state = state_of(obj)
        if state is TRANSIENT_STATE or session_of(obj) is not self:
            return
        self._identity.discard(state.mapper, identity_of(obj), obj)  # type: ignore[union-attr]
        self._modified.pop(id(obj), None)
        self._deleted.pop(id(obj), None)
        values_back(obj)
        states.make_transient(obj)
        if self.dispatch.active:
            self._notify("persistent_to_transient", obj)

    def _undelete(self, obj: object) -> None:
        """The delete of this object was rolled back."""
        state = mark_deleted(obj, PERSISTENT)
        state.membership = self._membership
        self._identity.replace(state.mapper, state.key, obj)
        if self.dispatch.active:
            self._notify("deleted_to_persistent", obj)

    def _let_go_deleted(self, obj: object) -> None:
        """The delete of this object was committed: detached, and not to be added again."""
        states.detach(obj)
        state = obj.__dict__.get(STATE)
        if isinstance(state, Private):
            state.phase = DELETED
        if self.dispatch.active:
            self._notify("deleted_to_detached", obj)

    # -- expiry ------------------------------------------------------------------------------

    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None:
        """Have attributes of the object loaded again on their next use; all when none is named.

        Changes that were not flushed are dropped.

        :raises InvalidRequestError: when the object isn't persistent in this session.
        """
        self._check_persistent(instance)
        if attribute_names is not None:
            names = list(attribute_names)
            check_names(instance, names)
            states.expire_attributes(instance, names)
            return
        others = reachable(instance, "refresh-expire")
        states.expire(instance)
        for other in others:
            if session_of(other) is self and state_of(other).phase is PERSISTENT:
                states.expire(other)

    def expire_all(self) -> None:
        """Expire every persistent object."""
        states.expire_all(self._identity.values())
        self._modified.clear()

    def _check_persistent(self, instance: object) -> None:
        phase = state_of(instance).phase
        if phase is not PERSISTENT or session_of(instance) is not self:
            raise exc.InvalidRequestError(
                f"Instance '{describe(instance)}' is not persistent within this Session; it is "
                f"{states.phase_of(instance).value}. Add and flush it, or get it from this session"
            )

    @property
    def no_autoflush(self) -> NoAutoflush:
        """A context manager that turns autoflush off inside its block; gives the session."""
        return NoAutoflush(self)

    # -- transaction, seen from outside ------------------------------------------------------

    def in_transaction(self) -> bool:
        """Whether a transaction has begun, on the session at least."""
        return self._transaction is not None

    def in_nested_transaction(self) -> bool:
        """Whether a savepoint is open."""
        return self._transaction is not None and self._transaction.parent is not None

    @property
    def is_active(self) -> bool:
        """False when a failed flush waits for ``rollback()`` (or autobegin is off and due)."""
        if self._transaction is None:
            return self.autobegin
        return self._transaction.is_active

    def _levels(self) -> Iterator[TransactionCore]:
        """The open levels, innermost first."""
        level = self._transaction
        while level is not None:
            yield level
            level = level.parent

    @property
    def _root(self) -> TransactionCore | None:
        """The outermost open level."""
        level = self._transaction
        while level is not None and level.parent is not None:
            level = level.parent
        return level

    @property
    def _has_work(self) -> bool:
        """Whether leaving a ``with`` block has anything to commit."""
        return self._transaction is not None or self._needs_flush

    @property
    def _has_objects(self) -> bool:
        """Whether any object may refer to this session."""
        transaction = self._transaction
        return bool(
            self._new or self._identity or (transaction is not None and transaction.deleted)
        )

    def _begun(self) -> TransactionCore:
        """The open transaction, usable; begun now if there is none.

        :raises InvalidRequestError: when the session is closed for good, must be begun by
            hand, or is inside a ``with session.begin():`` whose transaction has ended.
        :raises PendingRollbackError: after a failed flush.
        """
        transaction = self._transaction
        if self._context is not None:
            self._check_context()
        if transaction is not None:
            if transaction.state is not ACTIVE:
                transaction.check(Step.USE)
            return transaction
        if not self.autobegin:
            self._check_open()
            raise exc.InvalidRequestError(
                "Autobegin is disabled on this Session; please call session.begin() to start a new "
                "transaction"
            )
        return self._begin_level(SessionTransactionOrigin.AUTOBEGIN)

    def _begin_level(self, origin: SessionTransactionOrigin) -> TransactionCore:
        if self._permanently_closed:
            self._check_open()
        parent = self._transaction
        transaction = self.transaction_class(self, origin, parent)
        self._transaction = transaction
        self._core = None
        if parent is None:
            _binds.remember(self)
        if self.dispatch.active:
            self._fire("after_transaction_create", (self, transaction))
        return transaction

    def _begin_allowed(self) -> None:
        """A savepoint may be begun now; its root is begun when there is none."""
        if self._transaction is None:
            self._check_context()
            self._begin_level(SessionTransactionOrigin.BEGIN)
        self._begun()

    def _check_context(self) -> None:
        context = self._context
        if context is not None and context.state is CLOSED:
            raise exc.InvalidRequestError(
                "Can't operate on closed transaction inside context manager.  Please complete the "
                "context manager before emitting further commands."
            )

    def _check_open(self) -> None:
        if self._permanently_closed:
            raise exc.InvalidRequestError(
                "This Session has been permanently closed and is unable to handle any more "
                "transaction requests. Make a new one, or use close_resets_only=True"
            )

    # -- binds -------------------------------------------------------------------------------

    def get_bind(
        self, mapper: Any = None, *, clause: Any = None, bind: Any = None, **kw: Any
    ) -> Any:
        """The engine or connection for a mapper or statement; override it to route.

        :raises UnboundExecutionError: when nothing says which.
        """
        if bind is not None:
            return bind
        return _binds.choose(self, mapper, clause)

    def bind_mapper(self, mapper: Any, bind: Any) -> None:
        """Send the statements of a mapper, mapped class or base class to ``bind``."""
        self._add_bind(mapper, bind)

    def bind_table(self, table: Any, bind: Any) -> None:
        """Send the statements on a table to ``bind``."""
        self._add_bind(table, bind)

    def _add_bind(self, key: Any, bind: Any) -> None:
        self.binds[_binds.normalise(key)] = bind

    @property
    def _single(self) -> bool:
        """Whether one bind serves every statement."""
        return not self.binds and type(self).get_bind is SessionBase.get_bind

    @property
    def _needs_flush(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._new or self._modified or self._deleted)

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} object at {id(self):#x}>"


class NoAutoflush:
    """``with session.no_autoflush:``"""

    __slots__ = ("_session", "_was")

    def __init__(self, session: SessionBase) -> None:
        self._session = session
        self._was = session.autoflush

    def __enter__(self) -> Any:
        self._was = self._session.autoflush
        self._session.autoflush = False
        return self._session

    def __exit__(self, *error: object) -> None:
        self._session.autoflush = self._was


_LEAVING = {
    PENDING: "pending_to_transient",
    PERSISTENT: "persistent_to_detached",
    DELETED: "deleted_to_detached",
    DETACHED: "persistent_to_detached",
}


def check_names(instance: object, names: Iterable[str]) -> None:
    """Refuse names that are no mapped attributes of the object with `KeyError`."""
    mapper = type(instance).__mapper__  # type: ignore[attr-defined]
    for name in names:
        if name not in mapper.attrs:
            raise KeyError(f"{type(instance).__name__} has no mapped attribute {name!r}")


def _was_deleted(obj: object) -> exc.InvalidRequestError:
    return exc.InvalidRequestError(
        f"Instance '{describe(obj)}' has been deleted.  "
        "Use the make_transient() function to send this object back to the transient state."
    )


def _refuse_options(autocommit: object, future: object, join: object, on_exit: object) -> None:
    if autocommit:
        raise exc.ArgumentError(
            "autocommit=True is no longer supported; a session begins by itself, and commit() "
            "ends its transaction"
        )
    if future is not True:
        raise exc.ArgumentError(
            "The 'future' parameter passed to Session() may only be set to True."
        )
    if join not in _JOIN_MODES:
        raise exc.ArgumentError(f'invalid selection for join_transaction_mode: "{join}"')
    raise exc.ArgumentError(f"on_exit is 'commit' or 'rollback', not {on_exit!r}")
