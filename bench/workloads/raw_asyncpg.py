"""The workloads on asyncpg, as one who knows it writes them: prepared statements, `fetchmany`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bench.data import (
    COLUMNS,
    SELECT_CHILD,
    SELECT_FAMILY,
    SELECT_ITEM,
    SELECT_PARENT,
    changed_names,
    insert_item,
    item_rows,
)
from bench.places import Place
from bench.workload import WARM, AwaitedTimed, expect

_POINT = SELECT_ITEM + " WHERE id = $1"
_EXECUTED = "SELECT item.id, item.name FROM item WHERE item.id = $1"
_INSERT = insert_item([f"${i}" for i in range(1, len(COLUMNS) + 1)])
_RETURNING = f"{_INSERT} RETURNING id"


async def _each(one: Callable[[int], Awaitable[Any]], times: int) -> AwaitedTimed:
    for i in range(1, WARM + 1):
        await one(i)

    async def timed() -> Any:
        return [await one(i) for i in range(1, times + 1)]

    return timed


async def _query(place: Place, sql: str, items: int = 0) -> Callable[..., Awaitable[Any]]:
    """The `fetch` of a statement that is prepared."""
    prepared = await (await place.connect(items=items, family=True)).prepare(sql)
    fetch: Callable[..., Awaitable[Any]] = prepared.fetch
    await fetch(*[1] * len(prepared.get_parameters()))
    return fetch


# -- reading ---------------------------------------------------------------------------------


async def load(place: Place) -> AwaitedTimed:
    return await _query(place, SELECT_ITEM, place.sizes.rows)


async def get(place: Place) -> AwaitedTimed:
    connection = await place.connect(items=place.sizes.rows)
    await connection.execute("BEGIN")
    prepared = await connection.prepare(_POINT)
    return await _each(prepared.fetchrow, place.sizes.gets)


async def session(place: Place) -> AwaitedTimed:
    connection = await place.connect(items=place.sizes.rows)
    prepared = await connection.prepare(_POINT)

    async def one(key: int) -> Any:
        async with connection.transaction():
            return await prepared.fetchrow(key)

    return await _each(one, place.sizes.gets)


async def empty(place: Place) -> AwaitedTimed:
    connection = await place.connect()
    prepared = await connection.prepare("select 1")

    async def one(_: int) -> Any:
        async with connection.transaction():
            return await prepared.fetch()

    return await _each(one, place.sizes.sessions)


# -- writing ---------------------------------------------------------------------------------


async def insert(place: Place) -> AwaitedTimed:
    connection = await place.connect()
    prepared = await connection.prepare(_RETURNING)
    rows = item_rows(place.sizes.rows)

    async def timed() -> Any:
        async with connection.transaction():
            return expect(await prepared.fetchmany(rows), len(rows))

    return timed


async def commits(place: Place) -> AwaitedTimed:
    connection = await place.connect()
    prepared = await connection.prepare(_RETURNING)
    rows = item_rows(place.sizes.commits + WARM)

    async def one(row: Any) -> Any:
        async with connection.transaction():
            return await prepared.fetchval(*row)

    for row in rows[:WARM]:
        await one(row)

    async def timed() -> Any:
        return [await one(row) for row in rows[WARM:]]

    return timed


async def _changing(place: Place, sql: str, rows: list[Any]) -> AwaitedTimed:
    connection = await place.connect(items=place.sizes.rows)
    prepared = await connection.prepare(sql)

    async def timed() -> Any:
        async with connection.transaction():
            await prepared.executemany(rows)

    return timed


async def update(place: Place) -> AwaitedTimed:
    rows = changed_names(place.sizes.changes)
    return await _changing(place, "UPDATE item SET name=$1 WHERE id = $2", rows)


async def delete(place: Place) -> AwaitedTimed:
    rows = [(i,) for i in range(1, place.sizes.changes + 1)]
    return await _changing(place, "DELETE FROM item WHERE id = $1", rows)


# -- relationships ---------------------------------------------------------------------------


async def select_in(place: Place) -> AwaitedTimed:
    sizes = place.sizes
    connection = await place.connect(family=True)
    parents = await connection.prepare(SELECT_PARENT)
    children = await connection.prepare(f"{SELECT_CHILD} WHERE parent_id = ANY($1)")

    async def timed() -> Any:
        keys = [row[0] for row in await parents.fetch()]
        found: list[Any] = []
        for start in range(0, sizes.parents, 500):
            found += await children.fetch(keys[start : start + 500])
        return expect(found, sizes.family)

    await timed()
    return timed


async def join(place: Place) -> AwaitedTimed:
    return await _query(place, SELECT_FAMILY)


async def lazy(place: Place) -> AwaitedTimed:
    connection = await place.connect(family=True)
    parents = await connection.prepare(SELECT_PARENT)
    children = await connection.prepare(f"{SELECT_CHILD} WHERE parent_id = $1")

    async def timed() -> Any:
        return [await children.fetch(row[0]) for row in await parents.fetch()]

    await timed()
    return timed


# -- Core ------------------------------------------------------------------------------------


async def core_rows(place: Place) -> AwaitedTimed:
    return await load(place)


async def core_read(place: Place) -> AwaitedTimed:
    fetch = await load(place)

    async def timed() -> Any:
        return [row[1] for row in await fetch()]

    return timed


async def core_execute(place: Place) -> AwaitedTimed:
    fetch = await _query(place, _EXECUTED, 100)

    async def one(i: int) -> Any:
        return await fetch(1 + (i - 1) % 100)

    return await _each(one, place.sizes.executions)


async def core_insert(place: Place) -> AwaitedTimed:
    connection = await place.connect()
    prepared = await connection.prepare(_INSERT)
    values = item_rows(place.sizes.rows)

    async def timed() -> Any:
        await connection.execute("BEGIN")
        await prepared.executemany(values)
        await connection.execute("ROLLBACK")

    return timed
