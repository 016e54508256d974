"""Dialects by name, loaded on first use.

``"sqlite+aiosqlite"`` names a dialect and a driver; ``"sqlite"`` takes the dialect's usual
driver. The
table holds strings, so that importing ormolu imports no dialect and no driver. A third party adds
its own with :func:`register`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NoReturn

from ormolu.exc import NoSuchModuleError

if TYPE_CHECKING:
    from ormolu.dialects.base import Dialect

__all__ = ["load", "refuse", "register"]


_DIALECTS: dict[str, str] = {
    "sqlite": "ormolu.dialects.sqlite.dialect:SQLiteDialect",
    "sqlite+pysqlite": "ormolu.dialects.sqlite.dialect:SQLiteDialect",
    "sqlite+aiosqlite": "ormolu.dialects.sqlite.dialect:AsyncSQLiteDialect",
    "postgresql": "ormolu.dialects.postgresql.psycopg:PsycopgDialect",
    "postgresql+psycopg": "ormolu.dialects.postgresql.psycopg:PsycopgDialect",
    "postgresql+psycopg_async": "ormolu.dialects.postgresql.psycopg:AsyncPsycopgDialect",
    "postgresql+asyncpg": "ormolu.dialects.postgresql.asyncpg:AsyncpgDialect",
    "mysql": "ormolu.dialects.mysql.dialect:MySQLDialect",
    "mysql+mysqldb": "ormolu.dialects.mysql.drivers:MySQLdb",
    "mysql+pymysql": "ormolu.dialects.mysql.drivers:PyMySQL",
    "mysql+asyncmy": "ormolu.dialects.mysql.drivers:Asyncmy",
    "mysql+aiomysql": "ormolu.dialects.mysql.drivers:Aiomysql",
    "mariadb": "ormolu.dialects.mysql.dialect:MariaDBDialect",
    "mariadb+mysqldb": "ormolu.dialects.mysql.drivers:MariaDBMySQLdb",
    "mariadb+pymysql": "ormolu.dialects.mysql.drivers:MariaDBPyMySQL",
    "mariadb+asyncmy": "ormolu.dialects.mysql.drivers:MariaDBAsyncmy",
    "mariadb+aiomysql": "ormolu.dialects.mysql.drivers:MariaDBAiomysql",
}

# Databases that ormolu knows by name: the driver's module, and the extra that installs it.
_ANNOUNCED: dict[str, tuple[str, str]] = {
    "postgresql+psycopg2": ("psycopg2", "postgresql"),
}


def register(name: str, path: str) -> None:
    """Make ``path`` (``"package.module:Class"``) the dialect of ``name`` (``"db+driver"``)."""
    _DIALECTS[name.replace(".", "+")] = path


def load(name: str) -> type[Dialect]:
    """Return the dialect class that a URL's scheme names.

    :raises NoSuchModuleError: for a name nobody registered.
    :raises ModuleNotFoundError: for a known database whose driver is not installed; it names the
        package to install.
    """
    path = _DIALECTS.get(name)
    if path is None:
        announced = _ANNOUNCED.get(name)
        if announced is not None:
            refuse(name, *announced)
        known = ", ".join(sorted(_DIALECTS))
        raise NoSuchModuleError(
            f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: "
            f"the names known here are {known}"
        )
    module, _, attribute = path.partition(":")
    found: type[Dialect] = getattr(importlib.import_module(module), attribute)
    return found


def refuse(name: str, driver: str, extra: str) -> NoReturn:
    """Say what stands between the user and a database that ormolu can't connect to.

    :raises ModuleNotFoundError: its driver is not installed.
    :raises NoSuchModuleError: it is, but there is no adapter for it.
    """
    if importlib.import_module("importlib.util").find_spec(driver) is None:
        raise ModuleNotFoundError(
            f"No module named {driver!r}: the driver of {name!r} is not installed. "
            f'Install it with: pip install "ormolu[{extra}]"',
            name=driver,
        )
    raise NoSuchModuleError(
        f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: the driver "
        f"{driver!r} is installed, but this version of ormolu has no dialect for "
        f"{name!r} that connects yet"
    )
