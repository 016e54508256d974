"""Operators, functions and casts as MySQL and MariaDB write them.

https://dev.mysql.com/doc/refman/8.4/en/functions.html
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.operators import concat_operands
from ormolu.compiler.sql_compiler import SQLCompiler
from ormolu.exc import CompileError, SAWarning, UnsupportedCompilationError
from ormolu.sql import operators as ops
from ormolu.types import JSON, Boolean, Float, Integer, Numeric, String

if TYPE_CHECKING:
    from ormolu.dialects.mysql.dialect import MySQLDialect

__all__ = ["MySQLExpressionCompiler"]


class MySQLExpressionCompiler(SQLCompiler):
    """The expression half of the compiler."""

    dialect: MySQLDialect

    binary_text: ClassVar[Mapping[str, str]] = {
        **SQLCompiler.binary_text,
        "is_not_distinct_from": " <=> ",
        "regexp_match_op": " REGEXP ",
        "not_regexp_match_op": " NOT REGEXP ",
    }
    function_names: ClassVar[Mapping[str, str]] = {
        **SQLCompiler.function_names,
        "random": "rand",
    }

    # -- constants and literals

    def visit_true(self, node: Any) -> str:
        return "true"

    def visit_false(self, node: Any) -> str:
        return "false"

    def literal_text(self, value: str) -> str:
        return self.dialect.quoted_string(value)

    # -- operators

    def binary_is_distinct_from(self, node: Any) -> str:
        return f"NOT ({self.visit(node.left)} <=> {self.visit(node.right)})"

    def concatenated(self, texts: list[str]) -> str:
        return f"concat({', '.join(texts)})"

    def binary_concat_op(self, node: Any) -> str:
        return self.concatenated([self.visit(each) for each in concat_operands(node)])

    def visit_expression_clauselist(self, node: Any) -> str:
        if getattr(node.operator, "name", None) == "concat_op":
            return self.concatenated([self.visit(clause) for clause in node.clauses])
        return super().visit_expression_clauselist(node)

    def binary_regexp_match_op(self, node: Any) -> str:
        return self._regexp_match(node, "")

    def binary_not_regexp_match_op(self, node: Any) -> str:
        return self._regexp_match(node, "NOT ")

    def _regexp_match(self, node: Any, negation: str) -> str:
        """REGEXP takes no flags: MySQL has a function for them, MariaDB puts them in the pattern.

        https://dev.mysql.com/doc/refman/8.4/en/regexp.html, https://mariadb.com/kb/en/pcre/
        """
        flags = self.modifier(node, "flags")
        left = self.visit(node.left)
        if flags is None:
            return f"{left} {negation}REGEXP {self.visit(node.right)}"
        if self.dialect.is_mariadb:
            return f"{left} {negation}REGEXP {self._flagged(node.right, flags)}"
        right = self.visit(node.right)
        return f"{negation}REGEXP_LIKE({left}, {right}, {self.literal_text(flags)})"

    def _flagged(self, pattern: Any, flags: str) -> str:
        return f"CONCAT('(?', {self.literal_text(flags)}, ')', {self.visit(pattern)})"

    def binary_regexp_replace_op(self, node: Any) -> str:
        flags = self.modifier(node, "flags")
        left = self.visit(node.left)
        if flags is None:
            return f"REGEXP_REPLACE({left}, {self.visit(node.right)})"
        if self.dialect.is_mariadb:
            pattern, replacement = node.right.clauses
            changed = f"{self._flagged(pattern, flags)}, {self.visit(replacement)}"
            return f"REGEXP_REPLACE({left}, {changed})"
        return f"REGEXP_REPLACE({left}, {self.visit(node.right)}, {self.literal_text(flags)})"

    # -- full text search

    def binary_match_op(self, node: Any) -> str:
        modes = {name: self.modifier(node, f"mysql_{mode}") for name, mode in _MODES.items()}
        if modes["in_boolean_mode"] is None:
            modes["in_boolean_mode"] = True
        return self._match(self.visit(node.left), node.right, modes)

    def binary_not_match_op(self, node: Any) -> str:
        return f"NOT {self.binary_match_op(node)}"

    def visit_mysql_match(self, node: Any) -> str:
        return self._match(self.visit_all(node.columns), node.against, node.modifiers)

    def _match(self, columns: str, against: Any, modes: Mapping[str, Any]) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/fulltext-search.html"""
        boolean = bool(modes["in_boolean_mode"])
        natural = bool(modes["in_natural_language_mode"])
        expansion = bool(modes["with_query_expansion"])
        if boolean and (natural or expansion):
            raise CompileError(
                f"Invalid MySQL match flags: in_boolean_mode={boolean}, "
                f"in_natural_language_mode={natural}, with_query_expansion={expansion}: "
                "boolean mode goes with no other (for column.match() write "
                "mysql_boolean_mode=False)"
            )
        words = [self.visit(against)]
        words += ["IN BOOLEAN MODE"] if boolean else []
        words += ["IN NATURAL LANGUAGE MODE"] if natural else []
        words += ["WITH QUERY EXPANSION"] if expansion else []
        return f"MATCH ({columns}) AGAINST ({' '.join(words)})"

    # -- documents

    def binary_json_getitem_op(self, node: Any) -> str:
        """An element of a document; one read as a plain value is NULL for JSON's null.

        https://dev.mysql.com/doc/refman/8.4/en/json-search-functions.html#function_json-extract
        """
        extract = f"JSON_EXTRACT({self.visit(node.left)}, {self.visit(node.right)})"
        type_ = node.type
        if issubclass(type_._type_affinity, JSON):
            return extract
        if isinstance(type_, Boolean):
            read = "WHEN true THEN true ELSE false"
        elif isinstance(type_, Integer):
            read = f"ELSE CAST({extract} AS SIGNED INTEGER)"
        elif isinstance(type_, Numeric):
            read = f"ELSE CAST({extract} AS {self._decimal(type_)})"
        elif isinstance(type_, Float):
            read = f"ELSE {extract}+0.0000000000000000000000"
        elif isinstance(type_, String):
            read = f"ELSE JSON_UNQUOTE({extract})"
        else:
            read = f"ELSE {extract}"
        return f"CASE {extract} WHEN 'null' THEN NULL {read} END"

    def binary_json_path_getitem_op(self, node: Any) -> str:
        return self.binary_json_getitem_op(node)

    def _decimal(self, type_: Any) -> str:
        return self.dialect.type_compiler.visit_DECIMAL(type_)

    # -- casts

    def visit_cast(self, node: Any) -> str:
        """CAST, or the bare value where the database has no CAST to the type."""
        type_text = self._cast_text(node.type)
        if type_text is not None:
            return f"CAST({self.visit(node.clause)} AS {type_text})"
        warnings.warn(
            f"Datatype {self.type_text(node.type)} does not support CAST on MySQL/MariaDB; "
            "the CAST will be skipped.",
            SAWarning,
            stacklevel=2,
        )
        return self.visit(node.clause.self_group(ops.getitem))

    def _cast_text(self, type_: Any) -> str | None:
        floats = self.dialect.server.float_cast
        return self.dialect.type_compiler.cast_text(type_, floats=floats)

    def cast_type_text(self, type_: Any) -> str:
        return self._cast_text(type_) or self.type_text(type_)

    def visit_try_cast(self, node: Any) -> str:
        raise UnsupportedCompilationError(
            type(self).__name__, type(node), "MySQL has no TRY_CAST: write cast()"
        )

    # -- functions

    def function_sysdate(self, node: Any) -> str:
        return "SYSDATE()"

    def function_rollup(self, node: Any) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/group-by-modifiers.html"""
        return f"{self.visit_all(node.clauses)} WITH ROLLUP"

    def function_aggregate_strings(self, node: Any) -> str:
        """GROUP_CONCAT; what separates must be a literal.

        https://dev.mysql.com/doc/refman/8.4/en/aggregate-functions.html#function_group-concat
        """
        value, separator = node.clauses
        text = f"{self.visit(value)}{self.inner_order_text(node)}"
        outer, self.literal_execute = self.literal_execute, True
        text += f" SEPARATOR {self.visit(separator)}"
        self.literal_execute = outer
        return f"group_concat({text})"

    def visit_extract(self, node: Any) -> str:
        field = "millisecond" if node.field == "milliseconds" else node.field
        return f"EXTRACT({field} FROM {self.visit(node.expr)})"

    def next_value_text(self, sequence: Any) -> str:
        return f"nextval({self.table_text(sequence)})"


#: The modes of MATCH, and how ``column.match(mysql_…=)`` calls them.
_MODES: Mapping[str, str] = {
    "in_boolean_mode": "boolean_mode",
    "in_natural_language_mode": "natural_language",
    "with_query_expansion": "query_expansion",
}
