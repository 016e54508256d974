"""What rows come from: tables, joins, aliases, subqueries.

An alias or subquery is equal only to itself, so its key is an `Anon` (see `ormolu.sql.keys`), and
its columns' keys refer to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ..exc import ArgumentError
from . import coercion
from . import operators as ops
from .collections import ColumnCollection
from .columns import ColumnClause, proxy
from .elements import ColumnElement
from .joins import join_condition
from .node import CONST, FACT, NODE, Anon, AnonName, Kind, Node, next_token
from .selectables import Selectable

if TYPE_CHECKING:
    from typing import Self

    from .operators import Operator
    from .select import Select
    from .selectbase import SelectBase

_T = TypeVar("_T")


class FromClause(Selectable):
    """Base of whatever may stand in FROM."""

    __slots__ = ("_columns",)
    _fields: ClassVar[Mapping[str, Kind]] = {"_columns": FACT}

    name: str | None = None
    named_with_column: bool = False
    schema: str | None = None
    _columns: ColumnCollection[Any] | None
    _is_join: bool = False

    @property
    def columns(self) -> ColumnCollection[Any]:
        """The columns, by key: ``table.c.name``."""
        found = self._columns
        if found is None:
            found = self._columns = self._make_columns()
        return found

    @property
    def c(self) -> ColumnCollection[Any]:
        return self.columns

    @property
    def exported_columns(self) -> ColumnCollection[Any]:
        return self.columns

    def _make_columns(self) -> ColumnCollection[Any]:
        return ColumnCollection()

    @property
    def _all_from_columns(self) -> tuple[ColumnElement[Any], ...]:
        """What ``select(this)`` selects."""
        return tuple(self.columns)

    @property
    def _from_objects(self) -> tuple[FromClause, ...]:
        return (self,)

    @property
    def _hidden(self) -> tuple[FromClause, ...]:
        """The FROM elements that stand inside this one, and so not beside it."""
        return ()

    @property
    def primary_key(self) -> Iterable[Any]:
        """The columns that are a primary key."""
        return tuple(column for column in self.columns if column.primary_key)

    @property
    def foreign_keys(self) -> Iterable[Any]:
        """The foreign keys of the columns."""
        return {key for column in self.columns for key in column.foreign_keys}

    @property
    def description(self) -> str:
        """A name for messages."""
        return self.name or type(self).__name__

    @property
    def entity_namespace(self) -> Any:
        """Where `filter_by` finds names."""
        return self.columns

    def corresponding_column(
        self, column: ColumnElement[Any], require_embedded: bool = False
    ) -> Any:
        """The column of this element that is ``column`` or stands for it, or None."""
        return self.columns.corresponding_column(column, require_embedded)

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        """Whether this element is made from another."""
        return fromclause is self

    def with_cols(self, typed_columns_cls: Any) -> Self:
        """This element, whose columns a type checker takes to be those of a `TypedColumns`."""
        return self

    def select(self) -> Select[Any]:
        """A SELECT of all columns of this element."""
        return _SELECT[0](self)  # type: ignore[no-any-return]

    def join(
        self, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False
    ) -> Join:
        """``self JOIN right ON onclause``; without one, by the foreign keys between them."""
        return Join(self, right, onclause, isouter, full)

    def outerjoin(self, right: Any, onclause: Any = None, full: bool = False) -> Join:
        """``self LEFT OUTER JOIN right``."""
        return Join(self, right, onclause, True, full)

    def alias(self, name: str | None = None, flat: bool = False) -> Any:
        """``self AS name``; None makes an anonymous name."""
        return Alias(self, name)

    def lateral(self, name: str | None = None) -> Any:
        """``LATERAL self AS name``: it may refer to what stands before it in FROM."""
        return Lateral(self, name)

    def tablesample(self, sampling: Any, name: str | None = None, seed: Any = None) -> Any:
        """``self AS name TABLESAMPLE …``."""
        return _SAMPLE[0](self, sampling, name, seed)

    def table_valued(self) -> ColumnElement[Any]:
        """A row of this element as a value, for functions that take one: ``row_to_json(t)``.

        Raises `ArgumentError` for an element without a name.
        """
        if not self.named_with_column:
            raise ArgumentError(
                f"{self.description!r} has no name to stand for its row: write alias() first"
            )
        return _TABLE_VALUED[0](self)  # type: ignore[no-any-return]


# What a FROM element offers is made of FROM elements in its turn, and registers itself here.
_SELECT: list[Any] = []
"""`Select`."""
_SAMPLE: list[Any] = []
"""`TableSample`."""
_TABLE_VALUED: list[Any] = []
"""What makes the row of a FROM element a value."""


class TableClause(FromClause):
    """A table by name, with the columns one cares to mention; `schema.Table` is a subclass."""

    __slots__ = ("name", "schema")
    _fields: ClassVar[Mapping[str, Kind]] = {"name": FACT, "schema": FACT}
    __visit_name__ = "table"
    _identity = True

    named_with_column = True
    implicit_returning = False
    name: str
    schema: str | None

    def __init__(self, name: str, *columns: ColumnClause[Any], schema: str | None = None) -> None:
        self.name = name
        self.schema = schema
        self._columns = ColumnCollection()
        self._seal()
        for column in columns:
            self.append_column(column)

    def _seal(self) -> None:
        self._key = (TableClause, next_token())
        self._binds = ()
        self._anon = False

    def append_column(self, column: ColumnClause[Any]) -> None:
        """Add a column.

        Raises `ArgumentError` when it belongs to another table.
        """
        if column.table is not None and column.table is not self:
            raise ArgumentError(
                f"column object {column.key!r} already assigned to table "
                f"{column.table.description!r}"
            )
        column.table = self
        column._seal()
        self.columns._put(column, column.key)

    def insert_column(self, column: ColumnClause[Any], index: int) -> None:
        """Add a column before the one at ``index``.

        Raises `ArgumentError` when it belongs to another table.
        """
        self.append_column(column)
        self.columns._move(column, index)

    @property
    def fullname(self) -> str:
        """The name, with the schema's before it."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"

    @property
    def description(self) -> str:
        return self.name

    def insert(self) -> Any:
        """An INSERT into this table."""
        return _DML["insert"](self)

    def update(self) -> Any:
        """An UPDATE of this table."""
        return _DML["update"](self)

    def delete(self) -> Any:
        """A DELETE from this table."""
        return _DML["delete"](self)


_DML: dict[str, Any] = {}
"""`insert`, `update` and `delete`, which register themselves."""


class AliasedReturnsRows(FromClause):
    """Base of a FROM element that is another under a name: alias, subquery, CTE."""

    __slots__ = ("element", "name")
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE, "name": CONST}

    named_with_column = True
    element: Any
    name: str

    def __init__(self, element: Any, name: str | None = None) -> None:
        self.element = element
        if name is None:
            own = element.name if getattr(element, "named_with_column", False) else None
            name = AnonName("anon" if own is None else str.__str__(own))
        self.name = name
        self._columns = None
        self._seal()

    def _seal(self) -> None:
        super()._seal()
        name = self.name
        if type(name) is AnonName:
            head, *rest = self._key
            rest[rest.index(name)] = (AnonName, str.__str__(name))
            self._key = (head, *rest)
        self._key = Anon(self._key)
        self._anon = True

    def _make_columns(self) -> ColumnCollection[Any]:
        return ColumnCollection(
            (column.key, proxy(column, self, column.name, column.key))
            for column in self.element.columns
        )

    @property
    def original(self) -> Any:
        """What is aliased."""
        return self.element

    @property
    def description(self) -> str:
        return str.__str__(self.name)

    @property
    def implicit_returning(self) -> Any:
        """As of what is aliased."""
        return self.element.implicit_returning

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        return fromclause is self or self.element.is_derived_from(fromclause)


class Alias(AliasedReturnsRows):
    """``table AS name``."""

    __slots__ = ()
    __visit_name__ = "alias"


class Lateral(AliasedReturnsRows):
    """``LATERAL (select) AS name``."""

    __slots__ = ()
    __visit_name__ = "lateral"


class Join(FromClause):
    """``left JOIN right ON onclause``."""

    __slots__ = ("full", "isouter", "left", "onclause", "right")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "left": NODE,
        "right": NODE,
        "onclause": NODE,
        "isouter": CONST,
        "full": CONST,
    }
    __visit_name__ = "join"

    _is_join = True
    left: Any
    right: Any
    onclause: Any
    isouter: bool
    full: bool

    def __init__(
        self, left: Any, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False
    ) -> None:
        self.left = _core_from(left)
        self.right = _core_from(right)
        if isinstance(self.right, Join):
            self.right = FromGrouping(self.right)
        if onclause is None:
            onclause = join_condition(self.left, self.right)
        else:
            onclause = coercion.where(onclause).self_group(ops.comma_op)
        self.onclause = onclause
        self.isouter = isouter
        self.full = full
        self._columns = None
        self._seal()

    def _make_columns(self) -> ColumnCollection[Any]:
        both = [*self.left._all_from_columns, *self.right._all_from_columns]
        return ColumnCollection((_joined_key(column), column) for column in both)

    @property
    def _all_from_columns(self) -> tuple[ColumnElement[Any], ...]:
        return (*self.left._all_from_columns, *self.right._all_from_columns)

    @property
    def _hidden(self) -> tuple[FromClause, ...]:
        return (self.left, self.right, *self.left._hidden, *self.right._hidden)

    @property
    def _from_objects(self) -> tuple[FromClause, ...]:
        return (self,)

    @property
    def primary_key(self) -> Iterable[Any]:
        return tuple(column for column in self._all_from_columns if column.primary_key)

    @property
    def description(self) -> str:
        return f"Join object on {self.left.description} and {self.right.description}"

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        return (
            fromclause is self
            or self.left.is_derived_from(fromclause)
            or self.right.is_derived_from(fromclause)
        )

    def self_group(self, against: Operator | None = None) -> FromGrouping:
        return FromGrouping(self)


def _joined_key(column: Any) -> str:
    table = column.table
    return column.key if table is None or table.name is None else f"{table.name}_{column.key}"


def _core_from(given: Any) -> Any:
    found = coercion.from_(given)
    return found if isinstance(found, Node) else found.selectable


class FromGrouping(FromClause):
    """A join in parentheses."""

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE}
    __visit_name__ = "from_grouping"

    element: FromClause

    def __init__(self, element: FromClause) -> None:
        self.element = element
        self._columns = None
        self._seal()

    def _make_columns(self) -> ColumnCollection[Any]:
        return self.element.columns

    @property
    def _all_from_columns(self) -> tuple[ColumnElement[Any], ...]:
        return self.element._all_from_columns

    @property
    def _hidden(self) -> tuple[FromClause, ...]:
        return (self.element, *self.element._hidden)

    @property
    def _from_objects(self) -> tuple[FromClause, ...]:
        return self.element._from_objects

    @property
    def description(self) -> str:
        return self.element.description

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        return fromclause is self or self.element.is_derived_from(fromclause)


def table(name: str, *columns: ColumnClause[Any], schema: str | None = None) -> TableClause:
    """A table by name: ``table("users", column("id"), column("name"))``."""
    return TableClause(name, *columns, schema=schema)


def join(
    left: Any, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False
) -> Join:
    """``left JOIN right ON onclause``."""
    return Join(left, right, onclause, isouter, full)


def outerjoin(left: Any, right: Any, onclause: Any = None, full: bool = False) -> Join:
    """``left LEFT OUTER JOIN right ON onclause``."""
    return Join(left, right, onclause, True, full)


def alias(selectable: FromClause, name: str | None = None, flat: bool = False) -> Any:
    """``selectable AS name``."""
    return selectable.alias(name, flat)


def lateral(selectable: SelectBase, name: str | None = None) -> Lateral:
    """``LATERAL (selectable) AS name``."""
    return selectable.lateral(name)
