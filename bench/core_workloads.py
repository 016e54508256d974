"""Core: statements, rows and parameters without the ORM, on a connection in one transaction."""

from __future__ import annotations

import importlib
from typing import Any

from bench.library import INSERT_ITEM, ROWS, SELECT_ITEM, Library, item_values, raw_connection
from bench.workloads import Timed, Workload, expect

EXECUTIONS = 5_000
BUILDS = 5_000

_POINT = "SELECT item.id, item.name FROM item WHERE item.id = ?"


# -- rows ------------------------------------------------------------------------------------


def raw_rows() -> Timed:
    connection = raw_connection(items=ROWS)
    return lambda: expect(connection.execute(SELECT_ITEM).fetchall(), ROWS)


def rows(lib: Library) -> Timed:
    connection = lib.engine(items=ROWS).connect()
    statement = lib.sql.select(lib.Item.__table__)
    expect(connection.execute(statement).all(), ROWS)
    return lambda: expect(connection.execute(statement).all(), ROWS)


def raw_read_rows() -> Timed:
    connection = raw_connection(items=ROWS)

    def timed() -> Any:
        return expect([row[1] for row in connection.execute(SELECT_ITEM)], ROWS)

    return timed


def read_rows(lib: Library) -> Timed:
    connection = lib.engine(items=ROWS).connect()
    statement = lib.sql.select(lib.Item.__table__)
    connection.execute(statement).first()
    return lambda: expect([row.name for row in connection.execute(statement)], ROWS)


# -- executions ------------------------------------------------------------------------------


def raw_execute() -> Timed:
    connection = raw_connection(items=100)

    def timed() -> Any:
        run = connection.execute
        return [run(_POINT, (1 + i % 100,)).fetchall() for i in range(EXECUTIONS)]

    return timed


def execute(lib: Library) -> Timed:
    """One statement, executed again and again with other parameters."""
    connection = lib.engine(items=100).connect()
    item = lib.Item.__table__
    statement = lib.sql.select(item.c.id, item.c.name).where(item.c.id == lib.sql.bindparam("id_1"))
    connection.execute(statement, {"id_1": 1}).all()

    def timed() -> Any:
        run = connection.execute
        return [run(statement, {"id_1": 1 + i % 100}).all() for i in range(EXECUTIONS)]

    return timed


# -- building --------------------------------------------------------------------------------


def raw_build() -> Timed:
    """The text joined from its parts, as a program without a toolkit does."""
    conditions = ["child.id > ?", "parent.name = ?", "child.name != ?"]

    def timed() -> Any:
        found = []
        for i in range(BUILDS):
            text = (
                "SELECT parent.id, child.id FROM parent JOIN child ON child.parent_id = parent.id"
            )
            text += " WHERE " + " AND ".join(conditions) + " ORDER BY child.id LIMIT ?"
            found.append((text, (i, "x", "y", 10)))
        return found

    return timed


def build(lib: Library) -> Timed:
    """A join, three conditions, an order and a limit: built, and its compiled form found.

    Of SQLAlchemy, building and the key of its cache are measured, without the search.
    """
    engine = lib.engine()
    sql = lib.sql
    parent, child = lib.Parent.__table__, lib.Child.__table__
    on = child.c.parent_id == parent.c.id

    def one(number: int) -> Any:
        return (
            sql.select(parent.c.id, child.c.id)
            .join(child, on)
            .where(child.c.id > number, parent.c.name == "x", child.c.name != "y")
            .order_by(child.c.id)
            .limit(10)
        )

    if lib.name == "ormolu":
        find = importlib.import_module("ormolu.engine").compiled_for
        find(engine.core, one(0))
        return lambda: [find(engine.core, one(i)) for i in range(BUILDS)]
    return lambda: [one(i)._generate_cache_key() for i in range(BUILDS)]


# -- writing ---------------------------------------------------------------------------------


def raw_executemany() -> Timed:
    connection = raw_connection()
    values = [tuple(row.values()) for row in item_values()]

    def timed() -> Any:
        connection.execute("BEGIN")
        connection.executemany(INSERT_ITEM, values)
        connection.execute("ROLLBACK")

    return timed


def executemany(lib: Library) -> Timed:
    connection = lib.engine().connect()
    statement = lib.sql.insert(lib.Item.__table__)
    values = item_values()
    connection.execute(statement, values[:2])
    connection.rollback()

    def timed() -> Any:
        connection.execute(statement, values)
        connection.rollback()

    return timed


CORE_WORKLOADS = [
    Workload("core-rows", "select 10,000 rows of 8 columns", ROWS, raw_rows, rows, 1.3),
    Workload("core-read", "iterate over them, one column each", ROWS, raw_read_rows, read_rows),
    Workload(
        "core-execute", "execute a cached statement", EXECUTIONS, raw_execute, execute,
        unit="statement", over=4,
    ),
    Workload(
        "core-build", "build and find a medium select", BUILDS, raw_build, build,
        unit="statement", total=8,
    ),
    Workload(
        "core-insert", "executemany of 10,000 rows", ROWS, raw_executemany, executemany, 1.2
    ),
]  # fmt: skip
