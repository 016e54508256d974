"""Loading relationships of less usual shapes, and strategies that the mapping sets."""

from __future__ import annotations

import pytest

from ormolu import ForeignKey, ForeignKeyConstraint, and_, create_engine, select
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    lazyload,
    mapped_column,
    relationship,
    selectinload,
)
from ormolu.testing import count_queries


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    boss: Mapped[Person | None] = relationship(remote_side=[id], back_populates="team")
    team: Mapped[set[Person]] = relationship(back_populates="boss")
    badge: Mapped[Badge | None] = relationship(lazy="joined")
    cities: Mapped[list[City]] = relationship(lazy="selectin")
    large: Mapped[list[City]] = relationship(
        primaryjoin=lambda: and_(Person.id == City.mayor_id, City.size > 100), viewonly=True
    )


class Badge(Base):
    __tablename__ = "badge"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class City(Base):
    __tablename__ = "city"
    country: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    mayor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    streets: Mapped[list[Street]] = relationship(back_populates="city")


class Street(Base):
    __tablename__ = "street"
    __table_args__ = (
        ForeignKeyConstraint(["country", "city_name"], ["city.country", "city.name"]),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str | None]
    city_name: Mapped[str | None]
    city: Mapped[City | None] = relationship(back_populates="streets")


@pytest.fixture
def engine():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        small = City(country="A", name="small", size=10, streets=[Street(id=1), Street(id=2)])
        large = City(country="A", name="large", size=1000, streets=[Street(id=3)])
        boss = Person(id=1, badge=Badge(id=7), cities=[small, large])
        session.add_all([boss, Person(id=2, boss=boss), Person(id=3, boss=boss), Street(id=4)])
    return engine


@pytest.fixture
def session(engine):
    with Session(engine) as session:
        yield session


def test_strategies_of_the_mapping(engine, session):
    with count_queries(engine) as log:
        people = session.scalars(select(Person).order_by(Person.id)).all()
        assert [p.badge.id if p.badge else None for p in people] == [7, None, None]
        assert [len(p.cities) for p in people] == [2, 0, 0]
    assert log.count == 2


@pytest.mark.parametrize("load", [selectinload, joinedload, lazyload])
def test_a_set_of_the_same_class(session, load):
    people = session.scalars(select(Person).options(load(Person.team)).order_by(Person.id))
    boss, second, third = people.unique().all()
    assert type(boss.team).__mro__[1] is set
    assert boss.team == {second, third}
    assert second.team == set()


@pytest.mark.parametrize("load", [selectinload, joinedload, lazyload])
def test_the_one_of_the_same_class(session, load):
    statement = select(Person).options(load(Person.boss)).where(Person.id > 1)
    assert {p.boss.id for p in session.scalars(statement)} == {1}


@pytest.mark.parametrize("load", [selectinload, joinedload, lazyload])
def test_one_to_one(session, load):
    people = session.scalars(select(Person).options(load(Person.badge)).order_by(Person.id))
    assert [p.badge.id if p.badge else None for p in people] == [7, None, None]


@pytest.mark.parametrize("load", [selectinload, joinedload, lazyload])
def test_a_join_condition_with_more_than_keys(session, load):
    people = session.scalars(select(Person).options(load(Person.large)).order_by(Person.id))
    assert [[c.name for c in p.large] for p in people.unique()] == [["large"], [], []]


@pytest.mark.parametrize("load", [selectinload, joinedload, lazyload])
def test_composite_keys_both_ways(session, load):
    cities = session.scalars(select(City).options(load(City.streets)).order_by(City.size))
    assert [sorted(s.id for s in c.streets) for c in cities.unique()] == [[1, 2], [3]]
    session.expunge_all()
    streets = session.scalars(select(Street).options(load(Street.city)).order_by(Street.id))
    assert [s.city.name if s.city else None for s in streets] == ["small", "small", "large", None]


def test_attributes_changed_before_a_collection_is_loaded_stay_changed(session):
    boss = session.get(Person, 1)
    session.autoflush = False
    added = Person(id=9)
    session.add(added)
    added.boss = boss
    assert added in boss.team
    assert {p.id for p in boss.team} == {2, 3, 9}


def test_more_parents_than_one_chunk(engine):
    with Session(engine) as session:
        session.add_all([Person(id=n, boss_id=1) for n in range(100, 1101)])
    with Session(engine) as session, count_queries(engine) as log:
        statement = select(Person).options(
            selectinload(Person.team).lazyload(Person.cities), lazyload(Person.cities)
        )
        people = session.scalars(statement).all()
        assert sum(len(p.team) for p in people) == 1003
    assert log.count == 4
