"""Expressions with a form of their own: CASE, CAST, EXTRACT, tuples, ANY and ALL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from ..exc import ArgumentError
from ..types import BOOLEANTYPE, NULLTYPE, Integer, TupleType, TypeEngine
from . import operators as ops
from .coercion import expression, operand, order_by
from .elements import (
    NO_ARG,
    BinaryExpression,
    BindParameter,
    ClauseElement,
    ColumnElement,
    Grouping,
    NoArg,
    UnaryExpression,
    as_type,
)
from .node import CONST, NODE, NODES, PAIRS, TYPE, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from .operators import Operator

_T = TypeVar("_T")


class Case(ColumnElement[_T]):
    """``CASE [value] WHEN … THEN … [ELSE …] END``."""

    __slots__ = ("else_", "value", "whens")
    _fields: ClassVar[Mapping[str, Kind]] = {"value": NODE, "whens": PAIRS, "else_": NODE}
    __visit_name__ = "case"

    value: ColumnElement[Any] | None
    whens: tuple[tuple[ColumnElement[Any], ColumnElement[Any]], ...]
    else_: ColumnElement[Any] | None

    def __init__(self, *whens: Any, value: Any = None, else_: Any = None) -> None:
        if len(whens) == 1 and isinstance(whens[0], Mapping):
            whens = tuple(whens[0].items())
        if not whens:
            raise ArgumentError("case() needs at least one (condition, result) pair")
        self.value = None if value is None else expression(value)
        pairs = [_when(when, self.value is not None) for when in whens]
        self.whens = tuple(pairs)
        self.else_ = None if else_ is None else operand(else_)
        # The last result that has a type decides; ELSE only when none has one.
        results = [result for _, result in reversed(pairs)]
        if self.else_ is not None:
            results.append(self.else_)
        self.type = next((r.type for r in results if r.type is not NULLTYPE), NULLTYPE)
        self._seal()


def _when(when: Any, is_value: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if not isinstance(when, tuple) or len(when) != 2:
        raise ArgumentError(
            f"case() takes (condition, result) pairs or one dictionary, not {when!r}; "
            "write case((condition, result), ..., else_=other)"
        )
    condition, result = when
    left = operand(condition) if is_value else expression(condition).self_group(ops.case_op)
    return left, operand(result)


def case(
    *whens: tuple[Any, Any] | Mapping[Any, Any], value: Any = None, else_: Any = None
) -> Case[Any]:
    """``CASE``: pairs ``(condition, result)``, or one dictionary with ``value``.

    Raises `ArgumentError` for anything but pairs.
    """
    return Case(*whens, value=value, else_=else_)


class TypeClause(ClauseElement):
    """A type inside of an expression, as in CAST."""

    __slots__ = ("type",)
    _fields: ClassVar[Mapping[str, Kind]] = {"type": TYPE}
    __visit_name__ = "typeclause"

    type: TypeEngine[Any]

    def __init__(self, type_: TypeEngine[Any]) -> None:
        self.type = type_
        self._seal()


class Cast(ColumnElement[_T]):
    """``CAST(clause AS type)``."""

    __slots__ = ("clause",)
    _fields: ClassVar[Mapping[str, Kind]] = {"clause": NODE}
    __visit_name__ = "cast"

    clause: ColumnElement[Any]

    def __init__(self, expression: Any, type_: TypeEngine[_T] | type[TypeEngine[_T]]) -> None:
        self.type = as_type(type_)
        self.clause = operand(expression, type_=self.type)
        self._seal()

    @property
    def _proxy_key(self) -> str | None:
        return None if isinstance(self.clause, BindParameter) else self.clause._proxy_key

    @property
    def _anon_base(self) -> str:
        return self.clause._anon_base

    @property
    def typeclause(self) -> TypeClause:
        """The type as an element of its own."""
        return TypeClause(self.type)


class TryCast(Cast[_T]):
    """``TRY_CAST(clause AS type)``, NULL where the cast fails."""

    __slots__ = ()
    __visit_name__ = "try_cast"


class TypeCoerce(ColumnElement[_T]):
    """An expression taken as another type, in Python only."""

    __slots__ = ("clause",)
    _fields: ClassVar[Mapping[str, Kind]] = {"clause": NODE}
    __visit_name__ = "type_coerce"

    clause: ColumnElement[Any]

    def __init__(self, expression: Any, type_: TypeEngine[_T] | type[TypeEngine[_T]]) -> None:
        self.type = as_type(type_)
        found = operand(expression, type_=self.type)
        if isinstance(found, BindParameter):
            found = found._copy(type=self.type)
        self.clause = found
        self._seal()

    @property
    def typed_expression(self) -> ColumnElement[Any]:
        """The expression inside."""
        return self.clause

    @property
    def _proxy_key(self) -> str | None:
        return None if isinstance(self.clause, BindParameter) else self.clause._proxy_key

    @property
    def _anon_base(self) -> str:
        return self.clause._anon_base

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        inner = self.clause.self_group(against)
        return self if inner is self.clause else TypeCoerce(inner, self.type)


class Extract(ColumnElement[int]):
    """``EXTRACT(field FROM expr)``."""

    __slots__ = ("expr", "field")
    _fields: ClassVar[Mapping[str, Kind]] = {"field": CONST, "expr": NODE}
    __visit_name__ = "extract"

    field: str
    expr: ColumnElement[Any]

    def __init__(self, field: str, expr: Any) -> None:
        self.field = field
        self.expr = expression(expr)
        self.type = _INTEGER
        self._seal()


class Tuple(ColumnElement[Any]):
    """``(a, b, c)``, to compare several columns at once."""

    __slots__ = ("clauses",)
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES}
    __visit_name__ = "tuple"

    clauses: tuple[ColumnElement[Any], ...]

    def __init__(
        self, *clauses: Any, types: Iterable[TypeEngine[Any] | type[TypeEngine[Any]]] | None = None
    ) -> None:
        given = [as_type(t) for t in types] if types is not None else [None] * len(clauses)
        self.clauses = tuple(
            [
                operand(c, type_=t).self_group(ops.comma_op)
                for c, t in zip(clauses, given, strict=True)
            ]
        )
        self.type = TupleType(*[c.type for c in self.clauses])
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    def _bind_for(self, operator: Operator, value: Any, expanding: bool = False) -> Any:
        if expanding:
            for row in value:
                self._check_width(row)
            return BindParameter(None, value, self.type, unique=True, expanding=True)
        self._check_width(value)
        return Tuple(
            *[
                BindParameter(None, None, c.type)
                if v is None
                else operand(v, type_=c.type.coerce_compared_value(operator, v))
                for c, v in zip(self.clauses, value, strict=True)
            ]
        )

    def _check_width(self, row: Any) -> None:
        width = len(self.clauses)
        if not hasattr(row, "__len__") or len(row) != width:
            raise ArgumentError(
                f"a tuple_() of {width} expressions can't be compared to {row!r}; "
                f"write a tuple of {width} values"
            )


class CollectionAggregate(UnaryExpression[_T]):
    """``ANY (expr)`` and ``ALL (expr)``, on the right of a comparison."""

    __slots__ = ()
    __visit_name__ = "collection_aggregate"

    def __init__(self, element: Any, operator: Operator) -> None:
        super().__init__(_collection(element), operator=operator, type_=BOOLEANTYPE)

    def operate(self, op: Operator, *other: Any, **kwargs: Any) -> Any:
        if not op.comparison:
            raise ArgumentError("Only comparison operators may be used with ANY/ALL")
        # ``any_(x) > 5`` is written ``5 < ANY (x)``: the database takes it on the right only.
        mirrored = ops.mirror(op)
        type_ = getattr(self.element, "type", None)
        left = operand(other[0], type_=getattr(type_, "item_type", type_))
        return BinaryExpression(left, self, mirrored, BOOLEANTYPE)


def _ordered(column: Any, modifier: Operator) -> UnaryExpression[Any]:
    return UnaryExpression(order_by(column), modifier=modifier)


_INTEGER = Integer()


def _collection(element: Any) -> Any:
    found = expression(element)
    return found if found._parenthesised else Grouping(found)


def cast(expression: Any, type_: TypeEngine[_T] | type[TypeEngine[_T]]) -> Cast[_T]:
    """``CAST(expression AS type_)``."""
    return Cast(expression, type_)


def try_cast(expression: Any, type_: TypeEngine[_T] | type[TypeEngine[_T]]) -> TryCast[_T]:
    """``TRY_CAST(expression AS type_)``."""
    return TryCast(expression, type_)


def type_coerce(expression: Any, type_: TypeEngine[_T] | type[TypeEngine[_T]]) -> TypeCoerce[_T]:
    """Take an expression as another type, without SQL."""
    return TypeCoerce(expression, type_)


def extract(field: str, expr: Any) -> Extract:
    """``EXTRACT(field FROM expr)``."""
    return Extract(field, expr)


def tuple_(
    *clauses: Any, types: Iterable[TypeEngine[Any] | type[TypeEngine[Any]]] | None = None
) -> Tuple:
    """``(a, b)``: ``tuple_(a, b).in_([(1, 2), (3, 4)])``."""
    return Tuple(*clauses, types=types)


def any_(expr: Any) -> CollectionAggregate[bool]:
    """``ANY (expr)``, of an array or a subquery."""
    return CollectionAggregate(expr, ops.any_op)


def all_(expr: Any) -> CollectionAggregate[bool]:
    """``ALL (expr)``, of an array or a subquery."""
    return CollectionAggregate(expr, ops.all_op)


def bitwise_not(expr: Any) -> UnaryExpression[Any]:
    """``~expr``, of an integer."""
    return operand(expr).bitwise_not()  # type: ignore[no-any-return]


def distinct(expr: Any) -> UnaryExpression[Any]:
    """``DISTINCT expr``, inside an aggregate function."""
    found = expression(expr)
    return UnaryExpression(found, operator=ops.distinct_op, type_=found.type)


def collate(
    expression: Any, collation: str, collation_schema: str | None = None
) -> ColumnElement[str]:
    """``expression COLLATE collation``, of a schema where one is given."""
    collated: ColumnElement[str] = operand(expression).collate(collation, collation_schema)
    return collated


def between(
    expr: Any, lower_bound: Any, upper_bound: Any, symmetric: bool = False
) -> ColumnElement[bool]:
    """``expr BETWEEN lower_bound AND upper_bound``."""
    condition: ColumnElement[bool] = operand(expr).between(
        lower_bound, upper_bound, symmetric=symmetric
    )
    return condition


def asc(column: Any) -> UnaryExpression[Any]:
    """``column ASC``; a string names something in the columns clause."""
    return _ordered(column, ops.asc_op)


def desc(column: Any) -> UnaryExpression[Any]:
    """``column DESC``; a string names something in the columns clause."""
    return _ordered(column, ops.desc_op)


def nulls_first(column: Any) -> UnaryExpression[Any]:
    """``column NULLS FIRST``."""
    return _ordered(column, ops.nulls_first_op)


def nulls_last(column: Any) -> UnaryExpression[Any]:
    """``column NULLS LAST``."""
    return _ordered(column, ops.nulls_last_op)


#: The names of 1.x.
nullsfirst = nulls_first
nullslast = nulls_last


@overload
def literal(
    value: Any, type_: TypeEngine[_T] | type[TypeEngine[_T]], literal_execute: bool = False
) -> BindParameter[_T]: ...


@overload
def literal(value: _T, type_: None = None, literal_execute: bool = False) -> BindParameter[_T]: ...


def literal(value: Any, type_: Any = None, literal_execute: bool = False) -> BindParameter[Any]:
    """A value as a bind of its own."""
    return BindParameter(None, value, type_, unique=True, literal_execute=literal_execute)


@overload
def bindparam(
    key: str | None,
    value: Any = NO_ARG,
    type_: None = None,
    unique: bool = False,
    required: bool | NoArg = NO_ARG,
    quote: bool | None = None,
    callable_: Callable[[], Any] | None = None,
    expanding: bool = False,
    isoutparam: bool = False,
    literal_execute: bool = False,
) -> BindParameter[Any]: ...


@overload
def bindparam(
    key: str | None,
    value: Any = NO_ARG,
    *,
    type_: TypeEngine[_T] | type[TypeEngine[_T]],
    unique: bool = False,
    required: bool | NoArg = NO_ARG,
    quote: bool | None = None,
    callable_: Callable[[], Any] | None = None,
    expanding: bool = False,
    isoutparam: bool = False,
    literal_execute: bool = False,
) -> BindParameter[_T]: ...


@overload
def bindparam(
    key: str | None,
    value: Any,
    type_: TypeEngine[_T] | type[TypeEngine[_T]],
    unique: bool = False,
    required: bool | NoArg = NO_ARG,
    quote: bool | None = None,
    callable_: Callable[[], Any] | None = None,
    expanding: bool = False,
    isoutparam: bool = False,
    literal_execute: bool = False,
) -> BindParameter[_T]: ...


def bindparam(
    key: str | None,
    value: Any = NO_ARG,
    type_: Any = None,
    unique: bool = False,
    required: bool | NoArg = NO_ARG,
    quote: bool | None = None,
    callable_: Callable[[], Any] | None = None,
    expanding: bool = False,
    isoutparam: bool = False,
    literal_execute: bool = False,
) -> BindParameter[Any]:
    """A named bind, whose value is given here or when the statement is executed.

    Parameters: ``required``, whether execution without a value raises (default: when neither
    ``value`` nor ``callable_`` is given); ``unique``, number the name; ``expanding``, a list for
    ``in_()``; ``literal_execute``, write the value into the SQL at each execution.
    """
    return BindParameter(
        key,
        value,
        type_,
        unique,
        required,
        quote,
        callable_,
        expanding,
        isoutparam,
        literal_execute,
    )


def outparam(key: str, type_: TypeEngine[_T] | None = None) -> BindParameter[_T]:
    """A bind that a stored procedure gives a value."""
    return BindParameter(key, None, type_, isoutparam=True)
