"""`Namespace`: named things in order, reached by attribute or key, as ``mapper.attrs`` is."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Namespace(Generic[T]):
    """A read-only mapping whose iteration gives the values; ``names.x`` is ``names["x"]``."""

    __slots__ = ("_items", "_owner")

    def __init__(self, items: dict[str, T], owner: str) -> None:
        self._items = items
        self._owner = owner

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def __getattr__(self, key: str) -> T:
        if key.startswith("__"):
            raise AttributeError(key)
        try:
            return self._items[key]
        except KeyError:
            raise AttributeError(
                f"{self._owner} has no {key!r}; there are {', '.join(self._items) or 'none'}"
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._items]

    def get(self, key: str, default: Any = None) -> T | Any:
        """The value under a key, or the default."""
        return self._items.get(key, default)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._items.keys()

    def values(self) -> ValuesView[T]:
        """The values."""
        return self._items.values()

    def items(self) -> ItemsView[str, T]:
        """Names with values."""
        return self._items.items()

    def __repr__(self) -> str:
        return f"<{self._owner}: {', '.join(self._items)}>"
