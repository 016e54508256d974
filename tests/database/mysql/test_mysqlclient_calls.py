"""mysqlclient: a statement calls the driver's connection, and no cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import MySQLdb
import pytest
from driver_calls import calls

from ormolu import Connection, Integer, Text, column, create_engine, select, table, text


@pytest.fixture
def connection(mysql_url: str) -> Iterator[Connection]:
    engine = create_engine(mysql_url.replace("mysql:", "mysql+mysqldb:"))
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE note (id INT PRIMARY KEY, words TEXT)"))
        connection.execute(text("INSERT INTO note VALUES (1, 'a')"))
        connection.commit()
        yield connection
    engine.dispose()


def calls_of(work: Callable[[], Any]) -> list[str]:
    """What some work calls of the driver."""
    return calls(work, MySQLdb, MySQLdb._mysql.connection, MySQLdb._mysql.result)


def test_of_a_query(connection: Connection) -> None:
    note = table("note", column("id", Integer), column("words", Text))
    asked = calls_of(lambda: connection.execute(select(note).where(note.c.id == 1)).all())
    assert asked == ["query", "store_result", "fetch_row", "more_results"]


def test_of_a_change(connection: Connection) -> None:
    statement = text("UPDATE note SET words = :words WHERE id = :id")
    change = calls_of(lambda: connection.execute(statement, {"id": 1, "words": "b"}))
    assert change == [
        *("string_literal", "query", "store_result"),
        *("affected_rows", "insert_id", "more_results"),
    ]


def test_of_an_end(connection: Connection) -> None:
    def work() -> None:
        connection.execute(text("DO 1"))
        connection.commit()
        connection.execute(text("DO 1"))
        connection.rollback()

    assert [name for name in calls_of(work) if name in ("commit", "rollback", "autocommit")] == [
        "commit",
        "rollback",
    ]
