"""The asyncpg adapter: rows, prepared statements and cursors."""

from __future__ import annotations

import asyncio
import json
from operator import itemgetter
from typing import Any

import pytest
from asyncpg_programs import prepared, raw_of, scalar

import ormolu as sa
from ormolu import exc
from ormolu.dialects.postgresql import asyncpg_errors
from ormolu.dialects.postgresql.asyncpg_driver import DRIVER
from ormolu.engine.async_engine import AsyncConnection, AsyncEngine, create_async_engine

pytestmark = pytest.mark.backend("postgresql+asyncpg")


# -- rows and counts


def test_rows_are_tuples_and_the_command_tag_gives_the_count(on_asyncpg: Any) -> None:
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

    on_asyncpg(program)


def test_what_is_fetched_is_a_sequence_of_tuples(backend_url: str) -> None:
    async def program() -> None:
        address = sa.make_url(backend_url).set(drivername="postgresql")
        connection = await DRIVER.connect(address.render_as_string(hide_password=False))
        try:
            rows = await connection.fetchall("SELECT n, -n FROM generate_series(1, $1) AS n", (3,))
            assert list(rows) == [(1, -1), (2, -2), (3, -3)] == list(rows)
            assert (len(rows), rows[0], rows[-1], rows[1:]) == (3, (1, -1), (3, -3), list(rows)[1:])
            assert {type(row) for row in (*rows, rows[1], *rows[:2])} == {tuple}
            assert (2, -2) in rows
            rows.sort(key=itemgetter(1))
            assert list(rows) == [(3, -3), (2, -2), (1, -1)]
        finally:
            await connection.close()

    asyncio.run(program())


def test_one_call_inserts_many_rows_and_many_rows_give_their_keys_back(on_asyncpg: Any) -> None:
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
            with pytest.raises(exc.DataError, match="expected str, got int"):
                await connection.execute(table.insert(), [{"x": "a"}, {"x": 5}])

    on_asyncpg(program)


def test_json_comes_as_python_objects_and_addresses_as_the_engine_was_told(on_asyncpg: Any) -> None:
    sql = "SELECT '{\"a\": 1.5}'::json, '[1]'::jsonb, '{\"[2]\"}'::jsonb[], '10.0.0.1'::inet"

    async def program(engine: AsyncEngine) -> Any:
        async with engine.connect() as connection:
            return tuple((await connection.exec_driver_sql(sql)).one())

    *documents, address = on_asyncpg(program)
    assert documents == [{"a": 1.5}, [1], [[2]]]
    assert str(address) == "10.0.0.1" and type(address).__name__ == "IPv4Address"
    own = on_asyncpg(program, json_deserializer=lambda text: ("own", json.loads(text)))
    assert own[:3] == (("own", {"a": 1.5}), ("own", [1]), [("own", [2])])


# -- prepared statements


def test_statements_stay_prepared_when_a_connection_goes_back_to_the_pool(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        statement = sa.select(sa.literal(5, sa.Integer).label("five"))
        for _ in range(3):
            async with engine.connect() as connection:
                assert await connection.scalar(statement) == 5
                assert (await prepared(connection)).count("SELECT $1::INTEGER AS five") == 1

    on_asyncpg(program)


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


def test_a_schema_changed_on_one_connection_is_no_surprise_on_another(on_asyncpg: Any) -> None:
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

    on_asyncpg(program)


def test_a_rolled_back_change_of_the_schema_is_forgotten_again(on_asyncpg: Any) -> None:
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

    on_asyncpg(program)


@pytest.mark.parametrize("end", ["rollback", "savepoint"])
def test_what_was_created_and_rolled_back_may_be_made_otherwise(on_asyncpg: Any, end: str) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SELECT 1")
            nested = await connection.begin_nested() if end == "savepoint" else connection
            await connection.exec_driver_sql("CREATE TABLE t (a int)")
            assert (await connection.exec_driver_sql("SELECT * FROM t")).keys() == ["a"]
            await nested.rollback()
            await connection.exec_driver_sql("CREATE TABLE t (b text, c int)")
            assert (await connection.exec_driver_sql("SELECT * FROM t")).keys() == ["b", "c"]

    on_asyncpg(program)


async def foreign_change(connection: AsyncConnection, sql: str) -> None:
    """Change the schema in a way that no connection of ormolu sees."""
    raw = await raw_of(connection)
    await raw.execute(sql)


def test_what_another_process_changed_costs_a_transaction_nothing_at_its_beginning(
    on_asyncpg: Any,
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

    on_asyncpg(program)


def test_what_was_done_with_the_drivers_connection_is_not_repeated_away(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as one, engine.connect() as other:
            await one.exec_driver_sql("CREATE TABLE t (a int)")
            await one.exec_driver_sql("SELECT * FROM t")
            await one.commit()
            await foreign_change(other, "ALTER TABLE t ADD COLUMN b int; COMMIT")
            await one.begin()
            await foreign_change(one, "INSERT INTO t VALUES (1)")
            with pytest.raises(exc.NotSupportedError):
                await one.exec_driver_sql("SELECT * FROM t")

    on_asyncpg(program)


def test_what_another_process_changed_ends_a_transaction_that_has_done_something(
    on_asyncpg: Any,
) -> None:
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

    on_asyncpg(program)


@pytest.mark.parametrize("sql", ["DISCARD ALL", "DEALLOCATE ALL"])
def test_statements_that_were_taken_away_are_prepared_again(on_asyncpg: Any, sql: str) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            assert await scalar(connection, "SELECT 1") == 1
            await connection.exec_driver_sql(sql)
            assert await scalar(connection, "SELECT 1") == 1
            await foreign_change(connection, sql)
            assert await scalar(connection, "SELECT 1") == 1

    on_asyncpg(program, isolation_level="AUTOCOMMIT")


# -- cursors


def test_streamed_rows_stay_on_the_server_and_closing_lets_their_table_go(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(
                "CREATE TEMP TABLE t AS SELECT generate_series(1, 5000) AS n"
            )
            result = await connection.stream(sa.text("SELECT n FROM t ORDER BY n"))
            assert await result.fetchmany(3) == [(1,), (2,), (3,)]
            others = "SELECT count(*) FROM pg_cursors WHERE name <> ''"
            assert await scalar(connection, others) == 1
            await result.close()
            assert await scalar(connection, others) == 0
            await connection.exec_driver_sql("DROP TABLE t")

    on_asyncpg(program)


@pytest.mark.parametrize("level", ["READ COMMITTED", "AUTOCOMMIT"])
def test_rows_can_be_streamed_in_and_outside_of_a_transaction(on_asyncpg: Any, level: str) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            statement = sa.text("SELECT generate_series(1, 2500)").execution_options(yield_per=1000)
            result = await connection.stream(statement)
            sizes = [len(part) async for part in result.partitions()]
            assert sizes == [1000, 1000, 500]
            again = await connection.stream(statement)
            assert len(await again.all()) == 2500

    on_asyncpg(program, isolation_level=level)
