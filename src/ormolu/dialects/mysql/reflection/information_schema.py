"""What ``information_schema`` tells of many tables, one query per question.

https://dev.mysql.com/doc/refman/8.4/en/information-schema.html,
https://mariadb.com/kb/en/information-schema-tables/

MariaDB builds these tables by opening each table that a query can't rule out, so every query names
the schema, and the tables if they are few; its joins compare each row with each, so that what
belongs together is asked by two queries and joined here. Names are compared in Python once more:
the server finds ``a`` and ``A`` alike in a list although they may be two tables.

That a column was given the very collation of its table, which SHOW CREATE TABLE repeats on MySQL,
isn't told here, and makes no difference to the column.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from ormolu.dialects.base import Core
from ormolu.dialects.mysql.reflection import expressions
from ormolu.dialects.mysql.reflection.facts import (
    CheckFacts,
    ColumnFacts,
    ForeignKeyFacts,
    IndexFacts,
    IndexPart,
    TableFacts,
)
from ormolu.dialects.mysql.server import Server
from ormolu.io.plan import Plan

__all__ = ["NEEDS", "PARTS", "Place", "rows_plan", "tables_plan"]

Rows = list[tuple[Any, ...]]
Tables = dict[str, TableFacts]

#: More names than these aren't sent with a query.
_MOST_NAMES = 200
_VIEWS = ("VIEW", "SYSTEM VIEW")
_TABLES = ("BASE TABLE", "SYSTEM VERSIONED")


class Place(NamedTuple):
    """Where to look: a schema, None for the current one, and tables, None for all."""

    schema: str | None
    names: Collection[str] | None = None

    def where(self, schema: str, table: str) -> tuple[str, tuple[Any, ...]]:
        """Return the condition on two columns, and its parameters."""
        text, params = f"{schema} = DATABASE()", []
        if self.schema is not None:
            text, params = f"{schema} = %s", [self.schema]
        if self.names is not None and len(self.names) <= _MOST_NAMES:
            marks = ", ".join(["%s"] * len(self.names))
            text += f" AND {table} IN ({marks})"
            params += self.names
        return text, tuple(params)

    def as_asked(self, tables: Tables) -> Tables:
        """Return the tables that were asked for, by the names they were asked by.

        https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html
        """
        if self.names is None:
            return tables
        folded = {name.lower(): table for name, table in tables.items() if table.any_case}
        found = {name: tables.get(name) or folded.get(name.lower()) for name in self.names}
        return {name: table for name, table in found.items() if table is not None}


def rows_plan(core: Core, sql: str, params: tuple[Any, ...] = ()) -> Plan[Rows]:
    """Ask; some servers send parts of their catalogue as bytes."""
    rows: Rows = yield from core.query_plan(sql, params)
    return [tuple(v.decode() if isinstance(v, bytes) else v for v in row) for row in rows]


# -- which tables there are


_TABLES_SQL = """\
SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT, \
@@lower_case_table_names, {unsaid} FROM information_schema.TABLES WHERE """
#: Whether SHOW CREATE TABLE leaves a collation out, the usual one of its character set.
_UNSAID_SQL = """\
TABLE_COLLATION IN (SELECT COLLATION_NAME FROM information_schema.COLLATIONS \
WHERE IS_DEFAULT = 'Yes' AND COLLATION_NAME <> 'utf8mb4_0900_ai_ci')"""


def tables_plan(
    core: Core, place: Place, server: Server, *, tables: bool = True, views: bool = True
) -> Plan[Tables]:
    """Return the tables and views of a place, with their options and comments."""
    if place.names is not None and not place.names:
        return {}
    where, params = place.where("TABLE_SCHEMA", "TABLE_NAME")
    sql = _TABLES_SQL.format(unsaid="FALSE" if server.mariadb else _UNSAID_SQL)
    rows = yield from rows_plan(core, sql + where, params)
    kinds = (_TABLES if tables else ()) + (_VIEWS if views else ())
    found = [_table(*row) for row in rows if row[1] in kinds]
    tables_by_name = {table.name: table for table in sorted(found, key=lambda table: table.name)}
    return {table.name: table for table in place.as_asked(tables_by_name).values()}


def _table(
    name: str,
    kind: str,
    engine: str | None,
    collation: str | None,
    options: str,
    comment: str,
    lower_case_names: int,
    unsaid: int | None,
) -> TableFacts:
    any_case = bool(lower_case_names)
    if kind == "VIEW":
        return TableFacts(name, is_view=True, any_case=any_case)
    given: dict[str, str] = {}
    if engine is not None:
        given["engine"] = engine
    if collation is not None:
        given["default charset"] = charset_of(collation)
        if not unsaid:
            given["collate"] = collation
    given.update(expressions.options_of(options or ""))
    return TableFacts(
        name,
        is_view=kind in _VIEWS,
        any_case=any_case,
        collation=collation,
        comment=comment or None,
        options=given,
    )


def charset_of(collation: str) -> str:
    """Return the character set of a collation, whose name begins with it."""
    return collation.partition("_")[0]


# -- columns


_COLUMNS_SQL = """\
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, IS_NULLABLE, \
COLUMN_DEFAULT, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION \
FROM information_schema.COLUMNS WHERE """


def columns_plan(core: Core, place: Place, tables: Tables, server: Server) -> Plan[None]:
    """Add the columns to the tables."""
    where, params = place.where("TABLE_SCHEMA", "TABLE_NAME")
    rows = yield from rows_plan(core, f"{_COLUMNS_SQL}{where} ORDER BY ORDINAL_POSITION", params)
    for name, *row in rows:
        if name in tables:
            tables[name].columns.append(_column(tables[name], server, *row))


def _column(
    table: TableFacts,
    server: Server,
    name: str,
    type_: str,
    charset: str | None,
    collation: str | None,
    nullable: str,
    default: str | None,
    extra: str,
    comment: str,
    computed: str | None,
) -> ColumnFacts:
    own_collation = collation != table.collation and not table.is_view
    words = extra.lower()
    return ColumnFacts(
        name=name,
        type=type_,
        nullable=nullable == "YES",
        charset=charset if own_collation else None,
        collation=collation if own_collation else None,
        default=expressions.default_of(default, type_, words, server),
        on_update=expressions.on_update_of(extra),
        autoincrement="auto_increment" in words,
        comment=comment or None,
        computed=f"({expressions.plain(computed, server)})" if computed else None,
        persisted="stored" in words or "persistent" in words,
    )


# -- indexes


_INDEXES_SQL = """\
SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, INDEX_TYPE, COLUMN_NAME, {expression}, SUB_PART, \
COLLATION FROM information_schema.STATISTICS WHERE """


def indexes_plan(core: Core, place: Place, tables: Tables, server: Server) -> Plan[None]:
    """Add the indexes to the tables."""
    where, params = place.where("TABLE_SCHEMA", "TABLE_NAME")
    expression = "EXPRESSION" if server.reaches(mysql=(8, 0, 13)) else "NULL"
    sql = _INDEXES_SQL.format(expression=expression)
    rows = yield from rows_plan(core, f"{sql}{where} ORDER BY SEQ_IN_INDEX", params)
    found: dict[tuple[str, str], IndexFacts] = {}
    for table, name, non_unique, kind, *part in rows:
        if table not in tables:
            continue
        index = found.get((table, name)) or _index(tables[table], name, non_unique, kind)
        added = _part(server, index.prefix is not None, *part)
        found[(table, name)] = index._replace(parts=(*index.parts, added))
    for (table, _), index in found.items():
        tables[table].indexes.append(index)


def _index(table: TableFacts, name: str, non_unique: int, kind: str) -> IndexFacts:
    algorithm = kind in ("BTREE", "HASH")
    return IndexFacts(
        name,
        unique=not int(non_unique),
        parts=(),
        prefix=None if algorithm else kind,
        using=kind.lower() if algorithm and kind != table.usual_algorithm() else None,
    )


def _part(
    server: Server,
    whole: bool,
    column: str | None,
    expression: str | None,
    length: int | None,
    direction: str | None,
) -> IndexPart:
    """One part; a FULLTEXT or SPATIAL index is ``whole``: its columns have no prefixes."""
    return IndexPart(
        column,
        f"({expressions.plain(expression, server)})" if expression else None,
        None if whole else length,
        direction == "D",
    )


# -- foreign keys


_REFERENCES_SQL = """\
SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA = TABLE_SCHEMA, \
REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME \
FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL AND """
_RULES_SQL = """\
SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE \
FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE """


def foreign_keys_plan(core: Core, place: Place, tables: Tables, server: Server) -> Plan[None]:
    """Add the foreign keys to the tables; a key within the schema has no schema."""
    where, params = place.where("TABLE_SCHEMA", "TABLE_NAME")
    sql = f"{_REFERENCES_SQL}{where} ORDER BY ORDINAL_POSITION"
    references = yield from rows_plan(core, sql, params)
    if not references:
        return
    where, params = place.where("CONSTRAINT_SCHEMA", "TABLE_NAME")
    rules = yield from rows_plan(core, f"{_RULES_SQL}{where}", params)
    unsaid = ("NO ACTION", "RESTRICT") if server.mariadb else ("NO ACTION",)
    rule_of = {
        (table, name): [None if rule in unsaid else rule for rule in found]
        for table, name, *found in rules
    }
    for key in _joined(references, place):
        table, name = key[0], key[1].name
        if table in tables:
            on_update, on_delete = rule_of.get((table, name), (None, None))
            facts = key[1]._replace(on_update=on_update, on_delete=on_delete)
            tables[table].foreign_keys.append(facts)


def _joined(references: Rows, place: Place) -> list[tuple[str, ForeignKeyFacts]]:
    """Join the columns of each foreign key, by table."""
    found: dict[tuple[str, str], ForeignKeyFacts] = {}
    for table, name, column, same_schema, schema, target, referred in references:
        if same_schema and place.schema is None:
            schema = None
        key = found.get((table, name)) or ForeignKeyFacts(name, (), schema, target, ())
        found[(table, name)] = key._replace(
            columns=(*key.columns, column), referred=(*key.referred, referred)
        )
    return [(table, key) for (table, _), key in found.items()]


# -- CHECK constraints


_MARIADB_CHECKS = """\
SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, {level} \
FROM information_schema.CHECK_CONSTRAINTS WHERE """
_MYSQL_CHECKS = """\
SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, 'Table' \
FROM information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c \
USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME) WHERE t.CONSTRAINT_TYPE = 'CHECK' AND """


def checks_plan(core: Core, place: Place, tables: Tables, server: Server) -> Plan[None]:
    """Add the CHECK constraints to the tables. MySQL 5.7 has none.

    https://mariadb.com/kb/en/information-schema-check_constraints-table/
    """
    if not server.reaches(mysql=(8, 0, 16), mariadb=(10, 3, 10)):
        return
    if server.mariadb:
        where, params = place.where("CONSTRAINT_SCHEMA", "TABLE_NAME")
        level = "LEVEL" if server.reaches(mariadb=(10, 5, 10)) else "'Table'"
        sql = _MARIADB_CHECKS.format(level=level)
    else:
        where, params = place.where("t.TABLE_SCHEMA", "t.TABLE_NAME")
        sql = _MYSQL_CHECKS
    rows = yield from rows_plan(core, sql + where, params)
    for table, name, clause, level in rows:
        if table in tables:
            # MariaDB calls the constraint of a column by the column's name, which is not its own.
            own = None if level == "Column" else name
            tables[table].checks.append(CheckFacts(own, expressions.plain(clause, server)))


Part = Callable[[Core, Place, Tables, Server], Plan[None]]

#: What can be added to tables.
PARTS: Mapping[str, Part] = {
    "columns": columns_plan,
    "indexes": indexes_plan,
    "foreign_keys": foreign_keys_plan,
    "checks": checks_plan,
}
#: What is asked -> the part that tells it, None for what a table brings along.
NEEDS: Mapping[str, str | None] = {
    "columns": "columns",
    "pk_constraint": "indexes",
    "foreign_keys": "foreign_keys",
    "indexes": "indexes",
    "unique_constraints": "indexes",
    "check_constraints": "checks",
    "table_comment": None,
    "table_options": None,
}
