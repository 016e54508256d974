"""Rows that are left with the server, and an accident before they are fetched."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from faulty import TRANSACTIONS, Site, account, attempts, raw_mysql

from backends.series import numbers
from ormolu import Connection
from ormolu.exc import DBAPIError, OperationalError
from ormolu.sql import insert, select, text
from ormolu.testing.conformance.suite import Database

# More than the networks' buffers hold.
MANY = 20_000


def streamed(connection: Connection, sql: str) -> Any:
    """Run a query whose rows are fetched one by one."""
    options = {"stream_results": True, "max_row_buffer": 1}
    return connection.execute(text(sql), execution_options=options)


def run(site: Site, work: Callable[[Connection], None], **options: Any) -> None:
    """Call a function with a connection; afterwards the pool goes on, with no place lost."""

    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.run_sync(work)
        assert db.engine.pool.checkedout() == 0
        assert len(await attempts(db, 3)) <= 1
        assert await attempts(db, 3) == []

    site.run(scenario, pool_size=1, max_overflow=0, **options)


def many_rows(site: Site) -> str:
    """A query with more rows than fit on the way."""
    wide = "repeat('x', 5000)"
    return site.by(
        f"SELECT n, {wide} FROM generate_series(1, {MANY}) AS n",
        f"SELECT 1, {wide} AS {site.nap} FROM {numbers(1000, 'a')}, {numbers(MANY // 1000, 'b')}",
    )


def slow_rows(site: Site) -> str:
    """Rows that come at once, and others for which the server sleeps."""
    wide = "repeat('x', 50000)"
    return site.by(
        f"SELECT n, {wide}, pg_sleep(CASE WHEN n > 5 THEN 30 ELSE 0 END)::text "
        "FROM generate_series(1, 10) AS n",
        f"SELECT seq, {wide}, sleep(IF(seq > 5, 30, 0)) FROM {numbers(10)}",
    )


def cancel(site: Site, condition: str) -> None:
    """Have the server give up what clients run."""
    if site.is_postgresql:
        site.ask(f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {condition}")
        return
    clients = site.ask(
        f"SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND {condition}"
    )
    for (client,) in clients:
        site.ask(f"KILL QUERY {client}")


@pytest.mark.parametrize("wanted", [True, False], ids=["read-on", "closed"])
@pytest.mark.parametrize("accident", [Site.end_clients, lambda site: site.proxy.cut()],
                         ids=["ended", "cut"])  # fmt: skip
def test_connection_lost_while_rows_are_left(
    site: Site, accident: Callable[[Site], None], wanted: bool
) -> None:
    """Whoever reads on gets the error; nobody hangs."""

    def work(connection: Connection) -> None:
        rows = streamed(connection, many_rows(site))
        assert rows.fetchone()[0] == 1
        accident(site)
        if wanted:
            with pytest.raises(DBAPIError) as caught:
                rows.fetchall()
            assert caught.value.connection_invalidated
        else:
            try:
                rows.close()
            except DBAPIError as error:
                assert error.connection_invalidated

    run(site, work, via=site.proxy)


def test_query_given_up_while_its_rows_are_read(site: Site) -> None:
    """The error is the reader's, and the connection stays."""
    asleep = site.by("wait_event = 'PgSleep'", "state = 'User sleep'")

    def work(connection: Connection) -> None:
        rows = streamed(connection, slow_rows(site))
        assert rows.fetchone()[0] == 1
        done = site.when_seen(asleep, lambda: cancel(site, asleep))
        with pytest.raises(OperationalError) as caught:
            rows.fetchall()
        done.result()
        expected = site.by(("57014", None), ("70100", 1317))
        assert (caught.value.sqlstate, caught.value.errno) == expected
        assert not caught.value.connection_invalidated
        connection.rollback()
        assert len(connection.execute(select(account)).all()) == 2
        connection.commit()

    run(site, work)


@pytest.mark.drivers("mysql")
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_query_given_up_while_nobody_reads(site: Site, end: str) -> None:
    """What the transaction does next has nothing to do with it; who reads on hears of it."""

    def work(connection: Connection) -> None:
        connection.execute(insert(account), {"id": 3, "owner": "cyd"})
        rows = streamed(connection, many_rows(site))
        assert rows.fetchone()[0] == 1
        cancel(site, f"info LIKE '%{site.nap}%'")
        getattr(connection, end)()
        with pytest.raises(OperationalError) as caught:
            rows.fetchall()
        assert caught.value.errno == 1317

    run(site, work)
    assert site.owners() == ["ann", "bob", *(["cyd"] if end == "commit" else [])]


@pytest.mark.drivers("mysql")
def test_deadlock_while_nobody_reads(site: Site) -> None:
    """The server rolls the transaction back, so that it must not seem to be committed."""
    for start in (9, 1009):
        many = f"SELECT seq + {start}, 'many' FROM {numbers(1000)}"
        site.ask(f"INSERT INTO account (id, owner) {many}")
    other = raw_mysql(site.server, autocommit=False)
    waiting = f"id IN ({TRANSACTIONS} WHERE trx_state = 'LOCK WAIT')"

    def work(connection: Connection) -> None:
        connection.execute(text("UPDATE account SET balance = 2 WHERE id = 1"))
        rows = streamed(
            connection, "SELECT id, repeat('x', 5000) FROM account WHERE id > 9 FOR UPDATE"
        )
        assert rows.fetchone()[0] == 10
        # The other one has written more, and so is not the victim.
        done = site.when_seen(
            waiting, lambda: other.query("UPDATE account SET balance = 1 WHERE id = 1")
        )
        with pytest.raises(DBAPIError) as caught:
            connection.commit()
        done.result()
        assert caught.value.errno == 1213
        connection.rollback()

    with contextlib.closing(other):
        other.query("UPDATE account SET balance = 1 WHERE id > 1900")
        run(site, work)
        other.commit()
    assert site.ask("SELECT balance FROM account WHERE id = 1") == [["1"]]


@pytest.mark.drivers("mysql")
def test_another_isolation_level_while_rows_are_left(site: Site) -> None:
    """The rows stay readable, each of them."""

    def work(connection: Connection) -> None:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        rows = streamed(connection, f"SELECT seq FROM {numbers(1000)}")
        assert rows.fetchone() == (1,)
        connection.rollback()
        connection.execution_options(isolation_level="SERIALIZABLE")
        assert connection.get_isolation_level() == "SERIALIZABLE"
        variable = "tx_isolation" if site.is_mariadb else "transaction_isolation"
        assert connection.scalar(text(f"SELECT @@{variable}")) == "SERIALIZABLE"
        assert [row[0] for row in rows] == list(range(2, 1001))

    run(site, work)


@pytest.mark.drivers("mysql")
@pytest.mark.parametrize("execute", [lambda c, sql: c.execute(text(sql)), streamed],
                         ids=["at-once", "streamed"])  # fmt: skip
def test_late_error_of_a_procedure(site: Site, execute: Callable[[Connection, str], Any]) -> None:
    """It is the error of the CALL, not of the statement that comes next."""
    site.ask(
        "CREATE PROCEDURE late() "
        "BEGIN SELECT 1; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'late'; END"
    )

    def work(connection: Connection) -> None:
        connection.execute(insert(account), {"id": 3, "owner": "cyd"})
        with pytest.raises(DBAPIError, match="late"):
            execute(connection, "CALL late()").fetchall()
        connection.commit()

    run(site, work)
    assert site.owners() == ["ann", "bob", "cyd"]


@pytest.mark.drivers("mysql")
def test_statement_larger_than_the_server_takes(site: Site) -> None:
    """The server hangs up on whoever sends more than ``max_allowed_packet``."""

    def work(connection: Connection) -> None:
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("SELECT length(:long)"), {"long": "x" * 3_000_000})
        assert caught.value.connection_invalidated

    site.ask("SET GLOBAL max_allowed_packet = 1048576")
    try:
        run(site, work)
    finally:
        site.ask("SET GLOBAL max_allowed_packet = 16777216")
