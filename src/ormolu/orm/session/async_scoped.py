"""`async_scoped_session`: an `AsyncSession` per task, or per scope of your choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .async_session import AsyncSession
from .scoped import ScopedBase, proxied, surface

if TYPE_CHECKING:
    # What a type checker knows of the members that are generated below.
    from .async_session import AsyncSession as Surface
else:
    Surface = object

_AS = TypeVar("_AS", bound=AsyncSession)


class async_scoped_session(ScopedBase[_AS], Surface):
    """An async session per value of ``scopefunc``, which is required: ``asyncio.current_task``.

    ``await registry.remove()`` when the scope ends, or its session is kept for good.
    """

    if TYPE_CHECKING:
        # A registry is no context manager: ``async with registry() as session:``.
        __aenter__: None  # type: ignore[assignment]
        __aexit__: None  # type: ignore[assignment]

    def __init__(self, session_factory: Callable[..., _AS], scopefunc: Callable[[], Any]) -> None:
        super().__init__(session_factory, scopefunc)

    async def remove(self) -> None:
        """Close the scope's session and forget it."""
        if self.registry.has():
            await self.registry().close()
        self.registry.clear()


for _name, _member in proxied(AsyncSession, surface(AsyncSession)).items():
    if not hasattr(async_scoped_session, _name):
        setattr(async_scoped_session, _name, _member)
