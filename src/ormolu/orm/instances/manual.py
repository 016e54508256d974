"""Attributes handled by name: read, written and marked as changed, past what assignment does.

``flag_modified`` is for values that change in place, which nobody could notice:
``user.settings["theme"] = "dark"`` followed by ``flag_modified(user, "settings")`` writes the
column with the next flush.
"""

from __future__ import annotations

import enum
from typing import Any

from ormolu import exc
from ormolu.orm.instances import history
from ormolu.orm.instances.history import History
from ormolu.orm.instances.instance_state import instance_state
from ormolu.orm.instances.state import (
    NO_VALUE,
    PENDING,
    TRANSIENT_STATE,
    describe,
    mark_modified,
    private,
    state_of,
)

__all__ = [
    "PassiveFlag",
    "del_attribute",
    "flag_dirty",
    "flag_modified",
    "get_attribute",
    "get_history",
    "set_attribute",
]


class PassiveFlag(enum.Enum):
    """Whether a history is loaded where it is not known: only by ``PASSIVE_OFF``."""

    PASSIVE_OFF = "PASSIVE_OFF"
    PASSIVE_NO_FETCH = "PASSIVE_NO_FETCH"
    PASSIVE_NO_INITIALIZE = "PASSIVE_NO_INITIALIZE"


def _attribute(instance: object, key: str) -> Any:
    state_of(instance)
    attribute = getattr(type(instance), key, None)
    if not hasattr(attribute, "impl"):
        raise KeyError(f"{type(instance).__name__!r} has no mapped attribute {key!r}")
    return attribute


def flag_modified(instance: object, key: str) -> None:
    """Have the next flush write an attribute, whatever it held before.

    :raises InvalidRequestError: when the attribute is not loaded: there is nothing to write then.
    :raises KeyError: for a name that is not mapped.
    """
    impl = _attribute(instance, key).impl
    current = instance.__dict__.get(key, NO_VALUE)
    if current is NO_VALUE:
        raise exc.InvalidRequestError(
            f"Can't flag attribute '{key}' modified; it's not present in the object state of "
            f"{describe(instance)}: set it, or load it with session.refresh(obj, ['{key}'])"
        )
    _forget_committed(instance, key, [] if impl.uselist else NO_VALUE)
    for handler in () if impl.listeners is None else impl.listeners.handlers("modified"):
        handler(instance, None)


def _forget_committed(instance: object, key: str, unknown: Any) -> None:
    """Let nothing be known of what the database has, so that any value differs from it."""
    if state_of(instance) is TRANSIENT_STATE:
        return
    state = private(instance)
    if state.phase is not PENDING:
        mark_modified(instance, state)
        state.committed[key] = unknown


def flag_dirty(instance: object) -> None:
    """Have the session hold an object as changed, though no attribute is.

    It is in ``session.dirty`` and a ``before_flush`` listener sees it; nothing is written for it.
    """
    if state_of(instance) is not TRANSIENT_STATE:
        mark_modified(instance, private(instance))


def get_attribute(instance: object, key: str) -> Any:
    """Return an attribute's value, as reading it does."""
    _attribute(instance, key)
    return getattr(instance, key)


def set_attribute(instance: object, key: str, value: Any, initiator: Any = None) -> None:
    """Set an attribute, as assignment does: with its history, listeners and the other side."""
    _attribute(instance, key)
    setattr(instance, key, value)


def del_attribute(instance: object, key: str) -> None:
    """Delete an attribute's value, as ``del`` does."""
    _attribute(instance, key)
    delattr(instance, key)


def get_history(obj: object, key: str, passive: PassiveFlag = PassiveFlag.PASSIVE_OFF) -> History:
    """Return what was added to an attribute, is unchanged in it, and was taken out of it.

    :param passive: PASSIVE_OFF loads the attribute if it is not loaded; the others don't.
    :raises KeyError: for a name that is not mapped.
    """
    _attribute(obj, key)
    if passive is PassiveFlag.PASSIVE_OFF:
        return instance_state(obj).attrs[key].load_history()
    return history.get_history(obj, key)
