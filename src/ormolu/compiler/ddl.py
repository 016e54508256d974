"""Compiling DDL: tables, indexes, constraints, sequences.

The text is what SQLAlchemy writes, its leading newline and tabs included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu.compiler.base import CompilerBase
from ormolu.exc import CompileError

if TYPE_CHECKING:
    from ormolu.compiler.sql_compiler import SQLCompiler

__all__ = ["DDLCompiler"]


class DDLCompiler(CompilerBase):
    """Writes DDL statements for one dialect."""

    def expression(self, node: Any) -> str:
        """Return an expression as DDL may hold it: values written out, columns without a table."""
        compiler: SQLCompiler = self.dialect.compiler_class(
            self.dialect, node._binds, literal_binds=True
        )
        compiler.include_table = False
        return compiler.visit(node)

    # -- tables

    def visit_create_table(self, node: Any) -> str:
        table = node.element
        words = ["CREATE", *getattr(table, "_prefixes", ()), "TABLE"]
        if node.if_not_exists:
            words.append("IF NOT EXISTS")
        parts = [self.column_definition(table, column) for column in table.columns]
        parts += self.table_constraints(
            table, getattr(node, "include_foreign_key_constraints", None)
        )
        body = ", ".join(f"\n\t{part}" for part in parts)
        words.append(self.table_text(table))
        return f"\n{' '.join(words)} ({body}\n){self.table_options(table)}\n\n"

    def table_options(self, table: Any) -> str:
        """Return what follows the parenthesis of CREATE TABLE."""
        return ""

    def visit_drop_table(self, node: Any) -> str:
        exists = "IF EXISTS " if node.if_exists else ""
        return f"\nDROP TABLE {exists}{self.table_text(node.element)}"

    def visit_create_column(self, node: Any) -> str:
        return self.column_definition(node.element.table, node.element)

    def column_definition(self, table: Any, column: Any) -> str:
        """Return one column of CREATE TABLE.

        :raises CompileError: naming table and column when its type has no text.
        """
        try:
            type_text = self.dialect.type_compiler.process(column.type)
        except CompileError as error:
            raise CompileError(
                f"(in table {table.name!r}, column {column.name!r}): {error.args[0]}"
            ) from error
        text = f"{self.quote(column.name)} {type_text}{self.column_tail(column)}"
        for constraint in self.column_constraints(column):
            text += f" {constraint}"
        return text

    def column_tail(self, column: Any) -> str:
        """Return DEFAULT, GENERATED and NOT NULL of a column."""
        text = ""
        default = self.default_text(column)
        if default is not None:
            text += f" DEFAULT {default}"
        computed = getattr(column, "computed", None)
        if computed is not None:
            text += f" {self.computed_text(computed)}"
        identity = getattr(column, "identity", None)
        if identity is not None and self.features.identity_columns:
            return text + f" {self.identity_text(identity)}"
        return text + ("" if column.nullable else " NOT NULL")

    def column_constraints(self, column: Any) -> list[str]:
        """Return the CHECK constraints that stand beside a column."""
        return [
            self.visit(constraint)
            for constraint in getattr(column, "constraints", ())
            if constraint.__visit_name__ in ("check_constraint", "column_check_constraint")
        ]

    def default_text(self, column: Any) -> str | None:
        """Return the text after DEFAULT, None if the column has no server default."""
        default = column.server_default
        arg = getattr(default, "arg", None)
        if default is None or arg is None:
            return None
        if isinstance(arg, str):
            return self.string_text(arg)
        return self.expression(arg)

    def string_text(self, value: str) -> str:
        """Return a string as SQL text."""
        return "'" + value.replace("'", "''") + "'"

    def computed_text(self, computed: Any) -> str:
        """Return GENERATED ALWAYS AS (…)."""
        text = f"GENERATED ALWAYS AS ({self.expression(computed.sqltext)})"
        if computed.persisted is None:
            return text
        return text + (" STORED" if computed.persisted else " VIRTUAL")

    def identity_text(self, identity: Any) -> str:
        """Return GENERATED … AS IDENTITY."""
        text = f"GENERATED {'ALWAYS' if identity.always else 'BY DEFAULT'} AS IDENTITY"
        options = self.sequence_options(identity)
        return f"{text} ({options})" if options else text

    # -- constraints

    def table_constraints(self, table: Any, foreign_keys: Any) -> list[str]:
        """Return the constraints of CREATE TABLE in order: primary key first, then as made."""
        found = [self.visit(table.primary_key)] if len(table.primary_key.columns) else []
        for constraint in _in_order(table.constraints):
            if constraint is table.primary_key or not self.is_written(constraint, foreign_keys):
                continue
            found.append(self.visit(constraint))
        return [text for text in found if text]

    def is_written(self, constraint: Any, foreign_keys: Any) -> bool:
        """Say whether a constraint belongs in CREATE TABLE (else it is added, or left out)."""
        rule = getattr(constraint, "_create_rule", None)
        if rule is not None and not rule(self):
            return False
        if constraint.__visit_name__ != "foreign_key_constraint":
            return True
        if self.features.alter and getattr(constraint, "use_alter", False):
            return False
        if foreign_keys is not None and self.features.alter and constraint not in foreign_keys:
            return False
        return self.features.cross_schema_foreign_keys or (
            constraint.parent.schema == constraint.referred_table.schema
        )

    def named(self, constraint: Any) -> str:
        """Return ``CONSTRAINT name`` with a space, nothing for a nameless constraint."""
        name = self.constraint_name(constraint)
        return "" if name is None else f"CONSTRAINT {self.quote(name)} "

    def constraint_name(self, constraint: Any) -> str | None:
        """Return a constraint's name, None if it has none."""
        name = constraint.name
        return str(name) if isinstance(name, str) and name else None

    def visit_primary_key_constraint(self, node: Any) -> str:
        columns = self.columns_text(node.columns)
        return f"{self.named(node)}PRIMARY KEY ({columns}){self.deferral(node)}"

    def visit_unique_constraint(self, node: Any) -> str:
        if not len(node.columns):
            return ""
        return f"{self.named(node)}UNIQUE ({self.columns_text(node.columns)}){self.deferral(node)}"

    def visit_check_constraint(self, node: Any) -> str:
        return f"{self.named(node)}CHECK ({self.expression(node.sqltext)}){self.deferral(node)}"

    def visit_column_check_constraint(self, node: Any) -> str:
        return self.visit_check_constraint(node)

    def visit_foreign_key_constraint(self, node: Any) -> str:
        target = node.referred_table
        text = (
            f"{self.named(node)}FOREIGN KEY({self.columns_text(node.columns)}) REFERENCES "
            f"{self.table_text(target)} ({self.columns_text(e.column for e in node.elements)})"
        )
        if node.match is not None:
            text += f" MATCH {node.match}"
        if node.ondelete is not None:
            text += f" ON DELETE {_phrase(node.ondelete)}"
        if node.onupdate is not None:
            text += f" ON UPDATE {_phrase(node.onupdate)}"
        return text + self.deferral(node)

    def columns_text(self, columns: Any) -> str:
        return ", ".join(self.quote(column.name) for column in columns)

    def deferral(self, node: Any) -> str:
        """Return DEFERRABLE and INITIALLY of a constraint."""
        text = ""
        if node.deferrable is not None:
            text += " DEFERRABLE" if node.deferrable else " NOT DEFERRABLE"
        if node.initially is not None:
            text += f" INITIALLY {_phrase(node.initially)}"
        return text

    def visit_add_constraint(self, node: Any) -> str:
        constraint = node.element
        return f"ALTER TABLE {self.table_text(constraint.table)} ADD {self.visit(constraint)}"

    def visit_drop_constraint(self, node: Any) -> str:
        constraint = node.element
        name = self.constraint_name(constraint)
        if name is None:
            raise CompileError(
                f"Can't emit DROP CONSTRAINT for constraint {constraint!r}; it has no name: "
                "give it one with name=, or set a naming_convention on the MetaData"
            )
        exists = "IF EXISTS " if getattr(node, "if_exists", False) else ""
        cascade = " CASCADE" if getattr(node, "cascade", False) else ""
        return (
            f"ALTER TABLE {self.table_text(constraint.table)} "
            f"DROP CONSTRAINT {exists}{self.quote(name)}{cascade}"
        )

    # -- indexes

    def visit_create_index(self, node: Any) -> str:
        index = node.element
        self._require_table(index)
        unique = "UNIQUE " if index.unique else ""
        exists = "IF NOT EXISTS " if node.if_not_exists else ""
        columns = ", ".join(self.index_part(part) for part in index.expressions)
        return (
            f"CREATE {unique}INDEX {exists}{self.create_index_name(index)} "
            f"ON {self.indexed_table(index)} ({columns}){self.index_options(index)}"
        )

    def _require_table(self, index: Any) -> None:
        if index.table is None:
            raise CompileError(
                f"Index {index.name!r} is not associated with any table: "
                "give it columns of a Table, or put it among the Table's arguments"
            )
        if index.name is None:
            raise CompileError(
                f"CREATE INDEX requires that the index have a name (on table {index.table.name!r})"
            )

    def create_index_name(self, index: Any) -> str:
        """Return the name in CREATE INDEX: without a schema, it is the table's."""
        return self.quote(index.name)

    def indexed_table(self, index: Any) -> str:
        return self.table_text(index.table)

    def index_part(self, part: Any) -> str:
        """Return one column or expression of an index."""
        text = self.expression(part)
        return f"({text})" if part.__visit_name__ in ("binary", "unary_math") else text

    def index_options(self, index: Any) -> str:
        """Return what follows the columns of CREATE INDEX."""
        return ""

    def visit_drop_index(self, node: Any) -> str:
        index = node.element
        exists = "IF EXISTS " if node.if_exists else ""
        schema = None if index.table is None else self.schema_of(index.table)
        return f"\nDROP INDEX {exists}{self.preparer.format_qualified(schema, index.name)}"

    # -- schemas, sequences, comments, text

    def visit_create_schema(self, node: Any) -> str:
        exists = "IF NOT EXISTS " if getattr(node, "if_not_exists", False) else ""
        return f"CREATE SCHEMA {exists}{self.quote(node.element)}"

    def visit_drop_schema(self, node: Any) -> str:
        exists = "IF EXISTS " if getattr(node, "if_exists", False) else ""
        cascade = " CASCADE" if getattr(node, "cascade", False) else ""
        return f"DROP SCHEMA {exists}{self.quote(node.element)}{cascade}"

    def visit_create_sequence(self, node: Any) -> str:
        exists = "IF NOT EXISTS " if getattr(node, "if_not_exists", False) else ""
        options = self.sequence_options(node.element)
        return f"CREATE SEQUENCE {exists}{self.table_text(node.element)}" + (
            f" {options}" if options else ""
        )

    def visit_drop_sequence(self, node: Any) -> str:
        exists = "IF EXISTS " if getattr(node, "if_exists", False) else ""
        return f"DROP SEQUENCE {exists}{self.table_text(node.element)}"

    def sequence_options(self, sequence: Any) -> str:
        """Return the options of a sequence or an identity column."""
        parts = []
        for attribute, word in (
            ("increment", "INCREMENT BY"),
            ("start", "START WITH"),
            ("minvalue", "MINVALUE"),
            ("maxvalue", "MAXVALUE"),
        ):
            value = getattr(sequence, attribute, None)
            if value is not None:
                parts.append(f"{word} {value}")
        for attribute, text in (("nominvalue", "NO MINVALUE"), ("nomaxvalue", "NO MAXVALUE")):
            if getattr(sequence, attribute, None):
                parts.append(text)
        if getattr(sequence, "cache", None) is not None:
            parts.append(f"CACHE {sequence.cache}")
        cycle = getattr(sequence, "cycle", None)
        if cycle is not None:
            parts.append("CYCLE" if cycle else "NO CYCLE")
        return " ".join(parts)

    def visit_set_table_comment(self, node: Any) -> str:
        table = node.element
        return f"COMMENT ON TABLE {self.table_text(table)} IS {self.string_text(table.comment)}"

    def visit_drop_table_comment(self, node: Any) -> str:
        return f"COMMENT ON TABLE {self.table_text(node.element)} IS NULL"

    def visit_set_column_comment(self, node: Any) -> str:
        comment = self.string_text(node.element.comment)
        return f"COMMENT ON COLUMN {self._column_name(node)} IS {comment}"

    def visit_drop_column_comment(self, node: Any) -> str:
        return f"COMMENT ON COLUMN {self._column_name(node)} IS NULL"

    def _column_name(self, node: Any) -> str:
        return f"{self.table_text(node.element.table)}.{self.quote(node.element.name)}"

    def visit_ddl(self, node: Any) -> str:
        context = dict(node.context or {})
        target = getattr(node, "target", None)
        if target is not None:
            context.setdefault("table", self.quote(target.name))
            context.setdefault("schema", self.schema_of(target) or "")
            context.setdefault("fullname", self.table_text(target))
        return str(node.statement % context)


def _in_order(constraints: Any) -> list[Any]:
    return sorted(constraints, key=lambda constraint: constraint._creation_order)


def _phrase(text: str) -> str:
    """Return ``text`` if it is words alone, as the words after ON DELETE must be.

    :raises CompileError: for anything else, which could end the statement.
    """
    if not all(part.isidentifier() for part in text.split()):
        raise CompileError(f"Unexpected SQL phrase: {text!r}: write words such as 'SET NULL'")
    return text
