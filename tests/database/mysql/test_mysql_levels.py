"""Isolation levels that must not outlast their transaction, and reach two-phase ones."""

from __future__ import annotations

from typing import Any

import pytest
from every_driver import DRIVERS, level_question, through_each

from ormolu import Column, Integer, MetaData, Table, create_engine, insert, select, text
from ormolu.exc import InvalidRequestError, OperationalError
from ormolu.ext.asyncio import create_async_engine
from ormolu.testing.conformance import Database, Suite

LOCKED = select(text("id")).select_from(text("item")).with_for_update(nowait=True)


class LevelSuite(Suite):
    """Levels of one connection after another, which the pool lends again."""

    async def level(self, db: Database, **options: Any) -> Any:
        async with db.connect() as connection:
            connection = await connection.execution_options(**options)
            return (await connection.execute(level_question(db))).scalar()

    async def test_autocommit_has_the_sessions_own_level(self, db: Database) -> None:
        own = await self.level(db)
        assert await self.level(db, isolation_level="READ UNCOMMITTED") == "READ-UNCOMMITTED"
        assert await self.level(db, isolation_level="AUTOCOMMIT") == own
        assert await self.level(db, isolation_level="SERIALIZABLE") == "SERIALIZABLE"
        assert await self.level(db) == own

    async def test_who_asks_for_the_mode_finds_it_as_it_should_be(self, db: Database) -> None:
        mode = text("SELECT @@autocommit")
        async with db.connect() as connection:
            assert await connection.scalar(mode) == 0
        async with db.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            assert await connection.scalar(mode) == 1

    async def test_a_two_phase_transaction_has_the_level_of_its_connection(
        self, db: Database
    ) -> None:
        item = Table("item", MetaData(), Column("id", Integer, primary_key=True))
        await db.create(item.metadata)
        async with db.connect() as connection, connection.begin():
            await connection.execute(insert(item), [{"id": 1}])

        begun: list[Any] = []

        def read(connection: Any) -> None:
            begun.append(connection.begin_twophase())
            connection.execute(select(item))

        async def locks_what_it_reads(**options: Any) -> bool:
            async with db.connect() as reader, db.connect() as other:
                await reader.execution_options(**options)
                await reader.run_sync(read)
                try:
                    await other.execute(LOCKED)
                except OperationalError:
                    return True
                finally:
                    await other.rollback()
                    await reader.run_sync(lambda _: begun.pop().rollback())
                return False

        # Only SERIALIZABLE makes a plain SELECT lock its rows.
        assert await locks_what_it_reads(isolation_level="SERIALIZABLE")
        assert not await locks_what_it_reads()
        assert not await locks_what_it_reads(isolation_level="READ COMMITTED")

    async def test_percent_signs_of_a_text_without_parameters_are_its_own(
        self, db: Database
    ) -> None:
        async with db.connect() as connection:
            result = await connection.exec_driver_sql(
                "SELECT '100%', '%s %% %(x)s'", execution_options={"no_parameters": True}
            )
            assert result.one() == ("100%", "%s %% %(x)s")


globals().update(through_each(LevelSuite))


@pytest.mark.parametrize("url", ["mysql+pymysql://h/d", "mariadb+mysqldb://h/d"])
def test_a_driver_that_blocks_is_refused_with_the_name_of_one_that_does_not(url: str) -> None:
    with pytest.raises(InvalidRequestError, match=rf"write '{url[:5]}\w*\+asyncmy://"):
        create_async_engine(url)


@pytest.mark.parametrize("driver", [each for each in DRIVERS if "aio" in each or "async" in each])
def test_a_driver_that_must_be_awaited_is_refused_by_create_engine(driver: str) -> None:
    with pytest.raises(InvalidRequestError, match="create_async_engine"):
        create_engine(f"{driver}://h/d")
