"""`Table`: a table of the database, its columns, constraints and indexes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import exc
from ormolu.deprecation import warn_deprecated
from ormolu.event import listen
from ormolu.sql.collections import ColumnCollection
from ormolu.sql.elements import ColumnElement
from ormolu.sql.fromclause import TableClause
from ormolu.sql.node import FACT, Kind
from ormolu.sql.quoted_name import with_quotes
from ormolu.sql.traversal import iterate

from . import reflection
from .column import Column
from .constants import BLANK_SCHEMA, RETAIN_SCHEMA
from .constraints import (
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .copying import copy_table
from .create import CheckFirst, create_one_plan, drop_one_plan
from .dialect_options import DialectKWArgs, DialectOptions
from .foreign_key import ForeignKey
from .index import Index
from .item import SchemaItem, attach
from .type_constraints import type_constraints
from .typed_columns import declared_columns

if TYPE_CHECKING:
    from .metadata import MetaData

_SLOTS = (
    "_creation_order",
    "_creator_ddl",
    "_dispatch",
    "_dropper_ddl",
    "_extra_dependencies",
    "_info",
    "_prefixes",
    "comment",
    "constraints",
    "dialect_options",
    "foreign_key_constraints",
    "implicit_returning",
    "indexes",
    "key",
    "metadata",
    "primary_key",
    "quote",
    "quote_schema",
)


class Table(DialectKWArgs, SchemaItem, TableClause):
    """A table: ``Table("user", metadata, Column("id", Integer, primary_key=True), …)``.

    A name is one table in a ``MetaData``: without columns, an existing one comes back. The columns
    may also be a class: see `TypedColumns`.

    :param schema: the schema; by default the ``MetaData``'s.
    :param extend_existing: apply the arguments to a table that exists already.
    :param keep_existing: ignore them if it does.
    :param must_exist: the table must exist already.
    :param autoload_with: an engine, connection or inspector from which to reflect it.
    :param prefixes: words between CREATE and TABLE.
    :raises InvalidRequestError: the table exists and neither of the two is given.
    """

    __slots__ = _SLOTS
    _fields: ClassVar[Mapping[str, Kind]] = dict.fromkeys(_SLOTS, FACT)
    __visit_name__ = "table"

    key: str
    metadata: MetaData
    primary_key: PrimaryKeyConstraint
    constraints: set[Constraint]
    indexes: set[Index]
    foreign_key_constraints: set[ForeignKeyConstraint]
    _columns: ColumnCollection[Column[Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) < 2:
            raise TypeError(
                "Table() takes at least two positional-only arguments 'name', and 'metadata'"
            )
        name, metadata, *items = args
        if not hasattr(metadata, "tables"):
            raise exc.ArgumentError(
                f"The second argument of Table() is a MetaData, not {metadata!r}"
            )
        return _find_or_make(cls, name, metadata, items, kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Everything was done in __new__, which may give a table that exists.
        pass

    def _begin(self, name: str, metadata: MetaData, schema: str | None) -> None:
        self.name = name
        self.schema = schema
        self.metadata = metadata
        self.key = table_key(name, schema)
        self._columns = ColumnCollection()
        self._info: dict[Any, Any] | None = None
        self._dispatch = None
        self._creator_ddl: Any = None
        self._dropper_ddl: Any = None
        self._extra_dependencies: set[Table] = set()
        self._prefixes: list[str] = []
        self.constraints = set()
        self.indexes = set()
        self.foreign_key_constraints = set()
        self.comment: str | None = None
        self.quote: bool | None = None
        self.quote_schema: bool | None = None
        self.implicit_returning = True
        self.dialect_options = DialectOptions(type(self))
        self._seal()
        self.primary_key = None  # type: ignore[assignment]
        PrimaryKeyConstraint(_implicit_generated=True)._set_parent(self)

    def _apply(
        self,
        items: Iterable[Any],
        *,
        autoload_with: Any = None,
        autoload_replace: bool = True,
        include_columns: Collection[str] | None = None,
        resolve_fks: bool = True,
        implicit_returning: bool = True,
        quote: bool | None = None,
        quote_schema: bool | None = None,
        comment: str | None = None,
        info: dict[Any, Any] | None = None,
        prefixes: Sequence[str] | None = None,
        listeners: Sequence[tuple[str, Any]] | None = None,
        _creator_ddl: Any = None,
        _dropper_ddl: Any = None,
        **dialect_kw: Any,
    ) -> None:
        for event_name, function in listeners or ():
            listen(self, event_name, function)
        if _creator_ddl is not None:
            self._creator_ddl, self._dropper_ddl = _creator_ddl, _dropper_ddl
            self._extra_dependencies |= _tables_in(_creator_ddl.selectable)
        self.quote = self.quote if quote is None else quote
        self.quote_schema = self.quote_schema if quote_schema is None else quote_schema
        self.implicit_returning = implicit_returning
        self.comment = self.comment if comment is None else comment
        self._info = self._info if info is None else info
        self._prefixes += prefixes or []
        self.dialect_options.take(dialect_kw)
        items = list(items)
        if items and isinstance(items[0], type):
            items[:1] = declared_columns(items[0])
        fresh = len(self._columns) == 0
        if autoload_with is not None:
            inspector = reflection.inspector_of(autoload_with)
            own, left = reflection.split_columns(self, inspector, items, resolve_fks)
            attach(self, own, replace=True)
            names = {column.name for column in (own if autoload_replace else self._columns)}
            inspector.reflect_table(self, include_columns, names, resolve_fks)
            reflection.require_key(self, inspector, own, include_columns)
            items = list(left)
        attach(self, items, replace=bool(len(self._columns)) or autoload_with is not None)
        if autoload_with is not None and fresh:
            reflection.order_columns(self, inspector)
        self.metadata._settle_types()

    # -- columns

    def _put_column(self, column: Column[Any], replace: bool) -> None:
        existing = self._columns.get(column.key)
        if existing is None:
            existing = next((c for c in self._columns if c.name == column.name), None)
        if existing is column:
            return
        if existing is not None:
            if not replace:
                raise exc.DuplicateColumnError(
                    f"A column with name '{column.name}' is already present in table "
                    f"'{self.name}'; append_column(..., replace_existing=True) replaces it."
                )
            self._drop_column(existing)
        column.table = self
        if existing is not None and existing.key == column.key:
            self._columns._put(column, column.key)
        elif existing is None:
            self._columns._add(column, column.key)
        else:
            place = list(self._columns).index(existing)
            self._columns._remove(existing)
            self._columns._add(column, column.key)
            self._columns._move(column, place)
        if column.primary_key:
            self.primary_key._replace(column)
        self._index_column(column)

    def _drop_column(self, column: Column[Any]) -> None:
        """Forget what the table has because of a column that is being replaced."""
        for key in column.foreign_keys:
            if key.constraint is not None:
                self.constraints.discard(key.constraint)
                self.foreign_key_constraints.discard(key.constraint)
        for index in list(self.indexes):
            if index._column_flag and index.columns.contains_column(column):
                self.indexes.discard(index)
        for constraint in list(self.constraints):
            flagged = isinstance(constraint, UniqueConstraint) and constraint._column_flag
            if flagged and constraint.columns.contains_column(column):  # type: ignore[attr-defined]
                self.constraints.discard(constraint)
        if self.primary_key.columns.contains_column(column):
            self.primary_key.columns._remove(column)

    def _index_column(self, column: Column[Any]) -> None:
        """Make the index or the unique constraint that a column's own flags ask for."""
        if column.index:
            Index(None, column, unique=bool(column.unique), _table=self, _column_flag=True)
        elif column.unique:
            UniqueConstraint(column, _autoattach=False, _column_flag=True)._attach_to(self)

    def _constrain_column(self, key: ForeignKey) -> None:
        """Make the constraint of a column's own foreign key."""
        if key.constraint is not None:
            return
        constraint = ForeignKeyConstraint(
            [key.parent],
            [key._colspec],
            name=key.name,
            onupdate=key.onupdate,
            ondelete=key.ondelete,
            deferrable=key.deferrable,
            initially=key.initially,
            use_alter=key.use_alter,
            link_to_name=key.link_to_name,
            match=key.match,
            comment=key.comment,
            _elements=[key],
            **key._dialect_kw,
        )
        key.constraint = constraint
        constraint._attach_to(self)

    def _constrain_type(self, column: Column[Any]) -> None:
        for constraint in type_constraints(column):
            constraint._attach_to(self)

    def append_column(self, column: Any, *, replace_existing: bool = False) -> None:
        """Add a column.

        :raises DuplicateColumnError: the table has one of its name, and not ``replace_existing``.
        """
        column._attach_to(self, replace=replace_existing)
        self.metadata._settle_types()

    def insert_column(self, column: Any, index: int, *, replace_existing: bool = False) -> None:
        """Add a column before the one at ``index``.

        :raises DuplicateColumnError: the table has one of its name, and not ``replace_existing``.
        """
        self.append_column(column, replace_existing=replace_existing)
        self._columns._move(column, index)

    def set_creator_ddl(self, ddl: Any) -> None:
        """Have ``create`` and ``create_all`` execute this statement instead of CREATE TABLE."""
        self._creator_ddl = ddl

    def set_dropper_ddl(self, ddl: Any) -> None:
        """Have ``drop`` and ``drop_all`` execute this statement instead of DROP TABLE."""
        self._dropper_ddl = lambda table: ddl

    def append_constraint(self, constraint: Index | Constraint) -> None:
        """Add a constraint or an index."""
        constraint._attach_to(self)

    def add_is_dependent_on(self, table: Table) -> None:
        """Have this table created after another, though no foreign key says so."""
        self._extra_dependencies.add(table)

    # -- what it has

    @property
    def columns(self) -> ColumnCollection[Column[Any]]:
        """The columns, by key: ``table.c.name``."""
        return self._columns

    if TYPE_CHECKING:

        @property
        def c(self) -> ColumnCollection[Column[Any]]:
            """The columns, by key: ``table.c.name``."""
    else:
        c = TableClause._columns  # the slot itself: reading ``table.c`` is then no call

    @property
    def foreign_keys(self) -> set[ForeignKey]:
        """The foreign keys of all columns."""
        return {key for column in self._columns for key in column.foreign_keys}

    @property
    def _all_from_columns(self) -> tuple[Any, ...]:
        return tuple([c for c in self._columns if not c._omit_from_statements])

    @property
    def autoincrement_column(self) -> Column[Any] | None:
        """The primary key column whose values the database counts, or None."""
        return self.primary_key._autoincrement_column

    @property
    def _autoincrement_column(self) -> Column[Any] | None:
        return self.primary_key._autoincrement_column

    @property
    def is_view(self) -> bool:
        """Whether CREATE VIEW makes it."""
        return self._creator_ddl is not None and bool(self._creator_ddl.creates_view)

    @property
    def _sorted_constraints(self) -> list[Constraint]:
        return sorted(self.constraints, key=lambda constraint: constraint._creation_order)

    @property
    def description(self) -> str:
        """The name, with the schema's before it."""
        return self.fullname

    def corresponding_column(
        self, column: ColumnElement[Any], require_embedded: bool = False
    ) -> Any:
        """This table's column that is ``column`` or stands for it, or None."""
        return self._columns.corresponding_column(column, require_embedded)

    # -- copies and DDL

    def to_metadata(
        self,
        metadata: MetaData,
        schema: Any = RETAIN_SCHEMA,
        referred_schema_fn: Any = None,
        name: str | None = None,
    ) -> Table:
        """A copy of this table in another ``MetaData``; the one that is there, if there is one."""
        copy: Table = copy_table(self, Table, metadata, schema, referred_schema_fn, name)
        return copy

    def tometadata(
        self,
        metadata: MetaData,
        schema: Any = RETAIN_SCHEMA,
        referred_schema_fn: Any = None,
        name: str | None = None,
    ) -> Table:
        """The same as `to_metadata` (deprecated)."""
        warn_deprecated("Table.tometadata()", "write to_metadata()", "1.4")
        return self.to_metadata(metadata, schema, referred_schema_fn, name)

    def create(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.TYPES) -> None:
        """Create the table and its indexes.

        :param bind: an engine or a connection.
        :param checkfirst: what to look for in the database first; True for everything.
        """
        bind._run_ddl(lambda core: create_one_plan(core, self, checkfirst))

    def drop(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.NONE) -> None:
        """Drop the table.

        :param bind: an engine or a connection.
        :param checkfirst: what to look for in the database first; True for everything.
        """
        bind._run_ddl(lambda core: drop_one_plan(core, self, checkfirst))

    def __str__(self) -> str:
        return self.fullname

    def __repr__(self) -> str:
        parts = [repr(self.name), repr(self.metadata), *map(repr, self._columns)]
        return f"Table({', '.join(parts)}, schema={self.schema!r})"


def _tables_in(selectable: Any) -> set[Table]:
    """The tables that a SELECT reads."""
    return {node for node in iterate(selectable) if isinstance(node, Table)}


def table_key(name: str, schema: str | None) -> str:
    """The key of a table in ``MetaData.tables``."""
    return name if schema is None else f"{schema}.{name}"


def _find_or_make(
    cls: type[Any], name: str, metadata: MetaData, items: list[Any], options: dict[str, Any]
) -> Any:
    schema, quote_schema = options.pop("schema", None), options.get("quote_schema")
    if schema is BLANK_SCHEMA:
        schema = None
    elif schema is None:
        schema = metadata.schema
        quote_schema = metadata.quote_schema if quote_schema is None else quote_schema
    schema = with_quotes(schema, quote_schema)
    name = with_quotes(name, options.get("quote"))
    keep = options.pop("keep_existing", False)
    extend = options.pop("extend_existing", False)
    must_exist = options.pop("must_exist", False)
    if keep and extend:
        raise exc.ArgumentError("keep_existing and extend_existing are mutually exclusive.")
    existing = metadata.tables.get(table_key(name, schema))
    if existing is not None:
        if not keep and not extend and items:
            raise exc.InvalidRequestError(
                f"Table '{existing.key}' is already defined for this MetaData instance.  Specify "
                "'extend_existing=True' to redefine options and columns on an existing Table "
                "object."
            )
        if extend:
            existing._apply(items, **options)
        return existing
    if must_exist:
        raise exc.InvalidRequestError(f"Table '{table_key(name, schema)}' not defined")
    table = object.__new__(cls)
    table._begin(name, metadata, schema)
    for handler in table.dispatch.before_parent_attach:
        handler(table, metadata)
    metadata._add_table(table)
    try:
        table._apply(items, **options)
    except BaseException:
        # A half-made table must not stay behind under its name.
        metadata._remove_table(table)
        raise
    for handler in table.dispatch.after_parent_attach:
        handler(table, metadata)
    return table
