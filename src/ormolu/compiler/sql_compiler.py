"""The compiler of statements: what all databases have in common."""

from __future__ import annotations

import re
from typing import Any

from ormolu.compiler.dml import DMLCompiler
from ormolu.compiler.selects import SelectCompiler
from ormolu.sql.text import BIND

__all__ = ["SQLCompiler"]

_ESCAPED_COLON = re.compile(r"\\([:])")


class SQLCompiler(DMLCompiler, SelectCompiler):
    """Compiles statements and expressions. A dialect subclasses it and states its differences."""

    def visit_textclause(self, node: Any) -> str:
        named = {bind.key: bind for bind in node._bindparams}
        text = BIND.sub(lambda found: self._bind_text(named[found.group(1)]), node.text)
        return _ESCAPED_COLON.sub(r"\1", text)

    def _bind_text(self, bind: Any) -> str:
        """Return a bind of hand-written SQL; a list brings its parentheses."""
        return self.in_list(bind, False) if bind.expanding else self.visit(bind)
