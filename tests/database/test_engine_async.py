"""The same engine, asynchronous: same plans, no greenlet."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ormolu import exc
from ormolu.engine.async_engine import AsyncEngine, create_async_engine
from ormolu.inspection import inspect
from ormolu.pool import AsyncAdaptedQueuePool, StaticPool
from ormolu.testing import count_queries

Make = Callable[..., AsyncEngine]


async def make_crew(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE crew (id INTEGER PRIMARY KEY, name TEXT)")
        await connection.exec_driver_sql(
            "INSERT INTO crew (name) VALUES (?)", [("Neil",), ("Buzz",), ("Michael",)]
        )


async def count(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        found: int = await connection.scalar("SELECT count(*) FROM crew")
        return found


def test_execute_and_transactions(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine()
        await make_crew(engine)
        async with engine.connect() as connection:
            row: Any = (await connection.execute("SELECT :a AS a", {"a": 1})).one()
            assert row.a == 1
            await connection.execute("DELETE FROM crew")
        assert await count(engine) == 3
        async with engine.connect() as connection, connection.begin() as transaction:
            await connection.execute("DELETE FROM crew WHERE id = 1")
            async with connection.begin_nested() as savepoint:
                await connection.execute("DELETE FROM crew")
                assert connection.in_nested_transaction()
                await savepoint.rollback()
            assert transaction.is_active
        assert await count(engine) == 2
        with pytest.raises(KeyError):
            async with engine.begin() as connection:
                await connection.execute("DELETE FROM crew")
                raise KeyError
        assert await count(engine) == 2
        await engine.dispose()

    asyncio.run(main())
    assert "greenlet" not in sys.modules


def test_streams(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine()
        await make_crew(engine)
        async with engine.connect() as connection:
            result = await connection.stream("SELECT id, name FROM crew ORDER BY id")
            assert await result.fetchone() == (1, "Neil")
            assert [row async for row in result] == [(2, "Buzz"), (3, "Michael")]
            async with connection.stream("SELECT id, name FROM crew") as rows:
                assert await rows.columns("name").all() == [("Neil",), ("Buzz",), ("Michael",)]
            scalars = await connection.stream_scalars(
                "SELECT id FROM crew ORDER BY id", execution_options={"yield_per": 2}
            )
            assert [list(part) async for part in scalars.partitions()] == [[1, 2], [3]]
            one = await connection.stream("SELECT 7")
            assert await one.scalar_one() == 7
            assert one.closed
            with pytest.raises(exc.MultipleResultsFound):
                await (await connection.stream("SELECT id FROM crew")).one()
            mappings = (await connection.stream("SELECT id FROM crew")).mappings()
            assert await mappings.first() == {"id": 1}
        await engine.dispose()

    asyncio.run(main())


def test_run_sync_runs_blocking_code_on_the_same_connection(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine()
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CREATE TABLE crew (id INTEGER PRIMARY KEY)")
            found = await connection.run_sync(lambda c: inspect(c).get_table_names())
            assert found == ["crew"]
            value = await connection.run_sync(lambda c, x: c.scalar("SELECT :x", {"x": x}), 5)
            assert value == 5
            with pytest.raises(exc.OperationalError, match="no such table"):
                await connection.run_sync(lambda c: c.execute("SELECT * FROM missing"))
            await connection.rollback()
            assert await connection.run_sync(lambda c: inspect(c).get_table_names()) == []
        await engine.dispose()

    asyncio.run(main())


def test_a_cancelled_task_gives_its_connection_back_rolled_back(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine(file=True, pool_size=1, max_overflow=0)
        await make_crew(engine)
        started = asyncio.Event()

        async def work() -> None:
            async with engine.begin() as connection:
                await connection.execute("DELETE FROM crew")
                started.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert engine.pool.checkedout() == 0
        assert await count(engine) == 3
        await engine.dispose()

    asyncio.run(main())


def test_tasks_wait_for_a_connection(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine(file=True, pool_size=1, max_overflow=0, pool_timeout=5)
        await make_crew(engine)
        assert await asyncio.gather(*(count(engine) for _ in range(5))) == [3] * 5
        await engine.dispose()
        short = async_engine(file=True, pool_size=1, max_overflow=0, pool_timeout=0.001)
        async with short.connect():
            with pytest.raises(exc.TimeoutError, match="QueuePool limit of size 1 overflow 0"):
                await short.connect()
        await short.dispose()

    asyncio.run(main())


def test_errors_are_wrapped(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine()
        async with engine.connect() as connection:
            with pytest.raises(exc.OperationalError, match="no such table: missing"):
                await connection.execute("SELECT * FROM missing")
            assert await connection.scalar("SELECT 1") == 1
        with pytest.raises(exc.ResourceClosedError):
            await connection.execute("SELECT 1")
        with pytest.raises(exc.NoInspectionAvailable, match="run_sync"):
            inspect(engine)
        transaction = engine.connect().begin()
        with pytest.raises(exc.InvalidRequestError, match="has not begun"):
            await transaction.commit()
        await engine.dispose()

    asyncio.run(main())


def test_pools_and_description(async_engine: Make) -> None:
    async def main() -> None:
        memory, file = async_engine(), async_engine(file=True)
        assert isinstance(memory.pool, StaticPool)
        assert isinstance(file.pool, AsyncAdaptedQueuePool)
        assert repr(memory) == "AsyncEngine(sqlite+aiosqlite://)"
        assert (memory.name, memory.driver) == ("sqlite", "aiosqlite")
        with count_queries(memory) as seen:
            async with memory.connect() as connection:
                await connection.scalar("SELECT 1")
        assert seen.statements == ["SELECT 1"]
        await memory.dispose()

    asyncio.run(main())
    with pytest.raises(exc.InvalidRequestError, match="requires an async driver"):
        create_async_engine("sqlite://")


def test_raw_connections_are_given_back_by_awaiting_their_close(async_engine: Make) -> None:
    async def main() -> None:
        engine = async_engine()
        raw = await engine.raw_connection()
        assert raw.is_valid
        cursor = await raw.driver_connection.execute("SELECT 1")
        assert await cursor.fetchone() == (1,)
        await raw.close()
        assert raw.driver_connection is None
        async with engine.connect() as connection:
            inner = await connection.get_raw_connection()
            assert inner.dbapi_connection is inner.driver_connection
            with pytest.raises(exc.InvalidRequestError, match=r"get_raw_connection\(\)"):
                _ = connection.connection
            assert connection.sync_engine is engine.sync_engine
        await engine.dispose()

    asyncio.run(main())
