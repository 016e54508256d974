"""Handlers of a web application in async: a session per request, and no framework needed to run it.

Each handler receives a session and returns what would become JSON. `serve` is what a framework's
dependency would do: it opens the session, commits when the handler returns, and rolls back when it
raises. Twenty requests run at once.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ormolu import ForeignKey, func, select
from ormolu.exc import IntegrityError
from ormolu.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from ormolu.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    posts: Mapped[list[Post]] = relationship(back_populates="author", order_by="Post.id")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


Response = tuple[int, Any]
Handler = Callable[[AsyncSession], Awaitable[Any]]


def sign_up(name: str) -> Handler:
    async def handler(session: AsyncSession) -> Any:
        user = User(name=name, posts=[Post(title=f"{name} was here")])
        session.add(user)
        await session.flush()
        return {"id": user.id}

    return handler


def profile(name: str) -> Handler:
    async def handler(session: AsyncSession) -> Any:
        statement = select(User).filter_by(name=name).options(selectinload(User.posts))
        user = (await session.scalars(statement)).one()
        return {"name": user.name, "posts": [post.title for post in user.posts]}

    return handler


async def serve(sessions: async_sessionmaker[AsyncSession], handler: Handler) -> Response:
    """Run one request in a session of its own."""
    try:
        async with sessions.begin() as session:
            return 200, await handler(session)
    except IntegrityError as error:
        return 409, str(error.orig)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_async_engine(f"sqlite+aiosqlite:///{Path(folder) / 'web.db'}")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        sessions = async_sessionmaker(engine)
        requests = [serve(sessions, sign_up(f"user{number % 19}")) for number in range(20)]
        responses = await asyncio.gather(*requests)
        print("sign-ups:", sorted({status for status, _ in responses}))
        print("refused:", *(body for status, body in responses if status == 409))
        print("profile:", await serve(sessions, profile("user7")))
        async with sessions() as session:
            print("users:", await session.scalar(select(func.count()).select_from(User)))
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
