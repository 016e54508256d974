"""Types as text equal SQLAlchemy's: DDL names, representations, CREATE TABLE, literals."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.schema
import sqlalchemy.types
import type_cases as cases
from sqlalchemy.engine.default import StrCompileDialect

import ormolu
import ormolu.schema
import ormolu.types
from ormolu.dialects.default import DefaultDialect


def names_of(module: Any) -> dict[str, Any]:
    names = {name: getattr(module, name) for name in dir(module) if not name.startswith("__")}
    return {**names, "Colour": cases.Colour, "Level": cases.Level}


THEIRS, OURS = names_of(sqlalchemy.types), names_of(ormolu.types)


def dialect_of(library: str, name: str) -> Any:
    return importlib.import_module(f"{library}.dialects.{name}").dialect()


DIALECTS = {
    "default": (StrCompileDialect(), DefaultDialect()),
    "sqlite": (dialect_of("sqlalchemy", "sqlite"), dialect_of("ormolu", "sqlite")),
}


def outcome(function: Any) -> Any:
    try:
        return function()
    except Exception as error:
        return type(error).__name__


#: SQLAlchemy's accidents; ours says which type it can't write.
ACCIDENTS = {"AttributeError": "UnsupportedCompilationError", "TypeError": "CompileError"}


@pytest.mark.parametrize("dialect", [*DIALECTS, "postgresql", "mysql"])
@pytest.mark.parametrize("source", cases.ALL)
def test_the_ddl_name_is_sqlalchemys(source: str, dialect: str) -> None:
    theirs, ours = DIALECTS.get(dialect) or (
        dialect_of("sqlalchemy", dialect),
        dialect_of("ormolu", dialect),
    )
    expected = outcome(lambda: eval(source, THEIRS).compile(dialect=theirs))
    expected = ACCIDENTS.get(expected, expected)
    assert outcome(lambda: eval(source, OURS).compile(dialect=ours)) == expected


@pytest.mark.parametrize("source", cases.ALL)
def test_the_text_for_a_reader_is_sqlalchemys(source: str) -> None:
    expected = outcome(lambda: str(eval(source, THEIRS)))
    assert outcome(lambda: str(eval(source, OURS))) == expected


ATTRIBUTES = [
    "python_type", "hashable", "should_evaluate_none", "length", "collation", "precision", "scale",
    "asdecimal", "timezone", "enums", "native_enum", "as_uuid", "none_as_null", "dimensions",
    "operator_classes",
]  # fmt: skip

#: SQLAlchemy leaves an Interval's arguments out.
MORE_TOLD = {"Interval(native=False)", "Interval(second_precision=3, day_precision=4)"}


@pytest.mark.parametrize("source", [source for source in cases.ALL if source not in MORE_TOLD])
def test_the_representation_is_sqlalchemys(source: str) -> None:
    assert repr(eval(source, OURS)) == repr(eval(source, THEIRS))


@pytest.mark.parametrize("source", cases.ALL)
def test_attributes_are_sqlalchemys(source: str) -> None:
    theirs, ours = eval(source, THEIRS), eval(source, OURS)
    names = [name for name in ATTRIBUTES if hasattr(theirs, name)]
    assert facts(ours, names) == facts(theirs, names)


def facts(type_: Any, names: list[str]) -> dict[str, Any]:
    found = {name: getattr(type_, name) for name in names}
    if "operator_classes" in found:
        found["operator_classes"] = found["operator_classes"].value
    return found


@pytest.mark.parametrize("source", cases.ALL)
def test_the_generic_type_is_sqlalchemys(source: str) -> None:
    expected = outcome(lambda: type(eval(source, THEIRS).as_generic()).__name__)
    assert outcome(lambda: type(eval(source, OURS).as_generic()).__name__) == expected


def test_a_generic_enum_keeps_its_name_and_length() -> None:
    generic = ormolu.types.Enum("a", "b", name="e", native_enum=False, length=9).as_generic()
    assert (generic.name, generic.native_enum, generic.length) == ("e", False, 9)


LITERALS: list[tuple[str, list[Any]]] = [
    ("Integer()", [5, -1, "5", 5.7, True]),
    ("BigInteger()", [2**60]),
    ("Numeric(10, 2)", [Decimal("1.50"), 3, 1.25, Decimal("1E+2"), "2.5"]),
    ("Float()", [1.5, 3, Decimal("2.5"), 1e300]),
    ("String()", ["", "a", "o'k", "50%", "a\\b", "☃"]),
    ("Text()", ["o'k"]),
    ("Unicode()", ["Å'"]),
    ("Boolean()", [True, False, 1, 0]),
    ("Date()", [dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 1)]),
    ("DateTime()", [dt.datetime(2024, 2, 29, 1, 2, 3, 4), dt.datetime(2024, 1, 1)]),
    ("Time()", [dt.time(1, 2, 3, 4), dt.time(5)]),
    ("Enum('a', \"o'k\")", ["a", "o'k"]),
    ("Enum(Colour)", [cases.Colour.RED, cases.Colour.CRIMSON, "RED"]),
    ("Enum(Colour, values_callable=lambda c: [m.value for m in c])", [cases.Colour.RED]),
    ("Uuid()", [uuid.UUID(int=5)]),
    ("Uuid(as_uuid=False)", ["12345678-1234-5678-1234-567812345678"]),
    ("Uuid(native_uuid=False)", [uuid.UUID(int=5)]),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("source", "value"), [(source, value) for source, values in LITERALS for value in values]
)
def test_a_literal_is_sqlalchemys(source: str, value: Any, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    kwargs = {"literal_binds": True}
    expected = sqlalchemy.literal(value, eval(source, THEIRS))
    found = ormolu.literal(value, eval(source, OURS))
    assert str(found.compile(dialect=ours, compile_kwargs=kwargs)) == str(
        expected.compile(dialect=theirs, compile_kwargs=kwargs)
    )


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("Integer()", "1; DROP TABLE t"),
        ("Float()", "1; DROP TABLE t"),
        ("Numeric()", "0 OR 1=1"),
        ("String()", 5),
        ("Boolean()", "yes"),
        ("Date()", "2024-01-01"),
        ("LargeBinary()", 5),
        ("ARRAY(Integer)", 5),
        ("ARRAY(Integer)", ["x"]),
        ("Enum('a')", 7),
        ("Uuid()", "not a uuid"),
        ("NullType()", object()),
    ],
)
def test_what_is_no_value_of_the_type_never_becomes_sql(source: str, value: Any) -> None:
    literal = ormolu.literal(value, eval(source, OURS))
    with pytest.raises(ormolu.exc.CompileError, match="literal value"):
        literal.compile(dialect=DIALECTS["sqlite"][1], compile_kwargs={"literal_binds": True})


def test_bytes_and_documents_have_literals_on_sqlite() -> None:
    dialect = DIALECTS["sqlite"][1]
    texts = [
        str(
            ormolu.literal(value, type_).compile(
                dialect=dialect, compile_kwargs={"literal_binds": True}
            )
        )
        for value, type_ in [
            (b"\x00\xff", ormolu.types.LargeBinary()),
            (bytearray(b"a"), ormolu.types.LargeBinary()),
            ({"a": "o'k"}, ormolu.types.JSON()),
            ([[1, 2], [3, None]], ormolu.types.ARRAY(ormolu.types.Integer)),
        ]
    ]
    assert texts == ["X'00ff'", "X'61'", """'{"a": "o''k"}'""", "ARRAY[[1, 2], [3, NULL]]"]


CHECKED: dict[str, str] = {
    "enum": "Enum('a', \"o'k\", name='e', create_constraint=True)",
    "enum class": "Enum(Colour, create_constraint=True)",
    "enum by value": "Enum(Level, values_callable=lambda e: [str(m.value) for m in e],"
    " create_constraint=True)",
    "boolean": "Boolean(create_constraint=True)",
    "named boolean": "Boolean(create_constraint=True, name='is_bool')",
    "boolean elsewhere": "Boolean(create_constraint=True).with_variant(Integer(), 'sqlite')",
    "boolean here": "Integer().with_variant(Boolean(create_constraint=True), 'sqlite')",
    "decorated": "type('Dec', (TypeDecorator,), {'impl': Enum, 'cache_ok': True})"
    "('a', 'b', name='z', create_constraint=True)",
}


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("source", CHECKED.values(), ids=CHECKED)
def test_the_constraint_of_a_type_is_sqlalchemys(source: str, dialect: str, copied: bool) -> None:
    theirs, ours = DIALECTS[dialect]

    def text(library: Any, names: dict[str, Any], target: Any) -> str:
        metadata = library.MetaData()
        table = library.Table("t", metadata, library.Column("x", eval(source, names)))
        if copied:
            table = table.to_metadata(library.MetaData())
        return str(library.schema.CreateTable(table).compile(dialect=target))

    assert text(ormolu, OURS, ours) == text(sqlalchemy, THEIRS, theirs)


SQLITE_FORMS = [
    "DATETIME()",
    "DATETIME(storage_format='%(year)04d%(month)02d%(day)02d')",
    "DATETIME(storage_format='%(year)04d-%(month)02d')",
    "DATE(storage_format='%(year)04d')",
    "DATE(storage_format='%(year)04d/%(month)02d')",
    "TIME(storage_format='%(hour)02d')",
    "TIME(truncate_microseconds=True)",
    "JSON()",
    "JSONB()",
    "BLOB()",
    "DECIMAL(5, 2)",
]


@pytest.mark.parametrize("source", SQLITE_FORMS)
def test_sqlites_own_types_are_sqlalchemys(source: str) -> None:
    theirs, ours = DIALECTS["sqlite"]
    namespaces = [
        names_of(importlib.import_module(f"{library}.dialects.sqlite"))
        for library in ("sqlalchemy", "ormolu")
    ]
    expected, found = (eval(source, names) for names in namespaces)
    assert found.compile(dialect=ours) == expected.compile(dialect=theirs)


def test_jsonb_goes_through_sqlites_functions() -> None:
    texts = []
    for library, dialect in zip(("sqlalchemy", "ormolu"), DIALECTS["sqlite"], strict=True):
        sql, types = (
            importlib.import_module(library),
            importlib.import_module(f"{library}.dialects.sqlite"),
        )
        t = sql.Table("t", sql.MetaData(), sql.Column("j", types.JSONB))
        either = sql.Table(
            "u", sql.MetaData(), sql.Column("j", sql.JSON().with_variant(types.JSONB(), "sqlite"))
        )
        statements = [
            sql.select(t.c.j).where(t.c.j == {"a": 1}),
            t.insert().values(j={"a": 1}),
            t.update().values(j={"a": 1}),
            sql.select(t.c.j["a"].as_string()),
            sql.select(either),
        ]
        texts.append([str(statement.compile(dialect=dialect)) for statement in statements])
    assert texts[1] == texts[0]


USER_SPECS = """
class Spec(UserDefinedType):
    cache_ok = True
    def get_col_spec(self, **kw):
        return f"FOO({kw['type_expression'].name})"
class Plain(UserDefinedType):
    cache_ok = True
    def get_col_spec(self):
        return "BAR"
class Around(TypeDecorator):
    cache_ok = True
    impl = Spec
"""


@pytest.mark.parametrize("source", ["Spec()", "Plain()", "Around()"])
def test_a_user_defined_type_learns_its_column(source: str) -> None:
    texts = []
    for library, names in ((sqlalchemy, THEIRS), (ormolu, OURS)):
        scope = dict(names)
        exec(USER_SPECS, scope)  # noqa: S102 - the same classes from either library
        table = library.Table("t", library.MetaData(), library.Column("q", eval(source, scope)))
        texts.append(str(library.schema.CreateTable(table)))
    assert texts[1] == texts[0]
