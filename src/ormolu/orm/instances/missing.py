"""What an attribute gives when the object's dict has no value for it.

=================== ============================== ==================================
object              column                         relationship
=================== ============================== ==================================
transient, pending  None, not stored               None; a collection: empty, stored
persistent          loaded by the session          loaded by the session
detached, expired   the value it last had          the value it last had
detached, unloaded  `DetachedInstanceError`        `DetachedInstanceError`
deleted by ``del``  None                           None
=================== ============================== ==================================
"""

from __future__ import annotations

from typing import Any

from ormolu.orm import exc as orm_exc
from ormolu.orm.instances import links
from ormolu.orm.instances.state import (
    NO_VALUE,
    PENDING,
    STATE,
    Private,
    last_values,
    session_of,
)


def read(obj: object, attribute: Any) -> Any:
    """The value of an absent attribute: a default, a load through the session, or an error.

    Raises `DetachedInstanceError` when it would have to be loaded and there is no session, and
    `ObjectDeletedError` when its row is gone.
    """
    own = obj.__dict__
    state = own.get(STATE)
    impl = attribute.impl
    if state is None:
        return _default(obj, impl)
    if type(state) is Private:
        if state.phase is PENDING:
            return _default(obj, impl)
        if impl.key in state.committed and not impl.uselist:
            return None
    session = state.membership.session
    if session is not None:
        return _load(obj, attribute, session)
    last = last_values(obj).get(impl.key, NO_VALUE)
    if last is not NO_VALUE:
        return last
    raise _detached(obj, impl)


def read_old(obj: object, attribute: Any) -> Any:
    """As `read`, for a value that is about to be replaced: nothing is flushed for it."""
    session = session_of(obj)
    if session is None:
        return read(obj, attribute)
    with session.no_autoflush:
        return read(obj, attribute)


def _load(obj: object, attribute: Any, session: Any) -> Any:
    key = attribute.impl.key
    value = session._load_attribute(obj, attribute)
    return obj.__dict__.get(key, value)


def _default(obj: object, impl: Any) -> Any:
    if impl.uselist:
        return links.new_collection(impl, obj)
    listeners = impl.listeners
    value = None
    if listeners is not None:
        for handler in listeners.init_scalar:
            value = handler(obj, value, obj.__dict__)
    return value


def _detached(obj: object, impl: Any) -> orm_exc.DetachedInstanceError:
    class_name = type(obj).__name__
    name = f"{class_name}.{impl.key}"
    if impl.is_relationship:
        advice = f"load it with the object: select({class_name}).options(selectinload({name}))"
    else:
        advice = f"load it with the object: select({class_name}).options(undefer({name}))"
    return orm_exc.DetachedInstanceError(
        f"Parent instance <{class_name} at {id(obj):#x}> is not bound to a Session; {name} was "
        f"never loaded and can't be loaded now. Either {advice}, or read it before the session "
        "is closed"
    )
