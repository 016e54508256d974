"""`eager_defaults`: what the database computes is there after the flush, or when it is used."""

from __future__ import annotations

from typing import Any

import pytest

from ...exc import IntegrityError
from ...orm import DeclarativeBase, Mapped, mapped_column
from ...schema import Computed
from ...sql import func, insert, select
from ...types import Integer, String
from .suite import Database, Suite

__all__ = ["EagerDefaultSuite"]


class Base(DeclarativeBase):
    pass


class Eager(Base):
    __tablename__ = "eager_numbers"
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
    twice: Mapped[int | None] = mapped_column(Integer, Computed("n * 2", persisted=True))


class Lazy(Base):
    __tablename__ = "lazy_numbers"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
    twice: Mapped[int] = mapped_column(Integer, Computed("n * 2", persisted=True))


class Coded(Base):
    """A key of which an expression makes a part."""

    __tablename__ = "coded"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(20), primary_key=True, default=func.upper("made"))
    n: Mapped[int] = mapped_column(Integer)


class EagerDefaultSuite(Suite):
    """Reading after a flush; where nothing may be loaded, an asynchronous program can't wait."""

    async def test_an_update_fetches_what_the_database_computed(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            objects = [Eager(n=n) for n in (1, 2, 3)]
            session.add_all(objects)
            await session.flush()
            for each in objects:
                each.n += 10
            await session.flush()
            with db.counting() as counted:
                assert [each.twice for each in objects] == [22, 24, 26]
            assert len(counted) == 0

    async def test_expressions_as_values_are_fetched(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            made: Any = Eager(n=func.abs(-4))
            session.add(made)
            await session.flush()
            assert (made.__dict__["n"], made.__dict__["twice"]) == (4, 8)
            made.n = Eager.n + 1
            await session.flush()
            assert (made.__dict__["n"], made.__dict__["twice"]) == (5, 10)

    async def test_an_insert_returns_what_its_expressions_made(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            made: Any = [Lazy(n=func.abs(-4)), Lazy(n=5), Lazy(n=func.abs(-6))]
            session.add_all(made)
            await session.flush()
            if not db.engine.dialect.insert_returning:
                for each in made:
                    await session.refresh(each)
            with db.counting() as counted:
                assert [(each.n, each.twice) for each in made] == [(4, 8), (5, 10), (6, 12)]
            assert len(counted) == 0
            await session.commit()
            keys = [(await session.get_one(Lazy, n)).n for n in (1, 2, 3)]
            assert keys == [4, 5, 6]

    async def test_an_expression_is_a_value_again_when_the_insert_failed(
        self, db: Database
    ) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            made: Any = Lazy(id=1, n=func.abs(-4))
            session.add_all([Lazy(id=1, n=3), made])
            with pytest.raises(IntegrityError):
                await session.flush()
            assert "twice" not in made.__dict__
            await session.rollback()
            session.expunge_all()
            session.add(made)
            await session.commit()
            assert (await session.get_one(Lazy, 1)).n == 4

    async def test_a_key_that_an_expression_makes_is_known(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            made = [Coded(id=1, n=1), Coded(id=2, code="given", n=2), Coded(id=3, n=func.abs(-3))]
            session.add_all(made)
            await session.flush()
            assert [each.code for each in made] == ["MADE", "given", "MADE"]
            made[2].n = 4
            await session.commit()
            assert (await session.get_one(Coded, (3, "MADE"))).n == 4
        async with db.connect() as connection:
            one = await connection.execute(insert(Coded.__table__).values(id=4, n=4))
            assert one.inserted_primary_key == (4, "MADE")
            await connection.execute(
                insert(Coded.__table__), [{"id": 5, "n": 5}, {"id": 6, "n": 6}]
            )
            codes = select(Coded.code).where(Coded.id > 4)
            assert (await connection.scalars(codes)).all() == ["MADE", "MADE"]

    @pytest.mark.parametrize("cls", [Eager, Lazy])
    async def test_values_are_right_when_they_are_used(self, db: Database, cls: Any) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            one = cls(n=1)
            session.add(one)
            await session.flush()
            one.n = 7
            await session.flush()
            assert ("twice" in one.__dict__) is (cls is Eager)
            await session.refresh(one, ["twice"])
            assert one.twice == 14
