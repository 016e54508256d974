"""``dialect.has_table(connection, …)`` and its kin answer as SQLAlchemy's do, on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

import ormolu

QUESTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "has_table": lambda d, c: [d.has_table(c, name) for name in ("t", "v", "none")],
    "has_multi_table": lambda d, c: list(d.has_multi_table(c, ["t", "none"])),
    "has_index": lambda d, c: [d.has_index(c, "t", name) for name in ("ix", "none")],
    "has_schema": lambda d, c: [d.has_schema(c, name) for name in ("main", "none")],
    "get_schema_names": lambda d, c: d.get_schema_names(c),
    "get_table_names": lambda d, c: d.get_table_names(c),
    "get_view_names": lambda d, c: d.get_view_names(c),
    "get_view_definition": lambda d, c: d.get_view_definition(c, "v"),
    "get_temp_table_names": lambda d, c: d.get_temp_table_names(c),
    "get_columns": lambda d, c: [(col["name"], str(col["type"])) for col in d.get_columns(c, "t")],
    "get_columns of none": lambda d, c: d.get_columns(c, "none"),
    "get_pk_constraint": lambda d, c: d.get_pk_constraint(c, "t")["constrained_columns"],
    "get_foreign_keys": lambda d, c: [f["referred_table"] for f in d.get_foreign_keys(c, "t")],
    "get_indexes": lambda d, c: [i["column_names"] for i in d.get_indexes(c, "t")],
    "get_unique_constraints": lambda d, c: [
        u["column_names"] for u in d.get_unique_constraints(c, "t")
    ],
    "get_check_constraints": lambda d, c: [u["sqltext"] for u in d.get_check_constraints(c, "t")],
    "get_sequence_names": lambda d, c: d.get_sequence_names(c),
    "normalize_name": lambda d, c: [
        (d.normalize_name(name), d.denormalize_name(name))
        for name in ("ABC", "abc", "aBc", "select", "SELECT", None, "a b", "A B")
    ],
    "validate_identifier": lambda d, c: d.validate_identifier("x" * 10_000),
    "create_xid": lambda d, c: d.create_xid() != d.create_xid(),
}


def answer(sa: Any, question: Callable[[Any, Any], Any]) -> Any:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for statement in (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INTEGER REFERENCES t(id),"
            " CHECK (b > 0))",
            "CREATE INDEX ix ON t (b)",
            "CREATE VIEW v AS SELECT id FROM t",
            "CREATE TEMP TABLE passing (x INTEGER)",
        ):
            connection.exec_driver_sql(statement)
        try:
            return question(engine.dialect, connection)
        except Exception as error:
            return type(error).__name__


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_dialect_answers_as_sqlalchemys_does(question: Callable[[Any, Any], Any]) -> None:
    assert answer(ormolu, question) == answer(sqlalchemy, question)


def test_many_tables_are_described_at_once() -> None:
    engine = ormolu.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE a (x INTEGER)")
        connection.exec_driver_sql("CREATE TABLE b (y INTEGER)")
        found = dict(engine.dialect.get_multi_columns(connection, filter_names=["a"]))
    assert [(key, column["name"]) for key, [column] in found.items()] == [((None, "a"), "x")]
