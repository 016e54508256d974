"""The seeds' programs in async: the same plans, no greenlet."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ormolu import ForeignKey, func, select, text
from ormolu.exc import IntegrityError, InvalidRequestError, MissingGreenlet
from ormolu.ext.asyncio import (
    AsyncAttrs,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from ormolu.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(AsyncAttrs, DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    posts: Mapped[list[Post]] = relationship(back_populates="author", order_by="Post.id")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


class Tag(Base):
    """Which is deleted without looking for others."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)


Program = Callable[[AsyncEngine], Awaitable[None]]


def run(program: Program, url: str = "sqlite+aiosqlite://") -> None:
    """Run `program` with an engine on a fresh database that has two users and two posts."""

    async def main() -> None:
        engine = create_async_engine(url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            async with AsyncSession(engine) as session:
                ann = User(username="ann", posts=[Post(title="one"), Post(title="two")])
                session.add_all([ann, User(username="bob")])
            await program(engine)
        finally:
            await engine.dispose()

    asyncio.run(main())
    assert "greenlet" not in sys.modules


def test_async_block_exit_commits_and_objects_stay_readable() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            session.add(User(username="cyd"))
        async with AsyncSession(engine) as session:
            cyd = (await session.scalars(select(User).filter_by(username="cyd"))).one()
        assert (cyd.id, cyd.username) == (3, "cyd")

    run(program)


def test_async_factory_styles(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        factory = async_sessionmaker(engine)
        async with factory.begin() as session:
            session.add(User(username="cyd"))
        async with factory() as session, session.begin():
            session.add(User(username="dan"))
        async with factory() as session:
            rows = (await session.execute("SELECT username FROM users ORDER BY id")).all()
            assert rows == [("ann",), ("bob",), ("cyd",), ("dan",)]
            assert await session.scalar(select(func.count()).select_from(User)) == 4

    run(program, f"sqlite+aiosqlite:///{tmp_path}/async.db")


def test_async_block_that_raises_rolls_back() -> None:
    async def program(engine: AsyncEngine) -> None:
        with pytest.raises(RuntimeError):
            async with AsyncSession(engine) as session:
                session.add(User(username="lost"))
                await session.flush()
                raise RuntimeError
        async with AsyncSession(engine) as session:
            assert await session.scalar(select(func.count()).select_from(User)) == 2

    run(program)


def test_async_savepoints() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            session.add(User(username="kept"))
            with pytest.raises(IntegrityError):
                async with session.begin_nested():
                    session.add(User(username="ann"))
            names = (await session.scalars(select(User.username).order_by(User.id))).all()
            assert names == ["ann", "bob", "kept"]

    run(program)


def test_async_attribute_that_needs_io_says_what_to_write() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            ann = await session.get_one(User, 1)
            with pytest.raises(MissingGreenlet) as caught:
                ann.posts  # noqa: B018
            message = str(caught.value)
            assert "User.posts" in message
            assert "awaitable_attrs.posts" in message
            assert "selectinload(User.posts)" in message
            assert "refresh" in message
            assert [p.title for p in await ann.awaitable_attrs.posts] == ["one", "two"]
            await session.commit()
            with pytest.raises(MissingGreenlet, match=r"User\.username"):
                ann.username  # noqa: B018
            await session.refresh(ann, ["username"])
            assert ann.username == "ann"

    run(program)


def test_async_eager_loading_refresh_merge_delete() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            users = (
                await session.scalars(
                    select(User).options(selectinload(User.posts)).order_by(User.id)
                )
            ).all()
            assert [[p.title for p in u.posts] for u in users] == [["one", "two"], []]
            merged = await session.merge(User(id=2, username="bobby"))
            assert merged is users[1]
            await session.delete(users[0].posts[1])
            await session.commit()
            await session.refresh(users[0], ["posts"])
            assert [p.title for p in users[0].posts] == ["one"]
            await session.refresh(merged)
            assert merged.username == "bobby"

    run(program)


def test_async_failed_flush_can_be_mended() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            twice = User(username="ann")
            session.add(twice)
            with pytest.raises(IntegrityError, match=r"users\.username"):
                await session.commit()
            await session.rollback()
            twice.username = "other"
            await session.commit()
        async with AsyncSession(engine) as session:
            assert await session.scalar(select(func.count()).select_from(User)) == 3

    run(program)


def test_async_session_used_by_two_tasks_at_once_names_both_call_sites() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            results = await asyncio.gather(
                session.execute(text("select 1")),
                session.execute(text("select 2")),
                return_exceptions=True,
            )
            errors = [r for r in results if isinstance(r, InvalidRequestError)]
            assert len(errors) == 1
            assert str(errors[0]).count("test_async_session.py:") == 2
            assert await session.scalar(text("select 3")) == 3

    run(program)


def test_a_task_may_not_delete_while_another_one_is_inside_the_session() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            session.add(tag := Tag())
            await session.flush()
            running, refused = await asyncio.gather(
                session.execute(text("select 1")), session.delete(tag), return_exceptions=True
            )
            assert not isinstance(running, BaseException)
            assert isinstance(refused, InvalidRequestError)
            assert tag not in session.deleted
            await session.delete(tag)
            assert tag in session.deleted

    run(program)


def test_async_cancelled_task_leaves_nothing_behind(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        started = asyncio.Event()

        async def work() -> None:
            async with AsyncSession(engine) as session:
                session.add(User(username="cancelled"))
                await session.flush()
                started.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(work())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with AsyncSession(engine) as session:
            assert await session.scalar(select(func.count()).select_from(User)) == 2

    run(program, f"sqlite+aiosqlite:///{tmp_path}/async.db")


def test_async_stream() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            names = [user.username async for user in await session.stream_scalars(select(User))]
            assert names == ["ann", "bob"]
        async with engine.connect() as connection:
            result = await connection.stream(text("select username from users"))
            assert [row.username async for row in result] == ["ann", "bob"]

    run(program)
