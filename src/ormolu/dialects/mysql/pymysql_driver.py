"""MySQL and MariaDB through PyMySQL.

Statements go through the driver's connection, ``query`` and the result that this leaves there: a
cursor calls a dozen functions around it. One cursor writes values into texts.
"""

from __future__ import annotations

from typing import Any

import pymysql
from pymysql.cursors import SSCursor

from ormolu.dialects.mysql.blocking import BlockingMySQLConnection, Rows
from ormolu.dialects.mysql.connecting import prepared
from ormolu.dialects.mysql.many_rows import MULTI_STATEMENTS, Writer, filler
from ormolu.io.outcome import Outcome, outcome
from ormolu.io.requests import note_failed_statement

__all__ = ["DRIVER"]


def _left_by(result: Any) -> Outcome:
    """Return what the driver's result tells."""
    description = result.description
    rows = None if description is None else list(result.rows)
    return outcome((rows, description, result.affected_rows, result.insert_id))


class PyMySQLConnection(BlockingMySQLConnection):
    """An open ``pymysql`` connection."""

    __slots__ = ("_cursor",)

    def __init__(self, raw: Any, error: type[Exception]) -> None:
        super().__init__(raw, error)
        self._cursor = raw.cursor(pymysql.cursors.Cursor)
        several = bool(raw.client_flag & MULTI_STATEMENTS)
        self._writer = Writer(str, filler(raw.escape), several)

    def fetchall(self, sql: str, params: Any) -> Rows:
        """Run a statement and return its rows."""
        if not self._ready:
            self._prepare(sql)
        statement = self._cursor.mogrify(sql, params)
        try:
            result = self._results(statement)
            return [] if result.rows is None else list(result.rows)
        except BaseException as error:
            self.failed(error)
            raise

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        if not self._ready:
            self._prepare(sql)
        statement = self._cursor.mogrify(sql, params)
        try:
            return _left_by(self._results(statement))
        except BaseException as error:
            self.failed(error)
            raise

    def _results(self, statement: str) -> Any:
        """Send a statement; return its first result, with nothing left on the wire."""
        raw = self._raw
        raw.query(statement)
        result = raw._result
        while raw._result.has_next:  # of a procedure, or of several statements
            raw.next_result()
        return result

    def _outcomes(self, message: str) -> list[Outcome]:
        raw = self._raw
        outcomes = []
        try:
            raw.query(message)
            while True:
                outcomes.append(_left_by(raw._result))
                if not raw._result.has_next:
                    return outcomes
                raw.next_result()
        except BaseException as error:
            if isinstance(error, self.error):
                note_failed_statement(error, len(outcomes))
            self.failed(error)
            raise

    def _open(self, sql: str, params: Any) -> Any:
        cursor = self._raw.cursor(SSCursor)
        cursor.execute(sql, params)
        return cursor

    def _forsake(self, cursor: Any) -> None:
        # Else its result would try to read the rest when it is garbage, and fail.
        cursor._result.unbuffered_active = False

    def _answer(self, sql: str) -> Any:
        self._cursor.execute(sql)
        row = self._cursor.fetchone()
        return None if row is None else row[0]


class PyMySQLDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "pymysql"
    is_async = False
    dbapi = pymysql
    error: type[Exception] = pymysql.Error

    def connect(self, *args: Any, **options: Any) -> PyMySQLConnection:
        """Open a connection; arguments as of ``pymysql.connect``."""
        raw = pymysql.connect(*args, **prepared({**options, "defer_connect": True}))
        # The driver's limit is for the TCP connection alone: a server that takes it and then says
        # nothing would be waited for without end.
        limit = raw._read_timeout
        raw._read_timeout = limit or raw.connect_timeout
        raw.connect()
        raw._read_timeout = limit
        return self.adapt(raw)

    def adapt(self, raw: Any) -> PyMySQLConnection:
        """Wrap a connection that the user's ``creator`` opened."""
        return PyMySQLConnection(raw, self.error)


DRIVER = PyMySQLDriver()
