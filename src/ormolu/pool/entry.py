"""The pool's record of one driver connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..io.drivers import DriverConnection

if TYPE_CHECKING:
    from .base import Pool


class Entry:
    """One place of a pool, with a driver connection in it or still to be opened.

    - ``generation``: the pool's when the connection was opened; an older one is stale.
    - ``core``: the connection core that was built for it, kept for its next user.
    - ``active``: cores inside a transaction; more than one only where a pool shares its connection.
    - ``epoch``: how often such a shared transaction was ended under the others.
    - ``info``: a dictionary for the user, kept as long as the connection; ``record_info`` is kept
      as long as the place.

    Listeners of pool events receive it as ``connection_record``.
    """

    __slots__ = (
        "__weakref__",
        "active",
        "core",
        "driver",
        "epoch",
        "generation",
        "holders",
        "info",
        "opened_at",
        "pool",
        "record_info",
    )

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.driver: DriverConnection | None = None
        self.core: Any = None
        self.generation = 0
        self.opened_at = 0.0
        self.active = 0
        self.epoch = 0
        self.info: dict[Any, Any] = {}
        self.record_info: dict[Any, Any] = {}
        # Users at once; more than one only where a pool shares its connection.
        self.holders = 0

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, None when the place is empty."""
        return None if self.driver is None else self.driver.raw

    dbapi_connection = driver_connection

    @property
    def in_use(self) -> bool:
        """Whether somebody holds a transaction on it, or shares it."""
        return bool(self.active or self.holders)

    def opened(self, driver: DriverConnection, generation: int, now: float) -> None:
        """Note a new connection."""
        self.driver = driver
        self.core = None
        self.generation = generation
        self.opened_at = now
        self.info = {}

    def emptied(self) -> DriverConnection | None:
        """Forget the connection and return it, to be closed."""
        driver = self.driver
        self.driver = None
        self.core = None
        self.active = 0
        return driver
