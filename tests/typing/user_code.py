"""Typed user code: mypy --strict and pyright must infer what the assertions say.

Checked, not run, by `tests/typing/test_typing.py` and by `make types`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_type

from ormolu import ForeignKey, create_engine, func, select
from ormolu.engine import Engine, Row
from ormolu.ext.asyncio import AsyncSession
from ormolu.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    nickname: Mapped[str | None]
    posts: Mapped[list[Post]] = relationship(back_populates="author")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


engine = create_engine("sqlite://")
assert_type(engine, Engine)
factory = sessionmaker(engine)
assert_type(factory, sessionmaker[Session])


def reading(session: Session) -> None:
    assert_type(session.scalars(select(User)).all(), Sequence[User])
    assert_type(session.scalars(select(User)).first(), User | None)
    assert_type(session.scalars(select(User.name)).one(), str)
    assert_type(session.scalar(select(func.count(User.id))), int | None)
    assert_type(session.get(User, 1), User | None)
    assert_type(session.get_one(User, 1), User)
    assert_type(session.execute(select(User.id, User.name)).all(), Sequence[Row[int, str]])
    number, name = session.execute(select(User.id, User.name)).one()
    assert_type(number, int)
    assert_type(name, str)
    assert_type(session.query(User).filter_by(name="x").first(), User | None)
    assert_type(session.query(User).all(), list[User])


def attributes(user: User) -> None:
    assert_type(user.name, str)
    assert_type(user.nickname, str | None)
    assert_type(user.posts, list[Post])
    assert_type(user.posts[0].author, User)
    assert_type(User.name, InstrumentedAttribute[str])
    user.name = "new"


def building() -> None:
    statement = (
        select(User)
        .join(User.posts)
        .where(User.name == "ann", Post.id > 3)
        .options(selectinload(User.posts))
        .order_by(User.name.desc())
        .limit(3)
    )
    with factory() as session:
        for user in session.scalars(statement):
            assert_type(user, User)


async def asynchronous(session: AsyncSession) -> None:
    assert_type((await session.scalars(select(User))).all(), Sequence[User])
    assert_type(await session.get(User, 1), User | None)


def refused(session: Session, name: str) -> None:
    # An f-string is not a LiteralString: a type checker refuses it.
    session.execute(f"SELECT * FROM users WHERE name = '{name}'")  # type: ignore[call-overload]  # pyright: ignore
    user = User()
    user.name = 5  # type: ignore[assignment]  # pyright: ignore
