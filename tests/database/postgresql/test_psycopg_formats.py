"""Results in binary: every value as psycopg reads it from text, and text where that isn't so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.types.json import set_json_loads
from round_trips import count_round_trips

from ormolu.dialects.postgresql.psycopg_driver import DRIVER, PsycopgConnection
from ormolu.dialects.postgresql.psycopg_formats import BINARY, TEXT, ResultFormats
from ormolu.engine import make_url

pytestmark = pytest.mark.backend("postgresql+psycopg")

Connect = Callable[..., PsycopgConnection]

#: Literals by type. NULL goes with each.
IN_BINARY = {
    "boolean": ("true", "false"),
    "smallint": ("-32768", "32767", "0"),
    "integer": ("-2147483648", "2147483647", "-1"),
    "bigint": ("-9223372036854775808", "9223372036854775807", "10"),
    "oid": ("0", "4294967295"),
    "float8": (
        "0.1", "0.1 + 0.2", "1e308", "5e-324", "'-0'", "1234567.1234567", "'nan'", "'-inf'",
    ),
    "text": ("''", "'añ€😀'", "E'a\\nb\\\\'"),
    "varchar(20)": ("'é'", "''"),
    "character(5)": ("'ab'",),
    "name": ("'abc'",),
    "bytea": (r"'\x00ff5c27'", "''"),
    "uuid": ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",),
    "date": ("'0001-01-01'", "'2020-02-29'", "'9999-12-31'", "'1999-12-31'"),
    "time": ("'00:00'", "'23:59:59.999999'", "'12:34:56.7'"),
    "timestamp": (
        "'0001-01-01'", "'1969-12-31 23:59:59.999999'", "'2020-02-29 12:34:56.789'",
        "'9999-12-31 23:59:59.999999'",
    ),
    "timestamptz": (
        "'1850-01-01 00:00+00'", "'2020-03-29 01:30+00'", "'2020-10-25 00:30+00'",
        "'2020-10-25 01:30+00'", "'2050-07-01 12:00:00.000001+03'",
    ),
    "json": ("""'{"a": [1, 2.50, null]}'""", "'[]'", "'1'", "'null'"),
    "jsonb": ("""'{"a": [1, 2.50, null], "é": true}'""", "'\"x\"'", "'null'"),
}  # fmt: skip
IN_TEXT = {
    "real": ("0.1", "1.5"),
    "numeric": ("0.00", "'nan'", "100000000000000000000", "1e-20", "-1.10"),
    "interval": ("'1 year 1 mon -1 day 02:03:04.5'", "'-13 mons'"),
    "timetz": ("'12:00:00.5+01:02'",),
    "money": ("1.5",),
    '"char"': ("'a'", "''"),
    "inet": ("'1.2.3.4'", "'::1/64'"),
    "cidr": ("'10.0.0.0/8'",),
    "macaddr": ("'08:00:2b:01:02:03'",),
    "bit(3)": ("B'101'",),
    "point": ("'(1,2)'",),
    "xml": ("'<a/>'",),
    "tsvector": ("'a b'",),
    "int4range": ("'[1,5)'",),
    "integer[]": ("'{1,null,3}'", "'{}'", "'{{1},{2}}'"),
    "text[]": ("""'{a,null,"b,c"}'""",),
    "regclass": ("'pg_class'",),
    "mood": ("'sad'",),
    "pair": ("row(1, 'x')",),
}
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns")


@pytest.fixture
def connect(backend_url: str) -> Iterator[Connect]:
    """A factory of connections that prepare what they execute."""
    opened: list[PsycopgConnection] = []

    def make(**options: Any) -> PsycopgConnection:
        url = make_url(backend_url)
        given = {**url.get_dialect()().connect_args(url)[1], "prepare_threshold": 0, **options}
        opened.append(DRIVER.connect(**given))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def raw(backend_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the driver alone."""
    url = make_url(backend_url)
    with psycopg.connect(**url.get_dialect()().connect_args(url)[1], autocommit=True) as raw:
        yield raw


@pytest.fixture
def db(connect: Connect) -> PsycopgConnection:
    """A connection that prepares what it executes, and knows two types of its own."""
    db = connect()
    db.execute("CREATE TYPE mood AS ENUM ('sad', 'glad')", ())
    db.execute("CREATE TYPE pair AS (a integer, b text)", ())
    return db


def shown(rows: Any) -> list[list[tuple[type, str]]]:
    """What rows are made of: also a zero's sign, NaN, and a datetime's fold and zone count."""
    return [[(type(value), repr(value)) for value in row] for row in rows]


def casts(kind: str, literals: tuple[str, ...]) -> str:
    """A query of all values of a type."""
    return "SELECT " + ", ".join(f"CAST({each} AS {kind})" for each in (*literals, "NULL"))


def format_of(db: PsycopgConnection, sql: str) -> int:
    """The format in which a prepared statement's results come."""
    (prepared,) = db.wire.record.get(sql).prepared.values()
    assert prepared.known
    return prepared.format


@pytest.mark.parametrize(
    ("kind", "zone"),
    [
        (kind, zone)
        for kind in (*IN_BINARY, *IN_TEXT)
        for zone in (ZONES if "time" in kind else ZONES[:1])
    ],
)
def test_values_are_those_that_psycopg_reads_from_text(
    db: PsycopgConnection, raw: psycopg.Connection[Any], kind: str, zone: str
) -> None:
    sql = casts(kind, {**IN_BINARY, **IN_TEXT}[kind])
    for connection in (db, raw):
        connection.execute(f"SET TIME ZONE '{zone}'", ())
    wanted = shown(raw.execute(sql.encode()).fetchall())
    for _ in range(3):
        assert shown(db.fetchall(sql, ())) == wanted
        assert shown(db.execute(sql, ()).rows) == wanted
    assert format_of(db, sql) == (BINARY if kind in IN_BINARY else TEXT)


@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz"])
def test_what_python_has_no_value_for_is_refused_in_either_format(
    db: PsycopgConnection, kind: str
) -> None:
    sql = f"SELECT %s::{kind}"
    assert db.fetchall(sql, ("2020-01-01",))
    for literal in ("infinity", "0044-03-15 BC", "10000-01-02"):
        with pytest.raises(psycopg.DataError, match=r"too (large|small)"):
            db.fetchall(sql, (literal,))
    assert db.fetchall(sql, ("2020-01-01",))


def test_one_column_that_only_text_gives_right_keeps_the_others_in_text(
    db: PsycopgConnection,
) -> None:
    sql = "SELECT 1, 0.1::float8, 0.1::real"
    for _ in range(3):
        assert db.fetchall(sql, ()) == [(1, 0.1, 0.1)]
    assert format_of(db, sql) == TEXT


def test_servers_that_round_floats_in_text_give_them_in_text() -> None:
    def formats(version: int) -> ResultFormats:
        server = SimpleNamespace(server_version=version)
        return ResultFormats(SimpleNamespace(adapters=psycopg.adapters, pgconn=server))

    assert formats(120000).alike(701)
    assert not formats(110022).alike(701)


# -- loaders and settings that change


def test_a_loader_of_the_users_own_reads_what_it_is_for(db: PsycopgConnection) -> None:
    class Roman(psycopg.adapt.Loader):
        def load(self, data: Any) -> str:
            return "I" * int(data)

    for _ in range(2):
        assert db.fetchall("SELECT 3, 'x'", ()) == [(3, "x")]
    assert format_of(db, "SELECT 3, 'x'") == BINARY
    db.raw.adapters.register_loader("int4", Roman)
    for _ in range(3):
        assert db.fetchall("SELECT 3, 'x'", ()) == [("III", "x")]
    assert format_of(db, "SELECT 3, 'x'") == TEXT


def test_formats_outlive_a_use_of_the_drivers_connection(db: PsycopgConnection) -> None:
    for _ in range(2):
        db.fetchall("SELECT 3", ())
    assert db.raw is not None
    db.fetchall("SELECT 3", ())
    assert format_of(db, "SELECT 3") == BINARY


def test_json_is_made_by_the_users_function_in_either_format(db: PsycopgConnection) -> None:
    set_json_loads(lambda data: Decimal(json.loads(data)), context=db.raw)
    for _ in range(3):
        assert db.fetchall("SELECT '5'::jsonb, 1", ()) == [(Decimal(5), 1)]


@pytest.mark.parametrize("prepared", [False, True])
def test_times_are_in_the_zone_that_was_set_last(connect: Connect, prepared: bool) -> None:
    db = connect(prepare_threshold=0 if prepared else None)

    def hour() -> int:
        ((found,),) = db.fetchall("SELECT '2020-07-01 00:00+00'::timestamptz", ())
        hours: int = found.utcoffset().seconds // 3600
        return hours

    for zone, hours in (("Europe/Berlin", 2), ("Asia/Tokyo", 9)):
        db.execute(f"SET TIME ZONE '{zone}'", ())
        assert [hour(), hour(), hour()] == [hours] * 3
    for end, hours in ((db.rollback, 9), (db.commit, 2)):
        db.begin("")
        db.execute("SET TIME ZONE 'Europe/Berlin'", ())
        assert [hour(), hour()] == [2, 2]
        end()
        assert [hour(), hour()] == [hours] * 2
    db.begin("")
    db.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'", ())
    assert hour() == 9
    db.commit()
    assert hour() == 2
    db.execute("SET TIME ZONE 'UTC'", ())
    assert hour() == 0


# -- many rows

_MANY = "SELECT n, n / 2.0::float8 AS half FROM generate_series(1, 1500) AS n"


def test_a_statement_of_many_rows_is_prepared_before_its_second_execution(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = connect(prepare_threshold=5)
    trips = count_round_trips(monkeypatch)
    wanted = [(n, n / 2) for n in range(1, 1501)]
    for before in (["statement"], ["pipeline", "statement"], ["statement"]):
        trips.clear()
        assert db.fetchall(_MANY, ()) == wanted
        assert trips == before
    assert format_of(db, _MANY) == BINARY


def test_begin_shares_the_round_trip_of_preparing(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = connect(prepare_threshold=5)
    db.fetchall(_MANY, ())
    trips = count_round_trips(monkeypatch)
    db.defer_begin("")
    db.fetchall(_MANY, ())
    assert (trips, db.in_transaction) == (["pipeline", "statement"], True)
    db.rollback()


@pytest.mark.parametrize(
    ("sql", "threshold"),
    [(_MANY, None), (_MANY.replace("float8", "numeric"), 5), (_MANY.replace("1500", "10"), 5)],
    ids=["nothing is prepared", "not in binary", "few rows"],
)
def test_other_statements_are_not_prepared_ahead(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, sql: str, threshold: int | None
) -> None:
    db = connect(prepare_threshold=threshold)
    trips = count_round_trips(monkeypatch)
    first, second = db.fetchall(sql, ()), db.fetchall(sql, ())
    assert (first, trips) == (second, ["statement"] * 2)


def test_a_table_that_changed_meanwhile_is_read_as_it_is_now(connect: Connect) -> None:
    db, other = connect(prepare_threshold=5), connect()
    db.execute("CREATE TABLE t AS SELECT n AS a FROM generate_series(1, 1500) AS n", ())
    assert db.fetchall("SELECT a FROM t WHERE a < 3", ()) == [(1,), (2,)]
    assert len(db.fetchall("SELECT a FROM t", ())) == 1500
    other.execute("ALTER TABLE t ALTER a TYPE real USING a / 10.0", ())
    assert db.fetchall("SELECT a FROM t", ())[:2] == [(0.1,), (0.2,)]
    assert db.fetchall("SELECT a FROM t", ())[:2] == [(0.1,), (0.2,)]


def test_a_table_that_is_gone_when_its_statement_is_prepared_ahead(connect: Connect) -> None:
    db, other = connect(prepare_threshold=5), connect()
    db.execute("CREATE TABLE t AS SELECT n AS a FROM generate_series(1, 1500) AS n", ())
    db.fetchall("SELECT a FROM t", ())
    other.execute("DROP TABLE t", ())
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable):
            db.fetchall("SELECT a FROM t", ())
    other.execute("CREATE TABLE t AS SELECT 'x' AS a", ())
    for _ in range(2):
        assert db.fetchall("SELECT a FROM t", ()) == [("x",)]
