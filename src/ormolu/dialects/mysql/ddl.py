"""DDL as MySQL and MariaDB write it.

https://dev.mysql.com/doc/refman/8.4/en/sql-data-definition-statements.html
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ormolu import types as sqltypes
from ormolu.compiler.ddl import DDLCompiler
from ormolu.dialects.mysql.table_options import table_options
from ormolu.exc import CompileError, SADeprecationWarning
from ormolu.sql import operators as ops

if TYPE_CHECKING:
    from ormolu.dialects.mysql.dialect import MySQLDialect

__all__ = ["MySQLDDLCompiler"]

#: Expressions that are the name of a column, or written by the user as they are to stand. Every
#: other one needs parentheses: https://dev.mysql.com/doc/refman/8.4/en/create-index.html
_PLAIN_PARTS = frozenset({"column", "textclause"})


class MySQLDDLCompiler(DDLCompiler):
    """Writes DDL for MySQL and MariaDB."""

    dialect: MySQLDialect

    def string_text(self, value: str) -> str:
        return self.dialect.quoted_string(value)

    # -- tables

    def post_create_table(self, table: Any) -> str:
        given = table.dialect_options[self.dialect.name]
        options = {name.upper(): value for name, value in given.items() if name != "*"}
        if table.comment is not None:
            options["COMMENT"] = table.comment
        return table_options(options, self.string_text)

    # -- columns

    def get_column_specification(self, column: Any) -> str:
        """Return a column, its comment before its default."""
        return self._column(column, column.comment)

    def _column(self, column: Any, comment: str | None) -> str:
        words = [self.format_column(column), self.column_type(column)]
        if column.computed is not None:
            words.append(self.visit_computed_column(column.computed))
        if not column.nullable:
            # MariaDB refuses it beside GENERATED: https://mariadb.com/kb/en/generated-columns/
            if column.computed is None or column._nullable_given or not self.dialect.is_mariadb:
                words.append("NOT NULL")
        elif isinstance(self.dialect.type_impl(column.type), sqltypes.TIMESTAMP):
            # https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html
            words.append("NULL")
        if comment is not None:
            words.append(f"COMMENT {self.string_text(comment)}")
        if self._is_counted(column):
            words.append("AUTO_INCREMENT")
        return " ".join(words) + self.column_default(column)

    def _is_counted(self, column: Any) -> bool:
        """https://dev.mysql.com/doc/refman/8.4/en/example-auto-increment.html"""
        if column.table is None or column is not column.table.autoincrement_column:
            return False
        if getattr(column.server_default, "arg", None) is not None:
            return False
        sequence = column.default if getattr(column.default, "is_sequence", False) else None
        return not self.features.sequences or sequence is None or sequence.optional

    def render_default_string(self, default: Any) -> str:
        """Return a default; an expression stands in parentheses.

        https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
        """
        text = super().render_default_string(default)
        if not self.dialect.server.default_expressions or _is_simple_default(text):
            return text
        return f"({text})"

    # -- constraints

    def define_primary_key_body(self, node: Any) -> str:
        text = super().define_primary_key_body(node)
        using = self._option(node, "using")
        return text if using is None else f"{text} USING {self.quote(using)}"

    def define_constraint_match(self, node: Any) -> str:
        if node.match is not None:
            raise CompileError(
                "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON "
                f"DELETE clauses to be ignored: leave match={node.match!r} out"
            )
        return ""

    def visit_drop_constraint(self, node: Any) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/alter-table.html"""
        constraint = node.element
        table = self.format_table(constraint.table)
        kind = constraint.__visit_name__
        if kind == "primary_key_constraint":
            return f"ALTER TABLE {table} DROP PRIMARY KEY "
        words = {"foreign_key_constraint": "FOREIGN KEY", "unique_constraint": "INDEX"}
        word = words.get(kind, "CONSTRAINT" if self.dialect.is_mariadb else "CHECK")
        name = self.constraint_name(constraint, "DROP CONSTRAINT")
        return f"ALTER TABLE {table} DROP {word} {name}"

    # -- indexes

    def visit_create_index(self, node: Any) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/create-index.html"""
        index = node.element
        self.require_table(index)
        words = ["CREATE"]
        words += ["UNIQUE"] if index.unique else []
        prefix = index.dialect_options[self.dialect.name]["prefix"]
        words += [prefix] if prefix else []
        words.append("INDEX")
        words += ["IF NOT EXISTS"] if node.if_not_exists else []
        words += [self.created_index_name(index), "ON", self.indexed_table(index)]
        return f"{' '.join(words)} ({self.index_parts(index)}){self.index_options(index)}"

    def index_part(self, index: Any, part: Any) -> str:
        """Return a column with its length, or an expression in parentheses."""
        if part.__visit_name__ == "unary" and part.modifier in (ops.asc_op, ops.desc_op):
            direction = " ASC" if part.modifier is ops.asc_op else " DESC"
            return self.index_part(index, part.element) + direction
        text = self.expression(part)
        if part.__visit_name__ not in _PLAIN_PARTS:
            return text if part.__visit_name__ == "grouping" else f"({text})"
        length = index.dialect_options[self.dialect.name]["length"]
        if isinstance(length, dict):
            length = length.get(getattr(part, "name", None))
        return text if length is None else f"{text}({length})"

    def index_options(self, index: Any) -> str:
        parser, using = self._option(index, "with_parser"), self._option(index, "using")
        text = "" if parser is None else f" WITH PARSER {parser}"
        return text if using is None else f"{text} USING {self.quote(using)}"

    def _option(self, item: Any, name: str) -> Any:
        """Return an argument of a schema item; MariaDB falls back on MySQL's."""
        dialect = self.dialect.name
        value = item.dialect_options[dialect][name]
        if value is not None or dialect == "mysql":
            return value
        value = item.dialect_options["mysql"][name]
        if value is not None:
            warnings.warn(
                f"Using 'mysql_{name}' with the {dialect!r} dialect is deprecated; please "
                f"additionally specify '{dialect}_{name}'.",
                SADeprecationWarning,
                stacklevel=2,
            )
        return value

    def visit_drop_index(self, node: Any) -> str:
        index = node.element
        if index.name is None or index.table is None:
            raise CompileError(
                "DROP INDEX requires that the index have a name and a table here: "
                "Index('name', table.c.column)"
            )
        exists = "IF EXISTS " if node.if_exists else ""
        name, table = self.prepared_index_name(index), self.format_table(index.table)
        return f"\nDROP INDEX {exists}{name} ON {table}"

    # -- sequences and comments

    def get_identity_options(self, options: Any) -> str:
        # One word: https://mariadb.com/kb/en/create-sequence/
        return super().get_identity_options(options).replace("NO CYCLE", "NOCYCLE")

    def visit_set_table_comment(self, node: Any) -> str:
        table = node.element
        return f"ALTER TABLE {self.format_table(table)} COMMENT {self.comment_text(table)}"

    def visit_drop_table_comment(self, node: Any) -> str:
        return f"ALTER TABLE {self.format_table(node.element)} COMMENT ''"

    def visit_set_column_comment(self, node: Any) -> str:
        return self._change_column(node.element, node.element.comment)

    def visit_drop_column_comment(self, node: Any) -> str:
        return self._change_column(node.element, None)

    def _change_column(self, column: Any, comment: str | None) -> str:
        """A comment is changed with the whole column."""
        table, name = self.format_table(column.table), self.format_column(column)
        return f"ALTER TABLE {table} CHANGE {name} {self._column(column, comment)}"


_STRING = r"""'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*\""""
_SIMPLE = re.compile(rf"\w+|(?:now|current_timestamp)\(\d+\)|{_STRING}", re.IGNORECASE | re.DOTALL)
_ON_UPDATE = re.compile(r"\bon\s+update\b", re.IGNORECASE)


def _is_simple_default(text: str) -> bool:
    """Whether a default may stand without parentheses: a word, a string, ``now(6)``, ``(…)``.

    ON UPDATE belongs to the column and not to the expression, so parentheses would be wrong.
    """
    if _SIMPLE.fullmatch(text.strip()) or _ON_UPDATE.search(text):
        return True
    bare = re.sub(_STRING, "", text.strip(), flags=re.DOTALL)
    return bare.startswith("(") and _depths(bare).index(0) == len(bare) - 1


def _depths(text: Iterable[str]) -> list[int]:
    return list(accumulate((char == "(") - (char == ")") for char in text))
