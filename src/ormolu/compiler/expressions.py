"""Compiling expressions: columns, operators, functions, casts, cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ormolu.compiler.typed import TypedCompiler
from ormolu.exc import CompileError
from ormolu.sql import operators as ops
from ormolu.sql.operators import Operator, custom_op
from ormolu.types import Integer

__all__ = ["ExpressionCompiler"]

_BINARY: Mapping[str, str] = {
    "add": " + ",
    "sub": " - ",
    "mul": " * ",
    "mod": " % ",
    "pow": " ** ",
    "eq": " = ",
    "ne": " != ",
    "lt": " < ",
    "le": " <= ",
    "gt": " > ",
    "ge": " >= ",
    "and_": " AND ",
    "or_": " OR ",
    "concat_op": " || ",
    "is_": " IS ",
    "is_not": " IS NOT ",
    "is_distinct_from": " IS DISTINCT FROM ",
    "is_not_distinct_from": " IS NOT DISTINCT FROM ",
    "collate": " COLLATE ",
    "in_op": " IN ",
    "not_in_op": " NOT IN ",
    "bitwise_and_op": " & ",
    "bitwise_or_op": " | ",
    "bitwise_xor_op": " ^ ",
    "bitwise_lshift_op": " << ",
    "bitwise_rshift_op": " >> ",
    "lshift": " << ",
    "rshift": " >> ",
    "match_op": " MATCH ",
    "not_match_op": " NOT MATCH ",
    "regexp_match_op": " <regexp> ",
    "not_regexp_match_op": " <not regexp> ",
    "comma_op": ", ",
    "from_": " FROM ",
}

_PREFIX: Mapping[str, str] = {
    "neg": "-",
    "inv": "NOT ",
    "distinct_op": "DISTINCT ",
    "exists": "EXISTS ",
    "any_op": "ANY ",
    "all_op": "ALL ",
    "bitwise_not_op": "~",
}

_SUFFIX: Mapping[str, str] = {
    "desc_op": " DESC",
    "asc_op": " ASC",
    "nulls_first_op": " NULLS FIRST",
    "nulls_last_op": " NULLS LAST",
}

#: The LIKE family: operator -> (negated, case-insensitive, wildcard before, wildcard after).
_LIKE: Mapping[str, tuple[bool, bool, bool, bool]] = {
    "like_op": (False, False, False, False),
    "not_like_op": (True, False, False, False),
    "ilike_op": (False, True, False, False),
    "not_ilike_op": (True, True, False, False),
    "startswith_op": (False, False, False, True),
    "not_startswith_op": (True, False, False, True),
    "istartswith_op": (False, True, False, True),
    "not_istartswith_op": (True, True, False, True),
    "endswith_op": (False, False, True, False),
    "not_endswith_op": (True, False, True, False),
    "iendswith_op": (False, True, True, False),
    "not_iendswith_op": (True, True, True, False),
    "contains_op": (False, False, True, True),
    "not_contains_op": (True, False, True, True),
    "icontains_op": (False, True, True, True),
    "not_icontains_op": (True, True, True, True),
}

#: Functions that SQL writes without parentheses.
_BARE_FUNCTIONS: Mapping[str, str] = {
    name: name.upper()
    for name in (
        "current_date",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
        "session_user",
        "user",
    )
}


class ExpressionCompiler(TypedCompiler):
    """The expression half of the statement compiler.

    ``include_table`` says whether a column is written with its table's name.
    """

    binary_text: ClassVar[Mapping[str, str]] = _BINARY
    function_names: ClassVar[Mapping[str, str]] = {**_BARE_FUNCTIONS}
    #: ``regexp_match`` and its kind, where the database has its own operators.
    include_table: bool = True

    # -- names and constants

    def visit_column(self, node: Any) -> str:
        if node.is_literal:
            return str(node.name)
        table = node.table
        name = self.quote(node.name)
        if table is None or not self.include_table or not getattr(table, "named_with_column", True):
            return name
        return f"{self.table_prefix(table)}.{name}"

    def table_prefix(self, table: Any) -> str:
        """Return how a column names its table."""
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
        if self.literal_binds and not node.required:
            return self.wrapped_bind(node, self.literal_bind(node))
        return self.wrapped_bind(node, self.bind(node))

    def literal_bind(self, node: Any) -> str:
        """Return a bind's value as text; a list for IN without its parentheses."""
        value = node.effective_value
        if not node.expanding:
            return self.literal(value, node.type)
        if not value:
            return self.empty_set(len(getattr(node.type, "types", ())), False)
        members = getattr(node.type, "types", None)
        if members is None:
            texts = [self.literal(each, node.type) for each in value]
            return ", ".join([self.wrapped_bind(node, text) for text in texts])
        rows = (zip(row, members, strict=True) for row in value)
        prefix = "VALUES " if self.features.tuple_in_values else ""
        texts = [f"({', '.join(self.literal(v, t) for v, t in row)})" for row in rows]
        return prefix + ", ".join(texts)

    def empty_set(self, arity: int, negated: bool) -> str:
        """Return what stands between the parentheses of ``IN ()``."""
        nulls = f"({', '.join(['NULL'] * arity)})" if arity else "NULL"
        return f"{nulls}) OR (1 = 1" if negated else f"{nulls}) AND (1 != 1"

    # -- operators

    def visit_grouping(self, node: Any) -> str:
        return f"({self.visit(node.element)})"

    def visit_clauselist(self, node: Any) -> str:
        return self.visit_all(node.clauses, self.separator(node.operator))

    def visit_expression_clauselist(self, node: Any) -> str:
        return self.visit_all(node.clauses, self.separator(node.operator))

    def visit_boolean_list(self, node: Any) -> str:
        return self.visit_all(node.clauses, self.separator(node.operator))

    def separator(self, operator: Operator | None) -> str:
        """Return the text between two operands."""
        if operator is None:
            return " "
        if isinstance(operator, custom_op):
            return f" {operator.opstring} "
        text = self.binary_text.get(operator.name)
        if text is None:
            raise CompileError(f"the operator {operator.name!r} has no text in this position")
        return text

    def visit_tuple(self, node: Any) -> str:
        return f"({self.visit_all(node.clauses)})"

    def visit_binary(self, node: Any) -> str:
        operator = node.operator
        if operator.name in _LIKE:
            return self.like_text(node, *_LIKE[operator.name])
        special: Callable[[Any], str] | None = getattr(self, f"binary_{operator.name}", None)
        if special is not None:
            return special(node)
        return f"{self.visit(node.left)}{self.separator(operator)}{self.visit(node.right)}"

    def like_text(
        self, node: Any, negated: bool, insensitive: bool, before: bool, after: bool
    ) -> str:
        """Return one of the LIKE family."""
        left, right = self.visit(node.left), self.visit(node.right)
        if insensitive:
            left, right = f"lower({left})", f"lower({right})"
        if before:
            right = f"'%' || {right}"
        if after:
            right = f"{right} || '%'"
        word = "NOT LIKE" if negated else "LIKE"
        escape = dict(node.modifiers).get("escape")
        tail = f" ESCAPE {self.literal_text(escape)}" if escape is not None else ""
        return f"{left} {word} {right}{tail}"

    def literal_text(self, value: str) -> str:
        """Return a string as SQL text."""
        return "'" + value.replace("'", "''") + "'"

    def binary_truediv(self, node: Any) -> str:
        """``/`` keeps the fraction, as Python's does, also between integers."""
        left, right = self.visit(node.left), self.visit(node.right)
        if self.features.integer_division_floors:
            return f"{left} / CAST({right} AS {self.dialect.type_compiler.numeric_text})"
        return f"{left} / {right}"

    def binary_floordiv(self, node: Any) -> str:
        """``//`` floors, by the database's own division between integers."""
        left, right = self.visit(node.left), self.visit(node.right)
        integers = isinstance(node.left.type, Integer) and isinstance(node.right.type, Integer)
        if self.features.integer_division_floors and integers:
            return f"{left} / {right}"
        return f"FLOOR({left} / {right})"

    def binary_in_op(self, node: Any) -> str:
        return f"{self.visit(node.left)} IN {self.in_list(node.right, False)}"

    def binary_not_in_op(self, node: Any) -> str:
        return f"({self.visit(node.left)} NOT IN {self.in_list(node.right, True)})"

    def in_list(self, node: Any, negated: bool) -> str:
        """Return the right side of IN: a list's mark in parentheses, or whatever stands there."""
        element = getattr(node, "element", node)
        if getattr(element, "__visit_name__", None) != "bindparam" or not element.expanding:
            return self.visit(node)
        if self.literal_binds and not element.required:
            value = element.effective_value
            if not value:
                return f"({self.empty_set(len(getattr(element.type, 'types', ())), negated)})"
            return f"({self.literal_bind(element)})"
        mark = self.bind(element, negated=negated)
        self.wrap_members(element)
        return f"({mark})"

    def binary_between_op(self, node: Any) -> str:
        return self._between(node, "BETWEEN")

    def binary_not_between_op(self, node: Any) -> str:
        return self._between(node, "NOT BETWEEN")

    def _between(self, node: Any, word: str) -> str:
        symmetric = " SYMMETRIC" if dict(node.modifiers).get("symmetric") else ""
        return f"{self.visit(node.left)} {word}{symmetric} {self.visit(node.right)}"

    def binary_regexp_replace_op(self, node: Any) -> str:
        return f"<regexp replace>({self.visit(node.left)}, {self.visit(node.right)})"

    def binary_getitem(self, node: Any) -> str:
        return f"{self.visit(node.left)}[{self.visit(node.right)}]"

    def binary_json_getitem_op(self, node: Any) -> str:
        return self.binary_getitem(node)

    def binary_json_path_getitem_op(self, node: Any) -> str:
        return self.binary_getitem(node)

    def visit_unary(self, node: Any) -> str:
        operator = node.operator
        inner = self.visit(node.element)
        if operator is None:
            return inner + self._suffix(node.modifier)
        if isinstance(operator, custom_op):
            return f"{operator.opstring} {inner}"
        return self._prefix(operator) + inner

    def _prefix(self, operator: Operator) -> str:
        text = _PREFIX.get(operator.name)
        if text is None:
            raise CompileError(f"the operator {operator.name!r} cannot stand before its operand")
        return text

    def _suffix(self, modifier: Operator) -> str:
        if isinstance(modifier, custom_op):
            return f" {modifier.opstring}"
        text = _SUFFIX.get(modifier.name)
        if text is None:
            raise CompileError(f"the operator {modifier.name!r} cannot stand after its operand")
        return text

    def visit_as_boolean(self, node: Any) -> str:
        """A bare boolean as a condition."""
        inner = self.visit(node.element)
        positive = node.operator is ops.is_true
        if self.features.native_boolean or node.element.__visit_name__ == "grouping":
            return inner if positive else f"NOT {inner}"
        return f"{inner} = {1 if positive else 0}"

    def visit_collection_aggregate(self, node: Any) -> str:
        return self.visit_unary(node)

    def visit_collation(self, node: Any) -> str:
        return self.quote(node.collation)

    def visit_fixed_text(self, node: Any) -> str:
        return str(node.text)

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
        return f"CAST({self.visit(node.clause)} AS {self.type_text(node.type)})"

    def visit_try_cast(self, node: Any) -> str:
        return f"TRY_CAST({self.visit(node.clause)} AS {self.type_text(node.type)})"

    def type_text(self, type_: Any) -> str:
        """Return a type's name in SQL."""
        return self.dialect.type_compiler.process(type_)

    def visit_type_coerce(self, node: Any) -> str:
        return self.visit(node.clause)

    def visit_extract(self, node: Any) -> str:
        return f"EXTRACT({node.field} FROM {self.visit(node.expr)})"

    # -- functions and windows

    def visit_function(self, node: Any) -> str:
        special: Callable[[Any], str] | None = getattr(self, f"function_{node.name.lower()}", None)
        if special is not None and not node.packagenames:
            return special(node)
        return self.function_name(node) + self.function_arguments(node)

    def visit_ansi_function(self, node: Any) -> str:
        return self.visit_function(node)

    def function_name(self, node: Any) -> str:
        """Return a function's name, quoted part by part when it must be."""
        known = self.function_names.get(node.name.lower())
        if known is not None and not node.packagenames:
            return known
        parts = (*node.packagenames, node.name)
        return ".".join(
            part if part.isidentifier() and part.isascii() else self.quote(part) for part in parts
        )

    def function_arguments(self, node: Any) -> str:
        """Return the parenthesised arguments; nothing for the functions written without."""
        if node.name.lower() in _BARE_FUNCTIONS and not node.clauses:
            return ""
        return f"({self.visit_all(node.clauses)})"

    def visit_over(self, node: Any) -> str:
        parts = []
        if node.partition_by is not None:
            parts.append(f"PARTITION BY {self.visit(node.partition_by)}")
        if node.order_by is not None:
            parts.append(f"ORDER BY {self.visit(node.order_by)}")
        for word, frame in (("RANGE", node.range_), ("ROWS", node.rows), ("GROUPS", node.groups)):
            if frame is not None:
                parts.append(f"{word} BETWEEN {self._frame(*frame)}")
        return f"{self.visit(node.element)} OVER ({' '.join(parts)})"

    def _frame(self, lower: int | None, upper: int | None) -> str:
        start = "UNBOUNDED PRECEDING" if lower is None else self._bound(lower)
        end = "UNBOUNDED FOLLOWING" if upper is None else self._bound(upper)
        return f"{start} AND {end}"

    def _bound(self, offset: int) -> str:
        if offset == 0:
            return "CURRENT ROW"
        return f"{self.constant(abs(offset))} {'PRECEDING' if offset < 0 else 'FOLLOWING'}"

    def visit_funcfilter(self, node: Any) -> str:
        if node.criterion is None:
            return self.visit(node.func)
        return f"{self.visit(node.func)} FILTER (WHERE {self.visit(node.criterion)})"

    def visit_withingroup(self, node: Any) -> str:
        order = "" if node.order_by is None else self.visit(node.order_by)
        return f"{self.visit(node.element)} WITHIN GROUP (ORDER BY {order})"

    # -- labels

    def visit_label(self, node: Any) -> str:
        """A label outside a columns clause is what it names."""
        return self.visit(node.element)
