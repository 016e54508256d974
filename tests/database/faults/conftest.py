"""A site per driver: each fault is tested through each driver that it applies to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from faulty import Site

from backends import BACKENDS
from ormolu.testing.servers import MariaDBServer, PostgreSQLServer

SERVED = [name for name, backend in BACKENDS.items() if backend.server != "sqlite"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that wants a site once for each driver; its marks may narrow them."""
    if "site" not in metafunc.fixturenames:
        return
    mark: Any = metafunc.definition.get_closest_marker("drivers")
    wanted = mark.args[0] if mark else ""
    names = [
        name
        for name in SERVED
        if (BACKENDS[name].is_async or wanted != "async")
        and (not BACKENDS[name].is_async or wanted != "blocking")
        and (wanted not in ("postgresql", "mysql") or BACKENDS[name].server == wanted)
    ]
    marked = [pytest.param(name, marks=pytest.mark.backend(name)) for name in names]
    metafunc.parametrize("site", marked, indirect=True)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that narrows the drivers."""
    config.addinivalue_line("markers", "drivers(which): async, blocking, postgresql or mysql")


@pytest.fixture
def site(request: pytest.FixtureRequest, private_servers: Any) -> Iterator[Site]:
    """A driver and a private server, with the table made."""
    backend = BACKENDS[request.param]
    cls = PostgreSQLServer if backend.server == "postgresql" else MariaDBServer
    site = Site(backend, private_servers.ready(cls))
    site.create()
    yield site
    site.close()
