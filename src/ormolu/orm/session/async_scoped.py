"""`async_scoped_session`: an `AsyncSession` per task, or per scope of your choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .async_session import AsyncSession
from .scoped import ScopedBase, proxied, surface

_AS = TypeVar("_AS", bound=AsyncSession)


class async_scoped_session(ScopedBase, Generic[_AS]):
    """An async session per value of ``scopefunc``, which is required: ``asyncio.current_task``.

    ``await registry.remove()`` when the scope ends, or its session is kept for good.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, session_factory: Any, scopefunc: Callable[[], Any]) -> None:
        super().__init__(session_factory, scopefunc)

    async def remove(self) -> None:
        """Close the scope's session and forget it."""
        if self.registry.has():
            await self.registry().close()
        self.registry.clear()


for _name, _member in proxied(AsyncSession, surface(AsyncSession)).items():
    if not hasattr(async_scoped_session, _name):
        setattr(async_scoped_session, _name, _member)
