"""What `session.new`, `session.dirty`, `session.deleted` and `session.identity_map` give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ormolu.orm.instances.state import identity_of, state_of

if TYPE_CHECKING:
    from ormolu.orm.instances.identity import IdentityMap

IdentityKey = tuple[type[Any], tuple[Any, ...], Any]


class IdentitySet:
    """A set of objects told apart by identity, never by ``==`` or ``hash``."""

    __slots__ = ("_members",)

    def __init__(self, objects: Iterable[object] = ()) -> None:
        self._members: dict[int, Any] = {id(obj): obj for obj in objects}

    def add(self, obj: object) -> None:
        """Add an object."""
        self._members[id(obj)] = obj

    def discard(self, obj: object) -> None:
        """Take an object out, if it is there."""
        self._members.pop(id(obj), None)

    def union(self, other: Iterable[object]) -> IdentitySet:
        """The objects that are in either."""
        return IdentitySet([*self, *other])

    def intersection(self, other: Iterable[object]) -> IdentitySet:
        """The objects that are in both."""
        return IdentitySet(obj for obj in other if obj in self)

    def difference(self, other: Iterable[object]) -> IdentitySet:
        """The objects that are not in ``other``."""
        others = IdentitySet(other)
        return IdentitySet(obj for obj in self if obj not in others)

    __or__ = union
    __and__ = intersection
    __sub__ = difference

    def __contains__(self, obj: object) -> bool:
        return id(obj) in self._members

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._members.values()))

    def __len__(self) -> int:
        return len(self._members)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, IdentitySet):
            return self._members.keys() == other._members.keys()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"IdentitySet({list(self)!r})"


def public_key(mapper: Any, raw: Any) -> IdentityKey:
    """The identity key as users see it: base class, primary key as a tuple, no token."""
    parts = raw if len(mapper.pk_keys) > 1 else (raw,)
    return (mapper.base_mapper.class_, tuple(parts), None)


class IdentityMapView(Mapping[IdentityKey, Any]):
    """The persistent objects of a session under their public identity keys; a live view."""

    __slots__ = ("_map",)

    def __init__(self, identity: IdentityMap) -> None:
        self._map = identity

    def _items(self) -> dict[IdentityKey, Any]:
        return {
            public_key(state_of(obj).mapper, identity_of(obj)): obj  # type: ignore[union-attr]
            for obj in self._map.values()
        }

    def __getitem__(self, key: IdentityKey) -> Any:
        return self._items()[key]

    def __iter__(self) -> Iterator[IdentityKey]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._map)

    def __repr__(self) -> str:
        return f"IdentityMap({self._map.values()!r})"
