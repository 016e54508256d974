"""The events around the writing of rows: `before_insert`, `after_insert`, and so on.

Their handlers are plain functions `fn(mapper, connection, target)`, called for each object just
before and after the action that writes it; those of an update also for an object that was touched
but has nothing to be written. They may set column attributes of the target; what they do to
relationships belongs into `before_flush`.
"""

from __future__ import annotations

from typing import Any

from ormolu.orm.flush.actions import Action, DeleteRows, InsertRows, UpdateRows

AROUND: dict[type[Any], tuple[str, str]] = {
    InsertRows: ("before_insert", "after_insert"),
    UpdateRows: ("before_update", "after_update"),
    DeleteRows: ("before_delete", "after_delete"),
}
"""The events before and after each kind of action; a kind that is not here has none."""


def listened(action: Action) -> bool:
    """Whether anybody listens to the events around an action."""
    names = AROUND.get(type(action))
    if names is None:
        return False
    dispatch = action.mapper.dispatch
    return bool(dispatch.handlers(names[0]) or dispatch.handlers(names[1]))
