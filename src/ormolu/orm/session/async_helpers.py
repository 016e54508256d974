"""Functions that stand beside `AsyncSession`, and the way from an inner session to it."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from ormolu.engine.async_result import Stream

from . import binds, helpers

if TYPE_CHECKING:
    from .async_session import AsyncSession
    from .session import Session

_async_sessions: weakref.WeakKeyDictionary[Session, weakref.ref[AsyncSession]] = (
    weakref.WeakKeyDictionary()
)


def remember(session: Session, owner: AsyncSession) -> None:
    """Note which `AsyncSession` an inner session belongs to."""
    _async_sessions[session] = weakref.ref(owner)


def async_session(session: Session) -> AsyncSession | None:
    """The `AsyncSession` around an inner session, or None."""
    ref = _async_sessions.get(session)
    return None if ref is None else ref()


def async_object_session(instance: object) -> AsyncSession | None:
    """The `AsyncSession` that holds the object, or None."""
    session = helpers.object_session(instance)
    return None if session is None else async_session(session)


async def close_all_sessions() -> None:
    """Close every `AsyncSession` that has begun a transaction."""
    for session in binds.open_sessions():
        owner = async_session(session)
        if owner is not None:
            await owner.close()


def loaded_stream() -> Stream:
    """The stream of a result whose rows are loaded already: objects are made in one go."""
    return Stream(_no_more, _nothing)


async def _no_more(size: int | None) -> list[Any]:
    """There is nothing left to fetch."""
    return []


async def _nothing() -> None:
    """There is no cursor to close."""
