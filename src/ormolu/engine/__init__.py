"""Engines, connections, transactions, rows and results.

The asynchronous ones are in ``engine.async_engine`` and ``engine.async_result``: ``asyncio`` is
imported by those who use it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .connection import Connection as Connection
from .connection import NestedTransaction as NestedTransaction
from .connection import RootTransaction as RootTransaction
from .connection import Transaction as Transaction
from .connection import TwoPhaseTransaction as TwoPhaseTransaction
from .core import ConnectionCore as ConnectionCore
from .core import EngineCore as EngineCore
from .create import create_engine as create_engine
from .create import create_pool_from_url as create_pool_from_url
from .create import engine_from_config as engine_from_config
from .cursor import CursorResult as CursorResult
from .cursor import ExecutionContext as ExecutionContext
from .cursor import ResultProxy as ResultProxy
from .engine import Engine as Engine
from .events import ExceptionContext as ExceptionContext
from .inspector import Inspector as Inspector
from .mock import create_mock_engine as create_mock_engine
from .plugins import CreateEnginePlugin as CreateEnginePlugin
from .prepared import compiled_for as compiled_for
from .result import ChunkedIteratorResult as ChunkedIteratorResult
from .result import FrozenResult as FrozenResult
from .result import IteratorResult as IteratorResult
from .result import MappingResult as MappingResult
from .result import MergedResult as MergedResult
from .result import Result as Result
from .result import ScalarResult as ScalarResult
from .result import TupleResult as TupleResult
from .result import result_tuple as result_tuple
from .row import BaseRow as BaseRow
from .row import Row as Row
from .row import RowMapping as RowMapping
from .url import URL as URL
from .url import make_url as make_url
from .view import FilterResult as FilterResult

if TYPE_CHECKING:
    from ..dialects.reflected import ObjectKind as ObjectKind
    from ..dialects.reflected import ObjectScope as ObjectScope
    from .interfaces import AdaptedConnection as AdaptedConnection
    from .interfaces import BindTyping as BindTyping
    from .interfaces import Compiled as Compiled
    from .interfaces import Connectable as Connectable
    from .interfaces import ConnectionEventsTarget as ConnectionEventsTarget
    from .interfaces import Dialect as Dialect
    from .interfaces import TypeCompiler as TypeCompiler

# What needs the dialects is loaded when it is asked for.
_LAZY = {
    "AdaptedConnection": "ormolu.engine.interfaces",
    "BindTyping": "ormolu.engine.interfaces",
    "Compiled": "ormolu.engine.interfaces",
    "Connectable": "ormolu.engine.interfaces",
    "ConnectionEventsTarget": "ormolu.engine.interfaces",
    "Dialect": "ormolu.engine.interfaces",
    "ObjectKind": "ormolu.dialects.reflected",
    "ObjectScope": "ormolu.dialects.reflected",
    "TypeCompiler": "ormolu.engine.interfaces",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
