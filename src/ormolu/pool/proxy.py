"""A driver connection as its borrower holds it: what ``raw_connection()`` returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..exc import InvalidRequestError
from .entry import Entry


class PoolProxiedConnection:
    """A driver connection out of the pool; every attribute but these is the driver's.

    :param give_back: gives the connection back to the pool; the argument says whether it is to be
        closed for good.
    """

    __slots__ = ("_entry", "_give_back")

    def __init__(self, entry: Entry, give_back: Callable[[bool], Any]) -> None:
        self._entry: Entry | None = entry
        self._give_back = give_back

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, None after ``close``."""
        return None if self._entry is None else self._entry.driver_connection

    dbapi_connection = driver_connection

    @property
    def is_valid(self) -> bool:
        """Whether it has not been closed or invalidated."""
        return self.driver_connection is not None

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary for the user, kept as long as the driver's connection."""
        return {} if self._entry is None else self._entry.info

    @property
    def record_info(self) -> dict[Any, Any] | None:
        """A dictionary for the user, kept as long as the pool's place for the connection."""
        return None if self._entry is None else self._entry.record_info

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
        if not soft:
            return self._end(True)
        if self._entry is not None:
            self._entry.generation = -1
        return None

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
        return f"<PoolProxiedConnection {self.driver_connection!r}>"


class AsyncPoolProxiedConnection(PoolProxiedConnection):
    """The same on an asynchronous engine: ``close`` and ``invalidate`` are awaited."""

    __slots__ = ()

    async def close(self) -> None:
        """Reset the connection and give it back to the pool."""
        if self._entry is not None:
            await self._end(False)

    async def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        """Close the driver's connection for good; ``soft``: only when it comes back next."""
        if soft:
            super().invalidate(soft=True)
        elif self._entry is not None:
            await self._end(True)

    async def __aenter__(self) -> AsyncPoolProxiedConnection:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()
