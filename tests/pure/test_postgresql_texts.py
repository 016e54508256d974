"""What is sent to PostgreSQL, made without one: placeholders, arrays as text, addresses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ormolu import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    TypeDecorator,
    func,
    insert,
    make_url,
)
from ormolu.compiler import compile_statement
from ormolu.dialects import postgresql
from ormolu.dialects.postgresql.array_insert import ArrayInsert
from ormolu.dialects.postgresql.array_text import array_text
from ormolu.dialects.postgresql.connecting import hosts_and_ports, libpq_arguments
from ormolu.dialects.postgresql.psycopg import PsycopgDialect
from ormolu.dialects.postgresql.psycopg_statements import StatementRecord, may_be_declared, read
from ormolu.exc import ArgumentError

DIALECT = PsycopgDialect()


# -- placeholders


@pytest.mark.parametrize(
    ("sql", "query", "names"),
    [
        ("SELECT 1", "SELECT 1", None),
        ("SELECT %s, %s", "SELECT $1, $2", None),
        ("SELECT %(b)s, %(a)s, %(b)s", "SELECT $1, $2, $1", ["b", "a"]),
        ("SELECT %(a b)s::INT %% 2", "SELECT $1::INT % 2", ["a b"]),
        ("SELECT %b, %t", "SELECT $1, $2", None),
        ("SELECT 'é'", "SELECT 'é'", None),
    ],
)
def test_placeholders_are_numbered(sql: str, query: str, names: list[str] | None) -> None:
    statement = read(sql, "utf-8")
    assert (statement.query, statement.names) == (query.encode(), names)


@pytest.mark.parametrize(
    ("sql", "simple", "preparable"),
    [
        ("SELECT 1;", False, True),
        ("SELECT 1; SELECT 2", True, True),
        ("/* a */ -- b\n (select 1)", False, True),
        ("INSERT INTO t VALUES (%s, ';')", False, True),
        ("COPY t TO STDOUT", True, False),
        ("VACUUM", False, False),
    ],
)
def test_what_goes_by_which_protocol(sql: str, simple: bool, preparable: bool) -> None:
    statement = read(sql, "utf-8")
    assert (statement.simple, statement.preparable) == (simple, preparable)


@pytest.mark.parametrize(
    ("sql", "declared"),
    [
        ("SELECT 1 FOR UPDATE", True),
        ("-- hello\n(VALUES (1))", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("WITH a AS (DELETE FROM t RETURNING b) SELECT * FROM a", False),
        ("EXPLAIN SELECT 1", False),
        ("SHOW search_path", False),
    ],
)
def test_what_cursors_are_declared_for(sql: str, declared: bool) -> None:
    assert may_be_declared(sql) is declared


def test_texts_that_are_not_prepared_are_forgotten_in_time() -> None:
    record = StatementRecord("utf-8", 5, 100)
    kept = record.get("SELECT kept")
    record.note(kept, ())
    first = record.get("SELECT 0")
    for n in range(2000):
        record.get(f"SELECT {n}")
    assert record.get("SELECT kept") is kept
    assert record.get("SELECT 0") is not first


# -- arrays


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([1, -2], "{1,-2}"),
        ([1, None], "{1,NULL}"),
        ([True, False], "{t,f}"),
        ([1.5, 1e300], "{1.5,1e+300}"),
        ([Decimal("1.50")], "{1.50}"),
        (["a", "b c"], '{"a","b c"}'),
        (["", "NULL", None], '{"","NULL",NULL}'),
        (['q"', "back\\slash", "{,}"], '{"q\\"","back\\\\slash","{,}"}'),
        (['","'], '{"\\",\\""}'),
        ([b"\x00\xff"], '{"\\\\x00ff"}'),
        ([UUID(int=1)], "{00000000-0000-0000-0000-000000000001}"),
        ([dt.date(1, 2, 3)], '{"0001-02-03"}'),
        ([dt.timedelta(days=-1, microseconds=5)], '{"-1 days 0.000005 seconds"}'),
    ],
)
def test_arrays_as_text(values: list[Any], text: str) -> None:
    assert array_text(values) == text


class Upper(TypeDecorator[str]):
    """A type whose values are stored in capitals."""

    impl = String(30)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value and value.upper()


def arrays_of(*columns: Any, statement: Any = None, **values: Any) -> ArrayInsert | None:
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), *columns)
    made = insert(table) if statement is None else statement(table)
    keys = [column.key for column in table.c if not column.primary_key and not column.default]
    return DIALECT.array_insert(compile_statement(made, DIALECT, column_keys=keys), 0)


def test_an_insert_with_an_array_per_column() -> None:
    form = arrays_of(Column("a b", Upper), Column("n", Numeric(5, 2)), Column("d", JSON))
    assert form is not None
    assert (
        form.text(2)
        == form.text(2000)
        == (
            'INSERT INTO t ("a b", n, d) SELECT p1::VARCHAR, p2, p3::JSON '
            "FROM unnest(%(a_b)s::VARCHAR[], %(n)s::NUMERIC[], %(d)s::JSON[]) "
            "WITH ORDINALITY AS ormolu_rows (p1, p2, p3, n) ORDER BY n RETURNING t.id"
        )
    )
    rows: list[dict[str, Any]] = [
        {"a_b": "X", "n": None, "d": "{}"},
        {"a_b": "Y", "n": 2, "d": '{"a": 1}'},
    ]
    assert form.uniform(rows)
    assert form.packed(rows) == {
        "a_b": '{"X","Y"}',
        "n": "{NULL,2}",
        "d": '{"{}","{\\"a\\": 1}"}',
    }
    assert form.in_order([(3, "c"), (1, "a"), (2, "b")]) == [(1, "a"), (2, "b"), (3, "c")]


def test_what_is_the_same_for_all_rows_stays_in_place() -> None:
    def upsert(table: Table) -> Any:
        made = postgresql.insert(table)
        return made.on_conflict_do_update(index_elements=["id"], set_={"x": "again"})

    form = arrays_of(
        Column("x", String), Column("y", Integer, default=func.abs(-3)), statement=upsert
    )
    assert form is not None
    assert form.text(2) == (
        "INSERT INTO t (x, y) SELECT p1::VARCHAR, abs(%(abs_1)s::INTEGER) "
        "FROM unnest(%(x)s::VARCHAR[]) WITH ORDINALITY AS ormolu_rows (p1, n) ORDER BY n "
        "ON CONFLICT (id) DO UPDATE SET x = %(param_1)s::VARCHAR RETURNING t.id"
    )
    row = {"x": "a", "abs_1": -3, "param_1": "again"}
    assert form.uniform([row, {**row, "x": "b"}])
    assert form.packed([row, {**row, "x": "b"}]) == {**row, "x": '{"a","b"}'}
    assert not form.uniform([row, {**row, "param_1": "differs"}])


def test_values_that_can_not_be_written_as_text_go_one_by_one() -> None:
    form = arrays_of(Column("x", DateTime), Column("y", Integer))
    assert form is not None
    moment = dt.datetime(2024, 1, 2)
    assert form.uniform([{"x": moment, "y": 1}, {"x": None, "y": None}])
    assert not form.uniform([{"x": moment.replace(tzinfo=dt.UTC), "y": 1}])
    assert not form.uniform([{"x": moment, "y": object()}])
    aware = arrays_of(Column("x", DateTime(timezone=True)))
    assert aware is not None
    assert aware.uniform([{"x": moment.replace(tzinfo=dt.UTC)}, {"x": moment}])


@pytest.mark.parametrize(
    ("type_", "array"),
    [
        (Boolean(), "BOOLEAN[]"),
        (LargeBinary(), "BYTEA[]"),
        (Enum("a", "b", name="letters"), "letters[]"),
        (Enum("a", "b", name="letters", schema="other"), None),
        (Enum("a", "b", native_enum=False), "VARCHAR[]"),
        (postgresql.INTERVAL(), "INTERVAL[]"),
        (ARRAY(Integer), None),
        (postgresql.INT4RANGE(), None),
        (postgresql.HSTORE(), None),
    ],
)
def test_types_of_which_there_are_arrays(type_: Any, array: str | None) -> None:
    form = arrays_of(Column("x", type_))
    assert (form is None) if array is None else (form is not None and array in form.text(1))


# -- addresses


@pytest.mark.parametrize(
    ("url", "arguments"),
    [
        (
            "postgresql://u:p%40@h:5/d?sslmode=require&connect_timeout=3",
            {
                "user": "u",
                "password": "p@",
                "host": "h",
                "port": "5",
                "dbname": "d",
                "sslmode": "require",
                "connect_timeout": "3",
            },
        ),
        ("postgresql://", {"dbname": ""}),
        ("postgresql://?service=main", {"service": "main"}),
        ("postgresql:///d?host=/run/postgresql", {"dbname": "d", "host": "/run/postgresql"}),
        ("postgresql:///d?host=/run:x&port=7", {"dbname": "d", "host": "/run:x", "port": "7"}),
        ("postgresql://?host=a:1&host=b&host=[::1]:3", {"host": "a,b,::1", "port": "1,,3"}),
        ("postgresql://?host=a,b&port=1,2", {"host": "a,b", "port": "1,2"}),
        ("postgresql://?host=a&host=b&port=1", {"host": "a,b", "port": "1"}),
        ("postgresql://u@h/?host=over", {"user": "u", "host": "over"}),
    ],
)
def test_urls_as_arguments(url: str, arguments: dict[str, str]) -> None:
    assert libpq_arguments(make_url(url)) == arguments


def test_hosts_and_ports_must_belong_together() -> None:
    with pytest.raises(ArgumentError, match="number of hosts and ports"):
        hosts_and_ports(make_url("postgresql://?host=a&host=b&host=c&port=1&port=2"))
