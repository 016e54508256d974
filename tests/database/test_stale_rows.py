"""Rows that another transaction changed or deleted are noticed, however many are written at once.

On every driver: what a batch has met must be counted, or nobody could tell.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backends.catalogue import BACKENDS
from ormolu import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from ormolu.exc import InvalidRequestError, SAWarning
from ormolu.ext.asyncio import create_async_engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from ormolu.orm.exc import StaleDataError


class Base(DeclarativeBase):
    pass


links = Table(
    "stale_links",
    Base.metadata,
    Column("ship_id", ForeignKey("stale_ship.id"), primary_key=True),
    Column("port_id", ForeignKey("stale_port.id"), primary_key=True),
)


class Ship(Base):
    """Its rows have versions."""

    __tablename__ = "stale_ship"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    returning: Mapped[int | None] = mapped_column("RETURNING")
    version: Mapped[int] = mapped_column()
    ports: Mapped[list[Port]] = relationship(secondary=links)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Port(Base):
    """Its rows have none."""

    __tablename__ = "stale_port"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


Work = Callable[[Session], Any]


@pytest.fixture(params=list(BACKENDS))
def run(request: pytest.FixtureRequest) -> Iterator[Callable[[Work], Any]]:
    """Runs a function with a session over five ships and five ports, on each backend."""
    request.node.add_marker(pytest.mark.backend(request.param))
    url = request.getfixturevalue("backend_url")

    def fill(session: Session) -> None:
        session.add_all([Ship(id=n, name=f"ship {n}") for n in range(1, 6)])
        session.add_all([Port(id=n, name=f"port {n}") for n in range(1, 6)])
        session.flush()
        session.get_one(Ship, 1).ports = list(session.scalars(select(Port)))
        session.commit()

    def blocking(work: Work) -> Any:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        try:
            with Session(engine, on_exit="rollback") as session:
                fill(session)
                return work(session)
        finally:
            Base.metadata.drop_all(engine)
            engine.dispose()

    async def awaited(work: Work) -> Any:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        try:
            async with engine.connect() as connection:

                def inner(face: Any) -> Any:
                    with Session(face, on_exit="rollback") as session:
                        fill(session)
                        return work(session)

                return await connection.run_sync(inner)
        finally:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.drop_all)
            await engine.dispose()

    if BACKENDS[request.param].is_async:
        yield lambda work: asyncio.run(awaited(work))
    else:
        yield blocking


def test_a_batch_of_updates_meets_every_version(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> tuple[str, list[int]]:
        ships = list(session.scalars(select(Ship).order_by(Ship.id)))
        for ship in ships:
            ship.name += "!"
        session.flush()
        versions = [ship.version for ship in ships]
        session.execute(text("UPDATE stale_ship SET version = 7 WHERE id = 3"))
        for ship in ships:
            ship.name, ship.returning = "lost", 1
        with pytest.raises(StaleDataError) as error:
            session.flush()
        return str(error.value), versions

    message, versions = run(work)
    assert "expected to update 5 row(s); 4 were matched" in message
    assert versions == [2] * 5


def test_a_batch_of_updates_meets_every_row(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> str:
        ports = list(session.scalars(select(Port)))
        session.execute(delete(links))
        session.execute(text("DELETE FROM stale_port WHERE id > 3"))
        for port in ports:
            port.name += "!"
        with pytest.raises(StaleDataError) as error:
            session.flush()
        return str(error.value)

    assert "expected to update 5 row(s); 3 were matched" in run(work)


def test_a_batch_of_deletes_meets_every_version(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> str:
        ships = list(session.scalars(select(Ship).where(Ship.id > 1)))
        session.execute(text("UPDATE stale_ship SET version = 7 WHERE id = 3"))
        for ship in ships:
            session.delete(ship)
        with pytest.raises(StaleDataError) as error:
            session.flush()
        return str(error.value)

    assert "expected to delete 4 row(s); 3 were matched" in run(work)


def test_a_batch_of_deletes_without_versions_warns(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> None:
        session.execute(delete(links))
        ports = list(session.scalars(select(Port)))
        session.execute(text("DELETE FROM stale_port WHERE id > 3"))
        for port in ports:
            session.delete(port)
        with pytest.warns(SAWarning, match=r"expected to delete 5 row\(s\); 3 were matched"):
            session.flush()

    run(work)


def test_links_that_are_gone(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> str:
        ship = session.get_one(Ship, 1)
        assert len(ship.ports) == 5
        session.execute(text("DELETE FROM stale_links WHERE port_id > 2"))
        ship.ports = []
        with pytest.raises(StaleDataError) as error:
            session.flush()
        return str(error.value)

    assert "stale_links" in run(work)


def test_updates_of_given_rows_meet_all_of_them(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> list[Any]:
        seen: list[Any] = []
        given = [{"id": n, "name": "new"} for n in (1, 2, 9)]
        for write in (
            lambda: session.execute(update(Port), given),
            lambda: session.bulk_update_mappings(Port, given),
            lambda: session.execute(update(Ship), [{**row, "version": 1} for row in given]),
            lambda: session.execute(update(Ship), [{"id": 1, "name": "x", "version": 5}]),
        ):
            with pytest.raises(StaleDataError) as error:
                write()
            seen.append(str(error.value).partition(" were matched")[0][-11:])
            session.rollback()
        with pytest.raises(InvalidRequestError, match=r"No version.*stale_ship\.version"):
            session.execute(update(Ship), given)
        result: Any = session.execute(
            update(Ship), [{"id": n, "name": "new", "version": 1} for n in (1, 2)]
        )
        seen.append(result.rowcount)
        seen.append(session.scalars(select(Ship.version).order_by(Ship.id)).all())
        session.commit()
        return seen

    assert run(work) == [*["3 row(s); 2"] * 3, "1 row(s); 0", 2, [2, 2, 1, 1, 1]]


def test_rows_that_are_inserted_get_their_first_version(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> list[int]:
        session.execute(insert(Ship), [{"id": 6, "name": "f"}, {"id": 7, "name": "g"}])
        session.execute(insert(Ship), {"id": 8, "name": "h"})
        session.bulk_insert_mappings(Ship, [{"id": 9, "name": "i"}, {"id": 10, "name": "j"}])
        session.bulk_save_objects([Ship(id=11, name="k")])
        return list(session.scalars(select(Ship.version).where(Ship.id > 5)))

    assert run(work) == [1] * 6


def test_objects_saved_in_bulk_keep_to_their_versions(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> tuple[list[Any], str]:
        ships = list(session.scalars(select(Ship).order_by(Ship.id)))
        session.expunge_all()
        for ship in ships:
            ship.name = "saved"
        session.bulk_save_objects(ships)
        stored = session.execute(select(Ship.name, Ship.version)).all()
        with pytest.raises(StaleDataError) as error:
            session.bulk_save_objects(ships)
        return [tuple(row) for row in stored], str(error.value)

    stored, message = run(work)
    assert stored == [("saved", 2)] * 5
    assert "5 row(s); 0 were matched" in message


def test_what_many_sets_meet_is_counted(run: Callable[[Work], Any]) -> None:
    def work(session: Session) -> list[int]:
        connection = session.connection()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            changed = connection.execute(
                text("UPDATE stale_port SET name = :name WHERE id > :least"),
                [{"name": "x", "least": 0}, {"name": "y", "least": 3}],
            )
            gone = connection.execute(
                text("DELETE FROM stale_links WHERE port_id = :id"), [{"id": 1}, {"id": 9}]
            )
        return [changed.rowcount, gone.rowcount]

    assert run(work) == [7, 1]
