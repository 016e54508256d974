"""The folder's helpers are imported by name; hypothesis runs the same examples every time."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from backends.catalogue import MYSQL
from backends.databases import ask, connect
from ormolu.engine.url import make_url

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=150,
)
settings.register_profile(
    "search", parent=settings.get_profile("repeatable"), derandomize=False, max_examples=3000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture
def mysql_databases(mysql_url: str) -> Iterator[Callable[[], str]]:
    """Gives empty databases, which are dropped with the first."""
    url, numbers = make_url(mysql_url), itertools.count(1)
    connection = connect(MYSQL, mysql_url)

    def empty() -> str:
        name = f"{url.database}_{next(numbers)}"
        ask(connection, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return url.set(database=name).render_as_string(hide_password=False)

    yield empty
    connection.close()
