"""The workloads of `orm` and `core` on asynchronous sessions and connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bench.data import item_values
from bench.library import Library
from bench.workload import WARM, AwaitedTimed, expect


async def _each(one: Callable[[Any], Awaitable[Any]], warm: Any, rest: Any) -> AwaitedTimed:
    for this in warm:
        await one(this)

    async def timed() -> Any:
        return [await one(this) for this in rest]

    return timed


def _last(lib: Library) -> range:
    """The keys for the first times, which the measured ones don't meet in the session."""
    return range(lib.sizes.rows - WARM + 1, lib.sizes.rows + 1)


# -- reading ---------------------------------------------------------------------------------


async def load(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine(items=lib.sizes.rows))

    async def timed() -> Any:
        return expect((await session.scalars(lib.sql.select(lib.Item))).all(), lib.sizes.rows)

    await timed()
    session.expunge_all()
    return timed


async def identity(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    held = (await session.scalars(lib.sql.select(lib.Item))).all()

    async def timed() -> Any:
        again = (await session.scalars(lib.sql.select(lib.Item))).all()
        if again[0] is not held[0]:
            raise AssertionError("the identity map gave another object")
        return expect(again, lib.sizes.rows)

    return timed


async def get(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    keys = range(1, lib.sizes.gets + 1)
    timed = await _each(lambda i: session.get(lib.Item, i), _last(lib), keys)
    session.expunge_all()
    return timed


async def select_where(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    select, item = lib.sql.select, lib.Item

    async def one(key: int) -> Any:
        return (await session.scalars(select(item).where(item.id == key))).one()

    timed = await _each(one, _last(lib), range(1, lib.sizes.gets + 1))
    session.expunge_all()
    return timed


async def session(lib: Library) -> AwaitedTimed:
    engine = lib.engine(items=lib.sizes.rows)
    new, item = lib.Session, lib.Item

    async def one(key: int) -> Any:
        async with new(engine) as session:
            return await session.get(item, key)

    return await _each(one, range(1, WARM + 1), range(1, lib.sizes.gets + 1))


async def empty(lib: Library) -> AwaitedTimed:
    engine = lib.engine()
    statement = lib.sql.text("select 1")
    new = lib.Session

    async def one(_: int) -> None:
        async with new(engine) as session:
            (await session.execute(statement)).all()

    return await _each(one, range(WARM), range(lib.sizes.sessions))


# -- writing ---------------------------------------------------------------------------------


async def insert(lib: Library) -> AwaitedTimed:
    engine = lib.engine()
    async with lib.Session(engine) as warm:
        warm.add_all([lib.Item(**v) for v in item_values(lib.sizes.rows // 4)])
        await warm.flush()
        await warm.rollback()
    session = lib.session(engine)
    objects = [lib.Item(**v) for v in item_values(lib.sizes.rows)]

    async def timed() -> Any:
        session.add_all(objects)
        await session.commit()
        return objects

    return timed


async def commits(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine())
    objects = [lib.Item(**v) for v in item_values(lib.sizes.commits + WARM)]

    async def one(obj: Any) -> None:
        session.add(obj)
        await session.commit()

    return await _each(one, objects[:WARM], objects[WARM:])


async def _first(lib: Library, session: Any) -> Any:
    """The items that are to be changed."""
    item = lib.Item
    statement = lib.sql.select(item).order_by(item.id).limit(lib.sizes.changes)
    return (await session.scalars(statement)).all()


async def update(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    warm = await session.get(lib.Item, lib.sizes.rows)
    name, warm.name = warm.name, "warm"
    await session.flush()
    warm.name = name
    await session.commit()
    objects = await _first(lib, session)
    names = [f"new {i}" for i in range(1, lib.sizes.changes + 1)]

    async def timed() -> Any:
        for one, name in zip(objects, names, strict=True):
            one.name = name
        await session.commit()

    return timed


async def delete(lib: Library) -> AwaitedTimed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    await session.delete(await session.get(lib.Item, lib.sizes.rows))
    await session.flush()
    await session.rollback()
    objects = await _first(lib, session)

    async def timed() -> Any:
        for one in objects:
            await session.delete(one)
        await session.commit()

    return timed


# -- relationships ---------------------------------------------------------------------------


async def _family(lib: Library, option: Callable[[Any], Any] | None) -> AwaitedTimed:
    session = lib.session(lib.engine(family=True))
    statement = lib.sql.select(lib.Parent)
    if option is not None:
        statement = statement.options(option(lib.Parent.children))

    async def timed() -> Any:
        parents = (await session.scalars(statement)).unique().all()
        if option is None:
            found = [len(await p.awaitable_attrs.children) for p in parents]
        else:
            found = [len(p.children) for p in parents]
        if sum(found) != lib.sizes.family:
            raise AssertionError("children are missing")
        return parents

    await timed()
    session.expunge_all()
    return timed


async def select_in(lib: Library) -> AwaitedTimed:
    return await _family(lib, lib.orm.selectinload)


async def join(lib: Library) -> AwaitedTimed:
    return await _family(lib, lib.orm.joinedload)


async def lazy(lib: Library) -> AwaitedTimed:
    return await _family(lib, None)


# -- Core ------------------------------------------------------------------------------------


async def _connection(lib: Library, items: int = 0) -> Any:
    """A connection, closed after the run."""
    connection = await lib.engine(items=items).connect()
    lib.place.opened(connection.close)
    return connection


async def core_rows(lib: Library) -> AwaitedTimed:
    connection = await _connection(lib, lib.sizes.rows)
    statement = lib.sql.select(lib.Item.__table__)

    async def timed() -> Any:
        return expect((await connection.execute(statement)).all(), lib.sizes.rows)

    await timed()
    return timed


async def core_read(lib: Library) -> AwaitedTimed:
    connection = await _connection(lib, lib.sizes.rows)
    statement = lib.sql.select(lib.Item.__table__)

    async def timed() -> Any:
        return [row.name for row in await connection.execute(statement)]

    await timed()
    return timed


async def core_execute(lib: Library) -> AwaitedTimed:
    connection = await _connection(lib, 100)
    item = lib.Item.__table__
    statement = lib.sql.select(item.c.id, item.c.name).where(item.c.id == lib.sql.bindparam("id_1"))

    async def one(i: int) -> Any:
        return (await connection.execute(statement, {"id_1": 1 + i % 100})).all()

    return await _each(one, range(WARM), range(lib.sizes.executions))


async def core_insert(lib: Library) -> AwaitedTimed:
    connection = await _connection(lib)
    statement = lib.sql.insert(lib.Item.__table__)
    values = item_values(lib.sizes.rows)
    await connection.execute(statement, values[:2])
    await connection.rollback()

    async def timed() -> Any:
        await connection.execute(statement, values)
        await connection.rollback()

    return timed
