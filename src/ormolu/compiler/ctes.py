"""Compiling common table expressions: which WITH a definition stands in, and in what order.

A CTE is written when it is first met, in the middle of some statement, and its definition is kept
for the front: of the whole statement, or, when it is a *nesting* one, of the statement that it was
met in. Each statement that may have a WITH of its own is a :class:`Scope`; the first in
the stack of scopes is the whole statement.
"""

from __future__ import annotations

from typing import Any

from ormolu.compiler.compiled import ResultColumn
from ormolu.compiler.expressions import ungrouped
from ormolu.compiler.froms import FromCompiler
from ormolu.exc import CompileError
from ormolu.sql.naming import name_columns

__all__ = ["CTECompiler", "Scope"]


class Scope:
    """One WITH: its definitions by the id() of their CTE, in order, and its CTEs by name."""

    __slots__ = ("names", "recursive", "texts")

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.names: dict[str, Any] = {}
        self.recursive = False


class CTECompiler(FromCompiler):
    """The WITH half of the statement compiler."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scopes: list[Scope] = [Scope()]
        #: the columns of the rows that the outermost statement gives
        self.result: tuple[ResultColumn, ...] = ()

    def visit_cte(self, node: Any) -> str:
        """Return the name of a CTE, keeping its definition when it is first met."""
        return self.cte_name(node, 0 if not node.nesting else len(self.scopes) - 1)

    def cte_name(self, node: Any, place: int) -> str:
        """Return the name of a CTE that belongs into the WITH of the scope at ``place``.

        :raises CompileError: when another CTE there has the name.
        """
        name = self.quote(node.name)
        for scope in reversed(self.scopes):
            if id(node) in scope.texts:
                return name
            known = scope.names.get(name)
            if known is not None and known._restates is node:
                return name  # the part of a recursive CTE that it refers to
        scope = self.scopes[place]
        known = scope.names.get(name)
        if known is not None:
            if node._restates is not known:
                raise CompileError(
                    f"Multiple, unrelated CTEs found with the same name: {name!r}: name them apart"
                )
            scope.texts.pop(id(known), None)
        scope.names[name] = node
        scope.texts[id(node)] = ""  # inside its own definition a CTE is only a name
        definition = self._definition(node, name, place)
        del scope.texts[id(node)]  # those that it needs stand before it
        scope.texts[id(node)] = definition
        return name

    def _definition(self, node: Any, name: str, place: int) -> str:
        element = ungrouped(node.element)
        if node.recursive:
            self.scopes[place].recursive = True
        if node.recursive or getattr(element, "name_cte_columns", False):
            name += f"({self.cte_columns_text(element)})"
        levels, self.levels = self.levels, []
        scopes, self.scopes = self.scopes, self.scopes[: place + 1]
        result = self.result
        body = self.nested_text(element, in_from=True)
        self.levels, self.scopes, self.result = levels, scopes, result
        return f"{name} AS {self.before_text(node)}\n({body}){self.after_text(node)}"

    def before_text(self, owner: Any) -> str:
        """Return the prefixes of a statement or CTE, with a space after each."""
        prefixes = self.for_dialect(owner.prefixes, owner.prefix_dialects)
        return "".join([f"{self.visit(prefix)} " for prefix in prefixes])

    def after_text(self, owner: Any) -> str:
        """Return the suffixes of a statement or CTE, with a space before all and after each."""
        if not owner.suffixes:
            return ""
        suffixes = self.for_dialect(owner.suffixes, owner.suffix_dialects)
        return " " + "".join([f"{self.visit(suffix)} " for suffix in suffixes])

    def cte_columns_text(self, element: Any) -> str:
        """Return the names of the columns of a CTE."""
        if element.__visit_name__ == "values":
            return self.values_columns_text(element)
        if hasattr(element, "named_columns"):
            named_columns = element.named_columns()
        else:
            named_columns = name_columns(element._selected)
        return ", ".join([self.quote(named.name) for named in named_columns])

    def add_ctes(self, ctes: Any, nested: Any) -> None:
        """Write the CTEs of ``add_cte()``; ``nested`` says of each whether it stays here."""
        for cte, here in zip(ctes, nested, strict=True):
            if here:
                self.cte_name(cte, len(self.scopes) - 1)
            else:
                self.visit(cte)

    def nested_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        self.scopes.append(Scope())
        text = super().nested_text(node, in_from=in_from, lateral=lateral)
        return self.with_clause(self.scopes.pop()) + text

    def with_clause(self, scope: Scope) -> str:
        """Return the WITH of a scope, with a line break and a space after it."""
        if not scope.texts:
            return ""
        word = "WITH RECURSIVE " if scope.recursive else "WITH "
        return word + ", \n".join(scope.texts.values()) + "\n "

    def with_text(self) -> str:
        """Return the WITH clause of the whole statement."""
        return self.with_clause(self.scopes[0])
