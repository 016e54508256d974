"""asyncpg's own connection, taken from ormolu's: COPY, notifications, and its transaction."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from asyncpg_programs import raw_of, scalar

from ormolu import text
from ormolu.engine.async_engine import AsyncEngine

pytestmark = pytest.mark.backend("postgresql+asyncpg")

ROWS = [(1, "one"), (2, None), (3, "tab\there")]


async def make_table(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE t (id INT, name TEXT)"))


def test_copy_in_and_out(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE t (id INT, name TEXT)"))
            driver = await raw_of(connection)
            await driver.copy_records_to_table("t", records=ROWS)
            out = io.BytesIO()
            await driver.copy_from_query("SELECT * FROM t ORDER BY id", output=out)
            assert out.getvalue() == b"1\tone\n2\t\\N\n3\ttab\\there\n"
            assert await scalar(connection, "SELECT count(*) FROM t") == 3

    on_asyncpg(program)


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not-begun"])
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_copy_is_part_of_the_transaction(on_asyncpg: Any, begun: bool, end: str) -> None:
    """Also when it is the first that the server hears of the transaction."""

    async def program(engine: AsyncEngine) -> None:
        await make_table(engine)
        async with engine.connect() as connection, engine.connect() as other:
            transaction = await connection.begin()
            if begun:
                await connection.execute(text("SELECT 1"))
            driver = await raw_of(connection)
            await driver.copy_records_to_table("t", records=ROWS)
            assert await scalar(other, "SELECT count(*) FROM t") == 0
            await getattr(transaction, end)()
            assert await scalar(connection, "SELECT count(*) FROM t") == (3 * (end == "commit"))

    on_asyncpg(program)


def test_notifications_are_heard(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

        def hear(connection: Any, pid: int, channel: str, payload: str) -> None:
            heard.put_nowait((channel, payload))

        listening = engine.execution_options(isolation_level="AUTOCOMMIT")
        async with listening.connect() as listener:
            driver = await raw_of(listener)
            await driver.add_listener("arrivals", hear)
            async with engine.begin() as speaker:
                await speaker.execute(text("SELECT pg_notify('arrivals', :name)"), {"name": "Alma"})
                assert heard.empty()
            async with asyncio.timeout(10):
                assert await heard.get() == ("arrivals", "Alma")
            # Statements go on as before.
            assert await scalar(listener, "SELECT 5") == 5
            await driver.remove_listener("arrivals", hear)

    on_asyncpg(program)
