"""What a driver adapter offers to the loops.

An adapter is a module ``dialects/<database>/<driver>_driver.py`` with one :class:`DriverModule`
object named ``DRIVER``. Its connections have the methods of :class:`DriverConnection`; the
adapter of an async driver has the same names, returning awaitables of the same results. It may have
one more, ``settle()``: the async loop awaits it after a cancellation, for a limited time, where the
driver doesn't finish what it was in the middle of before it passes the cancellation on.

For type checkers alone: what runs imports `Outcome` from its own module.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from .outcome import Description as Description
from .outcome import Outcome as Outcome
from .outcome import outcome as outcome


class DriverCursor(Protocol):
    """An open cursor that streams rows."""

    @property
    def description(self) -> Description | None: ...

    def fetch(self, size: int | None) -> Any: ...

    def close(self) -> Any: ...


class DriverConnection(Protocol):
    """One open connection. Sync adapters return results, async ones awaitables of them.

    ``raw`` is the driver's own connection, for a user, and ``bare`` the same for a log: nothing is
    sent for it. ``error`` is the base class of the driver's errors. ``broken`` is
    true when the connection can't be used again, ``in_transaction`` when the database is inside a
    transaction (a database may end one by itself on an error).
    """

    @property
    def raw(self) -> Any: ...

    @property
    def bare(self) -> Any: ...

    @property
    def error(self) -> type[Exception]: ...

    @property
    def broken(self) -> bool: ...

    @property
    def in_transaction(self) -> bool: ...

    def fetchall(self, sql: str, params: Any) -> Any: ...

    @property
    def begins_alone(self) -> bool:
        """Whether, handed out, also what the adapter sends begins a transaction by itself."""
        ...

    def execute(self, sql: str, params: Any) -> Any: ...

    def executemany(self, sql: str, rows: Sequence[Any]) -> Any: ...

    def batch(self, statements: Sequence[tuple[str, Any]]) -> Any: ...

    def open_cursor(self, sql: str, params: Any) -> Any: ...

    def defer_begin(self, mode: str) -> bool:
        """Promise, without I/O, that the next statement begins the transaction; or decline."""
        ...

    def begin(self, mode: str) -> Any: ...

    def commit(self) -> Any: ...

    def rollback(self) -> Any: ...

    def savepoint(self, name: str) -> Any: ...

    def rollback_to(self, name: str) -> Any: ...

    def release_savepoint(self, name: str) -> Any: ...

    def hand_out(self, autocommit: bool) -> Any:
        """Make ``raw`` begin transactions by itself (PEP 249), or none with ``autocommit``."""
        ...

    def take_back(self) -> Any:
        """Make ``raw`` again as the adapter needs it, when its user has ended with it."""
        ...

    def close(self) -> Any: ...


class DriverModule(Protocol):
    """A driver: how to connect, and its exception classes."""

    @property
    def name(self) -> str: ...

    @property
    def is_async(self) -> bool: ...

    @property
    def error(self) -> type[Exception]:
        """The base class of the driver's errors (PEP 249 ``Error``)."""
        ...

    @property
    def dbapi(self) -> Any:
        """The driver's own module, for its exception classes and type constructors."""
        ...

    def connect(self, *args: Any, **options: Any) -> Any: ...

    def adapt(self, raw: Any) -> Any:
        """Wrap a connection that the user's ``creator`` opened; a ``DriverConnection``."""
        ...


class SyncDriver(DriverModule, Protocol):
    """A driver whose methods return their results."""


class AsyncDriver(DriverModule, Protocol):
    """A driver whose methods return awaitables."""
