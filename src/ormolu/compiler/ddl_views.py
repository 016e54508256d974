"""Compiling views, and tables made from a SELECT."""

from __future__ import annotations

from typing import Any

from ormolu.compiler.ddl_base import DDLCompilerBase

__all__ = ["ViewWriter"]


class ViewWriter(DDLCompilerBase):
    """Writes CREATE VIEW and CREATE TABLE AS; a part of the DDL compiler."""

    def visit_create_view(self, node: Any) -> str:
        words = ["CREATE"]
        if node.or_replace:
            words.append("OR REPLACE")
        if node.temporary:
            words.append("TEMPORARY")
        if node.materialized:
            words.append("MATERIALIZED")
        return self._from_select(node, [*words, "VIEW"])

    def visit_create_table_as(self, node: Any) -> str:
        words = ["CREATE"]
        if node.temporary:
            words.append("TEMPORARY")
        words.append("TABLE")
        if node.if_not_exists:
            words.append("IF NOT EXISTS")
        return self._from_select(node, words)

    def _from_select(self, node: Any, words: list[str]) -> str:
        words.append(self.format_table(node.table))
        suffix = self.create_table_select_suffixes(node)
        return f"{' '.join(words)} {suffix}AS {self.statement(node.selectable)}"

    def create_table_select_suffixes(self, node: Any) -> str:
        """Return what stands between the name and AS, with a space after it."""
        return ""

    def visit_drop_view(self, node: Any) -> str:
        materialized = "MATERIALIZED " if node.materialized else ""
        exists = "IF EXISTS " if node.if_exists else ""
        return f"\nDROP {materialized}VIEW {exists}{self.format_table(node.element)}"
