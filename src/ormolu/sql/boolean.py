"""AND, OR and NOT, with the simplifications that keep generated SQL short.

``and_()`` drops true, becomes false at the first false, takes in the elements of nested ``and_``
and gives a single remaining element as it is; ``or_()`` is the mirror image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ..types import BOOLEANTYPE
from . import operators as ops
from .coercion import where
from .constants import False_, True_
from .elements import ColumnElement, Grouping, UnaryExpression
from .node import KEYED, NODES, Kind

if TYPE_CHECKING:
    from .operators import Operator


class BooleanClauseList(ColumnElement[bool]):
    """``a AND b AND c``, or with OR."""

    __slots__ = ("clauses", "operator")
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES, "operator": KEYED}
    __visit_name__ = "boolean_list"

    clauses: tuple[ColumnElement[Any], ...]
    operator: Operator

    def __init__(self, clauses: tuple[Any, ...], operator: Operator) -> None:
        self.clauses = clauses
        self.operator = operator
        self.type = BOOLEANTYPE
        self._seal()

    def __iter__(self) -> Iterator[ColumnElement[Any]]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        if against is not None and ops.is_precedent(self.operator, against) and self.clauses:
            return Grouping(self)
        return self

    def _negate(self) -> ColumnElement[Any]:
        # Not "= 0", as for a boolean column where the database has no booleans.
        return UnaryExpression(self, operator=ops.inv, type_=BOOLEANTYPE)

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return tuple(found for clause in self.clauses for found in clause._from_objects)


def join_clauses(
    operator: Operator, neutral: Any, absorbing: Any, clauses: tuple[Any, ...]
) -> ColumnElement[bool]:
    """Join clauses by AND or OR; ``neutral`` ones vanish, an ``absorbing`` one is the result."""
    kept: list[Any] = []
    for clause in clauses:
        if type(clause) is neutral:
            continue
        if type(clause) is absorbing:
            return clause  # type: ignore[no-any-return]
        if type(clause) is BooleanClauseList and clause.operator is operator:
            kept.extend(clause.clauses)
        else:
            kept.append(clause)
    if not kept:
        if clauses:
            return clauses[0]  # type: ignore[no-any-return]
        return BooleanClauseList((), operator)
    if len(kept) == 1:
        return kept[0]  # type: ignore[no-any-return]
    return BooleanClauseList(tuple([clause.self_group(operator) for clause in kept]), operator)


def and_(*clauses: Any) -> ColumnElement[bool]:
    """All of the conditions. Without arguments, an empty condition."""
    return join_clauses(ops.and_, True_, False_, tuple([where(c) for c in clauses]))


def or_(*clauses: Any) -> ColumnElement[bool]:
    """Any of the conditions. Without arguments, an empty condition."""
    return join_clauses(ops.or_, False_, True_, tuple([where(c) for c in clauses]))


def not_(clause: Any) -> ColumnElement[bool]:
    """The opposite of a condition."""
    return where(clause)._negate()  # type: ignore[no-any-return]
