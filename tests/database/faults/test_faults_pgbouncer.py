"""PgBouncer in transaction mode: each transaction may be on another connection of the server.

What a connection of the server keeps from one transaction to the next (prepared statements,
``SET``, advisory locks, ``LISTEN``) can't be counted on. The documented options keep ormolu's
drivers from doing so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from faulty import Account, Site, account, attempts, count, insert_one

from ormolu.exc import OperationalError
from ormolu.sql import insert, select, text
from ormolu.testing.conformance.suite import Database
from ormolu.testing.servers import PgBouncer

pytestmark = pytest.mark.drivers("postgresql")

OPTIONS: dict[str, dict[str, Any]] = {
    "postgresql+psycopg": {"connect_args": {"prepare_threshold": None}},
    "postgresql+psycopg_async": {"connect_args": {"prepare_threshold": None}},
    "postgresql+asyncpg": {"connect_args": {"prepared_statement_cache_size": 0}},
}


@pytest.fixture
def bouncer(site: Site, start_server: Callable[..., Any]) -> PgBouncer:
    """A pooler with two connections to the server, for however many clients."""
    bouncer: PgBouncer = start_server(
        PgBouncer, site.server, pool_mode="transaction", settings={"default_pool_size": 2}
    )
    return bouncer


def options_of(site: Site, **more: Any) -> dict[str, Any]:
    """What the documentation says to write."""
    return {**OPTIONS[site.backend.name], **more}


def test_many_clients_share_few_connections(site: Site, bouncer: PgBouncer) -> None:
    """The same statements run again and again on whatever connection there is."""

    async def work(db: Database) -> int:
        found = 0
        for number in range(30):
            async with db.session() as session:
                session.add(Account(id=100 * threading.get_native_id() + number, owner="x"))
                found += len((await session.execute(select(account.c.id).limit(2))).all())
        return found

    counted = site.together(work, work, work, work, via=bouncer, **options_of(site))
    assert counted == [60] * 4
    assert int(site.ask("SELECT count(*) FROM account WHERE owner = 'x'")[0][0]) == 120


def test_interleaved_transactions(site: Site, bouncer: PgBouncer) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as one, db.connect() as other:
            for number in range(10):
                for connection, base in ((one, 1000), (other, 2000)):
                    row = {"id": base + number, "owner": "x"}
                    await connection.execute(insert(account), row)
                    await connection.execute(select(account).where(account.c.id == base))
                await one.commit()
                await other.commit()
        assert await count(db) == 22

    site.run(scenario, via=bouncer, **options_of(site))


def test_savepoints_and_rollbacks(site: Site, bouncer: PgBouncer) -> None:
    async def scenario(db: Database) -> None:
        async with db.session() as session:
            session.add(Account(id=3, owner="cyd"))
            await session.flush()
            with pytest.raises(KeyError):
                async with session.begin_nested():
                    session.add(Account(id=4, owner="dan"))
                    await session.flush()
                    raise KeyError
        await insert_one(db, 5, "eve")

    site.run(scenario, via=bouncer, **options_of(site))
    assert site.owners() == ["ann", "bob", "cyd", "eve"]


def test_settings_of_one_transaction(site: Site, bouncer: PgBouncer) -> None:
    """``SET LOCAL`` is what works: it ends with the transaction."""

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(text("SET LOCAL statement_timeout = 1234"))
            shown = await connection.scalar(text("SHOW statement_timeout"))
            assert shown == "1234ms"
            await connection.commit()
            assert await connection.scalar(text("SHOW statement_timeout")) == "0"

    site.run(scenario, via=bouncer, **options_of(site))


def test_isolation_levels(site: Site, bouncer: PgBouncer) -> None:
    """The level is part of BEGIN, and so of the transaction."""

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execution_options(isolation_level="SERIALIZABLE")
            shown = await connection.scalar(text("SHOW transaction_isolation"))
            assert shown == "serializable"
        async with db.connect() as connection:
            shown = await connection.scalar(text("SHOW transaction_isolation"))
            assert shown == "read committed"

    site.run(scenario, via=bouncer, **options_of(site))


def test_server_restarted_behind_the_pooler(site: Site, bouncer: PgBouncer) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(select(account))
            site.revive()
            with pytest.raises(OperationalError) as caught:
                await connection.execute(select(account))
            assert caught.value.connection_invalidated
        # The pooler's other connections are as dead: each may cost one error.
        assert len(await attempts(db, 6)) <= 2
        assert await attempts(db, 3) == []

    site.run(scenario, via=bouncer, **options_of(site))


def test_pooler_killed(site: Site, bouncer: PgBouncer) -> None:
    async def scenario(db: Database) -> None:
        assert await count(db) == 2
        bouncer.kill()
        with pytest.raises(OperationalError):
            while True:
                await count(db)
        bouncer.start()
        assert len(await attempts(db, 3)) <= 1
        assert await attempts(db, 3) == []

    site.run(scenario, via=bouncer, **options_of(site))
