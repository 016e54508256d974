"""Compiling what stands in FROM: tables, aliases, joins, subqueries, CTEs.

A FROM element has two texts: how FROM introduces it (``users AS u``), which is here, and how a
column
names it (``u.id``), which is :meth:`ExpressionCompiler.table_prefix`.
"""

from __future__ import annotations

from typing import Any

from ormolu.compiler.expressions import ExpressionCompiler
from ormolu.exc import CompileError

__all__ = ["FromCompiler", "Level"]


class Level:
    """One SELECT (or UPDATE, DELETE) that is being compiled.

    ``visible`` are the FROM elements that an inner statement may correlate to, ``own`` those of
    this statement alone. ``in_from`` is true below a subquery in FROM or a CTE: there every column
    gets a name. ``labels`` are the labels in the columns clause and ``columns`` its plain columns,
    by name, for ORDER BY and GROUP BY. ``gives_rows``: its rows are those of the whole statement.
    """

    __slots__ = ("columns", "gives_rows", "in_from", "labels", "own", "visible")

    def __init__(self, own: list[Any], visible: list[Any], in_from: bool = False) -> None:
        self.own = own
        self.visible = visible
        self.in_from = in_from
        self.gives_rows = False
        self.labels: dict[str, Any] = {}
        self.columns: dict[str, Any] = {}


class FromCompiler(ExpressionCompiler):
    """The FROM half of the statement compiler."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.levels: list[Level] = []
        self.ctes: dict[int, str] = {}
        self.cte_names: dict[str, Any] = {}
        self.recursive = False

    def from_text(self, node: Any) -> str:
        """Return how FROM introduces a FROM element."""
        return self.visit(node)

    def visit_table(self, node: Any) -> str:
        return self.table_text(node)

    def visit_cte_alias(self, node: Any) -> str:
        return self.visit_alias(node)

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
        return f"({self.statement_text(_ungrouped(element), in_from=True, lateral=lateral)})"

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
        rows = ", ".join(f"({self.visit_all(row)})" for row in node._data)
        text = f"VALUES {rows}"
        if node.name is None:
            return text
        columns = ", ".join(self.quote(column.name) for column in node.columns)
        return f"({text}) AS {self.quote(node.name)} ({columns})"

    # -- CTEs

    def visit_cte(self, node: Any) -> str:
        """Return the name of a CTE, writing its definition at the front when it is first met."""
        name = self.quote(node.name)
        if id(node) in self.ctes:
            return name
        known = self.cte_names.get(name)
        if known is not None:
            if known._restates is node:  # the part of a recursive CTE that it refers to
                return name
            if node._restates is not known:
                raise CompileError(
                    f"Multiple, unrelated CTEs found with the same name: {name!r}: name them apart"
                )
            self.ctes.pop(id(known), None)
        self.cte_names[name] = node
        self.ctes[id(node)] = ""  # inside its own definition a CTE is only a name
        definition = self._cte_definition(node, name)
        del self.ctes[id(node)]  # those that it needs stand before it
        self.ctes[id(node)] = definition
        return name

    def _cte_definition(self, node: Any, name: str) -> str:
        header = name
        if node.recursive:
            self.recursive = True
            named = _ungrouped(node.element).named_columns()
            columns = ", ".join(self.quote(column.name) for column in named)
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
    return getattr(element, "__visit_name__", "") in ("grouping", "select_grouping")


def _ungrouped(element: Any) -> Any:
    return element.element if _is_grouped(element) else element
