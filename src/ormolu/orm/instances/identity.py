"""The identity map: one object per row and session.

Per base mapper a dict from raw primary key to weak reference. The references have no callbacks: a
callback per object would cost an allocation per row. Dead entries are swept when a dict has doubled
since its last sweep, so that the work per insertion stays constant.

Generated loaders work on the inner dict (`IdentityMap.of`) directly.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

from ormolu.orm.instances.state import identity_of, state_of

_SMALLEST_SWEEP = 512

Entries = dict[Any, "weakref.ref[Any]"]


class IdentityMap:
    """The persistent objects of one session, by mapper and raw primary key."""

    __slots__ = ("_limits", "_maps")

    def __init__(self) -> None:
        self._maps: dict[Any, Entries] = {}
        self._limits: dict[Any, int] = {}

    def of(self, mapper: Any) -> Entries:
        """The entries of a mapper's hierarchy, swept when they have doubled.

        Loaders call this once per result and then read and write the dict themselves.
        """
        base = mapper.base_mapper
        entries = self._maps.get(base)
        if entries is None:
            entries = self._maps[base] = {}
            self._limits[base] = _SMALLEST_SWEEP
        elif len(entries) > self._limits[base]:
            self._sweep(base, entries)
        return entries

    def _sweep(self, base: Any, entries: Entries) -> None:
        for key in [key for key, ref in entries.items() if ref() is None]:
            del entries[key]
        self._limits[base] = max(_SMALLEST_SWEEP, 2 * len(entries))

    def get(self, mapper: Any, key: Any) -> Any:
        """The object under a raw primary key, or None."""
        entries = self._maps.get(mapper.base_mapper)
        if entries is None:
            return None
        ref = entries.get(key)
        return None if ref is None else ref()

    def add(self, mapper: Any, key: Any, obj: object) -> bool:
        """Add an object unless another one has its key; True when it is now in the map."""
        entries = self.of(mapper)
        ref = entries.get(key)
        found = None if ref is None else ref()
        if found is not None and found is not obj:
            return False
        entries[key] = weakref.ref(obj)
        return True

    def replace(self, mapper: Any, key: Any, obj: object) -> Any:
        """Put an object under a key; the object that was there, or None."""
        entries = self.of(mapper)
        ref = entries.get(key)
        entries[key] = weakref.ref(obj)
        found = None if ref is None else ref()
        return None if found is obj else found

    def discard(self, mapper: Any, key: Any, obj: object | None = None) -> None:
        """Take out what stands under a key, or only ``obj`` when given."""
        entries = self._maps.get(mapper.base_mapper)
        ref = None if entries is None else entries.get(key)
        if entries is None or ref is None:
            return
        found = ref()
        if obj is None or found is None or found is obj:
            del entries[key]

    def clear(self) -> None:
        """Forget every object."""
        self._maps.clear()
        self._limits.clear()

    def values(self) -> list[Any]:
        """The living objects."""
        return [
            obj
            for entries in self._maps.values()
            for ref in entries.values()
            if (obj := ref()) is not None
        ]

    def __contains__(self, obj: object) -> bool:
        """Whether this very object is in the map."""
        mapper = getattr(state_of(obj), "mapper", None)
        return mapper is not None and self.get(mapper, identity_of(obj)) is obj

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())

    def __len__(self) -> int:
        return sum(ref() is not None for entries in self._maps.values() for ref in entries.values())

    def __bool__(self) -> bool:
        # Every session asks at its end: a generator for `any` costs more than the answer.
        for entries in self._maps.values():
            for ref in entries.values():
                if ref() is not None:
                    return True
        return False
