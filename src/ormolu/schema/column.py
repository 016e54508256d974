"""`Column`: a column of a table, with all that DDL and the ORM need to know of it.

In expressions it is one thing, itself: its key is an int of its own. What it *is* (its default,
its constraints) therefore never enters a statement's key, and a column may go on being described
(by the declarative layer, by a foreign key that learns its type) after it was made.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ormolu.exc import ArgumentError
from ormolu.sql.clause import NO_ARG
from ormolu.sql.columns import ColumnClause
from ormolu.sql.node import FACT, Kind, next_token
from ormolu.sql.quoted_name import with_quotes
from ormolu.types import (
    INTEGERTYPE,
    NULLTYPE,
    Boolean,
    SchemaType,
    TypeDecorator,
    TypeEngine,
    to_instance,
)

from .constants import NULL_UNSPECIFIED, SchemaConst
from .defaults import (
    ColumnDefault,
    Computed,
    DefaultClause,
    FetchedValue,
    InsertSentinelDefault,
)
from .dialect_options import DialectKWArgs, DialectOptions
from .events import copy_propagated
from .item import SchemaItem, attach, next_creation_order
from .name_and_type import name_and_type
from .sequences import Identity, Sequence

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from .constraints import Constraint
    from .foreign_key import ForeignKey
    from .table import Table

    _T = TypeVar("_T", default=Any)
else:
    # The default is news to the type checker alone.
    _T = typing.TypeVar("_T")

AutoIncrement = bool | Literal["auto", "ignore_fk"]
_SLOTS = (
    "_creation_order",
    "_dispatch",
    "_info",
    "_insert_sentinel",
    "_nullable_given",
    "_omit_from_statements",
    "_type_constrained",
    "_waiting",
    "autoincrement",
    "comment",
    "computed",
    "constraints",
    "default",
    "dialect_options",
    "doc",
    "foreign_keys",
    "identity",
    "index",
    "nullable",
    "onupdate",
    "primary_key",
    "quote",
    "server_default",
    "server_onupdate",
    "sort_order",
    "system",
    "unique",
)


class Column(DialectKWArgs, SchemaItem, ColumnClause[_T]):
    """A column of a table: ``Column("name", String(50), nullable=False)``.

    Name and type may stand first, in this order; constraints, foreign keys, sequences and
    defaults follow. A column without a type takes the type of the column its foreign key names.

    :param default: made by Python when an INSERT doesn't give a value: a value, a function (which
        may take the execution context), a SQL expression. ``insert_default`` is the same.
    :param onupdate: the same for an UPDATE.
    :param server_default: ``DEFAULT`` in DDL: a string (a literal), ``text()``, an expression.
    :param nullable: by default true, false for a primary key.
    :param autoincrement: ``"auto"``: the integer primary key column of a table with only that one.
    :param key: the name in ``table.c``, when it differs from the database's.
    :param index: make an index of this column; ``unique`` a unique constraint; both, a unique
        index.
    :param system: a column that the database makes by itself and CREATE TABLE leaves out.
    """

    __slots__ = (*_SLOTS, "_compared")
    _fields: ClassVar[Mapping[str, Kind]] = dict.fromkeys(_SLOTS, FACT)
    __visit_name__ = "column"
    _identity = True

    name: str
    key: str
    type: TypeEngine[_T]
    table: Table
    nullable: bool
    primary_key: bool
    default: ColumnDefault | Sequence | None
    onupdate: ColumnDefault | Sequence | None
    server_default: FetchedValue | None
    server_onupdate: FetchedValue | None
    computed: Computed | None
    identity: Identity | None
    foreign_keys: set[ForeignKey]
    constraints: set[Constraint]
    autoincrement: AutoIncrement

    def __init__(
        self,
        __name_pos: Any = None,
        __type_pos: Any = None,
        /,
        *args: Any,
        name: str | None = None,
        type_: Any = None,
        autoincrement: AutoIncrement = "auto",
        default: Any = NO_ARG,
        insert_default: Any = NO_ARG,
        doc: str | None = None,
        key: str | None = None,
        index: bool | None = None,
        unique: bool | None = None,
        info: dict[Any, Any] | None = None,
        nullable: bool | Literal[SchemaConst.NULL_UNSPECIFIED] | None = None,
        onupdate: Any = None,
        primary_key: bool = False,
        server_default: Any = None,
        server_onupdate: FetchedValue | None = None,
        quote: bool | None = None,
        system: bool = False,
        comment: str | None = None,
        insert_sentinel: bool = False,
        sort_order: int = 0,
        _omit_from_statements: bool = False,
        **dialect_kwargs: Any,
    ) -> None:
        name, type_, items = name_and_type(name, type_, (__name_pos, __type_pos, *args))
        _refuse_misuse(name, quote, index, unique)
        self._start()
        self.name = with_quotes(name, quote)
        self.key = key if key is not None else name  # type: ignore[assignment]
        known: Any = NULLTYPE if type_ is None else to_instance(type_)
        self.type = known
        self._insert_sentinel = insert_sentinel
        self._omit_from_statements = _omit_from_statements
        self._info = info
        self.doc = doc
        self.comment = comment
        self.quote = quote
        self.system = system
        self.sort_order = sort_order
        self.index = index
        self.unique = unique
        self.primary_key = primary_key
        if nullable is NULL_UNSPECIFIED:
            nullable = None
        self._nullable_given = nullable is not None
        self.nullable = not primary_key if nullable is None else nullable
        self.autoincrement = autoincrement
        self.dialect_options = DialectOptions(type(self), dialect_kwargs)
        self._set_server_defaults(server_default, server_onupdate)
        if isinstance(self.type, SchemaType):
            self._attach_type(self.type)
        attach(self, items)
        self._set_defaults(_one_default(default, insert_default), onupdate)

    def _attach_type(self, type_: Any) -> None:
        for handler in type_.dispatch.before_parent_attach:
            handler(type_, self)
        for handler in type_.dispatch.after_parent_attach:
            handler(type_, self)

    def _set_defaults(self, default: Any, onupdate: Any) -> None:
        if default is not NO_ARG and default is not None:
            _generator(default, False)._attach_to(self)
        if onupdate is not None:
            _generator(onupdate, True)._attach_to(self)

    def _set_server_defaults(self, server_default: Any, server_onupdate: Any) -> None:
        if server_default is not None:
            if isinstance(server_default, FetchedValue):
                server_default = server_default._as_for_update(False)
            else:
                server_default = DefaultClause(server_default)
            server_default._attach_to(self)
        if server_onupdate is not None:
            if not isinstance(server_onupdate, FetchedValue):
                server_onupdate = DefaultClause(server_onupdate)
            server_onupdate._as_for_update(True)._attach_to(self)

    def _start(self) -> None:
        """Give it what every new column begins with: an identity, no table, nothing attached."""
        self._seal()
        self._creation_order = next_creation_order()
        self._dispatch = None
        self._waiting: list[Callable[[Column[Any], Table], None]] = []
        self._type_constrained = False
        self._proxies = ()
        self.table = None  # type: ignore[assignment]
        self.is_literal = False
        self.foreign_keys = set()
        self.constraints = set()
        self.computed = self.identity = None
        self.default = self.onupdate = self.server_default = self.server_onupdate = None

    def _seal(self) -> None:
        self._key = next_token()
        self._compared = {}
        self._binds = ()
        self._anon = False

    # -- the table

    def _set_name(self, name: str) -> None:
        """Give a name to a column that was declared without one; a key that it has stays."""
        self.name = name
        if self.key is None:
            self.key = name
            self._compared = {}

    def _set_parent(self, parent: Table, **options: Any) -> None:
        if not self.name:
            raise ArgumentError(
                "Column must be constructed with a non-blank name or assign a non-blank .name "
                "before adding to a Table."
            )
        if self.table is not None and self.table is not parent:
            raise ArgumentError(
                f"Column object {self.key!r} already assigned to Table {self.table.description!r}"
            )
        if self._insert_sentinel:
            _check_only_sentinel(self, parent)
        if self.key is None:
            self.key = self.name
            self._compared = {}
        parent._put_column(self, replace=options.get("replace", True))
        self._set_type_constraint()
        waiting, self._waiting = self._waiting, []
        for function in waiting:
            function(self, parent)

    def _when_in_table(self, function: Callable[[Column[Any], Table], None]) -> None:
        """Call ``function(column, table)`` now if the column is in a table, else when it is."""
        if self.table is None:
            self._waiting.append(function)
        else:
            function(self, self.table)

    def _set_type_constraint(self) -> None:
        named = getattr(self.type, "item_type", self.type)
        if isinstance(named, SchemaType) and not isinstance(named, Boolean):
            named._inherit_schema(self.table)
        if isinstance(self.type, (SchemaType, TypeDecorator)) or self.type._variants:
            self.table._constrain_type(self)

    # -- copies

    def _copy(self, **changes: Any) -> Column[_T]:
        """A column like this one that is in no table; constraints and defaults are copied."""
        items: list[Any] = [c._copy() for c in self.constraints if not c._type_bound]
        items += [key._copy() for key in self.foreign_keys if key._is_own]
        if self.computed is not None or self.identity is not None:
            items.append((self.computed or self.identity)._copy())  # type: ignore[union-attr]
            server_default = server_onupdate = None
        else:
            server_default, server_onupdate = self.server_default, self.server_onupdate
        options: dict[str, Any] = {
            "name": self.name,
            "type_": self.type,
            "key": self.key if self.key != self.name else None,
            "primary_key": self.primary_key,
            "unique": self.unique,
            "index": self.index,
            "system": self.system,
            "autoincrement": self.autoincrement,
            "server_default": server_default and server_default._copy(),
            "server_onupdate": server_onupdate and server_onupdate._copy(),
            "doc": self.doc,
            "comment": self.comment,
            "quote": self.quote,
            "sort_order": self.sort_order,
            "nullable": self.nullable if self._nullable_given else None,
            "info": dict(self._info) if self._info else None,
            "insert_sentinel": self._insert_sentinel,
            "_omit_from_statements": self._omit_from_statements,
            **changes,
        }
        new: Column[_T] = type(self)(*items, **options)
        for generator in (self.default, self.onupdate):
            if generator is not None:
                generator._copy()._attach_to(new)
        new.nullable = changes.get("nullable", self.nullable)
        new.dialect_options = self.dialect_options.copy()
        copy_propagated(self, new)
        return new

    def copy(self, **changes: Any) -> Column[_T]:
        """As ``_copy``, the name the declarative layer uses."""
        return self._copy(**changes)

    def append_foreign_key(self, fk: ForeignKey) -> None:
        """Add a foreign key."""
        fk._attach_to(self)

    def references(self, column: Column[Any]) -> bool:
        """Whether a foreign key of this column refers to ``column``."""
        return any(key.column is column for key in self.foreign_keys)

    @property
    def base_columns(self) -> frozenset[Any]:
        """This column alone."""
        return frozenset((self,))

    # -- texts

    def __str__(self) -> str:
        if self.name is None:
            return "(no name)"
        return self.name if self.table is None else f"{self.table.name}.{self.name}"

    def __repr__(self) -> str:
        parts = [repr(self.name), repr(self.type)]
        if self.key != self.name:
            parts_key = [f"key={self.key!r}"]
        else:
            parts_key = []
        parts += [repr(key) for key in self.foreign_keys]
        parts += [repr(constraint) for constraint in self.constraints]
        table = "None" if self.table is None else f"<{self.table.name}>"
        parts += [f"table={table}", *parts_key]
        if self.primary_key:
            parts.append("primary_key=True")
        if not self.nullable:
            parts.append("nullable=False")
        for name in ("onupdate", "default", "server_default", "comment"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"{name}={value!r}")
        return f"Column({', '.join(parts)})"


def _one_default(default: Any, insert_default: Any) -> Any:
    """Return the default that was given by one of the two parameters.

    :raises ArgumentError: when both were.
    """
    if insert_default is NO_ARG:
        return default
    if default is not NO_ARG:
        raise ArgumentError(
            "The 'default' and 'insert_default' parameters of Column are mutually exclusive"
        )
    return insert_default


def _refuse_misuse(name: str | None, quote: bool | None, index: Any, unique: Any) -> None:
    """Refuse ``quote`` of no name, and a name where a boolean is meant.

    :raises ArgumentError: saying what to write, and how an index or constraint is named.
    """
    if quote is not None and name is None:
        raise ArgumentError(
            f"Explicit 'name' is required when sending 'quote' argument: write "
            f"Column('name', quote={quote})"
        )
    if isinstance(index, str):
        raise ArgumentError(
            "The 'index' keyword argument on Column is boolean only. To create an index with a "
            f"specific name, write Index({index!r}, ...) among the Table's arguments."
        )
    if isinstance(unique, str):
        raise ArgumentError(
            "The 'unique' keyword argument on Column is boolean only. To create a constraint or "
            f"index with a specific name, write UniqueConstraint(..., name={unique!r}) among the "
            "Table's arguments."
        )


def insert_sentinel(
    name: str | None = None,
    type_: Any = None,
    *,
    default: Any = None,
    omit_from_statements: bool = True,
) -> Column[Any]:
    """A column by which the rows of an INSERT of many rows are told apart when it returns them.

    Without a default it holds the row's number in the statement.

    :param omit_from_statements: SELECT and INSERT leave the column out unless it is named.
    """
    return Column(
        name,
        INTEGERTYPE if type_ is None else type_,
        default=InsertSentinelDefault() if default is None else default,
        _omit_from_statements=omit_from_statements,
        insert_sentinel=True,
    )


def _check_only_sentinel(column: Column[Any], table: Table) -> None:
    for other in table.columns:
        if other._insert_sentinel and other.name != column.name:
            raise ArgumentError(
                f"Table {table.name!r} may have only one explicit sentinel column: it has "
                f"{other.name!r} and {column.name!r}"
            )


def _generator(given: Any, for_update: bool) -> ColumnDefault | Sequence:
    if isinstance(given, (ColumnDefault, Sequence)):
        return given
    return ColumnDefault(given, for_update=for_update)
