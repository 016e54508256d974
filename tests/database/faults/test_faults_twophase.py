"""Two-phase transactions whose connection is lost: what was prepared stays, and can be ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faulty import Site, account, attempts

from ormolu import Connection
from ormolu.exc import CommitUnknown, OperationalError
from ormolu.sql import insert, text, update
from ormolu.testing.conformance.suite import Database

CYD = {"id": 3, "owner": "cyd"}


def run(site: Site, work: Callable[[Connection], None]) -> None:
    """Call a function with a connection that reaches its server through the proxy."""

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.run_sync(work)
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)


def test_lost_before_it_is_prepared(site: Site) -> None:
    def work(connection: Connection) -> None:
        connection.begin_twophase("lost")
        connection.execute(insert(account), CYD)
        site.proxy.cut()
        with pytest.raises(OperationalError) as caught:
            connection.execute(insert(account), CYD)
        assert caught.value.connection_invalidated
        connection.rollback()
        assert "lost" not in connection.recover_twophase()

    run(site, work)
    assert site.owners() == ["ann", "bob"]


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "is-lost"])
def test_lost_while_it_is_prepared(site: Site, arrives: bool) -> None:
    """PREPARE is no COMMIT: nothing is in the database, but it may wait there to be ended."""
    pattern = site.by(b"PREPARE TRANSACTION", b"XA PREPARE")

    def work(connection: Connection) -> None:
        transaction = connection.begin_twophase("halfway")
        connection.execute(insert(account), CYD)
        site.proxy.cut_when(pattern, forward=arrives)
        with pytest.raises(OperationalError) as caught:
            transaction.prepare()
        assert not isinstance(caught.value, CommitUnknown)
        transaction.rollback()
        assert ("halfway" in connection.recover_twophase()) is arrives

    run(site, work)
    assert site.owners() == ["ann", "bob"]


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "is-lost"])
def test_lost_while_what_was_prepared_is_committed(site: Site, arrives: bool) -> None:
    pattern = site.by(b"COMMIT PREPARED", b"XA COMMIT")

    def work(connection: Connection) -> None:
        transaction = connection.begin_twophase("decided")
        connection.execute(insert(account), CYD)
        transaction.prepare()
        site.proxy.cut_when(pattern, forward=arrives)
        with pytest.raises(CommitUnknown):
            transaction.commit()
        # Whoever coordinates looks which transactions are still there, and ends them.
        waiting = connection.recover_twophase()
        assert ("decided" in waiting) is not arrives
        if not arrives:
            connection.rollback()
            connection.commit_prepared("decided", recover=True)
        assert "decided" not in connection.recover_twophase()

    run(site, work)
    assert site.owners() == ["ann", "bob", "cyd"]


def test_server_killed_after_it_was_prepared(site: Site) -> None:
    def work(connection: Connection) -> None:
        transaction = connection.begin_twophase("survivor")
        connection.execute(insert(account), CYD)
        transaction.prepare()
        site.revive()
        with pytest.raises(CommitUnknown):
            transaction.commit()
        assert connection.recover_twophase() == ["survivor"]
        connection.rollback()
        connection.commit_prepared("survivor", recover=True)

    run(site, work)
    assert site.owners() == ["ann", "bob", "cyd"]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_locks_of_a_prepared_transaction_that_lost_its_client(site: Site, end: str) -> None:
    """They are held until somebody ends it, from whatever connection."""
    change = update(account).where(account.c.id == 1).values(balance=account.c.balance + 1)
    impatient = site.by("SET lock_timeout = 50", "SET innodb_lock_wait_timeout = 1")

    def work(connection: Connection) -> None:
        transaction = connection.begin_twophase("orphan")
        connection.execute(change)
        transaction.prepare()
        site.proxy.cut()
        with pytest.raises(CommitUnknown):
            transaction.commit()

        connection.execute(text(impatient))
        with pytest.raises(OperationalError) as caught:
            connection.execute(change)
        assert (caught.value.sqlstate, caught.value.errno) == site.by(
            ("55P03", None), ("HY000", 1205)
        )
        connection.rollback()

        assert connection.recover_twophase() == ["orphan"]
        connection.rollback()
        if end == "commit":
            connection.commit_prepared("orphan", recover=True)
        else:
            connection.rollback_prepared("orphan", recover=True)
        connection.execute(change)
        connection.commit()

    run(site, work)
    changes = 2 if end == "commit" else 1
    assert site.ask("SELECT balance FROM account WHERE id = 1") == [[str(changes)]]


@pytest.mark.parametrize("xid", ["it's", "50%", "%s of :all"])
def test_name_with_signs_that_mean_something_to_drivers(site: Site, xid: str) -> None:
    def work(connection: Connection) -> None:
        transaction = connection.begin_twophase(xid)
        connection.execute(insert(account), CYD)
        transaction.prepare()
        assert connection.recover_twophase() == [xid]
        transaction.commit()

    run(site, work)
    assert site.owners() == ["ann", "bob", "cyd"]
