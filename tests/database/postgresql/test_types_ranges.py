"""Ranges and multiranges on a server."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from three_ways import Library

DAY = dt.date(2024, 2, 29)
NOON = dt.datetime(2024, 2, 29, 12, 30, 1, 5)
ZONED = NOON.replace(tzinfo=dt.UTC)

BOUNDS: dict[str, tuple[Any, Any]] = {
    "INT4RANGE": (1, 10),
    "INT8RANGE": (-(2**40), 2**40),
    "NUMRANGE": (Decimal("1.50"), Decimal("2.75")),
    "DATERANGE": (DAY, DAY + dt.timedelta(days=3)),
    "TSRANGE": (NOON, NOON + dt.timedelta(hours=1)),
    "TSTZRANGE": (ZONED, ZONED + dt.timedelta(hours=1)),
}


def stored(library: Library, type_: Any, connection: Any, values: list[Any]) -> Any:
    """Return a table with these values in its column, and the ids 1, 2, ..."""
    sa = library.sa
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", type_)
    )
    table.create(connection)
    connection.execute(table.insert(), [{"x": value} for value in values])
    return table


def read(library: Library, connection: Any, table: Any) -> list[Any]:
    """The values of the column, in order."""
    return list(connection.scalars(library.sa.select(table.c.x).order_by(table.c.id)))


@pytest.mark.parametrize("name", BOUNDS)
def test_ranges_come_back(library: Library, name: str) -> None:
    lower, upper = BOUNDS[name]
    Range = library.pg.Range
    values = [
        Range(lower, upper),
        Range(None, upper),
        Range(lower, None, bounds="[)"),
        Range(None, None, bounds="()"),
        Range(empty=True),
        None,
    ]
    if name in ("NUMRANGE", "TSRANGE", "TSTZRANGE"):
        values += [Range(lower, upper, bounds=bounds) for bounds in ("[]", "()", "(]")]

    def program(connection: Any) -> Any:
        return read(
            library, connection, stored(library, getattr(library.pg, name), connection, values)
        )

    found = library.run(program)
    assert [str(value) for value in found] == [str(canonical(value)) for value in values]
    assert found[4].empty and found[5] is None
    assert isinstance(found[0], Range)


def canonical(value: Any) -> Any:
    """A range as the server writes it: an infinite bound is not in it."""
    if value is None or value.empty or value.lower is not None:
        return value
    return type(value)(value.lower, value.upper, bounds=f"({value.bounds[1]}")


@pytest.mark.parametrize("name", BOUNDS)
def test_multiranges_come_back(library: Library, name: str) -> None:
    lower, upper = BOUNDS[name]
    pg = library.pg
    step = upper - lower
    values: list[Any] = [
        [pg.Range(lower, upper), pg.Range(upper + step, upper + step + step)],
        pg.MultiRange([pg.Range(lower, upper)]),
        [],
        None,
    ]

    def program(connection: Any) -> Any:
        type_ = getattr(pg, name.replace("RANGE", "MULTIRANGE"))
        return read(library, connection, stored(library, type_, connection, values))

    found = library.run(program)
    assert [None if value is None else list(value) for value in found] == [
        None if value is None else list(value) for value in values
    ]
    assert isinstance(found[0], pg.MultiRange)


def test_operators(library: Library) -> None:
    sa, pg = library.sa, library.pg
    Range = pg.Range

    def program(connection: Any) -> dict[str, Any]:
        ranges = [Range(1, 5), Range(5, 9), Range(20, 30)]
        table = stored(library, pg.INT4RANGE, connection, ranges)
        x = table.c.x

        def ids(condition: Any) -> list[int]:
            return list(connection.scalars(sa.select(table.c.id).where(condition).order_by("id")))

        def value(expression: Any) -> Any:
            return connection.scalar(sa.select(expression).order_by(table.c.id).limit(1))

        return {
            "contains value": ids(x.contains(3)),
            "contains range": ids(x.contains(Range(6, 8))),
            "contained_by": ids(x.contained_by(Range(0, 10))),
            "overlaps": ids(x.overlaps(Range(4, 6))),
            "left": ids(x << Range(10, 11)),
            "right": ids(x >> Range(10, 11)),
            "not_extend_right_of": ids(x.not_extend_right_of(Range(0, 9))),
            "not_extend_left_of": ids(x.not_extend_left_of(Range(5, 9))),
            "adjacent": ids(x.adjacent_to(Range(9, 10))),
            "equal": ids(x == Range(1, 4, bounds="[]")),
            "in": ids(x.in_([Range(1, 5), Range(20, 30)])),
            "union": value(x + Range(5, 7)),
            "difference": value(x - Range(3, 9)),
            "intersection": value(x * Range(2, 4)),
            "lower": value(sa.func.lower(x, type_=sa.Integer)),
            "upper": value(sa.func.upper(x, type_=sa.Integer)),
            "isempty": value(sa.func.isempty(x)),
            "agg": value(sa.func.range_agg(x, type_=pg.INT4MULTIRANGE).over()),
        }

    found = library.run(program)
    assert {key: str(each) for key, each in found.items() if isinstance(each, Range)} == {
        "union": "[1,7)",
        "difference": "[1,3)",
        "intersection": "[2,4)",
    }
    assert list(found["agg"]) == [Range(1, 9), Range(20, 30)]
    assert {key: each for key, each in found.items() if isinstance(each, (list, int, bool))} | {
        "agg": None
    } == {
        "contains value": [1],
        "contains range": [2],
        "contained_by": [1, 2],
        "overlaps": [1, 2],
        "left": [1, 2],
        "right": [3],
        "not_extend_right_of": [1, 2],
        "not_extend_left_of": [2, 3],
        "adjacent": [2],
        "equal": [1],
        "in": [1, 3],
        "lower": 1,
        "upper": 5,
        "isempty": False,
        "agg": None,
    }


def test_a_range_tells_its_type(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        values = [pg.Range(*bounds) for bounds in BOUNDS.values()]
        several = [pg.MultiRange([pg.Range(1, 3), pg.Range(5, 9)])]
        return [
            connection.scalar(sa.select(sa.func.pg_typeof(sa.literal(value)).cast(sa.Text)))
            for value in [*values, *several]
        ]

    assert library.run(program) == [*[name.lower() for name in BOUNDS], "int4multirange"]


def test_ranges_in_arrays_and_in_the_text(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        ranges = pg.array([sa.literal(pg.Range(1, 2), pg.INT4RANGE)])
        found = [connection.scalar(sa.select(ranges))[0]]
        if not library.is_oracle:  # it has no literals of ranges
            for value, type_ in (
                (pg.Range(DAY, None), pg.DATERANGE),
                (pg.MultiRange([pg.Range(NOON, None)]), pg.TSMULTIRANGE),
            ):
                compiled = sa.select(sa.literal(value, type_).label("x")).compile(
                    dialect=connection.dialect, compile_kwargs={"literal_binds": True}
                )
                found.append(connection.scalar(sa.text(str(compiled)).columns(x=type_)))
        return found

    first, *literals = library.run(program)
    assert str(first) == "[1,2)"
    assert literals == ([] if library.is_oracle else [library.pg.Range(DAY, None), literals[-1]])
    assert [str(each) for each in literals[1:] for each in each] == (
        [] if library.is_oracle else [f"[{NOON},)"]
    )
