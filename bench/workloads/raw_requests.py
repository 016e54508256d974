"""Point queries by many tasks at once through asyncpg's own pool, which prepares statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.data import SELECT_ITEM
from bench.places.postgresql import Asyncpg
from bench.workload import AwaitedTimed
from bench.workloads.requests import shared

_POINT = SELECT_ITEM + " WHERE id = $1"


async def request(place: Asyncpg) -> AwaitedTimed:
    """A connection is taken from the pool for each request."""
    pool = await place.connect_pool()

    async def one(key: int) -> Any:
        async with pool.acquire() as connection:
            return await connection.fetchrow(_POINT, key)

    async def worker(keys: Iterator[int]) -> list[Any]:
        return [await one(key) for key in keys]

    return await shared(place.sizes, worker)


async def held(place: Asyncpg) -> AwaitedTimed:
    """Each task keeps a connection, and the statement that it prepared there."""
    pool = await place.connect_pool()

    async def worker(keys: Iterator[int]) -> list[Any]:
        async with pool.acquire() as connection:
            prepared = await connection.prepare(_POINT)
            return [await prepared.fetchrow(key) for key in keys]

    return await shared(place.sizes, worker)
