"""Statements, objects and sessions used wrongly, in sync and async: an error that says what to
write; the session goes on working, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ormolu import MetaData, create_engine, func, insert, select, text, update
from ormolu.engine import Engine
from ormolu.exc import (
    ArgumentError,
    CompileError,
    IntegrityError,
    InvalidRequestError,
    MissingGreenlet,
    MultipleResultsFound,
    NoInspectionAvailable,
    NoResultFound,
    ObjectDereferencedError,
    OperationalError,
    ProgrammingError,
    StatementError,
    UnboundExecutionError,
)
from ormolu.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    raiseload,
    relationship,
    selectinload,
    sessionmaker,
)
from ormolu.orm.exc import LoaderStrategyException, StaleDataError, UnmappedInstanceError
from ormolu.schema import ForeignKey


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


class Plain:
    pass


def fill(session: Session) -> None:
    session.add_all([User(name="ann", posts=[Post(title="one")]), User(name="bob")])


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        fill(session)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    session = Session(engine)
    yield session
    assert session.scalars(select(User.name).order_by(User.id)).all()[:1] == ["ann"]
    session.add(User(name="afterwards"))
    session.commit()
    session.close()


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: select(Plain), ArgumentError, r"Plain"),
    (lambda: select(User).where(1), ArgumentError, r"got 1\. Write a comparison"),  # type: ignore[arg-type]
    (lambda: select(User).where(1 < User.id < 3), TypeError, "Boolean value of this clause"),  # type: ignore[operator]
    (lambda: select(User).where("a" in User.name), NotImplementedError, r"write .*in_\(\.\.\.\)"),  # type: ignore[operator]
    (lambda: User.name.in_("ann"), ArgumentError, "IN expression list.*'ann'"),
    (lambda: User.id.in_(3), ArgumentError, "IN expression list.*3"),  # type: ignore[arg-type]
    (lambda: User.posts == [1], InvalidRequestError, r"User\.posts\.contains\(\.\.\.\)"),
    (lambda: Post.author == 1, ArgumentError, r"an instance of User is needed, not 1"),
    (lambda: selectinload("posts"), ArgumentError, "use class-bound attributes"),  # type: ignore[arg-type]
    (lambda: select(User).options("posts"), ArgumentError, r"'posts'; write selectinload"),  # type: ignore[arg-type]
    (lambda: selectinload(User.name), LoaderStrategyException, r"User\.name.*for a relationship"),
    (lambda: User(nmae="x"), TypeError, "'nmae' is an invalid keyword argument for User"),
    (lambda: User.nmae, AttributeError, "nmae"),  # type: ignore[attr-defined]
    (lambda: create_engine("not a url"), ArgumentError, r"dialect\+driver://"),
    (lambda: create_engine("sqlite+aiosqlite://"), InvalidRequestError, r"create_async_engine"),
    (lambda: create_async_engine("sqlite://"), InvalidRequestError, r"sqlite\+aiosqlite://"),
    (lambda: create_engine("sqlite://", ecko=True), TypeError, "'ecko'"),  # type: ignore[call-arg]
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_refused_when_it_is_written(number: int) -> None:
    make, error, message = REFUSED[number]
    with pytest.raises(error, match=message):
        make()


def unknown(session: Session) -> Any:
    return session.scalars(select(Post).options(joinedload(User.posts))).all()


def misled(session: Session) -> Any:
    option = selectinload(User.posts).joinedload(User.posts)
    return session.scalars(select(User).options(option)).all()


def wrong(session: Session) -> None:
    ann = session.get_one(User, 1)
    ann.posts.append(User(name="x"))  # type: ignore[arg-type]


def readonly(session: Session) -> Any:
    return session.scalars(select(User).options(raiseload(User.posts))).first().posts  # type: ignore[union-attr]


def gone(session: Session) -> None:
    bob = session.get_one(User, 2)
    session.execute(text("DELETE FROM users WHERE id = 2"))
    bob.name = "rob"
    session.flush()


USES: list[tuple[Callable[[Session], Any], type[Exception], str]] = [
    (lambda s: s.execute(42), ArgumentError, "Executable SQL.*got 42"),
    (lambda s: s.execute(User), ArgumentError, r"write select\(User\)"),
    (lambda s: s.scalars(select(User).filter_by(nmae="x")), InvalidRequestError, "nmae.*User"),
    (lambda s: s.scalars(select(User).order_by("nmae")), CompileError, "nmae"),
    (unknown, ArgumentError, r"joinedload\(User\.posts\).*Post"),
    (readonly, InvalidRequestError, r"User\.posts.*selectinload\(User\.posts\)"),
    (lambda s: s.scalars(select(User)).one(), MultipleResultsFound, "exactly one"),
    (lambda s: s.get_one(User, 99), NoResultFound, "User has none with primary key 99"),
    (lambda s: s.get(User, (1, 2)), InvalidRequestError, r"users\.id', got 2"),
    (lambda s: s.get(User, {"nmae": 1}), InvalidRequestError, "'id'.*nmae"),
    (lambda s: s.get(Plain, 1), NoInspectionAvailable, r"Plain.*session\.get\(MappedClass"),
    (lambda s: s.add(None), UnmappedInstanceError, "NoneType' is not mapped"),  # type: ignore[arg-type]
    (lambda s: s.add(User), UnmappedInstanceError, r"'User' is a class.*User\(\.\.\.\)"),
    (lambda s: s.add_all([User]), UnmappedInstanceError, "'User' is a class"),
    (lambda s: s.add([User(name="x")]), UnmappedInstanceError, "list' is not mapped"),
    (lambda s: s.delete(User(name="x")), InvalidRequestError, "is not persisted.*expunge"),
    (lambda s: s.refresh(User(name="x")), InvalidRequestError, "it is transient"),
    (lambda s: s.refresh(s.get_one(User, 1), ["nmae"]), KeyError, "User has no .*'nmae'"),
    (lambda s: s.expire(s.get_one(User, 1), ["nmae"]), KeyError, "User has no .*'nmae'"),
    (lambda s: s.merge("x"), UnmappedInstanceError, "str' is not mapped"),
    (lambda s: s.expunge(User(name="x")), InvalidRequestError, "not present in this Session"),
    (lambda s: s.execute(update(User).values(nmae=1)), CompileError, "nmae: table 'users' has"),
    (lambda s: s.execute(insert(User), [{"nmae": 1}]), CompileError, "nmae: table 'users' has"),
    (lambda s: s.execute(text("select ?"), (1,)), ArgumentError, r"\{'name': value\}"),
    (lambda s: s.execute("select :a", {"b": 1}), StatementError, "parameter 'a'"),
    (lambda s: s.execute("select * from nowhere"), OperationalError, "no such table: nowhere"),
    (lambda s: s.execute(select(User.name)).one_or_none(), MultipleResultsFound, "one"),
    (lambda s: s.execute(select(User.name)).first().nmae, AttributeError, "'nmae'.*has name"),  # type: ignore[union-attr]
    (misled, ArgumentError, r'"User\.posts" does not link from'),
    (wrong, AttributeError, r"User\.posts holds instances of Post"),
    (
        lambda s: s.get_one(User, 1).posts.append(Post(title="lost")),
        ObjectDereferencedError,
        r"User\.posts.*garbage collected; keep a reference",
    ),
    (lambda s: setattr(s.get_one(Post, 1), "author", Post()), AttributeError, r"Post\.author"),
    (lambda s: setattr(s.get_one(Post, 1), "author", "x"), AttributeError, r"Post\.author.*'x'"),
    (lambda s: setattr(s.get_one(User, 1), "posts", None), TypeError, r"User\.posts holds a list"),
    (gone, StaleDataError, r"'users' expected.*<User id=2, name='rob'>.*roll back"),
]


@pytest.mark.parametrize("number", range(len(USES)))
def test_misuse_is_explained_and_the_session_goes_on(number: int, session: Session) -> None:
    use, error, message = USES[number]
    with pytest.raises(error, match=message):
        use(session)
    session.rollback()


@pytest.mark.parametrize("number", range(len(USES)))
def test_misuse_is_explained_in_async(number: int) -> None:
    use, error, message = USES[number]

    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            with pytest.raises(error, match=message):
                await session.run_sync(use)
            await session.rollback()
            session.add(User(name="afterwards"))
        async with AsyncSession(engine) as session:
            names = (await session.scalars(select(User.name).order_by(User.id))).all()
        assert (names[0], names[-1]) == ("ann", "afterwards")

    run_async(program)


def run_async(program: Callable[[AsyncEngine], Any]) -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        try:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            async with AsyncSession(engine) as session:
                await session.run_sync(fill)
            await program(engine)
        finally:
            await engine.dispose()

    asyncio.run(main())


def test_a_collection_is_unchanged_after_a_refused_append(session: Session) -> None:
    ann = session.get_one(User, 1)
    with pytest.raises(AttributeError, match="another mapped class"):
        ann.posts.append(User(name="x"))  # type: ignore[arg-type]
    assert [post.title for post in ann.posts] == ["one"]
    assert not session.dirty
    assert not session.new


def test_commit_inside_a_begin_block(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.add(User(name="inside"))
        session.commit()
        with pytest.raises(InvalidRequestError, match="complete the context manager"):
            session.execute(text("select 1"))
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 3


def test_a_session_without_engine(engine: Engine) -> None:
    with pytest.raises(UnboundExecutionError, match=r"Mapper\[User\(users\)\].*Session\(engine\)"):
        Session().scalars(select(User))
    with pytest.raises(ArgumentError, match=r"got 'sqlite://'; make it with create_engine"):
        Session("sqlite://").scalars(select(User))


def test_sync_and_async_engines_are_told_apart(engine: Engine) -> None:
    async def program(other: AsyncEngine) -> None:
        with pytest.raises(ArgumentError, match=r"got AsyncEngine\(.*use AsyncSession"):
            sessionmaker(other)().execute("select 1")
        with pytest.raises(ArgumentError, match=r"got Engine\(.*create_async_engine"):
            await async_sessionmaker(engine)().execute("select 1")
        with pytest.raises(MissingGreenlet, match=r"run_sync\(metadata\.create_all\)"):
            MetaData().create_all(other)  # type: ignore[arg-type]
        async with AsyncSession(other) as session:
            with pytest.raises(MissingGreenlet, match=r"await session\.execute"):
                session.sync_session.execute("select 1")
        assert other.pool.checkedout() == 0  # type: ignore[attr-defined]

    run_async(program)


def test_a_call_without_await_says_so() -> None:
    async def program(engine: AsyncEngine) -> None:
        async with AsyncSession(engine) as session:
            with (
                pytest.warns(RuntimeWarning, match=r"'AsyncSession\.execute' was never awaited"),
                pytest.raises(AttributeError, match="coroutine"),
            ):
                session.execute("select 1").all()  # type: ignore[attr-defined]
            assert await session.scalar("select 1") == 1

    run_async(program)


def test_an_engine_disposed_under_a_session() -> None:
    engine = create_engine("sqlite://")
    session = Session(engine)
    session.execute("select 1")
    engine.dispose()
    with pytest.raises(ProgrammingError, match="closed database"):
        session.execute("select 1")
    session.rollback()
    assert session.scalar("select 1") == 1
    session.close()
    engine.dispose()


def test_an_async_engine_disposed_under_a_session() -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        session = AsyncSession(engine)
        await session.execute("select 1")
        await engine.dispose()
        with pytest.raises(ProgrammingError, match="closed database"):
            await session.execute("select 1")
        await session.rollback()
        assert await session.scalar("select 1") == 1
        await session.close()
        await engine.dispose()

    asyncio.run(main())


def test_a_failed_bulk_insert_names_the_rows_that_clash(session: Session) -> None:
    session.add_all([User(name="cyd"), User(name="dan"), User(name="cyd")])
    with pytest.raises(IntegrityError, match=r"<User name='cyd'>, <User name='cyd'>") as caught:
        session.flush()
    assert [user.name for user in caught.value.objects] == ["cyd", "cyd"]  # type: ignore[attr-defined]
    session.rollback()
    assert len(session.new) == 3
    caught.value.objects[1].name = "cyd 2"  # type: ignore[attr-defined]
    session.commit()
    assert session.scalar(select(func.count()).select_from(User)) == 5
