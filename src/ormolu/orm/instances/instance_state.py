"""`InstanceState`: what ``inspect(obj)`` gives, made when asked for.

It holds nothing but the object: every property is read from the object's state at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ormolu import exc
from ormolu.orm.instances import missing
from ormolu.orm.instances.history import EMPTY, History, get_history
from ormolu.orm.instances.state import (
    DELETED,
    DETACHED,
    NO_VALUE,
    PENDING,
    PERSISTENT,
    STATE,
    TRANSIENT,
    Deleted,
    Expired,
    LoaderCallableStatus,
    Phase,
    Private,
    identity_of,
    last_values,
    phase_of,
    session_of,
    state_of,
)

__all__ = ["AttributeState", "AttributeStates", "InstanceState"]


class AttributeState:
    """One attribute of one object."""

    __slots__ = ("_obj", "key")

    def __init__(self, obj: object, key: str) -> None:
        self._obj = obj
        self.key = key

    @property
    def value(self) -> Any:
        """The value, loaded if need be."""
        return getattr(self._obj, self.key)

    @property
    def loaded_value(self) -> Any:
        """The value as it is in memory, or `NO_VALUE`."""
        return self._obj.__dict__.get(self.key, NO_VALUE)

    @property
    def state(self) -> InstanceState:
        """The state of the object."""
        return InstanceState(self._obj)

    @property
    def history(self) -> History:
        """What has changed, as far as it is loaded."""
        impl = getattr(type(self._obj), self.key).impl
        if impl.uselist and self.key not in self._obj.__dict__:
            return EMPTY
        return get_history(self._obj, self.key)

    def load_history(self) -> History:
        """What has changed; the value is loaded when it is not in memory."""
        if self.key not in self._obj.__dict__ and phase_of(self._obj) is PERSISTENT:
            missing.read(self._obj, getattr(type(self._obj), self.key))
        return get_history(self._obj, self.key)


class AttributeStates:
    """The attributes of one object by name: ``inspect(user).attrs.name``."""

    __slots__ = ("_keys", "_obj")

    def __init__(self, obj: object, keys: tuple[str, ...]) -> None:
        self._obj = obj
        self._keys = keys

    def __getattr__(self, key: str) -> AttributeState:
        if key not in self._keys:
            raise AttributeError(
                f"{type(self._obj).__name__!r} has no mapped attribute {key!r}; it has "
                f"{', '.join(self._keys)}"
            )
        return AttributeState(self._obj, key)

    def __getitem__(self, key: str) -> AttributeState:
        try:
            return getattr(self, key)  # type: ignore[no-any-return]
        except AttributeError as error:
            raise KeyError(str(error)) from None

    def __iter__(self) -> Iterator[AttributeState]:
        return iter([AttributeState(self._obj, key) for key in self._keys])

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> list[str]:
        """The attribute names."""
        return list(self._keys)

    def values(self) -> list[AttributeState]:
        """The attributes."""
        return list(self)

    def items(self) -> list[tuple[str, AttributeState]]:
        """Names with their attributes."""
        return [(state.key, state) for state in self]


class InstanceState:
    """The state of a mapped object, as ``inspect(obj)`` shows it."""

    __slots__ = ("object",)
    is_instance = True
    is_mapper = False
    is_attribute = False
    is_aliased_class = False
    is_selectable = False
    is_clause_element = False
    is_bundle = False

    def __init__(self, obj: object) -> None:
        state_of(obj)
        self.object: Any = obj

    def _names(self) -> tuple[str, ...]:
        return tuple(self.mapper.attrs.keys())

    def obj(self) -> Any:
        """The object."""
        return self.object

    @property
    def class_(self) -> type[Any]:
        """The object's class."""
        return type(self.object)

    @property
    def phase(self) -> Phase:
        """The object's phase."""
        return phase_of(self.object)

    @property
    def transient(self) -> bool:
        """No identity and no session."""
        return self.phase is TRANSIENT

    @property
    def pending(self) -> bool:
        """In a session and not yet inserted."""
        return self.phase is PENDING

    @property
    def persistent(self) -> bool:
        """In a session, with a row."""
        return self.phase is PERSISTENT

    @property
    def deleted(self) -> bool:
        """Its row was deleted in a transaction that is still open."""
        return self.phase is DELETED

    @property
    def detached(self) -> bool:
        """It has an identity and no session."""
        return self.phase is DETACHED

    @property
    def was_deleted(self) -> bool:
        """Whether the row was deleted, the transaction having ended or not."""
        state = state_of(self.object)
        return isinstance(state, (Private, Deleted)) and state.phase is DELETED

    @property
    def session(self) -> Any:
        """The session, or None."""
        session = session_of(self.object)
        return getattr(session, "_public", session)

    @property
    def async_session(self) -> Any:
        """The `AsyncSession`, or None when there is none or the session is a sync one."""
        return getattr(session_of(self.object), "_async_session", None)

    @property
    def session_id(self) -> int | None:
        """The session's number, or None."""
        return getattr(session_of(self.object), "hash_key", None)

    @property
    def mapper(self) -> Any:
        """The mapper of the object's class."""
        return type(self.object).__mapper__

    @property
    def identity(self) -> tuple[Any, ...] | None:
        """The primary key as a tuple, or None without one."""
        key = identity_of(self.object)
        if key is None:
            return None
        return key if len(self.mapper.pk_keys) > 1 else (key,)

    @property
    def identity_key(self) -> tuple[type[Any], tuple[Any, ...], Any] | None:
        """``(class, primary key, identity token)``, or None without a primary key."""
        identity = self.identity
        return None if identity is None else (self.mapper.base_mapper.class_, identity, None)

    @property
    def key(self) -> tuple[type[Any], tuple[Any, ...], Any] | None:
        """The same as `identity_key`."""
        return self.identity_key

    @property
    def identity_token(self) -> None:
        """Always None: objects are not sharded."""
        return None

    @property
    def has_identity(self) -> bool:
        """Whether the object has an identity in the database."""
        return identity_of(self.object) is not None

    @property
    def attrs(self) -> AttributeStates:
        """The mapped attributes with value and history."""
        return AttributeStates(self.object, self._names())

    @property
    def dict(self) -> dict[str, Any]:
        """The object's dict."""
        return self.object.__dict__  # type: ignore[no-any-return]

    @property
    def modified(self) -> bool:
        """Whether anything was set since the last flush, changed or not."""
        state = state_of(self.object)
        if type(state) is Private:
            return bool(state.committed or state.pending or state.phase is PENDING)
        return state is state_of(type(self.object)) and len(self.dict) > 0

    @property
    def expired(self) -> bool:
        """Whether every attribute is to be loaded again."""
        state = state_of(self.object)
        return type(state) is Expired and len(self.dict) == 1

    @property
    def expired_attributes(self) -> set[str]:
        """The attributes that are to be loaded again."""
        if self.expired:
            return set(self._names())
        columns = self.mapper.column_attrs
        last = last_values(self.object)
        return {name for name in last if name in columns and name not in self.dict}

    @property
    def unloaded(self) -> set[str]:
        """The attributes without a value in memory."""
        return {name for name in self._names() if name not in self.dict}

    @property
    def unloaded_expirable(self) -> set[str]:
        """The same as `unloaded`."""
        return self.unloaded

    @property
    def unmodified(self) -> set[str]:
        """The attributes that were not set since the last flush."""
        return set(self._names()) - set(self.committed_state)

    def unmodified_intersection(self, keys: Any) -> set[str]:
        """Those of ``keys`` that were not set since the last flush."""
        return set(keys) & self.unmodified

    @property
    def committed_state(self) -> Mapping[str, Any]:
        """The values that changed attributes had before."""
        state = state_of(self.object)
        if type(state) is Private:
            return state.committed
        if STATE in self.dict:
            return {}
        return dict.fromkeys(self.dict, LoaderCallableStatus.NO_VALUE)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InstanceState) and other.object is self.object

    def __hash__(self) -> int:
        return hash((InstanceState, id(self.object)))

    def __repr__(self) -> str:
        return f"<InstanceState of {type(self.object).__name__}: {self.phase.value}>"


def instance_state(obj: Any) -> InstanceState:
    """The `InstanceState` of an object.

    Raises `UnmappedInstanceError` when its class is not mapped.
    """
    return InstanceState(obj)


def instance_dict(obj: Any) -> dict[str, Any]:
    """The dict of an object."""
    return obj.__dict__  # type: ignore[no-any-return]


def object_session(instance: object) -> Any:
    """The session an object is in, or None.

    Raises `UnmappedInstanceError` when its class is not mapped.
    """
    return InstanceState(instance).session


def was_deleted(instance: object) -> bool:
    """Whether the object's row was deleted by a flush."""
    return InstanceState(instance).was_deleted


def require_persistent(obj: object) -> None:
    """Refuse an object that is not persistent: `InvalidRequestError`."""
    if phase_of(obj) is not PERSISTENT:
        raise exc.InvalidRequestError(f"Instance {obj!r} is not persistent within this Session")
