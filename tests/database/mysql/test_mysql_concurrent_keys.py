"""Each new object has its own key, whoever else inserts into the table meanwhile.

MySQL's counters are interleaved by default (``innodb_autoinc_lock_mode = 2``): while one statement
inserts many rows, others take numbers too, so the keys of its rows needn't follow each other.
https://dev.mysql.com/doc/refman/8.4/en/innodb-auto-increment-handling.html
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from every_driver import through_each

from ormolu import String, func, insert, select
from ormolu.ext.asyncio import AsyncEngine, AsyncSession
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.testing.conformance import Database, Suite

_WRITERS = 5
_ROUNDS = 4
_OBJECTS = 60


class Base(DeclarativeBase):
    pass


class Ticket(Base):
    __tablename__ = "ticket"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int | None] = mapped_column(server_default="3")


class Template(Base):
    __tablename__ = "template"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)


Told = list[tuple[int, str]]


def write(session: Session, writer: int) -> Told:
    """Insert objects in several flushes; return what the session says of them."""
    told: Told = []
    for turn in range(_ROUNDS):
        names = [f"{writer}.{turn}.{i}" for i in range(_OBJECTS)]
        # Those with a rank go in statements of their own; keys are told in any case.
        tickets = [Ticket(name=n, rank=i) if i % 20 < 5 else Ticket(name=n)
                   for i, n in enumerate(names)]  # fmt: skip
        session.add_all(tickets)
        session.flush()
        told += [(ticket.id, ticket.name) for ticket in tickets]
        # How many rows this will insert isn't known before: its numbers mix with others'.
        session.execute(insert(Ticket).from_select(["name"], select(Template.name)))
        session.commit()
    return told


def in_threads(db: Database) -> list[Told]:
    def one(writer: int) -> Told:
        engine: Any = db.engine
        with Session(engine, expire_on_commit=False) as session:
            return write(session, writer)

    with ThreadPoolExecutor(_WRITERS) as pool:
        return list(pool.map(one, range(_WRITERS)))


async def in_tasks(engine: AsyncEngine) -> list[Told]:
    async def one(writer: int) -> Told:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            return await session.run_sync(write, writer)

    return await asyncio.gather(*map(one, range(_WRITERS)))


class ConcurrentKeysSuite(Suite):
    """Several writers of one table; the keys that objects have are those of their rows."""

    async def test_each_object_has_the_key_of_its_row(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            session.add_all([Template(name=f"copy of {i}") for i in range(_OBJECTS)])
            await session.commit()
        engine = db.engine
        told = await in_tasks(engine) if isinstance(engine, AsyncEngine) else in_threads(db)
        everything = [pair for each in told for pair in each]
        async with db.connect() as connection:
            rows = select(Ticket.id, Ticket.name).where(~Ticket.name.startswith("copy of "))
            stored = (await connection.execute(rows)).all()
            assert await connection.scalar(select(func.count()).select_from(Ticket)) == 2400
        assert len(everything) == 1200
        assert sorted(everything) == sorted(map(tuple, stored))


globals().update(through_each(ConcurrentKeysSuite))
