"""Programs about bulk work, relationships and sessions, by both libraries on the same servers.

What SQLite never refuses, a server does (a foreign key, a value that is too long): such a program
ends with the same exception on both.
"""

from __future__ import annotations

import gc
import itertools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import programs_bulk
import programs_relationships
import programs_session
import psycopg
import pymysql
import pytest
from library import Library

from ormolu.engine.url import URL, make_url

# Some programs leave a session open, as programs do; its connection may be closed by the garbage
# collector, in whichever of these tests it runs, and psycopg says so.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PROGRAMS = [
    pytest.param(function, id=name.removeprefix("program_"))
    for module in (programs_bulk, programs_relationships, programs_session)
    for name, function in sorted(vars(module).items())
    if name.startswith("program_")
]


class OnServer(Library):
    """A library whose engines have an empty database each."""

    def __init__(self, root: str, empty: Callable[[], URL]) -> None:
        super().__init__(root)
        self.empty = empty
        self.engines: list[Any] = []

    def engine(self) -> Any:
        url = self.empty().render_as_string(hide_password=False)
        self.engines.append(self.sql.create_engine(url))
        return self.engines[-1]

    def close(self) -> None:
        gc.collect()  # sessions that the program left open
        for engine in self.engines:
            engine.dispose()
        if self.sql.__name__ == "sqlalchemy":
            # It leaves a connection open whose user is dropped after the engine was disposed of.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)
                gc.collect()


def outcome(root: str, program: Callable[[Library], Any], empty: Callable[[], URL]) -> Any:
    """What a program returns, or the name of the exception that it raises."""
    lib = OnServer(root, empty)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return lib.error(lambda: program(lib))
    finally:
        lib.close()


def compare(program: Callable[[Library], Any], empty: Callable[[], URL]) -> None:
    assert outcome("ormolu", program, empty) == outcome("sqlalchemy", program, empty)


@pytest.fixture
def mysql_databases(mysql_url: str) -> Iterator[Callable[[], URL]]:
    """Gives empty databases, which are dropped with the first."""
    url, numbers = make_url(mysql_url), itertools.count(1)
    connection = pymysql.connect(
        host=url.host or "127.0.0.1",
        port=url.port or 3306,
        user=url.username,
        password=url.password or "",
        autocommit=True,
    )

    def empty() -> URL:
        name = f"{url.database}_{next(numbers)}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return url.set(database=name)

    yield empty
    connection.close()


@pytest.fixture
def postgresql_schemas(postgresql_url: str) -> Iterator[Callable[[], URL]]:
    """Gives empty schemas of a database, which are dropped afterwards."""
    url, numbers = make_url(postgresql_url), itertools.count(1)
    with psycopg.connect(
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        dbname=url.database,
        autocommit=True,
    ) as connection:

        def empty() -> URL:
            name = f"s{next(numbers)}"
            connection.execute(f"CREATE SCHEMA {name}")
            named = url.set(drivername="postgresql+psycopg")
            return named.update_query_dict({"options": f"-csearch_path={name}"})

        yield empty


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gives_the_same_on_mariadb(
    program: Callable[[Library], Any], mysql_databases: Callable[[], URL]
) -> None:
    compare(program, mysql_databases)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gives_the_same_on_postgresql(
    program: Callable[[Library], Any], postgresql_schemas: Callable[[], URL]
) -> None:
    compare(program, postgresql_schemas)
