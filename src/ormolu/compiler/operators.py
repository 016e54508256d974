"""Compiling operators: what stands between, before and after operands.

``visit_binary`` asks three things in turn: is there a method ``binary_<operator>`` (then that is
the whole form), is it one of the LIKE family, and else what word stands between the two sides
(``binary_text``). A dialect overrides the table's entry for another word, and the method for
another form; both are named after the operator (`ormolu.sql.operators`). ``prefix_words`` and
``suffix_words`` are the same for operators with one side, with methods ``unary_<operator>``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from ormolu.compiler.typed import TypedCompiler
from ormolu.exc import CompileError
from ormolu.sql import operators as ops
from ormolu.sql.expressions import TypeClause
from ormolu.sql.operators import Operator, custom_op
from ormolu.types import Integer, NumericCommon, String

__all__ = ["Like", "OperatorCompiler", "concat_operands"]

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
    "as_": " AS ",
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


class Like(NamedTuple):
    """One of the LIKE family: its wildcards, and whether it is negated or ignores case."""

    negated: bool
    insensitive: bool
    before: bool
    after: bool


def _likes() -> dict[str, Like]:
    found = {}
    for name, before, after in (
        ("like_op", False, False),
        ("startswith_op", False, True),
        ("endswith_op", True, False),
        ("contains_op", True, True),
    ):
        for negated in (False, True):
            no = "not_" if negated else ""
            found[f"{no}{name}"] = Like(negated, False, before, after)
            found[f"{no}i{name}"] = Like(negated, True, before, after)
    return found


_LIKE: Mapping[str, Like] = _likes()


class OperatorCompiler(TypedCompiler):
    """The part of the statement compiler that writes operators."""

    binary_text: ClassVar[Mapping[str, str]] = _BINARY
    prefix_words: ClassVar[Mapping[str, str]] = _PREFIX
    suffix_words: ClassVar[Mapping[str, str]] = _SUFFIX

    #: The words of LIKE and NOT LIKE where case is ignored (``ILIKE`` where there is one).
    insensitive_words: ClassVar[tuple[str, str]] = ("LIKE", "NOT LIKE")

    # -- two sides

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

    def visit_binary(self, node: Any) -> str:
        operator = node.operator
        like = _LIKE.get(operator.name)
        if like is not None:
            return self.like_text(node, like)
        special: Callable[[Any], str] | None = getattr(self, f"binary_{operator.name}", None)
        if special is not None:
            return special(node)
        return self.plain_binary(node)

    def plain_binary(self, node: Any) -> str:
        """Return ``left operator right``."""
        return f"{self.visit(node.left)}{self.separator(node.operator)}{self.visit(node.right)}"

    def binary_custom_op(self, node: Any) -> str:
        """An operator of the user's own; one with a ``visit_name`` may have a form of its own."""
        name = node.operator.visit_name
        special: Callable[[Any], str] | None = getattr(self, f"custom_{name}", None)
        if name is None or special is None:
            return self.plain_binary(node)
        return special(node)

    def binary_function_as_comparison_op(self, node: Any) -> str:
        return self.visit(node.sql_function)

    # -- LIKE

    def like_text(self, node: Any, like: Like) -> str:
        """Return one of the LIKE family."""
        left = self.visit(node.left)
        pattern = [self.visit(part) for part in _pattern(node.right, like)]
        if like.insensitive:
            left, pattern = self.folded(left), [self.folded(pattern[0])]
            word = self.insensitive_words[like.negated]
        else:
            word = "NOT LIKE" if like.negated else "LIKE"
        parts = ["'%'"] * like.before + pattern + ["'%'"] * like.after
        right = self.concatenated(parts) if len(parts) > 1 else parts[0]
        return f"{left} {word} {right}{self.escape_clause(node)}"

    def folded(self, text: str) -> str:
        """Return an operand of a LIKE that ignores case."""
        return f"lower({text})"

    def concatenated(self, texts: list[str]) -> str:
        """Return strings joined to one."""
        return " || ".join(texts)

    def escape_clause(self, node: Any) -> str:
        """Return the ESCAPE clause of a LIKE, with a space before it."""
        escape = self.modifier(node, "escape")
        return "" if escape is None else f" ESCAPE {self.literal_text(escape)}"

    def modifier(self, node: Any, name: str) -> Any:
        """Return what a binary expression says beside its operands (``flags``), or None."""
        return dict(node.modifiers).get(name)

    def literal_text(self, value: str) -> str:
        """Return a string as SQL text."""
        return "'" + value.replace("'", "''") + "'"

    # -- division

    def binary_truediv(self, node: Any) -> str:
        """``/`` keeps the fraction, as Python's does, also between integers."""
        if not self.features.integer_division_floors:
            return f"{self.visit(node.left)} / {self.visit(node.right)}"
        type_ = node.right.type
        if isinstance(type_, NumericCommon):
            name = self.type_text(type_)
        else:
            name = self.dialect.type_compiler.numeric_text
        return f"{self.visit(node.left)} / CAST({self.visit(node.right)} AS {name})"

    def binary_floordiv(self, node: Any) -> str:
        """``//`` floors, by the database's own division between integers."""
        text = f"{self.visit(node.left)} / {self.visit(node.right)}"
        integers = isinstance(node.left.type, Integer) and isinstance(node.right.type, Integer)
        if self.features.integer_division_floors and integers:
            return text
        return f"FLOOR({text})"

    def type_text(self, type_: Any) -> str:
        """Return a type's name in SQL."""
        return self.dialect.type_compiler.process(type_, type_expression=TypeClause(type_))

    # -- IN and BETWEEN

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
        texts = [f"({', '.join([self._member_literal(v, t) for v, t in row])})" for row in rows]
        return prefix + ", ".join(texts)

    def _member_literal(self, value: Any, type_: Any) -> str:
        """Return a value of a tuple as text, of its own type where the column's is another kind."""
        return self.literal(value, type_.coerce_compared_value(ops.in_op, value))

    def empty_set(self, arity: int, negated: bool) -> str:
        """Return what stands between the parentheses of ``IN ()``."""
        nulls = f"({', '.join(['NULL'] * arity)})" if arity else "NULL"
        return f"{nulls}) OR (1 = 1" if negated else f"{nulls}) AND (1 != 1"

    def binary_between_op(self, node: Any) -> str:
        return self.between_text(node, "BETWEEN")

    def binary_not_between_op(self, node: Any) -> str:
        return self.between_text(node, "NOT BETWEEN")

    def between_text(self, node: Any, word: str) -> str:
        """Return one of the two BETWEENs."""
        symmetric = " SYMMETRIC" if self.modifier(node, "symmetric") else ""
        return f"{self.visit(node.left)} {word}{symmetric} {self.visit(node.right)}"

    # -- matches, indexes

    def binary_not_match_op(self, node: Any) -> str:
        return f"NOT {self.visit(node._negate())}"

    def binary_regexp_replace_op(self, node: Any) -> str:
        return f"<regexp replace>({self.visit(node.left)}, {self.visit(node.right)})"

    def binary_getitem(self, node: Any) -> str:
        return f"{self.visit(node.left)}[{self.visit(node.right)}]"

    def visit_slice(self, node: Any) -> str:
        bounds = [node.start, node.stop]
        if node.step is not None:
            bounds.append(node.step)
        return ":".join("" if bound is None else self.visit(bound) for bound in bounds)

    def binary_json_getitem_op(self, node: Any) -> str:
        return self.binary_getitem(node)

    def binary_json_path_getitem_op(self, node: Any) -> str:
        return self.binary_getitem(node)

    # -- one side

    def visit_unary(self, node: Any) -> str:
        operator = node.operator
        if operator is None:
            return self.visit(node.element) + self._suffix(node.modifier)
        special: Callable[[Any], str] | None = getattr(self, f"unary_{operator.name}", None)
        if special is not None:
            return special(node)
        return self._prefix(operator) + self.visit(node.element)

    def _prefix(self, operator: Operator) -> str:
        if isinstance(operator, custom_op):
            return f"{operator.opstring} "
        text = self.prefix_words.get(operator.name)
        if text is None:
            raise CompileError(f"the operator {operator.name!r} cannot stand before its operand")
        return text

    def _suffix(self, modifier: Operator) -> str:
        if isinstance(modifier, custom_op):
            return f" {modifier.opstring}"
        text = self.suffix_words.get(modifier.name)
        if text is None:
            raise CompileError(f"the operator {modifier.name!r} cannot stand after its operand")
        return text

    def visit_as_boolean(self, node: Any) -> str:
        """A bare boolean as a condition."""
        inner = self.visit(node.element)
        positive = node.operator is ops.is_true
        if self.features.native_boolean or _is_condition(node.element):
            return inner if positive else f"NOT {inner}"
        return f"{inner} = {1 if positive else 0}"

    def visit_collection_aggregate(self, node: Any) -> str:
        return self.visit_unary(node)


def _is_condition(node: Any) -> bool:
    """Whether an operand in parentheses is one of NOT's own, and no value of type BOOLEAN."""
    if node.__visit_name__ != "grouping":
        return False
    inner = node.element
    return inner.__visit_name__ != "binary" or bool(inner.operator.comparison)


def _pattern(node: Any, like: Like) -> list[Any]:
    """Return the parts of a pattern: its wildcards join a concatenation as two more operands."""
    inner = getattr(node, "element", None)
    if like.insensitive or getattr(inner, "operator", None) is not ops.concat_op:
        return [node]
    joins = like.before or like.after
    if not joins or (like.before and not isinstance(node.type, String)):
        return [node]
    return concat_operands(inner)


def concat_operands(node: Any, kind: type[Any] | None = None) -> list[Any]:
    """Return the operands of ``a || b || c``, as far as these are of one kind of type."""
    if getattr(node, "operator", None) is not ops.concat_op:
        return [node]
    own = node.type._type_affinity
    if kind is not None and own is not kind:
        return [node]
    return [*concat_operands(node.left, own), *concat_operands(node.right, own)]
