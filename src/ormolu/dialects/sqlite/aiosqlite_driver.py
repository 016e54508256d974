"""SQLite through ``aiosqlite``: the blocking adapter, on a thread of its own.

A hop to that thread and back costs far more than a statement does, so every request is one hop.
``aiosqlite`` forwards single calls of ``sqlite3``, while a request needs several (execute, fetch,
read the row count). Its public ``execute_fetchall(sql, params)`` runs ``connection.execute(sql,
params)`` and then ``fetchall()`` on the thread; with a connection class of our own (``sqlite3``'s
documented ``factory``), ``execute`` also accepts a :class:`Call`, which names a method of the
blocking adapter.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from typing import Any

import aiosqlite

from ormolu.dialects.sqlite.pysqlite_driver import SQLiteConnection, SQLiteCursor, prepare
from ormolu.exc import ArgumentError
from ormolu.io.drivers import Description, Outcome


class Call(str):
    """The name of a method of the blocking adapter, in the place of SQL."""

    __slots__ = ()


class Done:
    """The result of a call, where ``aiosqlite`` expects a cursor."""

    __slots__ = ("_result",)

    def __init__(self, result: Any) -> None:
        self._result = result

    def fetchall(self) -> Any:
        """Return the result."""
        return self._result


class JointConnection(sqlite3.Connection):
    """A ``sqlite3`` connection whose ``execute`` accepts a :class:`Call`."""

    _adapter: SQLiteConnection | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run SQL, or a method of the blocking adapter."""
        if type(sql) is not Call:
            return super().execute(sql, parameters)
        adapter = self._adapter
        if adapter is None:
            adapter = self._adapter = SQLiteConnection(self)
        return Done(getattr(adapter, sql)(*parameters))


_FETCHALL = Call("fetchall")
_EXECUTE = Call("execute")
_EXECUTEMANY = Call("executemany")
_BATCH = Call("batch")
_OPEN_CURSOR = Call("open_cursor")
_FETCH_FROM = Call("fetch_from")
_CLOSE_CURSOR = Call("close_cursor")
_BEGIN = Call("begin")
_COMMIT = Call("commit")
_ROLLBACK = Call("rollback")
_SAVEPOINT = Call("savepoint")
_ROLLBACK_TO = Call("rollback_to")
_RELEASE_SAVEPOINT = Call("release_savepoint")
_USE_LEVEL = Call("use_level")


class AioSQLiteCursor:
    """A streaming cursor."""

    __slots__ = ("_connection", "_cursor", "description")

    def __init__(self, connection: AioSQLiteConnection, cursor: SQLiteCursor) -> None:
        self._connection = connection
        self._cursor = cursor
        self.description: Description | None = cursor.description

    async def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows, all of them when None."""
        rows: list[tuple[Any, ...]] = await self._connection.call(_FETCH_FROM, (self._cursor, size))
        return rows

    async def close(self) -> None:
        """Close the cursor."""
        await self._connection.call(_CLOSE_CURSOR, (self._cursor,))


class AioSQLiteConnection:
    """An open ``aiosqlite`` connection."""

    __slots__ = ("_level", "raw")

    #: There is no network that could fail.
    broken = False

    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = True

    error: type[Exception] = sqlite3.Error

    def __init__(self, raw: aiosqlite.Connection, level: str | None = "") -> None:
        self.raw = raw
        self._level = level

    @property
    def bare(self) -> aiosqlite.Connection:
        """The driver's connection; nothing is sent."""
        return self.raw

    async def hand_out(self, autocommit: bool) -> None:
        """Have the driver begin by itself, before the first change, or never with ``autocommit``.

        A closed connection is left alone: its user is told soon enough.
        """
        if self._in_transaction_if_open() is not None:
            await self._run(_USE_LEVEL, (None if autocommit else self._level,))

    async def take_back(self) -> None:
        """Have the driver never begin by itself."""
        await self.hand_out(True)

    @property
    def in_transaction(self) -> bool:
        """Whether the database is inside a transaction; a closed one is not."""
        return bool(self._in_transaction_if_open())

    def _in_transaction_if_open(self) -> bool | None:
        try:
            return self.raw.in_transaction
        except (ValueError, sqlite3.ProgrammingError):
            return None

    async def _run(self, call: Call, arguments: Sequence[Any]) -> Any:
        try:
            return await self.raw.execute_fetchall(call, arguments)
        except ValueError as error:
            # What aiosqlite says of a closed connection is no error of PEP 249.
            if "onnection" not in str(error):
                raise
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.") from error

    async def call(self, call: Call, arguments: Sequence[Any]) -> Any:
        """Run a method of the blocking adapter on the connection's thread."""
        return await self._run(call, arguments)

    async def fetchall(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        rows: list[tuple[Any, ...]] = await self._run(_FETCHALL, (sql, params))
        return rows

    async def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        outcome: Outcome = await self._run(_EXECUTE, (sql, params))
        return outcome

    async def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set."""
        outcome: Outcome = await self._run(_EXECUTEMANY, (sql, rows))
        return outcome

    async def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements in turn, in one hop."""
        outcomes: list[Outcome] = await self._run(_BATCH, (statements,))
        return outcomes

    async def open_cursor(self, sql: str, params: Any) -> AioSQLiteCursor:
        """Run a statement and return a cursor that streams its rows."""
        return AioSQLiteCursor(self, await self._run(_OPEN_CURSOR, (sql, params)))

    def defer_begin(self, mode: str) -> bool:
        """Decline: what is taken out as ``raw`` could not be made to begin without a wait."""
        return False

    async def begin(self, mode: str) -> None:
        """Begin; a connection that is shared and inside a transaction already stays in it."""
        await self._run(_BEGIN, (mode,))

    async def commit(self) -> None:
        """Commit, if there is something to commit."""
        await self._run(_COMMIT, ())

    async def rollback(self) -> None:
        """Roll back, if there is something to roll back.

        The thread decides: a cancelled BEGIN may be waiting its turn there.
        """
        if self._in_transaction_if_open() is not None:
            await self._run(_ROLLBACK, ())

    async def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        await self._run(_SAVEPOINT, (name,))

    async def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        await self._run(_ROLLBACK_TO, (name,))

    async def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        await self._run(_RELEASE_SAVEPOINT, (name,))

    async def close(self) -> None:
        """Close the connection and end its thread, even when cancelled meanwhile."""
        try:
            await self.raw.close()
        except asyncio.CancelledError:
            _thread_of(self.raw).join()
            raise


def _thread_of(raw: aiosqlite.Connection) -> threading.Thread:
    """Return the thread of a connection; in older versions the connection is one.

    Where opening or closing is cancelled, aiosqlite has told it to stop. It ends by calling an
    event loop that may be closed as soon as the task is done, so the task waits for it.
    """
    thread: Any = getattr(raw, "_thread", raw)
    ended: threading.Thread = thread
    return ended


class AioSQLiteDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "aiosqlite"
    is_async = True
    error: type[Exception] = sqlite3.Error
    dbapi = aiosqlite

    async def connect(self, *args: Any, **options: Any) -> AioSQLiteConnection:
        """Open a connection; arguments as of ``sqlite3.connect``."""
        options.setdefault("factory", JointConnection)
        options.setdefault("check_same_thread", False)
        level = prepare(args, options)
        opening = aiosqlite.connect(*args, **options)
        # A program that forgets to dispose its engine must still be able to end.
        _thread_of(opening).daemon = True
        try:
            return AioSQLiteConnection(await opening, level)
        except asyncio.CancelledError:
            _thread_of(opening).join()
            raise

    async def adapt(self, raw: Any) -> AioSQLiteConnection:
        """Wrap a connection that the user's ``async_creator`` opened."""
        connection = AioSQLiteConnection(raw)
        try:
            await connection.call(_FETCHALL, ("SELECT 1", ()))
        except asyncio.CancelledError:
            await connection.close()
            raise
        except sqlite3.Error as error:
            await connection.close()
            raise ArgumentError(
                "async_creator must open the connection with factory=JointConnection "
                "(ormolu.dialects.sqlite.aiosqlite_driver) and isolation_level=None"
            ) from error
        return connection


DRIVER = AioSQLiteDriver()
