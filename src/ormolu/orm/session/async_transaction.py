"""`AsyncSessionTransaction`: the transaction of an `AsyncSession`, awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu import exc

from . import plans
from .session import SessionTransaction

if TYPE_CHECKING:
    from .async_session import AsyncSession


class AsyncSessionTransaction:
    """The transaction of an `AsyncSession`, or a savepoint; awaited, or used in ``async with``."""

    __slots__ = ("_nested", "_outer", "session", "sync_transaction")

    def __init__(self, session: AsyncSession, nested: bool = False) -> None:
        self.session = session
        self._nested = nested
        self._outer: Any = None
        self.sync_transaction: SessionTransaction | None = None

    @classmethod
    def of(
        cls, session: AsyncSession, level: SessionTransaction | None
    ) -> AsyncSessionTransaction | None:
        """The async face of a level that has begun, or None for none."""
        if level is None:
            return None
        found = cls(session, level.nested)
        found.sync_transaction = level
        return found

    @property
    def is_active(self) -> bool:
        """Whether it has begun and can still be used."""
        return self.sync_transaction is not None and self.sync_transaction.is_active

    async def start(self, is_ctxmanager: bool = False) -> AsyncSessionTransaction:
        """Begin."""
        session = self.session
        level: Any = await session._run(plans.begin_plan(session.sync_session, self._nested))
        self.sync_transaction = level
        return self

    def __await__(self) -> Any:
        return self.start().__await__()

    async def commit(self) -> None:
        """Flush and commit this level and those inside it."""
        await self.session._run(plans.commit_level_plan(self._begun()))

    async def rollback(self) -> None:
        """Roll back this level and those inside it."""
        await self.session._run(plans.rollback_level_plan(self._begun()))

    def _begun(self) -> SessionTransaction:
        level = self.sync_transaction
        if level is None:
            raise exc.InvalidRequestError(
                "This transaction has not begun: write `async with session.begin():` or "
                "`await session.begin()`"
            )
        if level.session is None:
            raise exc.ResourceClosedError("This transaction is closed")
        return level

    async def __aenter__(self) -> AsyncSessionTransaction:
        await self.start(True)
        session = self.session.sync_session
        level = self._begun()
        level.context, session._context = session._context, level
        return self

    async def __aexit__(self, type_: object, value: object, traceback: object) -> None:
        level = self.sync_transaction
        assert level is not None
        try:
            if level.session is not None:
                await self.session._run(plans.exit_level_plan(level, type_ is None))
        finally:
            self.session.sync_session._context, level.context = level.context, None
