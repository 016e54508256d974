"""The flush of one new object on PostgreSQL: its key comes back as a row, or it doesn't."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from notes import Base, Note

from ormolu import create_engine, select, text
from ormolu.engine import Engine
from ormolu.orm import Session
from ormolu.orm.exc import FlushError

pytestmark = pytest.mark.backend("postgresql+psycopg")


@pytest.fixture
def engine(backend_url: str) -> Iterator[Engine]:
    engine = create_engine(backend_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_one_statement_brings_the_key(engine: Engine) -> None:
    with Session(engine) as session:
        session.execute(text("ALTER SEQUENCE note_id_seq RESTART WITH 41"))
        note = Note(title="a")
        session.add(note)
        session.flush()
        assert note.id == 41
        assert session.get(Note, 41) is note


def test_a_row_that_a_trigger_leaves_out_is_missed_and_the_object_is_kept(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION leave_out() RETURNS trigger AS 'BEGIN RETURN NULL; END'"
                " LANGUAGE plpgsql"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER leave_out BEFORE INSERT ON note"
                " FOR EACH ROW EXECUTE FUNCTION leave_out()"
            )
        )
    with Session(engine) as session:
        note = Note(title="a")
        session.add(note)
        with pytest.raises(FlushError, match="gave back 0 rows for 1 new object"):
            session.flush()
        session.rollback()
        assert note in session.new
        with engine.begin() as connection:
            connection.execute(text("DROP TRIGGER leave_out ON note"))
        session.commit()
        assert session.scalars(select(Note.title)).all() == ["a"]
