"""mysqlclient: a statement calls the driver's connection, and no cursor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import MySQLdb
import pytest

from ormolu import Connection, Integer, Text, column, create_engine, select, table, text

OF_THE_DRIVER = (MySQLdb._mysql.connection, MySQLdb._mysql.result)


@pytest.fixture
def connection(mysql_url: str) -> Iterator[Connection]:
    engine = create_engine(mysql_url.replace("mysql:", "mysql+mysqldb:"))
    with engine.connect() as connection:
        connection.execute(text("CREATE OR REPLACE TABLE note (id INT PRIMARY KEY, words TEXT)"))
        connection.execute(text("INSERT INTO note VALUES (1, 'a')"))
        connection.commit()
        yield connection
    engine.dispose()


def calls(work: Callable[[], Any]) -> list[str]:
    """What some work calls of the driver: C functions, and after a colon those in Python."""
    called = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and isinstance(getattr(argument, "__self__", None), OF_THE_DRIVER):
            called.append(argument.__name__)
        elif event == "call" and Path(frame.f_code.co_filename).parent.name == "MySQLdb":
            called.append(f":{frame.f_code.co_qualname}")

    work()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return called


def test_of_a_query(connection: Connection) -> None:
    note = table("note", column("id", Integer), column("words", Text))
    asked = calls(lambda: connection.execute(select(note).where(note.c.id == 1)).all())
    assert asked == ["query", "store_result", "fetch_row", "more_results"]


def test_of_a_change(connection: Connection) -> None:
    statement = text("UPDATE note SET words = :words WHERE id = :id")
    change = calls(lambda: connection.execute(statement, {"id": 1, "words": "b"}))
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

    assert [name for name in calls(work) if name in ("commit", "rollback", "autocommit")] == [
        "commit",
        "rollback",
    ]
