"""Sessions and objects: the workloads on ormolu and SQLAlchemy, blocking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.data import item_values
from bench.library import Library
from bench.workload import WARM, Timed, expect


def _last(lib: Library) -> range:
    """The keys for the first times, which the measured ones don't meet in the session."""
    return range(lib.sizes.rows - WARM + 1, lib.sizes.rows + 1)


# -- reading ---------------------------------------------------------------------------------


def load(lib: Library) -> Timed:
    rows, item = lib.sizes.rows, lib.Item
    session = lib.session(lib.engine(items=rows))
    session.scalars(lib.sql.select(item).limit(1)).all()
    expect(session.scalars(lib.sql.select(item)).all(), rows)
    session.expunge_all()
    return lambda: expect(session.scalars(lib.sql.select(item)).all(), rows)


def identity(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    held = session.scalars(lib.sql.select(lib.Item)).all()

    def timed() -> Any:
        again = session.scalars(lib.sql.select(lib.Item)).all()
        if again[0] is not held[0]:
            raise AssertionError("the identity map gave another object")
        return expect(again, lib.sizes.rows)

    return timed


def get(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    for i in _last(lib):
        session.get(lib.Item, i)
    session.expunge_all()
    keys = range(1, lib.sizes.gets + 1)
    return lambda: [session.get(lib.Item, i) for i in keys]


def select_where(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    select, item = lib.sql.select, lib.Item
    for i in _last(lib):
        session.scalars(select(item).where(item.id == i)).one()
    session.expunge_all()
    keys = range(1, lib.sizes.gets + 1)
    return lambda: [session.scalars(select(item).where(item.id == i)).one() for i in keys]


def session(lib: Library) -> Timed:
    engine = lib.engine(items=lib.sizes.rows)
    new, item = lib.Session, lib.Item

    def one(key: int) -> Any:
        with new(engine) as session:
            return session.get(item, key)

    for i in range(1, WARM + 1):
        one(i)
    keys = range(1, lib.sizes.gets + 1)
    return lambda: [one(i) for i in keys]


def empty(lib: Library) -> Timed:
    engine = lib.engine()
    statement = lib.sql.text("select 1")
    new = lib.Session

    def timed(times: int = lib.sizes.sessions) -> None:
        for _ in range(times):
            with new(engine) as session:
                session.execute(statement).all()

    timed(WARM)
    return timed


# -- writing ---------------------------------------------------------------------------------


def insert(lib: Library) -> Timed:
    engine = lib.engine()
    with lib.Session(engine) as warm:
        warm.add_all([lib.Item(**v) for v in item_values(lib.sizes.rows // 4)])
        warm.flush()
        warm.rollback()
    session = lib.session(engine)
    objects = [lib.Item(**v) for v in item_values(lib.sizes.rows)]

    def timed() -> Any:
        session.add_all(objects)
        session.commit()
        return objects

    return timed


def commits(lib: Library) -> Timed:
    session = lib.session(lib.engine())
    objects = [lib.Item(**v) for v in item_values(lib.sizes.commits + WARM)]

    def timed(some: Any = objects[WARM:]) -> None:
        for one in some:
            session.add(one)
            session.commit()

    timed(objects[:WARM])
    return timed


def _first(lib: Library, session: Any) -> Any:
    """The items that are to be changed."""
    item = lib.Item
    return session.scalars(lib.sql.select(item).order_by(item.id).limit(lib.sizes.changes)).all()


def update(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    warm = session.get(lib.Item, lib.sizes.rows)
    name, warm.name = warm.name, "warm"
    session.flush()
    warm.name = name
    session.commit()
    objects = _first(lib, session)
    names = [f"new {i}" for i in range(1, lib.sizes.changes + 1)]

    def timed() -> Any:
        for one, name in zip(objects, names, strict=True):
            one.name = name
        session.commit()

    return timed


def delete(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=lib.sizes.rows))
    session.delete(session.get(lib.Item, lib.sizes.rows))
    session.flush()
    session.rollback()
    objects = _first(lib, session)

    def timed() -> Any:
        for one in objects:
            session.delete(one)
        session.commit()

    return timed


# -- relationships ---------------------------------------------------------------------------


def _family(lib: Library, option: Callable[[Any], Any] | None) -> Timed:
    session = lib.session(lib.engine(family=True))
    statement = lib.sql.select(lib.Parent)
    if option is not None:
        statement = statement.options(option(lib.Parent.children))

    def timed() -> Any:
        parents = session.scalars(statement).unique().all()
        if sum(len(p.children) for p in parents) != lib.sizes.family:
            raise AssertionError("children are missing")
        return parents

    timed()
    session.expunge_all()
    return timed


def select_in(lib: Library) -> Timed:
    return _family(lib, lib.orm.selectinload)


def join(lib: Library) -> Timed:
    return _family(lib, lib.orm.joinedload)


def lazy(lib: Library) -> Timed:
    return _family(lib, None)
