"""A failed INSERT of many rows shows the rows, not the arrays that were sent for them."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from typing import Any

import pytest

from ormolu import Column, create_engine, insert
from ormolu.exc import DBAPIError
from ormolu.ext.asyncio import create_async_engine
from ormolu.orm import Session, declarative_base
from ormolu.types import Integer, String

Base: Any = declarative_base()


class Ship(Base):
    """Refuses a name that is there, or too long."""

    __tablename__ = "ship"
    id = Column(Integer, primary_key=True)
    name = Column(String(10), unique=True)


NAMES = [{"name": f"n{i % 50}"} for i in range(60)]
LONG = [{"name": "x" * 20}, {"name": "y"}]

FAILURES: dict[str, tuple[Callable[[Session], Any], list[str]]] = {
    "objects": (
        lambda session: (session.add_all([Ship(**row) for row in NAMES]), session.flush()),
        [row["name"] for row in NAMES],
    ),
    "rows": (
        lambda session: session.execute(insert(Ship), NAMES),
        [row["name"] for row in NAMES],
    ),
    "rows with keys": (
        lambda session: session.execute(insert(Ship).returning(Ship.id), NAMES),
        [row["name"] for row in NAMES],
    ),
    "too long": (
        lambda session: session.execute(insert(Ship), LONG),
        [row["name"] for row in LONG],
    ),
    "core": (
        lambda session: session.connection().execute(insert(Ship.__table__), NAMES),
        [row["name"] for row in NAMES],
    ),
}


def failed(work: Callable[[Session], Any], bind: Any) -> DBAPIError:
    Base.metadata.create_all(bind)
    with Session(bind, on_exit="rollback") as session, pytest.raises(DBAPIError) as error:
        work(session)
    return error.value


async def awaited(url: str, work: Callable[[Session], Any]) -> DBAPIError:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda face: failed(work, face))
    await engine.dispose()
    return found


def check(error: DBAPIError, names: list[str], bind: str) -> None:
    by_name = bind.startswith("%")
    assert error.statement == f"INSERT INTO ship (name) VALUES ({bind}::VARCHAR) RETURNING ship.id"
    assert error.params == [{"name": name} if by_name else (name,) for name in names]
    assert ("displaying 10 of 60 total bound parameter sets" in str(error)) is (len(names) > 10)
    assert "unnest" not in str(error)


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.backend("postgresql+psycopg")
def test_psycopg(backend_url: str, case: str) -> None:
    work, names = FAILURES[case]
    engine = create_engine(backend_url)
    check(failed(work, engine), names, "%(name)s")
    engine.dispose()


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.parametrize(
    ("backend_url", "bind"),
    [("postgresql+psycopg_async", "%(name)s"), ("postgresql+asyncpg", "$1")],
    indirect=["backend_url"],
)
def test_async_drivers(backend_url: str, bind: str, case: str) -> None:
    work, names = FAILURES[case]
    check(asyncio.run(awaited(backend_url, work)), names, bind)


@pytest.mark.backend("postgresql+psycopg")
def test_they_are_abbreviated_as_sqlalchemys(backend_url: str) -> None:
    """SQLAlchemy shows the sets where it sends them so: by ``executemany``."""
    sqlalchemy = importlib.import_module("sqlalchemy")
    engine = sqlalchemy.create_engine(backend_url, use_insertmanyvalues=False)
    metadata = sqlalchemy.MetaData()
    ship = sqlalchemy.Table(
        "ship",
        metadata,
        sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True),
        sqlalchemy.Column("name", sqlalchemy.String(10), unique=True),
    )
    metadata.create_all(engine)
    with engine.connect() as connection, pytest.raises(sqlalchemy.exc.DBAPIError) as theirs:
        connection.execute(sqlalchemy.insert(ship), NAMES)
    engine.dispose()
    ours = create_engine(backend_url)
    error = failed(FAILURES["core"][0], ours)
    ours.dispose()
    shown = str(error).partition("[parameters: ")[2]
    assert shown == str(theirs.value).partition("[parameters: ")[2].partition("\n(Background")[0]
    assert error.params == theirs.value.params
