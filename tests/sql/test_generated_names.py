"""Names that are too long: what the user named stays as it is, what was generated is shortened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.dialects import postgresql

import ormolu
from ormolu.dialects.postgresql import dialect as our_postgresql

LONG = "l" * 70


def table(sa: Any, name: str = "t", column: str = "c" * 70) -> Any:
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(column, sa.Integer),
        sa.Column("v", sa.Integer),
    )


def prefixed(sa: Any, source: Any) -> Any:
    return sa.select(source).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)


def ordered_by_its_label(sa: Any, label: Any) -> Any:
    return sa.select(label).order_by(label.desc())


STATEMENTS: dict[str, Callable[[Any], Any]] = {
    "label": lambda sa: sa.select(table(sa).c.id.label(LONG)),
    "order by a label": lambda sa: ordered_by_its_label(sa, table(sa).c.v.label(LONG)),
    "label of a subquery": lambda sa: sa.select(
        sa.select(table(sa).c.id.label(LONG)).subquery()
    ),
    "label two subqueries deep": lambda sa: sa.select(
        sa.select(sa.select(table(sa).c.id.label(LONG)).subquery()).subquery()
    ),
    "alias": lambda sa: sa.select(table(sa, column="c").alias(LONG)),
    "anonymous alias": lambda sa: sa.select(table(sa, LONG, "c").alias()),
    "two anonymous aliases": lambda sa: sa.select(
        table(sa, LONG, "c").alias().c.id, table(sa, LONG, "c").alias().c.v
    ),
    "anonymous label": lambda sa: sa.select(table(sa).c["c" * 70].label(None)),
    "column": lambda sa: sa.select(table(sa)),
    "column of an alias": lambda sa: sa.select(table(sa).alias()),
    "column of a subquery": lambda sa: sa.select(sa.select(table(sa)).subquery()),
    "column of a subquery's alias": lambda sa: sa.select(
        sa.select(table(sa)).subquery().alias()
    ),
    "column of a cte": lambda sa: sa.select(sa.select(table(sa)).cte("q")),
    "column of a union": lambda sa: sa.select(
        sa.union(sa.select(table(sa)), sa.select(table(sa))).subquery()
    ),
    "column of text": lambda sa: sa.select(
        sa.text("x").columns(sa.column("c" * 70)).subquery()
    ),
    "column of a function": lambda sa: sa.select(sa.func.f(1).table_valued("c" * 70)),
    "column of values": lambda sa: sa.select(
        sa.values(sa.column("c" * 70), name="q").data([(1,)])
    ),
    "table and column": lambda sa: prefixed(sa, table(sa, "t" * 40, "c" * 40)),
    "eleven of them": lambda sa: prefixed(
        sa, sa.table("t" * 60, *[sa.column(f"c{number}") for number in range(18)])
    ),
    "table and column of a subquery": lambda sa: sa.select(
        prefixed(sa, table(sa, "t" * 40, "c" * 40)).subquery()
    ),
    "ordered by table and column": lambda sa: prefixed(
        sa, table(sa, "t" * 40, "c" * 40)
    ).order_by("t" * 40 + "_" + "c" * 40),
    "repeated column": lambda sa: sa.select(
        table(sa, "t").c["c" * 70], table(sa, "u").c["c" * 70]
    ),
    "function": lambda sa: sa.select(getattr(sa.func, "f" * 70)(1)),
    "functions around the limit": lambda sa: sa.select(
        *[getattr(sa.func, "f" * length)(1) for length in (54, 55, 56, 57, 60)]
    ),
    "named bind": lambda sa: sa.select(table(sa).c.id == sa.bindparam(LONG, 1)),
    "unnamed bind": lambda sa: sa.select(table(sa).c.v).where(table(sa).c["c" * 70] == 1),
    "list": lambda sa: sa.select(table(sa).c.v).where(table(sa).c["c" * 70].in_([1, 2])),
    "parameters of an insert": lambda sa: sa.insert(table(sa)),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_postgresql_gets_sqlalchemys_names(name: str) -> None:
    build = STATEMENTS[name]
    theirs = build(sqlalchemy).compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    ours = build(ormolu).compile(dialect=our_postgresql())
    assert (str(ours), ours.params) == (str(theirs), theirs.params)


def test_what_a_cte_returns_has_one_name_inside_and_outside() -> None:
    """SQLAlchemy shortens the name outside alone, which PostgreSQL doesn't find."""
    t = table(ormolu)
    returned = ormolu.insert(t).returning(t.c["c" * 70]).cte("w")
    text = str(ormolu.select(returned).compile(dialect=our_postgresql()))
    assert text.endswith(f"RETURNING t.{'c' * 70})\n SELECT w.{'c' * 70} \nFROM w")


def test_columns_of_one_name_that_a_cte_returns_have_one_name_inside_and_outside() -> None:
    def text(sa: Any, dialect: Any) -> str:
        t, u = table(sa, "t", "c"), table(sa, "u", "c")
        write = sa.update(t).values(v=1).where(t.c.id == u.c.id).returning(t.c.id, u.c.id)
        return str(sa.select(write.cte("w")).compile(dialect=dialect))

    theirs = text(sqlalchemy, postgresql.dialect())  # type: ignore[no-untyped-call]
    assert text(ormolu, our_postgresql()) == theirs
