"""The scalar types of PostgreSQL on a server."""

from __future__ import annotations

import datetime as dt
import decimal
import ipaddress
import uuid
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from three_ways import Library

NOON = dt.datetime(2024, 2, 29, 12, 30, 1, 5)
TOKYO = dt.timezone(dt.timedelta(hours=9))


def round_trip(library: Library, type_: Any, values: list[Any]) -> list[Any]:
    """Store values, one by one and all at once, and read them back."""
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        table = sa.Table(
            "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", type_)
        )
        table.create(connection)
        for value in values:
            connection.execute(table.insert().values(x=value))
        connection.execute(table.insert(), [{"x": value} for value in values])
        found = list(connection.scalars(sa.select(table.c.x).order_by(table.c.id)))
        assert [repr(one) for one in found[: len(values)]] == [
            repr(one) for one in found[len(values) :]
        ]
        for value in values:
            if value is not None and value == value and not isinstance(type_, library.pg.REGCLASS):
                equal = sa.select(sa.func.count()).select_from(table).where(table.c.x == value)
                assert connection.scalar(equal) >= 2, value
        return found[: len(values)]

    return library.run(program)


def chosen(library: Library, expressions: list[Any]) -> list[Any]:
    """The values of expressions, all in one SELECT."""
    return library.run(
        lambda connection: list(connection.execute(library.sa.select(*expressions)).one())
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("UUID", [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), None]),
        ("BYTEA", [b"", b"\x00\xff\\'", b"plain", None]),
        ("TIMESTAMP", [NOON, dt.datetime(1, 1, 1), dt.datetime.max, None]),
        ("DATE", [dt.date(2024, 2, 29), dt.date.min, dt.date.max, None]),
        ("TIME", [dt.time(0), dt.time(23, 59, 59, 999999), None]),
        ("BIGINT", [2**63 - 1, -(2**63), None]),
        ("SMALLINT", [-32768, 32767]),
        ("DOUBLE_PRECISION", [0.1, 1e308, float("inf"), float("-inf")]),
        ("REAL", [0.5, -2.25]),
        ("BOOLEAN", [True, False, None]),
        ("TEXT", ["é\n'\"", "", "%s %(x)s :x $1", None]),
        ("CHAR", ["x"]),
        ("INTERVAL", [dt.timedelta(days=400, microseconds=1), -dt.timedelta(hours=1), None]),
        ("MACADDR", ["08:00:2b:01:02:03", None]),
        ("MACADDR8", ["08:00:2b:01:02:03:04:05"]),
        ("OID", [1, 2**32 - 1]),
        ("REGCLASS", ["pg_class", None]),
    ],
)
def test_values_come_back(library: Library, name: str, values: list[Any]) -> None:
    assert round_trip(library, getattr(library.pg, name)(), values) == values


def test_numbers_are_exact(library: Library) -> None:
    values = [Decimal("1.10"), Decimal("-99999999999999999999.123456789"), Decimal("0E-9"), None]
    type_ = library.sa.Numeric(38, 9)
    found = round_trip(library, type_, values)
    assert found == values
    assert str(found[0]) == "1.100000000"


def test_numbers_without_limits_and_not_a_number(library: Library) -> None:
    values = [Decimal("NaN"), Decimal("1E+50"), Decimal("1E-50"), Decimal("Infinity"), 7]
    found = round_trip(library, library.sa.Numeric(), values)
    assert [str(number) for number in found[:1]] == ["NaN"]
    assert found[1:] == values[1:]
    assert all(type(number) is Decimal for number in found)


def test_numbers_as_floats_and_floats_as_numbers(library: Library) -> None:
    sa = library.sa
    assert round_trip(library, sa.Numeric(10, 2, asdecimal=False), [1.5, None]) == [1.5, None]


def test_floats_as_decimals(library: Library) -> None:
    sa = library.sa
    found = round_trip(library, sa.Float(asdecimal=True), [Decimal("1.5")])
    assert found == [Decimal("1.5")] and type(found[0]) is Decimal


def test_moments_with_a_time_zone_are_the_same_moments(library: Library) -> None:
    moments = [NOON.replace(tzinfo=zone) for zone in (dt.UTC, TOKYO)]
    found = round_trip(library, library.sa.DateTime(timezone=True), moments)
    assert found == moments
    assert all(moment.tzinfo is not None for moment in found)


def test_times_with_a_time_zone(library: Library) -> None:
    times = [dt.time(12, 30, 1, 5, tzinfo=dt.UTC), dt.time(1, tzinfo=TOKYO)]
    assert round_trip(library, library.sa.Time(timezone=True), times) == times


def test_values_keep_their_time_zone_without_a_column(library: Library) -> None:
    sa = library.sa
    moment = NOON.replace(tzinfo=TOKYO)
    asked = [
        sa.literal(moment),
        sa.literal(dt.time(1, tzinfo=TOKYO)),
        sa.func.timezone("Europe/Oslo", moment),
        sa.func.coalesce(moment, None),
        sa.extract("epoch", moment) == moment.timestamp(),
    ]
    naive = moment.astimezone(ZoneInfo("Europe/Oslo")).replace(tzinfo=None)
    found = library.run(lambda connection: [connection.scalar(sa.select(each)) for each in asked])
    assert found == [moment, dt.time(1, tzinfo=TOKYO), naive, moment, True]


def test_intervals_with_fields_and_precision(library: Library) -> None:
    days = library.pg.INTERVAL(fields="DAY TO SECOND", precision=3)
    assert round_trip(library, days, [dt.timedelta(days=2, milliseconds=5)]) == [
        dt.timedelta(days=2, milliseconds=5)
    ]


def test_generic_intervals(library: Library) -> None:
    sa = library.sa
    day = dt.timedelta(days=1)
    assert round_trip(library, sa.Interval(), [day, None]) == [day, None]


def test_arithmetic_of_dates(library: Library) -> None:
    sa = library.sa
    moment = sa.literal(NOON, sa.DateTime)
    found = chosen(
        library,
        [
            moment + dt.timedelta(hours=1),
            moment - sa.literal(NOON - dt.timedelta(days=1), sa.DateTime),
            sa.extract("year", moment),
            sa.extract("epoch", sa.literal(dt.timedelta(minutes=2), sa.Interval)),
            sa.func.date_trunc("hour", moment),
            sa.literal(dt.date(2024, 2, 28), sa.Date) + 2,
            sa.cast(moment, sa.Date),
        ],
    )
    assert found == [
        NOON + dt.timedelta(hours=1),
        dt.timedelta(days=1),
        2024,
        120,
        dt.datetime(2024, 2, 29, 12),
        dt.date(2024, 3, 1),
        dt.date(2024, 2, 29),
    ]


def test_infinite_dates_are_what_the_driver_makes_of_them(library: Library) -> None:
    def program(connection: Any) -> Any:
        return connection.exec_driver_sql("SELECT 'infinity'::date, '-infinity'::timestamp").one()

    if library.driver == "asyncpg":
        assert tuple(library.run(program)) == (dt.date.max, dt.datetime.min)
    else:
        with pytest.raises(library.sa.exc.DataError, match="too large"):
            library.run(program)


def test_case_insensitive_text(library: Library) -> None:
    sa, pg = library.sa, library.pg
    library.run(lambda connection: connection.exec_driver_sql("CREATE EXTENSION citext"))
    assert round_trip(library, pg.CITEXT(), ["Abc", None]) == ["Abc", None]

    def program(connection: Any) -> list[Any]:
        table = sa.table("t", sa.column("x", pg.CITEXT))
        conditions = [table.c.x == "aBC", table.c.x.in_(["ABC", "q"]), table.c.x.like("ABC%")]
        return [connection.scalar(sa.select(sa.func.count()).where(each)) for each in conditions]

    assert library.run(program) == [2, 2, 2]


@pytest.mark.parametrize("native", [None, False])
def test_network_addresses(library: Library, native: bool | None) -> None:
    sa, pg = library.sa, library.pg
    library.engine(**({} if native is None else {"native_inet_types": native}))
    hosts = round_trip(library, pg.INET(), ["10.0.0.1", "2001:db8::1", "10.0.0.1/8", None])
    as_text = ["10.0.0.1", "2001:db8::1", "10.0.0.1/8", None]
    if native is False:
        assert hosts == as_text
    else:
        assert [None if host is None else str(host) for host in hosts] == as_text
        assert isinstance(hosts[0], ipaddress.IPv4Address)
        assert isinstance(hosts[2], ipaddress.IPv4Interface)

    def networks(connection: Any) -> list[Any]:
        value = sa.literal("10.1.0.0/16", pg.CIDR)
        within = sa.cast("10.1.2.3", pg.INET).op("<<")(sa.cast(value, pg.CIDR))
        return list(connection.execute(sa.select(sa.cast(value, pg.CIDR), within)).one())

    network, within = library.run(networks)
    assert str(network) == "10.1.0.0/16" and within is True
    assert isinstance(network, str) == (native is False)


def test_addresses_go_in_as_objects(library: Library) -> None:
    address = ipaddress.ip_address("10.0.0.1")
    assert round_trip(library, library.pg.INET(), [address]) == [address]


def test_bit_strings(library: Library) -> None:
    pg = library.pg
    values = [pg.BitString("10110"), None]
    found = round_trip(library, pg.BIT(5), values)
    assert found == values and type(found[0]) is pg.BitString


def test_bit_strings_of_any_length(library: Library) -> None:
    pg = library.pg
    found = round_trip(library, pg.BIT(varying=True), [pg.BitString("1"), pg.BitString("0110")])
    assert found == [pg.BitString("1"), pg.BitString("0110")]
    sa = library.sa
    value = sa.literal(pg.BitString("1010"), pg.BIT(4))
    found = chosen(library, [value.bitwise_and(pg.BitString("0110")), sa.func.bit_length(value)])
    assert found == [pg.BitString("0010"), 4]


def test_money(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        table = sa.Table("t", sa.MetaData(), sa.Column("x", pg.MONEY))
        table.create(connection)
        connection.execute(table.insert().values(x=sa.cast(sa.literal("1234.5"), pg.MONEY)))
        if library.driver == "psycopg":
            connection.execute(table.insert().values(x="2.5"))
        else:
            connection.execute(table.insert().values(x="2.5"))
        found = connection.scalars(sa.select(table.c.x).order_by(table.c.x)).all()
        return [*found, connection.scalar(sa.select(sa.func.sum(table.c.x)))]

    assert library.run(program) == ["$2.50", "$1,234.50", "$1,237.00"]


def test_full_text_search(library: Library) -> None:
    sa, pg = library.sa, library.pg
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("body", sa.Text),
        sa.Column(
            "words",
            pg.TSVECTOR,
            sa.Computed("to_tsvector('english', body)", persisted=True),
        ),
    )

    def program(connection: Any) -> list[Any]:
        table.create(connection)
        connection.execute(
            table.insert(), [{"body": "The cats are running"}, {"body": "A dog ran past"}]
        )

        def ids(condition: Any) -> list[int]:
            return list(connection.scalars(sa.select(table.c.id).where(condition).order_by("id")))

        vector = sa.func.to_tsvector("english", table.c.body)
        query = sa.func.to_tsquery("english", "cat & run")
        rank = sa.func.ts_rank(table.c.words, query)
        return [
            ids(table.c.words.match("cat", postgresql_regconfig="english")),
            ids(table.c.body.match("running cats", postgresql_regconfig="english")),
            ids(vector.op("@@")(query)),
            ids(table.c.words.bool_op("@@")(sa.func.plainto_tsquery("english", "run"))),
            ids(table.c.words.op("@@")(pg.to_tsquery("english", "dog"))),
            ids(
                pg.to_tsvector("english", table.c.body).bool_op("@@")(
                    pg.websearch_to_tsquery("english", '"dog ran"')
                )
            ),
            connection.scalar(sa.select(table.c.words).where(table.c.id == 1)),
            connection.scalar(sa.select(sa.cast("a & b", pg.TSQUERY))),
            connection.scalars(sa.select(table.c.id).order_by(rank.desc()).limit(1)).all(),
            connection.scalar(
                sa.select(pg.ts_headline("english", "the cat", pg.to_tsquery("english", "cat")))
            ),
        ]

    assert library.run(program) == [
        [1],
        [1],
        [1],
        [1],
        [2],
        [2],
        "'cat':2 'run':4",
        "'a' & 'b'",
        [1],
        "the <b>cat</b>",
    ]


def test_names_of_relations(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        connection.exec_driver_sql('CREATE TABLE "Odd Name" (a int)')
        oid = connection.scalar(sa.select(sa.cast(sa.cast('"Odd Name"', pg.REGCLASS), pg.OID)))
        catalog = sa.table(
            "pg_class", sa.column("oid", pg.OID), sa.column("relname"), schema="pg_catalog"
        )
        name = connection.scalar(sa.select(catalog.c.relname).where(catalog.c.oid == oid))
        again = connection.scalar(sa.select(sa.cast(sa.literal(oid, pg.OID), pg.REGCLASS)))
        found = connection.scalar(
            sa.select(catalog.c.relname).where(catalog.c.oid == sa.cast('"Odd Name"', pg.REGCLASS))
        )
        return [name, again, found]

    assert library.run(program) == ["Odd Name", '"Odd Name"', "Odd Name"]


def test_a_number_that_does_not_fit_is_a_data_error(library: Library) -> None:
    sa = library.sa
    statement = sa.select(sa.cast(sa.literal(Decimal("1234.5"), sa.Numeric), sa.Numeric(4, 2)))
    with pytest.raises(sa.exc.DBAPIError, match="numeric field overflow"):
        library.run(lambda connection: connection.scalar(statement))
    with decimal.localcontext() as context:
        context.prec = 3
        exact = Decimal("1234567890.123456789")
        assert chosen(library, [sa.literal(exact, sa.Numeric)]) == [exact]
