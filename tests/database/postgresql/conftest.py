"""Databases for the tests of reflection, and the libraries for those of types and statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import reflection_schema
from asyncpg_programs import runner
from three_ways import WAYS, Library

import ormolu


@pytest.fixture(scope="module")
def described_databases() -> Iterator[Callable[[str], str]]:
    """A factory of the URL of a database with the schema, made for a module's first test."""
    made: dict[str, str] = {}

    def url_of(own: str) -> str:
        if own not in made:
            url = ormolu.make_url(own)
            name = f"{url.database}_described"
            with psycopg.connect(own, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
            made[own] = url.set(database=name).render_as_string(hide_password=False)
            reflection_schema.create(made[own])
        return made[own]

    yield url_of
    for own, url in made.items():
        with psycopg.connect(own, autocommit=True) as connection:
            name = ormolu.make_url(url).database
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def described_url(postgresql_url: str, described_databases: Callable[[str], str]) -> str:
    """The URL of a database with the schema of `reflection_schema`, which tests only read."""
    return described_databases(postgresql_url)


@pytest.fixture(params=WAYS)
def library(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[Library]:
    """A library and a driver on an empty database: each test runs on all of them."""
    library = Library(request.param, postgresql_url)
    yield library
    library.close()


@pytest.fixture
def on_asyncpg(backend_url: str) -> Callable[..., Any]:
    """Runs a coroutine function with an engine on an empty database."""
    return runner(backend_url)
