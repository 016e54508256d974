"""The pools: which connection a user gets, and what becomes of it afterwards. No I/O here.

``AsyncAdaptedQueuePool`` is ``QueuePool`` under the name its users know; it remembers tasks where
the other remembers threads.
"""

from __future__ import annotations

import threading
import weakref
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..deferred import deferred
from ..exc import TimeoutError
from . import holders
from .base import Pool
from .entry import Entry
from .ledger import Ledger, Ticket
from .opener import Creator, Opener

if TYPE_CHECKING:
    import traceback
else:
    traceback = deferred("traceback")

_get_ident = threading.get_ident


class QueuePool(Pool):
    """Keeps up to ``pool_size`` connections open, and ``max_overflow`` more while they are used.

    :param timeout: seconds to wait for a connection before ``TimeoutError``.
    :param use_lifo: lend the connection that came back last, so that the others can age out.
    """

    def __init__(
        self,
        creator: Creator | Opener,
        pool_size: int = 5,
        max_overflow: int = 10,
        timeout: float = 30.0,
        use_lifo: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(creator, **kw)
        self.wait_timeout = timeout
        self._new_ledger(pool_size, max_overflow, use_lifo)

    def _new_ledger(self, size: int, overflow: int, lifo: bool) -> None:
        self._ledger = Ledger(size, overflow, self._make, lifo=lifo, lost=self.dropped)
        self._pop = self._ledger.pop

    def _make(self) -> Entry:
        return Entry(self)

    #: What a checkout notes of its user: a thread's ident, or a weak reference to a task.
    _current = staticmethod(_get_ident)

    def take(self) -> Entry | None:
        """Return an idle entry that is ready, or None."""
        if not self._ready:
            return None
        try:
            entry = self._pop()
        except IndexError:
            return None
        driver = entry.driver
        if entry.generation == self.generation and driver is not None and not driver.broken:
            entry.since = monotonic()
            entry.holder = _get_ident()
            return entry
        # Stale or dead: back to the front of the line, where ``checkout_plan`` replaces it.
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

    def lent_to_me(self, entry: Entry) -> None:
        """Note who has an entry, and since when."""
        entry.since = monotonic()
        entry.holder = self._current()

    def connected(self, entry: Entry) -> None:
        """Note an entry's connection (or that it has none)."""
        self._ledger.connected(entry)

    def release(self, entry: Entry) -> Entry | None:
        """Take an entry back; returns it when it is one too many."""
        return self._ledger.release(entry)

    def vacate(self, entry: Entry) -> None:
        """Free the place of a closed connection."""
        self._ledger.vacate(entry)

    def withdraw(self, ticket: Ticket) -> Entry | None:
        """Leave the queue."""
        return self._ledger.withdraw(ticket)

    def drain(self) -> list[Entry]:
        """Return the idle entries."""
        self.generation += 1
        return self._ledger.drain()

    def forget_all(self) -> list[Any]:
        """Begin anew with nothing; returns the connections, idle and in use, to be kept alive."""
        self.generation += 1
        old = self._ledger
        self._new_ledger(old.size, old.overflow, old.lifo)
        entries = [*old.idle, *old.lent()]
        drivers: list[Any] = [entry.driver for entry in entries]
        for entry in entries:
            entry.emptied()
        return [*drivers, old]

    def lends(self, entry: Entry) -> bool:
        """Say whether somebody has an entry from this pool."""
        return any(lent is entry for lent in self._ledger.lent())

    def timeout_error(self) -> TimeoutError:
        """Return the error of one who waited in vain; it names those who hold the connections."""
        ledger = self._ledger
        held = holders.describe(ledger.lent())
        return TimeoutError(
            f"QueuePool limit of size {ledger.size} overflow {ledger.overflow} reached, "
            f"connection timed out, timeout {self.wait_timeout:.2f}. Close the connections and "
            "sessions that are no longer used, or raise pool_size or max_overflow."
            + (f" The connections are held by:{held}" if held else ""),
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

    def __init__(self, creator: Creator | Opener, *args: Any, **kw: Any) -> None:
        super().__init__(creator, *args, **kw)
        self._current = holders.current_task_finder()

    def take(self) -> Entry | None:
        """Return an idle entry that is ready, or None."""
        entry = super().take()
        if entry is not None:
            entry.holder = self._current()
        return entry


class NullPool(Pool):
    """Keeps nothing: opens a connection for each user and closes it afterwards."""

    def acquire(self) -> Entry | Ticket:
        """Return an empty entry."""
        return Entry(self)

    def lends(self, entry: Entry) -> bool:
        """What this pool has opened is in use."""
        return entry.driver is not None


class SharedPool(Pool):
    """Base of pools in which several users may hold one connection."""

    def _current_entry(self) -> Entry:
        raise TypeError(f"{type(self).__name__} is an abstract pool")

    def take(self) -> Entry | None:
        """Return the entry when its connection is open and valid."""
        entry = self._current_entry()
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
        entry = self._current_entry()
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
        return self._current_entry().holders


class StaticPool(SharedPool):
    """One connection for everybody."""

    def __init__(self, creator: Creator | Opener, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._entry = Entry(self)

    def _current_entry(self) -> Entry:
        return self._entry

    def take(self) -> Entry | None:
        """Return the entry when its connection is open and valid."""
        entry = self._entry
        if entry.driver is None or not self._ready or entry.generation != self.generation:
            return None
        entry.holders += 1
        return entry

    @property
    def connection(self) -> Entry:
        """The record of the one connection."""
        return self._entry

    def drain(self) -> list[Entry]:
        """Return the entry, to be closed."""
        entry, self._entry = self._entry, Entry(self)
        self.generation += 1
        return [entry]

    def forget_all(self) -> list[Any]:
        """Begin anew; returns the connection, to be kept alive."""
        return [entry.emptied() for entry in self.drain()]

    def status(self) -> str:
        """Describe the pool's state in one line."""
        return "StaticPool"


class SingletonThreadPool(SharedPool):
    """One connection per thread: what a database in memory needs.

    :param pool_size: how many threads' connections are remembered for ``dispose``.
    """

    def __init__(self, creator: Creator | Opener, pool_size: int = 5, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._pool_size = pool_size
        self._lock = threading.Lock()
        self._local = threading.local()
        self._entries: weakref.WeakSet[Entry] = weakref.WeakSet()

    def _current_entry(self) -> Entry:
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
        entry = self._current_entry()
        del self._local.entry
        with self._lock:
            self._entries.discard(entry)
        return [entry]

    def forget_all(self) -> list[Any]:
        """Begin anew; returns the connections of all threads, to be kept alive."""
        self.generation += 1
        entries = list(self._entries)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._entries = weakref.WeakSet()
        return [entry.emptied() for entry in entries]

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
    """Lends one connection at a time and raises when a second one is asked for.

    :param store_traceback: remember where the connection was checked out, for the error.
    """

    def __init__(self, creator: Creator | Opener, store_traceback: bool = True, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._entry: Entry = Entry(self)
        self._store_traceback = store_traceback
        self._where = ""

    def acquire(self) -> Entry | Ticket:
        """Return the entry.

        :raises AssertionError: when it is in use.
        """
        if self._entry.holders:
            raise AssertionError(
                "AssertionPool: the connection is already checked out; close it first" + self._where
            )
        self._entry.holders = 1
        if self._store_traceback:
            self._where = " (it was checked out at:\n" + "".join(traceback.format_stack()) + ")"
        return self._entry

    def release(self, entry: Entry) -> Entry | None:
        """Keep the connection open.

        :raises AssertionError: when it is not in use.
        """
        if not entry.holders:
            raise AssertionError("AssertionPool: the connection is not checked out")
        entry.holders = 0
        return None

    def vacate(self, entry: Entry) -> None:
        """Note that the user left."""
        entry.holders = 0

    def drain(self) -> list[Entry]:
        """Return the entry when it is idle."""
        self.generation += 1
        return [] if self._entry.holders else [self._entry]

    def forget_all(self) -> list[Any]:
        """Begin anew; returns the connection, to be kept alive."""
        self.generation += 1
        old, self._entry = self._entry, Entry(self)
        return [old.emptied()]

    def checkedout(self) -> int:
        """1 while the connection is in use."""
        return self._entry.holders

    def status(self) -> str:
        """Describe the pool's state in one line."""
        return "AssertionPool"

    def _parameters(self) -> dict[str, Any]:
        return {**super()._parameters(), "store_traceback": self._store_traceback}


class DetachedPool(NullPool):
    """Where a connection is that was taken out of its pool: closing it closes it for good.

    Its listeners hear ``close_detached`` where those of other pools hear ``close``.
    """

    closing_event = "close_detached"


Pool.detached_pool = DetachedPool
