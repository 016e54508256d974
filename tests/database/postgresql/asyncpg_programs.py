"""What the tests of the asyncpg adapter share: an engine for a program, and looks below it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ormolu.engine.async_engine import AsyncConnection, AsyncEngine, create_async_engine

Program = Callable[[AsyncEngine], Awaitable[Any]]


def runner(url: str) -> Callable[..., Any]:
    """Return what runs a coroutine function with an engine on a database."""

    def run(program: Program, **options: Any) -> Any:
        async def whole() -> Any:
            engine = create_async_engine(url, **options)
            try:
                return await program(engine)
            finally:
                await engine.dispose()

        return asyncio.run(whole())

    return run


async def raw_of(connection: AsyncConnection) -> Any:
    """asyncpg's own connection."""
    return (await connection.get_raw_connection()).driver_connection


async def prepared(connection: AsyncConnection) -> list[str]:
    """The texts of the statements that the server keeps prepared for a connection."""
    raw = await raw_of(connection)
    found = await raw.fetch("SELECT statement FROM pg_prepared_statements")
    return [row["statement"] for row in found if "pg_prepared_statements" not in row["statement"]]


async def scalar(connection: AsyncConnection, sql: str) -> Any:
    """The first value that a text gives."""
    return (await connection.exec_driver_sql(sql)).scalar()
