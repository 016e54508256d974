"""Accidents of encrypted connections: TLS has errors, and a way to close, of its own.

MySQL makes itself a certificate. A private MariaDB has none, and its connections are plain ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from faulty import Site, account, attempts, count, fill_pool

from ormolu.exc import DBAPIError, OperationalError
from ormolu.sql import select, text
from ormolu.testing.conformance.suite import Database

pytestmark = pytest.mark.drivers("mysql")
ACCIDENTS: dict[str, Callable[[Site], None]] = {
    "killed": Site.revive,
    "cut": lambda site: site.proxy.cut(),
}
accidents = pytest.mark.parametrize("accident", ACCIDENTS.values(), ids=ACCIDENTS)


def encrypted(site: Site) -> dict[str, Any]:
    """How to connect through the proxy, by TLS if the server has it."""
    if site.is_mariadb:
        return {"via": site.proxy}
    ca = str(site.server.folder / "data" / "ca.pem")
    options: dict[str, Any] = {"ssl": {"ca": ca, "check_hostname": False}}
    if site.backend.package == "PyMySQL":
        options["ssl_disabled"] = False
    return {"via": site.proxy, "connect_args": options}


async def assert_encrypted(site: Site, db: Database) -> None:
    async with db.connect() as connection:
        found = (await connection.execute(text("SHOW STATUS LIKE 'Ssl_cipher'"))).one()
        assert found[1].startswith("TLS") is not site.is_mariadb


def is_lost(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError) and error.connection_invalidated


@accidents
def test_idle_in_the_pool(site: Site, accident: Callable[[Site], None]) -> None:
    async def scenario(db: Database) -> None:
        await assert_encrypted(site, db)
        await fill_pool(db, 3)
        accident(site)
        errors = await attempts(db, 5)
        assert len(errors) <= 1 and all(map(is_lost, errors))

    site.run(scenario, **encrypted(site), pool_size=3)


@accidents
def test_during_a_statement(site: Site, accident: Callable[[Site], None]) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            done = site.while_asleep(lambda: accident(site))
            with pytest.raises(OperationalError) as caught:
                await connection.execute(text(site.sleep))
            done.result()
            assert is_lost(caught.value)
            await connection.rollback()
            assert len((await connection.execute(select(account))).all()) == 2

    site.run(scenario, **encrypted(site))


@pytest.mark.drivers("async")
def test_the_loop_ends_right_after_a_statement_was_cancelled(site: Site) -> None:
    """Nothing waits for the server's last word, and no socket is left open."""

    async def scenario(db: Database) -> None:
        await count(db)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), db.connect() as connection:
                await connection.execute(text(site.sleep))

    site.run(scenario, **encrypted(site))
    assert site.settled(lambda: site.clients("command <> 'Query'")) == 0


@pytest.mark.drivers("async")
def test_half_open_connection(site: Site) -> None:
    """The network swallows everything, the last word too."""

    async def scenario(db: Database) -> None:
        await count(db)
        site.proxy.stall()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), db.connect() as connection:
                await connection.execute(select(account))
        site.proxy.flow()
        assert await attempts(db, 3) == []

    site.run(scenario, **encrypted(site))
