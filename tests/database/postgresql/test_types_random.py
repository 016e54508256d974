"""Random values of many types go in and come out, one at a time and many at once.

A server is its own judge here: a value must equal itself there, and come back as it was.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from three_ways import Library

SETTINGS = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What no text in PostgreSQL may have: https://www.postgresql.org/docs/current/datatype-character.html
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
INT = st.integers(-(2**31), 2**31 - 1)
MOMENTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))
ZONED = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1), timezones=st.just(dt.UTC))
JSON = st.recursive(
    st.none() | st.booleans() | INT | TEXT | st.floats(-1e6, 1e6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NUMBERS = st.decimals(places=4, min_value=-(10**20), max_value=10**20)

COLUMNS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "text": (lambda sa, pg: sa.Text(), TEXT),
    "integer": (lambda sa, pg: sa.Integer(), INT),
    "bigint": (lambda sa, pg: sa.BigInteger(), st.integers(-(2**63), 2**63 - 1)),
    "float": (lambda sa, pg: sa.Double(), st.floats(allow_nan=False)),
    "numeric": (lambda sa, pg: sa.Numeric(28, 4), NUMBERS),
    "boolean": (lambda sa, pg: sa.Boolean(), st.booleans()),
    "bytes": (lambda sa, pg: sa.LargeBinary(), st.binary(max_size=8)),
    "uuid": (lambda sa, pg: sa.Uuid(), st.uuids()),
    "date": (lambda sa, pg: sa.Date(), st.dates()),
    "time": (lambda sa, pg: sa.Time(), st.times()),
    "moment": (lambda sa, pg: sa.DateTime(), MOMENTS),
    "zoned": (lambda sa, pg: sa.DateTime(timezone=True), ZONED),
    "interval": (
        lambda sa, pg: sa.Interval(),
        st.timedeltas(dt.timedelta(-(10**6)), dt.timedelta(10**6)),
    ),
    "document": (lambda sa, pg: pg.JSONB(), JSON.filter(lambda value: value is not None)),
    "texts": (lambda sa, pg: pg.ARRAY(sa.Text), st.lists(TEXT | st.none(), max_size=4)),
    "numbers": (lambda sa, pg: pg.ARRAY(sa.Integer), st.lists(INT | st.none(), max_size=4)),
    "moments": (lambda sa, pg: pg.ARRAY(sa.DateTime), st.lists(MOMENTS, max_size=3)),
}
NAMES = tuple(COLUMNS)
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, (_, values) in COLUMNS.items()}),
    min_size=1,
    max_size=5,
)


def everything(library: Library) -> Any:
    """A table with a column of each type."""
    sa, pg = library.sa, library.pg
    columns = [sa.Column(name, make(sa, pg)) for name, (make, _) in COLUMNS.items()]
    return sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal; -0.0 is not 0.0."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


@pytest.fixture
def table(library: Library) -> Any:
    """The table, in the database."""
    table = everything(library)
    library.run(lambda connection: table.create(connection))
    return table


@given(rows=ROWS)
@SETTINGS
def test_rows_of_everything(library: Library, table: Any, rows: list[dict[str, Any]]) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        found = []
        for how in ("many", "many returning", "one by one"):
            if how == "many":
                connection.execute(table.insert(), rows)
            elif how == "many returning":
                statement = table.insert().returning(table.c.id, sort_by_parameter_order=True)
                assert len(connection.execute(statement, rows).all()) == len(rows)
            else:
                for row in rows:
                    connection.execute(table.insert().values(row))
            query = sa.select(*[table.c[name] for name in NAMES]).order_by(table.c.id)
            found.append([tuple(row) for row in connection.execute(query)])
            connection.execute(table.delete())
        return found

    expected = [tuple(row[name] for name in NAMES) for row in rows]
    for found in library.connected(program):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            wrong = [n for n, a, b in zip(NAMES, one, other, strict=True) if not same(a, b)]
            assert not wrong, [(one[NAMES.index(n)], other[NAMES.index(n)]) for n in wrong]


@given(row=ROWS.map(lambda rows: rows[0]))
@SETTINGS
def test_values_are_found_by_what_they_equal(
    library: Library, table: Any, row: dict[str, Any]
) -> None:
    sa = library.sa

    def program(connection: Any) -> list[str]:
        connection.execute(table.insert().values(row))
        missed = []
        for name in NAMES:
            value = row[name]
            if value is None or (name == "document" and not isinstance(value, (dict, list))):
                continue  # a scalar beside a document is no document
            for condition in (table.c[name] == value, table.c[name].in_([value])):
                if connection.scalar(sa.select(sa.func.count()).where(condition)) != 1:
                    missed.append(name)
        connection.execute(table.delete())
        return missed

    assert library.connected(program) == []
