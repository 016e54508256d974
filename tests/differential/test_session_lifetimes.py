"""Sessions and their objects are freed by reference counts: nothing waits for the collector."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from library import Library


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_dropped_session_and_its_objects_die_without_the_collector(
    without_collector: None,
) -> None:
    lib = Library("ormolu")
    m, engine = lib.filled_blog()
    references = _used_session(lib, m, engine)
    assert [ref() for ref in references if ref() is not None] == []


def _used_session(lib: Library, m: Any, engine: Any) -> list[weakref.ref[Any]]:
    """A session that loaded, inserted, changed, deleted and committed; references to all of it."""
    session = lib.orm.Session(engine)
    loaded = session.scalars(lib.sql.select(m.User).order_by(m.User.id)).all()
    loaded[0].age = 5
    added = [m.User(name="new"), m.Tag(name="t")]
    session.add_all(added)
    session.flush()
    session.delete(added[1])
    session.flush()
    added[0].name = "newer"
    session.commit()
    tags = session.scalars(lib.sql.select(m.Tag)).all()
    tags[0].name = "dirty"
    added.append(m.Node(name="pending"))
    session.add(added[-1])
    session.close()
    return [weakref.ref(o) for o in (session, *loaded, *added, *tags)]


def test_objects_outlive_a_dropped_session_without_keeping_it(without_collector: None) -> None:
    lib = Library("ormolu")
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    users = session.scalars(lib.sql.select(m.User)).all()
    users[0].age = 7
    dead = weakref.ref(session)
    session.close()
    del session
    assert dead() is None
    assert lib.states(users[0]) == "detached"


def test_a_closed_session_gives_its_connection_back() -> None:
    lib = Library("ormolu")
    m = lib.blog()
    engine = lib.sql.create_engine("sqlite://", poolclass=lib.pool.QueuePool)
    m.base.metadata.create_all(engine)
    for end in ("commit", "rollback", "close"):
        session = lib.orm.Session(engine)
        session.add(m.User(name=end))
        session.flush()
        assert engine.pool.checkedout() == 1
        getattr(session, end)()
        assert engine.pool.checkedout() == 0
        session.close()
