"""The log of a pool, as its users know it: connections opened, lent, returned, reset and closed.

It goes to ``ormolu.pool.impl.QueuePool`` (with the ``logging_name`` appended), at level DEBUG; what
doesn't happen every day (invalidated, too old, disposed) at INFO. ``echo`` prints both, or with
``"debug"`` everything, whatever the logger's level is. A pool that logs nothing lends connections
without a plan, so it looks at the level when it is made and whenever it opens a connection.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..deferred import deferred

if TYPE_CHECKING:
    import logging

    from ..io.drivers import DriverConnection
else:
    logging = deferred("logging")

# Those of ``logging``, which is loaded when the first pool is made.
_DEBUG, _INFO = 10, 20
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class PoolLog:
    """The log of one pool.

    :param kind: the name of the pool's class.
    :param echo: print at level INFO (True) or DEBUG (``"debug"``).
    """

    __slots__ = ("_forced", "logger")

    def __init__(self, kind: str, logging_name: str | None, echo: bool | str | None) -> None:
        name = f"ormolu.pool.impl.{kind}"
        self.logger = logging.getLogger(f"{name}.{logging_name}" if logging_name else name)
        self._forced: int | None = None
        if echo:
            self._forced = _DEBUG if echo == "debug" else _INFO
            if not self.logger.hasHandlers():
                add_stdout_handler()

    def tells(self, level: int = _DEBUG) -> bool:
        """Say whether anything of a level is logged now: by default, every checkout."""
        return self._is_forced(level) or self.logger.isEnabledFor(level)

    def debug(self, message: str, driver: DriverConnection | None) -> None:
        """Log what happens to a connection, which stands at the ``%r`` of the message."""
        if driver is not None and self.tells():
            self._emit(_DEBUG, message % (driver.bare,))

    def info(self, message: str, driver: DriverConnection | None) -> None:
        """Log what rarely happens to a connection, which stands at the ``%r`` of the message."""
        if driver is not None and self.tells(_INFO):
            self._emit(_INFO, message % (driver.bare,))

    def invalidated(
        self, driver: DriverConnection, error: BaseException | None, *, soft: bool
    ) -> None:
        """Log that a connection is not to be used again, and why."""
        if self.tells(_INFO):
            reason = f" (reason: {type(error).__name__}:{error})" if error is not None else ""
            how = "Soft Invalidate" if soft else "Invalidate"
            self._emit(_INFO, f"{how} connection {driver.bare!r}{reason}")

    def pool(self, message: str) -> None:
        """Log what happens to the pool itself."""
        if self.tells(_INFO):
            self._emit(_INFO, message)

    def warning(self, message: str, *args: Any) -> None:
        """Log what went wrong and has no caller to be raised to."""
        self.logger.warning(message, *args)

    def _is_forced(self, level: int) -> bool:
        return self._forced is not None and level >= self._forced

    def _emit(self, level: int, message: str) -> None:
        emit(self.logger, level, message, self._is_forced(level))


def emit(logger: logging.Logger, level: int, message: str, forced: bool) -> None:
    """Log ``message``; when ``forced``, whatever the logger's level is."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", message)
    elif forced:
        logger.handle(logger.makeRecord(logger.name, level, "ormolu", 0, "%s", (message,), None))


def add_stdout_handler() -> None:
    """Send ormolu's log to standard output, in the format of ``echo=True``."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.getLogger("ormolu").addHandler(handler)
