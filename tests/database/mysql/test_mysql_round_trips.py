"""What is sent, as the server counts it: a session costs its statements and one COMMIT or ROLLBACK.

That is what a program on the driver sends that ends its transactions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from every_driver import through_each

from ormolu import String, select, text
from ormolu.orm import DeclarativeBase, Mapped, mapped_column
from ormolu.testing.conformance import Database, Suite

COUNT = text("SHOW SESSION STATUS LIKE 'Questions'")


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(50))


async def _questions(db: Database) -> int:
    async with db.connect() as connection:
        _, count = (await connection.execute(COUNT)).one()
        return int(count)


async def sent(db: Database, work: Callable[[], Awaitable[Any]]) -> int:
    """How many statements some work sends, the pool's only connection being open."""
    before, again = await _questions(db), await _questions(db)
    await work()
    return await _questions(db) - again - (again - before)


class RoundTripsSuite(Suite):
    """Statements, counted by the server."""

    metadata = Base.metadata
    engine_options: ClassVar[dict[str, Any]] = {"pool_size": 1, "max_overflow": 0}

    async def test_a_session_that_does_nothing_sends_nothing(self, db: Database) -> None:
        async def work() -> None:
            async with db.session():
                pass
            async with db.session() as session:
                await session.commit()

        assert await sent(db, work) == 0

    async def test_a_session_that_reads_sends_a_statement_and_its_end(self, db: Database) -> None:
        async def committed() -> None:
            async with db.session() as session:
                (await session.execute(text("SELECT 1"))).all()

        async def closed() -> None:
            session = db.session()
            assert await session.get(Note, 1) is None
            await session.close()

        async def left() -> None:
            async with db.connect() as connection:
                (await connection.execute(select(Note.words))).all()

        for work in (committed, closed, left):
            assert await sent(db, work) == 2

    async def test_a_session_that_writes_sends_an_insert_and_a_commit(self, db: Database) -> None:
        async def work() -> None:
            async with db.session() as session:
                session.add(Note(words="a"))
                await session.commit()

        assert await sent(db, work) == 2

    async def test_begin_and_savepoints(self, db: Database) -> None:
        async def work() -> None:
            async with db.connect() as connection, connection.begin(), connection.begin_nested():
                await connection.execute(text("INSERT INTO note (words) VALUES ('a')"))

        assert await sent(db, work) == 4

    async def test_autocommit_needs_no_end(self, db: Database) -> None:
        async def work() -> None:
            async with db.connect() as connection:
                automatic = await connection.execution_options(isolation_level="AUTOCOMMIT")
                for _ in range(3):
                    await automatic.execute(text("INSERT INTO note (words) VALUES ('a')"))

        # Besides, the server is told to commit by itself, and the next time not to.
        assert await sent(db, work) == 3 + 2


globals().update(through_each(RoundTripsSuite))
