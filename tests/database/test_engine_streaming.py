"""Rows that stay with the driver until they are read, through Core, the ORM, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from ormolu import ForeignKey, create_engine, event, exc, insert, select, text
from ormolu.engine import Engine
from ormolu.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from ormolu.ext.asyncio.exc import AsyncContextNotStarted, AsyncMethodRequired
from ormolu.io import requests as rq
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)
from ormolu.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Ship(Base):
    __tablename__ = "ships"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    crew: Mapped[list[Sailor]] = relationship()


class Sailor(Base):
    __tablename__ = "sailors"
    id: Mapped[int] = mapped_column(primary_key=True)
    ship_id: Mapped[int] = mapped_column(ForeignKey("ships.id"))


SHIPS = [{"id": number, "name": f"ship {number}"} for number in range(1, 11)]
CREW = [{"id": number, "ship_id": 1 + number // 2} for number in range(20)]


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        connection.execute(insert(Ship.__table__), SHIPS)
        connection.execute(insert(Sailor.__table__), CREW)
    yield engine
    engine.dispose()


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The sizes of the chunks that are fetched from open cursors."""
    sizes: list[int | None] = []

    original = rq.Fetch.__init__

    def init(self: rq.Fetch, cursor: Any, size: int | None) -> None:
        original(self, cursor, size)
        sizes.append(size)

    monkeypatch.setattr(rq.Fetch, "__init__", init)
    return sizes


def test_rows_are_fetched_as_they_are_read(engine: Engine, fetched: list[int | None]) -> None:
    with engine.connect() as connection:
        statement = select(Ship.__table__).execution_options(yield_per=4)
        result = connection.execute(statement)
        assert fetched == []
        partitions = result.partitions()
        assert len(next(partitions)) == 4
        assert fetched == [4]
        assert [len(part) for part in partitions] == [4, 2]
        assert fetched == [4, 4, 4, 4]
        assert result.all() == []


def test_the_chunk_may_be_set_on_the_result(engine: Engine, fetched: list[int | None]) -> None:
    with engine.connect() as connection:
        options = {"stream_results": True, "max_row_buffer": 6}
        ships = text("SELECT * FROM ships")
        assert len(connection.execute(ships, execution_options=options).all()) == 10
        assert fetched == [6, 6, 6]
        result = connection.execute(ships, execution_options=options)
        assert len(result.yield_per(9).all()) == 10
        assert fetched[3:] == [9, 9, 9]


def test_closing_a_result_closes_its_cursor(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"yield_per": 2}
        result = connection.execute(text("SELECT * FROM ships"), execution_options=options)
        assert result.fetchone() is not None
        result.close()
        with pytest.raises(exc.ResourceClosedError):
            result.fetchone()
        connection.exec_driver_sql("DROP TABLE sailors")


def test_what_gives_no_rows_is_executed_as_usual(engine: Engine, fetched: list[int | None]) -> None:
    with engine.connect().execution_options(yield_per=3) as connection:
        assert connection.execute(text("DELETE FROM sailors")).rowcount == 20
        assert connection.execute(insert(Sailor.__table__), CREW).rowcount == 20
    assert fetched == []


def test_listeners_hear_of_streams(engine: Engine) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    event.listen(engine, "before_execute", lambda *args: heard.append("before"))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"), execution_options={"yield_per": 1}).all()
    assert heard == ["before", "SELECT 1"]


def test_objects_are_loaded_chunk_by_chunk(engine: Engine, fetched: list[int | None]) -> None:
    with Session(engine) as session:
        ships = session.scalars(select(Ship).execution_options(yield_per=4))
        assert next(ships).name == "ship 1"
        assert fetched == [4]
        assert len(session.identity_map) == 4
        assert [ship.id for ship in ships] == list(range(2, 11))


def test_relationships_of_each_chunk_are_loaded_with_it(engine: Engine) -> None:
    statement = select(Ship).options(selectinload(Ship.crew)).execution_options(yield_per=3)
    with Session(engine) as session:
        parts = session.scalars(statement).partitions()
        assert [[len(ship.crew) for ship in part] for part in parts] == [[2] * 3] * 3 + [[2]]


def test_columns_and_texts_stream_in_sessions(engine: Engine, fetched: list[int | None]) -> None:
    with Session(engine) as session:
        options = {"yield_per": 5}
        columns = session.execute(select(Ship.id, Ship.name), execution_options=options)
        assert len(columns.all()) == 10
        assert len(session.execute(text("SELECT 1"), execution_options=options).all()) == 1
        assert session.query(Ship).yield_per(5).count() == 10
        assert len(list(session.query(Ship).yield_per(5))) == 10
    assert set(fetched) == {5}


def test_joined_collections_do_not_stream(engine: Engine) -> None:
    statement = select(Ship).options(joinedload(Ship.crew)).execution_options(yield_per=3)
    with Session(engine) as session, pytest.raises(exc.InvalidRequestError, match="selectinload"):
        session.scalars(statement)


async def _asynchronous() -> AsyncEngine:
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(insert(Ship.__table__), SHIPS)
        await connection.execute(insert(Sailor.__table__), CREW)
    return engine


def test_async_connections_stream(fetched: list[int | None]) -> None:
    async def main() -> None:
        engine = await _asynchronous()
        async with engine.connect() as connection:
            statement = select(Ship.__table__).execution_options(yield_per=4)
            result = await connection.stream(statement)
            assert [len(part) async for part in result.partitions()] == [4, 4, 2]
            assert set(fetched) == {4}
            async with connection.stream_scalars(select(Ship.name)) as names:
                assert await names.first() == "ship 1"
            assert (await connection.stream(text("DELETE FROM sailors"))).closed is False
        await engine.dispose()

    asyncio.run(main())


def test_async_sessions_stream(fetched: list[int | None]) -> None:
    async def main() -> None:
        engine = await _asynchronous()
        async with AsyncSession(engine) as session:
            statement = select(Ship).options(selectinload(Ship.crew))
            result = await session.stream(statement.execution_options(yield_per=4))
            parts = [[len(ship.crew) for (ship,) in part] async for part in result.partitions()]
            assert parts == [[2] * 4, [2] * 4, [2] * 2]
            assert set(fetched) == {4}
            names = await session.stream_scalars(select(Ship.name).order_by(Ship.id))
            assert [name async for name in names][-1] == "ship 10"
            joined = await session.stream(select(Ship).options(joinedload(Ship.crew)))
            assert len(await joined.unique().all()) == 10
        await engine.dispose()

    asyncio.run(main())


def test_what_is_read_without_awaiting_can_not_stay_with_the_driver() -> None:
    statement = select(Ship.id).execution_options(yield_per=3)
    streamed = {"stream_results": True}

    async def main() -> None:
        engine = await _asynchronous()
        async with engine.connect() as connection, AsyncSession(engine) as session:
            for target in (connection, session):
                with pytest.raises(AsyncMethodRequired, match=r"Use Async\w+\.stream\(\)"):
                    await target.execute(statement)
                with pytest.raises(AsyncMethodRequired):
                    await target.scalars(select(Ship.id), execution_options=streamed)
                written = await target.execute(
                    text("DELETE FROM sailors"), execution_options=streamed
                )
                assert written.rowcount >= 0  # type: ignore[attr-defined]
                await target.rollback()
        await engine.dispose()

    asyncio.run(main())


def test_a_connection_that_was_not_awaited_says_so() -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        connection = engine.connect()
        with pytest.raises(AsyncContextNotStarted, match=r"await engine\.connect\(\)"):
            await connection.execute(text("SELECT 1"))
        async with connection:
            with pytest.raises(AsyncContextNotStarted, match=r"await connection\.begin\(\)"):
                await connection.begin().commit()
        await engine.dispose()

    asyncio.run(main())


def test_blocking_code_in_run_sync_streams(fetched: list[int | None]) -> None:
    async def main() -> list[int]:
        engine = await _asynchronous()
        async with AsyncSession(engine) as session:
            statement = select(Ship.id).execution_options(yield_per=6)
            found = await session.run_sync(lambda inner: list(inner.scalars(statement)))
        await engine.dispose()
        return found

    assert asyncio.run(main()) == list(range(1, 11))
    assert fetched == [6, 6, 6]
