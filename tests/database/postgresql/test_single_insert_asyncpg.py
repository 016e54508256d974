"""The flush of one new object where the connection has to be waited for: asyncpg's BEGIN is sent.

What the database is asked is the same either way, so these tests look at which functions run.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import pytest
from notes import Base, Note

from ormolu import exc, inspect, select, text
from ormolu.ext.asyncio import AsyncSession, create_async_engine
from ormolu.orm.flush.run import flush_plan

pytestmark = pytest.mark.backend("postgresql+asyncpg")


def on_a_session(url: str, work: Callable[[AsyncSession], Awaitable[None]]) -> None:
    """Run `work` with a session on a database that has the table."""

    async def main() -> None:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with AsyncSession(engine, expire_on_commit=False) as session:
            session.add(Note(title="first"))
            await session.commit()
            await work(session)
        await engine.dispose()

    asyncio.run(main())


async def runs_the_phases(work: Callable[[], Awaitable[Any]]) -> bool:
    """Whether `work` goes through the phases of a flush."""
    seen = set()

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        seen.add(frame.f_code)

    sys.setprofile(profile)
    try:
        await work()
    finally:
        sys.setprofile(None)
    return flush_plan.__code__ in seen


def test_one_object_takes_the_short_way_and_two_the_phases(backend_url: str) -> None:
    async def work(session: AsyncSession) -> None:
        note = Note(title="second")
        session.add(note)
        assert not await runs_the_phases(session.commit)
        assert inspect(note).persistent
        assert await session.get(Note, note.id) is note
        session.add_all([Note(title="third"), Note(title="fourth")])
        assert await runs_the_phases(session.commit)

    on_a_session(backend_url, work)


def test_a_savepoint_is_set_before_the_object_is_written(backend_url: str) -> None:
    async def work(session: AsyncSession) -> None:
        async with session.begin_nested() as savepoint:
            note = Note(title="second")
            session.add(note)
            assert not await runs_the_phases(session.flush)
            await savepoint.rollback()
        assert inspect(note).transient
        assert (await session.scalars(select(Note.title))).all() == ["first"]

    on_a_session(backend_url, work)


def test_an_error_names_the_object_and_it_is_pending_after_the_rollback(backend_url: str) -> None:
    async def work(session: AsyncSession) -> None:
        twice = Note(title="first")
        session.add(twice)
        with pytest.raises(exc.IntegrityError, match="while inserting <Note title='first'"):
            await session.commit()
        await session.rollback()
        assert twice in session.new
        twice.title = "second"
        await session.commit()
        count = await session.scalar(text("SELECT count(*) FROM note"))
        assert count == 2

    on_a_session(backend_url, work)


def test_an_object_stays_pending_when_there_is_no_connection(backend_url: str) -> None:
    async def work(session: AsyncSession) -> None:
        nowhere = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
        unconnected = AsyncSession(nowhere)
        note = Note(title="kept")
        unconnected.add(note)
        with pytest.raises(exc.OperationalError):
            await unconnected.commit()
        await unconnected.rollback()
        assert note in unconnected.new
        await unconnected.close()
        await nowhere.dispose()

    on_a_session(backend_url, work)
