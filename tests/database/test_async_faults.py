"""Cancellation at every request, time limits, failing handlers, many tasks: nothing stays checked
out, and every session is usable or closed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ormolu import ForeignKey, event, func, select
from ormolu.exc import IllegalStateChangeError, InvalidRequestError
from ormolu.ext.asyncio import (
    AsyncAttrs,
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
    create_async_engine,
)
from ormolu.io.async_loop import ASYNC_HANDLERS
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(AsyncAttrs, DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    posts: Mapped[list[Post]] = relationship(back_populates="author")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


Program = Callable[[AsyncEngine], Awaitable[None]]


def run(path: Path, program: Program) -> None:
    """Run a program with an engine on a fresh database file; nothing may stay checked out."""

    async def main() -> None:
        file = path / "faults.db"
        file.unlink(missing_ok=True)
        engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        try:
            await program(engine)
            assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        finally:
            await engine.dispose()

    asyncio.run(main())


async def users(engine: AsyncEngine) -> list[str]:
    async with AsyncSession(engine) as session:
        return list((await session.scalars(select(User.name).order_by(User.id))).all())


class Faults:
    """Cancels the running task at its n-th request, before or while the request is served."""

    def __init__(self) -> None:
        self.left = 0
        self.early = False

    def watch(self, handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
        async def handle(request: Any) -> Any:
            task = asyncio.current_task()
            assert task is not None
            self.left -= 1
            if self.left == 0:
                if self.early:
                    raise asyncio.CancelledError
                task.cancel()
            return await handler(request)

        return handle


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    faults = Faults()
    for kind, handler in list(ASYNC_HANDLERS.items()):
        monkeypatch.setitem(ASYNC_HANDLERS, kind, faults.watch(handler))
    yield faults


async def work(session: AsyncSession) -> None:
    """Connects, flushes, sets a savepoint, loads, streams and commits."""
    session.add(User(name="ann", posts=[Post(title="one")]))
    await session.flush()
    async with session.begin_nested():
        session.add(User(name="bob"))
    ann = await session.get_one(User, 1)
    await session.refresh(ann)
    assert [post.title for post in await ann.awaitable_attrs.posts] == ["one"]
    assert [user.name async for user in await session.stream_scalars(select(User))]
    await session.commit()


@pytest.mark.parametrize("early", [True, False], ids=["before the request", "while it is served"])
def test_cancelled_at_any_request_a_session_is_usable_again(
    tmp_path: Path, faults: Faults, early: bool
) -> None:
    seen: set[tuple[str, ...]] = set()
    finished: list[int] = []

    async def attempt(engine: AsyncEngine, number: int) -> None:
        session = AsyncSession(engine)
        faults.left, faults.early = number, early
        task = asyncio.create_task(work(session))
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        finished.append(number) if faults.left > 0 else None
        faults.left = 0
        assert outcome is None or isinstance(outcome, asyncio.CancelledError)
        await session.rollback()
        session.expunge_all()
        names = (await session.scalars(select(User.name).order_by(User.id))).all()
        seen.add(tuple(names))
        session.add(User(name="afterwards"))
        await session.commit()
        await session.close()
        assert await users(engine) == [*names, "afterwards"]

    number = 0
    while not finished:
        number += 1
        run(tmp_path, lambda engine, number=number: attempt(engine, number))  # type: ignore[misc]
    assert number > 8
    assert seen == {(), ("ann", "bob")}


@pytest.mark.parametrize("early", [True, False], ids=["before the request", "while it is served"])
def test_cancelled_at_any_request_a_block_leaves_all_or_nothing(
    tmp_path: Path, faults: Faults, early: bool
) -> None:
    async def block(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session, session.begin():
            session.add(User(name="ann", posts=[Post(title="one")]))
            await session.flush()
            session.add(User(name="bob"))

    async def attempt(engine: AsyncEngine, number: int) -> bool:
        faults.left, faults.early = number, early
        (outcome,) = await asyncio.gather(
            asyncio.create_task(block(engine)), return_exceptions=True
        )
        done = faults.left > 0
        faults.left = 0
        assert outcome is None if done else isinstance(outcome, asyncio.CancelledError)
        assert await users(engine) in ([], ["ann", "bob"])
        return done

    done: list[bool] = []

    async def program(engine: AsyncEngine, number: int) -> None:
        done.append(await attempt(engine, number))

    while not done or not done[-1]:
        run(tmp_path, lambda engine: program(engine, len(done) + 1))
    assert len(done) > 5


def test_a_time_limit_ends_a_statement_and_the_session_goes_on(tmp_path: Path) -> None:
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
        "SELECT max(i) FROM n"
    )

    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            session.add(User(name="ann"))
            await session.flush()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await session.execute(slow)
            await session.rollback()
            session.add(User(name="bob"))
        assert await users(engine) == ["bob"]

    run(tmp_path, program)


def test_a_failing_handler_undoes_the_flush(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:

            async def refuse(*args: object) -> None:
                await asyncio.sleep(0)
                raise RuntimeError("refused")

            for name in ("before_flush", "after_flush", "before_commit"):
                event.listen(session, name, refuse)
                session.add(User(name=name))
                with pytest.raises(RuntimeError, match="refused"):
                    await session.commit()
                await session.rollback()
                event.remove(session, name, refuse)
                session.expunge_all()
            session.add(User(name="kept"))
        assert await users(engine) == ["kept"]

    run(tmp_path, program)


def test_run_sync_is_a_worker_thread_with_blocking_io(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        loop_thread = threading.get_ident()

        def blocking(session: Session) -> list[str]:
            assert threading.get_ident() != loop_thread
            with pytest.raises(RuntimeError, match="no running event loop"):
                asyncio.get_running_loop()
            session.add(User(name="ann", posts=[Post(title="one"), Post(title="two")]))
            session.commit()
            ann = session.query(User).filter_by(name="ann").one()
            session.expire_all()
            return [post.title for post in ann.posts]

        async with AsyncSession(engine) as session:
            assert await session.run_sync(blocking) == ["one", "two"]
            with pytest.raises(ZeroDivisionError):
                await session.run_sync(lambda s: 1 // 0)
            assert await session.scalar(select(func.count()).select_from(Post)) == 2

    run(tmp_path, program)


def test_run_sync_keeps_other_tasks_out_and_ends_when_cancelled(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        inside, leave = threading.Event(), threading.Event()

        def hold(session: Session) -> None:
            session.add(User(name="ann"))
            session.flush()
            inside.set()
            leave.wait(10)
            session.flush()

        async with AsyncSession(engine) as session:
            task = asyncio.create_task(session.run_sync(hold))
            await asyncio.to_thread(inside.wait, 10)
            with pytest.raises(IllegalStateChangeError, match="in use by another task"):
                await session.execute("select 1")
            task.cancel()
            asyncio.get_running_loop().call_later(0.01, leave.set)
            with pytest.raises(asyncio.CancelledError):
                await task
            await session.rollback()
            session.add(User(name="bob"))
        assert await users(engine) == ["bob"]

    run(tmp_path, program)


def test_twenty_tasks_with_a_session_each(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        factory = async_sessionmaker(engine)

        async def one(number: int) -> None:
            async with factory.begin() as session:
                session.add(User(name=f"user {number}", posts=[Post(title="x")]))
            async with factory() as session:
                user = (await session.scalars(select(User).filter_by(name=f"user {number}"))).one()
                assert len(await user.awaitable_attrs.posts) == 1

        async with asyncio.TaskGroup() as group:
            for number in range(20):
                group.create_task(one(number))
        assert len(await users(engine)) == 20

    run(tmp_path, program)


def test_a_scoped_session_per_task(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        scoped = async_scoped_session(async_sessionmaker(engine), asyncio.current_task)

        async def one(name: str) -> AsyncSession:
            scoped.add(User(name=name))
            await asyncio.sleep(0)
            assert len(scoped.new) == 1
            await scoped.commit()
            session: AsyncSession = scoped()
            await scoped.remove()
            return session

        first, second = await asyncio.gather(
            asyncio.create_task(one("a")), asyncio.create_task(one("b"))
        )
        assert first is not second
        assert sorted(await users(engine)) == ["a", "b"]

    run(tmp_path, program)


def test_a_stream_left_early_gives_its_connection_back(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            session.add_all([User(name=f"user {n}") for n in range(10)])
        async with engine.connect() as connection:
            async for row in await connection.stream(select(User.name)):
                assert row.name == "user 0"
                break
        async with AsyncSession(engine) as session:
            async for user in await session.stream_scalars(select(User)):
                assert user.name == "user 0"
                break

    run(tmp_path, program)


def test_a_loop_that_ends_with_an_open_session_leaves_the_engine_usable(tmp_path: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/loops.db")

    async def first() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with AsyncSession(engine) as session:
            session.add(User(name="ann"))
        await engine.dispose()

    async def second() -> None:
        assert await users(engine) == ["ann"]
        await engine.dispose()

    asyncio.run(first())
    asyncio.run(second())


def test_objects_of_two_sessions_are_not_mixed(tmp_path: Path) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session, AsyncSession(engine) as other:
            ann = User(name="ann")
            session.add(ann)
            await session.flush()
            with pytest.raises(InvalidRequestError, match="already attached to session"):
                other.add(ann)

    run(tmp_path, program)
