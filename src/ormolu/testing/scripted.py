"""A driver with canned replies: plans run on it without a database.

``ScriptedDriver`` records what it is asked as tuples (``("fetchall", sql, params)``,
``("begin",)``, …) and answers from its script, in order::

    driver = ScriptedDriver([[(1, "Neil")], sqlite3.IntegrityError("no")])
    core = scripted_core(driver)
    rows = run_sync(fetch_plan(core, "SELECT ...", ()))
    assert driver.calls == [("fetchall", "SELECT ...", ())]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from ..dialects import registry
from ..engine.core import ConnectionCore, EngineCore
from ..engine.engine import Engine
from ..engine.plans import acquire_plan
from ..engine.url import make_url
from ..io.drivers import Description, Outcome
from ..io.loops import run_sync
from ..pool.impl import StaticPool
from ..pool.opener import Opener

Reply = Any
"""Rows, an ``Outcome``, an exception to raise, or a function of (sql, params) that gives one."""


class ScriptedCursor:
    """A streaming cursor over canned rows."""

    def __init__(self, driver: ScriptedDriver, rows: Sequence[tuple[Any, ...]]) -> None:
        self.description: Description | None = None
        self.closed = False
        self._driver = driver
        self._rows = list(rows)

    def fetch(self, size: int | None) -> list[tuple[Any, ...]]:
        """Return up to ``size`` rows."""
        self._driver.calls.append(("fetch", size))
        size = len(self._rows) if size is None else size
        chunk, self._rows = self._rows[:size], self._rows[size:]
        return chunk

    def close(self) -> None:
        """Close the cursor."""
        self._driver.calls.append(("close_cursor",))
        self.closed = True


class ScriptedDriver:
    """A driver connection that answers from a script.

    :param replies: one for each statement, in order; when they are used up, statements give no
    rows.
    :param fail_on: method name -> exception to raise, for ``begin``, ``commit``, ``close``, …
    """

    error: type[Exception] = sqlite3.Error
    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = True

    def __init__(
        self, replies: Iterable[Reply] = (), fail_on: dict[str, Exception] | None = None
    ) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.replies: list[Reply] = list(replies)
        self.fail_on = fail_on or {}
        self.raw = self.bare = self
        self.broken = False
        self.in_transaction = False

    @property
    def statements(self) -> list[str]:
        """The SQL of the statements that were run."""
        return [call[1] for call in self.calls if len(call) == 3]

    def _note(self, *call: Any) -> None:
        self.calls.append(call)
        failure = self.fail_on.get(call[0])
        if failure is not None:
            raise failure

    def _reply(self, sql: str, params: Any) -> Reply:
        reply = self.replies.pop(0) if self.replies else None
        if callable(reply) and not isinstance(reply, type):
            reply = reply(sql, params)
        if isinstance(reply, BaseException):
            raise reply
        return reply

    def fetchall(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        """Answer with rows."""
        self._note("fetchall", sql, params)
        reply = self._reply(sql, params)
        if isinstance(reply, Outcome):
            return reply.rows or []
        return list(reply or ())

    def execute(self, sql: str, params: Any) -> Outcome:
        """Answer with an outcome."""
        self._note("execute", sql, params)
        reply = self._reply(sql, params)
        return reply if isinstance(reply, Outcome) else Outcome(reply, None, -1, None)

    def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Answer with an outcome."""
        self._note("executemany", sql, rows)
        reply = self._reply(sql, rows)
        return reply if isinstance(reply, Outcome) else Outcome(None, None, len(rows), None)

    def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Answer each statement in turn."""
        return [self.execute(sql, params) for sql, params in statements]

    def open_cursor(self, sql: str, params: Any) -> ScriptedCursor:
        """Answer with a cursor."""
        self._note("open_cursor", sql, params)
        return ScriptedCursor(self, self._reply(sql, params) or ())

    def hand_out(self, autocommit: bool) -> None:
        """Note that a user gets the driver's connection."""
        self._note("hand_out", autocommit)

    def take_back(self) -> None:
        """Note that a user has ended with the driver's connection."""
        self._note("take_back")

    def defer_begin(self, mode: str) -> bool:
        """Decline, so that a script shows every BEGIN."""
        return False

    def begin(self, mode: str) -> None:
        """Note a BEGIN."""
        self._note("begin", mode) if mode else self._note("begin")
        self.in_transaction = True

    def commit(self) -> None:
        """Note a COMMIT."""
        self._note("commit")
        self.in_transaction = False

    def rollback(self) -> None:
        """Note a ROLLBACK."""
        self._note("rollback")
        self.in_transaction = False

    def savepoint(self, name: str) -> None:
        """Note a SAVEPOINT."""
        self._note("savepoint", name)

    def rollback_to(self, name: str) -> None:
        """Note a ROLLBACK TO."""
        self._note("rollback_to", name)

    def release_savepoint(self, name: str) -> None:
        """Note a RELEASE."""
        self._note("release_savepoint", name)

    def close(self) -> None:
        """Note the end."""
        self._note("close")


class ScriptedModule:
    """A driver whose ``connect`` hands out scripted connections, in order.

    :param connections: a connection, or an exception to raise, for each ``connect``.
    """

    name = "scripted"
    is_async = False
    error: type[Exception] = sqlite3.Error
    dbapi = sqlite3

    def __init__(self, *connections: ScriptedDriver | Exception) -> None:
        self.connections = list(connections)
        self.opened: list[ScriptedDriver] = []

    def connect(self, *args: Any, **options: Any) -> ScriptedDriver:
        """Hand out the next connection; a fresh one when the script is used up."""
        reply = self.connections.pop(0) if self.connections else ScriptedDriver()
        if isinstance(reply, Exception):
            raise reply
        self.opened.append(reply)
        return reply

    def adapt(self, raw: Any) -> Any:
        """Hand out what the user's ``creator`` made."""
        return raw


def scripted_engine(driver: ScriptedDriver, url: str = "sqlite://") -> Engine:
    """Return an engine whose only connection is ``driver``; ``url`` chooses the dialect."""
    parsed = make_url(url)
    dialect = registry.load(parsed.drivername)()
    pool = StaticPool(Opener(ScriptedModule(driver)))
    return Engine(EngineCore(parsed, dialect, pool))


def scripted_core(driver: ScriptedDriver, url: str = "sqlite://") -> ConnectionCore:
    """Return a connection core on ``driver``."""
    return run_sync(acquire_plan(scripted_engine(driver, url).core))
