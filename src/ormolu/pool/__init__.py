"""Connection pools."""

from __future__ import annotations

from .base import Pool
from .entry import ConnectionPoolEntry, ManagesConnection
from .events import PoolResetState
from .impl import (
    AssertionPool,
    AsyncAdaptedQueuePool,
    NullPool,
    QueuePool,
    SingletonThreadPool,
    StaticPool,
)
from .proxy import PoolProxiedConnection
from .reset import reset_commit, reset_none, reset_rollback

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
