"""``create_all`` and ``drop_all`` ask once for the types and once for the sequences of a schema."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import Column, Integer, MetaData, Sequence, Table, create_engine, event
from ormolu.dialects.postgresql import ENUM

pytestmark = pytest.mark.backend("postgresql+psycopg")


def model(count: int) -> MetaData:
    metadata = MetaData()
    columns = [Column(f"c{n}", ENUM("a", "b", name=f"kind_{n}")) for n in range(count)]
    Table("t", metadata, Column("id", Integer, primary_key=True), *columns)
    for n in range(count):
        Sequence(f"counter_{n}", metadata=metadata)
    return metadata


def questions(engine: Any, work: Any) -> int:
    """How many SELECTs a function sends."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, sql: str, *rest: Any) -> None:
        sent.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    work(engine)
    event.remove(engine, "before_cursor_execute", note)
    return sum(sql.lstrip().startswith("SELECT") for sql in sent)


def test_the_number_of_questions_is_constant(backend_url: str) -> None:
    engine = create_engine(backend_url)
    engine.connect().close()  # which asks its own questions
    asked = []
    for count in (2, 9):
        metadata = model(count)
        asked.append(questions(engine, metadata.create_all))
        asked.append(questions(engine, metadata.create_all))
        asked.append(questions(engine, metadata.drop_all))
        asked.append(questions(engine, metadata.drop_all))
    assert asked == [3] * 8
    engine.dispose()


def test_only_what_is_missing_is_made(backend_url: str) -> None:
    engine = create_engine(backend_url)
    model(2).create_all(engine)
    metadata = model(4)
    metadata.create_all(engine)
    with engine.begin() as connection:
        kinds = "SELECT count(*) FROM pg_type WHERE typname LIKE 'kind__' AND typtype = 'e'"
        numbers = "SELECT count(*) FROM pg_sequences WHERE sequencename LIKE 'counter__'"
        assert connection.exec_driver_sql(kinds).scalar() == 4
        assert connection.exec_driver_sql(numbers).scalar() == 4
        connection.exec_driver_sql("DROP SEQUENCE counter_1")
    metadata.drop_all(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(kinds).scalar() == 0
        assert connection.exec_driver_sql(numbers).scalar() == 0
    engine.dispose()
