"""One program on PostgreSQL three ways: ormolu on psycopg, ormolu on asyncpg, and SQLAlchemy.

A program is a function of a connection. It finds the library in `Library.sa` and the dialect's
names in `Library.pg`, and states what must come out; that SQLAlchemy passes the same test is what
makes the expectation one of the public API.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from typing import Any, TypeVar

from backends import with_driver

T = TypeVar("T")

WAYS = ("ormolu psycopg", "ormolu asyncpg", "sqlalchemy psycopg")


class Library:
    """A library and a driver, on a database of the test's own."""

    def __init__(self, way: str, url: str) -> None:
        library, self.driver = way.split()
        self.sa: Any = importlib.import_module(library)
        self.pg: Any = importlib.import_module(f"{library}.dialects.postgresql")
        self.orm: Any = importlib.import_module(f"{library}.orm")
        self.is_oracle = library == "sqlalchemy"
        self.plain_url = url
        self._url = with_driver(url, f"postgresql+{self.driver}")
        self._engines: list[Any] = []
        self._runner = asyncio.Runner() if self.driver == "asyncpg" else None

    def engine(self, **options: Any) -> Any:
        """Return a new engine; it is disposed at the end of the test."""
        if self._runner is None:
            engine = self.sa.create_engine(self._url, **options)
        else:
            asynchronous = importlib.import_module(f"{self.sa.__name__}.ext.asyncio")
            engine = asynchronous.create_async_engine(self._url, **options)
        self._engines.append(engine)
        return engine

    def run(self, program: Callable[[Any], T], engine: Any = None, **options: Any) -> T:
        """Call a program with a connection in a transaction, and commit.

        :param options: the execution options of the connection.
        """

        def in_transaction(connection: Any) -> T:
            with connection.begin():
                return program(connection)

        return self.connected(in_transaction, engine, **options)

    def connected(self, program: Callable[[Any], T], engine: Any = None, **options: Any) -> T:
        """Call a program with a connection; what it doesn't commit is undone."""
        engine = engine or (self._engines[0] if self._engines else self.engine())
        if self._runner is not None:
            return self._runner.run(_asynchronously(engine, program, options))
        with engine.connect() as connection:
            return program(connection.execution_options(**options))

    def session(self, program: Callable[[Any], T], **options: Any) -> T:
        """Call a program with a session, and commit."""
        engine = self._engines[0] if self._engines else self.engine()
        if self._runner is not None:
            return self._runner.run(_in_session(self.sa.__name__, engine, program, options))
        with self.orm.Session(engine, **options) as session, session.begin():
            return program(session)

    def close(self) -> None:
        """Dispose of the engines."""
        for engine in self._engines:
            if self._runner is None:
                engine.dispose()
            else:
                self._runner.run(engine.dispose())
        if self._runner is not None:
            self._runner.close()


async def _asynchronously(engine: Any, program: Callable[[Any], T], options: Any) -> T:
    async with engine.connect() as connection:
        await connection.execution_options(**options)
        found: T = await connection.run_sync(program)
        return found


async def _in_session(library: str, engine: Any, program: Callable[[Any], T], options: Any) -> T:
    asynchronous = importlib.import_module(f"{library}.ext.asyncio")
    async with asynchronous.AsyncSession(engine, **options) as session, session.begin():
        found: T = await session.run_sync(program)
        return found
