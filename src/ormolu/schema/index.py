"""`Index`: an index of a table, on columns or expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu.exc import ArgumentError
from ormolu.sql.collections import ColumnCollection
from ormolu.sql.quoted_name import with_quotes

from .column import Column
from .column_arguments import (
    ColumnCollectionMixin,
    attach_when_complete,
    column_of,
    columns_in,
    moved_to,
    named_column,
    with_named_columns,
)
from .conditional import HasConditionalDDL
from .create import CheckFirst, create_index_plan, drop_index_plan
from .dialect_options import DialectKWArgs, DialectOptions
from .item import SchemaItem, copied_info, next_creation_order
from .naming import named

if TYPE_CHECKING:
    from .table import Table


class Index(ColumnCollectionMixin, DialectKWArgs, HasConditionalDDL, SchemaItem):
    """An index: ``Index("ix_user_name", "name")`` in a `Table`, or ``Index("ix", table.c.name)``.

    :param name: None for a name made by the naming convention.
    :param expressions: columns, names of columns, or SQL expressions.
    """

    __visit_name__ = "index"
    _convention = "ix"
    _type_bound = False

    parent: Any = None
    table: Table | None = None

    def __init__(
        self,
        name: str | None,
        *expressions: Any,
        unique: bool = False,
        quote: bool | None = None,
        info: dict[Any, Any] | None = None,
        _table: Table | None = None,
        _column_flag: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self.name: str | None = with_quotes(name, quote)
        self.unique = unique
        self.quote = quote
        self._info = info
        self._column_flag = _column_flag
        self._creation_order = next_creation_order()
        self._given = [_expression_of(expression) for expression in expressions]
        self._given_name = name
        self.dialect_options = DialectOptions(type(self), dialect_kw)
        self.expressions: list[Any] = list(self._given)
        self.columns: ColumnCollection[Any] = ColumnCollection()
        if _table is not None:
            self._attach_to(_table)
        elif not any(isinstance(given, str) for given in self._given):
            columns = [column for given in self._given for column in columns_in(given)]
            attach_when_complete(self, columns)

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if self.table is not None and self.table is not parent:
            raise ArgumentError(
                f"Index '{self.name}' is against table '{self.table.description}', and cannot be "
                f"associated with table '{parent.description}'."
            )
        if self.table is parent:
            return
        self.parent = self.table = parent
        self.expressions = [
            named_column(self, parent, given)
            if isinstance(given, str)
            else with_named_columns(parent, given)
            for given in self._given
        ]
        for expression in self.expressions:
            for column in columns_in(expression):
                if not self.columns.contains_column(column):
                    self.columns._add(column, column.key)
        self.name = named(self, parent)
        parent.indexes.add(self)

    def _copy(self, target_table: Table) -> Index:
        arguments = self.dialect_options.arguments()
        return Index(
            self.name,
            *[moved_to(target_table, expression) for expression in self.expressions],
            unique=self.unique,
            quote=self.quote,
            info=copied_info(self),
            _table=target_table,
            **{name: moved_to(target_table, given) for name, given in arguments.items()},
        )

    def create(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.NONE) -> None:
        """Create the index."""
        bind._run_ddl(lambda core: create_index_plan(core, self, checkfirst))

    def drop(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.NONE) -> None:
        """Drop the index."""
        bind._run_ddl(lambda core: drop_index_plan(core, self, checkfirst))

    def __repr__(self) -> str:
        parts = [repr(self.name), *map(repr, self.expressions)]
        if self.unique:
            parts.append("unique=True")
        return f"Index({', '.join(parts)})"


def _expression_of(given: Any) -> Any:
    if hasattr(given, "__clause_element__") or isinstance(given, (str, Column)):
        return column_of(given)
    if hasattr(given, "get_children"):
        return given
    return column_of(given)
