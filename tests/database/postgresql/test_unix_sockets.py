"""A server is reached by its Unix socket: the folder of the socket is the URL's host."""

from __future__ import annotations

import asyncio

import pytest

from backends import BACKENDS
from ormolu import create_engine, text
from ormolu.ext.asyncio import create_async_engine
from ormolu.testing.servers import PostgreSQLServer

DRIVERS = [
    pytest.param(name, marks=pytest.mark.backend(name))
    for name, backend in BACKENDS.items()
    if backend.server == "postgresql"
]
QUESTION = text("SELECT inet_server_port() IS NULL")


async def ask(url: str) -> bool | None:
    """Ask through a driver that is awaited."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            found: bool | None = await connection.scalar(QUESTION)
            return found
    finally:
        await engine.dispose()


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_socket_is_found_by_its_folder(
    driver: str, private_postgresql: PostgreSQLServer
) -> None:
    server = private_postgresql
    url = f"{driver}://{server.user}@/postgres?host={server.socket_folder}&port={server.port}"
    if BACKENDS[driver].is_async:
        assert asyncio.run(ask(url)) is True
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(QUESTION) is True
    engine.dispose()
