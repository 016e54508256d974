"""Functions whose result is a table: ``json_each(x) AS t``, and values that are whole rows.

``function.table_valued("key", "value")`` is a FROM element with these columns;
``function.column_valued()`` is one whose name is its only column; ``table.table_valued()`` is a
table's row as an argument (``row_to_json(t)``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ..types import NULLTYPE
from .collections import ColumnCollection
from .columns import ColumnClause, NamedColumn, proxy
from .elements import BindParameter, ColumnElement, as_type
from .fromclause import _SELECT, _TABLE_VALUED, Alias, FromClause, Join
from .node import CONST, FACT, NODE, NODES, AnonName, Kind

if TYPE_CHECKING:
    from ..types import TypeEngine
    from .operators import Operator

_T = TypeVar("_T")


class TableValuedAlias(Alias):
    """``function(…) AS name``, with the columns that one says it has.

    ``joins_implicitly`` keeps the check for cartesian products from asking for a join condition.
    """

    __slots__ = (
        "_listed",
        "is_lateral",
        "joins_implicitly",
        "renders_columns",
        "renders_types",
        "with_ordinality",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_listed": NODES,
        "is_lateral": CONST,
        "joins_implicitly": FACT,
        "renders_columns": CONST,
        "renders_types": CONST,
        "with_ordinality": CONST,
    }
    __visit_name__ = "table_valued_alias"

    is_lateral: bool
    joins_implicitly: bool
    renders_columns: bool
    renders_types: bool
    with_ordinality: bool
    _listed: tuple[Any, ...]

    def __init__(
        self,
        element: Any,
        columns: tuple[Any, ...] = (),
        name: str | None = None,
        *,
        joins_implicitly: bool = False,
        with_ordinality: bool = False,
    ) -> None:
        self._listed = columns
        self.joins_implicitly = joins_implicitly
        self.with_ordinality = with_ordinality
        self.is_lateral = self.renders_columns = self.renders_types = False
        super().__init__(element, AnonName("anon") if name is None else name)

    def _make_columns(self) -> ColumnCollection[Any]:
        columns: ColumnCollection[Any] = ColumnCollection()
        for listed in self._listed:
            columns._add(listed._make_proxy(self), listed.key)
        if not self._listed:
            function = self.element
            name = AnonName(function._anon_base)
            columns._add(proxy(function, self, name), name)
        return columns

    @property
    def column(self) -> TableValuedColumn[Any]:
        """This whole element as a value: its name."""
        return TableValuedColumn(self, self.element.type)

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        return fromclause is self

    def _renamed(self, name: str | None, **changes: Any) -> TableValuedAlias:
        name = AnonName(str.__str__(self.name)) if name is None else name
        return self._copy(name=name, _columns=None, **changes)

    def alias(self, name: str | None = None, flat: bool = False) -> TableValuedAlias:
        """The same function under another name."""
        return self._renamed(name)

    def lateral(self, name: str | None = None) -> TableValuedAlias:
        """``LATERAL function(…) AS name``: its arguments may be columns of what stands before."""
        return self._renamed(name, is_lateral=True)

    def render_derived(self, name: str | None = None, with_types: bool = False) -> TableValuedAlias:
        """``function(…) AS name(column, …)``, the columns with their types if ``with_types``."""
        name = AnonName("anon") if name is None else name
        return self._renamed(name, is_lateral=False, renders_columns=True, renders_types=with_types)


class TableValuedColumn(NamedColumn[_T]):
    """A FROM element as a value: its name, which stands for a row or for its only column."""

    __slots__ = ("scalar_alias",)
    _fields: ClassVar[Mapping[str, Kind]] = {"scalar_alias": NODE}
    __visit_name__ = "table_valued_column"

    scalar_alias: Any

    def __init__(self, scalar_alias: Any, type_: TypeEngine[Any]) -> None:
        self.scalar_alias = scalar_alias
        self.type = type_
        self._seal()

    @property
    def name(self) -> str:  # type: ignore[override]
        found: str = self.scalar_alias.name
        return found

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.name

    @property
    def _anon_base(self) -> str:
        return str.__str__(self.name)

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return (self.scalar_alias,)

    def _bind_for(self, operator: Operator, value: Any, expanding: bool = False) -> Any:
        name = self.name
        return BindParameter(
            None if isinstance(name, AnonName) else name,
            value,
            unique=True,
            expanding=expanding,
            _compared_to=operator,
            _compared_to_type=self.type,
        )


class ScalarFunctionColumn(NamedColumn[_T]):
    """``(function(…)).name``: one member of a function's composite result."""

    __slots__ = ("fn", "name")
    _fields: ClassVar[Mapping[str, Kind]] = {"fn": NODE, "name": CONST}
    __visit_name__ = "scalar_function_column"

    fn: Any
    name: str

    def __init__(self, fn: Any, name: str, type_: Any = None) -> None:
        self.fn = fn
        self.name = name
        self.type = as_type(type_)
        self._seal()

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.name

    @property
    def _anon_base(self) -> str:
        return self.name


class FunctionFrom(FromClause):
    """A function in FROM without a name: ``SELECT x FROM function(…)``."""

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE}
    __visit_name__ = "function_from"

    element: Any

    def __init__(self, element: Any) -> None:
        self.element = element
        self._columns = None
        self._seal()

    def _make_columns(self) -> ColumnCollection[Any]:
        found: ColumnCollection[Any] = self.element.columns
        return found

    @property
    def description(self) -> str:
        found: str = self.element.name
        return found


class TableValued:
    """Mixin of functions: the ways of using their result as a table."""

    __slots__ = ()

    if TYPE_CHECKING:
        type: TypeEngine[Any]

        @property
        def _anon_base(self) -> str: ...

    def table_valued(self, *expr: Any, **kw: Any) -> TableValuedAlias:
        """This function in FROM, with columns: strings, or ``column("name", Type)``.

        Keywords: ``name``, of the alias; ``with_ordinality``, the name of a column that numbers
        the rows; ``joins_implicitly``, for the check for cartesian products.
        """
        name = kw.pop("name", None)
        ordinality = kw.pop("with_ordinality", None)
        joins = kw.pop("joins_implicitly", False)
        if kw:
            raise TypeError(f"table_valued() has no keyword {', '.join(sorted(kw))}")
        listed = (*expr, ordinality) if ordinality is not None else expr
        columns = tuple([ColumnClause(e) if isinstance(e, str) else e for e in listed])
        return TableValuedAlias(
            self, columns, name, joins_implicitly=joins, with_ordinality=ordinality is not None
        )

    def column_valued(
        self, name: str | None = None, joins_implicitly: bool = False
    ) -> TableValuedColumn[Any]:
        """This function in FROM, whose name is its only column: ``SELECT x FROM f() AS x``."""
        return self.alias(name, joins_implicitly).column

    def alias(self, name: str | None = None, joins_implicitly: bool = False) -> TableValuedAlias:
        """This function in FROM under a name; ``.column`` is the name as a value."""
        return TableValuedAlias(self, (), name, joins_implicitly=joins_implicitly)

    def scalar_table_valued(self, name: str, type_: Any = None) -> ScalarFunctionColumn[Any]:
        """``(function(…)).name``: a member of a composite result."""
        return ScalarFunctionColumn(self, name, type_)

    @property
    def columns(self) -> ColumnCollection[Any]:
        """The function itself, as the only column of what it gives."""
        element: Any = self
        return ColumnCollection([(AnonName(self._anon_base), element)])

    @property
    def c(self) -> ColumnCollection[Any]:
        return self.columns

    @property
    def exported_columns(self) -> ColumnCollection[Any]:
        """The same as `columns`."""
        return self.columns

    def select(self) -> Any:
        """``SELECT function(…)``."""
        return _SELECT[0](self)

    def lateral(self, name: str | None = None) -> TableValuedAlias:
        """``LATERAL f(…) AS name``: it may refer to what stands before it in FROM."""
        return self.alias().lateral(name)

    def tablesample(self, sampling: Any, name: str | None = None, seed: Any = None) -> Any:
        """``f(…) AS name TABLESAMPLE …``."""
        return self._as_from().tablesample(sampling, name, seed)

    def join(
        self, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False
    ) -> Join:
        """``f(…) JOIN right ON onclause``."""
        return self._as_from().join(right, onclause, isouter, full)

    def outerjoin(self, right: Any, onclause: Any = None, full: bool = False) -> Join:
        """``f(…) LEFT OUTER JOIN right ON onclause``."""
        return self._as_from().outerjoin(right, onclause, full)

    def corresponding_column(
        self, column: ColumnElement[Any], require_embedded: bool = False
    ) -> Any:
        """The column of this function's row that is ``column`` or stands for it, or None."""
        return self._as_from().corresponding_column(column, require_embedded)

    def _as_from(self) -> FunctionFrom:
        return FunctionFrom(self)


def _row_value(element: FromClause) -> ColumnElement[Any]:
    return TableValuedColumn(element, NULLTYPE)


_TABLE_VALUED.append(_row_value)
