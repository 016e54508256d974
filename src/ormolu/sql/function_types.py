"""The functions whose result type is known: ``count``, ``max``, ``now``, ``percentile_cont`` …"""

from __future__ import annotations

from typing import Any, TypeVar

from ..types import ARRAY, Date, DateTime, Integer, Numeric, String, Time, TypeEngine
from .coercion import operand
from .columns import literal_column
from .elements import BindParameter
from .expressions import Cast, Extract
from .function_element import GenericFunction as GenericFunction
from .function_element import ReturnTypeFromArgs as ReturnTypeFromArgs
from .function_element import ReturnTypeFromOptionalArgs as ReturnTypeFromOptionalArgs
from .function_element import register_function as register_function
from .function_element import registered as registered
from .function_element import registry as registry
from .node import Node
from .window import WithinGroup

_T = TypeVar("_T")


class coalesce(ReturnTypeFromOptionalArgs[_T]):
    __slots__ = ()


class max(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class min(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class sum(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class pow(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class count(GenericFunction[int]):
    """``count(expression)``; without one, ``count(*)``."""

    __slots__ = ()
    _result = Integer

    def __init__(self, expression: Any = None, /, **kwargs: Any) -> None:
        argument = literal_column("*") if expression is None else expression
        super().__init__(argument, **kwargs)


class now(GenericFunction[Any]):
    __slots__ = ()
    _result = DateTime


class concat(GenericFunction[str]):
    __slots__ = ()
    _result = String


class char_length(GenericFunction[int]):
    __slots__ = ()
    _result = Integer

    def __init__(self, arg: Any, **kwargs: Any) -> None:
        super().__init__(arg, **kwargs)


class random(GenericFunction[float]):
    __slots__ = ()


class AnsiFunction(GenericFunction[_T]):
    """A function that is written without parentheses when it has no arguments."""

    __slots__ = ()
    __abstract__ = True
    __visit_name__ = "ansi_function"


class current_date(AnsiFunction[Any]):
    __slots__ = ()
    _result = Date


class current_time(AnsiFunction[Any]):
    __slots__ = ()
    _result = Time


class current_timestamp(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class localtime(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class localtimestamp(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class current_user(AnsiFunction[str]):
    __slots__ = ()
    _result = String


class session_user(AnsiFunction[str]):
    __slots__ = ()
    _result = String


class user(AnsiFunction[str]):
    __slots__ = ()
    _result = String


class sysdate(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class rank(GenericFunction[int]):
    __slots__ = ()
    _result = Integer


class dense_rank(GenericFunction[int]):
    __slots__ = ()
    _result = Integer


class percent_rank(GenericFunction[Any]):
    __slots__ = ()
    _result = Numeric


class cume_dist(GenericFunction[Any]):
    __slots__ = ()
    _result = Numeric


class OrderedSetAgg(GenericFunction[_T]):
    """An aggregate of sorted values: its result has the type of what ``within_group()`` orders by.

    ``array_for_multi_clause`` says that several arguments give an array of results.
    """

    __slots__ = ()
    __abstract__ = True
    array_for_multi_clause = False

    def within_group_type(self, within_group: WithinGroup[Any]) -> TypeEngine[Any]:
        order = within_group.order_by
        if order is None:
            return self.type
        ordered = order.clauses[0]
        # The order's own type: what DESC is applied to.
        type_: TypeEngine[Any] = getattr(ordered, "element", ordered).type
        if self.array_for_multi_clause and len(self.clauses) > 1:
            return ARRAY(type_)
        return type_


class mode(OrderedSetAgg[_T]):
    __slots__ = ()


class percentile_cont(OrderedSetAgg[_T]):
    __slots__ = ()
    array_for_multi_clause = True


class percentile_disc(OrderedSetAgg[_T]):
    __slots__ = ()
    array_for_multi_clause = True


class cube(GenericFunction[Any]):
    """``CUBE(…)``, in GROUP BY."""

    __slots__ = ()


class rollup(GenericFunction[Any]):
    """``ROLLUP(…)``, in GROUP BY."""

    __slots__ = ()


class grouping_sets(GenericFunction[Any]):
    """``GROUPING SETS(…)``, in GROUP BY; a set of several columns is a `tuple_`."""

    __slots__ = ()


class array_agg(ReturnTypeFromArgs[Any]):
    """``array_agg(x)``: an array of values of the argument's type."""

    __slots__ = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("type_") is None and args:
            item = operand(args[0], name="array_agg")
            args = (item, *args[1:])
            is_array = isinstance(item.type, ARRAY)
            kwargs["type_"] = item.type if is_array else ARRAY(item.type, dimensions=1)
        super().__init__(*args, **kwargs)


class aggregate_strings(GenericFunction[str]):
    """Strings joined to one: ``string_agg`` or ``group_concat``.

    Parameters: ``clause``, the strings; ``separator``, what stands between them.
    """

    __slots__ = ()
    _result = String

    def __init__(self, clause: Any, separator: Any) -> None:
        if not isinstance(separator, Node):
            separator = BindParameter(
                self._function_name, separator, unique=True, literal_execute=True
            )
        elif isinstance(separator, BindParameter):
            separator = separator.render_literal_execute()
        super().__init__(clause, separator)


class CollectionAggregateFunction(GenericFunction[bool]):
    """``any(x)``, ``all(x)`` and ``some(x)`` beside a comparison."""

    __slots__ = ()
    __abstract__ = True


class any_(CollectionAggregateFunction):
    __slots__ = ()
    name = identifier = "any"


class all_(CollectionAggregateFunction):
    __slots__ = ()
    name = identifier = "all"


class some(CollectionAggregateFunction):
    __slots__ = ()


def _cast(expression: Any, type_: Any) -> Cast[Any]:
    return Cast(expression, type_)


def _extract(field: str, expr: Any) -> Extract:
    return Extract(field, expr)


register_function("cast", _cast)
register_function("extract", _extract)
