"""Bound booleans as conditions, and the columns that a result says are still to be fetched."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

LIBRARIES = ("ormolu", "sqlalchemy")


def library(root: str) -> SimpleNamespace:
    sa = importlib.import_module(root)
    t = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String),
        sa.Column("ok", sa.Boolean),
        sa.Column("n", sa.Integer, server_default="7"),
    )
    return SimpleNamespace(
        sa=sa,
        t=t,
        yes=sa.literal(True),
        given=sa.bindparam("x", type_=sa.Boolean),
        mysql=importlib.import_module(f"{root}.dialects.mysql").dialect(),
        sqlite=importlib.import_module(f"{root}.dialects.sqlite").dialect(),
    )


CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "where": lambda x: x.sa.select(x.t.c.id).where(x.yes),
    "where given": lambda x: x.sa.select(x.t.c.id).where(x.given),
    "where not": lambda x: x.sa.select(x.t.c.id).where(~x.yes),
    "having": lambda x: x.sa.select(x.t.c.id).having(x.yes),
    "and": lambda x: x.sa.select(x.yes & x.t.c.ok),
    "or": lambda x: x.sa.select(x.sa.or_(x.given, x.yes)),
    "alone in and": lambda x: x.sa.select(x.sa.and_(x.yes)),
    "number": lambda x: x.sa.select(x.sa.and_(x.sa.literal(1), x.t.c.ok)),
    "value": lambda x: x.sa.select(x.yes),
    "case": lambda x: x.sa.select(x.sa.case((x.yes, 1))),
    "join": lambda x: x.sa.select(x.t.c.id).join(x.t.alias("o"), x.yes),
    "update": lambda x: x.sa.update(x.t).where(x.yes).values(a="q"),
    "compared": lambda x: x.sa.select((x.t.c.ok == x.yes) & x.t.c.ok),
}


@pytest.mark.parametrize("dialect", ["default", "mysql", "sqlite"])
@pytest.mark.parametrize("name", CONDITIONS)
def test_a_bound_boolean_is_written_as_a_condition(name: str, dialect: str) -> None:
    texts = []
    for root in LIBRARIES:
        x = library(root)
        texts.append(str(CONDITIONS[name](x).compile(dialect=getattr(x, dialect, None))))
    assert texts[0] == texts[1]


WRITES: dict[str, Callable[[Any], Any]] = {
    "insert of values": lambda x: x.t.insert().values(a="x", n=1),
    "insert": lambda x: x.t.insert().values(a="x"),
    "insert of an expression": lambda x: x.t.insert().values(a=x.sa.func.lower("X"), n=1),
    "insert of a key": lambda x: x.t.insert().values(id=x.sa.literal(3) + 1, n=1),
    "update of values": lambda x: x.t.update().values(a="x"),
    "update of an expression": lambda x: x.t.update().values(a=x.t.c.a + "!", n=2),
    "update of several": lambda x: x.t.update().values(a=x.t.c.a + "!", n=x.t.c.n + 1),
    "update to a scalar": lambda x: x.t.update().values(
        n=x.sa.select(x.sa.func.max(x.t.alias("o").c.n)).scalar_subquery()
    ),
    "update to null": lambda x: x.t.update().values(a=x.sa.null()),
}


@pytest.mark.parametrize("name", WRITES)
def test_columns_that_the_database_computes_are_to_be_fetched(name: str) -> None:
    found = []
    for root in LIBRARIES:
        x = library(root)
        with x.sa.create_engine("sqlite://").connect() as connection:
            x.t.create(connection)
            connection.execute(x.t.insert().values(a="there", n=4))
            result = connection.execute(WRITES[name](x))
            found.append([column.name for column in result.postfetch_cols()])
    assert found[0] == found[1]
