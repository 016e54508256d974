"""Asynchronous drivers: what a cancelled task leaves on its connection, and at the server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from every_driver import through_each

from ormolu import Column, Integer, MetaData, String, Table, insert, select, text
from ormolu.testing.conformance import Database, Suite

metadata = MetaData()
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("words", String(200)),
)
THREAD = text("SELECT CONNECTION_ID()")


async def words(connection: Any) -> list[Any]:
    return list((await connection.scalars(select(note.c.words).order_by(note.c.id))).all())


async def add(connection: Any, *new: str) -> None:
    await connection.execute(insert(note), [{"words": each} for each in new])


class CancellationSuite(Suite):
    """Tasks that are cancelled while they wait for the server."""

    metadata = metadata

    async def test_a_cancelled_statement_costs_its_connection_alone(self, db: Database) -> None:
        async with db.connect() as connection:
            thread = await connection.scalar(THREAD)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), db.connect() as connection:
                await add(connection, "lost")
                await connection.execute(text("SELECT SLEEP(1)"))
        async with db.connect() as connection:
            assert await connection.scalar(THREAD) != thread
            assert await words(connection) == []
            await add(connection, "kept")
            await connection.commit()

    async def test_cancelled_anywhere_nothing_stays_behind(self, db: Database) -> None:
        async def work() -> None:
            async with db.connect() as connection, connection.begin():
                await add(connection, "a", "b")
                async with connection.begin_nested():
                    await words(connection)
                async with connection.stream(select(note)) as result:
                    await result.fetchone()

        for turns in range(60):
            task = asyncio.create_task(work())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert db.engine.pool.checkedout() == 0
        async with db.connect() as connection:
            found = await words(connection)
            assert found == ["a", "b"] * (len(found) // 2)
            assert await self._others_in_a_transaction(connection) == 0

    async def _others_in_a_transaction(self, connection: Any) -> int:
        """Count open transactions of this database; those of closed connections may linger."""
        question = text(
            "SELECT COUNT(*) FROM information_schema.innodb_trx JOIN information_schema.processlist"
            " ON id = trx_mysql_thread_id WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        )
        for _ in range(50):
            count = await connection.scalar(question)
            if not count:
                break
            await asyncio.sleep(0.05)
        return int(count)


globals().update(through_each(CancellationSuite, drivers=("mysql+asyncmy", "mysql+aiomysql")))
