"""Statements of both libraries on the same server: the same text, the same rows and errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy
import sqlalchemy.dialects.mysql
from sql_programs import DOCUMENTS, ITEMS, PARTS, SELECTS, WRITES, Build, tables

import ormolu
import ormolu.dialects.mysql

pytestmark = pytest.mark.backend("mysql+mysqldb")


class Side:
    """One library on the server, with its own tables."""

    def __init__(self, sa: Any, my: Any, url: str) -> None:
        self.sa, self.my = sa, my
        self.tables = tables(sa, my)
        self.engine = sa.create_engine(url)
        self.sent: list[Any] = []
        sa.event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: Any) -> None:
        # A UUID is one or its text: drivers send the same.
        self.sent.append((sql, [str(v) if isinstance(v, UUID) else v for v in params]))

    def answer(self, build: Build, after: Any = None) -> Any:
        """What a statement sends and gives, and what is in the tables then; it is rolled back."""
        self.sent.clear()
        with self.engine.connect() as connection:
            try:
                found = self._rows(connection.execute(build(self.sa, self.my, self.tables)))
            except self.sa.exc.DBAPIError as error:
                found = (type(error).__name__, error.orig.args[0])
            sent = list(self.sent)
            stored = [self._rows(connection.execute(query)) for query in self._stored(after)]
            connection.rollback()
        return sent, found, stored

    def _rows(self, result: Any) -> Any:
        return list(map(tuple, result.all())) if result.returns_rows else result.rowcount

    def _stored(self, names: Any) -> list[Any]:
        chosen = [self.tables.metadata.tables[name] for name in names or ()]
        return [
            # But keys: what a rollback took back was counted all the same.
            self.sa.select(*[c for c in table.c if c.name != "id"]).order_by(table.c.id)
            for table in chosen
        ]


@pytest.fixture
def sides(backend_url: str) -> Iterator[tuple[Side, Side]]:
    url = ormolu.make_url(backend_url).set(drivername="mysql+mysqldb")
    text = url.render_as_string(hide_password=False)
    ours = Side(ormolu, ormolu.dialects.mysql, text)
    theirs = Side(sqlalchemy, sqlalchemy.dialects.mysql, text)
    ours.tables.metadata.create_all(ours.engine)
    with ours.engine.begin() as connection:
        connection.execute(ormolu.insert(ours.tables.item), ITEMS)
        connection.execute(ormolu.insert(ours.tables.part), PARTS)
    yield ours, theirs
    ours.engine.dispose()
    theirs.engine.dispose()


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@pytest.mark.parametrize(
    ("programs", "after"),
    [(SELECTS, ()), (DOCUMENTS, ("item",)), (WRITES, ("item", "part"))],
    ids=["selects", "documents", "writes"],
)
def test_the_same_statements_have_the_same_answers(
    sides: tuple[Side, Side], programs: Mapping[str, Build], after: tuple[str, ...]
) -> None:
    ours, theirs = sides
    different = {}
    for name, build in programs.items():
        found, expected = ours.answer(build, after), theirs.answer(build, after)
        if found != expected or repr(found) != repr(expected):
            different[name] = (found, expected)
    assert not different
