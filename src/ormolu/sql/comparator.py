"""What each operator builds when it is applied to a `ColumnElement`.

Importing this module gives every `Operator` its ``build`` function:
``build(left, operator, *others, **modifiers)``. With ``reverse=True`` the left side is the other
one (``5 - column``). The result's type, and the operator where the types change it (``+`` of two
strings is ``||``), is asked of the left side's type: ``type.operator_result(operator, other)``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Final

from ..exc import ArgumentError, SAWarning
from ..types import BOOLEANTYPE, NULLTYPE, Comparator, MatchType, String
from . import operators as ops
from .boolean import and_, or_
from .coercion import operand, resolve
from .column_operators import ColumnOperators, Operators, OrderingOperators
from .constants import FALSE, NULL, TRUE, False_, Null, True_
from .elements import (
    BinaryExpression,
    BindParameter,
    ClauseElement,
    ClauseList,
    ColumnElement,
    Grouping,
    UnaryExpression,
)
from .expressions import Cast, CollectionAggregate
from .fromclause import FromClause
from .function_element import FunctionElement
from .label import CollationClause, Label
from .operators import Operator
from .slices import Slice
from .text import TextClause

Build = Callable[..., Any]

#: How far above a ``build`` function the user's code is.
_OPERATOR_CALL: Final = 5


def builds(*operators: Operator) -> Callable[[Build], Build]:
    """Decorate the function that builds these operators' expressions."""

    def decorate(function: Build) -> Build:
        for operator in operators:
            operator.build = function
        return function

    return decorate


_SINGLETONS = (Null, True_, False_)
_MATCH: Final = MatchType()
_IDENTITY_OPERATORS: Final = frozenset(
    (ops.eq, ops.ne, ops.is_, ops.is_not, ops.is_distinct_from, ops.is_not_distinct_from)
)


@builds(
    ops.eq,
    ops.ne,
    ops.lt,
    ops.le,
    ops.gt,
    ops.ge,
    ops.is_,
    ops.is_not,
    ops.is_distinct_from,
    ops.is_not_distinct_from,
)
def compare(left: Any, operator: Operator, other: Any, reverse: bool = False) -> Any:
    """A comparison; beside None, true and false only (in)equality and IS make sense."""
    if other is None or other is True or other is False or isinstance(other, _SINGLETONS):
        return _compare_singleton(left, operator, other)
    right = operand(other, left, operator)
    if type(right) is CollectionAggregate and reverse:
        left, right = right, left
    if isinstance(right, _SINGLETONS):
        return _compare_singleton(left, operator, right)
    negation = None if type(right) is CollectionAggregate else operator.negation
    return BinaryExpression(left, right, operator, BOOLEANTYPE, negation)


def _compare_singleton(left: Any, operator: Operator, other: Any) -> Any:
    # A type decorator may have its own idea of None, true and false.
    as_constants = getattr(left.type, "coerce_to_is_types", None)
    if as_constants is not None and not _is_node(other) and not isinstance(other, as_constants):
        bind = left._bind_for(operator, other)
        return BinaryExpression(left, bind, operator, BOOLEANTYPE, operator.negation)
    if operator not in _IDENTITY_OPERATORS:
        raise _not_beside_a_constant()
    constant = {None: NULL, True: TRUE, False: FALSE}[other] if not _is_node(other) else other
    if type(constant) is Null:
        operator = {ops.eq: ops.is_, ops.ne: ops.is_not}.get(operator, operator)
    return BinaryExpression(left, constant, operator, BOOLEANTYPE, operator.negation)


def _not_beside_a_constant() -> ArgumentError:
    return ArgumentError(
        "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', 'is_not_distinct_from()' "
        "operators can be used with None/True/False"
    )


def _beside(left: Any, operator: Operator, other: Any) -> Any:
    """What stands beside an element; None is a bind, so that statements share a form."""
    return left._bind_for(operator, None) if other is None else operand(other, left, operator)


def _is_node(other: Any) -> bool:
    return isinstance(other, ClauseElement)


@builds(
    ops.add,
    ops.sub,
    ops.mul,
    ops.truediv,
    ops.floordiv,
    ops.mod,
    ops.concat_op,
    ops.bitwise_and_op,
    ops.bitwise_or_op,
    ops.bitwise_xor_op,
    ops.bitwise_lshift_op,
    ops.bitwise_rshift_op,
    ops.json_getitem_op,
    ops.json_path_getitem_op,
)
def arithmetic(left: Any, operator: Operator, other: Any, reverse: bool = False) -> Any:
    """An operator whose result has a type of its own."""
    right = operand(other, left, operator)
    if reverse:
        left, right = right, left
    name, type_ = left.type.operator_result(operator.name, right.type)
    operator = ops.by_name.get(name, operator)
    return BinaryExpression(left, right, operator, type_)


@builds(ops.CUSTOM)
def custom(left: Any, operator: Any, other: Any, reverse: bool = False) -> Any:
    """An operator of the user's own."""
    right = _beside(left, operator, other)
    if reverse:
        left, right = right, left
    type_ = operator.return_type
    if type_ is None:
        type_ = BOOLEANTYPE if operator.comparison else left.type
    return BinaryExpression(left, right, operator, type_)


@builds(ops.getitem)
def index(left: Any, operator: Operator, item: Any) -> Any:
    """``left[item]``, for the types that say what it gives (JSON, arrays)."""
    type_of = getattr(left.type, "index_type", None)
    if type_of is None:
        return unsupported(left, operator, item)
    if isinstance(item, slice):
        right: Any = Slice(item.start, item.stop, item.step, left)
    else:
        right = operand(item, left, operator, type_of(item))
    name, type_ = left.type.operator_result(operator.name, right.type)
    return BinaryExpression(left, right, ops.by_name[name], type_)


@builds(ops.lshift, ops.rshift, ops.matmul)
def unsupported(left: Any, operator: Operator, *_: Any, **__: Any) -> Any:
    """An operator that only some types have (JSON and arrays have ``[]``)."""
    raise NotImplementedError(
        f"Operator {operator.name!r} is not supported on this expression: "
        f"{left._describe()!r} of type {left.type!r} doesn't define it"
    )


@builds(ops.like_op, ops.not_like_op, ops.ilike_op, ops.not_ilike_op)
def like(left: Any, operator: Operator, other: Any, escape: str | None = None) -> Any:
    """``LIKE`` and its kin."""
    return _matching(left, operator, other, escape)


@builds(
    ops.startswith_op,
    ops.istartswith_op,
    ops.endswith_op,
    ops.iendswith_op,
    ops.contains_op,
    ops.icontains_op,
)
def affix(
    left: Any,
    operator: Operator,
    other: Any,
    escape: str | None = None,
    autoescape: bool = False,
) -> Any:
    """A LIKE whose pattern is a literal with wildcards added by the compiler.

    Raises `TypeError` when ``autoescape`` is asked for something other than a plain string.
    """
    if autoescape:
        if not isinstance(other, str):
            raise TypeError("String value expected when autoescape=True")
        if escape is None:
            escape = "/"
        if escape not in ("%", "_"):
            other = other.replace(escape, escape + escape)
        other = other.replace("%", escape + "%").replace("_", escape + "_")
    return _matching(left, operator, other, escape)


def _matching(left: Any, operator: Operator, other: Any, escape: str | None) -> Any:
    if other is None:
        raise _not_beside_a_constant()
    right = operand(other, left, operator)
    modifiers = None if escape is None else (("escape", escape),)
    return BinaryExpression(left, right, operator, BOOLEANTYPE, operator.negation, modifiers)


@builds(ops.match_op)
def match(left: Any, operator: Operator, other: Any, **modifiers: Any) -> Any:
    """The full text match; ``modifiers`` are the database's."""
    right = _beside(left, operator, other)
    return BinaryExpression(left, right, operator, _MATCH, operator.negation, modifiers)


@builds(ops.regexp_match_op)
def regexp_match(left: Any, operator: Operator, pattern: Any, flags: str | None = None) -> Any:
    """A match of the database's regular expressions, which give no type."""
    right = _beside(left, operator, pattern)
    modifiers = {"flags": flags}
    return BinaryExpression(left, right, operator, NULLTYPE, operator.negation, modifiers)


@builds(ops.regexp_replace_op)
def regexp_replace(
    left: Any, operator: Operator, pattern: Any, replacement: Any, flags: str | None = None
) -> Any:
    """``regexp_replace(left, pattern, replacement)``: the right side is the pair."""
    pair = ClauseList(
        operand(pattern, left, operator), operand(replacement, left, operator), group=False
    )
    return BinaryExpression(left, pair, operator, NULLTYPE, modifiers={"flags": flags})


@builds(ops.between_op, ops.not_between_op)
def between(left: Any, operator: Operator, lower: Any, upper: Any, symmetric: bool = False) -> Any:
    """``BETWEEN``: the right side is the pair of bounds, joined by AND."""
    bounds = ClauseList(
        _bound(_beside(left, operator, lower)),
        _bound(_beside(left, operator, upper)),
        operator=ops.and_,
        group=False,
    )
    modifiers = (("symmetric", True),) if symmetric else None
    return BinaryExpression(left, bounds, operator, NULLTYPE, operator.negation, modifiers)


def _bound(bound: Any) -> Any:
    if isinstance(getattr(bound, "operator", None), ops.custom_op):
        return bound
    return bound.self_group(ops.and_)


@builds(ops.in_op, ops.not_in_op)
def in_(left: Any, operator: Operator, other: Any) -> Any:
    """``IN``: a list of plain values is one expanding bind, so its length is not in the key."""
    right = _in_list(left, operator, other)
    return BinaryExpression(left, right, operator, BOOLEANTYPE, operator.negation)


def _in_list(left: Any, operator: Operator, other: Any) -> Any:
    found = resolve(other)
    if found is None:
        if isinstance(other, str | bytes) or not hasattr(other, "__iter__"):
            raise _not_a_list(other)
        values = list(other)
        if not any(resolve(value) is not None for value in values):
            return left._bind_for(operator, values, expanding=True)
        return Grouping(ClauseList(*[_member(left, operator, v) for v in values], group=False))
    if isinstance(found, BindParameter):
        if found.expanding and not found.type._is_null:
            return found
        return found._copy(expanding=True, type=_typed(found, left))
    if isinstance(found, TextClause):
        return Grouping(found)
    if getattr(found, "_in_operand", None) is not None:
        return found._in_operand()
    if isinstance(found, ColumnElement) and found._parenthesised:
        return found
    if isinstance(found, FromClause | FunctionElement):
        warnings.warn(
            f"Coercing {type(found).__name__} object into a select() for use in IN(); please pass "
            "a select() construct explicitly",
            SAWarning,
            stacklevel=_OPERATOR_CALL,
        )
        return found.select()._in_operand()
    raise _not_a_list(other)


def _member(left: Any, operator: Operator, value: Any) -> Any:
    if value is None:
        return left._bind_for(operator, None)
    return operand(value, left, operator).self_group(ops.comma_op)


def _typed(bind: BindParameter[Any], left: Any) -> Any:
    return left.type if bind.type._is_null else bind.type


def _not_a_list(other: Any) -> ArgumentError:
    return ArgumentError(
        f"IN expression list, SELECT construct, or bound parameter object expected, got {other!r}."
    )


@builds(ops.and_)
def conjunction(left: Any, operator: Operator, other: Any, reverse: bool = False) -> Any:
    return and_(other, left) if reverse else and_(left, other)


@builds(ops.or_)
def disjunction(left: Any, operator: Operator, other: Any, reverse: bool = False) -> Any:
    return or_(other, left) if reverse else or_(left, other)


@builds(ops.inv)
def inversion(left: Any, operator: Operator) -> Any:
    return left._negate()


@builds(ops.neg, ops.bitwise_not_op)
def prefixed(left: Any, operator: Operator) -> Any:
    return UnaryExpression(left, operator=operator, type_=left.type)


@builds(ops.distinct_op)
def distinct(left: Any, operator: Operator) -> Any:
    return UnaryExpression(left, operator=operator, type_=left.type)


@builds(ops.asc_op, ops.desc_op, ops.nulls_first_op, ops.nulls_last_op)
def ordering(left: Any, operator: Operator) -> Any:
    return UnaryExpression(left, modifier=operator)


@builds(ops.any_op, ops.all_op)
def aggregate(left: Any, operator: Operator) -> Any:
    return CollectionAggregate(left, operator)


@builds(ops.collate)
def collate(
    left: Any, operator: Operator, collation: str, collation_schema: str | None = None
) -> Any:
    """``COLLATE``, whose right side is a name."""
    type_ = left.type
    if isinstance(type_, String):
        type_ = type_.copy(collation=collation)
    return BinaryExpression(left, CollationClause(collation, collation_schema), operator, type_)


@builds(ops.label_op)
def label(left: Any, operator: Operator, name: str | None) -> Any:
    return Label(name, left)


@builds(ops.cast_op)
def cast(left: Any, operator: Operator, type_: Any) -> Any:
    return Cast(left, type_)


Comparator.install(Operators, OrderingOperators, ColumnOperators)
