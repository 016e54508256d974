"""Events of engines, connections and pools: fired for Core and ORM alike, and free when unheard."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from ormolu import Column, Integer, MetaData, String, Table, event, exc, insert, select, text
from ormolu.engine import Connection, Engine, create_engine
from ormolu.ext.asyncio import create_async_engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.pool import Pool, QueuePool, StaticPool

metadata = MetaData()
crew = Table("crew", metadata, Column("id", Integer, primary_key=True), Column("name", String))


class Base(DeclarativeBase):
    pass


class Astronaut(Base):
    __tablename__ = "astronauts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    yield engine
    engine.dispose()


def record(target: Any, name: str) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    event.listen(target, name, lambda *args: calls.append(args))
    return calls


def test_statements_are_seen_before_and_after_with_one_context(engine: Engine) -> None:
    seen: list[Any] = []

    @event.listens_for(engine, "before_cursor_execute")
    def before(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
        context.started = sql
        seen.append((sql, params, many, conn.closed))

    @event.listens_for(engine, "after_cursor_execute")
    def after(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
        assert context.started == sql
        seen.append(cursor.rowcount)

    with engine.begin() as connection:
        metadata.create_all(connection)
        del seen[:]
        connection.execute(insert(crew), {"name": "Neil"})
        connection.execute(insert(crew), [{"name": "Buzz"}, {"name": "Mike"}])
        connection.execute(text("DELETE FROM crew WHERE name = :name"), {"name": "Mike"})
    sql = "INSERT INTO crew (name) VALUES (?)"
    assert seen == [
        (sql, ("Neil",), False, False),
        1,
        (sql, [("Buzz",), ("Mike",)], True, False),
        2,
        ("DELETE FROM crew WHERE name = ?", ("Mike",), False, False),
        1,
    ]


def test_the_statements_of_a_session_are_seen(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    calls = record(engine, "before_cursor_execute")
    with Session(engine) as session:
        session.add(Astronaut(name="Neil"))
        session.commit()
        session.scalars(select(Astronaut)).all()
        session.expire_all()
        assert session.get_one(Astronaut, 1).name == "Neil"
    sent = [(call[2].split()[0], call[3]) for call in calls]
    assert sent == [("INSERT", ("Neil",)), ("SELECT", ()), ("SELECT", (1,))]
    assert all(isinstance(call[0], Connection) and call[0].engine is engine for call in calls)


def test_a_listener_may_change_the_statement(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def comment(
        conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool
    ) -> tuple[str, Any]:
        return sql.replace("1", "2"), params

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 2


def test_listening_works_on_connections_already_open_and_ends_with_remove(engine: Engine) -> None:
    with engine.connect() as connection, Session(engine) as session:
        connection.scalar(text("SELECT 1"))
        session.scalar(text("SELECT 1"))
        calls: list[Any] = []

        def note(*args: Any) -> None:
            calls.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        connection.scalar(text("SELECT 2"))
        session.scalar(text("SELECT 3"))
        event.remove(engine, "before_cursor_execute", note)
        connection.scalar(text("SELECT 4"))
        assert calls == ["SELECT 2", "SELECT 3"]
        assert not connection.core.observed


def test_listeners_on_the_class_and_on_one_connection(engine: Engine) -> None:
    everywhere: list[str] = []
    here: list[str] = []

    def note(*args: Any) -> None:
        everywhere.append(args[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with engine.connect() as first, engine.connect() as second:
            event.listen(first, "before_cursor_execute", lambda *args: here.append(args[2]))
            first.scalar(text("SELECT 1"))
            second.scalar(text("SELECT 2"))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert everywhere == ["SELECT 1", "SELECT 2"]
    assert here == ["SELECT 1"]


def test_an_engine_with_options_has_the_listeners_of_its_origin_and_its_own() -> None:
    engine = create_engine("sqlite://")
    derived = engine.execution_options(name="derived")
    both, own = record(engine, "begin"), record(derived, "begin")
    for each in (engine, derived):
        with each.begin():
            pass
    assert (len(both), len(own)) == (2, 1)
    engine.dispose()


def test_transactions_and_savepoints(engine: Engine) -> None:
    order: list[Any] = []
    for name in ("begin", "commit", "rollback"):
        event.listen(engine, name, lambda conn, name=name: order.append((name, conn)))
    for name in ("savepoint", "rollback_savepoint", "release_savepoint"):
        event.listen(
            engine, name, lambda conn, point, *rest, name=name: order.append((name, point))
        )
    with engine.connect() as connection:
        connection.begin_nested().rollback()
        connection.begin_nested().commit()
        connection.commit()
        connection.scalar(text("SELECT 1"))
        connection.rollback()
        assert order == [
            ("begin", connection),
            ("savepoint", "sa_savepoint_1"),
            ("rollback_savepoint", "sa_savepoint_1"),
            ("savepoint", "sa_savepoint_2"),
            ("release_savepoint", "sa_savepoint_2"),
            ("commit", connection),
            ("begin", connection),
            ("rollback", connection),
        ]


@pytest.mark.parametrize("statement", ["BEGIN", "BEGIN IMMEDIATE", "SELECT 1"])
def test_a_begin_listener_may_send_begin_or_any_statement(engine: Engine, statement: str) -> None:
    metadata.create_all(engine)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(statement))
    with engine.connect() as connection:
        connection.execute(insert(crew), {"name": "Neil"})
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM crew")) == 0
    with Session(engine) as session:
        session.execute(insert(crew), {"name": "Buzz"})
        session.commit()
        assert session.scalar(text("SELECT count(*) FROM crew")) == 1


def test_a_begin_listener_that_raises_leaves_no_transaction(engine: Engine) -> None:
    def refuse(conn: Connection) -> None:
        conn.exec_driver_sql("SELECT 1")
        raise LookupError("not now")

    event.listen(engine, "begin", refuse)
    with engine.connect() as connection:
        with pytest.raises(LookupError):
            connection.begin()
        event.remove(engine, "begin", refuse)
        assert not connection.in_transaction()
        assert connection.scalar(text("SELECT 1")) == 1


def test_before_and_after_execute(engine: Engine) -> None:
    after = record(engine, "after_execute")

    @event.listens_for(engine, "before_execute", retval=True)
    def other(conn: Any, clause: Any, many: Any, params: Any, options: Any) -> Any:
        return text("SELECT 2"), many, params

    with engine.connect() as connection:
        assert connection.execute(text("SELECT :x"), {"x": 1}).scalar() == 2
    assert str(after[0][1]) == "SELECT 2"
    assert after[0][3] == {"x": 1}


def test_handle_error_sees_and_replaces(engine: Engine) -> None:
    class Mine(Exception):
        pass

    contexts: list[Any] = []

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> None:
        contexts.append(context)

    with engine.connect() as connection:
        with pytest.raises(exc.OperationalError):
            connection.execute(text("SELECT * FROM nowhere WHERE x = :x"), {"x": 5})
        (context,) = contexts
        assert context.connection is connection
        assert context.engine is engine
        assert context.statement == "SELECT * FROM nowhere WHERE x = ?"
        assert context.parameters == (5,)
        assert isinstance(context.original_exception, sqlite3.OperationalError)
        assert isinstance(context.sqlalchemy_exception, exc.OperationalError)
        assert context.is_disconnect is False
        event.listen(engine, "handle_error", lambda context: Mine(), retval=True)
        with pytest.raises(Mine):
            connection.execute(text("SELECT * FROM nowhere"))


def test_engine_connect_options_and_dispose() -> None:
    engine = create_engine("sqlite://")
    connected, disposed = record(engine, "engine_connect"), record(engine, "engine_disposed")
    options = record(engine, "set_connection_execution_options")
    with engine.connect() as connection:
        connection.execution_options(color="red")
        assert connected == [(connection,)]
        assert options == [(connection, {"color": "red"})]
    engine.dispose()
    assert disposed == [(engine,)]


def test_the_life_of_a_pooled_connection(tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/events.db", poolclass=QueuePool)
    names = ("connect", "first_connect", "checkout", "checkin", "reset", "invalidate", "close")
    order: list[str] = []
    for name in names:
        event.listen(engine, name, lambda *args, name=name: order.append(name))
    with engine.connect():
        pass
    with engine.connect() as connection:
        connection.invalidate()
    with engine.connect():
        pass
    engine.dispose()
    assert order == [
        *("first_connect", "connect", "checkout", "reset", "checkin"),
        *("checkout", "invalidate", "close", "checkin"),
        *("connect", "checkout", "reset", "checkin", "close"),
    ]


def test_a_connect_listener_prepares_every_connection() -> None:
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "connect")
    def pragma(dbapi_connection: Any, record: Any) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
        record.info["prepared"] = True

    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.info == {"prepared": True}
    engine.dispose()


def test_a_checkout_listener_may_refuse_a_dead_connection() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    opened = record(engine, "connect")
    refusals = [1]

    @event.listens_for(engine, "checkout")
    def check(dbapi_connection: Any, record: Any, proxy: Any) -> None:
        assert proxy.dbapi_connection is dbapi_connection
        if refusals:
            refusals.pop()
            raise exc.DisconnectionError("dead")

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert len(opened) == 2
    engine.dispose()


def test_listeners_on_the_pool_class_are_for_all_pools() -> None:
    calls: list[Any] = []

    def note(*args: Any) -> None:
        calls.append(args)

    event.listen(Pool, "connect", note)
    try:
        engine = create_engine("sqlite://")
        with engine.connect():
            pass
        engine.dispose()
    finally:
        event.remove(Pool, "connect", note)
    assert len(calls) == 1


def test_async_engines_fire_the_same_events() -> None:
    async def main() -> list[str]:
        engine = create_async_engine("sqlite+aiosqlite://")
        seen: list[str] = []
        target = engine.sync_engine

        @event.listens_for(target, "begin")
        async def begun(conn: Connection) -> None:
            assert conn.engine is target
            seen.append("begin")

        @event.listens_for(target, "connect")
        async def pragma(dbapi_connection: Any, record: Any) -> None:
            await dbapi_connection.execute("PRAGMA foreign_keys=ON")

        event.listen(target, "before_cursor_execute", lambda *args: seen.append(args[2]))
        async with engine.connect() as connection:
            seen.append(str(await connection.scalar(text("PRAGMA foreign_keys"))))
        await engine.dispose()
        return seen

    assert asyncio.run(main()) == ["begin", "PRAGMA foreign_keys", "1"]


def test_a_plain_connect_listener_works_on_async_engines_too() -> None:
    async def main() -> Any:
        engine = create_async_engine("sqlite+aiosqlite://")
        seen: list[Any] = []

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(dbapi_connection: Any, record: Any) -> None:
            cursor = dbapi_connection.cursor()
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute("SELECT 1, ?", ("x",))
            seen.append((cursor.description[0][0], cursor.fetchone(), cursor.fetchone()))
            cursor.close()
            rows = dbapi_connection.execute("SELECT 1 UNION SELECT 2 UNION SELECT 3")
            seen.append((rows.fetchmany(1), rows.fetchall(), rows.fetchone()))
            dbapi_connection.execute("CREATE TABLE t (x)")
            dbapi_connection.execute("BEGIN")
            assert cursor.executemany("INSERT INTO t VALUES (?)", [(1,), (2,)]).rowcount == 2
            dbapi_connection.rollback()
            dbapi_connection.execute("BEGIN")
            assert cursor.execute("INSERT INTO t VALUES (7)").lastrowid == 1
            dbapi_connection.commit()
            seen.append(dbapi_connection.execute("SELECT x FROM t").fetchall())
            dbapi_connection.run_async(lambda raw: raw.create_function("two", 0, lambda: 2))

        async with engine.connect() as connection:
            seen.append(await connection.scalar(text("PRAGMA foreign_keys")))
            seen.append(await connection.scalar(text("SELECT two()")))
        await engine.dispose()
        return seen

    assert asyncio.run(main()) == [
        ("1", (1, "x"), None),
        ([(1,)], [(2,), (3,)], None),
        [(7,)],
        1,
        2,
    ]


def test_async_listeners_of_events_with_a_value_are_awaited() -> None:
    async def main() -> list[str]:
        engine = create_async_engine("sqlite+aiosqlite://")
        seen: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        async def note(*args: Any) -> None:
            await asyncio.sleep(0)
            seen.append(args[2])

        async with engine.connect() as connection:
            await connection.scalar(text("SELECT 1"))
        await engine.dispose()
        return seen

    assert asyncio.run(main()) == ["SELECT 1"]


def test_a_listener_of_an_async_engine_can_not_block() -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        event.listen(engine.sync_engine, "begin", lambda conn: conn.exec_driver_sql("SELECT 1"))
        async with engine.connect() as connection:
            with pytest.raises(exc.InvalidRequestError, match="write an async function"):
                await connection.begin()
        await engine.dispose()

    asyncio.run(main())


def test_an_engine_without_listeners_shares_the_dispatch_of_all(engine: Engine) -> None:
    other = create_engine("sqlite://")
    with engine.connect() as connection:
        assert not connection.core.observed
        assert connection.dispatch is engine.dispatch is other.dispatch
    other.dispose()
