"""Functions on objects and sessions that stand beside `Session`."""

from __future__ import annotations

from typing import Any

from ormolu import exc
from ormolu.orm.instances import state as states
from ormolu.orm.instances.state import (
    DELETED,
    DETACHED,
    NO_MEMBERSHIP,
    PERSISTENT,
    STATE,
    TRANSIENT,
    Private,
    Shared,
    describe,
    identity_of,
    phase_of,
    session_of,
    state_of,
)

from .contention import AsyncOwner
from .core import all_sessions
from .objects import entity_mapper, raw_identity
from .transaction import values_back
from .views import IdentityKey, public_key


def object_session(instance: object) -> Any:
    """The `Session` that holds the object, or None.

    :raises UnmappedInstanceError: when the object's class is not mapped.
    """
    state_of(instance)
    return session_of(instance)


def identity_key(
    class_: Any = None,
    ident: Any = None,
    *,
    instance: Any = None,
    row: Any = None,
    identity_token: Any = None,
) -> IdentityKey:
    """The identity key of a class with a primary key or a row, or of an object."""
    if instance is not None:
        mapper = type(instance).__mapper__
        raw = identity_of(instance)
        if raw is None:
            parts = [getattr(instance, name) for name in mapper.pk_keys]
            raw = parts[0] if len(parts) == 1 else tuple(parts)
        return public_key(mapper, raw)
    if class_ is None:
        raise exc.ArgumentError("class or instance is required")
    mapper = entity_mapper(class_)
    if row is not None:
        values = row._mapping
        ident = tuple(values[column] for column in mapper.primary_key)
    elif ident is None:
        raise exc.ArgumentError("ident or row is required")
    base, parts_, _ = public_key(mapper, raw_identity(mapper, ident))
    return (base, parts_, identity_token)


def make_transient(instance: object) -> None:
    """Make the object forget its session and identity, so that it can be added as new."""
    session = object_session(instance)
    if session is not None:
        session._expunge_one(instance)
    values_back(instance)
    states.make_transient(instance)


def make_transient_to_detached(instance: object) -> None:
    """Treat a transient object with a primary key as one that was loaded, and expired.

    :raises InvalidRequestError: when it isn't transient.
    """
    if session_of(instance) is not None or phase_of(instance) is not TRANSIENT:
        raise exc.InvalidRequestError(
            f"Given object must be transient, and {describe(instance)} is "
            f"{phase_of(instance).value}; use make_transient() first"
        )
    own = instance.__dict__
    own[STATE] = Shared(NO_MEMBERSHIP, type(instance).__mapper__)  # type: ignore[attr-defined]
    keys = state_of(instance).mapper.pk_keys  # type: ignore[union-attr]
    missing = [name for name in keys if own.get(name) is None]
    if missing:
        del own[STATE]
        raise exc.InvalidRequestError(
            f"{describe(instance)} has no primary key, so it can't be a detached object; "
            f"set {', '.join(missing)} first"
        )
    states.expire_attributes(
        instance,
        [
            name
            for name in state_of(instance).mapper.column_attrs.keys()  # type: ignore[union-attr] # noqa: SIM118
            if name not in keys and name not in own
        ],
    )
    state = own[STATE]
    if isinstance(state, Private):
        state.phase = DETACHED


def attach_for_loading(session: Any, instance: object) -> None:
    """Have a transient object load its relationships as if it were persistent."""
    if phase_of(instance) is TRANSIENT:
        instance.__dict__[STATE] = Private(
            session._membership,
            type(instance).__mapper__,  # type: ignore[attr-defined]
            PERSISTENT,
        )
    else:
        states.attach(instance, session._membership)


def was_deleted(instance: object) -> bool:
    """Whether the object was deleted within the flushes of its session."""
    return state_of(instance).phase is DELETED


def close_all_sessions() -> None:
    """Close every session of this process; those of an `AsyncSession` are its own affair."""
    for session in all_sessions():
        if not isinstance(session._owner, AsyncOwner):
            session.close()
