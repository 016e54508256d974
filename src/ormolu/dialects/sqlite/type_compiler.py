"""SQLite's types as DDL text."""

from __future__ import annotations

from typing import Any

from ormolu.compiler.types import TypeCompiler

__all__ = ["SQLiteTypeCompiler"]


class SQLiteTypeCompiler(TypeCompiler):
    """Writes types for SQLite."""

    # A column of the plain names has numeric affinity, which would turn a value of digits alone
    # into a number; one with CHAR in its name has text affinity.
    # https://www.sqlite.org/datatype3.html#determination_of_column_affinity

    def visit_DATETIME(self, type_: Any) -> str:
        return _with_affinity("DATETIME", type_)

    def visit_DATE(self, type_: Any) -> str:
        return _with_affinity("DATE", type_)

    def visit_TIME(self, type_: Any) -> str:
        return _with_affinity("TIME", type_)

    def visit_JSONB(self, type_: Any) -> str:
        return "JSONB"


def _with_affinity(word: str, type_: Any) -> str:
    return word if getattr(type_, "format_is_text_affinity", True) else f"{word}_CHAR"
