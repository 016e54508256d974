"""Compiling what stands in FROM: tables, aliases, joins, subqueries, functions, VALUES.

A FROM element has two texts: how FROM introduces it (``users AS u``), which is here, and how a
column names it (``u.id``), which is :meth:`ExpressionCompiler.table_prefix`. CTEs, whose first
text stands at the front of the statement, are in ``ctes.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from ormolu.compiler.expressions import ExpressionCompiler, is_grouped, ungrouped
from ormolu.exc import CompileError
from ormolu.sql.linting import FROM_LINTING, warn_of_product
from ormolu.sql.node import AnonName

__all__ = ["FromCompiler", "Level"]

_T = TypeVar("_T")


class Level:
    """One SELECT (or UPDATE, DELETE) that is being compiled.

    ``visible`` are the FROM elements that an inner statement may correlate to, ``own`` those of
    this statement alone. ``in_from`` is true below a subquery in FROM or a CTE: there every column
    gets a name. ``labels`` are the labels in the columns clause and ``columns`` its plain columns,
    by name, for ORDER BY and GROUP BY. ``gives_rows``: its rows are those of the whole statement.
    ``in_columns`` says whether what is written now is a column of its rows; None where it has none.
    """

    __slots__ = ("columns", "gives_rows", "in_columns", "in_from", "labels", "own", "visible")

    def __init__(self, own: list[Any], visible: list[Any], in_from: bool = False) -> None:
        self.own = own
        self.visible = visible
        self.in_from = in_from
        self.gives_rows = False
        self.in_columns: bool | None = None
        self.labels: dict[str, Any] = {}
        self.columns: dict[str, Any] = {}


def _unnamed(element: Any) -> Any:
    """Return what an alias is of: one name is enough."""
    while element.__visit_name__ == "alias":
        element = element.element
    return element


def _tables_among(froms: Iterable[Any]) -> list[Any]:
    """Return the tables of FROM elements, those inside of joins too."""
    every = (element for given in froms for element in (given, *given._hidden))
    return [element for element in every if element.__visit_name__ == "table"]


class FromCompiler(ExpressionCompiler):
    """The FROM half of the statement compiler."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.levels: list[Level] = []
        self.linting = self.dialect.compiler_linting
        #: the hints of the SELECT being compiled, by the id() of their FROM element
        self.from_hints: dict[int, str] = {}

    def from_text(self, node: Any) -> str:
        """Return how FROM introduces a FROM element."""
        if node.__visit_name__ == "values":
            return self.values_from_text(node)
        text = self.visit(node)
        if self.from_hints:
            hint = self.from_hints.get(id(node))
            if hint is not None:
                return self.hinted_from_text(text, hint)
        return text

    def lint(self, word: str, froms: list[Any], conditions: Iterable[Any]) -> None:
        """Warn of FROM elements that nothing ties together, if that was asked for."""
        if self.linting == FROM_LINTING and froms:
            warn_of_product(word, froms, conditions, self._linted_name)

    def _linted_name(self, element: Any) -> str:
        name = element.description if element.name is None else self.name_text(element.name)
        schema = getattr(element, "schema", None)
        return name if schema is None else f"{schema}.{name}"

    def for_dialect(self, items: Iterable[_T], names: Iterable[str]) -> list[_T]:
        """Return the items whose dialect is this one, or ``*`` for any."""
        mine = ("*", self.dialect.name)
        return [item for item, name in zip(items, names, strict=True) if name in mine]

    def hinted_from_text(self, text: str, hint: str) -> str:
        """Return the text of a FROM element with the hint that ``with_hint()`` gave it.

        Standard SQL has no hints, so they are left out; a dialect that has them overrides this.
        """
        return text

    def visit_table(self, node: Any) -> str:
        text = self.table_text(node)
        if self.renamed and id(node) in self.renamed:
            return f"{text} AS {self.quote(self.renamed[id(node)])}"
        return text

    def renamed_beside(self, froms: Iterable[Any], visible: Iterable[Any]) -> Mapping[int, str]:
        """Return new names for the tables among `froms` that can't be told from others in sight.

        ``FROM other.a, a``: both are called ``a``, so the one without a schema gets a name.
        """
        tables = _tables_among(froms)
        bare = [table for table in tables if self.schema_of(table) is None]
        if not bare:
            return self.renamed
        seen = [*tables, *_tables_among(visible)]
        taken = {table.name for table in seen if self.schema_of(table) is not None}
        if taken.isdisjoint([table.name for table in bare]):
            return self.renamed
        new = {id(table): AnonName(table.name) for table in bare if table.name in taken}
        return {**self.renamed, **new}

    def visit_cte_alias(self, node: Any) -> str:
        return self.visit_alias(node)

    def visit_alias(self, node: Any) -> str:
        element = _unnamed(node.element)
        if element.__visit_name__ == "tablesample":
            return self._sampled_text(element, node.name)
        return f"{self.aliased_text(element)} AS {self.quote(node.name)}"

    def aliased_text(self, element: Any) -> str:
        """Return what a name is given to; a join needs parentheses, hints are to the name."""
        hints, self.from_hints = self.from_hints, {}
        is_table = element.__visit_name__ == "table"
        text = self.table_text(element) if is_table else self.from_text(element)
        self.from_hints = hints
        return f"({text})" if element.__visit_name__ == "join" else text

    def visit_tablesample(self, node: Any) -> str:
        return self._sampled_text(node, node.name)

    def _sampled_text(self, node: Any, name: str) -> str:
        text = f"{self.aliased_text(_unnamed(node.element))} AS {self.quote(name)}"
        text += f" TABLESAMPLE {self.visit(node.sampling)}"
        if node.seed is not None:
            text += f" REPEATABLE ({self.visit(node.seed)})"
        return text

    def visit_lateral(self, node: Any) -> str:
        name = self.quote(node.name)
        return f"LATERAL {self.lateral_text(node.element)} AS {name}"

    def lateral_text(self, element: Any) -> str:
        """Return what LATERAL stands before."""
        if hasattr(element, "named_columns") or is_grouped(element):
            return self.derived_text(element, lateral=True)
        return self.from_text(element)

    # -- functions

    def visit_table_valued_alias(self, node: Any) -> str:
        text = self.visit(node.element)
        if node.with_ordinality:
            text += " WITH ORDINALITY"
        lateral = "LATERAL " if node.is_lateral else ""
        return f"{lateral}{text} AS {self.quote(node.name)}{self.derived_columns_text(node)}"

    def derived_columns_text(self, node: Any) -> str:
        """Return the columns after the name of a function in FROM: ``(a, b)``, with their types."""
        if not node.renders_columns:
            return ""
        names = [self.quote(column.name) for column in node.columns]
        if node.renders_types:
            types = [self.type_text(column.type) for column in node.columns]
            names = [f"{name} {type_}" for name, type_ in zip(names, types, strict=True)]
        return f"({', '.join(names)})"

    def visit_function_from(self, node: Any) -> str:
        return self.visit(node.element)

    def visit_table_valued_column(self, node: Any) -> str:
        return self.quote(node.name)

    def visit_scalar_function_column(self, node: Any) -> str:
        return f"({self.visit(node.fn)}).{self.quote(node.name)}"

    # -- statements in FROM

    def visit_subquery(self, node: Any) -> str:
        name = self.quote(node.name)  # numbered before the names inside
        return f"{self.derived_text(node.element)} AS {name}"

    def derived_text(self, element: Any, *, lateral: bool = False) -> str:
        """Return a statement in parentheses as FROM holds it, all its columns named."""
        return f"({self.nested_text(ungrouped(element), in_from=True, lateral=lateral)})"

    def nested_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        """Return a statement that stands in another, with a WITH of its own if it needs one."""
        return self.statement_text(node, in_from=in_from, lateral=lateral)

    def statement_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        """Return an inner statement; ``in_from`` says that it stands in FROM or in a CTE."""
        raise CompileError(f"{node!r} cannot stand inside a statement")

    def join_word(self, node: Any) -> str:
        """Return JOIN, with the spaces around it."""
        if node.full:
            return " FULL OUTER JOIN "
        return " LEFT OUTER JOIN " if node.isouter else " JOIN "

    def visit_join(self, node: Any) -> str:
        left, right = self.from_text(node.left), self.from_text(node.right)
        return f"{left}{self.join_word(node)}{right} ON {self.condition_text(node.onclause)}"

    def condition_text(self, node: Any) -> str:
        """Return a condition; a constant becomes a comparison where there are no booleans."""
        text = self.visit(node)
        if node.__visit_name__ in ("true", "false") and not self.features.native_boolean:
            return f"{text} = 1"
        return text

    def visit_from_grouping(self, node: Any) -> str:
        return f"({self.from_text(node.element)})"

    # -- VALUES

    def visit_values(self, node: Any) -> str:
        literally = self.literal_binds
        self.literal_binds = literally or node.literal_binds
        for row in node._data:
            for value in row:
                if value.__visit_name__ == "bindparam" and value.unique:
                    self._bind_names.pop(id(value), None)  # each VALUES has binds of its own
        rows = ", ".join([self.values_row_text(row) for row in node._data])
        self.literal_binds = literally
        return f"VALUES {rows}"

    def values_row_text(self, row: Any) -> str:
        """Return a row of VALUES."""
        return f"({self.visit_all(row)})"

    def visit_scalar_values(self, node: Any) -> str:
        return f"({self.visit(node.element)})"

    def values_from_text(self, node: Any) -> str:
        """Return VALUES as FROM introduces it."""
        lateral = "LATERAL " if node.is_lateral else ""
        text = f"{lateral}({self.visit(node)})"
        if node.name is None:
            return text
        return f"{text} AS {self.quote(node.name)} ({self.values_columns_text(node)})"

    def values_columns_text(self, node: Any) -> str:
        """Return the names of the columns of VALUES."""
        return ", ".join([self.quote(column.name) for column in node.columns])
