"""INSERT, UPDATE and DELETE as MySQL and MariaDB write them.

https://dev.mysql.com/doc/refman/8.4/en/sql-data-manipulation-statements.html
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.ctes import Scope
from ormolu.compiler.sql_compiler import SQLCompiler
from ormolu.dialects.mysql.dml import DMLLimitClause, InsertedRow, OnDuplicateClause
from ormolu.exc import CompileError, SAWarning

if TYPE_CHECKING:
    from ormolu.dialects.mysql.dialect import MySQLDialect

__all__ = ["MySQLWriteCompiler"]

#: Values that stand in parentheses after ``column =``.
_GROUPED = frozenset({"binary", "boolean_list", "exists", "expression_clauselist", "unary"})


class MySQLWriteCompiler(SQLCompiler):
    """The writing half of the compiler."""

    dialect: MySQLDialect

    updates_several_tables: ClassVar[bool] = True
    write_options: ClassVar[frozenset[str]] = frozenset({"limit"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        #: the join that the UPDATE being written is of
        self._joined: Any = None

    def write_hint_text(self, text: str, hint: str) -> str:
        return f"{text} {hint}"

    # -- INSERT

    def inserted_select_text(self, text: str) -> str:
        # https://dev.mysql.com/doc/refman/8.4/en/with.html: WITH may not stand before INSERT.
        ctes, self.scopes[0] = self.scopes[0], Scope()
        return self.with_clause(ctes) + text

    def visit_cte(self, node: Any) -> str:
        """Return the name of a CTE; one in a value of INSERT … VALUES is the value's own."""
        top = self.top
        if len(self.scopes) > 1 and getattr(top, "is_insert", False) and top.select is None:
            return self.cte_name(node, len(self.scopes) - 1 if node.nesting else 1)
        return super().visit_cte(node)

    def sequence_default_text(self, sequence: Any) -> str | None:
        # https://mariadb.com/kb/en/sequence-overview/
        return self.next_value_text(sequence) if self.dialect.server.sequences else None

    # -- UPDATE and DELETE of several tables

    def visit_update(self, node: Any) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/update.html

        A join is updated as the first of its tables, and the others beside it.
        """
        outer, self._joined = self._joined, None
        if node.table.__visit_name__ == "join":
            node, self._joined = self._update_of_the_first(node), node.table
        elif node._others:
            _require_named_tables(node)
        text = super().visit_update(node)
        self._joined = outer
        return text

    def _update_of_the_first(self, node: Any) -> Any:
        first, *_ = _tables(node.table)
        pairs = {c.key: value for c, value in node._others if c.table is first}
        others = tuple((c, value) for c, value in node._others if c.table is not first)
        new = node._copy(
            table=first, _keys=tuple(pairs), _values=tuple(pairs.values()), _others=others
        )
        self.top = new if self.top is node else self.top
        return new

    def set_name_text(self, column: Any, extra: list[Any]) -> str:
        name = self.quote(column.name)
        return f"{self.quote(column.table.name)}.{name}" if extra else name

    def update_tables_text(self, node: Any, extra: list[Any]) -> str:
        first = node.table if self._joined is None else self._joined
        return self._hinted(node, node.table, self._listed(_outermost([first, *extra])))

    def lint(self, word: str, froms: list[Any], conditions: Iterable[Any]) -> None:
        if word == "UPDATE" and self._joined is not None:
            froms = [self._joined, *froms]
        super().lint(word, froms, conditions)

    def update_from_text(self, froms: list[Any]) -> str:
        return ""

    def delete_tables_text(self, node: Any, extra: list[Any]) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/delete.html"""
        if not extra:
            return super().delete_tables_text(node, extra)
        used = self._listed(_outermost([node.table, *extra]))
        return f"FROM {self.table_prefix(node.table)} USING {used}"

    def delete_from_text(self, froms: list[Any]) -> str:
        return ""

    def _listed(self, froms: list[Any]) -> str:
        return ", ".join([self.from_text(element) for element in froms])

    def extensions_text(self, node: Any, position: str) -> str:
        text = super().extensions_text(node, position)
        if position != "post_criteria":
            return text
        given = node.dialect_options.get(self.dialect.name, {}).get("limit")
        return text if given is None else f"{text} LIMIT {int(given)}"

    # -- ON DUPLICATE KEY UPDATE

    def visit_on_duplicate_key_update(self, node: OnDuplicateClause) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html"""
        values = dict(zip(node.keys, node.values, strict=True))
        columns = self.written[-1].table.columns
        keys = node.keys if node.ordered else [c.key for c in columns if c.key in values]
        known = [key for key in keys if key in columns]
        unknown = [key for key in values if key not in columns]
        if unknown:
            warnings.warn(
                "Additional column names not matching any column keys in table "
                f"{self.written[-1].table.name!r}: {', '.join(map(repr, unknown))}",
                SAWarning,
                stacklevel=2,
            )
        parts = [f"{self.quote(columns[k].name)} = {self._assigned(values[k])}" for k in known]
        alias = "AS new " if self._row_alias else ""
        return f"{alias}ON DUPLICATE KEY UPDATE {', '.join(parts)}"

    def _assigned(self, value: Any) -> str:
        include, self.include_table = self.include_table, True
        text = self.visit(value)
        self.include_table = include
        return f"({text})" if value.__visit_name__ in _GROUPED else text

    @property
    def _row_alias(self) -> bool:
        """Whether the new row has a name, which replaces VALUES(); one from SELECT has none."""
        return self.dialect.server.row_alias and self.written[-1].select is None

    def visit_column(self, node: Any) -> str:
        if not isinstance(node.table, InsertedRow):
            return super().visit_column(node)
        name = self.quote(node.name)
        return f"new.{name}" if self._row_alias else f"VALUES({name})"

    # -- LIMIT

    def visit_mysql_dml_limit_clause(self, node: DMLLimitClause) -> str:
        outer, self.literal_execute = self.literal_execute, True
        text = self.visit(node.limit)
        self.literal_execute = outer
        return f"LIMIT {text}"


def _require_named_tables(node: Any) -> None:
    """Refuse to change a column of a table that neither WHERE nor another value mentions.

    :raises CompileError: all rows of that table would be changed.
    """
    clauses = [*node._where, *node._values, *[value for _, value in node._others]]
    named = {id(f) for clause in clauses for each in clause._from_objects for f in _tables(each)}
    for column, _ in node._others:
        if column.__visit_name__ != "binary" and id(column.table) not in named:
            raise CompileError(
                f"Unconsumed column names: {column.key}: the UPDATE of {node.table.name!r} would "
                f"change all rows of {column.table.name!r}: join that table in where()"
            )


def _tables(element: Any) -> list[Any]:
    """Return the FROM elements of a join, from the left."""
    if element.__visit_name__ != "join":
        return [element]
    return [*_tables(element.left), *_tables(element.right)]


def _outermost(froms: list[Any]) -> list[Any]:
    """Return the elements that are not inside of a join among them."""
    inner = {
        id(each)
        for element in froms
        if element.__visit_name__ == "join"
        for each in _tables(element)
    }
    return [element for element in froms if id(element) not in inner]
