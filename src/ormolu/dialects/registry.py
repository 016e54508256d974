"""Dialects by name, loaded on first use.

``"sqlite+aiosqlite"`` names a dialect and a driver; ``"sqlite"`` takes the dialect's usual
driver. The
table holds strings, so that importing ormolu imports no dialect and no driver. A third party adds
its own with :func:`register`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ormolu.exc import NoSuchModuleError

if TYPE_CHECKING:
    from ormolu.dialects.base import Dialect

__all__ = ["load", "register"]


_DIALECTS: dict[str, str] = {
    "sqlite": "ormolu.dialects.sqlite.dialect:SQLiteDialect",
    "sqlite+pysqlite": "ormolu.dialects.sqlite.dialect:SQLiteDialect",
    "sqlite+aiosqlite": "ormolu.dialects.sqlite.dialect:AsyncSQLiteDialect",
}

# Databases that ormolu knows by name: the driver's module, and the extra that installs it.
_ANNOUNCED: dict[str, tuple[str, str]] = {
    "postgresql": ("psycopg", "postgresql"),
    "postgresql+psycopg": ("psycopg", "postgresql"),
    "postgresql+psycopg2": ("psycopg2", "postgresql"),
    "postgresql+asyncpg": ("asyncpg", "postgresql"),
    "mysql": ("pymysql", "mysql"),
    "mysql+pymysql": ("pymysql", "mysql"),
    "mysql+mysqldb": ("MySQLdb", "mysql"),
    "mysql+asyncmy": ("asyncmy", "mysql"),
    "mysql+aiomysql": ("aiomysql", "mysql"),
    "mariadb": ("pymysql", "mysql"),
    "mariadb+pymysql": ("pymysql", "mysql"),
    "mariadb+mysqldb": ("MySQLdb", "mysql"),
    "mariadb+asyncmy": ("asyncmy", "mysql"),
    "mariadb+aiomysql": ("aiomysql", "mysql"),
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
            _refuse(name, *announced)
        known = ", ".join(sorted(_DIALECTS))
        raise NoSuchModuleError(
            f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: "
            f"the names known here are {known}"
        )
    module, _, attribute = path.partition(":")
    found: type[Dialect] = getattr(importlib.import_module(module), attribute)
    return found


def _refuse(name: str, driver: str, extra: str) -> None:
    """Say what stands between the user and this database."""
    if importlib.import_module("importlib.util").find_spec(driver) is None:
        raise ModuleNotFoundError(
            f"No module named {driver!r}: the driver of {name!r} is not installed. "
            f'Install it with: pip install "ormolu[{extra}]"',
            name=driver,
        )
    raise NoSuchModuleError(
        f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: the driver "
        f"{driver!r} is installed, but this version of ormolu has no dialect for "
        f"{name!r} yet"
    )
