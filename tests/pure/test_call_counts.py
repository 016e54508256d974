"""How many Python functions the hot paths call: a count that doesn't vary with the machine.

A bound that breaks means that something was added to every row, statement or attribute access.
Lower a bound when the path has become shorter; raise one only for a reason worth its cost.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from ormolu import ForeignKey, create_engine, event, select, text
from ormolu.engine import Engine
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)
from ormolu.orm.mapping.events import watching
from ormolu.pool import StaticPool
from ormolu.types import JSON


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int | None]


class Page(Base):
    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    data: Mapped[Any] = mapped_column(JSON, nullable=True)


class Parent(Base):
    __tablename__ = "parent"

    id: Mapped[int] = mapped_column(primary_key=True)
    children: Mapped[list[Child]] = relationship()


class Child(Base):
    __tablename__ = "child"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("parent.id"))


def calls(work: Callable[[], Any]) -> int:
    """The number of Python functions that `work` calls, itself not counted."""
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        if event == "call":
            count += 1

    # A collection in between would count the callbacks of other tests' weak references.
    gc.collect()
    gc.disable()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count - 1


def warm_calls(work: Callable[[], Any]) -> int:
    """`calls` of the second run: the first compiles and fills caches."""
    work()
    return calls(work)


@pytest.fixture(autouse=True)
def nobody_ever_listened() -> Iterator[None]:
    """Other tests of this process have listened to loads; here that must not count."""
    before = set(watching)
    watching.clear()
    yield
    watching.update(before)


@pytest.fixture
def engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    return engine


def filled(engine: Engine, rows: int) -> Session:
    session = Session(engine)
    session.add_all([Item(name=f"n{i}", size=i) for i in range(rows)])
    session.add_all([Parent(children=[Child() for _ in range(5)]) for _ in range(rows // 5)])
    session.commit()
    session.expunge_all()
    return session


def load_all(session: Session) -> Callable[[], Any]:
    def work() -> None:
        session.expunge_all()
        session.scalars(select(Item)).all()

    return work


def test_loading_calls_nothing_per_row(engine: Engine) -> None:
    session = filled(engine, 100)
    hundred = warm_calls(load_all(session))
    session.add_all([Item(name="more") for _ in range(900)])
    session.commit()
    assert warm_calls(load_all(session)) == hundred


def test_listening_to_the_loads_of_one_class_costs_the_others_nothing_per_row(
    engine: Engine,
) -> None:
    def listener(target: Any, context: Any) -> None:
        raise AssertionError("no Parent is loaded here")

    event.listen(Parent, "load", listener)
    try:
        few = warm_calls(load_all(filled(engine, 100)))
        many = warm_calls(load_all(filled(engine, 900)))
    finally:
        event.remove(Parent, "load", listener)
    assert few == many


def test_an_identity_hit_calls_nothing_per_row(engine: Engine) -> None:
    session = filled(engine, 100)
    held = session.scalars(select(Item)).all()
    hundred = warm_calls(lambda: session.scalars(select(Item)).all())
    ten = warm_calls(lambda: session.scalars(select(Item).limit(10)).all())
    assert len(held) == 100
    assert abs(hundred - ten) <= 10  # what limit() itself calls


@pytest.mark.parametrize("option", [selectinload, joinedload])
def test_eager_loading_calls_nothing_per_child(
    engine: Engine, option: Callable[[Any], Any]
) -> None:
    session = filled(engine, 50)
    statement = select(Parent).options(option(Parent.children))

    def work() -> None:
        session.expunge_all()
        session.scalars(statement).unique().all()

    before = warm_calls(work)
    session.add_all([Child(parent_id=1) for _ in range(200)])
    session.commit()
    assert warm_calls(work) == before


def test_a_point_get(engine: Engine) -> None:
    session = filled(engine, 10)
    session.get(Item, 1)
    session.expunge_all()
    assert calls(lambda: session.get(Item, 2)) <= 22


def test_building_and_running_a_select(engine: Engine) -> None:
    session = filled(engine, 10)

    def work() -> None:
        session.expunge_all()
        session.scalars(select(Item).where(Item.id == 3)).one()

    assert warm_calls(work) <= 60


def test_one_object_and_its_commit(engine: Engine) -> None:
    session = Session(engine)

    def work() -> None:
        session.add(Item(name="x"))
        session.commit()

    assert warm_calls(work) <= 62


def test_an_update_and_its_commit(engine: Engine) -> None:
    session = filled(engine, 2)
    counts = []
    for item in session.scalars(select(Item)).all():
        session.refresh(item)
        item.name = "new"
        counts.append(calls(session.commit))
    assert counts[1] <= 83


def test_a_delete_and_its_commit(engine: Engine) -> None:
    session = filled(engine, 2)
    counts = []
    for item in session.scalars(select(Item)).all():
        session.refresh(item)
        session.delete(item)
        counts.append(calls(session.commit))
    assert counts[1] <= 80


def test_json_that_was_never_set_costs_no_call(engine: Engine) -> None:
    session = Session(engine)

    def write(cls: Any) -> None:
        session.add(cls(name="x"))
        session.commit()

    assert warm_calls(lambda: write(Page)) == warm_calls(lambda: write(Item))


def test_inserting_calls_nothing_per_object_in_the_flush(engine: Engine) -> None:
    session = Session(engine)

    def flush(count: int) -> int:
        session.add_all([Item(name="x") for _ in range(count)])
        return calls(session.flush)

    flush(5)
    assert flush(190) - flush(10) <= 5


def test_a_session_for_one_statement(engine: Engine) -> None:
    statement = text("select 1")

    def work() -> None:
        with Session(engine) as session:
            session.execute(statement).all()

    assert warm_calls(work) <= 60


def test_reading_an_attribute_calls_nothing(engine: Engine) -> None:
    session = filled(engine, 1)
    item = session.scalars(select(Item)).one()
    assert calls(lambda: item.name) == 0
    session.close()


def test_writing_an_attribute_calls_one_function(engine: Engine) -> None:
    session = filled(engine, 1)
    item = session.scalars(select(Item)).one()

    def write() -> None:
        item.name = "new"

    assert warm_calls(write) == 1
    session.close()


def test_a_commit_looks_only_at_what_the_transaction_loaded(engine: Engine) -> None:
    session = filled(engine, 500)
    held = session.scalars(select(Item)).all()
    session.commit()
    few = warm_calls(lambda: (session.get(Item, 1), session.commit()))
    assert len(held) == 500
    assert few <= 120
