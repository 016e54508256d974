"""Suites that run through each of the four drivers, sync and async, from one text."""

from __future__ import annotations

from typing import Any

import pytest

from backends import BACKENDS, MySQLTarget
from ormolu import TextClause, text
from ormolu.engine import Engine
from ormolu.testing.conformance import Database, Suite

DRIVERS = ("mysql+mysqldb", "mysql+pymysql", "mysql+asyncmy", "mysql+aiomysql")


def on_mariadb(engine: Engine) -> bool:
    """Whether the server, which the engine has met, is MariaDB."""
    mariadb: bool = engine.dialect.is_mariadb
    return mariadb


def through_each(*suites: type[Suite], drivers: tuple[str, ...] = DRIVERS) -> dict[str, Any]:
    """Return a test class per suite and driver, by name, for the ``globals()`` of a module."""
    classes: dict[str, Any] = {}
    for suite in suites:
        for driver in drivers:
            name = f"Test{suite.__name__.removesuffix('Suite')}_{driver.partition('+')[2]}"
            body = {
                "__module__": suite.__module__,
                "is_async": BACKENDS[driver].is_async,
                "pytestmark": [pytest.mark.backend(driver)],
            }
            classes[name] = type(name, (MySQLTarget, suite), body)
    return classes


def level_question(db: Database) -> TextClause:
    """What asks for the session's isolation level, once the database's server is known."""
    mariadb = db.engine.dialect.is_mariadb  # type: ignore[attr-defined]
    return text(f"SELECT @@session.{'tx' if mariadb else 'transaction'}_isolation")
