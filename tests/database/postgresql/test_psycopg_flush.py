"""Flushes on psycopg: keys that come back, rows in their order, and what a failure leaves."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from round_trips import count_round_trips

from ormolu import (
    ARRAY,
    Computed,
    ForeignKey,
    Identity,
    String,
    exc,
    func,
    insert,
    select,
    text,
)
from ormolu.dialects.postgresql import JSONB
from ormolu.engine import Engine, create_engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from ormolu.testing.statements import count_queries

pytestmark = pytest.mark.backend("postgresql+psycopg")


class Base(DeclarativeBase):
    pass


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    boss: Mapped[Person | None] = relationship(remote_side=id, back_populates="staff")
    staff: Mapped[list[Person]] = relationship(back_populates="boss")
    pets: Mapped[list[Pet]] = relationship(back_populates="owner")


class Pet(Base):
    __tablename__ = "pet"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    owner: Mapped[Person] = relationship(back_populates="pets")


class Everything(Base):
    __tablename__ = "everything"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None]
    number: Mapped[decimal.Decimal | None]
    real: Mapped[float | None]
    flag: Mapped[bool | None]
    data: Mapped[bytes | None]
    day: Mapped[dt.date | None]
    moment: Mapped[dt.datetime | None]
    hour: Mapped[dt.time | None]
    span: Mapped[dt.timedelta | None]
    token: Mapped[uuid.UUID | None]
    colour: Mapped[Colour | None]
    document: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))


class Stamped(Base):
    __tablename__ = "stamped"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str]
    upper: Mapped[str] = mapped_column(Computed("upper(name)", persisted=True))
    made: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Root(Base):
    __tablename__ = "root"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    left: Mapped[list[Left]] = relationship(back_populates="root")


class Left(Base):
    __tablename__ = "branch"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id"))
    root: Mapped[Root] = relationship(back_populates="left")
    leaves: Mapped[list[Leaf]] = relationship()


class Right(Base):
    __tablename__ = "other"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id"))
    root: Mapped[Root] = relationship()


class Leaf(Base):
    __tablename__ = "leaf"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    left_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))


class Lone(Base):
    __tablename__ = "lone"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.fixture
def engine(backend_url: str) -> Iterator[Engine]:
    """An engine on a database with the tables."""
    engine = create_engine(backend_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_thousands_of_objects_get_their_keys_from_few_statements(engine: Engine) -> None:
    people = [Person(name=f"p{n}") for n in range(4500)]
    with Session(engine) as session:
        with count_queries(engine) as seen:
            session.add_all(people)
            session.flush()
        assert seen.count == 3
        found = dict(session.execute(select(Person.name, Person.id)).all())
        assert [found[person.name] for person in people] == [person.id for person in people]


def test_each_level_of_dependencies_is_one_statement(engine: Engine) -> None:
    boss = Person(name="boss")
    boss.staff = [Person(name=f"p{n}", pets=[Pet(name="x"), Pet(name=None)]) for n in range(50)]
    with Session(engine) as session:
        with count_queries(engine) as seen:
            session.add(boss)
            session.flush()
        assert seen.count == 3
        counted = select(func.count()).where(Pet.owner_id == Person.id, Person.boss_id == boss.id)
        assert session.scalar(counted) == 100


def everything(n: int) -> dict[str, Any]:
    return {
        "text": ["plain", 'q"uote', "back\\slash", "{,}", "NULL", "", "é\n"][n % 7],
        "number": decimal.Decimal("12.50") * n,
        "real": [0.1, -1e300, float("inf"), 5.0][n % 4],
        "flag": n % 2 == 0,
        "data": bytes([0, 92, 34, 255, n]),
        "day": dt.date(1 + n, 2, 3),
        "moment": dt.datetime(2024, 1, 2, 3, 4, 5, n),
        "hour": dt.time(23, 59, n, 7),
        "span": dt.timedelta(days=-n, seconds=5, microseconds=1),
        "token": uuid.UUID(int=n),
        "colour": [Colour.RED, Colour.BLUE][n % 2],
        "document": [{"a": ['"', n, None]}, [1.5], "text", 5][n % 4],
    }


def test_values_of_many_types_arrive_as_they_were(engine: Engine) -> None:
    rows = [everything(n) for n in range(20)]
    rows += [{**dict.fromkeys(rows[0]), "text": "nothing else"}, dict.fromkeys(rows[0])]
    objects = [Everything(**row) for row in rows]
    with Session(engine) as session:
        with count_queries(engine) as seen:
            session.add_all(objects)
            session.flush()
        assert "unnest" in seen.statements[0]
        session.expire_all()
        for obj, row in zip(objects, rows, strict=True):
            assert {name: getattr(obj, name) for name in row} == row


def test_what_the_database_makes_beside_a_key_of_pythons(engine: Engine) -> None:
    objects = [Stamped(name=f"s{n}") for n in range(5)]
    with Session(engine) as session:
        with count_queries(engine) as seen:
            session.add_all(objects)
            session.flush()
        assert seen.count == 1
        with count_queries(engine) as seen:
            assert all(isinstance(obj.made, dt.datetime) for obj in objects)
        assert seen.count == 0
        assert [obj.upper for obj in objects] == [f"S{n}" for n in range(5)]
        names = dict(session.execute(select(Stamped.id, Stamped.name)).all())
        assert names == {obj.id: obj.name for obj in objects}


def test_keys_that_are_given_need_nothing_back(engine: Engine) -> None:
    with Session(engine) as session:
        with count_queries(engine) as seen:
            session.add_all([Person(id=n, name=f"p{n}") for n in range(100, 110)])
            session.flush()
        assert seen.count == 1
        assert "RETURNING" not in seen.statements[0]
        assert session.scalars(select(Person.id).order_by(Person.id)).all() == list(range(100, 110))


def test_expressions_as_values(engine: Engine) -> None:
    with Session(engine) as session:
        people = [Person(name=f"p{n}") for n in range(4)]
        people[2].name = func.upper("Loud")
        session.add_all(people)
        session.flush()
        assert [person.name for person in people] == ["p0", "p1", "LOUD", "p3"]
        assert len({person.id for person in people}) == 4


def test_a_failed_flush_can_be_mended_and_tried_again(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Person(name="taken"))
        session.commit()
        people = [Person(name=name) for name in ("one", "taken", "three")]
        session.add_all(people)
        with pytest.raises(exc.IntegrityError) as caught:
            session.flush()
        assert caught.value.constraint is not None
        assert caught.value.constraint.name == "person_name_key"
        session.rollback()
        assert set(session.new) == set(people)
        people[1].name = "two"
        session.commit()
        names = select(Person.name).order_by(Person.id)
        assert session.scalars(names).all() == ["taken", "one", "two", "three"]


def test_a_failure_in_a_savepoint_leaves_the_transaction_usable(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Person(name="taken"))
        session.flush()
        for name in ("taken", "free"):
            person = Person(name=name)
            try:
                with session.begin_nested():
                    session.add(person)
                    session.flush()
            except exc.IntegrityError:
                assert name == "taken"
        session.add(Person(name="last"))
        session.commit()
        names = select(Person.name).order_by(Person.name)
        assert session.scalars(names).all() == ["free", "last", "taken"]


def test_a_constraint_that_is_checked_at_the_commit(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE pet DROP CONSTRAINT pet_owner_id_fkey"))
        connection.execute(
            text(
                "ALTER TABLE pet ADD FOREIGN KEY (owner_id) REFERENCES person "
                "DEFERRABLE INITIALLY DEFERRED"
            )
        )
    with Session(engine) as session:
        pet = Pet(name="stray", owner_id=4711)
        session.add(pet)
        session.flush()
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        assert pet in session.new
        pet.owner = Person(name="found")
        session.commit()
        assert pet.owner_id == pet.owner.id


def test_a_session_that_only_reads_and_closes_keeps_statements_prepared(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Person(name="x"))
    person_id = 1
    for _ in range(8):
        session = Session(engine)
        assert session.get(Person, person_id) is not None
        session.close()
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("FROM person" in sql for sql in found)


# -- round trips


def test_five_tables_take_as_many_round_trips_as_there_are_levels(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = count_round_trips(monkeypatch)
    with Session(engine) as session:
        for n in range(100):
            root = Root(name=f"r{n}", left=[Left(name="l", leaves=[Leaf(name="x")])])
            session.add_all([root, Right(name=f"o{n}", root=root), Lone(name="e")])
        session.flush()
        assert len(trips) == 3
        joined = select(func.count()).where(
            Root.id == Left.root_id,
            Left.id == Leaf.left_id,
            Right.root_id == Root.id,
            func.substr(Right.name, 2) == func.substr(Root.name, 2),
        )
        assert session.scalar(joined) == 100
        session.commit()
    assert len(trips) == 3 + 2


def test_a_failure_among_several_tables_names_the_objects_of_the_right_one(engine: Engine) -> None:
    with Session(engine) as session:
        root = Root(name="r")
        session.add_all([root, Right(name="taken", root=root)])
        session.commit()
        new = Root(name="s")
        right = Right(name="taken", root=new)
        session.add_all([new, Left(name="l", root=new), right, Lone(name="e")])
        with pytest.raises(exc.IntegrityError) as caught:
            session.flush()
        assert caught.value.objects == (right,)
        session.rollback()
        right.name = "free"
        session.commit()
        assert session.scalars(select(Right.name).order_by(Right.id)).all() == ["taken", "free"]


class Tagged(Base):
    __tablename__ = "tagged"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String))


def test_rows_that_no_array_can_hold_share_a_round_trip(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = [Tagged(name=f"n{n}", tags=["x"] * n) for n in range(5)]
    with Session(engine) as session:
        session.add_all(objects)
        trips = count_round_trips(monkeypatch)
        session.flush()
        assert trips == ["pipeline"]
        found = {row.id: (row.name, row.tags) for row in session.execute(select(Tagged.__table__))}
        assert found == {obj.id: (obj.name, obj.tags) for obj in objects}
        with pytest.raises(exc.IntegrityError), session.begin_nested():
            session.add_all([Tagged(name="new", tags=[]), Tagged(name="n3", tags=["y"])])
        session.expunge_all()


# -- counters and triggers


class Countdown(Base):
    __tablename__ = "countdown"
    id: Mapped[int] = mapped_column(
        Identity(start=100, increment=-1, maxvalue=100), primary_key=True
    )
    name: Mapped[str]


def test_keys_that_count_down_are_those_of_their_objects(engine: Engine) -> None:
    objects = [Countdown(name=f"n{n}") for n in range(5)]
    with Session(engine) as session:
        session.add_all(objects)
        session.flush()
        found = dict(session.execute(select(Countdown.name, Countdown.id)).all())
        assert {obj.name: obj.id for obj in objects} == found
        made = insert(Countdown.__table__).returning(
            Countdown.id, Countdown.name, sort_by_parameter_order=True
        )
        rows = session.connection().execute(made, [{"name": f"m{n}"} for n in range(5)]).all()
        assert [row.name for row in rows] == [f"m{n}" for n in range(5)]
        assert session.scalar(select(Countdown.id).where(Countdown.name == "m3")) == rows[3].id


def test_rows_that_a_trigger_leaves_out_are_noticed(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF NEW.name = 'skip' THEN RETURN NULL; END IF; RETURN NEW; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER skip BEFORE INSERT ON lone FOR EACH ROW EXECUTE FUNCTION skip()"
        )
    with Session(engine) as session:
        session.add_all([Lone(name="a"), Lone(name="skip"), Lone(name="b")])
        with pytest.raises(exc.FlushError, match="gave back 2 rows for 3 new objects"):
            session.flush()
        session.rollback()
        session.expunge_all()
        session.add(Lone(name="skip"))
        with pytest.raises(exc.FlushError, match="gave back 0 rows for 1 new objects"):
            session.flush()
        session.rollback()
        session.expunge_all()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION skip() CASCADE")
