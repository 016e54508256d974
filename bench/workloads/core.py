"""Core: statements, rows and parameters without the ORM, on a connection in one transaction."""

from __future__ import annotations

from typing import Any

from bench.data import item_values
from bench.library import Library
from bench.workload import WARM, Timed, expect


def _connection(lib: Library, items: int = 0) -> Any:
    """A connection, closed after the run."""
    connection = lib.engine(items=items).connect()
    lib.place.opened(connection.close)
    return connection


def core_rows(lib: Library) -> Timed:
    connection = _connection(lib, lib.sizes.rows)
    statement = lib.sql.select(lib.Item.__table__)
    expect(connection.execute(statement).all(), lib.sizes.rows)
    return lambda: expect(connection.execute(statement).all(), lib.sizes.rows)


def core_read(lib: Library) -> Timed:
    connection = _connection(lib, lib.sizes.rows)
    statement = lib.sql.select(lib.Item.__table__)
    connection.execute(statement).first()
    return lambda: [row.name for row in connection.execute(statement)]


def core_execute(lib: Library) -> Timed:
    """One statement, executed again and again with other parameters."""
    connection = _connection(lib, 100)
    item = lib.Item.__table__
    statement = lib.sql.select(item.c.id, item.c.name).where(item.c.id == lib.sql.bindparam("id_1"))
    for i in range(WARM):
        connection.execute(statement, {"id_1": i}).all()

    def timed() -> Any:
        run = connection.execute
        return [run(statement, {"id_1": 1 + i % 100}).all() for i in range(lib.sizes.executions)]

    return timed


def core_insert(lib: Library) -> Timed:
    connection = _connection(lib)
    statement = lib.sql.insert(lib.Item.__table__)
    values = item_values(lib.sizes.rows)
    connection.execute(statement, values[:2])
    connection.rollback()

    def timed() -> Any:
        connection.execute(statement, values)
        connection.rollback()

    return timed
