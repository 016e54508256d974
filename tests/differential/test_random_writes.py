"""Random statements that write: one text on each database, one table afterwards on SQLite.

Every example is undone, so that each begins with the same rows. Each is executed with two sets of
values on one engine: the second time with what the first left in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import library as engines
import pytest
from hypothesis import given
from random_choices import BYTES, OURS, SEEDS, THEIRS, Choices, Namespace, Values
from random_writes import Write, Writes, tables


class Library:
    """One library with an engine on SQLite and a few rows."""

    def __init__(self, lib: Namespace) -> None:
        self.lib, self.sa, both = lib, lib.sa, engines.Library(lib.root)
        self.tables = lib.tables(tables)
        self.engine = both.engine()
        self.sent: list[Any] = []
        with self.engine.begin() as connection:
            self.tables["town"].metadata.create_all(connection)
            for i, word in enumerate(["a", None, "b%", "o'x"], 1):
                connection.execute(
                    self.sa.insert(self.tables["town"]),
                    {"id": i, "name": word, "size": i % 3, "open": i < 3},
                )
                connection.execute(
                    self.sa.insert(self.tables["friend"]),
                    {"person_id": i, "year": 9 - i, "note": word},
                )
                connection.execute(
                    self.sa.insert(self.tables["parcel"]), {"town_id": i, "weight": i * 2}
                )
        self.sa.event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, sql: str, params: Any, *rest: Any) -> None:
        if sql != "BEGIN":
            self.sent.append((sql, params))

    def build(self, data: bytes, seed: int) -> Write | str:
        """The statement, or the class of what refuses to be built."""
        try:
            return Writes(self.lib, Choices(data), Values(seed)).write()
        except self.sa.exc.SQLAlchemyError as error:
            return type(error).__name__

    def outcome(self, write: Write) -> Any:
        """What was sent, the rows that came back, and the tables after it; then it is undone."""
        self.sent.clear()
        with self.engine.connect() as connection:
            try:
                result = connection.execute(write.statement, write.parameters)
                if result.returns_rows:
                    answer: Any = [list(result.keys()), [tuple(row) for row in result]]
                else:
                    answer = result.rowcount
            except self.sa.exc.SQLAlchemyError as error:
                return type(error).__name__
            except NotImplementedError:  # so SQLAlchemy refuses a DELETE of several tables
                return "CompileError"
            sent = list(self.sent)
            if write.parameters and result.returns_rows:
                sent = []  # how many rows go together is each library's own decision
            rows = [
                [tuple(row) for row in connection.execute(self.sa.select(table))]
                for table in self.tables.values()
            ]
            connection.rollback()
        return answer, sent, rows


def plain(texts: dict[str, Any]) -> dict[str, Any]:
    """The texts, without names of binds where the text has none."""
    for name in ("mysql", "mariadb"):
        if isinstance(texts.get(name), tuple):
            sql, params = texts[name]
            texts[name] = sql, sorted(map(repr, params.values()))
    return texts


def check(libraries: tuple[Library, Library], data: bytes, first: int, second: int) -> Any:
    theirs, ours = libraries
    outcome = None
    for seed in (first, second):
        expected, write = theirs.build(data, seed), ours.build(data, seed)
        if isinstance(expected, str) or isinstance(write, str):
            assert write == expected
            return expected
        text = theirs.lib.texts(expected.statement, expected.dialects)
        assert plain(ours.lib.texts(write.statement, write.dialects)) == plain(text)
        if "sqlite" in write.dialects:
            outcome = theirs.outcome(expected)
            # SQLAlchemy can't execute an upsert that has a list with many sets of parameters.
            if not (outcome == "StatementError" and write.parameters):
                assert ours.outcome(write) == outcome
    return outcome


@pytest.fixture(scope="module")
def libraries() -> Iterator[tuple[Library, Library]]:
    both = Library(THEIRS), Library(OURS)
    yield both
    for library in both:
        library.engine.dispose()


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::ormolu.exc.SAWarning")
@given(data=BYTES, first=SEEDS, second=SEEDS)
def test_a_random_write_is_sqlalchemys(
    libraries: tuple[Library, Library], data: bytes, first: int, second: int
) -> None:
    check(libraries, data, first, second)
