"""Evaluating a WHERE clause in Python: which objects of a session an UPDATE or DELETE meets.

An expression becomes a function of an object's values. SQL's three-valued logic is kept: None is
NULL. A value that isn't loaded gives `UNKNOWN`, which only an AND with false or an OR with true
gets rid of; the caller then expires the object. What Python would compute differently from the
database (functions, LIKE, collations) is refused with `UnevaluatableError`.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Mapping
from typing import Any, Final

from ormolu import exc
from ormolu.sql import operators as ops
from ormolu.sql.boolean import BooleanClauseList
from ormolu.sql.constants import False_, Null, True_
from ormolu.sql.elements import (
    AsBoolean,
    BinaryExpression,
    BindParameter,
    ClauseList,
    ColumnElement,
    Grouping,
    UnaryExpression,
)
from ormolu.types import String

Values = Mapping[str, Any]
Evaluate = Callable[[Values], Any]


class UnevaluatableError(exc.InvalidRequestError):
    """Python can't evaluate an expression as the database would."""


class _Unknown:
    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()

_ARITHMETIC: Final[dict[Any, Callable[[Any, Any], Any]]] = {
    ops.eq: python.eq,
    ops.ne: python.ne,
    ops.lt: python.lt,
    ops.le: python.le,
    ops.gt: python.gt,
    ops.ge: python.ge,
    ops.add: python.add,
    ops.sub: python.sub,
    ops.mul: python.mul,
    ops.concat_op: python.add,
}


class Evaluator:
    """Makes evaluating functions for the columns of one mapper.

    :param params: the values of the statement's binds, over the ones they hold themselves.
    """

    def __init__(self, mapper: Any, params: Mapping[str, Any] | None = None) -> None:
        self._mapper = mapper
        self._params = params or {}

    def compile(self, node: Any) -> Evaluate:
        """The function of an expression.

        :raises UnevaluatableError: when Python can't say what the database would.
        """
        for kind, method in _METHODS.items():
            if isinstance(node, kind):
                return method(self, node)
        if isinstance(node, ColumnElement):
            name = self._mapper.key_of_column.get(node)
            if name is not None:
                return _column(name)
        raise UnevaluatableError(f"Cannot evaluate {type(node).__name__}")

    def _bind(self, node: BindParameter[Any]) -> Evaluate:
        value = self._params.get(node.key, node.value)
        if node.callable is not None and node.key not in self._params:
            value = node.callable()
        return lambda values: value

    def _grouping(self, node: Grouping[Any]) -> Evaluate:
        return self.compile(node.element)

    def _list(self, node: ClauseList) -> Evaluate:
        parts = [self.compile(clause) for clause in node.clauses]
        return lambda values: [part(values) for part in parts]

    def _boolean(self, node: BooleanClauseList) -> Evaluate:
        parts = [self.compile(clause) for clause in node.clauses]
        decisive = node.operator is ops.or_
        return lambda values: _joined([part(values) for part in parts], decisive)

    def _unary(self, node: UnaryExpression[Any]) -> Evaluate:
        if node.operator is ops.inv:
            inner = self.compile(node.element)
            return lambda values: _negated(inner(values))
        if isinstance(node, AsBoolean) and node.operator in (ops.is_true, ops.is_false):
            inner = self.compile(node.element)
            if node.operator is ops.is_true:
                return inner
            return lambda values: _negated(inner(values))
        raise UnevaluatableError(f"Cannot evaluate {type(node).__name__} with {node.operator}")

    def _binary(self, node: BinaryExpression[Any]) -> Evaluate:
        left, right = self.compile(node.left), self.compile(node.right)
        operator = node.operator
        if operator is ops.is_ or operator is ops.is_not:
            return _identity(left, right, operator is ops.is_)
        if operator is ops.in_op or operator is ops.not_in_op:
            return _membership(left, right, operator is ops.in_op)
        compute = _ARITHMETIC.get(operator)
        if compute is None or (operator is ops.concat_op and not isinstance(node.type, String)):
            raise UnevaluatableError(f"Cannot evaluate operator {operator.name}")
        return _computed(left, right, compute)


_METHODS: Final[dict[type[Any], Callable[[Evaluator, Any], Evaluate]]] = {
    BindParameter: Evaluator._bind,
    Grouping: Evaluator._grouping,
    ClauseList: Evaluator._list,
    BooleanClauseList: Evaluator._boolean,
    BinaryExpression: Evaluator._binary,
    UnaryExpression: Evaluator._unary,
    Null: lambda _, __: lambda values: None,
    True_: lambda _, __: lambda values: True,
    False_: lambda _, __: lambda values: False,
}


def _column(name: str) -> Evaluate:
    return lambda values: values.get(name, UNKNOWN)


def _joined(values: list[Any], decisive: bool) -> Any:
    """AND (``decisive`` is False) or OR (True) of three-valued truths."""
    if any(value is not None and value is not UNKNOWN and bool(value) is decisive
           for value in values):  # fmt: skip
        return decisive
    if UNKNOWN in values:
        return UNKNOWN
    return None if None in values else not decisive


def _negated(value: Any) -> Any:
    return value if value is None or value is UNKNOWN else not value


def _computed(left: Evaluate, right: Evaluate, compute: Callable[[Any, Any], Any]) -> Evaluate:
    def evaluate(values: Values) -> Any:
        a, b = left(values), right(values)
        if a is UNKNOWN or b is UNKNOWN:
            return UNKNOWN
        return None if a is None or b is None else compute(a, b)

    return evaluate


def _identity(left: Evaluate, right: Evaluate, same: bool) -> Evaluate:
    def evaluate(values: Values) -> Any:
        a, b = left(values), right(values)
        if a is UNKNOWN or b is UNKNOWN:
            return UNKNOWN
        equal = (a is None) == (b is None) and a == b
        return equal is same

    return evaluate


def _membership(left: Evaluate, right: Evaluate, inside: bool) -> Evaluate:
    def evaluate(values: Values) -> Any:
        a, members = left(values), right(values)
        if a is UNKNOWN or members is UNKNOWN:
            return UNKNOWN
        if a is None:
            return None
        if a in members:
            return inside
        return None if None in members else not inside

    return evaluate
