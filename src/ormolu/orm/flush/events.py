"""The events around the writing of rows: `before_insert`, `after_insert`, and so on.

Their handlers are plain functions `fn(mapper, connection, target)`, called for each object just
before and after the action that writes it. They may set column attributes of the target; what they
do to relationships belongs into `before_flush`. Listen on a mapped class, on its mapper, or on
`Mapper` for all of them.
"""

from __future__ import annotations

import weakref
from typing import Any

from ormolu.event import Dispatch, Event, register_target
from ormolu.orm.flush.actions import DeleteRows, InsertRows, UpdateRows
from ormolu.orm.mapping.mapper import Mapper

_ARGUMENTS = ("mapper", "connection", "target")
_NAMES = (
    "before_insert",
    "after_insert",
    "before_update",
    "after_update",
    "before_delete",
    "after_delete",
)

AROUND: dict[type[Any], tuple[str, str]] = {
    InsertRows: ("before_insert", "after_insert"),
    UpdateRows: ("before_update", "after_update"),
    DeleteRows: ("before_delete", "after_delete"),
}
"""The events before and after each kind of action; a kind that is not here has none."""


class FlushDispatch(Dispatch):
    """The handlers of one mapper's (or every mapper's) row events."""

    events = tuple(Event(name, _ARGUMENTS) for name in _NAMES)
    active = False

    def _refresh(self, name: str) -> None:
        super()._refresh(name)
        self.active = any(self.handlers(event.name) for event in self.events)


EVERY_MAPPER = FlushDispatch()
_own: weakref.WeakKeyDictionary[Mapper, FlushDispatch] = weakref.WeakKeyDictionary()


def dispatch_of(mapper: Mapper) -> FlushDispatch:
    """The handlers that apply to a mapper."""
    return _own.get(mapper, EVERY_MAPPER) if _own else EVERY_MAPPER


def listened(action: Any) -> bool:
    """Whether anybody listens to the events around an action."""
    if not _own and not EVERY_MAPPER.active:
        return False
    dispatch = dispatch_of(action.mapper)
    if not dispatch.active or type(action) not in AROUND:
        return False
    before, after = AROUND[type(action)]
    return bool(dispatch.handlers(before) or dispatch.handlers(after))


def _own_dispatch(mapper: Mapper) -> FlushDispatch:
    found = _own.get(mapper)
    if found is None:
        found = _own[mapper] = FlushDispatch(EVERY_MAPPER)
    return found


def _target_dispatch(target: Any) -> FlushDispatch | None:
    """The dispatch a listener on `target` joins; None when it is no mapped class or mapper."""
    if target is Mapper:
        return EVERY_MAPPER
    if isinstance(target, Mapper):
        return _own_dispatch(target)
    mapper = target.__dict__.get("__mapper__") if isinstance(target, type) else None
    return _own_dispatch(mapper) if isinstance(mapper, Mapper) else None


register_target(object, _target_dispatch)
