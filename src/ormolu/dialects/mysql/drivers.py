"""The dialects of the drivers that a URL may name: ``mysql+pymysql://``, ``mariadb+asyncmy://``.

They differ in the driver alone; the SQL is the same.
"""

from __future__ import annotations

from ormolu.dialects.mysql.dialect import MariaDBDialect, MySQLDialect

__all__ = ["Aiomysql", "Asyncmy", "MariaDBAiomysql", "MariaDBAsyncmy", "MariaDBPyMySQL", "PyMySQL"]


class PyMySQL(MySQLDialect):
    """MySQL through PyMySQL."""

    driver = "pymysql"
    driver_module = "pymysql"


class Asyncmy(MySQLDialect):
    """MySQL through asyncmy."""

    driver = "asyncmy"
    driver_module = "asyncmy"
    is_async = True


class Aiomysql(MySQLDialect):
    """MySQL through aiomysql."""

    driver = "aiomysql"
    driver_module = "aiomysql"
    is_async = True


class MariaDBPyMySQL(MariaDBDialect, PyMySQL):
    """MariaDB through PyMySQL."""


class MariaDBAsyncmy(MariaDBDialect, Asyncmy):
    """MariaDB through asyncmy."""


class MariaDBAiomysql(MariaDBDialect, Aiomysql):
    """MariaDB through aiomysql."""
