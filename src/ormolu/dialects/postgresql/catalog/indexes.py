"""The indexes of tables, without those of primary keys.

https://www.postgresql.org/docs/current/catalog-pg-index.html
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from ormolu.dialects.base import Core
from ormolu.dialects.postgresql.catalog.asking import relations, rows_plan
from ormolu.dialects.reflected import ObjectKind, ObjectScope, ReflectedIndex
from ormolu.io.plan import Plan

__all__ = ["Indexes", "storage"]

#: One row per index; its parts are arrays, those that are included after those of the key. The flag
#: is new in PostgreSQL 15.
_INDEXES = """\
SELECT c.relname, x.relname, i.indisunique, i.indnkeyatts, m.amname, \
ARRAY(SELECT CASE WHEN u.number <> 0 THEN CAST(a.attname AS text) END \
FROM unnest(CAST(i.indkey AS int2[])) WITH ORDINALITY AS u (number, place) \
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number \
ORDER BY u.place), \
ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, CAST(g.place AS int), true) \
FROM generate_series(1, i.indnatts) AS g (place) ORDER BY g.place), \
CAST(CAST(i.indoption AS int2[]) AS int[]), \
ARRAY(SELECT CASE WHEN NOT q.opcdefault THEN CAST(q.opcname AS text) END \
FROM unnest(CAST(i.indclass AS oid[])) WITH ORDINALITY AS u (oid, place) \
JOIN pg_catalog.pg_opclass AS q ON q.oid = u.oid ORDER BY u.place), \
ARRAY(SELECT (SELECT CAST(o.collname AS text) FROM pg_catalog.pg_collation AS o \
WHERE o.oid = u.oid AND o.oid <> a.attcollation) \
FROM unnest(CAST(i.indcollation AS oid[])) WITH ORDINALITY AS u (oid, place) \
LEFT JOIN pg_catalog.pg_attribute AS a \
ON a.attrelid = i.indrelid AND a.attnum = i.indkey[u.place - 1] ORDER BY u.place), \
pg_catalog.pg_get_expr(i.indpred, i.indrelid), x.reloptions, \
pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct' = 'true', \
(SELECT k.conname FROM pg_catalog.pg_constraint AS k \
WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid \
AND k.contype IN ('p', 'u', 'x') LIMIT 1), \
(SELECT t.spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = x.reltablespace) \
{source} \
LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND NOT i.indisprimary \
LEFT JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid \
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = x.relam \
WHERE {where} ORDER BY c.relname, x.relname"""

#: The bits of ``indoption``.
_DESCENDING, _NULLS_FIRST = 1, 2


class _Row(NamedTuple):
    """An index as the query gives it; ``columns`` has None for expressions."""

    table: str
    name: str
    unique: bool
    key_size: int
    using: str
    columns: list[str | None]
    definitions: list[str]
    sorting: list[int]
    op_classes: list[str | None]
    collations: list[str | None]
    where: str | None
    storage: list[str] | None
    nulls_not_distinct: bool | None
    constraint: str | None
    tablespace: str | None


class Indexes:
    """The plan that describes indexes; a part of the dialect."""

    def get_multi_indexes_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedIndex]]]:
        """Describe the indexes of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _INDEXES.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        found: dict[str, list[ReflectedIndex]] = {row[0]: [] for row in rows}
        for row in (_Row(*row) for row in rows if row[1] is not None):
            found[row.table].append(_described(row))
        return found


def storage(given: list[str] | None) -> dict[str, str]:
    """Storage parameters, which the catalogue has as ``name=value``."""
    pairs = (item.partition("=") for item in given or ())
    return {name: value for name, _, value in pairs}


def _described(row: _Row) -> ReflectedIndex:
    columns = row.columns[: row.key_size]
    # A column by its name, an expression by its text.
    parts = [
        text if name is None else name for name, text in zip(columns, row.definitions, strict=False)
    ]
    index: ReflectedIndex = {"name": row.name, "unique": row.unique, "column_names": columns}
    if None in columns:
        index["expressions"] = parts
    if row.constraint is not None:
        index["duplicates_constraint"] = row.constraint
    sorting = {
        part: order
        for part, bits in zip(parts, row.sorting, strict=False)
        if (order := _order(bits))
    }
    if sorting:
        index["column_sorting"] = sorting
    collations = {part: name for part, name in zip(parts, row.collations, strict=False) if name}
    if collations:
        index["column_collations"] = collations
    index["dialect_options"] = _options(row, parts)
    return index


def _options(row: _Row, parts: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {"postgresql_include": row.columns[row.key_size :]}
    if row.using != "btree":
        options["postgresql_using"] = row.using
    ops = {part: name for part, name in zip(parts, row.op_classes, strict=False) if name}
    if ops:
        options["postgresql_ops"] = ops
    if row.where is not None:
        options["postgresql_where"] = row.where
    if row.storage:
        options["postgresql_with"] = storage(row.storage)
    if row.nulls_not_distinct:
        options["postgresql_nulls_not_distinct"] = True
    if row.tablespace is not None:
        options["postgresql_tablespace"] = row.tablespace
    return options


def _order(bits: int) -> tuple[str, ...]:
    """How a part is sorted, as the names of the methods that say so; nothing for the default."""
    descending, nulls_first = bool(bits & _DESCENDING), bool(bits & _NULLS_FIRST)
    order = ("desc",) if descending else ()
    if nulls_first == descending:  # where the NULLs stand by default
        return order
    return (*order, "nulls_first" if nulls_first else "nulls_last")
