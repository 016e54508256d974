"""The methods every SQL column-like object offers: ``a == b``, ``a.like(b)``, ``a.desc()`` …

`ColumnOperators` turns each into one call of ``operate(operator, *others)``; who inherits it says
what that means: a `ColumnElement` builds an expression, a mapped attribute hands the operator to
its comparator, a user's custom comparator does as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..types.operator_classes import OperatorClass
from . import operator_table as ops

if TYPE_CHECKING:
    from ..types import TypeEngine
    from .elements import ColumnElement, UnaryExpression
    from .label import Label
    from .operator_table import Operator

_T_co = TypeVar("_T_co", bound=Any, covariant=True)


class Operators:
    """The base of anything that operators may be applied to."""

    __slots__ = ()

    def operate(self, op: Operator, *other: Any, **kwargs: Any) -> Any:
        """Apply an operator with this object on the left."""
        raise TypeError(f"{type(self).__name__} has no operators")

    def reverse_operate(self, op: Operator, other: Any, **kwargs: Any) -> Any:
        """Apply an operator with this object on the right."""
        raise TypeError(f"{type(self).__name__} has no operators")

    def __and__(self, other: Any) -> ColumnElement[bool]:
        return self.operate(ops.and_, other)  # type: ignore[no-any-return]

    def __or__(self, other: Any) -> ColumnElement[bool]:
        return self.operate(ops.or_, other)  # type: ignore[no-any-return]

    def __rand__(self, other: Any) -> ColumnElement[bool]:
        return self.reverse_operate(ops.and_, other)  # type: ignore[no-any-return]

    def __ror__(self, other: Any) -> ColumnElement[bool]:
        return self.reverse_operate(ops.or_, other)  # type: ignore[no-any-return]

    def __invert__(self) -> ColumnElement[bool]:
        return self.operate(ops.inv)  # type: ignore[no-any-return]

    def op(
        self,
        opstring: str,
        precedence: int = 0,
        is_comparison: bool = False,
        return_type: type[TypeEngine[Any]] | TypeEngine[Any] | None = None,
        python_impl: Callable[..., Any] | None = None,
        operator_class: OperatorClass = OperatorClass.BASE,
        *,
        visit_name: str | None = None,
    ) -> Callable[[Any], Any]:
        """A function that applies an operator of your own: ``column.op("->>")("name")``.

        Parameters: ``precedence``, where parentheses go (0: around everything but commas);
        ``is_comparison``, whether it gives a boolean; ``return_type``, the type of the result;
        ``operator_class``, what kind of operator it is; ``visit_name``, see `custom_op`.
        """
        operator = ops.custom_op(
            opstring,
            precedence,
            is_comparison,
            return_type,
            python_impl=python_impl,
            operator_class=operator_class,
            visit_name=visit_name,
        )
        return lambda other: self.operate(operator, other)

    def bool_op(
        self, opstring: str, precedence: int = 0, python_impl: Callable[..., Any] | None = None
    ) -> Callable[[Any], Any]:
        """As `op`, with a boolean result."""
        return self.op(opstring, precedence, is_comparison=True, python_impl=python_impl)


class OrderingOperators(Operators):
    """The operators of what may stand in ORDER BY: an expression, or a list of them."""

    __slots__ = ()

    def asc(self) -> UnaryExpression[Any]:
        """``a ASC``."""
        return self.operate(ops.asc_op)  # type: ignore[no-any-return]

    def desc(self) -> UnaryExpression[Any]:
        """``a DESC``."""
        return self.operate(ops.desc_op)  # type: ignore[no-any-return]

    def nulls_first(self) -> UnaryExpression[Any]:
        """``a NULLS FIRST``."""
        return self.operate(ops.nulls_first_op)  # type: ignore[no-any-return]

    nullsfirst = nulls_first

    def nulls_last(self) -> UnaryExpression[Any]:
        """``a NULLS LAST``."""
        return self.operate(ops.nulls_last_op)  # type: ignore[no-any-return]

    nullslast = nulls_last


class ColumnOperators(OrderingOperators):
    """The operators of a column-like object."""

    __slots__ = ()

    def __eq__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return self.operate(ops.eq, other)  # type: ignore[no-any-return]

    def __ne__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return self.operate(ops.ne, other)  # type: ignore[no-any-return]

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> ColumnElement[bool]:
        return self.operate(ops.lt, other)  # type: ignore[no-any-return]

    def __le__(self, other: Any) -> ColumnElement[bool]:
        return self.operate(ops.le, other)  # type: ignore[no-any-return]

    def __gt__(self, other: Any) -> ColumnElement[bool]:
        return self.operate(ops.gt, other)  # type: ignore[no-any-return]

    def __ge__(self, other: Any) -> ColumnElement[bool]:
        return self.operate(ops.ge, other)  # type: ignore[no-any-return]

    def __add__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.add, other)  # type: ignore[no-any-return]

    def __radd__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.add, other)  # type: ignore[no-any-return]

    def __sub__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.sub, other)  # type: ignore[no-any-return]

    def __rsub__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.sub, other)  # type: ignore[no-any-return]

    def __mul__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.mul, other)  # type: ignore[no-any-return]

    def __rmul__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.mul, other)  # type: ignore[no-any-return]

    def __truediv__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.truediv, other)  # type: ignore[no-any-return]

    def __rtruediv__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.truediv, other)  # type: ignore[no-any-return]

    def __floordiv__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.floordiv, other)  # type: ignore[no-any-return]

    def __rfloordiv__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.floordiv, other)  # type: ignore[no-any-return]

    def __mod__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.mod, other)  # type: ignore[no-any-return]

    def __rmod__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.mod, other)  # type: ignore[no-any-return]

    def __pow__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.pow, other)  # type: ignore[no-any-return]

    def __rpow__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.pow, other)  # type: ignore[no-any-return]

    def __matmul__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.matmul, other)  # type: ignore[no-any-return]

    def __rmatmul__(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.matmul, other)  # type: ignore[no-any-return]

    def __lshift__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.lshift, other)  # type: ignore[no-any-return]

    def __rshift__(self, other: Any) -> ColumnElement[Any]:
        return self.operate(ops.rshift, other)  # type: ignore[no-any-return]

    def __neg__(self) -> ColumnElement[Any]:
        return self.operate(ops.neg)  # type: ignore[no-any-return]

    def __getitem__(self, index: Any) -> ColumnElement[Any]:
        return self.operate(ops.getitem, index)  # type: ignore[no-any-return]

    def __contains__(self, other: Any) -> bool:
        raise NotImplementedError(
            f"'in' gives a plain bool and can't be an expression; write {type(self).__name__}"
            ".in_(...) or .contains(...)"
        )

    def bitwise_and(self, other: Any) -> ColumnElement[Any]:
        """``a & b`` in SQL."""
        return self.operate(ops.bitwise_and_op, other)  # type: ignore[no-any-return]

    def bitwise_or(self, other: Any) -> ColumnElement[Any]:
        """``a | b`` in SQL."""
        return self.operate(ops.bitwise_or_op, other)  # type: ignore[no-any-return]

    def bitwise_xor(self, other: Any) -> ColumnElement[Any]:
        """``a ^ b`` in SQL."""
        return self.operate(ops.bitwise_xor_op, other)  # type: ignore[no-any-return]

    def bitwise_lshift(self, other: Any) -> ColumnElement[Any]:
        """``a << b`` in SQL."""
        return self.operate(ops.bitwise_lshift_op, other)  # type: ignore[no-any-return]

    def bitwise_rshift(self, other: Any) -> ColumnElement[Any]:
        """``a >> b`` in SQL."""
        return self.operate(ops.bitwise_rshift_op, other)  # type: ignore[no-any-return]

    def bitwise_not(self) -> ColumnElement[Any]:
        """``~a`` in SQL."""
        return self.operate(ops.bitwise_not_op)  # type: ignore[no-any-return]

    def concat(self, other: Any) -> ColumnElement[Any]:
        """``a || b``."""
        return self.operate(ops.concat_op, other)  # type: ignore[no-any-return]

    def _rconcat(self, other: Any) -> ColumnElement[Any]:
        return self.reverse_operate(ops.concat_op, other)  # type: ignore[no-any-return]

    def is_distinct_from(self, other: Any) -> ColumnElement[bool]:
        """``a IS DISTINCT FROM b``: unequal, NULL being a value like another."""
        return self.operate(ops.is_distinct_from, other)  # type: ignore[no-any-return]

    def is_not_distinct_from(self, other: Any) -> ColumnElement[bool]:
        """``a IS NOT DISTINCT FROM b``."""
        return self.operate(ops.is_not_distinct_from, other)  # type: ignore[no-any-return]

    isnot_distinct_from = is_not_distinct_from

    def like(self, other: Any, escape: str | None = None) -> ColumnElement[bool]:
        """``a LIKE b``; ``escape`` is the character of its ``ESCAPE`` clause."""
        return self.operate(ops.like_op, other, escape=escape)  # type: ignore[no-any-return]

    def ilike(self, other: Any, escape: str | None = None) -> ColumnElement[bool]:
        """``a ILIKE b``, or ``lower(a) LIKE lower(b)`` where the database has none."""
        return self.operate(ops.ilike_op, other, escape=escape)  # type: ignore[no-any-return]

    def not_like(self, other: Any, escape: str | None = None) -> ColumnElement[bool]:
        """``a NOT LIKE b``."""
        return self.operate(ops.not_like_op, other, escape=escape)  # type: ignore[no-any-return]

    notlike = not_like

    def not_ilike(self, other: Any, escape: str | None = None) -> ColumnElement[bool]:
        """``a NOT ILIKE b``."""
        return self.operate(ops.not_ilike_op, other, escape=escape)  # type: ignore[no-any-return]

    notilike = not_ilike

    def startswith(
        self, other: Any, *, escape: str | None = None, autoescape: bool = False
    ) -> ColumnElement[bool]:
        """``a LIKE b || '%'``; ``autoescape`` takes ``%`` and ``_`` in a plain string literally."""
        return self.operate(ops.startswith_op, other, escape=escape, autoescape=autoescape)  # type: ignore[no-any-return]

    def istartswith(
        self, other: Any, *, escape: str | None = None, autoescape: bool = False
    ) -> ColumnElement[bool]:
        """As `startswith`, ignoring case."""
        return self.operate(ops.istartswith_op, other, escape=escape, autoescape=autoescape)  # type: ignore[no-any-return]

    def endswith(
        self, other: Any, *, escape: str | None = None, autoescape: bool = False
    ) -> ColumnElement[bool]:
        """``a LIKE '%' || b``; ``autoescape`` takes ``%`` and ``_`` in a plain string literally."""
        return self.operate(ops.endswith_op, other, escape=escape, autoescape=autoescape)  # type: ignore[no-any-return]

    def iendswith(
        self, other: Any, *, escape: str | None = None, autoescape: bool = False
    ) -> ColumnElement[bool]:
        """As `endswith`, ignoring case."""
        return self.operate(ops.iendswith_op, other, escape=escape, autoescape=autoescape)  # type: ignore[no-any-return]

    def contains(
        self, other: Any, *, escape: str | None = None, autoescape: bool = False
    ) -> ColumnElement[bool]:
        """``a LIKE '%' || b || '%'``; ``autoescape`` takes ``%`` and ``_`` literally."""
        return self.operate(ops.contains_op, other, escape=escape, autoescape=autoescape)  # type: ignore[no-any-return]

    def icontains(
        self, other: Any, *, escape: str | None = None, autoescape: bool = False
    ) -> ColumnElement[bool]:
        """As `contains`, ignoring case."""
        return self.operate(ops.icontains_op, other, escape=escape, autoescape=autoescape)  # type: ignore[no-any-return]

    def in_(self, other: Any) -> ColumnElement[bool]:
        """``a IN (...)``: a list of values, a `select()` or an expanding `bindparam`."""
        return self.operate(ops.in_op, other)  # type: ignore[no-any-return]

    def not_in(self, other: Any) -> ColumnElement[bool]:
        """``a NOT IN (...)``."""
        return self.operate(ops.not_in_op, other)  # type: ignore[no-any-return]

    notin_ = not_in

    def is_(self, other: Any) -> ColumnElement[bool]:
        """``a IS b``, for NULL, true and false."""
        return self.operate(ops.is_, other)  # type: ignore[no-any-return]

    def is_not(self, other: Any) -> ColumnElement[bool]:
        """``a IS NOT b``."""
        return self.operate(ops.is_not, other)  # type: ignore[no-any-return]

    isnot = is_not

    def between(self, cleft: Any, cright: Any, symmetric: bool = False) -> ColumnElement[bool]:
        """``a BETWEEN cleft AND cright``."""
        return self.operate(ops.between_op, cleft, cright, symmetric=symmetric)  # type: ignore[no-any-return]

    def match(self, other: Any, **kwargs: Any) -> ColumnElement[bool]:
        """The database's full text match."""
        return self.operate(ops.match_op, other, **kwargs)  # type: ignore[no-any-return]

    def regexp_match(self, pattern: Any, flags: str | None = None) -> ColumnElement[bool]:
        """Whether the database's regular expression matches."""
        return self.operate(ops.regexp_match_op, pattern, flags=flags)  # type: ignore[no-any-return]

    def regexp_replace(
        self, pattern: Any, replacement: Any, flags: str | None = None
    ) -> ColumnElement[str]:
        """Replace what the database's regular expression matches."""
        return self.operate(ops.regexp_replace_op, pattern, replacement, flags=flags)  # type: ignore[no-any-return]

    def collate(self, collation: str, collation_schema: str | None = None) -> ColumnElement[Any]:
        """``a COLLATE collation``, of a schema where one is given."""
        if collation_schema is None:
            return self.operate(ops.collate, collation)  # type: ignore[no-any-return]
        return self.operate(  # type: ignore[no-any-return]
            ops.collate, collation, collation_schema=collation_schema
        )

    def distinct(self) -> ColumnElement[Any]:
        """``DISTINCT a``, inside an aggregate function."""
        return self.operate(ops.distinct_op)  # type: ignore[no-any-return]

    def any_(self) -> ColumnElement[Any]:
        """``ANY (a)``."""
        return self.operate(ops.any_op)  # type: ignore[no-any-return]

    def all_(self) -> ColumnElement[Any]:
        """``ALL (a)``."""
        return self.operate(ops.all_op)  # type: ignore[no-any-return]

    def label(self, name: str | None) -> Label[Any]:
        """``a AS name``; None makes an anonymous name."""
        return self.operate(ops.label_op, name)  # type: ignore[no-any-return]

    def cast(self, type_: type[TypeEngine[Any]] | TypeEngine[Any]) -> ColumnElement[Any]:
        """``CAST(a AS type)``."""
        return self.operate(ops.cast_op, type_)  # type: ignore[no-any-return]


class SQLCoreOperations(ColumnOperators, Generic[_T_co]):
    """What `ColumnElement` and mapped attributes have in common, typed by the Python value."""

    __slots__ = ()

    if TYPE_CHECKING:

        def label(self, name: str | None) -> Label[_T_co]: ...


class SQLColumnExpression(SQLCoreOperations[_T_co]):
    """Anything that is a SQL value of a Python type: a column, an expression, a mapped attribute.

    For annotations: a function that takes any of these takes a ``SQLColumnExpression[int]``.
    """

    __slots__ = ()
