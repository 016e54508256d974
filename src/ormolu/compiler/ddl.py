"""Compiling DDL: tables and columns; constraints, and the rest, are mixed in.

The text is what SQLAlchemy writes, its leading newline and tabs included. Every clause has a small
method of its own for a dialect to override; these have the names that SQLAlchemy's dialects know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu.compiler.ddl_constraints import ConstraintWriter
from ormolu.compiler.ddl_objects import ObjectWriter
from ormolu.compiler.ddl_views import ViewWriter
from ormolu.exc import CompileError

if TYPE_CHECKING:
    from ormolu.compiler.types import TypeCompiler

__all__ = ["DDLCompiler"]


class DDLCompiler(ConstraintWriter, ObjectWriter, ViewWriter):
    """Writes DDL statements for one dialect."""

    @property
    def type_compiler(self) -> TypeCompiler:
        """What writes types for this dialect."""
        return self.dialect.type_compiler

    # -- tables

    def visit_create_table(self, node: Any) -> str:
        table = node.element
        words = ["CREATE", *getattr(table, "_prefixes", ()), "TABLE"]
        if node.if_not_exists:
            words.append("IF NOT EXISTS")
        words.append(self.format_table(table))
        suffix = self.create_table_suffix(table)
        if suffix:
            words.append(suffix)
        parts = [text for column in self.table_columns(node) if (text := self.table_column(column))]
        constraints = self.create_table_constraints(table, node.include_foreign_key_constraints)
        if constraints:
            parts.append(constraints)
        body = ", ".join(f"\n\t{part}" for part in parts)
        return f"\n{' '.join(words)} ({body}\n){self.post_create_table(table)}\n\n"

    def table_columns(self, node: Any) -> list[Any]:
        """Return the `CreateColumn` of each column of a CREATE TABLE."""
        return list(node.columns)

    def table_column(self, node: Any) -> str:
        """Return one column in CREATE TABLE, nothing for a column that the database makes itself.

        :raises CompileError: naming table and column when its type has no text.
        """
        column = node.element
        try:
            return self.visit(node)
        except CompileError as error:
            raise CompileError(
                f"(in table {column.table.description!r}, column {column.name!r}): {error.args[0]}"
            ) from error

    def create_table_suffix(self, table: Any) -> str:
        """Return what stands between the name and the parenthesis of CREATE TABLE."""
        return ""

    def post_create_table(self, table: Any) -> str:
        """Return what follows the parenthesis of CREATE TABLE: the table's options."""
        return ""

    def visit_drop_table(self, node: Any) -> str:
        exists = "IF EXISTS " if node.if_exists else ""
        return f"\nDROP TABLE {exists}{self.format_table(node.element)}"

    # -- columns

    def visit_create_column(self, node: Any) -> str:
        column = node.element
        if column.system:
            return ""
        text = self.get_column_specification(column)
        constraints = self.column_constraints(column)
        return " ".join([text, *constraints])

    def get_column_specification(self, column: Any) -> str:
        """Return name, type, DEFAULT, GENERATED and NOT NULL of a column."""
        text = f"{self.format_column(column)} {self.column_type(column)}"
        return text + self.column_default(column) + self.column_generated(column)

    def column_type(self, column: Any) -> str:
        """Return the type of a column."""
        return self.dialect.type_compiler.process(column.type, type_expression=column)

    def column_default(self, column: Any) -> str:
        """Return DEFAULT with a space before it, nothing for a column without one."""
        default = self.get_column_default_string(column)
        return "" if default is None else f" DEFAULT {default}"

    def column_generated(self, column: Any) -> str:
        """Return GENERATED and NOT NULL, each with a space before it."""
        text = ""
        if column.computed is not None:
            text += f" {self.visit_computed_column(column.computed)}"
        identity = column.identity if self.features.identity_columns else None
        if identity is not None:
            return text + f" {self.visit_identity_column(identity)}"
        return text + ("" if column.nullable else " NOT NULL")

    def column_constraints(self, column: Any) -> list[str]:
        """Return the CHECK constraints that stand beside a column."""
        found = sorted(column.constraints, key=lambda constraint: constraint._creation_order)
        return [
            self.visit_column_check_constraint(constraint)
            for constraint in found
            if self.is_written(constraint)
        ]

    def get_column_default_string(self, column: Any) -> str | None:
        """Return the text after DEFAULT, None if the column has no server default."""
        default = column.server_default
        arg = getattr(default, "arg", None)
        if default is None or arg is None:
            return None
        return self.render_default_string(arg)

    def render_default_string(self, default: Any) -> str:
        """Return the argument of a server default: a string is a literal."""
        if isinstance(default, str):
            return self.string_text(default)
        return self.expression(default)

    def visit_computed_column(self, computed: Any) -> str:
        text = f"GENERATED ALWAYS AS ({self.expression(computed.sqltext)})"
        if computed.persisted is None:
            return text
        return text + (" STORED" if computed.persisted else " VIRTUAL")

    def visit_identity_column(self, identity: Any) -> str:
        text = f"GENERATED {'ALWAYS' if identity.always else 'BY DEFAULT'} AS IDENTITY"
        options = self.get_identity_options(identity)
        return f"{text} ({options})" if options else text
