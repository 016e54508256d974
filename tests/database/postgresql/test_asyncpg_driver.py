"""The asyncpg adapter: its prepared statements, errors, cursors, and what a cancelled task leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg
import psycopg.errors
import pytest

import ormolu as sa
from ormolu import exc
from ormolu.dialects.postgresql import asyncpg_errors
from ormolu.dialects.postgresql.asyncpg_driver import DRIVER, AsyncpgConnection
from ormolu.engine.async_engine import AsyncConnection, AsyncEngine, create_async_engine

pytestmark = pytest.mark.backend("postgresql+asyncpg")

Program = Callable[[AsyncEngine], Awaitable[Any]]


@pytest.fixture
def run(backend_url: str) -> Iterator[Callable[..., Any]]:
    """Run a coroutine function with an engine on an empty database."""

    def run(program: Program, **options: Any) -> Any:
        async def whole() -> Any:
            engine = create_async_engine(backend_url, **options)
            try:
                return await program(engine)
            finally:
                await engine.dispose()

        return asyncio.run(whole())

    yield run


def adapter_of(connection: AsyncConnection) -> AsyncpgConnection:
    """The adapter's connection below one of the engine."""
    adapter: AsyncpgConnection = connection._core.driver
    return adapter


async def raw_of(connection: AsyncConnection) -> Any:
    """asyncpg's own connection."""
    return (await connection.get_raw_connection()).driver_connection


async def prepared(connection: AsyncConnection) -> list[str]:
    """The texts of the statements that the server keeps prepared for a connection."""
    raw = await raw_of(connection)
    found = await raw.fetch("SELECT statement FROM pg_prepared_statements")
    return [row["statement"] for row in found if "pg_prepared_statements" not in row["statement"]]


async def scalar(connection: AsyncConnection, sql: str) -> Any:
    """The first value that a text gives."""
    return (await connection.exec_driver_sql(sql)).scalar()


# -- rows and counts


def test_rows_are_tuples_and_the_command_tag_gives_the_count(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            row = (await connection.exec_driver_sql("SELECT 1 AS a, 'x' AS b")).one()
            assert isinstance(row, tuple)
            assert (row, row.a, row.b) == ((1, "x"), 1, "x")
            counts = []
            for sql in (
                "CREATE TEMP TABLE t (x int)",
                "INSERT INTO t VALUES (1), (2), (3)",
                "UPDATE t SET x = x + 1 WHERE x > 1",
                "DELETE FROM t WHERE x = 99",
                "SELECT * FROM t",
            ):
                counts.append((await connection.exec_driver_sql(sql)).rowcount)
            assert counts == [-1, 3, 2, 0, 3]

    run(program)


def test_one_call_inserts_many_rows_and_many_rows_give_their_keys_back(run: Any) -> None:
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.String)
    )

    async def program(engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(table.create)
            await connection.execute(table.insert(), [{"x": "a"}, {"x": "b"}])
            statement = table.insert().returning(table.c.id, table.c.x)
            many = [{"x": str(n)} for n in range(1000)]
            rows = (await connection.execute(statement, many)).all()
            assert rows == [(n + 3, str(n)) for n in range(1000)]
            with pytest.raises(exc.DataError, match=r"argument \$1 in element #1"):
                await connection.execute(table.insert(), [{"x": "a"}, {"x": 5}])

    run(program)


def test_json_comes_as_python_objects_and_addresses_as_the_engine_was_told(run: Any) -> None:
    sql = "SELECT '{\"a\": 1.5}'::json, '[1]'::jsonb, '{\"[2]\"}'::jsonb[], '10.0.0.1'::inet"

    async def program(engine: AsyncEngine) -> Any:
        async with engine.connect() as connection:
            return tuple((await connection.exec_driver_sql(sql)).one())

    *documents, address = run(program)
    assert documents == [{"a": 1.5}, [1], [[2]]]
    assert str(address) == "10.0.0.1" and type(address).__name__ == "IPv4Address"
    own = run(program, json_deserializer=lambda text: ("own", json.loads(text)))
    assert own[:3] == (("own", {"a": 1.5}), ("own", [1]), [("own", [2])])


# -- prepared statements


def test_statements_stay_prepared_when_a_connection_goes_back_to_the_pool(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        statement = sa.select(sa.literal(5, sa.Integer).label("five"))
        for _ in range(3):
            async with engine.connect() as connection:
                assert await connection.scalar(statement) == 5
                assert await prepared(connection) == ["SELECT $1::INTEGER AS five"]

    run(program)


def test_no_more_statements_are_kept_than_the_url_says(backend_url: str) -> None:
    async def program() -> None:
        engine = create_async_engine(f"{backend_url}?prepared_statement_cache_size=3")
        async with engine.connect() as connection:
            for n in [1, 2, 3, 4, 5, 1]:
                assert await scalar(connection, f"SELECT {n}") == n
            assert len(await prepared(connection)) <= 4  # one may still wait to be closed
        await engine.dispose()

    asyncio.run(program())


def test_without_a_cache_no_statement_has_a_name_on_the_server(backend_url: str) -> None:
    async def program() -> None:
        engine = create_async_engine(backend_url, connect_args={"prepared_statement_cache_size": 0})
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CREATE TYPE pair AS (a int, b text)")
            for _ in range(3):
                assert await scalar(connection, "SELECT (1, 'x')::pair") == (1, "x")
            assert await prepared(connection) == []
        await engine.dispose()

    asyncio.run(program())


def test_statements_can_be_given_names(backend_url: str) -> None:
    names = iter(["first", "second"])

    async def program() -> None:
        arguments = {"prepared_statement_name_func": lambda: next(names)}
        engine = create_async_engine(backend_url, connect_args=arguments)
        async with engine.connect() as connection:
            assert await scalar(connection, "SELECT 1") == 1
            raw = await raw_of(connection)
            found = await raw.fetch("SELECT name FROM pg_prepared_statements WHERE name = 'first'")
            assert len(found) == 1
        await engine.dispose()

    asyncio.run(program())


def test_a_schema_changed_on_one_connection_is_no_surprise_on_another(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as one, engine.connect() as other:
            await one.exec_driver_sql("CREATE TABLE t (a int)")
            await one.commit()
            for connection in (one, other):
                assert (await connection.exec_driver_sql("SELECT * FROM t")).keys() == ["a"]
                await connection.rollback()
            await one.exec_driver_sql("ALTER TABLE t ADD COLUMN b int")
            assert (await one.exec_driver_sql("SELECT * FROM t")).keys() == ["a", "b"]
            await one.commit()
            await other.exec_driver_sql("SELECT 1")
            assert (await other.exec_driver_sql("SELECT * FROM t")).keys() == ["a", "b"]

    run(program)


def test_a_rolled_back_change_of_the_schema_is_forgotten_again(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CREATE TABLE t (a int)")
            await connection.commit()
            for end in ("rollback", "savepoint"):
                nested = await connection.begin_nested() if end == "savepoint" else connection
                await connection.exec_driver_sql("ALTER TABLE t ADD COLUMN b int")
                assert (await connection.exec_driver_sql("SELECT * FROM t")).keys() == ["a", "b"]
                await nested.rollback()
                assert (await connection.exec_driver_sql("SELECT * FROM t")).keys() == ["a"]
                await connection.rollback()

    run(program)


async def foreign_change(connection: AsyncConnection, sql: str) -> None:
    """Change the schema in a way that no connection of ormolu sees."""
    raw = await raw_of(connection)
    await raw.execute(sql)


def test_what_another_process_changed_costs_a_transaction_nothing_at_its_beginning(
    run: Any,
) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as one, engine.connect() as other:
            await one.exec_driver_sql("CREATE TABLE t (a int)")
            await one.commit()
            assert (await one.exec_driver_sql("SELECT * FROM t")).keys() == ["a"]
            await one.commit()
            await foreign_change(other, "ALTER TABLE t ADD COLUMN b int; COMMIT")
            await one.execution_options(isolation_level="SERIALIZABLE")
            assert (await one.exec_driver_sql("SELECT * FROM t")).keys() == ["a", "b"]
            assert await scalar(one, "SHOW transaction_isolation") == "serializable"

    run(program)


def test_what_another_process_changed_ends_a_transaction_that_has_done_something(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as one, engine.connect() as other:
            await one.exec_driver_sql("CREATE TABLE t (a int)")
            await one.exec_driver_sql("SELECT * FROM t")
            await one.commit()
            await foreign_change(other, "ALTER TABLE t ADD COLUMN b int; COMMIT")
            await one.exec_driver_sql("INSERT INTO t VALUES (1)")
            with pytest.raises(exc.NotSupportedError) as caught:
                await one.exec_driver_sql("SELECT * FROM t")
            assert isinstance(caught.value.orig, asyncpg_errors.InvalidCachedStatementError)
            assert caught.value.sqlstate == "0A000"
            await one.rollback()
            assert (await one.exec_driver_sql("SELECT * FROM t")).keys() == ["a", "b"]

    run(program)


@pytest.mark.parametrize("sql", ["DISCARD ALL", "DEALLOCATE ALL"])
def test_statements_that_were_taken_away_are_prepared_again(run: Any, sql: str) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            assert await scalar(connection, "SELECT 1") == 1
            await connection.exec_driver_sql(sql)
            assert await scalar(connection, "SELECT 1") == 1
            await foreign_change(connection, sql)
            assert await scalar(connection, "SELECT 1") == 1

    run(program, isolation_level="AUTOCOMMIT")


# -- cursors


def test_streamed_rows_stay_on_the_server_and_closing_lets_their_table_go(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(
                "CREATE TEMP TABLE t AS SELECT generate_series(1, 5000) AS n"
            )
            result = await connection.stream(sa.text("SELECT n FROM t ORDER BY n"))
            assert await result.fetchmany(3) == [(1,), (2,), (3,)]
            assert await scalar(connection, "SELECT count(*) FROM pg_cursors") == 1
            await result.close()
            assert await scalar(connection, "SELECT count(*) FROM pg_cursors") == 0
            await connection.exec_driver_sql("DROP TABLE t")

    run(program)


@pytest.mark.parametrize("level", ["READ COMMITTED", "AUTOCOMMIT"])
def test_rows_can_be_streamed_in_and_outside_of_a_transaction(run: Any, level: str) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            statement = sa.text("SELECT generate_series(1, 2500)").execution_options(yield_per=1000)
            result = await connection.stream(statement)
            sizes = [len(part) async for part in result.partitions()]
            assert sizes == [1000, 1000, 500]
            again = await connection.stream(statement)
            assert len(await again.all()) == 2500

    run(program, isolation_level=level)


# -- errors


def test_every_sqlstate_has_the_class_that_it_has_with_psycopg() -> None:
    codes = {code for code in psycopg.errors._sqlcodes if len(code) == 5}
    assert len(codes) > 200
    for code in codes:
        raised = asyncpg.PostgresError.new({"C": code, "M": "x"})
        names = [cls.__name__ for cls in type(asyncpg_errors.translated(raised)).__mro__]
        expected = [cls.__name__ for cls in psycopg.errors.lookup(code).__mro__[1:2]]
        assert expected[0] in names, code
        if expected == ["DatabaseError"]:
            assert names[0] == "DatabaseError", code


def test_a_value_of_the_wrong_type_is_refused_with_the_type_that_is_wanted(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            statement = sa.select(sa.bindparam("day", type_=sa.Date))
            with pytest.raises(exc.DataError, match="the server takes a value of type date there"):
                await connection.execute(statement, {"day": "2024-01-01"})
            assert await scalar(connection, "SELECT 1") == 1  # it was never sent

    run(program)


def test_a_terminated_connection_is_replaced(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            with pytest.raises(exc.OperationalError) as caught:
                await connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
            assert caught.value.connection_invalidated
            assert adapter_of(connection).broken
        async with engine.connect() as connection:
            assert await scalar(connection, "SELECT 1") == 1

    run(program)


def test_a_command_timeout_cancels_the_statement_and_leaves_the_connection(run: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            with pytest.raises(exc.OperationalError) as caught:
                await connection.exec_driver_sql("SELECT pg_sleep(60)")
            assert isinstance(caught.value.driver_exception, TimeoutError)
            assert not caught.value.connection_invalidated
            await connection.rollback()
            assert await scalar(connection, "SELECT 1") == 1

    run(program, connect_args={"command_timeout": 0.2})


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
    run: Any,
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
            while not await scalar(watcher, busy):
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await scalar(watcher, busy) == 0
            async with engine.connect() as connection:
                assert await scalar(connection, "SELECT pg_backend_pid()") == pids[0]

    run(program)


def test_a_begin_that_was_cancelled_is_rolled_back(backend_url: str) -> None:
    class Slow:
        """asyncpg's connection, with a BEGIN that is done before its task hears of it."""

        def __init__(self, raw: Any) -> None:
            self._raw = raw

        def __getattr__(self, name: str) -> Any:
            return getattr(self._raw, name)

        async def execute(self, sql: str) -> Any:
            tag = await self._raw.execute(sql)
            if sql == "BEGIN":
                raise asyncio.CancelledError
            return tag

    async def program() -> None:
        _, options = (
            sa.make_url(backend_url).get_dialect()().create_connect_args(sa.make_url(backend_url))
        )
        connection = await DRIVER.connect(**options)
        raw = connection.raw
        connection.raw = Slow(raw)
        with pytest.raises(asyncio.CancelledError):
            await connection.begin("")
        assert connection.in_transaction
        await connection.rollback()
        assert not connection.in_transaction and not raw.is_in_transaction()
        await connection.close()

    asyncio.run(program())


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_an_engine_goes_on_in_another_event_loop(backend_url: str) -> None:
    engine = create_async_engine(backend_url)

    async def program() -> Any:
        async with engine.connect() as connection:
            return await scalar(connection, "SELECT pg_backend_pid()")

    pids = {asyncio.run(program()) for _ in range(3)}
    assert len(pids) == 3
    asyncio.run(engine.dispose())


def test_a_connection_in_hand_is_refused_in_another_event_loop(backend_url: str) -> None:
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    engine = create_async_engine(backend_url)
    connection = first.run_until_complete(engine.connect().start())
    with pytest.raises(exc.InterfaceError, match="belongs to another event loop") as caught:
        second.run_until_complete(connection.exec_driver_sql("SELECT 1"))
    assert caught.value.connection_invalidated
    first.run_until_complete(connection.close())
    first.run_until_complete(engine.dispose())
    first.close()
    second.close()
