"""The compiler behind ``str(statement)``: what a reader wants to see, for no database."""

from __future__ import annotations

from ormolu.compiler.sql_compiler import SQLCompiler

__all__ = ["PrintingCompiler"]


class PrintingCompiler(SQLCompiler):
    """Writes hints, which standard SQL has none of, in brackets."""

    def hinted_from_text(self, text: str, hint: str) -> str:
        """Return the text of a FROM element with its hint."""
        return f"{text} [{hint}]"

    def write_hint_text(self, text: str, hint: str) -> str:
        """Return the text of a table that is written to with its hint."""
        return f"{text} [{hint}]"
