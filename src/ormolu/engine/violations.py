"""What the metadata knows of a violated constraint that the server didn't say.

SQLite names the columns of a unique constraint but not the constraint, MySQL the key but neither
table nor columns, and of a foreign key SQLite says nothing at all. The tables that the statement
wrote to know the rest, if the constraint is declared there. Nothing is guessed: where two
constraints could be meant, what is unknown stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ..exc import ConstraintViolation
from ..schema.constraints import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ..schema.table import Table

# What a server names a constraint that the DDL gave no name; {t} is the table, {c} its columns.
# https://www.postgresql.org/docs/current/ddl-constraints.html
# https://dev.mysql.com/doc/refman/8.4/en/create-table.html
_GIVEN_NAMES: dict[type[Constraint], str] = {
    PrimaryKeyConstraint: r"PRIMARY|{t}_pkey",
    UniqueConstraint: r"{t}_{c}_key\d*|{first}(_\d+)?",
    ForeignKeyConstraint: r"{t}_{c}_fkey\d*",
}

_WRITTEN = re.compile(r"^\s*(?:INSERT\b.*?\bINTO|UPDATE|DELETE\s+FROM)\s+(\S+)", re.I | re.S)


class _Declared(NamedTuple):
    """A constraint, or a unique index, of a table."""

    kind: str
    name: str | None
    table: Table
    columns: tuple[str, ...]
    given_name: str


def completed(
    violation: ConstraintViolation, tables: Sequence[Table], sql: str | None
) -> ConstraintViolation:
    """Return the violation with what the tables that a statement may have written to know of it.

    :param sql: the statement's text; it says which of the tables it is, and what it did.
    """
    written = _written(tables, sql or "")
    verb = (sql or "").lstrip()[:6].upper()
    if violation.kind == "not_null":
        return _placed(violation, _tables_of(violation, written))
    declared = [
        found
        for table in _owners(violation, written, verb)
        for found in _declared(table)
        if found.kind == violation.kind
    ]
    meant = _meant(violation, declared)
    if meant is not None:
        return ConstraintViolation(
            violation.kind,
            meant.name or violation.name,
            violation.schema or meant.table.schema,
            meant.table.name,
            meant.columns or violation.columns,
        )
    if violation.kind == "foreign_key" and verb != "INSERT":
        return violation
    return _placed(violation, _tables_of(violation, written))


def _written(tables: Sequence[Table], sql: str) -> Sequence[Table]:
    """The tables that a statement's text names as its target; all, when it can't be told."""
    if len(tables) < 2:
        return tables
    found = _WRITTEN.match(sql)
    if found is None:
        return tables
    name = found[1].rpartition(".")[2].strip('"`[]')
    return [table for table in tables if table.name == name] or tables


def _tables_of(violation: ConstraintViolation, written: Sequence[Table]) -> Sequence[Table]:
    """The tables that can have the constraint, as far as the violation says."""
    if violation.table is None:
        return written
    own = [table for table in written if table.name == violation.table]
    # Of a row that others refer to: the constraint is one of theirs.
    return own or [
        table
        for metadata in {id(table.metadata): table.metadata for table in written}.values()
        for table in metadata.tables.values()
        if table.name == violation.table
    ]


def _owners(violation: ConstraintViolation, written: Sequence[Table], verb: str) -> Iterable[Table]:
    """The tables whose constraints come into question."""
    if violation.kind != "foreign_key" or violation.table is not None or verb == "INSERT":
        return _tables_of(violation, written)
    referring = {
        table.key: table
        for target in written
        for table in target.metadata.tables.values()
        if any(key.references(target) for key in table.foreign_keys)
    }
    if verb != "DELETE":
        referring.update({table.key: table for table in written})
    return referring.values()


def _placed(violation: ConstraintViolation, tables: Sequence[Table]) -> ConstraintViolation:
    """The violation with its table, when there is only one that can be meant."""
    if len(tables) != 1:
        return violation
    (table,) = tables
    return violation._replace(table=table.name, schema=violation.schema or table.schema)


def _declared(table: Table) -> Iterator[_Declared]:
    for constraint in table.constraints:
        kind = _kind(constraint)
        if kind is not None:
            columns = tuple([column.name for column in getattr(constraint, "columns", ())])
            yield _Declared(
                kind, constraint.name, table, columns, _given_name(constraint, table, columns)
            )
    for index in table.indexes:
        if index.unique:
            columns = tuple([column.name for column in index.columns])
            yield _Declared("unique", index.name, table, columns, r"(?!)")


def _kind(constraint: Constraint) -> str | None:
    if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
        return "unique"
    if isinstance(constraint, ForeignKeyConstraint):
        return "foreign_key"
    if isinstance(constraint, CheckConstraint):
        return "check"
    return "exclusion" if constraint.__visit_name__ == "exclude_constraint" else None


def _given_name(constraint: Constraint, table: Table, columns: tuple[str, ...]) -> str:
    """The pattern of the name that a server gives to such a constraint."""
    pattern = _GIVEN_NAMES.get(type(constraint))
    if pattern is None or not columns:
        return r"(?!)"
    return pattern.format(
        t=re.escape(table.name), c=re.escape("_".join(columns)), first=re.escape(columns[0])
    )


def _meant(violation: ConstraintViolation, declared: Sequence[_Declared]) -> _Declared | None:
    """The one constraint that a violation can mean, None when there is no such one."""
    name, columns = violation.name, violation.columns
    if name is not None:
        found = [one for one in declared if one.name == name]
        # MySQL calls every primary key PRIMARY, whatever its name.
        found = found or [
            one
            for one in declared
            if (one.name is None or name == "PRIMARY") and re.fullmatch(one.given_name, name)
        ]
    elif columns:
        found = [one for one in declared if set(one.columns) == set(columns)]
    else:
        found = list(declared)
    return found[0] if len(found) == 1 else None


def tables_of(statement: Any) -> list[Table]:
    """Return the tables that an INSERT, UPDATE or DELETE writes to; none for other statements."""
    table = getattr(statement, "table", None) if getattr(statement, "is_dml", False) else None
    if isinstance(table, Table):
        return [table]
    # An ORM class stands for its mapper's table.
    found = getattr(getattr(table, "mapper", None), "local_table", None)
    return [found] if isinstance(found, Table) else []
