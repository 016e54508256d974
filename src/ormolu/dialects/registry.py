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

__all__ = ["load", "register"]


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

# What other libraries call a database: their driver's module, the name that reaches the same
# database here, and the extra that installs its driver.
_ELSEWHERE: dict[str, tuple[str, str, str]] = {
    "postgresql+psycopg2": ("psycopg2", "postgresql+psycopg", "postgresql"),
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
        elsewhere = _ELSEWHERE.get(name)
        if elsewhere is not None:
            _refuse(name, *elsewhere)
        known = ", ".join(sorted(_DIALECTS))
        raise NoSuchModuleError(
            f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: "
            f"the names known here are {known}"
        )
    module, _, attribute = path.partition(":")
    found: type[Dialect] = getattr(importlib.import_module(module), attribute)
    return found


def _refuse(name: str, driver: str, instead: str, extra: str) -> NoReturn:
    """Say what to write instead of a name that other libraries have.

    :raises ModuleNotFoundError: its driver is not installed either.
    :raises NoSuchModuleError: it is.
    """
    advice = f"write '{instead}://…', whose driver comes with: pip install \"ormolu[{extra}]\""
    if importlib.import_module("importlib.util").find_spec(driver) is None:
        raise ModuleNotFoundError(
            f"No module named {driver!r}, which ormolu has no use for; {advice}", name=driver
        )
    raise NoSuchModuleError(
        f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: "
        f"ormolu has no use for {driver!r}; {advice}"
    )
