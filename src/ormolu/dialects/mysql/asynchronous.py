"""What the adapters of the asynchronous drivers have in common; the theory is in ``session.py``.

Cancellation. A task that is cancelled while it waits for the server leaves a reply on the wire that
the next statement would take for its own. So whatever is cancelled closes the connection: its
server ends the transaction, and the pool opens another one. The same goes for an error that isn't
the server's answer.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn

from ormolu.dialects.mysql.disconnects import (
    ENDS_TRANSACTION,
    LOCK_WAIT_TIMEOUT,
    TIMEOUT_QUESTION,
    is_gone,
)
from ormolu.dialects.mysql.errors import errno_of
from ormolu.dialects.mysql.many_rows import MULTI_STATEMENTS, Writer, filler
from ormolu.dialects.mysql.opening import drop, transport_of
from ormolu.dialects.mysql.session import (
    SessionState,
    begins_nothing,
    isolation_question,
    isolation_statement,
)
from ormolu.io.outcome import Description, Outcome, outcome
from ormolu.io.requests import failed_statement, note_failed_statement

__all__ = ["AsyncMySQLConnection", "AsyncMySQLCursor"]

Rows = list[tuple[Any, ...]]
_LOST = 2013


class AsyncMySQLCursor:
    """A streaming cursor: its rows stay on the wire until they are fetched.

    :param cursor: the driver's unbuffered cursor, with a statement executed.
    """

    __slots__ = ("_buffer", "_connection", "_cursor", "_failure", "description")

    def __init__(self, connection: AsyncMySQLConnection, cursor: Any) -> None:
        self._connection = connection
        self._cursor = cursor
        self._buffer: Rows | None = None
        self._failure: Exception | None = None
        self.description: Description | None = cursor.description

    async def fetch(self, size: int | None) -> Rows:
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
            return list(await (cursor.fetchall() if size is None else cursor.fetchmany(size)))
        except BaseException as error:
            await self._fail(error)

    async def make_way(self) -> None:
        """Read what is left, so that the connection can be used for something else.

        The server may have given the query up meanwhile. That concerns who fetches, who gets the
        error then, and others only if the transaction or the connection went with the query.
        """
        try:
            self._buffer = await self.fetch(None)
            await self._end()
        except self._connection.error as error:
            if self._connection.is_lost:
                raise
            self._failure = error.with_traceback(None)

    async def close(self) -> None:
        """Drop the rows that are left."""
        if self._buffer is None:
            self._buffer = []
            try:
                await self._end()
            except self._connection.error:
                # Why rows came to an early end that nobody wants is of no interest.
                if self._connection.is_lost:
                    raise
        self._buffer, self._failure = [], None

    async def _end(self) -> None:
        if self._connection.broken:
            return
        try:
            await self._cursor.close()
        except BaseException as error:
            await self._fail(error)
        self._connection.stream_ended(self)

    async def _fail(self, error: BaseException) -> NoReturn:
        """Note that there are no rows any more: an error is the last thing that a server sends."""
        self._buffer = []
        try:
            await self._connection.failed(error)
        finally:
            self._connection.stream_ended(self)


class AsyncMySQLConnection(SessionState, ABC):
    """An open connection of an asynchronous driver.

    :param cursor: the driver's cursor, which serves every statement that isn't streamed.
    :param lost: makes the driver's error for a lost connection.
    """

    __slots__ = ("_cursor", "_filled", "_lost_error", "_transport", "_writer", "error", "raw")

    def __init__(
        self, raw: Any, cursor: Any, error: type[Exception], lost: Callable[..., Exception]
    ) -> None:
        super().__init__(bool(raw.get_autocommit()))
        self.raw = raw
        self.error = error
        self._transport = transport_of(raw)
        self._cursor = cursor
        self._lost_error = lost
        self._filled = filler(self._literal)
        self._writer = Writer(str, self._filled, self._takes_several)

    @abstractmethod
    def _unbuffered(self) -> Any:
        """Return a new cursor of the driver's whose rows stay on the wire."""

    def _literal(self, value: Any) -> str:
        """Return a value as SQL."""
        return self.raw.escape(value)  # type: ignore[no-any-return]

    @property
    def _takes_several(self) -> bool:
        """Whether a message may hold several statements."""
        return bool(self.raw.client_flag & MULTI_STATEMENTS)

    @property
    @abstractmethod
    def _version(self) -> str:
        """What the server calls its version."""

    # -- statements

    async def fetchall(self, sql: str, params: Any) -> Rows:
        """Run a statement and return its rows."""
        if not self._ready:
            await self._prepare(sql)
        cursor = self._cursor
        statement = self._filled(sql, params)
        try:
            await cursor.execute(statement)
            rows = list(await cursor.fetchall())
            while await cursor.nextset():
                pass
            return rows
        except BaseException as error:
            await self.failed(error)

    async def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        if not self._ready:
            await self._prepare(sql)
        cursor = self._cursor
        statement = self._filled(sql, params)
        try:
            await cursor.execute(statement)
            description = cursor.description
            rows = None if description is None else list(await cursor.fetchall())
            left = outcome((rows, description, cursor.rowcount, cursor.lastrowid))
            while await cursor.nextset():
                pass
            return left
        except BaseException as error:
            await self.failed(error)

    @property
    def bare(self) -> Any:
        """The driver's connection; nothing is sent."""
        return self.raw

    async def hand_out(self, autocommit: bool) -> None:
        """Have the server begin by itself, as PEP 249 has it, or not."""
        if self._stream is not None:
            await self._stream.make_way()
        if self._autocommit is not autocommit:
            await self._switch(autocommit)

    async def take_back(self) -> None:
        """Look what mode the connection's user has left it in."""
        if not self.broken:
            self._switched(bool(self.raw.get_autocommit()))

    async def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set, in as few messages as may be."""
        if not self._ready:
            await self._prepare(sql)
        count = 0
        last: int | None = None
        for message in self._writer.rows(sql, rows):
            for left in await self._outcomes(message):
                count += left.rowcount
                last = left.lastrowid
        return Outcome(None, None, count, last)

    async def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements, several in a message where they may be."""
        messages = self._writer.statements(statements)
        outcomes: list[Outcome] = []
        try:
            if messages is None:
                for sql, params in statements:
                    outcomes.append(await self.execute(sql, params))
                return outcomes
            if not self._ready:
                await self._prepare("")
            for message in messages:
                outcomes += await self._outcomes(message)
        except self.error as error:
            note_failed_statement(error, len(outcomes) + failed_statement(error))
            raise
        return outcomes

    async def _outcomes(self, message: str) -> list[Outcome]:
        """Send one or several statements; returns what each left."""
        cursor = self._cursor
        outcomes = []
        try:
            await cursor.execute(message)
            while True:
                description = cursor.description
                rows = None if description is None else list(await cursor.fetchall())
                outcomes.append(outcome((rows, description, cursor.rowcount, cursor.lastrowid)))
                if not await cursor.nextset():
                    return outcomes
        except BaseException as error:
            if isinstance(error, self.error):
                note_failed_statement(error, len(outcomes))
            await self.failed(error)

    async def open_cursor(self, sql: str, params: Any) -> AsyncMySQLCursor:
        """Run a statement and return a cursor that streams its rows."""
        if not self._ready:
            await self._prepare(sql)
        unbuffered = self._unbuffered()
        await self._driven(unbuffered.execute(self._filled(sql, params)))
        cursor = AsyncMySQLCursor(self, unbuffered)
        self._streaming(cursor)
        return cursor

    def stream_ended(self, cursor: AsyncMySQLCursor) -> None:
        """Hear that a stream has no rows on the wire any more."""
        if self._stream is cursor:
            self._streaming(None)

    async def _prepare(self, sql: str) -> None:
        """Tell the server what it must know before ``sql``, and clear the way for it."""
        if self._stream is not None:
            await self._stream.make_way()
        wanted = not self._begun
        if self._autocommit is not wanted and not begins_nothing(sql):
            await self._switch(wanted)
            if wanted and self._level:
                await self._use_level("")  # each statement is a transaction at the session's own

    async def _switch(self, autocommit: bool) -> None:
        await self._driven(self.raw.autocommit(autocommit))
        self._switched(autocommit)

    async def _driven(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except BaseException as error:
            await self.failed(error)

    async def _ask(self, sql: str) -> Any:
        """Return the first value of a query's first row, None where there are no rows."""
        await self._driven(self._cursor.execute(sql))
        row = await self._driven(self._cursor.fetchone())
        return None if row is None else row[0]

    async def failed(self, error: BaseException) -> NoReturn:
        """Note what an error means for the session, and raise it."""
        if isinstance(error, UnicodeEncodeError):
            raise error  # of the statement, which was not sent
        if isinstance(error, self.error):
            if is_gone(error):
                self.abandon()
            elif self._begun:
                await self._note_loss(errno_of(error))
            raise error
        self.abandon()
        if isinstance(error, (OSError, EOFError)):
            message = f"Lost connection to the server during query ({error})"
            raise self._lost_error(_LOST, message) from error
        raise error

    async def _note_loss(self, number: int | None) -> None:
        if number == LOCK_WAIT_TIMEOUT:
            self._lost = bool(await self._ask(TIMEOUT_QUESTION))
        elif number in ENDS_TRANSACTION:
            self._lost = True

    def abandon(self) -> None:
        """Close the connection without a word to the server."""
        self.broken = True
        drop(self.raw, self._transport)

    # -- transactions

    async def begin(self, mode: str) -> None:
        """Begin, at an isolation level, or with ``""`` at the session's own."""
        if mode != self._level:
            await self._use_level(mode)
        self._begin_noted()
        if not self._ready:
            await self._prepare("")

    async def _use_level(self, mode: str) -> None:
        if self._stream is not None:
            await self._stream.make_way()
        if self._own_level is None:
            self._own_level = await self._ask(isolation_question(self._version))
        await self._ask(isolation_statement(mode or str(self._own_level)))
        self._level = mode

    async def commit(self) -> None:
        """Commit."""
        if self._stream is not None:
            await self._stream.make_way()
        await self._finish(self.raw.commit)

    async def rollback(self) -> None:
        """Roll back; a connection that is gone has nothing left to roll back."""
        if self._stream is not None and not self.broken:
            await self._make_way_for_rollback()
        if not self.broken:
            await self._finish(self.raw.rollback)
        self._end_noted()

    async def _make_way_for_rollback(self) -> None:
        try:
            await self._stream.make_way()
        except self.error:
            if self.broken:
                raise

    async def _finish(self, send: Callable[[], Awaitable[Any]]) -> None:
        await self._driven(send())
        self._end_noted()

    async def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        await self.execute(f"SAVEPOINT {name}", ())

    async def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        await self.execute(f"ROLLBACK TO SAVEPOINT {name}", ())

    async def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        await self.execute(f"RELEASE SAVEPOINT {name}", ())

    async def close(self) -> None:
        """Close the connection."""
        gone, self.broken = self.broken, True
        if gone:
            return
        with contextlib.suppress(OSError):  # the server hung up first
            try:
                await self.raw.ensure_closed()
            finally:
                self.abandon()
