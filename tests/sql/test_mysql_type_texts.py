"""MySQL's types: their text in DDL and CAST, and what becomes of values, are SQLAlchemy's."""

from __future__ import annotations

import datetime as dt
import enum
import itertools
import uuid
import warnings
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from mysql_parts import DIALECTS, OURS, THEIRS

from ormolu import exc
from ormolu.dialects import mysql


class Color(enum.Enum):
    red = 1
    blue = 2


def calls(names: str, *given: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(itertools.product(names.split(), given))


#: (name of a class, its arguments): of ``dialects.mysql``.
MYSQL = [
    *calls(
        "TINYINT SMALLINT MEDIUMINT INTEGER BIGINT",
        {},
        {"display_width": 4},
        {"unsigned": True},
        {"zerofill": True},
        {"display_width": 11, "unsigned": True, "zerofill": True},
    ),
    *calls(
        "NUMERIC DECIMAL FLOAT DOUBLE REAL",
        {},
        {"unsigned": True},
        {"zerofill": True},
        {"asdecimal": False},
        {"precision": 10, "scale": 2},
        {"precision": 10, "scale": 2, "unsigned": True, "zerofill": True},
    ),
    *calls("NUMERIC DECIMAL FLOAT", {"precision": 24}, {"scale": 2}),
    *calls(
        "CHAR VARCHAR TEXT",
        {"length": 5},
        {"length": 5, "charset": "utf8mb4"},
        {"length": 5, "collation": "utf8mb4_bin"},
        {"length": 5, "charset": "utf8mb4", "collation": "utf8mb4_bin"},
        {"length": 5, "ascii": True},
        {"length": 5, "unicode": True, "binary": True},
        {"length": 5, "binary": True},
        {"length": 5, "national": True},
        {"length": 5, "national": True, "collation": "x", "binary": True},
        {"length": 5, "charset": "x", "ascii": True},
    ),
    *calls("CHAR VARCHAR TEXT NCHAR NVARCHAR", {}),
    *calls(
        "NCHAR NVARCHAR",
        {"length": 5},
        {"length": 5, "collation": "x"},
        {"length": 5, "binary": True},
        {"length": 5, "charset": "u"},
    ),
    *calls(
        "TINYTEXT MEDIUMTEXT LONGTEXT",
        {},
        {"charset": "utf8mb4"},
        {"collation": "x"},
        {"national": True},
        {"binary": True},
        {"ascii": True},
        {"unicode": True},
    ),
    *calls("TINYBLOB MEDIUMBLOB LONGBLOB BLOB BINARY", {}, {"length": 5}),
    *calls("VARBINARY", {"length": 5}),
    *calls("BIT", {}, {"length": 8}),
    *calls("YEAR", {}, {"display_width": 4}),
    *calls("DATETIME TIME TIMESTAMP", {}, {"fsp": 6}, {"fsp": 0}, {"timezone": True, "fsp": 3}),
    *calls("DATE JSON INET4 INET6 BOOLEAN", {}),
]
#: (name of a class, arguments): of the library itself.
GENERIC = [
    *calls(
        "Integer SmallInteger BigInteger String Text Unicode UnicodeText Boolean Date DateTime "
        "Time Float Double Numeric LargeBinary JSON Uuid UUID Interval PickleType CHAR VARCHAR "
        "NCHAR NVARCHAR TEXT CLOB INT INTEGER BIGINT SMALLINT FLOAT REAL DOUBLE DOUBLE_PRECISION "
        "NUMERIC DECIMAL DATE DATETIME TIME TIMESTAMP BLOB BINARY BOOLEAN",
        {},
    ),
    *calls(
        "String Text Unicode LargeBinary CHAR VARCHAR NCHAR NVARCHAR TEXT CLOB BLOB BINARY "
        "VARBINARY",
        {"length": 5},
    ),
    *calls("String Text Unicode CHAR NCHAR NVARCHAR", {"length": 5, "collation": "utf8_bin"}),
    *calls("Numeric DECIMAL", {"precision": 10}, {"precision": 10, "scale": 2}),
    *calls("Float FLOAT REAL", {"precision": 53}),
    *calls("DateTime Time TIMESTAMP", {"timezone": True}),
    *calls("Uuid", {"native_uuid": False}),
]
ENUMERATED: dict[str, Callable[[Any, Any], Any]] = {
    "Enum": lambda sa, my: sa.Enum("a", "b'c"),
    "Enum of a class": lambda sa, my: sa.Enum(Color),
    "Enum as string": lambda sa, my: sa.Enum("a", "bb", native_enum=False),
    "Enum as longer string": lambda sa, my: sa.Enum("a", "bb", native_enum=False, length=20),
    "ENUM": lambda sa, my: my.ENUM("a", "b'c\\"),
    "ENUM with charset": lambda sa, my: my.ENUM("a", charset="utf8", collation="x"),
    "ENUM ascii": lambda sa, my: my.ENUM("a", ascii=True),
    "ENUM binary": lambda sa, my: my.ENUM("a", binary=True),
    "ENUM national": lambda sa, my: my.ENUM("a", national=True),
    "ENUM of a class": lambda sa, my: my.ENUM(Color),
    "SET": lambda sa, my: my.SET("a", "b'c"),
    "SET with charset": lambda sa, my: my.SET("a", charset="utf8", collation="y"),
    "SET as bits": lambda sa, my: my.SET("a", "", retrieve_as_bitwise=True),
    "SET unicode": lambda sa, my: my.SET("a", unicode=True),
    "variant": lambda sa, my: sa.Integer().with_variant(my.BIGINT(unsigned=True), "mysql"),
}


def build(library: tuple[Any, Any], name: str) -> Any:
    return ALL[name](*library)


def of_mysql(name: str, given: dict[str, Any]) -> Callable[[Any, Any], Any]:
    return lambda sa, my: getattr(my, name)(**given)


def of_library(name: str, given: dict[str, Any]) -> Callable[[Any, Any], Any]:
    return lambda sa, my: getattr(sa.types, name)(**given)


ALL: dict[str, Callable[[Any, Any], Any]] = {
    **{f"mysql.{name}{given}": of_mysql(name, given) for name, given in MYSQL},
    **{f"{name}{given}": of_library(name, given) for name, given in GENERIC},
    **ENUMERATED,
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_type_text_is_sqlalchemys(name: str, dialect: str) -> None:
    def text(library: tuple[Any, Any], target: Any) -> Any:
        try:
            return str(build(library, name).compile(dialect=target))
        except library[0].exc.CompileError as error:
            return type(error).__name__

    theirs, ours = DIALECTS[dialect]
    assert text(OURS, ours) == text(THEIRS, theirs)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_casts_and_their_warnings_are_sqlalchemys(name: str, dialect: str) -> None:
    def text(library: tuple[Any, Any], target: Any) -> Any:
        sa, _ = library
        column = sa.column("q") + sa.column("r")
        with warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always", sa.exc.SAWarning)
            made = str(sa.cast(column, build(library, name)).compile(dialect=target))
        return made, [warning.category.__name__ for warning in raised]

    theirs, ours = DIALECTS[dialect]
    assert text(OURS, ours) == text(THEIRS, theirs)


UUID_5 = uuid.UUID(int=5)
#: name -> the type, values to bind, values of the driver.
VALUES: dict[str, tuple[Callable[[Any, Any], Any], list[Any], list[Any]]] = {
    "integer": (lambda sa, my: sa.Integer(), [5, None], [5, None]),
    "boolean": (lambda sa, my: sa.Boolean(), [True, False, None, 1], [1, 0, None]),
    "numeric": (lambda sa, my: sa.Numeric(10, 2), [Decimal("1.5"), None], [Decimal("1.50"), None]),
    "numeric as float": (
        lambda sa, my: sa.Numeric(10, 2, asdecimal=False),
        [1.5],
        [Decimal("1.50"), None],
    ),
    "float": (lambda sa, my: sa.Float(), [1.5, Decimal(1)], [1.5, Decimal("1.5"), None]),
    "float as decimal": (lambda sa, my: sa.Float(asdecimal=True), [1.5], [1.5, None]),
    "float of three digits": (
        lambda sa, my: sa.Float(asdecimal=True, decimal_return_scale=3),
        [1.5],
        [1.5, None],
    ),
    "DOUBLE": (lambda sa, my: my.DOUBLE(), [1.5], [1.5, None]),
    "DOUBLE with scale": (lambda sa, my: my.DOUBLE(10, 2), [1.5], [1.5]),
    "DOUBLE as float": (lambda sa, my: my.DOUBLE(asdecimal=False), [1.5], [1.5]),
    "FLOAT": (lambda sa, my: my.FLOAT(), [1.5], [1.5]),
    "REAL": (lambda sa, my: my.REAL(), [1.5], [1.5]),
    "NUMERIC": (lambda sa, my: my.NUMERIC(10, 2, asdecimal=False), [Decimal(1)], [Decimal(1)]),
    "date": (lambda sa, my: sa.Date(), [dt.date(2020, 1, 2), None], [dt.date(2020, 1, 2)]),
    "datetime": (lambda sa, my: sa.DateTime(), [dt.datetime(2020, 1, 2, 3, 4, 5, 6)], [None]),
    "time": (
        lambda sa, my: sa.Time(),
        [dt.time(3, 4, 5, 6), None],
        [
            dt.timedelta(hours=5, minutes=6, seconds=7, microseconds=8),
            dt.timedelta(hours=25),
            dt.timedelta(seconds=-5),
            None,
        ],
    ),
    "interval": (
        lambda sa, my: sa.Interval(),
        [dt.timedelta(1), None],
        [dt.datetime(1970, 1, 2), None],
    ),
    "enum": (lambda sa, my: sa.Enum("a", "b"), ["a", "zz", None], ["a", "", None]),
    "enum of a class": (lambda sa, my: sa.Enum(Color), [Color.red, "red", None], ["red", "", None]),
    "enum as string": (lambda sa, my: sa.Enum("a", native_enum=False), ["a", None], ["a", None]),
    "set": (
        lambda sa, my: my.SET("a", "b", "c"),
        [{"a"}, ["b", "a"], "a,b", None, set()],
        ["a,b", "a", None, "", {"a"}],
    ),
    "set as bits": (
        lambda sa, my: my.SET("a", "b", "", retrieve_as_bitwise=True),
        [{"a"}, {"b", ""}, "a,b", None, 3, set()],
        [1, 3, None, 0, "5", 4],
    ),
    "json": (
        lambda sa, my: sa.JSON(),
        [{"a": 1}, None, [1], "é"],
        ['{"a":1}', None, "null"],
    ),
    "json without null": (lambda sa, my: sa.JSON(none_as_null=True), [None, {"a": 1}], [None]),
    "uuid": (lambda sa, my: sa.Uuid(native_uuid=False), [UUID_5, None], [UUID_5.hex, None]),
    "uuid as string": (
        lambda sa, my: sa.Uuid(as_uuid=False, native_uuid=False),
        [str(UUID_5)],
        [UUID_5.hex],
    ),
    "binary": (lambda sa, my: sa.LargeBinary(), [b"a", None], [b"a", None]),
    "BIT": (lambda sa, my: my.BIT(8), [5, None], [b"\x05", b"\x01\x02", None, b""]),
    "YEAR": (lambda sa, my: my.YEAR(), [2020, None], [2020, None]),
    "INET6": (lambda sa, my: my.INET6(), ["::1"], ["::1"]),
    "string": (lambda sa, my: sa.String(), ["a'b\\c%", None], ["x"]),
    "match": (lambda sa, my: sa.types.MatchType(), [True], [0.5, 0, None]),
}


def converted(convert: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    return values if convert is None else [convert(value) for value in values]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", VALUES)
def test_values_are_converted_as_sqlalchemy_converts_them(name: str, dialect: str) -> None:
    make, bound, received = VALUES[name]
    theirs, ours = DIALECTS[dialect]
    impl = make(*THEIRS).dialect_impl(theirs)
    type_ = make(*OURS)
    assert converted(ours.bind_processor(type_), bound) == converted(
        impl.bind_processor(theirs), bound
    )
    assert converted(ours.result_processor(type_), received) == converted(
        impl.result_processor(theirs, None), received
    )


def test_a_set_is_written_in_the_order_of_its_definition() -> None:
    bind: Any = DIALECTS["mysql"][1].bind_processor(mysql.SET("c", "a", "b"))
    assert bind({"a", "b", "c"}) == "c,a,b"
    assert bind({"b", "zz"}) == "b,zz"


def test_a_set_as_bits_is_selected_as_a_number() -> None:
    theirs, ours = DIALECTS["mysql"]

    def text(library: tuple[Any, Any], dialect: Any) -> str:
        sa, my = library
        column = sa.Column("s", my.SET("a", "b", retrieve_as_bitwise=True))
        table = sa.Table("w", sa.MetaData(), column, sa.Column("v", my.SET("x")))
        return str(sa.select(table).where(table.c.s == {"a"}).compile(dialect=dialect))

    assert text(OURS, ours) == text(THEIRS, theirs)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: mysql.SET("a", ""), exc.ArgumentError, "retrieve_as_bitwise"),
        (lambda: mysql.DOUBLE(5), exc.ArgumentError, r"DOUBLE\(10, 2\)"),
        (lambda: mysql.REAL(scale=5), exc.ArgumentError, r"REAL\(10, 2\)"),
        (lambda: mysql.INTEGER(foo=1), TypeError, "foo"),
        (lambda: mysql.VARCHAR(5, foo=1), TypeError, "foo"),
        (lambda: mysql.ENUM("a", foo=1), TypeError, "foo"),
    ],
)
def test_arguments_that_make_no_type(make: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        make()


def test_bits_that_no_string_has() -> None:
    read: Any = DIALECTS["mysql"][1].result_processor(mysql.SET("a", retrieve_as_bitwise=True))
    with pytest.raises(LookupError, match="more bits than this SET"):
        read(8)
    bind: Any = DIALECTS["mysql"][1].bind_processor(mysql.SET("a", retrieve_as_bitwise=True))
    with pytest.raises(LookupError, match="'zz' is not among"):
        bind({"zz"})


def test_mariadb_takes_and_gives_uuids_as_text() -> None:
    sa, _ = OURS
    dialect = DIALECTS["mariadb"][1]
    bind: Any = dialect.bind_processor(sa.Uuid())
    read: Any = dialect.result_processor(sa.Uuid())
    assert (bind(UUID_5), bind(None)) == (str(UUID_5), None)
    assert (read(str(UUID_5)), read(UUID_5), read(None)) == (UUID_5, UUID_5, None)
    text: Any = dialect.result_processor(sa.Uuid(as_uuid=False))
    assert text(str(UUID_5)) == str(UUID_5)


def test_types_differ_in_their_keys_where_they_differ_in_text() -> None:
    made = [
        mysql.VARCHAR(5),
        mysql.VARCHAR(5, charset="utf8"),
        mysql.INTEGER(),
        mysql.INTEGER(unsigned=True),
        mysql.SET("a"),
        mysql.SET("a", "b"),
        mysql.SET("a", charset="x"),
        mysql.SET("a", retrieve_as_bitwise=True),
        mysql.ENUM("a"),
        mysql.ENUM("a", charset="x"),
        mysql.DATETIME(fsp=3),
        mysql.DATETIME(fsp=6),
        mysql.DOUBLE(10, 2),
        mysql.DOUBLE(),
    ]
    assert len({type_._key for type_ in made}) == len(made)
    assert mysql.SET("a", "b")._key == mysql.SET("a", "b")._key


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        (mysql.SET("a", "b", charset="x"), "SET('a', 'b', charset='x')"),
        (
            mysql.SET("a", retrieve_as_bitwise=True, collation="y"),
            "SET('a', retrieve_as_bitwise=True, collation='y')",
        ),
        (mysql.ENUM("a", charset="x"), "ENUM('a', charset='x')"),
        (mysql.INTEGER(5, unsigned=True), "INTEGER(display_width=5, unsigned=True)"),
        (mysql.DATETIME(fsp=6), "DATETIME(fsp=6)"),
    ],
)
def test_types_show_what_they_were_made_of(type_: Any, written: str) -> None:
    assert repr(type_) == written


def test_generic_types_of_mysqls() -> None:
    sa, _ = OURS
    assert isinstance(mysql.TINYINT(1).as_generic(), sa.Integer)
    assert isinstance(mysql.LONGTEXT().as_generic(), sa.String)
    assert isinstance(mysql.DOUBLE(10, 2).as_generic(), sa.Double)
    assert isinstance(mysql.SET("a").as_generic(), sa.String)
    assert isinstance(mysql.ENUM("a").as_generic(), sa.Enum)
