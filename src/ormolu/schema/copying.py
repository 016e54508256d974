"""Copying a table into another ``MetaData``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from ormolu.exc import SAWarning
from ormolu.types import SchemaType

from .constants import RETAIN_SCHEMA
from .constraints import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .events import copy_propagated
from .item import copied_info

if TYPE_CHECKING:
    from .metadata import MetaData


def copy_table(
    table: Any,
    make: Any,
    metadata: MetaData,
    schema: Any,
    referred_schema_fn: Any,
    name: str | None,
) -> Any:
    """See ``Table.to_metadata``; ``make`` is the class `Table`."""
    name = name or table.name
    moved = schema is not RETAIN_SCHEMA and schema is not None
    new_schema = (metadata.schema or schema) if schema is None else schema
    if schema is RETAIN_SCHEMA:
        new_schema = table.schema
    key = name if new_schema is None else f"{new_schema}.{name}"
    if key in metadata.tables:
        warnings.warn(
            f"Table '{table.description}' already exists within the given MetaData - not copying.",
            SAWarning,
            stacklevel=3,
        )
        return metadata.tables[key]
    columns = []
    for column in table.columns:
        copied = column._copy()
        for key_ in list(copied.foreign_keys):
            copied.foreign_keys.discard(key_)
        copied._waiting = []
        if isinstance(copied.type, SchemaType) and copied.type.name is not None:
            copied.type = copied.type._copy_for(new_schema, schema is not RETAIN_SCHEMA)
        columns.append(copied)
    copy = make(name, metadata, *columns, schema=new_schema, comment=table.comment)
    copy._info = copied_info(table)
    copy_propagated(table, copy)
    if table._creator_ddl is not None:
        copy._creator_ddl = table._creator_ddl._for_table(copy)
        copy._extra_dependencies |= {
            metadata.tables[before.key]
            for before in table._extra_dependencies
            if before.key in metadata.tables
        }
    copy._dropper_ddl = table._dropper_ddl
    copy.dialect_options = table.dialect_options.copy()
    copy._prefixes[:] = table._prefixes
    for constraint in table._sorted_constraints:
        _copy_constraint(table, constraint, copy, new_schema if moved else None, referred_schema_fn)
    for index in sorted(table.indexes, key=lambda index: index._creation_order):
        if not index._column_flag:
            index._copy(copy)
    metadata._settle_types()
    return copy


def _copy_constraint(
    table: Any, constraint: Any, copy: Any, schema: str | None, referred_schema_fn: Any
) -> None:
    if constraint._type_bound or (
        isinstance(constraint, UniqueConstraint) and constraint._column_flag
    ):
        return  # the copied column has made it again
    if isinstance(constraint, PrimaryKeyConstraint):
        if not constraint._implicit_generated or constraint.name is not None:
            copy.append_constraint(constraint._copy())
    elif isinstance(constraint, ForeignKeyConstraint):
        referred = _referred_schema(table, constraint, schema, referred_schema_fn)
        copy.append_constraint(constraint._copy(copy, schema=referred))
    else:
        copy.append_constraint(constraint._copy(target_table=copy))


def _referred_schema(
    table: Any, constraint: ForeignKeyConstraint, schema: str | None, function: Any
) -> str | None:
    """The schema of the table that the copied foreign key refers to; None keeps it."""
    spec = constraint.elements[0]
    own = spec.target_tokens.schema
    if function is not None:
        return function(table, schema, constraint, own)  # type: ignore[no-any-return]
    return schema if own == table.schema else None
