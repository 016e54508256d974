"""VALUES as a FROM element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..exc import ArgumentError
from .collections import ColumnCollection
from .columns import ColumnClause
from .elements import BindParameter, ColumnElement
from .fromclause import FromClause
from .keys import UNCACHEABLE
from .node import CONST, NODES, PAIRS, AnonName, Kind

if TYPE_CHECKING:
    from typing import Self


class Values(FromClause):
    """``(VALUES (…), (…)) AS name (columns)``.

    The number of rows is part of the SQL and rarely the same twice: such a statement isn't cached.
    """

    __slots__ = ("_data", "_value_columns", "is_lateral", "literal_binds", "name")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_value_columns": NODES,
        "name": CONST,
        "_data": PAIRS,
        "literal_binds": CONST,
        "is_lateral": CONST,
    }
    __visit_name__ = "values"

    named_with_column = True
    name: str
    literal_binds: bool
    is_lateral: bool
    _value_columns: tuple[ColumnClause[Any], ...]
    _data: tuple[tuple[ColumnElement[Any], ...], ...]

    def __init__(
        self, *columns: ColumnClause[Any], name: str | None = None, literal_binds: bool = False
    ) -> None:
        self._value_columns = columns
        self.name = AnonName("anon") if name is None else name
        self.literal_binds = literal_binds
        self.is_lateral = False
        self._data = ()
        self._columns = None
        self._seal()

    def _seal(self) -> None:
        super()._seal()
        self._key = (Values, UNCACHEABLE)
        self._anon = True

    @property
    def _unnamed(self) -> bool:
        return type(self.name) is AnonName

    @property
    def _column_types(self) -> list[Any]:
        return [column.type for column in self._value_columns]

    def _make_columns(self) -> ColumnCollection[Any]:
        columns: ColumnCollection[Any] = ColumnCollection()
        for column in self._value_columns:
            columns._add(column._make_proxy(self), column.key)
        return columns

    def data(self, values: Sequence[tuple[Any, ...]]) -> Self:
        """A copy with these rows added.

        Raises `ArgumentError` for a row of the wrong length.
        """
        rows = [*self._data]
        for row in values:
            if len(row) != len(self._value_columns):
                raise ArgumentError(
                    f"Wrong number of elements for {len(self._value_columns)}-tuple: {row!r}"
                )
            rows.append(
                tuple([self._bind(v, c) for v, c in zip(row, self._value_columns, strict=True)])
            )
        return self._copy(_data=tuple(rows), _columns=None)

    def _bind(self, value: Any, column: ColumnClause[Any]) -> ColumnElement[Any]:
        if isinstance(value, ColumnElement):
            return value
        return BindParameter(None, value, column.type, unique=True)

    def alias(self, name: str | None = None, flat: bool = False) -> Self:
        """The same under another name."""
        return self._copy(name=AnonName("anon") if name is None else name, _columns=None)

    def lateral(self, name: str | None = None) -> Self:
        """The same as ``LATERAL``."""
        name = self.name if name is None else name
        return self._copy(name=name, is_lateral=True, _columns=None)


def values(
    *columns: ColumnClause[Any], name: str | None = None, literal_binds: bool = False
) -> Values:
    """``VALUES``: ``values(column("id", Integer), name="v").data([(1,), (2,)])``."""
    return Values(*columns, name=name, literal_binds=literal_binds)
