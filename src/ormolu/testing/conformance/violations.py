"""A violated constraint is described in one way, whatever the database and the driver."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest

from ...exc import ConstraintViolation, DBAPIError, IntegrityError
from ...orm import DeclarativeBase, Mapped, mapped_column
from ...schema import CheckConstraint, ForeignKey, Index, MetaData, UniqueConstraint
from ...sql import delete, insert, text, update
from ...types import String
from .suite import Database, Suite


class Base(DeclarativeBase):
    """The base of the two classes."""


class Ship(Base):
    """Has a constraint of every kind."""

    __tablename__ = "ship"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(20))
    port: Mapped[str | None] = mapped_column(String(20))
    berth: Mapped[int | None]
    code: Mapped[int | None] = mapped_column(unique=True)

    __table_args__ = (
        UniqueConstraint("port", "berth", name="uq_ship_berth"),
        CheckConstraint("berth > 0", name="ck_ship_berth"),
        Index("ix_ship_name", "name", unique=True),
    )


class Sailor(Base):
    """Refers to a ship."""

    __tablename__ = "sailor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id", name="fk_sailor_ship"))


ANNA = {"id": 1, "name": "Anna", "port": "Oslo", "berth": 1, "code": 7}
BELA: dict[str, Any] = {"id": 2, "name": "Bela", "port": None, "berth": None, "code": None}


class ViolationSuite(Suite):
    """``DBAPIError.constraint`` and ``.sqlstate``."""

    metadata: ClassVar[MetaData | None] = Base.metadata

    async def _fill(self, db: Database) -> None:
        if db.engine.dialect.name == "sqlite":
            async with db.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.execute(text("PRAGMA foreign_keys = ON"))
        async with db.connect() as connection, connection.begin():
            await connection.execute(insert(Ship), ANNA)
            await connection.execute(insert(Sailor), {"id": 1, "ship_id": 1})

    async def _refused(self, db: Database, statement: Any, rows: Any = None) -> DBAPIError:
        async with db.connect() as connection:
            with pytest.raises(IntegrityError) as caught:
                await connection.execute(statement, rows)
            await connection.rollback()
        return caught.value

    async def _violated(
        self, db: Database, statement: Any, rows: Any = None
    ) -> ConstraintViolation:
        violation = (await self._refused(db, statement, rows)).constraint
        assert violation is not None
        return violation

    async def _check(
        self,
        db: Database,
        statement: Any,
        expected: tuple[str, str | None, str, Sequence[str]],
        rows: Any = None,
    ) -> None:
        found = await self._violated(db, statement, rows)
        assert (found.kind, found.name, found.table, list(found.columns)) == expected

    async def test_unique_constraint(self, db: Database) -> None:
        await self._fill(db)
        row = {**BELA, "port": "Oslo", "berth": 1}
        expected = ("unique", "uq_ship_berth", "ship", ["port", "berth"])
        await self._check(db, insert(Ship), expected, row)
        await self._check(db, insert(Ship.__table__), expected, [row, {**BELA, "id": 3}])

    async def test_unique_index(self, db: Database) -> None:
        await self._fill(db)
        expected = ("unique", "ix_ship_name", "ship", ["name"])
        await self._check(db, insert(Ship), expected, {**BELA, "name": "Anna"})

    async def test_unique_constraint_without_a_name(self, db: Database) -> None:
        await self._fill(db)
        found = await self._violated(db, insert(Ship), {**BELA, "code": 7})
        assert (found.kind, found.table, found.columns) == ("unique", "ship", ("code",))

    async def test_primary_key(self, db: Database) -> None:
        await self._fill(db)
        found = await self._violated(db, insert(Ship), {**BELA, "id": 1})
        assert (found.kind, found.table, found.columns) == ("unique", "ship", ("id",))

    async def test_not_null(self, db: Database) -> None:
        await self._fill(db)
        expected = ("not_null", None, "ship", ["name"])
        await self._check(db, insert(Ship), expected, {**BELA, "name": None})
        await self._check(db, update(Ship).values(name=None), expected)

    async def test_check(self, db: Database) -> None:
        await self._fill(db)
        found = await self._violated(db, insert(Ship), {**BELA, "berth": -1})
        assert (found.kind, found.name, found.table) == ("check", "ck_ship_berth", "ship")

    async def test_foreign_key_to_a_row_that_is_not_there(self, db: Database) -> None:
        await self._fill(db)
        expected = ("foreign_key", "fk_sailor_ship", "sailor", ["ship_id"])
        await self._check(db, insert(Sailor), expected, {"id": 2, "ship_id": 99})
        await self._check(db, update(Sailor).values(ship_id=99), expected)

    async def test_foreign_key_of_rows_that_refer(self, db: Database) -> None:
        await self._fill(db)
        expected = ("foreign_key", "fk_sailor_ship", "sailor", ["ship_id"])
        await self._check(db, delete(Ship), expected)

    async def test_flush_names_the_object_and_the_constraint(self, db: Database) -> None:
        await self._fill(db)
        async with db.session(on_exit="rollback") as session:
            session.add(ship := Ship(**{**BELA, "port": "Oslo", "berth": 1}))
            with pytest.raises(IntegrityError, match="UNIQUE constraint uq_ship_berth") as caught:
                await session.flush()
            error = caught.value
            assert error.objects == (ship,) and error.constraint is not None
            assert error.constraint.name == "uq_ship_berth"
            assert error.constraint.columns == ("port", "berth")
            await session.rollback()
            ship.berth = -1
            with pytest.raises(IntegrityError, match="CHECK constraint ck_ship_berth"):
                await session.flush()
            await session.rollback()

    async def test_flush_tells_the_culprits_of_a_batch(self, db: Database) -> None:
        await self._fill(db)
        async with db.session(on_exit="rollback") as session:
            ships = [Ship(id=n, name=f"ship {n}") for n in range(2, 6)]
            ships[1].name = ships[3].name = "twin"
            session.add_all(ships)
            with pytest.raises(IntegrityError) as caught:
                await session.flush()
            assert caught.value.objects == (ships[1], ships[3])
            await session.rollback()

    async def test_statement_without_metadata(self, db: Database) -> None:
        await self._fill(db)
        error = await self._refused(
            db, text("INSERT INTO ship (id, name, port, berth) VALUES (2, 'B', 'Oslo', 1)")
        )
        assert error.constraint is not None
        assert error.constraint.kind == "unique"
        # Which of the two depends on the database; never neither.
        assert error.constraint.name == "uq_ship_berth" or error.constraint.table == "ship"

    async def test_other_errors_have_no_constraint(self, db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(DBAPIError) as caught:
                await connection.execute(text("SELECT * FROM nowhere"))
        assert caught.value.constraint is None

    async def test_sqlstate_and_number(self, db: Database) -> None:
        await self._fill(db)
        error = await self._refused(db, insert(Ship), {**BELA, "id": 1})
        known = {"sqlite": (None, 1555), "postgresql": ("23505", None)}
        assert (error.sqlstate, error.errno) == known.get(db.engine.dialect.name, ("23000", 1062))

    async def test_errors_are_pickled_with_all_they_say(self, db: Database) -> None:
        await self._fill(db)
        error = await self._refused(db, insert(Ship), {**BELA, "id": 1})
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is IntegrityError and str(copy) == str(error)
        for name in ("sqlstate", "errno", "constraint", "connection_invalidated", "detail"):
            assert getattr(copy, name) == getattr(error, name)
