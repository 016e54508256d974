"""How the catalogue is asked: statements with named binds, and which relations a question is about.

In every statement of this package ``c`` is the ``pg_class`` of a table and ``n`` its namespace.
Values come as text, integers, booleans and arrays of text, which every driver gives alike.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from ormolu.compiler.statement import compile_statement
from ormolu.dialects.base import Core
from ormolu.dialects.reflected import ObjectKind, ObjectScope
from ormolu.io.plan import Plan
from ormolu.sql.text import TextClause, text

if TYPE_CHECKING:
    from ormolu.compiler.compiled import Compiled

__all__ = ["Asked", "Rows", "relations", "rows_plan"]

Rows = list[tuple[Any, ...]]

#: ``pg_class.relkind``. https://www.postgresql.org/docs/current/catalog-pg-class.html
_KINDS = {
    ObjectKind.TABLE: ("r", "p", "f"),
    ObjectKind.VIEW: ("v",),
    ObjectKind.MATERIALIZED_VIEW: ("m",),
}
_FROM = "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"


class Asked(NamedTuple):
    """Which relations a question is about: the ``FROM`` and ``WHERE`` clauses and their binds."""

    source: str
    where: str
    values: dict[str, Any]


#: The questions of each dialect, as they are sent.
_KNOWN: WeakKeyDictionary[Any, dict[str, tuple[TextClause, Compiled]]] = WeakKeyDictionary()


def rows_plan(core: Core, sql: str, **values: Any) -> Plan[Rows]:
    """Run a statement whose binds are written ``:name``; values that it doesn't name are unused."""
    known = _KNOWN.setdefault(core.dialect, {})
    found = known.get(sql)
    statement = text(sql) if found is None else found[0]
    given = {bind.key: values[bind.key] for bind in statement._bindparams}
    bound = statement.bindparams(**given)
    if found is None:
        found = known[sql] = statement, compile_statement(bound, core.dialect)
    compiled = found[1]
    rows: Rows = yield from core.query_plan(compiled.sql, compiled.pack(bound._binds, {}))
    return rows


def named(schema: str | None, visible: str = "pg_catalog.pg_table_is_visible(c.oid)") -> str:
    """The condition of a name in a schema; without one, in the search path but not the system's."""
    if schema is not None:
        return "n.nspname = :schema"
    return f"{visible} AND n.nspname <> 'pg_catalog'"


def relations(
    schema: str | None,
    filter_names: Collection[str] | None,
    kind: ObjectKind = ObjectKind.ANY,
    scope: ObjectScope = ObjectScope.ANY,
) -> Asked:
    """The tables and views of some kinds; ``filter_names`` None means all of them."""
    kinds = [letter for flag, letters in _KINDS.items() if flag in kind for letter in letters]
    where = [named(schema), f"c.relkind IN ({', '.join(map(repr, kinds)) or 'NULL'})"]
    if scope == ObjectScope.DEFAULT:
        where.append("c.relpersistence <> 't'")
    elif scope == ObjectScope.TEMPORARY:
        where.append("c.relpersistence = 't'")
    values: dict[str, Any] = {"schema": schema}
    if filter_names is not None and len(filter_names) == 1:  # which is planned better
        where.append("c.relname = :name")
        values["name"] = next(iter(filter_names))
    elif filter_names is not None:
        where.append("c.relname = ANY (CAST(:names AS text[]))")
        values["names"] = list(filter_names)
    return Asked(_FROM, " AND ".join(where), values)
