"""psycopg: which functions of the adapter, and of the driver in Python, a statement goes through.

How often a generator is resumed depends on when the answer arrives; which ones there are doesn't.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ormolu import column, select, table, text
from ormolu.engine import Engine, create_engine

pytestmark = pytest.mark.backend("postgresql+psycopg")

STATEMENT = {
    "StatementRecord.get",
    "Exchange._dumped",
    "Wire._run",
    "PsycopgConnection.talk",
    "Connection.wait",
}
COMMIT = {"PsycopgConnection.commit", "Wire.commit", "hear"}


@pytest.fixture
def engine(backend_url: str) -> Iterator[Engine]:
    """An engine on a database with a note."""
    engine = create_engine(backend_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (id integer, words text)"))
        connection.execute(text("INSERT INTO note VALUES (1, 'a')"))
    yield engine
    engine.dispose()


def functions(work: Callable[[], object]) -> set[str]:
    """What is called in Python below the engine, once everything is prepared."""
    called: set[str] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        place = Path(frame.f_code.co_filename)
        if event == "call" and (place.parent.name == "psycopg" or place.stem[:8] == "psycopg_"):
            called.add(frame.f_code.co_qualname)

    for _ in range(7):
        work()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    asked = {"WiredConnection.broken", "WiredConnection.in_transaction"}
    return {name for name in called - asked if not name.endswith("<listcomp>")}


def test_of_a_query(engine: Engine) -> None:
    note = table("note", column("id"), column("words"))
    statement = select(note).where(note.c.id == 1)
    with engine.connect() as connection:
        asked = functions(lambda: connection.execute(statement).all())
    fetched = {"PsycopgConnection.fetchall", "Wire.fetch", "Statement.values", "hear"}
    assert asked == STATEMENT | fetched


def test_of_a_transaction(engine: Engine) -> None:
    statement = text("SELECT 1")

    def work() -> None:
        with engine.connect() as connection:
            connection.execute(statement).all()
            connection.commit()

    executed = {"PsycopgConnection.execute", "Wire.execute", "Wire._outcome", "Wire._description"}
    begun = {"Wire.defer_begin", "Wire._begin_with", "hear_all"}
    assert functions(work) == STATEMENT | executed | begun | COMMIT
