"""Many threads: a session each on a file database, and `scoped_session` across them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from ormolu import ForeignKey, create_engine, func, select
from ormolu.engine import Engine
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)

THREADS = 16


class Base(DeclarativeBase):
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


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path}/threads.db"
    engine = create_engine(url, connect_args={"timeout": 60}, pool_size=THREADS)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_a_session_for_each_of_16_threads(engine: Engine) -> None:
    together = Barrier(THREADS)

    def work(number: int) -> list[str]:
        together.wait(30)
        for turn in range(3):
            with Session(engine) as session:
                session.add(User(name=f"{number}.{turn}", posts=[Post(title=f"of {number}")]))
        with Session(engine) as session:
            mine = select(User).where(User.name.startswith(f"{number}.")).order_by(User.id)
            users = session.scalars(mine).all()
            assert {post.title for user in users for post in user.posts} == {f"of {number}"}
            return [user.name for user in users]

    with ThreadPoolExecutor(THREADS) as threads:
        names = list(threads.map(work, range(THREADS)))
    assert names == [[f"{n}.{turn}" for turn in range(3)] for n in range(THREADS)]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 3 * THREADS
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_scoped_session_gives_each_thread_its_own(engine: Engine) -> None:
    scoped = scoped_session(sessionmaker(engine))
    together = Barrier(THREADS)

    def work(number: int) -> int:
        session = scoped()
        assert scoped() is session
        together.wait(30)
        scoped.add(User(name=f"user {number}"))
        scoped.commit()
        scoped.remove()
        assert scoped() is not session
        scoped.remove()
        return id(session)

    with ThreadPoolExecutor(THREADS) as threads:
        sessions = list(threads.map(work, range(THREADS)))
    assert len(set(sessions)) == THREADS
    assert scoped.scalar(select(func.count()).select_from(User)) == THREADS
    scoped.remove()
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_mappers_are_configured_once_by_many_threads() -> None:
    class Own(DeclarativeBase):
        pass

    class Parent(Own):
        __tablename__ = "parent"

        id: Mapped[int] = mapped_column(primary_key=True)

    class Child(Own):
        __tablename__ = "child"

        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int] = mapped_column(ForeignKey("parent.id"))
        parent: Mapped[Parent] = relationship(Parent, backref="children")

    together = Barrier(THREADS)

    def work(_: int) -> Parent:
        together.wait(30)
        child = Child(parent=Parent())
        assert child.parent.children == [child]  # type: ignore[attr-defined]
        return child.parent

    with ThreadPoolExecutor(THREADS) as threads:
        assert len(set(threads.map(work, range(THREADS)))) == THREADS
