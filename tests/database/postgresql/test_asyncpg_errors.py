"""The asyncpg adapter: its errors, and what cancelled tasks and other event loops leave."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import asyncpg
import psycopg.errors
import pytest
from asyncpg_programs import raw_of, scalar

import ormolu as sa
from ormolu import exc
from ormolu.dialects.postgresql import asyncpg_errors
from ormolu.dialects.postgresql.asyncpg_driver import DRIVER
from ormolu.engine.async_engine import AsyncEngine, create_async_engine

pytestmark = pytest.mark.backend("postgresql+asyncpg")


# -- errors


def test_every_sqlstate_has_the_class_that_it_has_with_psycopg() -> None:
    codes = {code for code in psycopg.errors._sqlcodes if len(code) == 5}
    errors = [asyncpg.PostgresError.new({"C": code, "M": "x"}) for code in sorted(codes)]
    raised_errors = [error for error in errors if isinstance(error, asyncpg.PostgresError)]
    assert len(raised_errors) > 200
    for raised in raised_errors:
        code = raised.sqlstate
        names = [cls.__name__ for cls in type(asyncpg_errors.translated(raised)).__mro__]
        expected = [cls.__name__ for cls in psycopg.errors.lookup(code).__mro__[1:2]]
        assert expected[0] in names, code
        if expected == ["DatabaseError"]:
            assert names[0] == "DatabaseError", code


def test_a_value_of_the_wrong_type_is_refused_with_the_type_that_is_wanted(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            statement = sa.select(sa.bindparam("day", type_=sa.Date))
            with pytest.raises(exc.DataError, match="the server takes a value of type date there"):
                await connection.execute(statement, {"day": "2024-01-01"})
            assert await scalar(connection, "SELECT 1") == 1  # it was never sent

    on_asyncpg(program)


def test_a_terminated_connection_is_replaced(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            with pytest.raises(exc.OperationalError) as caught:
                await connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
            assert caught.value.connection_invalidated and caught.value.sqlstate == "57P01"
        async with engine.connect() as connection:
            assert await scalar(connection, "SELECT 1") == 1

    on_asyncpg(program)


def test_a_commit_after_the_connection_was_lost_is_no_success(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as one, engine.connect() as other:
            pid = await scalar(one, "SELECT pg_backend_pid()")
            await one.exec_driver_sql("CREATE TABLE t (a int)")
            await other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
            raw = await raw_of(one)
            while not raw.is_closed():
                await asyncio.sleep(0.005)
            with pytest.raises(exc.DBAPIError) as caught:
                await one.commit()
            assert caught.value.connection_invalidated

    on_asyncpg(program)


def test_a_command_timeout_cancels_the_statement_and_leaves_the_connection(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            with pytest.raises(exc.OperationalError, match="the driver's timeout") as caught:
                await connection.exec_driver_sql("SELECT pg_sleep(60)")
            assert isinstance(caught.value.driver_exception, TimeoutError)
            assert not caught.value.connection_invalidated
            await connection.rollback()
            assert await scalar(connection, "SELECT 1") == 1

    on_asyncpg(program, connect_args={"command_timeout": 0.2})


def test_a_connection_that_is_refused_is_an_operational_error(backend_url: str) -> None:
    async def program(url: Any) -> str | None:
        engine = create_async_engine(url)
        with pytest.raises(exc.OperationalError) as caught:
            await engine.connect()
        assert engine.pool.checkedout() == 0
        return caught.value.sqlstate

    url = sa.make_url(backend_url)
    assert asyncio.run(program(url.set(database="no_such_database"))) == "3D000"
    assert asyncio.run(program(url.set(port=1))) is None


def test_options_in_the_url_have_their_types(backend_url: str) -> None:
    url = sa.make_url(backend_url).update_query_dict(
        {"timeout": "5", "statement_cache_size": "0", "command_timeout": "2.5"}
    )
    dialect = url.get_dialect()()
    options = dialect.create_connect_args(url)[1]
    assert (options["timeout"], options["command_timeout"]) == (5.0, 2.5)
    assert options["statement_cache_size"] == 0
    with pytest.raises(exc.ArgumentError, match="timeout='soon' in the URL is not a number"):
        dialect.create_connect_args(url.update_query_dict({"timeout": "soon"}))


# -- cancellation and event loops


def test_a_cancelled_statement_ends_on_the_server_and_its_connection_is_used_again(
    on_asyncpg: Any,
) -> None:
    async def sleeper(engine: AsyncEngine, pids: list[int]) -> None:
        async with engine.begin() as connection:
            pids.append(await scalar(connection, "SELECT pg_backend_pid()"))
            await connection.exec_driver_sql("SELECT pg_sleep(60)")

    async def program(engine: AsyncEngine) -> None:
        pids: list[int] = []
        task = asyncio.create_task(sleeper(engine, pids))
        async with engine.connect() as watcher:
            busy = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'"
            busy += " AND state = 'active'"
            await watcher.execution_options(isolation_level="AUTOCOMMIT")
            while not await scalar(watcher, busy):
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await scalar(watcher, busy) == 0
            async with engine.connect() as connection:
                assert await scalar(connection, "SELECT pg_backend_pid()") == pids[0]

    on_asyncpg(program)


def test_a_begin_that_was_cancelled_is_rolled_back(backend_url: str) -> None:
    async def program() -> None:
        _, options = (
            sa.make_url(backend_url).get_dialect()().create_connect_args(sa.make_url(backend_url))
        )
        connection = await DRIVER.connect(**options)
        raw, query = connection.raw, connection._query

        async def slow(sql: str, timeout: None) -> str:
            tag = await query(sql, timeout)
            if sql == "BEGIN":  # done before its task hears of it
                raise asyncio.CancelledError
            return tag

        connection._query = slow
        with pytest.raises(asyncio.CancelledError):
            await connection.begin("")
        assert connection.in_transaction
        await connection.rollback()
        assert not connection.in_transaction and not raw.is_in_transaction()
        await connection.close()

    asyncio.run(program())


def test_an_engine_goes_on_in_another_event_loop(backend_url: str) -> None:
    engine = create_async_engine(backend_url)

    async def program() -> Any:
        async with engine.connect() as connection:
            return await scalar(connection, "SELECT pg_backend_pid()")

    pids = {asyncio.run(program()) for _ in range(3)}
    assert len(pids) == 3
    asyncio.run(engine.dispose())
    gc.collect()  # a socket that was left open would warn


def test_a_connection_in_hand_is_refused_in_another_event_loop(backend_url: str) -> None:
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    engine = create_async_engine(backend_url)
    connection = first.run_until_complete(engine.connect().start())
    with pytest.raises(exc.DBAPIError, match="belongs to another event loop") as caught:
        second.run_until_complete(connection.exec_driver_sql("SELECT 1"))
    assert caught.value.connection_invalidated
    first.run_until_complete(connection.close())
    first.run_until_complete(engine.dispose())
    first.close()
    second.close()
