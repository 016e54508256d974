"""Creating and dropping: the plans behind ``create_all``, ``drop_all``, ``table.create`` …

A plan takes a connection core, which has ``dialect`` (``features``, ``has_table_plan``) and
``execute_ddl_plan(node)``. The bind runs it: ``bind._run_ddl(lambda core: create_all_plan(...))``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ormolu.exc import CircularDependencyError, SAWarning
from ormolu.io.plan import Plan

from .ddl import (
    AddConstraint,
    CreateIndex,
    CreateSequence,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropSequence,
    DropTable,
    SetColumnComment,
    SetTableComment,
)
from .ordering import constraints_of, order_tables

if TYPE_CHECKING:
    from .constraints import ForeignKeyConstraint
    from .defaults import Sequence
    from .index import Index
    from .metadata import MetaData
    from .table import Table


def create_all_plan(
    core: Any, metadata: MetaData, tables: Iterable[Table] | None, checkfirst: bool
) -> Plan[None]:
    """Create the tables that aren't there, in an order that their foreign keys allow."""
    wanted = list(metadata.tables.values() if tables is None else tables)
    (placed, aside), _ = order_tables(wanted)
    missing = yield from _choose_plan(core, placed, checkfirst, present=False)
    alter = core.dialect.features.alter
    yield from _create_sequences_plan(core, metadata, checkfirst)
    for table in missing:
        inline = [c for c in constraints_of(table) if not alter or c not in aside]
        yield from create_table_plan(core, table, inline)
    if alter:
        created = set(missing)
        for constraint in aside:
            if constraint.table in created:
                yield from core.execute_ddl_plan(
                    AddConstraint(constraint, isolate_from_table=False)
                )


def drop_all_plan(
    core: Any, metadata: MetaData, tables: Iterable[Table] | None, checkfirst: bool
) -> Plan[None]:
    """Drop the tables that are there, those that refer to others first."""
    wanted = list(metadata.tables.values() if tables is None else tables)
    (placed, aside), cyclic = order_tables(wanted)
    present = yield from _choose_plan(core, placed[::-1], checkfirst, present=True)
    if core.dialect.features.alter:
        for constraint in _to_drop(aside, set(present)):
            yield from core.execute_ddl_plan(DropConstraint(constraint, isolate_from_table=False))
    elif cyclic:
        _warn_of_cycle(aside)
    for table in present:
        yield from core.execute_ddl_plan(DropTable(table))
    if core.dialect.features.sequences:
        for sequence in metadata._sequences.values():
            yield from core.execute_ddl_plan(DropSequence(sequence, if_exists=checkfirst))


def _choose_plan(
    core: Any, tables: list[Table], checkfirst: bool, *, present: bool
) -> Plan[list[Table]]:
    """The tables that are in the database (or are not)."""
    if not checkfirst:
        return tables
    chosen = []
    for table in tables:
        found = yield from core.dialect.has_table_plan(core, table.name, table.schema)
        if found == present:
            chosen.append(table)
    return chosen


def _to_drop(aside: list[ForeignKeyConstraint], present: set[Table]) -> list[ForeignKeyConstraint]:
    """The constraints to drop before the tables.

    :raises CircularDependencyError: one of a cycle has no name to drop it by.
    """
    found = [c for c in aside if c.table in present]
    nameless = [c for c in found if c.name is None]
    for constraint in nameless:
        if not constraint.use_alter:
            names = f"{constraint.table.fullname} -> {constraint.referred_table.fullname}"
            message = (
                "Can't sort tables for DROP; an unresolvable foreign key dependency exists "
                f"between tables: {names}.  Please ensure that the ForeignKey and "
                "ForeignKeyConstraint objects involved in the cycle have names so that they can "
                "be dropped using DROP CONSTRAINT."
            )
            raise CircularDependencyError(message, {c.table for c in found}, set(), msg=message)
    return [c for c in found if c.name is not None]


def _warn_of_cycle(aside: list[ForeignKeyConstraint]) -> None:
    names = ", ".join(sorted({c.table.fullname for c in aside if not c.use_alter}))
    warnings.warn(
        "Can't sort tables for DROP; an unresolvable foreign key dependency exists between "
        f"tables: {names}; and backend does not support ALTER.  To restore at least a partial "
        "sort, apply use_alter=True to ForeignKey and ForeignKeyConstraint objects involved in "
        "the cycle to mark these as known cycles that will be ignored.",
        SAWarning,
        stacklevel=2,
    )


def _create_sequences_plan(core: Any, metadata: MetaData, checkfirst: bool) -> Plan[None]:
    if core.dialect.features.sequences:
        for sequence in metadata._sequences.values():
            yield from core.execute_ddl_plan(CreateSequence(sequence, if_not_exists=checkfirst))


def create_table_plan(
    core: Any, table: Table, inline: list[ForeignKeyConstraint] | None = None
) -> Plan[None]:
    """Create one table and its indexes."""
    yield from core.execute_ddl_plan(CreateTable(table, include_foreign_key_constraints=inline))
    for index in sorted(table.indexes, key=lambda index: index._creation_order):
        yield from core.execute_ddl_plan(CreateIndex(index))
    if core.dialect.features.comments:
        yield from _comments_plan(core, table)


def _comments_plan(core: Any, table: Table) -> Plan[None]:
    if table.comment is not None:
        yield from core.execute_ddl_plan(SetTableComment(table))
    for column in table.columns:
        if column.comment is not None:
            yield from core.execute_ddl_plan(SetColumnComment(column))


def create_one_plan(core: Any, table: Table, checkfirst: bool) -> Plan[None]:
    """Create one table, unless ``checkfirst`` finds it there."""
    if (yield from _choose_plan(core, [table], checkfirst, present=False)):
        yield from create_table_plan(core, table)


def drop_one_plan(core: Any, table: Table, checkfirst: bool) -> Plan[None]:
    """Drop one table, unless ``checkfirst`` finds it absent."""
    if (yield from _choose_plan(core, [table], checkfirst, present=True)):
        yield from core.execute_ddl_plan(DropTable(table))


def create_index_plan(core: Any, index: Index, checkfirst: bool) -> Plan[None]:
    """Create one index."""
    yield from core.execute_ddl_plan(CreateIndex(index, if_not_exists=checkfirst))


def drop_index_plan(core: Any, index: Index, checkfirst: bool) -> Plan[None]:
    """Drop one index."""
    yield from core.execute_ddl_plan(DropIndex(index, if_exists=checkfirst))


def create_sequence_plan(core: Any, sequence: Sequence, checkfirst: bool) -> Plan[None]:
    """Create one sequence."""
    yield from core.execute_ddl_plan(CreateSequence(sequence, if_not_exists=checkfirst))
