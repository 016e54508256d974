"""Random SELECTs of every shape: one text on each database, and one result on SQLite.

Each example is run three times on one engine, with other values the second time, so that what the
first execution left in the cache must serve the others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from random_choices import BYTES, OURS, SEEDS, THEIRS, WORDS, Choices, Namespace, Values
from random_queries import Queries, tables

LITERAL = {"compile_kwargs": {"literal_binds": True}}
#: SQLAlchemy calls the bind of ``~column.in_([1])`` so when the column has an anonymous name.
ADDRESS = re.compile(r"\d{10,}_\w+_s_\d")


class Library:
    """One library with an engine on SQLite, filled with the same random rows as the other's."""

    def __init__(self, lib: Namespace) -> None:
        self.lib = lib
        sa = lib.sa
        self.engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
        numbers = random.Random(3)

        def number() -> Any:
            return numbers.choice([None, *range(-2, 9)])

        def word() -> Any:
            return numbers.choice([None, *WORDS])

        def flag() -> Any:
            return numbers.choice([None, True, False])

        made = lib.tables(tables)
        town, person, friend = made["town"], made["person"], made["friend"]
        with self.engine.begin() as connection:
            town.metadata.create_all(connection)
            for i in range(1, 7):
                connection.execute(
                    sa.insert(town), {"id": i, "name": word(), "size": number(), "open": flag()}
                )
            for i in range(1, 10):
                connection.execute(
                    sa.insert(person),
                    {"id": i, "town_id": number(), "name": word(), "Age": number(), "away": flag()},
                )
                connection.execute(
                    sa.insert(friend), {"person_id": i, "year": number(), "note": word()}
                )

    def build(self, data: bytes, seed: int) -> Any:
        """The statement, or the class of what refuses to be built."""
        try:
            return Queries(self.lib, Choices(data), Values(seed)).statement()
        except self.lib.sa.exc.SQLAlchemyError as error:
            return type(error).__name__

    def answer(self, statement: Any) -> Any:
        """Names and rows of the result, or the class of what SQLite raises."""
        with self.engine.connect() as connection:
            try:
                result = connection.execute(statement)
                return list(result.keys()), [repr(tuple(row)) for row in result]
            except self.lib.sa.exc.SQLAlchemyError as error:
                return type(error).__name__


def compare_literals(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Compare the texts with literals, where SQLAlchemy's are what was asked for.

    It leaves binds in the text for the sides of ``IS NOT`` and ``<=>`` and for SQLite's unlimited
    LIMIT, and writes ``VALUES SELECT``, which is no SQL, for an empty list of tuples.
    """
    for dialect, expected in theirs.items():
        found = ours[dialect]
        if isinstance(expected, str):
            assert found == expected
        elif expected[1]:
            assert found[1] == {}
        else:
            assert found == (expected[0].replace("(VALUES SELECT 1", "(SELECT 1"), {})


def check(libraries: tuple[Library, Library], data: bytes, first: int, second: int) -> Any:
    theirs, ours = libraries
    expected, statement = theirs.build(data, first), ours.build(data, first)
    if isinstance(expected, str) or isinstance(statement, str):
        assert statement == expected
        return expected
    texts = theirs.lib.texts(expected)
    if not ADDRESS.search(repr(texts)):
        assert ours.lib.texts(statement) == texts
    compare_literals(ours.lib.texts(statement, **LITERAL), theirs.lib.texts(expected, **LITERAL))
    answer = theirs.answer(expected)
    assert ours.answer(statement) == answer
    assert ours.answer(ours.build(data, second)) == theirs.answer(theirs.build(data, second))
    assert ours.answer(ours.build(data, first)) == answer
    return answer


@pytest.fixture(scope="module")
def libraries() -> Iterator[tuple[Library, Library]]:
    both = Library(THEIRS), Library(OURS)
    yield both
    for library in both:
        library.engine.dispose()


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::ormolu.exc.SAWarning")
@given(data=BYTES, first=SEEDS, second=SEEDS)
def test_a_random_select_is_sqlalchemys(
    libraries: tuple[Library, Library], data: bytes, first: int, second: int
) -> None:
    check(libraries, data, first, second)
