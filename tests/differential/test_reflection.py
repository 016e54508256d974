"""Reflection of one SQLite file by both libraries gives the same descriptions."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.engine.reflection
import sqlalchemy.schema

import ormolu
import ormolu.engine.reflection
import ormolu.schema

SCHEMA = """
CREATE TABLE p (
    id INTEGER PRIMARY KEY AUTOINCREMENT, "we ird" VARCHAR(20) DEFAULT 'x',
    n NUMERIC(10, 2) NOT NULL, u TEXT UNIQUE,
    CONSTRAINT uq1 UNIQUE (n, u), CHECK (n > 0), CONSTRAINT ckn CHECK (n < 100)
);
CREATE TABLE p2 (a INTEGER, b INTEGER, CONSTRAINT pkk PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE TABLE c (
    id INTEGER, pid INTEGER, x INTEGER, y INTEGER,
    PRIMARY KEY (id, pid),
    FOREIGN KEY(pid) REFERENCES p (id),
    CONSTRAINT fk1 FOREIGN KEY(x, y) REFERENCES p2 (a, b)
        ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_c ON c (x DESC);
CREATE UNIQUE INDEX ix_part ON c (x, y) WHERE y > 5 AND x IS NOT NULL;
CREATE INDEX ix_expr ON c (y, lower(x));
CREATE TABLE inline (
    a INTEGER REFERENCES p (id), b TEXT REFERENCES p,
    d INT DEFAULT (1+2), e INTEGER DEFAULT -5, g DATETIME DEFAULT CURRENT_TIMESTAMP, h BLOB,
    i foo(3), k DECIMAL(3), l DOUBLE PRECISION, m FLOAT(3), o NVARCHAR(10) COLLATE NOCASE,
    q UNSIGNED BIG INT, r BOOLEAN, s DATE, t TIME, v TIMESTAMP, w JSON, x CHAR(3), y BIGINT,
    z SMALLINT
);
CREATE TABLE generated (
    a INTEGER,
    b INTEGER GENERATED ALWAYS AS (a + 1) STORED,
    c INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL
);
CREATE TABLE strict_one (a INTEGER, b TEXT) STRICT;
CREATE TABLE alone (a INTEGER);
CREATE TABLE untyped (a INTEGER, j);
CREATE VIEW v AS SELECT id, n FROM p;
"""
TABLES = ["p", "p2", "c", "inline", "generated", "strict_one", "alone", "untyped", "v", "missing"]
OF_A_TABLE = [
    "get_columns",
    "get_pk_constraint",
    "get_foreign_keys",
    "get_indexes",
    "get_unique_constraints",
    "get_check_constraints",
    "get_table_options",
    "get_table_comment",
    "get_view_definition",
    "has_table",
]
OF_ALL = [
    "get_table_names",
    "get_view_names",
    "get_temp_table_names",
    "get_temp_view_names",
    "get_materialized_view_names",
    "get_schema_names",
    "get_sequence_names",
]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    path: Path = tmp_path_factory.mktemp("reflection") / "one.db"
    theirs = sqlalchemy.create_engine(f"sqlite:///{path}")
    connection = theirs.raw_connection()
    connection.cursor().executescript(SCHEMA)
    connection.close()
    ours = ormolu.create_engine(f"sqlite:///{path}")
    yield theirs, ours
    theirs.dispose()
    ours.dispose()


def plain(found: Any) -> Any:
    """A description as plain values: types and expressions by their text."""
    if isinstance(found, dict):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [plain(value) for value in found]
    if found is None or isinstance(found, (str, int)):
        return found
    if hasattr(found, "compile") and hasattr(found, "get_children"):
        return str(found)
    return repr(found)


def asked(engine: Any, inspect: Any, method: str, *args: Any, **kw: Any) -> Any:
    """What an inspector says, or the class of what it raises; foreign keys in any order."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = plain(getattr(inspect(engine), method)(*args, **kw))
        except Exception as error:
            found = type(error).__name__
    if method == "get_foreign_keys" and isinstance(found, list):
        # SQLAlchemy has them in the order of the pragma, ormolu as they were written.
        found.sort(key=lambda key: str(sorted(key.items())))
    if method == "get_unique_constraints":
        caught.clear()  # SQLAlchemy reads the indexes here, and warns of one that it skips
    return found, [warning.category.__name__ for warning in caught]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("method", OF_A_TABLE)
def test_a_table_is_described_alike(engines: Any, method: str, table: str) -> None:
    theirs, ours = engines
    expected = asked(theirs, sqlalchemy.inspect, method, table)
    assert asked(ours, ormolu.inspect, method, table) == expected


@pytest.mark.parametrize("method", OF_ALL)
def test_names_are_listed_alike(engines: Any, method: str) -> None:
    theirs, ours = engines
    assert asked(ours, ormolu.inspect, method) == asked(theirs, sqlalchemy.inspect, method)


@pytest.mark.parametrize("name", ["ix_c", "ix_part", "none"])
@pytest.mark.parametrize("table", ["c", "p", "missing"])
def test_indexes_are_found_alike(engines: Any, table: str, name: str) -> None:
    theirs, ours = engines
    expected = asked(theirs, sqlalchemy.inspect, "has_index", table, name)
    assert asked(ours, ormolu.inspect, "has_index", table, name) == expected


def test_several_tables_are_looked_for_alike(engines: Any) -> None:
    theirs, ours = engines
    expected = asked(theirs, sqlalchemy.inspect, "has_multi_table", ["p", "missing"])
    assert asked(ours, ormolu.inspect, "has_multi_table", ["p", "missing"]) == expected


@pytest.mark.parametrize("kind", ["TABLE", "VIEW", "MATERIALIZED_VIEW", "ANY_VIEW", "ANY"])
@pytest.mark.parametrize("scope", ["DEFAULT", "TEMPORARY", "ANY"])
@pytest.mark.parametrize("names", [None, ["p", "v", "missing"]])
@pytest.mark.parametrize(
    "method", ["get_multi_pk_constraint", "get_multi_columns", "get_multi_table_options"]
)
def test_several_tables_are_described_alike(
    engines: Any, method: str, names: Any, scope: str, kind: str
) -> None:
    theirs, ours = engines

    def options(room: Any) -> dict[str, Any]:
        return {
            "filter_names": names,
            "kind": getattr(room.ObjectKind, kind),
            "scope": getattr(room.ObjectScope, scope),
        }

    expected = asked(theirs, sqlalchemy.inspect, method, **options(sqlalchemy.engine.reflection))
    found = asked(ours, ormolu.inspect, method, **options(ormolu.engine.reflection))
    assert found == expected


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
@pytest.mark.parametrize("table", [name for name in TABLES if name not in ("missing", "untyped")])
def test_a_reflected_table_is_created_alike(engines: Any, table: str) -> None:
    theirs, ours = engines
    expected = sqlalchemy.Table(table, sqlalchemy.MetaData(), autoload_with=theirs)
    found = ormolu.Table(table, ormolu.MetaData(), autoload_with=ours)
    text = str(sqlalchemy.schema.CreateTable(expected).compile(theirs))
    if table in ("inline", "c"):  # constraints without names, in SQLAlchemy's order of the pragma
        assert sorted(str(ormolu.schema.CreateTable(found).compile(ours))) == sorted(text)
    else:
        assert str(ormolu.schema.CreateTable(found).compile(ours)) == text


def test_all_tables_are_reflected_alike(engines: Any) -> None:
    def tables(room: Any, engine: Any, **options: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            metadata = room.MetaData()
            try:
                metadata.reflect(engine, **options)
            except Exception as error:
                return type(error).__name__
        return {
            name: (table.c.keys(), [column.name for column in table.primary_key])
            for name, table in sorted(metadata.tables.items())
        }

    theirs, ours = engines
    for options in (
        {},
        {"views": True},
        {"only": ["c"]},
        {"only": ["c"], "resolve_fks": False},
        {"only": ["nope"]},
        {"only": lambda name, metadata: name.startswith("p")},
    ):
        assert tables(ormolu, ours, **options) == tables(sqlalchemy, theirs, **options)
