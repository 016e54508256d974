"""The plans by which the dialect describes what a database holds.

Lasting tables are read from ``information_schema``, any number of them by the same few queries.
What stands nowhere else is read by SHOW CREATE TABLE from the statement of each table that needs
it: a temporary table, partitions, and of MySQL the parser of a FULLTEXT index and defaults that
are bytes. A temporary table that hides a lasting one of the same name is not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ormolu.dialects.base import Core, Dialect
from ormolu.dialects.many import DescribesMany
from ormolu.dialects.mysql.errors import errno_of
from ormolu.dialects.mysql.reflection import create_table_text, describe
from ormolu.dialects.mysql.reflection.describe import DESCRIBERS
from ormolu.dialects.mysql.reflection.facts import TableFacts
from ormolu.dialects.mysql.reflection.information_schema import (
    NEEDS,
    PARTS,
    Place,
    rows_plan,
    tables_plan,
)
from ormolu.dialects.mysql.server import Server
from ormolu.dialects.reflected import (
    ObjectKind,
    ObjectScope,
    ReflectedCheckConstraint,
    ReflectedColumn,
    ReflectedForeignKeyConstraint,
    ReflectedIndex,
    ReflectedPrimaryKeyConstraint,
    ReflectedTableComment,
    ReflectedUniqueConstraint,
)
from ormolu.exc import NoSuchTableError, UnreflectableTableError
from ormolu.io.plan import Plan

__all__ = ["MySQLReflection"]

Names = Plan[list[str]]

#: ER_BAD_DB_ERROR, ER_BAD_TABLE_ERROR, ER_NO_SUCH_TABLE; ER_VIEW_INVALID.
#: https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
_ABSENT = (1049, 1051, 1146)
_VIEW_INVALID = 1356


class MySQLReflection(DescribesMany, Dialect):
    """The reflection half of the MySQL dialect."""

    server: Server

    # -- names

    def has_table_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        # Unlike `information_schema`, this finds temporary tables; a broken view is there as well.
        failures: list[int | None] = []

        def answers(error: BaseException) -> bool:
            failures.append(errno_of(error))
            return failures[-1] in (*_ABSENT, _VIEW_INVALID)

        rows = yield from core.look_plan(f"DESCRIBE {self._quoted(name, schema)}", answers)
        return rows is not None or failures == [_VIEW_INVALID]

    def has_multi_table_plan(
        self, core: Core, names: Collection[str], schema: str | None = None
    ) -> Plan[set[str]]:
        found: set[str] = set()
        if len(names) > 1:
            place = Place(schema, names)
            found.update(place.as_asked((yield from tables_plan(core, place, self.server))))
        for name in names:
            if name not in found and (yield from self.has_table_plan(core, name, schema)):
                found.add(name)
        return found

    def get_schema_names_plan(self, core: Core) -> Names:
        rows = yield from rows_plan(core, "SHOW SCHEMAS")
        return sorted(row[0] for row in rows)

    def get_table_names_plan(self, core: Core, schema: str | None = None) -> Names:
        return (yield from self._listed_plan(core, schema, ("BASE TABLE",)))

    def get_view_names_plan(self, core: Core, schema: str | None = None) -> Names:
        return (yield from self._listed_plan(core, schema, ("VIEW", "SYSTEM VIEW")))

    def _listed_plan(self, core: Core, schema: str | None, kinds: tuple[str, ...]) -> Names:
        place = "" if schema is None else f" FROM {self._quoted(schema)}"
        rows = yield from rows_plan(core, f"SHOW FULL TABLES{place}")
        return [name for name, kind, *_ in rows if kind in kinds]

    def get_sequence_names_plan(self, core: Core, schema: str | None = None) -> Names:
        return (yield from self._sequences_plan(core, Place(schema)))

    def has_sequence_plan(self, core: Core, name: str, schema: str | None = None) -> Plan[bool]:
        return bool((yield from self._sequences_plan(core, Place(schema, (name,)))))

    def _sequences_plan(self, core: Core, place: Place) -> Names:
        if not self.server.sequences:
            raise NotImplementedError(
                "this server has no sequences, only MariaDB has, since 10.3: a column that counts "
                "by itself has 'autoincrement': True in what get_columns() gives"
            )
        where, params = place.where("TABLE_SCHEMA", "TABLE_NAME")
        sql = f"SELECT TABLE_NAME FROM information_schema.TABLES WHERE {where}"
        rows = yield from rows_plan(
            core, f"{sql} AND TABLE_TYPE = 'SEQUENCE' ORDER BY TABLE_NAME", params
        )
        return [row[0] for row in rows]

    def get_view_definition_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[str]:
        views = yield from tables_plan(core, Place(schema, (name,)), self.server, tables=False)
        if not views:
            raise NoSuchTableError(_qualified(name, schema))
        rows = yield from rows_plan(core, f"SHOW CREATE VIEW {self._quoted(name, schema)}")
        return str(rows[0][1])

    # -- one table

    def get_columns_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedColumn]]:
        """Describe the columns of a table, in order.

        :raises UnreflectableTableError: a view refers to what is no longer there.
        """
        place = Place(schema, (name,))
        tables = yield from self._tables_plan(
            core, place, ObjectKind.ANY, ObjectScope.ANY, ("columns",)
        )
        for table in tables.values():
            return describe.columns(table, self.name)
        raise NoSuchTableError(_qualified(name, schema))

    # -- many tables

    def get_multi_columns_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedColumn]]]:
        return self._many_plan("columns", core, schema, filter_names, kind, scope)

    def get_multi_pk_constraint_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, ReflectedPrimaryKeyConstraint]]:
        return self._many_plan("pk_constraint", core, schema, filter_names, kind, scope)

    def get_multi_foreign_keys_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedForeignKeyConstraint]]]:
        return self._many_plan("foreign_keys", core, schema, filter_names, kind, scope)

    def get_multi_indexes_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedIndex]]]:
        return self._many_plan("indexes", core, schema, filter_names, kind, scope)

    def get_multi_unique_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedUniqueConstraint]]]:
        return self._many_plan("unique_constraints", core, schema, filter_names, kind, scope)

    def get_multi_check_constraints_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, list[ReflectedCheckConstraint]]]:
        return self._many_plan("check_constraints", core, schema, filter_names, kind, scope)

    def get_multi_table_comment_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, ReflectedTableComment]]:
        return self._many_plan("table_comment", core, schema, filter_names, kind, scope)

    def get_multi_table_options_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, dict[str, Any]]]:
        return self._many_plan("table_options", core, schema, filter_names, kind, scope)

    def describe_plan(
        self,
        core: Core,
        schema: str | None,
        filter_names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
        **options: Any,
    ) -> Plan[dict[str, dict[str, Any]]]:
        place = Place(schema, filter_names)
        tables = yield from self._tables_plan(core, place, kind, scope, tuple(DESCRIBERS))
        return {what: self._described(what, tables) for what in DESCRIBERS}

    # -- how

    def _many_plan(
        self,
        what: str,
        core: Core,
        schema: str | None,
        names: Collection[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
    ) -> Plan[dict[str, Any]]:
        tables = yield from self._tables_plan(core, Place(schema, names), kind, scope, (what,))
        return self._described(what, tables)

    def _described(self, what: str, tables: Mapping[str, TableFacts]) -> dict[str, Any]:
        """Describe tables; views that are broken are left out."""
        found = {}
        for name, table in tables.items():
            try:
                found[name] = DESCRIBERS[what](table, self.name)
            except UnreflectableTableError:
                continue
        return found

    def _tables_plan(
        self,
        core: Core,
        place: Place,
        kind: ObjectKind,
        scope: ObjectScope,
        questions: Collection[str],
    ) -> Plan[dict[str, TableFacts]]:
        """Return tables by the names they are asked by, with what the questions need."""
        found: dict[str, TableFacts] = {}
        if ObjectScope.DEFAULT in scope:
            found = yield from self._lasting_plan(core, place, kind, questions)
        if place.names is None:
            return found
        found = place.as_asked(found)
        if ObjectScope.TEMPORARY in scope and ObjectKind.TABLE in kind:
            for name in place.names:
                if name not in found:
                    shown = yield from self._shown_plan(core, name, place.schema)
                    if shown is not None:
                        found[name] = shown
        return found

    def _lasting_plan(
        self, core: Core, place: Place, kind: ObjectKind, questions: Collection[str]
    ) -> Plan[dict[str, TableFacts]]:
        tables = yield from tables_plan(
            core,
            place,
            self.server,
            tables=ObjectKind.TABLE in kind,
            views=ObjectKind.VIEW in kind,
        )
        if not tables:
            return {}
        for part in dict.fromkeys(NEEDS[what] for what in questions):
            if part is not None:
                yield from PARTS[part](core, place, tables, self.server)
        for table in tables.values():
            if self._needs_text(table, questions):
                yield from self._complete_plan(core, table, place.schema)
        return tables

    # -- SHOW

    def _needs_text(self, table: TableFacts, questions: Collection[str]) -> bool:
        """Whether only the statement of a table tells what is asked.

        MySQL names the parser of a FULLTEXT index, and tells all bytes of a default, nowhere else.
        """
        if "table_options" in questions and table.has_untold_options:
            return True
        if self.server.mariadb:
            return False
        if "columns" in questions and table.has_untold_defaults:
            return True
        parsed = any(index.prefix == "FULLTEXT" for index in table.indexes)
        return parsed and "indexes" in questions

    def _complete_plan(self, core: Core, table: TableFacts, schema: str | None) -> Plan[None]:
        shown = yield from self._shown_plan(core, table.name, schema)
        if shown is None:  # dropped since it was listed
            return
        table.options.update(shown.options)
        parsers = {index.name: index.parser for index in shown.indexes}
        table.indexes = [index._replace(parser=parsers.get(index.name)) for index in table.indexes]
        defaults = {column.name: column.default for column in shown.columns}
        table.columns = [
            column._replace(default=defaults.get(column.name))
            if column.default_is_bytes
            else column
            for column in table.columns
        ]

    def _shown_plan(self, core: Core, name: str, schema: str | None) -> Plan[TableFacts | None]:
        """Read the statement of a table; None when there is no table of this name."""
        statement = f"SHOW CREATE TABLE {self._quoted(name, schema)}"
        rows = yield from core.look_plan(statement, _says_absent)
        return None if rows is None else create_table_text.read(rows[0][1])

    def _quoted(self, name: str, schema: str | None = None) -> str:
        """Return a name as it stands in a statement that the driver fills parameters into.

        Backticks enclose names in every SQL mode, whatever the session has set.
        """
        parts = [name] if schema is None else [schema, name]
        text = ".".join("`" + part.replace("`", "``") + "`" for part in parts)
        return text.replace("%", "%%")


def _says_absent(error: BaseException) -> bool:
    """Whether an error says that there is no such table or schema."""
    return errno_of(error) in _ABSENT


def _qualified(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"
