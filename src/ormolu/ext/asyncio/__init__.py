"""Engines and sessions whose I/O is awaited."""

from __future__ import annotations

from ormolu.engine.async_engine import (
    AsyncConnection,
    AsyncEngine,
    AsyncTransaction,
    async_engine_from_config,
    create_async_engine,
    create_async_pool_from_url,
)
from ormolu.engine.async_result import (
    AsyncMappingResult,
    AsyncResult,
    AsyncScalarResult,
)
from ormolu.orm.session.async_attrs import AsyncAttrs
from ormolu.orm.session.async_factory import async_sessionmaker
from ormolu.orm.session.async_helpers import (
    async_object_session,
    async_session,
    close_all_sessions,
)
from ormolu.orm.session.async_scoped import async_scoped_session
from ormolu.orm.session.async_session import AsyncSession
from ormolu.orm.session.async_transaction import AsyncSessionTransaction

__all__ = [
    "AsyncAttrs",
    "AsyncConnection",
    "AsyncEngine",
    "AsyncMappingResult",
    "AsyncResult",
    "AsyncScalarResult",
    "AsyncSession",
    "AsyncSessionTransaction",
    "AsyncTransaction",
    "async_engine_from_config",
    "async_object_session",
    "async_scoped_session",
    "async_session",
    "async_sessionmaker",
    "close_all_sessions",
    "create_async_engine",
    "create_async_pool_from_url",
]
