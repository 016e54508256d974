"""Bad input: the exception users know, a message that names the object and says what to do, and a
session that goes on working afterwards with nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest

from ormolu import ForeignKey, create_engine, select, text
from ormolu.engine import Engine
from ormolu.exc import (
    ArgumentError,
    IntegrityError,
    InvalidRequestError,
    OperationalError,
    PendingRollbackError,
    ResourceClosedError,
    StatementError,
)
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from ormolu.orm.exc import DetachedInstanceError, ObjectDeletedError, UnmappedInstanceError


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    born: Mapped[date | None]
    posts: Mapped[list[Post]] = relationship(back_populates="author")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


class Elsewhere(Base):
    __tablename__ = "elsewhere"

    id: Mapped[int] = mapped_column(primary_key=True)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[User.__table__, Post.__table__])
    with Session(engine) as session:
        session.add_all([User(name="ann", posts=[Post(title="one")]), User(name="bob")])
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    session = Session(engine)
    yield session
    session.close()


def goes_on_working(session: Session) -> None:
    """The session reads, writes and commits as if nothing had happened."""
    session.add(User(name="afterwards"))
    session.commit()
    assert session.scalars(select(User.name).where(User.name == "afterwards")).one()


def test_unknown_attribute_in_a_constructor(session: Session) -> None:
    with pytest.raises(TypeError, match=r"'nmae' is an invalid keyword argument for User"):
        User(nmae="ann")
    goes_on_working(session)


def test_unknown_attribute_in_filter_by(session: Session) -> None:
    with pytest.raises(InvalidRequestError, match=r'Entity namespace for "users" has no .*"nmae"'):
        session.query(User).filter_by(nmae="ann")
    with pytest.raises(InvalidRequestError, match="nmae"):
        select(User).filter_by(nmae="ann")
    goes_on_working(session)


def test_unknown_attribute_on_the_class() -> None:
    with pytest.raises(AttributeError, match="nmae"):
        User.nmae  # noqa: B018


def test_missing_table(session: Session) -> None:
    with pytest.raises(OperationalError, match="no such table: elsewhere") as caught:
        session.scalars(select(Elsewhere)).all()
    assert caught.value.statement == "SELECT elsewhere.id \nFROM elsewhere"
    session.add(Elsewhere())
    with pytest.raises(OperationalError, match=r"<Elsewhere>(.|\n)*no such table: elsewhere"):
        session.commit()
    session.rollback()
    session.expunge_all()
    goes_on_working(session)


def test_duplicate_key_names_the_object_and_the_constraint(session: Session) -> None:
    twice = User(name="ann")
    session.add(twice)
    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: users\.name") as caught:
        session.commit()
    assert "User" in str(caught.value)
    assert "ann" in str(caught.value)


def test_a_failed_flush_can_be_mended_and_retried(session: Session) -> None:
    twice, other = User(name="ann"), User(name="cyd")
    session.add_all([other, twice])
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    assert twice in session.new
    assert other in session.new
    twice.name = "another ann"
    session.commit()
    assert {u.name for u in session.scalars(select(User))} == {"ann", "bob", "cyd", "another ann"}
    assert (other.id, twice.id) == (3, 4)


def test_after_a_failed_flush_the_next_use_says_to_roll_back(session: Session) -> None:
    session.add(User(name="ann"))
    with pytest.raises(IntegrityError):
        session.flush()
    with pytest.raises(PendingRollbackError, match=r"rollback\(\)(.|\n)*UNIQUE constraint failed"):
        session.scalars(select(User)).all()
    session.rollback()
    session.expunge_all()
    goes_on_working(session)


def test_a_failed_flush_keeps_changes_of_persistent_objects(session: Session) -> None:
    bob = session.scalars(select(User).where(User.name == "bob")).one()
    bob.name = "ann"
    with pytest.raises(IntegrityError, match=r"users\.name") as caught:
        session.commit()
    assert "User" in str(caught.value)
    session.rollback()
    assert bob.name == "bob"
    goes_on_working(session)


def test_null_in_a_not_null_column(session: Session) -> None:
    nobody = User()
    session.add(nobody)
    with pytest.raises(IntegrityError, match=r"NOT NULL constraint failed: users\.name") as caught:
        session.flush()
    assert "User" in str(caught.value)
    session.rollback()
    nobody.name = "somebody"
    goes_on_working(session)
    assert nobody.id is not None


def test_wrong_type(session: Session) -> None:
    session.add(User(name="eve", born="yesterday"))  # type: ignore[arg-type]
    with pytest.raises(StatementError, match=r"(?s)date.*born|born.*date"):
        session.flush()
    session.rollback()
    session.expunge_all()
    goes_on_working(session)


def test_wrong_class_in_a_relationship(session: Session) -> None:
    ann = session.get_one(User, 1)
    with pytest.raises((AttributeError, ArgumentError), match=r"(?s)posts.*str|str.*posts"):
        ann.posts.append("not a post")  # type: ignore[arg-type]
    assert [p.title for p in ann.posts] == ["one"]
    goes_on_working(session)


def test_object_in_two_sessions(engine: Engine, session: Session) -> None:
    ann = session.get_one(User, 1)
    other = Session(engine)
    with pytest.raises(InvalidRequestError, match=r"<User .*already attached to session"):
        other.add(ann)
    other.close()
    ann.name = "still mine"
    goes_on_working(session)


def test_unmapped_object(session: Session) -> None:
    with pytest.raises(UnmappedInstanceError, match=r"builtins\.str|'str'"):
        session.add("not an object")
    goes_on_working(session)


def test_detached_lazy_load_names_the_attribute_and_the_option(engine: Engine) -> None:
    with Session(engine) as session:
        ann = session.get_one(User, 1)
    assert ann.name == "ann"
    expected = r"(?s)User.*posts.*selectinload\(User\.posts\)"
    with pytest.raises(DetachedInstanceError, match=expected):
        ann.posts  # noqa: B018


def test_reading_an_object_whose_row_is_gone(engine: Engine, session: Session) -> None:
    bob = session.scalars(select(User).where(User.name == "bob")).one()
    session.commit()
    session.execute(text("DELETE FROM users WHERE name = 'bob'"))
    with pytest.raises(ObjectDeletedError, match="User"):
        bob.name  # noqa: B018
    goes_on_working(session)


def test_a_second_begin(session: Session) -> None:
    session.begin()
    with pytest.raises(InvalidRequestError, match="already begun"):
        session.begin()
    goes_on_working(session)


def test_use_after_close(engine: Engine, session: Session) -> None:
    connection = engine.connect()
    connection.close()
    with pytest.raises(ResourceClosedError, match="closed"):
        connection.execute(text("select 1"))
    session.close()
    goes_on_working(session)
    strict = Session(engine, close_resets_only=False)
    strict.close()
    with pytest.raises(InvalidRequestError, match="closed"):
        strict.execute(text("select 1"))


def test_a_result_used_after_it_was_consumed(session: Session) -> None:
    result = session.execute(select(User.name))
    result.close()
    with pytest.raises(ResourceClosedError, match="closed"):
        result.all()


def test_a_session_shared_by_two_threads_names_both_call_sites(engine: Engine) -> None:
    session = Session(engine)
    inside, leave = threading.Event(), threading.Event()

    def slow(value: str) -> str:
        inside.set()
        leave.wait(10)
        return value

    raw = session.connection().connection.driver_connection
    raw.create_function("slow", 1, slow)
    caught: list[BaseException] = []
    first = threading.Thread(target=lambda: session.execute(text("select slow('a')")))

    def second_use() -> None:
        try:
            session.add(User(name="from elsewhere"))
            session.scalars(select(User)).all()
        except InvalidRequestError as error:
            caught.append(error)

    second = threading.Thread(target=second_use)
    first.start()
    inside.wait(10)
    second.start()
    second.join(10)
    leave.set()
    first.join(10)
    assert len(caught) == 1
    message = str(caught[0])
    assert message.count("test_bad_input.py:") == 2
    session.rollback()
    session.expunge_all()
    goes_on_working(session)
    session.close()


def test_deleting_what_was_never_saved(session: Session) -> None:
    with pytest.raises(InvalidRequestError, match=r"<User .* is not persisted"):
        session.delete(User(name="new"))
    goes_on_working(session)


def test_sql_that_is_wrong_shows_the_statement(session: Session) -> None:
    with pytest.raises(OperationalError, match=r"\[SQL: selct 1\]"):
        session.execute(text("selct 1"))
    goes_on_working(session)


def test_a_missing_bind_is_named(session: Session) -> None:
    with pytest.raises(StatementError, match="'key'"):
        session.execute(text("select :key"))
    goes_on_working(session)
