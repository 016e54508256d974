"""Connection pools. They are loaded with the first engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..deferred import lazy_names as _lazy_names
from .entry import ConnectionPoolEntry, ManagesConnection
from .events import PoolResetState
from .proxy import PoolProxiedConnection

if TYPE_CHECKING:
    from .base import Pool
    from .impl import (
        AssertionPool,
        AsyncAdaptedQueuePool,
        NullPool,
        QueuePool,
        SingletonThreadPool,
        StaticPool,
    )
    from .reset import reset_commit, reset_none, reset_rollback
else:
    __getattr__, __dir__ = _lazy_names(
        __name__,
        {
            "ormolu.pool.base": ("Pool",),
            "ormolu.pool.impl": (
                "AssertionPool",
                "AsyncAdaptedQueuePool",
                "NullPool",
                "QueuePool",
                "SingletonThreadPool",
                "StaticPool",
            ),
            "ormolu.pool.reset": ("reset_commit", "reset_none", "reset_rollback"),
        },
    )

__all__ = [
    "AssertionPool",
    "AsyncAdaptedQueuePool",
    "ConnectionPoolEntry",
    "ManagesConnection",
    "NullPool",
    "Pool",
    "PoolProxiedConnection",
    "PoolResetState",
    "QueuePool",
    "SingletonThreadPool",
    "StaticPool",
    "reset_commit",
    "reset_none",
    "reset_rollback",
]
