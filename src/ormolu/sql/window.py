"""What follows a function: OVER, FILTER, WITHIN GROUP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from ..exc import ArgumentError
from . import operators as ops
from .boolean import and_
from .coercion import expressions, where
from .elements import ClauseList, ColumnElement
from .node import CONST, NODE, Kind

_T = TypeVar("_T")

Frame = tuple[int | None, int | None]
"""Bounds of a window's frame: negative is PRECEDING, 0 the current row, None UNBOUNDED."""


class Over(ColumnElement[_T]):
    """``element OVER (PARTITION BY … ORDER BY … ROWS BETWEEN …)``."""

    __slots__ = ("element", "groups", "order_by", "partition_by", "range_", "rows")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "element": NODE,
        "partition_by": NODE,
        "order_by": NODE,
        "range_": CONST,
        "rows": CONST,
        "groups": CONST,
    }
    __visit_name__ = "over"

    element: ColumnElement[Any]
    partition_by: ClauseList | None
    order_by: ClauseList | None
    range_: Frame | None
    rows: Frame | None
    groups: Frame | None

    def __init__(
        self,
        element: ColumnElement[_T],
        partition_by: Any = None,
        order_by: Any = None,
        range_: Frame | None = None,
        rows: Frame | None = None,
        groups: Frame | None = None,
    ) -> None:
        self.element = element
        self.partition_by = _clauses(partition_by)
        self.order_by = _clauses(order_by)
        self.range_ = _frame(range_)
        self.rows = _frame(rows)
        self.groups = _frame(groups)
        if sum(frame is not None for frame in (range_, rows, groups)) > 1:
            raise ArgumentError("over() takes one of range_, rows and groups")
        self.type = element.type
        self._seal()

    @property
    def _anon_base(self) -> str:
        return "anon"


class FunctionFilter(ColumnElement[_T]):
    """``func FILTER (WHERE criterion)``."""

    __slots__ = ("criterion", "func")
    _fields: ClassVar[Mapping[str, Kind]] = {"func": NODE, "criterion": NODE}
    __visit_name__ = "funcfilter"

    func: ColumnElement[Any]
    criterion: ColumnElement[bool] | None

    def __init__(self, func: Any, *criterion: Any) -> None:
        self.func = func
        self.criterion = and_(*criterion) if criterion else None
        self.type = func.type
        self._seal()

    def filter(self, *criterion: Any) -> FunctionFilter[_T]:
        """The same with more criteria."""
        old = () if self.criterion is None else (self.criterion,)
        return FunctionFilter(self.func, *old, *[where(c) for c in criterion])

    def over(
        self,
        partition_by: Any = None,
        order_by: Any = None,
        range_: Frame | None = None,
        rows: Frame | None = None,
        groups: Frame | None = None,
    ) -> Over[_T]:
        """The filtered function as a window function."""
        return Over(self, partition_by, order_by, range_, rows, groups)


class WithinGroup(ColumnElement[_T]):
    """``element WITHIN GROUP (ORDER BY …)``."""

    __slots__ = ("element", "order_by")
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE, "order_by": NODE}
    __visit_name__ = "withingroup"

    element: ColumnElement[Any]
    order_by: ClauseList | None

    def __init__(self, element: ColumnElement[_T], *order_by: Any) -> None:
        self.element = element
        self.order_by = _clauses(order_by)
        self.type = element.type
        self._seal()

    def over(
        self,
        partition_by: Any = None,
        order_by: Any = None,
        range_: Frame | None = None,
        rows: Frame | None = None,
        groups: Frame | None = None,
    ) -> Over[_T]:
        """The ordered-set aggregate as a window function."""
        return Over(self, partition_by, order_by, range_, rows, groups)


def _clauses(given: Any) -> ClauseList | None:
    if given is None:
        return None
    if not isinstance(given, (tuple, list)):
        given = (given,)
    if not given:
        return None
    return ClauseList(*[c.self_group(ops.comma_op) for c in expressions(given)], group=False)


def _frame(frame: Frame | None) -> Frame | None:
    if frame is None:
        return None
    if len(frame) != 2 or not all(bound is None or isinstance(bound, int) for bound in frame):
        raise ArgumentError(f"A window frame is a pair of integers or None, not {frame!r}")
    lower, upper = frame
    return (lower, upper)


def over(
    element: ColumnElement[_T],
    partition_by: Any = None,
    order_by: Any = None,
    range_: Frame | None = None,
    rows: Frame | None = None,
    groups: Frame | None = None,
) -> Over[_T]:
    """A function as a window function.

    Raises `ArgumentError` when more than one kind of frame is given.
    """
    return Over(element, partition_by, order_by, range_, rows, groups)


def funcfilter(func: ColumnElement[_T], *criterion: Any) -> FunctionFilter[_T]:
    """``func FILTER (WHERE …)``."""
    return FunctionFilter(func, *criterion)


def within_group(element: ColumnElement[_T], *order_by: Any) -> WithinGroup[_T]:
    """``element WITHIN GROUP (ORDER BY …)``."""
    return WithinGroup(element, *order_by)
