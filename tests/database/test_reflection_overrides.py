"""Reflected tables of which a program states some columns itself, as both libraries make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy

import ormolu

SCHEMA = [
    "CREATE TABLE p (id INTEGER PRIMARY KEY, n INT UNIQUE)",
    "CREATE TABLE t (id INTEGER, k INT, n INT REFERENCES p (n), b INT, "
    "CONSTRAINT pk PRIMARY KEY (id, k), CONSTRAINT uq UNIQUE (n, b), CHECK (n > 1))",
    "CREATE INDEX ix ON t (n, b)",
    "CREATE INDEX ix_b ON t (b)",
]
LIBRARIES: list[Any] = [ormolu, sqlalchemy]
Make = Callable[[Any, Any, Any], Any]


def text(library: Any) -> Any:
    return library.String(3)


#: Each makes the table t, given a library, a MetaData and a connection.
PROGRAMS: dict[str, Make] = {
    "of another type": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("n", text(lib)), autoload_with=bind
    ),
    "of another key": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("b", text(lib), key="other"), autoload_with=bind
    ),
    "with a foreign key": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("n", text(lib), lib.ForeignKey("p.id")), autoload_with=bind
    ),
    "with constraints": lambda lib, metadata, bind: lib.Table(
        "t",
        metadata,
        lib.Column("n", text(lib)),
        lib.UniqueConstraint("n", name="uq_n"),
        lib.ForeignKeyConstraint(["n"], ["p.id"]),
        autoload_with=bind,
    ),
    "of the primary key": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("id", text(lib), primary_key=True), autoload_with=bind
    ),
    "in place of a part of the primary key": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("id", text(lib)), autoload_with=bind
    ),
    "added to the primary key": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("b", text(lib), primary_key=True), autoload_with=bind
    ),
    "that the database hasn't": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("z", text(lib)), lib.Index("ix_z", "z"), autoload_with=bind
    ),
    "beside some columns": lambda lib, metadata, bind: lib.Table(
        "t", metadata, lib.Column("n", text(lib)), autoload_with=bind, include_columns=["n", "b"]
    ),
    "kept": lambda lib, metadata, bind: lib.Table(
        lib.Table("t", metadata, lib.Column("id", text(lib), primary_key=True)).name,
        metadata,
        extend_existing=True,
        autoload_replace=False,
        autoload_with=bind,
    ),
    "replaced": lambda lib, metadata, bind: lib.Table(
        lib.Table("t", metadata, lib.Column("n", text(lib))).name,
        metadata,
        extend_existing=True,
        autoload_with=bind,
    ),
}


@contextmanager
def database(library: Any) -> Iterator[Any]:
    """A connection to a database of its own."""
    engine = library.create_engine("sqlite://")
    with engine.connect() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        yield connection
    engine.dispose()


def described(table: Any) -> dict[str, Any]:
    """What can be compared of a table."""
    return {
        "columns": [(c.name, c.key, str(c.type), c.nullable) for c in table.columns],
        "key": [column.name for column in table.primary_key],
        "indexes": sorted((index.name, [c.name for c in index.columns]) for index in table.indexes),
        "constraints": sorted(
            (type(constraint).__name__, [column.name for column in constraint.columns])
            for constraint in table.constraints
        ),
        "references": sorted(key.target_fullname for key in table.foreign_keys),
    }


def outcome(library: Any, make: Make) -> Any:
    """The table that a program makes, or the class of what it raises."""
    with database(library) as connection:
        try:
            return described(make(library, library.MetaData(), connection))
        except (ormolu.exc.ArgumentError, sqlalchemy.exc.ArgumentError) as error:
            return type(error).__name__


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_column_of_the_programs_own(program: str) -> None:
    ours, theirs = (outcome(library, PROGRAMS[program]) for library in LIBRARIES)
    assert ours == theirs


def test_indexes_and_unique_constraints_are_on_the_programs_columns() -> None:
    with database(ormolu) as connection:
        table = PROGRAMS["of another type"](ormolu, ormolu.MetaData(), connection)
    (index,) = (index for index in table.indexes if index.name == "ix")
    assert list(index.columns) == [table.c.n, table.c.b]
    (unique,) = (each for each in table.constraints if each.name == "uq")
    assert list(unique.columns) == [table.c.n, table.c.b]


def test_a_column_that_would_take_the_primary_key_away_is_refused() -> None:
    with database(ormolu) as connection:
        metadata = ormolu.MetaData()
        with pytest.raises(ormolu.exc.ArgumentError, match=r"'id' of table 't'.*primary_key=True"):
            PROGRAMS["in place of a part of the primary key"](ormolu, metadata, connection)
        assert "t" not in metadata.tables
