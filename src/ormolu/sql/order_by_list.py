"""`OrderByList`: several things to order by, as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from . import operators as ops
from .clause import ClauseElement
from .coercion import order_by
from .column_operators import OrderingOperators
from .node import NODES, Kind
from .operators import Operator


class OrderByList(OrderingOperators, ClauseElement):
    """Elements of an ORDER BY; ``desc()`` and the other modifiers apply to each of them."""

    __slots__ = ("clauses",)
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES}
    __visit_name__ = "order_by_list"

    clauses: tuple[Any, ...]

    def __init__(self, clauses: Iterable[Any]) -> None:
        self.clauses = tuple([c if isinstance(c, OrderByList) else order_by(c) for c in clauses])
        self._seal()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.clauses)

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return tuple(found for clause in self.clauses for found in clause._from_objects)

    def operate(self, op: Operator, *other: Any, **kwargs: Any) -> OrderByList:
        """Apply an ordering modifier to each element.

        Raises `TypeError` for any other operator.
        """
        if not ops.is_ordering_modifier(op):
            raise TypeError(f"An OrderByList has no operator {op.name!r}")
        return OrderByList([clause.operate(op, *other, **kwargs) for clause in self.clauses])
