"""MySQL and MariaDB through mysqlclient (``MySQLdb``).

Statements go through the driver's own C connection: ``query``, ``store_result``, ``fetch_row``,
which its documentation calls ``_mysql`` and its cursors are made of. A cursor costs more than
a point query does otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import MySQLdb
from MySQLdb.cursors import SSCursor

from ormolu.dialects.mysql.blocking import BlockingMySQLConnection, Rows
from ormolu.dialects.mysql.connecting import prepared
from ormolu.dialects.mysql.errors import errno_of, is_servers
from ormolu.dialects.mysql.many_rows import MULTI_STATEMENTS, Writer
from ormolu.io.outcome import Description, Outcome, outcome
from ormolu.io.requests import note_failed_statement

__all__ = ["DRIVER"]

_BASE = MySQLdb._mysql.connection


class MySQLdbConnection(BlockingMySQLConnection):
    """An open ``MySQLdb`` connection."""

    __slots__ = ("_more", "_query", "_statement", "_store")

    def __init__(self, raw: Any, error: type[Exception]) -> None:
        super().__init__(raw, error)
        # The class's own query() is a Python function around that of its base.
        self._query: Callable[[bytes], None] = _BASE.query.__get__(raw)
        self._store: Callable[[], Any] = raw.store_result
        self._more: Callable[[], bool] = raw.more_results
        encoding: str = raw.encoding
        filled = _filler(raw)
        self._statement = _statement_writer(raw, filled)
        several = bool(raw.client_flag & MULTI_STATEMENTS)
        self._writer = Writer(lambda sql: sql.encode(encoding), filled, several)

    def fetchall(self, sql: str, params: Any) -> Rows:
        """Run a statement and return its rows."""
        if not self._ready:
            self._prepare(sql)
        statement = self._statement(sql, params)
        result = None
        try:
            self._query(statement)
            result = self._store()
            rows = [] if result is None else list(result.fetch_row(0))
            if self._more():
                result = None
                self._discard_more()
        except self.error as error:
            self.failed(error)
            raise
        finally:
            result = None
        return rows

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        if not self._ready:
            self._prepare(sql)
        statement = self._statement(sql, params)
        raw = self._raw
        result = rows = description = None
        try:
            self._query(statement)
            result = self._store()
            if result is not None:
                rows, description = list(result.fetch_row(0)), result.describe()
            left = outcome((rows, description, raw.affected_rows(), raw.insert_id()))
            if self._more():
                result = None
                self._discard_more()
        except self.error as error:
            self.failed(error)
            raise
        finally:
            result = None
        return left

    def _outcomes(self, message: bytes) -> list[Outcome]:
        raw = self._raw
        outcomes = []
        try:
            self._query(message)
            while True:
                rows, description = _contents_of(self._store())
                rowcount, lastrowid = raw.affected_rows(), raw.insert_id()
                outcomes.append(outcome((rows, description, rowcount, lastrowid)))
                if raw.next_result():
                    return outcomes
        except self.error as error:
            note_failed_statement(error, len(outcomes))
            self.failed(error)
            raise

    def failed(self, error: BaseException) -> None:
        """Note what an error means for the session, and in the error what the server called it.

        The driver leaves the SQLSTATE out of its errors; its newer versions can be asked for it.
        """
        raw = self._raw
        if isinstance(error, self.error) and is_servers(error) and raw.open:
            state = getattr(raw, "sqlstate", None)
            if state is not None and raw.errno() == errno_of(error):
                error.sqlstate = state()  # type: ignore[attr-defined]
        super().failed(error)

    def _discard_more(self) -> None:
        """Drop the further results of a procedure or of several statements."""
        while self._raw.next_result() == 0:
            self._raw.discard_result()

    def _open(self, sql: str, params: Any) -> Any:
        cursor = self._raw.cursor(SSCursor)
        cursor.execute(sql, params)
        return cursor

    def _answer(self, sql: str) -> Any:
        self._query(sql.encode())
        result = self._store()
        return None if result is None else result.fetch_row()[0][0]


def _filler(raw: Any) -> Callable[[bytes, Any], bytes]:
    """Return what puts literals in the place of a text's placeholders."""
    string: Callable[[bytes], bytes] = raw.string_literal
    encoding: str = raw.encoding

    def literal(value: Any) -> bytes:
        kind = type(value)
        if kind is str:
            return string(value.encode(encoding))
        if kind is int:
            return b"%d" % value
        return b"NULL" if value is None else raw.literal(value)

    def filled(text: bytes, params: Any) -> bytes:
        values: Any
        if type(params) is not tuple and isinstance(params, Mapping):
            values = {key.encode(encoding): literal(value) for key, value in params.items()}
        else:
            values = tuple([b"%d" % v if type(v) is int else literal(v) for v in params])
        try:
            return text % values  # type: ignore[no-any-return]
        except TypeError as error:  # too few or too many; the driver's cursors say it so
            raise MySQLdb.ProgrammingError(str(error)) from error

    return filled


def _statement_writer(
    raw: Any, filled: Callable[[bytes, Any], bytes]
) -> Callable[[str, Any], bytes]:
    """Return what writes a statement as it is sent."""
    encoding: str = raw.encoding

    def statement(sql: str, params: Any) -> bytes:
        if len(params) == 1 and type(params) is tuple and type(params[0]) is int:
            try:
                return (sql % params).encode(encoding)  # a key, in half the time
            except TypeError:  # too few or too many placeholders, which is told below
                pass
        return filled(sql.encode(encoding), params)

    return statement


# mysqlclient frees a result under the lock of its connection, and a statement of that connection
# may hold the lock when it sets off the garbage collector, which would then wait for ever. So no
# result may be left to the collector: not in a frame that an error's traceback keeps, nor in a
# cursor.


def _contents_of(result: Any) -> tuple[Rows | None, Description | None]:
    try:
        return (None, None) if result is None else (list(result.fetch_row(0)), result.describe())
    finally:
        del result


class MySQLdbDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "mysqldb"
    is_async = False
    dbapi = MySQLdb
    error: type[Exception] = MySQLdb.Error

    def connect(self, *args: Any, **options: Any) -> MySQLdbConnection:
        """Open a connection; arguments as of ``MySQLdb.connect``."""
        return self.adapt(MySQLdb.connect(*args, **prepared(options, binary_prefix=True)))

    def adapt(self, raw: Any) -> MySQLdbConnection:
        """Wrap a connection that the user's ``creator`` opened."""
        return MySQLdbConnection(raw, self.error)


DRIVER = MySQLdbDriver()
