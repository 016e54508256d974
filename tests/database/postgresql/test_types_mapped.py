"""Mapped classes with PostgreSQL's types: annotations, loading, flushing, bulk statements."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any

import pytest
from three_ways import Library

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")


class Kind(enum.Enum):
    """Names are stored."""

    small = "s"
    large = "l"


def mapped(library: Library) -> Any:
    """Map classes with a column of every kind; returns the base, `Ship` and `Port`."""
    sa, pg, orm = library.sa, library.pg, library.orm

    class Base(orm.DeclarativeBase):
        type_annotation_map = {  # noqa: RUF012
            dict[str, Any]: pg.JSONB,
            list[str]: pg.ARRAY(sa.Text),
            dt.datetime: sa.DateTime(timezone=True),
        }

    class Ship(Base):
        __tablename__ = "ship"
        __annotations__ = {
            "id": orm.Mapped[uuid.UUID],
            "kind": orm.Mapped[Kind],
            "facts": orm.Mapped[dict[str, Any]],
            "names": orm.Mapped[list[str]],
            "built": orm.Mapped[dt.datetime],
            "worth": orm.Mapped[Decimal],
        }
        id = orm.mapped_column(primary_key=True, default=uuid.uuid4)
        kind = orm.mapped_column(server_default="small")
        facts = orm.mapped_column(default=dict)
        names = orm.mapped_column(default=list)
        built = orm.mapped_column(server_default=sa.func.now())
        worth = orm.mapped_column(sa.Numeric(12, 2), default=Decimal("0"))
        at_sea = orm.mapped_column(pg.DATERANGE)
        ports = orm.relationship("Port", order_by="Port.position", back_populates="ship")

    class Port(Base):
        __tablename__ = "port"
        id = orm.mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
        ship_id = orm.mapped_column(sa.ForeignKey("ship.id"))
        position = orm.mapped_column(sa.Integer)
        seen = orm.mapped_column(sa.DateTime, server_default=sa.text("'2024-01-01'"))
        ship = orm.relationship(Ship, back_populates="ports")

    return Base, Ship, Port


@pytest.fixture
def classes(library: Library) -> Any:
    """The classes, with their tables in the database."""
    base, *classes = mapped(library)
    library.run(lambda connection: base.metadata.create_all(connection))
    return classes


def test_objects_are_written_and_read(library: Library, classes: Any) -> None:
    sa, pg = library.sa, library.pg
    Ship, Port = classes
    days = pg.Range(dt.date(2024, 1, 1), None)

    def write(session: Any) -> uuid.UUID:
        ship = Ship(kind=Kind.large, facts={"a": [1]}, names=["x"], at_sea=days)
        ship.ports = [Port(position=n) for n in (2, 1)]
        session.add_all([ship, *[Ship(names=[str(n)]) for n in range(20)]])
        session.flush()
        assert all(port.id is not None for port in ship.ports)
        return ship.id

    key = library.session(write)

    def read(session: Any) -> list[Any]:
        ship = session.get(Ship, key, options=[library.orm.selectinload(Ship.ports)])
        assert ship.built.tzinfo is not None
        plain = session.scalars(sa.select(Ship).where(Ship.kind == Kind.small)).all()
        return [
            (ship.kind, ship.facts, ship.names, ship.worth, str(ship.at_sea)),
            [port.position for port in ship.ports],
            ship.ports[0].seen,
            sorted(int(each.names[0]) for each in plain),
            session.scalar(sa.select(Ship.id).where(Ship.facts["a"][0].as_integer() == 1)) == key,
            session.scalars(sa.select(Ship.id).where(Ship.names.contains(["x"]))).all() == [key],
            session.scalar(sa.select(sa.func.count()).where(Ship.at_sea.is_not(None))),
        ]

    assert library.session(read) == [
        (Kind.large, {"a": [1]}, ["x"], Decimal("0.00"), "[2024-01-01,)"),
        [1, 2],
        dt.datetime(2024, 1, 1),
        list(range(20)),
        True,
        True,
        1,
    ]


def test_changes_are_written(library: Library, classes: Any) -> None:
    Ship, _ = classes

    def program(session: Any) -> Any:
        ship = Ship(facts={"a": 1}, names=["x"])
        session.add(ship)
        session.flush()
        ship.facts = {**ship.facts, "b": [2]}
        ship.names = [*ship.names, "y"]
        ship.kind = Kind.large
        session.flush()
        session.refresh(ship)
        return ship.facts, ship.names, ship.kind

    assert library.session(program) == ({"a": 1, "b": [2]}, ["x", "y"], Kind.large)


def test_many_changes_and_expressions(library: Library, classes: Any) -> None:
    sa = library.sa
    Ship, _ = classes

    def program(session: Any) -> list[Any]:
        session.add_all([Ship(names=[str(n)], worth=Decimal(n)) for n in range(5)])
        session.flush()
        for ship in session.scalars(sa.select(Ship)).all():
            ship.worth += 1
        session.flush()
        session.execute(sa.update(Ship).where(Ship.worth > 4).values(facts={"rich": True}))
        one = session.scalars(sa.select(Ship).order_by(Ship.worth).limit(1)).one()
        one.names = sa.func.array_append(Ship.names, "more")
        session.flush()
        rich = session.scalars(sa.select(Ship).where(Ship.facts.has_key("rich"))).all()
        session.delete(one)
        session.flush()
        left = session.scalar(sa.select(sa.func.sum(Ship.worth)))
        return [len(rich), all(ship.facts == {"rich": True} for ship in rich), left]

    assert library.session(program) == [1, True, Decimal("14.00")]


def test_rows_in_bulk_with_returning(library: Library, classes: Any) -> None:
    sa = library.sa
    Ship, Port = classes

    def program(session: Any) -> list[Any]:
        ship = Ship()
        session.add(ship)
        session.flush()
        statement = sa.insert(Port).returning(Port, sort_by_parameter_order=True)
        rows = [{"position": n, "ship_id": ship.id} for n in (3, 1, 2)]
        ports = session.scalars(statement, rows).all()
        changed = session.execute(
            sa.update(Port), [{"id": port.id, "position": port.position * 10} for port in ports]
        )
        assert changed is not None
        session.expire_all()
        gone = session.scalars(sa.delete(Port).where(Port.position == 20).returning(Port.id)).all()
        return [
            len(gone),
            session.scalars(sa.select(Port.position).order_by(Port.position)).all(),
        ]

    assert library.session(program) == [1, [10, 30]]


def test_arrays_of_a_class_are_asked_for_their_items(library: Library, classes: Any) -> None:
    """``any()`` is a method of relationships, and of arrays."""
    sa, orm = library.sa, library.orm
    Ship, Port = classes

    def program(session: Any) -> list[Any]:
        session.add_all([Ship(names=["a", "b"]), Ship(names=["b", "b"], ports=[Port(position=1)])])
        session.flush()
        other = orm.aliased(Ship)
        questions = [
            sa.select(Ship.names).where(Ship.names.any("a")),
            sa.select(Ship.names).where(Ship.names.all("b")),
            sa.select(other.names).where(~other.names.any("a", operator=sa.sql.operators.eq)),
            sa.select(Ship.names).where(Ship.ports.any(Port.position == 1)),
        ]
        return [session.scalars(question).all() for question in questions]

    mixed, same = ["a", "b"], ["b", "b"]
    assert library.session(program) == [[mixed], [same], [same], [same]]
