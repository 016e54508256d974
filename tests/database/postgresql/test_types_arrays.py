"""ARRAY on a server: values, nesting, NULLs, operators, functions."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any

import pytest
from three_ways import Library

UUIDS = [uuid.UUID(int=1), uuid.UUID(int=2**127)]


class Kind(enum.Enum):
    """A type of the database, by the names."""

    SMALL = 1
    LARGE = 2


def table_of(library: Library, type_: Any, connection: Any) -> Any:
    """Create a table with an array column."""
    sa = library.sa
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", type_)
    )
    table.create(connection)
    return table


def round_trip(library: Library, type_: Any, values: list[Any]) -> list[Any]:
    """Store values and read them back, in order."""

    def program(connection: Any) -> list[Any]:
        table = table_of(library, type_, connection)
        connection.execute(table.insert(), [{"x": value} for value in values])
        for value in values:
            connection.execute(table.insert().values(x=value))
        found = connection.scalars(library.sa.select(table.c.x).order_by(table.c.id)).all()
        assert found[: len(values)] == found[len(values) :]
        return list(found[: len(values)])

    return library.run(program)


@pytest.mark.parametrize(
    ("item", "values"),
    [
        ("Integer", [[1, 2, 3], [], [None, 4], None]),
        ("BigInteger", [[2**40], [-(2**62), None]]),
        ("Text", [["a", 'quo"ted', "com,ma", "{brace}", "", "NULL", "back\\slash", None]]),
        ("Boolean", [[True, False, None]]),
        ("Float", [[1.5, float("inf"), -0.0]]),
        ("Date", [[dt.date(2024, 2, 29), None]]),
        ("DateTime", [[dt.datetime(2024, 2, 29, 12, 30, 1, 5)]]),
        ("Time", [[dt.time(23, 59, 59, 999999)]]),
        ("LargeBinary", [[b"\x00\xff", b""]]),
        ("Uuid", [UUIDS, [None]]),
        ("Interval", [[dt.timedelta(days=1, seconds=1, microseconds=7)]]),
    ],
)
def test_arrays_of_every_type_come_back(library: Library, item: str, values: list[Any]) -> None:
    type_ = library.pg.ARRAY(getattr(library.sa, item))
    assert round_trip(library, type_, values) == values


def test_arrays_of_numbers_and_documents_come_back(library: Library) -> None:
    numeric = library.pg.ARRAY(library.sa.Numeric(10, 3))
    values: list[Any] = [[Decimal("1.500"), None, Decimal("-2.125")]]
    assert round_trip(library, numeric, values) == values


def test_arrays_of_documents_come_back(library: Library) -> None:
    documents: list[Any] = [[{"a": [1, "x"]}, None, [], "text", 5]]
    found = round_trip(library, library.pg.ARRAY(library.pg.JSONB), documents)
    assert found == documents


def test_arrays_nest(library: Library) -> None:
    values: list[Any] = [[[1, 2], [3, 4]], [[None, 2]], []]
    assert round_trip(library, library.pg.ARRAY(library.sa.Integer, dimensions=2), values) == values


def test_arrays_nest_without_saying_so(library: Library) -> None:
    values = [[["a", "b"], ["c", None]], ["plain"]]
    assert round_trip(library, library.pg.ARRAY(library.sa.Text), values) == values


def test_arrays_as_tuples(library: Library) -> None:
    type_ = library.pg.ARRAY(library.sa.Integer, as_tuple=True, dimensions=2)
    assert round_trip(library, type_, [((1, 2), (3, 4))]) == [((1, 2), (3, 4))]


@pytest.mark.filterwarnings("ignore:The ARRAY.Comparator.any")
def test_operators(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> dict[str, Any]:
        table = table_of(library, pg.ARRAY(sa.Integer), connection)
        connection.execute(table.insert(), [{"x": [1, 2]}, {"x": [2, 3, 3]}, {"x": []}])
        x = table.c.x

        def ids(condition: Any) -> list[int]:
            return list(connection.scalars(sa.select(table.c.id).where(condition).order_by("id")))

        return {
            "contains": ids(x.contains([2])),
            "contained_by": ids(x.contained_by([1, 2, 3])),
            "overlap": ids(x.overlap([3, 9])),
            "equal": ids(x == [1, 2]),
            "any": ids(x.any(3)),
            "all": ids(x.all(2, operator=sa.sql.operators.ge)),
            "any_": ids(sa.any_(x) == 1),
            "all_": ids(sa.all_(x) > 1),
            "index": ids(x[1] == 2),
            "slice": ids(x[2:3] == [3, 3]),
            "concat": ids(x.concat([9]) == [1, 2, 9]),
            "literal": ids(x == pg.array([1, 2])),
            "member": ids(sa.literal(3) == sa.any_(x)),
            "length": ids(sa.func.cardinality(x) == 3),
            "in": ids(x.in_([[1, 2], []])),
        }

    assert library.run(program) == {
        "contains": [1, 2],
        "contained_by": [1, 2, 3],
        "overlap": [2],
        "equal": [1],
        "any": [2],
        "all": [1, 3],
        "any_": [1],
        "all_": [2, 3],
        "index": [2],
        "slice": [2],
        "concat": [1],
        "literal": [1],
        "member": [2],
        "length": [2],
        "in": [1, 3],
    }


@pytest.mark.filterwarnings("ignore:The ARRAY.Comparator.a")
def test_what_is_compared_with_items_has_their_type(library: Library) -> None:
    sa, pg = library.sa, library.pg
    kind = pg.ENUM(Kind, name="kind")
    moments = [dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2025, 1, 1, tzinfo=dt.UTC)]

    def program(connection: Any) -> list[list[int]]:
        table = sa.Table(
            "t",
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("kinds", pg.ARRAY(kind)),
            sa.Column("moments", pg.ARRAY(sa.DateTime(timezone=True))),
        )
        table.metadata.create_all(connection)
        connection.execute(
            table.insert(),
            [
                {"id": 1, "kinds": [Kind.SMALL], "moments": moments},
                {"id": 2, "kinds": list(Kind), "moments": moments[1:]},
            ],
        )
        kinds, times = table.c.kinds, table.c.moments
        before = sa.sql.operators.lt
        conditions = [
            kinds.any(Kind.LARGE),
            kinds.all(Kind.SMALL),
            kinds.any(sa.bindparam("kind")),
            times.any(moments[0]),
            times.all(moments[0], operator=before),
            kinds.any(None),
        ]
        found = [
            connection.scalars(
                sa.select(table.c.id).where(condition).order_by("id"), {"kind": Kind.LARGE}
            )
            for condition in conditions
        ]
        return [list(ids) for ids in found]

    assert library.run(program) == [[2], [1], [2], [1], [2], []]


def test_expressions(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        def value(expression: Any) -> Any:
            return connection.scalar(sa.select(expression))

        numbers = sa.values(sa.column("n", sa.Integer), name="v").data([(3,), (1,), (2,)])
        n = numbers.c.n
        return [
            value(pg.array([1, 2]) + pg.array([3])),
            value(pg.array([pg.array([1, 2]), pg.array([3, 4])])),
            value(pg.array([], type_=sa.Integer)),
            value(sa.func.array_agg(n)),
            value(sa.func.array_agg(pg.aggregate_order_by(n, n.desc()))),
            connection.scalars(sa.select(sa.func.unnest(pg.array([7, 8])))).all(),
            value(sa.func.array_remove(pg.array([1, 2, 1]), 1, type_=pg.ARRAY(sa.Integer))),
            value(sa.cast(["1", "2"], pg.ARRAY(sa.Text))),
            value(pg.array([1, 2])[2]),
        ]

    assert library.run(program) == [
        [1, 2, 3],
        [[1, 2], [3, 4]],
        [],
        [3, 1, 2],
        [3, 2, 1],
        [7, 8],
        [2],
        ["1", "2"],
        2,
    ]


def test_an_element_and_a_slice_can_be_set(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> Any:
        table = table_of(library, pg.ARRAY(sa.Integer), connection)
        connection.execute(table.insert().values(x=[1, 2, 3]))
        connection.execute(table.update().values({table.c.x[2]: 20}))
        connection.execute(table.update().values({table.c.x[3:4]: [30, 40]}))
        return connection.scalar(sa.select(table.c.x))

    assert library.run(program) == [1, 20, 30, 40]


def test_zero_indexes(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        table = table_of(library, pg.ARRAY(sa.Integer, zero_indexes=True), connection)
        connection.execute(table.insert().values(x=[7, 8, 9]))
        return list(connection.execute(sa.select(table.c.x[0], table.c.x[1:2])).one())

    assert library.run(program) == [7, [8, 9]]


def test_array_literals_in_the_text(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> Any:
        value = sa.literal([["a'b"], ["c"]], pg.ARRAY(sa.Text, dimensions=2))
        text = str(
            sa.select(value).compile(
                dialect=connection.dialect, compile_kwargs={"literal_binds": True}
            )
        )
        return connection.exec_driver_sql(text).scalar()

    assert library.run(program) == [["a'b"], ["c"]]
