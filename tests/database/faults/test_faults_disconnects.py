"""The server is killed, or the network cut: no hang, the right error, and the pool goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faulty import Account, Site, account, attempts, count, fill_pool, insert_one

from ormolu.event import listen
from ormolu.exc import CommitUnknown, DBAPIError, OperationalError, PendingRollbackError
from ormolu.inspection import inspect
from ormolu.sql import insert, select, text
from ormolu.testing.conformance.suite import Database

ACCIDENTS: dict[str, Callable[[Site], None]] = {
    "killed": Site.revive,
    "restarted": lambda site: site.server.restart(),
    "cut": lambda site: site.proxy.cut(),
}
accidents = pytest.mark.parametrize("accident", ACCIDENTS.values(), ids=ACCIDENTS)
Accident = Callable[[Site], None]


def is_lost(error: BaseException) -> bool:
    """Whether an error says as it should that the connection is gone."""
    return (
        isinstance(error, DBAPIError)
        and not isinstance(error, CommitUnknown)
        and error.connection_invalidated
    )


@accidents
def test_idle_in_the_pool(site: Site, accident: Accident) -> None:
    async def scenario(db: Database) -> None:
        await fill_pool(db, 3)
        accident(site)
        errors = await attempts(db, 5)
        # A driver that hears of the end by itself spares its user even the one error.
        assert len(errors) <= 1 and all(map(is_lost, errors))
        assert await attempts(db, 5) == []
        # The one error was enough to replace all three.
        await fill_pool(db, 3)

    site.run(scenario, via=site.proxy, pool_size=3)


@accidents
def test_idle_in_the_pool_with_pre_ping(site: Site, accident: Accident) -> None:
    async def scenario(db: Database) -> None:
        await fill_pool(db, 3)
        accident(site)
        assert await attempts(db, 5) == []
        assert site.settled(site.clients, db.engine.pool.checkedin()) <= 3

    site.run(scenario, via=site.proxy, pool_size=3, pool_pre_ping=True)


@accidents
def test_between_statements_of_a_connection(site: Site, accident: Accident) -> None:
    async def scenario(db: Database) -> None:
        await fill_pool(db, 2)
        async with db.connect() as connection:
            await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            accident(site)
            with pytest.raises(OperationalError) as caught:
                await connection.execute(select(account))
            assert is_lost(caught.value) and connection.invalidated
            with pytest.raises(PendingRollbackError):
                await connection.execute(select(account))
            await connection.rollback()
            assert len((await connection.execute(select(account))).all()) == 2
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)
    assert site.owners() == ["ann", "bob"]


@accidents
def test_between_statements_of_a_session(site: Site, accident: Accident) -> None:
    async def scenario(db: Database) -> None:
        async with db.session() as session:
            ann = await session.get_one(Account, 1)
            session.add(cyd := Account(id=3, owner="cyd"))
            await session.flush()
            ann.balance = 5
            accident(site)
            with pytest.raises(OperationalError) as caught:
                await session.flush()
            assert is_lost(caught.value)
            with pytest.raises(PendingRollbackError):
                await session.execute(select(Account))
            await session.rollback()
            assert inspect(cyd).transient and inspect(ann).persistent
            # The same session goes on, on a new connection.
            session.add(cyd)
            await session.commit()
            assert await db.read(ann, "balance") == 0

    site.run(scenario, via=site.proxy)
    assert site.owners() == ["ann", "bob", "cyd"]


@accidents
def test_during_a_statement(site: Site, accident: Accident) -> None:
    heard: list[bool] = []

    async def scenario(db: Database) -> None:
        sync_engine = getattr(db.engine, "sync_engine", db.engine)
        listen(sync_engine, "handle_error", lambda context: heard.append(context.is_disconnect))
        await fill_pool(db, 2)
        async with db.connect() as connection:
            done = site.while_asleep(lambda: accident(site))
            with pytest.raises(OperationalError) as caught:
                await connection.execute(text(site.sleep))
            assert is_lost(caught.value) and connection.invalidated
            done.result()
        assert heard == [True]
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)


def test_the_query_that_never_arrived(site: Site) -> None:
    async def scenario(db: Database) -> None:
        await count(db)
        site.proxy.cut_when(b"lost on the way", forward=False)
        async with db.connect() as connection:
            with pytest.raises(OperationalError) as caught:
                await connection.execute(text("SELECT 'lost on the way'"))
            assert is_lost(caught.value)
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "is-lost"])
def test_during_the_commit_of_a_connection(site: Site, arrives: bool) -> None:
    async def scenario(db: Database) -> None:
        await fill_pool(db, 2)
        async with db.connect() as connection:
            await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            site.proxy.cut_when(b"COMMIT", forward=arrives)
            with pytest.raises(CommitUnknown) as caught:
                await connection.commit()
            assert caught.value.connection_invalidated
            assert not connection.in_transaction()
            # The connection goes on, in a new transaction.
            assert len((await connection.execute(select(account))).all()) == 2 + arrives
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)
    assert len(site.owners()) == 2 + arrives


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "is-lost"])
def test_during_the_commit_of_a_session(site: Site, arrives: bool) -> None:
    async def scenario(db: Database) -> None:
        await fill_pool(db, 2)
        async with db.session() as session:
            ann = await session.get_one(Account, 1)
            ann.balance = 7
            session.add(cyd := Account(id=3, owner="cyd"))
            site.proxy.cut_when(b"COMMIT", forward=arrives)
            with pytest.raises(CommitUnknown):
                await session.commit()
            await session.rollback()
            # What may be in the database already is not written again by itself.
            assert inspect(cyd).transient and not session.new
            await session.commit()
            assert await db.read(ann, "balance") == (7 if arrives else 0)

    site.run(scenario, via=site.proxy)
    assert len(site.owners()) == 2 + arrives


def test_server_killed_during_the_commit(site: Site) -> None:
    async def scenario(db: Database) -> bool:
        async with db.connect() as connection:
            await connection.execute(insert(account), {"id": 3, "owner": "cyd"})
            site.freeze()
            timer = site.after(0.1, site.revive)
            try:
                with pytest.raises(CommitUnknown):
                    await connection.commit()
            finally:
                timer.join()
        await insert_one(db, 4, "dan")
        return True

    assert site.run(scenario)
    assert [owner for owner in site.owners() if owner != "cyd"] == ["ann", "bob", "dan"]


def test_rollback_on_a_dead_connection_is_no_error(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.session() as session:
            session.add(Account(id=3, owner="cyd"))
            await session.flush()
            site.revive()
            await session.rollback()
            session.add(Account(id=4, owner="dan"))
            await session.commit()

    site.run(scenario)
    assert site.owners() == ["ann", "bob", "dan"]


def test_leaving_a_block_on_a_dead_connection(site: Site) -> None:
    async def scenario(db: Database) -> None:
        with pytest.raises(KeyError):
            async with db.session() as session:
                session.add(Account(id=3, owner="cyd"))
                await session.flush()
                site.revive()
                raise KeyError
        assert db.engine.pool.checkedout() == 0
        assert await count(db) == 2

    site.run(scenario)


def test_connections_opened_since_stay(site: Site) -> None:
    """The second victim of one accident doesn't cost the connections opened after it."""

    async def scenario(db: Database) -> None:
        first, second = db.connect(), db.connect()
        async with first, second:
            for connection in (first, second):
                await connection.execute(select(account))
            site.proxy.cut()
            with pytest.raises(OperationalError):
                await first.execute(select(account))
            await first.rollback()
            await first.execute(select(account))
            generation = db.engine.pool.generation
            with pytest.raises(OperationalError):
                await second.execute(select(account))
            assert db.engine.pool.generation == generation

    site.run(scenario, via=site.proxy)
