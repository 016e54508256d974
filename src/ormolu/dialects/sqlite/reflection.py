"""What a SQLite database holds, as plans over its pragmas.

https://www.sqlite.org/pragma.html. A schema is an attached database, with a ``sqlite_master`` of
its
own. A table that doesn't exist gives ``NoSuchTableError``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ormolu import types as sqltypes
from ormolu.dialects.base import (
    Core,
    Dialect,
    ReflectedColumn,
    ReflectedForeignKey,
    ReflectedIndex,
    ReflectedPrimaryKey,
    ReflectedUnique,
)
from ormolu.dialects.sqlite import create_table_text
from ormolu.dialects.sqlite.create_table_text import TableText
from ormolu.exc import NoSuchTableError
from ormolu.io.plan import Plan
from ormolu.io.requests import FetchAll

if TYPE_CHECKING:
    from ormolu.types import TypeEngine

__all__ = ["SQLiteReflection", "type_of"]

Rows = list[tuple[Any, ...]]

_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "BIGINT": sqltypes.BIGINT,
    "BLOB": sqltypes.BLOB,
    "BOOL": sqltypes.BOOLEAN,
    "BOOLEAN": sqltypes.BOOLEAN,
    "CHAR": sqltypes.CHAR,
    "DATE": sqltypes.DATE,
    "DATETIME": sqltypes.DATETIME,
    "DECIMAL": sqltypes.DECIMAL,
    "DOUBLE": sqltypes.DOUBLE,
    "DOUBLE_PRECISION": sqltypes.DOUBLE_PRECISION,
    "FLOAT": sqltypes.FLOAT,
    "INT": sqltypes.INTEGER,
    "INTEGER": sqltypes.INTEGER,
    "JSON": sqltypes.JSON,
    "NCHAR": sqltypes.NCHAR,
    "NUMERIC": sqltypes.NUMERIC,
    "NVARCHAR": sqltypes.NVARCHAR,
    "REAL": sqltypes.REAL,
    "SMALLINT": sqltypes.SMALLINT,
    "TEXT": sqltypes.TEXT,
    "TIME": sqltypes.TIME,
    "TIMESTAMP": sqltypes.TIMESTAMP,
    "VARCHAR": sqltypes.VARCHAR,
}
_DECLARED = re.compile(r"\s*([\w ]*?)\s*(?:\((.*?)\))?\s*\Z")

#: The affinity rules, in order: https://www.sqlite.org/datatype3.html#determination_of_column_affinity
_AFFINITY: tuple[tuple[tuple[str, ...], type[TypeEngine[Any]]], ...] = (
    (("INT",), sqltypes.INTEGER),
    (("CHAR", "CLOB", "TEXT"), sqltypes.TEXT),
    (("BLOB",), sqltypes.NullType),
    (("REAL", "FLOA", "DOUB"), sqltypes.REAL),
)


def type_of(declared: str) -> TypeEngine[Any]:
    """Return the SQL type of a declared column type, by name or else by SQLite's affinity."""
    match = _DECLARED.match(declared)
    name, arguments = match.groups() if match else (declared, None)
    name = name.upper()
    if not name:
        return sqltypes.NullType()
    cls = _TYPES.get(name)
    if cls is None:
        cls = next(
            (found for words, found in _AFFINITY if any(word in name for word in words)),
            sqltypes.NUMERIC,
        )
    if arguments is not None:
        numbers = [int(number) for number in re.findall(r"\d+", arguments)]
        try:
            return cls(*numbers)
        except TypeError:  # arguments that this type does not take: INTEGER(10)
            return cls()
    return cls()


class SQLiteReflection(Dialect):
    """The reflection half of the SQLite dialect."""

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        rows: Rows = yield self._table_info(core, name, schema)
        return bool(rows)

    def get_table_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        return (yield from self._names(core, "table", schema))

    def get_view_names_plan(self, core: Core, schema: str | None = None) -> Plan[list[str]]:
        return (yield from self._names(core, "view", schema))

    def get_schema_names_plan(self, core: Core) -> Plan[list[str]]:
        rows: Rows = yield FetchAll(core.driver, "PRAGMA database_list", ())
        return [row[1] for row in rows if row[1] != "temp"]

    def get_columns_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedColumn]]:
        rows: Rows = yield self._table_info(core, name, schema)
        if not rows:
            raise NoSuchTableError(_qualified(name, schema))
        text = (yield from self._text(core, name, schema)) if any(r[6] > 1 for r in rows) else None
        return [_column(row, text) for row in rows if row[6] != 1]

    def get_pk_constraint_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[ReflectedPrimaryKey]:
        rows: Rows = yield self._table_info(core, name, schema)
        if not rows:
            raise NoSuchTableError(_qualified(name, schema))
        text = yield from self._text(core, name, schema)
        keyed = sorted((row for row in rows if row[5]), key=lambda row: int(row[5]))
        return {"constrained_columns": [row[1] for row in keyed], "name": text.primary_key}

    def get_foreign_keys_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedForeignKey]]:
        pragma = self._pragma("foreign_key_list", name, schema)
        rows: Rows = yield FetchAll(core.driver, pragma, ())
        if not rows:
            yield from self._require(core, name, schema)
            return []
        keys = _group_foreign_keys(rows, schema)
        text = yield from self._text(core, name, schema)
        for key in keys:
            if not key["referred_columns"]:  # REFERENCES without columns: the primary key
                target = yield from self.get_pk_constraint_plan(core, key["referred_table"], schema)
                key["referred_columns"] = target["constrained_columns"]
        return _name_foreign_keys(keys, text)

    def get_indexes_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedIndex]]:
        listed: Rows = yield FetchAll(core.driver, self._pragma("index_list", name, schema), ())
        if not listed:
            yield from self._require(core, name, schema)
        indexes: list[ReflectedIndex] = []
        for row in sorted(listed, key=lambda row: str(row[1])):
            if row[3] != "c":  # made by a constraint
                continue
            pragma = self._pragma("index_info", row[1], schema)
            columns: Rows = yield FetchAll(core.driver, pragma, ())
            names = [column[2] for column in columns]
            if None not in names:  # an index on expressions describes no columns
                indexes.append(
                    {"name": row[1], "column_names": names, "unique": row[2], "dialect_options": {}}
                )
        return indexes

    def get_unique_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedUnique]]:
        yield from self._require(core, name, schema)
        text = yield from self._text(core, name, schema)
        return [{"name": key.name, "column_names": key.columns} for key in text.uniques]

    # -- pragmas

    def _pragma(self, pragma: str, name: str, schema: str | None) -> str:
        prefix = f"{self.identifier_preparer.quote_identifier(schema)}." if schema else ""
        return f"PRAGMA {prefix}{pragma}({self.identifier_preparer.quote_identifier(name)})"

    def _table_info(self, core: Core, name: str, schema: str | None) -> FetchAll:
        return FetchAll(core.driver, self._pragma("table_xinfo", name, schema), ())

    def _master(self, schema: str | None) -> str:
        if schema is None:
            return "sqlite_master"
        return f"{self.identifier_preparer.quote_identifier(schema)}.sqlite_master"

    def _names(self, core: Core, kind: str, schema: str | None) -> Plan[list[str]]:
        sql = (
            f"SELECT name FROM {self._master(schema)} WHERE type = ? "
            "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
        )
        rows: Rows = yield FetchAll(core.driver, sql, (kind,))
        return [row[0] for row in rows]

    def _require(self, core: Core, name: str, schema: str | None) -> Plan[None]:
        exists = yield from self.has_table_plan(core, name, schema)
        if not exists:
            raise NoSuchTableError(_qualified(name, schema))

    def _text(self, core: Core, name: str, schema: str | None) -> Plan[TableText]:
        sql = f"SELECT sql FROM {self._master(schema)} WHERE lower(name) = lower(?) AND type = ?"
        rows: Rows = yield FetchAll(core.driver, sql, (name, "table"))
        return create_table_text.read(rows[0][0]) if rows else TableText()


def _qualified(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"


def _column(row: tuple[Any, ...], text: TableText | None) -> ReflectedColumn:
    """Describe a row of ``table_xinfo``: cid, name, type, notnull, default, pk, hidden."""
    column: ReflectedColumn = {
        "name": row[1],
        "type": type_of(re.sub(r"\s*generated\s+always\s*\Z", "", row[2], flags=re.I)),
        "nullable": not row[3],
        "default": None if row[4] is None else str(row[4]),
        "primary_key": row[5],
    }
    if text is not None and row[1] in text.computed:
        expression, persisted = text.computed[row[1]]
        column["computed"] = {"sqltext": expression, "persisted": persisted}
    return column


def _group_foreign_keys(rows: Rows, schema: str | None) -> list[ReflectedForeignKey]:
    """Group ``foreign_key_list``: id, seq, table, from, to, on_update, on_delete, match."""
    keys: dict[int, ReflectedForeignKey] = {}
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
    keys: list[ReflectedForeignKey], text: TableText
) -> list[ReflectedForeignKey]:
    """Add names and DEFERRABLE from the text; SQLite lists the keys in the text's order."""
    for key, written in zip(keys, text.foreign_keys, strict=False):
        key["name"] = written.name
        if written.deferrable is not None:
            key["options"]["deferrable"] = written.deferrable
        if written.initially is not None:
            key["options"]["initially"] = written.initially
    return keys
