"""Engines for the database tests: fresh ones, disposed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.engine.async_engine import AsyncEngine, create_async_engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine on an empty SQLite database in memory."""
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


@pytest.fixture
def file_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty SQLite file; its pool opens several connections."""
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def async_engine(tmp_path: Path) -> Callable[..., AsyncEngine]:
    """A factory of async engines on a database in memory (or ``file=True``).

    Call it inside the test's ``asyncio.run``; ``await engine.dispose()`` at the end.
    """

    def make(*, file: bool = False, **options: object) -> AsyncEngine:
        path = f"/{tmp_path / 'async.db'}" if file else ""
        return create_async_engine(f"sqlite+aiosqlite://{path}", **options)  # type: ignore[arg-type]

    return make
