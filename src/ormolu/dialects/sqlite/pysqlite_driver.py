"""SQLite through the standard library's ``sqlite3``.

The driver runs in autocommit (``isolation_level=None``) and ormolu sends its own BEGIN, COMMIT and
SAVEPOINT, so that savepoints and DDL are transactional
(https://www.sqlite.org/lang_transaction.html).

One cursor per connection serves every statement whose rows are fetched at once: making a cursor
costs more than running a cached statement. Streams get cursors of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from ormolu.dialects.sqlite import sql_functions
from ormolu.io.drivers import Description, Outcome, outcome

CACHED_STATEMENTS = 512


class SQLiteCursor:
    """A streaming cursor."""

    __slots__ = ("_cursor", "description")

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.description: Description | None = cursor.description

    def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows, all of them when None."""
        return self._cursor.fetchall() if size is None else self._cursor.fetchmany(size)

    def close(self) -> None:
        """Close the cursor."""
        self._cursor.close()


class SQLiteConnection:
    """An open ``sqlite3`` connection."""

    __slots__ = ("_cursor", "_execute", "_level", "_raw", "_run", "error")

    #: There is no network that could fail.
    broken = False

    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = True

    def __init__(
        self,
        raw: sqlite3.Connection,
        error: type[Exception] = sqlite3.Error,
        level: str | None = "",
    ) -> None:
        self.error = error
        self._level = level
        sql_functions.register(raw)
        self._raw = raw
        self._cursor = raw.cursor()
        self._run: Callable[..., sqlite3.Cursor] = self._cursor.execute
        self._execute = self._run

    @property
    def raw(self) -> sqlite3.Connection:
        """The driver's connection; whoever takes it finds a begun transaction really begun."""
        self._begin_now()
        return self._raw

    @property
    def bare(self) -> sqlite3.Connection:
        """The driver's connection; nothing is sent."""
        return self._raw

    def hand_out(self, autocommit: bool) -> None:
        """Have the driver begin by itself, before the first change, or never with ``autocommit``.

        https://docs.python.org/3/library/sqlite3.html#sqlite3-transaction-control-isolation-level
        """
        self.use_level(None if autocommit else self._level)

    def take_back(self) -> None:
        """Have the driver never begin by itself."""
        self.use_level(None)

    def use_level(self, level: str | None) -> None:
        """Set the driver's ``isolation_level``, unless that would commit: None does."""
        raw: Any = self._raw
        if raw.isolation_level != level and not (level is None and raw.in_transaction):
            raw.isolation_level = level

    def defer_begin(self, mode: str) -> bool:
        """Have the next statement send the BEGIN, which without a mode does nothing by itself.

        SQLite's deferred transactions start with their first statement in any case
        (https://sqlite.org/lang_transaction.html), so this saves a request and changes nothing.
        """
        if mode or self._raw.in_transaction:
            return False
        self._execute = self._begin_and_execute
        return True

    def _begin_and_execute(self, sql: str, params: Any = ()) -> sqlite3.Cursor:
        self._execute = run = self._run
        run("BEGIN")
        return run(sql, params)

    def _begin_now(self) -> None:
        if self._execute is not self._run:
            self._execute = self._run
            self._run("BEGIN")

    @property
    def in_transaction(self) -> bool:
        """Whether the database is inside a transaction; a closed one is not."""
        try:
            return self._raw.in_transaction or self._execute is not self._run
        except sqlite3.ProgrammingError:
            return False

    def fetchall(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        return self._execute(sql, params).fetchall()

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        cursor = self._execute(sql, params)
        description = cursor.description
        rows = None if description is None else cursor.fetchall()
        return outcome((rows, description, cursor.rowcount, cursor.lastrowid))

    def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set."""
        self._begin_now()
        cursor = self._cursor.executemany(sql, rows)
        return Outcome(None, None, cursor.rowcount, None)

    def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements in turn."""
        return [self.execute(sql, params) for sql, params in statements]

    def open_cursor(self, sql: str, params: Any) -> SQLiteCursor:
        """Run a statement and return a cursor that streams its rows."""
        return SQLiteCursor(self.raw.execute(sql, params))

    @staticmethod
    def fetch_from(cursor: SQLiteCursor, size: int | None) -> list[tuple[Any, ...]]:
        """Fetch from a streaming cursor: for the adapter that forwards calls to a thread."""
        return cursor.fetch(size)

    @staticmethod
    def close_cursor(cursor: SQLiteCursor) -> None:
        """Close a streaming cursor: for the adapter that forwards calls to a thread."""
        cursor.close()

    def begin(self, mode: str) -> None:
        """Begin; a connection that is shared and inside a transaction already stays in it."""
        if not self._raw.in_transaction:
            self._run(f"BEGIN {mode}" if mode else "BEGIN")

    def commit(self) -> None:
        """Commit, if there is something to commit."""
        if self._raw.in_transaction:
            self._run("COMMIT")
        self._execute = self._run

    def rollback(self) -> None:
        """Roll back, if there is something to roll back."""
        self._execute = self._run
        if self.in_transaction:
            self._run("ROLLBACK")

    def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        self._execute(f"SAVEPOINT {name}")

    def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        self._execute(f"ROLLBACK TO SAVEPOINT {name}")

    def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        self._execute(f"RELEASE SAVEPOINT {name}")

    def close(self) -> None:
        """Close the connection."""
        self._execute = self._run
        self._raw.close()


class PySQLiteDriver:
    """The adapter's entry point; ``dbapi`` is the driver, or another build of it."""

    __slots__ = ("dbapi", "error")

    name = "pysqlite"
    is_async = False

    def __init__(self, dbapi: Any = sqlite3) -> None:
        self.dbapi = dbapi
        self.error: type[Exception] = dbapi.Error

    def connect(self, *args: Any, **options: Any) -> SQLiteConnection:
        """Open a connection; arguments as of ``sqlite3.connect``."""
        level = prepare(args, options)
        return SQLiteConnection(self.dbapi.connect(*args, **options), self.error, level)

    def using(self, module: Any) -> PySQLiteDriver:
        """This adapter for another build of the driver, with the names of ``sqlite3``."""
        return PySQLiteDriver(module)

    def adapt(self, raw: Any) -> SQLiteConnection:
        """Wrap a ``sqlite3`` connection that the user's ``creator`` opened."""
        level, raw.isolation_level = raw.isolation_level, None
        return SQLiteConnection(raw, self.error, level)


def prepare(args: Sequence[Any], options: dict[str, Any]) -> str | None:
    """Fill in the options that ormolu needs; returns the isolation level for users of the driver's
    connection.

    A pool hands the connection of a file from thread to thread, one at a time; that of a database
    in memory stays in its thread, and ``sqlite3`` itself verifies it.
    """
    database = str(args[0] if args else options.get("database", ""))
    level: str | None = options.get("isolation_level", "")
    options["isolation_level"] = None
    options.setdefault("cached_statements", CACHED_STATEMENTS)
    options.setdefault("check_same_thread", is_memory(database))
    return level


def is_memory(database: str) -> bool:
    """Say whether ``database`` names a database in memory."""
    return database in ("", ":memory:") or "mode=memory" in database or ":memory:" in database


DRIVER = PySQLiteDriver()
