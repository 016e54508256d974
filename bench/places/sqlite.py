"""SQLite in memory: each engine or connection has a database of its own, filled by the driver."""

from __future__ import annotations

import sqlite3
from typing import Any

from bench.data import (
    CONTENTS,
    INSERT_CHILD,
    INSERT_ITEM,
    INSERT_PARENT,
    child_rows,
    item_rows,
    parent_rows,
)

from .place import Place

_SCHEMA = """
CREATE TABLE item (
    id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL,
    age INTEGER NOT NULL, score FLOAT NOT NULL, city VARCHAR(50) NOT NULL, note TEXT,
    active INTEGER NOT NULL
);
CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE child (
    id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL,
    parent_id INTEGER NOT NULL REFERENCES parent (id)
);
CREATE INDEX ix_child_parent_id ON child (parent_id);
"""


class Sqlite(Place):
    """The standard library's driver, in autocommit: transactions are begun by hand."""

    title = "SQLite in memory"
    raw = ("raw_sqlite", "raw_objects")
    workloads = ("orm", "core", "objects")

    def _fill(self, connection: sqlite3.Connection, items: int, family: bool) -> None:
        self._connection = connection
        sizes = self.sizes
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        connection.executemany(INSERT_ITEM, item_rows(items))
        if family:
            connection.executemany(f"{INSERT_PARENT} VALUES (?, ?)", parent_rows(sizes.parents))
            rows = child_rows(sizes.parents, sizes.children)
            connection.executemany(f"{INSERT_CHILD} VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")

    def engine(self, lib: Any, *, items: int = 0, family: bool = False, **options: Any) -> Any:
        engine = lib.create_engine("sqlite://", poolclass=lib.pool.StaticPool, **options)
        connection = engine.raw_connection()
        self._fill(connection.driver_connection, items, family)
        connection.close()
        return engine

    def connect(self, *, items: int = 0, family: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        self._fill(connection, items, family)
        self.opened(connection.close)
        return connection

    def contents(self) -> list[tuple[Any, ...]]:
        return self._connection.execute(CONTENTS).fetchall()

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"


PLACES = {"sqlite": Sqlite}
