"""What schema items and types refuse: the class SQLAlchemy raises, a text that names the thing."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.orm

import ormolu
import ormolu.orm

Program = Callable[[Any], Any]


def table(sa: Any, *items: Any, convention: Any = None, **options: Any) -> Any:
    metadata = sa.MetaData(naming_convention=convention)
    columns = sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)
    return sa.Table("t", metadata, *columns, *items, **options)


def stored(sa: Any, type_: Any, value: Any) -> Any:
    with sa.create_engine("sqlite://").connect() as connection:
        return connection.scalar(sa.select(sa.literal(value, type_)))


def spec_of(sa: Any, dialect: str) -> Any:
    class Point(sa.types.UserDefinedType):  # type: ignore[misc]
        cache_ok = True

    module = importlib.import_module(f"{sa.__name__}.dialects.{dialect}")
    return Point().compile(dialect=module.dialect())


# Program, the class of the error, what the text says.
REFUSED: dict[str, tuple[Program, str, str]] = {
    "name twice": (
        lambda sa: sa.Column("a", name="b"),
        "ArgumentError",
        "May not pass name positionally and as a keyword: 'a' stands first, name='b'",
    ),
    "type twice": (
        lambda sa: sa.orm.mapped_column(sa.Integer, type_=sa.String),
        "ArgumentError",
        "May not pass type_ positionally and as a keyword.*Integer.*String",
    ),
    "quote of no name": (
        lambda sa: sa.Column(sa.Integer, quote=True),
        "ArgumentError",
        r"Explicit 'name' is required when sending 'quote'.*Column\('name', quote=True\)",
    ),
    "the name of a column as a type": (
        lambda sa: sa.Column("a", "b"),
        "ArgumentError",
        "got 'b'; the name stands first",
    ),
    "a Python type": (lambda sa: sa.Column("a", int), "ArgumentError", "such as Integer"),
    "default of two arguments": (
        lambda sa: sa.Column("a", sa.Integer, default=lambda one, two: 5),
        "ArgumentError",
        "<lambda>' needs 2",
    ),
    "check of a number": (
        lambda sa: sa.CheckConstraint(5),
        "ArgumentError",
        "for CheckConstraint expected, got 5; write SQL as a string",
    ),
    "computed of a number": (
        lambda sa: sa.Computed(5),
        "ArgumentError",
        "for Computed expected, got 5; write SQL as a string",
    ),
    "index of two tables of one name": (
        lambda sa: sa.Index("ix", table(sa).c.a, table(sa).c.b),
        "ArgumentError",
        "Index 'ix' are not part of one table: .* two tables of the name t",
    ),
    "pairs of a foreign key": (
        lambda sa: sa.ForeignKeyConstraint(["a"], ["x.a", "x.b"]),
        "ArgumentError",
        r"got 1 \(a\) and 2 \(x\.a, x\.b\)",
    ),
    "two tables referred to": (
        lambda sa: table(sa, sa.ForeignKeyConstraint(["a", "b"], ["x.a", "y.b"])),
        "ArgumentError",
        r"on t\(a, b\) refers to multiple remote tables: x and y; write one per table",
    ),
    "a target of one part": (
        lambda sa: sa.ForeignKey(("a",)),
        "ArgumentError",
        r"has two parts \(table, column\) or three",
    ),
    "an unknown token": (
        lambda sa: table(sa, sa.UniqueConstraint("a"), convention={"uq": "uq_%(foo)s"}),
        "KeyError",
        "foo: the naming convention for UniqueConstraint .table 't'",
    ),
    "a keyword without a dialect": (
        lambda sa: table(sa, _engine=1),
        "TypeError",
        "<dialectname>_<argument>, got '_engine'",
    ),
    "a column that is there": (
        lambda sa: table(sa).append_column(sa.Column("a", sa.Integer)),
        "DuplicateColumnError",
        "'a' is already present in table 't'; .*replace_existing=True",
    ),
    "a view of a string": (
        lambda sa: sa.CreateView("SELECT 1", "v"),
        "ArgumentError",
        r"got 'SELECT 1'; write select\(\.\.\.\)",
    ),
    "a table of a text": (
        lambda sa: sa.CreateTableAs(sa.text("SELECT 1"), "v"),
        "ArgumentError",
        r"write select\(\.\.\.\), or text\(\.\.\.\)\.columns",
    ),
    "a variant of variants": (
        lambda sa: sa.Integer().with_variant(
            sa.String().with_variant(sa.Text(), "mysql"), "sqlite"
        ),
        "ArgumentError",
        r"String\(\) is another on mysql; name each dialect in a with_variant\(\) of Integer\(\)",
    ),
    "a type without a text on SQLite": (
        lambda sa: spec_of(sa, "sqlite"),
        "AttributeError",
        r"'Point' has no method get_col_spec\(self, \*\*kw\)",
    ),
    "a type without a text on PostgreSQL": (
        lambda sa: spec_of(sa, "postgresql"),
        "AttributeError",
        "'Point' has no method get_col_spec",
    ),
    "a string for a UUID": (
        lambda sa: stored(sa, sa.Uuid(), "abc"),
        "StatementError",
        r"Uuid takes uuid\.UUID objects, not 'abc'.*as_uuid=False",
    ),
    "a UUID for a string": (
        lambda sa: stored(sa, sa.Uuid(as_uuid=False), uuid.UUID(int=5)),
        "StatementError",
        r"Uuid\(as_uuid=False\) takes strings, not UUID",
    ),
    "a string for bytes": (
        lambda sa: stored(sa, sa.LargeBinary(), "abc"),
        "StatementError",
        r"a binary column takes bytes, not 'abc'; write .*encode\(\)",
    ),
    "a number for bytes": (
        lambda sa: stored(sa, sa.LargeBinary(), 5),
        "StatementError",
        "a binary column takes bytes, not 5",
    ),
}


@pytest.mark.parametrize(("program", "kind", "says"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_as_in_sqlalchemy_and_says_what_to_write(
    program: Program, kind: str, says: str
) -> None:
    with pytest.raises(Exception) as theirs:  # its class is compared next
        program(sqlalchemy)
    assert type(theirs.value).__name__ == kind
    with pytest.raises(Exception, match=says) as ours:
        program(ormolu)
    assert type(ours.value).__name__ == kind


def keys_of_rows(sa: Any) -> Any:
    column = sa.Column("a", sa.Integer, sa.Sequence("s"), default=5)
    return column.default.is_sequence, column.default.arg


def nullable(sa: Any, **options: Any) -> Any:
    unspecified = sa.schema.SchemaConst.NULL_UNSPECIFIED
    return sa.Column("a", sa.Integer, nullable=unspecified, **options).nullable


def evaluated(sa: Any) -> Any:
    type_ = sa.JSON(none_as_null=True).evaluates_none()
    return type_.none_as_null, type_.should_evaluate_none


def shown(sa: Any) -> Any:
    class Point(sa.types.UserDefinedType):  # type: ignore[misc]
        cache_ok = True

    return str(Point()), str(sa.cast(sa.column("x"), Point()))


def column_twice(sa: Any) -> Any:
    key = sa.ForeignKeyConstraint(["a", "a"], ["x.a", "x.b"])
    refers = table(sa, key)
    sa.Table("x", refers.metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    return str(sa.schema.CreateTable(refers)), len(refers.foreign_keys), len(key.elements)


EQUAL: dict[str, Program] = {
    "the keyword default goes before a sequence": keys_of_rows,
    "nullable is not said": nullable,
    "nullable is not said of a key": lambda sa: nullable(sa, primary_key=True),
    "JSON null is a value": evaluated,
    "a type without a text is shown by its constructor": shown,
    "a view of a table": lambda sa: str(sa.CreateView(table(sa), "v")),
    "CHECK of true": lambda sa: str(sa.CheckConstraint(True).sqltext),
    "a foreign key of one column twice": column_twice,
    "a buffer for bytes": lambda sa: stored(sa, sa.LargeBinary(), bytearray(b"ab")),
    "a view of a buffer": lambda sa: stored(sa, sa.LargeBinary(), memoryview(b"ab")),
}


@pytest.mark.parametrize("program", EQUAL.values(), ids=EQUAL)
def test_it_is_done_as_in_sqlalchemy(program: Program) -> None:
    assert program(ormolu) == program(sqlalchemy)


def test_a_constraint_that_says_no_copy_is_refused_by_its_name() -> None:
    class Mine(ormolu.Constraint):
        pass

    with pytest.raises(NotImplementedError, match=r"A Mine can't be copied: .* _copy\(self"):
        table(ormolu, Mine()).to_metadata(ormolu.MetaData())


@pytest.mark.parametrize("token", ["referred_table_name", "referred_column_0_name"])
def test_a_token_of_foreign_keys_is_refused_elsewhere(token: str) -> None:
    convention = {"uq": f"uq_%({token})s"}
    with pytest.raises(ormolu.exc.InvalidRequestError, match=rf"UniqueConstraint .*%\({token}\)s"):
        table(ormolu, ormolu.UniqueConstraint("a"), convention=convention)


def test_two_picklers_make_two_types() -> None:
    class Pickler:
        def dumps(self, value: Any, protocol: int) -> bytes:
            return repr((value, protocol)).encode()

        def loads(self, stored: bytes) -> Any:
            return stored.decode()

    one, other = (ormolu.PickleType(pickler=Pickler()) for _ in "ab")
    assert one._key != other._key
    assert one._key == ormolu.PickleType(pickler=one.pickler)._key
    assert stored(ormolu, one, 1) == "(1, 5)"
