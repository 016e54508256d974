"""Compiling what stands in FROM: tables, aliases, joins, subqueries, CTEs.

A FROM element has two texts: how FROM introduces it (``users AS u``), which is here, and how a column
names it (``u.id``), which is :meth:`ExpressionCompiler.table_prefix`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ormolu.compiler.expressions import ExpressionCompiler
from ormolu.exc import CompileError

__all__ = ["FromCompiler", "Level"]


@dataclass(slots=True)
class Level:
    """One SELECT (or UPDATE, DELETE) that is being compiled.

    ``visible`` are the FROM elements that an inner statement may correlate to, ``own`` those of this
    statement alone. ``in_from`` is true below a subquery in FROM or a CTE: there every column gets a
    name. ``labels`` are the names in the columns clause, for ORDER BY and GROUP BY.
    """

    own: list[Any]
    visible: list[Any]
    in_from: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    label_of: dict[int, str] = field(default_factory=dict)


class FromCompiler(ExpressionCompiler):
    """The FROM half of the statement compiler."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.levels: list[Level] = []
        self.ctes: dict[Any, str] = {}
        self.cte_names: dict[str, Any] = {}
        self.recursive = False

    def from_text(self, node: Any) -> str:
        """Return how FROM introduces a FROM element."""
        return self.visit(node)

    def visit_table(self, node: Any) -> str:
        return self.table_text(node)

    def visit_alias(self, node: Any) -> str:
        return f"{self.from_text(node.element)} AS {self.quote(node.name)}"

    def visit_tablesample(self, node: Any) -> str:
        text = f"{self.visit_alias(node)} TABLESAMPLE {self.visit(node.sampling)}"
        if node.seed is not None:
            text += f" REPEATABLE ({self.visit(node.seed)})"
        return text

    def visit_lateral(self, node: Any) -> str:
        return f"LATERAL {self.derived_text(node.element, lateral=True)} AS {self.quote(node.name)}"

    def visit_subquery(self, node: Any) -> str:
        return f"{self.derived_text(node.element)} AS {self.quote(node.name)}"

    def derived_text(self, element: Any, *, lateral: bool = False) -> str:
        """Return a statement in parentheses as FROM holds it, all its columns named."""
        inner = getattr(element, "element", element) if _is_grouped(element) else element
        return f"({self.statement_text(inner, in_from=True, lateral=lateral)})"

    def statement_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        """Return an inner statement; ``in_from`` says that it stands in FROM or in a CTE."""
        raise CompileError(f"{node!r} cannot stand inside a statement")

    def visit_join(self, node: Any) -> str:
        if node.full:
            word = " FULL OUTER JOIN "
        elif node.isouter:
            word = " LEFT OUTER JOIN "
        else:
            word = " JOIN "
        left, right = self.from_text(node.left), self.from_text(node.right)
        return f"{left}{word}{right} ON {self.visit(node.onclause)}"

    def visit_from_grouping(self, node: Any) -> str:
        return f"({self.from_text(node.element)})"

    def visit_values(self, node: Any) -> str:
        rows = ", ".join(
            f"({self.visit_all(row)})" for row in node._rows
        )
        text = f"VALUES {rows}"
        if node.name is None:
            return text
        columns = ", ".join(self.quote(column.name) for column in node.columns)
        return f"({text}) AS {self.quote(node.name)} ({columns})"

    # -- CTEs

    def visit_cte(self, node: Any) -> str:
        """Return the name of a CTE, writing its definition at the front when it is first met."""
        original = getattr(node, "_restates", None)
        name = self.quote(node.name)
        if node in self.ctes:
            return self._cte_reference(node, name)
        known = self.cte_names.get(name)
        if known is not None and known is not original and known is not node:
            if known._key is not node._key and _restated(known) is not node:
                raise CompileError(
                    f"Multiple, unrelated CTEs found with the same name: {name!r}: name them apart"
                )
            return self._cte_reference(node, name)
        self.cte_names[name] = node
        if original is not None and original in self.ctes:
            del self.ctes[original]
        self.ctes[node] = ""  # a reference inside its own definition is recursion
        self.ctes[node] = self._cte_definition(node, name)
        return self._cte_reference(node, name)

    def _cte_reference(self, node: Any, name: str) -> str:
        return name

    def _cte_definition(self, node: Any, name: str) -> str:
        header = name
        if node.recursive:
            self.recursive = True
            columns = ", ".join(self.quote(column.name) for column in node.element.columns)
            header += f"({columns})"
        levels, self.levels = self.levels, []
        body = self.statement_text(_ungrouped(node.element), in_from=True)
        self.levels = levels
        return f"{header} AS \n({body})"

    def with_text(self) -> str:
        """Return the WITH clause of all CTEs met so far."""
        if not self.ctes:
            return ""
        word = "WITH RECURSIVE " if self.recursive else "WITH "
        return word + ", \n".join(self.ctes.values()) + "\n "


def _is_grouped(element: Any) -> bool:
    return getattr(element, "__visit_name__", "") in ("grouping", "select_statement_grouping")


def _ungrouped(element: Any) -> Any:
    return element.element if _is_grouped(element) else element


def _restated(cte: Any) -> Any:
    return getattr(cte, "_restates", None)


