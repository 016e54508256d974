"""What an object knows about itself: its state, and the phases it goes through.

An object carries one reference, under ``STATE`` in its ``__dict__``. What stands there says
everything, and costs as little as the object's situation allows:

* nothing: the object is *transient*. The class attribute of the same name gives `TRANSIENT`, so
  that ``obj._sa_instance_state`` always answers. Column writes are not tracked.
* `Shared`: clean and persistent. One per result and mapper, so that loading ten thousand objects
  makes one of them.
* `Expired`: clean, persistent, and to be loaded again. The object's dict was swapped for an empty
  one; the old dict is kept as it was. Expiring costs two allocations and no loop over attributes.
* `Deleted`: the row is gone. One per flush and mapper.
* `Private`: anything else. The first change of a clean object makes one.

No reference leads back: a state refers to its object weakly and to its session through a
`Membership`, weakly too. So neither objects nor sessions form cycles, and the collector that frees
them is the reference count.

The phases, and what makes an object leave each::

    TRANSIENT   no database identity, no session     add -> PENDING
    PENDING     in a session, not yet inserted       flush -> PERSISTENT, expunge -> TRANSIENT
    PERSISTENT  in a session, with a row             delete + flush -> DELETED, expunge -> DETACHED
    DELETED     row deleted, not yet committed       commit -> DETACHED, rollback -> PERSISTENT
    DETACHED    identity, but no session             add -> PERSISTENT, make_transient -> TRANSIENT

Rejected: a state object per instance (a third of the loading time went to making and collecting
it), and flags in the instance dict (they show up in ``vars(obj)``).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ormolu import exc
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances.phases import (
    DELETED,
    DETACHED,
    FRESH_BATCHES,
    NO_MEMBERSHIP,
    NO_VALUE,
    PENDING,
    PERSISTENT,
    PHASE_WITHOUT_SESSION,
    STATE,
    TRANSIENT,
    TRANSIENT_STATE,
    Deleted,
    Expired,
    LoaderCallableStatus,
    MapperView,
    Membership,
    Phase,
    Private,
    SessionView,
    Shared,
    State,
    Transient,
)

__all__ = [
    "DELETED",
    "DETACHED",
    "NO_MEMBERSHIP",
    "NO_VALUE",
    "PENDING",
    "PERSISTENT",
    "PHASE_WITHOUT_SESSION",
    "STATE",
    "TRANSIENT",
    "TRANSIENT_STATE",
    "Deleted",
    "Expired",
    "LoaderCallableStatus",
    "MapperView",
    "Membership",
    "Phase",
    "Private",
    "SessionView",
    "Shared",
    "State",
    "Transient",
    "attach",
    "describe",
    "detach",
    "expire",
    "expire_all",
    "expire_attributes",
    "expire_fresh",
    "identity_of",
    "last_values",
    "make_transient",
    "mark_modified",
    "pending",
    "phase_of",
    "private",
    "raw_key",
    "session_of",
    "settle",
    "state_of",
    "unmapped",
    "woken",
]

_set = object.__setattr__
_new: Callable[[type[Private]], Private] = object.__new__


def state_of(obj: object) -> State:
    """The state of a mapped object.

    Raises `UnmappedInstanceError` when the object's class is not mapped.
    """
    state = getattr(obj, STATE, None)
    if state is None:
        raise unmapped(obj)
    return state  # type: ignore[no-any-return]


def unmapped(obj: object) -> orm_exc.UnmappedInstanceError:
    """The error for an object whose class has no mapping."""
    if isinstance(obj, type):
        return orm_exc.UnmappedInstanceError(
            obj, f"{obj.__name__!r} is a class; an instance of it is needed, {obj.__name__}(...)"
        )
    name = f"{type(obj).__module__}.{type(obj).__qualname__}"
    return orm_exc.UnmappedInstanceError(
        obj,
        f"Class '{name}' is not mapped, so its instances can't be used with a session; derive it "
        "from a DeclarativeBase, or map it with registry.map_imperatively()",
    )


def private(obj: object) -> Private:
    """The object's own state; a shared or expired one is upgraded in place.

    A transient object is refused with `InvalidRequestError`: only a session gives it a state.
    """
    state = getattr(obj, STATE, None)
    if type(state) is Private:
        return state
    if type(state) is Shared:
        values = obj.__dict__
        mapper = state.mapper
        names = mapper.pk_keys
        key = values.get(names[0]) if len(names) == 1 else raw_key(mapper, values)
        own = values[STATE] = Private(state.membership, mapper, PERSISTENT, key, state)
        return own
    if type(state) is Deleted:
        own = Private(
            state.membership,
            state.mapper,
            state.phase,
            raw_key(state.mapper, obj.__dict__),
        )
    elif type(state) is Expired:
        shared = state.shared
        own = Private(
            shared.membership,
            shared.mapper,
            PERSISTENT,
            raw_key(shared.mapper, state.values),
            shared,
            state.values,
        )
        shared.membership.arrive([weakref.ref(obj)])
    elif state is None:
        raise unmapped(obj)
    else:
        raise exc.InvalidRequestError(f"Instance {describe(obj)} is not in a session; add it first")
    obj.__dict__[STATE] = own
    return own


def pending(obj: object, mapper: Any, membership: Membership) -> Private:
    """Give a transient object the state of one that waits for its insert."""
    own = obj.__dict__[STATE] = _new(Private)
    own.membership = membership
    own.mapper = mapper
    own.phase = PENDING
    own.committed = {}
    return own


def settle(obj: object) -> None:
    """Make a flushed object clean: its own state gives way to a shared one.

    What it holds in memory is now what the database has. When some attributes are still expired,
    the state is `Expired`, and the others stay in the object's dict.
    """
    own = obj.__dict__
    state = own.get(STATE)
    if type(state) is not Private:
        return
    shared = state.shared
    if shared is None or shared.membership is not state.membership:
        shared = state.membership.shared(state.mapper)
    own[STATE] = shared
    if state.expired_values and not own.keys() >= state.expired_values.keys():
        own[STATE] = Expired(shared, {**state.expired_values, **own})


def raw_key(mapper: Any, values: Mapping[str, Any]) -> Any:
    """The raw primary key among an object's values: a scalar, or a tuple when composite."""
    names = mapper.pk_keys
    if len(names) == 1:
        return values.get(names[0])
    return tuple([values.get(name) for name in names])


def session_of(obj: object) -> Any:
    """The session that holds the object, or None. No type check: any object is accepted."""
    state = getattr(obj, STATE, None)
    if state is None or state is TRANSIENT_STATE:
        return None
    return state.membership.session


def phase_of(obj: object) -> Phase:
    """The object's phase. Raises `UnmappedInstanceError` for an unmapped object."""
    state = state_of(obj)
    if isinstance(state, Transient):
        return TRANSIENT
    phase = state.phase
    return phase if state.membership.session is not None else PHASE_WITHOUT_SESSION[phase]


def identity_of(obj: object) -> Any:
    """The raw primary key under which the database knows the object, or None.

    A scalar, or a tuple for a composite key; what the identity map uses.
    """
    state = state_of(obj)
    if type(state) is Private:
        return state.key
    if type(state) is Shared or type(state) is Deleted:
        return raw_key(state.mapper, obj.__dict__)
    if type(state) is Expired:
        return raw_key(state.mapper, state.values)
    return None


def last_values(obj: object) -> Mapping[str, Any]:
    """The values that expired attributes last had; empty when nothing is expired."""
    state = state_of(obj)
    if type(state) is Expired:
        return state.values
    if type(state) is Private and state.expired_values:
        return state.expired_values
    return {}


def expire(obj: object) -> None:
    """Mark every attribute to be loaded again on its next use; unflushed changes are dropped."""
    own = obj.__dict__
    state = own.get(STATE)
    if type(state) is Deleted:
        state = private(obj)
    if type(state) is Shared:
        fresh: dict[str, Any] = {STATE: Expired(state, own)}
        plain = state.mapper.plain_names
        if plain:
            _keep_plain(plain, own, fresh)
        _set(obj, "__dict__", fresh)
    elif type(state) is Private:
        _expire_private(obj, state)
    elif type(state) is Expired and len(own) > 1:
        fresh = {STATE: state}
        _keep_plain(state.mapper.plain_names, own, fresh)
        state.values = {**state.values, **own}
        _set(obj, "__dict__", fresh)


def _expire_private(obj: object, state: Private) -> None:
    own = obj.__dict__
    values = {**(state.expired_values or {}), **own}
    for name, old in state.committed.items():
        if old is NO_VALUE:
            values.pop(name, None)
        else:
            values[name] = old
    for name, part in zip(state.mapper.pk_keys, _key_parts(state), strict=False):
        values[name] = part
    session = state.membership.session
    if session is not None:
        session._modified.pop(id(obj), None)
    state.committed.clear()
    state.pending = None
    values.pop(STATE, None)
    fresh: dict[str, Any] = {}
    _keep_plain(state.mapper.plain_names, own, fresh)
    if state.phase is PERSISTENT:
        shared = state.shared
        if shared is None or shared.membership is not state.membership:
            shared = state.membership.shared(state.mapper)
        fresh[STATE] = Expired(shared, values)
    else:
        state.expired_values = values
        fresh[STATE] = state
    _set(obj, "__dict__", fresh)


def _key_parts(state: Private) -> tuple[Any, ...]:
    if state.key is None:
        return ()
    return state.key if len(state.mapper.pk_keys) > 1 else (state.key,)


def _keep_plain(plain: set[str], own: dict[str, Any], fresh: dict[str, Any]) -> None:
    for name in plain:
        if name in own:
            fresh[name] = own[name]


def expire_all(objects: Iterable[object]) -> None:
    """Expire many objects."""
    for obj in objects:
        own = obj.__dict__
        state = own.get(STATE)
        if type(state) is Shared and not state.mapper.plain_names:
            _set(obj, "__dict__", {STATE: Expired(state, own)})
        else:
            expire(obj)


def expire_fresh(membership: Membership) -> None:
    """Expire the objects that became readable since the last time: what a commit does."""
    new = object.__new__
    # The shared state seen last that is of this membership, and of a class to be expired simply.
    last: Any = None
    put_dict: Any = None
    batches, membership.fresh = membership.fresh, []
    membership.fresh_limit = FRESH_BATCHES
    for refs in batches:
        for ref in refs:
            obj = ref()
            if obj is None:
                continue
            own = obj.__dict__
            state = own.get(STATE)
            if state is not last or state is None:
                if (
                    type(state) is Shared
                    and state.membership is membership
                    and not state.mapper.plain_names
                ):
                    last = state
                    put_dict = state.mapper.put_dict
                else:
                    if state is not None and state.membership is membership:
                        expire(obj)
                    continue
            expired = new(Expired)
            expired.shared = state
            expired.values = own
            put_dict(obj, {STATE: expired})


def woken(obj: object) -> None:
    """Note an expired object that was given loaded values, so that the next commit expires them."""
    state = obj.__dict__.get(STATE)
    if type(state) is Expired:
        state.membership.arrive([weakref.ref(obj)])


def expire_attributes(obj: object, names: Iterable[str]) -> None:
    """Mark the named attributes to be loaded again; their unflushed changes are dropped."""
    state = private(obj)
    own = obj.__dict__
    last = dict(state.expired_values or {})
    for name in names:
        old = state.committed.pop(name, NO_VALUE)
        if state.pending is not None:
            state.pending.pop(name, None)
        current = own.pop(name, NO_VALUE)
        kept = current if old is NO_VALUE else old
        last.setdefault(name, None if kept is NO_VALUE else kept)
    state.expired_values = last
    session = state.membership.session
    if session is not None and not state.committed and not state.pending:
        session._modified.pop(id(obj), None)


def mark_modified(obj: object, state: Private) -> None:
    """Have the session hold the changed object until it is flushed; a change begins a transaction.

    Without one a rollback would have nothing to take the change back from.
    """
    session = state.membership.session
    if session is not None and state.phase is PERSISTENT:
        if session._transaction is None:
            session._begun()
        session._modified[id(obj)] = obj


def detach(obj: object) -> None:
    """Take the object out of its session: a pending one becomes transient, others detached."""
    own = obj.__dict__
    state = own.get(STATE)
    if type(state) is Deleted:
        state = private(obj)
    if type(state) is Private:
        if state.phase is PENDING:
            del own[STATE]
        else:
            state.membership = NO_MEMBERSHIP
            state.phase = DETACHED
    elif type(state) is Shared:
        own[STATE] = _loose(state)
    elif type(state) is Expired:
        own[STATE] = Expired(_loose(state.shared), state.values)


def attach(obj: object, membership: Membership) -> None:
    """Take a detached object into a session as persistent."""
    membership.arrive([weakref.ref(obj)])
    own = obj.__dict__
    state = own.get(STATE)
    if type(state) is Deleted:
        state = private(obj)
    if type(state) is Private:
        state.membership = membership
        state.phase = PERSISTENT
        state.shared = None
        if state.committed or state.pending:
            mark_modified(obj, state)
    elif type(state) is Shared:
        own[STATE] = _joined(state, membership)
    elif type(state) is Expired:
        own[STATE] = Expired(_joined(state.shared, membership), state.values)


def _loose(shared: Shared) -> Shared:
    return Shared(NO_MEMBERSHIP, shared.mapper, None, shared.options, shared.path)


def _joined(shared: Shared, membership: Membership) -> Shared:
    return Shared(membership, shared.mapper, None, shared.options, shared.path)


def make_transient(obj: object) -> None:
    """Forget the object's identity and session; its values stay, expired ones are dropped."""
    state = state_of(obj)
    if state is not TRANSIENT_STATE:
        obj.__dict__.pop(STATE, None)


def describe(obj: object) -> str:
    """How messages name an object: class, and its identity or address."""
    name = type(obj).__qualname__
    key = identity_of(obj) if getattr(obj, STATE, None) is not None else None
    where = f"at {id(obj):#x}" if key is None else f"with primary key {key!r}"
    return f"<{name} {where}>"
