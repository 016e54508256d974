"""Dialects by name, loaded on first use.

``"sqlite+aiosqlite"`` names a dialect and a driver; ``"sqlite"`` takes the dialect's usual
driver. The
table holds strings, so that importing ormolu imports no dialect and no driver. A third party adds
its own with :func:`register`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple

from ormolu.exc import NoSuchModuleError

if TYPE_CHECKING:
    from ormolu.dialects.base import Dialect

__all__ = ["load", "register"]


class _Announced(NamedTuple):
    """A database that ormolu knows by name: the driver's module and the extra that installs it."""

    module: str
    extra: str


_DIALECTS: dict[str, str] = {
    "sqlite": "ormolu.dialects.sqlite.dialect:SQLiteDialect",
    "sqlite+pysqlite": "ormolu.dialects.sqlite.dialect:SQLiteDialect",
    "sqlite+aiosqlite": "ormolu.dialects.sqlite.dialect:AsyncSQLiteDialect",
}

_ANNOUNCED: dict[str, _Announced] = {
    "postgresql": _Announced("psycopg", "postgresql"),
    "postgresql+psycopg": _Announced("psycopg", "postgresql"),
    "postgresql+psycopg2": _Announced("psycopg2", "postgresql"),
    "postgresql+asyncpg": _Announced("asyncpg", "postgresql"),
    "mysql": _Announced("pymysql", "mysql"),
    "mysql+pymysql": _Announced("pymysql", "mysql"),
    "mysql+mysqldb": _Announced("MySQLdb", "mysql"),
    "mysql+asyncmy": _Announced("asyncmy", "mysql"),
    "mysql+aiomysql": _Announced("aiomysql", "mysql"),
    "mariadb": _Announced("pymysql", "mysql"),
    "mariadb+pymysql": _Announced("pymysql", "mysql"),
    "mariadb+mysqldb": _Announced("MySQLdb", "mysql"),
    "mariadb+asyncmy": _Announced("asyncmy", "mysql"),
    "mariadb+aiomysql": _Announced("aiomysql", "mysql"),
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
            _refuse(name, announced)
        known = ", ".join(sorted(_DIALECTS))
        raise NoSuchModuleError(
            f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: "
            f"the names known here are {known}"
        )
    module, _, attribute = path.partition(":")
    found: type[Dialect] = getattr(importlib.import_module(module), attribute)
    return found


def _refuse(name: str, announced: _Announced) -> None:
    """Say what stands between the user and this database."""
    if importlib.import_module("importlib.util").find_spec(announced.module) is None:
        raise ModuleNotFoundError(
            f"No module named {announced.module!r}: the driver of {name!r} is not installed. "
            f'Install it with: pip install "ormolu[{announced.extra}]"',
            name=announced.module,
        )
    raise NoSuchModuleError(
        f"Can't load plugin: ormolu.dialects:{name.replace('+', '.')}: the driver "
        f"{announced.module!r} is installed, but this version of ormolu has no dialect for "
        f"{name!r} yet"
    )
