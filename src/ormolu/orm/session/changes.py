"""Whether an object has net changes: what ``is_modified`` answers."""

from __future__ import annotations

from ormolu.orm.instances.history import get_history
from ormolu.orm.instances.state import PENDING, STATE, Private, state_of


def has_changes(obj: object, include_collections: bool = True) -> bool:
    """Whether any attribute differs from what the database has.

    :raises UnmappedInstanceError: when the object's class is not mapped.
    """
    state = state_of(obj)
    if not isinstance(state, Private) or state.phase is PENDING:
        return _has_values(obj, include_collections)
    # What is queued for a collection that isn't loaded is the other side's change.
    return any(_changed(obj, name, include_collections) for name in state.committed)


def _has_values(obj: object, include_collections: bool) -> bool:
    """A transient or pending object is modified when it has any value at all."""
    if type(obj.__dict__.get(STATE)) not in (type(None), Private):
        return False
    mapper = type(obj).__mapper__  # type: ignore[attr-defined]
    return any(
        _changed(obj, name, include_collections) for name in obj.__dict__ if name in mapper.attrs
    )


def _changed(obj: object, name: str, include_collections: bool) -> bool:
    attribute = getattr(type(obj), name)
    if attribute.impl.uselist and not include_collections:
        return False
    if getattr(attribute.property, "viewonly", False):
        return False
    return get_history(obj, name).has_changes()
