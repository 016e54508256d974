"""What PostgreSQL's statements have differently. https://www.postgresql.org/docs/current/sql.html

The drivers send a bind without its type, and the database must guess it, so a bind is cast
(``%(id_1)s::INTEGER``) where the driver's variant of its type asks for it (``render_bind_cast``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ormolu.compiler.binds import MARK, BindSlot
from ormolu.compiler.sql_compiler import SQLCompiler
from ormolu.dialects.on_conflict import OnConflictCompiler
from ormolu.dialects.postgresql.json import JSONB
from ormolu.dialects.postgresql.named_types import in_schema
from ormolu.exc import CompileError, UnsupportedCompilationError
from ormolu.types import INTEGERTYPE, JSON, Integer, String, TypeDecorator, TypeEngine

__all__ = ["PostgreSQLCompiler"]


#: Operators that reach into a document, as they are written.
_INTO_DOCUMENT: Mapping[str, str] = {"json_getitem_op": "->", "json_path_getitem_op": "#>"}


class PostgreSQLCompiler(OnConflictCompiler):
    """Statements for PostgreSQL."""

    binary_text: ClassVar[Mapping[str, str]] = {
        **SQLCompiler.binary_text,
        "bitwise_xor_op": " # ",
    }
    function_names: ClassVar[Mapping[str, str]] = {
        **SQLCompiler.function_names,
        "pow": "power",
        "aggregate_strings": "string_agg",
    }
    insensitive_words: ClassVar[tuple[str, str]] = ("ILIKE", "NOT ILIKE")

    # -- binds

    def wrapped_bind(self, node: Any, text: str) -> str:
        # Members of a list are cast one by one when the list is written out.
        if text != MARK * 2 and MARK in text and not node.literal_execute:
            text += self._cast_text(node.type)
        return super().wrapped_bind(node, text)

    def _slot(self, name: str, node: Any, negated: bool) -> BindSlot:
        slot = super()._slot(name, node, negated)
        if slot.expanding and not slot.arity:
            slot.cast = self._cast_text(node.type)
        return slot

    def constant(self, value: int) -> str:
        text = super().constant(value)
        return text if self.literal_binds else text + self._cast_text(INTEGERTYPE)

    def _cast_text(self, type_: TypeEngine[Any]) -> str:
        """Return the cast that follows a bind of a type, nothing where the driver needs none."""
        impl: Any = self._plain_type(type_)
        if not impl.render_bind_cast:
            return ""
        if impl._type_affinity is String and impl.length is not None:
            return "::VARCHAR"  # one of some length would be cut
        return f"::{self.type_text(impl)}"

    def type_text(self, type_: TypeEngine[Any]) -> str:
        if self.schema_translate_map is not None:
            type_ = in_schema(type_, self.schema_of)
        return super().type_text(type_)

    def _plain_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        impl = self.dialect.type_impl(type_)
        while isinstance(impl, TypeDecorator):
            impl = self.dialect.type_impl(impl.load_dialect_impl(self.dialect))
        return impl

    # -- operators

    def folded(self, text: str) -> str:
        return text  # ILIKE ignores case itself

    def binary_match_op(self, node: Any) -> str:
        configuration = self.modifier(node, "postgresql_regconfig")
        name = "" if configuration is None else f"{self.literal_text(configuration)}, "
        return f"{self.visit(node.left)} @@ plainto_tsquery({name}{self.visit(node.right)})"

    def binary_not_match_op(self, node: Any) -> str:
        return f"NOT {self.binary_match_op(node)}"

    def binary_regexp_match_op(self, node: Any) -> str:
        return self._regexp_match("~", node)

    def binary_not_regexp_match_op(self, node: Any) -> str:
        return self._regexp_match("!~", node)

    def _regexp_match(self, operator: str, node: Any) -> str:
        """Return a match of a regular expression; its flags, but for ``i``, go into the pattern.

        https://www.postgresql.org/docs/current/functions-matching.html#POSIX-METASYNTAX
        """
        flags = self.modifier(node, "flags")
        left, right = self.visit(node.left), self.visit(node.right)
        if flags is None:
            return f"{left} {operator} {right}"
        if flags == "i":
            return f"{left} {operator}* {right}"
        return f"{left} {operator} CONCAT('(?', {self.literal_text(flags)}, ')', {right})"

    def binary_regexp_replace_op(self, node: Any) -> str:
        flags = self.modifier(node, "flags")
        more = "" if flags is None else f", {self.literal_text(flags)}"
        return f"REGEXP_REPLACE({self.visit(node.left)}, {self.visit(node.right)}{more})"

    def binary_floordiv(self, node: Any) -> str:
        if isinstance(node.left.type, Integer):
            return super().binary_floordiv(node)
        return f"FLOOR({self.visit(node.left)} / {self.visit(node.right)})"

    # -- documents

    def plain_binary(self, node: Any) -> str:
        left, right = self._operand(node.left), self._operand(node.right)
        return f"{left}{self.separator(node.operator)}{right}"

    def binary_in_op(self, node: Any) -> str:
        return f"{self._operand(node.left)} IN {self.in_list(node.right, False)}"

    def binary_not_in_op(self, node: Any) -> str:
        return f"({self._operand(node.left)} NOT IN {self.in_list(node.right, True)})"

    def _operand(self, node: Any) -> str:
        """Return an operand; what is taken out of a document stands in parentheses.

        ``->`` and its kin bind no tighter than any other operator that the server doesn't know.
        https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE
        """
        if node.__visit_name__ != "binary":
            return self.visit(node)
        if node.operator.name in _INTO_DOCUMENT:
            return self._document_text(node, grouped=True)
        text = self.visit(node)
        return f"({text})" if getattr(node.operator, "eager_grouping", False) else text

    def binary_json_getitem_op(self, node: Any) -> str:
        return self._document_text(node, grouped=False)

    def binary_json_path_getitem_op(self, node: Any) -> str:
        return self._document_text(node, grouped=False)

    def _document_text(self, node: Any, *, grouped: bool) -> str:
        """Return an index into a document, cast when it is read as a plain value."""
        arrow = _INTO_DOCUMENT[node.operator.name]
        is_document = issubclass(node.type._type_affinity, JSON)
        if is_document and arrow == "->" and isinstance(node.left.type, JSONB):
            return f"{self._subscripted(node.left)}[{self.visit(node.right)}]"
        text = f"{self._operand(node.left)} {arrow if is_document else arrow + '>'}"
        text = f"{text} {self.visit(node.right)}"
        text = f"({text})" if grouped else text
        return text if is_document else f"CAST({text} AS {self.type_text(node.type)})"

    def _subscripted(self, node: Any) -> str:
        """Return what ``[]`` follows: a column and an index as they are, else in parentheses."""
        while node.__visit_name__ == "type_coerce":
            node = node.clause
        text = self.visit(node)
        plain = node.__visit_name__ in ("column", "grouping") or text.endswith("]")
        return text if plain else f"({text})"

    # -- arrays

    def visit_array(self, node: Any) -> str:
        if not node.clauses and not node.type.item_type._is_null:
            return f"ARRAY[]::{self.type_text(node.type)}"
        return f"ARRAY[{self.visit_all(node.clauses)}]"

    def visit_postgresql_aggregate_order_by(self, node: Any) -> str:
        return f"{self.visit(node.target)} ORDER BY {self.visit(node.order_by)}"

    # -- SELECT

    def visit_postgresql_distinct_on(self, node: Any) -> str:
        return self.by_clause(node.clauses)

    def distinct_text(self, node: Any) -> str:
        rare = node._rare
        if not rare.distinct_on:
            return super().distinct_text(node)
        return f"DISTINCT ON ({self.by_clause(rare.distinct_on)}) "

    def limit_text(self, node: Any) -> str:
        if node._limit is None or node._rare.fetch is not None:
            return super().limit_text(node)
        text = f" \n LIMIT {self.visit(node._limit)}"
        return text if node._offset is None else f"{text} OFFSET {self.visit(node._offset)}"

    def fetch_text(self, node: Any) -> str:
        rare = node._rare
        text = "" if node._offset is None else f"\n OFFSET ({self.visit(node._offset)}) ROWS"
        percent = " PERCENT" if rare.fetch_percent else ""
        ties = "WITH TIES" if rare.fetch_ties else "ONLY"
        return f"{text}\n FETCH FIRST ({self.visit(rare.fetch)}){percent} ROWS {ties}"

    def hinted_from_text(self, text: str, hint: str) -> str:
        return _only(text, hint)

    def for_update_text(self, node: Any) -> str:
        locks = node._rare.for_update
        if locks is None:
            return ""
        if locks.read:
            text = " FOR KEY SHARE" if locks.key_share else " FOR SHARE"
        else:
            text = " FOR NO KEY UPDATE" if locks.key_share else " FOR UPDATE"
        if locks.of:
            text += f" OF {', '.join(self._locked_tables(locks.of))}"
        if locks.nowait:
            text += " NOWAIT"
        return text + (" SKIP LOCKED" if locks.skip_locked else "")

    def _locked_tables(self, of: Any) -> list[str]:
        tables = [getattr(each, "table", None) for each in of]
        chosen = [each if t is None else t for each, t in zip(of, tables, strict=True)]
        names = [self.renamed.get(id(table), table.name) for table in chosen]
        return [self.quote(name) for name in dict.fromkeys(names)]

    # -- UPDATE and DELETE

    def write_hint_text(self, text: str, hint: str) -> str:
        return _only(text, hint)

    def delete_from_text(self, froms: list[Any]) -> str:
        return f" USING {', '.join([self.from_text(element) for element in froms])}"

    # -- sequences, casts

    def next_value_text(self, sequence: Any) -> str:
        return f"nextval({self.literal_text(self.table_text(sequence))})"

    def sequence_default_text(self, sequence: Any) -> str | None:
        return None if sequence.optional else self.next_value_text(sequence)

    def visit_try_cast(self, node: Any) -> str:
        raise UnsupportedCompilationError(
            type(self).__name__,
            type(node),
            "PostgreSQL has no TRY_CAST: write cast(), or a function of your own",
        )


def _only(text: str, hint: str) -> str:
    """Return a table without those that inherit from it.

    :raises CompileError: for another hint, of which there are none.
    """
    if hint.upper() != "ONLY":
        raise CompileError(f"Unrecognized hint: {hint!r}: PostgreSQL has 'ONLY' alone")
    return f"ONLY {text}"
