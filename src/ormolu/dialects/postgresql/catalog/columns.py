"""The columns of tables: types, defaults, identity, computed columns, comments.

One query for the columns, and one for their ENUM and DOMAIN types if they have any.
https://www.postgresql.org/docs/current/catalog-pg-attribute.html
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection
from typing import Any, NamedTuple

from ormolu.dialects.base import Core
from ormolu.dialects.postgresql.catalog.asking import relations, rows_plan
from ormolu.dialects.postgresql.catalog.named_types import (
    ITEM_TYPE,
    NamedTypes,
    named_types_plan,
)
from ormolu.dialects.postgresql.catalog.type_names import Collation
from ormolu.dialects.reflected import (
    ObjectKind,
    ObjectScope,
    ReflectedColumn,
    ReflectedIdentity,
)
from ormolu.exc import SAWarning
from ormolu.io.plan import Plan
from ormolu.types import NULLTYPE, TypeEngine

__all__ = ["Columns"]

#: What few columns have is asked for by subqueries: every join makes the query slower to plan.
_COLUMNS = f"""\
SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), \
CAST(i.oid AS bigint), i.typname, i.typtype IN ('e', 'd'), a.attnotnull, \
pg_catalog.pg_get_expr(d.adbin, d.adrelid), CAST(a.attgenerated AS text), \
CAST(a.attidentity AS text), \
CASE WHEN a.attidentity <> '' THEN (SELECT ARRAY[q.seqstart, q.seqincrement, q.seqmin, q.seqmax, \
q.seqcache, CAST(q.seqcycle AS int)] FROM pg_catalog.pg_depend AS p \
JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = p.objid \
WHERE p.classid = CAST('pg_catalog.pg_class' AS regclass) AND p.deptype = 'i' \
AND p.refclassid = p.classid AND p.refobjid = c.oid AND p.refobjsubid = a.attnum) END, \
CASE WHEN a.attcollation <> t.typcollation THEN (SELECT ARRAY[CAST(o.collname AS text), \
CASE WHEN NOT pg_catalog.pg_collation_is_visible(o.oid) THEN CAST(m.nspname AS text) END] \
FROM pg_catalog.pg_collation AS o JOIN pg_catalog.pg_namespace AS m ON m.oid = o.collnamespace \
WHERE o.oid = a.attcollation) END, \
pg_catalog.col_description(c.oid, a.attnum), \
EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS p \
JOIN pg_catalog.pg_class AS q ON q.oid = p.refobjid AND q.relkind = 'S' \
AND q.relnamespace = c.relnamespace \
WHERE p.classid = CAST('pg_catalog.pg_attrdef' AS regclass) AND p.objid = d.oid \
AND p.refclassid = CAST('pg_catalog.pg_class' AS regclass)) \
{{source}} \
LEFT JOIN pg_catalog.pg_attribute AS a \
ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid \
LEFT JOIN pg_catalog.pg_type AS i ON i.oid = {ITEM_TYPE} \
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum \
WHERE {{where}} ORDER BY c.relname, a.attnum"""
_NO_COLLATION = Collation()
#: The default of a serial column, up to the sequence's name.
_SEQUENCE = re.compile(r"(nextval\(')((?:[^'\".]|\"[^\"]*\")+'::regclass\))")


class _Row(NamedTuple):
    """A column as the query gives it."""

    table: str
    name: str
    type: str
    item: int
    type_name: str
    is_named: bool
    not_null: bool
    default: str | None
    generated: str
    identity: str
    sequence: list[int] | None
    collation: list[str] | None
    comment: str | None
    own_sequence: bool


class Columns:
    """The plan that describes columns; a part of the dialect."""

    def get_multi_columns_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedColumn]]]:
        """Describe the columns of several tables, by name."""
        asked = relations(schema, filter_names, kind, scope)
        sql = _COLUMNS.format(source=asked.source, where=asked.where)
        rows = yield from rows_plan(core, sql, **asked.values)
        columns = [_Row(*row) for row in rows if row[1] is not None]
        types = yield from named_types_plan(core, {c.item for c in columns if c.is_named})
        found: dict[str, list[ReflectedColumn]] = {row[0]: [] for row in rows}
        for column in columns:
            found[column.table].append(_described(column, types, schema))
        return found


def _described(row: _Row, types: NamedTypes, schema: str | None) -> ReflectedColumn:
    domain = None if row.type.endswith("[]") else types.domain(row.item)
    default, nullable = row.default, not row.not_null
    if domain is not None:
        default = domain.default if default is None else default
        nullable = nullable and domain.nullable
    column: ReflectedColumn = {
        "name": row.name,
        "type": _type(row, types),
        "nullable": nullable,
        "default": default,
        "autoincrement": False,
        "comment": row.comment,
    }
    if row.generated:
        column["computed"] = {"sqltext": default or "", "persisted": row.generated == "s"}
        column["default"] = None
    elif row.identity and row.sequence is not None:
        column["autoincrement"] = True
        column["identity"] = _identity(row.identity, *row.sequence)
    elif default is not None and default.startswith("nextval("):
        column["autoincrement"] = True
        if schema is not None and row.own_sequence:
            column["default"] = _in_schema(default, schema)
    return column


def _identity(
    kind: str, start: int, increment: int, minvalue: int, maxvalue: int, cache: int, cycle: int
) -> ReflectedIdentity:
    return {
        "always": kind == "a",
        "start": start,
        "increment": increment,
        "minvalue": minvalue,
        "maxvalue": maxvalue,
        "cache": cache,
        "cycle": bool(cycle),
    }


def _type(row: _Row, types: NamedTypes) -> TypeEngine[Any]:
    collation = Collation(*row.collation) if row.collation else _NO_COLLATION
    found = types.type_of(row.type, row.item, row.type_name, collation)
    if found is None:
        what = row.type.removesuffix("[]")
        warnings.warn(
            f"Did not recognize type '{what}' of column '{row.name}'", SAWarning, stacklevel=2
        )
        return NULLTYPE
    return found


def _in_schema(default: str, schema: str) -> str:
    """``nextval`` of a sequence of a schema, which the search path must not be needed to find."""
    quoted = schema.replace('"', '""')
    return _SEQUENCE.sub(lambda found: f'{found[1]}"{quoted}".{found[2]}', default, count=1)
