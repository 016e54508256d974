"""SQLite: dialect and types. https://www.sqlite.org/lang.html"""

from ormolu.dialects.sqlite.dialect import AsyncSQLiteDialect, SQLiteDialect
from ormolu.dialects.sqlite.dml import Insert, insert
from ormolu.dialects.sqlite.types import DATE, DATETIME, JSON, JSONB, TIME
from ormolu.types import (
    BLOB,
    BOOLEAN,
    CHAR,
    DECIMAL,
    FLOAT,
    INTEGER,
    NUMERIC,
    REAL,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    VARCHAR,
)

dialect = SQLiteDialect

__all__ = [
    "BLOB",
    "BOOLEAN",
    "CHAR",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "FLOAT",
    "INTEGER",
    "JSON",
    "JSONB",
    "NUMERIC",
    "REAL",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "VARCHAR",
    "AsyncSQLiteDialect",
    "Insert",
    "SQLiteDialect",
    "dialect",
    "insert",
]
