"""Creating and dropping: the plans behind ``create_all``, ``drop_all``, ``table.create`` …

A plan takes a connection core, of which it uses

- ``dialect``: its ``features``, its ``table_order(tables)``, and its plans
  ``has_multi_table_plan``, ``has_index_plan``, ``has_sequence_plan``,
  ``has_multi_sequence_plan``, ``create_types_plan``, ``drop_types_plan``;
- ``execute_ddl_plan(node)``: execute a statement;
- ``ddl_listener_plan(handler, target, options)``: call a listener as
  ``handler(target, connection, **options)``;
- ``schema_of(item)``: the schema of a table or sequence, by the ``schema_translate_map`` in force.

The bind runs it: ``bind._run_ddl(lambda core: create_all_plan(...))``.
"""

from __future__ import annotations

import enum
import warnings
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

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
    ExecutableDDLElement,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
)
from .ordering import Order, inline_constraints, order_tables

if TYPE_CHECKING:
    from .constraints import ForeignKeyConstraint
    from .index import Index
    from .metadata import MetaData
    from .sequences import Sequence
    from .table import Table

_T = TypeVar("_T")


class CheckFirst(enum.Flag):
    """What ``create`` and ``drop`` look for in the database before they make or drop it."""

    NONE = 0
    TABLES = 2
    VIEWS = enum.auto()
    INDEXES = enum.auto()
    SEQUENCES = enum.auto()
    TYPES = enum.auto()
    ALL = TABLES | VIEWS | INDEXES | SEQUENCES | TYPES

    @classmethod
    def of(cls, given: bool | CheckFirst, core: Any) -> CheckFirst:
        """What a ``checkfirst`` argument means: True is all, False nothing.

        Nothing as well where there is no database to look into (``core.checks_first``).
        """
        if not core.checks_first:
            return cls.NONE
        if isinstance(given, CheckFirst):
            return given
        return cls.ALL if given else cls.NONE


# -- everything


def create_all_plan(
    core: Any, metadata: MetaData, tables: Iterable[Table] | None, checkfirst: bool | CheckFirst
) -> Plan[None]:
    """Create the tables that aren't there, in an order that their foreign keys allow."""
    check = CheckFirst.of(checkfirst, core)
    wanted = list(metadata.tables.values() if tables is None else tables)
    missing = yield from _choose_plan(core, wanted, check, present=False)
    loose = _sequences_of(core, metadata, loose=True)
    sequences = yield from _missing_sequences_plan(core, loose, check)
    order = order_tables(missing, extra_dependencies=core.dialect.table_order(missing))
    options = {"checkfirst": check, "_is_metadata_operation": True}
    told = {"tables": order.tables, **options}
    yield from _listeners_plan(core, metadata, "before_create", told)
    yield from core.dialect.create_types_plan(core, wanted, bool(check & CheckFirst.TYPES))
    for sequence in sequences:
        yield from _create_sequence_plan(core, sequence, options)
    alter = core.dialect.features.alter
    for table, inline in inline_constraints(order):
        constraints = inline if alter else None
        yield from _create_table_plan(core, table, options, constraints)
    if alter:
        for constraint in order.aside:
            yield from core.execute_ddl_plan(AddConstraint(constraint, isolate_from_table=False))
            yield from _constraint_comment_plan(core, constraint)
    yield from _listeners_plan(core, metadata, "after_create", told)


def drop_all_plan(
    core: Any, metadata: MetaData, tables: Iterable[Table] | None, checkfirst: bool | CheckFirst
) -> Plan[None]:
    """Drop the tables that are there, those that refer to others first."""
    check = CheckFirst.of(checkfirst, core)
    wanted = list(metadata.tables.values() if tables is None else tables)
    present = yield from _choose_plan(core, wanted, check, present=True)
    order = order_to_drop(core.dialect, present)
    found = order.tables[::-1]
    options = {"checkfirst": check, "_is_metadata_operation": True}
    told = {"tables": found, **options}
    yield from _listeners_plan(core, metadata, "before_drop", told)
    if core.dialect.features.alter:
        for constraint in order.aside:
            yield from core.execute_ddl_plan(DropConstraint(constraint))
    for table in found:
        yield from _drop_table_plan(core, table, options)
    dropped = _sequences_of(core, metadata, loose=False)
    if CheckFirst.SEQUENCES in check:
        dropped = yield from _present_sequences_plan(core, dropped)
    for sequence in dropped:
        yield from _drop_sequence_plan(core, sequence, options)
    yield from core.dialect.drop_types_plan(core, wanted, bool(check & CheckFirst.TYPES))
    yield from _listeners_plan(core, metadata, "after_drop", told)


def order_to_drop(dialect: Any, tables: list[Table]) -> Order:
    """Tables in the order of creation, the reverse of dropping; ``aside`` are dropped before them.

    :raises CircularDependencyError: one of a cycle has no name to drop it by.
    """

    alter = dialect.features.alter

    def stays(constraint: ForeignKeyConstraint) -> bool | None:
        return False if not alter or constraint.name is None else None

    try:
        return order_tables(tables, stays, dialect.table_order(tables))
    except CircularDependencyError as error:
        names = ", ".join(sorted(table.fullname for table in error.cycles))
        if alter:
            message = (
                "Can't sort tables for DROP; an unresolvable foreign key dependency exists "
                f"between tables: {names}.  Please ensure that the ForeignKey and "
                "ForeignKeyConstraint objects involved in the cycle have names so that they can "
                "be dropped using DROP CONSTRAINT."
            )
            raise CircularDependencyError(
                message, error.cycles, error.edges, msg=message
            ) from error
        warnings.warn(
            "Can't sort tables for DROP; an unresolvable foreign key dependency exists between "
            f"tables: {names}; and backend does not support ALTER.  To restore at least a partial "
            "sort, apply use_alter=True to ForeignKey and ForeignKeyConstraint objects involved "
            "in the cycle to mark these as known cycles that will be ignored.",
            SAWarning,
            stacklevel=2,
        )
        return Order(tables[::-1], [], set(error.cycles))


def _choose_plan(
    core: Any, tables: list[Table], check: CheckFirst, *, present: bool
) -> Plan[list[Table]]:
    """The tables and views that are in the database (or are not), in the order given."""
    chosen = set()
    asked: dict[str | None, list[Table]] = {}
    for table in sorted(tables, key=lambda table: table.is_view):
        if (CheckFirst.VIEWS if table.is_view else CheckFirst.TABLES) in check:
            asked.setdefault(core.schema_of(table), []).append(table)
        else:
            chosen.add(table)
    for schema, several in asked.items():
        names = [table.name for table in several]
        found = yield from core.dialect.has_multi_table_plan(core, names, schema)
        chosen.update(table for table in several if (table.name in found) == present)
    return [table for table in tables if table in chosen]


def _listeners_plan(core: Any, target: Any, event: str, options: dict[str, Any]) -> Plan[None]:
    """Call the listeners of a DDL event, and execute the DDL statements among them."""
    for handler in target.dispatch.handlers(event):
        if isinstance(handler, ExecutableDDLElement):
            bind = core.facade()
            if handler._should_execute(target, bind, dialect=core.dialect, **options):
                yield from core.execute_ddl_plan(handler.against(target))
        else:
            yield from core.ddl_listener_plan(handler, target, options)


def _one_plan(
    core: Any, target: Any, event: str, statement: Any, options: dict[str, Any]
) -> Plan[None]:
    """Execute a statement between the two events of its target."""
    yield from _listeners_plan(core, target, f"before_{event}", options)
    yield from core.execute_ddl_plan(statement)
    yield from _listeners_plan(core, target, f"after_{event}", options)


# -- tables


def _create_table_plan(
    core: Any, table: Table, options: dict[str, Any], inline: Any = None
) -> Plan[None]:
    """Create one table or view, its indexes and comments."""
    yield from _listeners_plan(core, table, "before_create", options)
    own = _own_sequences(core, table)
    for sequence in (yield from _missing_sequences_plan(core, own, options["checkfirst"])):
        yield from _create_sequence_plan(core, sequence, options)
    if table._creator_ddl is not None:
        yield from core.execute_ddl_plan(table._creator_ddl)
    else:
        create = CreateTable(table, include_foreign_key_constraints=inline)
        yield from core.execute_ddl_plan(create)
    for index in sorted(table.indexes, key=lambda index: index._creation_order):
        yield from _create_index_plan(core, index, options)
    features = core.dialect.features
    if features.comments and not features.inline_comments:
        yield from _comments_plan(core, table)
    yield from _listeners_plan(core, table, "after_create", options)


def _comments_plan(core: Any, table: Table) -> Plan[None]:
    if table.comment is not None:
        yield from core.execute_ddl_plan(SetTableComment(table))
    for column in table.columns:
        if column.comment is not None:
            yield from core.execute_ddl_plan(SetColumnComment(column))
    for constraint in table._sorted_constraints:
        yield from _constraint_comment_plan(core, constraint)


def _constraint_comment_plan(core: Any, constraint: Any) -> Plan[None]:
    if constraint.comment is not None and core.dialect.features.constraint_comments:
        yield from core.execute_ddl_plan(SetConstraintComment(constraint))


def _drop_table_plan(core: Any, table: Table, options: dict[str, Any]) -> Plan[None]:
    make = DropTable if table._dropper_ddl is None else table._dropper_ddl
    yield from _one_plan(core, table, "drop", make(table), options)


def create_one_plan(core: Any, table: Table, checkfirst: bool | CheckFirst) -> Plan[None]:
    """Create one table, unless ``checkfirst`` finds it there."""
    check = CheckFirst.of(checkfirst, core)
    if not (yield from _choose_plan(core, [table], check, present=False)):
        return
    options = {"checkfirst": check, "_is_metadata_operation": False}
    yield from core.dialect.create_types_plan(core, [table], bool(check & CheckFirst.TYPES))
    yield from _create_table_plan(core, table, options)


def drop_one_plan(core: Any, table: Table, checkfirst: bool | CheckFirst) -> Plan[None]:
    """Drop one table, unless ``checkfirst`` finds it absent."""
    check = CheckFirst.of(checkfirst, core)
    if not (yield from _choose_plan(core, [table], check, present=True)):
        return
    options = {"checkfirst": check, "_is_metadata_operation": False}
    yield from _drop_table_plan(core, table, options)
    for sequence in _own_sequences(core, table):
        if (yield from _sequence_exists_plan(core, sequence, check, otherwise=True)):
            yield from _drop_sequence_plan(core, sequence, options)


# -- indexes


def _create_index_plan(core: Any, index: Index, options: dict[str, Any]) -> Plan[None]:
    create = CreateIndex(index)
    condition = index._ddl_if
    if condition is None or condition.holds(create, index, core.facade(), dialect=core.dialect):
        yield from _one_plan(core, index, "create", create, options)


def create_index_plan(core: Any, index: Index, checkfirst: bool | CheckFirst) -> Plan[None]:
    """Create one index, unless ``checkfirst`` finds it there."""
    check = CheckFirst.of(checkfirst, core)
    if not (yield from _index_exists_plan(core, index, check, otherwise=False)):
        yield from _create_index_plan(core, index, {"checkfirst": check})


def drop_index_plan(core: Any, index: Index, checkfirst: bool | CheckFirst) -> Plan[None]:
    """Drop one index, unless ``checkfirst`` finds it absent."""
    check = CheckFirst.of(checkfirst, core)
    if (yield from _index_exists_plan(core, index, check, otherwise=True)):
        yield from _one_plan(core, index, "drop", DropIndex(index), {"checkfirst": check})


def _index_exists_plan(
    core: Any, index: Index, check: CheckFirst, *, otherwise: bool
) -> Plan[bool]:
    table = index.table
    if CheckFirst.INDEXES not in check or table is None:
        return otherwise
    found: bool = yield from core.dialect.has_index_plan(
        core, table.name, index.name, core.schema_of(table)
    )
    return found


# -- sequences


def _sequences_of(core: Any, metadata: MetaData, *, loose: bool) -> list[Sequence]:
    """The sequences of a ``MetaData``, or only those that no column has as its default."""
    wanted = [s for s in metadata._sequences.values() if _is_wanted(core, s)]
    return [s for s in wanted if s.column is None] if loose else wanted


def _own_sequences(core: Any, table: Table) -> list[Sequence]:
    """The sequences that give the values of a table's columns."""
    defaults: list[Any] = [column.default for column in table.columns]
    return [d for d in defaults if d is not None and d.is_sequence and _is_wanted(core, d)]


def _is_wanted(core: Any, sequence: Sequence) -> bool:
    features = core.dialect.features
    return bool(features.sequences and not (sequence.optional and features.sequences_optional))


def _missing_sequences_plan(
    core: Any, sequences: list[Sequence], check: CheckFirst
) -> Plan[list[Sequence]]:
    """Those that aren't there, of which the database is asked once for each schema."""
    if CheckFirst.SEQUENCES not in check:
        return sequences
    present = set(map(id, (yield from _present_sequences_plan(core, sequences))))
    return [sequence for sequence in sequences if id(sequence) not in present]


def _present_sequences_plan(core: Any, sequences: list[Sequence]) -> Plan[list[Sequence]]:
    if not sequences:
        return sequences
    return (yield from present_plan(core, sequences, core.dialect.has_multi_sequence_plan))


def present_plan(
    core: Any,
    items: Iterable[_T],
    ask: Callable[[Any, set[str], str | None], Plan[Collection[str]]],
) -> Plan[list[_T]]:
    """Those of some sequences or types that exist.

    :param ask: tells which names of a schema do; it is asked once for each schema.
    """
    by_schema: dict[str | None, list[Any]] = {}
    for item in items:
        by_schema.setdefault(core.schema_of(item), []).append(item)
    found: list[_T] = []
    for schema, members in by_schema.items():
        present = yield from ask(core, {item.name for item in members}, schema)
        found += [item for item in members if item.name in present]
    return found


def _sequence_exists_plan(
    core: Any, sequence: Sequence, check: CheckFirst, *, otherwise: bool
) -> Plan[bool]:
    if CheckFirst.SEQUENCES not in check:
        return otherwise
    found: bool = yield from core.dialect.has_sequence_plan(
        core, sequence.name, core.schema_of(sequence)
    )
    return found


def _create_sequence_plan(core: Any, sequence: Sequence, options: dict[str, Any]) -> Plan[None]:
    yield from _one_plan(core, sequence, "create", CreateSequence(sequence), options)


def _drop_sequence_plan(core: Any, sequence: Sequence, options: dict[str, Any]) -> Plan[None]:
    yield from _one_plan(core, sequence, "drop", DropSequence(sequence), options)


def create_sequence_plan(
    core: Any, sequence: Sequence, checkfirst: bool | CheckFirst
) -> Plan[None]:
    """Create one sequence where the database has them, unless ``checkfirst`` finds it there."""
    check = CheckFirst.of(checkfirst, core)
    if not _is_wanted(core, sequence):
        return
    if not (yield from _sequence_exists_plan(core, sequence, check, otherwise=False)):
        yield from _create_sequence_plan(core, sequence, {"checkfirst": check})


def drop_sequence_plan(core: Any, sequence: Sequence, checkfirst: bool | CheckFirst) -> Plan[None]:
    """Drop one sequence where the database has them, unless ``checkfirst`` finds it absent."""
    check = CheckFirst.of(checkfirst, core)
    if not _is_wanted(core, sequence):
        return
    if (yield from _sequence_exists_plan(core, sequence, check, otherwise=True)):
        yield from _drop_sequence_plan(core, sequence, {"checkfirst": check})
