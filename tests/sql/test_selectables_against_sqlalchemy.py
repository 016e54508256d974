"""The SQL text of selectables equals SQLAlchemy's, for four dialects, binds and values included."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import selectable_cases
import sqlalchemy
from sqlalchemy.dialects import mysql, postgresql, sqlite

import ormolu.schema
import ormolu.sql
import ormolu.types
from ormolu.dialects.mysql import dialect as our_mysql
from ormolu.dialects.postgresql import dialect as our_postgresql
from ormolu.dialects.sqlite import SQLiteDialect

OURS = SimpleNamespace(
    **{
        name: getattr(room, name)
        for room in (ormolu.types, ormolu.sql, ormolu.schema)
        for name in room.__all__
    }
)
DIALECTS = {
    "default": (None, None),
    "sqlite": (sqlite.dialect(), SQLiteDialect()),
    "postgresql": (postgresql.dialect(), our_postgresql()),
    "mysql": (mysql.dialect(), our_mysql()),
}


def build(namespace: Any, case: selectable_cases.Build) -> Any:
    column = namespace.Column
    metadata = namespace.MetaData()
    t = namespace.Table(
        "t",
        metadata,
        column("id", namespace.Integer, primary_key=True),
        column("name", namespace.String(30)),
        column("x", namespace.Float),
        column("b", namespace.Boolean),
    )
    u = namespace.Table(
        "u",
        metadata,
        column("id", namespace.Integer, primary_key=True),
        column("tid", namespace.Integer, namespace.ForeignKey("t.id")),
        column("v", namespace.Integer),
    )
    return case(namespace, t, u, t.alias())


def outcome(namespace: Any, case: selectable_cases.Build, dialect: Any) -> Any:
    """The text and the values, or the class of the compilation's error."""
    try:
        compiled = build(namespace, case).compile(dialect=dialect)
    except (sqlalchemy.exc.CompileError, ormolu.exc.CompileError) as error:
        return type(error).__name__
    return str(compiled), compiled.params


#: SQLAlchemy leaves a bind in the text for the unlimited LIMIT that SQLite wants before OFFSET.
LEFT_AS_BINDS = {("clause: offset", "sqlite")}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", selectable_cases.ALL)
def test_text_and_values_are_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    case = selectable_cases.ALL[name]
    assert outcome(OURS, case, ours) == outcome(sqlalchemy, case, theirs)


def literal_text(namespace: Any, case: selectable_cases.Build, dialect: Any) -> str:
    """The text with its values written out, or the class of the error when that can't be done."""
    try:
        statement = build(namespace, case)
        return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    except (sqlalchemy.exc.SQLAlchemyError, ormolu.exc.SQLAlchemyError) as error:
        return type(error).__name__


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", selectable_cases.ALL)
def test_values_are_written_out_as_in_sqlalchemy(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    case = selectable_cases.ALL[name]
    text = literal_text(OURS, case, ours)
    if (name, dialect) in LEFT_AS_BINDS:
        assert "?" not in text
    else:
        assert text == literal_text(sqlalchemy, case, theirs)
