"""`Suite`: the base of the conformance suites, and `Database`: what their tests work with.

A dialect's test module inherits each suite and says how to reach its database::

    from ormolu.testing import conformance

    class Target(conformance.Target):
        def make_engine(self, **options):
            return create_engine("acme://test", **options)

    class TestTypes(Target, conformance.TypeSuite): ...

Each test is written once, as ``async def test_…(self, db)``. It runs in an event loop when
``make_engine`` gives an `AsyncEngine`, and by hand otherwise (see `blocking`).
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ...engine.async_engine import AsyncConnection, AsyncEngine
from ...engine.engine import Engine
from ...ext.asyncio import AsyncAttrs
from ...orm.session.async_session import AsyncSession
from ...orm.session.session import Session
from ...schema import MetaData
from ..statements import StatementLog, count_queries
from .blocking import complete, face_of


class Database:
    """One test's database: an engine, and sessions and connections that are always awaited."""

    def __init__(self, engine: Engine | AsyncEngine) -> None:
        self.engine = engine
        self.is_async = isinstance(engine, AsyncEngine)
        self._created: list[MetaData] = []

    def session(self, **options: Any) -> AsyncSession:
        """Return a new session on the engine."""
        cls = AsyncSession if self.is_async else Session
        session: AsyncSession = face_of(cls(self.engine, **options))
        return session

    def connect(self) -> AsyncConnection:
        """Return a connection, for ``async with``."""
        connection: AsyncConnection = face_of(self.engine.connect())
        return connection

    async def create(self, metadata: MetaData) -> None:
        """Create all tables; they are dropped at the end of the test."""
        self._created.append(metadata)
        await self.run_sync(metadata.create_all)

    async def run_sync(self, function: Callable[..., Any]) -> Any:
        """Call a function with a synchronous connection, in a transaction."""
        async with self.connect() as connection, connection.begin():
            return await connection.run_sync(function)

    async def read(self, obj: Any, name: str) -> Any:
        """Read an attribute that may have to be loaded."""
        if self.is_async and isinstance(obj, AsyncAttrs):
            return await getattr(obj.awaitable_attrs, name)
        return getattr(obj, name)

    def counting(self) -> AbstractContextManager[StatementLog]:
        """Record the statements of a block."""
        return count_queries(self.engine)

    async def close(self) -> None:
        """Drop what the test created, and dispose of the engine."""
        for metadata in reversed(self._created):
            await self.run_sync(metadata.drop_all)
        if isinstance(self.engine, AsyncEngine):
            await self.engine.dispose()
        else:
            self.engine.dispose()


class Target:
    """How to reach one database through one driver; mixed into each suite."""

    is_async: ClassVar[bool] = False
    """Whether ``make_engine`` gives an `AsyncEngine`."""
    takes_text_for_dates: ClassVar[bool] = False
    """Whether text that says a date or time is taken for one by the driver or the database."""
    types_parameters: ClassVar[bool] = True
    """Whether a selected parameter has its type in the result, or else its text."""
    keeps_fractions: ClassVar[bool] = True
    """Whether ``Interval`` keeps fractions of a second."""
    compares_trailing_spaces: ClassVar[bool] = True
    """Whether ``'a' = 'a '`` is false, as it isn't in collations that pad."""
    names_primary_keys: ClassVar[bool] = True
    """Whether a primary key has the name that it is given."""
    rolls_back_ddl: ClassVar[bool] = True
    """Whether a table created in a transaction is gone after its rollback."""
    orders_nulls: ClassVar[bool] = True
    """Whether ORDER BY takes NULLS FIRST and NULLS LAST."""
    folder: Path

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def make_engine(self, **options: Any) -> Engine | AsyncEngine:
        """Return a new engine on an empty database; ``folder`` is there for its files."""
        raise TypeError(f"{type(self).__name__} must define make_engine()")


class Suite(Target):
    """A suite of tests; a subclass's ``async def test_…(self, db)`` run as plain functions."""

    engine_options: ClassVar[dict[str, Any]] = {}
    metadata: ClassVar[MetaData | None] = None
    """Tables that each test of the suite finds in the database."""

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        for name, function in list(vars(cls).items()):
            if name.startswith("test_") and inspect.iscoroutinefunction(function):
                setattr(cls, name, _plain(function))

    async def _run(self, test: Callable[..., Coroutine[Any, Any, None]], **arguments: Any) -> None:
        db = Database(self.make_engine(**self.engine_options))
        try:
            if self.metadata is not None:
                await db.create(self.metadata)
            await test(self, db, **arguments)
        finally:
            await db.close()


def _plain(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Return a test function that makes the database, runs the test and cleans up."""

    @functools.wraps(test)
    def run(self: Suite, **arguments: Any) -> None:
        if self.is_async:
            asyncio.run(self._run(test, **arguments))
        else:
            complete(self._run(test, **arguments))

    signature = inspect.signature(test)
    kept = [p for name, p in signature.parameters.items() if name != "db"]
    run.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return run
