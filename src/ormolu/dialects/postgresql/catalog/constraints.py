"""Primary keys, and unique, CHECK and exclusion constraints.

https://www.postgresql.org/docs/current/catalog-pg-constraint.html
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from ormolu.dialects.base import Core
from ormolu.dialects.many import one_plan
from ormolu.dialects.postgresql.catalog.asking import Rows, relations, rows_plan
from ormolu.dialects.postgresql.reflected import ReflectedExcludeConstraint
from ormolu.dialects.reflected import (
    ObjectKind,
    ObjectScope,
    ReflectedCheckConstraint,
    ReflectedPrimaryKeyConstraint,
    ReflectedUniqueConstraint,
    ReflectionDefaults,
)
from ormolu.io.plan import Plan

__all__ = ["COMMENT", "Constraints", "columns_of", "deferring"]


def columns_of(relation: str, numbers: str) -> str:
    """The SQL of an array of column names in the order of their numbers; NULL for number 0."""
    return (
        "ARRAY(SELECT CAST(a.attname AS text) "
        f"FROM unnest({numbers}) WITH ORDINALITY AS u (number, place) "
        "LEFT JOIN pg_catalog.pg_attribute AS a "
        f"ON a.attrelid = {relation} AND a.attnum = u.number "
        "ORDER BY u.place)"
    )


#: The comment of a constraint ``k``.
COMMENT = "pg_catalog.obj_description(k.oid, 'pg_constraint')"
#: All columns of the index ``i`` of a key, how many of them are the key's own, and a flag of
#: PostgreSQL 15.
_INDEXED = columns_of("k.conrelid", "CAST(i.indkey AS int2[])")
_NULLS_NOT_DISTINCT = "pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct' = 'true'"
_KEYS = f"""\
SELECT c.relname, k.conname, {_INDEXED}, i.indnkeyatts, {_NULLS_NOT_DISTINCT}, \
k.condeferrable, k.condeferred, {COMMENT} \
{{source}} \
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = '{{contype}}' \
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = k.conindid \
WHERE {{where}} ORDER BY c.relname, k.conname"""
_CHECKS = f"""\
SELECT c.relname, k.conname, pg_catalog.pg_get_expr(k.conbin, k.conrelid, true), \
k.convalidated, k.connoinherit, {COMMENT} {{source}} \
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'c' \
WHERE {{where}} ORDER BY c.relname, k.conname"""
_EXCLUSIONS = f"""\
SELECT c.relname, k.conname, \
ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, CAST(g.place AS int), true) \
FROM generate_series(1, i.indnkeyatts) AS g (place) ORDER BY g.place), \
ARRAY(SELECT CAST(p.oprname AS text) \
FROM unnest(k.conexclop) WITH ORDINALITY AS u (oid, place) \
JOIN pg_catalog.pg_operator AS p ON p.oid = u.oid ORDER BY u.place), \
ARRAY(SELECT CASE WHEN NOT q.opcdefault THEN CAST(q.opcname AS text) END \
FROM unnest(CAST(i.indclass AS oid[])) WITH ORDINALITY AS u (oid, place) \
JOIN pg_catalog.pg_opclass AS q ON q.oid = u.oid ORDER BY u.place), \
{columns_of("k.conrelid", "k.conkey")}, m.amname, \
pg_catalog.pg_get_expr(i.indpred, i.indrelid, true), k.condeferrable, k.condeferred, {COMMENT} \
{{source}} \
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'x' \
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = k.conindid \
LEFT JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid \
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = x.relam \
WHERE {{where}} ORDER BY c.relname, k.conname"""


class Constraints:
    """The plans that describe constraints other than foreign keys; a part of the dialect."""

    def get_multi_pk_constraint_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, ReflectedPrimaryKeyConstraint]]:
        """Describe the primary keys of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _KEYS.format(contype="p", source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        return {row[0]: _primary_key(row) for row in rows}

    def get_multi_unique_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedUniqueConstraint]]]:
        """Describe the unique constraints of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _KEYS.format(contype="u", source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        found: dict[str, list[ReflectedUniqueConstraint]] = {row[0]: [] for row in rows}
        for row in map(_Key._make, _existing(rows)):
            found[row.table].append(_unique(row))
        return found

    def get_multi_check_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedCheckConstraint]]]:
        """Describe the CHECK constraints of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _CHECKS.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        found: dict[str, list[ReflectedCheckConstraint]] = {row[0]: [] for row in rows}
        for table, name, condition, valid, no_inherit, comment in _existing(rows):
            check: ReflectedCheckConstraint = {
                "name": name,
                "sqltext": condition,
                "comment": comment,
            }
            options = {"not_valid": not valid, "no_inherit": no_inherit}
            if any(options.values()):
                check["dialect_options"] = {k: True for k, given in options.items() if given}
            found[table].append(check)
        return found

    def get_multi_exclude_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedExcludeConstraint]]]:
        """Describe the exclusion constraints of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _EXCLUSIONS.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        found: dict[str, list[ReflectedExcludeConstraint]] = {row[0]: [] for row in rows}
        for row in _existing(rows):
            found[row[0]].append(_exclusion(row))
        return found

    def get_exclude_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedExcludeConstraint]]:
        """Describe the exclusion constraints of a table."""
        return one_plan(self.get_multi_exclude_constraints_plan, core, name, schema)


def _existing(rows: Rows) -> Rows:
    """The rows of constraints, without those that only say that a table has none."""
    return [row for row in rows if row[1] is not None]


class _Key(NamedTuple):
    """A primary key or unique constraint as the query gives it."""

    table: str
    name: str
    columns: list[str]
    size: int
    nulls_not_distinct: bool | None
    deferrable: bool
    deferred: bool
    comment: str | None


def _primary_key(row: tuple[Any, ...]) -> ReflectedPrimaryKeyConstraint:
    key = _Key._make(row)
    if row[1] is None:
        return ReflectionDefaults.pk_constraint()
    found: ReflectedPrimaryKeyConstraint = {
        "name": key.name,
        "constrained_columns": key.columns[: key.size],
        "comment": key.comment,
        "dialect_options": {"postgresql_include": key.columns[key.size :]},
    }
    found.update(deferring(key.deferrable, key.deferred))  # type: ignore[typeddict-item]
    return found


def _unique(key: _Key) -> ReflectedUniqueConstraint:
    found: ReflectedUniqueConstraint = {
        "name": key.name,
        "column_names": key.columns[: key.size],
        "comment": key.comment,
        "dialect_options": {
            "postgresql_include": key.columns[key.size :],
            "postgresql_nulls_not_distinct": bool(key.nulls_not_distinct),
        },
    }
    found.update(deferring(key.deferrable, key.deferred))  # type: ignore[typeddict-item]
    return found


def deferring(deferrable: bool, deferred: bool) -> dict[str, Any]:
    """When a constraint is verified, as keywords of it; nothing for the default."""
    options: dict[str, Any] = {"deferrable": True} if deferrable else {}
    if deferred:
        options["initially"] = "DEFERRED"
    return options


def _exclusion(row: tuple[Any, ...]) -> ReflectedExcludeConstraint:
    _, name, expressions, operators, ops, columns, using, where, deferrable, deferred, comment = row
    return {
        "name": name,
        "column_names": columns,
        "expressions": [
            expression if column is None else column
            for expression, column in zip(expressions, columns, strict=True)
        ],
        "operators": operators,
        "ops": {
            expression if column is None else column: op_class
            for expression, column, op_class in zip(expressions, columns, ops, strict=True)
            if op_class is not None
        },
        "using": using,
        "where": where,
        "options": deferring(deferrable, deferred),
        "comment": comment,
    }
