"""The VALUES group of an INSERT is found in its text and repeated."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import Column, Integer, MetaData, String, Table, insert
from ormolu.dialects.sqlite import dialect as sqlite
from ormolu.engine.multirow import MultiRow, multirow_of

crew = Table(
    "crew", MetaData(), Column("id", Integer, primary_key=True), Column("na) VALUES (?", String)
)
plain = Table("plain", MetaData(), Column("id", Integer, primary_key=True), Column("x", String))


def form(statement: Any, keys: tuple[str, ...]) -> MultiRow | None:
    return multirow_of(statement.compile(dialect=sqlite(), column_keys=keys))


def known(statement: Any, keys: tuple[str, ...]) -> MultiRow:
    found = form(statement, keys)
    assert found is not None
    return found


def test_the_group_is_repeated() -> None:
    rows = known(insert(plain).returning(plain.c.id), ("x",))
    assert rows.text(1) == "INSERT INTO plain (x) VALUES (?) RETURNING id"
    assert rows.text(3) == "INSERT INTO plain (x) VALUES (?), (?), (?) RETURNING id"
    assert rows.packed([("a",), ("b",), ("c",)]) == ("a", "b", "c")
    assert rows.sort_at == 0


def test_quoted_names_are_not_mistaken_for_the_group() -> None:
    rows = known(insert(crew).returning(crew.c.id), ("na) VALUES (?",))
    assert rows.text(2).endswith('("na) VALUES (?") VALUES (?), (?) RETURNING id')


def test_values_beside_the_group_are_sent_once() -> None:
    rows = known(insert(plain).returning(plain.c.x, plain.c.x + "!"), ("id", "x"))
    assert (rows.before, rows.width, rows.after) == (0, 2, 1)
    page = [(1, "a", "!"), (2, "b", "!")]
    assert rows.uniform(page)
    assert rows.packed(page) == (1, "a", 2, "b", "!")
    assert not rows.uniform([page[0], (2, "b", "?")])
    assert rows.sort_at is None


@pytest.mark.parametrize(("wanted", "limit", "size"), [(1000, 100, 50), (10, 100, 10), (5, 1, 1)])
def test_a_page_stays_within_the_databases_limit(wanted: int, limit: int, size: int) -> None:
    rows = known(insert(plain).returning(plain.c.id), ("id", "x"))
    assert rows.page_size(wanted, limit) == size


def test_other_statements_have_no_group() -> None:
    assert form(plain.update().returning(plain.c.id), ("x",)) is None
    assert form(insert(plain).values([{"x": 1}, {"x": 2}]).returning(plain.c.id), ()) is None
    assert form(insert(plain).returning(plain.c.id), ()) is None
