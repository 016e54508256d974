"""MySQL and MariaDB: dialects, types, statements. https://dev.mysql.com/doc/refman/8.4/en/"""

from ormolu.dialects.mysql.dialect import MariaDBDialect, MySQLDialect
from ormolu.dialects.mysql.dml import Insert, insert, limit
from ormolu.dialects.mysql.enumerated import ENUM, SET
from ormolu.dialects.mysql.expression import match
from ormolu.dialects.mysql.integers import BIGINT, INTEGER, MEDIUMINT, SMALLINT, TINYINT
from ormolu.dialects.mysql.json import JSON
from ormolu.dialects.mysql.numbers import DECIMAL, DOUBLE, FLOAT, NUMERIC, REAL
from ormolu.dialects.mysql.strings import (
    CHAR,
    LONGBLOB,
    LONGTEXT,
    MEDIUMBLOB,
    MEDIUMTEXT,
    NCHAR,
    NVARCHAR,
    TEXT,
    TINYBLOB,
    TINYTEXT,
    VARCHAR,
)
from ormolu.dialects.mysql.temporal import DATETIME, TIME, TIMESTAMP, YEAR
from ormolu.dialects.mysql.types import BIT, INET4, INET6
from ormolu.types import BINARY, BLOB, BOOLEAN, DATE, VARBINARY

dialect = MySQLDialect

__all__ = [
    "BIGINT",
    "BINARY",
    "BIT",
    "BLOB",
    "BOOLEAN",
    "CHAR",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "ENUM",
    "FLOAT",
    "INET4",
    "INET6",
    "INTEGER",
    "JSON",
    "LONGBLOB",
    "LONGTEXT",
    "MEDIUMBLOB",
    "MEDIUMINT",
    "MEDIUMTEXT",
    "NCHAR",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SET",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TINYBLOB",
    "TINYINT",
    "TINYTEXT",
    "VARBINARY",
    "VARCHAR",
    "YEAR",
    "Insert",
    "MariaDBDialect",
    "MySQLDialect",
    "dialect",
    "insert",
    "limit",
    "match",
]
