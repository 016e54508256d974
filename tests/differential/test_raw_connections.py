"""The driver's own connection, got from an engine or a connection: transactional as SQLAlchemy's.

Each program works on a table ``t`` and notes what it sees; that and what is in the table at the
end must be the same on both libraries, through every driver.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from typing import Any

import pytest

import ormolu
from backends import with_driver
from ormolu.ext.asyncio import create_async_engine

BLOCKING = ["sqlite", "postgresql+psycopg", "mysql+mysqldb", "mysql+pymysql"]
ASYNC = {
    "sqlite+aiosqlite": "sqlite",
    "postgresql+psycopg_async": "postgresql+psycopg",
    "postgresql+asyncpg": "postgresql+psycopg",
    "mysql+asyncmy": "mysql+pymysql",
    "mysql+aiomysql": "mysql+pymysql",
}


def run(connection: Any, number: int) -> None:
    cursor = connection.cursor()
    cursor.execute(f"INSERT INTO t VALUES ({number})")
    cursor.close()


def seen(connection: Any) -> list[int]:
    cursor = connection.cursor()
    cursor.execute("SELECT n FROM t ORDER BY n")
    rows = [row[0] for row in cursor.fetchall()]
    cursor.close()
    return rows


def text_of(lib: Any, number: int) -> Any:
    return lib.text(f"INSERT INTO t VALUES ({number})")


# -- engine.raw_connection()


def rollback_undoes(lib: Any, engine: Any) -> Any:
    raw = engine.raw_connection()
    run(raw, 1)
    before = seen(raw)
    raw.rollback()
    after = seen(raw)
    raw.close()
    return before, after


def commit_is_durable(lib: Any, engine: Any) -> Any:
    raw = engine.raw_connection()
    run(raw, 1)
    raw.commit()
    run(raw, 2)
    raw.rollback()
    raw.close()


def one_cursor_serves_many_transactions(lib: Any, engine: Any) -> Any:
    raw = engine.raw_connection()
    cursor = raw.cursor()
    for number, end in enumerate(["commit", "rollback", "commit", "rollback"]):
        cursor.execute(f"INSERT INTO t VALUES ({number})")
        getattr(raw, end)()
    cursor.close()
    raw.close()


def giving_back_rolls_back(lib: Any, engine: Any) -> Any:
    raw = engine.raw_connection()
    run(raw, 1)
    raw.close()
    again = engine.raw_connection()
    found = seen(again)
    again.close()
    return found


def the_drivers_connection_itself(lib: Any, engine: Any) -> Any:
    raw = engine.raw_connection()
    driver = raw.driver_connection
    run(driver, 1)
    driver.rollback()
    run(driver, 2)
    driver.commit()
    run(driver, 3)
    raw.close()


def afterwards_the_engine_is_as_before(lib: Any, engine: Any) -> Any:
    for _ in range(2):
        raw = engine.raw_connection()
        run(raw, 1)
        raw.close()
        with engine.connect() as connection:
            connection.execute(text_of(lib, 2))
        with engine.begin() as connection:
            connection.execute(text_of(lib, 3))
        autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            connection.execute(text_of(lib, 4))


def an_engine_of_autocommit(lib: Any, engine: Any) -> Any:
    engine.dispose()
    autocommit = lib.create_engine(engine.url, isolation_level="AUTOCOMMIT")
    raw = autocommit.raw_connection()
    run(raw, 1)
    raw.rollback()
    run(raw, 2)
    raw.close()
    autocommit.dispose()


def a_detached_one(lib: Any, engine: Any) -> Any:
    raw = engine.raw_connection()
    raw.detach()
    run(raw, 1)
    raw.rollback()
    run(raw, 2)
    raw.commit()
    run(raw, 3)
    raw.close()


# -- connection.connection


def it_is_in_the_transaction_of_the_connection(lib: Any, connection: Any) -> Any:
    connection.execute(text_of(lib, 1))
    run(connection.connection, 2)
    connection.commit()
    connection.execute(text_of(lib, 3))
    run(connection.connection, 4)
    connection.rollback()


def it_begins_where_nothing_has(lib: Any, connection: Any) -> Any:
    run(connection.connection, 1)
    connection.execute(text_of(lib, 2))
    connection.rollback()
    run(connection.connection, 3)
    connection.execute(text_of(lib, 4))
    connection.commit()


def what_nobody_commits_is_rolled_back(lib: Any, connection: Any) -> Any:
    run(connection.connection, 1)
    connection.close()


def its_own_rollback_and_commit(lib: Any, connection: Any) -> Any:
    raw = connection.connection
    run(raw, 1)
    raw.rollback()
    run(raw, 2)
    raw.commit()
    run(raw, 3)
    raw.rollback()


def a_commit_amid_a_transaction(lib: Any, connection: Any) -> Any:
    connection.execute(text_of(lib, 1))
    raw = connection.connection
    run(raw, 2)
    raw.commit()
    run(raw, 3)
    connection.rollback()


def a_begun_transaction(lib: Any, connection: Any) -> Any:
    with connection.begin():
        run(connection.connection, 1)
    transaction = connection.begin()
    run(connection.connection, 2)
    transaction.rollback()


def a_savepoint(lib: Any, connection: Any) -> Any:
    connection.execute(text_of(lib, 1))
    nested = connection.begin_nested()
    run(connection.connection, 2)
    nested.rollback()
    run(connection.connection, 3)
    connection.commit()


def in_autocommit(lib: Any, connection: Any) -> Any:
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    run(connection.connection, 1)
    connection.rollback()
    connection.execute(text_of(lib, 2))
    run(connection.connection, 3)
    connection.rollback()


def from_transactions_to_autocommit(lib: Any, connection: Any) -> Any:
    raw = connection.connection
    run(raw, 1)
    raw.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text_of(lib, 2))
    connection.rollback()
    run(connection.connection, 3)
    connection.rollback()


def what_it_is(lib: Any, connection: Any) -> Any:
    raw = connection.connection
    return raw.is_valid, raw.is_detached, seen(raw), raw.dbapi_connection is not None


ENGINE_PROGRAMS = [
    rollback_undoes,
    commit_is_durable,
    one_cursor_serves_many_transactions,
    giving_back_rolls_back,
    the_drivers_connection_itself,
    afterwards_the_engine_is_as_before,
    an_engine_of_autocommit,
    a_detached_one,
]
CONNECTION_PROGRAMS = [
    it_is_in_the_transaction_of_the_connection,
    it_begins_where_nothing_has,
    what_nobody_commits_is_rolled_back,
    its_own_rollback_and_commit,
    a_commit_amid_a_transaction,
    a_begun_transaction,
    a_savepoint,
    in_autocommit,
    from_transactions_to_autocommit,
    what_it_is,
]


def on_connection(program: Callable[..., Any]) -> Callable[..., Any]:
    def run_it(lib: Any, engine: Any) -> Any:
        with engine.connect() as connection:
            return program(lib, connection)

    return run_it


def outcome(root: str, url: str, program: Callable[..., Any]) -> Any:
    """What a program sees, and what it leaves in the table."""
    lib = importlib.import_module(root)
    engine = lib.create_engine(url, pool_size=1, max_overflow=0)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
        found = program(lib, engine)
        with engine.connect() as connection:
            rows = connection.execute(lib.text("SELECT n FROM t ORDER BY n")).scalars().all()
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE t")
        return found, rows
    finally:
        engine.dispose()


@pytest.mark.parametrize("backend_url", BLOCKING, indirect=True)
def test_raw_connections_are_transactional(backend_url: str) -> None:
    programs = [*ENGINE_PROGRAMS, *map(on_connection, CONNECTION_PROGRAMS)]
    names = [program.__name__ for program in [*ENGINE_PROGRAMS, *CONNECTION_PROGRAMS]]
    ours = [outcome("ormolu", backend_url, program) for program in programs]
    theirs = [outcome("sqlalchemy", backend_url, program) for program in programs]
    assert dict(zip(names, ours, strict=True)) == dict(zip(names, theirs, strict=True))


async def async_outcome(url: str, program: Callable[..., Any]) -> Any:
    """The same, of ormolu's program that is run on a connection in ``run_sync``."""
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
        async with engine.connect() as connection:
            found = await connection.run_sync(lambda inner: program(ormolu, inner))
        async with engine.connect() as connection:
            rows = (await connection.scalars(ormolu.text("SELECT n FROM t ORDER BY n"))).all()
        async with engine.begin() as connection:
            await connection.exec_driver_sql("DROP TABLE t")
        return found, rows
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    ("backend_url", "oracle"), ASYNC.items(), ids=list(ASYNC), indirect=["backend_url"]
)
def test_raw_connections_of_async_drivers_are_transactional(backend_url: str, oracle: str) -> None:
    """SQLAlchemy runs the same programs through a blocking driver of the same database."""
    blocking = with_driver(backend_url, oracle)
    ours = [asyncio.run(async_outcome(backend_url, each)) for each in CONNECTION_PROGRAMS]
    theirs = [outcome("sqlalchemy", blocking, on_connection(each)) for each in CONNECTION_PROGRAMS]
    names = [program.__name__ for program in CONNECTION_PROGRAMS]
    assert dict(zip(names, ours, strict=True)) == dict(zip(names, theirs, strict=True))
