"""AND, OR and NOT, with the simplifications that keep generated SQL short.

``and_()`` drops true, becomes false at the first false, takes in the elements of nested ``and_``
and gives a single remaining element as it is; ``or_()`` is the mirror image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ..deprecation import warn_deprecated
from ..types import BOOLEANTYPE
from . import operators as ops
from .coercion import operand, where
from .constants import False_, True_
from .elements import AsBoolean, ColumnElement, Grouping, UnaryExpression, as_type
from .node import KEYED, NODES, Kind

if TYPE_CHECKING:
    from ..types import TypeEngine
    from .operators import Operator

_T = TypeVar("_T")


class ExpressionClauseList(ColumnElement[_T]):
    """Expressions joined by one operator, as a value: ``a + b + c``."""

    __slots__ = ("clauses", "operator")
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES, "operator": KEYED}
    __visit_name__ = "expression_clauselist"

    clauses: tuple[ColumnElement[Any], ...]
    operator: Operator

    def __init__(
        self,
        operator: Operator,
        *clauses: Any,
        type_: TypeEngine[_T] | type[TypeEngine[_T]] | None = None,
    ) -> None:
        self.clauses = tuple([operand(clause).self_group(operator) for clause in clauses])
        self.operator = operator
        self.type = as_type(type_)
        self._seal()

    def __iter__(self) -> Iterator[ColumnElement[Any]]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        if not self.clauses or against is None:
            return self
        operator = self.operator
        if ops.is_precedent(operator, against) or (against is ops.inv and not operator.boolean):
            return Grouping(self)
        return self

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return tuple(found for clause in self.clauses for found in clause._from_objects)


class BooleanClauseList(ExpressionClauseList[bool]):
    """``a AND b AND c``, or with OR; made by `and_` and `or_`."""

    __slots__ = ()
    __visit_name__ = "boolean_list"

    def __init__(self, clauses: tuple[Any, ...], operator: Operator) -> None:
        self.clauses = clauses
        self.operator = operator
        self.type = BOOLEANTYPE
        self._seal()

    @classmethod
    def and_(cls, *clauses: Any) -> ColumnElement[bool]:
        """`ormolu.and_`."""
        return and_(*clauses)

    @classmethod
    def or_(cls, *clauses: Any) -> ColumnElement[bool]:
        """`ormolu.or_`."""
        return or_(*clauses)

    def _negate(self) -> ColumnElement[Any]:
        # Not "= 0", as for a boolean column where the database has no booleans.
        return UnaryExpression(self, operator=ops.inv)


def join_clauses(
    operator: Operator, neutral: Any, absorbing: Any, clauses: tuple[Any, ...]
) -> ColumnElement[bool]:
    """Join clauses by AND or OR; ``neutral`` ones vanish, an ``absorbing`` one is the result."""
    kept: list[Any] = []
    for clause in clauses:
        if type(clause) is neutral:
            continue
        if type(clause) is absorbing:
            return AsBoolean(clause, ops.is_true)
        if type(clause) is BooleanClauseList and clause.operator is operator:
            kept.extend(clause.clauses)
        else:
            kept.append(clause)
    if not kept:
        if clauses:
            return AsBoolean(clauses[0], ops.is_true)
        return BooleanClauseList((), operator)
    if len(kept) == 1:
        return kept[0].self_group(ops.comma_op)  # type: ignore[no-any-return]
    return BooleanClauseList(tuple([clause.self_group(operator) for clause in kept]), operator)


def and_(*clauses: Any) -> ColumnElement[bool]:
    """All of the conditions. Without arguments, an empty condition (deprecated)."""
    if not clauses:
        warn_deprecated("and_() without arguments", "write and_(True, *conditions)", "1.4")
    return join_clauses(ops.and_, True_, False_, tuple([where(c) for c in clauses]))


def or_(*clauses: Any) -> ColumnElement[bool]:
    """Any of the conditions. Without arguments, an empty condition (deprecated)."""
    if not clauses:
        warn_deprecated("or_() without arguments", "write or_(False, *conditions)", "1.4")
    return join_clauses(ops.or_, False_, True_, tuple([where(c) for c in clauses]))


def not_(clause: Any) -> ColumnElement[bool]:
    """The opposite of a condition."""
    return where(clause)._negate()  # type: ignore[no-any-return]
