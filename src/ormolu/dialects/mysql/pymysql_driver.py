"""MySQL and MariaDB through PyMySQL.

Statements go through the driver's connection; a cursor calls a dozen functions around it. What the
server answers is read by `pymysql_wire`, and where the connection isn't one that this knows, by the
driver: ``query`` and the result that this leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pymysql
from pymysql.constants import SERVER_STATUS
from pymysql.converters import escape_string
from pymysql.cursors import SSCursor

from ormolu.dialects.mysql.blocking import BlockingMySQLConnection, Rows
from ormolu.dialects.mysql.connecting import prepared
from ormolu.dialects.mysql.encryption import context_of, password_encryption
from ormolu.dialects.mysql.many_rows import MULTI_STATEMENTS, Writer, filler
from ormolu.dialects.mysql.pymysql_wire import Wire, fits, left_by
from ormolu.io.outcome import Outcome
from ormolu.io.requests import note_failed_statement

__all__ = ["DRIVER"]

_NO_ESCAPES = SERVER_STATUS.SERVER_STATUS_NO_BACKSLASH_ESCAPES


def _literals_of(raw: Any) -> Callable[[Any], str]:
    """Return what writes values as SQL."""

    def literal(value: Any) -> str:
        if type(value) is str and not raw.server_status & _NO_ESCAPES:
            return f"'{escape_string(value)}'"
        return "NULL" if value is None else raw.escape(value)

    return literal


class PyMySQLConnection(BlockingMySQLConnection):
    """An open ``pymysql`` connection, through the driver's own functions."""

    __slots__ = ("_filled",)

    def __init__(self, raw: Any, error: type[Exception]) -> None:
        super().__init__(raw, error)
        self._filled = filler(_literals_of(raw), pymysql.ProgrammingError)
        several = bool(raw.client_flag & MULTI_STATEMENTS)
        self._writer = Writer(str, self._filled, several)

    def fetchall(self, sql: str, params: Any) -> Rows:
        """Run a statement and return its rows."""
        return self.execute(sql, params).rows or []

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        if not self._ready:
            self._prepare(sql)
        statement = self._filled(sql, params)
        try:
            return self._answered(statement, sql)
        except BaseException as error:
            self.failed(error)
            raise

    def _answered(self, statement: str, key: str) -> Outcome:
        """Send a statement; return its first answer, with nothing left on the wire."""
        raw = self._raw
        raw.query(statement)
        result = raw._result
        while raw._result.has_next:  # of a procedure, or of several statements
            raw.next_result()
        return left_by(result)

    def _outcomes(self, message: str) -> list[Outcome]:
        outcomes: list[Outcome] = []
        try:
            self._collect(message, outcomes)
        except BaseException as error:
            if isinstance(error, self.error):
                note_failed_statement(error, len(outcomes))
            self.failed(error)
            raise
        return outcomes

    def _collect(self, message: str, outcomes: list[Outcome]) -> None:
        """Send one or several statements; add what each left."""
        raw = self._raw
        raw.query(message)
        outcomes.append(left_by(raw._result))
        while raw._result.has_next:
            raw.next_result()
            outcomes.append(left_by(raw._result))

    def failed(self, error: BaseException) -> None:
        """Note what an error means for the session.

        After an interrupt the rest of an answer must not be the next statement's.
        """
        super().failed(error)
        if self.broken and self._raw.open:
            self._raw.close()

    def _open(self, sql: str, params: Any) -> Any:
        cursor = self._raw.cursor(SSCursor)
        cursor.execute(sql, params)
        return cursor

    def _forsake(self, cursor: Any) -> None:
        # Else its result would try to read the rest when it is garbage, and fail.
        cursor._result.unbuffered_active = False

    def _answer(self, sql: str) -> Any:
        rows = self._answered(sql, sql).rows
        return rows[0][0] if rows else None


class WiredPyMySQLConnection(PyMySQLConnection):
    """An open ``pymysql`` connection whose answers are read here."""

    __slots__ = ("_wire",)

    def __init__(self, raw: Any, error: type[Exception]) -> None:
        super().__init__(raw, error)
        self._wire = wire = Wire(raw)
        self._send_commit = partial(wire.ask, b"COMMIT", "")
        self._send_rollback = partial(wire.ask, b"ROLLBACK", "")

    @property
    def raw(self) -> Any:
        """The driver's connection; whoever takes it finds a begun transaction really begun."""
        self._wire.forget()
        return super().raw

    def take_back(self) -> None:
        """Look what mode the connection's user has left it in."""
        self._wire.forget()
        super().take_back()

    def _answered(self, statement: str, key: str) -> Outcome:
        return self._wire.ask(statement.encode(self._raw.encoding), key)

    def _collect(self, message: str, outcomes: list[Outcome]) -> None:
        wire = self._wire
        wire.send(message.encode(self._raw.encoding))
        outcomes.append(wire.read(""))
        while wire.more:
            outcomes.append(wire.read(""))


class PyMySQLDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "pymysql"
    is_async = False
    dbapi = pymysql
    error: type[Exception] = pymysql.Error

    def connect(self, *args: Any, **options: Any) -> PyMySQLConnection:
        """Open a connection; arguments as of ``pymysql.connect``."""
        if isinstance(wanted := options.get("ssl"), bool):
            options |= {"ssl": context_of({}) if wanted else None, "ssl_disabled": not wanted}
        raw = pymysql.connect(*args, **prepared({**options, "defer_connect": True}))
        # The driver's limit is for the TCP connection alone: a server that takes it and then says
        # nothing would be waited for without end.
        limit = raw._read_timeout
        raw._read_timeout = limit or raw.connect_timeout
        with password_encryption("PyMySQL"):
            raw.connect()
        raw._read_timeout = limit
        return self.adapt(raw)

    def adapt(self, raw: Any) -> PyMySQLConnection:
        """Wrap a connection that the user's ``creator`` opened."""
        kind = WiredPyMySQLConnection if fits(raw) else PyMySQLConnection
        return kind(raw, self.error)


DRIVER = PyMySQLDriver()
