"""The closed set of requests: the only things a plan may yield to a loop.

A request is a small mutable record. It is consumed before the plan resumes, so a plan may own one
and refill it for each statement instead of making a new one (a connection does, see
``engine/core.py``: 0.02 µs against 0.17 µs). Nothing keeps a request after its reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from .waiter import Waiter

if TYPE_CHECKING:
    from .drivers import DriverConnection, DriverCursor, DriverModule

Params: TypeAlias = "Sequence[Any] | Mapping[str, Any]"
"""What a driver takes as the parameters of one statement."""


class Request:
    """Base of all requests."""

    __slots__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name, None)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"


class DriverRequest(Request):
    """A request that concerns one open driver connection."""

    __slots__ = ("driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self.driver = driver


class FetchAll(DriverRequest):
    """Run a statement that returns rows; the reply is ``list[tuple]``. The hot request."""

    __slots__ = ("params", "sql")

    def __init__(self, driver: DriverConnection, sql: str, params: Params) -> None:
        self.driver = driver
        self.sql = sql
        self.params = params


class Execute(DriverRequest):
    """Run any statement; the reply is an :class:`~ormolu.io.drivers.Outcome`."""

    __slots__ = ("params", "sql")

    def __init__(self, driver: DriverConnection, sql: str, params: Params) -> None:
        self.driver = driver
        self.sql = sql
        self.params = params


class ExecuteMany(DriverRequest):
    """Run a statement once per parameter set; the reply is an ``Outcome`` without rows."""

    __slots__ = ("rows", "sql")

    def __init__(self, driver: DriverConnection, sql: str, rows: Sequence[Params]) -> None:
        self.driver = driver
        self.sql = sql
        self.rows = rows


class Batch(DriverRequest):
    """Run independent statements, in one round trip where the driver can.

    The reply is a list of ``Outcome``, in order. A driver that sends all of them at once notes in
    an error which one it is about (``failed_statement``).
    """

    __slots__ = ("statements",)

    def __init__(self, driver: DriverConnection, statements: Sequence[tuple[str, Params]]) -> None:
        self.driver = driver
        self.statements = statements


def note_failed_statement(error: Exception, index: int) -> None:
    """Let an error of a batch say which of its statements failed."""
    error.__dict__["batch_index"] = index


def failed_statement(error: BaseException) -> int:
    """Return which statement of a batch an error is about, the first one when nobody knows."""
    index: int = getattr(error, "batch_index", 0)
    return index


class OpenCursor(DriverRequest):
    """Run a statement and stream its rows; the reply is a ``DriverCursor``."""

    __slots__ = ("params", "sql")

    def __init__(self, driver: DriverConnection, sql: str, params: Params) -> None:
        self.driver = driver
        self.sql = sql
        self.params = params


class Fetch(Request):
    """Take up to ``size`` more rows of an open cursor (all when None); the reply is a list."""

    __slots__ = ("cursor", "size")

    def __init__(self, cursor: DriverCursor, size: int | None) -> None:
        self.cursor = cursor
        self.size = size


class CloseCursor(Request):
    """Close an open cursor."""

    __slots__ = ("cursor",)

    def __init__(self, cursor: DriverCursor) -> None:
        self.cursor = cursor


class Connect(Request):
    """Open a driver connection; the reply is a ``DriverConnection``.

    ``module.connect(*args, **options)`` does it; when ``creator`` is given, its driver-level
    connection is adapted instead.
    """

    __slots__ = ("args", "creator", "module", "options")

    def __init__(
        self,
        module: DriverModule,
        args: Sequence[Any] = (),
        options: Mapping[str, Any] | None = None,
        creator: Callable[[], Any] | None = None,
    ) -> None:
        self.module = module
        self.args = args
        self.options = options or {}
        self.creator = creator


class Close(DriverRequest):
    """Close a driver connection."""

    __slots__ = ()


class Begin(DriverRequest):
    """Begin a transaction; ``mode`` is what follows ``BEGIN`` (an isolation level, …)."""

    __slots__ = ("mode",)

    def __init__(self, driver: DriverConnection, mode: str = "") -> None:
        self.driver = driver
        self.mode = mode


class Commit(DriverRequest):
    """Commit the transaction; no transaction is no error."""

    __slots__ = ()


class Rollback(DriverRequest):
    """Roll the transaction back; no transaction is no error."""

    __slots__ = ()


class HandOut(DriverRequest):
    """Make the driver's own connection ready for a user of it.

    It begins transactions by itself then, as PEP 249 has it, or none with ``autocommit``.
    """

    __slots__ = ("autocommit",)

    def __init__(self, driver: DriverConnection, autocommit: bool) -> None:
        self.driver = driver
        self.autocommit = autocommit


class TakeBack(DriverRequest):
    """Make the driver's connection again as the adapter had it before the first `HandOut`."""

    __slots__ = ()


class SavepointRequest(DriverRequest):
    """Base of the savepoint requests."""

    __slots__ = ("name",)

    def __init__(self, driver: DriverConnection, name: str) -> None:
        self.driver = driver
        self.name = name


class Savepoint(SavepointRequest):
    """Set a savepoint."""

    __slots__ = ()


class RollbackTo(SavepointRequest):
    """Roll back to a savepoint."""

    __slots__ = ()


class ReleaseSavepoint(SavepointRequest):
    """Release a savepoint."""

    __slots__ = ()


class Wait(Request):
    """Wait for a waiter; the reply is True when it is ready, False after ``timeout`` seconds."""

    __slots__ = ("timeout", "waiter")

    def __init__(self, waiter: Waiter, timeout: float | None = None) -> None:
        self.waiter = waiter
        self.timeout = timeout


class Sleep(Request):
    """Do nothing for some seconds."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class RunHook(Request):
    """Call ``fn(*args)``, a user's handler; in async its awaitable result is awaited."""

    __slots__ = ("args", "fn")

    def __init__(self, fn: Callable[..., Any], args: Sequence[Any] = ()) -> None:
        self.fn = fn
        self.args = args


class RunBlocking(DriverRequest):
    """Call ``fn(connection, *args)``, a user's plain function that may use a driver connection.

    In async it runs in a worker thread, with a :class:`~ormolu.io.blocking.BlockingConnection`.
    """

    __slots__ = ("args", "fn")

    def __init__(
        self, driver: DriverConnection, fn: Callable[..., Any], args: Sequence[Any] = ()
    ) -> None:
        self.driver = driver
        self.fn = fn
        self.args = args
