"""Two-phase transactions whose connection is lost: what was prepared stays, and can be ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faulty import Site, account, as_user, attempts

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


@pytest.mark.drivers("mysql")
def test_user_who_may_not_see_what_is_prepared(site: Site) -> None:
    """On MySQL the list needs ``XA_RECOVER_ADMIN``; ending one's own needs no list, nor right.

    https://dev.mysql.com/doc/refman/9.4/en/xa-statements.html
    """
    site.ask("DROP USER IF EXISTS plain@'%'")
    site.ask("CREATE USER plain@'%' IDENTIFIED BY 'plain'")
    site.ask("GRANT SELECT, INSERT ON test.* TO plain@'%'")

    def work(connection: Connection) -> None:
        transaction = connection.begin_twophase("unseen")
        connection.execute(insert(account), CYD)
        transaction.prepare()
        if site.is_mariadb:
            assert connection.recover_twophase() == ["unseen"]
        else:
            with pytest.raises(OperationalError) as caught:
                connection.recover_twophase()
            assert (caught.value.sqlstate, caught.value.errno) == ("XAE03", 1401)
        transaction.commit()

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.run_sync(work)

    try:
        site.run(scenario, connect_args=as_user(site, "plain"))
    finally:
        site.ask("DROP USER plain@'%'")
    assert site.owners() == ["ann", "bob", "cyd"]


@pytest.mark.drivers("mysql")
def test_session_that_prepared_goes_on(site: Site) -> None:
    """Since 8.0.29 MySQL detaches it from what it prepared; on MariaDB it has to end that first.

    https://dev.mysql.com/doc/refman/9.4/en/server-system-variables.html#sysvar_xa_detach_on_prepare
    """

    def work(connection: Connection) -> None:
        connection.exec_driver_sql("XA START 'aside'")
        connection.execute(insert(account), CYD)
        connection.exec_driver_sql("XA END 'aside'")
        connection.exec_driver_sql("XA PREPARE 'aside'")
        balances = text("SELECT count(*) FROM account")
        if site.is_mariadb:
            with pytest.raises(OperationalError) as caught:
                connection.execute(balances)
            assert (caught.value.sqlstate, caught.value.errno) == ("XAE07", 1399)
        else:
            assert connection.scalar(balances) == 2
        connection.exec_driver_sql("XA COMMIT 'aside'")
        assert connection.scalar(balances) == 3

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.run_sync(work)

    site.run(scenario)


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
