"""Programs about details of Core that moved programs rely on: names, faces, and what is kept."""

from __future__ import annotations

import asyncio
import datetime
import gc
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from core_library import harbour, module, texts
from library import Library


def program_values_by_the_names_of_the_text(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    query = sql.select(ship.c.id).where(ship.c.tonnage > 5, ship.c.flag == sql.bindparam("k"))
    statements = (
        query,
        query.where(ship.c.tonnage < 9).limit(3),
        sql.select(ship.c.id).where(ship.c.tonnage.in_([1, 2])),
        sql.select(query.subquery()),
        sql.union(query, query.where(ship.c.tonnage < 7)),
        sql.select(ship.c.id).where(ship.c.tonnage == sql.bindparam("tonnage", 4, unique=True)),
    )
    for statement in statements:
        for values in (
            {"tonnage_1": 70},
            {"tonnage_2": 80, "k": 1, "param_1": 90},
            {"tonnage": 60},
            {"no_such_1": 1},
        ):
            given = statement.params(values)
            yield str(given), given.compile().params
            yield given.where(ship.c.id == 1).compile().params if statement is query else None
    with lib.engine().connect() as connection:
        one = sql.select(sql.literal(5))
        yield connection.scalar(one.params(param_1=6)), connection.scalar(one.params(param=6))
        yield connection.scalar(one.params(param_1=6).params(param_1=7)), connection.scalar(one)
    yield (ship.c.tonnage == 5).params(tonnage_1=6).compile().params


def program_truth_among_what_is_ordered_by(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    query = sql.select(ship.c.id)
    for given in (True, False):
        for statement in (
            query.order_by(given),
            query.order_by(ship.c.id, given),
            query.group_by(given),
            sql.select(sql.func.row_number().over(order_by=given)),
        ):
            yield from texts(lib, statement, "sqlite", "postgresql")
    yield str(query.order_by(ship.c.id).order_by(None))


def program_names_of_what_is_selected(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    for columns in (
        (sql.literal(5), sql.literal(6), ship.c.id + 1, sql.null()),
        (sql.bindparam("k", 5), sql.bindparam(None, 5), sql.bindparam("x", 5, unique=True)),
        (sql.text("q"), ship.c.id + 1, ship.c.id + 2),
        (ship.c.id, voyage.c.id),
        (sql.func.f(), sql.func.f(), ship.c.id.label(None), sql.cast(ship.c.id, sql.String)),
        (ship.c.id.label("q"), voyage.c.id.label("q"), -ship.c.id, sql.exists()),
    ):
        yield [one["name"] for one in sql.select(*columns).column_descriptions]


def program_what_a_write_is_derived_from(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    for statement in (sql.insert(ship), sql.update(ship), sql.delete(ship), sql.select(ship)):
        yield statement.is_derived_from(ship), statement.is_derived_from(None)


def program_refusals_and_shown_constants(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    for element in (ship.c.id, ship.c.id + 1, sql.func.f()):
        yield type(_raised(lambda element=element: 5 in element)).__name__
    yield repr(sql.JSON.NULL), str(sql.JSON.NULL)


def _raised(call: Callable[[], Any]) -> BaseException | None:
    try:
        call()
    except BaseException as error:
        return error
    return None


def program_a_listener_that_was_called_once(lib: Library) -> Iterator[Any]:
    event, engine, heard = lib.sql.event, lib.engine(), []

    def listener(*arguments: Any) -> None:
        heard.append(len(arguments))

    event.listen(engine, "engine_connect", listener, once=True)
    yield event.contains(engine, "engine_connect", listener)
    for _ in range(2):
        engine.connect().close()
    yield heard, event.contains(engine, "engine_connect", listener)
    event.remove(engine, "engine_connect", listener)
    yield event.contains(engine, "engine_connect", listener)
    event.listen(engine, "engine_connect", listener)
    engine.connect().close()
    yield heard


def program_options_that_are_shown(lib: Library) -> Iterator[Any]:
    engine, query = lib.engine(), lib.sql.select(1)
    yield repr(query.execution_options(a=1).get_execution_options())
    for options in ({}, {"a": 1}):
        with engine.execution_options(**options).connect() as connection:
            yield repr(connection.engine.get_execution_options())
            yield repr(connection.get_execution_options())
            yield repr(connection.execution_options(b=2).get_execution_options())
    engine.update_execution_options(c=3)
    yield repr(engine.get_execution_options())


def program_dates_that_the_driver_converts(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    options = {"detect_types": sqlite3.PARSE_DECLTYPES}
    engine = sql.create_engine("sqlite://", native_datetime=True, connect_args=options)
    names = {"d": sql.Date, "at": sql.DateTime, "stamp": sql.TIMESTAMP, "t": sql.Time}
    table = sql.Table("t", sql.MetaData(), *[sql.Column(*item) for item in names.items()])
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5, 6)
    values = {"d": moment.date(), "at": moment, "stamp": moment, "t": moment.time()}
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), values)
        yield connection.execute(table.select()).one()
        yield connection.exec_driver_sql("SELECT * FROM t").one()
    yield engine.dialect.native_datetime, lib.engine().dialect.native_datetime


def program_listeners_given_to_the_pool(lib: Library) -> Iterator[Any]:
    heard: list[str] = []
    events = [(lambda *_, name=name: heard.append(name), name) for name in ("connect", "checkout")]
    engine = lib.sql.create_engine("sqlite://", pool_events=events)
    for _ in range(2):
        engine.connect().close()
    yield heard
    yield type(_raised(lambda: lib.sql.create_engine("sqlite://", pool_events=[(print, "no")])))
    yield lib.sql.create_engine("sqlite://", pool_events=None).url


def program_pools_of_databases_in_memory(lib: Library) -> Iterator[Any]:
    for url in (
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?cache=shared&uri=true",
        "sqlite:///file:name?mode=memory&cache=shared&uri=true",
        "sqlite:///some.db",
    ):
        yield type(lib.sql.create_engine(url).pool).__name__


def program_the_cursor_of_a_result(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    with lib.engine().connect() as connection:
        for statement in (
            sql.text("SELECT 1 AS a, 2 AS b UNION SELECT 3, 4"),
            sql.text("SELECT 1 AS a WHERE 1 = 0"),
            sql.select(sql.literal(1).label("q")),
        ):
            for options in ({}, {"yield_per": 1}):
                result = connection.execute(statement, execution_options=options)
                yield [one[0] for one in result.cursor.description], result.cursor.rowcount
                result.close()
                yield result.cursor
        yield connection.execute(sql.text("CREATE TABLE t (x INTEGER)")).cursor
        yield connection.execute(sql.text("INSERT INTO t VALUES (1)")).cursor


def program_the_synchronous_face_of_a_connection(lib: Library) -> Iterator[Any]:
    sql, aio = lib.sql, module(lib, "ext.asyncio")

    async def work() -> list[Any]:
        seen: list[Any] = []
        engine = aio.create_async_engine("sqlite+aiosqlite://")
        connection = engine.connect()
        seen.append(connection.sync_connection)
        async with connection:
            face = connection.sync_connection
            seen += [face is connection.sync_connection, type(face).__name__]
            seen += [face.engine is engine.sync_engine, face.in_transaction(), face.closed]

            @sql.event.listens_for(face, "before_cursor_execute")
            def note(conn: Any, cursor: Any, text: str, *_: Any) -> None:
                seen.append((conn is face, text))

            await connection.execute(sql.select(1))
            seen += [face.in_transaction(), face.get_transaction().is_active]
        async with engine.connect() as another:
            await another.execute(sql.select(2))
        seen.append(face.closed)
        await engine.dispose()
        return seen

    yield asyncio.run(work())


def program_a_connection_that_is_dropped(lib: Library) -> Iterator[Any]:
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        engine = lib.sql.create_engine(f"sqlite:///{file.name}")
        gc.disable()
        try:
            connection = engine.connect()
            yield engine.pool.checkedout()
            del connection
            yield engine.pool.checkedout()
        finally:
            gc.enable()
        engine.dispose()
