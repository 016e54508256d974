"""What a session on the server is told or holds: character sets, time zones, locks, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from every_driver import DRIVERS, through_each

from ormolu import create_engine, text
from ormolu.exc import DBAPIError, OperationalError
from ormolu.ext.asyncio import create_async_engine
from ormolu.testing.conformance import Database, Suite
from ormolu.testing.servers import MySQLFamilyServer

COLLATION = text("SELECT @@collation_connection")


class SessionSuite(Suite):
    """Sessions, each on a connection of its own."""

    async def with_arguments(self, sql: str, **arguments: Any) -> tuple[Any, ...]:
        db = Database(self.make_engine(connect_args=arguments))
        try:
            async with db.connect() as connection:
                return tuple((await connection.execute(text(sql))).one())
        finally:
            await db.close()

    async def test_texts_are_compared_as_the_server_compares_them(self, db: Database) -> None:
        async with db.connect() as connection:
            shown = await connection.execute(text("SHOW CHARACTER SET LIKE 'utf8mb4'"))
            by_default = shown.one()[2]
            assert await connection.scalar(COLLATION) == by_default
            # MySQL's default counts spaces at the end, MariaDB's doesn't.
            padded = await connection.scalar(text("SELECT 'a ' = 'a'"))
            assert bool(padded) is db.engine.dialect.is_mariadb

    async def test_another_character_set(self, db: Database) -> None:
        sql = "SELECT @@character_set_client, 'häuser €', HEX('ä')"
        assert await self.with_arguments(sql, charset="latin1") == ("latin1", "häuser €", "E4")

    async def test_initial_command(self, db: Database) -> None:
        command = "SET time_zone = '+05:30', sql_mode = 'PIPES_AS_CONCAT'"
        found = await self.with_arguments("SELECT @@time_zone, 'a' || 'b'", init_command=command)
        assert found == ("+05:30", "ab")

    async def test_initial_command_that_is_refused(self, db: Database) -> None:
        with pytest.raises(DBAPIError) as caught:
            await self.with_arguments("SELECT 1", init_command="SET nothing_known = 1")
        assert (caught.value.errno, caught.value.sqlstate) == (1193, "HY000")

    async def test_moments_are_shown_in_the_sessions_time_zone(self, db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(text("SET time_zone = '+00:00'"))
            moment = await connection.scalar(text("SELECT UNIX_TIMESTAMP('2020-06-01 12:00:00')"))
            await connection.execute(text("SET time_zone = '+05:30'"))
            shown = await connection.scalar(text(f"SELECT FROM_UNIXTIME({int(moment)})"))
            assert str(shown) == "2020-06-01 17:30:00"
            with pytest.raises(OperationalError, match="Atlantis") as caught:
                await connection.execute(text("SET time_zone = 'Atlantis/Capital'"))
            assert caught.value.errno == 1298

    async def test_advisory_locks(self, db: Database) -> None:
        name = f"'{db.engine.url.database}'"  # they are the whole server's
        take, give = text(f"SELECT GET_LOCK({name}, 0)"), text(f"SELECT RELEASE_LOCK({name})")
        async with db.connect() as one, db.connect() as other:
            assert await one.scalar(take) == 1
            await one.rollback()  # no transaction's end ends them
            assert await other.scalar(take) == 0
            assert await other.scalar(give) == 0
            assert await one.scalar(give) == 1
            assert await other.scalar(take) == 1
            await other.invalidate()
            patient = text(f"SELECT GET_LOCK({name}, 10)")
            assert await one.scalar(patient) == 1  # it ended with its session

    async def test_states_of_errors_are_the_servers(self, db: Database) -> None:
        async with db.connect() as connection:
            for sql, errno, state in (
                ("SIGNAL SQLSTATE '45123'", 1644, "45123"),
                ("SELECT 1 FROM nowhere", 1146, "42S02"),
                ("SELECT", 1064, "42000"),
                ("SET SESSION lc_time_names = 'xx_XX'", 1649, "HY000"),
            ):
                with pytest.raises(DBAPIError) as caught:
                    await connection.execute(text(sql))
                assert (caught.value.errno, caught.value.sqlstate) == (errno, state)
                await connection.rollback()


class FilesSuite(Suite):
    """``LOAD DATA LOCAL``, which the client must have allowed, and the server too.

    When a client isn't asked, it allows nothing; mysqlclient does what its C library does. asyncmy
    fails at it: its version 0.2.18 can't read the name of the file.
    """

    async def load(
        self, server: MySQLFamilyServer, driver: str, path: Path, **arguments: Any
    ) -> list[str]:
        url = server.url(driver=driver)
        create = create_async_engine if self.is_async else create_engine
        db = Database(create(url, connect_args=arguments))
        try:
            async with db.connect() as connection:
                await connection.execute(text("CREATE TEMPORARY TABLE word (word TEXT)"))
                await connection.execute(text(f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE word"))
                return list((await connection.scalars(text("SELECT word FROM word"))).all())
        finally:
            await db.close()

    async def test_files_are_read_when_both_sides_allow_it(
        self, db: Database, private_mysql: MySQLFamilyServer, tmp_path: Path
    ) -> None:
        path, driver = tmp_path / "words", db.engine.url.drivername
        path.write_text("one\ntwo\n")
        private_mysql.execute("SET GLOBAL local_infile = 1")
        assert await self.load(private_mysql, driver, path, local_infile=True) == ["one", "two"]
        with pytest.raises(DBAPIError):
            await self.load(private_mysql, driver, path, local_infile=False)
        private_mysql.execute("SET GLOBAL local_infile = 0")
        with pytest.raises(DBAPIError):
            await self.load(private_mysql, driver, path, local_infile=True)


globals().update(through_each(SessionSuite))
globals().update(
    through_each(FilesSuite, drivers=tuple([name for name in DRIVERS if name != "mysql+asyncmy"]))
)
