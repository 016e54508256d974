"""How a pool opens its connections: with a driver adapter, or by calling a user's function.

An engine's pool has an adapter, whose connections the engine can run SQL on. A pool that stands by
itself, ``QueuePool(lambda: sqlite3.connect("x.db"))``, lends the driver's connections as they are;
`RawConnection` then knows of them what PEP 249 promises, which is all that a pool needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..io.outcome import Outcome
from ..io.plan import Plan
from ..io.requests import Connect

if TYPE_CHECKING:
    from ..io.drivers import DriverConnection, DriverModule

Creator = Callable[[], Any]
Prepare = Callable[["DriverConnection"], Plan[None]]


class Opener:
    """What opens connections: a driver, and its arguments or a ``creator``.

    :param prepare: the plan that makes a fresh connection ready for its first user.
    :param initialize: the plan that learns about the server, run on the first connection alone.
    """

    __slots__ = (
        "args",
        "creator",
        "initialize",
        "initialized",
        "module",
        "options",
        "ping_sql",
        "prepare",
    )

    def __init__(
        self,
        module: DriverModule,
        args: Sequence[Any] = (),
        options: dict[str, Any] | None = None,
        creator: Creator | None = None,
        prepare: Prepare | None = None,
        initialize: Prepare | None = None,
        ping_sql: str = "SELECT 1",
    ) -> None:
        self.module = module
        self.args = args
        self.options = options or {}
        self.creator = creator
        self.prepare = prepare
        self.initialize = initialize
        self.initialized = False
        self.ping_sql = ping_sql

    @property
    def is_raw(self) -> bool:
        """Whether it opens connections without a driver's adapter."""
        return isinstance(self.module, RawModule)

    @property
    def error(self) -> type[Exception]:
        """The base class of the driver's errors."""
        return self.module.error

    def request(self) -> Connect:
        """Return the request that opens a connection."""
        return Connect(self.module, self.args, dict(self.options), self.creator)

    def prepare_plan(self, driver: DriverConnection) -> Plan[None]:
        """Make a fresh connection ready; the first one also tells about the server."""
        if self.prepare is not None:
            yield from self.prepare(driver)
        if self.initialize is not None and not self.initialized:
            yield from self.initialize(driver)
        # Two first connections may be opened at once: each is then asked.
        self.initialized = True

    def ping_failed(self, error: Exception) -> None:
        """Hear that a pre-ping found a connection dead: an engine tells its listeners."""


class RawConnection:
    """A PEP 249 connection of an unknown driver, as a pool sees it."""

    __slots__ = ("raw",)

    error: type[Exception] = Exception
    #: PEP 249 has no way to ask.
    broken = False
    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = True

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    @property
    def bare(self) -> Any:
        """The driver's connection."""
        return self.raw

    def hand_out(self, autocommit: bool) -> None:
        """Do nothing: it is the user's own all the time."""

    def take_back(self) -> None:
        """Do nothing."""

    @property
    def in_transaction(self) -> bool:
        """Whether there may be a transaction: PEP 249 has no way to ask."""
        return True

    def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement without parameters: a ping, or what prepares a fresh connection."""
        cursor = self.raw.cursor()
        try:
            cursor.execute(sql)
        finally:
            cursor.close()
        return Outcome(None, None, -1, None)

    def commit(self) -> None:
        """Commit."""
        self.raw.commit()

    def rollback(self) -> None:
        """Roll back."""
        self.raw.rollback()

    def close(self) -> None:
        """Close."""
        self.raw.close()


class RawModule:
    """The driver of a pool that was given a function alone."""

    name = "creator"
    is_async = False
    error: type[Exception] = Exception
    dbapi: Any = None

    def connect(self, *args: Any, **options: Any) -> Any:
        """Not called: there is always a ``creator``."""
        raise TypeError("a pool without a driver opens connections with its creator alone")

    def adapt(self, raw: Any) -> Any:
        """Wrap what the creator returned."""
        return RawConnection(raw)


def opener_of(creator: Any) -> Opener:
    """Return how to open connections: ``creator`` is an `Opener`, or returns a connection.

    :raises TypeError: for what can't be called.
    """
    if isinstance(creator, Opener):
        return creator
    if not callable(creator):
        raise TypeError(
            f"a pool takes a function that returns a new connection of the driver, not {creator!r}"
        )
    return Opener(RawModule(), creator=creator)
