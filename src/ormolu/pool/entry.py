"""The pool's record of one driver connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..io.drivers import DriverConnection
    from .base import Pool


class ManagesConnection:
    """What a pool's record of a connection and the proxy of a connection have in common.

    ``info`` is a dictionary for the user, kept as long as the driver's connection; ``record_info``
    is kept as long as the pool's place for it.
    """

    __slots__ = ()

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection; None when there is none."""
        raise TypeError(f"{type(self).__name__} manages no connection")

    @property
    def dbapi_connection(self) -> Any:
        """The driver's own connection; None when there is none."""
        return self.driver_connection

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> Any:
        """Have the connection closed and replaced: now, or with ``soft`` before its next use."""
        raise TypeError(f"{type(self).__name__} manages no connection")


class Entry(ManagesConnection):
    """One place of a pool, with a driver connection in it or still to be opened.

    - ``generation``: the pool's when the connection was opened; an older one is stale.
    - ``core``: the connection core that was built for it, kept for its next user; ``made_core`` is
      a weak reference to it also while it is lent.
    - ``active``: cores inside a transaction; more than one only where a pool shares its connection.
    - ``epoch``: how often such a shared transaction was ended under the others.
    - ``handed_out``: whether somebody has, or had, the driver's own connection.
    - ``forgotten``: the generation of a connection that was dropped instead of given back.
    - ``since``, ``holder``: when it was lent (``time.monotonic``), and to which thread (ident) or
      task (weak reference).

    Listeners of pool events receive it as ``connection_record``.
    """

    __slots__ = (
        "__weakref__",
        "active",
        "core",
        "driver",
        "epoch",
        "forgotten",
        "generation",
        "handed_out",
        "holder",
        "holders",
        "info",
        "made_core",
        "opened_at",
        "pool",
        "record_info",
        "since",
    )

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.driver: DriverConnection | None = None
        self.core: Any = None
        self.made_core: Any = None
        self.generation = 0
        self.opened_at = 0.0
        self.since = 0.0
        self.holder: Any = None
        self.active = 0
        self.epoch = 0
        self.handed_out = False
        self.forgotten: int | None = None
        self.info: dict[Any, Any] = {}
        self.record_info: dict[Any, Any] = {}
        # Users at once; more than one only where a pool shares its connection.
        self.holders = 0

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, None when the place is empty."""
        return None if self.driver is None else self.driver.raw

    @property
    def in_use(self) -> bool:
        """Whether somebody has it from the pool."""
        return self.pool.lends(self)

    def opened(self, driver: DriverConnection, generation: int, now: float) -> None:
        """Note a new connection."""
        self.driver = driver
        self.core = None
        self.made_core = None
        self.handed_out = False
        self.generation = generation
        self.opened_at = now
        self.info = {}

    def emptied(self) -> DriverConnection | None:
        """Forget the connection and return it, to be closed."""
        driver = self.driver
        self.driver = None
        self.generation = -1
        self.core = None
        self.made_core = None
        self.active = 0
        return driver

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        """Have the connection closed: now, or with ``soft`` when it is next checked out.

        :raises InvalidRequestError: now, for the connection of an asynchronous driver.
        """
        self.pool.invalidate_entry(self, e, soft=soft)

    def close(self) -> None:
        """Close the connection; the place stays, and gets a new one when it is next used.

        :raises InvalidRequestError: for the connection of an asynchronous driver.
        """
        self.pool.close_entry(self)


ConnectionPoolEntry = Entry
