"""The SQL text of every statement equals SQLAlchemy's, for the default dialect and for SQLite."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import cases
import pytest
import sqlalchemy
from sqlalchemy.dialects import sqlite

import ormolu.dialects
import ormolu.schema
import ormolu.sql
import ormolu.types
from ormolu.dialects.sqlite import SQLiteDialect

OURS = SimpleNamespace(
    **{
        name: getattr(room, name)
        for room in (ormolu.types, ormolu.sql, ormolu.schema)
        for name in room.__all__
    }
)
ALL = {
    f"{group}: {name}": build
    for group, found in (
        ("expression", cases.EXPRESSIONS),
        ("select", cases.SELECTS),
        ("write", cases.WRITES),
    )
    for name, build in found.items()
}
DIALECTS = {"default": (None, None), "sqlite": (sqlite.dialect(), SQLiteDialect())}


def build(namespace: Any, case: cases.Build) -> Any:
    column = namespace.Column
    metadata = namespace.MetaData()
    t = namespace.Table(
        "t",
        metadata,
        column("id", namespace.Integer, primary_key=True),
        column("name", namespace.String),
        column("x", namespace.Float),
        column("b", namespace.Boolean),
        column("d", namespace.DateTime),
        column("j", namespace.JSON),
        column("Grp", namespace.Integer),
    )
    u = namespace.Table(
        "u",
        metadata,
        column("id", namespace.Integer, primary_key=True),
        column("tid", namespace.Integer, namespace.ForeignKey("t.id")),
        column("v", namespace.Integer),
    )
    return case(namespace, t, u, t.alias())


#: Where SQLAlchemy's text gives a wrong result; see `test_expression_text.py`.
WRONG_IN_SQLALCHEMY = {("expression: bitwise xor", "sqlite")}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_text_is_sqlalchemys(name: str, dialect: str) -> None:
    if (name, dialect) in WRONG_IN_SQLALCHEMY:
        return
    theirs, ours = DIALECTS[dialect]
    expected = str(build(sqlalchemy, ALL[name]).compile(dialect=theirs))
    assert str(build(OURS, ALL[name]).compile(dialect=ours)) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_bind_names_and_values_are_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    expected = build(sqlalchemy, ALL[name]).compile(dialect=theirs).params
    assert build(OURS, ALL[name]).compile(dialect=ours).params == expected
