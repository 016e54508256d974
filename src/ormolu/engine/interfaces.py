"""The contracts around engines, by the names that programs import them under.

What a dialect, a driver, an execution and an error's context offer; the classes themselves live
where they are used.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Protocol

from ..compiler.compiled import Compiled as Compiled
from ..compiler.types import TypeCompiler as TypeCompiler
from ..dialects.base import Dialect as Dialect
from ..dialects.reflected import ReflectedCheckConstraint as ReflectedCheckConstraint
from ..dialects.reflected import ReflectedColumn as ReflectedColumn
from ..dialects.reflected import ReflectedComputed as ReflectedComputed
from ..dialects.reflected import ReflectedConstraint as ReflectedConstraint
from ..dialects.reflected import ReflectedForeignKeyConstraint as ReflectedForeignKeyConstraint
from ..dialects.reflected import ReflectedIdentity as ReflectedIdentity
from ..dialects.reflected import ReflectedIndex as ReflectedIndex
from ..dialects.reflected import ReflectedPrimaryKeyConstraint as ReflectedPrimaryKeyConstraint
from ..dialects.reflected import ReflectedTableComment as ReflectedTableComment
from ..dialects.reflected import ReflectedUniqueConstraint as ReflectedUniqueConstraint
from ..pool.base import Pool as Pool
from ..pool.proxy import PoolProxiedConnection as PoolProxiedConnection
from .context import ExecutionContext as ExecutionContext
from .events import ExceptionContext as ExceptionContext
from .plugins import CreateEnginePlugin as CreateEnginePlugin


class BindTyping(Enum):
    """How the types of binds reach the driver."""

    NONE = 1
    SETINPUTSIZES = 2
    RENDER_CASTS = 3


class CacheStats(Enum):
    """What became of the search for a statement's compiled form."""

    CACHE_HIT = 0
    CACHE_MISS = 1
    CACHING_DISABLED = 2
    NO_CACHE_KEY = 3
    NO_DIALECT_SUPPORT = 4


class ExecuteStyle(Enum):
    """How a statement is sent: once, by ``executemany``, or with many rows in its VALUES."""

    EXECUTE = 0
    EXECUTEMANY = 1
    INSERTMANYVALUES = 2


class DBAPIType(Protocol):
    """A type object of a driver (PEP 249)."""


class DBAPICursor(Protocol):
    """A cursor of a driver (PEP 249)."""

    @property
    def description(self) -> Any: ...

    @property
    def rowcount(self) -> int: ...

    def close(self) -> None: ...

    def execute(self, operation: Any, parameters: Any = ...) -> Any: ...

    def executemany(self, operation: Any, parameters: Any) -> Any: ...

    def fetchone(self) -> Any: ...

    def fetchmany(self, size: int = ...) -> Any: ...

    def fetchall(self) -> Any: ...


class DBAPIConnection(Protocol):
    """A connection of a driver (PEP 249)."""

    def close(self) -> None: ...

    def commit(self) -> None: ...

    def cursor(self, *args: Any, **kwargs: Any) -> Any: ...

    def rollback(self) -> None: ...


class DBAPIModule(Protocol):
    """The module of a driver (PEP 249)."""

    Error: type[Exception]
    OperationalError: type[Exception]
    InterfaceError: type[Exception]
    IntegrityError: type[Exception]

    def connect(self, *args: Any, **kwargs: Any) -> Any: ...


class AdaptedConnection(Protocol):
    """A connection of an asynchronous driver as blocking code holds it."""

    @property
    def driver_connection(self) -> Any: ...

    def run_async(self, fn: Any) -> Any:
        """Run ``fn(driver_connection)``, which is awaited, from blocking code."""
        ...


class ConnectionEventsTarget(Protocol):
    """What listeners of connection events are set on: an engine or a connection."""

    @property
    def dispatch(self) -> Any: ...


#: The old name of what engines and connections have in common.
Connectable = ConnectionEventsTarget
