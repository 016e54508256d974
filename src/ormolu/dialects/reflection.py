"""The plans by which a dialect describes what a database holds.

A plan receives a ``ConnectionCore`` and asks with ``core.query_plan(sql, parameters)``, so that
listeners and the log see every question. A table that doesn't exist gives ``NoSuchTableError``;
what a database doesn't have (comments on SQLite) raises ``NotImplementedError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ormolu.dialects.reflected import (
    ReflectedCheckConstraint,
    ReflectedColumn,
    ReflectedForeignKeyConstraint,
    ReflectedIndex,
    ReflectedPrimaryKeyConstraint,
    ReflectedTableComment,
    ReflectedUniqueConstraint,
)
from ormolu.io.plan import Plan

__all__ = ["Core", "ReflectionPlans"]

#: A ``ConnectionCore`` of the engine room, of which a dialect uses ``driver`` and ``query_plan``.
Core = Any
Names = Plan[list[str]]


class ReflectionPlans:
    """The reflection half of a dialect; this one describes nothing."""

    name: ClassVar[str]

    def _missing(self, what: str) -> NotImplementedError:
        return NotImplementedError(f"the {self.name!r} dialect has no {what}()")

    # -- names

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a table (or view) exists."""
        yield from ()
        raise self._missing("has_table")

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

    # -- types that stand on their own

    def create_types_plan(self, core: Core, tables: Sequence[Any], checkfirst: bool) -> Plan[None]:
        """Create the types that the columns of ``tables`` need (``CREATE TYPE … AS ENUM``)."""
        yield from ()

    def drop_types_plan(self, core: Core, tables: Sequence[Any], checkfirst: bool) -> Plan[None]:
        """Drop the types that ``create_types_plan`` creates, after the tables are gone."""
        yield from ()
