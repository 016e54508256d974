"""SQL functions: ``func.anything(...)``, and the classes of those whose result type is known.

``func.name`` gives an object that makes a function of that name when called; further attributes
are package names (``func.stats.percentile(...)``). A name that a `GenericFunction` subclass has
registered makes that class, so that ``func.count()`` is an integer and ``func.max(x)`` is of
``x``'s type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from ..deferred import deferred, lazy_names
from ..exc import ArgumentError
from . import operators as ops
from .function_element import Function as Function
from .function_element import FunctionAsBinary as FunctionAsBinary
from .function_element import FunctionElement as FunctionElement
from .table_valued import ScalarFunctionColumn as ScalarFunctionColumn

if TYPE_CHECKING:
    import datetime

    from . import function_types as function_types
    from .column_operators import SQLCoreOperations
    from .function_element import GenericFunction as GenericFunction
    from .function_element import ReturnTypeFromArgs as ReturnTypeFromArgs
    from .function_element import ReturnTypeFromOptionalArgs as ReturnTypeFromOptionalArgs
    from .function_element import register_function as register_function
    from .function_element import registered as registered
    from .function_element import registry as registry
    from .function_types import AnsiFunction as AnsiFunction
    from .function_types import CollectionAggregateFunction as CollectionAggregateFunction
    from .function_types import OrderedSetAgg as OrderedSetAgg
    from .function_types import aggregate_strings as aggregate_strings
    from .function_types import all_ as all_
    from .function_types import any_ as any_
    from .function_types import array_agg as array_agg
    from .function_types import char_length as char_length
    from .function_types import coalesce as coalesce
    from .function_types import concat as concat
    from .function_types import count as count
    from .function_types import cube as cube
    from .function_types import cume_dist as cume_dist
    from .function_types import current_date as current_date
    from .function_types import current_time as current_time
    from .function_types import current_timestamp as current_timestamp
    from .function_types import current_user as current_user
    from .function_types import dense_rank as dense_rank
    from .function_types import grouping_sets as grouping_sets
    from .function_types import localtime as localtime
    from .function_types import localtimestamp as localtimestamp
    from .function_types import max as max
    from .function_types import min as min
    from .function_types import mode as mode
    from .function_types import now as now
    from .function_types import percent_rank as percent_rank
    from .function_types import percentile_cont as percentile_cont
    from .function_types import percentile_disc as percentile_disc
    from .function_types import pow as pow
    from .function_types import random as random
    from .function_types import rank as rank
    from .function_types import rollup as rollup
    from .function_types import session_user as session_user
    from .function_types import some as some
    from .function_types import sum as sum
    from .function_types import sysdate as sysdate
    from .function_types import user as user
    from .operators import Operator
else:
    function_types = deferred("ormolu.sql.function_types")
    # Whoever registers a function is told if there was one of that name: ours are there first.
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "ormolu.schema.sequences": ("next_value",),  # of a sequence, a floor further down
            "ormolu.sql.function_types": (
                "AnsiFunction",
                "CollectionAggregateFunction",
                "GenericFunction",
                "OrderedSetAgg",
                "ReturnTypeFromArgs",
                "ReturnTypeFromOptionalArgs",
                "aggregate_strings",
                "all_",
                "any_",
                "array_agg",
                "char_length",
                "coalesce",
                "concat",
                "count",
                "cube",
                "cume_dist",
                "current_date",
                "current_time",
                "current_timestamp",
                "current_user",
                "dense_rank",
                "grouping_sets",
                "localtime",
                "localtimestamp",
                "max",
                "min",
                "mode",
                "now",
                "percent_rank",
                "percentile_cont",
                "percentile_disc",
                "pow",
                "random",
                "rank",
                "register_function",
                "registered",
                "registry",
                "rollup",
                "session_user",
                "some",
                "sum",
                "sysdate",
                "user",
            ),
        },
    )

_T = TypeVar("_T")


class _FunctionGenerator:
    """What ``func`` is, and what each attribute of it is until it is called."""

    __slots__ = ("_names", "_options")

    if TYPE_CHECKING:
        # The functions whose result type is known, for inference; they are made by `__call__`.
        def count(self, expression: Any = None, /, **kwargs: Any) -> FunctionElement[int]: ...
        @overload
        def max(self, of: SQLCoreOperations[_T], /, *more: Any) -> FunctionElement[_T]: ...
        @overload
        def max(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def max(self, of: Any, /, *more: Any) -> Any: ...
        @overload
        def min(self, of: SQLCoreOperations[_T], /, *more: Any) -> FunctionElement[_T]: ...
        @overload
        def min(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def min(self, of: Any, /, *more: Any) -> Any: ...
        @overload
        def sum(self, of: SQLCoreOperations[_T], /, *more: Any) -> FunctionElement[_T]: ...
        @overload
        def sum(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def sum(self, of: Any, /, *more: Any) -> Any: ...
        @overload
        def pow(self, base: SQLCoreOperations[_T], exponent: Any, /) -> FunctionElement[_T]: ...
        @overload
        def pow(self, base: Any, exponent: Any, /) -> FunctionElement[Any]: ...
        def pow(self, base: Any, exponent: Any, /) -> Any: ...
        @overload
        def coalesce(
            self, of: SQLCoreOperations[_T | None], /, *more: Any
        ) -> FunctionElement[_T]: ...
        @overload
        def coalesce(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def coalesce(self, of: Any, /, *more: Any) -> Any: ...
        def concat(self, *clauses: Any) -> FunctionElement[str]: ...
        def char_length(self, expression: Any, /) -> FunctionElement[int]: ...
        def random(self) -> FunctionElement[float]: ...
        def rank(self) -> FunctionElement[int]: ...
        def dense_rank(self) -> FunctionElement[int]: ...
        def now(self) -> FunctionElement[datetime.datetime]: ...
        def current_timestamp(self) -> FunctionElement[datetime.datetime]: ...
        def current_date(self) -> FunctionElement[datetime.date]: ...
        def current_time(self) -> FunctionElement[datetime.time]: ...
        def localtime(self) -> FunctionElement[datetime.datetime]: ...
        def localtimestamp(self) -> FunctionElement[datetime.datetime]: ...
        def sysdate(self) -> FunctionElement[datetime.datetime]: ...
        def current_user(self) -> FunctionElement[str]: ...
        def session_user(self) -> FunctionElement[str]: ...
        def user(self) -> FunctionElement[str]: ...
        def aggregate_strings(self, clause: Any, separator: Any) -> FunctionElement[str]: ...

    def __init__(self, names: tuple[str, ...] = (), **options: Any) -> None:
        self._names = names
        self._options = options

    def __getattr__(self, name: str) -> _FunctionGenerator:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith("_"):
            name = name[:-1]
        return _FunctionGenerator((*self._names, name), **self._options)

    def __call__(self, *clauses: Any, **kwargs: Any) -> FunctionElement[Any]:
        if not self._names:
            raise ArgumentError("func itself can't be called; write func.name(...)")
        *packages, name = self._names
        known = function_types.registered(tuple(packages), name)
        if known is not None:
            return known(*clauses, **kwargs)  # type: ignore[no-any-return]
        return Function(name, *clauses, packagenames=tuple(packages), **kwargs)


func: Final = _FunctionGenerator()
"""Makes functions: ``func.count()``, ``func.lower(users.c.name)``."""

modifier: Final = func
"""Another name of `func`, for words that look like functions and modify what is in them."""


def _power(left: Any, operator: Operator, other: Any, reverse: bool = False) -> pow[Any]:
    power = function_types.pow
    return power(other, left) if reverse else power(left, other)


ops.pow.build = _power
