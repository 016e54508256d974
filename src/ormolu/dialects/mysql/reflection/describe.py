"""The dictionaries that an inspector gives, made of the facts of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ormolu.dialects.mysql.reflection.column_types import type_of
from ormolu.dialects.mysql.reflection.facts import ColumnFacts, IndexFacts, TableFacts
from ormolu.dialects.reflected import (
    ReflectedCheckConstraint,
    ReflectedColumn,
    ReflectedForeignKeyConstraint,
    ReflectedIndex,
    ReflectedPrimaryKeyConstraint,
    ReflectedTableComment,
    ReflectedUniqueConstraint,
)
from ormolu.exc import UnreflectableTableError
from ormolu.types import Integer

__all__ = ["DESCRIBERS"]


def columns(table: TableFacts, dialect: str) -> list[ReflectedColumn]:
    """Describe the columns.

    :raises UnreflectableTableError: a view refers to what is no longer there.
    """
    if not table.columns and table.is_view:
        raise UnreflectableTableError(
            f"the columns of view {table.name!r} are unknown: it refers to tables or columns "
            "that are gone, or that its definer may not read; drop it or create it anew"
        )
    return [_column(found) for found in table.columns]


def _column(found: ColumnFacts) -> ReflectedColumn:
    type_ = type_of(found.type, found.name, found.charset, found.collation)
    column: ReflectedColumn = {
        "name": found.name,
        "type": type_,
        "default": _default(found),
        "comment": found.comment,
        "nullable": found.nullable,
    }
    if found.autoincrement or isinstance(type_, Integer):
        column["autoincrement"] = found.autoincrement
    if found.computed is not None:
        column["computed"] = {"sqltext": found.computed, "persisted": found.persisted}
    return column


def _default(found: ColumnFacts) -> str | None:
    default = found.default
    if default is not None and default.startswith("b'"):
        # The same literal as a single word, which DDL writes without parentheses; MySQL takes
        # `(b'101')` for an expression. https://dev.mysql.com/doc/refman/8.4/en/bit-value-literals.html
        default = f"0b{default[2:-1]}"
    if found.on_update is None:
        return default
    return f"{default or 'NULL'} ON UPDATE {found.on_update}"


def pk_constraint(table: TableFacts, dialect: str) -> ReflectedPrimaryKeyConstraint:
    """Describe the primary key, which has no name of its own."""
    for index in table.indexes:
        if index.is_primary:
            key: ReflectedPrimaryKeyConstraint = {
                "constrained_columns": [part.column or "" for part in index.parts],
                "name": None,
            }
            if index.using is not None:
                key["dialect_options"] = {f"{dialect}_using": index.using}
            return key
    return {"constrained_columns": [], "name": None}


def indexes(table: TableFacts, dialect: str) -> list[ReflectedIndex]:
    """Describe the indexes, by name; the unique ones are unique constraints as well."""
    return [_index(found, dialect) for found in _by_name(table) if not found.is_primary]


def _by_name(table: TableFacts) -> list[IndexFacts]:
    return sorted(table.indexes, key=lambda index: index.name)


def _index(found: IndexFacts, dialect: str) -> ReflectedIndex:
    index: ReflectedIndex = {
        "name": found.name,
        "column_names": [part.column for part in found.parts],
        "unique": found.unique,
    }
    if found.has_expressions:
        index["expressions"] = [part.expression or part.column or "" for part in found.parts]
    descending = [part.column or part.expression or "" for part in found.parts if part.descending]
    if descending:
        index["column_sorting"] = dict.fromkeys(descending, ("desc",))
    options = _index_options(found)
    if options:
        index["dialect_options"] = {f"{dialect}_{name}": given for name, given in options.items()}
    return index


def _index_options(found: IndexFacts) -> dict[str, Any]:
    lengths = {part.column: part.length for part in found.parts if part.length is not None}
    options = {
        "length": lengths or None,
        "prefix": found.prefix,
        "using": found.using,
        "with_parser": found.parser,
    }
    return {name: given for name, given in options.items() if given is not None}


def unique_constraints(table: TableFacts, dialect: str) -> list[ReflectedUniqueConstraint]:
    """Describe the unique constraints: each is an index of the same name.

    An index of expressions says nothing about columns alone, so it is no such constraint.
    """
    return [
        {
            "name": found.name,
            "column_names": [part.column or "" for part in found.parts],
            "duplicates_index": found.name,
        }
        for found in _by_name(table)
        if found.unique and not found.is_primary and not found.has_expressions
    ]


def foreign_keys(table: TableFacts, dialect: str) -> list[ReflectedForeignKeyConstraint]:
    """Describe the foreign keys, by name."""
    keys: list[ReflectedForeignKeyConstraint] = []
    for found in sorted(table.foreign_keys, key=lambda key: key.name):
        options = {"onupdate": found.on_update, "ondelete": found.on_delete}
        keys.append(
            {
                "name": found.name,
                "constrained_columns": list(found.columns),
                "referred_schema": found.schema,
                "referred_table": found.table,
                "referred_columns": list(found.referred),
                "options": {name: rule for name, rule in options.items() if rule is not None},
            }
        )
    return keys


def check_constraints(table: TableFacts, dialect: str) -> list[ReflectedCheckConstraint]:
    """Describe the CHECK constraints, by name, those of columns without one last."""
    ordered = sorted(table.checks, key=lambda check: (check.name is None, check.name or ""))
    return [{"name": found.name, "sqltext": found.sqltext} for found in ordered]


def table_comment(table: TableFacts, dialect: str) -> ReflectedTableComment:
    """Return the comment."""
    return {"text": table.comment}


def table_options(table: TableFacts, dialect: str) -> dict[str, Any]:
    """Return the options, as the keywords of `Table`, in the order in which DDL writes them."""
    options = {name: given for name, given in table.options.items() if name != "partitioned"}
    if table.comment is not None:
        options["comment"] = table.comment
    return {f"{dialect}_{name}": options[name] for name in sorted(options, key=_place)}


def _place(option: str) -> tuple[bool, bool, str]:
    return option != "comment", option != "engine", option.removeprefix("default ")


#: What is asked -> the function that describes it, of a table and the dialect's name.
DESCRIBERS: Mapping[str, Callable[[TableFacts, str], Any]] = {
    "columns": columns,
    "pk_constraint": pk_constraint,
    "foreign_keys": foreign_keys,
    "indexes": indexes,
    "unique_constraints": unique_constraints,
    "check_constraints": check_constraints,
    "table_comment": table_comment,
    "table_options": table_options,
}
