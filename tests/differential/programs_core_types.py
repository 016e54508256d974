"""Programs about types: generic ones, decorated ones, one's own, JSON, enumerations, variants."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import uuid
from collections.abc import Iterator
from typing import Any

from core_library import module, texts
from library import Library


def _stored(lib: Library, type_: Any, *values: Any) -> Iterator[Any]:
    """What a column of the type gives back, and what it has stored."""
    sql, engine = lib.sql, lib.engine()
    table = sql.Table(
        "t", sql.MetaData(), sql.Column("id", sql.Integer, primary_key=True), sql.Column("v", type_)
    )
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sql.insert(table), [{"v": value} for value in values])
        yield connection.scalars(sql.select(table.c.v).order_by(table.c.id)).all()
        yield connection.exec_driver_sql("SELECT v, typeof(v) FROM t ORDER BY id").all()
        for value in values[:1]:
            if value is not None:
                where = sql.select(sql.func.count()).where(table.c.v == value)
                yield str(where), connection.scalar(where)


def program_texts_of_types(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    for type_ in (
        sql.Integer(), sql.SmallInteger(), sql.BigInteger(), sql.String(5), sql.Text(), sql.Text(9),
        sql.Unicode(5), sql.UnicodeText(), sql.Numeric(), sql.Numeric(5, 2), sql.Float(),
        sql.Float(24), sql.Double(), sql.Boolean(), sql.Date(), sql.Time(), sql.DateTime(),
        sql.DateTime(timezone=True), sql.Time(timezone=True), sql.Interval(), sql.LargeBinary(),
        sql.LargeBinary(5), sql.JSON(), sql.Uuid(), sql.Uuid(native_uuid=False), sql.PickleType(),
        sql.Enum("a", "bb", name="e"), sql.String(5, collation="nocase"), sql.CHAR(2),
        sql.VARCHAR(3),
        sql.NCHAR(2), sql.NVARCHAR(3), sql.DECIMAL(4, 1), sql.REAL(), sql.TIMESTAMP(), sql.CLOB(),
        sql.BLOB(), sql.BINARY(3), sql.VARBINARY(3), sql.BIGINT(), sql.DOUBLE_PRECISION(),
    ):  # fmt: skip
        yield repr(type_), type_.python_type.__name__, type(type_).__visit_name__
        for name in ("default", "sqlite", "postgresql", "mysql"):
            if name == "mysql" and isinstance(type_, (sql.String, sql.Enum)) and not type_.length:
                continue
            yield from texts(lib, sql.cast(sql.null(), type_), name)
    yield str(sql.ARRAY(sql.Integer)), repr(sql.ARRAY(sql.Integer, dimensions=2))
    yield lib.error(lambda: sql.cast(sql.null(), sql.ARRAY(sql.Integer)).compile(lib.engine()))


def program_numbers(lib: Library) -> Iterator[Any]:
    sql, number = lib.sql, decimal.Decimal
    yield from _stored(lib, sql.Integer(), 1, -5, None, 2**40)
    yield from _stored(lib, sql.Float(), 1.5, 2, None)
    yield from _stored(lib, sql.Float(asdecimal=True), 1.5, None)
    yield from _stored(lib, sql.Numeric(8, 3, asdecimal=False), 1.25, number("7.5"))
    yield from _stored(lib, sql.Numeric(8, 3), number("12.5"), number("0.125"), None)
    yield from _stored(lib, sql.Boolean(), True, False, None)


def program_dates_and_times(lib: Library) -> Iterator[Any]:
    sql, day = lib.sql, datetime.datetime(2021, 2, 3, 4, 5, 6, 789)
    yield from _stored(lib, sql.DateTime(), day, datetime.datetime(2000, 1, 1), None)
    yield from _stored(lib, sql.Date(), day.date(), None)
    yield from _stored(lib, sql.Time(), day.time(), datetime.time(1), None)
    yield from _stored(lib, sql.Interval(), datetime.timedelta(days=1, seconds=5), None)
    moment = sql.column("at", sql.DateTime)
    for clause in (
        moment + datetime.timedelta(1), moment - moment, moment - datetime.timedelta(hours=1),
        sql.column("d", sql.Date) - sql.column("e", sql.Date), sql.column("d", sql.Date) + 1,
    ):  # fmt: skip
        yield str(clause), repr(clause.type)


def program_texts_and_bytes(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    yield from _stored(lib, sql.String(10), "a'b", "", None)
    yield from _stored(lib, sql.LargeBinary(), b"\x00\xff", b"", None)
    yield from _stored(lib, sql.Uuid(), uuid.UUID(int=5), None)
    yield from _stored(lib, sql.Uuid(as_uuid=False), str(uuid.UUID(int=6)), None)
    yield from _stored(lib, sql.PickleType(), {"a": [1]}, None)


def program_enumerations(lib: Library) -> Iterator[Any]:
    sql = lib.sql

    class Wind(enum.Enum):
        CALM = "calm"
        GALE = "gale"

    yield from _stored(lib, sql.Enum(Wind), Wind.CALM, Wind.GALE, None, "GALE")
    by_value = sql.Enum(Wind, values_callable=lambda found: [each.value for each in found])
    yield from _stored(lib, by_value, Wind.CALM, None)
    yield from _stored(lib, sql.Enum("x", "yy"), "x", "yy", None)
    yield lib.error(lambda: list(_stored(lib, sql.Enum("x", "yy"), "zz")))
    kinds = sql.Enum(Wind, name="wind", create_constraint=True)
    yield kinds.enums, kinds.name, kinds.length, kinds.enum_class is Wind, repr(kinds)
    table = sql.Table("t", sql.MetaData(), sql.Column("v", kinds))
    yield from texts(lib, sql.schema.CreateTable(table))
    yield from texts(lib, table.c.v == Wind.GALE, compile_kwargs={"literal_binds": True})


def program_json(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    yield from _stored(lib, sql.JSON(), {"a": [1, 2]}, [1], "text", 5, None, True)
    yield from _stored(lib, sql.JSON(none_as_null=True), {"a": 1}, None, sql.JSON.NULL)
    table = sql.Table("t", sql.MetaData(), sql.Column("v", sql.JSON))
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sql.insert(table).values(v={"a": {"b": [10, 20]}, "n": 3, "s": "x"}))
        for clause in (
            table.c.v["n"], table.c.v["a"]["b"], table.c.v[("a", "b", 1)],
            table.c.v["s"].as_string(),
            table.c.v["n"].as_integer(), table.c.v["n"].as_float(), table.c.v["n"].as_boolean(),
            table.c.v["n"].as_numeric(8, 2), table.c.v["a"].as_json(), table.c.v["none"],
            table.c.v[("a", "b")].as_json(), sql.cast(table.c.v["n"], sql.String),
        ):  # fmt: skip
            yield from texts(lib, clause, "sqlite", "postgresql", "mysql")
            yield repr(clause.type), connection.execute(sql.select(clause)).all()
        found = sql.select(sql.func.count()).where(table.c.v["n"].as_integer() == 3)
        yield str(found), connection.scalar(found)
        connection.execute(sql.insert(table).values(v=sql.null()))
        nulls = sql.select(sql.func.count()).where(table.c.v.is_(None))
        yield str(nulls), connection.scalar(nulls)
    own = lib.sql.create_engine(
        "sqlite://", json_serializer=lambda value: "[7]", json_deserializer=lambda text: text * 2
    )
    with own.connect() as connection:
        yield connection.scalar(sql.select(sql.literal({"a": 1}, sql.JSON)))


def program_decorated_types(lib: Library) -> Iterator[Any]:
    sql = lib.sql

    class Knots(sql.TypeDecorator):  # type: ignore[misc, name-defined]
        impl = sql.Integer
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else round(value * 10)

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value / 10

        def process_literal_param(self, value: Any, dialect: Any) -> str:
            return str(round(value * 10))

    class Document(sql.TypeDecorator):  # type: ignore[misc, name-defined]
        impl = sql.String
        cache_ok = True
        coerce_to_is_types = ()

        def load_dialect_impl(self, dialect: Any) -> Any:
            small = dialect.name == "mysql"
            return dialect.type_descriptor(sql.VARCHAR(99) if small else sql.Text())

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return json.dumps(value)

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return json.loads(value)

        def coerce_compared_value(self, op: Any, value: Any) -> Any:
            return self if isinstance(value, dict) else sql.String()

    yield from _stored(lib, Knots(), 1.5, 20, None)
    yield from _stored(lib, Document(50), {"a": 1}, None)
    speed = sql.column("speed", Knots)
    for clause in (speed == 3, speed + 2.5, speed.in_([1, 2]), speed == None, -speed):  # noqa: E711
        yield str(clause), repr(clause.type), clause.compile().params
    yield from texts(lib, speed > 4, "sqlite", compile_kwargs={"literal_binds": True})
    document = sql.column("d", Document(20))
    yield from texts(lib, sql.cast(document, Document(20)))
    yield str(document == None), str(document.like("x")), repr(document.like("x").right.type)  # noqa: E711
    yield repr(Knots()), repr(Document(20)), Knots().python_type, Document(20).length


def program_types_of_ones_own(lib: Library) -> Iterator[Any]:
    sql = lib.sql

    class Fathoms(sql.types.UserDefinedType):  # type: ignore[misc, name-defined]
        cache_ok = True

        def __init__(self, places: int = 2) -> None:
            self.places = places

        def get_col_spec(self, **options: Any) -> str:
            return f"FATHOMS({self.places})"

        def bind_processor(self, dialect: Any) -> Any:
            return lambda value: value * 6

        def result_processor(self, dialect: Any, coltype: Any) -> Any:
            return lambda value: value / 6

    class Shouted(sql.types.UserDefinedType):  # type: ignore[misc, name-defined]
        cache_ok = True

        def get_col_spec(self, **options: Any) -> str:
            return "TEXT"

        def bind_expression(self, bindvalue: Any) -> Any:
            return sql.func.lower(bindvalue, type_=self)

        def column_expression(self, col: Any) -> Any:
            return sql.func.upper(col, type_=self)

    yield from _stored(lib, Fathoms(3), 2, 5)
    yield from _stored(lib, Shouted(), "MiXed", None)
    table = sql.Table("t", sql.MetaData(), sql.Column("f", Fathoms), sql.Column("s", Shouted))
    yield from texts(lib, sql.schema.CreateTable(table))
    yield str(sql.select(table)), str(sql.select(table.c.s).where(table.c.s == "x"))
    yield str(sql.insert(table).values(s="x")), str(sql.select(table.c.s.label("q")).subquery())
    yield repr(Fathoms(3)), repr((table.c.f + 1).type), str(sql.cast(table.c.f, Fathoms(4)))


def program_operators_of_types(lib: Library) -> Iterator[Any]:
    sql = lib.sql

    class Sum(sql.Integer):  # type: ignore[misc, name-defined]
        class comparator_factory(sql.Integer.Comparator):  # type: ignore[misc, name-defined]
            def __add__(self, other: Any) -> Any:
                return self.op("goofy")(other)

            def log(self, base: Any) -> Any:
                return sql.func.log(base, self)

            def __eq__(self, other: Any) -> Any:
                return sql.func.same(self.expr, other)

            __hash__ = None  # type: ignore[assignment]

    column = sql.column("x", Sum)
    for clause in (column + 5, column.log(10), column.log(2) + 1, column == 3, (column + 1) + 2):
        yield str(clause), repr(clause.type)


def program_variants(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    mysql = module(lib, "dialects.mysql")
    mixed = sql.String(20).with_variant(sql.Text(), "postgresql")
    mixed = mixed.with_variant(mysql.TINYTEXT(), "mysql", "mariadb")
    for name in ("default", "sqlite", "postgresql", "mysql"):
        yield from texts(lib, sql.cast(sql.null(), mixed), name) if name != "mysql" else ()
        table = sql.Table("t", sql.MetaData(), sql.Column("v", mixed))
        yield from texts(lib, sql.schema.CreateTable(table), name)
    yield repr(mixed), lib.error(lambda: mixed.with_variant(sql.Text(), "mysql"))
    counted = sql.BigInteger().with_variant(sql.Integer, "sqlite")
    table = sql.Table("t", sql.MetaData(), sql.Column("id", counted, primary_key=True))
    yield from texts(lib, sql.schema.CreateTable(table))


def program_coercions(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    number, word = sql.column("n", sql.Integer), sql.column("w", sql.String)
    for clause in (
        number + 1.5, number + decimal.Decimal("1.5"), number + number, word + "x", word + word,
        word + 5, number / 2, number // 2, number * sql.column("f", sql.Float), -number,
        number == None, number > "x", sql.literal(5) + sql.literal(2.5), sql.func.f() + 1,  # noqa: E711
        sql.column("b", sql.Boolean) == True, word.concat("y"), word.op("->")(1),  # noqa: E712
        sql.type_coerce(number, sql.String) + "a", sql.column("u") + 5, sql.column("u") == 5,
    ):  # fmt: skip
        yield (
            str(clause),
            repr(clause.type),
            repr(getattr(clause.right, "type", None)) if hasattr(clause, "right") else "",
        )
