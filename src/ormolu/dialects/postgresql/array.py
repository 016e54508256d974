"""`ARRAY` and `array`: array columns, and array literals in SQL.

https://www.postgresql.org/docs/current/arrays.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any as _Any
from typing import ClassVar

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.array_reader import read_array
from ormolu.dialects.postgresql.operators import CONTAINED_BY, CONTAINS, OVERLAP
from ormolu.sql import operators as ops
from ormolu.sql.coercion import operand
from ormolu.sql.elements import BindParameter, ColumnElement, Grouping
from ormolu.sql.node import NODES, Kind
from ormolu.sql.operators import Operator
from ormolu.types import NULLTYPE, TypeEngine, to_instance
from ormolu.types.collection import ARRAYComparator

__all__ = ["ARRAY", "All", "Any", "array"]

Processor = Callable[[_Any], _Any]


class ARRAY(sqltypes.ARRAY):
    """An array column: ``list``, or ``tuple`` with ``as_tuple``.

    :param item_type: the type of the items.
    :param as_tuple: give tuples.
    :param dimensions: how deep it is nested; the database takes any depth.
    :param zero_indexes: let Python's 0 stand for SQL's index 1.
    :raises ValueError: an item type that is an array.
    """

    class Comparator(ARRAYComparator):
        """The operators of an array."""

        __slots__ = ()

        def contains(self, other: _Any, **kwargs: _Any) -> ColumnElement[bool]:
            """``a @> b``: every item of the other is among its items."""
            return self.operate(CONTAINS, other)  # type: ignore[no-any-return]

        def contained_by(self, other: _Any) -> ColumnElement[bool]:
            """``a <@ b``: every item is among the other's items."""
            return self.operate(CONTAINED_BY, other)  # type: ignore[no-any-return]

        def overlap(self, other: _Any) -> ColumnElement[bool]:
            """``a && b``: they have an item in common."""
            return self.operate(OVERLAP, other)  # type: ignore[no-any-return]

    comparator_factory: ClassVar[_Any] = Comparator

    render_bind_cast = True

    def bind_processor(self, dialect: _Any) -> Processor | None:
        item = dialect.bind_processor(self.item_type)
        return _as_lists if item is None else _each(item, self.dimensions, list)

    def result_processor(self, dialect: _Any, coltype: _Any = None) -> Processor | None:
        item = dialect.result_processor(self.item_type)
        kind: type[_Any] = tuple if self.as_tuple else list
        impl = dialect.type_impl(self.item_type)
        read = getattr(impl, "item_from_text", None)
        if read is not None:
            return _each_of_text(read(dialect), item or _same, self.dimensions, kind)
        if item is None and not self.as_tuple:
            return None
        return _each(item or _same, self.dimensions, kind)

    def literal_processor(self, dialect: _Any) -> Processor | None:
        item = dialect.type_impl(self.item_type).literal_processor(dialect)
        if item is None:
            return None

        def literal(value: _Any) -> str:
            if isinstance(value, (list, tuple)):
                return f"ARRAY[{', '.join(map(literal, value))}]"
            return "NULL" if value is None else str(item(value))

        return literal


def _same(value: _Any) -> _Any:
    return value


def _is_nested(value: _Any, dimensions: int | None) -> bool:
    """Whether there are arrays in an array; without a number of dimensions the first item tells."""
    if dimensions is not None:
        return dimensions > 1
    return isinstance(value, (list, tuple)) and isinstance(next(iter(value), None), (list, tuple))


def _as_lists(value: _Any) -> _Any:
    """A sequence as lists, which are what drivers take for an array (a tuple is a record)."""
    if isinstance(value, (set, frozenset)):
        return list(value)
    if not isinstance(value, (list, tuple)):
        return value
    if _is_nested(value, None):
        return [_as_lists(each) for each in value]
    return value if isinstance(value, list) else list(value)


def _each(item: Processor, dimensions: int | None, kind: type[_Any]) -> Processor:
    """What converts the items of an array of so many dimensions (None: as it is nested)."""

    def convert(value: _Any, depth: int | None) -> _Any:
        if value is None or isinstance(value, str):
            return value  # a string is an array as the server writes it
        if not _is_nested(value, depth):
            return kind([item(each) for each in value])
        inner = None if depth is None else depth - 1
        return kind([convert(each, inner) for each in value])

    return lambda value: convert(value, dimensions)


def _each_of_text(
    read: Processor | None, item: Processor, dimensions: int | None, kind: type[_Any]
) -> Processor:
    """As `_each`, for an array that comes as text where the driver doesn't know the items' type.

    :param read: makes of an item's text what the driver would; None where that is the text.
    """
    convert = _each(item, dimensions, kind)

    def from_text(text: _Any) -> _Any:
        return None if text is None else item(text if read is None else read(text))

    convert_text = _each(from_text, dimensions, kind)

    def convert_either(value: _Any) -> _Any:
        return convert_text(read_array(value)) if isinstance(value, str) else convert(value)

    return convert_either


class array(ColumnElement[_Any]):
    """``ARRAY[a, b, …]``: an array made in SQL of values and expressions.

    :param clauses: the items; arrays among them make one of more dimensions.
    :param type_: the type of the items; the database needs it for an empty array.
    """

    __slots__ = ("clauses",)
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES}
    __visit_name__ = "array"
    stringify_dialect = "postgresql"

    clauses: tuple[ColumnElement[_Any], ...]

    def __init__(
        self,
        clauses: Iterable[_Any],
        *,
        type_: TypeEngine[_Any] | type[TypeEngine[_Any]] | None = None,
    ) -> None:
        self.clauses = tuple([operand(clause).self_group(ops.comma_op) for clause in clauses])
        if type_ is not None:
            self.type = _array_of(to_instance(type_))
        else:
            self.type = _array_of(self.clauses[0].type if self.clauses else NULLTYPE)
        self._seal()

    def _bind_for(self, operator: Operator, value: _Any, expanding: bool = False) -> _Any:
        """A list beside an array is an array too."""
        if operator is ops.getitem or isinstance(value, (str, bytes)) or _is_scalar(value):
            return BindParameter(None, value, unique=True, expanding=expanding)
        return array(value)

    def self_group(self, against: Operator | None = None) -> ColumnElement[_Any]:
        if against in (ops.any_op, ops.all_op, ops.getitem):
            return Grouping(self)
        return self


def _is_scalar(value: _Any) -> bool:
    return not isinstance(value, Iterable)


def _array_of(item: TypeEngine[_Any]) -> ARRAY:
    """The type of an array of such items: one of arrays has a dimension more than they have."""
    if isinstance(item, sqltypes.ARRAY):
        return ARRAY(item.item_type, dimensions=(item.dimensions or 1) + 1)
    return ARRAY(item)


def Any(other: _Any, arrexpr: _Any, operator: _Any = ops.eq) -> ColumnElement[bool]:
    """``other = ANY (arrexpr)``, the older form of ``any_(arrexpr) == other``."""
    return arrexpr.any(other, operator)  # type: ignore[no-any-return]


def All(other: _Any, arrexpr: _Any, operator: _Any = ops.eq) -> ColumnElement[bool]:
    """``other = ALL (arrexpr)``, the older form of ``all_(arrexpr) == other``."""
    return arrexpr.all(other, operator)  # type: ignore[no-any-return]
