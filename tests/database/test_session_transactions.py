"""Transactions and savepoints of a session, and what they do to objects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.exc import (
    IntegrityError,
    InvalidRequestError,
    PendingRollbackError,
    ResourceClosedError,
)
from ormolu.inspection import inspect
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from ormolu.sql import func, select, text


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(unique=True)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    session = Session(engine)
    yield session
    session.close()


def names(engine: Engine) -> list[str | None]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT name FROM users ORDER BY id")).scalars())


def phase(obj: object) -> str:
    state = inspect(obj)
    return next(
        name
        for name in ("transient", "pending", "persistent", "deleted", "detached")
        if getattr(state, name)
    )


def test_a_clean_exit_commits_and_an_exception_rolls_back(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(User(name="kept"))
    with pytest.raises(RuntimeError), Session(engine) as session:
        session.add(User(name="lost"))
        session.flush()
        raise RuntimeError
    assert names(engine) == ["kept"]
    assert not session.in_transaction()


def test_on_exit_rollback_closes_without_commit(engine: Engine) -> None:
    with Session(engine, on_exit="rollback") as session:
        session.add(User(name="lost"))
    maker = sessionmaker(engine, on_exit="rollback")
    with maker() as session:
        session.add(User(name="lost too"))
    with maker() as session:
        session.add(User(name="kept"))
        session.commit()
    assert names(engine) == ["kept"]


def test_a_session_ended_inside_its_block_leaves_it_cleanly(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(User(name="a"))
        session.commit()
        session.close()
    with Session(engine) as session:
        session.add(User(name="b"))
        session.rollback()
    assert names(engine) == ["a"]


def test_close_never_commits(engine: Engine) -> None:
    session = Session(engine)
    session.add(User(name="lost"))
    session.flush()
    session.close()
    assert names(engine) == []


def test_begin_blocks_commit_roll_back_and_refuse_use_after_their_end(
    engine: Engine, session: Session
) -> None:
    with session.begin():
        session.add(User(name="a"))
    with pytest.raises(RuntimeError), session.begin():
        session.add(User(name="b"))
        raise RuntimeError
    with session.begin():
        session.add(User(name="c"))
        session.commit()
        with pytest.raises(InvalidRequestError, match="inside context manager"):
            session.execute(text("select 1"))
        with pytest.raises(InvalidRequestError, match="inside context manager"):
            session.add(User(name="d"))
    assert session.execute(text("select 1")).scalar() == 1
    assert names(engine) == ["a", "c"]


def test_savepoints_nest_at_any_depth(engine: Engine, session: Session) -> None:
    session.add(User(name="root"))
    one = session.begin_nested()
    session.add(User(name="one"))
    two = session.begin_nested()
    session.add(User(name="two"))
    three = session.begin_nested()
    session.add(User(name="three"))
    assert session.get_nested_transaction() is three
    assert session.get_transaction() is one.parent
    three.commit()
    two.rollback()
    assert session.get_nested_transaction() is one
    assert not three.is_active
    one.commit()
    session.commit()
    assert names(engine) == ["root", "one"]


def test_ending_an_outer_level_ends_the_inner_ones(engine: Engine, session: Session) -> None:
    outer = session.begin_nested()
    session.add(User(name="a"))
    inner = session.begin_nested()
    outer.commit()
    with pytest.raises(ResourceClosedError, match="This transaction is closed"):
        inner.rollback()
    session.begin_nested()
    session.begin_nested()
    session.commit()
    assert not session.in_transaction()
    assert names(engine) == ["a"]


def test_a_rolled_back_savepoint_restores_each_object(session: Session) -> None:
    kept, gone = User(name="kept"), User(name="gone")
    session.add_all([kept, gone])
    savepoint = session.begin_nested()
    new = User(name="new")
    session.add(new)
    kept.name = "changed"
    session.delete(gone)
    session.flush()
    assert phase(gone) == "deleted"
    waiting = User(name="waiting")
    session.add(waiting)
    savepoint.rollback()
    assert [phase(o) for o in (kept, gone, new, waiting)] == [
        "persistent",
        "persistent",
        "transient",
        "transient",
    ]
    assert kept.name == "kept"
    assert gone in session
    assert new.name == "new"
    session.commit()
    assert session.scalar(select(func.count()).select_from(User)) == 2


def test_a_rolled_back_transaction_restores_each_object(session: Session) -> None:
    old = User(name="old")
    session.add(old)
    session.commit()
    old.name = "changed"
    new = User(name="new")
    session.add(new)
    session.flush()
    session.delete(old)
    session.flush()
    session.rollback()
    assert (phase(old), phase(new)) == ("persistent", "transient")
    assert old.name == "old"
    assert session.get(User, old.id) is old


def test_a_primary_key_that_was_changed_is_changed_back(session: Session) -> None:
    user = User(id=1, name="a")
    session.add(user)
    session.commit()
    user.id = 5
    session.flush()
    assert session.get(User, 5) is user
    session.rollback()
    assert user.id == 1
    assert session.get(User, 1) is user
    assert session.get(User, 5) is None


def test_deleted_objects_are_detached_by_the_commit_and_not_added_again(session: Session) -> None:
    user = User(name="a")
    session.add(user)
    session.commit()
    session.delete(user)
    session.commit()
    assert phase(user) == "detached"
    with pytest.raises(InvalidRequestError, match=r"make_transient\(\)"):
        session.add(user)


def test_a_failed_flush_keeps_the_pending_objects_for_a_retry(
    engine: Engine, session: Session
) -> None:
    session.add(User(name="taken"))
    session.commit()
    twice, other = User(name="taken"), User(name="other")
    session.add_all([twice, other])
    with pytest.raises(IntegrityError):
        session.flush()
    assert not session.is_active
    with pytest.raises(PendingRollbackError, match=r"UNIQUE constraint failed: users\.name"):
        session.execute(text("select 1"))
    with pytest.raises(PendingRollbackError):
        session.commit()
    session.rollback()
    assert twice in session.new
    assert other in session.new
    twice.name = "free"
    session.commit()
    assert sorted(map(str, names(engine))) == ["free", "other", "taken"]


def test_a_failed_flush_in_a_savepoint_leaves_the_outer_work(
    engine: Engine, session: Session
) -> None:
    session.add(User(name="a"))
    session.flush()
    for name in ("a", "b", "a", "c"):
        try:
            with session.begin_nested():
                session.add(User(name=name))
        except IntegrityError:
            continue
    assert list(session.new) == []
    session.commit()
    assert names(engine) == ["a", "b", "c"]


def test_an_explicit_savepoint_can_be_retried(engine: Engine, session: Session) -> None:
    session.add(User(name="a"))
    savepoint = session.begin_nested()
    again = User(name="a")
    session.add(again)
    with pytest.raises(IntegrityError):
        session.flush()
    savepoint.rollback()
    assert again in session.new
    again.name = "b"
    session.commit()
    assert names(engine) == ["a", "b"]


def test_sessions_join_the_transaction_of_a_connection(engine: Engine) -> None:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection) as session:
            session.add(User(name="joined"))
        assert outer.is_active
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            session.add(User(name="undone"))
            session.flush()
            session.rollback()
        assert outer.is_active
        assert connection.execute(text("select name from users")).scalars().all() == ["joined"]
        with Session(connection) as session:
            session.add(User(name="x"))
            session.flush()
            session.rollback()
        assert not outer.is_active
    assert names(engine) == []


def test_control_fully_commits_the_connections_transaction(engine: Engine) -> None:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="control_fully") as session:
            session.add(User(name="a"))
        assert not outer.is_active
    assert names(engine) == ["a"]


def test_a_session_on_an_idle_connection_commits_it(engine: Engine) -> None:
    with engine.connect() as connection:
        with Session(connection) as session:
            session.add(User(name="a"))
        assert not connection.in_transaction()
    assert names(engine) == ["a"]


def test_commit_expires_unless_told_otherwise(engine: Engine) -> None:
    with Session(engine) as session:
        user = User(name="a")
        session.add(user)
        session.commit()
        assert inspect(user).expired
        assert user.name == "a"
    with Session(engine, expire_on_commit=False) as session:
        user = User(name="b")
        session.add(user)
        session.commit()
        assert user.__dict__["name"] == "b"


def test_sessionmaker_begin_commits_and_closes(engine: Engine) -> None:
    maker = sessionmaker(bind=engine)
    with maker.begin() as session:
        session.add(User(name="a"))
    with pytest.raises(RuntimeError), maker.begin() as session:
        session.add(User(name="b"))
        raise RuntimeError
    assert not session.in_transaction()
    assert names(engine) == ["a"]


def test_prepare_needs_twophase(session: Session) -> None:
    with pytest.raises(InvalidRequestError, match="'twophase' mode not enabled"):
        session.prepare()
