"""Which backends there are: a database, reached through a driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from importlib import metadata
from typing import NamedTuple

from ormolu.engine.url import make_url

POSTGRESQL, MYSQL, SQLITE = "postgresql", "mysql", "sqlite"

VARIABLES = {POSTGRESQL: "ORMOLU_TEST_POSTGRESQL", MYSQL: "ORMOLU_TEST_MYSQL"}
"""Environment variables with the URL of a server to use instead of a private one."""

WITHOUT = "ORMOLU_TEST_WITHOUT"
"""Environment variable with servers and backends to leave out, separated by commas."""


class Backend(NamedTuple):
    """A database and a driver.

    ``name`` is the scheme of its URLs, ``server`` the kind of server (`SQLITE` needs none),
    ``module`` the driver's module and ``package`` the distribution it comes in.
    """

    name: str
    server: str
    module: str
    package: str
    is_async: bool = False

    @property
    def driver_version(self) -> str:
        """The installed driver's version."""
        return sqlite3.sqlite_version if self.package == "" else metadata.version(self.package)


BACKENDS: dict[str, Backend] = {
    backend.name: backend
    for backend in [
        Backend("sqlite", SQLITE, "sqlite3", ""),
        Backend("sqlite+aiosqlite", SQLITE, "aiosqlite", "aiosqlite", is_async=True),
        Backend("postgresql+psycopg", POSTGRESQL, "psycopg", "psycopg"),
        Backend("postgresql+psycopg_async", POSTGRESQL, "psycopg", "psycopg", is_async=True),
        Backend("postgresql+asyncpg", POSTGRESQL, "asyncpg", "asyncpg", is_async=True),
        Backend("mysql+mysqldb", MYSQL, "MySQLdb", "mysqlclient"),
        Backend("mysql+pymysql", MYSQL, "pymysql", "PyMySQL"),
        Backend("mysql+asyncmy", MYSQL, "asyncmy", "asyncmy", is_async=True),
        Backend("mysql+aiomysql", MYSQL, "aiomysql", "aiomysql", is_async=True),
    ]
}


def with_driver(url: str, scheme: str) -> str:
    """Return the URL with another scheme, such as ``postgresql+asyncpg``."""
    return make_url(url).set(drivername=scheme).render_as_string(hide_password=False)


def unknown_names(names: Collection[str]) -> list[str]:
    """Return those of the names that are neither a backend's nor a server's."""
    return sorted(set(names) - BACKENDS.keys() - VARIABLES.keys())
