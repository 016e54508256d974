"""Values of every type: what is stored is what comes back, and both are as with SQLAlchemy.

Hypothesis makes the values; each goes through a real table in SQLite, by both libraries, and is
looked at as it was stored and as it is read.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import enum
import importlib
import pickle
import string
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ormolu
from ormolu.ext.asyncio import create_async_engine


class Colour(enum.Enum):
    RED = "r"
    DARK_GREEN = "dg"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Word(enum.StrEnum):
    ONE = "one"
    TWO = "two"


def decimals(places: int, digits: int) -> st.SearchStrategy[Decimal]:
    top = 10 ** (digits - places)
    return st.decimals(-top + 1, top - 1, allow_nan=False, places=places)


def whole_seconds(value: Any) -> Any:
    return value.replace(microsecond=0)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DATETIMES = st.datetimes()
TIMES = st.times()
DURATIONS = st.timedeltas(dt.timedelta(days=-1000), dt.timedelta(days=100_000))
JSON_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | FLOATS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
OBJECTS = JSON_VALUES | st.sets(st.integers()) | st.binary(max_size=5) | st.uuids() | DATETIMES
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

#: The type's constructor, with the names of the library's types and dialect, and its values.
TYPES: dict[str, st.SearchStrategy[Any]] = {
    "Integer()": st.integers(-(2**31), 2**31 - 1),
    "SmallInteger()": st.integers(-(2**15), 2**15 - 1),
    "BigInteger()": st.integers(-(2**63), 2**63 - 1),
    "String(50)": TEXT,
    "Text()": TEXT,
    "Unicode(50)": TEXT,
    "UnicodeText()": TEXT,
    "CHAR(3)": st.text(string.ascii_letters, min_size=3, max_size=3),
    "Boolean()": st.booleans(),
    "Float()": FLOATS,
    "Float(53)": FLOATS,
    "Double()": FLOATS,
    "REAL()": FLOATS,
    "Numeric(10, 2)": decimals(2, 10),
    "Numeric(8, 0)": decimals(0, 8),
    "DECIMAL(12, 4)": decimals(4, 12),
    "Date()": st.dates(),
    "DateTime()": DATETIMES,
    "DateTime(timezone=True)": DATETIMES,
    "TIMESTAMP()": DATETIMES,
    "Time()": TIMES,
    "Interval()": DURATIONS,
    "Interval(native=False)": DURATIONS,
    "LargeBinary()": st.binary(max_size=30),
    "BLOB()": st.binary(max_size=30),
    "VARBINARY(30)": st.binary(max_size=30),
    "Uuid()": st.uuids(),
    "Uuid(native_uuid=False)": st.uuids(),
    "Uuid(as_uuid=False)": st.uuids().map(str),
    "Enum(Colour)": st.sampled_from(Colour),
    "Enum(Level)": st.sampled_from(Level),
    "Enum(Word, values_callable=lambda cls: [m.value for m in cls])": st.sampled_from(Word),
    "Enum('a', 'b', \"o'k\")": st.sampled_from(["a", "b", "o'k"]),
    "JSON()": JSON_VALUES,
    "JSON(none_as_null=True)": JSON_VALUES,
    "sqlite.JSON()": JSON_VALUES,
    "PickleType()": OBJECTS,
    "PickleType(protocol=2, impl=BLOB)": OBJECTS,
    "sqlite.DATETIME(truncate_microseconds=True)": DATETIMES.map(
        lambda x: x.replace(microsecond=0)
    ),
    "sqlite.TIME(truncate_microseconds=True)": TIMES.map(lambda x: x.replace(microsecond=0)),
    "sqlite.DATE(storage_format='%(month)02d/%(day)02d/%(year)04d',"
    " regexp=r'(?P<month>\\d+)/(?P<day>\\d+)/(?P<year>\\d+)')": st.dates(),
    "sqlite.DATETIME(storage_format='%(year)04d%(month)02d%(day)02d%(hour)02d%(minute)02d"
    "%(second)02d%(microsecond)06d',"
    " regexp=r'(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d+)')": (DATETIMES),
}


def make(root: str, source: str) -> Any:
    types = importlib.import_module(f"{root}.types")
    names = {name: getattr(types, name) for name in dir(types) if name[0] != "_"}
    names["sqlite"] = importlib.import_module(f"{root}.dialects.sqlite")
    return eval(source, {**names, "Colour": Colour, "Level": Level, "Word": Word})


class Stored:
    """A table with one column of a type, in one of the libraries."""

    def __init__(self, root: str, source: str) -> None:
        self.sql: Any = importlib.import_module(root)
        pool: Any = importlib.import_module(f"{root}.pool")
        self.engine = self.sql.create_engine("sqlite://", poolclass=pool.StaticPool)
        self.table = self.sql.Table(
            "t",
            self.sql.MetaData(),
            self.sql.Column("id", self.sql.Integer, primary_key=True),
            self.sql.Column("x", make(root, source)),
        )
        self.table.create(self.engine)

    def through(self, values: list[Any]) -> tuple[list[Any], list[Any]]:
        """What is stored for the values, and what is read."""
        with self.engine.connect() as connection:
            connection.execute(self.table.insert(), [{"x": value} for value in values])
            raw = connection.exec_driver_sql("SELECT x, typeof(x) FROM t ORDER BY id").all()
            read = connection.execute(self.sql.select(self.table.c.x).order_by(self.table.c.id))
            found = [tuple(row) for row in raw], list(read.scalars())
            connection.rollback()
        return found


BOTH: dict[str, tuple[Stored, Stored]] = {}


def both(source: str) -> tuple[Stored, Stored]:
    if source not in BOTH:
        BOTH[source] = Stored("sqlalchemy", source), Stored("ormolu", source)
    return BOTH[source]


FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("source", TYPES)
def test_what_is_stored_is_what_comes_back_as_with_sqlalchemy(source: str) -> None:
    theirs, ours = both(source)
    binary = "PickleType" in source

    @FEW
    @given(st.lists(st.none() | TYPES[source], min_size=1, max_size=6))
    def check(values: list[Any]) -> None:
        expected, found = theirs.through(values), ours.through(values)
        if not binary:  # a pickle may write one value in several ways
            assert found[0] == expected[0]
        assert found[1] == expected[1]
        assert found[1] == values
        assert list(map(type, found[1])) == list(map(type, expected[1])) == list(map(type, values))

    check()


def examples_of(strategy: st.SearchStrategy[Any]) -> list[Any]:
    found: list[Any] = []

    @FEW
    @given(strategy)
    def gather(value: Any) -> None:
        found.append(value)

    gather()
    return found


def test_what_is_stored_is_what_comes_back_asynchronously(tmp_path: Path) -> None:
    examples = {source: [None, *examples_of(strategy)] for source, strategy in TYPES.items()}
    columns = [ormolu.Column(f"c{i}", make("ormolu", s)) for i, s in enumerate(examples)]
    table = ormolu.Table(
        "t", ormolu.MetaData(), ormolu.Column("id", ormolu.Integer, primary_key=True), *columns
    )
    rows = [
        {f"c{i}": values[n % len(values)] for i, values in enumerate(examples.values())}
        for n in range(16)
    ]

    async def main() -> list[Any]:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/values.db")
        async with engine.begin() as connection:
            await connection.run_sync(table.create)
            await connection.execute(table.insert(), rows)
            found = await connection.execute(ormolu.select(*columns).order_by(table.c.id))
            read = [dict(row) for row in found.mappings()]
        await engine.dispose()
        return read

    assert asyncio.run(main()) == rows


#: Values of a class that is near the type's own, and refused or converted alike.
NEAR: list[tuple[str, list[Any]]] = [
    ("Float()", [1, True, Decimal("1.5"), "2.5", "x"]),
    ("Float(asdecimal=True)", [Decimal("1.5"), 1.25, 3]),
    ("Float(asdecimal=True, decimal_return_scale=3)", [Decimal("1.23456"), 2]),
    ("Numeric()", [Decimal("1.123456789012"), 1, 1.5]),
    ("Numeric(10, 2)", [Decimal("1.005"), Decimal("1E+3"), 7, 1.999]),
    ("Numeric(10, 2, asdecimal=False)", [1.5, 2, Decimal("2.25")]),
    ("Numeric(10, 2, decimal_return_scale=4)", [Decimal("1.23456")]),
    ("Boolean()", [1, 0, 2, "true", 1.0]),
    ("Date()", [dt.datetime(2024, 1, 2, 3), "2024-01-02"]),
    ("DateTime()", [dt.date(2024, 1, 2), "2024-01-02 00:00:00", dt.datetime(2024, 1, 1).time()]),
    ("DateTime(timezone=True)", [dt.datetime(2024, 1, 2, tzinfo=dt.UTC)]),
    ("Time()", [dt.time(1, 2, tzinfo=dt.UTC), "01:02"]),
    ("Enum(Colour)", ["RED", "r", Level.LOW, 1]),
    ("Enum(Colour, validate_strings=True)", ["RED", "r"]),
    ("Enum(Level)", [1, 2, 3, "LOW"]),
    ("Enum(Word)", ["one", "ONE", "three", Word.ONE]),
    ("Enum('a', 'b', validate_strings=True)", ["a", "c"]),
    ("Enum('a', 'b')", ["a", "c", Colour.RED]),
    ("Uuid(as_uuid=False)", [str(uuid.UUID(int=7)), uuid.UUID(int=7).hex]),
    ("Uuid()", ["not a uuid", 5]),
    ("JSON()", [{"a": (1, 2)}, {1: 2}, object(), Decimal("1.5")]),
    ("PickleType()", [lambda: None]),
    ("LargeBinary()", [bytearray(b"x"), memoryview(b"y")]),
    ("Interval()", [5]),
]


@pytest.mark.parametrize(
    ("source", "value"),
    [(source, value) for source, values in NEAR for value in values],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_near_values_go_as_with_sqlalchemy(source: str, value: Any) -> None:
    def outcome(stored: Stored) -> Any:
        try:
            raw, read = stored.through([value])
        except Exception as error:
            return type(error).__name__
        return raw, read, [type(found) for found in read]

    theirs, ours = both(source)
    assert outcome(ours) == outcome(theirs)


def test_an_interval_before_the_epoch_and_an_enum_by_name() -> None:
    _, intervals = both("Interval()")
    assert intervals.through([dt.timedelta(days=-1)])[0] == [("1969-12-31 00:00:00.000000", "text")]
    _, colours = both("Enum(Colour)")
    assert colours.through([Colour.DARK_GREEN])[0] == [("DARK_GREEN", "text")]


PICKLED: list[Callable[[], Any]] = [
    lambda: ormolu.String(5, collation="C"),
    lambda: ormolu.Enum("a", "b", name="z"),
    lambda: ormolu.Enum(Colour),
    lambda: ormolu.Numeric(5, 2),
    lambda: ormolu.Interval(),
    lambda: ormolu.JSON(none_as_null=True),
    lambda: ormolu.ARRAY(ormolu.Integer, dimensions=2),
    lambda: ormolu.Uuid(as_uuid=False),
    lambda: ormolu.Integer().with_variant(ormolu.String(5), "mysql"),
]


@pytest.mark.parametrize("build", PICKLED)
def test_a_type_can_be_pickled(build: Callable[[], Any]) -> None:
    type_ = build()
    assert type_._key is not None
    again = pickle.loads(pickle.dumps(type_))
    assert repr(again) == repr(type_)
    assert again._key == type_._key
