"""Many users on a small pool: whatever happens to them, every connection comes back.

``ORMOLU_POOL_CHECKOUTS=100000`` runs the full count; the ordinary run is a small one.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormolu import create_engine, event, exc, text
from ormolu.ext.asyncio import AsyncEngine, create_async_engine
from ormolu.pool import AsyncAdaptedQueuePool, QueuePool

CHECKOUTS = int(os.environ.get("ORMOLU_POOL_CHECKOUTS", "2000"))
THREADS = 32
TASKS = 500
PATIENCE = 600


class Failure(Exception):
    """What a user raises while holding a connection."""


def one_use(engine: Any, chance: random.Random, mine: list[int]) -> None:
    """Use a connection in one of the ways that there are, some of them bad."""
    way = chance.random()
    with engine.connect() as connection:
        mine[0] += 1
        if way < 0.5:
            assert connection.scalar(text("SELECT 1")) == 1
        elif way < 0.6:
            raise Failure
        elif way < 0.7:
            connection.execute(text("SELECT nonsense"))
        elif way < 0.75:
            connection.invalidate()
        elif way < 0.8:
            connection.detach()
        elif way < 0.85:
            connection.close()


def in_threads(work: Callable[[int], None], count: int) -> list[BaseException]:
    """Run ``work(number)`` in threads; returns what they raised. None of them may hang."""
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [
        threading.Thread(target=run, args=(number,), name=f"user {number}", daemon=True)
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.mark.parametrize("options", [{}, {"pool_use_lifo": True}, {"pool_pre_ping": True}], ids=str)
def test_threads_give_every_connection_back(options: dict[str, Any]) -> None:
    engine = create_engine(
        "sqlite://",
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=3,
        pool_timeout=PATIENCE,
        **options,
    )
    most = Most(engine)
    share = CHECKOUTS // THREADS

    def work(number: int) -> None:
        chance = random.Random(number)
        mine = [0]
        while mine[0] < share:
            try:
                one_use(engine, chance, mine)
            except (Failure, exc.OperationalError):
                continue

    assert in_threads(work, THREADS) == []
    pool: Any = engine.pool
    assert pool.checkedout() == 0
    assert pool.checkedin() <= 4
    assert not pool._ledger.queue
    assert most.open <= 7
    engine.dispose()
    assert pool.checkedin() == 0


class Most:
    """Counts the connections of a pool that are open at once; detached ones leave it."""

    def __init__(self, engine: Any) -> None:
        self.open = 0
        self._now = 0
        self._lock = threading.Lock()
        event.listen(engine, "connect", lambda *_: self._count(1))
        event.listen(engine, "close", lambda *_: self._count(-1))
        event.listen(engine, "detach", lambda *_: self._count(-1))

    def _count(self, by: int) -> None:
        with self._lock:
            self._now += by
            self.open = max(self.open, self._now)


def test_the_quick_way_loses_nothing_between_threads() -> None:
    """Without listeners, checkouts take the way without a lock as long as nobody waits."""
    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=3, max_overflow=0)
    pool: Any = engine.pool
    share = CHECKOUTS // 8
    held: list[int] = []

    def work(number: int) -> None:
        for _ in range(share):
            with engine.connect() as connection:
                entry = connection._state.opened().entry
                held.append(id(entry))
                assert held.count(id(entry)) == 1
                held.remove(id(entry))

    assert in_threads(work, 8) == []
    assert pool.checkedout() == 0
    assert 1 <= pool.checkedin() <= 3
    engine.dispose()


async def one_async_use(engine: AsyncEngine, chance: random.Random, mine: list[int]) -> None:
    way = chance.random()
    async with engine.connect() as connection:
        mine[0] += 1
        if way < 0.4:
            assert await connection.scalar(text("SELECT 1")) == 1
        elif way < 0.5:
            raise Failure
        elif way < 0.6:
            await connection.execute(text("SELECT nonsense"))
        elif way < 0.62:
            await connection.invalidate()
        elif way < 0.9:
            await asyncio.sleep(0)


async def use_until_done(engine: AsyncEngine, number: int, share: int) -> int:
    chance = random.Random(number)
    mine = [0]
    while mine[0] < share:
        use = asyncio.ensure_future(one_async_use(engine, chance, mine))
        if chance.random() < 0.2:
            for _ in range(chance.randrange(6)):
                await asyncio.sleep(0)
            use.cancel()
        try:
            await use
        except (Failure, exc.OperationalError):
            continue
        except asyncio.CancelledError:
            mine[0] += 1
    return mine[0]


def test_tasks_give_every_connection_back(tmp_path: Path) -> None:
    async def main() -> None:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{tmp_path}/stress.db",
            pool_size=5,
            max_overflow=5,
            pool_timeout=PATIENCE,
        )
        share = max(1, CHECKOUTS // TASKS)
        users = [use_until_done(engine, number, share) for number in range(TASKS)]
        used = await asyncio.wait_for(asyncio.gather(*users), PATIENCE)
        assert min(used) >= share
        pool: Any = engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        assert pool.checkedout() == 0
        assert not pool._ledger.queue
        await engine.dispose()

    asyncio.run(main())


def test_a_cancelled_wait_leaves_the_queue(tmp_path: Path) -> None:
    async def main() -> None:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{tmp_path}/x.db", pool_size=1, max_overflow=0
        )
        pool: Any = engine.pool
        async with engine.connect():
            waiting = [asyncio.ensure_future(engine.connect().start()) for _ in range(5)]
            while len(pool._ledger.queue) < 5:
                await asyncio.sleep(0)
            for task in waiting[:4]:
                task.cancel()
            await asyncio.gather(*waiting[:4], return_exceptions=True)
            assert len(pool._ledger.queue) == 1
        last = await waiting[4]
        await last.close()
        assert pool.checkedout() == 0
        await engine.dispose()

    asyncio.run(main())


def test_a_pool_by_itself_survives_threads() -> None:
    pool = QueuePool(
        lambda: sqlite3.connect(":memory:", check_same_thread=False),
        pool_size=3,
        max_overflow=2,
        timeout=PATIENCE,
    )

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(CHECKOUTS // THREADS):
            connection = pool.connect()
            connection.cursor().execute("SELECT 1")
            if chance.random() < 0.1:
                connection.invalidate(soft=chance.random() < 0.5)
            connection.close()

    assert in_threads(work, THREADS) == []
    assert pool.checkedout() == 0
    pool.dispose()
