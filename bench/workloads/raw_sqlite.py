"""The workloads on `sqlite3`: statements written out by hand, in autocommit."""

from __future__ import annotations

from typing import Any

from bench.data import (
    INSERT_ITEM,
    SELECT_CHILD,
    SELECT_FAMILY,
    SELECT_ITEM,
    SELECT_PARENT,
    changed_names,
    item_rows,
)
from bench.places import Place
from bench.workload import WARM, Timed, expect

_POINT = SELECT_ITEM + " WHERE id = ?"
_EXECUTED = "SELECT item.id, item.name FROM item WHERE item.id = ?"


# -- reading ---------------------------------------------------------------------------------


def load(place: Place) -> Timed:
    rows = place.sizes.rows
    connection = place.connect(items=rows)
    return lambda: expect(connection.execute(SELECT_ITEM).fetchall(), rows)


def get(place: Place) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    keys = range(1, place.sizes.gets + 1)
    return lambda: [connection.execute(_POINT, (i,)).fetchone() for i in keys]


def session(place: Place) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    keys = range(1, place.sizes.gets + 1)

    def one(key: int) -> Any:
        connection.execute("BEGIN")
        row = connection.execute(_POINT, (key,)).fetchone()
        connection.execute("COMMIT")
        return row

    return lambda: [one(i) for i in keys]


def empty(place: Place) -> Timed:
    connection = place.connect()
    times = range(place.sizes.sessions)
    return lambda: [connection.execute("select 1").fetchall() for _ in times]


# -- writing ---------------------------------------------------------------------------------


def insert(place: Place) -> Timed:
    connection = place.connect()
    rows = item_rows(place.sizes.rows)

    def timed() -> Any:
        connection.execute("BEGIN")
        keys = [connection.execute(INSERT_ITEM, row).lastrowid for row in rows]
        connection.execute("COMMIT")
        return expect(keys, len(rows))

    return timed


def commits(place: Place) -> Timed:
    connection = place.connect()
    rows = item_rows(place.sizes.commits + WARM)

    def timed(some: Any = rows[WARM:]) -> None:
        for row in some:
            connection.execute("BEGIN")
            connection.execute(INSERT_ITEM, row)
            connection.execute("COMMIT")

    timed(rows[:WARM])
    return timed


def update(place: Place) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    rows = changed_names(place.sizes.changes)

    def timed() -> Any:
        connection.execute("BEGIN")
        connection.executemany("UPDATE item SET name=? WHERE id = ?", rows)
        connection.execute("COMMIT")

    return timed


def delete(place: Place) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    rows = [(i,) for i in range(1, place.sizes.changes + 1)]

    def timed() -> Any:
        connection.execute("BEGIN")
        connection.executemany("DELETE FROM item WHERE id = ?", rows)
        connection.execute("COMMIT")

    return timed


# -- relationships ---------------------------------------------------------------------------


def select_in(place: Place) -> Timed:
    sizes = place.sizes
    connection = place.connect(family=True)

    def timed() -> Any:
        parents = connection.execute(SELECT_PARENT).fetchall()
        children: list[Any] = []
        for start in range(0, sizes.parents, 500):
            keys = [p[0] for p in parents[start : start + 500]]
            sql = SELECT_CHILD + " WHERE parent_id IN (" + ", ".join("?" * len(keys)) + ")"
            children += connection.execute(sql, keys).fetchall()
        return expect(children, sizes.family)

    return timed


def join(place: Place) -> Timed:
    connection = place.connect(family=True)
    family = place.sizes.family
    return lambda: expect(connection.execute(SELECT_FAMILY).fetchall(), family)


def lazy(place: Place) -> Timed:
    connection = place.connect(family=True)
    sql = SELECT_CHILD + " WHERE parent_id = ?"

    def timed() -> Any:
        parents = connection.execute(SELECT_PARENT).fetchall()
        return [connection.execute(sql, (p[0],)).fetchall() for p in parents]

    return timed


# -- Core ------------------------------------------------------------------------------------


def core_rows(place: Place) -> Timed:
    return load(place)


def core_read(place: Place) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    return lambda: [row[1] for row in connection.execute(SELECT_ITEM)]


def core_execute(place: Place) -> Timed:
    connection = place.connect(items=100)
    times = range(place.sizes.executions)

    def timed() -> Any:
        run = connection.execute
        return [run(_EXECUTED, (1 + i % 100,)).fetchall() for i in times]

    return timed


def core_insert(place: Place) -> Timed:
    connection = place.connect()
    values = item_rows(place.sizes.rows)

    def timed() -> Any:
        connection.execute("BEGIN")
        connection.executemany(INSERT_ITEM, values)
        connection.execute("ROLLBACK")

    return timed
