"""PostgreSQL, through psycopg and, awaited, through asyncpg."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import asyncpg
import psycopg

from bench.data import SELECT_CHILD
from bench.sizes import Sizes
from ormolu import URL

from .served import INSERT_ITEM, Served

_ITEM = """
CREATE TABLE {name} (
    id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL,
    age INTEGER NOT NULL, score FLOAT NOT NULL, city VARCHAR(50) NOT NULL, note TEXT,
    active INTEGER NOT NULL
)
"""
_RETURNING = f"{INSERT_ITEM} RETURNING id"


def _dsn(url: URL) -> str:
    """A database's address, as the drivers have it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class _PostgreSQL(Served):
    create = "CREATE DATABASE {name}"
    drop = "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    schema = (
        # What an interrupted run left open must not be waited for.
        "SET lock_timeout = '10s'",
        "DROP TABLE IF EXISTS child, parent, item, item_source",
        _ITEM.format(name="item_source"),
        _ITEM.format(name="item"),
        "CREATE TABLE parent (id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL)",
        "CREATE TABLE child (id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL,"
        " parent_id INTEGER NOT NULL REFERENCES parent (id))",
        "CREATE INDEX ix_child_parent_id ON child (parent_id)",
    )
    fresh = (
        "TRUNCATE item",
        "INSERT INTO item SELECT * FROM item_source ORDER BY id LIMIT {items}",
        "SELECT setval('item_id_seq', {items} + 1, false)",
        # Without statistics the server's plans depend on when it last looked.
        "ANALYZE item",
    )

    @classmethod
    def open(cls, url: URL) -> Any:
        return psycopg.connect(_dsn(url), autocommit=True)

    def _prepare(self) -> None:
        super()._prepare()
        with self.control.cursor() as cursor:
            cursor.execute("ANALYZE parent, child")

    def server_version(self) -> str:
        return f"PostgreSQL {self.ask('SHOW server_version')[0][0]}"

    def insert_one(self, cursor: Any, row: tuple[Any, ...]) -> int:
        key: int = cursor.execute(_RETURNING, row).fetchone()[0]
        return key

    def insert_many(self, cursor: Any, rows: list[tuple[Any, ...]]) -> list[int]:
        cursor.executemany(_RETURNING, rows, returning=True)
        keys = [cursor.fetchone()[0]]
        while cursor.nextset():
            keys.append(cursor.fetchone()[0])
        return keys

    def children_of(self, cursor: Any, parents: list[int]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]]
        found = cursor.execute(f"{SELECT_CHILD} WHERE parent_id = ANY(%s)", (parents,)).fetchall()
        return found


class Psycopg(_PostgreSQL):
    """psycopg, which begins transactions by itself and prepares what is sent five times."""

    title = "PostgreSQL, psycopg"
    scheme = "postgresql+psycopg"
    package = "psycopg"
    targets: ClassVar[Mapping[str, float]] = {
        "get": 1.6, "session": 1.5, "insert": 0.8, "commits": 1.5, "update": 1.3, "select-in": 2.0
    }  # fmt: skip

    def connect(self, *, items: int = 0, family: bool = False) -> psycopg.Connection[Any]:
        self.fill(items)
        connection = psycopg.connect(_dsn(self.url))
        self.opened(connection.close)
        return connection


class Asyncpg(_PostgreSQL):
    """asyncpg, awaited: an event loop goes with the place."""

    title = "PostgreSQL, asyncpg"
    scheme = "postgresql+asyncpg"
    package = "asyncpg"
    raw = ("raw_asyncpg", "raw_requests")
    workloads = ("awaited", "requests")
    awaited = True

    def __init__(self, sizes: Sizes, address: str) -> None:
        self._runner = asyncio.Runner()
        super().__init__(sizes, address)

    async def connect(self, *, items: int = 0, family: bool = False) -> Any:
        self.fill(items)
        connection = await asyncpg.connect(_dsn(self.url))
        self.opened(connection.close)
        return connection

    async def connect_pool(self) -> Any:
        """The driver's own pool, of a connection for each task, on the table of items."""
        self.fill(self.sizes.rows)
        number = self.sizes.tasks
        pool = await asyncpg.create_pool(_dsn(self.url), min_size=number, max_size=number)
        self.opened(pool.close)
        return pool

    def run(self, made: Any) -> Any:
        return self._runner.run(made)

    def timed(self, prepared: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: self._runner.run(prepared())

    def finish(self) -> None:
        super().finish()
        self._runner.close()


PLACES = {"psycopg": Psycopg, "asyncpg": Asyncpg}
