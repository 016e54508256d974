"""The servers that places are on: private ones, or those that the environment names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from bench.places import place_class
from bench.places.served import Served
from ormolu.testing.servers import DatabaseServer, MariaDBServer, PostgreSQLServer


class Host(NamedTuple):
    """A server: the URL of a database there, and the process's number of a private one."""

    url: str
    process: int | None


_PRIVATE: dict[str, tuple[str, type[DatabaseServer]]] = {
    "postgresql": ("ORMOLU_TEST_POSTGRESQL", PostgreSQLServer),
    "mysql": ("ORMOLU_TEST_MYSQL", MariaDBServer),
}
KINDS = tuple(_PRIVATE)


def _served(driver: str) -> type[Served]:
    kind = place_class(driver)
    assert issubclass(kind, Served), driver
    return kind


def kind_of(driver: str) -> str:
    """Which of the kinds of servers a driver is for."""
    return _served(driver).scheme.partition("+")[0]


@contextlib.contextmanager
def host(kind: str) -> Iterator[Host]:
    """A server of a kind, while the block runs."""
    variable, private = _PRIVATE[kind]
    if given := os.environ.get(variable):
        yield Host(given, None)
        return
    with private() as server:
        yield Host(server.url(), server.pid)


@contextlib.contextmanager
def database(driver: str, url: str, name: str) -> Iterator[str]:
    """The URL of a new database on a server, dropped after the block."""
    kind, name = _served(driver), f"ormolu_bench_{name}"
    address = kind.make_database(url, name)
    try:
        yield address
    finally:
        kind.drop_database(url, name)
