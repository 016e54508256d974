"""Every option of ``create_engine`` has its effect, or is refused with what to do instead."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ormolu import (
    JSON,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    event,
    exc,
    insert,
    select,
)
from ormolu.engine import Engine, create_engine
from ormolu.pool import QueuePool, StaticPool
from ormolu.testing import count_queries


def make(**options: Any) -> Engine:
    return create_engine("sqlite://", **options)


def test_json_is_written_and_read_by_the_given_functions() -> None:
    engine = make(
        json_serializer=lambda value: json.dumps({"wrapped": value}),
        json_deserializer=lambda text: json.loads(text)["wrapped"],
    )
    metadata = MetaData()
    notes = Table("notes", metadata, Column("body", JSON))
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(notes), {"body": [1, 2]})
        raw = connection.exec_driver_sql("SELECT body FROM notes").scalar()
        assert raw == '{"wrapped": [1, 2]}'
        assert connection.scalar(select(notes.c.body)) == [1, 2]
    engine.dispose()


@pytest.mark.parametrize(
    ("rule", "left"), [("rollback", 0), (True, 0), ("commit", 1), (None, 1), (False, 1)]
)
def test_what_a_raw_connection_left_open_ends_as_the_pool_says(rule: Any, left: int) -> None:
    engine = make(poolclass=StaticPool, pool_reset_on_return=rule)
    raw = engine.raw_connection()
    raw.cursor().execute("CREATE TABLE t (x)")
    raw.cursor().execute("BEGIN")
    raw.cursor().execute("INSERT INTO t VALUES (1)")
    driver = raw.driver_connection
    raw.close()
    assert driver.in_transaction == (rule in (None, False))
    assert driver.execute("SELECT count(*) FROM t").fetchone() == (left,)
    engine.dispose()


@pytest.mark.parametrize("option", ["label_length", "max_identifier_length"])
def test_labels_are_shortened_to_what_is_allowed(option: str) -> None:
    engine = make(**{option: 6})
    table = Table("some_table", MetaData(), Column("a_rather_long_column", Integer))
    statement = select(table).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    text = str(statement.compile(dialect=engine.dialect))
    assert text == "SELECT some_table.a_rather_long_column AS _1 \nFROM some_table"


crew = Table(
    "crew",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("rank", Integer, default=3),
)
NAMES = [{"name": name} for name in ("Neil", "Buzz", "Mike")]


@pytest.mark.parametrize(
    ("options", "statements"),
    [({}, 1), ({"insertmanyvalues_page_size": 2}, 2), ({"use_insertmanyvalues": False}, 3)],
)
def test_many_sets_with_returning_go_in_pages(options: dict[str, Any], statements: int) -> None:
    engine = make(**options)
    with engine.begin() as connection:
        crew.metadata.create_all(connection)
        with count_queries(engine) as seen:
            result = connection.execute(insert(crew).returning(crew.c.id, crew.c.name), NAMES)
        assert result.all() == [(1, "Neil"), (2, "Buzz"), (3, "Mike")]
        assert seen.count == statements
    engine.dispose()


def test_the_page_size_may_be_an_execution_option() -> None:
    engine = make()
    with engine.begin() as connection:
        crew.metadata.create_all(connection)
        with count_queries(engine) as seen:
            connection.execute(
                insert(crew).returning(crew.c.id),
                NAMES,
                execution_options={"insertmanyvalues_page_size": 1},
            )
        assert seen.count == 3
    engine.dispose()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"pool_reset_on_return": "x"}, exc.ArgumentError, "reset_on_return"),
        ({"label_length": 100_000}, exc.ArgumentError, "maximum identifier length of 9999"),
        ({"label_length": 0}, exc.ArgumentError, "label_length must be a positive number"),
        ({"insertmanyvalues_page_size": 0}, exc.ArgumentError, "page_size must be a positive"),
        ({"paramstyle": "xx"}, exc.ArgumentError, "'xx' is not one of qmark"),
        ({"json_serializer": 3}, exc.ArgumentError, "json_serializer must be a function"),
        ({"query_cache_size": -1}, exc.ArgumentError, "0 turns the cache off"),
        ({"future": False}, exc.ArgumentError, "may only be set to True"),
        ({"plugins": ["nope"]}, exc.NoSuchModuleError, "ormolu.plugins:nope"),
        ({"async_creator": list}, TypeError, "create_async_engine"),
        ({"creator": list, "connect_args": {"x": 1}}, exc.ArgumentError, "connect_args"),
        ({"pool": QueuePool, "pool_size": 3}, TypeError, "'pool_size'"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_can_not_be_done_is_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(**options)


def test_skip_autocommit_rollback_is_accepted_either_way() -> None:
    for wanted in (False, True):
        engine = create_engine("sqlite://", skip_autocommit_rollback=wanted)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_module_is_the_build_of_the_driver_that_connects(tmp_path: Path) -> None:
    class Connection(sqlite3.Connection):
        pass

    build = ModuleType("another_sqlite")
    build.Error = sqlite3.Error  # type: ignore[attr-defined]
    build.connect = partial(sqlite3.connect, factory=Connection)  # type: ignore[attr-defined]
    engine = create_engine(f"sqlite:///{tmp_path / 'file.db'}", module=build)
    with engine.connect() as connection:
        assert type(connection.connection.dbapi_connection) is Connection
        with pytest.raises(exc.OperationalError):
            connection.exec_driver_sql("SELECT nothing")
    assert create_engine("sqlite://", module=sqlite3).connect().exec_driver_sql("SELECT 1").scalar()


def test_a_listener_on_the_dialect_hears_its_engine_alone() -> None:
    engine, other = create_engine("sqlite://"), create_engine("sqlite://")
    heard: list[str] = []

    def note(cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        heard.append(statement)

    event.listen(engine.dialect, "do_execute", note)
    for each in (engine, other):
        with each.connect() as connection:
            connection.exec_driver_sql(f"SELECT {1 if each is engine else 2}")
    assert heard == ["SELECT 1"]


def test_listeners_hear_of_a_connection_that_a_pre_ping_found_dead(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'file.db'}", pool_pre_ping=True)
    heard: list[tuple[Any, ...]] = []

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> None:
        heard.append(
            (
                context.is_pre_ping,
                context.is_disconnect,
                context.statement,
                context.connection,
                type(context.original_exception),
                type(context.sqlalchemy_exception),
                context.dialect is engine.dialect,
            )
        )

    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.close()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    expected = (sqlite3.ProgrammingError, exc.ProgrammingError, True)
    assert heard == [(True, True, None, None, *expected)]
