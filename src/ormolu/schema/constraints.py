"""Constraints of a table: primary key, foreign key, unique, check."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ormolu.exc import ArgumentError, SAWarning
from ormolu.sql.collections import ColumnCollection
from ormolu.sql.columns import ColumnClause
from ormolu.sql.traversal import iterate, replace

from .autoincrement import counts_up
from .column import Column
from .column_arguments import (
    ColumnCollectionMixin,
    attach_when_complete,
    columns_in,
    named_column,
)
from .constraint import ColumnCollectionConstraint, Constraint
from .defaults import ddl_expression
from .foreign_key import ForeignKey
from .item import copied_info
from .naming import named

if TYPE_CHECKING:
    from .table import Table

__all__ = [
    "CheckConstraint",
    "ColumnCollectionConstraint",
    "Constraint",
    "ForeignKeyConstraint",
    "PrimaryKeyConstraint",
    "UniqueConstraint",
]


class PrimaryKeyConstraint(ColumnCollectionConstraint):
    """``PRIMARY KEY``; every `Table` has one, empty when it has no key columns."""

    __visit_name__ = "primary_key_constraint"
    _convention = "pk"

    def __init__(
        self,
        *columns: Any,
        name: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
        _implicit_generated: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self._implicit_generated = _implicit_generated
        dialect_kw.pop("_autoattach", None)
        super().__init__(
            *columns,
            _autoattach=False,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            **dialect_kw,
        )

    def _set_parent(self, parent: Any, **options: Any) -> None:
        old = parent.primary_key
        super()._set_parent(parent)
        if old is not None and old is not self:
            parent.constraints.discard(old)
        parent.primary_key = self
        if self._given:
            self._warn_of_others(parent)
            for column in self.columns:
                column.primary_key = True
                if not column._nullable_given:
                    column.nullable = False
        else:
            for column in parent.columns:
                if column.primary_key:
                    self.columns._add(column, column.key)

    def _warn_of_others(self, table: Table) -> None:
        """Warn when columns say ``primary_key=True`` that this explicit key doesn't have."""
        flagged = [column for column in table.columns if column.primary_key]
        if flagged and set(flagged) != set(self.columns):
            warnings.warn(
                f"Table '{table.name}' specifies columns "
                f"{', '.join(repr(column.name) for column in flagged)} as primary_key=True, not "
                "matching locally specified columns "
                f"{', '.join(repr(column.name) for column in self.columns)}; setting the current "
                "primary key columns to the latter: write one of the two",
                SAWarning,
                stacklevel=4,
            )
            for column in flagged:
                column.primary_key = False

    def _replace(self, column: Column[Any]) -> None:
        """Take in a column of the key (in the place of the one with its name)."""
        self.columns._put(column, column.key)

    @property
    def columns_autoinc_first(self) -> list[Any]:
        """The columns, the generated one first."""
        auto = self._autoincrement_column
        if auto is None:
            return list(self.columns)
        return [auto, *(column for column in self.columns if column is not auto)]

    @property
    def _autoincrement_column(self) -> Column[Any] | None:
        """The column whose values the database counts, or None.

        :raises ArgumentError: ``autoincrement=True`` on a column that isn't an integer, or twice.
        """
        columns = list(self.columns)
        if len(columns) == 1:
            (column,) = columns
            return column if counts_up(column, alone=True) else None
        chosen: Column[Any] | None = None
        for column in columns:
            if not counts_up(column, alone=False):
                continue
            if chosen is not None:
                raise ArgumentError(
                    f"Only one Column may be marked autoincrement=True, found both "
                    f"{chosen.name} and {column.name}."
                )
            chosen = column
        return chosen


class UniqueConstraint(ColumnCollectionConstraint):
    """``UNIQUE (a, b)``."""

    __visit_name__ = "unique_constraint"
    _convention = "uq"

    def __init__(
        self,
        *columns: Any,
        name: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
        _autoattach: bool = True,
        _column_flag: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self._column_flag = _column_flag
        super().__init__(
            *columns,
            _autoattach=_autoattach,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            **dialect_kw,
        )


class CheckConstraint(ColumnCollectionMixin, Constraint):
    """``CHECK (sqltext)``: a string of SQL or an expression."""

    __visit_name__ = "check_constraint"
    _convention = "ck"

    def __init__(
        self,
        sqltext: Any,
        name: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        table: Table | None = None,
        info: dict[Any, Any] | None = None,
        _create_rule: Any = None,
        _autoattach: bool = True,
        _type_bound: bool = False,
        **dialect_kw: Any,
    ) -> None:
        super().__init__(
            name,
            deferrable,
            initially,
            info,
            _create_rule=_create_rule,
            _type_bound=_type_bound,
            **dialect_kw,
        )
        self.sqltext = ddl_expression("CheckConstraint", sqltext)
        self.columns: ColumnCollection[Any] = ColumnCollection()
        self._within_column = False
        found = columns_in(self.sqltext)
        for column in found or _plain_columns(self.sqltext):
            self.columns._add(column, column.key)
        if table is not None:
            self._attach_to(table)
        elif _autoattach:
            attach_when_complete(self, found)

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if self.parent is not None and isinstance(parent, Column):
            return
        self._within_column = isinstance(parent, Column)
        super()._set_parent(parent)
        if isinstance(parent, Column) and parent.table is None:
            parent._when_in_table(self._name_in_table)

    def _name_in_table(self, column: Column[Any], table: Table) -> None:
        self.name = named(self, table)

    def contains_column(self, col: Any) -> bool:
        """Say whether a column is in the condition."""
        return self.columns.contains_column(col)

    @property
    def is_column_level(self) -> bool:
        """Whether it stands beside one column rather than after all."""
        return self._within_column

    def _copy(self, target_table: Table | None = None) -> CheckConstraint:
        sqltext = self.sqltext
        if target_table is not None:
            sqltext = _retargeted(sqltext, self.columns, target_table)
        return CheckConstraint(
            sqltext, **self._options(), _create_rule=self._create_rule, _autoattach=False
        )

    def __repr__(self) -> str:
        return f"CheckConstraint({self.sqltext!r})"


def _plain_columns(sqltext: Any) -> list[Any]:
    """The columns of no table in a condition, each once, in order."""
    return list(
        {node.key: node for node in iterate(sqltext) if isinstance(node, ColumnClause)}.values()
    )


def _retargeted(sqltext: Any, columns: Any, table: Table) -> Any:
    """The expression with this table's columns instead of another's of the same keys."""
    own = [column for column in columns if isinstance(column, Column)]
    from_key = {column: table.columns.get(column.key) for column in own}
    if not from_key:
        return sqltext
    return replace(sqltext, lambda node: from_key.get(node) if isinstance(node, Column) else None)


class ForeignKeyConstraint(ColumnCollectionConstraint):
    """``FOREIGN KEY (columns) REFERENCES table (refcolumns)``, of one or several columns."""

    __visit_name__ = "foreign_key_constraint"
    _convention = "fk"

    def __init__(
        self,
        columns: Sequence[Any],
        refcolumns: Sequence[Any],
        name: str | None = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        use_alter: bool = False,
        link_to_name: bool = False,
        match: str | None = None,
        table: Table | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        _elements: Sequence[ForeignKey] | None = None,
        **dialect_kw: Any,
    ) -> None:
        _require_pairs(columns, refcolumns)
        self.onupdate = onupdate
        self.ondelete = ondelete
        self.use_alter = use_alter
        self.link_to_name = link_to_name
        self.match = match
        options: dict[str, Any] = {
            "use_alter": use_alter,
            "name": name,
            "onupdate": onupdate,
            "ondelete": ondelete,
            "deferrable": deferrable,
            "initially": initially,
            "link_to_name": link_to_name,
            "match": match,
            **dialect_kw,
        }
        self.elements = list(_elements or ()) or [
            ForeignKey(column, _constraint=self, **options) for column in refcolumns
        ]
        super().__init__(
            *columns,
            _autoattach=_elements is None and table is None,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            comment=comment,
            **dialect_kw,
        )
        if table is not None:
            self._attach_to(table)

    def _set_parent(self, parent: Any, **options: Any) -> None:
        table = parent if not isinstance(parent, Column) else parent.table
        for given, element in zip(self._given, self.elements, strict=True):
            if element.parent is None:
                element._attach_to(named_column(self, table, given))
        _require_one_target(self, table)
        super()._set_parent(table)
        table.foreign_key_constraints.add(self)
        table.metadata._await_targets(self)

    @property
    def referred_table(self) -> Table:
        """The table that is referred to.

        :raises NoReferencedTableError: the ``MetaData`` has no such table.
        """
        return self.elements[0].column.table

    @property
    def _referred_table_name(self) -> str:
        return self.elements[0].target_tokens.table_name

    def _copy(
        self, target_table: Table | None = None, schema: str | None = None
    ) -> ForeignKeyConstraint:
        renamed = None
        if target_table is not None and self.table is not None:
            first, own = self.elements[0].target_tokens, self.table
            if (first.schema, first.table_name) == (own.schema, own.name):
                renamed = target_table.name  # it refers to its own table
        copy = ForeignKeyConstraint(
            self._keys(),
            [element._get_colspec(schema, renamed) for element in self.elements],
            **self._options(),
            onupdate=self.onupdate,
            ondelete=self.ondelete,
            use_alter=self.use_alter,
            link_to_name=self.link_to_name,
            match=self.match,
        )
        for element, made in zip(self.elements, copy.elements, strict=True):
            made._info = copied_info(element)
        return copy


def _require_one_target(constraint: ForeignKeyConstraint, table: Table) -> None:
    """Refuse columns of two tables.

    :raises ArgumentError: naming the tables.
    """
    targets = {element.target_table_key for element in constraint.elements} - {None}
    if len(targets) > 1:
        raise ArgumentError(
            f"ForeignKeyConstraint on {table.description}({', '.join(constraint._keys())}) "
            f"refers to multiple remote tables: {' and '.join(sorted(map(str, targets)))}; "
            "write one per table"
        )


def _require_pairs(columns: Sequence[Any], refcolumns: Sequence[Any]) -> None:
    """Refuse columns that don't pair with the columns that are referred to.

    :raises ArgumentError: one is missing.
    """
    names = ", ".join(map(str, columns))
    if len(columns) != len(refcolumns):
        raise ArgumentError(
            "ForeignKeyConstraint number of constrained columns must match the number of "
            f"referenced columns, got {len(columns)} ({names}) and {len(refcolumns)} "
            f"({', '.join(map(str, refcolumns))})."
        )
