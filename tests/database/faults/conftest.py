"""A site per driver: each fault is tested through each driver that it applies to."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from faulty import Site

from backends import BACKENDS, SERVERS

LONGEST = 60 + int(os.environ.get("ORMOLU_CANCELLATIONS", "0")) // 5
SERVED = [name for name, backend in BACKENDS.items() if backend.server != "sqlite"]


def traits(name: str) -> set[str]:
    """What a mark may ask of a driver."""
    backend = BACKENDS[name]
    found = {backend.server, "async" if backend.is_async else "blocking"}
    if backend.package == "psycopg":
        found.add("libpq")
    elif backend.package != "aiomysql":
        found.add("limited")  # it has an option that limits the wait for an answer
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that wants a site once for each driver; its marks may narrow them."""
    if "site" not in metafunc.fixturenames:
        return
    marks = list(metafunc.definition.iter_markers("drivers"))
    wanted = {word for mark in marks for word in mark.args}
    names = [name for name in SERVED if wanted <= traits(name)]
    marked = [pytest.param(name, marks=pytest.mark.backend(name)) for name in names]
    metafunc.parametrize("site", marked, indirect=True)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that narrows the drivers."""
    config.addinivalue_line("markers", "drivers(*traits): as of ``traits()``, all of them")


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    """A test that hangs fails: that nothing hangs is what most of them are about."""

    def give_up(*_: object) -> None:
        raise AssertionError(f"this hangs: more than {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def site(request: pytest.FixtureRequest, private_servers: Any) -> Iterator[Site]:
    """A driver and a private server, with the table made."""
    backend = BACKENDS[request.param]
    site = Site(backend, private_servers.ready(SERVERS[backend.server]))
    site.create()
    yield site
    site.close()
