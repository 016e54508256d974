"""SQLite: dialect and types. https://www.sqlite.org/lang.html"""

from ormolu.dialects.sqlite.dialect import AsyncSQLiteDialect, SQLiteDialect
from ormolu.dialects.sqlite.types import DATE, DATETIME, JSON, TIME

dialect = SQLiteDialect

__all__ = [
    "DATE",
    "DATETIME",
    "JSON",
    "TIME",
    "AsyncSQLiteDialect",
    "SQLiteDialect",
    "dialect",
]
