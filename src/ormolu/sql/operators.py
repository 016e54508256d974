"""Operators as objects: what ``a == b`` or ``a.like(b)`` stands for.

An operator knows its name, its precedence (where parentheses are needed), its negation and, once
`ormolu.sql.comparator` is imported, the function that builds its expression. It is callable like
the functions of Python's ``operator`` module, so that a custom comparator may write
``return op(func.lower(a), func.lower(b))``. How an operator is written in SQL is the compiler's
affair; the nodes only name it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

NO_PRECEDENCE: Final = 100
"""Binds tighter than anything: never parenthesised."""
LOWEST: Final = -100
"""Binds weaker than anything: parenthesised inside every operator."""


class Operator:
    """One operator.

    Parameters: ``name``, SQLAlchemy's name for it (``"eq"``, ``"in_op"``); ``method``, the
    `ColumnOperators` method it comes from; ``precedence``, higher binds tighter; ``natural``,
    whether ``a op b op c`` needs no parentheses; ``comparison``, whether it gives a boolean;
    ``commutative``; ``grouped``, whether its expressions stand in parentheses in any other.
    """

    __slots__ = (
        "_key",
        "_negation",
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
    ) -> None:
        self.name = name
        self.method = method
        self.precedence = precedence
        self.natural = natural
        self.comparison = comparison
        self.commutative = commutative
        self.grouped = grouped
        self.build: Callable[..., Any] = _unbuilt
        self._negation: Operator | None = None
        self._key: Any = name

    @property
    def negation(self) -> Operator | None:
        """The operator that gives the opposite, or None where ``NOT`` must be written."""
        return self._negation

    def __call__(self, left: Any, *others: Any, **kwargs: Any) -> Any:
        return getattr(left, self.method)(*others, **kwargs)

    def __repr__(self) -> str:
        return f"<operator {self.name}>"


def _unbuilt(left: Any, operator: Operator, *_: Any, **__: Any) -> Any:
    raise TypeError(f"{operator!r} builds no expression from {type(left).__name__}")


class custom_op(Operator):
    """An operator written by the user: ``column.op("->>")``.

    Raises nothing; ``opstring`` is rendered as given. ``return_type`` is the type of the result;
    without it the left side's type is kept (a comparison gives a boolean).
    """

    __slots__ = ("eager_grouping", "opstring", "python_impl", "return_type", "visit_name")

    def __init__(
        self,
        opstring: str,
        precedence: int = 0,
        is_comparison: bool = False,
        return_type: Any = None,
        natural_self_precedent: bool = False,
        eager_grouping: bool = False,
        python_impl: Callable[..., Any] | None = None,
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
        if isinstance(return_type, type):
            return_type = return_type()
        self.opstring = opstring
        self.return_type = return_type
        self.eager_grouping = eager_grouping
        self.python_impl = python_impl
        self.visit_name = visit_name
        self.build = custom_build
        self._key = (
            "op",
            opstring,
            precedence,
            is_comparison,
            None if return_type is None else return_type._key,
            natural_self_precedent,
            eager_grouping,
            visit_name,
        )

    @property
    def is_comparison(self) -> bool:
        return self.comparison

    @property
    def natural_self_precedent(self) -> bool:
        return self.natural

    def __call__(self, left: Any, *others: Any, **kwargs: Any) -> Any:
        return left.operate(self, *others, **kwargs)


def custom_build(left: Any, operator: Operator, *others: Any, **kwargs: Any) -> Any:
    """Build a custom operator's expression, by the builder of ``CUSTOM``."""
    return CUSTOM.build(left, operator, *others, **kwargs)


by_name: Final[dict[str, Operator]] = {}
"""Every standard operator by its name."""


def _op(name: str, method: str, precedence: int, **flags: bool) -> Operator:
    operator = by_name[name] = Operator(name, method, precedence, **flags)
    return operator


def _comparison(name: str, method: str, precedence: int = 5, **flags: bool) -> Operator:
    return _op(name, method, precedence, comparison=True, **flags)


def _opposites(*pairs: tuple[Operator, Operator]) -> None:
    for left, right in pairs:
        left._negation = right
        right._negation = left


getitem = _op("getitem", "__getitem__", 15)
json_getitem_op = _op("json_getitem_op", "__getitem__", 15)
json_path_getitem_op = _op("json_path_getitem_op", "__getitem__", 15)

mul = _op("mul", "__mul__", 8, natural=True, commutative=True)
truediv = _op("truediv", "__truediv__", 8)
floordiv = _op("floordiv", "__floordiv__", 8)
mod = _op("mod", "__mod__", 8)
neg = _op("neg", "__neg__", 8)
pow = _op("pow", "__pow__", 15)
matmul = _op("matmul", "__matmul__", 8)
add = _op("add", "__add__", 7, natural=True, commutative=True)
sub = _op("sub", "__sub__", 7)

bitwise_not_op = _op("bitwise_not_op", "bitwise_not", 7)
bitwise_and_op = _op("bitwise_and_op", "bitwise_and", 7, natural=True)
bitwise_or_op = _op("bitwise_or_op", "bitwise_or", 7, natural=True)
bitwise_xor_op = _op("bitwise_xor_op", "bitwise_xor", 7, natural=True)
bitwise_lshift_op = _op("bitwise_lshift_op", "bitwise_lshift", 7)
bitwise_rshift_op = _op("bitwise_rshift_op", "bitwise_rshift", 7)
lshift = _op("lshift", "__lshift__", 8)
rshift = _op("rshift", "__rshift__", 8)

concat_op = _op("concat_op", "concat", 5, natural=True)
filter_op = _op("filter_op", "filter", 6)
match_op = _comparison("match_op", "match")
not_match_op = _comparison("not_match_op", "not_match")
regexp_match_op = _comparison("regexp_match_op", "regexp_match")
not_regexp_match_op = _comparison("not_regexp_match_op", "not_regexp_match")
regexp_replace_op = _op("regexp_replace_op", "regexp_replace", 5)
like_op = _comparison("like_op", "like")
not_like_op = _comparison("not_like_op", "not_like")
ilike_op = _comparison("ilike_op", "ilike")
not_ilike_op = _comparison("not_ilike_op", "not_ilike")
startswith_op = _comparison("startswith_op", "startswith", grouped=True)
not_startswith_op = _comparison("not_startswith_op", "startswith", grouped=True)
istartswith_op = _comparison("istartswith_op", "istartswith", grouped=True)
not_istartswith_op = _comparison("not_istartswith_op", "istartswith", grouped=True)
endswith_op = _comparison("endswith_op", "endswith", grouped=True)
not_endswith_op = _comparison("not_endswith_op", "endswith", grouped=True)
iendswith_op = _comparison("iendswith_op", "iendswith", grouped=True)
not_iendswith_op = _comparison("not_iendswith_op", "iendswith", grouped=True)
contains_op = _comparison("contains_op", "contains", grouped=True)
not_contains_op = _comparison("not_contains_op", "contains", grouped=True)
icontains_op = _comparison("icontains_op", "icontains", grouped=True)
not_icontains_op = _comparison("not_icontains_op", "icontains", grouped=True)
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
is_true = _comparison("is_true", "is_true", LOWEST - 1)
is_false = _comparison("is_false", "is_false", LOWEST - 1)

collate = _op("collate", "collate", 4)
cast_op = _op("cast", "cast", NO_PRECEDENCE)
label_op = _op("label", "label", NO_PRECEDENCE)
inv = _op("inv", "__invert__", 14)
and_ = _op("and_", "__and__", 3, natural=True)
or_ = _op("or_", "__or__", 2, natural=True)
comma_op = _op("comma_op", "comma", -1, natural=True)
asc_op = _op("asc_op", "asc", 3)
desc_op = _op("desc_op", "desc", 3)
nulls_first_op = _op("nulls_first_op", "nulls_first", 3)
nulls_last_op = _op("nulls_last_op", "nulls_last", 3)
distinct_op = _op("distinct_op", "distinct", 4)
any_op = _op("any_op", "any_", NO_PRECEDENCE)
all_op = _op("all_op", "all_", NO_PRECEDENCE)
exists = _op("exists", "exists", 0)
as_ = _op("as_", "label", -1)
from_ = _op("from_", "from", 0)
over_op = _op("over_op", "over", NO_PRECEDENCE)

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

isnot = is_not
notin_op = not_in_op
notlike_op = not_like_op
notilike_op = not_ilike_op
notbetween_op = not_between_op
nullsfirst_op = nulls_first_op
nullslast_op = nulls_last_op
div = truediv
invert = inv


def is_comparison(op: Operator) -> bool:
    """Whether the operator compares and so gives a boolean."""
    return op.comparison


def is_precedent(op: Operator, against: Operator) -> bool:
    """Whether an expression of ``op`` needs parentheses inside one of ``against``."""
    if op is against and op.natural:
        return False
    return op.grouped or op.precedence <= against.precedence


def is_commutative(op: Operator) -> bool:
    """Whether the operator's two sides may be exchanged."""
    return op.commutative
