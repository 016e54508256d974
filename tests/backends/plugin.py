"""The fixtures that give tests a database, and the hooks that decide what runs.

Every worker has a database of its own on each server, empty at the start of every test. Servers
that a test may kill are the worker's own as well.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ormolu.testing.servers import (
    DatabaseServer,
    MySQLFamilyServer,
    PostgreSQLServer,
    Proxy,
    Server,
)

from .broker import Desk, Servers, Source, Visitor, missing_driver
from .catalogue import (
    BACKENDS,
    MYSQL,
    POSTGRESQL,
    SQLITE,
    VARIABLES,
    WITHOUT,
    unknown_names,
    with_driver,
)
from .databases import OWN_DATABASES, POSTGRESQL_LEFT, OwnDatabase
from .programs import MySQLOfTheRun
from .report import BACKEND, MISSING, Report

ServerT = TypeVar("ServerT", bound=Server)

_FIXTURES = {
    "postgresql_url": POSTGRESQL,
    "private_postgresql": POSTGRESQL,
    "mysql_url": MYSQL,
    "private_mysql": MYSQL,
}
_source = pytest.StashKey[Source]()
_desk = pytest.StashKey[Desk]()
_servers = pytest.StashKey[Servers]()
_without = pytest.StashKey[frozenset[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--without``."""
    parser.addoption(
        "--without",
        action="append",
        default=[],
        metavar="NAME",
        help="leave out the tests of a server (postgresql, mysql) or of a backend "
        f"(postgresql+asyncpg, ...); may be repeated. Also: {WITHOUT}=NAME,NAME",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say where servers come from: this process, or the one that started this worker."""
    config.addinivalue_line("markers", "backend(name): the backend that the test runs on")
    named = [*config.getoption("--without"), *os.environ.get(WITHOUT, "").split(",")]
    without = frozenset(part for name in named for part in name.split(",") if part)
    if unknown := unknown_names(without):
        known = ", ".join([*VARIABLES, *BACKENDS])
        raise pytest.UsageError(f"no backend to leave out: {', '.join(unknown)} (of {known})")
    config.stash[_without] = without
    ticket = getattr(config, "workerinput", {}).get("servers")
    if ticket is not None:
        config.stash[_source] = Visitor(ticket)
        return
    servers = Servers()
    config.stash[_source] = config.stash[_servers] = servers
    config.pluginmanager.register(Report(config, servers, without), "backends-report")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where to ask for servers."""
    stash = node.config.stash
    if _desk not in stash:
        stash[_desk] = Desk(stash[_servers])
    node.workerinput["servers"] = stash[_desk].ticket


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers that this process started."""
    if _desk in config.stash:
        config.stash[_desk].close()
    if _servers in config.stash:
        config.stash[_servers].close()


def _names(item: pytest.Item) -> set[str]:
    """Return the backends and servers that a test is known to need."""
    names = set(_marked(item))
    names |= {server for name, server in _FIXTURES.items() if name in _fixture_names(item)}
    if (callspec := getattr(item, "callspec", None)) and "backend_url" in callspec.params:
        names.add(callspec.params["backend_url"])
    if item.path.parent.parent.name == "database" and item.path.parent.name in VARIABLES:
        names.add(item.path.parent.name)
    return names | {BACKENDS[name].server for name in names if name in BACKENDS}


def _marked(item: pytest.Item) -> list[str]:
    return [mark.args[0] for mark in item.iter_markers("backend")]


def _fixture_names(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is left out, and have the servers that the rest needs started meanwhile."""
    without = config.stash[_without]
    needed: set[str] = set()
    kept, dropped = [], []
    for item in items:
        names = _names(item)
        if "backend_url" not in _fixture_names(item):
            item.user_properties += [(BACKEND, name) for name in _marked(item)]
        (dropped if names & without else kept).append(item)
        needed |= set() if names & without else names
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept
    servers = sorted(needed & VARIABLES.keys())
    if servers and not config.option.collectonly:
        config.stash[_source].prepare(servers)


class Databases:
    """This worker's own databases, made when they are first asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        run = getattr(config, "workerinput", {}).get("testrunuid") or secrets.token_hex(3)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self._name = f"ormolu_{run[:6]}_{worker}"
        self._own: dict[str, OwnDatabase] = {}
        self._missing: dict[str, str] = {}

    def take(self, request: pytest.FixtureRequest, server: str, backend: str) -> OwnDatabase:
        """Return the database on a server, and note what the test runs on."""
        if {server, backend} & self._config.stash[_without]:
            pytest.skip(f"{backend} is left out, as asked for")
        request.node.user_properties.append((BACKEND, backend))
        if backend in BACKENDS:
            _, _, module, package, _ = BACKENDS[backend]
            self._demand(request, backend, missing_driver(module, package))
        if server not in self._own:
            address = self._config.stash[_source].address(server)
            self._demand(request, server, None if address.url else address.says)
            self._own[server] = OWN_DATABASES[server](address.url, self._name)
        return self._own[server]

    def _demand(self, request: pytest.FixtureRequest, name: str, missing: str | None) -> None:
        """Fail the first test that lacks something; the others would only repeat it."""
        if missing is None:
            return
        request.node.user_properties.append((MISSING, f"{name}: {missing}"))
        if name in self._missing:
            pytest.skip(f"{name} is missing; the run fails")
        self._missing[name] = missing
        pytest.fail(f"{name} is missing. {missing}", pytrace=False)

    def clean(self) -> None:
        """Drop all that is in the databases."""
        for database in self._own.values():
            database.clean()

    def close(self) -> None:
        """Drop the databases."""
        for database in self._own.values():
            database.drop()


@pytest.fixture(scope="session")
def own_databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """This worker's databases."""
    databases = Databases(request.config)
    yield databases
    databases.close()


def _own_url(request: pytest.FixtureRequest, databases: Databases, server: str) -> Iterator[str]:
    database = databases.take(request, server, server)
    yield database.url
    database.clean()


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, own_databases: Databases) -> Iterator[str]:
    """The URL of an empty PostgreSQL database; what the test makes in it is dropped afterwards."""
    yield from _own_url(request, own_databases, POSTGRESQL)


@pytest.fixture
def mysql_url(request: pytest.FixtureRequest, own_databases: Databases) -> Iterator[str]:
    """The URL of an empty MySQL or MariaDB database; what the test makes in it is dropped.

    So are other databases, if their names begin with this one's and an underscore.
    """
    yield from _own_url(request, own_databases, MYSQL)


@pytest.fixture
def backend_url(
    request: pytest.FixtureRequest, own_databases: Databases, tmp_path: Path
) -> Iterator[str]:
    """The URL of an empty database on the backend that the parameter or the mark names."""
    name = getattr(request, "param", None)
    if name is None:
        mark = request.node.get_closest_marker("backend")
        assert mark is not None, "parametrize backend_url indirectly, or mark the test: backend"
        name = mark.args[0]
    backend = BACKENDS[name]
    if backend.server == SQLITE:
        request.node.user_properties.append((BACKEND, name))
        yield f"{name}:///{tmp_path / 'test.db'}"
        return
    database = own_databases.take(request, backend.server, name)
    yield with_driver(database.url, name)
    database.clean()


@pytest.fixture
def empty_database(own_databases: Databases) -> Callable[[], None]:
    """A function that drops all that is in the test's databases, in the middle of the test."""
    return own_databases.clean


class PrivateServers:
    """Servers of this worker's own, kept from test to test and mended between them."""

    def __init__(self) -> None:
        self._servers: dict[type[DatabaseServer], DatabaseServer] = {}

    def ready(self, cls: type[ServerT]) -> ServerT:
        """Return the server, running and empty, whatever the last test did to it."""
        if cls not in self._servers:
            self._servers[cls] = cls()  # type: ignore[index, assignment]
        server: Any = self._servers[cls]  # type: ignore[index]
        server.resume()
        server.start()
        _empty(server)
        return server

    def close(self) -> None:
        """End the servers."""
        for server in self._servers.values():
            server.close()


def _empty(server: DatabaseServer) -> None:
    if isinstance(server, PostgreSQLServer):
        left = [row[0] for row in server.execute(POSTGRESQL_LEFT)]
        for statement in left:
            server.execute(statement)
        if left:
            server.execute("CREATE SCHEMA IF NOT EXISTS public")
    elif server.execute("SHOW TABLES", database="test"):
        server.execute("DROP DATABASE test; CREATE DATABASE test CHARACTER SET utf8mb4")


@pytest.fixture(scope="session")
def private_servers() -> Iterator[PrivateServers]:
    """This worker's private servers."""
    servers = PrivateServers()
    yield servers
    servers.close()


@pytest.fixture
def private_postgresql(
    request: pytest.FixtureRequest, private_servers: PrivateServers
) -> PostgreSQLServer:
    """A PostgreSQL server that the test may kill, stop, pause or restart; it runs, and is empty."""
    request.node.user_properties.append((BACKEND, POSTGRESQL))
    return private_servers.ready(PostgreSQLServer)


@pytest.fixture
def private_mysql(
    request: pytest.FixtureRequest, private_servers: PrivateServers
) -> MySQLFamilyServer:
    """A MariaDB or MySQL that the test may kill, stop, pause or restart; it runs, and is empty."""
    request.node.user_properties.append((BACKEND, MYSQL))
    return private_servers.ready(MySQLOfTheRun)


@pytest.fixture
def start_server() -> Iterator[Callable[..., Any]]:
    """A factory: ``start_server(PostgreSQLServer, settings={...})``; closed after the test."""
    started: list[Server] = []

    def start(cls: type[ServerT], *args: Any, **options: Any) -> ServerT:
        server = cls(*args, **options)
        started.append(server)
        return server.start()

    yield start
    for server in reversed(started):
        server.close()


@pytest.fixture
def start_proxy() -> Iterator[Callable[..., Proxy]]:
    """A factory: ``start_proxy(server)``; closed after the test."""
    started: list[Proxy] = []

    def start(target: Any) -> Proxy:
        started.append(Proxy(target))
        return started[-1]

    yield start
    for proxy in started:
        proxy.close()
