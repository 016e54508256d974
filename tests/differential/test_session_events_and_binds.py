"""What sessions bind by base class, tell listeners, and merge however deep, on both libraries."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from library import Library

import ormolu
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

BOUND: dict[str, Callable[[Any, SimpleNamespace], Any]] = {
    "a column in a function": lambda sql, m: sql.select(sql.func.count(m.User.id)),
    "a column of an alias": lambda sql, m: sql.select(sql.func.max(m.alias.id)),
    "a column of a CTE": lambda sql, m: sql.select(sql.func.max(m.cte.c.id)),
    "a column of a subquery": lambda sql, m: sql.select(sql.func.min(m.subquery.c.id)),
    "a case": lambda sql, m: sql.select(sql.case((m.User.id > 1, 1), else_=2)),
    "a class": lambda sql, m: sql.select(m.User.id),
    "from a class": lambda sql, m: sql.select(sql.func.count()).select_from(m.Post),
    "a text": lambda sql, m: sql.text("SELECT 1"),
    "a literal": lambda sql, m: sql.select(sql.literal(1)),
}


@pytest.mark.parametrize("case", BOUND)
def test_statements_are_bound_by_the_base_of_their_classes(case: str) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        lib = Library(root)
        m, engine = lib.filled_blog()
        m.alias = lib.orm.aliased(m.User)
        m.cte = lib.sql.select(m.User.id).cte()
        m.subquery = lib.sql.select(m.User.id).subquery()
        with lib.orm.Session(binds={m.base: engine}) as session:
            statement = BOUND[case](lib.sql, m)
            found.append(lib.error(lambda s=session, given=statement: s.scalar(given)))
    assert found[0] == found[1]


def heard_of(lib: Library, work: Callable[[Any, SimpleNamespace], Any], hide: bool) -> Any:
    """What ``do_orm_execute`` listeners hear, and what the work gives; they may hide a user."""
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    heard: list[Any] = []

    def listen(state: Any) -> None:
        if state.is_relationship_load or state.is_column_load:
            return
        heard.append((state.is_select, state.is_orm_statement, dict(state.execution_options)))
        if hide:
            criteria = lib.orm.with_loader_criteria(m.User, m.User.name != "bob")
            state.statement = state.statement.options(criteria)

    lib.sql.event.listen(session, "do_orm_execute", listen)
    found = lib.error(lambda: work(session, m))
    session.close()
    return [(one[0], one[1], one[2].get("noted")) for one in heard], found


def name_of(user: Any) -> str | None:
    return None if user is None else str(user.name)


LOADS: dict[str, Callable[[Any, SimpleNamespace], Any]] = {
    "execute": lambda s, m: [name_of(u) for u in s.execute(s.query(m.User).statement).scalars()],
    "scalars": lambda s, m: [name_of(u) for u in s.scalars(s.query(m.User).statement)],
    "query": lambda s, m: [name_of(u) for u in s.query(m.User)],
    "get": lambda s, m: name_of(s.get(m.User, 2)),
    "get twice": lambda s, m: [name_of(s.get(m.User, key)) for key in (1, 1, 2, 9)],
    "get one": lambda s, m: name_of(s.get_one(m.User, 2)),
    "get with options": lambda s, m: name_of(s.get(m.User, 1, execution_options={"noted": 5})),
    "get to lock": lambda s, m: name_of(s.get(m.User, 1, with_for_update=True)),
    "get again": lambda s, m: name_of(s.get(m.User, 1, populate_existing=True)),
    "query.get": lambda s, m: name_of(s.query(m.User).get(2)),
    "lazy": lambda s, m: [len(u.posts) for u in s.scalars(s.query(m.User).statement)],
}


@pytest.mark.parametrize("hide", [False, True], ids=["heard", "hidden"])
@pytest.mark.parametrize("case", LOADS)
@pytest.mark.filterwarnings("ignore")
def test_listeners_hear_of_loads(case: str, hide: bool) -> None:
    ours, theirs = (heard_of(Library(root), LOADS[case], hide) for root in ("ormolu", "sqlalchemy"))
    assert ours == theirs


@pytest.mark.parametrize("how", ["query", "read", "get"])
def test_refresh_is_told_of_partly_expired_objects(how: str) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        lib = Library(root)
        m, engine = lib.filled_blog()
        with lib.orm.Session(engine) as session:
            user = session.get(m.User, 1)
            session.expire(user, ["name"])
            heard: list[Any] = []
            lib.sql.event.listen(
                m.User,
                "refresh",
                lambda target, context, names, heard=heard: heard.append("name" in names),
            )
            if how == "query":
                session.scalars(lib.sql.select(m.User)).all()
            elif how == "get":
                session.get(m.User, 1)
            found.append((user.name, heard))
    assert found[0] == found[1] == ("ann", [True])


def test_a_long_chain_is_merged() -> None:
    class Base(DeclarativeBase):
        pass

    class Ring(Base):
        __tablename__ = "ring"
        id: Mapped[int] = mapped_column(primary_key=True)
        next_id: Mapped[int | None] = mapped_column(ormolu.ForeignKey("ring.id"))
        next: Mapped[Ring | None] = relationship(remote_side=[id])

    Ring.__annotations__["next"] = Mapped[Ring | None]
    engine = ormolu.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    first = ring = Ring(id=0)
    for number in range(1, 3000):
        ring.next = ring = Ring(id=number)
    with Session(engine) as session:
        session.merge(first)
        assert session.scalar(ormolu.select(ormolu.func.count(Ring.next_id))) == 2999
