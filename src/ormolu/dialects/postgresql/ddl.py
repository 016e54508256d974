"""What PostgreSQL's DDL has differently.

https://www.postgresql.org/docs/current/sql-createtable.html,
https://www.postgresql.org/docs/current/sql-createindex.html
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

from ormolu.compiler.ddl import DDLCompiler
from ormolu.dialects.postgresql.named_types import in_schema
from ormolu.exc import CompileError, SAWarning
from ormolu.sql.text import text as sql_text
from ormolu.types import INTEGERTYPE, BigInteger, Integer, SmallInteger

__all__ = ["PostgreSQLDDLCompiler", "parents_of"]

_ON_DELETE = re.compile(
    r"(?:RESTRICT|CASCADE|NO ACTION|SET (?:NULL|DEFAULT)(?:\s*\([^()']+\))?)\Z", re.IGNORECASE
)
_METHOD = re.compile(r"[a-z_][a-z0-9_]*\Z", re.IGNORECASE)
#: The first version with computed columns that are not stored.
#: https://www.postgresql.org/docs/18/ddl-generated-columns.html
_VIRTUAL_COLUMNS = (18,)
#: Parts of an index that need no parentheses of their own.
_BARE_PARTS = frozenset(
    {"column", "function", "ansi_function", "cast", "case", "textclause", "unary"}
)


def parents_of(table: Any) -> Sequence[str]:
    """The names of the tables that a table inherits from (``postgresql_inherits``)."""
    named: str | Sequence[str] | None = table.dialect_options["postgresql"].get("inherits")
    if named is None:
        return ()
    return (named,) if isinstance(named, str) else named


class PostgreSQLDDLCompiler(DDLCompiler):
    """DDL for PostgreSQL."""

    # -- columns

    def column_type(self, column: Any) -> str:
        if not self._is_serial(column):
            if self.schema_translate_map is None:
                return super().column_type(column)
            return self.type_compiler.process(in_schema(column.type, self.schema_of))
        type_ = column.type.variant_for(self.dialect.name)
        affinity = type_._type_affinity
        if isinstance(type_, BigInteger):
            return "BIGSERIAL"
        if isinstance(type_, SmallInteger):
            return "SMALLSERIAL"
        return "SERIAL" if issubclass(affinity, Integer) else super().column_type(column)

    def _is_serial(self, column: Any) -> bool:
        """Whether a column is a key that the database counts up by itself."""
        if column.identity is not None or column.table is None:
            return False
        if column is not column.table.autoincrement_column:
            return False
        default = column.default
        return default is None or (default.is_sequence and default.optional)

    def column_default(self, column: Any) -> str:
        return "" if self._is_serial(column) else super().column_default(column)

    def visit_computed_column(self, computed: Any) -> str:
        version: Any = getattr(self.dialect, "server_version_info", None)
        if computed.persisted or version is None or version >= _VIRTUAL_COLUMNS:
            return super().visit_computed_column(computed)
        column = computed.column
        if computed.persisted is not None:
            raise CompileError(
                f"(in table {column.table.name!r}, column {column.name!r}): this PostgreSQL has no "
                "computed columns that are not stored: leave persisted out, or set it to True"
            )
        warnings.warn(
            f"Computed column {column.table.name}.{column.name} is being created as 'STORED' since "
            "this PostgreSQL has no other computed columns; from PostgreSQL 18 on it would be "
            "VIRTUAL. Set persisted=True to have it stored by every version.",
            SAWarning,
            stacklevel=2,
        )
        return f"{super().visit_computed_column(computed)} STORED"

    def column_generated(self, column: Any) -> str:
        text = super().column_generated(column)
        return f"{text} NULL" if column.identity is not None and column.nullable else text

    # -- tables

    def post_create_table(self, table: Any) -> str:
        options = table.dialect_options["postgresql"]
        quote = self.preparer.quote
        parts = []
        if parents := parents_of(table):
            parts.append(f"INHERITS ({', '.join(map(quote, parents))})")
        if options.get("partition_by"):
            parts.append(f"PARTITION BY {options['partition_by']}")
        if options.get("using"):
            parts.append(f"USING {options['using']}")
        if options.get("with_oids") is not None:
            parts.append("WITH OIDS" if options["with_oids"] else "WITHOUT OIDS")
        if options.get("with"):
            parts.append(f"WITH ({_storage(options['with'])})")
        if options.get("on_commit"):
            parts.append(f"ON COMMIT {options['on_commit'].replace('_', ' ').upper()}")
        if options.get("tablespace"):
            parts.append(f"TABLESPACE {quote(options['tablespace'])}")
        return "".join(f"\n {part}" for part in parts)

    # -- constraints

    def define_unique_constraint_distinct(self, node: Any) -> str:
        return _nulls_distinct(node, "{} ")

    def define_unique_body(self, node: Any) -> str:
        return super().define_unique_body(node) + self._include(node)

    def define_primary_key_body(self, node: Any) -> str:
        return super().define_primary_key_body(node) + self._include(node)

    def _include(self, item: Any) -> str:
        """Return INCLUDE of an index or of a constraint that has one, with a space before it."""
        given = item.dialect_options["postgresql"].get("include")
        if not given:
            return ""
        columns = item.table.columns
        found = [columns[each] if isinstance(each, str) else each for each in given]
        return f" INCLUDE ({self.column_list(found)})"

    def visit_check_constraint(self, node: Any) -> str:
        options = node.dialect_options["postgresql"]
        inherit = " NO INHERIT" if options.get("no_inherit") else ""
        return super().visit_check_constraint(node) + inherit + _not_valid(node)

    def visit_foreign_key_constraint(self, node: Any) -> str:
        return super().visit_foreign_key_constraint(node) + _not_valid(node)

    def define_constraint_ondelete_cascade(self, node: Any) -> str:
        return f" ON DELETE {self.preparer.validate_sql_phrase(node.ondelete, _ON_DELETE)}"

    def visit_exclude_constraint(self, node: Any) -> str:
        elements = ", ".join(self._excluded(node, what, op) for what, op in node.elements)
        using = self.preparer.validate_sql_phrase(node.using, _METHOD).lower()
        text = f"{self.define_constraint_preamble(node)}EXCLUDE USING {using} ({elements})"
        if node.where is not None:
            text += f" WHERE ({self.expression(node.where)})"
        return text + self.define_constraint_deferrability(node)

    def _excluded(self, node: Any, what: Any, operator: str) -> str:
        if isinstance(what, str):
            what = node.table.columns[what]
        text = self.expression(what)
        op_class = node.ops.get(getattr(what, "key", None))
        return f"{text}{'' if op_class is None else f' {op_class}'} WITH {operator}"

    def visit_set_constraint_comment(self, node: Any) -> str:
        comment = self.comment_text(node.element)
        return f"COMMENT ON CONSTRAINT {self._on_table(node.element)} IS {comment}"

    def visit_drop_constraint_comment(self, node: Any) -> str:
        return f"COMMENT ON CONSTRAINT {self._on_table(node.element)} IS NULL"

    def _on_table(self, constraint: Any) -> str:
        name = self.constraint_name(constraint, "COMMENT ON CONSTRAINT")
        return f"{name} ON {self.format_table(constraint.table)}"

    # -- indexes

    def visit_create_index(self, node: Any) -> str:
        index = node.element
        self.require_table(index)
        options = index.dialect_options["postgresql"]
        words = ["CREATE", "UNIQUE INDEX" if index.unique else "INDEX"]
        if options.get("concurrently"):
            words.append("CONCURRENTLY")
        if node.if_not_exists:
            words.append("IF NOT EXISTS")
        words += [self.created_index_name(index), "ON", self.indexed_table(index)]
        if options.get("using"):
            using = self.preparer.validate_sql_phrase(options["using"], _METHOD).lower()
            words.append(f"USING {using}")
        return f"{' '.join(words)} ({self.index_parts(index)}){self.index_options(index)}"

    def index_part(self, index: Any, part: Any) -> str:
        if part.__visit_name__ == "unary" and part.modifier is not None:
            # The operator class stands before DESC and NULLS LAST.
            sorting = self.dialect.compiler_class.suffix_words[part.modifier.name]
            return self.index_part(index, part.element) + sorting
        element = part.element if part.__visit_name__ == "label" else part
        text = self.expression(element)
        negated = element.__visit_name__ == "unary" and element.operator is not None
        if negated or element.__visit_name__ not in _BARE_PARTS:
            text = f"({text})"
        ops = index.dialect_options["postgresql"].get("ops") or {}
        op_class = ops.get(getattr(part, "key", None))
        return text if op_class is None else f"{text} {op_class}"

    def index_options(self, index: Any) -> str:
        options = index.dialect_options["postgresql"]
        text = self._include(index) + _nulls_distinct(index, " {}")
        if options.get("with"):
            text += f" WITH ({_storage(options['with'])})"
        if options.get("tablespace"):
            text += f" TABLESPACE {self.preparer.quote(options['tablespace'])}"
        where = options.get("where")
        if where is None:
            return text
        condition = sql_text(where) if isinstance(where, str) else where
        return f"{text} WHERE {self.expression(condition)}"

    def visit_drop_index(self, node: Any) -> str:
        text = super().visit_drop_index(node)
        if not node.element.dialect_options["postgresql"].get("concurrently"):
            return text
        return text.replace("DROP INDEX", "DROP INDEX CONCURRENTLY", 1)

    # -- types, sequences

    def visit_create_enum_type(self, node: Any) -> str:
        names = ", ".join(map(self.string_text, node.element.enums))
        return f"CREATE TYPE {self.type_name(node.element)} AS ENUM ({names})"

    def visit_drop_enum_type(self, node: Any) -> str:
        return f"DROP TYPE {self.type_name(node.element)}"

    def visit_create_domain_type(self, node: Any) -> str:
        domain = node.element
        options = []
        if domain.collation is not None:
            options.append(f"COLLATE {self.preparer.quote(domain.collation)}")
        if domain.default is not None:
            options.append(f"DEFAULT {self.render_default_string(domain.default)}")
        if domain.constraint_name is not None:
            options.append(f"CONSTRAINT {self.preparer.quote(domain.constraint_name)}")
        if domain.not_null:
            options.append("NOT NULL")
        if domain.check is not None:
            check = sql_text(domain.check) if isinstance(domain.check, str) else domain.check
            options.append(f"CHECK ({self.expression(check)})")
        data_type = self.type_compiler.process(domain.data_type)
        return f"CREATE DOMAIN {self.type_name(domain)} AS {data_type} {' '.join(options)}"

    def visit_drop_domain_type(self, node: Any) -> str:
        return f"DROP DOMAIN {self.type_name(node.element)}"

    def type_name(self, type_: Any) -> str:
        """Return the qualified, quoted name of an ENUM or a DOMAIN.

        :raises CompileError: it has none.
        """
        if not type_.name:
            raise CompileError("PostgreSQL ENUM type requires a name: write ENUM(…, name='mood')")
        return self.preparer.format_qualified(self.schema_of(type_), type_.name)

    def create_sequence_prefix(self, sequence: Any) -> str:
        type_ = sequence.data_type
        if type_ is None or type_ is INTEGERTYPE:
            return ""
        return f" AS {self.type_compiler.process(type_)}"


def _nulls_distinct(item: Any, form: str) -> str:
    given = item.dialect_options["postgresql"].get("nulls_not_distinct")
    if given is None:
        return ""
    return form.format("NULLS NOT DISTINCT" if given else "NULLS DISTINCT")


def _not_valid(constraint: Any) -> str:
    options = constraint.dialect_options["postgresql"]
    return " NOT VALID" if options.get("not_valid") else ""


def _storage(options: Any) -> str:
    """Storage parameters: ``fillfactor = 50, autovacuum_enabled = false``."""
    return ", ".join(f"{name} = {_storage_value(value)}" for name, value in options.items())


def _storage_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
