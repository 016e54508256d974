"""Pools under an engine: who holds what, connections that are dropped, detached, inherited."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ormolu import Column, Integer, MetaData, Table, create_engine, event, exc, select, text
from ormolu.engine import Engine
from ormolu.ext.asyncio import create_async_engine
from ormolu.orm import Session
from ormolu.pool import (
    AsyncAdaptedQueuePool,
    NullPool,
    PoolProxiedConnection,
    QueuePool,
    SingletonThreadPool,
    StaticPool,
)

T = Table("t", MetaData(), Column("id", Integer, primary_key=True))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine that lends one connection and waits a moment for it."""
    engine = create_engine(
        f"sqlite:///{tmp_path}/pool.db", pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    T.create(engine)
    yield engine
    engine.dispose()


def refused(engine: Engine) -> str:
    with pytest.raises(exc.TimeoutError) as caught:
        engine.connect()
    return str(caught.value)


def test_a_timeout_names_thread_duration_and_last_statement(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(select(T)).all()
        connection.execute(T.insert().values(id=1))
        time.sleep(0.06)
        message = refused(engine)
    assert "QueuePool limit of size 1 overflow 0 reached" in message
    assert "held by:\n  - thread 'MainThread', for 0." in message
    assert "last statement: INSERT INTO t (id) VALUES (?)" in message


def test_a_timeout_names_a_session_in_another_thread(engine: Engine) -> None:
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with Session(engine) as session:
            session.execute(select(T.c.id).where(T.c.id == 7)).all()
            ready.set()
            done.wait(10)

    thread = threading.Thread(target=hold, name="the slow one")
    thread.start()
    ready.wait(10)
    message = refused(engine)
    done.set()
    thread.join()
    assert "thread 'the slow one', for 0." in message
    assert "last statement: SELECT t.id FROM t WHERE t.id = ?" in message


def test_a_timeout_tells_of_threads_that_ended_and_of_idle_users(engine: Engine) -> None:
    kept: list[Any] = []
    thread = threading.Thread(target=lambda: kept.append(engine.connect()))
    thread.start()
    thread.join()
    # A thread's ident is given again to later threads; none is made here.
    assert "a thread that has ended, for 0.0 s, no statement yet" in refused(engine)
    kept[0].close()


def test_a_timeout_names_the_task(tmp_path: Path) -> None:
    async def main() -> str:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{tmp_path}/x.db", pool_size=1, max_overflow=0, pool_timeout=0.01
        )
        done = asyncio.Event()

        async def hold() -> None:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 42"))
                await done.wait()

        async with engine.connect():  # so that the holder takes an idle connection
            pass
        task = asyncio.create_task(hold(), name="holder of all")
        while engine.pool.checkedout() == 0:
            await asyncio.sleep(0)
        await asyncio.sleep(0.02)
        with pytest.raises(exc.TimeoutError) as caught:
            await engine.connect().start()
        done.set()
        await task
        await engine.dispose()
        return str(caught.value)

    message = asyncio.run(main())
    assert "task 'holder of all', for 0." in message
    assert "last statement: SELECT 42" in message


def test_a_dropped_connection_goes_back_with_a_warning(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    connection = engine.connect()
    connection.execute(T.insert().values(id=5))
    pool: Any = engine.pool
    assert pool.checkedout() == 1
    del connection
    gc.collect()
    assert "garbage-collected while it was checked out" in caplog.text
    assert pool.checkedout() == 0
    with engine.connect() as again:
        assert again.execute(select(T.c.id)).all() == []  # what was not committed is gone


def test_a_connection_dropped_after_dispose_is_closed_at_once(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    connection = engine.connect()
    raw = connection.connection.driver_connection
    engine.dispose()
    del connection
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        raw.execute("SELECT 1")
    with engine.connect() as again:
        assert again.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_waiter_gets_what_another_user_dropped(engine: Engine) -> None:
    pool: Any = engine.pool
    pool.wait_timeout = 10
    held = [engine.connect()]
    got: list[int] = []

    def wait() -> None:
        with engine.connect() as connection:
            got.append(connection.scalar(text("SELECT 1")))

    thread = threading.Thread(target=wait)
    thread.start()
    while not pool._ledger.queue:
        time.sleep(0.001)
    held.clear()
    gc.collect()
    thread.join(10)
    assert got == [1]


def test_a_dropped_asynchronous_connection_is_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/x.db", pool_size=1)
        closed: list[Any] = []
        event.listen(engine.sync_engine, "close", lambda raw, record: closed.append(raw))
        connection = await engine.connect().start()
        del connection
        gc.collect()
        async with engine.connect() as again:
            assert await again.scalar(text("SELECT 1")) == 1
        assert len(closed) == 1
        await engine.dispose()

    asyncio.run(main())
    assert "garbage-collected" in caplog.text


def test_a_detached_connection_leaves_the_pool_to_others(engine: Engine) -> None:
    heard: list[str] = []
    for name in ("detach", "close", "close_detached", "checkin"):
        event.listen(engine, name, lambda *args, name=name: heard.append(name))
    connection = engine.connect()
    connection.detach()
    with engine.connect() as other:
        assert other.scalar(text("SELECT 1")) == 1
    assert connection.scalar(text("SELECT 2")) == 2
    connection.close()
    assert heard == ["detach", "checkin", "close_detached"]


def test_a_raw_connection_can_be_detached(engine: Engine) -> None:
    raw = engine.raw_connection()
    raw.info["x"] = 1
    raw.detach()
    assert (raw.is_detached, raw.is_valid, raw.info, raw.record_info) == (
        True, True, {"x": 1}, None,
    )  # fmt: skip
    driver = raw.driver_connection
    with engine.connect():
        pass
    raw.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_an_asynchronous_raw_connection_can_be_detached(tmp_path: Path) -> None:
    async def main() -> None:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{tmp_path}/x.db", pool_size=1, max_overflow=0, pool_timeout=0.01
        )
        raw = await engine.raw_connection()
        raw.detach()
        async with engine.connect() as other:
            assert await other.scalar(text("SELECT 1")) == 1
        await raw.close()
        assert not raw.is_valid
        again = await engine.raw_connection()
        await again.invalidate()
        assert engine.pool.checkedout() == 0
        with pytest.raises(exc.InvalidRequestError, match="raw_connection"):
            engine.pool.connect()
        with pytest.raises(exc.InvalidRequestError, match="dispose"):
            engine.pool.dispose()
        await engine.dispose()

    asyncio.run(main())


def test_an_engine_takes_a_pool_that_was_made_alone() -> None:
    pool = QueuePool(
        lambda: sqlite3.connect(":memory:", check_same_thread=False), pool_size=1, max_overflow=0
    )
    raw = pool.connect()
    assert isinstance(raw, PoolProxiedConnection)
    raw.close()
    engine = create_engine("sqlite://", pool=pool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE x (a)"))
        connection.execute(text("INSERT INTO x VALUES (:a)"), {"a": 1})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT a FROM x")) == 1
    engine.dispose()


def test_one_lost_connection_makes_its_generation_stale(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", pool_size=3, pool_pre_ping=True)
    opened: list[Any] = []
    event.listen(engine, "connect", lambda raw, record: opened.append(raw))
    connections = [engine.connect() for _ in range(3)]
    for connection in connections:
        connection.close()
    opened[0].close()  # as if the server had gone
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert len(opened) == 4
    with engine.connect() as first, engine.connect() as second:
        assert first.scalar(text("SELECT 1")) == second.scalar(text("SELECT 1")) == 1
    assert len(opened) == 6  # the two that were as old as the lost one are replaced
    engine.dispose()


def test_invalidate_pool_error_makes_the_others_stale(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", pool_size=2)
    opened: list[Any] = []
    event.listen(engine, "connect", lambda raw, record: opened.append(raw))
    with engine.connect(), engine.connect():
        pass
    refusals = [exc.InvalidatePoolError("all gone")]

    @event.listens_for(engine, "checkout")
    def refuse(*args: Any) -> None:
        if refusals:
            raise refusals.pop()

    with engine.connect(), engine.connect():
        pass
    assert len(opened) == 4
    engine.dispose()


def test_a_soft_invalidation_waits_for_the_next_checkout(engine: Engine) -> None:
    heard: list[Any] = []
    event.listen(engine, "soft_invalidate", lambda raw, record, error: heard.append(error))
    raw = engine.raw_connection()
    driver, error = raw.driver_connection, ValueError("old")
    raw.invalidate(error, soft=True)
    assert raw.is_valid
    raw.close()
    assert heard == [error]
    again = engine.raw_connection()
    assert again.driver_connection is not driver
    again.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    "kind", [QueuePool, StaticPool, SingletonThreadPool, NullPool, AsyncAdaptedQueuePool]
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_child_of_a_fork_leaves_its_parents_connections_alone(
    kind: Any, tmp_path: Path
) -> None:
    pool = kind(lambda: sqlite3.connect(tmp_path / "x.db", check_same_thread=False))
    closed: list[Any] = []
    event.listen(pool, "close", lambda raw, record: closed.append(raw))
    first = pool.connect()
    mine = first.driver_connection
    first.close()
    closed.clear()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            connection = pool.connect()
            theirs = connection.driver_connection
            connection.cursor().execute("SELECT 1")
            status = 0 if theirs is not mine and not closed else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    if kind is not NullPool:
        again = pool.connect()
        assert again.driver_connection is mine
        again.close()
    pool.dispose()


def test_the_log_shows_connections_under_the_pools_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "ormolu.pool"):
        pool = QueuePool(lambda: sqlite3.connect(":memory:"), logging_name="mine")
        pool.connect().close()
        pool.dispose()
    assert {record.name for record in caplog.records} == {"ormolu.pool.impl.QueuePool.mine"}
    assert "Created new connection" in caplog.text
