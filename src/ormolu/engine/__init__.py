"""Engines, connections, transactions, rows and results.

The asynchronous ones are in ``engine.async_engine`` and ``engine.async_result``: ``asyncio`` is
imported by those who use it. What makes an engine, and what needs the dialects, is loaded when it
is asked for.
"""

from typing import TYPE_CHECKING

from ..deferred import lazy_names
from .connection import Connection as Connection
from .connection import NestedTransaction as NestedTransaction
from .connection import RootTransaction as RootTransaction
from .connection import Transaction as Transaction
from .connection import TwoPhaseTransaction as TwoPhaseTransaction
from .core import ConnectionCore as ConnectionCore
from .core import EngineCore as EngineCore
from .cursor import CursorResult as CursorResult
from .cursor import ExecutionContext as ExecutionContext
from .cursor import ResultProxy as ResultProxy
from .events import ExceptionContext as ExceptionContext
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
from .view import FilterResult as FilterResult

if TYPE_CHECKING:
    from ..dialects.inspector import Inspector as Inspector
    from ..dialects.reflected import ObjectKind as ObjectKind
    from ..dialects.reflected import ObjectScope as ObjectScope
    from .create import create_engine as create_engine
    from .create import create_pool_from_url as create_pool_from_url
    from .create import engine_from_config as engine_from_config
    from .engine import Engine as Engine
    from .interfaces import AdaptedConnection as AdaptedConnection
    from .interfaces import BindTyping as BindTyping
    from .interfaces import Compiled as Compiled
    from .interfaces import Connectable as Connectable
    from .interfaces import ConnectionEventsTarget as ConnectionEventsTarget
    from .interfaces import Dialect as Dialect
    from .interfaces import TypeCompiler as TypeCompiler
    from .mock import create_mock_engine as create_mock_engine
    from .plugins import CreateEnginePlugin as CreateEnginePlugin
    from .url import URL as URL
    from .url import make_url as make_url
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "ormolu.dialects.reflected": (
                "ObjectKind",
                "ObjectScope",
            ),
            "ormolu.engine.create": (
                "create_engine",
                "create_pool_from_url",
                "engine_from_config",
            ),
            "ormolu.engine.engine": ("Engine",),
            "ormolu.dialects.inspector": ("Inspector",),
            "ormolu.engine.interfaces": (
                "AdaptedConnection",
                "BindTyping",
                "Compiled",
                "Connectable",
                "ConnectionEventsTarget",
                "Dialect",
                "TypeCompiler",
            ),
            "ormolu.engine.mock": ("create_mock_engine",),
            "ormolu.engine.plugins": ("CreateEnginePlugin",),
            "ormolu.engine.url": (
                "URL",
                "make_url",
            ),
        },
    )
