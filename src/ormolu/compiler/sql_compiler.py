"""The compiler of statements: what all databases have in common."""

from __future__ import annotations

import re
from typing import Any

from ormolu.compiler.custom import custom_function
from ormolu.compiler.dml import DMLCompiler
from ormolu.compiler.lowering import lower
from ormolu.compiler.selects import SelectCompiler
from ormolu.sql.text import BIND

__all__ = ["SQLCompiler"]

_ESCAPED_COLON = re.compile(r"\\([:])")


class SQLCompiler(DMLCompiler, SelectCompiler):
    """Compiles statements and expressions. A dialect subclasses it and states its differences."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        #: the SELECT that a function of @compiles hands back stands in FROM or in a CTE
        self._custom_in_from = False

    def statement_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        if custom_function(type(node), None) is None:
            return super().statement_text(node, in_from=in_from, lateral=lateral)
        include, self.include_table = self.include_table, True
        self._custom_in_from = in_from
        text = self.visit(node)
        self._custom_in_from = False
        self.include_table = include
        return text

    def visit_select(self, node: Any) -> str:
        in_from, self._custom_in_from = self._custom_in_from, False
        return self.select_text(node, in_from=in_from)

    def process(self, node: Any, **options: Any) -> str:
        """Return the text of an element, as functions of ``@compiles`` call it.

        :param options: ``literal_binds`` writes values into the text, ``asfrom`` introduces a FROM
            element, ``include_table`` says whether columns have their table's name; others, which
            compile functions hand on, change nothing.
        """
        literal, include = self.literal_binds, self.include_table
        self.literal_binds = options.get("literal_binds", literal)
        self.include_table = options.get("include_table", include)
        try:
            if isinstance(node, tuple):
                return self.visit_all(node)
            if options.get("asfrom") and hasattr(node, "_all_from_columns"):
                return self.from_text(node)
            return self.visit(node)
        finally:
            self.literal_binds, self.include_table = literal, include

    def visit_textclause(self, node: Any) -> str:
        named = {bind.key: bind for bind in node._bindparams}
        text = BIND.sub(lambda found: self._bind_text(named[found.group(1)]), node.text)
        return _ESCAPED_COLON.sub(r"\1", text)

    def _bind_text(self, bind: Any) -> str:
        """Return a bind of hand-written SQL; a list brings its parentheses."""
        return self.in_list(bind, False) if bind.expanding else self.visit(bind)

    def visit_tstring(self, node: Any) -> str:
        """A template string: its texts, and the elements between them."""
        return "".join([self._template_part(part) for part in node.parts])

    def _template_part(self, part: Any) -> str:
        return self.from_text(part) if hasattr(part, "_all_from_columns") else self.visit(part)

    def visit_lambda_element(self, node: Any) -> str:
        return self.visit(lower(node._resolved))

    def visit_savepoint(self, node: Any) -> str:
        return f"SAVEPOINT {self.quote(node.ident)}"

    def visit_rollback_to_savepoint(self, node: Any) -> str:
        return f"ROLLBACK TO SAVEPOINT {self.quote(node.ident)}"

    def visit_release_savepoint(self, node: Any) -> str:
        return f"RELEASE SAVEPOINT {self.quote(node.ident)}"
