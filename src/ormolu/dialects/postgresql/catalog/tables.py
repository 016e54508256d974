"""The comments of tables, and the options that they were made with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ormolu.dialects.base import Core
from ormolu.dialects.postgresql.catalog.asking import relations, rows_plan
from ormolu.dialects.postgresql.catalog.indexes import storage
from ormolu.dialects.reflected import ObjectKind, ObjectScope, ReflectedTableComment
from ormolu.io.plan import Plan

__all__ = ["Tables"]

_COMMENTS = """\
SELECT c.relname, pg_catalog.obj_description(c.oid, 'pg_class') {source} \
WHERE {where} ORDER BY c.relname"""
# A partition is an heir to the catalog, but INHERITS is not how one is made.
_OPTIONS = """\
SELECT c.relname, \
ARRAY(SELECT CAST(p.relname AS text) FROM pg_catalog.pg_inherits AS h \
JOIN pg_catalog.pg_class AS p ON p.oid = h.inhparent \
WHERE h.inhrelid = c.oid AND NOT c.relispartition ORDER BY h.inhseqno), \
CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, \
m.amname, c.reloptions, s.spcname {source} \
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND m.amname <> 'heap' \
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace \
WHERE {where} ORDER BY c.relname"""


class Tables:
    """The plans that describe tables as a whole; a part of the dialect."""

    def get_multi_table_comment_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, ReflectedTableComment]]:
        """Return the comments of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _COMMENTS.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        return {name: {"text": comment} for name, comment in rows}

    def get_multi_table_options_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, dict[str, Any]]]:
        """Return the options of several tables, by name, as keywords of `Table`."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _OPTIONS.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        return {row[0]: _options(*row[1:]) for row in rows}


def _options(
    parents: list[str],
    partition_by: str | None,
    using: str | None,
    parameters: list[str] | None,
    tablespace: str | None,
) -> dict[str, Any]:
    options = {
        "postgresql_inherits": tuple(parents),
        "postgresql_partition_by": partition_by,
        "postgresql_using": using,
        "postgresql_with": storage(parameters),
        "postgresql_tablespace": tablespace,
    }
    return {name: value for name, value in options.items() if value}
