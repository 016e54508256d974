"""The plans by which a dialect describes what a database holds.

A plan receives a ``ConnectionCore`` and asks with ``core.query_plan(sql, parameters)``, or with
``core.look_plan(sql, absent)`` where the question fails when the answer is no, so that listeners
and the log see every question. A table that doesn't exist gives ``NoSuchTableError``; what a
database doesn't have (comments on SQLite) raises ``NotImplementedError``.

Every question about one table has a twin about many, ``get_multi_<what>_plan``, which answers by
the tables' names and leaves out what isn't there. A dialect states one of the two: without more,
the twin asks table by table; a dialect that answers for many in a query or two sets
``describes_many``, and its plans for one table are those for many with one name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from ormolu.dialects.reflected import (
    ObjectKind,
    ObjectScope,
    ReflectedCheckConstraint,
    ReflectedColumn,
    ReflectedForeignKeyConstraint,
    ReflectedIndex,
    ReflectedPrimaryKeyConstraint,
    ReflectedTableComment,
    ReflectedUniqueConstraint,
)
from ormolu.exc import NoSuchTableError
from ormolu.io.plan import Plan

if TYPE_CHECKING:
    from ormolu.dialects.inspector import Inspector
    from ormolu.engine.connection import Connection
    from ormolu.engine.engine import Engine
    from ormolu.schema.table import Table
    from ormolu.types import TypeEngine

__all__ = ["DESCRIBED", "Core", "ReflectionPlans"]

T = TypeVar("T")

#: A ``ConnectionCore`` of the engine room, of which a dialect uses what the module names.
Core = Any
Names = Plan[list[str]]

#: What a table is described by: ``get_<what>_plan`` and ``get_multi_<what>_plan``.
DESCRIBED = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_comment",
    "table_options",
)


_INSTEAD: Final = {
    "get_table_comment": "the database keeps no comments; write Table.comment in the program",
    "get_sequence_names": "the database has no sequences; an Integer primary key makes its values",
    "get_materialized_view_names": "the database has plain views alone; write get_view_names()",
}
"""What to write where a database has no such things."""


class ReflectionPlans:
    """The reflection half of a dialect; this one describes nothing."""

    name: ClassVar[str]
    #: Whether a question about many tables takes a query or two rather than some for each table.
    describes_many: ClassVar[bool] = False

    #: What it describes tables by.
    described: ClassVar[tuple[str, ...]] = DESCRIBED
    #: Keywords of `Table` and of inspectors that change what foreign keys are described as.
    reflection_options: ClassVar[tuple[str, ...]] = ()
    #: The class of its inspectors, or its name as ``module:class``.
    inspector: ClassVar[str | type[Inspector]] = "ormolu.dialects.inspector:Inspector"

    def make_inspector(self, bind: Engine | Connection) -> Inspector:
        """Return an inspector; its module is loaded when the first one is made."""
        found = self.inspector
        if isinstance(found, str):
            module, _, name = found.partition(":")
            found = getattr(import_module(module), name)
        made: Inspector = found(bind)
        return made

    def _missing(self, what: str) -> NotImplementedError:
        instead = _INSTEAD.get(what, f"a dialect that has such things overrides {what}_plan()")
        return NotImplementedError(f"the {self.name!r} dialect has no {what}(): {instead}")

    # -- names

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a table (or view) exists."""
        yield from ()
        raise self._missing("has_table")

    def has_multi_table_plan(
        self, core: Core, names: Collection[str], schema: str | None = None
    ) -> Plan[set[str]]:
        """Say which of several tables (or views) exist."""
        found: set[str] = set()
        for name in names:
            if (yield from self.has_table_plan(core, name, schema)):
                found.add(name)
        return found

    def has_index_plan(
        self, core: Core, table: str, name: str, schema: str | None = None
    ) -> Plan[bool]:
        """Say whether a table has an index of that name."""
        if not (yield from self.has_table_plan(core, table, schema)):
            return False
        indexes = yield from self.get_indexes_plan(core, table, schema)
        return any(index["name"] == name for index in indexes)

    def has_sequence_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a sequence exists."""
        return name in (yield from self.get_sequence_names_plan(core, schema))

    def has_multi_sequence_plan(
        self, core: Core, names: Collection[str], schema: str | None = None
    ) -> Plan[set[str]]:
        """Say which of several sequences exist."""
        return set(names).intersection((yield from self.get_sequence_names_plan(core, schema)))

    def has_schema_plan(self, core: Core, name: str) -> Plan[bool]:
        """Say whether a schema exists."""
        return name in (yield from self.get_schema_names_plan(core))

    def get_schema_names_plan(self, core: Core) -> Names:
        """List the schemas."""
        yield from ()
        raise self._missing("get_schema_names")

    def get_table_names_plan(self, core: Core, schema: str | None = None) -> Names:
        """List the tables."""
        yield from ()
        raise self._missing("get_table_names")

    def get_temp_table_names_plan(self, core: Core) -> Names:
        """List the temporary tables of this connection."""
        yield from ()
        raise self._missing("get_temp_table_names")

    def get_view_names_plan(self, core: Core, schema: str | None = None) -> Names:
        """List the views."""
        yield from ()
        raise self._missing("get_view_names")

    def get_temp_view_names_plan(self, core: Core) -> Names:
        """List the temporary views of this connection."""
        yield from ()
        raise self._missing("get_temp_view_names")

    def get_materialized_view_names_plan(self, core: Core, schema: str | None = None) -> Names:
        """List the materialized views."""
        yield from ()
        raise self._missing("get_materialized_view_names")

    def get_sequence_names_plan(self, core: Core, schema: str | None = None) -> Names:
        """List the sequences."""
        yield from ()
        raise self._missing("get_sequence_names")

    # -- what a table consists of

    def get_view_definition_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[str]:
        """Return the text of a view."""
        yield from ()
        raise self._missing("get_view_definition")

    def get_columns_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedColumn]]:
        """Describe the columns of a table, in order."""
        yield from ()
        raise self._missing("get_columns")

    def get_pk_constraint_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[ReflectedPrimaryKeyConstraint]:
        """Describe the primary key of a table."""
        yield from ()
        raise self._missing("get_pk_constraint")

    def get_foreign_keys_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedForeignKeyConstraint]]:
        """Describe the foreign keys of a table."""
        yield from ()
        raise self._missing("get_foreign_keys")

    def get_indexes_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedIndex]]:
        """Describe the indexes of a table, without those that a constraint made."""
        yield from ()
        raise self._missing("get_indexes")

    def get_unique_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedUniqueConstraint]]:
        """Describe the unique constraints of a table."""
        yield from ()
        raise self._missing("get_unique_constraints")

    def get_check_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedCheckConstraint]]:
        """Describe the CHECK constraints of a table."""
        yield from ()
        raise self._missing("get_check_constraints")

    def get_table_comment_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[ReflectedTableComment]:
        """Return the comment of a table."""
        yield from ()
        raise self._missing("get_table_comment")

    def get_table_options_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[dict[str, Any]]:
        """Return the options of a table, as the dialect's keywords of `Table`."""
        yield from ()
        return {}

    # -- many tables at once

    def describing_core_plan(
        self, core: Core, schema: str | None, filter_names: Collection[str] | None
    ) -> Plan[Core]:
        """Return what several tables are described by: the core, or one that knows of them all."""
        yield from ()
        return core

    def describe_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
        *,
        questions: Collection[str],
        **options: Any,
    ) -> Plan[dict[str, dict[str, Any]]]:
        """Answer several questions about several tables: by question, then by name.

        :param questions: of ``described``.
        :param options: of ``reflection_options``.
        """
        core = yield from self.describing_core_plan(core, schema, filter_names)
        found: dict[str, dict[str, Any]] = {}
        for what in questions:
            ask = getattr(self, f"get_multi_{what}_plan")
            given = options if what == "foreign_keys" else {}
            try:
                found[what] = yield from ask(core, schema, filter_names, kind, scope, **given)
            except NotImplementedError:
                continue  # the database has nothing of the kind
        return found

    def object_names_plan(
        self, core: Core, schema: str | None, kind: ObjectKind, scope: ObjectScope
    ) -> Names:
        """List the tables and views of these kinds; none where the database has no such kind."""
        names: list[str] = []
        lasting, temporary = ObjectScope.DEFAULT in scope, ObjectScope.TEMPORARY in scope
        if ObjectKind.TABLE in kind:
            names += yield from _listed_plan(lasting, self.get_table_names_plan, core, schema)
            names += yield from _listed_plan(temporary, self.get_temp_table_names_plan, core)
        if ObjectKind.VIEW in kind:
            names += yield from _listed_plan(lasting, self.get_view_names_plan, core, schema)
            names += yield from _listed_plan(temporary, self.get_temp_view_names_plan, core)
        if ObjectKind.MATERIALIZED_VIEW in kind:
            views = self.get_materialized_view_names_plan
            names += yield from _listed_plan(lasting, views, core, schema)
        return names

    def _each_plan(
        self,
        describe: Callable[[Core, str, str | None], Plan[T]],
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, T]]:
        """Describe several tables by asking for one after the other."""
        core = yield from self.describing_core_plan(core, schema, filter_names)
        found: dict[str, T] = {}
        for name in (yield from self.object_names_plan(core, schema, kind, scope)):
            if filter_names is None or name in filter_names:
                try:
                    found[name] = yield from describe(core, name, schema)
                except NoSuchTableError:
                    continue  # dropped since it was listed
        return found

    def get_multi_columns_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedColumn]]]:
        """Describe the columns of several tables, by name."""
        one = self.get_columns_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_pk_constraint_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, ReflectedPrimaryKeyConstraint]]:
        """Describe the primary keys of several tables, by name."""
        one = self.get_pk_constraint_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_foreign_keys_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedForeignKeyConstraint]]]:
        """Describe the foreign keys of several tables, by name."""
        one = self.get_foreign_keys_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_indexes_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedIndex]]]:
        """Describe the indexes of several tables, by name."""
        one = self.get_indexes_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_unique_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedUniqueConstraint]]]:
        """Describe the unique constraints of several tables, by name."""
        one = self.get_unique_constraints_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_check_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedCheckConstraint]]]:
        """Describe the CHECK constraints of several tables, by name."""
        one = self.get_check_constraints_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_table_comment_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, ReflectedTableComment]]:
        """Return the comments of several tables, by name."""
        one = self.get_table_comment_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def get_multi_table_options_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, dict[str, Any]]]:
        """Return the options of several tables, by name."""
        one = self.get_table_options_plan
        return self._each_plan(one, core, schema, filter_names, kind, scope)

    def reflect_further(
        self, table: Table, inspector: Inspector, columns: Mapping[str, Any]
    ) -> None:
        """Add to a reflected table what only this database has.

        :param columns: the table's reflected columns by the database's names.
        """

    def stated_identity(
        self, identity: Mapping[str, Any], type_: TypeEngine[Any]
    ) -> dict[str, Any]:
        """Return what of a reflected identity a program would state, as keywords of `Identity`."""
        return dict(identity)

    # -- types that stand on their own

    def create_types_plan(self, core: Core, tables: Sequence[Any], checkfirst: bool) -> Plan[None]:
        """Create the types that the columns of ``tables`` need (``CREATE TYPE … AS ENUM``)."""
        yield from ()

    def drop_types_plan(self, core: Core, tables: Sequence[Any], checkfirst: bool) -> Plan[None]:
        """Drop the types that ``create_types_plan`` creates, after the tables are gone."""
        yield from ()


def _listed_plan(wanted: bool, names: Callable[..., Names], *args: Any) -> Names:
    """The names, none where they aren't wanted or the database has nothing of the kind."""
    if not wanted:
        return []
    try:
        return (yield from names(*args))
    except NotImplementedError:
        return []
