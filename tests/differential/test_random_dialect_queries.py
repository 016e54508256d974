"""Random SELECTs with what only some databases have: one text on each, with and without binds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from random_choices import BYTES, OURS, SEEDS, THEIRS, Choices, Namespace
from random_dialect_queries import DialectQueries
from test_random_selects import LITERAL, compare_literals

TEXTS = ("postgresql", "mysql", "mariadb")


def build(lib: Namespace, data: bytes, seed: int) -> Any:
    """The statement, or the class of what refuses to be built."""
    try:
        return DialectQueries(lib, Choices(data), seed).statement()
    except lib.sa.exc.SQLAlchemyError as error:
        return type(error).__name__


def check(data: bytes, first: int, second: int) -> None:
    for seed in (first, second):
        expected, statement = build(THEIRS, data, seed), build(OURS, data, seed)
        if isinstance(expected, str) or isinstance(statement, str):
            assert statement == expected
            return
        bound = THEIRS.texts(expected, TEXTS)
        assert OURS.texts(statement, TEXTS) == bound
        if "b'" in repr(bound):
            return  # SQLAlchemy writes bytes as text
        # It writes no intervals and no JSON documents.
        theirs = THEIRS.texts(expected, TEXTS, **LITERAL)
        written = {name: found for name, found in theirs.items() if not isinstance(found, str)}
        compare_literals(OURS.texts(statement, written, **LITERAL), written)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::ormolu.exc.SAWarning")
@given(data=BYTES, first=SEEDS, second=SEEDS)
def test_a_random_query_of_some_databases_is_sqlalchemys(
    data: bytes, first: int, second: int
) -> None:
    check(data, first, second)
