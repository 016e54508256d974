"""Foreign keys, and when the name of a schema is a part of what they refer to.

A table that the search path leads to is referred to without a schema, as a program names it. If the
referring table was asked for by its schema, tables of that schema are named with it. With
``postgresql_ignore_search_path`` only tables of the default schema go without.
https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any, NamedTuple

from ormolu.dialects.base import Core
from ormolu.dialects.many import one_plan
from ormolu.dialects.postgresql.catalog.asking import relations, rows_plan
from ormolu.dialects.postgresql.catalog.constraints import COMMENT, columns_of, deferring
from ormolu.dialects.reflected import ObjectKind, ObjectScope, ReflectedForeignKeyConstraint
from ormolu.io.plan import Plan

__all__ = ["ForeignKeys"]

#: The keys that a partitioned table's partitions add to a key that refers to it are left out. The
#: columns of ``ON DELETE SET NULL (…)`` are new in PostgreSQL 15.
_FOREIGN_KEYS = f"""\
SELECT c.relname, k.conname, {columns_of("k.conrelid", "k.conkey")}, \
s.nspname, r.relname, pg_catalog.pg_table_is_visible(r.oid), \
{columns_of("k.confrelid", "k.confkey")}, \
CAST(k.confupdtype AS text), CAST(k.confdeltype AS text), \
ARRAY(SELECT pg_catalog.quote_ident(a.attname) FROM jsonb_array_elements_text(\
NULLIF(pg_catalog.to_jsonb(k) -> 'confdelsetcols', 'null')) AS u (number) \
JOIN pg_catalog.pg_attribute AS a \
ON a.attrelid = k.conrelid AND a.attnum = CAST(u.number AS int)), \
CAST(k.confmatchtype AS text), k.condeferrable, k.condeferred, k.convalidated, {COMMENT} \
{{source}} \
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f' \
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS o \
WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid) \
LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid \
LEFT JOIN pg_catalog.pg_namespace AS s ON s.oid = r.relnamespace \
WHERE {{where}} ORDER BY c.relname, k.conname"""
_ACTIONS = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_MATCHES = {"f": "FULL", "p": "PARTIAL"}


class _Row(NamedTuple):
    """A foreign key as the query gives it."""

    table: str
    name: str
    columns: list[str]
    referred_schema: str
    referred_table: str
    visible: bool
    referred_columns: list[str]
    on_update: str
    on_delete: str
    set_columns: list[str]
    match: str
    deferrable: bool
    deferred: bool
    valid: bool
    comment: str | None


class ForeignKeys:
    """The plans that describe foreign keys; a part of the dialect."""

    default_schema_name: Any

    def get_multi_foreign_keys_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
        postgresql_ignore_search_path: bool = False,
    ) -> Plan[dict[str, list[ReflectedForeignKeyConstraint]]]:
        """Describe the foreign keys of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _FOREIGN_KEYS.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        found: dict[str, list[ReflectedForeignKeyConstraint]] = {row[0]: [] for row in rows}
        for row in (_Row(*row) for row in rows if row[1] is not None):
            unnamed = row.visible
            if postgresql_ignore_search_path:
                unnamed = row.referred_schema == self.default_schema_name
            if row.referred_schema == schema:
                unnamed = False
            found[row.table].append(_described(row, None if unnamed else row.referred_schema))
        return found

    def get_foreign_keys_plan(
        self,
        core: Core,
        name: str,
        schema: str | None = None,
        postgresql_ignore_search_path: bool = False,
    ) -> Plan[list[ReflectedForeignKeyConstraint]]:
        """Describe the foreign keys of a table."""

        describe = partial(
            self.get_multi_foreign_keys_plan,
            postgresql_ignore_search_path=postgresql_ignore_search_path,
        )
        return one_plan(describe, core, name, schema)


def _described(row: _Row, referred_schema: str | None) -> ReflectedForeignKeyConstraint:
    found: ReflectedForeignKeyConstraint = {
        "name": row.name,
        "constrained_columns": row.columns,
        "referred_schema": referred_schema,
        "referred_table": row.referred_table,
        "referred_columns": row.referred_columns,
        "options": _options(row),
        "comment": row.comment,
    }
    if not row.valid:
        found["dialect_options"] = {"not_valid": True}
    return found


def _options(row: _Row) -> dict[str, Any]:
    """What a foreign key has that is not the default."""
    options: dict[str, Any] = {}
    if row.on_update in _ACTIONS:
        options["onupdate"] = _ACTIONS[row.on_update]
    if row.on_delete in _ACTIONS:
        columns = f" ({', '.join(row.set_columns)})" if row.set_columns else ""
        options["ondelete"] = _ACTIONS[row.on_delete] + columns
    options.update(deferring(row.deferrable, row.deferred))
    if row.match in _MATCHES:
        options["match"] = _MATCHES[row.match]
    return options
