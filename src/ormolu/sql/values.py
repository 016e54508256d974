"""VALUES as a FROM element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..exc import ArgumentError
from ..types import NULLTYPE
from .collections import ColumnCollection
from .columns import ColumnClause
from .constants import NULL
from .elements import BindParameter, ColumnElement
from .fromclause import FromClause
from .keys import UNCACHEABLE
from .naming import Named, name_columns
from .node import CONST, NODE, NODES, PAIRS, AnonName, Kind
from .selectables import HasCTE

if TYPE_CHECKING:
    from typing import Self

    from .operators import Operator


class Values(HasCTE, FromClause):
    """``(VALUES (…), (…)) AS name (columns)``.

    Without a name its columns are written without one too. The number of rows is part of the SQL
    and rarely the same twice: such a statement isn't cached.
    """

    __slots__ = (
        "_data",
        "_value_columns",
        "is_lateral",
        "literal_binds",
        "name",
        "named_with_column",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_value_columns": NODES,
        "name": CONST,
        "named_with_column": CONST,
        "_data": PAIRS,
        "literal_binds": CONST,
        "is_lateral": CONST,
    }
    __visit_name__ = "values"

    name_cte_columns = True
    name: str | None
    named_with_column: bool
    literal_binds: bool
    is_lateral: bool
    _value_columns: tuple[ColumnClause[Any], ...]
    _data: tuple[tuple[ColumnElement[Any], ...], ...]

    def __init__(
        self, *columns: ColumnClause[Any], name: str | None = None, literal_binds: bool = False
    ) -> None:
        self._value_columns = columns
        self.name = name
        self.named_with_column = name is not None
        self.literal_binds = literal_binds
        self.is_lateral = False
        self._data = ()
        self._columns = None
        self._seal()

    def _seal(self) -> None:
        super()._seal()
        self._key = (Values, UNCACHEABLE)
        self._anon = True

    def named_columns(self) -> tuple[Named, ...]:
        """The columns with the names that they have in SQL; see `ormolu.sql.naming`."""
        return name_columns(self._value_columns)

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
        if value is None:
            return NULL
        type_ = None if column.type is NULLTYPE else column.type  # then the value's own
        return BindParameter(None, value, type_, unique=True)

    def alias(self, name: str | None = None, flat: bool = False) -> Self:
        """The same under another name; None makes an anonymous name."""
        name = AnonName("anon") if name is None else name
        return self._copy(name=name, named_with_column=True, _columns=None)

    def lateral(self, name: str | None = None) -> Self:
        """``LATERAL (VALUES …) AS name``."""
        name = self.name if name is None else name
        return self._copy(name=name, is_lateral=True, _columns=None)

    def scalar_values(self) -> ScalarValues:
        """``(VALUES …)`` as the right side of IN."""
        return ScalarValues(self)

    _in_operand = scalar_values


class ScalarValues(ColumnElement[Any]):
    """``(VALUES …)`` where a value stands: the right side of IN."""

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE}
    __visit_name__ = "scalar_values"
    _parenthesised = True

    element: Values

    def __init__(self, element: Values) -> None:
        self.element = element
        types = element._column_types
        self.type = types[0] if len(types) == 1 else NULLTYPE
        self._seal()

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    def _in_operand(self) -> ScalarValues:
        return self


def values(
    *columns: ColumnClause[Any], name: str | None = None, literal_binds: bool = False
) -> Values:
    """``VALUES``: ``values(column("id", Integer), name="v").data([(1,), (2,)])``."""
    return Values(*columns, name=name, literal_binds=literal_binds)
