"""What all parts of the DDL compiler use: names, expressions, literals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu.compiler.base import CompilerBase

if TYPE_CHECKING:
    from ormolu.compiler.sql_compiler import SQLCompiler

__all__ = ["DDLCompilerBase"]


class DDLCompilerBase(CompilerBase):
    """Names and expressions in DDL."""

    @property
    def sql_compiler(self) -> SQLCompiler:
        """A compiler of expressions and statements that writes values into the text."""
        return self.dialect.compiler_class(
            self.dialect, literal_binds=True, schema_translate_map=self.schema_translate_map
        )

    def process(self, node: Any, **options: Any) -> str:
        """Return the text of a DDL node or of a schema item (as user-defined DDL calls it)."""
        return self.visit(node)

    def expression(self, node: Any) -> str:
        """Return an expression as DDL may hold it: values written out, columns without a table."""
        compiler = self.sql_compiler
        compiler.include_table = False
        return compiler.visit(node)

    def statement(self, node: Any) -> str:
        """Return a SELECT within DDL: values written out."""
        compiler = self.sql_compiler
        text = compiler.visit(node)
        return compiler.with_text() + text

    def string_text(self, value: str) -> str:
        """Return a string as SQL text."""
        return "'" + value.replace("'", "''") + "'"

    def format_table(self, table: Any) -> str:
        """Return the qualified, quoted name of a table."""
        return self.table_text(table)

    def format_column(self, column: Any) -> str:
        """Return the quoted name of a column."""
        return self.quote(column.name)
