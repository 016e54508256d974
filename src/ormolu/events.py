"""The classes that declare events, by the names of their documentation.

Each has the events of its kind as attributes. Listeners are set with ``ormolu.event.listen``.
"""

from __future__ import annotations

from .engine.events import EngineDispatch as ConnectionEvents
from .engine.events import EngineDispatch as DialectEvents
from .pool.events import PoolDispatch as PoolEvents
from .pool.events import PoolResetState as PoolResetState
from .schema.events import DDLDispatch as DDLEvents
from .schema.events import SchemaEventTarget as SchemaEventTarget

__all__ = [
    "ConnectionEvents",
    "DDLEvents",
    "DialectEvents",
    "PoolEvents",
    "PoolResetState",
    "SchemaEventTarget",
]
