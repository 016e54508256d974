"""The statement cache: statement key -> compiled form, bounded, and shared by threads.

A strict least-recently-used order would cost every hit a reordering under a lock. Two generations
cost a hit one dictionary lookup: entries are added to the *young* dictionary; when it is full it
becomes the *old* one, and the previous old one is dropped; an entry found among the old is moved
to the young. So what is used at least once per generation stays, and no more than one and a half
times ``size`` entries are ever held, which is the bound that ``query_cache_size`` documents.

Each step is one atomic dictionary operation; two threads that race lose at most an entry,
which is compiled again.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class StatementCache:
    """Bounded mapping; ``size`` 0 disables it.

    ``young`` is for a look without the call: what isn't there, `get` may still find.
    """

    __slots__ = ("_limit", "_old", "size", "young")

    def __init__(self, size: int = 500) -> None:
        self.size = size
        self._limit = max(1, size * 3 // 4)
        self.young: dict[Hashable, Any] = {}
        self._old: dict[Hashable, Any] = {}

    def get(self, key: Hashable) -> Any:
        """Return the entry for ``key``, or None."""
        value = self.young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self[key] = value
        return value

    def __setitem__(self, key: Hashable, value: Any) -> None:
        if not self.size:
            return
        young = self.young
        if len(young) >= self._limit and key not in young:
            self._old = young
            self.young = young = {}
        young[key] = value

    def __contains__(self, key: Hashable) -> bool:
        return key in self.young or key in self._old

    def __len__(self) -> int:
        return len(self.young.keys() | self._old.keys())

    def clear(self) -> None:
        """Forget everything."""
        self.young = {}
        self._old = {}

    def __repr__(self) -> str:
        return f"<StatementCache {len(self)} of {self.size}>"
