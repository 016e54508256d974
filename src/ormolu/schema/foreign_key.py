"""`ForeignKey`: one column's reference to another, found when it is first needed.

The target may be a string (``"user.id"``), because its table may not be there yet. It is looked
up in the ``MetaData`` on first use; until then, and when it is missing, the key is only a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ormolu.exc import (
    ArgumentError,
    InvalidRequestError,
    NoReferencedColumnError,
    NoReferencedTableError,
)

from .constants import BLANK_SCHEMA
from .dialect_options import DialectKWArgs, DialectOptions
from .item import SchemaItem, copied_info

if TYPE_CHECKING:
    from .column import Column
    from .constraints import ForeignKeyConstraint
    from .table import Table


class ForeignKeyTarget(NamedTuple):
    """Where a foreign key refers to, by name; the schema is None where none was written."""

    schema: str | None
    table_name: str
    column_name: str | None


class ForeignKey(DialectKWArgs, SchemaItem):
    """A column's foreign key: ``Column("user_id", ForeignKey("user.id"))``.

    :param column: ``"table.column"``, ``"schema.table.column"``, or a column.
    :param ondelete: ``"CASCADE"``, ``"SET NULL"``, …; ``onupdate`` likewise.
    :param use_alter: add the constraint after the tables (tables that refer to each other).
    :param link_to_name: the string names the column by name, not by key.
    """

    __visit_name__ = "foreign_key"

    parent: Column[Any] | None = None
    constraint: ForeignKeyConstraint | None = None

    def __init__(
        self,
        column: Any,
        _constraint: ForeignKeyConstraint | None = None,
        use_alter: bool = False,
        name: str | None = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        link_to_name: bool = False,
        match: str | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        _unresolvable: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self._colspec = _target(column)
        self._column: Column[Any] | None = None
        self._is_own = _constraint is None
        self._info = info
        self.constraint = _constraint
        self.use_alter = use_alter
        self.name = name
        self.onupdate = onupdate
        self.ondelete = ondelete
        self.deferrable = deferrable
        self.initially = initially
        self.link_to_name = link_to_name
        self.match = match
        self.comment = comment
        # The constraint that is made of this key checks them.
        self._dialect_kw = dialect_kw
        self.dialect_options = DialectOptions(type(self))

    def copy(self, *, schema: str | None = None, **kw: Any) -> ForeignKey:
        """A foreign key like this one that is in no table."""
        return self._copy(schema=schema)

    def _copy(self, *, schema: str | None = None) -> ForeignKey:
        return ForeignKey(
            self._get_colspec(schema=schema),
            use_alter=self.use_alter,
            name=self.name,
            onupdate=self.onupdate,
            ondelete=self.ondelete,
            deferrable=self.deferrable,
            initially=self.initially,
            link_to_name=self.link_to_name,
            match=self.match,
            comment=self.comment,
            info=copied_info(self),
            **self._dialect_kw,
        )

    # -- the target

    def _get_colspec(self, schema: Any = None, table_name: str | None = None) -> Any:
        """The target as text, in another schema or of another name when these are given."""
        if isinstance(self._colspec, (str, tuple)):
            own_schema, table, column = self._parts()
        elif self._colspec.table is None:
            return self._colspec
        else:
            target = self._colspec
            own_schema, table, column = target.table.schema, target.table.name, target.key
        if column is None:
            return self._colspec
        if schema is BLANK_SCHEMA:
            schema = own_schema = None
        parts = (schema or own_schema, table_name or table, column)
        if isinstance(self._colspec, tuple):
            return ForeignKeyTarget(*parts)
        return ".".join(part for part in parts if part)

    def _parts(self) -> ForeignKeyTarget:
        """Schema, table and column of a target that is given by name."""
        if isinstance(self._colspec, tuple):
            return ForeignKeyTarget(*self._colspec)
        pieces = str(self._colspec).split(".")
        if len(pieces) == 1:
            return ForeignKeyTarget(None, pieces[0], None)
        return ForeignKeyTarget(".".join(pieces[:-2]) or None, pieces[-2], pieces[-1])

    @property
    def _is_by_name(self) -> bool:
        return isinstance(self._colspec, (str, tuple))

    @property
    def target_tokens(self) -> ForeignKeyTarget:
        """The target as schema, table and column."""
        if self._is_by_name:
            return self._parts()
        target = self._colspec
        return ForeignKeyTarget(target.table.schema, target.table.name, target.key)

    @property
    def target_fullname(self) -> str:
        """The target as text: ``"user.id"``."""
        found = self._get_colspec()
        if isinstance(found, tuple):
            return ".".join(part for part in found if part)
        return str(found)

    @property
    def target_table_key(self) -> str | None:
        """The key in ``MetaData.tables`` of the table referred to; None before it is known."""
        if not self._is_by_name and self._colspec.table is None:
            return None
        return self._table_key()

    def _table_key(self) -> str:
        """The key in ``MetaData.tables`` of the table that is referred to."""
        if not self._is_by_name:
            return str(self._colspec.table.key)
        schema, table, _ = self._parts()
        own = None if self.parent is None else self.parent.table
        if schema is None and own is not None:
            schema = own.metadata.schema
        return table if schema is None else f"{schema}.{table}"

    @property
    def column(self) -> Column[Any]:
        """The column that is referred to.

        :raises NoReferencedTableError: the ``MetaData`` has no such table.
        :raises NoReferencedColumnError: the table has no such column.
        :raises InvalidRequestError: this key's own column is in no table yet.
        """
        if self._column is None:
            self._column = self._resolve()
        return self._column

    def _resolve(self) -> Column[Any]:
        if not self._is_by_name:
            return cast("Column[Any]", self._colspec)
        if self.parent is None or self.parent.table is None:
            raise InvalidRequestError(
                f"this ForeignKey object ({self.target_fullname!r}) does not yet have a parent "
                "Table: its column must be in a Table before its target can be looked up"
            )
        own = self.parent.table
        _, _, column_name = self._parts()
        table = own.metadata.tables.get(self._table_key())
        if table is None:
            raise NoReferencedTableError(
                f"Foreign key associated with column '{self.parent}' could not find table "
                f"'{self._table_key()}' with which to generate a foreign key to target column "
                f"'{column_name or self.parent.key}'",
                self._table_key(),
            )
        return self._column_of(table, column_name or self.parent.key, own)

    def _column_of(self, table: Table, name: str, own: Table) -> Column[Any]:
        if self.link_to_name:
            found = next((c for c in table.columns if c.name == name), None)
        else:
            found = table.columns.get(name)
        if found is None:
            raise NoReferencedColumnError(
                f"Could not initialize target column for ForeignKey '{self.target_fullname}' on "
                f"table '{own.name}': table '{table.name}' has no column named '{name}'",
                table.name,
                name,
            )
        return found

    @property
    def target_column(self) -> Column[Any] | None:
        """The column that is referred to, None while it can't be found."""
        return self.column if self._is_resolvable() else None

    def _is_resolvable(self) -> bool:
        if self._column is not None or not self._is_by_name:
            return True
        own = None if self.parent is None else self.parent.table
        return own is not None and self._table_key() in own.metadata.tables

    def references(self, table: Table) -> bool:
        """Whether the column referred to is in ``table``."""
        return table.corresponding_column(self.column) is not None

    def get_referent(self, table: Any) -> Any:
        """The column of ``table`` (or of an alias of it) that is referred to, or None."""
        return table.columns.corresponding_column(self.column)

    # -- attaching

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if self.parent is not None and self.parent is not parent:
            raise InvalidRequestError(
                f"This ForeignKey ({self.target_fullname!r}) already has a parent: "
                f"{self.parent}; make another one"
            )
        self.parent = parent
        parent.foreign_keys.add(self)
        if self._is_own:
            parent._when_in_table(lambda column, table: table._constrain_column(self))

    def __repr__(self) -> str:
        return f"ForeignKey({self.target_fullname!r})"


def _target(column: Any) -> Any:
    maker = getattr(column, "__clause_element__", None)
    if maker is not None:
        column = maker()
    if isinstance(column, tuple):
        if len(column) not in (2, 3):
            raise ArgumentError(
                "ForeignKey target given as a tuple has two parts (table, column) or three "
                f"(schema, table, column), got {column!r}"
            )
        return ForeignKeyTarget(*(column if len(column) == 3 else (None, *column)))
    if not isinstance(column, str) and not hasattr(column, "table"):
        raise ArgumentError(
            f"String column name or column object for DDL referenced column expected, got "
            f'{column!r}; write ForeignKey("table.column")'
        )
    return column
