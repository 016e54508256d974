"""Programs about bulk work, relationships and sessions, by both libraries on the same servers.

What SQLite never refuses, a server does (a foreign key, a value that is too long): such a program
ends with the same exception on both.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import programs_bulk
import programs_relationships
import programs_session
import pytest
from programs_on_servers import Program, outcome

from backends.catalogue import POSTGRESQL, with_driver
from backends.databases import ask, connect
from ormolu.engine.url import make_url

PROGRAMS = [
    pytest.param(function, id=name.removeprefix("program_"))
    for module in (programs_bulk, programs_relationships, programs_session)
    for name, function in sorted(vars(module).items())
    if name.startswith("program_")
]


def compare(program: Program, empty: Callable[[], str]) -> None:
    assert outcome(program, "ormolu", empty) == outcome(program, "sqlalchemy", empty)


@pytest.fixture
def postgresql_schemas(postgresql_url: str) -> Iterator[Callable[[], str]]:
    """Gives empty schemas of a database, which are dropped afterwards."""
    url = make_url(with_driver(postgresql_url, "postgresql+psycopg"))
    numbers = itertools.count(1)
    connection = connect(POSTGRESQL, postgresql_url)

    def empty() -> str:
        name = f"s{next(numbers)}"
        ask(connection, f"CREATE SCHEMA {name}")
        own = url.update_query_dict({"options": f"-csearch_path={name}"})
        return own.render_as_string(hide_password=False)

    yield empty
    connection.close()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gives_the_same_on_mysql(
    program: Program, mysql_databases: Callable[[], str]
) -> None:
    compare(program, mysql_databases)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gives_the_same_on_postgresql(
    program: Program, postgresql_schemas: Callable[[], str]
) -> None:
    compare(program, postgresql_schemas)
