"""Servers that can't be reached, are full, start, end or write nothing, and networks that hang."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pymysql
import pytest
from faulty import Site, account, as_user, attempts, count

from backends import MySQLOfTheRun
from ormolu.exc import DBAPIError, OperationalError
from ormolu.ext.asyncio import AsyncEngine
from ormolu.io import async_loop
from ormolu.sql import insert, select, text
from ormolu.testing.conformance.suite import Database
from ormolu.testing.servers import PostgreSQLServer


def connect_timeout(site: Site, seconds: int) -> dict[str, Any]:
    """The driver's own option, under the name that it has there."""
    name = "timeout" if site.backend.name == "postgresql+asyncpg" else "connect_timeout"
    return {"connect_args": {name: seconds}}


def test_nobody_listens(site: Site) -> None:
    async def scenario(db: Database) -> None:
        site.server.stop()
        for _ in range(3):
            with pytest.raises(OperationalError):
                await count(db)
        assert db.engine.pool.checkedout() == 0
        site.server.start()
        assert await count(db) == 2

    site.run(scenario, pool_size=1, max_overflow=0, pool_timeout=5)


def test_connect_timeout(site: Site) -> None:
    async def scenario(db: Database) -> None:
        site.proxy.stall()
        begun = time.monotonic()
        with pytest.raises(OperationalError):
            await count(db)
        assert time.monotonic() - begun < 15
        assert db.engine.pool.checkedout() == 0
        site.proxy.flow()
        assert await attempts(db, 2) == []

    # libpq takes no less than two seconds.
    site.run(scenario, via=site.proxy, pool_size=1, max_overflow=0, **connect_timeout(site, 2))


def test_server_at_its_connection_limit(site: Site, start_server: Callable[..., Any]) -> None:
    if site.is_postgresql:
        settings = {"max_connections": 4, "superuser_reserved_connections": 0}
        site.server = start_server(PostgreSQLServer, settings=settings)
    else:
        site.server = start_server(MySQLOfTheRun, settings={"max_connections": 10})
    site.create()

    async def scenario(db: Database) -> None:
        held = []
        with pytest.raises(OperationalError) as caught:
            for _ in range(12):
                connection = db.connect()
                await connection.__aenter__()
                held.append(connection)
        expected = site.by(("53300", None), ("08004", 1040))
        assert (caught.value.sqlstate, caught.value.errno) == expected
        assert db.engine.pool.checkedout() == len(held)
        await held.pop().__aexit__(None, None, None)
        # A place is free again, and the pool has noticed.
        assert await count(db) == 2
        for connection in held:
            await connection.__aexit__(None, None, None)

    site.run(scenario, pool_size=12)


def test_user_at_his_connection_limit(site: Site) -> None:
    """The limit of one user, or role, which the server has besides its own."""
    if site.is_postgresql:
        site.ask("CREATE ROLE limited LOGIN PASSWORD 'limited' CONNECTION LIMIT 1")
    else:
        site.ask("DROP USER IF EXISTS limited@'%'")
        site.ask("CREATE USER limited@'%' IDENTIFIED BY 'limited' WITH MAX_USER_CONNECTIONS 1")
        site.ask("GRANT SELECT ON test.* TO limited@'%'")

    async def scenario(db: Database) -> None:
        async with db.connect():
            with pytest.raises(OperationalError) as caught:
                async with db.connect():
                    raise AssertionError
        expected = site.by(("53300", None), ("42000", 1226))
        assert (caught.value.sqlstate, caught.value.errno) == expected
        assert db.engine.pool.checkedout() == 0
        async with db.connect() as connection:
            assert await connection.scalar(select(1)) == 1

    try:
        site.run(scenario, connect_args=as_user(site, "limited"))
    finally:
        site.ask(site.by("DROP ROLE limited", "DROP USER limited@'%'"))


@pytest.mark.drivers("postgresql")
def test_server_that_is_shutting_down(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(select(1))
            assert site.server.pid is not None
            os.kill(site.server.pid, signal.SIGTERM)  # waits for this client
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                try:
                    await count(db)
                except OperationalError as error:
                    assert error.sqlstate == "57P03"
                    break
            # Who is connected already may finish.
            await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            await connection.commit()

    site.run(scenario, pool_size=1)
    site.server.stop()
    site.server.start()
    assert site.owners() == ["ann", "bob", "cyd"]


def test_read_only_transaction(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            statement = site.by(
                "SET default_transaction_read_only = on", "SET SESSION TRANSACTION READ ONLY"
            )
            await connection.execute(text(statement))
            await connection.commit()
            with pytest.raises(DBAPIError) as caught:
                await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            expected = site.by(("25006", None), ("25006", 1792))
            assert (caught.value.sqlstate, caught.value.errno) == expected
            assert not caught.value.connection_invalidated
            await connection.rollback()
            assert len((await connection.execute(select(account))).all()) == 2

    site.run(scenario)


def test_read_only_server(site: Site) -> None:
    if site.is_postgresql:
        site.ask("ALTER SYSTEM SET default_transaction_read_only = on")
        site.ask("SELECT pg_reload_conf()")
    else:
        site.ask("DROP USER IF EXISTS plain@'%'")
        site.ask("CREATE USER plain@'%' IDENTIFIED BY 'plain'")
        site.ask("GRANT SELECT, INSERT ON test.* TO plain@'%'")
        site.ask("SET GLOBAL read_only = 1")
    options = {} if site.is_postgresql else as_user(site, "plain")

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(DBAPIError) as caught:
                await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            expected = site.by(("25006", None), ("HY000", 1290))
            assert (caught.value.sqlstate, caught.value.errno) == expected
            await connection.rollback()
            assert len((await connection.execute(select(account))).all()) == 2

    try:
        site.run(scenario, connect_args=options)
    finally:
        if site.is_postgresql:
            site.ask("ALTER SYSTEM RESET default_transaction_read_only")
            site.ask("SELECT pg_reload_conf()")
        else:
            site.ask("SET GLOBAL read_only = 0")
            site.ask("DROP USER plain@'%'")


@pytest.mark.drivers("mysql")
def test_read_only_server_and_its_administrator(site: Site) -> None:
    """MySQL's ``super_read_only`` is for everybody; MariaDB has ``read_only`` alone.

    https://dev.mysql.com/doc/refman/9.4/en/server-system-variables.html#sysvar_super_read_only
    """
    variable = site.by("", "read_only", "super_read_only")
    site.ask(f"SET GLOBAL {variable} = 1")

    async def refused(db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(OperationalError, match="read-only") as caught:
                await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            assert (caught.value.sqlstate, caught.value.errno) == ("HY000", 1290)
            assert not caught.value.connection_invalidated
            await connection.rollback()
            assert len((await connection.execute(select(account))).all()) == 2

    async def allowed(db: Database) -> None:
        async with db.connect() as connection, connection.begin():
            await connection.execute(insert(account), {"id": 3, "owner": "cyd"})

    try:
        site.run(allowed if site.is_mariadb else refused)
    finally:
        site.ask(f"SET GLOBAL {variable} = 0")
        site.ask("SET GLOBAL read_only = 0")
    assert site.owners() == ["ann", "bob", *(["cyd"] if site.is_mariadb else [])]


@pytest.mark.drivers("mysql")
def test_server_that_is_taken_offline(site: Site) -> None:
    """MySQL's ``offline_mode`` ends all but its administrators; MariaDB has no such thing.

    https://dev.mysql.com/doc/refman/9.4/en/server-system-variables.html#sysvar_offline_mode
    """
    if site.is_mariadb:
        with pytest.raises(pymysql.OperationalError, match="offline_mode"):
            site.ask("SET GLOBAL offline_mode = 1")
        return
    site.ask("DROP USER IF EXISTS plain@'%'")
    site.ask("CREATE USER plain@'%' IDENTIFIED BY 'plain'")
    site.ask("GRANT SELECT, INSERT ON test.* TO plain@'%'")

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            site.ask("SET GLOBAL offline_mode = 1")
            with pytest.raises(OperationalError) as caught:
                await connection.execute(select(account))
            assert caught.value.connection_invalidated
            await connection.rollback()
            with pytest.raises(OperationalError) as caught:
                await connection.execute(select(account))
            assert (caught.value.sqlstate, caught.value.errno) == ("HY000", 3032)
            site.ask("SET GLOBAL offline_mode = 0")
            await connection.rollback()
            assert len((await connection.execute(select(account))).all()) == 2

    try:
        site.run(scenario, connect_args=as_user(site, "plain"))
    finally:
        site.ask("SET GLOBAL offline_mode = 0")
        site.ask("DROP USER plain@'%'")


@pytest.mark.drivers("mysql")
@pytest.mark.parametrize("pings", [True, False], ids=["pre-ping", "no-ping"])
def test_server_that_hung_up_on_an_idle_connection(site: Site, pings: bool) -> None:
    """``wait_timeout``; MySQL sends an error before it hangs up, which nobody has asked for.

    https://dev.mysql.com/doc/mysql-errors/9.4/en/server-error-reference.html (4031)
    """

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(text("SET SESSION wait_timeout = 1"))
        assert site.settled(site.clients, 0) == 0
        errors = await attempts(db, 3)
        assert len(errors) <= (0 if pings else 1)
        assert all(isinstance(error, OperationalError) for error in errors)
        assert all(error.connection_invalidated for error in errors)

    site.run(scenario, pool_pre_ping=pings)


@pytest.mark.drivers("async")
def test_half_open_connection_and_asyncio_timeout(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network swallows everything: the task's own time limit ends the wait."""
    monkeypatch.setattr(async_loop, "CLEAN_UP_LIMIT", 0.5)

    async def scenario(db: Database) -> None:
        await count(db)
        site.proxy.stall()
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), db.connect() as connection:
                await connection.execute(select(account))
        assert time.monotonic() - begun < 30
        assert db.engine.pool.checkedout() == 0
        site.proxy.flow()
        assert await attempts(db, 3) == []
        assert db.engine.pool.checkedout() == 0

    site.run(scenario, via=site.proxy)


@pytest.mark.drivers("async")
def test_half_open_connection_and_a_limit_around_a_session(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(async_loop, "CLEAN_UP_LIMIT", 0.5)

    async def scenario(db: Database) -> None:
        async with db.session(on_exit="rollback") as session:
            await session.execute(select(account))
            site.proxy.sever()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await session.execute(select(account))
            await session.rollback()
            assert len((await session.execute(select(account))).all()) == 2

    site.run(scenario, via=site.proxy)


@pytest.mark.drivers("limited")
def test_half_open_connection_and_the_drivers_timeout(site: Site) -> None:
    """The network swallows everything, and the driver's own limit ends the statement."""
    option = {"connect_args": {site.by("command_timeout", "read_timeout"): 1}}

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(select(account))
            site.proxy.stall()
            with pytest.raises(OperationalError) as caught:
                await connection.execute(select(account))
            # asyncpg has asked the server to cancel, and learns the rest with the next statement.
            assert caught.value.connection_invalidated or site.is_postgresql
        assert db.engine.pool.checkedout() == 0
        site.proxy.flow()
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy, **option)


@pytest.mark.drivers("libpq")
def test_limits_of_the_kernel_reach_libpq(site: Site) -> None:
    """``tcp_user_timeout`` and keepalives are libpq's options."""

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            raw = (
                (await connection.get_raw_connection()).driver_connection
                if db.is_async
                else (connection.connection.driver_connection)
            )
            assert raw.info.get_parameters()["tcp_user_timeout"] == "2000"

    site.run(scenario, connect_args={"tcp_user_timeout": 2000})


def test_pool_that_waits_for_a_connection_times_out(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect():
            with pytest.raises(Exception, match="QueuePool limit") as caught:
                await count(db)
            assert type(caught.value).__name__ == "TimeoutError"
        assert await count(db) == 2

    site.run(scenario, pool_size=1, max_overflow=0, pool_timeout=0.05)


def test_engines_are_disposed_while_connections_are_out(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(select(1))
            if isinstance(db.engine, AsyncEngine):
                await db.engine.dispose()
            else:
                db.engine.dispose()
            assert len((await connection.execute(select(account))).all()) == 2
        assert await count(db) == 2

    site.run(scenario)
    assert site.settled(site.clients) == 0


def test_no_thread_is_left(site: Site) -> None:
    before = threading.active_count()

    async def scenario(db: Database) -> None:
        assert await count(db) == 2

    site.run(scenario)
    assert threading.active_count() == before
