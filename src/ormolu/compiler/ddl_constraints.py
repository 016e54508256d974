"""Compiling constraints, inside CREATE TABLE and by ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu.compiler.ddl_base import DDLCompilerBase
from ormolu.exc import CompileError

__all__ = ["ConstraintWriter"]


class ConstraintWriter(DDLCompilerBase):
    """Writes constraints; a part of the DDL compiler."""

    def create_table_constraints(self, table: Any, foreign_keys: Any = None) -> str:
        """Return the constraints of CREATE TABLE in order: primary key first, then as made.

        :param foreign_keys: only these foreign keys; the others are added by ALTER. None for all.
        """
        texts = [self.visit(item) for item in self.table_constraints(table, foreign_keys)]
        return ", \n\t".join(text for text in texts if text)

    def table_constraints(self, table: Any, foreign_keys: Any) -> list[Any]:
        """Return the constraints that CREATE TABLE writes."""
        key = table.primary_key
        found = [key] if len(key.columns) else []
        found += [item for item in table._sorted_constraints if item is not key]
        return [
            item
            for item in found
            if self.is_written(item) and not self.is_added_later(item, foreign_keys)
        ]

    def is_written(self, constraint: Any) -> bool:
        """Say whether a constraint is meant for this dialect (``ddl_if``, native types)."""
        wanted: bool = constraint._should_create_for_compiler(self)
        return wanted

    def is_added_later(self, constraint: Any, foreign_keys: Any) -> bool:
        """Say whether ALTER adds a foreign key after CREATE TABLE."""
        if constraint.__visit_name__ != "foreign_key_constraint":
            return False
        if foreign_keys is not None and constraint not in foreign_keys:
            return True
        return self.features.alter and bool(constraint.use_alter)

    # -- one constraint

    def define_constraint_preamble(self, constraint: Any) -> str:
        """Return ``CONSTRAINT name`` with a space, nothing for a nameless constraint."""
        name = self.preparer.format_constraint(constraint)
        return "" if name is None else f"CONSTRAINT {name} "

    def visit_primary_key_constraint(self, node: Any) -> str:
        if not len(node.columns):
            return ""
        text = self.define_constraint_preamble(node) + self.define_primary_key_body(node)
        return text + self.define_constraint_deferrability(node)

    def define_primary_key_body(self, node: Any) -> str:
        columns = node.columns_autoinc_first if node._implicit_generated else node.columns
        return f"PRIMARY KEY ({self.column_list(columns)})"

    def visit_create_constraint(self, node: Any) -> str:
        return self.visit(node.element)

    def visit_unique_constraint(self, node: Any) -> str:
        if not len(node.columns):
            return ""
        text = self.define_constraint_preamble(node) + self.define_unique_body(node)
        return text + self.define_constraint_deferrability(node)

    def define_unique_body(self, node: Any) -> str:
        distinct = self.define_unique_constraint_distinct(node)
        return f"UNIQUE {distinct}({self.column_list(node.columns)})"

    def define_unique_constraint_distinct(self, node: Any) -> str:
        """Return what stands between UNIQUE and its columns (NULLS NOT DISTINCT), with a space."""
        return ""

    def visit_check_constraint(self, node: Any) -> str:
        text = self.define_constraint_preamble(node) + self.define_check_body(node)
        return text + self.define_constraint_deferrability(node)

    def visit_column_check_constraint(self, node: Any) -> str:
        return self.visit_check_constraint(node)

    def define_check_body(self, node: Any) -> str:
        return f"CHECK ({self.expression(node.sqltext)})"

    def visit_foreign_key_constraint(self, node: Any) -> str:
        text = self.define_constraint_preamble(node) + self.define_foreign_key_body(node)
        text += self.define_constraint_match(node)
        text += self.define_constraint_cascades(node)
        return text + self.define_constraint_deferrability(node)

    def define_foreign_key_body(self, node: Any) -> str:
        target = self.define_constraint_remote_table(node.elements[0].column.table)
        return (
            f"FOREIGN KEY({self.column_list(e.parent for e in node.elements)}) "
            f"REFERENCES {target} ({self.column_list(e.column for e in node.elements)})"
        )

    def define_constraint_remote_table(self, table: Any) -> str:
        """Return the name of the table that a foreign key refers to."""
        return self.format_table(table)

    def define_constraint_match(self, node: Any) -> str:
        return "" if node.match is None else f" MATCH {node.match}"

    def define_constraint_cascades(self, node: Any) -> str:
        """Return ON DELETE and ON UPDATE of a foreign key."""
        text = ""
        if node.ondelete is not None:
            text += self.define_constraint_ondelete_cascade(node)
        if node.onupdate is not None:
            text += self.define_constraint_onupdate_cascade(node)
        return text

    def define_constraint_ondelete_cascade(self, node: Any) -> str:
        return f" ON DELETE {self.preparer.validate_sql_phrase(node.ondelete)}"

    def define_constraint_onupdate_cascade(self, node: Any) -> str:
        return f" ON UPDATE {self.preparer.validate_sql_phrase(node.onupdate)}"

    def define_constraint_deferrability(self, node: Any) -> str:
        """Return DEFERRABLE and INITIALLY of a constraint."""
        text = ""
        if node.deferrable is not None:
            text += " DEFERRABLE" if node.deferrable else " NOT DEFERRABLE"
        if node.initially is not None:
            text += f" INITIALLY {self.preparer.validate_sql_phrase(node.initially)}"
        return text

    def column_list(self, columns: Iterable[Any]) -> str:
        """Return the names of columns, with commas."""
        return ", ".join(self.quote(column.name) for column in columns)

    # -- ALTER TABLE

    def visit_add_constraint(self, node: Any) -> str:
        constraint = node.element
        return f"ALTER TABLE {self.format_table(constraint.table)} ADD {self.visit(constraint)}"

    def visit_drop_constraint(self, node: Any) -> str:
        constraint = node.element
        name = self.constraint_name(constraint, "DROP CONSTRAINT")
        exists = "IF EXISTS " if node.if_exists else ""
        cascade = " CASCADE" if node.cascade else ""
        table = self.format_table(constraint.table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {exists}{name}{cascade}"

    def constraint_name(self, constraint: Any, statement: str) -> str:
        """Return the quoted name of a constraint.

        :raises CompileError: it has none.
        """
        name = self.preparer.format_constraint(constraint)
        if name is None:
            raise CompileError(
                f"Can't emit {statement} for constraint {constraint!r}; it has no name: "
                "give it one with name=, or set a naming_convention on the MetaData"
            )
        return name
