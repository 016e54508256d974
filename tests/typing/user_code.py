"""Typed user code: mypy --strict and pyright must infer what the assertions say.

Checked, not run, by `tests/typing/test_typing.py` and by `make types`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, assert_type

from ormolu import (
    BindParameter,
    Cast,
    Column,
    ColumnClause,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    column,
    create_engine,
    delete,
    desc,
    exists,
    func,
    insert,
    inspect,
    literal,
    not_,
    or_,
    select,
    text,
    union_all,
    update,
)
from ormolu.engine import Engine, Row
from ormolu.engine.result import ScalarResult
from ormolu.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
    create_async_engine,
)
from ormolu.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Query,
    Session,
    aliased,
    mapped_column,
    relationship,
    scoped_session,
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
    assert_type(User.posts, InstrumentedAttribute[list[Post]])
    user.name = "new"
    user.nickname = None
    user.name = func.upper("new")
    user.posts = [Post()]
    user.posts.append(Post(author=user))


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


def columns(session: Session, connection: Connection) -> None:
    number = column("x", Integer)
    assert_type(number, ColumnClause[int])
    assert_type(select(number), Select[int])
    assert_type(session.scalars(select(number)).all(), Sequence[int])
    assert_type(select(User, Post.id, User.name), Select[User, int, str])
    assert_type(select(User.id.label("n")), Select[int])
    assert_type(session.scalar(select(func.max(User.name))), str | None)
    assert_type(session.scalar(select(func.coalesce(User.nickname, "none"))), str | None)
    assert_type(
        session.execute(select(User.id, User.nickname)).first(), Row[int, str | None] | None
    )
    assert_type(session.execute(select(User.id)).scalars().all(), Sequence[int])
    assert_type(session.execute(select(User.id)).scalar_one(), int)
    assert_type(connection.execute(select(User.id, User.name)).one(), Row[int, str])
    assert_type(connection.scalars(select(User.name)).all(), Sequence[str])
    assert_type(connection.scalar(select(User.id)), int | None)


def comparing() -> None:
    assert_type(User.id == 3, ColumnElement[bool])
    assert_type(User.name.in_(["ann"]), ColumnElement[bool])
    assert_type((User.id > 1) & (User.name != "ann"), ColumnElement[bool])
    assert_type(aliased(User), type[User])


def legacy(session: Session) -> None:
    query = session.query(User)
    assert_type(query, Query[User])
    assert_type(query.filter(User.id == 1).order_by(User.name).limit(2), Query[User])
    assert_type(query.one(), User)
    assert_type(query.get(1), User | None)
    assert_type(query.count(), int)
    assert_type(query[0], User)
    assert_type(query[1:3], list[User])
    for user in query:
        assert_type(user, User)
    assert_type(session.query(User.name).all(), list[Row[str]])
    assert_type(session.query(User, User.id).first(), Row[User, int] | None)


def changing(session: Session) -> None:
    done = session.execute(update(User).where(User.id == 1).values(name="new"))
    assert_type(done.rowcount, int)
    assert_type(session.execute(delete(User)).rowcount, int)
    assert_type(session.scalars(insert(User).returning(User.id)).all(), Sequence[int])
    assert_type(session.scalars(insert(User).returning(User), [{"name": "ann"}]).one(), User)
    assert_type(
        session.execute(update(User).returning(User.id, User.name)).all(), Sequence[Row[int, str]]
    )
    assert_type(session.merge(User()), User)


def textual(session: Session) -> None:
    assert_type(session.execute("SELECT * FROM users").all(), Sequence[Row[*tuple[Any, ...]]])
    session.execute("SELECT * FROM users WHERE id = :id", {"id": 1})
    session.scalar(text("SELECT 1"))


def expressions(session: Session) -> None:
    """Nothing of everyday use is of an unknown type."""
    named = bindparam("n", type_=String)
    assert_type(named, BindParameter[str])
    free = bindparam("n")
    grade = case((User.id > 1, "high"), else_="low")
    number = literal(3)
    assert_type(number, BindParameter[int])
    assert_type(cast(User.id, String), Cast[str])
    counted = select(func.count(Post.id)).where(Post.author_id == User.id).scalar_subquery()
    rows = (
        select(Post.author_id, func.count(Post.id).label("n")).group_by(Post.author_id).subquery()
    )
    either = or_(User.name == named, and_(User.id.is_(None), not_(User.name.like("a%"))))
    both = union_all(select(User.id), select(Post.id))
    statement = (
        select(User.name, grade, counted, rows.c.n, func.lower(User.name), free, number)
        .join(rows, rows.c.author_id == User.id)
        .where(either, exists().where(Post.id == User.id))
        .order_by(desc(User.name), User.id.asc())
    )
    session.execute(statement, {"n": "ann"})
    session.execute(both).all()
    other = aliased(User)
    session.execute(select(User, other).join(other, other.id == User.id).distinct())
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", String(5)))
    session.execute(table.insert().values(x="a"))
    session.execute(select(table).where(table.c.x == "a")).mappings().all()
    session.refresh(User(), ["posts"])
    state = inspect(User())
    print(state, inspect(User))


async def asynchronous(session: AsyncSession) -> None:
    assert_type((await session.scalars(select(User))).all(), Sequence[User])
    assert_type(await session.scalar(select(User.id)), int | None)
    assert_type(await session.get(User, 1), User | None)
    assert_type(await session.get_one(User, 1), User)
    result = await session.execute(select(User.id, User.name))
    assert_type(result.all(), Sequence[Row[int, str]])
    async for user in await session.stream_scalars(select(User)):
        assert_type(user, User)
    async with session.begin():
        session.add(User(name="ann"))


async_engine = create_async_engine("sqlite+aiosqlite://")
async_factory = async_sessionmaker(async_engine)
assert_type(async_engine, AsyncEngine)
assert_type(async_factory, async_sessionmaker[AsyncSession])
assert_type(async_factory(), AsyncSession)


def scoped() -> None:
    registry = scoped_session(sessionmaker(create_engine("sqlite://")))
    assert_type(registry(), Session)
    assert_type(registry.get(User, 1), User | None)
    assert_type(registry.scalars(select(User)), ScalarResult[User])
    assert_type(registry.query(User), Query[User])
    assert_type(registry.merge(User()), User)
    assert_type(registry.connection(), Connection)
    registry.commit()
    registry.remove()
    with registry:  # type: ignore[misc]
        pass

    class Queried(Base):
        __tablename__ = "queried"

        id: Mapped[int] = mapped_column(primary_key=True)
        query = registry.query_property()

    assert_type(Queried.query, Query[Queried])


async def scoped_per_task() -> None:
    registry = async_scoped_session(async_sessionmaker(), asyncio.current_task)
    assert_type(registry(), AsyncSession)
    assert_type(await registry.get(User, 1), User | None)
    assert_type(await registry.scalars(select(User)), ScalarResult[User])
    await registry.remove()


def refused(session: Session, name: str) -> None:
    # An f-string is not a LiteralString: pyright refuses it; mypy takes LiteralString for str.
    session.execute(f"SELECT {name}")  # pyright: ignore[reportCallIssue, reportArgumentType]
    user = User()
    user.posts = [1]  # type: ignore[list-item]  # pyright: ignore[reportAttributeAccessIssue]
    user.name = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
