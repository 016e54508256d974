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
moment; it then gets its entry after all.

The idle entries are a deque, whose ends may be taken from and added to without a lock: that is all
that ``take`` and ``keep`` do while nobody waits. Whoever waits takes the lock. So that a return and
a beginning wait can't miss each other, each writes its own side first and then reads the other's: a
return adds to ``idle`` and then looks at ``queue``, a wait adds to ``queue`` and then looks at
``idle``. At least one of the two sees the other.

An entry whose user forgot it is found by its weak reference, in the garbage collector's time: that
may be inside of any line here, so the callback takes no lock that it would have to wait for. The
connection goes among the idle as a stale one, which is reset or replaced when it is next lent. If
the lock was taken, whoever has it looks among the idle once more after letting go of it.

Rejected: a queue of connections with a semaphore (two structures that can disagree after an
error), and waking a waiter to look for itself (late-comers overtake it).
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..io.waiter import Waiter
from .entry import Entry

if TYPE_CHECKING:
    from ..io.drivers import DriverConnection


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
    :param lost: told of a connection whose user dropped it without giving it back, and of its
        generation; says whether it has closed it.
    """

    __slots__ = (
        "__weakref__",
        "_lock",
        "_lost",
        "_make",
        "_members",
        "idle",
        "lifo",
        "overflow",
        "places",
        "pop",
        "queue",
        "size",
    )

    def __init__(
        self,
        size: int,
        overflow: int,
        make: Callable[[], Entry],
        *,
        lifo: bool = False,
        lost: Callable[[DriverConnection, int], bool] | None = None,
    ) -> None:
        self.size = size
        self.overflow = overflow
        self.lifo = lifo
        self.idle: deque[Entry] = deque()
        #: Takes an idle entry; raises IndexError when there is none.
        self.pop: Callable[[], Entry] = self.idle.pop if lifo else self.idle.popleft
        self.queue: deque[Ticket] = deque()
        self.places = 0
        self._make = make
        self._lost = lost
        # An entry that nobody has a reference to any more has left its connection here.
        self._members: dict[weakref.ref[Entry], tuple[DriverConnection | None, int]] = {}
        self._lock = threading.Lock()

    @property
    def unlimited(self) -> bool:
        """Whether a place can always be had."""
        return self.size == 0 or self.overflow == -1

    def take(self) -> Entry | None:
        """Return an idle entry, or None."""
        try:
            return self.pop()
        except IndexError:
            return None

    def acquire(self) -> Entry | Ticket:
        """Return an entry, or a ticket to wait for."""
        with self._lock:
            entry = self.take()
            if entry is not None:
                return entry
            if self.unlimited or self.places < self.size + self.overflow:
                self.places += 1
                return self._new()
            ticket = Ticket()
            self.queue.append(ticket)
            self._match()
        self._look_again()
        return ticket if ticket.entry is None else ticket.entry

    def restore(self, entry: Entry) -> None:
        """Put an entry that was taken back where it was."""
        if self.lifo:
            self.idle.append(entry)
        else:
            self.idle.appendleft(entry)
        self._serve_idle()

    def keep(self, entry: Entry) -> bool:
        """Take an entry back unless it is one too many."""
        if self.queue or self.size == 0 or len(self.idle) < self.size:
            self.idle.append(entry)
            if self.queue:
                self._serve_idle()
            return True
        return False

    def release(self, entry: Entry) -> Entry | None:
        """Take an entry back; returns it when it is to be closed (its place is free already)."""
        if self.keep(entry):
            return None
        self.vacate(entry)
        return entry

    def vacate(self, entry: Entry) -> None:
        """Free the place of an entry that is no more."""
        with self._lock:
            if self._members.pop(weakref.ref(entry), _NOT_OURS) is _NOT_OURS:
                return
            if self.queue:
                self._serve(self._new())
            else:
                self.places -= 1
        self._look_again()

    def withdraw(self, ticket: Ticket) -> Entry | None:
        """Leave the queue; returns an entry if there is one for the ticket after all."""
        with self._lock:
            if ticket.entry is None:
                self.queue.remove(ticket)
                ticket.entry = self.take()
        self._look_again()
        return ticket.entry

    def drain(self) -> list[Entry]:
        """Take all idle entries out, to be closed; their places are free."""
        entries: list[Entry] = []
        with self._lock:
            while (entry := self.take()) is not None:
                self._members.pop(weakref.ref(entry), None)
                self.places -= 1
                entries.append(entry)
        return entries

    def lent(self) -> list[Entry]:
        """Return the entries that are in use."""
        idle = {id(entry) for entry in list(self.idle)}
        entries = [reference() for reference in list(self._members)]
        return [entry for entry in entries if entry is not None and id(entry) not in idle]

    def connected(self, entry: Entry) -> None:
        """Note an entry's connection, so that it is not lost with the entry."""
        reference = weakref.ref(entry)
        if reference in self._members:
            # The key that is there stays; it has the callback.
            self._members[reference] = entry.driver, entry.generation

    # -- within the lock

    def _new(self) -> Entry:
        entry = self._make()
        self._members[weakref.ref(entry, self._forgotten)] = _NOTHING
        return entry

    def _match(self) -> None:
        while self.queue and (entry := self.take()) is not None:
            self._serve(entry)

    def _serve(self, entry: Entry) -> None:
        ticket = self.queue.popleft()
        ticket.entry = entry
        ticket.notify()

    def _serve_idle(self) -> None:
        with self._lock:
            self._match()
        self._look_again()

    # -- after the lock

    def _look_again(self) -> None:
        """Serve what the garbage collector has added while the lock was held."""
        while self.queue and self.idle:
            with self._lock:
                self._match()

    # -- in the garbage collector's time

    def _forgotten(self, reference: weakref.ref[Entry]) -> None:
        driver, generation = left = self._members.pop(reference, _NOTHING)
        if driver is not None and self._lost is not None and self._lost(driver, generation):
            driver, generation = left = _NOTHING
        entry = self._make()
        entry.driver, entry.generation, entry.forgotten = driver, -1, generation
        self._members[weakref.ref(entry, self._forgotten)] = left
        self.idle.append(entry)
        if self.queue and self._lock.acquire(blocking=False):
            try:
                self._match()
            finally:
                self._lock.release()


_NOTHING = (None, -1)
_NOT_OURS: Any = object()
