"""Rows: real tuples with names.

Each column layout has its own ``Row`` subclass, with one property per column, so that a row is
made by C code alone (``map(row_class, tuples)``) and holds nothing but its values. The class is
made once per layout: ``Layout`` is kept with the compiled statement.
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    Sequence,
    ValuesView,
)
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, TypeVarTuple, overload

from ..deprecation import IS_A_TUPLE, warn_deprecated
from ..exc import InvalidRequestError, NoSuchColumnError

Ts = TypeVarTuple("Ts")

_AMBIGUOUS = -1


class Layout:
    """The columns of a result: their names, and every other key that finds them.

    - ``keys``: the names, in order.
    - ``lookup``: name or object (a column, a mapped attribute, …) -> index; -1 for an ambiguous
    name.
    - ``row_class``: the ``Row`` subclass, made on first use.
    """

    __slots__ = ("_row_class", "keys", "lookup")

    def __init__(self, keys: Sequence[str], extra: Sequence[Sequence[Any]] | None = None) -> None:
        self.keys = tuple(keys)
        self._row_class: type[Row[*tuple[Any, ...]]] | None = None
        lookup: dict[Any, int] = {}
        for index, key in enumerate(self.keys):
            lookup[key] = _AMBIGUOUS if key in lookup else index
        if extra is not None:
            for index, others in enumerate(extra):
                for other in others:
                    lookup.setdefault(other, index)
        self.lookup = lookup

    @property
    def row_class(self) -> type[Row[*tuple[Any, ...]]]:
        """The class of this layout's rows."""
        cls = self._row_class
        if cls is None:
            if len(self.lookup) == len(self.keys):
                cls = row_class(self.keys)
            else:
                cls = _make_class(self)
            self._row_class = cls
        return cls

    def index_of(self, key: Any) -> int:
        """Return the index of the column that ``key`` names.

        :param key: a name, a column or mapped attribute, or an index.
        :raises NoSuchColumnError: when there is none.
        :raises InvalidRequestError: when several columns have that name.
        """
        if isinstance(key, int):
            return self._check_index(key)
        index = self.lookup.get(key)
        if index is None:
            index = self._index_of_element(key)
        if index == _AMBIGUOUS:
            raise InvalidRequestError(
                f"Ambiguous column name '{key}' in result set column descriptions; "
                "give the columns different names with label()"
            )
        return index

    def _check_index(self, index: int) -> int:
        if not -len(self.keys) <= index < len(self.keys):
            raise IndexError(
                f"Could not locate column in row for column index {index}; "
                f"the row has {len(self.keys)} columns"
            )
        return index % len(self.keys)

    def _index_of_element(self, key: Any) -> int:
        """Find a column object that the statement did not name itself, by its name.

        One of a table is another table's column of that name, or of a text that doesn't say so.
        """
        name = None
        if getattr(key, "table", None) is None:
            name = getattr(key, "key", None) or getattr(key, "name", None)
        index = self.lookup.get(name) if isinstance(name, str) else None
        if index is None:
            raise NoSuchColumnError(
                f"Could not locate column in row for column '{key}'; "
                f"the row has {', '.join(self.keys) or 'no columns'}"
            )
        return index

    def pick(self, indexes: Sequence[int]) -> Layout:
        """Return the layout of some of the columns."""
        names = [self.keys[index] for index in indexes]
        extra: list[list[Any]] = [
            [key for key, at in self.lookup.items() if at == index] for index in indexes
        ]
        return Layout(names, extra)

    def beside(self, other: Layout) -> Layout:
        """Return the layout of this one's columns and then those of ``other``."""
        width = len(self.keys)
        extra: list[list[Any]] = [[] for _ in range(width + len(other.keys))]
        for start, layout in ((0, self), (width, other)):
            for key, at in layout.lookup.items():
                if at >= 0 and not isinstance(key, str):
                    extra[start + at].append(key)
        return Layout((*self.keys, *other.keys), extra)

    def getter(self, key: Any) -> Callable[[Sequence[Any]], Any]:
        """Return a function that takes a column from a row."""
        return itemgetter(self.index_of(key))

    def __repr__(self) -> str:
        return f"Layout({', '.join(self.keys)})"


class Row(tuple[*Ts], Generic[*Ts]):
    """A row of a result: a tuple whose columns have names.

    Equal to, ordered and hashed as, a plain tuple of the same values.
    """

    __slots__ = ()

    _layout: Layout = Layout(())

    @property
    def _mapping(self) -> RowMapping:
        """The row as a mapping from name (or column object) to value."""
        return RowMapping(self._layout, self)

    @property
    def _fields(self) -> tuple[str, ...]:
        """The column names."""
        return self._layout.keys

    def _asdict(self) -> dict[str, Any]:
        """Return the row as a new dictionary."""
        values: tuple[Any, ...] = self
        return dict(zip(self._layout.keys, values, strict=True))

    def _tuple(self) -> tuple[*Ts]:
        """Return the row itself (deprecated: a row is a tuple)."""
        warn_deprecated("Row._tuple()", IS_A_TUPLE, "2.1.0")
        return self

    @property
    def _t(self) -> tuple[*Ts]:
        """The row itself (deprecated: a row is a tuple)."""
        warn_deprecated("Row._t", IS_A_TUPLE, "2.1.0")
        return self

    @property
    def t(self) -> tuple[*Ts]:
        """The row itself (deprecated: a row is a tuple)."""
        warn_deprecated("Row.t", IS_A_TUPLE, "2.0.19")
        return self

    def tuple(self) -> Row[*Ts]:
        """Return the row itself (deprecated: a row is a tuple)."""
        warn_deprecated("Row.tuple()", IS_A_TUPLE, "2.0.19")
        return self

    def __getattr__(self, name: str) -> Any:
        layout = self._layout
        if name in layout.lookup:
            # A name that a property can't have: ambiguous ones, and those of tuple's methods.
            return self[layout.index_of(name)]
        raise AttributeError(
            f"Could not locate column in row for column '{name}'; "
            f"the row has {', '.join(layout.keys) or 'no columns'}"
        )

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"can't set attribute {name!r}: a row is read-only")

    def __reduce__(self) -> Any:
        return _unpickle, (self._layout.keys, _plain(self))


#: What rows have in common.
BaseRow = Row


class RowMapping(Mapping[str, Any]):
    """A row seen as a mapping; keys are names, column objects and mapped attributes."""

    __slots__ = ("_layout", "_row")

    def __init__(self, layout: Layout, row: Sequence[Any]) -> None:
        self._layout = layout
        self._row = row

    def __getitem__(self, key: Any) -> Any:
        index = self._layout.lookup.get(key, _AMBIGUOUS)
        if index < 0:
            if isinstance(key, int):
                raise NoSuchColumnError(f"Could not locate column in row for column '{key}'")
            index = self._layout.index_of(key)
        return self._row[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout.keys)

    def __len__(self) -> int:
        return len(self._layout.keys)

    def __contains__(self, key: object) -> bool:
        return key in self._layout.lookup

    def keys(self) -> RMKeyView:
        """The column names."""
        return RMKeyView(self._layout)

    def items(self) -> ItemsView[str, Any]:
        """Pairs of column name and value."""
        return dict(zip(self._layout.keys, self._row, strict=True)).items()

    def values(self) -> ValuesView[Any]:
        """The values."""
        return dict(zip(self._layout.keys, self._row, strict=True)).values()

    def __repr__(self) -> str:
        return repr(dict(zip(self._layout.keys, self._row, strict=True)))

    def __reduce__(self) -> Any:
        return _unpickle_mapping, (self._layout.keys, tuple(self._row))


class RMKeyView(KeysView[str], Sequence[str]):
    """The column names of a result, in order; also knows the column objects behind them."""

    __slots__ = ("_layout",)

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._layout.keys[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout.keys)

    def __len__(self) -> int:
        return len(self._layout.keys)

    def __contains__(self, key: object) -> bool:
        return not isinstance(key, int) and key in self._layout.lookup

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Iterable) and list(other) == list(self._layout.keys)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RMKeyView({list(self._layout.keys)!r})"


@lru_cache(maxsize=512)
def row_class(keys: tuple[str, ...]) -> type[Row[*tuple[Any, ...]]]:
    """Return the ``Row`` subclass whose columns have these names."""
    return _make_class(Layout(keys))


def _make_class(layout: Layout) -> type[Row[*tuple[Any, ...]]]:
    namespace: dict[str, Any] = {"__slots__": (), "_layout": layout, "__module__": __name__}
    for name, index in layout.lookup.items():
        if isinstance(name, str) and index >= 0 and name not in _RESERVED:
            namespace[name] = property(itemgetter(index))
    return type("Row", (Row,), namespace)


def result_tuple(
    fields: Sequence[str], extra: Sequence[Sequence[Any]] | None = None
) -> Callable[[Iterable[Any]], Row[*tuple[Any, ...]]]:
    """Return a function that makes rows of plain tuples.

    :param fields: the names of the columns.
    :param extra: further keys of each column.
    """
    return Layout(fields, extra).row_class


# Names that rows themselves need; a column of such a name is found through ``_mapping``.
_RESERVED = frozenset(name for name in (*dir(Row), "__slots__", "__module__") if name[0] == "_")


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row)


def _unpickle(keys: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    return row_class(keys)(values)


def _unpickle_mapping(keys: tuple[str, ...], values: tuple[Any, ...]) -> RowMapping:
    return RowMapping(Layout(keys), values)
