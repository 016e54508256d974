"""PostgreSQL through psycopg 3's ``AsyncConnection``; the talking is in ``psycopg_wire``.

A task that is cancelled while it waits for the server has the statement cancelled there, and waits
for the server's last word before ``CancelledError`` goes on: afterwards the connection is as clean
as after any failed statement. Where that can't be had in seconds, the connection is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from traceback import clear_frames
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.waiting import wait_async

from ormolu.dialects.postgresql.psycopg_driver import (
    FetchedCursor,
    WiredConnection,
    new_cursor_name,
)
from ormolu.dialects.postgresql.psycopg_hearing import Talk
from ormolu.dialects.postgresql.psycopg_statements import may_be_declared
from ormolu.io.drivers import Description, Outcome

#: Seconds after which a wait for the socket looks up, as psycopg has it.
INTERVAL = 0.1
#: Seconds that each step of a cancellation may take.
CANCEL_LIMIT = 2.0


class AsyncPsycopgCursor:
    """A cursor of the server, which streams its rows."""

    __slots__ = ("_connection", "_name", "description")

    def __init__(
        self, connection: AsyncPsycopgConnection, name: str, description: Description
    ) -> None:
        self._connection = connection
        self._name = name
        self.description: Description | None = description

    async def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows, all of them when None."""
        connection = self._connection
        rows: list[tuple[Any, ...]] = await connection.talk(
            connection.wire.fetch_some(self._name, size)
        )
        return rows

    async def close(self) -> None:
        """Close the cursor."""
        connection = self._connection
        if not connection.broken:
            await connection.talk(connection.wire.close_cursor(self._name))


class AsyncFetchedCursor:
    """A `FetchedCursor` to be awaited."""

    __slots__ = ("_cursor", "description")

    def __init__(self, cursor: FetchedCursor) -> None:
        self._cursor = cursor
        self.description = cursor.description

    async def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows, all of them when None."""
        return self._cursor.fetch(size)

    async def close(self) -> None:
        """Drop the rows that are left."""
        self._cursor.close()


class AsyncPsycopgConnection(WiredConnection):
    """An open ``psycopg.AsyncConnection``."""

    __slots__ = ()

    @property
    def raw(self) -> psycopg.AsyncConnection[Any]:
        """The driver's connection; whoever takes it finds a begun transaction really begun.

        That takes one short round trip without ``await``, when nothing was executed yet.
        """
        if self.wire.begin_pending:
            self.wire.begin_blocking()
        self.wire.handed_out = True
        return self._raw  # type: ignore[no-any-return]

    async def hand_out(self, autocommit: bool) -> None:
        """Have the driver's connection begin transactions by itself, or none."""
        if self._should_switch(autocommit):
            await self._raw.set_autocommit(autocommit)

    async def take_back(self) -> None:
        """Have the driver's connection begin transactions by itself."""
        await self.hand_out(False)

    async def talk(self, conversation: Talk) -> Any:
        """Have a conversation with the server and return its value."""
        try:
            return await wait_async(conversation, self._pgconn.socket, INTERVAL)
        except BaseException as error:
            try:
                if not isinstance(error, Exception):
                    await self._cancel(conversation)
            finally:
                self.wire.interrupted()
            raise

    async def _cancel(self, conversation: Talk) -> None:
        """Have the server cancel the statement under way, and hear it out, both with a limit.

        As ``AsyncConnection.wait`` does it, which takes ten seconds where nobody answers.
        """
        if self._pgconn.transaction_status != TransactionStatus.ACTIVE:
            return
        try:
            await self._raw.cancel_safe(timeout=CANCEL_LIMIT)
            await wait_async(conversation, self._pgconn.socket, INTERVAL, CANCEL_LIMIT)
        except psycopg.Error:
            # ``QueryCanceled`` is what was wanted; what is still under way then will be closed.
            return

    async def fetchall(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        rows: list[tuple[Any, ...]] = await self.talk(self.wire.fetch(sql, params))
        return rows

    async def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        found: Outcome = await self.talk(self.wire.execute(sql, params))
        return found

    async def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set, in one round trip."""
        found: Outcome = await self.talk(self.wire.executemany(sql, rows))
        return found

    async def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements in one round trip."""
        found: list[Outcome] = await self.talk(self.wire.batch(statements))
        return found

    async def open_cursor(self, sql: str, params: Any) -> Any:
        """Run a statement and return a cursor that streams its rows."""
        if not may_be_declared(sql):
            return AsyncFetchedCursor(FetchedCursor(await self.execute(sql, params)))
        name = new_cursor_name()
        description = await self.talk(self.wire.declare(sql, params, name))
        return AsyncPsycopgCursor(self, name, description)

    async def begin(self, mode: str) -> None:
        """Begin; inside a transaction that does nothing."""
        await self.talk(self.wire.begin(mode))

    async def commit(self) -> None:
        """Commit, if there is something to commit."""
        await self.talk(self.wire.commit())

    async def rollback(self) -> None:
        """Roll back, if there is something to roll back."""
        await self.talk(self.wire.rollback())

    async def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        await self.talk(self.wire.savepoint_command(f"SAVEPOINT {name}"))

    async def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        await self.talk(self.wire.savepoint_command(f"ROLLBACK TO SAVEPOINT {name}"))

    async def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        await self.talk(self.wire.savepoint_command(f"RELEASE SAVEPOINT {name}"))

    async def close(self) -> None:
        """Close the connection."""
        await self._raw.close()


class AsyncPsycopgDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "psycopg"
    is_async = True
    error: type[Exception] = psycopg.Error
    dbapi = psycopg

    async def connect(self, *args: Any, **options: Any) -> AsyncPsycopgConnection:
        """Open a connection; arguments as of ``psycopg.AsyncConnection.connect``."""
        options["autocommit"] = False
        try:
            raw = await psycopg.AsyncConnection.connect(*args, **options)
        except (asyncio.CancelledError, psycopg.errors.ConnectionTimeout) as error:
            # The frames hold the half-made connection, and it would be open until they are garbage.
            clear_frames(error.__traceback__)
            raise
        return AsyncPsycopgConnection(raw)

    async def adapt(self, raw: Any) -> AsyncPsycopgConnection:
        """Wrap an ``AsyncConnection`` that the user's ``async_creator`` opened."""
        await raw.set_autocommit(False)
        return AsyncPsycopgConnection(raw)


DRIVER = AsyncPsycopgDriver()
