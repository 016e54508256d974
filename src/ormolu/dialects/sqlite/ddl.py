"""DDL that SQLite writes differently. https://www.sqlite.org/lang_createtable.html"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

from ormolu.compiler.ddl import DDLCompiler
from ormolu.exc import CompileError
from ormolu.types import Integer

__all__ = ["SQLiteDDLCompiler"]


class SQLiteDDLCompiler(DDLCompiler):
    """DDL for SQLite."""

    # -- columns

    def get_column_specification(self, column: Any) -> str:
        text = f"{self.format_column(column)} {self.column_type(column)}"
        text += self.column_default(column)
        if not column.nullable:
            text += " NOT NULL"
            conflict = column.dialect_options["sqlite"]["on_conflict_not_null"]
            text += self.conflict(conflict)
        if column.primary_key:
            text += self._counted_key(column)
        if column.computed is not None:
            text += f" {self.visit_computed_column(column.computed)}"
        return text

    def _counted_key(self, column: Any) -> str:
        """Return PRIMARY KEY AUTOINCREMENT, which may stand only beside the column.

        https://www.sqlite.org/autoinc.html
        """
        keys = column.table.primary_key.columns
        if column.autoincrement is True and len(keys) != 1:
            raise CompileError(
                "SQLite does not support autoincrement for composite primary keys; write "
                f"autoincrement=False for {column.name!r}, or one key column"
            )
        if not self._is_counted(column.table, column):
            return ""
        conflict = self.conflict(column.dialect_options["sqlite"]["on_conflict_primary_key"])
        return f" PRIMARY KEY{conflict} AUTOINCREMENT"

    def _is_counted(self, table: Any, column: Any) -> bool:
        return (
            table.dialect_options["sqlite"]["autoincrement"]
            and len(table.primary_key.columns) == 1
            and issubclass(self.dialect.type_impl(column.type)._type_affinity, Integer)
            and not column.foreign_keys
        )

    def get_column_default_string(self, column: Any) -> str | None:
        text = super().get_column_default_string(column)
        return text if text is None or _is_simple_default(text) else f"({text})"

    # -- constraints

    def conflict(self, clause: str | None) -> str:
        """Return ON CONFLICT. https://www.sqlite.org/lang_conflict.html"""
        return "" if clause is None else f" ON CONFLICT {clause}"

    def visit_primary_key_constraint(self, node: Any) -> str:
        columns = list(node.columns)
        if len(columns) == 1 and self._is_counted(node.table, columns[0]):
            return ""
        return super().visit_primary_key_constraint(node) + self._key_conflict(node, "primary_key")

    def visit_unique_constraint(self, node: Any) -> str:
        return super().visit_unique_constraint(node) + self._key_conflict(node, "unique")

    def _key_conflict(self, node: Any, kind: str) -> str:
        clause = node.dialect_options["sqlite"]["on_conflict"]
        if clause is None and len(node.columns) == 1:
            (column,) = node.columns
            clause = column.dialect_options["sqlite"][f"on_conflict_{kind}"]
        return self.conflict(clause)

    def visit_check_constraint(self, node: Any) -> str:
        clause = node.dialect_options["sqlite"]["on_conflict"]
        return super().visit_check_constraint(node) + self.conflict(clause)

    def visit_column_check_constraint(self, node: Any) -> str:
        if node.dialect_options["sqlite"]["on_conflict"] is not None:
            raise CompileError(
                "SQLite does not support on conflict clause for column check constraint; put the "
                "CheckConstraint among the arguments of the Table"
            )
        return super().visit_column_check_constraint(node)

    def visit_foreign_key_constraint(self, node: Any) -> str:
        # A foreign key can't leave its database file, and names no file.
        if node.elements[0].column.table.schema != node.parent.schema:
            return ""
        return super().visit_foreign_key_constraint(node)

    def define_constraint_remote_table(self, table: Any) -> str:
        return self.quote(table.name)

    # -- tables and indexes

    def post_create_table(self, table: Any) -> str:
        options = table.dialect_options["sqlite"]
        words = []
        if options["with_rowid"] is False:
            words.append("WITHOUT ROWID")
        if options["strict"]:
            words.append("STRICT")
        return "\n " + ",\n ".join(words) if words else ""

    def visit_create_view(self, node: Any) -> str:
        text = super().visit_create_view(node)
        if not node.dialect_options["sqlite"]["if_not_exists"]:
            return text
        head, word, rest = text.partition("VIEW ")
        return f"{head}{word}IF NOT EXISTS {rest}"

    def created_index_name(self, index: Any) -> str:
        return self.prepared_index_name(index, include_schema=True)

    def indexed_table(self, index: Any) -> str:
        return self.quote(index.table.name)

    def index_options(self, index: Any) -> str:
        where = index.dialect_options["sqlite"]["where"]
        return "" if where is None else f" WHERE {self.expression(where)}"


def _is_simple_default(text: str) -> bool:
    """Whether SQLite takes a default without parentheses: a word, a string, or ``(…)`` already.

    https://www.sqlite.org/lang_createtable.html#the_default_clause
    """
    if re.fullmatch(r"""\w+|'(?:[^']|'')*'|"(?:[^"]|"")*\"""", text):
        return True
    depths = list(accumulate((c == "(") - (c == ")") for c in re.sub(r"'(?:[^']|'')*'", "", text)))
    return text.startswith("(") and depths.index(0) == len(depths) - 1
