"""Random expressions and statements are written as SQLAlchemy writes them for MySQL and MariaDB.

An example is a tree of tuples that `Builder` turns into an expression of either library.
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import make_url

import ormolu
from ormolu.dialects import registry

DIALECTS: dict[str, tuple[Any, Any]] = {
    "mysql": (mysql.dialect(), registry.load("mysql")()),
    "mariadb": (make_url("mariadb://").get_dialect()(), registry.load("mariadb")()),
}

NUMBERS = st.integers(-5, 5)
WORDS = st.sampled_from(["", "a", "b%", "o'x", "\\", "%s", ":x"])

number_leaf = st.one_of(
    st.tuples(st.just("column"), st.sampled_from(["id", "n", "x"])),
    st.tuples(st.just("value"), NUMBERS),
)
string_leaf = st.tuples(st.just("column"), st.sampled_from(["name", "Grp"]))


def numbers(inner: Any) -> Any:
    strings, conditions = st.deferred(lambda: STRINGS), st.deferred(lambda: CONDITIONS)
    return st.one_of(
        st.tuples(st.sampled_from(["add", "sub", "mul", "div", "floordiv", "mod"]), inner, inner),
        st.tuples(st.sampled_from(["neg", "abs", "sum", "float", "integer", "decimal"]), inner),
        st.tuples(st.just("length"), strings),
        st.tuples(st.just("case"), conditions, inner, inner),
        st.tuples(st.just("json number"), WORDS),
    )


def strings(inner: Any) -> Any:
    return st.one_of(
        st.tuples(st.sampled_from(["concat", "coalesce"]), inner, inner),
        st.tuples(st.just("plus word"), inner, WORDS),
        st.tuples(st.sampled_from(["lower", "collate"]), inner),
        st.tuples(st.just("replace"), inner, WORDS, WORDS),
        st.tuples(st.just("json string"), WORDS),
    )


def conditions(inner: Any) -> Any:
    return st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        st.tuples(st.just("not"), inner),
    )


NUMBERS_TREE = st.recursive(number_leaf, numbers, max_leaves=5)
STRINGS = st.recursive(string_leaf, strings, max_leaves=4)
comparison = st.one_of(
    st.tuples(
        st.sampled_from(["eq", "ne", "lt", "ge", "distinct", "not distinct"]),
        NUMBERS_TREE,
        NUMBERS_TREE,
    ),
    st.tuples(st.just("in"), NUMBERS_TREE, st.lists(NUMBERS, max_size=3)),
    st.tuples(
        st.sampled_from(
            ["like", "ilike", "contains", "startswith", "iendswith", "regexp", "match"]
        ),
        STRINGS,
        WORDS,
    ),
    st.tuples(st.just("is null"), STRINGS),
    st.tuples(st.just("between"), NUMBERS_TREE, NUMBERS, NUMBERS),
    st.tuples(st.just("flag")),
    st.tuples(st.just("exists"), NUMBERS),
)
CONDITIONS = st.recursive(comparison, conditions, max_leaves=4)


class Builder:
    """Makes expressions of one library from trees."""

    def __init__(self, sa: Any) -> None:
        self.sa = sa
        column = sa.Column
        self.t = sa.Table(
            "t",
            sa.MetaData(),
            column("id", sa.Integer, primary_key=True),
            column("n", sa.Numeric(10, 2)),
            column("x", sa.Float),
            column("name", sa.String(5)),
            column("Grp", sa.String(5)),
            column("b", sa.Boolean),
            column("j", sa.JSON),
        )

    def build(self, tree: tuple[Any, ...]) -> Any:
        name, *given = tree
        parts = [self.build(part) if isinstance(part, tuple) else part for part in given]
        return getattr(self, "make_" + name.replace(" ", "_"))(*parts)

    def make_column(self, name: str) -> Any:
        return self.t.c[name]

    def make_value(self, value: int) -> Any:
        return self.sa.literal(value)

    def make_add(self, a: Any, b: Any) -> Any:
        return a + b

    def make_sub(self, a: Any, b: Any) -> Any:
        return a - b

    def make_mul(self, a: Any, b: Any) -> Any:
        return a * b

    def make_div(self, a: Any, b: Any) -> Any:
        return a / b

    def make_floordiv(self, a: Any, b: Any) -> Any:
        return a // b

    def make_mod(self, a: Any, b: Any) -> Any:
        return a % b

    def make_neg(self, a: Any) -> Any:
        return -a

    def make_abs(self, a: Any) -> Any:
        return self.sa.func.abs(a)

    def make_sum(self, a: Any) -> Any:
        return self.sa.func.sum(a).over(partition_by=self.t.c.id, order_by=a.desc())

    def make_float(self, a: Any) -> Any:
        return self.sa.cast(a, self.sa.Float)

    def make_integer(self, a: Any) -> Any:
        return self.sa.cast(a, self.sa.Integer)

    def make_decimal(self, a: Any) -> Any:
        return self.sa.cast(a, self.sa.Numeric(8, 3))

    def make_length(self, a: Any) -> Any:
        return self.sa.func.char_length(a)

    def make_case(self, condition: Any, a: Any, b: Any) -> Any:
        return self.sa.case((condition, a), else_=b)

    def make_json_number(self, key: str) -> Any:
        return self.t.c.j[key].as_integer()

    def make_json_string(self, key: str) -> Any:
        return self.t.c.j[(key, 1)].as_string()

    def make_concat(self, a: Any, b: Any) -> Any:
        return a + b

    def make_coalesce(self, a: Any, b: Any) -> Any:
        return self.sa.func.coalesce(a, b)

    def make_plus_word(self, a: Any, word: str) -> Any:
        return a + word

    def make_lower(self, a: Any) -> Any:
        return self.sa.func.lower(a)

    def make_collate(self, a: Any) -> Any:
        return a.collate("utf8mb4_bin")

    def make_replace(self, a: Any, pattern: str, replacement: str) -> Any:
        return a.regexp_replace(pattern, replacement)

    def make_and(self, a: Any, b: Any) -> Any:
        return self.sa.and_(a, b)

    def make_or(self, a: Any, b: Any) -> Any:
        return self.sa.or_(a, b)

    def make_not(self, a: Any) -> Any:
        return ~a

    def make_eq(self, a: Any, b: Any) -> Any:
        return a == b

    def make_ne(self, a: Any, b: Any) -> Any:
        return a != b

    def make_lt(self, a: Any, b: Any) -> Any:
        return a < b

    def make_ge(self, a: Any, b: Any) -> Any:
        return a >= b

    def make_distinct(self, a: Any, b: Any) -> Any:
        return a.is_distinct_from(b)

    def make_not_distinct(self, a: Any, b: Any) -> Any:
        return a.is_not_distinct_from(b)

    def make_in(self, a: Any, values: list[int]) -> Any:
        return a.in_(values)

    def make_like(self, a: Any, word: str) -> Any:
        return a.like(word, escape="/")

    def make_ilike(self, a: Any, word: str) -> Any:
        return a.ilike(word)

    def make_contains(self, a: Any, word: str) -> Any:
        return a.contains(word, autoescape=True)

    def make_startswith(self, a: Any, word: str) -> Any:
        return a.startswith(word)

    def make_iendswith(self, a: Any, word: str) -> Any:
        return a.iendswith(word)

    def make_regexp(self, a: Any, word: str) -> Any:
        return a.regexp_match(word)

    def make_match(self, a: Any, word: str) -> Any:
        return a.match(word)

    def make_is_null(self, a: Any) -> Any:
        return a.is_(None)

    def make_between(self, a: Any, low: int, high: int) -> Any:
        return a.between(low, high)

    def make_flag(self) -> Any:
        return self.t.c.b

    def make_exists(self, value: int) -> Any:
        inner = self.t.alias("inner_t")
        return self.sa.exists().where(inner.c.id == self.t.c.id, inner.c.n > value)


OURS, THEIRS = Builder(ormolu), Builder(sqlalchemy)


def text(statement: Any, dialect: Any) -> tuple[str, dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of casts that are left out
        compiled = statement.compile(dialect=dialect)
        return str(compiled), dict(compiled.params)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(tree=st.one_of(NUMBERS_TREE, STRINGS, CONDITIONS))
def test_expressions_are_sqlalchemys(dialect: str, tree: tuple[Any, ...]) -> None:
    theirs, ours = DIALECTS[dialect]
    assert text(OURS.build(tree), ours) == text(THEIRS.build(tree), theirs)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(
    column=st.one_of(NUMBERS_TREE, STRINGS),
    condition=CONDITIONS,
    order=NUMBERS_TREE,
    limit=st.one_of(st.none(), st.integers(0, 9)),
    offset=st.one_of(st.none(), st.integers(0, 9)),
)
def test_selects_are_sqlalchemys(
    dialect: str,
    column: tuple[Any, ...],
    condition: tuple[Any, ...],
    order: tuple[Any, ...],
    limit: int | None,
    offset: int | None,
) -> None:
    def made(builder: Builder) -> Any:
        query = builder.sa.select(builder.t.c.id, builder.build(column).label("c"))
        query = query.where(builder.build(condition)).order_by(builder.build(order))
        return query.limit(limit).offset(offset)

    theirs, ours = DIALECTS[dialect]
    assert text(made(OURS), ours) == text(made(THEIRS), theirs)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(value=STRINGS, number=NUMBERS_TREE, condition=CONDITIONS)
def test_updates_are_sqlalchemys(
    dialect: str, value: tuple[Any, ...], number: tuple[Any, ...], condition: tuple[Any, ...]
) -> None:
    def made(builder: Builder) -> Any:
        values = {"name": builder.build(value), "x": builder.build(number) + builder.t.c.n}
        return builder.sa.update(builder.t).values(values).where(builder.build(condition))

    theirs, ours = DIALECTS[dialect]
    assert text(made(OURS), ours) == text(made(THEIRS), theirs)
