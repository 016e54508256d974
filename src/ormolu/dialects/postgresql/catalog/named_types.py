"""ENUM and DOMAIN types: their lists, and the types of columns that have them.

https://www.postgresql.org/docs/current/catalog-pg-type.html
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from ormolu.dialects.base import Core
from ormolu.dialects.postgresql.array import ARRAY
from ormolu.dialects.postgresql.catalog.asking import Rows, rows_plan
from ormolu.dialects.postgresql.catalog.type_names import Collation, type_of, written
from ormolu.dialects.postgresql.named_types import DOMAIN, ENUM
from ormolu.dialects.postgresql.reflected import ReflectedDomain, ReflectedEnum
from ormolu.io.plan import Plan
from ormolu.sql.text import escaped, text
from ormolu.types import TypeEngine

__all__ = ["ITEM_TYPE", "NamedTypeRow", "NamedTypes", "NamedTypesPlans"]

#: Of a type ``t``: the number of the type of its items if it is an array, else its own.
ITEM_TYPE = (
    "CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' AND t.typlen = -1 AND t.typelem <> 0 "
    "THEN t.typelem ELSE t.oid END"
)
_COLUMNS = f"""\
SELECT CAST(t.oid AS bigint), CAST(t.typtype AS text), n.nspname, t.typname, \
pg_catalog.pg_type_is_visible(t.oid), \
ARRAY(SELECT CAST(l.enumlabel AS text) FROM pg_catalog.pg_enum AS l \
WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder), \
pg_catalog.format_type(b.oid, t.typtypmod), \
(SELECT CAST({ITEM_TYPE} AS bigint) FROM pg_catalog.pg_type AS t WHERE t.oid = b.oid), \
b.typname, NOT t.typnotnull, t.typdefault, o.collname, \
CASE WHEN NOT pg_catalog.pg_collation_is_visible(o.oid) THEN m.nspname END, \
ARRAY(SELECT CAST(k.conname AS text) FROM pg_catalog.pg_constraint AS k \
WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname), \
ARRAY(SELECT pg_catalog.pg_get_expr(k.conbin, 0, true) FROM pg_catalog.pg_constraint AS k \
WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) \
FROM pg_catalog.pg_type AS t \
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace \
LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype \
LEFT JOIN pg_catalog.pg_collation AS o ON o.oid = t.typcollation AND o.collname <> 'default' \
LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = o.collnamespace \
"""
#: Domains over domains, and over arrays of types with names, need these as well.
_NEEDED = f"""\
WITH RECURSIVE needed (oid) AS (\
SELECT CAST(given.oid AS oid) FROM unnest(CAST(:oids AS bigint[])) AS given (oid) \
UNION SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE {ITEM_TYPE} END \
FROM needed JOIN pg_catalog.pg_type AS t ON t.oid = needed.oid) \
{_COLUMNS}WHERE t.typtype IN ('e', 'd') AND t.oid IN (SELECT needed.oid FROM needed)"""
_LISTED = f"{_COLUMNS}WHERE t.typtype = :kind AND {{where}} ORDER BY n.nspname, t.typname"
_VISIBLE = "pg_catalog.pg_type_is_visible(t.oid)"


class NamedTypeRow(NamedTuple):
    """One ENUM or DOMAIN as the catalogue has it; the ``base_…`` are a domain's."""

    oid: int
    kind: str
    schema: str
    name: str
    visible: bool
    labels: list[str]
    base: str | None
    base_item: int | None
    base_name: str | None
    nullable: bool
    default: str | None
    collation: str | None
    collation_schema: str | None
    constraints: list[str]
    checks: list[str]


class NamedTypes:
    """The ENUM and DOMAIN types that some columns have, by their numbers."""

    def __init__(self, rows: Rows) -> None:
        self._rows = {row[0]: NamedTypeRow(*row) for row in rows}
        self._made: dict[int, TypeEngine[Any] | None] = {}

    def domain(self, oid: int) -> NamedTypeRow | None:
        """The domain of a number, None when it has another type."""
        row = self._rows.get(oid)
        return row if row is not None and row.kind == "d" else None

    def type_of(
        self, formatted: str, item: int, name: str, collation: Collation
    ) -> TypeEngine[Any] | None:
        """Return a column's type, None for one that is not known.

        :param formatted: as ``format_type`` writes it.
        :param item: the number of the type, of an array that of its items.
        :param name: the type's bare name, by which those of extensions are known anywhere.
        """
        if item in self._rows:
            found, is_array = self._named(item), formatted.endswith("[]")
        else:
            parts = written(formatted)
            is_array = parts.is_array
            found = type_of(parts.name, parts.arguments, collation)
            if found is None and parts.name.endswith(f".{name}"):
                found = type_of(name, parts.arguments, collation)
        return ARRAY(found) if is_array and found is not None else found

    def _named(self, oid: int) -> TypeEngine[Any] | None:
        if oid not in self._made:
            self._made[oid] = self._make(self._rows[oid])
        return self._made[oid]

    def _make(self, row: NamedTypeRow) -> TypeEngine[Any] | None:
        schema = None if row.visible else row.schema
        if row.kind == "e":
            return ENUM(*row.labels, name=row.name, schema=schema)
        assert row.base is not None and row.base_item is not None and row.base_name is not None
        collation = Collation(row.collation, row.collation_schema)
        base = self.type_of(row.base, row.base_item, row.base_name, collation)
        if base is None:
            return None
        return DOMAIN(
            row.name,
            base,
            schema=schema,
            collation=row.collation,
            collation_schema=row.collation_schema,
            default=row.default,
            not_null=not row.nullable,
            constraint_name=row.constraints[0] if row.constraints else None,
            check=text(escaped(row.checks[0])) if row.checks else None,
            create_type=False,  # it may have more constraints than can be said here
        )


def named_types_plan(core: Core, oids: Collection[int]) -> Plan[NamedTypes]:
    """Ask for the ENUM and DOMAIN types of these numbers, and for those that they are made of."""
    if not oids:
        return NamedTypes([])
    return NamedTypes((yield from rows_plan(core, _NEEDED, oids=sorted(oids))))


class NamedTypesPlans:
    """The plans that list the types with a name in the schema; a part of the dialect."""

    def get_enums_plan(self, core: Core, schema: str | None = None) -> Plan[list[ReflectedEnum]]:
        """List the ENUM types in the search path, in a schema, or everywhere (``"*"``)."""
        return [
            {
                "name": row.name,
                "schema": row.schema,
                "visible": row.visible,
                "labels": list(row.labels),
            }
            for row in (yield from _listed_plan(core, "e", schema))
        ]

    def get_domains_plan(
        self, core: Core, schema: str | None = None
    ) -> Plan[list[ReflectedDomain]]:
        """List the DOMAIN types in the search path, in a schema, or everywhere (``"*"``)."""
        return [_domain(row) for row in (yield from _listed_plan(core, "d", schema))]


def _listed_plan(core: Core, kind: str, schema: str | None) -> Plan[list[NamedTypeRow]]:
    where = {None: _VISIBLE, "*": "true"}.get(schema, "n.nspname = :schema")
    sql = _LISTED.format(where=where)
    rows = yield from rows_plan(core, sql, kind=kind, schema=schema)
    return [NamedTypeRow(*row) for row in rows]


def _domain(row: NamedTypeRow) -> ReflectedDomain:
    assert row.base is not None
    return {
        "name": row.name,
        "schema": row.schema,
        "visible": row.visible,
        "type": row.base.partition("(")[0],
        "nullable": row.nullable,
        "default": row.default,
        "constraints": [
            {"name": name, "check": check}
            for name, check in zip(row.constraints, row.checks, strict=True)
        ],
        "collation": row.collation,
        "collation_schema": row.collation_schema,
    }
