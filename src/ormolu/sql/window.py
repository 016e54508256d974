"""What follows a function: OVER with its frame, FILTER, WITHIN GROUP, ORDER BY inside."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from ..exc import ArgumentError
from . import operators as ops
from .boolean import and_
from .coercion import expressions, where
from .elements import BindParameter, ClauseElement, ClauseList, ColumnElement, Grouping
from .node import CONST, NODE, Kind

if TYPE_CHECKING:
    from .operators import Operator

_T = TypeVar("_T")


class FrameClauseType(Enum):
    """What one end of a window's frame is."""

    UNBOUNDED = 0
    """The first or the last row of the partition."""
    CURRENT = 1
    """The current row."""
    PRECEDING = 2
    """So many rows (groups, units) before the current row."""
    FOLLOWING = 3
    """So many rows (groups, units) after the current row."""


class FrameClause(ClauseElement):
    """The frame of a window: from where to where.

    Parameters: ``start`` and ``end``, the distances, for the ends that have one (else None);
    ``start_frame_type`` and ``end_frame_type``, what they are. Needed where a distance isn't an
    integer (``range_`` of dates takes a ``timedelta``); integers may be given as a plain pair.

    Raises `ArgumentError` for a distance where there is none or a missing one.
    """

    __slots__ = ("lower_bind", "lower_type", "upper_bind", "upper_type")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "lower_type": CONST,
        "lower_bind": NODE,
        "upper_type": CONST,
        "upper_bind": NODE,
    }
    __visit_name__ = "frame_clause"

    lower_type: FrameClauseType
    lower_bind: BindParameter[Any] | None
    upper_type: FrameClauseType
    upper_bind: BindParameter[Any] | None

    def __init__(
        self,
        start: Any,
        end: Any,
        start_frame_type: FrameClauseType,
        end_frame_type: FrameClauseType,
    ) -> None:
        self.lower_type = start_frame_type
        self.lower_bind = _distance(start, start_frame_type, "start")
        self.upper_type = end_frame_type
        self.upper_bind = _distance(end, end_frame_type, "end")
        self._seal()


def _distance(value: Any, kind: FrameClauseType, which: str) -> BindParameter[Any] | None:
    if not isinstance(kind, FrameClauseType):
        raise ArgumentError(f"{which}_frame_type must be a FrameClauseType, not {kind!r}")
    if kind in (FrameClauseType.UNBOUNDED, FrameClauseType.CURRENT):
        if value is not None:
            raise ArgumentError(
                f"FrameClause({which}={value!r}) can't have a value with {kind}: write None"
            )
        return None
    if value is None or isinstance(value, ClauseElement):
        raise ArgumentError(
            f"FrameClause({which}={value!r}) needs a plain value with {kind}, such as 3"
        )
    return BindParameter(None, value, unique=True)


Frame: TypeAlias = "tuple[int | None, int | None] | FrameClause"
"""A window's frame: a pair (negative is PRECEDING, 0 the current row, None UNBOUNDED) or a node."""


def _frame(frame: Frame | None) -> FrameClause | None:
    if frame is None or isinstance(frame, FrameClause):
        return frame
    if not isinstance(frame, (tuple, list)) or len(frame) != 2:
        raise ArgumentError(f"A window's frame is a pair of integers or None, not {frame!r}")
    (start, start_type), (end, end_type) = map(_bound, frame)
    return FrameClause(start, end, start_type, end_type)


def _bound(bound: int | None) -> tuple[int | None, FrameClauseType]:
    if bound is None:
        return None, FrameClauseType.UNBOUNDED
    try:
        number = int(bound)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"An integer or None expected for a window's frame, got {bound!r}; "
            "for other values write a FrameClause"
        ) from None
    if number == 0:
        return None, FrameClauseType.CURRENT
    return abs(number), FrameClauseType.PRECEDING if number < 0 else FrameClauseType.FOLLOWING


class Over(ColumnElement[_T]):
    """``element OVER (PARTITION BY … ORDER BY … ROWS BETWEEN … EXCLUDE …)``."""

    __slots__ = ("element", "exclude", "groups", "order_by", "partition_by", "range_", "rows")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "element": NODE,
        "partition_by": NODE,
        "order_by": NODE,
        "range_": NODE,
        "rows": NODE,
        "groups": NODE,
        "exclude": CONST,
    }
    __visit_name__ = "over"

    element: ColumnElement[Any]
    partition_by: ClauseList | None
    order_by: ClauseList | None
    range_: FrameClause | None
    rows: FrameClause | None
    groups: FrameClause | None
    exclude: str | None

    def __init__(
        self,
        element: ColumnElement[_T],
        partition_by: Any = None,
        order_by: Any = None,
        range_: Frame | None = None,
        rows: Frame | None = None,
        groups: Frame | None = None,
        exclude: str | None = None,
    ) -> None:
        given = sum(frame is not None for frame in (range_, rows, groups))
        if given > 1:
            raise ArgumentError("over() takes one of range_, rows and groups")
        if exclude is not None and not given:
            raise ArgumentError("over(exclude=...) needs one of range_, rows and groups")
        self.element = element
        self.partition_by = _clauses(partition_by)
        self.order_by = _clauses(order_by)
        self.range_ = _frame(range_)
        self.rows = _frame(rows)
        self.groups = _frame(groups)
        self.exclude = exclude
        self.type = element.type
        self._seal()


class _Windowed(ColumnElement[_T]):
    """What a function with something after it may still have."""

    __slots__ = ()

    def over(
        self,
        partition_by: Any = None,
        order_by: Any = None,
        range_: Frame | None = None,
        rows: Frame | None = None,
        groups: Frame | None = None,
        exclude: str | None = None,
    ) -> Over[_T]:
        """This aggregate as a window function; see `over`."""
        return Over(self, partition_by, order_by, range_, rows, groups, exclude)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return Grouping(self) if against is ops.getitem else super().self_group(against)


class FunctionFilter(_Windowed[_T]):
    """``func FILTER (WHERE criterion)``."""

    __slots__ = ("criterion", "func")
    _fields: ClassVar[Mapping[str, Kind]] = {"func": NODE, "criterion": NODE}
    __visit_name__ = "funcfilter"

    func: Any
    criterion: ColumnElement[bool] | None

    def __init__(self, func: Any, *criterion: Any) -> None:
        self.func = func
        if len(criterion) == 1:
            (only,) = criterion  # stands as it is, a boolean column without a comparison
            self.criterion = only if isinstance(only, ColumnElement) else where(only)
        else:
            self.criterion = and_(*criterion) if criterion else None
        self.type = func.type
        self._seal()

    def filter(self, *criterion: Any) -> FunctionFilter[_T]:
        """The same with more criteria."""
        old = () if self.criterion is None else (self.criterion,)
        return FunctionFilter(self.func, *old, *[where(c) for c in criterion])

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        if against is not None and ops.is_precedent(ops.filter_op, against):
            return Grouping(self)
        return self

    def within_group(self, *order_by: Any) -> WithinGroup[_T]:
        """``WITHIN GROUP (ORDER BY …)`` after the filter."""
        return WithinGroup(self, *order_by)

    def within_group_type(self, within_group: WithinGroup[Any]) -> Any:
        """The type of the ordered-set aggregate that the function is, None if it is none."""
        return self.func.within_group_type(within_group)


class AggregateOrderBy(_Windowed[_T]):
    """``function(argument ORDER BY …)``."""

    __slots__ = ("element", "order_by")
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE, "order_by": NODE}
    __visit_name__ = "aggregate_order_by"

    element: Any
    order_by: ClauseList | None

    def __init__(self, element: Any, *order_by: Any) -> None:
        self.element = element
        self.order_by = _clauses(order_by)
        self.type = self._result_type()
        self._seal()

    def _result_type(self) -> Any:
        return self.element.type

    @property
    def _anon_base(self) -> str:
        return self.element._anon_base  # type: ignore[no-any-return]

    def filter(self, *criterion: Any) -> FunctionFilter[_T] | AggregateOrderBy[_T]:
        """``FILTER (WHERE …)`` after it; without criteria, the aggregate as it is."""
        return FunctionFilter(self, *criterion) if criterion else self


class WithinGroup(AggregateOrderBy[_T]):
    """``element WITHIN GROUP (ORDER BY …)``."""

    __slots__ = ()
    __visit_name__ = "withingroup"

    def _result_type(self) -> Any:
        found = self.element.within_group_type(self)
        return self.element.type if found is None else found


def _clauses(given: Any) -> ClauseList | None:
    if given is None:
        return None
    if getattr(given, "__visit_name__", None) == "tuple":
        given = given.clauses
    elif not isinstance(given, (tuple, list)):
        given = (given,)
    if not given:
        return None
    given = [where(each) if isinstance(each, bool) else each for each in given]
    return ClauseList(*[c.self_group(ops.comma_op) for c in expressions(given)], group=False)


def over(
    element: ColumnElement[_T],
    partition_by: Any = None,
    order_by: Any = None,
    range_: Frame | None = None,
    rows: Frame | None = None,
    groups: Frame | None = None,
    exclude: str | None = None,
) -> Over[_T]:
    """A function as a window function.

    Parameters: ``rows``, ``range_`` or ``groups``, the frame; ``exclude``, what of the frame is
    left out: ``"CURRENT ROW"``, ``"GROUP"``, ``"TIES"`` or ``"NO OTHERS"``.

    Raises `ArgumentError` when more than one kind of frame is given, or an exclusion without one.
    """
    return Over(element, partition_by, order_by, range_, rows, groups, exclude)


def funcfilter(func: ColumnElement[_T], *criterion: Any) -> FunctionFilter[_T]:
    """``func FILTER (WHERE …)``."""
    return FunctionFilter(func, *criterion)


def within_group(element: ColumnElement[_T], *order_by: Any) -> WithinGroup[_T]:
    """``element WITHIN GROUP (ORDER BY …)``."""
    return WithinGroup(element, *order_by)


def aggregate_order_by(element: ColumnElement[_T], *order_by: Any) -> AggregateOrderBy[_T]:
    """``element(argument ORDER BY …)``: the order in which an aggregate takes its values."""
    return AggregateOrderBy(element, *order_by)
