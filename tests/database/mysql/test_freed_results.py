"""mysqlclient: no result of an answer that failed is left to the garbage collector.

It would be freed under the lock of its connection, by a statement of that connection that holds it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from typing import Any

import MySQLdb
import pytest

from backends.series import numbers
from ormolu import Connection, create_engine, text
from ormolu.exc import DBAPIError

ROWS = f"SELECT a.seq, repeat('x', 500) FROM {numbers(1000, 'a')}, {numbers(100, 'b')}"
PROCEDURE = """
    CREATE PROCEDURE rows_and_an_error() BEGIN SELECT 1; SIGNAL SQLSTATE '45000'; END
"""


@pytest.fixture
def connections(mysql_url: str) -> Iterator[tuple[Connection, Connection]]:
    """The connection under test, and another one."""
    engine = create_engine(mysql_url.replace("mysql:", "mysql+mysqldb:"))
    with engine.connect() as one, engine.connect() as other:
        yield one, other
    engine.dispose()


@pytest.fixture
def no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def results() -> list[Any]:
    return [found for found in gc.get_objects() if type(found) is MySQLdb._mysql.result]


@pytest.mark.usefixtures("no_collection")
def test_of_a_stream_whose_query_was_killed(connections: tuple[Connection, Connection]) -> None:
    connection, other = connections
    thread = connection.scalar(text("SELECT CONNECTION_ID()"))
    rows = connection.execute(text(ROWS), execution_options={"stream_results": True})
    assert rows.fetchone() is not None
    assert len(results()) == 1
    other.execute(text(f"KILL QUERY {thread}"))
    with pytest.raises(DBAPIError, match="1317"):
        rows.fetchall()
    assert results() == []
    assert connection.scalar(text("SELECT 2")) == 2


@pytest.mark.usefixtures("no_collection")
def test_of_a_procedure_that_fails_after_its_rows(
    connections: tuple[Connection, Connection],
) -> None:
    connection, _ = connections
    connection.execute(text("DROP PROCEDURE IF EXISTS rows_and_an_error"))
    connection.execute(text(PROCEDURE))
    with pytest.raises(DBAPIError, match="1644"):
        connection.execute(text("CALL rows_and_an_error()"))
    assert results() == []


@pytest.mark.usefixtures("no_collection")
def test_of_rows_that_a_converter_refuses(mysql_url: str) -> None:
    def refuse(value: object) -> None:
        raise LookupError(value)

    conversions: Mapping[Any, Any] = MySQLdb.converters.conversions
    engine = create_engine(
        mysql_url.replace("mysql:", "mysql+mysqldb:"),
        connect_args={"conv": {**conversions, MySQLdb.constants.FIELD_TYPE.DATE: refuse}},
    )
    with engine.connect() as connection:
        for statement in ("SELECT DATE '2020-01-01'", "/* */ SELECT DATE '2020-01-01'"):
            with pytest.raises(LookupError):
                connection.execute(text(statement))
            assert results() == []
        assert connection.scalar(text("SELECT 2")) == 2
    engine.dispose()
