"""Programs about the events of engines, pools and dialects, and about pools themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour
from library import Library


def program_statements_are_heard(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    heard: list[Any] = []

    @sql.event.listens_for(engine, "before_cursor_execute")  # type: ignore[untyped-decorator]
    def before(conn: Any, cursor: Any, text: str, given: Any, context: Any, many: bool) -> None:
        heard.append(("before", text, given, many))

    @sql.event.listens_for(engine, "after_cursor_execute", named=True)  # type: ignore[untyped-decorator]
    def after(**told: Any) -> None:
        if told["statement"] != "BEGIN":
            heard.append(("after", told["executemany"], told["context"].isinsert))

    with engine.begin() as connection:
        connection.execute(sql.insert(tables.ship), [{"name": "x"}, {"name": "y"}])
        connection.execute(sql.select(tables.ship.c.name).limit(1)).all()
    yield sql.event.contains(engine, "before_cursor_execute", before)
    sql.event.remove(engine, "before_cursor_execute", before)
    sql.event.remove(engine, "after_cursor_execute", after)
    with engine.connect() as connection:
        connection.execute(sql.text("select 1"))
    yield from (each for each in heard if each[1] != "BEGIN")


def program_statements_are_rewritten(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()

    @sql.event.listens_for(engine, "before_cursor_execute", retval=True)  # type: ignore[untyped-decorator]
    def remark(conn: Any, cursor: Any, text: str, given: Any, context: Any, many: bool) -> Any:
        return text.replace("'a'", "'b'") + " -- remark", given

    with engine.connect() as connection:
        yield connection.execute(sql.text("SELECT 'a', :n"), {"n": 1}).all()


def program_errors_are_handled(lib: Library) -> Iterator[Any]:
    sql, engine, heard = lib.sql, lib.engine(), []

    class Ours(Exception):
        pass

    @sql.event.listens_for(engine, "handle_error")  # type: ignore[untyped-decorator]
    def handle(context: Any) -> None:
        heard.append(
            (
                type(context.original_exception).__name__, context.statement, context.is_disconnect,
                type(context.sqlalchemy_exception).__name__, context.is_pre_ping,
            )
        )  # fmt: skip
        if "mine" in context.statement:
            raise Ours from context.original_exception

    with engine.connect() as connection:
        yield lib.error(lambda: connection.execute(sql.text("SELECT x FROM mine")))
        yield lib.error(lambda: connection.execute(sql.text("SELECT x FROM theirs")))
    yield from heard


def program_events_of_the_pool(lib: Library) -> Iterator[Any]:
    sql, heard = lib.sql, []
    engine = sql.create_engine("sqlite://", poolclass=lib.pool.QueuePool, pool_size=1)
    for name in ("first_connect", "connect", "checkout", "checkin", "reset", "close", "invalidate"):
        sql.event.listen(engine, name, lambda *told, name=name: heard.append(name))
    with engine.connect() as connection:
        connection.execute(sql.text("select 1"))
    with engine.connect() as connection:
        connection.info["seen"] = True
        connection.invalidate()
        yield connection.invalidated
    with engine.connect() as connection:
        yield connection.info
    engine.dispose()
    yield heard


def program_settings_of_each_connection(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.sql.create_engine("sqlite://")

    @sql.event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]
    def connected(driver: Any, record: Any) -> None:
        driver.create_function("twice", 1, lambda value: value * 2)
        driver.execute("PRAGMA foreign_keys=ON")
        record.info["made"] = "here"

    with engine.connect() as connection:
        yield connection.scalar(sql.select(sql.func.twice(21)))
        yield connection.scalar(sql.text("PRAGMA foreign_keys")), connection.info


def program_pools(lib: Library) -> Iterator[Any]:
    sql, pools = lib.sql, lib.pool
    for name in ("QueuePool", "NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool"):
        engine = sql.create_engine("sqlite://", poolclass=getattr(pools, name))
        with engine.connect() as connection:
            yield name, connection.scalar(sql.text("select 1")), type(engine.pool).__name__
        engine.dispose()
    engine = sql.create_engine(
        "sqlite://", poolclass=pools.QueuePool, pool_size=1, max_overflow=1, pool_timeout=0.01
    )
    yield engine.pool.status()
    one, two = engine.connect(), engine.connect()
    yield engine.pool.status(), engine.pool.size(), engine.pool.checkedout(), engine.pool.overflow()
    yield lib.error(engine.connect)
    one.close(), two.close()
    yield engine.pool.status(), engine.pool.checkedin()
    asserting = sql.create_engine("sqlite://", poolclass=pools.AssertionPool)
    with asserting.connect():
        yield lib.error(asserting.connect)


def program_raw_connections(lib: Library) -> Iterator[Any]:
    engine = lib.sql.create_engine("sqlite://", poolclass=lib.pool.QueuePool)
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("select 7")
    yield cursor.fetchall(), raw.is_valid, type(raw.driver_connection).__name__
    cursor.close()
    raw.close()
    yield engine.pool.checkedout()
    detached = engine.connect()
    detached.detach()
    yield engine.pool.checkedout()
    detached.close()


def program_own_creator(lib: Library) -> Iterator[Any]:
    engine = lib.sql.create_engine("sqlite://", creator=lambda: sqlite3.connect(":memory:"))
    with engine.connect() as connection:
        yield connection.scalar(lib.sql.text("select 5"))
    pool = lib.pool.QueuePool(lambda: sqlite3.connect(":memory:"), pool_size=2)
    one = pool.connect()
    yield one.cursor().execute("select 3").fetchone(), pool.checkedout()
    one.close()
    yield pool.checkedout()
