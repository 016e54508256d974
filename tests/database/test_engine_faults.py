"""What becomes of connections when something goes wrong while they are opened, used or returned."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ormolu import Connection, Engine, create_engine, event
from ormolu.exc import (
    ArgumentError,
    DBAPIError,
    InvalidRequestError,
    PendingRollbackError,
    TimeoutError,
)
from ormolu.ext.asyncio import AsyncEngine, create_async_engine
from ormolu.io.async_loop import ASYNC_HANDLERS
from ormolu.io.requests import Begin, Close, Connect, Rollback
from ormolu.orm import Session


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(
        f"sqlite:///{tmp_path}/faults.db", pool_size=1, max_overflow=0, pool_timeout=0
    )
    with engine.begin() as connection:
        connection.execute("CREATE TABLE t (x INTEGER)")
    yield engine
    engine.dispose()


def lent(engine: Any) -> int:
    return int(engine.pool.checkedout())


def refuse(*args: object) -> None:
    raise ValueError("refused")


@pytest.mark.parametrize("name", ["reset", "checkin"])
def test_a_listener_that_fails_at_the_return_costs_the_connection_not_the_place(
    engine: Engine, name: str
) -> None:
    connection = engine.connect()
    event.listen(engine, name, refuse)
    with pytest.raises(ValueError, match="refused"):
        connection.close()
    event.remove(engine, name, refuse)
    assert lent(engine) == 0
    assert engine.connect().close() is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("name", ["invalidate", "close"])
def test_a_listener_that_fails_at_the_close_does_not_keep_it_open(
    engine: Engine, name: str
) -> None:
    connection = engine.connect()
    raw = connection.connection.driver_connection
    event.listen(engine, name, refuse)
    with pytest.raises(ValueError, match="refused"):
        connection.invalidate()
    event.remove(engine, name, refuse)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raw.execute("SELECT 1")
    connection.close()
    assert lent(engine) == 0


def test_a_listener_that_refuses_a_connection_leaves_none_checked_out(engine: Engine) -> None:
    event.listen(engine, "engine_connect", refuse)
    with pytest.raises(ValueError, match="refused") as caught:
        engine.connect()
    assert lent(engine) == 0
    assert caught.value is not None


def test_an_invalidated_connection_leaves_its_place_at_once(engine: Engine) -> None:
    heard: list[Any] = []
    for name in ("invalidate", "close", "checkin"):
        event.listen(engine, name, lambda *args, name=name: heard.append((name, *args[2:])))
    error = RuntimeError("why")
    with engine.connect() as connection:
        connection.invalidate(error)
        assert heard == [("invalidate", error), ("close",), ("checkin",)]
        assert lent(engine) == 0
        assert connection.invalidated
        with pytest.raises(InvalidRequestError, match="was invalidated"):
            connection.detach()
        assert connection.execute("SELECT 1").scalar() == 1
        assert not connection.invalidated


def test_a_transaction_of_an_invalidated_connection_is_rolled_back_first(engine: Engine) -> None:
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.invalidate()
        for use in (transaction.commit, lambda: connection.execute("SELECT 1")):
            with pytest.raises(PendingRollbackError, match="rollback"):
                use()
        transaction.rollback()
        assert connection.execute("SELECT 1").scalar() == 1


def test_a_failed_reconnect_is_tried_again(engine: Engine) -> None:
    def down(*args: object) -> None:
        raise sqlite3.OperationalError("down")

    with engine.connect() as connection:
        connection.invalidate()
        event.listen(engine, "do_connect", down)
        for _ in range(2):
            with pytest.raises(DBAPIError, match="down"):
                connection.execute("SELECT 1")
            assert lent(engine) == 0
        event.remove(engine, "do_connect", down)
        assert connection.execute("SELECT 1").scalar() == 1
    assert lent(engine) == 0


def test_an_isolation_level_that_there_is_not_is_refused_by_the_engine(engine: Engine) -> None:
    with pytest.raises(ArgumentError, match="isolation level"):
        engine.execution_options(isolation_level="NOPE")
    with pytest.raises(ArgumentError, match="isolation level"):
        engine.update_execution_options(isolation_level="NOPE")


def test_an_updated_isolation_level_is_in_force(engine: Engine) -> None:
    engine.update_execution_options(isolation_level="autocommit")
    with engine.connect() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        connection.rollback()
        assert connection.execute("SELECT x FROM t").all() == [(1,)]


Run = Callable[[Connection], object]


@pytest.mark.parametrize(
    ("run", "statement"),
    [
        (lambda c: c.execute("INSERT INTO t VALUES (1)"), "INSERT INTO t VALUES (1)"),
        (lambda c: c.execute("INSERT INTO t VALUES (:x)", [{"x": 1}, {"x": 2}]), "INSERT"),
        (lambda c: c.execute("SELECT x FROM t"), "SELECT x FROM t"),
    ],
    ids=["insert", "many", "select"],
)
def test_the_timeout_names_the_last_statement(engine: Engine, run: Run, statement: str) -> None:
    with engine.connect() as connection:
        run(connection)
        with pytest.raises(TimeoutError) as caught:
            engine.connect()
    assert f"last statement: {statement}" in str(caught.value)


# -- a session's connection


def test_closing_a_sessions_connection_does_not_give_it_back_twice(engine: Engine) -> None:
    with Session(engine) as session:
        connection = session.connection()
        session.execute("INSERT INTO t VALUES (1)")
        connection.close()
        assert connection.closed
        assert lent(engine) == 1
    assert lent(engine) == 0
    with engine.connect() as after:
        assert after.execute("SELECT x FROM t").all() == [(1,)]


def test_what_follows_a_commit_of_a_sessions_connection_can_be_rolled_back(engine: Engine) -> None:
    with Session(engine) as session:
        session.execute("INSERT INTO t VALUES (1)")
        session.connection().commit()
        session.execute("INSERT INTO t VALUES (2)")
        session.rollback()
        assert session.execute("SELECT x FROM t").all() == [(1,)]
    assert lent(engine) == 0


def test_an_invalidated_session_gives_its_place_back(engine: Engine) -> None:
    session = Session(engine)
    core = session.connection().core
    session.invalidate()
    assert lent(engine) == 0
    assert core.invalidated


def test_a_session_on_an_invalidated_connection_reconnects(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.invalidate()
        with Session(connection) as session:
            session.execute("INSERT INTO t VALUES (1)")
        assert connection.execute("SELECT x FROM t").all() == [(1,)]


# -- cancellation


def cancel_at(monkeypatch: pytest.MonkeyPatch, kind: type, *, early: bool) -> list[bool]:
    """Cancel the running task at its first request of a kind, before it or while it is served."""
    done: list[bool] = []
    handler = ASYNC_HANDLERS[kind]

    async def handle(request: Any) -> Any:
        if not done:
            done.append(True)
            if early:
                raise asyncio.CancelledError
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        return await handler(request)

    monkeypatch.setitem(ASYNC_HANDLERS, kind, handle)
    return done


@pytest.mark.parametrize("early", [True, False], ids=["before the request", "while it is served"])
@pytest.mark.parametrize("kind", [Connect, Begin, Rollback, Close])
@pytest.mark.parametrize("memory", [True, False], ids=["memory", "file"])
def test_a_cancelled_task_leaves_no_connection_and_no_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type, early: bool, memory: bool
) -> None:
    async def use(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.execute("INSERT INTO t VALUES (1)")
            await connection.rollback()
            await connection.execute("INSERT INTO t VALUES (2)")
        await engine.dispose()

    async def main() -> None:
        address = "" if memory else f"/{tmp_path}/cancelled.db"
        engine = create_async_engine(f"sqlite+aiosqlite://{address}")
        if kind is not Connect:
            async with engine.begin() as connection:
                await connection.execute("CREATE TABLE t (x INTEGER)")
        with monkeypatch.context() as patch:
            done = cancel_at(patch, kind, early=early)
            (outcome,) = await asyncio.gather(use(engine), return_exceptions=True)
        assert done
        assert isinstance(outcome, asyncio.CancelledError)
        assert lent(engine) == 0
        if kind is not Close:
            async with engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert not driver.in_transaction
                if kind is not Connect:
                    assert (await connection.execute("SELECT x FROM t")).all() == []
        await engine.dispose()

    asyncio.run(main())


@pytest.mark.parametrize("turns", range(6))
def test_a_loop_that_ends_while_a_connection_is_opened_leaves_no_thread(turns: int) -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        task = asyncio.ensure_future(engine.connect().start())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        if not isinstance(outcome, BaseException):
            await outcome.close()
        await engine.dispose()

    asyncio.run(main())
    gc.collect()
