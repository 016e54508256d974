"""What has changed on an object: `History`, per attribute.

Old values are kept in ``Private.committed`` from the first change on; everything here is computed
when asked for. Values are compared by equality, related objects by identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ormolu.orm.instances.collections import items_of
from ormolu.orm.instances.state import (
    NO_VALUE,
    PENDING,
    STATE,
    Private,
    state_of,
)

_NOTHING: tuple[Any, ...] = ()


class History(NamedTuple):
    """Values added to an attribute, kept in it, and taken out of it since the last flush."""

    added: Sequence[Any]
    unchanged: Sequence[Any]
    deleted: Sequence[Any]

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted)

    def empty(self) -> bool:
        """Whether there is no value at all, old or new."""
        return not (self.added or self.deleted or self.unchanged)

    def has_changes(self) -> bool:
        """Whether anything was added or deleted."""
        return bool(self.added or self.deleted)

    def sum(self) -> Sequence[Any]:
        """Added, unchanged and deleted values."""
        return [*self.added, *self.unchanged, *self.deleted]

    def non_deleted(self) -> Sequence[Any]:
        """Added and unchanged values: what the attribute holds now."""
        return [*self.added, *self.unchanged]

    def non_added(self) -> Sequence[Any]:
        """Unchanged and deleted values: what the attribute held before."""
        return [*self.unchanged, *self.deleted]


EMPTY = History(_NOTHING, _NOTHING, _NOTHING)


def get_history(obj: object, key: str) -> History:
    """The history of one attribute, as far as it is loaded: nothing is fetched.

    Raises `UnmappedInstanceError` for an unmapped object, KeyError for an unknown attribute.
    """
    attribute = getattr(type(obj), key, None)
    state = state_of(obj)
    if attribute is None:
        raise KeyError(f"{type(obj).__name__!r} has no mapped attribute {key!r}")
    own = obj.__dict__
    current = own.get(key, NO_VALUE)
    if type(state) is not Private:
        fresh = STATE not in own
        return _whole(attribute.impl, current, fresh)
    if state.phase is PENDING:
        return _whole(attribute.impl, current, True)
    if attribute.impl.uselist:
        return _collection_history(attribute.impl, state, current)
    if key not in state.committed:
        return _whole(attribute.impl, current, False)
    return _scalar_history(
        state.committed[key], current, by_identity=attribute.impl.is_relationship
    )


def _whole(impl: Any, current: Any, added: bool) -> History:
    if current is NO_VALUE:
        return EMPTY
    if impl.uselist:
        values = items_of(current)
        return History(values, [], []) if added else History(_NOTHING, values, _NOTHING)
    if added:
        return History([current], _NOTHING, _NOTHING)
    return History(_NOTHING, [current], _NOTHING)


def _scalar_history(old: Any, current: Any, *, by_identity: bool) -> History:
    if current is NO_VALUE:
        return History(_NOTHING, _NOTHING, _NOTHING if old is NO_VALUE else [old])
    if old is NO_VALUE:
        return History([current], _NOTHING, _NOTHING)
    if old is current or (not by_identity and same(old, current)):
        return History(_NOTHING, [current], _NOTHING)
    gone = _NOTHING if by_identity and old is None else [old]
    return History([current], _NOTHING, gone)


def same(old: Any, current: Any) -> bool:
    """Whether two column values are the same to the database.

    A comparison that gives something else than a truth value (arrays) counts as a change.
    """
    equal = old == current
    return equal is True


def _collection_history(impl: Any, state: Private, current: Any) -> History:
    key = impl.key
    if current is NO_VALUE:
        queued = (state.pending or {}).get(key)
        return EMPTY if queued is None else History(list(queued[0]), _NOTHING, list(queued[1]))
    items = items_of(current)
    old = state.committed.get(key, NO_VALUE)
    if old is NO_VALUE:
        return History(_NOTHING, items, _NOTHING)
    return _difference(old, items)


def _difference(old: Iterable[Any], items: list[Any]) -> History:
    before = {id(item): item for item in old}
    now = {id(item) for item in items}
    added = [item for item in items if id(item) not in before]
    unchanged = [item for item in items if id(item) in before]
    return History(added, unchanged, [item for item in before.values() if id(item) not in now])
