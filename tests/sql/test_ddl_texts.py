"""DDL of every kind is written as SQLAlchemy writes it, and refused where it refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.schema
from ddl_cases import ALL, SQLITE, Case
from sqlalchemy.dialects import mysql, postgresql, sqlite

import ormolu.schema
import ormolu.sql
import ormolu.types
from ormolu.dialects.registry import load
from ormolu.sql.quoted_name import quoted_name

OURS = SimpleNamespace(
    **{
        name: getattr(room, name)
        for room in (ormolu.types, ormolu.sql, ormolu.schema)
        for name in room.__all__
    },
)
OURS.quoted_name = quoted_name
THEIRS = SimpleNamespace(**{**vars(sqlalchemy), **vars(sqlalchemy.schema)})
DIALECTS: dict[str, tuple[Any, Any]] = {
    "default": (None, None),
    "sqlite": (sqlite.dialect(), load("sqlite")()),
    "postgresql": (postgresql.dialect(), load("postgresql")()),  # type: ignore[no-untyped-call]
    "mysql": (mysql.dialect(), load("mysql")()),
}


def outcome(case: Case, sa: Any, dialect: Any) -> str:
    """The text, or the class of what was raised."""
    try:
        return str(case(sa).compile(dialect=dialect))
    except AssertionError:  # how SQLAlchemy refuses an item without a name
        return "CompileError"
    except (sqlalchemy.exc.SQLAlchemyError, ormolu.exc.SQLAlchemyError) as error:
        return type(error).__name__


#: MySQL has no COMMENT ON, which SQLAlchemy writes here all the same, and takes no expression in an
#: index without parentheses.
BETTER = {
    ("other: drop column comment", "mysql"),
    ("index: cast", "mysql"),
    ("index: case", "mysql"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_text_is_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    expected = outcome(ALL[name], THEIRS, theirs)
    if (name, dialect) in BETTER:
        assert outcome(ALL[name], OURS, ours) != expected
    else:
        assert outcome(ALL[name], OURS, ours) == expected


@pytest.mark.parametrize("name", SQLITE)
def test_what_only_sqlite_has_is_written_as_sqlalchemy_writes_it(name: str) -> None:
    theirs, ours = DIALECTS["sqlite"]
    assert outcome(SQLITE[name], OURS, ours) == outcome(SQLITE[name], THEIRS, theirs)
