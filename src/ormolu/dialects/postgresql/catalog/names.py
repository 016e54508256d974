"""Which schemas, tables, views, sequences and types there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ormolu.dialects.base import Core
from ormolu.dialects.postgresql.catalog.asking import Rows, named, relations, rows_plan
from ormolu.dialects.reflected import ObjectKind, ObjectScope
from ormolu.exc import NoSuchTableError
from ormolu.io.plan import Plan

__all__ = ["Names"]

_RELATIONS = """\
SELECT c.relname FROM pg_catalog.pg_class AS c \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
WHERE c.relkind IN ({kinds}) AND {where} ORDER BY c.relname"""
_TYPE = """\
SELECT 1 FROM pg_catalog.pg_type AS t \
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace \
WHERE t.typname = :name AND {where} LIMIT 1"""
_TYPES = """\
SELECT t.typname FROM pg_catalog.pg_type AS t \
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace \
WHERE t.typname = ANY (CAST(:names AS text[])) AND {where}"""
_SCHEMAS = """\
SELECT n.nspname FROM pg_catalog.pg_namespace AS n \
WHERE pg_catalog.left(n.nspname, 3) <> 'pg_' ORDER BY n.nspname"""
_LASTING = " AND c.relpersistence <> 't'"
_TEMPORARY = " AND c.relpersistence = 't'"
_ANY_RELATION = "'r', 'p', 'f', 'v', 'm'"
_VISIBLE_TYPE = "pg_catalog.pg_type_is_visible(t.oid)"


class Names:
    """The plans that list and find things by their names; a part of the dialect."""

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a table, view or foreign table exists."""
        where = f"{named(schema)} AND c.relname = :name"
        return bool((yield from _listed_plan(core, _ANY_RELATION, where, schema, name)))

    def has_multi_table_plan(
        self, core: Core, names: Collection[str], schema: str | None = None
    ) -> Plan[set[str]]:
        """Say which of several tables, views or foreign tables exist."""
        if not names:
            return set()
        asked = relations(schema, names)
        sql = f"SELECT c.relname {asked.source} WHERE {asked.where}"
        return {row[0] for row in (yield from rows_plan(core, sql, **asked.values))}

    def has_sequence_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a sequence exists."""
        where = f"{named(schema)} AND c.relname = :name"
        return bool((yield from _listed_plan(core, "'S'", where, schema, name)))

    def has_multi_sequence_plan(
        self, core: Core, names: Collection[str], schema: str | None = None
    ) -> Plan[set[str]]:
        """Say which of several sequences exist."""
        where = f"{named(schema)} AND c.relname = ANY (CAST(:names AS text[]))"
        sql = _RELATIONS.format(kinds="'S'", where=where)
        rows = yield from rows_plan(core, sql, schema=schema, names=list(names))
        return {row[0] for row in rows}

    def has_multi_type_plan(
        self, core: Core, names: Collection[str], schema: str | None = None
    ) -> Plan[set[str]]:
        """Say which of several types exist."""
        sql = _TYPES.format(where=named(schema, _VISIBLE_TYPE))
        rows = yield from rows_plan(core, sql, schema=schema, names=list(names))
        return {row[0] for row in rows}

    def has_type_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a type exists; of the schema ``"*"``, in any schema."""
        where = "true" if schema == "*" else named(schema, _VISIBLE_TYPE)
        sql = _TYPE.format(where=where)
        return bool((yield from rows_plan(core, sql, name=name, schema=schema)))

    def has_schema_plan(self, core: Core, name: str) -> Plan[bool]:
        """Say whether a schema exists."""
        sql = "SELECT 1 FROM pg_catalog.pg_namespace AS n WHERE n.nspname = :name"
        return bool((yield from rows_plan(core, sql, name=name)))

    def get_schema_names_plan(self, core: Core) -> Plan[list[str]]:
        """List the schemas, the system's own left out."""
        return [row[0] for row in (yield from rows_plan(core, _SCHEMAS))]

    def get_table_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        """List the tables, partitioned ones and partitions among them."""
        return _listed_plan(core, "'r', 'p'", named(schema) + _LASTING, schema)

    def get_temp_table_names_plan(self, core: Core) -> Plan[list[str]]:
        """List the temporary tables of this connection."""
        return _listed_plan(core, "'r', 'p'", named(None) + _TEMPORARY)

    def get_foreign_table_names_plan(
        self, core: Core, schema: str | None = None
    ) -> Plan[list[str]]:
        """List the foreign tables."""
        return _listed_plan(core, "'f'", named(schema), schema)

    def get_view_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        """List the views that are not materialized."""
        return _listed_plan(core, "'v'", named(schema) + _LASTING, schema)

    def get_temp_view_names_plan(self, core: Core) -> Plan[list[str]]:
        """List the temporary views of this connection."""
        return _listed_plan(core, "'v'", named(None) + _TEMPORARY)

    def get_materialized_view_names_plan(
        self, core: Core, schema: str | None = None
    ) -> Plan[list[str]]:
        """List the materialized views."""
        return _listed_plan(core, "'m'", named(schema), schema)

    def get_sequence_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        """List the sequences, those of serial and identity columns among them."""
        return _listed_plan(core, "'S'", named(schema), schema)

    def get_table_oid_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[int]:
        """Return the number by which the catalogue knows a table or view.

        :raises NoSuchTableError: it isn't there.
        """
        asked = relations(schema, (name,))
        sql = f"SELECT CAST(c.oid AS bigint) {asked.source} WHERE {asked.where}"
        rows = yield from rows_plan(core, sql, **asked.values)
        return int(_only(rows, name, schema))

    def get_view_definition_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[str]:
        """Return the text of a view, materialized or not, as the server writes it.

        :raises NoSuchTableError: it isn't there.
        """
        asked = relations(schema, (name,), ObjectKind.ANY_VIEW, ObjectScope.ANY)
        definition = "pg_catalog.pg_get_viewdef(c.oid)"
        rows = yield from rows_plan(
            core, f"SELECT {definition} {asked.source} WHERE {asked.where}", **asked.values
        )
        return str(_only(rows, name, schema))


def _only(rows: Rows, name: str, schema: str | None) -> Any:
    if not rows:
        raise NoSuchTableError(name if schema is None else f"{schema}.{name}")
    return rows[0][0]


def _listed_plan(
    core: Core, kinds: str, where: str, schema: str | None = None, name: str | None = None
) -> Plan[list[str]]:
    sql = _RELATIONS.format(kinds=kinds, where=where)
    rows = yield from rows_plan(core, sql, schema=schema, name=name)
    return [row[0] for row in rows]
