"""What a SQLite database holds, as plans over its pragmas.

https://www.sqlite.org/pragma.html. A schema is an attached database, with a ``sqlite_master`` of
its own; without one, the main database is asked and then the temporary one. What only the text of a
CREATE TABLE tells is read by ``create_table_text.py``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection
from typing import Any, ClassVar

from ormolu.dialects.base import Core, Dialect
from ormolu.dialects.reflected import (
    ReflectedCheckConstraint,
    ReflectedColumn,
    ReflectedForeignKeyConstraint,
    ReflectedIndex,
    ReflectedPrimaryKeyConstraint,
    ReflectedUniqueConstraint,
)
from ormolu.dialects.sqlite import create_table_text
from ormolu.dialects.sqlite.create_table_text import TableText
from ormolu.dialects.sqlite.declared_types import type_of
from ormolu.dialects.sqlite.remembered import (
    RememberingCore,
    pragma_text,
    remember_pragmas_plan,
    remember_texts_plan,
)
from ormolu.exc import NoSuchTableError, SAWarning
from ormolu.io.plan import Plan
from ormolu.sql.text import escaped, text

__all__ = ["SQLiteReflection", "type_of"]

Rows = list[tuple[Any, ...]]
_USERS = "name NOT LIKE 'sqlite~_%' ESCAPE '~'"
_TABLES, _INDEXES = "type in ('table', 'view')", "type = 'index'"
#: So many tables by name are asked about one by one: the schema may have thousands.
_FEW = 5


class SQLiteReflection(Dialect):
    """The reflection half of the SQLite dialect."""

    describes_many: ClassVar[bool] = True

    # -- many tables

    def describing_core_plan(
        self, core: Core, schema: str | None, filter_names: Collection[str] | None
    ) -> Plan[Core]:
        """Return a core that asks nothing twice, and knows all tables if many of them count."""
        if isinstance(core, RememberingCore):
            return core
        found = RememberingCore(core)
        if filter_names is not None and len(filter_names) <= _FEW:
            return found
        quote = self.identifier_preparer.quote_identifier
        yield from remember_pragmas_plan(core, found, self._places(schema), quote)
        for source, kind in ((self._stored(schema), _TABLES), (self._master(schema), _INDEXES)):
            yield from remember_texts_plan(core, found, _text_of(source, kind), source, kind)
        return found

    # -- names

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        if schema is not None and not (yield from self.has_schema_plan(core, schema)):
            return False
        return bool((yield from self._pragma_plan(core, "table_info", name, schema)))

    def get_schema_names_plan(self, core: Core) -> Plan[list[str]]:
        rows: Rows = yield from core.query_plan("PRAGMA database_list")
        return [row[1] for row in rows if row[1] != "temp"]

    def get_table_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        return (yield from self._names_plan(core, "table", self._master(schema)))

    def get_temp_table_names_plan(self, core: Core) -> Plan[list[str]]:
        return (yield from self._names_plan(core, "table", "sqlite_temp_master"))

    def get_view_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        return (yield from self._names_plan(core, "view", self._master(schema)))

    def get_temp_view_names_plan(self, core: Core) -> Plan[list[str]]:
        return (yield from self._names_plan(core, "view", "sqlite_temp_master"))

    def _names_plan(self, core: Core, kind: str, master: str) -> Plan[list[str]]:
        sql = f"SELECT name FROM {master} WHERE type='{kind}' AND {_USERS} ORDER BY name"
        rows: Rows = yield from core.query_plan(sql)
        return [row[0] for row in rows]

    # -- what a table consists of

    def get_view_definition_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[str]:
        found = yield from self._stored_plan(core, name, schema, "type = 'view'")
        if found is None:
            raise NoSuchTableError(_qualified(name, schema))
        return found

    def get_columns_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedColumn]]:
        rows = yield from self._columns_plan(core, name, schema)
        generated = any(row[6] > 1 for row in rows)
        written = (yield from self._text_plan(core, name, schema)) if generated else None
        return [_column(row, written) for row in rows if row[6] != 1]

    def get_pk_constraint_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[ReflectedPrimaryKeyConstraint]:
        written = yield from self._text_plan(core, name, schema)
        rows = yield from self._columns_plan(core, name, schema)
        keyed = sorted((row for row in rows if row[5]), key=lambda row: int(row[5]))
        return {"constrained_columns": [row[1] for row in keyed], "name": written.primary_key}

    def get_foreign_keys_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedForeignKeyConstraint]]:
        rows = yield from self._pragma_plan(core, "foreign_key_list", name, schema)
        written = yield from self._text_plan(core, name, schema)
        keys = _group_foreign_keys(rows, schema)
        for key in keys:
            if not key["referred_columns"]:  # REFERENCES without columns: the primary key
                yield from self._refer_to_key_plan(core, key, schema)
        return _name_foreign_keys(keys, written)

    def _refer_to_key_plan(
        self, core: Core, key: ReflectedForeignKeyConstraint, schema: str | None
    ) -> Plan[None]:
        """Fill in the columns of a reference to a table's primary key, if the table is there."""
        try:
            target = yield from self.get_pk_constraint_plan(core, key["referred_table"], schema)
        except NoSuchTableError:
            key["referred_columns"] = list(key["constrained_columns"])
        else:
            key["referred_columns"] = target["constrained_columns"]

    def get_indexes_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedIndex]]:
        listed = yield from self._pragma_plan(core, "index_list", name, schema)
        if not listed:
            yield from self._columns_plan(core, name, schema)  # is it there at all?
        indexes: list[ReflectedIndex] = []
        # The listing's columns: seq, name, unique, origin, partial.
        for row in sorted(listed, key=lambda row: str(row[1])):
            if row[3] != "c":  # made by a constraint
                continue
            columns = yield from self._pragma_plan(core, "index_info", row[1], schema)
            names = [column[2] for column in columns]
            if None in names:
                warnings.warn(
                    f"Skipped unsupported reflection of expression-based index {row[1]}",
                    SAWarning,
                    stacklevel=2,
                )
                continue
            options: dict[str, Any] = {}
            if row[4]:
                options["sqlite_where"] = yield from self._where_plan(core, row[1], schema)
            indexes.append(
                {
                    "name": row[1],
                    "column_names": names,
                    "unique": row[2],
                    "dialect_options": options,
                }
            )
        return indexes

    def _where_plan(self, core: Core, index: str, schema: str | None) -> Plan[Any]:
        sql = _text_of(self._master(schema), _INDEXES)
        rows: Rows = yield from core.query_plan(sql, (index,))
        condition = create_table_text.where_of(rows[0][0]) if rows else None
        return None if condition is None else text(escaped(condition))

    def get_unique_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedUniqueConstraint]]:
        written = yield from self._text_plan(core, name, schema)
        # SQLite keeps one index for all that are written of the same columns.
        found: dict[tuple[str, ...], Any] = {}
        for key in sorted(written.uniques, key=lambda key: key.beside_column):
            one = {"name": key.name, "column_names": key.columns}
            found.setdefault(tuple(key.columns), one)
        return list(found.values())

    def get_check_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedCheckConstraint]]:
        written = yield from self._text_plan(core, name, schema)
        checks = sorted(written.checks, key=lambda check: (check.name is None, check.name or ""))
        return [{"sqltext": check.sqltext, "name": check.name} for check in checks]

    def get_table_options_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[dict[str, Any]]:
        written = yield from self._text_plan(core, name, schema)
        options: dict[str, Any] = {}
        if written.without_rowid:
            options["sqlite_with_rowid"] = False
        if written.strict:
            options["sqlite_strict"] = True
        return options

    # -- pragmas and stored texts

    def _pragma_plan(self, core: Core, pragma: str, name: str, schema: str | None) -> Plan[Rows]:
        quote = self.identifier_preparer.quote_identifier
        rows: Rows = []
        for place, _ in self._places(schema):
            rows = yield from core.query_plan(pragma_text(place, pragma, quote(name)))
            if rows:
                break
        return rows

    def _places(self, schema: str | None) -> list[tuple[str, str]]:
        """Where a schema's tables are sought: the names of databases, quoted and bare."""
        if schema is None:
            return [("main", "main"), ("temp", "temp")]
        return [(self.identifier_preparer.quote_identifier(schema), schema)]

    def _columns_plan(self, core: Core, name: str, schema: str | None) -> Plan[Rows]:
        rows = yield from self._pragma_plan(core, "table_xinfo", name, schema)
        if not rows:
            raise NoSuchTableError(_qualified(name, schema))
        return rows

    def _master(self, schema: str | None) -> str:
        if schema is None:
            return "sqlite_master"
        return f"{self.identifier_preparer.quote_identifier(schema)}.sqlite_master"

    def _stored(self, schema: str | None) -> str:
        if schema is None:
            return " (SELECT * FROM sqlite_master UNION ALL   SELECT * FROM sqlite_temp_master)"
        return self._master(schema)

    def _stored_plan(
        self, core: Core, name: str, schema: str | None, kind: str
    ) -> Plan[str | None]:
        """Return the stored text of a table or view, None if there is none."""
        sql = _text_of(self._stored(schema), kind)
        rows: Rows = yield from core.query_plan(sql, (name,))
        return rows[0][0] if rows else None

    def _text_plan(self, core: Core, name: str, schema: str | None) -> Plan[TableText]:
        """Read the stored text of a table; that of a view, or of a system table, says nothing."""
        stored = yield from self._stored_plan(core, name, schema, _TABLES)
        if stored is None:
            if not name.startswith("sqlite_"):
                raise NoSuchTableError(_qualified(name, schema))
            return TableText()
        if re.match(r"\s*CREATE\s+(TEMP\w*\s+)?VIEW\b", stored, re.I):
            return TableText()
        return create_table_text.read(stored)


def _text_of(source: str, kind: str) -> str:
    # SQLite's names ignore case, as its pragmas do.
    return f"SELECT sql FROM {source} WHERE name = ? COLLATE NOCASE AND {kind}"


def _qualified(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"


def _column(row: tuple[Any, ...], written: TableText | None) -> ReflectedColumn:
    """Describe a row of ``table_xinfo``: cid, name, type, notnull, default, pk, hidden."""
    column: ReflectedColumn = {
        "name": row[1],
        "type": type_of(re.sub(r"\s*generated\s+always\s*\Z", "", row[2], flags=re.I)),
        "nullable": not row[3],
        "default": None if row[4] is None else str(row[4]),
        "primary_key": row[5],
    }
    if written is not None and row[1] in written.computed:
        expression, persisted = written.computed[row[1]]
        column["computed"] = {"sqltext": expression, "persisted": persisted}
    return column


def _group_foreign_keys(rows: Rows, schema: str | None) -> list[ReflectedForeignKeyConstraint]:
    """Group ``foreign_key_list``: id, seq, table, from, to, on_update, on_delete, match.

    The list begins with the last key of the table; here they stand as they were written.
    """
    keys: dict[int, ReflectedForeignKeyConstraint] = {}
    for number, _, table, column, target, on_update, on_delete, _ in rows:
        key = keys.get(number)
        if key is None:
            options = {}
            if on_update != "NO ACTION":
                options["onupdate"] = on_update
            if on_delete != "NO ACTION":
                options["ondelete"] = on_delete
            key = keys[number] = {
                "name": None,
                "constrained_columns": [],
                "referred_schema": schema,
                "referred_table": table,
                "referred_columns": [],
                "options": options,
            }
        key["constrained_columns"].append(column)
        if target is not None:
            key["referred_columns"].append(target)
    return list(reversed(keys.values()))


def _name_foreign_keys(
    keys: list[ReflectedForeignKeyConstraint], written: TableText
) -> list[ReflectedForeignKeyConstraint]:
    """Add names and DEFERRABLE from the text; SQLite lists the keys in the text's order."""
    for key, text_ in zip(keys, written.foreign_keys, strict=False):
        key["name"] = text_.name
        if text_.deferrable is not None:
            key["options"]["deferrable"] = text_.deferrable
        if text_.initially is not None:
            key["options"]["initially"] = text_.initially
    return keys
