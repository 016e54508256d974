"""The pools: which connection a user gets, and what becomes of it afterwards. No I/O here.

A pool answers four questions, all pure: ``take`` (a ready connection at once, or None),
``acquire`` (an entry or a ticket to wait for), ``release`` (keep it, or return it to be closed)
and ``drain``. The plans of ``plans.py`` do what follows from the answers. So each pool is the same
for threads and for tasks; ``AsyncAdaptedQueuePool`` is ``QueuePool`` under the name its users know.
"""

from __future__ import annotations

import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..deferred import deferred
from ..event import register_target
from ..exc import ArgumentError, InvalidRequestError, TimeoutError
from ..io.drivers import DriverConnection, DriverModule
from ..io.requests import Connect
from .entry import Entry
from .events import PoolDispatch, follow
from .ledger import Ledger, Ticket

if TYPE_CHECKING:
    import logging
else:
    logging = deferred("logging")

Creator = Callable[[], Any]


class Opener:
    """How a pool opens its connections: a driver, and its arguments or a ``creator``."""

    __slots__ = ("args", "creator", "module", "on_connect", "options", "ping_sql")

    def __init__(
        self,
        module: DriverModule,
        args: Sequence[Any] = (),
        options: dict[str, Any] | None = None,
        creator: Creator | None = None,
        on_connect: Sequence[str] = (),
        ping_sql: str = "SELECT 1",
    ) -> None:
        self.module = module
        self.args = args
        self.options = options or {}
        self.creator = creator
        self.on_connect = tuple(on_connect)
        self.ping_sql = ping_sql

    @property
    def error(self) -> type[Exception]:
        """The base class of the driver's errors."""
        return self.module.error

    def request(self) -> Connect:
        """Return the request that opens a connection."""
        return Connect(self.module, self.args, dict(self.options), self.creator)


class Pool:
    """Base of all pools.

    :param opener: opens connections.
    :param recycle: age in seconds after which a connection is replaced; -1 for never.
    :param pre_ping: test a connection before it is lent out.
    :param echo: log what the pool does (``"debug"`` for every checkout).
    :param logging_name: appended to the logger's name.
    :param reset_on_return: what becomes of a transaction that the user of a raw connection left
        open: True or ``"rollback"``, ``"commit"``, or None to leave it open. What a ``Connection``
        or session has begun, its ``close`` always rolls back.
    """

    dispatch: PoolDispatch = PoolDispatch()

    def __init__(
        self,
        opener: Opener,
        *,
        recycle: float = -1,
        pre_ping: bool = False,
        echo: bool | str | None = None,
        logging_name: str | None = None,
        reset_on_return: bool | str | None = True,
    ) -> None:
        self.opener = opener
        self.recycle = recycle
        self.pre_ping = pre_ping
        self.reset_on_return = _reset_rule(reset_on_return)
        self.generation = 0
        self.wait_timeout: float | None = None
        name = f"ormolu.pool.impl.{type(self).__name__}"
        self.logging_name = logging_name
        self._logger = logging.getLogger(f"{name}.{logging_name}" if logging_name else name)
        if echo:
            self._echo(echo)
        self.was_connected = False
        self._ready = self._watched = False
        follow(self)
        self.refresh_ready()

    def refresh_ready(self) -> None:
        """Decide whether connections may be lent and taken back without running a plan."""
        self._watched = self.dispatch.active
        # A connection that may have to be tested or replaced is never ready without I/O.
        self._ready = not (self.pre_ping or self.recycle >= 0 or self._watched)

    def take(self) -> Entry | None:
        """Return an entry that can be used without any I/O, or None."""
        return None

    def give(self, entry: Entry) -> bool:
        """Take an entry back if that needs no I/O; False: run ``checkin_plan``."""
        return False

    def acquire(self) -> Entry | Ticket:
        """Return an entry, perhaps empty or stale, or a ticket to wait for."""
        raise TypeError(f"{type(self).__name__} is an abstract pool")

    def release(self, entry: Entry) -> Entry | None:
        """Take an entry back; returns it when it is to be closed."""
        return entry

    def vacate(self, entry: Entry) -> None:
        """Free the place of an entry whose connection was closed."""

    def withdraw(self, ticket: Ticket) -> Entry | None:
        """Give up waiting; returns the entry if the ticket was served at the same moment."""
        return ticket.entry

    def drain(self) -> list[Entry]:
        """Return the idle entries, to be closed; those in use become stale."""
        self.generation += 1
        return []

    def invalidate_idle(self) -> None:
        """Make all connections that were opened until now stale."""
        self.generation += 1

    def stale(self, entry: Entry) -> bool:
        """Say whether an entry's connection was opened before the last invalidation."""
        return entry.driver is not None and entry.generation != self.generation

    def too_old(self, entry: Entry) -> bool:
        """Say whether a connection has reached the age at which it is replaced."""
        return self.recycle >= 0 and time.time() - entry.opened_at > self.recycle

    def timeout_error(self) -> TimeoutError:
        """Return the error of one who waited in vain."""
        return TimeoutError(f"{type(self).__name__} gave no connection in time", code="3o7r")

    def status(self) -> str:
        """Describe the pool's state in one line."""
        return f"{type(self).__name__}"

    def size(self) -> int:
        """How many connections the pool keeps."""
        return 0

    def checkedout(self) -> int:
        """How many connections are in use."""
        return 0

    def checkedin(self) -> int:
        """How many connections are idle."""
        return 0

    def recreate(self) -> Pool:
        """Return a new, empty pool with the same parameters."""
        fresh = type(self)(self.opener, **self._parameters())
        if "dispatch" in vars(self):
            fresh.dispatch = self.dispatch
            fresh.refresh_ready()
        return fresh

    def log_error(self, doing: str, error: Exception) -> None:
        """Log an error of a connection that is given up anyway."""
        self._logger.warning("Error while %s: %s", doing, error)

    def log_debug(self, message: str, driver: DriverConnection | None) -> None:
        """Log a checkout or a return."""
        if self._logger.isEnabledFor(logging.DEBUG):
            self._logger.debug("%s: %r", message, driver.raw if driver is not None else None)

    def _parameters(self) -> dict[str, Any]:
        return {
            "recycle": self.recycle,
            "pre_ping": self.pre_ping,
            "logging_name": self.logging_name,
            "reset_on_return": self.reset_on_return,
        }

    def _echo(self, echo: bool | str) -> None:
        self._logger.setLevel(logging.DEBUG if echo == "debug" else logging.INFO)
        if not self._logger.hasHandlers():
            self._logger.addHandler(logging.StreamHandler(sys.stdout))


class QueuePool(Pool):
    """Keeps up to ``pool_size`` connections open, and ``max_overflow`` more while they are used.

    :param timeout: seconds to wait for a connection before ``TimeoutError``.
    :param use_lifo: lend the connection that came back last, so that the others can age out.
    """

    def __init__(
        self,
        opener: Opener,
        pool_size: int = 5,
        max_overflow: int = 10,
        timeout: float = 30.0,
        use_lifo: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(opener, **options)
        self.wait_timeout = timeout
        self._ledger = Ledger(pool_size, max_overflow, self._make, lifo=use_lifo)

    def _make(self) -> Entry:
        return Entry(self)

    def take(self) -> Entry | None:
        """Return an idle entry that is ready, or None."""
        if not self._ready:
            return None
        entry = self._ledger.take()
        if entry is None or entry.generation == self.generation:
            return entry
        # Stale: back to the front of the line, where ``checkout_plan`` replaces it.
        self._ledger.restore(entry)
        return None

    def give(self, entry: Entry) -> bool:
        """Take an entry back, unless its connection must be closed."""
        if self._watched or entry.generation != self.generation:
            return False
        return self._ledger.keep(entry)

    def acquire(self) -> Entry | Ticket:
        """Return an entry or a ticket."""
        return self._ledger.acquire()

    def release(self, entry: Entry) -> Entry | None:
        """Take an entry back; returns it when it is one too many."""
        return self._ledger.release(entry)

    def vacate(self, entry: Entry) -> None:
        """Free the place of a closed connection."""
        self._ledger.vacate()

    def withdraw(self, ticket: Ticket) -> Entry | None:
        """Leave the queue."""
        return self._ledger.withdraw(ticket)

    def drain(self) -> list[Entry]:
        """Return the idle entries."""
        self.generation += 1
        return self._ledger.drain()

    def timeout_error(self) -> TimeoutError:
        """Return the error of one who waited in vain."""
        ledger = self._ledger
        return TimeoutError(
            f"QueuePool limit of size {ledger.size} overflow {ledger.overflow} reached, "
            f"connection timed out, timeout {self.wait_timeout:.2f}. Close the connections and "
            "sessions that are no longer used, or raise pool_size or max_overflow.",
            code="3o7r",
        )

    def timeout(self) -> float:
        """Seconds to wait for a connection."""
        return self.wait_timeout or 0.0

    def size(self) -> int:
        """The number of connections that stay open."""
        return self._ledger.size

    def overflow(self) -> int:
        """How many are open beyond ``size`` (negative while there are fewer)."""
        return self._ledger.places - self._ledger.size

    def checkedin(self) -> int:
        """How many connections are idle."""
        return len(self._ledger.idle)

    def checkedout(self) -> int:
        """How many connections are in use."""
        return self._ledger.places - len(self._ledger.idle)

    def status(self) -> str:
        """Describe the pool's state in one line."""
        return (
            f"Pool size: {self.size()}  Connections in pool: {self.checkedin()} "
            f"Current Overflow: {self.overflow()} "
            f"Current Checked out connections: {self.checkedout()}"
        )

    def _parameters(self) -> dict[str, Any]:
        ledger = self._ledger
        return {
            **super()._parameters(),
            "pool_size": ledger.size,
            "max_overflow": ledger.overflow,
            "timeout": self.wait_timeout,
            "use_lifo": ledger.lifo,
        }


class AsyncAdaptedQueuePool(QueuePool):
    """``QueuePool`` for async engines."""


class NullPool(Pool):
    """Keeps nothing: opens a connection for each user and closes it afterwards."""

    def acquire(self) -> Entry | Ticket:
        """Return an empty entry."""
        return Entry(self)


class SharedPool(Pool):
    """Base of pools in which several users may hold one connection."""

    def __init__(self, opener: Opener, **options: Any) -> None:
        super().__init__(opener, **options)
        self._lock = threading.Lock()

    def _current(self) -> Entry:
        raise TypeError(f"{type(self).__name__} is an abstract pool")

    def take(self) -> Entry | None:
        """Return the entry when its connection is open and valid."""
        entry = self._current()
        if entry.driver is None or not self._ready or entry.generation != self.generation:
            return None
        entry.holders += 1
        return entry

    def give(self, entry: Entry) -> bool:
        """Take the entry back."""
        if self._watched or entry.generation != self.generation:
            return False
        entry.holders -= 1
        return True

    def acquire(self) -> Entry | Ticket:
        """Return the entry, perhaps empty."""
        entry = self._current()
        entry.holders += 1
        return entry

    def release(self, entry: Entry) -> Entry | None:
        """Keep the connection open."""
        entry.holders -= 1
        return None

    def vacate(self, entry: Entry) -> None:
        """Note that a user left."""
        entry.holders = max(0, entry.holders - 1)

    def checkedout(self) -> int:
        """How many users there are."""
        return self._current().holders


class StaticPool(SharedPool):
    """One connection for everybody."""

    def __init__(self, opener: Opener, **options: Any) -> None:
        super().__init__(opener, **options)
        self._entry = Entry(self)

    def _current(self) -> Entry:
        return self._entry

    def drain(self) -> list[Entry]:
        """Return the entry, to be closed."""
        entry, self._entry = self._entry, Entry(self)
        self.generation += 1
        return [entry]

    def status(self) -> str:
        """Describe the pool's state in one line."""
        return "StaticPool"


class SingletonThreadPool(SharedPool):
    """One connection per thread: what a database in memory needs.

    :param pool_size: how many threads' connections are remembered for ``dispose``.
    """

    def __init__(self, opener: Opener, pool_size: int = 5, **options: Any) -> None:
        super().__init__(opener, **options)
        self._pool_size = pool_size
        self._local = threading.local()
        self._entries: weakref.WeakSet[Entry] = weakref.WeakSet()

    def _current(self) -> Entry:
        try:
            entry: Entry = self._local.entry
        except AttributeError:
            entry = self._local.entry = Entry(self)
            with self._lock:
                self._entries.add(entry)
        return entry

    def drain(self) -> list[Entry]:
        """Return this thread's entry, to be closed.

        The connections of other threads become stale; each is replaced when its thread asks next,
        since ``sqlite3`` lets no other thread close it.
        """
        self.generation += 1
        entry = self._current()
        del self._local.entry
        with self._lock:
            self._entries.discard(entry)
        return [entry]

    def size(self) -> int:
        """How many threads have a connection."""
        return len(self._entries)

    def status(self) -> str:
        """Describe the pool's state in one line."""
        open_ = sum(1 for entry in self._entries if entry.driver is not None)
        return f"SingletonThreadPool id:{id(self)} size: {open_}"

    def _parameters(self) -> dict[str, Any]:
        return {**super()._parameters(), "pool_size": self._pool_size}


class AssertionPool(Pool):
    """Lends one connection at a time and raises when a second one is asked for."""

    def __init__(self, opener: Opener, **options: Any) -> None:
        super().__init__(opener, **options)
        self._entry: Entry = Entry(self)

    def acquire(self) -> Entry | Ticket:
        """Return the entry.

        :raises InvalidRequestError: when it is in use.
        """
        if self._entry.holders:
            raise InvalidRequestError(
                "AssertionPool: the connection is already checked out; close it first"
            )
        self._entry.holders = 1
        return self._entry

    def release(self, entry: Entry) -> Entry | None:
        """Keep the connection open."""
        entry.holders = 0
        return None

    def vacate(self, entry: Entry) -> None:
        """Note that the user left."""
        entry.holders = 0

    def drain(self) -> list[Entry]:
        """Return the entry when it is idle."""
        self.generation += 1
        return [] if self._entry.holders else [self._entry]

    def checkedout(self) -> int:
        """1 while the connection is in use."""
        return self._entry.holders

    def status(self) -> str:
        """Describe the pool's state in one line."""
        return "AssertionPool"


def _reset_rule(value: bool | str | None) -> str | None:
    """Return ``"rollback"``, ``"commit"`` or None.

    :raises ArgumentError: for anything that means none of them.
    """
    if value is True or value == "rollback":
        return "rollback"
    if value == "commit":
        return "commit"
    if value is None or value is False or value == "none":
        return None
    raise ArgumentError(
        f"Invalid value for 'reset_on_return': {value!r}; write 'rollback', 'commit' or None"
    )


register_target(Pool)
