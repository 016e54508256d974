"""Which objects are in a session, and in which phase; no I/O.

The phases and what makes an object leave each are in `ormolu.orm.instances.state`; here is who may
come and go, and what the session keeps of each.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NoReturn, TypeVar

from ormolu import exc
from ormolu.orm.flush.cascades import reachable
from ormolu.orm.instances import state as states
from ormolu.orm.instances.identity import IdentityMap
from ormolu.orm.instances.state import (
    DELETED,
    DETACHED,
    NO_MEMBERSHIP,
    PENDING,
    PERSISTENT,
    STATE,
    TRANSIENT_STATE,
    Deleted,
    Membership,
    Private,
    Shared,
    describe,
    identity_of,
    session_of,
    state_of,
)

from .changes import has_changes
from .events import SessionEvents
from .transaction import TransactionCore, mark_deleted, values_back
from .views import IdentityMapView, IdentitySet

_V = TypeVar("_V")


class _made_on_use(Generic[_V]):
    """An attribute whose value is made on its first use, and is an ordinary one from then on.

    Not `functools.cached_property`: that stores into the ``__dict__``, and reading it makes one,
    which every session would pay for.
    """

    def __init__(self, make: Callable[[Any], _V]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    def __get__(self, session: Any, owner: type[Any]) -> _V:
        value = self._make(session)
        setattr(session, self._name, value)
        return value


class SessionMembership(SessionEvents):
    """The objects of a session: coming, going, expiring, and what a rollback makes of them."""

    autoflush: bool = True
    _info: dict[Any, Any] | None
    _new: dict[int, object]
    _modified: dict[int, object]
    _deleted: dict[int, object]
    _transaction: TransactionCore | None

    _context: TransactionCore | None

    _has_identity_map = False
    _has_membership = False

    @_made_on_use
    def _identity(self) -> IdentityMap:
        """The persistent objects by primary key; made when the first one comes."""
        self._has_identity_map = True
        return IdentityMap()

    @_made_on_use
    def _membership(self) -> Membership:
        """What the states of this session's objects refer to; made when the first one comes."""
        self._has_membership = True
        return Membership(self)

    @abstractmethod
    def _begun(self) -> TransactionCore:
        """The open transaction, usable; begun now if there is none."""

    @abstractmethod
    def _load_attribute(self, obj: object, attribute: Any) -> Any:
        """Load an absent attribute of a persistent object, store it and return it."""

    def _levels(self) -> Iterator[TransactionCore]:
        """The open levels, innermost first."""
        level = self._transaction
        while level is not None:
            yield level
            level = level.parent

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
        slow = self._save_or_update
        pending, new, membership = states.pending, self._new, self._membership
        for instance in instances:
            mapper: Any = getattr(instance, "__mapper__", None)
            if (
                mapper is not None
                and getattr(instance, STATE) is TRANSIENT_STATE
                and mapper.configured
                and not mapper._relationships
                and self._transaction is not None
                and self._context is None
                and not self.dispatch.active
                and not isinstance(instance, type)
            ):
                pending(instance, mapper, membership)
                new[id(instance)] = instance
            else:
                slow(instance)

    def _save_or_update(self, obj: object) -> None:
        """Attach the object, and what the ``save-update`` cascade reaches from it."""
        mapper: Any = getattr(obj, "__mapper__", None)
        if (
            mapper is not None
            and getattr(obj, STATE) is TRANSIENT_STATE
            and not self.dispatch.active
        ):
            # What nearly every call comes to; the rest is _attach.
            if isinstance(obj, type):
                raise states.unmapped(obj)
            if self._transaction is None or self._context is not None:
                self._begun()
            states.pending(obj, mapper, self._membership)
            self._new[id(obj)] = obj
        else:
            self._attach(obj)
        # The property configures mappers; the dict is the same once that is done.
        if mapper._relationships if mapper.configured else mapper.relationships:
            for other in reachable(obj, "save-update", self.__contains__):
                self._attach(other)

    def _attach(self, obj: object) -> None:
        """Attach one object as pending or persistent; nothing when it is here already."""
        state = getattr(obj, STATE, None)
        if isinstance(obj, type):
            raise states.unmapped(obj)
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
        if self._transaction is None or self._context is not None:
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
            self._notify_detached([*self._identity.values(), *self._new.values()])
        for transaction in self._levels():
            for ref in transaction.deleted or ():
                obj = ref()
                if obj is not None:
                    states.private(obj).phase = DETACHED
        if self._has_membership:
            self._membership.session = None
            self._membership = Membership(self)
        self._has_identity_map = True
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
        if self._transaction is None:
            self._begun()
        self._deleted[id(obj)] = obj

    def _found_gone(self, obj: object) -> None:
        """The row of a persistent object is not there any more: as if this session deleted it."""
        state = state_of(obj)
        if session_of(obj) is not self or state.phase is not PERSISTENT:
            return
        self._identity.discard(state.mapper, identity_of(obj), obj)  # type: ignore[union-attr]
        self._modified.pop(id(obj), None)
        self._deleted.pop(id(obj), None)
        mark_deleted(obj)
        self._begun().record_deleted([obj])

    def _delete_simple(self, obj: object) -> bool:
        """Mark an object that nothing cascades from; False when deleting it needs a plan."""
        state = state_of(obj)
        if type(state) is Shared and state.membership is self._membership:
            mapper = state.mapper
            if not mapper._relationships:
                self._deleted[id(obj)] = obj
                return True
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
        session = session_of(obj)
        if state is TRANSIENT_STATE or (session is not None and session is not self):
            return
        left = "deleted_to_detached" if state.phase is DELETED else "persistent_to_transient"
        self._identity.discard(state.mapper, identity_of(obj), obj)  # type: ignore[union-attr]
        self._modified.pop(id(obj), None)
        self._deleted.pop(id(obj), None)
        values_back(obj)
        states.make_transient(obj)
        if self.dispatch.active:
            self._notify(left, obj)

    def _undelete(self, obj: object) -> None:
        """The delete of this object was rolled back."""
        state = mark_deleted(obj, PERSISTENT)
        state.membership = self._membership
        self._identity.replace(state.mapper, state.key, obj)
        if self.dispatch.active:
            self._notify("deleted_to_persistent", obj)

    def _let_go_deleted(self, objs: Iterable[object]) -> None:
        """The deletes of these were committed: detached, and not to be added again."""
        listened = self.dispatch.active
        for obj in objs:
            state = obj.__dict__.get(STATE)
            if type(state) is Deleted:
                # One state for all that the flush deleted: the first of them detaches them all.
                state.membership = NO_MEMBERSHIP
            else:
                states.detach(obj)
                if isinstance(state, Private):
                    state.phase = DELETED
            if listened:
                self._notify("deleted_to_detached", obj)

    # -- expiry ------------------------------------------------------------------------------

    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None:
        """Have attributes of the object loaded again on their next use; all when none is named.

        Changes that were not flushed are dropped; a pending object that the ``refresh-expire``
        cascade reaches leaves the session.

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
            if session_of(other) is not self:
                continue
            phase = state_of(other).phase
            if phase is PERSISTENT:
                states.expire(other)
            elif phase is PENDING:  # being here is a change too, and changes are dropped
                self._expunge_one(other)

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


class NoAutoflush:
    """``with session.no_autoflush:``"""

    __slots__ = ("_session", "_was")

    def __init__(self, session: SessionMembership) -> None:
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
