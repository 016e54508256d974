"""``AsyncTransaction``: what ``begin()`` and its like of an ``AsyncConnection`` return."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Self

from ..io.async_loop import run_async
from ..io.plan import Plan
from .async_errors import AsyncContextNotStarted
from .transaction import TransactionCore

if TYPE_CHECKING:
    from .async_connection import AsyncConnection


class AsyncTransaction:
    """A transaction or savepoint; ``await`` it to begin, or ``async with`` it."""

    __slots__ = ("__weakref__", "_begin", "_core", "connection")

    def __init__(
        self,
        connection: AsyncConnection,
        begin: Callable[[], Plan[TransactionCore]] | None,
        core: TransactionCore | None = None,
    ) -> None:
        self.connection = connection
        self._begin = begin
        self._core = core

    async def start(self) -> Self:
        """Begin."""
        if self._core is None and self._begin is not None:
            await self.connection.start()
            self._core = await run_async(self._begin())
            self._core.show(self)
        return self

    def _started(self) -> TransactionCore:
        if self._core is None:
            raise AsyncContextNotStarted(
                "This transaction has not begun: write 'await connection.begin()' or "
                "'async with connection.begin():'"
            )
        return self._core

    def __await__(self) -> Generator[Any, Any, Self]:
        return self.start().__await__()

    @property
    def is_active(self) -> bool:
        """Whether it can be committed."""
        return self._core is not None and self._core.is_active

    @property
    def is_valid(self) -> bool:
        """Whether it has not been ended, and its connection was not lost."""
        return self.is_active and not self.connection.invalidated

    async def commit(self) -> None:
        """Commit."""
        await run_async(self.connection._state.commit_plan(self._started()))

    async def rollback(self) -> None:
        """Roll back; a transaction that was ended already is left alone."""
        await run_async(self.connection._state.rollback_plan(self._started()))

    async def close(self) -> None:
        """Roll back unless it was ended already."""
        await self.rollback()

    @property
    def xid(self) -> Any:
        """The identifier of a two-phase transaction, None of another one."""
        return self._started().xid

    async def prepare(self) -> None:
        """Prepare a two-phase transaction."""
        await run_async(self.connection._state.prepare_plan(self._started()))

    async def __aenter__(self) -> Self:
        await self.start()
        self.connection._state.enter(self._started())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        state = self.connection._state
        await run_async(state.leave_plan(self._started(), kind is not None))


def shown(connection: AsyncConnection, core: TransactionCore) -> AsyncTransaction:
    """Return the object that shows a begun transaction to its user, the same one each time."""
    found: AsyncTransaction | None = core.shown()
    if found is None:
        found = AsyncTransaction(connection, None, core)
        core.show(found)
    return found
