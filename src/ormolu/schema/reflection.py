"""Reflection: a `Table` from what an inspector says of the database.

The inspector is found through `ormolu.inspect`, so this room needs no engine; what it answers are
the dictionaries of SQLAlchemy's ``Inspector``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from ormolu.exc import InvalidRequestError, NoSuchTableError
from ormolu.inspection import inspect
from ormolu.sql.text import text

from .column import Column
from .constraints import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .defaults import Computed, DefaultClause, Identity
from .index import Index

if TYPE_CHECKING:
    from .metadata import MetaData
    from .table import Table


def inspector_of(bind: Any) -> Any:
    """The inspector of an engine or connection; an inspector itself."""
    return bind if hasattr(bind, "get_columns") else inspect(bind)


def names_to_reflect(
    inspector: Any,
    metadata: MetaData,
    schema: str | None,
    views: bool,
    only: Sequence[str] | Callable[[str, MetaData], bool] | None,
) -> list[str]:
    """The names of the tables to read.

    :raises InvalidRequestError: a name that was asked for isn't there.
    """
    available: list[str] = list(inspector.get_table_names(schema=schema))
    if views:
        available += inspector.get_view_names(schema=schema)
    if only is None:
        return available
    if callable(only):
        return [name for name in available if only(name, metadata)]
    missing = [name for name in only if name not in available]
    if missing:
        raise InvalidRequestError(
            f"Could not reflect: requested table(s) not available in {inspector.bind!r}: "
            f"({', '.join(missing)})"
        )
    return list(only)


def reflect_table(
    table: Table,
    bind: Any,
    include_columns: Collection[str] | None,
    given: Collection[str],
    resolve_fks: bool,
) -> None:
    """Fill a table from the database; columns ``given`` by the user are left to them.

    :raises NoSuchTableError: it isn't there.
    """
    inspector = inspector_of(bind)
    if not inspector.has_table(table.name, schema=table.schema):
        raise NoSuchTableError(table.name)
    key = inspector.get_pk_constraint(table.name, schema=table.schema)
    in_key = set(key.get("constrained_columns", ()))
    for found in inspector.get_columns(table.name, schema=table.schema):
        name = found["name"]
        if name in given or (include_columns is not None and name not in include_columns):
            continue
        table.append_column(_column(found, name in in_key), replace_existing=True)
    _reflect_key(table, key)
    _reflect_foreign_keys(table, inspector, include_columns, given, resolve_fks)
    _reflect_constraints(table, inspector, include_columns)


def _column(found: dict[str, Any], in_key: bool) -> Column[Any]:
    items: list[Any] = []
    if found.get("computed"):
        items.append(Computed(**found["computed"]))
    elif found.get("identity"):
        items.append(Identity(**found["identity"]))
    elif found.get("default") is not None:
        items.append(DefaultClause(text(found["default"]), _reflected=True))
    return Column(
        found["name"],
        found["type"],
        *items,
        nullable=found.get("nullable", True) and not in_key,
        primary_key=in_key,
        autoincrement=found.get("autoincrement", "auto"),
        comment=found.get("comment"),
    )


def _reflect_key(table: Table, key: dict[str, Any]) -> None:
    columns = [name for name in key.get("constrained_columns", ()) if name in table.columns]
    if columns:
        table.append_constraint(PrimaryKeyConstraint(*columns, name=key.get("name")))


def _reflect_foreign_keys(
    table: Table,
    inspector: Any,
    include_columns: Collection[str] | None,
    given: Collection[str],
    resolve_fks: bool,
) -> None:
    for found in inspector.get_foreign_keys(table.name, schema=table.schema):
        columns = found["constrained_columns"]
        if any(name in given or name not in table.columns for name in columns):
            continue
        schema, name = found.get("referred_schema"), found["referred_table"]
        full = name if schema is None else f"{schema}.{name}"
        if resolve_fks and full not in table.metadata.tables:
            # The class of the table, since this module can't import it: Table imports this one.
            type(table)(name, table.metadata, schema=schema, autoload_with=inspector)
        targets = found["referred_columns"] or [
            column.key for column in table.metadata.tables[full].primary_key.columns
        ]
        table.append_constraint(
            ForeignKeyConstraint(
                columns,
                [f"{full}.{column}" for column in targets],
                name=found.get("name"),
                link_to_name=True,
                **found.get("options", {}),
            )
        )


def _reflect_constraints(
    table: Table, inspector: Any, include_columns: Collection[str] | None
) -> None:
    for found in inspector.get_indexes(table.name, schema=table.schema):
        names = found["column_names"]
        if found.get("duplicates_constraint") or any(n not in table.columns for n in names):
            continue
        columns = [table.columns[name] for name in names]
        Index(found["name"], *columns, unique=bool(found["unique"]), _table=table)
    for found in inspector.get_unique_constraints(table.name, schema=table.schema):
        if all(name in table.columns for name in found["column_names"]):
            constraint = UniqueConstraint(*found["column_names"], name=found.get("name"))
            table.append_constraint(constraint)
    # Not every inspector reads CHECK constraints.
    checks = getattr(inspector, "get_check_constraints", None)
    for found in checks(table.name, schema=table.schema) if checks is not None else ():
        table.append_constraint(CheckConstraint(found["sqltext"], name=found.get("name")))
