"""Dialects: names, URLs, identifiers, and what SQLite's stored text tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ormolu import exc, types
from ormolu.compiler import IdentifierPreparer
from ormolu.dialects import registry
from ormolu.dialects.sqlite import SQLiteDialect
from ormolu.dialects.sqlite.create_table_text import read
from ormolu.dialects.sqlite.reflection import type_of
from ormolu.io.requests import FetchAll


def url(**parts: Any) -> Any:
    empty = {"username": None, "password": None, "host": None, "port": None, "database": None}
    return SimpleNamespace(**{**empty, "query": {}, **parts})


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("plain", "plain"),
        ("Upper", '"Upper"'),
        ("select", '"select"'),
        ("1st", '"1st"'),
        ('a"b', '"a""b"'),
        ("with space", '"with space"'),
        ("tail\n", '"tail\n"'),
        ("", '""'),
    ],
)
def test_a_name_is_quoted_when_it_must_be(name: str, written: str) -> None:
    assert IdentifierPreparer().quote(name) == written


def test_a_nul_in_a_name_is_refused() -> None:
    with pytest.raises(exc.CompileError, match="NUL"):
        IdentifierPreparer().quote("a\0b")


def test_an_unknown_dialect_is_named() -> None:
    with pytest.raises(exc.NoSuchModuleError, match="foo"):
        registry.load("foo")


@pytest.mark.parametrize("name", ["postgresql", "mysql", "postgresql+asyncpg", "mariadb+pymysql"])
def test_a_database_says_which_driver_is_missing(name: str, hide: Callable[..., None]) -> None:
    hide("psycopg", "asyncpg", "MySQLdb", "pymysql")
    with pytest.raises(ModuleNotFoundError, match="pip install"):
        registry.load(name)().load_driver()


def test_a_driver_of_other_libraries_names_the_one_to_use(hide: Callable[..., None]) -> None:
    hide("psycopg2")
    with pytest.raises(
        ModuleNotFoundError, match=r'psycopg2.*psycopg:.*pip install "ormolu\[postgresql\]"'
    ):
        registry.load("postgresql+psycopg2")


def test_so_it_does_where_that_driver_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "psycopg2.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(exc.NoSuchModuleError, match=r"write 'postgresql\+psycopg:"):
        registry.load("postgresql+psycopg2")


def test_sqlite_url_options_go_to_connect_or_to_the_file_uri() -> None:
    given = url(database="x/y.db", query={"timeout": "3", "uri": "true", "mode": "ro"})
    assert SQLiteDialect().connect_args(given) == (
        ["x/y.db?mode=ro"],
        {"timeout": 3.0, "uri": True, "check_same_thread": False},
    )
    assert SQLiteDialect().connect_args(url())[0] == [":memory:"]


def test_a_sqlite_url_has_no_host() -> None:
    with pytest.raises(exc.ArgumentError, match="Valid SQLite URL forms"):
        SQLiteDialect().connect_args(url(host="localhost"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (sqlite3.IntegrityError("x"), exc.IntegrityError),
        (sqlite3.OperationalError("database is locked"), exc.OperationalError),
        (sqlite3.ProgrammingError("x"), exc.ProgrammingError),
        (sqlite3.DatabaseError("x"), exc.DatabaseError),
        (sqlite3.Error("x"), exc.DBAPIError),
    ],
)
def test_a_driver_error_has_its_class_here(error: Exception, expected: type[Exception]) -> None:
    assert SQLiteDialect().translate_error(error) is expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("VARCHAR(30)", "VARCHAR(length=30)"),
        ("numeric(10, 2)", "NUMERIC(precision=10, scale=2)"),
        ("", "NullType()"),
        ("UNSIGNED BIG INT", "INTEGER()"),
        ("CHARACTER VARYING(9)", "TEXT(length=9)"),
        ("whatever", "NUMERIC()"),
    ],
)
def test_a_declared_type_is_read_by_name_or_affinity(declared: str, expected: str) -> None:
    assert repr(type_of(declared)) == expected


def test_result_converters_are_bare_functions_where_none_is_kept_away() -> None:
    dialect = SQLiteDialect()
    convert, none_safe = dialect.result_converter(types.DateTime())
    assert convert is not None
    assert not none_safe
    assert convert("2020-01-02 03:04:05.000000").year == 2020
    assert dialect.result_converter(types.Boolean()) == (bool, False)
    assert dialect.result_converter(types.Integer()) == (None, True)


def test_constraint_names_are_read_from_the_text() -> None:
    found = read(
        """CREATE TABLE k ( -- a comment, with a comma
        x INTEGER DEFAULT (max(1, 2)), "pid" integer REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED,
        g INTEGER GENERATED ALWAYS AS (x + 1) STORED, note text DEFAULT 'a, UNIQUE (b)',
        CONSTRAINT pkk PRIMARY KEY (x), CONSTRAINT "u q" UNIQUE (x, [g]),
        CONSTRAINT fkn FOREIGN KEY (x) REFERENCES p (id) ON UPDATE SET NULL)"""
    )
    assert found.primary_key == "pkk"
    assert [(key.name, key.columns) for key in found.uniques] == [("u q", ["x", "g"])]
    assert [(key.name, key.columns) for key in found.foreign_keys] == [
        (None, ["pid"]),
        ("fkn", ["x"]),
    ]
    assert (found.foreign_keys[0].deferrable, found.foreign_keys[0].initially) == (True, "DEFERRED")
    assert found.computed == {"g": ("x + 1", True)}


class Core:
    """A connection core, as far as reflection uses it."""

    def query_plan(self, sql: str, params: Any = ()) -> Any:
        return (yield FetchAll(None, sql, params))  # type: ignore[arg-type]


def run(plan: Any, connection: sqlite3.Connection) -> Any:
    """Run a plan that only fetches."""
    reply = None
    try:
        while True:
            request = plan.send(reply)
            assert isinstance(request, FetchAll)
            reply = connection.execute(request.sql, request.params).fetchall()
    except StopIteration as end:
        return end.value


def test_sqlite_describes_its_tables() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY, a VARCHAR(30) NOT NULL DEFAULT 'x', UNIQUE (a));
        CREATE TABLE k (x INTEGER, y INTEGER, pid INTEGER, CONSTRAINT pkk PRIMARY KEY (y, x),
            CONSTRAINT fkn FOREIGN KEY (pid) REFERENCES p ON DELETE CASCADE);
        CREATE UNIQUE INDEX ix ON k (pid, x);
        CREATE INDEX ie ON k (abs(x));
        CREATE VIEW v AS SELECT * FROM p;
        """
    )
    dialect, core = SQLiteDialect(), Core()
    assert run(dialect.get_table_names_plan(core), connection) == ["k", "p"]
    assert run(dialect.get_view_names_plan(core), connection) == ["v"]
    assert run(dialect.has_table_plan(core, "v"), connection) is True
    assert run(dialect.has_table_plan(core, "none"), connection) is False
    columns = run(dialect.get_columns_plan(core, "p"), connection)
    assert [(c["name"], repr(c["type"]), c["nullable"], c["default"]) for c in columns] == [
        ("id", "INTEGER()", True, None),
        ("a", "VARCHAR(length=30)", False, "'x'"),
    ]
    assert run(dialect.get_pk_constraint_plan(core, "k"), connection) == {
        "constrained_columns": ["y", "x"],
        "name": "pkk",
    }
    assert run(dialect.get_foreign_keys_plan(core, "k"), connection) == [
        {
            "name": "fkn",
            "constrained_columns": ["pid"],
            "referred_schema": None,
            "referred_table": "p",
            "referred_columns": ["id"],
            "options": {"ondelete": "CASCADE"},
        }
    ]
    with pytest.warns(exc.SAWarning, match="expression-based index ie"):
        indexes = run(dialect.get_indexes_plan(core, "k"), connection)
    assert indexes == [
        {"name": "ix", "column_names": ["pid", "x"], "unique": 1, "dialect_options": {}}
    ]
    assert run(dialect.get_unique_constraints_plan(core, "p"), connection) == [
        {"name": None, "column_names": ["a"]}
    ]
    with pytest.raises(exc.NoSuchTableError, match="none"):
        run(dialect.get_columns_plan(core, "none"), connection)
