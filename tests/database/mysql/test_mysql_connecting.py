"""Ways to connect, and sessions whose mode changes the language."""

from __future__ import annotations

from typing import Any

from every_driver import through_each

from ormolu import (
    Column,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    literal,
    literal_column,
    select,
    text,
)
from ormolu.ext.asyncio import create_async_engine
from ormolu.testing.conformance import Database, Suite
from ormolu.testing.servers import MySQLFamilyServer


class ConnectingSuite(Suite):
    """Ways to connect, and sessions that aren't the usual ones."""

    async def _asked(self, url: str, sql: str, **options: Any) -> Any:
        db = Database((create_async_engine if self.is_async else create_engine)(url, **options))
        try:
            async with db.connect() as connection:
                return await connection.scalar(text(sql))
        finally:
            await db.close()

    async def test_all_of_unicode(self, db: Database) -> None:
        async with db.connect() as connection:
            for name in ("client", "connection", "results"):
                sql = text(f"SELECT @@character_set_{name}")
                assert await connection.scalar(sql) == "utf8mb4"

    async def test_option_file(self, db: Database) -> None:
        url = db.engine.url
        lines = {"user": url.username, "password": url.password, "host": url.host, "port": url.port}
        path = self.folder / "my.cnf"
        path.write_text("[shop]\n" + "\n".join(f"{key}={value}" for key, value in lines.items()))
        query = f"read_default_file={path}&read_default_group=shop"
        address = f"{url.drivername}:///{url.database}?{query}"
        assert await self._asked(address, "SELECT DATABASE()") == url.database

    async def test_unix_socket(self, db: Database, private_mysql: MySQLFamilyServer) -> None:
        server = private_mysql
        address = (
            f"{db.engine.url.drivername}://{server.user}:{server.password}@/test"
            f"?unix_socket={server.socket}"
        )
        host = "SELECT host FROM information_schema.processlist WHERE id = CONNECTION_ID()"
        assert await self._asked(address, host) == "localhost"

    async def test_sql_modes_that_change_the_language(self, db: Database) -> None:
        modes = "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"
        metadata = MetaData()
        odd = Table("select", metadata, Column("order", String(20), comment="a\\b"))
        other = Database(self.make_engine(connect_args={"init_command": modes}))
        try:
            await other.create(metadata)
            async with other.connect() as connection:
                await connection.execute(insert(odd), [{"order": "a\\"}, {"order": "'\\''"}])
                await connection.execute(insert(odd).values(order=literal_column("'\\'")))
                found = await connection.scalars(select(odd.c.order))
                assert found.all() == ["a\\", "'\\''", "\\"]
                inlined = select(odd.c.order).where(odd.c.order == literal("'\\''"))
                sql = inlined.compile(
                    dialect=other.engine.dialect, compile_kwargs={"literal_binds": True}
                )
                assert len((await connection.exec_driver_sql(str(sql))).all()) == 1
        finally:
            await other.close()

    async def test_a_creator_opens_the_connections(self, db: Database) -> None:
        url, dialect = db.engine.url, db.engine.dialect
        options = dialect.connect_args(url)[1]
        module = dialect.load_driver()

        async def create_async() -> Any:
            return (await module.connect(**options)).raw

        how: dict[str, Any] = {"creator": lambda: module.connect(**options).raw}
        if self.is_async:
            how = {"async_creator": create_async}
        found = await self._asked(f"{url.drivername}://", "SELECT DATABASE()", **how)
        assert found == url.database


globals().update(through_each(ConnectingSuite))
