"""The default dialect and execution context, by the names that programs import them under."""

from __future__ import annotations

from ..dialects.base import Dialect as Dialect
from ..dialects.default import DefaultDialect as DefaultDialect
from .context import ExecutionContext as ExecutionContext
from .interfaces import CacheStats as CacheStats
from .interfaces import ExecuteStyle as ExecuteStyle

#: The execution context of all dialects.
DefaultExecutionContext = ExecutionContext

#: The dialect that compiles for a reader: what ``str(statement)`` uses.
StrCompileDialect = DefaultDialect

CACHE_HIT = CacheStats.CACHE_HIT
CACHE_MISS = CacheStats.CACHE_MISS
CACHING_DISABLED = CacheStats.CACHING_DISABLED
NO_CACHE_KEY = CacheStats.NO_CACHE_KEY
NO_DIALECT_SUPPORT = CacheStats.NO_DIALECT_SUPPORT
