"""A session serves one thread or task at a time; async sessions never block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ormolu import event
from ormolu.engine import create_engine
from ormolu.exc import IllegalStateChangeError, MissingGreenlet
from ormolu.ext.asyncio import (
    AsyncSession,
    async_object_session,
    async_sessionmaker,
    create_async_engine,
)
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.sql import func, select


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]


def test_a_second_thread_is_refused_and_both_call_sites_are_named(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(engine)
    session = Session(engine)
    inside, leave = threading.Event(), threading.Event()

    def hold(*args: object) -> None:
        inside.set()
        leave.wait(10)

    event.listen(session, "before_flush", hold)
    session.add(Item(name="a"))
    first = threading.Thread(target=lambda: session.flush())
    first.start()
    inside.wait(10)
    with pytest.raises(IllegalStateChangeError, match="in use by another thread") as caught:
        session.execute("select 1")
    leave.set()
    first.join(10)
    assert str(caught.value).count("test_session_concurrency.py:") == 2
    assert session.scalar(select(func.count()).select_from(Item)) == 1
    session.close()
    engine.dispose()


def test_handlers_of_the_same_thread_may_enter_again() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        counts: list[object] = []

        def count(*args: object) -> None:
            counts.append(session.scalar(select(func.count()).select_from(Item)))

        event.listen(session, "after_flush", count)
        session.add(Item(name="a"))
        session.flush()
        assert counts == [1]
    engine.dispose()


def run(tmp_path: Path, program: Callable[[async_sessionmaker[AsyncSession]], object]) -> None:
    async def main() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        try:
            await program(async_sessionmaker(engine))  # type: ignore[misc]
        finally:
            await engine.dispose()

    asyncio.run(main())


def test_async_handlers_are_awaited(tmp_path: Path) -> None:
    async def program(maker: async_sessionmaker[AsyncSession]) -> None:
        seen: list[str] = []

        async def before_commit(session: Session) -> None:
            await asyncio.sleep(0)
            seen.append("before_commit")

        async with maker() as session:
            event.listen(session, "before_commit", before_commit)
            event.listen(session, "after_commit", lambda session: seen.append("after_commit"))
            session.add(Item(name="a"))
        assert seen == ["before_commit", "after_commit"]

    run(tmp_path, program)


def test_run_sync_runs_blocking_functions(tmp_path: Path) -> None:
    async def program(maker: async_sessionmaker[AsyncSession]) -> None:
        def work(session: Session, name: str) -> list[str | None]:
            session.add(Item(name=name))
            session.commit()
            return [item.name for item in session.query(Item).all()]

        async with maker() as session:
            assert await session.run_sync(work, "a") == ["a"]
            with pytest.raises(MissingGreenlet, match=r"await session\.execute"):
                session.sync_session.execute("select 1")
            item = await session.get_one(Item, 1)
            assert async_object_session(item) is session

    run(tmp_path, program)


def test_an_async_block_of_a_savepoint_and_of_begin(tmp_path: Path) -> None:
    async def program(maker: async_sessionmaker[AsyncSession]) -> None:
        async with maker.begin() as session:
            session.add(Item(name="kept"))
            with pytest.raises(RuntimeError):
                async with session.begin_nested() as savepoint:
                    session.add(Item(name="lost"))
                    assert savepoint.is_active
                    raise RuntimeError
        async with maker() as session:
            assert (await session.scalars(select(Item.name))).all() == ["kept"]
            transaction = session.get_transaction()
            assert transaction is not None
            await transaction.rollback()
            assert not session.in_transaction()

    run(tmp_path, program)
