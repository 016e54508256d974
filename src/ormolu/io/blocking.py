"""An asynchronous driver connection as blocking code sees it, from a worker thread.

A plain function that listens to ``connect`` uses what it is given as every driver's connection is
used: ``cursor = connection.cursor(); cursor.execute("PRAGMA …"); cursor.close()``. Here each of
these calls sends a request to the event loop and waits for its reply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from . import requests as rq
from .outcome import Description, Outcome
from .plan import Plan

if TYPE_CHECKING:
    from .drivers import DriverConnection

Runner = Callable[[Plan[Any]], Any]

BRIDGED: set[type] = set()
"""The classes of what runs its plans on an event loop, from a worker thread, by its ``_run``.

They register here when they are imported: synchronous programs never import ``asyncio``.
"""


def _one_plan(request: rq.Request) -> Plan[Any]:
    return (yield request)


class BlockingConnection:
    """A connection of an asynchronous driver, used from a worker thread.

    :param run: runs a plan on the event loop and waits for its end.
    :param begin_mode: how a statement outside a transaction begins one; None: it doesn't.
    """

    __slots__ = ("_begin_mode", "_driver", "_run")

    def __init__(
        self, driver: DriverConnection, run: Runner, begin_mode: str | None = None
    ) -> None:
        self._driver = driver
        self._run = run
        self._begin_mode = begin_mode

    @property
    def run(self) -> Runner:
        """What runs a plan on the event loop and waits for its end."""
        return self._run

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection; its methods are coroutines of the event loop."""
        return self._driver.raw

    def cursor(self) -> BlockingCursor:
        """Return a cursor."""
        return BlockingCursor(self._driver, self._run, self._begin_mode)

    def execute(self, sql: str, parameters: Any = ()) -> BlockingCursor:
        """Run a statement and return the cursor with its rows."""
        return self.cursor().execute(sql, parameters)

    def run_async(self, fn: Callable[[Any], Any]) -> Any:
        """Await ``fn(driver_connection)`` on the event loop and return its result."""
        return self._run(_one_plan(rq.RunHook(fn, (self._driver.raw,))))

    def commit(self) -> None:
        """Commit, if there is something to commit."""
        self._run(_one_plan(rq.Commit(self._driver)))

    def rollback(self) -> None:
        """Roll back, if there is something to roll back."""
        self._run(_one_plan(rq.Rollback(self._driver)))


class BlockingCursor:
    """A cursor whose statements run on the event loop; its rows are fetched at once."""

    __slots__ = (
        "_begin_mode",
        "_driver",
        "_rows",
        "_run",
        "description",
        "lastrowid",
        "rowcount",
    )

    def __init__(
        self, driver: DriverConnection, run: Runner, begin_mode: str | None = None
    ) -> None:
        self._driver = driver
        self._run = run
        self._begin_mode = begin_mode
        self._rows: list[tuple[Any, ...]] = []
        self.description: Description | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, sql: str, parameters: Any = ()) -> BlockingCursor:
        """Run a statement."""
        return self._take(rq.Execute(self._driver, sql, parameters))

    def executemany(self, sql: str, rows: Sequence[Any]) -> BlockingCursor:
        """Run a statement once per parameter set."""
        return self._take(rq.ExecuteMany(self._driver, sql, rows))

    def _take(self, request: rq.Request) -> BlockingCursor:
        outcome: Outcome = self._run(self._plan(request))
        self._rows = list(outcome.rows or ())
        self.description = outcome.description
        self.rowcount = outcome.rowcount
        self.lastrowid = outcome.lastrowid
        return self

    def _plan(self, request: rq.Request) -> Plan[Any]:
        if self._begin_mode is not None:  # does nothing inside a transaction
            yield rq.Begin(self._driver, self._begin_mode)
        return (yield request)

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row, or None."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """Return up to ``size`` more rows."""
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows that are left."""
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """Drop the rows that are left."""
        self._rows = []
