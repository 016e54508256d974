"""Compiling expressions: columns, constants, lists, casts, cases, labels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ormolu.compiler.functions import FunctionCompiler
from ormolu.sql.node import AnonName

__all__ = ["ExpressionCompiler", "is_generated_name", "is_grouped", "ungrouped"]


class ExpressionCompiler(FunctionCompiler):
    """The expression half of the statement compiler.

    ``include_table`` says whether a column is written with its table's name. ``renamed`` has the
    names of tables that couldn't be told from others of the statement, by ``id()``.
    """

    include_table: bool = True
    renamed: Mapping[int, str] = MappingProxyType({})

    # -- names and constants

    def visit_column(self, node: Any) -> str:
        if node.is_literal:
            return str(node.name)
        table = node.table
        name = node.name
        if isinstance(name, AnonName) or (len(name) > self._longest and is_generated_name(node)):
            name = self.label_name(name)
        name = self.preparer.quote(name)
        if table is None or not self.include_table or not getattr(table, "named_with_column", True):
            return name
        return f"{self.table_prefix(table)}.{name}"

    def table_prefix(self, table: Any) -> str:
        """Return how a column names its table."""
        if self.renamed and id(table) in self.renamed:
            return self.quote(self.renamed[id(table)])
        schema = self.schema_of(table)
        name = self.quote(table.name)
        return name if schema is None else f"{self.preparer.quote_schema(schema)}.{name}"

    def visit_null(self, node: Any) -> str:
        return "NULL"

    def visit_true(self, node: Any) -> str:
        return "true" if self.features.native_boolean else "1"

    def visit_false(self, node: Any) -> str:
        return "false" if self.features.native_boolean else "0"

    def visit_bindparam(self, node: Any) -> str:
        bare = self._bare.get(id(node))
        if bare is not None:
            return bare
        if self.literal_binds:
            return self.wrapped_bind(node, self.literal_bind(node))
        return self.wrapped_bind(node, self.bind(node))

    # -- lists

    def visit_grouping(self, node: Any) -> str:
        return f"({self.visit(node.element)})"

    def visit_clauselist(self, node: Any) -> str:
        return self.visit_all(node.clauses, self.separator(node.operator))

    def visit_expression_clauselist(self, node: Any) -> str:
        return self.visit_all(node.clauses, self.separator(node.operator))

    def visit_boolean_list(self, node: Any) -> str:
        return self.visit_all(node.clauses, self.separator(node.operator))

    def visit_order_by_list(self, node: Any) -> str:
        return self.visit_all(node.clauses)

    def visit_tuple(self, node: Any) -> str:
        return f"({self.visit_all(node.clauses)})"

    # -- forms of their own

    def visit_case(self, node: Any) -> str:
        parts = ["CASE"]
        if node.value is not None:
            parts.append(self.visit(node.value))
        for condition, result in node.whens:
            parts.append(f"WHEN {self.visit(condition)} THEN {self.visit(result)}")
        if node.else_ is not None:
            parts.append(f"ELSE {self.visit(node.else_)}")
        return " ".join((*parts, "END"))

    def visit_cast(self, node: Any) -> str:
        # A collation is of the value: inside of the CAST most databases refuse it.
        name, collate, collation = self.cast_type_text(node.type).partition(" COLLATE ")
        return f"CAST({self.visit(node.clause)} AS {name}){collate}{collation}"

    def visit_try_cast(self, node: Any) -> str:
        return f"TRY_CAST({self.visit(node.clause)} AS {self.cast_type_text(node.type)})"

    def cast_type_text(self, type_: Any) -> str:
        """Return a type's name inside of a CAST."""
        return self.type_text(type_)

    def visit_typeclause(self, node: Any) -> str:
        return self.cast_type_text(node.type)

    def visit_type_coerce(self, node: Any) -> str:
        return self.visit(node.clause)

    def visit_extract(self, node: Any) -> str:
        return f"EXTRACT({node.field} FROM {self.visit(node.expr)})"

    def visit_collation(self, node: Any) -> str:
        name = self.quote(node.collation)
        if node.collation_schema is None:
            return name
        return f"{self.preparer.quote_schema(node.collation_schema)}.{name}"

    def visit_fixed_text(self, node: Any) -> str:
        return str(node.text)

    # -- labels

    def visit_label(self, node: Any) -> str:
        """A label outside a columns clause is what it names."""
        return self.visit(node.element)


def is_grouped(element: Any) -> bool:
    return getattr(element, "__visit_name__", "") in ("grouping", "select_grouping")


def ungrouped(element: Any) -> Any:
    return element.element if is_grouped(element) else element


def is_generated_name(column: Any) -> bool:
    """Say whether a column's name was made by the statement in FROM that the column is of."""
    table = column.table
    while getattr(table, "__visit_name__", "") in ("alias", "cte_alias"):
        table = table.element
    statement = ungrouped(getattr(table, "element", None))
    if getattr(statement, "__visit_name__", "") not in ("select", "compound_select"):
        return False
    return any(
        named.exported == column.name and named.element.__visit_name__ != "label"
        for named in statement.named_columns()
    )
