"""The warning of cartesian products comes when SQLAlchemy's does, and says what to join."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

import ormolu

Case = Callable[[Any, Any, Any, Any, Any], Any]

SELECTS: dict[str, Case] = {
    "two": lambda sa, a, b, c, d: sa.select(a.c.id, b.c.id),
    "two, compared": lambda sa, a, b, c, d: sa.select(a.c.id, b.c.id).where(a.c.id == b.c.x),
    "one of three": lambda sa, a, b, c, d: sa.select(a.c.id, b.c.id, c.c.id).where(a.c.id == b.c.x),
    "two pairs": lambda sa, a, b, c, d: sa.select(a, b, c, d).where(
        a.c.id == b.c.x, c.c.id == d.c.x
    ),
    "a chain": lambda sa, a, b, c, d: sa.select(a, b, c).where(a.c.id == b.c.x, c.c.id == b.c.y),
    "join": lambda sa, a, b, c, d: sa.select(a).join(b, a.c.id == b.c.x),
    "join on true": lambda sa, a, b, c, d: sa.select(a).join(b, sa.true()),
    "join and another": lambda sa, a, b, c, d: sa.select(a, c).join(b, a.c.id == b.c.x),
    "join and another, compared": lambda sa, a, b, c, d: (
        sa.select(a, c).select_from(a.join(b, a.c.id == b.c.x), c).where(c.c.id == b.c.y)
    ),
    "nested join": lambda sa, a, b, c, d: sa.select(a).select_from(
        a.join(b.join(c, b.c.id == c.c.x), a.c.id == b.c.x)
    ),
    "compared in another's on clause": lambda sa, a, b, c, d: sa.select(a, c).select_from(
        a.join(b, a.c.id == c.c.x)
    ),
    "or": lambda sa, a, b, c, d: sa.select(a, b).where(sa.or_(a.c.id == b.c.x, a.c.id == 5)),
    "not": lambda sa, a, b, c, d: sa.select(a, b).where(~(a.c.id == b.c.x)),
    "less": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id < b.c.x),
    "between": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id.between(b.c.x, b.c.y)),
    "in": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id.in_([b.c.x, 3])),
    "sum of both": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id + b.c.x > 5),
    "compared with a sum": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id == b.c.x + a.c.y),
    "function of both": lambda sa, a, b, c, d: sa.select(a, b).where(sa.func.f(a.c.id, b.c.x)),
    "functions compared": lambda sa, a, b, c, d: sa.select(a, b).where(
        sa.func.f(a.c.id) == sa.func.g(b.c.x)
    ),
    "custom operator": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id.op("@@")(b.c.x)),
    "custom comparison": lambda sa, a, b, c, d: sa.select(a, b).where(a.c.id.bool_op("@@")(b.c.x)),
    "having": lambda sa, a, b, c, d: sa.select(a.c.id, b.c.id).having(a.c.id == b.c.x),
    "subquery of two": lambda sa, a, b, c, d: sa.select(sa.select(a.c.id, b.c.id).subquery()),
    "subquery beside": lambda sa, a, b, c, d: sa.select(sa.select(a.c.id).subquery("s"), b),
    "scalar of two": lambda sa, a, b, c, d: sa.select(
        sa.select(a.c.id).where(b.c.id == 5).scalar_subquery(), c.c.id
    ),
    "exists of both": lambda sa, a, b, c, d: sa.select(a, b).where(
        sa.exists().where(c.c.id == a.c.id, c.c.x == b.c.id)
    ),
    "exists of two": lambda sa, a, b, c, d: sa.select(a).where(
        sa.exists().where(c.c.id == 5, b.c.x == 7)
    ),
    "correlated": lambda sa, a, b, c, d: sa.select(a).where(
        a.c.id == sa.select(b.c.x).where(b.c.y == a.c.x).scalar_subquery()
    ),
    "cte beside": lambda sa, a, b, c, d: sa.select(sa.select(a.c.id).cte("q"), b),
    "cte of two": lambda sa, a, b, c, d: sa.select(sa.select(a.c.id, b.c.id).cte("q")),
    "cte compared": lambda sa, a, b, c, d: (lambda q: sa.select(q, b).where(q.c.id == b.c.id))(
        sa.select(a.c.id).cte("q")
    ),
    "alias": lambda sa, a, b, c, d: sa.select(a, a.alias("z")),
    "lateral": lambda sa, a, b, c, d: sa.select(
        a, sa.select(b.c.id).where(b.c.x == a.c.id).lateral("l")
    ),
    "lateral of its own": lambda sa, a, b, c, d: sa.select(a, sa.select(b.c.id).lateral("l")),
    "table valued": lambda sa, a, b, c, d: sa.select(a, sa.func.f(a.c.id).table_valued("v")),
    "table valued, implicitly joined": lambda sa, a, b, c, d: sa.select(
        a, sa.func.f(a.c.id).table_valued("v", joins_implicitly=True)
    ),
    "table valued, implicitly joined to two": lambda sa, a, b, c, d: sa.select(
        a, b, sa.func.f(a.c.id).table_valued("v", joins_implicitly=True)
    ),
    "column valued, implicitly joined": lambda sa, a, b, c, d: sa.select(
        a.c.id, sa.func.f(a.c.id).column_valued("q", joins_implicitly=True)
    ),
    "values beside": lambda sa, a, b, c, d: sa.select(
        a, sa.values(sa.column("v", sa.Integer), name="vv").data([(1,)])
    ),
    "part of a union": lambda sa, a, b, c, d: sa.union(
        sa.select(a.c.id, b.c.id), sa.select(a.c.id, c.c.id).where(a.c.id == c.c.id)
    ),
    "select_from two": lambda sa, a, b, c, d: sa.select(sa.func.count()).select_from(a, b),
    "tuples compared": lambda sa, a, b, c, d: sa.select(a, b).where(
        sa.tuple_(a.c.id, a.c.x) == sa.tuple_(b.c.id, b.c.x)
    ),
    "case": lambda sa, a, b, c, d: sa.select(a, b).where(
        sa.case((a.c.id == b.c.x, 1), else_=0) == 1
    ),
    "text as a condition": lambda sa, a, b, c, d: sa.select(a, b).where(sa.text("a.id = b.x")),
    "text as a from element": lambda sa, a, b, c, d: sa.select(a).select_from(sa.text("zz")),
    "table of a schema": lambda sa, a, b, c, d: sa.select(
        a, sa.table("t", sa.column("q"), schema="s")
    ),
    "update from": lambda sa, a, b, c, d: sa.update(a).values(x=b.c.id),
    "update from, compared": lambda sa, a, b, c, d: (
        sa.update(a).values(x=b.c.id).where(a.c.id == b.c.id)
    ),
    "insert from select": lambda sa, a, b, c, d: sa.insert(a).from_select(
        ["id"], sa.select(b.c.id).where(c.c.id == 5)
    ),
}


def warned(lib: Any, case: Case, linting: Any) -> list[str]:
    """The warnings that compiling a case gives."""
    metadata = lib.MetaData()
    tables = [
        lib.Table(
            name,
            metadata,
            lib.Column("id", lib.Integer, primary_key=True),
            lib.Column("x", lib.Integer),
            lib.Column("y", lib.Integer),
        )
        for name in "abcd"
    ]
    engine = lib.create_engine("sqlite://")
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        case(lib, *tables).compile(engine, linting=linting)
    return [str(each.message) for each in found]


@pytest.mark.parametrize("name", SELECTS)
def test_a_product_is_told_where_sqlalchemy_tells_it(name: str) -> None:
    expected = warned(sqlalchemy, SELECTS[name], sqlalchemy.sql.FROM_LINTING)
    found = warned(ormolu, SELECTS[name], ormolu.sql.FROM_LINTING)
    assert [text.split()[0] for text in found] == [text.split()[0] for text in expected]


def test_the_message_names_what_stands_alone() -> None:
    found = warned(ormolu, SELECTS["two pairs"], ormolu.sql.FROM_LINTING)
    assert found == [
        'SELECT statement has a cartesian product between FROM element(s) "c", "d" and FROM '
        'element "a".  Apply join condition(s) between each element to resolve.'
    ]


@pytest.mark.parametrize("linting", ["NO_LINTING", "COLLECT_CARTESIAN_PRODUCTS", "WARN_LINTING"])
def test_nothing_is_told_without_both_flags(linting: str) -> None:
    assert warned(ormolu, SELECTS["two"], getattr(ormolu.sql, linting)) == []


def test_anonymous_aliases_are_named_as_in_the_text() -> None:
    found = warned(ormolu, lambda sa, a, b, c, d: sa.select(a, a.alias()), ormolu.sql.FROM_LINTING)
    assert '"a_1"' in found[0]


def test_an_engine_warns_once_per_statement_and_can_be_told_not_to() -> None:
    metadata = ormolu.MetaData()
    a = ormolu.Table("a", metadata, ormolu.Column("id", ormolu.Integer, primary_key=True))
    b = ormolu.Table("b", metadata, ormolu.Column("id", ormolu.Integer, primary_key=True))
    statement = ormolu.select(a, b)
    for enabled, expected in ((True, 1), (False, 0)):
        engine = ormolu.create_engine("sqlite://", enable_from_linting=enabled)
        metadata.create_all(engine)
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            with engine.connect() as connection:
                connection.execute(statement)
                connection.execute(statement)
        assert len(found) == expected
        assert all(each.filename == __file__ for each in found)
        engine.dispose()
