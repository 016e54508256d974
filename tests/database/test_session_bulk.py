"""Bulk INSERT, UPDATE, DELETE through a session, merge, and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ormolu import event
from ormolu.engine import Engine, create_engine
from ormolu.exc import ArgumentError, IntegrityError, InvalidRequestError, PendingRollbackError
from ormolu.inspection import inspect
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    make_transient,
    make_transient_to_detached,
    mapped_column,
    object_session,
    relationship,
    sessionmaker,
)
from ormolu.schema import ForeignKey
from ormolu.sql import delete, func, insert, select, update


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    level: Mapped[int] = mapped_column("lvl", default=7)
    posts: Mapped[list[Post]] = relationship(
        back_populates="author", cascade="all, delete-orphan", order_by="Post.id"
    )


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User | None] = relationship(back_populates="posts")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    session = Session(engine)
    session.add_all([User(name=name) for name in ("ann", "bob", "cyd")])
    session.flush()
    yield session
    session.close()


def test_bulk_insert_applies_defaults_and_attribute_names(session: Session) -> None:
    session.execute(insert(User), [{"name": "x"}, {"name": "y", "level": 2}])
    rows = session.execute(select(User.name, User.level).where(User.id > 3).order_by(User.id))
    assert rows.all() == [("x", 7), ("y", 2)]


def test_bulk_insert_returns_objects(session: Session) -> None:
    made = session.scalars(insert(User).returning(User), [{"name": "x"}, {"name": "y"}]).all()
    assert [(u.name, u.level, inspect(u).persistent) for u in made] == [
        ("x", 7, True),
        ("y", 7, True),
    ]
    assert session.get(User, made[0].id) is made[0]
    row = session.execute(insert(User).values(name="z", level=1).returning(User, User.id)).one()
    assert row.User.name == "z"
    assert row.id == row.User.id


def test_update_by_primary_key_follows_in_the_session(session: Session) -> None:
    ann = session.get_one(User, 1)
    session.execute(update(User), [{"id": 1, "name": "anna"}, {"id": 2, "level": 9}])
    assert ann.name == "anna"
    assert session.scalar(select(User.level).where(User.id == 2)) == 9
    with pytest.raises(InvalidRequestError, match=r"No primary key value supplied .*users\.id"):
        session.execute(update(User), [{"name": "nobody"}])


@pytest.mark.parametrize("strategy", ["auto", "evaluate", "fetch"])
def test_update_by_criteria_follows_in_the_session(session: Session, strategy: str) -> None:
    users = session.scalars(select(User).order_by(User.id)).all()
    result = session.execute(
        update(User).where(User.id > 1).values(level=User.level + 1),
        execution_options={"synchronize_session": strategy},
    )
    assert result.rowcount == 2  # type: ignore[attr-defined]
    assert [u.__dict__.get("level", "expired") for u in users] in (
        [7, 8, 8],
        [7, "expired", "expired"],
    )
    assert [u.level for u in users] == [7, 8, 8]


def test_update_without_synchronization_leaves_objects_alone(session: Session) -> None:
    ann = session.get_one(User, 1)
    session.execute(update(User).values(level=1), execution_options={"synchronize_session": False})
    assert ann.level == 7
    session.refresh(ann)
    assert ann.level == 1


def test_criteria_that_python_cannot_evaluate(session: Session) -> None:
    ann = session.get_one(User, 1)
    stmt = update(User).where(func.lower(User.name) == "ann").values(level=0)
    with pytest.raises(InvalidRequestError, match="Could not evaluate current criteria in Python"):
        session.execute(stmt, execution_options={"synchronize_session": "evaluate"})
    assert session.execute(stmt).rowcount == 1  # type: ignore[attr-defined]
    assert ann.level == 0
    with pytest.raises(ArgumentError, match="Valid strategies"):
        session.execute(stmt, execution_options={"synchronize_session": "x"})


@pytest.mark.parametrize("strategy", ["auto", "evaluate", "fetch"])
def test_delete_by_criteria_removes_the_objects(session: Session, strategy: str) -> None:
    ann, bob = session.get_one(User, 1), session.get_one(User, 2)
    session.execute(
        delete(User).where(User.name == "ann"),
        execution_options={"synchronize_session": strategy},
    )
    assert ann not in session
    assert bob in session
    session.rollback()


def test_update_with_returning(session: Session) -> None:
    rows = session.execute(
        update(User).where(User.id == 2).values(name="bo").returning(User.id, User.name)
    )
    assert rows.all() == [(2, "bo")]


def test_legacy_bulk_methods(session: Session) -> None:
    session.bulk_insert_mappings(User, [{"name": "m1"}, {"name": "m2"}])
    rows = [{"name": "m3"}]
    session.bulk_insert_mappings(User, rows, return_defaults=True)
    assert rows[0]["id"] == 6
    session.bulk_update_mappings(User, [{"id": 6, "name": "m33"}])
    fresh = User(name="o1", level=1)
    session.bulk_save_objects([fresh, User(name="o2", level=2)])
    assert fresh not in session
    names = session.scalars(select(User.name).where(User.id > 3).order_by(User.id)).all()
    assert names == ["m1", "m2", "m33", "o1", "o2"]


WRITES_THAT_FAIL: dict[str, Callable[[Session], None]] = {
    "insert": lambda s: s.bulk_insert_mappings(User, [{"id": 2}, {"id": 1}]),
    "insert and tell the keys": lambda s: s.bulk_insert_mappings(
        User, [{"id": 2}, {"id": 1}], return_defaults=True
    ),
    "save": lambda s: s.bulk_save_objects([User(id=2), User(id=1)]),
    "update": lambda s: s.bulk_update_mappings(User, [{"id": 1, "level": None}]),
}


@pytest.mark.parametrize("write", WRITES_THAT_FAIL.values(), ids=WRITES_THAT_FAIL)
@pytest.mark.parametrize("nested", [False, True])
def test_a_failing_bulk_write_rolls_back(
    engine: Engine, write: Callable[[Session], None], nested: bool
) -> None:
    with Session(engine) as session:
        session.add(User(id=1, name="a"))
        session.commit()
        session.add(User(id=5))
        session.flush()
        if nested:
            session.begin_nested()
        with pytest.raises(IntegrityError):
            write(session)
        with pytest.raises(PendingRollbackError):
            session.execute(select(User))
        session.rollback()
        assert session.scalars(select(User.id)).all() == [1]


def test_a_bulk_write_of_no_mapped_class_leaves_the_transaction(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(User(id=1, name="a"))
        session.flush()
        with pytest.raises(InvalidRequestError):
            session.bulk_insert_mappings(int, [{"id": 2}])
        session.commit()
        assert session.scalars(select(User.id)).all() == [1]


def test_a_bulk_write_that_fails_in_a_flush_fails_the_flush(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(User(id=1))
        session.commit()

        def write(session: Session, context: object, instances: object) -> None:
            session.bulk_insert_mappings(User, [{"id": 1}])

        event.listen(session, "before_flush", write)
        new = User(id=2)
        session.add(new)
        with pytest.raises(IntegrityError):
            session.flush()
        event.remove(session, "before_flush", write)
        session.rollback()
        assert new in session.new
        assert session.scalars(select(User.id).order_by(User.id)).all() == [1, 2]


def test_merge_copies_onto_the_sessions_object(session: Session) -> None:
    ann = session.get_one(User, 1)
    merged = session.merge(User(id=1, name="anna"))
    assert merged is ann
    assert ann.name == "anna"
    assert ann.level == 7
    new = session.merge(User(name="new", posts=[Post(title="p")]))
    assert new in session.new
    session.flush()
    assert new.posts[0].author_id == new.id


def test_merge_of_a_collection_replaces_it(session: Session) -> None:
    ann = session.get_one(User, 1)
    ann.posts = [Post(id=1, title="one"), Post(id=2, title="two")]
    session.commit()
    session.expunge_all()
    given = User(id=1, name="ann", posts=[Post(id=2, title="zwei"), Post(title="three")])
    merged = session.merge(given)
    session.commit()
    assert [p.title for p in merged.posts] == ["zwei", "three"]
    assert session.scalar(select(func.count()).select_from(Post)) == 2


def test_merge_without_load(engine: Engine, session: Session) -> None:
    session.commit()
    with Session(engine) as other:
        given = other.get_one(User, 1)
    with Session(engine) as third:
        merged = third.merge(given, load=False)
        assert merged.name == "ann"
        assert not third.dirty
        with pytest.raises(InvalidRequestError, match="load=False"):
            third.merge(User(id=9), load=False)


def test_objects_travel_between_states(engine: Engine, session: Session) -> None:
    session.commit()
    ann = session.get_one(User, 1)
    session.expunge(ann)
    assert inspect(ann).detached
    session.add(ann)
    assert ann in session
    assert object_session(ann) is session
    with pytest.raises(InvalidRequestError, match="another instance with key"):
        double = User(id=1)
        make_transient_to_detached(double)
        session.add(double)
    make_transient(ann)
    assert inspect(ann).transient
    ann.id = None  # type: ignore[assignment]
    session.add(ann)
    session.flush()
    assert ann.id == 4
    with pytest.raises(InvalidRequestError, match="must be transient"):
        make_transient_to_detached(ann)


def test_is_modified_means_net_changes(session: Session) -> None:
    ann = session.get_one(User, 1)
    assert not session.is_modified(ann)
    ann.name = "ann"
    assert not session.is_modified(ann)
    ann.name = "anna"
    assert session.is_modified(ann)
    assert ann in session.dirty


def test_events_of_a_session(engine: Engine) -> None:
    maker = sessionmaker(engine)
    seen: list[str] = []
    for name in (
        "before_commit", "after_commit", "after_rollback", "before_flush", "after_flush",
        "after_flush_postexec", "after_begin", "after_transaction_create",
        "after_transaction_end", "transient_to_pending", "pending_to_persistent",
        "persistent_to_deleted", "deleted_to_detached", "pending_to_transient",
    ):  # fmt: skip
        event.listen(maker, name, lambda *args, name=name: seen.append(name))
    session = maker()
    user = User(name="x")
    session.add(user)
    session.commit()
    assert seen == [
        "after_transaction_create", "transient_to_pending", "before_commit", "before_flush",
        "after_begin", "after_flush", "pending_to_persistent", "after_flush_postexec",
        "after_commit", "after_transaction_end",
    ]  # fmt: skip
    seen.clear()
    session.delete(user)
    session.commit()
    assert [n for n in seen if "_to_" in n] == ["persistent_to_deleted", "deleted_to_detached"]
    seen.clear()
    session.add(User(name="y"))
    session.rollback()
    assert seen[-3:] == ["after_rollback", "pending_to_transient", "after_transaction_end"] or (
        {"after_rollback", "pending_to_transient"} < set(seen)
    )
    quiet = Session(engine)
    seen.clear()
    quiet.add(User(name="z"))
    quiet.commit()
    assert seen == []


def test_a_before_flush_handler_may_add_objects(engine: Engine) -> None:
    session = Session(engine)

    def audit(session: Session, context: object, instances: object) -> None:
        if len(session.new) == 1:
            session.add(User(name="audit"))

    event.listen(session, "before_flush", audit)
    session.add(User(name="x"))
    session.commit()
    assert session.scalars(select(User.name).order_by(User.name)).all() == ["audit", "x"]
    session.close()


def test_do_orm_execute_changes_the_statement(session: Session) -> None:
    def only_ann(state: object) -> None:
        if state.is_select and state.is_orm_statement:  # type: ignore[attr-defined]
            state.statement = state.statement.where(User.name == "ann")  # type: ignore[attr-defined]

    event.listen(session, "do_orm_execute", only_ann)
    assert [u.name for u in session.scalars(select(User))] == ["ann"]


def test_get_accepts_scalars_tuples_and_names(session: Session) -> None:
    ann = session.get(User, 1)
    assert session.get(User, (1,)) is ann
    assert session.get(User, {"id": 1}) is ann
    assert session.get(User, 99) is None
    with pytest.raises(InvalidRequestError, match="Incorrect number of values in identifier"):
        session.get(User, (1, 2))
    with pytest.raises(InvalidRequestError, match="Incorrect names of values in identifier"):
        session.get(User, {"x": 1})


def test_autoflush_says_that_it_was_autoflush(session: Session) -> None:
    session.add(Post(id=1))
    session.flush()
    session.expunge_all()
    session.add(Post(id=1))
    with pytest.raises(Exception, match="raised as a result of Query-invoked autoflush"):
        session.scalars(select(User)).all()
    session.rollback()
