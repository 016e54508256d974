"""``table.c``: columns by key, by position and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any, Generic, NoReturn, TypeVar, overload

from ormolu import exc

from .elements import ClauseList, ColumnElement

_C = TypeVar("_C", bound=ColumnElement[Any])


class ColumnCollection(Generic[_C]):
    """The columns of a FROM element, in order; by key as item and as attribute.

    Two columns of one key both iterate; the key gives the first. It can't be changed from outside:
    see `WriteableColumnCollection`.
    """

    # In the ``__dict__`` stand the columns whose keys are no names of this class: reading one is
    # then no call. The others are found by ``__getattr__``, or as items.
    __slots__ = ("__dict__", "_all", "_by_key")

    _all: list[tuple[str | None, _C]]
    _by_key: dict[str, _C]

    def __init__(self, columns: Iterable[tuple[str | None, _C]] = ()) -> None:
        _set(self, "_all", [])
        _set(self, "_by_key", {})
        for key, column in columns:
            self._add(column, key)

    def _add(self, column: _C, key: str | None) -> None:
        self._all.append((key, column))
        if key is not None and key not in self._by_key:
            self._by_key[key] = column
            self._show(key, column)

    def _show(self, key: str, column: _C) -> None:
        if not hasattr(type(self), key):
            self.__dict__[key] = column

    def _put(self, column: _C, key: str | None) -> None:
        """Append a column, or put it in the place of the one with its key (as `Table` does)."""
        old = None if key is None else self._by_key.get(key)
        if key is None or old is None:
            self._add(column, key)
        else:
            self._all[:] = [(k, column if c is old else c) for k, c in self._all]
            self._by_key[key] = column
            self._show(key, column)

    def _remove(self, column: _C) -> None:
        """Take a column out, which is there."""
        self._all[:] = [(k, c) for k, c in self._all if c is not column]
        for key in [key for key, found in self._by_key.items() if found is column]:
            del self._by_key[key]
            self.__dict__.pop(key, None)

    def _move(self, column: _C, index: int) -> None:
        """Give a column, which is there, another place."""
        item = next(item for item in self._all if item[1] is column)
        self._all.remove(item)
        self._all.insert(index, item)

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
        raise _read_only(key)

    def __delitem__(self, key: str) -> NoReturn:
        raise _read_only(key)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise _read_only(name)

    def __delattr__(self, name: str) -> NoReturn:
        raise _read_only(name)

    def __getstate__(self) -> Any:
        return self._all

    def __setstate__(self, state: Any) -> None:
        ColumnCollection.__init__(self, state)

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            raise exc.ArgumentError(
                "__contains__ requires a string argument; write .contains_column(column)"
            )
        return key in self._by_key

    def contains_column(self, col: ColumnElement[Any]) -> bool:
        """Whether this very column is in the collection.

        :raises ArgumentError: for a string; write ``"name" in table.c``.
        """
        if isinstance(col, str):
            raise exc.ArgumentError(
                f"contains_column cannot be used with string arguments; write {col!r} in table.c"
            )
        return any(found is col for _, found in self._all)

    def corresponding_column(
        self, column: ColumnElement[Any], require_embedded: bool = False
    ) -> _C | None:
        """The column here that is ``column`` or stands for it; the nearest of several."""
        if self.contains_column(column):
            return column  # type: ignore[return-value]
        wanted = column.proxy_set
        best: tuple[int, int, _C] | None = None
        for _, candidate in self._all:
            shared = candidate.proxy_set & wanted
            if not shared or (require_embedded and column not in _as_set(shared)):
                continue
            near = -_distance(candidate, shared)
            if best is None or (len(shared), near) > best[:2]:
                best = len(shared), near, candidate
        return None if best is None else best[2]

    def compare(self, other: Iterable[ColumnElement[Any]]) -> bool:
        """Whether both hold the same columns in the same order."""
        columns = list(other)
        return len(self) == len(columns) and all(a is b for a, b in zip(self, columns, strict=True))

    def as_readonly(self) -> ColumnCollection[_C]:
        """This collection, which is one that can't be changed."""
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


class WriteableColumnCollection(ColumnCollection[_C]):
    """A collection that its owner may change: a program's own."""

    __slots__ = ()

    def add(self, column: _C, key: str | None = None) -> None:
        """Append a column, by its own key or another."""
        self._add(column, column.key if key is None else key)

    def as_readonly(self) -> ColumnCollection[_C]:
        """A collection of these columns that can't be changed."""
        return ColumnCollection(self._all)


#: How a slot is set in spite of `ColumnCollection.__setattr__`.
_set = object.__setattr__


def _read_only(key: str) -> TypeError:
    return TypeError(
        f"{key!r} can't be assigned to or deleted: a column collection is read-only; write "
        "table.append_column(column) to add a column to a table"
    )


def _distance(column: ColumnElement[Any], wanted: Set[ColumnElement[Any]]) -> int:
    """How many columns stand between a column and the nearest of those wanted it stands for."""
    steps = 0
    level: Iterable[ColumnElement[Any]] = (column,)
    while wanted.isdisjoint(level):
        level = [source for each in level for source in each._proxies]
        steps += 1
    return steps


def _as_set(columns: Iterable[ColumnElement[Any]]) -> set[ColumnElement[Any]]:
    return set(columns)


ReadOnlyColumnCollection = ColumnCollection
