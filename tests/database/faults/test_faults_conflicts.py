"""Transactions that stand in each other's way, and statements that the server gives up."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from faulty import Account, Site, account, attempts, count

from ormolu.exc import DBAPIError, InvalidRequestError, OperationalError
from ormolu.sql import select, text, update
from ormolu.testing.conformance.suite import Database

WAIT = 20


def described(error: DBAPIError) -> tuple[Any, ...]:
    """What a program goes by."""
    return type(error), error.sqlstate, error.errno, error.connection_invalidated


def deposit(id_: int, amount: int) -> Any:
    """An UPDATE of one account."""
    return update(account).where(account.c.id == id_).values(balance=account.c.balance + amount)


def test_deadlock(site: Site) -> None:
    """One of two transactions is the victim; the other one commits, whole."""
    both_hold = threading.Barrier(2)

    def side(first: int, second: int) -> Any:
        async def scenario(db: Database) -> DBAPIError | None:
            async with db.session(on_exit="rollback") as session:
                await session.execute(deposit(first, 1))
                both_hold.wait(WAIT)
                try:
                    await session.execute(deposit(second, 1))
                    await session.commit()
                except OperationalError as error:
                    await session.rollback()
                    # The session goes on, and so does its connection.
                    assert (await session.get_one(Account, first)).id == first
                    return error
            return None

        return scenario

    errors = [error for error in site.together(side(1, 2), side(2, 1)) if error is not None]
    expected = site.by(("40P01", None), ("40001", 1213))
    assert [described(error) for error in errors] == [(OperationalError, *expected, False)]
    assert site.ask("SELECT balance FROM account ORDER BY id") == [["1"], ["1"]]
    assert site.in_transaction() == 0


@pytest.mark.drivers("mysql")
def test_deadlock_victim_cannot_commit_the_rest(site: Site) -> None:
    """MySQL rolls the whole transaction back by itself: a commit must not pretend otherwise."""
    both_hold, done = threading.Barrier(2), threading.Event()

    def side(first: int, second: int) -> Any:
        async def scenario(db: Database) -> bool:
            async with db.connect() as connection:
                await connection.execute(deposit(first, 1))
                both_hold.wait(WAIT)
                try:
                    await connection.execute(deposit(second, 1))
                except OperationalError:
                    with pytest.raises(InvalidRequestError, match="rolled this transaction back"):
                        await connection.commit()
                    done.set()
                    return False
                done.wait(WAIT)
                await connection.commit()
            return True

        return scenario

    assert sorted(site.together(side(1, 2), side(2, 1))) == [False, True]
    assert site.ask("SELECT balance FROM account ORDER BY id") == [["1"], ["1"]]


@pytest.mark.drivers("postgresql")
def test_serialization_failure(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as one, db.connect() as other:
            await one.execution_options(isolation_level="REPEATABLE READ")
            await one.execute(select(account))
            await other.execute(deposit(1, 5))
            await other.commit()
            with pytest.raises(OperationalError) as caught:
                await one.execute(deposit(1, 1))
            assert described(caught.value) == (OperationalError, "40001", None, False)
            await one.rollback()
            # Run again from its beginning, it succeeds.
            await one.execute(deposit(1, 1))
            await one.commit()

    site.run(scenario)
    assert site.ask("SELECT balance FROM account WHERE id = 1") == [["6"]]


@pytest.mark.drivers("postgresql")
def test_serialization_failure_that_shows_at_the_commit(site: Site) -> None:
    """Each of two transactions writes what the other has read: COMMIT is refused, and known to be.

    https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE
    """

    async def scenario(db: Database) -> None:
        async with db.session() as one, db.session() as other:
            level = {"isolation_level": "SERIALIZABLE"}
            for session, id_ in ((one, 1), (other, 2)):
                await session.connection(execution_options=level)
                await session.execute(select(account))
                (await session.get_one(Account, id_)).balance = 5
                await session.flush()
            await one.commit()
            with pytest.raises(OperationalError) as caught:
                await other.commit()
            # Not CommitUnknown: the server has answered.
            assert described(caught.value) == (OperationalError, "40001", None, False)
            await other.rollback()
            # Run again from its beginning, it succeeds.
            (await other.get_one(Account, 2)).balance = 6
            await other.commit()

    site.run(scenario)
    assert site.ask("SELECT balance FROM account ORDER BY id") == [["5"], ["6"]]


@pytest.mark.drivers("mysql")
def test_row_that_changed_since_the_snapshot(site: Site) -> None:
    """MariaDB's ``innodb_snapshot_isolation``: it rolls the transaction back by itself.

    MySQL changes the row as it is now, whatever was read.
    https://mariadb.com/kb/en/innodb-system-variables/#innodb_snapshot_isolation
    https://dev.mysql.com/doc/refman/9.4/en/innodb-consistent-read.html
    """

    async def as_it_is_now(db: Database) -> None:
        async with db.connect() as one, db.connect() as other:
            await one.execute(deposit(2, 7))
            seen = (await one.execute(select(account))).all()
            await other.execute(deposit(1, 5))
            await other.commit()
            await one.execute(select(account))
            assert (await one.execute(select(account))).all() == seen
            await one.execute(deposit(1, 1))
            await one.commit()

    async def scenario(db: Database) -> None:
        async with db.connect() as one, db.connect() as other:
            await one.execute(text("SET innodb_snapshot_isolation = 1"))
            await one.execute(deposit(2, 7))
            await one.execute(select(account))
            await other.execute(deposit(1, 5))
            await other.commit()
            with pytest.raises(OperationalError) as caught:
                await one.execute(deposit(1, 1))
            assert described(caught.value) == (OperationalError, "HY000", 1020, False)
            with pytest.raises(InvalidRequestError, match="rolled this transaction back"):
                await one.commit()
            await one.rollback()
            # Run again from its beginning, it succeeds.
            await one.execute(deposit(1, 1))
            await one.commit()

    site.run(scenario if site.is_mariadb else as_it_is_now)
    kept = "0" if site.is_mariadb else "7"
    assert site.ask("SELECT balance FROM account ORDER BY id") == [["6"], [kept]]


def test_lock_timeout(site: Site) -> None:
    async def scenario(db: Database) -> None:
        setting = site.by("SET lock_timeout = 50", "SET innodb_lock_wait_timeout = 1")
        async with db.connect() as one, db.connect() as other:
            await one.execute(deposit(1, 1))
            await other.execute(text(setting))
            with pytest.raises(OperationalError) as caught:
                await other.execute(deposit(1, 1))
            expected = site.by(("55P03", None), ("HY000", 1205))
            assert described(caught.value) == (OperationalError, *expected, False)
            await other.rollback()
            await one.commit()
            await other.execute(deposit(1, 1))
            await other.commit()

    site.run(scenario)
    assert site.ask("SELECT balance FROM account WHERE id = 1") == [["2"]]


@pytest.mark.drivers("mysql")
def test_lock_timeout_ends_the_statement_alone(site: Site) -> None:
    """What the transaction did before is still there to be committed, as MySQL has it."""

    async def scenario(db: Database) -> None:
        async with db.connect() as one, db.connect() as other:
            await one.execute(deposit(1, 1))
            await other.execute(text("SET innodb_lock_wait_timeout = 1"))
            await other.execute(deposit(2, 7))
            with pytest.raises(OperationalError):
                await other.execute(deposit(1, 1))
            await other.commit()

    site.run(scenario)
    assert site.ask("SELECT balance FROM account ORDER BY id") == [["0"], ["7"]]


def test_no_wait_for_a_lock(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as one, db.connect() as other:
            await one.execute(deposit(1, 1))
            locking = select(account).where(account.c.id == 1).with_for_update(nowait=True)
            with pytest.raises(OperationalError) as caught:
                await other.execute(locking)
            assert caught.value.sqlstate == site.by("55P03", "HY000")

    site.run(scenario)


def test_statement_timeout(site: Site) -> None:
    setting = site.by(
        "SET statement_timeout = 50",
        "SET max_statement_time = 0.05",
        "SET max_execution_time = 50",
    )

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(text(setting))
            await connection.commit()
            with pytest.raises(OperationalError) as caught:
                await connection.execute(text(site.sleep))
            expected = site.by(("57014", None), ("70100", 1969), ("HY000", 3024))
            assert described(caught.value) == (OperationalError, *expected, False)
            await connection.rollback()
            assert await connection.scalar(select(1)) == 1

    site.run(scenario)


def test_statement_cancelled_by_the_server(site: Site) -> None:
    def cancel() -> None:
        if site.is_postgresql:
            site.ask(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                f"WHERE query LIKE '%{site.nap}%' AND pid <> pg_backend_pid()"
            )
        else:
            (client,) = site.ask(
                "SELECT id FROM information_schema.processlist "
                f"WHERE info LIKE '%{site.nap}%' AND id <> connection_id()"
            )[0]
            site.ask(f"KILL QUERY {client}")

    async def scenario(db: Database) -> None:
        async with db.session() as session:
            await session.execute(deposit(1, 3))
            done = site.while_asleep(cancel)
            # SLEEP() itself returns 1 when it is interrupted; a query over it is an error.
            long = site.by(site.sleep, f"SELECT sum(sleep(30)) AS {site.nap} FROM account")
            with pytest.raises(OperationalError) as caught:
                await session.execute(text(long))
            done.result()
            expected = site.by(("57014", None), ("70100", 1317))
            assert described(caught.value) == (OperationalError, *expected, False)
            await session.rollback()
            assert (await session.get_one(Account, 1)).balance == 0

    site.run(scenario)


def test_connection_ended_by_the_server(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            done = site.while_asleep(site.end_clients)
            with pytest.raises(OperationalError) as caught:
                await connection.execute(text(site.sleep))
            assert caught.value.connection_invalidated
            done.result()
        assert len(await attempts(db, 3)) == 0

    site.run(scenario)


def test_error_in_a_savepoint_leaves_the_rest(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.session() as session:
            await session.execute(deposit(1, 3))
            with pytest.raises(DBAPIError):
                async with session.begin_nested():
                    await session.execute(deposit(2, 3))
                    await session.execute(text("SELECT nothing FROM nowhere"))
            await session.commit()
        assert await count(db) == 2

    site.run(scenario)
    assert site.ask("SELECT balance FROM account ORDER BY id") == [["3"], ["0"]]
