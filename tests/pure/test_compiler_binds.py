"""Bind layouts: the order of the text, the generated value functions, written-out IN lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ormolu import types
from ormolu.compiler import compile_statement
from ormolu.compiler.features import Paramstyle
from ormolu.dialects import DefaultDialect
from ormolu.dialects.sqlite import SQLiteDialect
from ormolu.exc import CompileError, StatementError
from ormolu.sql import bindparam, column, insert, select, table, text, tuple_, update

users = table(
    "users",
    column("id", types.Integer),
    column("name", types.String),
    column("born", types.DateTime),
)
SQLITE = SQLiteDialect()


def test_a_value_without_converter_is_fetched_without_a_call() -> None:
    compiled = compile_statement(select(users.c.id).where(users.c.id == 5), SQLITE)
    assert compiled.pack.__source__ == "def pack(b, p):\n    return (b[0].value, )\n"


def test_a_converter_is_called_on_the_value() -> None:
    statement = select(users.c.id).where(users.c.born == dt.datetime(2020, 1, 2))
    compiled = compile_statement(statement, SQLITE)
    assert compiled.pack(statement._binds, {}) == ("2020-01-02 00:00:00.000000",)


def test_a_compiled_form_serves_another_statement_with_its_key() -> None:
    compiled = compile_statement(select(users.c.id).where(users.c.id == 5), SQLITE)
    other = select(users.c.id).where(users.c.id == 6)
    assert compiled.pack(other._binds, {}) == (6,)


def test_a_named_bind_takes_its_value_from_the_parameters_or_else_its_own() -> None:
    statement = select(users.c.id).where(users.c.name == bindparam("name", "ada"))
    compiled = compile_statement(statement, SQLITE)
    assert compiled.pack(statement._binds, {}) == ("ada",)
    assert compiled.pack(statement._binds, {"name": "eve"}) == ("eve",)


def test_a_callable_bind_is_called_at_each_execution() -> None:
    answers = iter([1, 2])
    statement = select(users.c.id).where(
        users.c.id == bindparam("x", callable_=lambda: next(answers))
    )
    compiled = compile_statement(statement, SQLITE)
    assert compiled.pack(statement._binds, {}) == (1,)
    assert compiled.pack(statement._binds, {}) == (2,)


def test_a_missing_value_names_the_bind() -> None:
    statement = select(users.c.id).where(users.c.id == bindparam("wanted"))
    compiled = compile_statement(statement, SQLITE)
    with pytest.raises(StatementError, match="A value is required for bind parameter 'wanted'"):
        compiled.pack(statement._binds, {})


def test_executemany_packs_every_row_and_names_what_one_lacks() -> None:
    compiled = compile_statement(insert(users), SQLITE, column_keys=("id", "born"))
    rows: list[dict[str, Any]] = [
        {"id": 1, "born": None},
        {"id": 2, "born": dt.datetime(2020, 1, 2)},
    ]
    assert compiled.pack_many((), rows) == [(1, None), (2, "2020-01-02 00:00:00.000000")]
    with pytest.raises(StatementError, match="bind parameter 'born'"):
        compiled.pack_many((), [{"id": 1}])


@pytest.mark.parametrize(
    ("style", "sql", "packed"),
    [
        ("qmark", "IN (?, ?) AND users.name = ?", (1, 2, "x")),
        ("format", "IN (%s, %s) AND users.name = %s", (1, 2, "x")),
        ("numeric_dollar", "IN ($1, $2) AND users.name = $3", (1, 2, "x")),
        (
            "named",
            "IN (:id_1_1, :id_1_2) AND users.name = :name_1",
            {"id_1_1": 1, "id_1_2": 2, "name_1": "x"},
        ),
        (
            "pyformat",
            "IN (%(id_1_1)s, %(id_1_2)s) AND users.name = %(name_1)s",
            {"id_1_1": 1, "id_1_2": 2, "name_1": "x"},
        ),
    ],
)
def test_an_in_list_is_written_out_in_every_paramstyle(
    style: Paramstyle, sql: str, packed: Any
) -> None:
    statement = select(users.c.id).where(users.c.id.in_([1, 2]), users.c.name == "x")
    compiled = compile_statement(statement, DefaultDialect(paramstyle=style))
    written, values = compiled.expand(statement._binds, {})
    assert written.endswith(sql)
    assert values == packed


def test_in_lists_of_other_lengths_reuse_the_compiled_form() -> None:
    compiled = compile_statement(select(users.c.id).where(users.c.id.in_([1])), SQLITE)
    longer = select(users.c.id).where(users.c.id.in_([1, 2, 3]))
    sql, values = compiled.expand(longer._binds, {})
    assert sql.endswith("IN (?, ?, ?)")
    assert values == (1, 2, 3)


def test_empty_in_lists_are_a_set_without_rows() -> None:
    statement = select(users.c.id).where(users.c.id.in_([]))
    sql, values = compile_statement(statement, SQLITE).expand(statement._binds, {})
    assert sql.endswith("IN (SELECT 1 FROM (SELECT 1) WHERE 1!=1)")
    assert values == ()


def test_tuples_are_rows_of_values_on_sqlite() -> None:
    statement = select(users.c.id).where(tuple_(users.c.id, users.c.name).in_([(1, "a"), (2, "b")]))
    sql, values = compile_statement(statement, SQLITE).expand(statement._binds, {})
    assert sql.endswith("IN (VALUES (?, ?), (?, ?))")
    assert values == (1, "a", 2, "b")


def test_percent_signs_are_doubled_where_the_driver_reads_them() -> None:
    statement = select(text("'100%'"))
    assert "100%%" in str(compile_statement(statement, DefaultDialect(paramstyle="pyformat")))
    assert "100%'" in str(compile_statement(statement, DefaultDialect(paramstyle="qmark")))


def test_one_node_at_two_places_must_be_one_node_in_the_next_statement() -> None:
    def twice(first: Any, second: Any) -> Any:
        return select(users.c.id).where(users.c.id > first, users.c.id < second)

    node = bindparam(None, 1, type_=types.Integer())
    compiled = compile_statement(twice(node, node), SQLITE)
    same = bindparam(None, 2, type_=types.Integer())
    other = bindparam(None, 3, type_=types.Integer())
    assert compiled.shared == ((0, 1),)
    assert compiled.matches(twice(same, same)._binds)
    assert not compiled.matches(twice(same, other)._binds)


def test_literal_binds_write_the_values() -> None:
    statement = select(users.c.id).where(users.c.name == "o'neill", users.c.id.in_([1, 2]))
    written = str(statement.compile(compile_kwargs={"literal_binds": True}))
    assert written.endswith("WHERE users.name = 'o''neill' AND users.id IN (1, 2)")


def test_an_unknown_column_key_names_column_and_table() -> None:
    with pytest.raises(CompileError, match=r"Unconsumed column names: nope.*users"):
        compile_statement(insert(users), SQLITE, column_keys=("nope",))


def test_a_bind_named_as_a_column_of_set_is_refused() -> None:
    statement = update(users).values(name="x").where(users.c.name == bindparam("name"))
    with pytest.raises(CompileError, match="'name' is reserved"):
        compile_statement(statement, SQLITE)


def test_render_postcompile_writes_out_the_lists() -> None:
    statement = select(users.c.id).where(users.c.id.in_([1, 2]))
    written = str(statement.compile(compile_kwargs={"render_postcompile": True}))
    assert written.endswith("IN (:id_1_1, :id_1_2)")


def test_a_name_is_not_both_a_list_and_a_value() -> None:
    mixed = select(users.c.id).where(
        users.c.id.in_(bindparam("a", [1])), users.c.id == bindparam("a")
    )
    with pytest.raises(CompileError, match="'a' in both 'expanding'"):
        compile_statement(mixed, SQLITE)


def test_of_several_binds_of_one_name_the_last_one_gives_the_value() -> None:
    statement = select(users.c.id).where(
        users.c.id == bindparam("a", 1), users.c.id != bindparam("a", 2)
    )
    compiled = compile_statement(statement, SQLITE)
    assert compiled.pack(statement._binds, {}) == (2, 2)
    assert compiled.pack(statement._binds, {"a": 3}) == (3, 3)
