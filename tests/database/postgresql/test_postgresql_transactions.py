"""Transactions on a server: their characteristics, their failures, locks, the two phases."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from three_ways import Library


def scalar(connection: Any, sql: str) -> Any:
    """The first value that a text gives."""
    return connection.exec_driver_sql(sql).scalar()


def characteristics(connection: Any) -> list[str]:
    """How the transaction was begun."""
    names = ("isolation", "read_only", "deferrable")
    return [scalar(connection, f"SHOW transaction_{name}") for name in names]


@pytest.mark.parametrize(
    "level", ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]
)
def test_levels_of_isolation(library: Library, level: str) -> None:
    found = library.run(characteristics, isolation_level=level)
    assert found == [level.lower(), "off", "off"]
    engine = library.engine(isolation_level=level)
    assert library.run(characteristics, engine)[0] == level.lower()


def test_read_only_and_deferrable(library: Library) -> None:
    options = {
        "isolation_level": "SERIALIZABLE",
        "postgresql_readonly": True,
        "postgresql_deferrable": True,
    }
    engine = library.engine()
    assert library.run(characteristics, engine, **options) == ["serializable", "on", "on"]
    assert library.run(characteristics, engine) == ["read committed", "off", "off"]
    read_only = library.run(characteristics, engine, postgresql_readonly=True)
    assert read_only == ["read committed", "on", "off"]

    def write(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE t (a int)")

    with pytest.raises(library.sa.exc.InternalError, match="read-only transaction") as caught:
        library.run(write, engine, postgresql_readonly=True)
    assert caught.value.orig.sqlstate == "25006"


def test_a_failed_statement_fails_its_transaction_but_not_what_is_outside_a_savepoint(
    library: Library,
) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        connection.exec_driver_sql("CREATE TABLE t (a int PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        with connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO t VALUES (2)")
        nested = connection.begin_nested()
        connection.exec_driver_sql("INSERT INTO t VALUES (3)")
        nested.rollback()
        return list(connection.exec_driver_sql("SELECT a FROM t ORDER BY 1").scalars())

    assert library.run(program) == [1, 2]

    def failed(connection: Any) -> Any:
        with pytest.raises(sa.exc.DataError):
            connection.exec_driver_sql("SELECT 1/0")
        with pytest.raises(sa.exc.InternalError, match="current transaction is aborted"):
            connection.exec_driver_sql("SELECT 1")
        connection.rollback()
        return scalar(connection, "SELECT 1")

    assert library.connected(failed) == 1


def test_a_failed_transaction_is_not_taken_for_committed(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> Any:
        transaction = connection.begin()
        with pytest.raises(sa.exc.DataError):
            connection.exec_driver_sql("SELECT 1/0")
        if library.is_oracle:  # it reports a success
            transaction.commit()
            return "25P02", scalar(connection, "SELECT 1")
        with pytest.raises(sa.exc.DBAPIError, match="could not be committed") as caught:
            transaction.commit()
        transaction.rollback()
        return caught.value.sqlstate, scalar(connection, "SELECT 1")

    assert library.connected(program) == ("25P02", 1)


def test_autocommit(library: Library) -> None:
    def program(connection: Any) -> Any:
        connection.exec_driver_sql("CREATE TABLE t (a int)")
        connection.exec_driver_sql("VACUUM t")
        with psycopg.connect(library.plain_url) as other:
            return other.execute("SELECT count(*) FROM t").fetchone()

    assert library.connected(program, isolation_level="AUTOCOMMIT") == (0,)


def test_conflicting_serializable_transactions(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> str:
        connection.exec_driver_sql("CREATE TABLE t (a int)")
        connection.commit()
        with psycopg.connect(library.plain_url) as other:
            other.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
            for one in (other.execute, connection.exec_driver_sql):
                one("SELECT count(*) FROM t")
                one("INSERT INTO t VALUES (1)")
            other.commit()
        with pytest.raises(sa.exc.OperationalError, match="could not serialize") as caught:
            connection.commit()
        connection.rollback()
        state: str = caught.value.orig.sqlstate
        return state

    assert library.connected(program, isolation_level="SERIALIZABLE") == "40001"


def test_advisory_locks(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        with psycopg.connect(library.plain_url) as other:
            other.execute("SELECT pg_advisory_lock(5)")
            lock = sa.select(sa.func.pg_try_advisory_xact_lock(sa.literal(5, sa.BigInteger)))
            found = [connection.scalar(lock)]
            other.execute("SELECT pg_advisory_unlock(5)")
            return [*found, connection.scalar(lock)]

    assert library.run(program) == [False, True]


def test_a_lock_that_is_not_to_be_had_in_time(library: Library) -> None:
    def program(connection: Any) -> str:
        with psycopg.connect(library.plain_url) as other:
            other.execute("CREATE TABLE t (a int)")
            other.commit()
            other.execute("LOCK TABLE t")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 20")
            with pytest.raises(library.sa.exc.OperationalError, match="lock timeout") as caught:
                connection.exec_driver_sql("SELECT * FROM t")
            connection.rollback()
        state: str = caught.value.orig.sqlstate
        return state

    assert library.connected(program) == "55P03"


def test_two_phases(library: Library) -> None:
    def program(connection: Any) -> list[Any]:
        connection.exec_driver_sql("CREATE TABLE t (a int)")
        connection.commit()
        for number, end in enumerate(("commit", "rollback")):
            transaction = connection.begin_twophase(f"own {number}")
            connection.exec_driver_sql(f"INSERT INTO t VALUES ({number})")
            transaction.prepare()
            getattr(transaction, end)()
        kept = list(connection.exec_driver_sql("SELECT a FROM t").scalars())
        connection.commit()
        with psycopg.connect(library.plain_url, autocommit=True) as other:
            other.execute("BEGIN")
            other.execute("INSERT INTO t VALUES (7)")
            other.execute("PREPARE TRANSACTION 'left by another'")
        waiting = [xid for xid in connection.recover_twophase() if xid == "left by another"]
        connection.rollback()
        connection.commit_prepared("left by another", recover=True)
        connection.rollback()
        return [kept, waiting, scalar(connection, "SELECT count(*) FROM t")]

    assert library.connected(program) == [[0], ["left by another"], 2]
