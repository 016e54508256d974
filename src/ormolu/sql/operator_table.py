"""The table of operators: what ``a == b`` or ``a.like(b)`` stands for, as objects.

An operator knows its name, its precedence (where parentheses are needed), its negation and, once
`ormolu.sql.comparator` is imported, the function that builds its expression. It is callable like
the functions of Python's ``operator`` module, so that a custom comparator may write
``return op(func.lower(a), func.lower(b))``. How an operator is written in SQL is the compiler's
affair; the nodes only name it.

An expression of one operator inside of another needs parentheses when its precedence isn't higher
(`is_precedent`). Some operators have no place in that order, because they are written as a form of
several words (``a LIKE '%' || b``): they are *loose*, in parentheses inside of any other operator,
and with any operator inside of them in parentheses.

The public module is `ormolu.sql.operators`; what it adds are the base classes whose methods use
this table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ..types.operator_classes import OperatorClass

if TYPE_CHECKING:
    from ..types import TypeEngine

LOOSE: Final = 100
"""The precedence of an operator without one; see above."""


class Operator:
    """One operator.

    Parameters: ``name``, SQLAlchemy's name for it (``"eq"``, ``"in_op"``); ``method``, the
    `ColumnOperators` method it comes from; ``precedence``, higher binds tighter; ``natural``,
    whether ``a op b op c`` needs no parentheses; ``comparison``, whether it gives a boolean;
    ``commutative``; ``grouped``, whether its expressions stand in parentheses in any other;
    ``boolean``, whether it makes a condition without comparing.
    """

    __slots__ = (
        "_key",
        "_negation",
        "boolean",
        "build",
        "commutative",
        "comparison",
        "grouped",
        "method",
        "name",
        "natural",
        "precedence",
    )

    def __init__(
        self,
        name: str,
        method: str,
        precedence: int,
        *,
        natural: bool = False,
        comparison: bool = False,
        commutative: bool = False,
        grouped: bool = False,
        boolean: bool = False,
    ) -> None:
        self.name = name
        self.method = method
        self.precedence = precedence
        self.natural = natural
        self.comparison = comparison
        self.commutative = commutative
        self.grouped = grouped
        self.boolean = boolean or comparison
        self.build: Callable[..., Any] = _unbuilt
        self._negation: Operator | None = None
        self._key: Any = name

    @property
    def negation(self) -> Operator | None:
        """The operator that gives the opposite, or None where ``NOT`` must be written."""
        return self._negation

    def __call__(self, left: Any, *others: Any, **kwargs: Any) -> Any:
        return getattr(left, self.method)(*others, **kwargs)

    @property
    def __name__(self) -> str:
        return self.name

    def __reduce__(self) -> str | tuple[Any, ...]:
        return _named, (self.name,)  # the operators are compared by identity

    def __repr__(self) -> str:
        return f"<operator {self.name}>"


def _named(name: str) -> Operator:
    return by_name[name]


def _unbuilt(left: Any, operator: Operator, *_: Any, **__: Any) -> Any:
    raise TypeError(f"{operator!r} builds no expression from {type(left).__name__}")


class custom_op(Operator):
    """An operator written by the user: ``column.op("->>")``.

    Parameters: ``opstring``, rendered as given; ``return_type``, the type of the result (without
    it the left side's type is kept, and a comparison gives a boolean);
    ``natural_self_precedent``, whether ``a op b op c`` needs no parentheses; ``eager_grouping``,
    parentheses inside of every other operator; ``visit_name``, a form of its own in the compiler:
    the method ``custom_<visit_name>``.
    """

    __slots__ = (
        "eager_grouping",
        "operator_class",
        "opstring",
        "python_impl",
        "return_type",
        "visit_name",
    )

    def __init__(
        self,
        opstring: str,
        precedence: int = 0,
        is_comparison: bool = False,
        return_type: type[TypeEngine[Any]] | TypeEngine[Any] | None = None,
        natural_self_precedent: bool = False,
        eager_grouping: bool = False,
        python_impl: Callable[..., Any] | None = None,
        operator_class: OperatorClass = OperatorClass.BASE,
        *,
        visit_name: str | None = None,
    ) -> None:
        super().__init__(
            "custom_op",
            "op",
            precedence,
            natural=natural_self_precedent,
            comparison=is_comparison,
        )
        self.opstring = opstring
        self.return_type: TypeEngine[Any] | None = (
            return_type() if isinstance(return_type, type) else return_type
        )
        self.eager_grouping = eager_grouping
        self.python_impl = python_impl
        self.operator_class = operator_class
        self.visit_name = visit_name
        self.build = custom_build
        self._key = (
            "op",
            opstring,
            precedence,
            is_comparison,
            None if self.return_type is None else self.return_type._key,
            natural_self_precedent,
            eager_grouping,
            visit_name,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        given = (
            self.opstring,
            self.precedence,
            self.comparison,
            self.return_type,
            self.natural,
            self.eager_grouping,
            self.python_impl,
            self.operator_class,
        )
        return _custom, (given, self.visit_name)

    @property
    def is_comparison(self) -> bool:
        """Whether it gives a boolean."""
        return self.comparison

    @property
    def natural_self_precedent(self) -> bool:
        """Whether ``a op b op c`` needs no parentheses."""
        return self.natural

    def __eq__(self, other: object) -> bool:
        return isinstance(other, custom_op) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __call__(self, left: Any, *others: Any, **kwargs: Any) -> Any:
        return left.operate(self, *others, **kwargs)


def custom_build(left: Any, operator: Operator, *others: Any, **kwargs: Any) -> Any:
    """Build a custom operator's expression, by the builder of ``CUSTOM``."""
    return CUSTOM.build(left, operator, *others, **kwargs)


def _custom(given: tuple[Any, ...], visit_name: str | None) -> custom_op:
    return custom_op(*given, visit_name=visit_name)


by_name: Final[dict[str, Operator]] = {}
"""Every standard operator by its name."""


def _op(name: str, method: str, precedence: int, **flags: bool) -> Operator:
    operator = by_name[name] = Operator(name, method, precedence, **flags)
    return operator


def _comparison(name: str, method: str, precedence: int = 5, **flags: bool) -> Operator:
    return _op(name, method, precedence, comparison=True, **flags)


def _loose(name: str, method: str, **flags: bool) -> Operator:
    return _op(name, method, LOOSE, grouped=True, **flags)


def _affix(name: str) -> tuple[Operator, Operator]:
    """``startswith`` and the like, and its negation."""
    return (
        _loose(f"{name}_op", name, comparison=True),
        _loose(f"not_{name}_op", name, comparison=True),
    )


def _opposites(*pairs: tuple[Operator, Operator]) -> None:
    for left, right in pairs:
        left._negation = right
        right._negation = left


getitem = _op("getitem", "__getitem__", 15, natural=True)
json_getitem_op = _op("json_getitem_op", "__getitem__", 15, natural=True)
json_path_getitem_op = _op("json_path_getitem_op", "__getitem__", 15, natural=True)
pow = _op("pow", "__pow__", 15)

mul = _op("mul", "__mul__", 8, natural=True, commutative=True)
truediv = _op("truediv", "__truediv__", 8)
floordiv = _op("floordiv", "__floordiv__", 8)
mod = _op("mod", "__mod__", 8)
neg = _op("neg", "__neg__", 8)
add = _op("add", "__add__", 7, natural=True, commutative=True)
sub = _op("sub", "__sub__", 7)
matmul = _loose("matmul", "__matmul__")
lshift = _loose("lshift", "__lshift__")
rshift = _loose("rshift", "__rshift__")

bitwise_not_op = _op("bitwise_not_op", "bitwise_not", 8)
bitwise_and_op = _op("bitwise_and_op", "bitwise_and", 7)
bitwise_or_op = _op("bitwise_or_op", "bitwise_or", 7)
bitwise_xor_op = _op("bitwise_xor_op", "bitwise_xor", 7)
bitwise_lshift_op = _op("bitwise_lshift_op", "bitwise_lshift", 7)
bitwise_rshift_op = _op("bitwise_rshift_op", "bitwise_rshift", 7)

filter_op = _op("filter_op", "filter", 6)
concat_op = _op("concat_op", "concat", 5, natural=True)
match_op = _comparison("match_op", "match")
not_match_op = _comparison("not_match_op", "not_match")
regexp_match_op = _comparison("regexp_match_op", "regexp_match")
not_regexp_match_op = _comparison("not_regexp_match_op", "not_regexp_match")
regexp_replace_op = _op("regexp_replace_op", "regexp_replace", 5)
like_op = _comparison("like_op", "like")
not_like_op = _comparison("not_like_op", "not_like")
ilike_op = _comparison("ilike_op", "ilike")
not_ilike_op = _comparison("not_ilike_op", "not_ilike")
startswith_op, not_startswith_op = _affix("startswith")
istartswith_op, not_istartswith_op = _affix("istartswith")
endswith_op, not_endswith_op = _affix("endswith")
iendswith_op, not_iendswith_op = _affix("iendswith")
contains_op, not_contains_op = _affix("contains")
icontains_op, not_icontains_op = _affix("icontains")
between_op = _comparison("between_op", "between")
not_between_op = _comparison("not_between_op", "between")
in_op = _comparison("in_op", "in_")
not_in_op = _comparison("not_in_op", "not_in")
is_ = _comparison("is_", "is_")
is_not = _comparison("is_not", "is_not")
eq = _comparison("eq", "__eq__", commutative=True)
ne = _comparison("ne", "__ne__", commutative=True)
gt = _comparison("gt", "__gt__")
lt = _comparison("lt", "__lt__")
ge = _comparison("ge", "__ge__")
le = _comparison("le", "__le__")
is_distinct_from = _comparison("is_distinct_from", "is_distinct_from")
is_not_distinct_from = _comparison("is_not_distinct_from", "is_not_distinct_from")
function_as_comparison_op = _comparison("function_as_comparison_op", "operate", 15)
null_op = _op("null_op", "operate", 7)

is_true = _op("is_true", "is_true", -LOOSE - 1, boolean=True)
is_false = _op("is_false", "is_false", -LOOSE - 1, boolean=True)
inv = _op("inv", "__invert__", 5, boolean=True)
distinct_op = _op("distinct_op", "distinct", 5)
collate = _op("collate", "collate", 4)
and_ = _op("and_", "__and__", 3, natural=True, boolean=True)
or_ = _op("or_", "__or__", 2, natural=True, boolean=True)
asc_op = _op("asc_op", "asc", 3)
desc_op = _op("desc_op", "desc", 3)
nulls_first_op = _loose("nulls_first_op", "nulls_first")
nulls_last_op = _loose("nulls_last_op", "nulls_last")
comma_op = _op("comma_op", "comma", -1)
as_ = _op("as_", "label", -1)
exists = _op("exists", "exists", 0)
from_ = _op("from_", "from", 15)
any_op = _op("any_op", "any_", 15)
all_op = _op("all_op", "all_", 15)
cast_op = _loose("cast", "cast")
label_op = _loose("label", "label")
case_op = _loose("case_op", "case")
over_op = _loose("over_op", "over")

CUSTOM: Final = Operator("custom_op", "op", 0)
"""Holds the builder that every `custom_op` uses."""

_opposites(
    (eq, ne),
    (lt, ge),
    (gt, le),
    (like_op, not_like_op),
    (ilike_op, not_ilike_op),
    (in_op, not_in_op),
    (is_, is_not),
    (is_distinct_from, is_not_distinct_from),
    (between_op, not_between_op),
    (match_op, not_match_op),
    (regexp_match_op, not_regexp_match_op),
    (startswith_op, not_startswith_op),
    (istartswith_op, not_istartswith_op),
    (endswith_op, not_endswith_op),
    (iendswith_op, not_iendswith_op),
    (contains_op, not_contains_op),
    (icontains_op, not_icontains_op),
    (is_true, is_false),
)

_MIRROR: Final = {lt: gt, gt: lt, le: ge, ge: le}
_ASSOCIATIVE: Final = frozenset((and_, or_, add, mul, concat_op))
_ORDERINGS: Final = frozenset((asc_op, desc_op, nulls_first_op, nulls_last_op))


def is_comparison(op: Operator) -> bool:
    """Whether the operator compares and so gives a boolean."""
    return op.comparison


def is_boolean(op: Operator) -> bool:
    """Whether the operator gives a boolean: a comparison, AND, OR, NOT."""
    return op.boolean


def is_precedent(op: Operator, against: Operator) -> bool:
    """Whether an expression of ``op`` needs parentheses inside one of ``against``."""
    if op is against and op.natural:
        return False
    return op.grouped or op.precedence <= against.precedence


def is_commutative(op: Operator) -> bool:
    """Whether the operator's two sides may be exchanged."""
    return op.commutative


def is_associative(op: Operator) -> bool:
    """Whether ``(a op b) op c`` is ``a op (b op c)``."""
    return op in _ASSOCIATIVE


def is_natural_self_precedent(op: Operator) -> bool:
    """Whether ``a op b op c`` needs no parentheses."""
    return op.natural


def is_ordering_modifier(op: Operator | None) -> bool:
    """Whether it is one of ``ASC``, ``DESC``, ``NULLS FIRST`` and ``NULLS LAST``."""
    return op in _ORDERINGS


is_order_by_modifier = is_ordering_modifier


def mirror(op: Operator) -> Operator:
    """The comparison that says the same with its sides exchanged: ``<`` for ``>``."""
    return _MIRROR.get(op, op)


def comparison_op(op: Operator) -> Operator:
    """Declare that an operator compares; returns it."""
    op.comparison = op.boolean = True
    return op


def commutative_op(op: Operator) -> Operator:
    """Declare that an operator's sides may be exchanged; returns it."""
    op.commutative = True
    return op


def op(a: Any, opstring: str, b: Any) -> Any:
    """``a.op(opstring)(b)``."""
    return a.op(opstring)(b)
