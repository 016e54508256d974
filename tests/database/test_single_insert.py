"""The flush of one new object is a step of its own; it must come to what the phases come to.

Each test writes one object alone, and the same object together with another one, which takes the
phases, and compares: on SQLite, which tells the key beside the outcome, and on PostgreSQL, which
gives it back as a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ormolu import ForeignKey, String, create_engine, event, exc, func, inspect, select, text
from ormolu.engine import Engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from ormolu.orm.flush.single import single_insert
from ormolu.types import JSON, TypeDecorator

pytestmark = pytest.mark.parametrize("backend_url", ["sqlite", "postgresql+psycopg"], indirect=True)


class Base(DeclarativeBase):
    pass


class Upper(TypeDecorator[str]):
    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value == "never":
            raise ValueError("a value that does not convert")
        return None if value is None else value.upper()


class Note(Base):
    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str | None] = mapped_column(Upper)
    born: Mapped[dt.date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author | None] = relationship(back_populates="notes")


class Author(Base):
    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    rank: Mapped[int] = mapped_column(default=7)
    notes: Mapped[list[Note]] = relationship(back_populates="author")


class Stamp(Base):
    __tablename__ = "stamp"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None]
    made: Mapped[str] = mapped_column(server_default="now")


class Page(Base):
    """None is a value of `data`; what was never set is NULL."""

    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None] = mapped_column(unique=True)
    data: Mapped[Any] = mapped_column(JSON, nullable=True)


@pytest.fixture
def engine(backend_url: str) -> Iterator[Engine]:
    engine = create_engine(backend_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def rows_of(engine: Engine, table: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY id")))


def written(engine: Engine, make: Callable[[str], Any], alone: bool) -> tuple[list[Any], Any]:
    """The row after `make("a")` was written alone or beside another one, and its attributes."""
    obj = make("a")
    with Session(engine, expire_on_commit=False) as session:
        session.add(obj)
        if not alone:
            session.add(make("b"))
        session.flush()
        assert inspect(obj).persistent
        assert not session.new
        names = inspect(type(obj)).column_attrs.keys()
        values = {name: getattr(obj, name) for name in names}
        table = type(obj).__tablename__
        row = session.execute(text(f"SELECT * FROM {table} WHERE id = {obj.id}")).one()
        session.rollback()
    assert values.pop("id") == row.id
    return list(row)[1:], values


@pytest.mark.parametrize(
    "make",
    [
        lambda t: Note(title=t),
        lambda t: Note(body="x", title=t),
        lambda t: Note(title=t, body=None, born=dt.date(2020, 2, 3), author_id=None),
        lambda t: Note(id=None, title=t),
        lambda t: Note(title=t, body=func.lower("ABC")),
        lambda t: Author(name=t),
        lambda t: Stamp(text=t),
        lambda t: Stamp(),
        lambda t: Page(title=t),
        lambda t: Page(title=t, data=None),
        lambda t: Page(data={"a": [1]}, title=t),
        lambda t: Page(),
    ],
)
def test_one_object_is_written_as_it_is_among_others(
    engine: Engine, make: Callable[[str], Any]
) -> None:
    assert written(engine, make, alone=True) == written(engine, make, alone=False)


def test_a_key_that_is_given_is_kept(engine: Engine) -> None:
    with Session(engine) as session:
        note = Note(id=41, title="given")
        session.add(note)
        session.flush()
        assert session.get(Note, 41) is note
    assert [row.id for row in rows_of(engine, "note")] == [41]


def test_a_related_object_brings_its_key(engine: Engine) -> None:
    with Session(engine) as session:
        author = Author(name="ann")
        session.add(author)
        session.commit()
        session.add(Note(title="hers", author=author))
        session.commit()
        assert [note.title for note in author.notes] == ["hers"]


def test_handlers_around_the_insert_are_called(engine: Engine) -> None:
    seen: list[str] = []

    def before(mapper: Any, connection: Any, target: Note) -> None:
        target.body = "set by the handler"
        seen.append("before")

    event.listen(Note, "before_insert", before)
    try:
        with Session(engine) as session:
            session.add(Note(title="watched"))
    finally:
        event.remove(Note, "before_insert", before)
    assert seen == ["before"]
    assert rows_of(engine, "note")[0].body == "SET BY THE HANDLER"


def test_an_error_names_the_object_and_it_is_pending_after_the_rollback(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Note(title="taken"))
        session.commit()
        twice = Note(title="taken")
        session.add(twice)
        with pytest.raises(
            exc.IntegrityError, match=r"while inserting <Note title='taken'"
        ) as info:
            session.commit()
        assert info.value.objects == (twice,)
        session.rollback()
        assert twice in session.new
        assert "id" not in twice.__dict__
        twice.title = "free"
    assert [row.title for row in rows_of(engine, "note")] == ["taken", "free"]


def test_a_value_that_does_not_convert_names_its_row(engine: Engine) -> None:
    with Session(engine) as session:
        note = Note(title="x", body="never")
        session.add(note)
        with pytest.raises(exc.StatementError, match="does not convert"):
            session.flush()
        session.rollback()
        assert note in session.new
        note.body = "now it does"
    assert rows_of(engine, "note")[0].body == "NOW IT DOES"


def nulls_of(engine: Engine) -> list[Any]:
    """Of each page, whether its data are NULL."""
    return [row[1] for row in rows_of(engine, "(SELECT id, data IS NULL FROM page) AS pages")]


@pytest.mark.parametrize("make", [Page, lambda: Page(data=None), lambda: Page(data=[])])
def test_json_takes_the_short_way(engine: Engine, make: Callable[[], Page]) -> None:
    with Session(engine) as session:
        session.add(make())
        assert single_insert(session) is not None


def test_json_that_was_never_set_is_null_and_none_is_not(engine: Engine) -> None:
    with Session(engine) as session:
        for page in (Page(), Page(data=None), Page(data={})):
            session.add(page)
            session.commit()
    assert nulls_of(engine) == [True, False, False]


def test_json_that_was_never_set_is_null_when_the_insert_is_tried_again(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Page(title="taken"))
        session.commit()
        twice = Page(title="taken")
        session.add(twice)
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        assert "data" not in twice.__dict__
        twice.title = "free"
        session.flush()
        assert twice.__dict__["data"] is None
        session.commit()
    assert nulls_of(engine) == [True, True]


def test_a_rollback_makes_the_object_transient_again(engine: Engine) -> None:
    with Session(engine) as session:
        note = Note(title="back")
        session.add(note)
        session.flush()
        session.rollback()
        assert inspect(note).transient
        assert note.title == "back"


def test_a_key_whose_row_was_deleted_behind_the_sessions_back_is_taken_over(
    engine: Engine,
) -> None:
    with Session(engine) as session:
        old = Note(title="old")
        session.add(old)
        session.flush()
        session.execute(text("DELETE FROM note"))
        if engine.dialect.name == "postgresql":
            session.execute(text("ALTER SEQUENCE note_id_seq RESTART"))
        new = Note(title="new")
        session.add(new)
        with pytest.warns(exc.SAWarning, match="row is not there any more"):
            session.flush()
        assert session.get(Note, new.id) is new
        assert old not in session


def test_many_patterns_of_attributes(engine: Engine) -> None:
    """More ways of setting attributes than are remembered."""
    names = ["title", "body", "born", "author_id"]
    with Session(engine) as session:
        for i in range(200):
            order = names[i % 4 :] + names[: i % 4]
            values: dict[str, Any] = dict.fromkeys(order[: i % 5])
            note = Note(**values)
            for extra in range(i % 7):
                note.__dict__.setdefault(f"extra{extra}", extra)
            note.title = f"t{i}"
            session.add(note)
            session.commit()
        assert session.scalar(select(func.count()).select_from(Note)) == 200
