"""A driver connection as its borrower holds it on an asynchronous engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..io.async_loop import run_async
from ..io.blocking import BlockingConnection
from ..io.plan import Plan
from .entry import Entry
from .proxy import PoolProxiedConnection


class AsyncPoolProxiedConnection(PoolProxiedConnection):
    """The same on an asynchronous engine: ``close`` and ``invalidate`` are awaited."""

    __slots__ = ()

    async def close(self) -> None:
        """Reset the connection and give it back to the pool."""
        if self._entry is not None:
            await self._end(False)

    async def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        """Close the driver's connection for good; ``soft``: only when it comes back next."""
        if self._entry is None:
            return
        await super().invalidate(e, soft=soft)

    def _run(self, plan: Plan[Any]) -> Any:
        return run_async(plan)

    async def _after(self, ended: Any) -> None:
        await ended
        await self._end(True)

    async def __aenter__(self) -> AsyncPoolProxiedConnection:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()


class BlockingProxiedConnection(PoolProxiedConnection):
    """The same inside ``run_sync``: its cursors, ``commit`` and ``rollback`` wait for their ends.

    :param blocking: the driver's connection as blocking code uses it.
    """

    __slots__ = ("_blocking",)

    def __init__(
        self, entry: Entry, give_back: Callable[[bool], Any], blocking: BlockingConnection
    ) -> None:
        super().__init__(entry, give_back)
        self._blocking = blocking

    @property
    def dbapi_connection(self) -> Any:
        """The connection with the methods of PEP 249, None after ``close``."""
        return None if self._entry is None else self._blocking

    def _opened(self) -> Any:
        super()._opened()
        return self._blocking

    def _run(self, plan: Plan[Any]) -> Any:
        return self._blocking.run(plan)
