"""Small things of elements, errors and URLs that programs ask for: equal to SQLAlchemy's."""

from __future__ import annotations

import datetime as dt
import decimal
import importlib
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy

import ormolu


def library(sa: Any) -> Any:
    postgresql = importlib.import_module(f"{sa.__name__}.dialects.postgresql")
    sqlite = importlib.import_module(f"{sa.__name__}.dialects.sqlite")
    expression = importlib.import_module(f"{sa.__name__}.sql.expression")
    table = sa.table("t", sa.column("x", sa.String), sa.column("y", sa.Integer))
    return SimpleNamespace(
        sa=sa, postgresql=postgresql, sqlite=sqlite, expression=expression, t=table, f=sa.func.f
    )


LIBRARIES = [library(ormolu), library(sqlalchemy)]


def flags(*elements: Any) -> list[tuple[Any, ...]]:
    return [(e.is_selectable, e.is_dml, e.supports_execution, e.description) for e in elements]


def kinds(*statements: Any) -> list[tuple[bool, ...]]:
    return [
        (s.is_select, s.is_insert, s.is_update, s.is_delete, s.is_text, s.is_from_statement)
        for s in statements
    ]


def driver_error(sa: Any) -> Any:
    engine = sa.create_engine("sqlite://", logging_name="books")
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql("SELECT nothing")
        except sa.exc.DBAPIError as error:
            return type(error.driver_exception).__name__, error.driver_exception is error.orig
    return engine.logging_name


TEXTS: dict[str, Callable[[Any], Any]] = {
    "collate": lambda lib: lib.t.c.x.collate("de", collation_schema="pg"),
    "collate by name": lambda lib: lib.sa.collate(lib.t.c.x, "de_DE", "Pg"),
    "collate by position": lambda lib: lib.t.c.x.collate("de", None),
    "lateral function": lambda lib: lib.sa.select(lib.f(lib.t.c.x).lateral("q")),
    "lateral function without a name": lambda lib: lib.sa.select(lib.f(lib.t.c.x).lateral()),
    "join of a function": lambda lib: lib.sa.select(lib.t.c.x).select_from(
        lib.f(1).join(lib.t, lib.sa.true())
    ),
    "outer join of a function": lambda lib: lib.sa.select(lib.t.c.x).select_from(
        lib.f(1).outerjoin(lib.t, lib.sa.true())
    ),
    "operator of a class": lambda lib: lib.t.c.x.op(
        "@@", operator_class=lib.expression.OperatorClass.ANY
    )(5),
    "operator with a form": lambda lib: lib.t.c.x.op("@@", visit_name="at")(5),
    "cast by keyword": lambda lib: lib.sa.Cast(expression=lib.t.c.x, type_=lib.sa.Integer),
    "type_coerce by keyword": lambda lib: lib.sa.TypeCoerce(
        expression=lib.t.c.x, type_=lib.sa.Integer
    ),
    "label of a type": lambda lib: lib.expression.label("a", lib.t.c.x, lib.sa.Integer) + 1,
    "distinct on": lambda lib: lib.sa.select(lib.t).ext(lib.postgresql.distinct_on(lib.t.c.x)),
    "distinct on, inside": lambda lib: lib.sa.select(
        lib.sa.select(lib.t).ext(lib.postgresql.distinct_on(lib.t.c.x, "y")).subquery()
    ),
}

FACTS: dict[str, Callable[[Any], Any]] = {
    "flags": lambda lib: flags(
        lib.t.c.x,
        lib.t,
        lib.sa.insert(lib.t),
        lib.sa.literal(1),
        lib.t.c.x == "a",
        lib.t.c.x.label("q"),
        lib.sa.text("x"),
    ),
    "kinds": lambda lib: kinds(
        lib.sa.select(lib.t),
        lib.sa.insert(lib.t),
        lib.sa.update(lib.t),
        lib.sa.delete(lib.t),
    ),
    "name of a function": lambda lib: lib.f(1).description,
    "distinct on elsewhere": lambda lib: str(
        lib.sa.select(lib.t)
        .ext(lib.postgresql.distinct_on(lib.t.c.x))
        .compile(dialect=lib.sqlite.dialect())
    ),
    "driver exception": lambda lib: driver_error(lib.sa),
    "logging name": lambda lib: lib.sa.create_engine("sqlite://", logging_name="a").logging_name,
    "whether a pool is invalid": lambda lib: lib.sa.exc.DisconnectionError.invalidate_pool,
    "blank parameters": lambda lib: str(
        lib.sa.make_url("sqlite:///x").update_query_string("a=&b=1", keep_blank_values=True)
    ),
    "next_value": lambda lib: str(
        lib.sa.sql.functions.next_value(lib.sa.Sequence("s")).compile(
            dialect=lib.postgresql.dialect()
        )
    ),
    "next_value of SQLite": lambda lib: str(
        lib.sa.select(lib.sa.Sequence("s").next_value()).compile(dialect=lib.sqlite.dialect())
    ),
    "nullable": lambda lib: (lib.sa.Nullable(1), lib.sa.NotNullable(None)),
    "contains by keyword": lambda lib: lib.t.c.contains_column(col=lib.t.c.x),
}


def outcome(program: Callable[[Any], Any], lib: Any) -> Any:
    try:
        return program(lib)
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("program", TEXTS.values(), ids=TEXTS)
def test_texts_are_sqlalchemys(program: Callable[[Any], Any]) -> None:
    found, expected = (str(program(lib)) for lib in LIBRARIES)
    assert found == expected


@pytest.mark.parametrize("program", FACTS.values(), ids=FACTS)
def test_facts_are_sqlalchemys(program: Callable[[Any], Any]) -> None:
    found, expected = (outcome(program, lib) for lib in LIBRARIES)
    assert found == expected


def test_the_ddl_is_under_sql_too() -> None:
    ddl = importlib.import_module("ormolu.sql.ddl")
    assert ddl.CreateTable is ormolu.CreateTable
    assert ormolu.sql.DDL is ormolu.DDL
    assert ormolu.NullPool is importlib.import_module("ormolu.pool").NullPool


def test_a_sequence_is_executed_as_a_select_of_its_next_value() -> None:
    with ormolu.create_engine("sqlite://").connect() as connection:
        for sequence in (ormolu.Sequence("s"), ormolu.select(ormolu.Sequence("s").next_value())):
            with pytest.raises(NotImplementedError, match="'s' has no next value"):
                connection.scalar(sequence)


PLACES: dict[str, Callable[[Any, Any], Any]] = {
    "a column": lambda sa, told: sa.select(told),
    "in a column": lambda sa, told: sa.select(sa.func.f(told + 1).label("x")),
    "a condition": lambda sa, told: sa.select(sa.column("a")).where(told == 1),
    "an order": lambda sa, told: sa.select(sa.column("a")).order_by(told),
    "a group": lambda sa, told: sa.select(sa.column("a")).group_by(told),
    "in a subquery": lambda sa, told: sa.select(sa.select(told).subquery()),
    "in a scalar subquery": lambda sa, told: sa.select(sa.column("a")).where(
        sa.select(told).scalar_subquery() == 1
    ),
    "inserted": lambda sa, told: sa.insert(sa.table("t", sa.column("a"))).values(a=told),
    "updated": lambda sa, told: sa.update(sa.table("t", sa.column("a"))).values(a=told),
    "returned": lambda sa, told: (
        sa.insert(sa.table("t", sa.column("a"))).values(a=1).returning(told)
    ),
    "alone": lambda sa, told: told,
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_compile_function_is_told_of_the_columns_clause(place: Callable[[Any, Any], Any]) -> None:
    assert keyword_of(ormolu, place) == keyword_of(sqlalchemy, place)


def keyword_of(sa: Any, place: Callable[[Any, Any], Any]) -> Any:
    compiles = importlib.import_module(f"{sa.__name__}.ext.compiler").compiles
    elements = importlib.import_module(f"{sa.__name__}.sql.expression")
    told = []

    class Told(elements.ColumnElement):  # type: ignore[misc,name-defined]
        inherit_cache = True
        type = sa.Integer()

    @compiles(Told)  # type: ignore[untyped-decorator]
    def text(element: Any, compiler: Any, **keywords: Any) -> str:
        told.append(keywords.get("within_columns_clause"))
        return "told"

    return str(place(sa, Told())), told


def test_a_comparison_shows_as_what_it_is() -> None:
    shown = repr(ormolu.Column("a", ormolu.Integer) == 5)
    assert shown.startswith("<ormolu.sql.elements.BinaryExpression object at 0x")


MEMBERS = [9, "9", None, True, 1.5, decimal.Decimal("1.5"), dt.date(2000, 1, 2), uuid.UUID(int=3)]


@pytest.mark.parametrize("type_", ["Integer", "String", "Date", "Uuid", "Numeric", "Boolean"])
def test_literals_of_a_tuple_are_of_their_own_kind(type_: str) -> None:
    def texts(sa: Any) -> list[str]:
        pair = sa.tuple_(sa.column("a", getattr(sa, type_)()), sa.column("b"))
        return [literal(pair.in_([(member, 1)])) for member in MEMBERS]

    def literal(condition: Any) -> str:
        try:
            return str(condition.compile(compile_kwargs={"literal_binds": True}))
        except Exception as error:
            return type(error).__name__

    assert texts(ormolu) == texts(sqlalchemy)


@pytest.mark.parametrize("value", [str(uuid.UUID(int=3)), uuid.UUID(int=3).hex])
def test_a_string_beside_a_uuid_is_not_taken_for_text(value: str) -> None:
    def outcome(sa: Any, kind: Any) -> Any:
        metadata = sa.MetaData()
        table = sa.Table("t", metadata, sa.Column("id", kind))
        engine = sa.create_engine("sqlite://")
        with engine.connect() as connection:
            metadata.create_all(connection)
            given = uuid.UUID(int=3) if kind.as_uuid else value
            connection.execute(table.insert(), {"id": given})
            try:
                return connection.scalar(sa.select(table).where(table.c.id == value))
            except sa.exc.StatementError as error:
                return type(error).__name__

    for strings in (False, True):
        kinds = [sa.Uuid(as_uuid=not strings) for sa in (ormolu, sqlalchemy)]
        assert outcome(ormolu, kinds[0]) == outcome(sqlalchemy, kinds[1])
