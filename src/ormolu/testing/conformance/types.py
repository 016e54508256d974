"""Types: what is written comes back, to the last bit; what can't be written says so."""

from __future__ import annotations

import datetime as dt
import enum
import math
import pickle
import uuid
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from ...dialects import mysql
from ...exc import DBAPIError, StatementError
from ...schema import Column, MetaData, Table
from ...sql import bindparam, cast, func, insert, literal, null, select, type_coerce
from ...types import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    PickleType,
    SmallInteger,
    String,
    Text,
    Time,
    TypeDecorator,
    TypeEngine,
    Unicode,
    UnicodeText,
    Uuid,
)
from .suite import Database, Suite


class Colour(enum.Enum):
    """Stored by name; the values are of another type."""

    RED = 1
    DARK_GREEN = 2


class Csv(TypeDecorator[list[str]]):
    """A list of strings, stored with commas between."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Any) -> str | None:
        """Join."""
        return None if value is None else ",".join(value)

    def process_result_value(self, value: Any, dialect: Any) -> list[str] | None:
        """Split."""
        return None if value is None else value.split(",")


# MySQL's DATETIME and TIME have fractions of a second only when these are asked for.
FINE_DATETIME = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
FINE_TIME = Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb")
LATE = dt.datetime(9999, 12, 31, 23, 59, 59, 999999)
SNOWMAN = "☃ \U0001f600 ÅéßЖ中 'quoted' \"double\" %s %% :name ? \\ \n\t"

ROUND_TRIPS: list[tuple[TypeEngine[Any], list[Any]]] = [
    (Integer(), [0, -1, 2**31 - 1, -(2**31)]),
    (SmallInteger(), [0, 32767, -32768]),
    (BigInteger(), [0, 2**63 - 1, -(2**63)]),
    (String(200), ["", " ", "plain", SNOWMAN]),
    (Text(), ["", "x" * 60_000, SNOWMAN]),
    (Unicode(200), ["", SNOWMAN]),
    (UnicodeText(), ["", SNOWMAN]),
    (Float(), [0.0, -1.5, 1e10]),
    (Double(), [0.1, -1e300, 5e-300, math.pi]),
    (Numeric(10, 2), [Decimal("0.00"), Decimal("12345678.99"), Decimal("-0.01")]),
    (Numeric(14, 4), [Decimal("1.2300"), Decimal("-9999999999.9999")]),
    (Numeric(10, 2, asdecimal=False), [0.5, 12.25, -7.5]),
    (Float(asdecimal=True), [Decimal("1.5")]),
    (Boolean(), [True, False]),
    (Date(), [dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date.max]),
    (DateTime(), [dt.datetime(2024, 2, 29, 12, 30, 45), dt.datetime(1970, 1, 1)]),
    (FINE_DATETIME, [dt.datetime(2024, 2, 29, 12, 30, 45, 123456), dt.datetime(1970, 1, 1), LATE]),
    (Time(), [dt.time(0, 0), dt.time(23, 59, 59)]),
    (FINE_TIME, [dt.time(0, 0), dt.time(23, 59, 59, 999999)]),
    (Interval(), [dt.timedelta(0), dt.timedelta(days=40, seconds=3)]),
    (LargeBinary(), [b"", b"\x00\xff\x00", bytes(range(256)) * 40]),
    (Uuid(), [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)]),
    (Uuid(as_uuid=False), ["12345678-1234-5678-1234-567812345678"]),
    (Enum(Colour), list(Colour)),
    (Enum("small", "large", name="size"), ["small", "large"]),
    (PickleType(), [{"a": [1, (2, 3)]}, {1, 2}, "text"]),
    (Csv(), [["a"], ["a", "b", "c"]]),
]

# The others are stored in a form that isn't the only one for a value.
COMPARABLE = [
    (type_, values)
    for type_, values in ROUND_TRIPS
    if not (isinstance(type_, PickleType) or (isinstance(type_, Float) and type_.asdecimal))
]

JSON_VALUES = [
    {}, [], "", "text", 0, 1.5, True, False, {"a": {"b": [1, None, SNOWMAN]}}, [[], {}],
]  # fmt: skip

REFUSED: list[tuple[TypeEngine[Any], Any, str]] = [
    (Enum("small", "large", name="size", validate_strings=True), "huge", "huge"),
    (Enum(Colour, validate_strings=True), "PURPLE", "PURPLE"),
    (Enum(Colour), 5, "5"),
    (Boolean(), "yes", "yes"),
    (Boolean(), 5, "5"),
    (JSON(), object(), "not JSON serializable"),
    (PickleType(), lambda: None, "pickle"),
    # A driver that sent the first as text would let the database read an escape in it.
    (LargeBinary(), r"\x41", "x41"),
    (LargeBinary(), 5, "5"),
]

DATES_AS_TEXT: list[tuple[TypeEngine[Any], str, Any, str]] = [
    (DateTime(), "2024-01-01", dt.datetime(2024, 1, 1), "datetime"),
    (Date(), "2024-01-01", dt.date(2024, 1, 1), "date"),
    (Time(), "12:00", dt.time(12), "time"),
]


def _kind(value: Any) -> type[Any]:
    return uuid.UUID if isinstance(value, uuid.UUID) else type(value)  # drivers have subclasses


def _case_id(value: Any) -> str | None:
    return repr(value) if isinstance(value, TypeEngine) else None


class TypeSuite(Suite):
    """Round trips through a table of one column of the type."""

    async def _round_trip(self, db: Database, type_: TypeEngine[Any], values: list[Any]) -> Any:
        metadata = MetaData()
        table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", type_))
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(table), [{"x": value} for value in values])
            result = await connection.execute(select(table.c.x).order_by(table.c.id))
            return list(result.scalars())

    @pytest.mark.parametrize(("type_", "values"), ROUND_TRIPS, ids=_case_id)
    async def test_round_trip(
        self, db: Database, type_: TypeEngine[Any], values: list[Any]
    ) -> None:
        found = await self._round_trip(db, type_, [*values, None])
        assert found == [*values, None]
        assert list(map(_kind, found[:-1])) == list(map(_kind, values))

    @pytest.mark.parametrize(("type_", "values"), COMPARABLE, ids=_case_id)
    async def test_where_finds_what_was_written(
        self, db: Database, type_: TypeEngine[Any], values: list[Any]
    ) -> None:
        if not self.compares_trailing_spaces:
            values = [value for value in values if value != " "]
        metadata = MetaData()
        table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", type_))
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(table), [{"x": value} for value in values])
            for position, value in enumerate(values, 1):
                one = select(table.c.id).where(table.c.x == value)
                assert (await connection.execute(one)).scalars().all() == [position]
            every = select(func.count()).where(table.c.x.in_(values)).select_from(table)
            assert await connection.scalar(every) == len(values)

    @pytest.mark.parametrize(("type_", "value", "says"), REFUSED, ids=_case_id)
    async def test_wrong_value_is_refused_by_name(
        self, db: Database, type_: TypeEngine[Any], value: Any, says: str
    ) -> None:
        await self._is_refused(db, type_, value, says)

    async def _is_refused(
        self, db: Database, type_: TypeEngine[Any], value: Any, says: str
    ) -> None:
        table = Table(
            "t", metadata := MetaData(), Column("id", Integer, primary_key=True), Column("x", type_)
        )
        await db.create(metadata)
        async with db.connect() as connection:
            with pytest.raises(StatementError, match=says) as caught:
                await connection.execute(insert(table), {"x": value})
            assert "INSERT INTO t" in str(caught.value)
            await connection.rollback()
            assert await connection.scalar(select(func.count()).select_from(table)) == 0

    @pytest.mark.parametrize(("type_", "text", "value", "says"), DATES_AS_TEXT, ids=_case_id)
    async def test_text_for_a_date_is_refused_by_name_or_taken_for_it(
        self, db: Database, type_: TypeEngine[Any], text: str, value: Any, says: str
    ) -> None:
        if self.takes_text_for_dates:
            assert await self._round_trip(db, type_, [text]) == [value]
        else:
            await self._is_refused(db, type_, text, says)

    async def test_a_value_the_driver_cannot_send(self, db: Database) -> None:
        table = Table("t", metadata := MetaData(), Column("x", String(20)))
        await db.create(metadata)
        async with db.connect() as connection:
            with pytest.raises(DBAPIError):
                await connection.execute(insert(table), {"x": object()})
            await connection.rollback()
            assert await connection.scalar(select(func.count()).select_from(table)) == 0

    async def test_interval_keeps_fractions_of_a_second_where_the_database_does(
        self, db: Database
    ) -> None:
        exact = dt.timedelta(days=40, seconds=3, microseconds=7)
        whole = dt.timedelta(days=40, seconds=3)
        found = await self._round_trip(db, Interval(), [exact])
        assert found == [exact if self.keeps_fractions else whole]

    async def test_numeric_keeps_its_scale(self, db: Database) -> None:
        found = await self._round_trip(db, Numeric(12, 3), [Decimal("1.1"), Decimal("1E+2")])
        assert [str(value) for value in found] == ["1.100", "100.000"]

    async def test_numeric_sums_stay_decimal(self, db: Database) -> None:
        table = Table("t", metadata := MetaData(), Column("x", Numeric(10, 2)))
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(table), [{"x": Decimal("0.10")}] * 3)
            total = await connection.scalar(select(func.sum(table.c.x)))
        assert total == Decimal("0.30") and isinstance(total, Decimal)

    @pytest.mark.parametrize("value", JSON_VALUES, ids=repr)
    async def test_json_round_trip(self, db: Database, value: Any) -> None:
        found = (await self._round_trip(db, JSON(), [value]))[0]
        assert found == value and type(found) is type(value)

    async def test_json_none_is_sql_null_only_when_asked(self, db: Database) -> None:
        metadata = MetaData()
        table = Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("a", JSON),
            Column("b", JSON(none_as_null=True)),
        )
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(table), {"a": None, "b": None})
            await connection.execute(insert(table), {"a": JSON.NULL, "b": JSON.NULL})
            await connection.execute(insert(table).values(a=null(), b=null()))
            await connection.execute(insert(table), {"a": null(), "b": null()})
            query = select(table.c.a.is_(null()), table.c.b.is_(null()), table.c.a, table.c.b)
            rows = (await connection.execute(query.order_by(table.c.id))).all()
        assert [(bool(a), bool(b)) for a, b, *_ in rows] == [
            (False, True), (False, False), (True, True), (True, True),
        ]  # fmt: skip
        assert all(row[2:] == (None, None) for row in rows)

    async def test_json_index_operators(self, db: Database) -> None:
        metadata = MetaData()
        table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("d", JSON))
        await db.create(metadata)
        data = {"name": "ann", "age": 7, "pi": 3.5, "ok": True, "tags": ["x", {"deep": "y"}]}
        d = table.c.d
        wanted: list[tuple[Any, Any]] = [
            (d["name"], "ann"),
            (d["name"].as_string(), "ann"),
            (d["age"].as_integer(), 7),
            (d["pi"].as_float(), 3.5),
            (d["ok"].as_boolean(), True),
            (d["tags"], ["x", {"deep": "y"}]),
            (d["tags"][0], "x"),
            (d[("tags", 1, "deep")], "y"),
            (d[("tags", 1, "deep")].as_string(), "y"),
            (d["absent"].as_string(), None),
        ]
        async with db.connect() as connection:
            await connection.execute(insert(table), {"d": data})
            row = (await connection.execute(select(*[e for e, _ in wanted]))).one()
            assert list(row) == [value for _, value in wanted]
            young = select(table.c.id).where(d["age"].as_integer() < 8)
            assert await connection.scalar(young) == 1

    async def test_enum_by_values_and_lengths(self, db: Database) -> None:
        by_value = Enum(Colour, values_callable=lambda cls: [f"c{c.value}" for c in cls])
        metadata = MetaData()
        table = Table("t", metadata, Column("x", by_value))
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(table), {"x": Colour.RED})
            assert await connection.scalar(select(cast(table.c.x, String))) == "c1"
            assert await connection.scalar(select(table.c.x)) is Colour.RED

    async def test_unknown_stored_enum_says_which(self, db: Database) -> None:
        metadata = MetaData()
        table = Table("t", metadata, Column("x", Enum(Colour, native_enum=False)))
        await db.create(metadata)
        raw = Table("t", MetaData(), Column("x", String(10)))
        async with db.connect() as connection:
            await connection.execute(insert(raw), {"x": "PINK"})
            with pytest.raises(LookupError, match="PINK"):
                (await connection.execute(select(table.c.x))).all()

    async def test_pickle_with_protocol_and_comparator(self, db: Database) -> None:
        type_ = PickleType(protocol=pickle.HIGHEST_PROTOCOL, comparator=lambda a, b: a == b)
        value = {"when": dt.date(2024, 1, 1), "many": [1, 2]}
        assert await self._round_trip(db, type_, [value]) == [value]

    async def test_with_variant_and_type_coerce(self, db: Database) -> None:
        variant = String(20).with_variant(Text(), db.engine.dialect.name)
        assert await self._round_trip(db, variant, ["x"]) == ["x"]
        async with db.connect() as connection:
            coerced = select(type_coerce(func.lower("A,B"), Csv()))
            assert await connection.scalar(coerced) == ["a", "b"]

    async def test_literals_and_typed_parameters(self, db: Database) -> None:
        day = dt.date(2024, 5, 6)
        async with db.connect() as connection:
            row = await connection.execute(
                select(
                    literal(day).label("d"),
                    literal(True).label("t"),
                    literal("x").label("s"),
                    bindparam("n", type_=Integer).label("n"),
                ),
                {"n": 7},
            )
            date = day if self.types_parameters else str(day)
            assert tuple(row.one()) == (date, True, "x", 7)

    async def test_cast_converts(self, db: Database) -> None:
        async with db.connect() as connection:
            row = await connection.execute(
                select(
                    cast(literal("12"), Integer),
                    cast(literal(12), String(10)),
                    cast(literal("1.50"), Numeric(10, 2)),
                )
            )
            assert tuple(row.one()) == (12, "12", Decimal("1.50"))


class DatetimeOrderSuite(Suite):
    """Dates and times compare and sort as such in the database."""

    metadata: ClassVar[MetaData] = MetaData()
    moments = Table(
        "moments", metadata, Column("id", Integer, primary_key=True), Column("at", DateTime)
    )

    async def test_order_and_range(self, db: Database) -> None:
        t = self.moments
        base = dt.datetime(2024, 1, 1)
        hours = [5, 1, 3]
        async with db.connect() as connection:
            await connection.execute(
                insert(t), [{"at": base + dt.timedelta(hours=hour)} for hour in hours]
            )
            ordered = await connection.execute(select(t.c.id).order_by(t.c.at))
            assert list(ordered.scalars()) == [2, 3, 1]
            late = select(t.c.id).where(t.c.at > base + dt.timedelta(hours=2)).order_by(t.c.id)
            assert (await connection.execute(late)).scalars().all() == [1, 3]
            assert await connection.scalar(select(func.max(t.c.at))) == base + dt.timedelta(hours=5)
