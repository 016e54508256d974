"""What the adapters of the blocking drivers have in common; the theory stands in ``session.py``."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from ormolu.dialects.mysql.disconnects import (
    ENDS_TRANSACTION,
    LOCK_WAIT_TIMEOUT,
    TIMEOUT_QUESTION,
    is_gone,
)
from ormolu.dialects.mysql.errors import errno_of
from ormolu.dialects.mysql.many_rows import Writer
from ormolu.dialects.mysql.session import (
    SessionState,
    begins_nothing,
    isolation_question,
    isolation_statement,
)
from ormolu.io.outcome import Description, Outcome
from ormolu.io.requests import failed_statement, note_failed_statement

__all__ = ["BlockingCursor", "BlockingMySQLConnection"]

Rows = list[tuple[Any, ...]]


class BlockingCursor:
    """A streaming cursor: its rows stay on the wire until they are fetched.

    :param cursor: the driver's unbuffered cursor, with a statement executed.
    """

    __slots__ = ("_buffer", "_connection", "_cursor", "_failure", "description")

    def __init__(self, connection: BlockingMySQLConnection, cursor: Any) -> None:
        self._connection = connection
        self._cursor = cursor
        self._buffer: Rows | None = None
        self._failure: Exception | None = None
        self.description: Description | None = cursor.description

    def fetch(self, size: int | None) -> Rows:
        """Return up to ``size`` more rows, all of them when None."""
        buffer = self._buffer
        if buffer is not None:
            if self._failure is not None:
                raise self._failure
            taken = buffer[:size]
            del buffer[:size]
            return taken
        try:
            cursor = self._cursor
            return list(cursor.fetchall() if size is None else cursor.fetchmany(size))
        except BaseException as error:
            self._fail(error)
            raise

    def make_way(self) -> None:
        """Read what is left, so that the connection can be used for something else.

        The server may have given the query up meanwhile. That concerns who fetches, who gets the
        error then, and others only if the transaction or the connection went with the query.
        """
        try:
            self._buffer = self.fetch(None)
            self._end()
        except self._connection.error as error:
            if self._connection.is_lost:
                raise
            self._failure = error.with_traceback(None)

    def close(self) -> None:
        """Drop the rows that are left."""
        if self._buffer is None:
            self._buffer = []
            try:
                self._end()
            except self._connection.error:
                # Why rows came to an early end that nobody wants is of no interest.
                if self._connection.is_lost:
                    raise
        self._buffer, self._failure = [], None

    def forsake(self) -> None:
        """Hear that the connection is gone, and the rows on the wire with it."""
        self._connection._forsake(self._cursor)

    def _end(self) -> None:
        if not self._connection.broken:
            try:
                self._cursor.close()
            except BaseException as error:
                self._fail(error)
                raise
            self._connection.stream_ended(self)

    def _fail(self, error: BaseException) -> None:
        """Note that there are no rows any more: an error is the last thing that a server sends."""
        self._buffer = []
        self._connection.failed(error)
        if not self._connection.broken:
            # The driver's result must not wait for the garbage collector: see mysqldb_driver.
            with contextlib.suppress(self._connection.error):  # of less interest than the first
                self._cursor.close()
        self._connection.stream_ended(self)


class BlockingMySQLConnection(SessionState, ABC):
    """An open connection of a blocking driver."""

    __slots__ = ("_raw", "_send_commit", "_send_rollback", "_writer", "error")

    _writer: Writer[Any]
    _send_commit: Callable[[], object]
    _send_rollback: Callable[[], object]

    def __init__(self, raw: Any, error: type[Exception]) -> None:
        super().__init__(bool(raw.get_autocommit()))
        self._raw = raw
        self._send_commit = raw.commit
        self._send_rollback = raw.rollback
        self.error = error

    # -- what each driver does in its own way

    @abstractmethod
    def fetchall(self, sql: str, params: Any) -> Rows:
        """Run a statement and return its rows."""

    @abstractmethod
    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""

    @abstractmethod
    def _outcomes(self, message: Any) -> list[Outcome]:
        """Send what the writer wrote, one or several statements; returns what each left."""

    @abstractmethod
    def _open(self, sql: str, params: Any) -> Any:
        """Run a statement on an unbuffered cursor of the driver's, and return that."""

    @abstractmethod
    def _answer(self, sql: str) -> Any:
        """Return the first value of a query's first row, None where there are no rows."""

    # -- statements

    @property
    def raw(self) -> Any:
        """The driver's connection; whoever takes it finds a begun transaction really begun."""
        if self._begun and not self._ready and not self.broken:
            self._prepare("")
        return self._raw

    @property
    def bare(self) -> Any:
        """The driver's connection; nothing is sent."""
        return self._raw

    def hand_out(self, autocommit: bool) -> None:
        """Have the server begin by itself, as PEP 249 has it, or not."""
        if self._stream is not None:
            self._stream.make_way()
        if self._autocommit is not autocommit:
            self._switch(autocommit)

    def take_back(self) -> None:
        """Look what mode the connection's user has left it in."""
        if not self.broken:
            self._switched(bool(self._raw.get_autocommit()))

    def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set, in as few messages as may be."""
        if not self._ready:
            self._prepare(sql)
        count = 0
        last: int | None = None
        for message in self._writer.rows(sql, rows):
            for left in self._outcomes(message):
                count += left.rowcount
                last = left.lastrowid
        return Outcome(None, None, count, last)

    def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements, several in a message where they may be."""
        messages = self._writer.statements(statements)
        outcomes: list[Outcome] = []
        try:
            if messages is None:
                for sql, params in statements:
                    outcomes.append(self.execute(sql, params))
                return outcomes
            if not self._ready:
                self._prepare("")
            for message in messages:
                outcomes += self._outcomes(message)
        except self.error as error:
            note_failed_statement(error, len(outcomes) + failed_statement(error))
            raise
        return outcomes

    def open_cursor(self, sql: str, params: Any) -> BlockingCursor:
        """Run a statement and return a cursor that streams its rows."""
        if not self._ready:
            self._prepare(sql)
        try:
            cursor = BlockingCursor(self, self._open(sql, params))
        except self.error as error:
            self.failed(error)
            raise
        self._streaming(cursor)
        return cursor

    def stream_ended(self, cursor: BlockingCursor) -> None:
        """Hear that a stream has no rows on the wire any more."""
        if self._stream is cursor:
            self._streaming(None)

    def _prepare(self, sql: str) -> None:
        """Tell the server what it must know before ``sql``, and clear the way for it."""
        if self._stream is not None:
            self._stream.make_way()
        wanted = not self._begun
        if self._autocommit is not wanted and not begins_nothing(sql):
            self._switch(wanted)
            if wanted and self._level:
                self._use_level("")  # each statement is a transaction at the session's own

    def _switch(self, autocommit: bool) -> None:
        try:
            self._raw.autocommit(autocommit)
        except self.error as error:
            self.failed(error)
            raise
        self._switched(autocommit)

    def _ask(self, sql: str) -> Any:
        try:
            return self._answer(sql)
        except BaseException as error:
            self.failed(error)
            raise

    def failed(self, error: BaseException) -> None:
        """Note what an error means for the session.

        One that isn't the driver's may have left part of an answer on the wire, unless the
        statement could not even be encoded.
        """
        if isinstance(error, UnicodeEncodeError):
            return
        if not isinstance(error, self.error) or is_gone(error):
            self._break()
        elif self._begun:
            number = errno_of(error)
            if number == LOCK_WAIT_TIMEOUT:
                self._lost = bool(self._ask(TIMEOUT_QUESTION))
            elif number in ENDS_TRANSACTION:
                self._lost = True

    def _break(self) -> None:
        """Note that the connection can't be used again, nor an open stream."""
        self.broken = True
        if self._stream is not None:
            self._stream.forsake()
            self._stream = None

    def _forsake(self, cursor: Any) -> None:
        """Let go of an unbuffered cursor of the driver's, whose connection is gone."""

    # -- transactions

    def begin(self, mode: str) -> None:
        """Begin, at an isolation level, or with ``""`` at the session's own."""
        if mode != self._level:
            self._use_level(mode)
        self._begin_noted()
        self._prepare("")

    def _use_level(self, mode: str) -> None:
        if self._stream is not None:
            self._stream.make_way()
        if self._own_level is None:
            self._own_level = self._ask(isolation_question(self._raw.get_server_info()))
        self._ask(isolation_statement(mode or self._own_level))
        self._level = mode

    def commit(self) -> None:
        """Commit."""
        if self._stream is not None:
            self._stream.make_way()
        try:
            self._send_commit()
        except BaseException as error:
            self.failed(error)
            raise
        self._begun = self._lost = False
        self._ready = self._autocommit

    def rollback(self) -> None:
        """Roll back; a connection that is gone has nothing left to roll back."""
        if self._stream is not None:
            self._make_way_for_rollback()
        if not self.broken:
            try:
                self._send_rollback()
            except BaseException as error:
                self.failed(error)
                raise
        self._end_noted()

    def _make_way_for_rollback(self) -> None:
        try:
            self._stream.make_way()
        except self.error:
            if self.broken:
                raise

    def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        self.execute(f"SAVEPOINT {name}", ())

    def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        self.execute(f"ROLLBACK TO SAVEPOINT {name}", ())

    def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        self.execute(f"RELEASE SAVEPOINT {name}", ())

    def close(self) -> None:
        """Close the connection."""
        self._break()
        if self._raw.open:
            self._raw.close()
