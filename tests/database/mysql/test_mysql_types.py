"""Values of every type, there and back through each driver, in columns that the server made."""

from __future__ import annotations

import datetime as dt
import enum
import random
import uuid
from decimal import Decimal
from typing import Any

import pytest
from every_driver import through_each

import ormolu as orm
from ormolu import Column, MetaData, Table, bindparam, func, insert, literal, select, text
from ormolu.dialects import mysql as my
from ormolu.exc import DataError, IntegrityError, OperationalError, ProgrammingError, StatementError
from ormolu.testing.conformance import Database, Suite


class Colour(enum.Enum):
    red = "r"
    blue = "b"


MOMENT = dt.datetime(2024, 5, 6, 7, 8, 9, 123456)
WHOLE = MOMENT.replace(microsecond=0)
BYTES = bytes(range(256))

#: Name of a column -> its type and values; a missing value is tried with each.
VALUES: dict[str, tuple[Any, list[Any]]] = {
    "tiny": (my.TINYINT(), [-128, 127]),
    "tiny_unsigned": (my.TINYINT(unsigned=True), [0, 255]),
    "small": (my.SMALLINT(), [-32768, 32767]),
    "medium": (my.MEDIUMINT(unsigned=True), [2**24 - 1]),
    "whole": (my.INTEGER(), [-(2**31), 2**31 - 1]),
    "big": (my.BIGINT(), [-(2**63), 2**63 - 1]),
    "big_unsigned": (my.BIGINT(unsigned=True), [2**64 - 1]),
    "filled": (my.INTEGER(6, zerofill=True), [42]),
    "truth": (orm.Boolean(), [True, False]),
    "exact": (my.DECIMAL(30, 10), [Decimal("12345678901234567890.0123456789"), Decimal("-1.5")]),
    "exact_unsigned": (my.DECIMAL(10, 2, unsigned=True), [Decimal("1.10")]),
    "exact_float": (orm.Numeric(10, 2, asdecimal=False), [1.25]),
    "single": (my.FLOAT(), [1.5, -2.25]),
    "double": (orm.Double(), [0.1, 1e300, -5e-300]),
    "double_exact": (my.DOUBLE(10, 3), [Decimal("1.125")]),
    "bit": (my.BIT(), [0, 1]),
    "bits": (my.BIT(64), [0, 5, 2**64 - 1]),
    "year": (my.YEAR(), [1999, 2155, 0]),
    "day": (orm.Date(), [dt.date(1000, 1, 1), dt.date(9999, 12, 31)]),
    "moment": (orm.DateTime(), [WHOLE]),
    "moment_3": (my.DATETIME(fsp=3), [MOMENT.replace(microsecond=123000)]),
    "moment_6": (my.DATETIME(fsp=6), [MOMENT, WHOLE]),
    "stamp": (my.TIMESTAMP(fsp=6), [MOMENT]),
    "hour": (orm.Time(), [dt.time(1, 2, 3), dt.time(0, 0)]),
    "hour_6": (my.TIME(fsp=6), [dt.time(23, 59, 59, 999999)]),
    "span": (orm.Interval(), [dt.timedelta(days=3, seconds=5)]),
    "fixed": (my.CHAR(10), ["ab", "é", ""]),
    "varying": (
        my.VARCHAR(40, charset="utf8mb4", collation="utf8mb4_bin"),
        ["☃ 😀", "a\\'\"%s", ""],
    ),
    "latin": (my.VARCHAR(20, charset="latin1"), ["é"]),
    "national": (my.NVARCHAR(5), ["ß"]),
    "text_tiny": (my.TINYTEXT(), ["x" * 255]),
    "text": (my.TEXT(), ["é" * 30000]),
    "text_medium": (my.MEDIUMTEXT(), ["é" * 100_000]),
    "text_long": (my.LONGTEXT(), ["x" * 100_000]),
    "binary": (orm.BINARY(4), [b"\x00\xff\x01'"]),
    "varbinary": (orm.VARBINARY(20), [b"", b"\\%s%"]),
    "blob_tiny": (my.TINYBLOB(), [b"\x00"]),
    "blob": (orm.LargeBinary(), [BYTES]),
    "blob_medium": (my.MEDIUMBLOB(), [BYTES * 300]),
    "blob_long": (my.LONGBLOB(), [b"\xff\xfe"]),
    "words": (my.ENUM("a", "b'c", "%", "\\"), ["a", "b'c", "%", "\\"]),
    "colour": (orm.Enum(Colour), [Colour.red, Colour.blue]),
    "colour_text": (orm.Enum(Colour, native_enum=False), [Colour.blue]),
    "subset": (my.SET("a", "b", "c"), [{"a", "c"}, set(), {"b"}]),
    "subset_bits": (
        my.SET("a", "b", "", retrieve_as_bitwise=True),
        [{"a"}, {""}, {"a", "b"}, set()],
    ),
    "document": (orm.JSON(), [{"a": [1, 2.5, None, "ü'\\\" % :x"]}, [], "text", 1, True]),
    "identity": (orm.Uuid(), [uuid.UUID(int=5), uuid.UUID(int=2**128 - 1)]),
    "identity_text": (orm.Uuid(as_uuid=False), [str(uuid.UUID(int=6))]),
    "identity_chars": (orm.Uuid(native_uuid=False), [uuid.UUID(int=7)]),
    "pickled": (orm.PickleType(), [{"x": (1, 2)}]),
}
#: Those that MySQL doesn't have.
OF_MARIADB: dict[str, tuple[Any, list[Any]]] = {
    "address": (my.INET4(), ["1.2.3.4"]),
    "address_6": (my.INET6(), ["::1", "2001:db8::ff00:42:8329"]),
}
#: Neither is equal to a literal of its value: documents are compared as text is.
UNEQUAL = {"single", "document"}
#: Values without a literal, or one whose type in a SELECT alone is another.
WITHOUT_LITERAL = {
    *("subset", "subset_bits", "document", "pickled", "double_exact", "hour", "hour_6", "span"),
    *("colour", "colour_text", "identity_text"),
}


async def known(db: Database) -> dict[str, tuple[Any, list[Any]]]:
    """The columns with types that the server has."""
    async with db.connect():  # the dialect knows the server from now on
        return VALUES | OF_MARIADB if db.engine.dialect.is_mariadb else VALUES


def columns_of(types: dict[str, tuple[Any, list[Any]]]) -> list[Column[Any]]:
    return [Column(name, type_) for name, (type_, _) in types.items()]


def rows_of(types: dict[str, tuple[Any, list[Any]]]) -> list[dict[str, Any]]:
    return [
        {name: values[i] if i < len(values) else None for name, (_, values) in types.items()}
        for i in range(5)
    ]


class EveryTypeSuite(Suite):
    """One table with a column of each type."""

    async def _made(self, db: Database) -> tuple[Table, list[dict[str, Any]]]:
        types = await known(db)
        key = Column("id", orm.Integer, primary_key=True)
        every = Table("every", MetaData(), key, *columns_of(types))
        await db.create(every.metadata)
        return every, rows_of(types)

    def _same(self, found: list[Any], rows: list[dict[str, Any]]) -> None:
        for row, expected in zip(found, rows, strict=True):
            for name in expected:
                assert getattr(row, name) == expected[name], name
                assert type(getattr(row, name)) is type(expected[name]), name

    async def test_round_trip_of_many_rows(self, db: Database) -> None:
        every, rows = await self._made(db)
        async with db.connect() as connection:
            await connection.execute(insert(every), rows)
            self._same((await connection.execute(select(every).order_by(every.c.id))).all(), rows)

    async def test_round_trip_of_single_rows_with_where(self, db: Database) -> None:
        every, rows = await self._made(db)
        async with db.connect() as connection:
            for row in rows:
                await connection.execute(insert(every).values(row))
            self._same((await connection.execute(select(every).order_by(every.c.id))).all(), rows)
            for name, (_, values) in (await known(db)).items():
                for value in values if name not in UNEQUAL else ():
                    found = select(func.count()).where(every.c[name] == value)
                    assert await connection.scalar(found) >= 1, (name, value)

    async def test_literals(self, db: Database) -> None:
        types = await known(db)
        async with db.connect() as connection:
            for name, (type_, values) in types.items():
                for value in values if name not in WITHOUT_LITERAL else ():
                    compiled = select(literal(value, type_)).compile(
                        dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}
                    )
                    rows = await connection.exec_driver_sql(str(compiled))
                    convert = db.engine.dialect.result_processor(type_) or (lambda found: found)
                    found = convert(rows.scalar())
                    assert found == value or str(found) == str(value), name

    @pytest.mark.parametrize("name", list(OF_MARIADB))
    async def test_a_type_that_the_server_lacks_is_named(self, db: Database, name: str) -> None:
        lacking = name not in await known(db)
        narrow = Table("narrow", MetaData(), *columns_of({name: OF_MARIADB[name]}))
        if not lacking:
            await db.create(narrow.metadata)
            return
        with pytest.raises(ProgrammingError, match="INET"):
            await db.run_sync(narrow.create)


ALPHABET = "ab'\"\\`%()?:;,-#/*\n\r\t\0\x1a é☃😀\u200b\uffff"


def random_row(chance: random.Random) -> dict[str, Any]:
    """Values of the types that drivers write into the text of a statement."""
    words = "".join(chance.choices(ALPHABET, k=chance.randrange(30)))
    microseconds = dt.timedelta(microseconds=1)
    return {
        "words": words,
        "bytes": chance.randbytes(chance.randrange(40)),
        "whole": chance.randint(-(2**63), 2**63 - 1),
        "exact": Decimal(chance.randint(-(10**20), 10**20)).scaleb(-chance.randrange(9)),
        "double": chance.uniform(-1, 1) * 10.0 ** chance.choice((0, 0, -200, 7, 200)),
        "moment": dt.datetime.min + microseconds * chance.randrange(3 * 10**17),
        "hour": (dt.datetime.min + microseconds * chance.randrange(86_400 * 10**6)).time(),
        "document": {words: [chance.random(), None, words]},
    }


class RandomValuesSuite(Suite):
    """Odd values, by the thousand, as literals of one statement and of their own."""

    async def test_they_come_back_as_they_were(self, db: Database) -> None:
        metadata = MetaData()
        odd = Table(
            "odd",
            metadata,
            Column("id", orm.Integer, primary_key=True),
            Column("words", my.VARCHAR(40, collation="utf8mb4_bin")),
            Column("bytes", orm.LargeBinary),
            Column("whole", my.BIGINT),
            Column("exact", my.DECIMAL(40, 10)),
            Column("double", orm.Double),
            Column("moment", my.DATETIME(fsp=6)),
            Column("hour", my.TIME(fsp=6)),
            Column("document", orm.JSON),
        )
        await db.create(metadata)
        chance = random.Random(20240506)
        rows = [random_row(chance) for _ in range(600)]
        async with db.connect() as connection:
            await connection.execute(insert(odd), rows[:500])
            for row in rows[500:]:
                await connection.execute(insert(odd).values(row))
            found = (await connection.execute(select(odd).order_by(odd.c.id))).mappings().all()
        for row, expected in zip(found, rows, strict=True):
            assert {name: row[name] for name in expected} == expected

    @pytest.mark.parametrize("mode", ["", "NO_BACKSLASH_ESCAPES"])
    async def test_what_is_written_into_the_text_stays_a_string(
        self, db: Database, mode: str
    ) -> None:
        """The text of a statement has them at each execution: ``literal_execute``."""
        chance = random.Random(20240507)
        words = [
            "\\",
            "\\'",
            "' OR 1 -- ",
            *["".join(chance.choices(ALPHABET, k=9)) for _ in range(90)],
        ]
        words = [word.replace("\0", "") for word in words]
        written = bindparam("x", type_=orm.String(), literal_execute=True)
        several = bindparam("xs", expanding=True, literal_execute=True)
        async with db.connect() as connection:
            dialect = db.engine.dialect
            dialect.adopt_server(dialect.server._replace(backslash_escapes=not mode))
            await connection.execute(text(f"SET SESSION sql_mode = '{mode}'"))
            for word in words:
                assert await connection.scalar(select(written), {"x": word}) == word
                found = select(literal(word).in_(several))
                assert await connection.scalar(found, {"xs": [word, "no"]})
            joined = select(func.aggregate_strings(literal("x"), "\\'"))
            assert await connection.scalar(joined) == "x"
            await connection.invalidate()


class LimitsSuite(Suite):
    """What the server refuses, or says by itself."""

    @pytest.mark.parametrize(
        ("type_", "value"),
        [
            (my.TINYINT(), 128),
            (my.INTEGER(unsigned=True), -1),
            (my.DECIMAL(3, 1), Decimal("1000")),
            (my.VARCHAR(3), "long"),
            (my.YEAR(), 1800),
            (orm.JSON(), "\x00"),
        ],
        ids=str,
    )
    async def test_what_does_not_fit_is_refused(self, db: Database, type_: Any, value: Any) -> None:
        metadata = MetaData()
        narrow = Table("narrow", metadata, Column("x", type_))
        await db.create(metadata)
        async with db.connect() as connection:
            if isinstance(type_, orm.JSON):
                mariadb = db.engine.dialect.is_mariadb  # where JSON is a text with a CHECK
                refusal = (IntegrityError, "CONSTRAINT") if mariadb else (OperationalError, "3140")
                with pytest.raises(refusal[0], match=refusal[1]):
                    await connection.execute(text("INSERT INTO narrow VALUES ('{')"))
                return
            with pytest.raises(DataError):
                await connection.execute(insert(narrow), {"x": value})

    async def test_defaults_of_the_server(self, db: Database) -> None:
        metadata = MetaData()
        made = Table(
            "made",
            metadata,
            Column("id", orm.Integer, primary_key=True),
            Column("born", my.DATETIME(fsp=6), server_default=text("CURRENT_TIMESTAMP(6)")),
            Column("n", my.INTEGER(unsigned=True), server_default="7"),
            Column("twice", orm.Integer, orm.Computed("n * 2")),
            Column("kept", orm.Integer, orm.Computed("n + 1", persisted=True)),
            # Without hyphens, as they are stored where there is no type UUID.
            Column("key", orm.Uuid(), server_default=func.replace(func.uuid(), "-", "")),
        )
        await db.create(metadata)
        async with db.connect() as connection:
            await connection.execute(insert(made))
            row = (await connection.execute(select(made))).one()
            assert (row.n, row.twice, row.kept) == (7, 14, 8)
            assert isinstance(row.born, dt.datetime) and isinstance(row.key, uuid.UUID)


class OtherFormsSuite(Suite):
    """Values in other Python types than those that come back."""

    async def test_buffers_are_stored_as_their_bytes(self, db: Database) -> None:
        table = Table("t", MetaData(), Column("n", orm.Integer), Column("b", orm.LargeBinary()))
        await db.create(table.metadata)
        values = [bytearray(BYTES), memoryview(BYTES), memoryview(BYTES)[5:]]
        async with db.connect() as connection:
            for n, value in enumerate(values):
                await connection.execute(insert(table).values(n=n, b=value))
                found = select(table.c.b).where(table.c.n == n, table.c.b == value)
                assert await connection.scalar(found) == bytes(value)

    @pytest.mark.parametrize("value", [5, "text"])
    async def test_what_is_no_buffer_is_refused(self, db: Database, value: Any) -> None:
        async with db.connect() as connection:
            with pytest.raises(StatementError, match="a binary column takes bytes, not"):
                await connection.scalar(select(literal(value, orm.LargeBinary())))

    async def test_a_set_of_bits_alone_in_a_select(self, db: Database) -> None:
        type_ = my.SET("a", "", "c", retrieve_as_bitwise=True)
        async with db.connect() as connection:
            assert await connection.scalar(select(literal({"a", "c"}, type_))) == {"a", "c"}


globals().update(through_each(EveryTypeSuite, RandomValuesSuite, LimitsSuite, OtherFormsSuite))
