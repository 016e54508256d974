"""Sessions with ``twophase=True``: several databases commit together, or none of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ormolu import Engine, Integer, create_engine, event, exc, select, text
from ormolu.engine.async_engine import create_async_engine
from ormolu.ext.asyncio import AsyncSession
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column

SERVERS = pytest.mark.parametrize(
    "backend_url",
    ["postgresql+psycopg", "mysql+mysqldb", "mysql+pymysql"],
    indirect=True,
)
ASYNC_SERVERS = pytest.mark.parametrize(
    "backend_url",
    ["postgresql+asyncpg", "postgresql+psycopg_async", "mysql+asyncmy"],
    indirect=True,
)


OWN: set[str] = set()
"""The identifiers of the transactions that this module's tests have prepared."""


class Base(DeclarativeBase):
    pass


class Entry(Base):
    __tablename__ = "twophase_entry"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


@pytest.fixture
def engines(backend_url: str) -> Iterator[tuple[Engine, Engine]]:
    """Two engines on one database, whose pools are apart."""
    one, other = create_engine(backend_url), create_engine(backend_url)
    for engine in (one, other):
        event.listen(engine, "prepare_twophase", lambda connection, xid: OWN.add(xid))
    Base.metadata.create_all(one)
    yield one, other
    one.dispose()
    other.dispose()


def ids(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(Entry.id).order_by(Entry.id)))


def prepared(engine: Engine) -> list[str]:
    """The test's own transactions that wait for their end; a server tells of everybody's."""
    with engine.connect() as connection:
        return sorted(OWN.intersection(connection.recover_twophase()))


def insert(session: Session, engine: Engine, key: int) -> None:
    connection = session.connection(bind_arguments={"bind": engine})
    connection.execute(Entry.__table__.insert(), {"id": key})


@SERVERS
def test_a_commit_commits_on_every_engine(engines: tuple[Engine, Engine]) -> None:
    one, other = engines
    with Session(one, twophase=True) as session:
        session.add(Entry(id=1))
        insert(session, other, 2)
        session.commit()
        assert ids(one) == [1, 2]
        with session.begin_nested():
            session.add(Entry(id=3))
    assert ids(one) == [1, 2, 3]
    assert prepared(one) == []


@SERVERS
def test_what_is_prepared_is_committed_or_rolled_back(engines: tuple[Engine, Engine]) -> None:
    one, other = engines
    session = Session(one, twophase=True)
    session.add(Entry(id=1))
    insert(session, other, 2)
    session.prepare()
    assert len(prepared(one)) == 2
    assert ids(one) == []
    with pytest.raises(exc.InvalidRequestError, match="'prepared' state"):
        session.execute(text("SELECT 1"))
    session.commit()
    assert ids(one) == [1, 2]
    insert(session, one, 3)
    insert(session, other, 4)
    session.prepare()
    session.rollback()
    assert (ids(one), prepared(one)) == ([1, 2], [])
    session.close()
    assert [engine.pool.checkedout() for engine in engines] == [0, 0]  # type: ignore[attr-defined]


@SERVERS
def test_one_refusal_rolls_all_of_them_back(engines: tuple[Engine, Engine]) -> None:
    one, other = engines
    with Session(one, twophase=True) as session:
        session.add(Entry(id=1))
        session.commit()
        insert(session, other, 2)
        session.add(Entry(id=1))
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        session.expunge_all()  # the refused one is pending again
        insert(session, other, 3)
        session.commit()
    assert (ids(one), prepared(one)) == ([1, 3], [])


@SERVERS
def test_rollback_and_close_end_it_before_it_is_prepared(engines: tuple[Engine, Engine]) -> None:
    one, other = engines
    session = Session(one, twophase=True)
    insert(session, one, 1)
    insert(session, other, 2)
    session.rollback()
    insert(session, one, 1)
    session.close()
    assert (ids(one), prepared(one)) == ([], [])


@ASYNC_SERVERS
def test_an_asynchronous_session_commits_in_two_phases(backend_url: str) -> None:
    async def program() -> None:
        engine = create_async_engine(backend_url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with AsyncSession(engine, sync_session_class=Session, twophase=True) as session:
            session.add(Entry(id=1))
            await session.commit()
            session.add(Entry(id=2))
            await session.rollback()
        async with engine.connect() as connection:
            assert list(await connection.scalars(select(Entry.id))) == [1]
        await engine.dispose()

    asyncio.run(program())


def test_a_database_without_two_phases_says_so() -> None:
    session = Session(create_engine("sqlite://"), twophase=True)
    with pytest.raises(NotImplementedError, match="'sqlite' dialect has no two-phase"):
        session.execute(text("SELECT 1"))
    session.rollback()
    assert not session.in_transaction()


def test_only_a_root_of_two_phases_can_be_prepared() -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(exc.InvalidRequestError, match="'twophase' mode not enabled"):
        Session(engine).prepare()
    session = Session(engine, twophase=True)
    session.begin()
    session.prepare()  # nothing has begun on any database
    session.commit()
