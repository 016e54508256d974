"""PostgreSQL through psycopg 3's blocking ``Connection``; the talking is in ``psycopg_wire``.

ormolu sends BEGIN, COMMIT and SAVEPOINT itself, below the driver's connection. That one begins
transactions for those who use it themselves, except at the level AUTOCOMMIT, and for listeners.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from traceback import clear_frames
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from ormolu.dialects.postgresql.psycopg_hearing import BAD, Talk
from ormolu.dialects.postgresql.psycopg_statements import may_be_declared
from ormolu.dialects.postgresql.psycopg_wire import Wire
from ormolu.io.drivers import Description, Outcome

_cursor_numbers = count(1)


def new_cursor_name() -> str:
    """Return a name for a cursor of the server."""
    return f"ormolu_cursor_{next(_cursor_numbers)}"


class WiredConnection:
    """What the adapters of blocking and asynchronous connections have in common."""

    __slots__ = ("_pgconn", "_raw", "_wait", "defer_begin", "wire")

    error: type[Exception] = psycopg.Error
    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = False

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._pgconn = raw.pgconn
        self._wait = raw.wait
        self.wire = Wire(raw)
        self.defer_begin = self.wire.defer_begin

    @property
    def broken(self) -> bool:
        """Whether the connection can't be used again."""
        return self._pgconn.status == BAD  # type: ignore[no-any-return]

    @property
    def in_transaction(self) -> bool:
        """Whether the server is inside a transaction, or will be with the next statement."""
        return self.wire.in_transaction

    @property
    def bare(self) -> Any:
        """The driver's connection; nothing is sent."""
        return self._raw

    def _should_switch(self, autocommit: bool) -> bool:
        """Whether the driver is to change its mode, which it can do between transactions only."""
        return (
            self._raw.autocommit is not autocommit
            and self._pgconn.transaction_status == TransactionStatus.IDLE
        )


class PsycopgCursor:
    """A cursor of the server, which streams its rows."""

    __slots__ = ("_connection", "_name", "description")

    def __init__(self, connection: PsycopgConnection, name: str, description: Description) -> None:
        self._connection = connection
        self._name = name
        self.description: Description | None = description

    def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows, all of them when None."""
        connection = self._connection
        rows: list[tuple[Any, ...]] = connection.talk(connection.wire.fetch_some(self._name, size))
        return rows

    def close(self) -> None:
        """Close the cursor."""
        connection = self._connection
        if not connection.broken:
            connection.talk(connection.wire.close_cursor(self._name))


class PsycopgConnection(WiredConnection):
    """An open ``psycopg.Connection``."""

    __slots__ = ()

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """The driver's connection; whoever takes it finds a begun transaction really begun."""
        if self.wire.begin_pending:
            self.talk(self.wire.begin_now())
        self.wire.handed_out = True
        return self._raw  # type: ignore[no-any-return]

    def hand_out(self, autocommit: bool) -> None:
        """Have the driver's connection begin transactions by itself, or none."""
        if self._should_switch(autocommit):
            self._raw.autocommit = autocommit

    def take_back(self) -> None:
        """Have the driver's connection begin transactions by itself."""
        self.hand_out(False)

    def talk(self, conversation: Talk) -> Any:
        """Have a conversation with the server and return its value."""
        try:
            return self._wait(conversation)
        except BaseException:
            self.wire.interrupted()
            raise

    def fetchall(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        rows: list[tuple[Any, ...]] = self.talk(self.wire.fetch(sql, params))
        return rows

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        found: Outcome = self.talk(self.wire.execute(sql, params))
        return found

    def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set, in one round trip."""
        found: Outcome = self.talk(self.wire.executemany(sql, rows))
        return found

    def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements in one round trip."""
        found: list[Outcome] = self.talk(self.wire.batch(statements))
        return found

    def open_cursor(self, sql: str, params: Any) -> Any:
        """Run a statement and return a cursor that streams its rows."""
        if not may_be_declared(sql):
            return FetchedCursor(self.execute(sql, params))
        name = new_cursor_name()
        return PsycopgCursor(self, name, self.talk(self.wire.declare(sql, params, name)))

    def begin(self, mode: str) -> None:
        """Begin; inside a transaction that does nothing."""
        self.talk(self.wire.begin(mode))

    def commit(self) -> None:
        """Commit, if there is something to commit."""
        self.talk(self.wire.commit())

    def rollback(self) -> None:
        """Roll back, if there is something to roll back."""
        self.talk(self.wire.rollback())

    def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        self.talk(self.wire.savepoint_command(f"SAVEPOINT {name}"))

    def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        self.talk(self.wire.savepoint_command(f"ROLLBACK TO SAVEPOINT {name}"))

    def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        self.talk(self.wire.savepoint_command(f"RELEASE SAVEPOINT {name}"))

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()


class FetchedCursor:
    """The rows of a statement that the server opens no cursor for, such as SHOW."""

    __slots__ = ("_rows", "description")

    def __init__(self, outcome: Outcome) -> None:
        self._rows = outcome.rows or []
        self.description = outcome.description

    def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows, all of them when None."""
        count = len(self._rows) if size is None else size
        taken, self._rows = self._rows[:count], self._rows[count:]
        return taken

    def close(self) -> None:
        """Drop the rows that are left."""
        self._rows = []


class PsycopgDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "psycopg"
    is_async = False
    error: type[Exception] = psycopg.Error
    dbapi = psycopg

    def connect(self, *args: Any, **options: Any) -> PsycopgConnection:
        """Open a connection; arguments as of ``psycopg.connect``."""
        options["autocommit"] = False
        try:
            raw = psycopg.connect(*args, **options)
        except psycopg.errors.ConnectionTimeout as error:
            # The frames hold the half-made connection, and it would be open until they are garbage.
            clear_frames(error.__traceback__)
            raise
        return PsycopgConnection(raw)

    def adapt(self, raw: Any) -> PsycopgConnection:
        """Wrap a ``psycopg.Connection`` that the user's ``creator`` opened."""
        raw.autocommit = False
        return PsycopgConnection(raw)


DRIVER = PsycopgDriver()
