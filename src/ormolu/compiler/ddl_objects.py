"""Compiling indexes, schemas, sequences, comments, and DDL given as text."""

from __future__ import annotations

from typing import Any

from ormolu.compiler.ddl_base import DDLCompilerBase
from ormolu.exc import CompileError, UnsupportedCompilationError

__all__ = ["ObjectWriter"]


class ObjectWriter(DDLCompilerBase):
    """Writes all that is neither table nor constraint; a part of the DDL compiler."""

    # -- indexes

    def visit_create_index(self, node: Any) -> str:
        index = node.element
        self.require_table(index)
        unique = "UNIQUE " if index.unique else ""
        exists = "IF NOT EXISTS " if node.if_not_exists else ""
        return (
            f"CREATE {unique}INDEX {exists}{self.created_index_name(index)} "
            f"ON {self.indexed_table(index)} ({self.index_parts(index)}){self.index_options(index)}"
        )

    def require_table(self, index: Any) -> None:
        """Refuse an index that has no table or no name.

        :raises CompileError: saying which.
        """
        if index.table is None:
            raise CompileError(
                f"Index {index.name!r} is not associated with any table: "
                "give it columns of a Table, or put it among the Table's arguments"
            )
        if index.name is None:
            raise CompileError(
                f"CREATE INDEX requires that the index have a name (on table {index.table.name!r})"
            )

    def created_index_name(self, index: Any) -> str:
        """Return the name in CREATE INDEX: without a schema, it is the table's."""
        return self.prepared_index_name(index)

    def prepared_index_name(self, index: Any, include_schema: bool = False) -> str:
        """Return an index's quoted name, after its schema on request."""
        name = self.preparer.format_index(index)
        schema = None if index.table is None else self.schema_of(index.table)
        if not include_schema or schema is None:
            return name
        return f"{self.preparer.quote_schema(schema)}.{name}"

    def indexed_table(self, index: Any) -> str:
        """Return the name of the table in CREATE INDEX."""
        return self.format_table(index.table)

    def index_parts(self, index: Any) -> str:
        """Return the columns and expressions of an index."""
        return ", ".join(self.index_part(index, part) for part in index.expressions)

    def index_part(self, index: Any, part: Any) -> str:
        """Return one column or expression of an index."""
        return self.expression(part)

    def index_options(self, index: Any) -> str:
        """Return what follows the columns of CREATE INDEX, with a space before it."""
        return ""

    def visit_drop_index(self, node: Any) -> str:
        index = node.element
        if index.name is None:
            raise CompileError("DROP INDEX requires that the index have a name: Index('name', …)")
        exists = "IF EXISTS " if node.if_exists else ""
        return f"\nDROP INDEX {exists}{self.prepared_index_name(index, include_schema=True)}"

    # -- schemas

    def visit_create_schema(self, node: Any) -> str:
        exists = "IF NOT EXISTS " if node.if_not_exists else ""
        return f"CREATE SCHEMA {exists}{self.preparer.quote_schema(node.element)}"

    def visit_drop_schema(self, node: Any) -> str:
        exists = "IF EXISTS " if node.if_exists else ""
        cascade = " CASCADE" if node.cascade else ""
        return f"DROP SCHEMA {exists}{self.preparer.quote_schema(node.element)}{cascade}"

    # -- sequences

    def visit_create_sequence(self, node: Any) -> str:
        sequence = node.element
        exists = "IF NOT EXISTS " if node.if_not_exists else ""
        text = f"CREATE SEQUENCE {exists}{self.format_sequence(sequence)}"
        text += self.create_sequence_prefix(sequence)
        options = self.get_identity_options(sequence)
        return f"{text} {options}" if options else text

    def create_sequence_prefix(self, sequence: Any) -> str:
        """Return what stands between a sequence's name and its options (AS type)."""
        return ""

    def visit_drop_sequence(self, node: Any) -> str:
        exists = "IF EXISTS " if node.if_exists else ""
        return f"DROP SEQUENCE {exists}{self.format_sequence(node.element)}"

    def format_sequence(self, sequence: Any) -> str:
        """Return the qualified, quoted name of a sequence."""
        return self.table_text(sequence)

    def get_identity_options(self, options: Any) -> str:
        """Return the options of a sequence or an identity column."""
        parts = [
            f"{words} {value}"
            for words, value in (
                ("INCREMENT BY", options.increment),
                ("START WITH", options.start),
                ("MINVALUE", options.minvalue),
                ("MAXVALUE", options.maxvalue),
            )
            if value is not None
        ]
        if options.nominvalue is not None:
            parts.append("NO MINVALUE")
        if options.nomaxvalue is not None:
            parts.append("NO MAXVALUE")
        if options.cache is not None:
            parts.append(f"CACHE {options.cache}")
        if options.cycle is not None:
            parts.append("CYCLE" if options.cycle else "NO CYCLE")
        return " ".join(parts)

    # -- comments

    def visit_set_table_comment(self, node: Any) -> str:
        table = node.element
        return f"COMMENT ON TABLE {self.format_table(table)} IS {self.comment_text(table)}"

    def visit_drop_table_comment(self, node: Any) -> str:
        return f"COMMENT ON TABLE {self.format_table(node.element)} IS NULL"

    def visit_set_column_comment(self, node: Any) -> str:
        comment = self.comment_text(node.element)
        return f"COMMENT ON COLUMN {self.qualified_column(node.element)} IS {comment}"

    def visit_drop_column_comment(self, node: Any) -> str:
        return f"COMMENT ON COLUMN {self.qualified_column(node.element)} IS NULL"

    def visit_set_constraint_comment(self, node: Any) -> str:
        raise UnsupportedCompilationError(type(self).__name__, type(node))

    def visit_drop_constraint_comment(self, node: Any) -> str:
        raise UnsupportedCompilationError(type(self).__name__, type(node))

    def comment_text(self, item: Any) -> str:
        """Return the comment of a table, column or constraint as SQL text."""
        return self.string_text(item.comment)

    def qualified_column(self, column: Any) -> str:
        """Return the name of a column after that of its table."""
        return f"{self.format_table(column.table)}.{self.format_column(column)}"

    # -- text

    def visit_ddl(self, node: Any) -> str:
        context = dict(node.context or {})
        target: Any = getattr(node, "target", None)
        if hasattr(target, "columns"):
            context.setdefault("table", self.quote(target.name))
            context.setdefault("schema", self._quoted_schema(target))
            context.setdefault("fullname", self.format_table(target))
        return str(node.statement % context)

    def _quoted_schema(self, table: Any) -> str:
        schema = self.schema_of(table)
        return "" if schema is None else self.preparer.quote_schema(schema)
