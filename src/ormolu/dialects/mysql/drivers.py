"""The dialects of the drivers that a URL may name: ``mysql+pymysql://``, ``mariadb+asyncmy://``.

They differ in the driver alone; the SQL is the same. A URL without a driver's name has the dialects
of `ormolu.dialects.mysql.dialect`, which take mysqlclient, or PyMySQL where that isn't installed.
"""

from __future__ import annotations

from ormolu.dialects.mysql.dialect import MariaDBDialect, MySQLDialect

__all__ = [
    "Aiomysql",
    "Asyncmy",
    "MariaDBAiomysql",
    "MariaDBAsyncmy",
    "MariaDBMySQLdb",
    "MariaDBPyMySQL",
    "MySQLdb",
    "PyMySQL",
]


class MySQLdb(MySQLDialect):
    """MySQL through mysqlclient."""

    install = "mysqlclient"
    second_choice = None


class PyMySQL(MySQLDialect):
    """MySQL through PyMySQL."""

    driver = "pymysql"
    adapter = "ormolu.dialects.mysql.pymysql_driver"
    second_choice = None


class Asyncmy(MySQLDialect):
    """MySQL through asyncmy."""

    driver = "asyncmy"
    adapter = "ormolu.dialects.mysql.asyncmy_driver"
    is_async = True
    second_choice = None


class Aiomysql(MySQLDialect):
    """MySQL through aiomysql."""

    driver = "aiomysql"
    install = "aiomysql"
    adapter = "ormolu.dialects.mysql.aiomysql_driver"
    is_async = True
    second_choice = None


class MariaDBMySQLdb(MariaDBDialect, MySQLdb):
    """MariaDB through mysqlclient."""


class MariaDBPyMySQL(MariaDBDialect, PyMySQL):
    """MariaDB through PyMySQL."""


class MariaDBAsyncmy(MariaDBDialect, Asyncmy):
    """MariaDB through asyncmy."""


class MariaDBAiomysql(MariaDBDialect, Aiomysql):
    """MariaDB through aiomysql."""
