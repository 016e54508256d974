"""Random expressions built alike with both libraries: one text, one type, one result.

An expression is drawn as a tree of recipe names; each library builds its own from it. The text must
be equal for every dialect (which proves precedence and grouping), so must the bound values, the
type of the result, and what SQLite gives for each row of a table.

Left out are the few forms that SQLAlchemy gets wrong (``docs/differences.md``): the negation of
``a IS b`` between columns, ``^`` on SQLite, and OR or LIKE as a bound of BETWEEN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.dialects.mysql
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
from hypothesis import given
from hypothesis import strategies as st

import ormolu
import ormolu.dialects.mysql
import ormolu.dialects.postgresql
import ormolu.dialects.sqlite

Tree = Any
Build = Callable[..., Any]

#: Kind of value -> recipe -> (function of (library, columns, *operands), kinds of the operands).
RECIPES: dict[str, dict[str, tuple[Build, str]]] = {
    "n": {
        "i": (lambda sa, c: c.i, ""),
        "j": (lambda sa, c: c.j, ""),
        "f": (lambda sa, c: c.f, ""),
        "literal": (lambda sa, c: sa.literal(7), ""),
        "add": (lambda sa, c, a, b: a + b, "nn"),
        "sub": (lambda sa, c, a, b: a - b, "nn"),
        "mul": (lambda sa, c, a, b: a * b, "nn"),
        "div": (lambda sa, c, a, b: a / b, "nn"),
        "floordiv": (lambda sa, c, a: c.i // 3 + a, "n"),
        "mod": (lambda sa, c, a, b: a % b, "nn"),
        "neg": (lambda sa, c, a: -a, "n"),
        "add 2": (lambda sa, c, a: a + 2, "n"),
        "2.5 minus": (lambda sa, c, a: 2.5 - a, "n"),
        "and bits": (lambda sa, c, a, b: a.bitwise_and(b), "nn"),
        "or bits": (lambda sa, c, a, b: a.bitwise_or(b), "nn"),
        "invert bits": (lambda sa, c, a: a.bitwise_not(), "n"),
        "shift": (lambda sa, c, a: a.bitwise_lshift(2), "n"),
        "operator": (lambda sa, c, a, b: a.op("+", precedence=6)(b), "nn"),
        "loose operator": (lambda sa, c, a, b: a.op("-")(b), "nn"),
        "case": (lambda sa, c, a, b, x: sa.case((a, b), else_=x), "bnn"),
        "simple case": (lambda sa, c, a, b: sa.case({1: b, 2: 5}, value=a), "nn"),
        "coalesce": (lambda sa, c, a, b: sa.func.coalesce(a, b), "nn"),
        "abs": (lambda sa, c, a: sa.func.abs(a), "n"),
        "length": (lambda sa, c, a: sa.func.char_length(a), "s"),
        "cast": (lambda sa, c, a: sa.cast(a, sa.Integer), "s"),
        "coerce": (lambda sa, c, a: sa.type_coerce(a, sa.Integer), "b"),
        "subquery": (lambda sa, c, a: sa.select(a).limit(1).scalar_subquery(), "n"),
        "window": (lambda sa, c, a, b: sa.func.sum(a).over(order_by=b, rows=(-1, 0)), "nn"),
    },
    "s": {
        "s": (lambda sa, c: c.s, ""),
        "literal": (lambda sa, c: sa.literal("b%"), ""),
        "concat": (lambda sa, c, a, b: a + b, "ss"),
        "concat x": (lambda sa, c, a: a.concat("x"), "s"),
        "x concat": (lambda sa, c, a: "x" + a, "s"),
        "lower": (lambda sa, c, a: sa.func.lower(a), "s"),
        "cast": (lambda sa, c, a: sa.cast(a, sa.String), "n"),
        "coalesce": (lambda sa, c, a, b: sa.func.coalesce(a, b), "ss"),
        "case": (lambda sa, c, a, b: sa.case((a, b), else_="z"), "bs"),
        "collate": (lambda sa, c, a: a.collate("NOCASE"), "s"),
    },
    "b": {
        "b": (lambda sa, c: c.b, ""),
        "eq": (lambda sa, c, a, b: a == b, "nn"),
        "ne": (lambda sa, c, a, b: a != b, "ss"),
        "lt": (lambda sa, c, a, b: a < b, "nn"),
        "ge": (lambda sa, c, a: a >= 2, "n"),
        "comparison of conditions": (lambda sa, c, a, b: a == b, "bb"),
        "is null": (lambda sa, c, a: a.is_(None), "n"),
        "equals None": (lambda sa, c, a: a != None, "s"),  # noqa: E711
        "distinct": (lambda sa, c, a, b: a.is_distinct_from(b), "nn"),
        "not distinct": (lambda sa, c, a: a.is_not_distinct_from("b"), "s"),
        "like": (lambda sa, c, a, b: a.like(b, escape="/"), "ss"),
        "ilike": (lambda sa, c, a: a.ilike("B%"), "s"),
        "startswith": (lambda sa, c, a, b: a.startswith(b), "ss"),
        "endswith": (lambda sa, c, a: a.endswith("b"), "s"),
        "contains": (lambda sa, c, a: a.contains("b%", autoescape=True), "s"),
        "icontains": (lambda sa, c, a, b: a.icontains(b), "ss"),
        "between": (lambda sa, c, a, b, x: a.between(b, x), "nnn"),
        "in": (lambda sa, c, a: a.in_([1, 2, 3]), "n"),
        "in expressions": (lambda sa, c, a, b: a.in_([1, b]), "nn"),
        "not in": (lambda sa, c, a: a.not_in(["b", "a"]), "s"),
        "in nothing": (lambda sa, c, a: a.in_([]), "n"),
        "in select": (lambda sa, c, a, b: a.in_(sa.select(b)), "nn"),
        "tuple": (lambda sa, c, a, b: sa.tuple_(a, c.i) == sa.tuple_(b, 1), "ss"),
        "and": (lambda sa, c, a, b: sa.and_(a, b), "bb"),
        "or": (lambda sa, c, a, b: sa.or_(a, b), "bb"),
        "and operator": (lambda sa, c, a, b: a & b, "bb"),
        "or operator": (lambda sa, c, a, b: a | b, "bb"),
        "and true": (lambda sa, c, a: sa.and_(sa.true(), a), "b"),
        "or false": (lambda sa, c, a: sa.or_(a, sa.false()), "b"),
        "not": (lambda sa, c, a: sa.not_(a), "b"),
        "invert": (lambda sa, c, a: ~a, "b"),
        "not a number": (lambda sa, c, a: ~a, "n"),
        "exists": (lambda sa, c, a: sa.exists().where(a), "b"),
        "boolean operator": (lambda sa, c, a, b: a.bool_op("<", precedence=5)(b), "nn"),
        "regexp": (lambda sa, c, a: a.regexp_match("^[ab]"), "s"),
    },
}


def trees(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    """Trees of a kind of value, ``depth`` levels deep at most."""
    recipes = RECIPES[kind]
    leaves = [name for name, (_, operands) in recipes.items() if not operands]
    if depth == 0:
        return st.sampled_from([(kind, name) for name in leaves])
    return st.sampled_from(list(recipes)).flatmap(
        lambda name: st.tuples(
            st.just(kind), st.just(name), *[trees(k, depth - 1) for k in recipes[name][1]]
        )
    )


TREES = st.sampled_from("nsb").flatmap(lambda kind: trees(kind, 3))


class Library:
    """One library, its table with a few rows, and its dialects."""

    def __init__(self, sa: Any) -> None:
        self.sa = sa
        metadata = sa.MetaData()
        self.t = sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("i", sa.Integer),
            sa.Column("j", sa.Integer),
            sa.Column("f", sa.Float),
            sa.Column("s", sa.String),
            sa.Column("b", sa.Boolean),
        )
        self.dialects = {
            "default": None,
            "sqlite": sa.dialects.sqlite.dialect(),
            "postgresql": sa.dialects.postgresql.dialect(),
            "mysql": sa.dialects.mysql.dialect(),
        }
        self.engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
        rows = [
            {"id": 1, "i": 1, "j": 2, "f": 1.5, "s": "a", "b": True},
            {"id": 2, "i": 7, "j": -3, "f": -0.25, "s": "Ab%", "b": False},
            {"id": 3, "i": None, "j": 0, "f": None, "s": None, "b": None},
        ]
        with self.engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(sa.insert(self.t), rows)

    def build(self, tree: Tree) -> Any:
        kind, name, *operands = tree
        function, _ = RECIPES[kind][name]
        return function(self.sa, self.t.c, *map(self.build, operands))

    def texts(self, expression: Any) -> dict[str, Any]:
        found = {}
        for name, dialect in self.dialects.items():
            compiled = expression.compile(dialect=dialect)
            found[name] = str(compiled), dict(compiled.params)
        return found

    def rows(self, expression: Any) -> Any:
        query = self.sa.select(self.t.c.id, expression.label("value")).order_by(self.t.c.id)
        with self.engine.connect() as connection:
            try:
                return [repr(tuple(row)) for row in connection.execute(query)]
            except self.sa.exc.DBAPIError as error:
                return type(error).__name__


@pytest.fixture(scope="module")
def libraries() -> Iterator[SimpleNamespace]:
    both = SimpleNamespace(theirs=Library(sqlalchemy), ours=Library(ormolu))
    yield both
    for library in (both.theirs, both.ours):
        library.engine.dispose()


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@given(tree=TREES)
def test_a_random_expression_is_sqlalchemys(libraries: SimpleNamespace, tree: Tree) -> None:
    theirs, ours = libraries.theirs, libraries.ours
    expected, expression = theirs.build(tree), ours.build(tree)
    assert ours.texts(expression) == theirs.texts(expected)
    assert repr(expression.type) == repr(expected.type)
    assert ours.rows(expression) == theirs.rows(expected)
