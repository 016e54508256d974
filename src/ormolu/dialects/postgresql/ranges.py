"""Range and multirange types; their values are `Range` and `MultiRange`.

https://www.postgresql.org/docs/current/rangetypes.html

Every driver has a range class of its own. They all have ``lower``, ``upper``, ``lower_inc``,
``upper_inc`` and ``isempty``, which is what is read here; a range goes out as text, cast to its
type, unless the driver's module says otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.dialects.postgresql.operators import (
    ADJACENT_TO,
    CONTAINED_BY,
    CONTAINS,
    NOT_EXTEND_LEFT_OF,
    NOT_EXTEND_RIGHT_OF,
    OVERLAP,
    STRICTLY_LEFT_OF,
    STRICTLY_RIGHT_OF,
)
from ormolu.dialects.postgresql.range_values import MultiRange, Range, register_type_of_range
from ormolu.sql import operators as ops
from ormolu.types import NULLTYPE, TypeEngine
from ormolu.types.operator_classes import OperatorClass
from ormolu.types.text import quote_literal
from ormolu.types.type_api import Comparator as _Comparator

if TYPE_CHECKING:
    from ormolu.sql.elements import ColumnElement

__all__ = [
    "DATEMULTIRANGE",
    "DATERANGE",
    "INT4MULTIRANGE",
    "INT4RANGE",
    "INT8MULTIRANGE",
    "INT8RANGE",
    "NUMMULTIRANGE",
    "NUMRANGE",
    "TSMULTIRANGE",
    "TSRANGE",
    "TSTZMULTIRANGE",
    "TSTZRANGE",
    "AbstractMultiRange",
    "AbstractRange",
    "AbstractSingleRange",
    "MultiRange",
    "Range",
]

Processor = Callable[[Any], Any]


class RangeComparator(_Comparator[Any]):
    """The operators of a range: https://www.postgresql.org/docs/current/functions-range.html"""

    __slots__ = ()

    def contains(self, other: Any, **kw: Any) -> ColumnElement[bool]:
        """``a @> b``: a value, or a range, lies in it."""
        return self.operate(CONTAINS, other)  # type: ignore[no-any-return]

    def contained_by(self, other: Any) -> ColumnElement[bool]:
        """``a <@ b``: it lies in the other."""
        return self.operate(CONTAINED_BY, other)  # type: ignore[no-any-return]

    def overlaps(self, other: Any) -> ColumnElement[bool]:
        """``a && b``: they have values in common."""
        return self.operate(OVERLAP, other)  # type: ignore[no-any-return]

    def strictly_left_of(self, other: Any) -> ColumnElement[bool]:
        """``a << b``: it ends before the other begins."""
        return self.operate(STRICTLY_LEFT_OF, other)  # type: ignore[no-any-return]

    __lshift__ = strictly_left_of

    def strictly_right_of(self, other: Any) -> ColumnElement[bool]:
        """``a >> b``: it begins after the other ends."""
        return self.operate(STRICTLY_RIGHT_OF, other)  # type: ignore[no-any-return]

    __rshift__ = strictly_right_of

    def not_extend_right_of(self, other: Any) -> ColumnElement[bool]:
        """``a &< b``: it doesn't end after the other."""
        return self.operate(NOT_EXTEND_RIGHT_OF, other)  # type: ignore[no-any-return]

    def not_extend_left_of(self, other: Any) -> ColumnElement[bool]:
        """``a &> b``: it doesn't begin before the other."""
        return self.operate(NOT_EXTEND_LEFT_OF, other)  # type: ignore[no-any-return]

    def adjacent_to(self, other: Any) -> ColumnElement[bool]:
        """``a -|- b``: one begins just where the other ends."""
        return self.operate(ADJACENT_TO, other)  # type: ignore[no-any-return]

    def union(self, other: Any) -> ColumnElement[Any]:
        """``a + b``: all values of both."""
        return self.operate(ops.add, other)  # type: ignore[no-any-return]

    def difference(self, other: Any) -> ColumnElement[Any]:
        """``a - b``: the values that are in this one alone."""
        return self.operate(ops.sub, other)  # type: ignore[no-any-return]

    def intersection(self, other: Any) -> ColumnElement[Any]:
        """``a * b``: the values that are in both."""
        return self.operate(ops.mul, other)  # type: ignore[no-any-return]


class AbstractRange(TypeEngine[Any]):
    """Base of range and multirange types."""

    render_bind_cast = True
    operator_classes = OperatorClass.NUMERIC
    comparator_factory: ClassVar[Any] = RangeComparator


class AbstractSingleRange(AbstractRange):
    """Base of range types."""

    @property
    def python_type(self) -> type[Any]:
        return Range

    def bind_processor(self, dialect: Any) -> Processor | None:
        return dialect.range_to_driver or _range_to_text

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return read_range

    def literal_processor(self, dialect: Any) -> Processor | None:
        cast = f"::{dialect.type_compiler.process(self)}"
        return lambda value: quote_literal(range_text(value)) + cast


class AbstractMultiRange(AbstractRange):
    """Base of multirange types; a value may be any sequence of ranges."""

    @property
    def python_type(self) -> type[Any]:
        return MultiRange

    def bind_processor(self, dialect: Any) -> Processor | None:
        to_driver = dialect.range_to_driver
        if to_driver is None:
            return _multirange_to_text
        return lambda value: to_driver([value] if isinstance(value, Range) else value)

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return read_multirange

    def literal_processor(self, dialect: Any) -> Processor | None:
        cast = f"::{dialect.type_compiler.process(self)}"
        return lambda value: quote_literal(multirange_text(value)) + cast


def _bound_text(value: Any) -> str:
    """A bound as it stands in a range's text: in quotes, which any text may have."""
    if value is None:
        return ""
    text = value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)
    return f'"{text}"' if " " in text else text


def range_text(value: Any) -> str:
    """A range in PostgreSQL's text form; a string is one already."""
    if not isinstance(value, Range):
        return str(value)
    if value.empty:
        return "empty"
    opening, closing = value.bounds
    return f"{opening}{_bound_text(value.lower)},{_bound_text(value.upper)}{closing}"


def multirange_text(value: Any) -> str:
    """A range or a sequence of them in a multirange's text form; a string is one already."""
    if isinstance(value, Range):
        value = (value,)
    return str(value) if isinstance(value, str) else f"{{{','.join(map(range_text, value))}}}"


def _range_to_text(value: Any) -> str | None:
    return None if value is None else range_text(value)


def _multirange_to_text(value: Any) -> str | None:
    return None if value is None else multirange_text(value)


def read_range(value: Any) -> Range[Any] | None:
    """The `Range` for a driver's range object, or None."""
    if value is None:
        return None
    if value.isempty:
        return Range(empty=True)
    bounds: Any = f"{'[' if value.lower_inc else '('}{']' if value.upper_inc else ')'}"
    return Range(value.lower, value.upper, bounds=bounds)


def read_multirange(value: Any) -> MultiRange[Any] | None:
    """The `MultiRange` for a driver's sequence of ranges, or None."""
    return None if value is None else MultiRange([_present(read_range(each)) for each in value])


def _present(value: Range[Any] | None) -> Range[Any]:
    return Range(empty=True) if value is None else value


class INT4RANGE(AbstractSingleRange):
    """``INT4RANGE``: a range of ``int``."""

    __visit_name__ = "INT4RANGE"


class INT8RANGE(AbstractSingleRange):
    """``INT8RANGE``: a range of large ``int``."""

    __visit_name__ = "INT8RANGE"


class NUMRANGE(AbstractSingleRange):
    """``NUMRANGE``: a range of ``Decimal``."""

    __visit_name__ = "NUMRANGE"


class DATERANGE(AbstractSingleRange):
    """``DATERANGE``: a range of ``datetime.date``."""

    __visit_name__ = "DATERANGE"


class TSRANGE(AbstractSingleRange):
    """``TSRANGE``: a range of ``datetime.datetime`` without time zone."""

    __visit_name__ = "TSRANGE"


class TSTZRANGE(AbstractSingleRange):
    """``TSTZRANGE``: a range of ``datetime.datetime`` with time zone."""

    __visit_name__ = "TSTZRANGE"


class INT4MULTIRANGE(AbstractMultiRange):
    """``INT4MULTIRANGE``: ranges of ``int``."""

    __visit_name__ = "INT4MULTIRANGE"


class INT8MULTIRANGE(AbstractMultiRange):
    """``INT8MULTIRANGE``: ranges of large ``int``."""

    __visit_name__ = "INT8MULTIRANGE"


class NUMMULTIRANGE(AbstractMultiRange):
    """``NUMMULTIRANGE``: ranges of ``Decimal``."""

    __visit_name__ = "NUMMULTIRANGE"


class DATEMULTIRANGE(AbstractMultiRange):
    """``DATEMULTIRANGE``: ranges of ``datetime.date``."""

    __visit_name__ = "DATEMULTIRANGE"


class TSMULTIRANGE(AbstractMultiRange):
    """``TSMULTIRANGE``: ranges of ``datetime.datetime`` without time zone."""

    __visit_name__ = "TSMULTIRANGE"


class TSTZMULTIRANGE(AbstractMultiRange):
    """``TSTZMULTIRANGE``: ranges of ``datetime.datetime`` with time zone."""

    __visit_name__ = "TSTZMULTIRANGE"


def _type_of_range(value: Any, multi: bool) -> TypeEngine[Any]:
    """The type of a range by its first bound; `NULLTYPE` where no bound tells."""
    ranges = value if multi else (value,)
    bounds = [b for each in ranges for b in (each.lower, each.upper) if b is not None]
    if not bounds:
        return NULLTYPE
    kinds = _kinds_of(bounds)
    return NULLTYPE if kinds is None else kinds[multi]()


def _kinds_of(bounds: list[Any]) -> tuple[type[TypeEngine[Any]], type[TypeEngine[Any]]] | None:
    first = bounds[0]
    if isinstance(first, int):
        small = all(-0x80000000 <= bound <= 0x7FFFFFFF for bound in bounds)
        return (INT4RANGE, INT4MULTIRANGE) if small else (INT8RANGE, INT8MULTIRANGE)
    if isinstance(first, dt.datetime):
        zoned = first.tzinfo is not None
        return (TSTZRANGE, TSTZMULTIRANGE) if zoned else (TSRANGE, TSMULTIRANGE)
    if isinstance(first, dt.date):
        return DATERANGE, DATEMULTIRANGE
    if isinstance(first, (Decimal, float)):
        return NUMRANGE, NUMMULTIRANGE
    return None


register_type_of_range(_type_of_range)
