"""The columns that constraints and indexes are given: by name, as objects, inside expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ormolu.exc import ArgumentError, ConstraintColumnNotFoundError
from ormolu.sql.collections import ColumnCollection
from ormolu.sql.label import LabelReference
from ormolu.sql.text import TextClause
from ormolu.sql.traversal import replace

from .column import Column

if TYPE_CHECKING:
    from .table import Table


class ColumnCollectionMixin:
    """What refers to columns of a table, in an order: a constraint, an index."""

    columns: ColumnCollection[Any]

    @property
    def c(self) -> ColumnCollection[Any]:
        """As ``columns``."""
        return self.columns


def column_of(given: Any) -> Any:
    """The column or the name that was given to a constraint or an index."""
    maker = getattr(given, "__clause_element__", None)
    found = given if maker is None else maker()
    column = getattr(found, "column", None)
    if not isinstance(found, (str, Column)) and isinstance(column, Column):
        return column  # a declared attribute (mapped_column) of a class still being made
    if not isinstance(found, (str, Column)):
        raise ArgumentError(f"Column name or column object expected in a constraint, got {given!r}")
    return found


def named_column(item: Any, table: Table, given: Any) -> Any:
    """The column of ``table`` that was given, by name or as itself."""
    if not isinstance(given, str):
        return given
    found = table.columns.get(given)
    if found is None:
        found = next((c for c in table.columns if c.name == given), None)
    if found is None:
        raise ConstraintColumnNotFoundError(
            f"Can't create {type(item).__name__} on table '{table.description}': no column named "
            f"'{given}' is present."
        )
    return found


def attach_when_complete(item: Any, columns: Sequence[Any]) -> None:
    """Attach ``item`` to the columns' table once all of them are in one."""
    objects = [column for column in columns if isinstance(column, Column)]
    _require_one_table(item, objects)
    if len(objects) < len(columns) or not objects:
        return

    def check(column: Any, table: Table) -> None:
        if item.parent is None and all(c.table is not None for c in objects):
            item._attach_to(objects[0].table)

    missing = [column for column in objects if column.table is None]
    for column in missing or objects[:1]:
        column._when_in_table(check)


def _require_one_table(item: Any, columns: Sequence[Column[Any]]) -> None:
    """Refuse columns of two tables.

    :raises ArgumentError: naming the tables.
    """
    tables = dict.fromkeys(column.table for column in columns if column.table is not None)
    if len(tables) > 1:
        names = sorted(table.description for table in tables)
        where = ", ".join(names) if len(set(names)) > 1 else f"two tables of the name {names[0]}"
        raise ArgumentError(
            f"Column(s) of {type(item).__name__} {item.name!r} are not part of one table: they are "
            f"of {where}"
        )


def columns_in(node: Any) -> list[Column[Any]]:
    """The columns in an expression, each once, in order."""
    if isinstance(node, Column):
        return [node]
    return list(dict.fromkeys(c for child in node.get_children() for c in columns_in(child)))


def with_named_columns(table: Table, given: Any) -> Any:
    """An expression with the table's columns for the names in it: ``desc("name")``.

    A name that the table doesn't have is text.
    """
    if not hasattr(given, "get_children"):
        return given

    def named(node: Any) -> Any:
        if not isinstance(node, LabelReference):
            return None
        found = table.columns.get(node.element)
        return TextClause(node.element) if found is None else found

    return replace(given, named)


def moved_to(table: Table, given: Any) -> Any:
    """An expression with this table's columns in place of another's; anything else as it is."""
    if not hasattr(given, "get_children"):
        return given
    columns = table.columns
    return replace(given, lambda node: columns.get(node.key) if isinstance(node, Column) else None)
