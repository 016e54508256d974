"""The workloads on the servers' blocking drivers, as one who knows the driver writes them.

Every run has a cursor of its own; transactions are begun by the driver or the server. What differs
between the drivers (how keys come back, how keys are listed) are methods of the place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.data import (
    SELECT_CHILD,
    SELECT_FAMILY,
    SELECT_ITEM,
    SELECT_PARENT,
    changed_names,
    item_rows,
)
from bench.places.served import INSERT_ITEM, Served
from bench.workload import WARM, Timed, expect

_POINT = SELECT_ITEM + " WHERE id = %s"
_EXECUTED = "SELECT item.id, item.name FROM item WHERE item.id = %s"


def _each(one: Callable[[int], Any], times: int) -> Timed:
    for i in range(1, WARM + 1):
        one(i)
    keys = range(1, times + 1)
    return lambda: [one(i) for i in keys]


# -- reading ---------------------------------------------------------------------------------


def load(place: Served) -> Timed:
    rows = place.sizes.rows
    cursor = place.connect(items=rows).cursor()

    def timed() -> Any:
        cursor.execute(SELECT_ITEM)
        return expect(cursor.fetchall(), rows)

    timed()
    return timed


def get(place: Served) -> Timed:
    cursor = place.connect(items=place.sizes.rows).cursor()

    def one(key: int) -> Any:
        cursor.execute(_POINT, (key,))
        return cursor.fetchone()

    return _each(one, place.sizes.gets)


def session(place: Served) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    cursor = connection.cursor()

    def one(key: int) -> Any:
        cursor.execute(_POINT, (key,))
        row = cursor.fetchone()
        connection.commit()
        return row

    return _each(one, place.sizes.gets)


def empty(place: Served) -> Timed:
    connection = place.connect()
    cursor = connection.cursor()

    def one(_: int) -> Any:
        cursor.execute("select 1")
        rows = cursor.fetchall()
        connection.commit()
        return rows

    return _each(one, place.sizes.sessions)


# -- writing ---------------------------------------------------------------------------------


def insert(place: Served) -> Timed:
    connection = place.connect()
    cursor = connection.cursor()
    rows = item_rows(place.sizes.rows)

    def timed() -> Any:
        keys = place.insert_many(cursor, rows)
        connection.commit()
        return expect(keys, len(rows))

    return timed


def commits(place: Served) -> Timed:
    connection = place.connect()
    cursor = connection.cursor()
    rows = item_rows(place.sizes.commits + WARM)

    def one(row: Any) -> int:
        key = place.insert_one(cursor, row)
        connection.commit()
        return key

    for row in rows[:WARM]:
        one(row)
    return lambda: [one(row) for row in rows[WARM:]]


def _changing(place: Served, sql: str, rows: list[Any]) -> Timed:
    connection = place.connect(items=place.sizes.rows)
    cursor = connection.cursor()

    def timed() -> Any:
        cursor.executemany(sql, rows)
        connection.commit()

    return timed


def update(place: Served) -> Timed:
    rows = changed_names(place.sizes.changes)
    return _changing(place, "UPDATE item SET name=%s WHERE id = %s", rows)


def delete(place: Served) -> Timed:
    rows = [(i,) for i in range(1, place.sizes.changes + 1)]
    return _changing(place, "DELETE FROM item WHERE id = %s", rows)


# -- relationships ---------------------------------------------------------------------------


def select_in(place: Served) -> Timed:
    sizes = place.sizes
    cursor = place.connect(family=True).cursor()

    def timed() -> Any:
        cursor.execute(SELECT_PARENT)
        parents = cursor.fetchall()
        found: list[Any] = []
        for start in range(0, sizes.parents, 500):
            keys = [p[0] for p in parents[start : start + 500]]
            found += place.children_of(cursor, keys)
        return expect(found, sizes.family)

    timed()
    return timed


def join(place: Served) -> Timed:
    cursor = place.connect(family=True).cursor()

    def timed() -> Any:
        cursor.execute(SELECT_FAMILY)
        return expect(cursor.fetchall(), place.sizes.family)

    timed()
    return timed


def lazy(place: Served) -> Timed:
    cursor = place.connect(family=True).cursor()
    sql = SELECT_CHILD + " WHERE parent_id = %s"

    def one(parent: int) -> Any:
        cursor.execute(sql, (parent,))
        return list(cursor.fetchall())

    def timed() -> Any:
        cursor.execute(SELECT_PARENT)
        return [one(parent) for parent, _ in cursor.fetchall()]

    timed()
    return timed


# -- Core ------------------------------------------------------------------------------------


def core_rows(place: Served) -> Timed:
    return load(place)


def core_read(place: Served) -> Timed:
    cursor = place.connect(items=place.sizes.rows).cursor()

    def timed() -> Any:
        cursor.execute(SELECT_ITEM)
        return [row[1] for row in cursor.fetchall()]

    timed()
    return timed


def core_execute(place: Served) -> Timed:
    cursor = place.connect(items=100).cursor()

    def one(i: int) -> Any:
        cursor.execute(_EXECUTED, (1 + (i - 1) % 100,))
        return list(cursor.fetchall())

    return _each(one, place.sizes.executions)


def core_insert(place: Served) -> Timed:
    connection = place.connect()
    cursor = connection.cursor()
    values = item_rows(place.sizes.rows)

    def timed() -> Any:
        cursor.executemany(INSERT_ITEM, values)
        connection.rollback()

    return timed
