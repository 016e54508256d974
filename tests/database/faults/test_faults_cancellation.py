"""A task is cancelled at every place where it waits, in turn and at random.

What must hold each time: the cancellation arrives, nothing stays checked out of the pool, no
connection stays in a transaction on the server, both rows of a transaction are there or neither
is, and what comes next works.

``ORMOLU_CANCELLATIONS`` says how many random ones there are per driver.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import random
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import pytest
from faulty import Account, Site, account, count, fill_pool

from ormolu.ext.asyncio import AsyncEngine
from ormolu.io import async_loop
from ormolu.sql import insert, select, text
from ormolu.testing.conformance.suite import Database

pytestmark = pytest.mark.drivers("async")

TIMES = int(os.environ.get("ORMOLU_CANCELLATIONS", "200"))
MOST_WAITS = 500
FIRST_ID = 1000

Operation = Callable[[Database, int], Coroutine[Any, Any, Any]]


class Interrupted:
    """Awaits a coroutine, and strikes when it waits for the n-th time.

    :param strike: what to do then; by default the task is cancelled.
    :param again: whether to strike at each wait that comes after as well.
    """

    def __init__(
        self,
        coroutine: Coroutine[Any, Any, Any],
        n: int,
        strike: Callable[[], object] | None = None,
        *,
        again: bool = False,
    ) -> None:
        self._coroutine = coroutine
        self._n = n
        self._strike = strike
        self._again = again
        self.fired = False

    def __await__(self) -> Generator[Any, Any, Any]:
        step: Callable[[Any], Any] = self._coroutine.send
        argument: Any = None
        for number in itertools.count(1):
            try:
                waited_for = step(argument)
            except StopIteration as stop:
                return stop.value
            if number == self._n or (self.fired and self._again):
                self.fired = True
                (self._strike or cancel_this_task)()
            try:
                argument = yield waited_for
                step = self._coroutine.send
            except BaseException as error:
                step, argument = self._coroutine.throw, error


def cancel_this_task() -> None:
    """Cancel the task that runs."""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()


async def interrupt(coroutine: Coroutine[Any, Any, Any], n: int, *, again: bool = False) -> bool:
    """Run a coroutine that is cancelled at its n-th wait; False when it doesn't wait as often."""
    interrupted = Interrupted(coroutine, n, again=again)

    async def run() -> Any:
        return await interrupted

    task = asyncio.create_task(run())
    await asyncio.wait([task])
    assert task.cancelled() is interrupted.fired, task
    if not interrupted.fired:
        task.result()
    return interrupted.fired


async def run_out_of_time(coroutine: Coroutine[Any, Any, Any], n: int) -> bool:
    """Run a coroutine whose time is up at its n-th wait; False when it doesn't wait as often."""
    now = asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(None) as limit:
            interrupted = Interrupted(coroutine, n, lambda: limit.reschedule(now()))
            await interrupted
    except TimeoutError:
        assert interrupted.fired
    return interrupted.fired


# -- what is interrupted: each writes the rows of two ids, or none


def pair(first: int) -> list[dict[str, Any]]:
    """Two rows that belong together."""
    return [{"id": first, "owner": "x"}, {"id": first + 1, "owner": "y"}]


async def connecting(db: Database, first: int) -> None:
    """Open a connection, since the pool is empty."""
    assert isinstance(db.engine, AsyncEngine)
    async with db.connect() as connection:
        await connection.execute(select(account))


async def statements(db: Database, first: int) -> None:
    """Two statements of a connection, and a commit."""
    async with db.connect() as connection:
        for row in pair(first):
            await connection.execute(insert(account), row)
        await connection.commit()


async def many_rows(db: Database, first: int) -> None:
    """Several rows at once, in a ``with`` block."""
    async with db.connect() as connection, connection.begin():
        await connection.execute(insert(account), pair(first))


async def fetching(db: Database, first: int) -> None:
    """Rows that are left with the server, and fetched bit by bit."""
    async with db.connect() as connection:
        result = await connection.stream(select(account).execution_options(yield_per=1))
        assert len([row async for row in result]) >= 2


async def flushing(db: Database, first: int) -> None:
    """A session that loads, changes and adds."""
    async with db.session() as session:
        await session.get_one(Account, 1)
        session.add_all([Account(**row) for row in pair(first)])
        await session.flush()
        await session.commit()


async def nesting(db: Database, first: int) -> None:
    """A savepoint inside of a session's transaction."""
    one, other = pair(first)
    async with db.session() as session:
        session.add(Account(**one))
        async with session.begin_nested():
            session.add(Account(**other))


async def limited(db: Database, first: int) -> None:
    """As ``flushing``, inside of a time limit that isn't reached."""
    async with asyncio.timeout(30):
        await flushing(db, first)


OPERATIONS: list[Operation] = [
    connecting, statements, many_rows, fetching, flushing, nesting, limited,
]  # fmt: skip
operations = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda op: op.__name__)


def assert_whole(site: Site) -> None:
    """Both rows of each transaction are there, or neither."""
    found = {int(row[0]) for row in site.ask(f"SELECT id FROM account WHERE id >= {FIRST_ID}")}
    assert all((id_ ^ 1) in found for id_ in found)


async def assert_clean(site: Site, db: Database) -> None:
    """Nothing is left behind, and what comes next works."""
    assert db.engine.pool.checkedout() == 0
    assert site.settled(site.in_transaction) == 0
    assert await count(db) >= 2
    assert db.engine.pool.checkedout() == 0


@operations
def test_every_wait(site: Site, operation: Operation) -> None:
    async def scenario(db: Database) -> int:
        for n in range(1, MOST_WAITS):
            if operation is connecting:
                await db.engine.dispose()  # type: ignore[misc]
            fired = await interrupt(operation(db, FIRST_ID + 2 * n), n)
            await assert_clean(site, db)
            if not fired:
                return n
        raise AssertionError(f"still waiting after {MOST_WAITS} times")

    assert site.run(scenario, pool_size=2) > 1
    assert_whole(site)
    assert site.settled(site.clients) == 0


@pytest.mark.parametrize("operation", [statements, fetching, flushing], ids=lambda op: op.__name__)
def test_every_wait_of_a_time_limit(site: Site, operation: Operation) -> None:
    """``asyncio.timeout`` ends as a cancellation does, one turn of the event loop later."""

    async def scenario(db: Database) -> int:
        for n in range(1, MOST_WAITS):
            fired = await run_out_of_time(operation(db, FIRST_ID + 2 * n), n)
            await assert_clean(site, db)
            if not fired:
                return n
        raise AssertionError(f"still waiting after {MOST_WAITS} times")

    assert site.run(scenario, pool_size=2) > 1
    assert_whole(site)
    assert site.settled(site.clients) == 0


def test_every_wait_and_again_while_it_cleans_up(site: Site) -> None:
    """A task that is cancelled over and over still cleans up."""

    async def scenario(db: Database) -> None:
        for n in range(1, MOST_WAITS):
            fired = await interrupt(flushing(db, FIRST_ID + 2 * n), n, again=True)
            await assert_clean(site, db)
            if not fired:
                return
        raise AssertionError(f"still waiting after {MOST_WAITS} times")

    site.run(scenario, pool_size=2)
    assert_whole(site)
    assert site.settled(site.clients) == 0


class Opening:
    """Has a task cancelled when the driver waits for the n-th time while it connects.

    That happens in a task of its own, whose waits aren't those of the task that wants to connect.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, n: int, task: asyncio.Task[Any]) -> None:
        self.fired = False
        opened = async_loop._open

        def strike() -> None:
            self.fired = True
            task.cancel()

        async def opening(*args: Any) -> Any:
            return await Interrupted(opened(*args), n, strike)

        monkeypatch.setattr(async_loop, "_open", opening)


def test_every_wait_of_the_driver_that_connects(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that arrives when nobody waits for it any more is closed."""

    async def scenario(db: Database) -> int:
        for n in range(1, MOST_WAITS):
            task = asyncio.create_task(count(db))
            with monkeypatch.context() as patch:
                opening = Opening(patch, n, task)
                await asyncio.wait([task])
            assert task.cancelled() is opening.fired
            await assert_clean(site, db)
            await db.engine.dispose()  # type: ignore[misc]
            deadline = asyncio.get_running_loop().time() + 10
            while site.clients() and asyncio.get_running_loop().time() < deadline:
                await asyncio.sleep(0.01)
            assert site.clients() == 0
            if not opening.fired:
                return n
        raise AssertionError(f"still waiting after {MOST_WAITS} times")

    assert site.run(scenario, pool_size=2) > 1


def test_every_wait_of_the_driver_that_connects_and_the_loop_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was half open then is closed, and not only when it is found to be garbage."""

    def interrupted_at(n: int) -> bool:
        async def scenario(db: Database) -> bool:
            task = asyncio.create_task(count(db))
            with monkeypatch.context() as patch:
                opening = Opening(patch, n, task)
                await asyncio.wait([task])
            return opening.fired

        return site.run(scenario)

    gc.disable()
    try:
        times = list(itertools.takewhile(interrupted_at, range(1, MOST_WAITS)))
        assert len(times) > 1
        assert site.settled(site.clients) == 0
    finally:
        gc.enable()


def test_session_goes_on_after_a_rollback(site: Site) -> None:
    """Whatever was interrupted, ``rollback()`` is all that the session needs."""

    async def scenario(db: Database) -> None:
        for n in range(1, MOST_WAITS):
            async with db.session() as session:

                async def work(session: Any = session, first: int = FIRST_ID + 2 * n) -> None:
                    session.add_all([Account(**row) for row in pair(first)])
                    await session.flush()
                    await session.execute(select(account))
                    await session.commit()

                fired = await interrupt(work(), n)
                await session.rollback()
                session.expunge_all()
                assert (await session.get_one(Account, 1)).owner == "ann"
            await assert_clean(site, db)
            if not fired:
                return

    site.run(scenario, pool_size=2)
    assert_whole(site)


def test_while_waiting_for_the_pool(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect():
            waiting = asyncio.create_task(count(db))
            await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await assert_clean(site, db)

    site.run(scenario, pool_size=1, max_overflow=0)


def test_time_limit_in_the_middle_of_a_statement(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.session(on_exit="rollback") as session:
            session.add(Account(id=3, owner="cyd"))
            await session.flush()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await session.execute(text(site.sleep))
            await session.rollback()
            assert await session.get(Account, 3) is None
        await assert_clean(site, db)
        if site.is_postgresql:
            # MySQL notices that its client has gone when the statement is over.
            asleep = f"query LIKE '%{site.nap}%' AND state = 'active'"
            assert site.settled(lambda: site.clients(asleep)) == 0

    site.run(scenario)


def test_random_cancellations(site: Site) -> None:
    """Many tasks at once on a small pool, each cancelled at any time, or at any wait."""
    ids = itertools.count(FIRST_ID, 2)

    async def one(db: Database, seed: int) -> None:
        dice = random.Random(seed)
        operation = dice.choice(OPERATIONS)(db, next(ids))
        if dice.random() < 0.5:
            await interrupt(operation, dice.randint(1, 40))
            return
        task = asyncio.create_task(operation)
        asyncio.get_running_loop().call_later(dice.random() * 0.02, task.cancel)
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    async def scenario(db: Database) -> None:
        await fill_pool(db, 3)
        for start in range(0, TIMES, 10):
            await asyncio.gather(*[one(db, seed) for seed in range(start, start + 10)])
            await assert_clean(site, db)

    site.run(scenario, pool_size=3, max_overflow=2)
    assert_whole(site)
    assert site.settled(site.clients) == 0
