"""The pool's ledger: who holds, who waits, what to close. Pure: it decides, and never waits.

A ledger has ``size`` places that stay open and ``overflow`` more that are closed when they come
back. A place is an :class:`Entry`, with a driver connection or empty (to be opened by whoever got
it).

=====================  =======================================================================
situation              ``acquire`` gives
=====================  =======================================================================
an idle entry          the one that came back first (``lifo``: last)
none, places are left  a new, empty entry
none, all taken        a :class:`Ticket` at the end of the queue
=====================  =======================================================================

``release`` hands the entry to the first ticket in the queue, else keeps it idle, else (overflow)
returns it to be closed. A freed place whose connection was closed goes to the first ticket as
well, as an empty entry. A ticket that gives up (``withdraw``) may have been served at the same
moment; it then gets its entry after all. All methods hold one lock, for some tenths of a
microsecond.

Rejected: a queue of connections with a semaphore (two structures that can disagree after an
error), and waking a waiter to look for itself (late-comers overtake it).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from ..io.waiter import Waiter
from .entry import Entry


class Ticket(Waiter):
    """A place in the queue; ``entry`` is what it was served."""

    __slots__ = ("entry",)

    def __init__(self) -> None:
        super().__init__()
        self.entry: Entry | None = None


class Ledger:
    """Who holds which entry of a pool.

    :param size: entries that stay open; 0 means no limit.
    :param overflow: entries beyond ``size`` that may be open for a while; -1 means no limit.
    :param make: makes an empty entry.
    """

    __slots__ = ("_lock", "_make", "idle", "lifo", "overflow", "places", "queue", "size")

    def __init__(
        self, size: int, overflow: int, make: Callable[[], Entry], *, lifo: bool = False
    ) -> None:
        self.size = size
        self.overflow = overflow
        self.lifo = lifo
        self.idle: deque[Entry] = deque()
        self.queue: deque[Ticket] = deque()
        self.places = 0
        self._make = make
        self._lock = threading.Lock()

    @property
    def unlimited(self) -> bool:
        """Whether a place can always be had."""
        return self.size == 0 or self.overflow == -1

    def take(self) -> Entry | None:
        """Return an idle entry, or None."""
        with self._lock:
            idle = self.idle
            if not idle:
                return None
            return idle.pop() if self.lifo else idle.popleft()

    def acquire(self) -> Entry | Ticket:
        """Return an entry, or a ticket to wait for."""
        with self._lock:
            if self.idle:
                return self.idle.pop() if self.lifo else self.idle.popleft()
            if self.unlimited or self.places < self.size + self.overflow:
                self.places += 1
                return self._make()
            ticket = Ticket()
            self.queue.append(ticket)
            return ticket

    def restore(self, entry: Entry) -> None:
        """Put an entry that was taken back where it was."""
        with self._lock:
            if self.queue:
                self._serve(entry)
            elif self.lifo:
                self.idle.append(entry)
            else:
                self.idle.appendleft(entry)

    def keep(self, entry: Entry) -> bool:
        """Take an entry back unless it is one too many."""
        with self._lock:
            if self.queue:
                self._serve(entry)
            elif self.size == 0 or len(self.idle) < self.size:
                self.idle.append(entry)
            else:
                return False
            return True

    def release(self, entry: Entry) -> Entry | None:
        """Take an entry back; returns it when it is to be closed (its place is free already)."""
        if self.keep(entry):
            return None
        with self._lock:
            self.places -= 1
        return entry

    def vacate(self) -> None:
        """Free the place of an entry that is no more."""
        with self._lock:
            if self.queue:
                self._serve(self._make())
            else:
                self.places -= 1

    def withdraw(self, ticket: Ticket) -> Entry | None:
        """Leave the queue; returns the entry if the ticket was served in the meantime."""
        with self._lock:
            if ticket.entry is None:
                self.queue.remove(ticket)
            return ticket.entry

    def drain(self) -> list[Entry]:
        """Take all idle entries out, to be closed; their places are free."""
        with self._lock:
            entries = list(self.idle)
            self.idle.clear()
            self.places -= len(entries)
            return entries

    def _serve(self, entry: Entry) -> None:
        ticket = self.queue.popleft()
        ticket.entry = entry
        ticket.notify()
