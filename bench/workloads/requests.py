"""Point queries by many tasks at once: a session for each request, or one held by each task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bench.library import Library
from bench.sizes import Sizes
from bench.workload import WARM, AwaitedTimed

Worker = Callable[[Iterator[int]], Awaitable[list[Any]]]


async def shared(sizes: Sizes, worker: Worker) -> AwaitedTimed:
    """Have the tasks share the requests: each takes the next key when it has answered one."""

    async def run(requests: int) -> list[Any]:
        keys = iter(range(1, requests + 1))
        answers = await asyncio.gather(*(worker(keys) for _ in range(sizes.tasks)))
        return [one for some in answers for one in some]

    await run(sizes.tasks * WARM)  # opens every connection, and prepares the statement there
    return lambda: run(sizes.requests)


def _engine(lib: Library) -> Any:
    return lib.engine(items=lib.sizes.rows, pool_size=lib.sizes.tasks, max_overflow=0)


async def request_get(lib: Library) -> AwaitedTimed:
    engine, new, item = _engine(lib), lib.Session, lib.Item

    async def one(key: int) -> Any:
        async with new(engine) as session:
            return await session.get(item, key)

    async def worker(keys: Iterator[int]) -> list[Any]:
        return [await one(key) for key in keys]

    return await shared(lib.sizes, worker)


async def request_select(lib: Library) -> AwaitedTimed:
    engine, new, item, select = _engine(lib), lib.Session, lib.Item, lib.sql.select

    async def one(key: int) -> Any:
        async with new(engine) as session:
            return (await session.scalars(select(item).where(item.id == key))).one()

    async def worker(keys: Iterator[int]) -> list[Any]:
        return [await one(key) for key in keys]

    return await shared(lib.sizes, worker)


async def held_get(lib: Library) -> AwaitedTimed:
    engine, new, item = _engine(lib), lib.Session, lib.Item

    async def worker(keys: Iterator[int]) -> list[Any]:
        async with new(engine) as session:
            return [await session.get(item, key) for key in keys]

    return await shared(lib.sizes, worker)
