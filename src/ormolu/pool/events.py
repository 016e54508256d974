"""The events of pools.

Listeners join the dispatch of a pool class or of one pool (an engine's, when the target is an
engine). A pool that somebody listens to takes the way of ``plans.py`` for every checkout and
return; the quick way of ``take`` and ``give`` is for the others.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from ..event import Dispatch, Event, Handler

if TYPE_CHECKING:
    from .base import Pool

_RECORD_ARGS = ("dbapi_connection", "connection_record")


class PoolDispatch(Dispatch):
    """The handlers of a pool's events; ``active`` when there are any."""

    events = (
        Event("connect", _RECORD_ARGS),
        Event("first_connect", _RECORD_ARGS),
        Event("checkout", (*_RECORD_ARGS, "connection_proxy")),
        Event("checkin", _RECORD_ARGS),
        Event("reset", (*_RECORD_ARGS, "reset_state")),
        Event("invalidate", (*_RECORD_ARGS, "exception")),
        Event("soft_invalidate", (*_RECORD_ARGS, "exception")),
        Event("close", _RECORD_ARGS),
        Event("detach", _RECORD_ARGS),
        Event("close_detached", ("dbapi_connection",)),
    )
    close_detached: tuple[Handler, ...]
    connect: tuple[Handler, ...]
    detach: tuple[Handler, ...]
    first_connect: tuple[Handler, ...]
    checkout: tuple[Handler, ...]
    reset: tuple[Handler, ...]

    active = False

    def _refresh(self, name: str) -> None:
        super()._refresh(name)
        self.active = any(self.handlers(event.name) for event in self.events)
        for pool in list(_pools):
            pool.refresh_ready()


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


def follow(pool: Pool) -> None:
    """Keep a pool's quick ways open or shut as its listeners come and go."""
    _pools.add(pool)


class PoolResetState:
    """What a ``reset`` listener learns of why a connection is reset.

    ``transaction_was_reset``: it has been rolled back already. ``terminate_only``: it is not going
    back to the pool. ``asyncio_safe``: I/O is possible.
    """

    __slots__ = ("asyncio_safe", "terminate_only", "transaction_was_reset")

    def __init__(self, transaction_was_reset: bool, terminate_only: bool) -> None:
        self.transaction_was_reset = transaction_was_reset
        self.terminate_only = terminate_only
        self.asyncio_safe = True
