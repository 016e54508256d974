"""Schema: tables as declared are tables as created; defaults, constraints, names."""

from __future__ import annotations

from typing import Any

import pytest

from ...exc import DBAPIError, IntegrityError
from ...inspection import inspect
from ...orm import (
    DeclarativeBase,
    Mapped,
    declarative_base,
    mapped_column,
    registry,
    relationship,
)
from ...schema import (
    CheckConstraint,
    Column,
    CreateTable,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    UniqueConstraint,
)
from ...sql import func, insert, select, text, true, update
from ...types import Boolean, Integer, String
from .suite import Database, Suite

ODD_NAMES = [
    "select", "order", "group", "MixedCase", "with space", "with-dash", "dot.ted", 'quo"te',
    "ünï", "1digit", "per%cent", "co:lon", "par(en)", "br[ack]et", "question?", "back`tick",
]  # fmt: skip


class DefaultSuite(Suite):
    """Values that nobody gave."""

    async def _table(self, db: Database, *columns: Column[Any]) -> Table:
        metadata = MetaData()
        table = Table("t", metadata, Column("id", Integer, primary_key=True), *columns)
        await db.create(metadata)
        return table

    async def test_python_defaults(self, db: Database) -> None:
        counter = iter(range(10, 99))
        table = await self._table(
            db,
            Column("scalar", Integer, default=7),
            Column("called", Integer, default=lambda: next(counter)),
            Column(
                "context",
                Integer,
                default=lambda context: context.get_current_parameters()["scalar"] * 2,
            ),
            Column("expression", Integer, default=select(func.max(1)).scalar_subquery()),
        )
        async with db.connect() as connection:
            await connection.execute(insert(table), {"scalar": 3})
            await connection.execute(insert(table), [{"scalar": 4}, {"scalar": 5}])
            await connection.execute(insert(table))
            rows = (await connection.execute(select(table).order_by(table.c.id))).all()
        assert rows == [(1, 3, 10, 6, 1), (2, 4, 11, 8, 1), (3, 5, 12, 10, 1), (4, 7, 13, 14, 1)]

    async def test_onupdate(self, db: Database) -> None:
        table = await self._table(
            db, Column("x", Integer), Column("touched", Integer, default=0, onupdate=lambda: 5)
        )
        async with db.connect() as connection:
            await connection.execute(insert(table), {"x": 1})
            await connection.execute(update(table).values(x=2))
            assert (await connection.execute(select(table))).one() == (1, 2, 5)
            await connection.execute(update(table).values(x=2, touched=1))
            assert (await connection.execute(select(table))).one() == (1, 2, 1)

    async def test_server_defaults(self, db: Database) -> None:
        table = await self._table(
            db,
            Column("a", String(20), server_default="it's"),
            Column("b", Integer, server_default=text("40 + 2")),
            Column("c", Boolean, server_default=true(), nullable=False),
        )
        async with db.connect() as connection:
            await connection.execute(insert(table))
            assert (await connection.execute(select(table))).one() == (1, "it's", 42, True)

    async def test_flush_gives_and_fetches_defaults(self, db: Database) -> None:
        class Base(DeclarativeBase): ...

        class Thing(Base):
            __tablename__ = "thing"
            id: Mapped[int] = mapped_column(primary_key=True)
            made: Mapped[int] = mapped_column(default=lambda: 3)
            served: Mapped[str] = mapped_column(String(9), server_default="x")
            touched: Mapped[int | None] = mapped_column(onupdate=8)

        await db.create(Base.metadata)
        async with db.session() as session:
            thing = Thing()
            session.add(thing)
            await session.flush()
            await session.refresh(thing)
            assert (thing.id, thing.made, thing.served, thing.touched) == (1, 3, "x", None)
            thing.made = 4
            await session.commit()
            await session.refresh(thing)
            assert thing.touched == 8


class ConstraintSuite(Suite):
    """Constraints hold, and have the names that the convention gives."""

    async def test_constraints_hold(self, db: Database) -> None:
        metadata = MetaData()
        table = Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("a", Integer, CheckConstraint("a > 0"), nullable=False),
            Column("b", Integer, unique=True),
            Column("c", Integer, index=True),
            UniqueConstraint("a", "c"),
            Index("only_positive", "b", "c"),
        )
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(table), {"a": 1, "b": 1, "c": 1})
            await connection.commit()
            for bad in ({"a": 0}, {"a": None}, {"a": 2, "b": 1}, {"a": 1, "c": 1}):
                with pytest.raises(IntegrityError):
                    await connection.execute(insert(table), bad)
                await connection.rollback()
            assert await connection.scalar(select(func.count()).select_from(table)) == 1

    async def test_naming_convention(self, db: Database) -> None:
        metadata = MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        )
        Table("a", metadata, Column("id", Integer, primary_key=True))
        Table(
            "b",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("a_id", ForeignKey("a.id"), index=True),
            Column("x", Integer),
            UniqueConstraint("a_id", "x"),
            CheckConstraint("x > 0", name="positive"),
        )
        await db.create(metadata)
        assert "CONSTRAINT ck_b_positive CHECK (x > 0)" in str(CreateTable(metadata.tables["b"]))

        def names(connection: Any) -> list[Any]:
            inspector = inspect(connection)
            return [
                inspector.get_pk_constraint("b")["name"],
                [fk["name"] for fk in inspector.get_foreign_keys("b")],
                [ix["name"] for ix in inspector.get_indexes("b") if not ix["unique"]],
                [uq["name"] for uq in inspector.get_unique_constraints("b")],
            ]

        primary_key = "pk_b" if self.names_primary_keys else None
        assert await db.run_sync(names) == [
            primary_key, ["fk_b_a_id_a"], ["ix_b_a_id"], ["uq_b_a_id_x"],
        ]  # fmt: skip

    async def test_checkfirst(self, db: Database) -> None:
        metadata = MetaData()
        table = Table("t", metadata, Column("id", Integer, primary_key=True))
        await db.create(metadata)
        await db.run_sync(metadata.create_all)
        with pytest.raises(DBAPIError, match="t"):
            await db.run_sync(lambda connection: metadata.create_all(connection, checkfirst=False))
        await db.run_sync(lambda connection: metadata.drop_all(connection, tables=[table]))
        assert await db.run_sync(lambda connection: inspect(connection).has_table("t")) is False
        await db.run_sync(metadata.drop_all)
        with pytest.raises(DBAPIError, match="t"):
            await db.run_sync(lambda connection: metadata.drop_all(connection, checkfirst=False))

    async def test_tables_are_created_in_order_of_dependence(self, db: Database) -> None:
        metadata = MetaData()
        child = Table(
            "a_child", metadata, Column("id", Integer, primary_key=True),
            Column("parent_id", ForeignKey("z_parent.id"), nullable=False),
        )  # fmt: skip
        parent = Table("z_parent", metadata, Column("id", Integer, primary_key=True))
        assert metadata.sorted_tables == [parent, child]
        await db.create(metadata)

    @pytest.mark.parametrize("name", ODD_NAMES)
    async def test_odd_identifiers(self, db: Database, name: str) -> None:
        metadata = MetaData()
        table = Table(
            name, metadata, Column("id", Integer, primary_key=True), Column(name, String(9))
        )
        mapped = registry()
        cls: Any = type("Odd", (), {})
        mapped.map_imperatively(cls, table, properties={"value": table.c[name]})
        await db.create(metadata)
        async with db.connect() as connection, connection.begin():
            await connection.execute(insert(table), {name: "one"})
            await connection.execute(insert(table), [{name: "two"}, {name: "three"}])
            await connection.execute(
                update(table).values({name: "1"}).where(table.c[name] == "one")
            )
            row = (await connection.execute(select(table).where(table.c[name] == "1"))).one()
            assert row._mapping[name] == "1"
        async with db.session() as session:
            session.add(cls(value="four"))
            await session.flush()
            query = select(cls).order_by(cls.id)
            found = (await session.scalars(query)).all()
            assert [odd.value for odd in found] == ["1", "two", "three", "four"]


class MappingSuite(Suite):
    """The ways of declaring a mapped class give the same class."""

    async def _use(self, db: Database, metadata: MetaData, parent: Any, child: Any) -> None:
        await db.create(metadata)
        async with db.session() as session:
            session.add(parent(name="p", children=[child(name="c1"), child(name="c2")]))
            await session.commit()
            found = (await session.scalars(select(child).order_by(child.id))).all()
            assert [(c.name, c.parent_id) for c in found] == [("c1", 1), ("c2", 1)]
            one = await session.get_one(parent, 1)
            await session.refresh(one, ["children"])
            assert list(one.children) == list(found)
            assert found[0].parent is one

    async def test_declarative_base_class(self, db: Database) -> None:
        class Base(DeclarativeBase): ...

        class Parent(Base):
            __tablename__ = "parent"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(String(20))
            children: Mapped[list[Any]] = relationship("Child", back_populates="parent")

        class Child(Base):
            __tablename__ = "child"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str] = mapped_column(String(20))
            parent_id: Mapped[int] = mapped_column(ForeignKey("parent.id"))
            parent: Mapped[Any] = relationship("Parent", back_populates="children")

        await self._use(db, Base.metadata, Parent, Child)

    async def test_declarative_base_function(self, db: Database) -> None:
        Base: Any = declarative_base()

        class Parent(Base):  # type: ignore[misc]
            __tablename__ = "parent"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            children = relationship("Child", backref="parent", order_by="Child.id")

        class Child(Base):  # type: ignore[misc]
            __tablename__ = "child"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            parent_id = Column(Integer, ForeignKey("parent.id"))

        await self._use(db, Base.metadata, Parent, Child)

    async def test_imperative(self, db: Database) -> None:
        mapped = registry()

        class Parent: ...

        class Child: ...

        parent = Table(
            "parent", mapped.metadata, Column("id", Integer, primary_key=True),
            Column("name", String(20)),
        )  # fmt: skip
        child = Table(
            "child", mapped.metadata, Column("id", Integer, primary_key=True),
            Column("name", String(20)), Column("parent_id", ForeignKey("parent.id")),
        )  # fmt: skip
        mapped.map_imperatively(
            Parent, parent, properties={"children": relationship(Child, backref="parent")}
        )
        mapped.map_imperatively(Child, child)
        await self._use(db, mapped.metadata, Parent, Child)

    async def test_composite_keys(self, db: Database) -> None:
        class Base(DeclarativeBase): ...

        class Order(Base):
            __tablename__ = "orders"
            region: Mapped[str] = mapped_column(String(5), primary_key=True)
            number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
            note: Mapped[str | None] = mapped_column(String(20))
            lines: Mapped[list[Any]] = relationship(
                "Line", back_populates="order", cascade="all, delete-orphan"
            )

        class Line(Base):
            __tablename__ = "line"
            id: Mapped[int] = mapped_column(primary_key=True)
            region: Mapped[str] = mapped_column(String(5))
            number: Mapped[int]
            order: Mapped[Any] = relationship("Order", back_populates="lines")
            __table_args__ = (
                ForeignKeyConstraint(["region", "number"], ["orders.region", "orders.number"]),
            )

        await db.create(Base.metadata)
        async with db.session() as session:
            session.add_all(
                [Order(region="eu", number=1, lines=[Line(), Line()]), Order(region="us", number=1)]
            )
            await session.commit()
            order = await session.get_one(Order, ("eu", 1))
            assert await session.get(Order, {"region": "eu", "number": 1}) is order
            assert await session.get(Order, ("eu", 2)) is None
            await session.refresh(order, ["lines"])
            assert [(line.region, line.number) for line in order.lines] == [("eu", 1)] * 2
            order.lines[0].order = await session.get_one(Order, ("us", 1))
            order.note = "changed"
            await session.commit()
            regions = (await session.scalars(select(Line.region).order_by(Line.region))).all()
            assert regions == ["eu", "us"]
            await session.delete(await session.get_one(Order, ("eu", 1)))
            await session.flush()
            assert await session.scalar(select(func.count()).select_from(Line)) == 1
