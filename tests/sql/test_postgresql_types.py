"""Every type, generic and PostgreSQL's own, is written as SQLAlchemy writes it: in DDL and as a
cast around a bind."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.dialects import postgresql as their_postgresql
from sqlalchemy.dialects.postgresql import asyncpg as their_asyncpg

import ormolu
import ormolu.types
from ormolu.dialects import postgresql
from ormolu.dialects.postgresql import asyncpg
from ormolu.exc import ArgumentError, CompileError

DIALECTS = {
    "psycopg": (their_postgresql.dialect(), postgresql.dialect()),
    "asyncpg": (their_asyncpg.dialect(), asyncpg.dialect()),
}


class Colour(enum.Enum):
    """Two colours."""

    red = 1
    blue = 2


Make = Callable[[Any, Any], Any]

TYPES: dict[str, Make] = {
    "String(30)": lambda sa, pg: sa.String(30),
    "Text": lambda sa, pg: sa.Text(),
    "Unicode(3)": lambda sa, pg: sa.Unicode(3),
    "UnicodeText": lambda sa, pg: sa.UnicodeText(),
    "Integer": lambda sa, pg: sa.Integer(),
    "SmallInteger": lambda sa, pg: sa.SmallInteger(),
    "BigInteger": lambda sa, pg: sa.BigInteger(),
    "Float": lambda sa, pg: sa.Float(),
    "Float(3)": lambda sa, pg: sa.Float(3),
    "Double": lambda sa, pg: sa.Double(),
    "Double(5)": lambda sa, pg: sa.Double(5),
    "Numeric": lambda sa, pg: sa.Numeric(),
    "Numeric(10, 2)": lambda sa, pg: sa.Numeric(10, 2),
    "Numeric(5)": lambda sa, pg: sa.Numeric(5),
    "Boolean": lambda sa, pg: sa.Boolean(),
    "Date": lambda sa, pg: sa.Date(),
    "Time": lambda sa, pg: sa.Time(),
    "Time with zone": lambda sa, pg: sa.Time(timezone=True),
    "DateTime": lambda sa, pg: sa.DateTime(),
    "DateTime with zone": lambda sa, pg: sa.DateTime(timezone=True),
    "Interval": lambda sa, pg: sa.Interval(),
    "Interval of a precision": lambda sa, pg: sa.Interval(second_precision=3),
    "Interval that is not native": lambda sa, pg: sa.Interval(native=False),
    "LargeBinary": lambda sa, pg: sa.LargeBinary(),
    "LargeBinary(5)": lambda sa, pg: sa.LargeBinary(5),
    "Enum": lambda sa, pg: sa.Enum("a", "b", name="en"),
    "Enum of a class": lambda sa, pg: sa.Enum(Colour),
    "Enum in a schema": lambda sa, pg: sa.Enum("a", name="Q", schema="s"),
    "Enum that is not native": lambda sa, pg: sa.Enum("a", "bc", name="en", native_enum=False),
    "Uuid": lambda sa, pg: sa.Uuid(),
    "Uuid as text": lambda sa, pg: sa.Uuid(as_uuid=False),
    "Uuid that is not native": lambda sa, pg: sa.Uuid(native_uuid=False),
    "JSON": lambda sa, pg: sa.JSON(),
    "PickleType": lambda sa, pg: sa.PickleType(),
    "ARRAY": lambda sa, pg: sa.ARRAY(sa.Integer),
    "ARRAY of two dimensions": lambda sa, pg: sa.ARRAY(sa.Integer, dimensions=2),
    "ARRAY of strings": lambda sa, pg: sa.ARRAY(sa.String(3, collation="de")),
    "ARRAY of enums": lambda sa, pg: sa.ARRAY(sa.Enum("a", name="q")),
    "CHAR": lambda sa, pg: sa.CHAR(),
    "CHAR(3)": lambda sa, pg: sa.CHAR(3),
    "NCHAR(3)": lambda sa, pg: sa.NCHAR(3),
    "NVARCHAR(3)": lambda sa, pg: sa.NVARCHAR(3),
    "VARCHAR with a collation": lambda sa, pg: sa.VARCHAR(3, collation="de_DE"),
    "TIMESTAMP": lambda sa, pg: sa.TIMESTAMP(),
    "TIMESTAMP with zone": lambda sa, pg: sa.TIMESTAMP(timezone=True),
    "DATETIME": lambda sa, pg: sa.DATETIME(),
    "DECIMAL(3, 1)": lambda sa, pg: sa.DECIMAL(3, 1),
    "BLOB": lambda sa, pg: sa.BLOB(),
    "BINARY(3)": lambda sa, pg: sa.BINARY(3),
    "VARBINARY(3)": lambda sa, pg: sa.VARBINARY(3),
    "CLOB": lambda sa, pg: sa.CLOB(),
    "DOUBLE": lambda sa, pg: sa.DOUBLE(),
    "DOUBLE_PRECISION": lambda sa, pg: sa.DOUBLE_PRECISION(),
    "REAL": lambda sa, pg: sa.REAL(),
    "FLOAT(3)": lambda sa, pg: sa.FLOAT(3),
    "UUID": lambda sa, pg: sa.UUID(),
    "BOOLEAN": lambda sa, pg: sa.BOOLEAN(),
    "TIME": lambda sa, pg: sa.TIME(),
    "own TIMESTAMP(3)": lambda sa, pg: pg.TIMESTAMP(precision=3),
    "own TIMESTAMP(3) with zone": lambda sa, pg: pg.TIMESTAMP(True, 3),
    "own TIME(0)": lambda sa, pg: pg.TIME(precision=0),
    "own TIME with zone": lambda sa, pg: pg.TIME(timezone=True),
    "INTERVAL": lambda sa, pg: pg.INTERVAL(),
    "INTERVAL(3)": lambda sa, pg: pg.INTERVAL(3),
    "INTERVAL YEAR": lambda sa, pg: pg.INTERVAL(fields="YEAR"),
    "INTERVAL DAY TO SECOND": lambda sa, pg: pg.INTERVAL(3, "DAY TO SECOND"),
    "BIT": lambda sa, pg: pg.BIT(),
    "BIT(3)": lambda sa, pg: pg.BIT(3),
    "BIT VARYING": lambda sa, pg: pg.BIT(varying=True),
    "BIT VARYING(3)": lambda sa, pg: pg.BIT(3, True),
    "BYTEA": lambda sa, pg: pg.BYTEA(),
    "CITEXT": lambda sa, pg: pg.CITEXT(),
    "own JSON": lambda sa, pg: pg.JSON(),
    "ENUM": lambda sa, pg: pg.ENUM("a", "b", name="en"),
    "DOMAIN": lambda sa, pg: pg.DOMAIN("dd", sa.Integer),
    "DOMAIN in a schema": lambda sa, pg: pg.DOMAIN("dd", sa.Integer, schema="s"),
    "ARRAY of ENUM": lambda sa, pg: pg.ARRAY(pg.ENUM("a", name="z", schema="S")),
    "ARRAY of JSON": lambda sa, pg: pg.ARRAY(sa.JSON),
    "ARRAY of DOMAIN": lambda sa, pg: pg.ARRAY(pg.DOMAIN("dd", sa.Integer)),
    "MatchType": lambda sa, pg: sa.types.MatchType(),
    "variant": lambda sa, pg: sa.Text().with_variant(pg.JSONB(), "postgresql"),
}
for _name in (
    *("CIDR", "HSTORE", "INET", "JSONB", "JSONPATH", "MACADDR", "MACADDR8", "MONEY", "OID"),
    *("REGCLASS", "REGCONFIG", "TSQUERY", "TSVECTOR"),
    *(
        f"{kind}{size}"
        for kind in ("INT4", "INT8", "NUM", "DATE", "TS", "TSTZ")
        for size in ("RANGE", "MULTIRANGE")
    ),
):
    TYPES[_name] = lambda sa, pg, name=_name: getattr(pg, name)()


@pytest.mark.parametrize("driver", DIALECTS)
@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_written_as_sqlalchemys(name: str, driver: str) -> None:
    theirs, ours = DIALECTS[driver]
    expected = TYPES[name](sqlalchemy, their_postgresql).compile(dialect=theirs)
    assert TYPES[name](ormolu, postgresql).compile(dialect=ours) == expected


@pytest.mark.parametrize("driver", DIALECTS)
@pytest.mark.parametrize("name", TYPES)
def test_a_bind_is_cast_as_sqlalchemys(name: str, driver: str) -> None:
    theirs, ours = DIALECTS[driver]
    made = sqlalchemy.literal(None, TYPES[name](sqlalchemy, their_postgresql))
    expected = str(sqlalchemy.select(made).compile(dialect=theirs))
    mine = ormolu.select(ormolu.literal(None, TYPES[name](ormolu, postgresql)))
    assert str(mine.compile(dialect=ours)) == expected


def test_a_decorated_type_is_cast_as_what_it_decorates() -> None:
    def text(sa: Any, dialect: Any) -> str:
        class Upper(sa.TypeDecorator):  # type: ignore[misc]
            impl = sa.String
            cache_ok = True

            def bind_expression(self, bindvalue: Any) -> Any:
                return sa.func.upper(bindvalue, type_=self)

        t = sa.table("t", sa.column("x", Upper))
        statement = sa.select(t.c.x).where(t.c.x == "a", t.c.x.in_(["b", "c"]))
        return str(statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))

    theirs, ours = DIALECTS["psycopg"]
    assert text(ormolu, ours) == text(sqlalchemy, theirs)


def test_every_name_of_sqlalchemys_package_is_here() -> None:
    names = {
        name
        for name in dir(their_postgresql)
        if not name.startswith("_") and not inspect.ismodule(getattr(their_postgresql, name))
    }
    # psycopg_async is what stands in for a module, ModuleType what makes it.
    missing = names - set(dir(postgresql)) - {"ModuleType", "psycopg_async"}
    assert missing == set()
    assert set(their_postgresql.__all__) <= set(postgresql.__all__)
    assert postgresql.__all__ == sorted(set(postgresql.__all__), key=_order)


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as the linter sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


PUBLIC = [
    name
    for name in postgresql.__all__
    if inspect.isclass(getattr(postgresql, name)) or inspect.isfunction(getattr(postgresql, name))
]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(name: str) -> None:
    assert (inspect.getdoc(getattr(postgresql, name)) or "").strip()


def test_an_enum_needs_a_name() -> None:
    with pytest.raises(CompileError, match="requires a name"):
        ormolu.Enum("a", "b").compile(dialect=postgresql.dialect())


def test_an_own_enum_is_always_native() -> None:
    with pytest.raises(ArgumentError, match=r"write ormolu\.Enum"):
        postgresql.ENUM("a", name="e", native_enum=False)


def test_types_know_their_python_classes() -> None:
    assert postgresql.BIT().python_type is postgresql.BitString
    assert postgresql.HSTORE().python_type is dict
    assert postgresql.INT4RANGE().python_type is postgresql.Range
    assert postgresql.DOMAIN("d", ormolu.Integer).python_type is int
    assert postgresql.INTERVAL(3).as_generic().second_precision == 3  # type: ignore[attr-defined]
