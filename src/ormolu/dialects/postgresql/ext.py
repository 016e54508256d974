"""PostgreSQL's own expressions: aggregates, DISTINCT ON, and the functions of text search.

https://www.postgresql.org/docs/current/functions-textsearch.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.array import ARRAY
from ormolu.dialects.postgresql.exclude import ExcludeConstraint
from ormolu.dialects.postgresql.types import REGCONFIG, TSQUERY, TSVECTOR
from ormolu.exc import ArgumentError
from ormolu.sql.clause import ClauseElement
from ormolu.sql.coercion import expression, order_by
from ormolu.sql.elements import BindParameter, ClauseList, ColumnElement
from ormolu.sql.extension import SyntaxExtension
from ormolu.sql.functions import GenericFunction, func
from ormolu.sql.node import NODE, NODES, Kind
from ormolu.sql.operators import Operator

if TYPE_CHECKING:
    from ormolu.sql.select import Select

__all__ = [
    "DistinctOnClause",
    "ExcludeConstraint",
    "aggregate_order_by",
    "array_agg",
    "distinct_on",
    "phraseto_tsquery",
    "plainto_tsquery",
    "to_tsquery",
    "to_tsvector",
    "ts_headline",
    "websearch_to_tsquery",
]


class aggregate_order_by(ColumnElement[Any]):
    """``target ORDER BY …``, the last argument of an aggregate: ``array_agg(a ORDER BY b DESC)``.

    :raises ArgumentError: without an ordering.
    """

    __slots__ = ("order_by", "target")
    _fields: ClassVar[Mapping[str, Kind]] = {"target": NODE, "order_by": NODE}
    __visit_name__ = "postgresql_aggregate_order_by"
    stringify_dialect = "postgresql"

    target: ColumnElement[Any]
    order_by: ClauseList

    def __init__(self, target: Any, *order_by_: Any) -> None:
        if not order_by_:
            raise ArgumentError("at least one ORDER BY element is required")
        self.target = expression(target)
        self.type = self.target.type
        self.order_by = ClauseList(*[order_by(each) for each in order_by_], group=False)
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self


def array_agg(*arg: Any, **kw: Any) -> Any:
    """``array_agg(…)``, of the type of PostgreSQL's `ARRAY`."""
    made = func.array_agg(*arg, **kw)
    if kw.get("type_") is not None or isinstance(made.type, ARRAY):
        return made
    item = made.type.item_type if isinstance(made.type, sqltypes.ARRAY) else made.clauses[0].type
    return func.array_agg(*arg, **{**kw, "type_": ARRAY(item, dimensions=1)})


# -- DISTINCT ON


class DistinctOnClause(SyntaxExtension, ClauseElement):
    """``DISTINCT ON (…)``; see `distinct_on`."""

    __slots__ = ("clauses",)
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES}
    __visit_name__ = "postgresql_distinct_on"
    stringify_dialect = "postgresql"

    clauses: tuple[Any, ...]

    def __init__(self, clauses: Sequence[Any]) -> None:
        self.clauses = tuple([order_by(clause) for clause in clauses])
        self._seal()

    def apply_to_select(self, select_stmt: Select[Any]) -> None:
        """Make the SELECT a DISTINCT ON, in addition to what it is distinct on already."""
        rare = select_stmt._rare
        select_stmt._rare = rare._copy(distinct=True, distinct_on=(*rare.distinct_on, self))


def distinct_on(*expr: Any) -> DistinctOnClause:
    """``DISTINCT ON (…)``: ``select(t).ext(distinct_on(t.c.a))``."""
    return DistinctOnClause(expr)


# -- text search


class _TextSearch(GenericFunction[Any]):
    """A function whose first argument may name a text search configuration: it is sent as such."""

    __slots__ = ()
    __abstract__ = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and isinstance(args[0], str) and self._is_configured(args):
            configuration: BindParameter[str] = BindParameter(
                self._function_name, args[0], REGCONFIG(), unique=True
            )
            args = (configuration, *args[1:])
        super().__init__(*args, **kwargs)

    @staticmethod
    def _is_configured(args: tuple[Any, ...]) -> bool:
        return len(args) > 1


class to_tsvector(_TextSearch):
    """``to_tsvector([configuration,] document)``."""

    __slots__ = ()
    _result = TSVECTOR


class to_tsquery(_TextSearch):
    """``to_tsquery([configuration,] query)``: words with ``&``, ``|``, ``!`` and ``<->``."""

    __slots__ = ()
    _result = TSQUERY


class plainto_tsquery(_TextSearch):
    """``plainto_tsquery([configuration,] query)``: words that all must occur."""

    __slots__ = ()
    _result = TSQUERY


class phraseto_tsquery(_TextSearch):
    """``phraseto_tsquery([configuration,] query)``: words that must follow each other."""

    __slots__ = ()
    _result = TSQUERY


class websearch_to_tsquery(_TextSearch):
    """``websearch_to_tsquery([configuration,] query)``: as one writes to a search engine."""

    __slots__ = ()
    _result = TSQUERY


class ts_headline(_TextSearch):
    """``ts_headline([configuration,] document, query [, options])``."""

    __slots__ = ()
    _result = sqltypes.TEXT

    @staticmethod
    def _is_configured(args: tuple[Any, ...]) -> bool:
        return len(args) > 1 and not isinstance(getattr(args[1], "type", None), TSQUERY)
