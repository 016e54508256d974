"""A driver connection as its borrower holds it: what ``raw_connection()`` returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..exc import InvalidRequestError
from ..io.loops import run_sync
from ..io.plan import Plan
from .closing import checkin_raw_plan, invalidate_plan
from .entry import Entry, ManagesConnection


class PoolProxiedConnection(ManagesConnection):
    """A driver connection out of the pool; every attribute but these is the driver's.

    :param give_back: gives the connection back to the pool; the argument says whether it is to be
        closed for good.
    """

    __slots__ = ("_entry", "_give_back", "_is_detached")

    def __init__(self, entry: Entry, give_back: Callable[[bool], Any]) -> None:
        self._entry: Entry | None = entry
        self._give_back = give_back
        self._is_detached = entry.pool.closing_event != "close"

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, None after ``close``."""
        return None if self._entry is None else self._entry.driver_connection

    @property
    def is_valid(self) -> bool:
        """Whether it has not been closed or invalidated."""
        return self.driver_connection is not None

    @property
    def is_detached(self) -> bool:
        """Whether it was taken out of its pool."""
        return self._is_detached

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary for the user, kept as long as the driver's connection."""
        return {} if self._entry is None else self._entry.info

    @property
    def record_info(self) -> dict[Any, Any] | None:
        """A dictionary for the user, kept as long as the pool's place; None when detached."""
        if self._entry is None or self._is_detached:
            return None
        return self._entry.record_info

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Return a cursor of the driver.

        :raises InvalidRequestError: after ``close``.
        """
        return self._opened().cursor(*args, **kwargs)

    def _opened(self) -> Any:
        raw = self.driver_connection
        if raw is None:
            raise InvalidRequestError(
                "This connection is closed: it was given back to the pool; get another one from "
                "engine.raw_connection()"
            )
        return raw

    def close(self) -> Any:
        """Reset the connection and give it back to the pool."""
        return self._end(False)

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> Any:
        """Close the driver's connection for good; ``soft``: only when it comes back next."""
        if self._entry is None:
            return None
        ended = self._run(invalidate_plan(self._entry, e, soft=soft))
        return ended if soft else self._after(ended)

    def detach(self) -> None:
        """Take the connection out of its pool, which opens another in its place.

        ``close`` will close it for good.
        """
        if self._entry is None or self._is_detached:
            return
        lone = self._entry = self._entry.pool.detached(self._entry)
        self._is_detached = True
        self._give_back = lambda invalid: self._run(checkin_raw_plan(lone, invalid))

    def _run(self, plan: Plan[Any]) -> Any:
        return run_sync(plan)

    def _after(self, ended: Any) -> Any:
        """Give the place back whose connection is closed."""
        return self._end(True)

    def _end(self, invalid: bool) -> Any:
        entry, self._entry = self._entry, None
        return None if entry is None else self._give_back(invalid)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._opened(), name)

    def __enter__(self) -> PoolProxiedConnection:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.driver_connection!r}>"
