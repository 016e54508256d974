"""``table.c``: columns by key, by position and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, NoReturn, TypeVar, overload

from ..exc import ArgumentError
from .elements import ClauseList, ColumnElement

_C = TypeVar("_C", bound=ColumnElement[Any])


class ColumnCollection(Generic[_C]):
    """The columns of a FROM element, in order; by key as item and as attribute.

    Two columns of one key both iterate; the key gives the first.
    """

    __slots__ = ("_all", "_by_key")

    def __init__(self, columns: Iterable[tuple[str | None, _C]] = ()) -> None:
        self._all: list[tuple[str | None, _C]] = []
        self._by_key: dict[str, _C] = {}
        for key, column in columns:
            self._add(column, key)

    def _add(self, column: _C, key: str | None) -> None:
        self._all.append((key, column))
        if key is not None:
            self._by_key.setdefault(key, column)

    def add(self, column: _C, key: str | None = None) -> None:
        """Append a column, or put it in the place of the one with its key (as `Table` does)."""
        key = column.key if key is None else key
        if key is not None and key in self._by_key:
            old = self._by_key[key]
            self._all = [(k, column if c is old else c) for k, c in self._all]
            self._by_key[key] = column
        else:
            self._add(column, key)

    def remove(self, column: _C) -> None:
        """Take a column out.

        Raises `ValueError` when it isn't there.
        """
        if not self.contains_column(column):
            raise ValueError(f"Can't remove column {column!r}; it is not in this collection")
        self._all = [(k, c) for k, c in self._all if c is not column]
        self._by_key = {k: c for k, c in self._by_key.items() if c is not column}

    def keys(self) -> list[str | None]:
        """The keys, in order."""
        return [key for key, _ in self._all]

    def values(self) -> list[_C]:
        """The columns, in order."""
        return [column for _, column in self._all]

    def items(self) -> list[tuple[str | None, _C]]:
        """Pairs of key and column, in order."""
        return list(self._all)

    def get(self, key: str, default: Any = None) -> Any:
        """The column of a key, or ``default``."""
        return self._by_key.get(key, default)

    @overload
    def __getitem__(self, key: str | int) -> _C: ...
    @overload
    def __getitem__(self, key: slice | tuple[str | int, ...]) -> ColumnCollection[_C]: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return self._by_key[key]
        if isinstance(key, int):
            return self._all[key][1]
        if isinstance(key, slice):
            return ColumnCollection(self._all[key])
        return ColumnCollection([(c.key, c) for c in (self[k] for k in key)])

    def __getattr__(self, name: str) -> _C:
        if name[:2] == "__" or name in self.__slots__:
            raise AttributeError(name)  # an object that is being unpickled
        try:
            return self._by_key[name]
        except KeyError:
            known = ", ".join(self._by_key)
            raise AttributeError(
                f"There is no column {name!r} here; columns are: {known}"
            ) from None

    def __setitem__(self, key: str, value: Any) -> NoReturn:
        raise NotImplementedError("A column collection can't be assigned to")

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            raise ArgumentError(
                "__contains__ requires a string argument; write .contains_column(column)"
            )
        return key in self._by_key

    def contains_column(self, column: ColumnElement[Any]) -> bool:
        """Whether this very column is in the collection."""
        return any(found is column for _, found in self._all)

    def corresponding_column(
        self, column: ColumnElement[Any], require_embedded: bool = False
    ) -> _C | None:
        """The column here that is ``column`` or stands for it; the nearest of several."""
        if self.contains_column(column):
            return column  # type: ignore[return-value]
        wanted = column.proxy_set
        best: tuple[int, _C] | None = None
        for _, candidate in self._all:
            shared = candidate.proxy_set & wanted
            if not shared or (require_embedded and column not in _as_set(shared)):
                continue
            if best is None or len(shared) > best[0]:
                best = len(shared), candidate
        return None if best is None else best[1]

    def compare(self, other: ColumnCollection[Any]) -> bool:
        """Whether both hold the same columns in the same order."""
        return len(self) == len(other) and all(
            a is b for a, b in zip(self.values(), other.values(), strict=True)
        )

    def as_readonly(self) -> ColumnCollection[_C]:
        """This collection (assignment is refused anyway)."""
        return self

    def __clause_element__(self) -> ClauseList:
        """These columns as elements of a columns clause: ``select(users.c["id", "name"])``."""
        return ClauseList(*self, group=False)

    def __iter__(self) -> Iterator[_C]:
        return iter([column for _, column in self._all])

    def __len__(self) -> int:
        return len(self._all)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(str(k) for k in self.keys())})"


def _as_set(columns: Iterable[ColumnElement[Any]]) -> set[ColumnElement[Any]]:
    return set(columns)


ReadOnlyColumnCollection = ColumnCollection
