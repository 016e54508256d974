"""``Pool``: the base of all pools, and how a pool is used by itself.

A pool answers four questions, all pure: ``take`` (a ready connection at once, or None),
``acquire`` (an entry or a ticket to wait for), ``release`` (keep it, or return it to be closed)
and ``drain``. The plans of ``plans.py`` do what follows from the answers. So each pool is the same
for threads and for tasks. The pools themselves are in ``impl.py``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..event import listen, register_target
from ..exc import InvalidRequestError, TimeoutError
from ..io.loops import run_sync
from . import fork
from .closing import checkin_raw_plan, close_plan, dispose_plan, invalidate_plan
from .entry import Entry
from .events import PoolDispatch, follow
from .ledger import Ticket
from .log import PoolLog
from .opener import Creator, Opener, opener_of
from .plans import checkout_plan
from .proxy import PoolProxiedConnection
from .reset import reset_rule

if TYPE_CHECKING:
    from ..io.drivers import DriverConnection


class Pool:
    """Base of all pools.

    :param creator: returns a new connection of the driver (an engine gives its own `Opener`).
    :param recycle: age in seconds after which a connection is replaced; -1 for never.
    :param pre_ping: test a connection before it is lent out.
    :param echo: log what the pool does (``"debug"`` for every checkout).
    :param logging_name: appended to the logger's name.
    :param reset_on_return: what becomes of a transaction that the user of a raw connection left
        open: True or ``"rollback"``, ``"commit"``, or None to leave it open. What a ``Connection``
        or session has begun, its ``close`` always rolls back.
    :param events: ``(function, name)`` pairs to listen with.
    :param dialect: kept for whoever asks; the pool has no need of it.
    """

    dispatch: PoolDispatch = PoolDispatch()
    #: The event that tells of a connection being closed.
    closing_event = "close"
    #: The pool of a connection that was taken out of this one.
    detached_pool: type[Pool]

    def __init__(
        self,
        creator: Creator | Opener,
        recycle: float = -1,
        echo: bool | str | None = None,
        logging_name: str | None = None,
        reset_on_return: Any = True,
        events: Sequence[tuple[Callable[..., Any], str]] | None = None,
        dialect: Any = None,
        pre_ping: bool = False,
    ) -> None:
        self.opener = opener_of(creator)
        self.recycle = recycle
        self.pre_ping = pre_ping
        self.reset_on_return = reset_rule(reset_on_return)
        self.dialect = dialect
        self.generation = 0
        self.wait_timeout: float | None = None
        self.logging_name = logging_name
        self.echo = echo
        self.log = PoolLog(type(self).__name__, logging_name, echo)
        self.was_connected = False
        self._ready = self._watched = False
        follow(self)
        fork.watch(self)
        for function, event in events or ():
            listen(self, event, function)
        self.refresh_ready()

    # -- by itself

    def connect(self) -> PoolProxiedConnection:
        """Return a connection of the driver, to be given back by its ``close``.

        :raises ormolu.exc.TimeoutError: when none became free in time.
        :raises InvalidRequestError: the driver is asynchronous.
        """
        self._refuse_async("connect()", "await async_engine.raw_connection()")
        entry = run_sync(checkout_plan(self))
        return PoolProxiedConnection(
            entry, lambda invalid: run_sync(checkin_raw_plan(entry, invalid))
        )

    def dispose(self) -> None:
        """Close the idle connections; those in use are closed when they come back.

        :raises InvalidRequestError: the driver is asynchronous.
        """
        self._refuse_async("dispose()", "await async_engine.dispose()")
        run_sync(dispose_plan(self))

    def _refuse_async(self, what: str, instead: str) -> None:
        if self.opener.module.is_async:
            raise InvalidRequestError(
                f"{type(self).__name__}.{what} can't wait for an asynchronous driver: "
                f"write '{instead}'"
            )

    def invalidate_entry(
        self, entry: Entry, error: BaseException | None = None, *, soft: bool = False
    ) -> None:
        """Have an entry's connection replaced: at once, or with ``soft`` before its next use.

        :raises InvalidRequestError: at once, when the driver is asynchronous.
        """
        if not soft:
            self._refuse_async("invalidate()", "await connection.invalidate()")
        run_sync(invalidate_plan(entry, error, soft=soft))

    def close_entry(self, entry: Entry) -> None:
        """Close an entry's connection.

        :raises InvalidRequestError: the driver is asynchronous.
        """
        self._refuse_async("close()", "await connection.close()")
        run_sync(close_plan(entry))

    def adopt(self, opener: Opener) -> None:
        """Open connections with a driver's adapter from now on, for an engine given this pool.

        The creator stays the pool's own.
        """
        if not self.opener.is_raw:
            return
        self.opener = Opener(
            opener.module,
            opener.args,
            opener.options,
            self.opener.creator,
            opener.prepare,
            opener.initialize,
            opener.ping_sql,
        )
        self.generation += 1

    # -- what a pool decides

    def refresh_ready(self) -> None:
        """Decide whether connections may be lent and taken back without running a plan."""
        self._watched = self.dispatch.active or self.log.tells()
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

    def lent_to_me(self, entry: Entry) -> None:
        """Note who has an entry, where the pool keeps such a record."""

    def connected(self, entry: Entry) -> None:
        """Note an entry's connection (or that it has none), where the pool keeps such a record."""

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

    def forget_all(self) -> list[Any]:
        """Begin anew with nothing, in the child of a fork; returns what must be kept alive."""
        self.generation += 1
        return []

    def invalidate_idle(self) -> None:
        """Make all connections that were opened until now stale."""
        self.generation += 1

    def lost(self, entry: Entry) -> None:
        """Make the connections stale that were opened before an entry's was found dead.

        They are likely to have died in the same accident. One of an earlier generation tells
        nothing of those that were opened since.
        """
        if entry.generation == self.generation:
            self.invalidate_idle()

    def stale(self, entry: Entry) -> bool:
        """Say whether an entry's connection was opened before the last invalidation."""
        return entry.driver is not None and entry.generation != self.generation

    def too_old(self, entry: Entry) -> bool:
        """Say whether a connection has reached the age at which it is replaced."""
        return self.recycle >= 0 and time.time() - entry.opened_at > self.recycle

    def lends(self, entry: Entry) -> bool:
        """Say whether somebody has an entry from this pool."""
        return bool(entry.active or entry.holders)

    def timeout_error(self) -> TimeoutError:
        """Return the error of one who waited in vain."""
        return TimeoutError(f"{type(self).__name__} gave no connection in time", code="3o7r")

    def detached(self, entry: Entry) -> Entry:
        """Take an entry's connection out of the pool; returns its record of its own.

        ``detach`` listeners are called at once, since ``detach()`` is no coroutine anywhere: they
        are plain functions.
        """
        assert entry.driver is not None
        raw = entry.driver_connection
        lone = Entry(self.detached_pool(self.opener, reset_on_return=self.reset_on_return))
        lone.pool.dispatch, lone.pool.log = self.dispatch, self.log
        lone.pool.refresh_ready()
        lone.opened(entry.driver, lone.pool.generation, entry.opened_at)
        lone.info, lone.active = entry.info, entry.active
        entry.emptied()
        self.connected(entry)
        self.release(entry)
        for handler in self.dispatch.detach:
            handler(raw, entry)
        return lone

    # -- description

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
        """Return a new, empty pool with the same parameters and listeners."""
        self.log.pool("Pool recreating")
        fresh = type(self)(self.opener, **self._parameters())
        if "dispatch" in vars(self):
            fresh.dispatch = self.dispatch
            fresh.refresh_ready()
        return fresh

    def _parameters(self) -> dict[str, Any]:
        return {
            "recycle": self.recycle,
            "pre_ping": self.pre_ping,
            "echo": self.echo,
            "logging_name": self.logging_name,
            "reset_on_return": self.reset_on_return,
            "dialect": self.dialect,
        }

    # -- log

    def log_error(self, doing: str, error: Exception) -> None:
        """Log an error of a connection that is given up anyway."""
        self.log.warning("Error while %s: %s", doing, error)

    def dropped(self, driver: DriverConnection, generation: int) -> bool:
        """Hear that a user dropped a connection without giving it back; say whether it is closed.

        One of a pool that was disposed of meanwhile is closed at once: nobody may come for it.
        """
        if sys.is_finalizing():
            return False
        self._log_dropped(driver)
        if generation == self.generation or self.opener.module.is_async:
            return False
        try:
            driver.close()
        except self.opener.error as error:
            self.log_error("closing a connection that its user dropped", error)
        return True

    def _log_dropped(self, driver: DriverConnection) -> None:
        self.log.warning(
            "The connection %r was garbage-collected while it was checked out; it goes back to "
            "the pool. Close connections and sessions, or use them in 'with' blocks.",
            driver.bare,
        )


register_target(Pool)
