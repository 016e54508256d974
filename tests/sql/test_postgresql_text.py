"""PostgreSQL's SQL text equals SQLAlchemy's: statements, expressions and DDL, for each driver."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import postgresql_ddl_cases
import postgresql_expression_cases
import postgresql_statement_cases
import pytest
import sqlalchemy
import sqlalchemy.schema
from sqlalchemy.dialects import postgresql as their_postgresql
from sqlalchemy.dialects.postgresql import asyncpg as their_asyncpg

import ormolu
import ormolu.schema
import ormolu.sql
import ormolu.types
from ormolu.dialects import postgresql
from ormolu.dialects.postgresql import asyncpg

THEIRS = SimpleNamespace(**{**vars(sqlalchemy), **vars(sqlalchemy.schema)})
OURS = SimpleNamespace(
    **{
        name: getattr(room, name)
        for room in (ormolu.types, ormolu.sql, ormolu.schema, ormolu)
        for name in room.__all__
    }
)
DIALECTS = {
    "psycopg": (their_postgresql.dialect(), postgresql.dialect()),
    "asyncpg": (their_asyncpg.dialect(), asyncpg.dialect()),
}
BOTH = ((THEIRS, their_postgresql, 0), (OURS, postgresql, 1))

Make = Callable[[Any, Any], Any]


def _with_columns(build: Any) -> Make:
    return lambda sa, pg: build(sa, pg, postgresql_expression_cases.columns(sa, pg))


def _with_tables(build: Any) -> Make:
    return lambda sa, pg: build(sa, pg, *postgresql_statement_cases.tables(sa, pg))


STATEMENTS: dict[str, Make] = {
    **{name: _with_columns(build) for name, build in postgresql_expression_cases.ALL.items()},
    **{name: _with_tables(build) for name, build in postgresql_statement_cases.ALL.items()},
}
#: SQLAlchemy needs psycopg itself to convert a range.
NEEDS_DRIVER = {"range: in"}
#: SQLAlchemy leaves binds in the text, or writes NULL for a value that isn't there; a key that is
#: written out is fetched here.
NOT_WRITTEN_OUT_THERE = {
    "text: not match",
    "other: power",
    "write: update an element",
    "write: update elements and a column",
    "write: update a slice",
    "write: update an element in order",
    "select: limit by a bindparam",
    "write: insert a bindparam",
    "write: insert a key",
    "conflict: update by columns",
}


@pytest.fixture(autouse=True)
def _their_deprecations() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sqlalchemy.exc.SADeprecationWarning)
        yield


def texts(make: Make, driver: str, **options: Any) -> tuple[str, str]:
    """The texts of both libraries."""
    theirs, ours = [
        str(make(sa, pg).compile(dialect=DIALECTS[driver][which], compile_kwargs=options))
        for sa, pg, which in BOTH
    ]
    return theirs, ours


@pytest.mark.parametrize("driver", DIALECTS)
@pytest.mark.parametrize("name", STATEMENTS)
def test_text_is_sqlalchemys(name: str, driver: str) -> None:
    theirs, ours = texts(STATEMENTS[name], driver)
    assert ours == theirs


@pytest.mark.parametrize("name", STATEMENTS)
def test_bind_names_and_values_are_sqlalchemys(name: str) -> None:
    theirs, ours = [make_params(STATEMENTS[name], sa, pg, which) for sa, pg, which in BOTH]
    assert ours == theirs


def make_params(make: Make, sa: Any, pg: Any, which: int) -> dict[str, str]:
    params = make(sa, pg).compile(dialect=DIALECTS["psycopg"][which]).params
    return {name: _shown(sa, value) for name, value in params.items()}


def _shown(sa: Any, value: Any) -> str:
    return "JSON null" if value is sa.JSON.NULL else str(value)


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - NEEDS_DRIVER))
def test_lists_written_out_are_sqlalchemys(name: str) -> None:
    theirs, ours = texts(STATEMENTS[name], "psycopg", render_postcompile=True)
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - NOT_WRITTEN_OUT_THERE))
def test_literal_binds_are_sqlalchemys(name: str) -> None:
    """Where SQLAlchemy can write a value at all; documents it can with asyncpg's dialect alone."""
    for driver in DIALECTS:
        try:
            theirs, _ = texts(STATEMENTS[name], driver, literal_binds=True)
        except sqlalchemy.exc.CompileError:
            continue
        assert texts(STATEMENTS[name], driver, literal_binds=True) == (theirs, theirs)


@pytest.mark.parametrize("name", postgresql_ddl_cases.ALL)
def test_ddl_is_sqlalchemys(name: str) -> None:
    theirs, ours = texts(postgresql_ddl_cases.ALL[name], "psycopg")
    assert ours == theirs
