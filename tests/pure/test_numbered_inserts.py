"""INSERTs of many rows whose parameters are numbered (``$1``): repeated rows, and arrays."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import Column, Integer, MetaData, Sequence, String, Table, func
from ormolu.compiler.repeated import repeated_group, shifted
from ormolu.compiler.statement import compile_statement
from ormolu.dialects.postgresql import ARRAY, insert
from ormolu.dialects.postgresql.asyncpg import AsyncpgDialect
from ormolu.dialects.postgresql.asyncpg_arrays import numbered_array_insert_of
from ormolu.engine.multirow import MultiRow, multirow_of

DIALECT = AsyncpgDialect()
SHIP = Table(
    "ship",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("crew", Integer),
    Column("tags", ARRAY(String)),
)


def compiled_of(statement: Any, *keys: str) -> Any:
    """The compiled form of an INSERT of these columns."""
    return compile_statement(statement, DIALECT, column_keys=keys)


def test_a_group_is_repeated_with_numbers_of_its_own() -> None:
    group = "($1::INTEGER, upper($2))"
    assert repeated_group(group, 3, 2, "numeric_dollar") == (
        "($1::INTEGER, upper($2)), ($3::INTEGER, upper($4)), ($5::INTEGER, upper($6))"
    )
    assert repeated_group("(DEFAULT)", 2, 0, "numeric_dollar") == "(DEFAULT), (DEFAULT)"
    assert repeated_group("(?, ?)", 2, 2, "qmark") == "(?, ?), (?, ?)"


def test_what_follows_a_group_is_numbered_after_it() -> None:
    assert shifted(" RETURNING x + $3, $4", 10) == " RETURNING x + $13, $14"
    assert shifted(" RETURNING $3", 0) == " RETURNING $3"


def test_rows_that_no_array_can_hold_are_repeated() -> None:
    statement = insert(SHIP).on_conflict_do_update(index_elements=["id"], set_={"name": "again"})
    rows = multirow_of(compiled_of(statement.returning(SHIP.c.id), "id", "tags"))
    assert isinstance(rows, MultiRow)
    assert rows.text(2) == (
        "INSERT INTO ship (id, tags) VALUES ($1::INTEGER, $2::VARCHAR[]), ($3::INTEGER, "
        "$4::VARCHAR[]) ON CONFLICT (id) DO UPDATE SET name = $5::VARCHAR RETURNING ship.id"
    )
    page = [(1, ["a"], "again"), (2, [], "again")]
    assert rows.uniform(page)
    assert rows.packed(page) == (1, ["a"], 2, [], "again")
    assert not rows.uniform([(1, ["a"], "again"), (2, [], "not")])


def test_rows_go_as_arrays() -> None:
    statement = insert(SHIP).values(name=func.upper("it's $1")).returning(SHIP.c.id)
    form = numbered_array_insert_of(compiled_of(statement, "crew", "id"), None)
    assert form is not None
    assert form.text(5) == form.text(1)
    assert form.text(1) == (
        "INSERT INTO ship (id, name, crew) SELECT p1::INTEGER, upper($3::VARCHAR), p2::INTEGER "
        "FROM unnest($1::INTEGER[], $2::INTEGER[]) WITH ORDINALITY AS ormolu_rows (p1, p2, n) "
        "ORDER BY n RETURNING ship.id"
    )
    page = [(1, "it's $1", 10), (2, "it's $1", None)]
    assert form.uniform(page) and form.packed(page) == ((1, 2), (10, None), "it's $1")
    assert not form.uniform([(1, "a", 10), (2, "b", 10)])


@pytest.mark.parametrize("literal", ["'$1'", "'it''s $2 %(x)s'"])
def test_a_text_that_looks_like_a_parameter_stays_as_it_is(literal: str) -> None:
    from_sequence = Sequence("numbers").next_value()
    statement = insert(SHIP).values(crew=from_sequence).prefix_with(f"/* {literal} */")
    form = numbered_array_insert_of(compiled_of(statement, "name"), None)
    assert form is not None
    assert literal in form.text(1)
    assert "unnest($1::VARCHAR[])" in form.text(1)


def test_rows_of_arrays_don_t_go_as_arrays() -> None:
    assert numbered_array_insert_of(compiled_of(insert(SHIP), "tags"), None) is None
