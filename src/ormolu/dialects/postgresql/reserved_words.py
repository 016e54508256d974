"""The words that PostgreSQL reserves.

https://www.postgresql.org/docs/current/sql-keywords-appendix.html
"""

from __future__ import annotations

from ormolu.compiler.identifiers import RESERVED_WORDS as STANDARD_WORDS

__all__ = ["RESERVED_WORDS"]

RESERVED_WORDS: frozenset[str] = (STANDARD_WORDS - {"set"}) | {
    "current_catalog",
    "current_schema",
    "fetch",
    "of",
    "over",
    "returning",
    "variadic",
    "window",
    "with",
}
