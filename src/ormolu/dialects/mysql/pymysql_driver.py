"""MySQL and MariaDB through PyMySQL. One cursor serves every statement that isn't streamed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pymysql
from pymysql.cursors import SSCursor

from ormolu.dialects.mysql.blocking import BlockingMySQLConnection, Rows
from ormolu.dialects.mysql.connecting import prepared
from ormolu.dialects.mysql.multi_insert import filler, multi_insert, pages
from ormolu.io.outcome import Outcome, outcome

__all__ = ["DRIVER"]


class PyMySQLConnection(BlockingMySQLConnection):
    """An open ``pymysql`` connection."""

    __slots__ = ("_cursor",)

    def __init__(self, raw: Any, error: type[Exception]) -> None:
        super().__init__(raw, error)
        self._cursor = raw.cursor(pymysql.cursors.Cursor)

    def fetchall(self, sql: str, params: Any) -> Rows:
        """Run a statement and return its rows."""
        if not self._ready:
            self._prepare(sql)
        cursor = self._cursor
        statement = cursor.mogrify(sql, params)
        try:
            cursor.execute(statement)
            return list(cursor.fetchall())
        except BaseException as error:
            self.failed(error)
            raise

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        if not self._ready:
            self._prepare(sql)
        cursor = self._cursor
        self._run(cursor.mogrify(sql, params))
        description = cursor.description
        rows = None if description is None else list(cursor.fetchall())
        return outcome((rows, description, cursor.rowcount, cursor.lastrowid))

    def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set: an INSERT with as many rows as fit."""
        if not self._ready:
            self._prepare(sql)
        parts = multi_insert(sql)
        cursor = self._cursor
        statements: Iterable[str]
        if parts is None:
            statements = (cursor.mogrify(sql, row) for row in rows)
        else:
            statements = pages(parts, rows, filler(self._raw.escape))
        count = sum(map(self._run, statements))
        return Outcome(None, None, count, cursor.lastrowid)

    def _run(self, statement: str) -> int:
        try:
            return self._cursor.execute(statement)  # type: ignore[no-any-return]
        except BaseException as error:
            self.failed(error)
            raise

    def _open(self, sql: str, params: Any) -> Any:
        cursor = self._raw.cursor(SSCursor)
        cursor.execute(sql, params)
        return cursor

    def _ask(self, sql: str) -> Any:
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
        return self.adapt(pymysql.connect(*args, **prepared(options)))

    def adapt(self, raw: Any) -> PyMySQLConnection:
        """Wrap a connection that the user's ``creator`` opened."""
        return PyMySQLConnection(raw, self.error)


DRIVER = PyMySQLDriver()
