"""What there is in a PostgreSQL database, asked of its catalogue.

https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from typing import Any

from ormolu.compiler.statement import compile_statement
from ormolu.dialects.base import Core
from ormolu.io.plan import Plan
from ormolu.io.requests import FetchAll
from ormolu.sql.text import text

__all__ = ["Catalog"]

_RELATION = """\
SELECT count(*) FROM pg_catalog.pg_class AS c \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
WHERE c.relname = :name AND c.relkind = ANY (string_to_array(:kinds, NULL)) AND """
_TYPE = """\
SELECT count(*) FROM pg_catalog.pg_type AS c \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.typnamespace \
WHERE c.typname = :name AND """
_VISIBLE_RELATION = "pg_catalog.pg_table_is_visible(c.oid)"
_VISIBLE_TYPE = "pg_catalog.pg_type_is_visible(c.oid)"
_IN_SCHEMA = "n.nspname = :schema"


class Catalog:
    """The plans that ask for one thing by its name; a part of the dialect."""

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a table, view or foreign table exists."""
        return (yield from self._has_relation_plan(core, name, schema, "rfvmp"))

    def has_sequence_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a sequence exists."""
        return (yield from self._has_relation_plan(core, name, schema, "S"))

    def has_type_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        """Say whether a type exists."""
        where = _VISIBLE_TYPE if schema is None else _IN_SCHEMA
        rows = yield from _rows_plan(core, _TYPE + where, name=name, schema=schema)
        return bool(rows[0][0])

    def _has_relation_plan(
        self, core: Core, name: str, schema: str | None, kinds: str
    ) -> Plan[bool]:
        where = _VISIBLE_RELATION if schema is None else _IN_SCHEMA
        rows = yield from _rows_plan(core, _RELATION + where, name=name, schema=schema, kinds=kinds)
        return bool(rows[0][0])


def _rows_plan(core: Core, sql: str, **values: Any) -> Plan[list[tuple[Any, ...]]]:
    statement = text(sql)
    known = {bind.key for bind in statement._bindparams}
    statement = statement.bindparams(**{k: v for k, v in values.items() if k in known})
    compiled = compile_statement(statement, core.dialect)
    rows: list[tuple[Any, ...]] = yield FetchAll(
        core.driver, compiled.sql, compiled.pack(statement._binds, {})
    )
    return rows
