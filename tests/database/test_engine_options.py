"""Every option of ``create_engine`` has its effect, or is refused with what to do instead."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from ormolu import JSON, Column, Integer, MetaData, String, Table, exc, insert, select
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
    statement = select(table.c.a_rather_long_column.label("much_too_long"))
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
        ({"skip_autocommit_rollback": False}, exc.ArgumentError, "no ROLLBACK in autocommit"),
        ({"module": sqlite3}, exc.ArgumentError, "creator="),
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
