"""Places: the databases that the workloads run on, each reached through one driver."""

from __future__ import annotations

import importlib

from bench.sizes import Sizes

from .place import Place as Place

_MODULES = {
    "sqlite": "sqlite",
    "psycopg": "postgresql",
    "asyncpg": "postgresql",
    "mysqldb": "mysql",
    "pymysql": "mysql",
}
SERVED = tuple(name for name in _MODULES if name != "sqlite")


def place_class(name: str) -> type[Place]:
    """The kind of place that a driver's name stands for."""
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    found: type[Place] = module.PLACES[name]
    return found


def place_of(name: str, sizes: Sizes, address: str = "") -> Place:
    """The place of a driver's name; `address` is the URL of a database that is the contestant's."""
    return place_class(name)(sizes, address)
