"""Functions that stand beside `AsyncSession`, and the way from an inner session to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ormolu.engine.async_result import AsyncResult, Stream, async_result
from ormolu.engine.streaming import Streamed
from ormolu.io.plan import Plan
from ormolu.orm.loading.streaming import StreamedObjects

from . import helpers
from .contention import AsyncOwner
from .core import all_sessions

if TYPE_CHECKING:
    from .async_session import AsyncSession
    from .session import Session


def async_session(session: Session) -> AsyncSession | None:
    """The `AsyncSession` around an inner session, or None."""
    owner = session._owner
    ref = owner.async_session if isinstance(owner, AsyncOwner) else None
    return None if ref is None else ref()


def async_object_session(instance: object) -> AsyncSession | None:
    """The `AsyncSession` that holds the object, or None."""
    session = helpers.object_session(instance)
    return None if session is None else async_session(session)


async def close_all_sessions() -> None:
    """Close every `AsyncSession` of this process."""
    for session in all_sessions():
        owner = async_session(session)
        if owner is not None:
            await owner.close()


def streamed(found: Any, run: Callable[[Plan[Any]], Awaitable[Any]]) -> AsyncResult[Any]:
    """The result of what a stream found: objects that are loaded by and by, or rows that are there.

    :param run: the session's loop.
    """
    if isinstance(found, Streamed):
        return async_result(found, run)
    if not isinstance(found, StreamedObjects):
        return async_result(found)
    stream = Stream(
        lambda size: run(found.fetch_plan(size)), lambda: run(found.close_plan()), found.chunk
    )
    return AsyncResult(found.fed(), stream)
