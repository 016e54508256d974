"""What each database's errors say of a violated constraint, and what the metadata adds.

The errors are made here as the drivers make them; the messages are the servers' own.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ormolu import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from ormolu.dialects.errors import ErrorFacts
from ormolu.dialects.mysql.errors import describe_error as describe_mysql
from ormolu.dialects.postgresql.errors import describe_error as describe_postgresql
from ormolu.dialects.sqlite.errors import describe_error as describe_sqlite
from ormolu.engine.violations import completed
from ormolu.exc import ConstraintViolation as Violation


class FieldsOnError(Exception):
    """An error as asyncpg makes it."""

    def __init__(self, **fields: Any) -> None:
        super().__init__("refused")
        vars(self).update(fields)


class FieldsBeside(Exception):
    """An error as psycopg makes it."""

    def __init__(self, sqlstate: str, detail: str | None = None, **fields: Any) -> None:
        super().__init__("refused")
        self.sqlstate = sqlstate
        self.diag = SimpleNamespace(message_detail=detail, **fields)


WHERE = {"schema_name": "s", "table_name": "t", "column_name": None}

POSTGRESQL = [
    (
        {**WHERE, "sqlstate": "23505", "constraint_name": "u", "detail": "Key (a, b)=(1, 2) ok."},
        Violation("unique", "u", "s", "t", ("a", "b")),
    ),
    (
        {**WHERE, "sqlstate": "23505", "constraint_name": "u", "detail": 'Key ("A b")=(1) ok.'},
        Violation("unique", "u", "s", "t", ("A b",)),
    ),
    (
        {**WHERE, "sqlstate": "23505", "constraint_name": "u", "detail": "Key (abs(a))=(1) ok."},
        Violation("unique", "u", "s", "t", ()),
    ),
    (
        {**WHERE, "sqlstate": "23502", "constraint_name": None, "column_name": "a"},
        Violation("not_null", None, "s", "t", ("a",)),
    ),
    (
        {
            **WHERE,
            "sqlstate": "23514",
            "constraint_name": "c",
            "detail": "Failing row contains (1)",
        },
        Violation("check", "c", "s", "t"),
    ),
    (
        {
            **WHERE,
            "sqlstate": "23503",
            "constraint_name": "f",
            "detail": 'Key (p)=(9) is not present in table "parent".',
        },
        Violation("foreign_key", "f", "s", "t", ("p",)),
    ),
    (
        {
            **WHERE,
            "sqlstate": "23503",
            "constraint_name": "f",
            "detail": 'Key (id)=(9) is still referenced from table "t".',
        },
        Violation("foreign_key", "f", "s", "t", ()),
    ),
    (
        {
            **WHERE,
            "sqlstate": "23P01",
            "constraint_name": "x",
            "detail": "Key (room, during)=(1, [1,2)) conflicts with existing key …",
        },
        Violation("exclusion", "x", "s", "t", ("room", "during")),
    ),
    ({"sqlstate": "40001"}, None),
]


@pytest.mark.parametrize(("fields", "expected"), POSTGRESQL)
def test_postgresql_errors_of_both_drivers(
    fields: dict[str, Any], expected: Violation | None
) -> None:
    facts = ErrorFacts(fields["sqlstate"], None, expected)
    assert describe_postgresql(FieldsOnError(**fields)) == facts
    assert describe_postgresql(FieldsBeside(**fields)) == facts


def test_postgresql_error_of_the_driver_itself() -> None:
    assert describe_postgresql(ValueError("not connected")) == ErrorFacts()


FOREIGN_KEY = (
    "Cannot add or update a child row: a foreign key constraint fails (`db`.`child`, "
    "CONSTRAINT `child_ibfk_1` FOREIGN KEY (`a`, `b`) REFERENCES `parent` (`x`, `y`))"
)

MYSQL = [
    (1062, "Duplicate entry 'it's' for key 'uq_e'", "23000", Violation("unique", "uq_e")),
    (1062, "Duplicate entry '1' for key 't.uq_e'", "23000", Violation("unique", "uq_e", None, "t")),
    (
        1062,
        "Duplicate entry 'a for key 'b'' for key 't.it's.own'",
        "23000",
        Violation("unique", "it's.own", None, "t"),
    ),
    (1022, "Can't write; duplicate key in table 't'", "23000", Violation("unique", table="t")),
    (1048, "Column 'a' cannot be null", "23000", Violation("not_null", columns=("a",))),
    (
        1364,
        "Field 'a' doesn't have a default value",
        "HY000",
        Violation("not_null", columns=("a",)),
    ),
    (
        1452,
        FOREIGN_KEY,
        "23000",
        Violation("foreign_key", "child_ibfk_1", "db", "child", ("a", "b")),
    ),
    (1216, "Cannot add a child row", "23000", Violation("foreign_key")),
    (4025, "CONSTRAINT `c` failed for `db`.`t`", "23000", Violation("check", "c", "db", "t")),
    (
        4025,
        "CONSTRAINT `t.a` failed for `db`.`t`",
        "23000",
        Violation("check", "a", "db", "t", ("a",)),
    ),
    (3819, "Check constraint 'c' is violated.", "HY000", Violation("check", "c")),
    (1213, "Deadlock found when trying to get lock", "40001", None),
    (1205, "Lock wait timeout exceeded", "HY000", None),
    (2013, "Lost connection to server during query", None, None),
]


@pytest.mark.parametrize(("errno", "message", "state", "expected"), MYSQL)
def test_mysql_errors(
    errno: int, message: str, state: str | None, expected: Violation | None
) -> None:
    assert describe_mysql(Exception(errno, message)) == ErrorFacts(state, errno, expected)


def test_mysql_key_of_a_server_that_names_no_tables() -> None:
    error = Exception(1062, "Duplicate entry '1' for key 'uq.e'")
    facts = describe_mysql(error, keys_of_tables=False)
    assert facts.constraint == Violation("unique", "uq.e")


def test_mysql_driver_that_keeps_the_sqlstate() -> None:
    error = Exception(9999, "new")
    error.sqlstate = "45000"  # type: ignore[attr-defined]
    assert describe_mysql(error) == ErrorFacts("45000", 9999, None)


@pytest.mark.parametrize("error", [Exception(), Exception(0, ""), Exception("no number")])
def test_mysql_error_of_the_driver_itself(error: Exception) -> None:
    assert describe_mysql(error) == ErrorFacts()


SQLITE = [
    ("UNIQUE constraint failed: t.a, t.b", Violation("unique", None, None, "t", ("a", "b"))),
    ("UNIQUE constraint failed: index 'ix'", Violation("unique", "ix")),
    ("NOT NULL constraint failed: t.a b", Violation("not_null", None, None, "t", ("a b",))),
    ("CHECK constraint failed: ck_x", Violation("check", "ck_x")),
    ("CHECK constraint failed: x > 0", Violation("check")),
    ("FOREIGN KEY constraint failed", Violation("foreign_key")),
    ("no such table: t", None),
]


@pytest.mark.parametrize(("message", "expected"), SQLITE)
def test_sqlite_errors(message: str, expected: Violation | None) -> None:
    assert describe_sqlite(Exception(message)) == ErrorFacts(None, None, expected)


def _tables() -> tuple[Table, Table, Table]:
    metadata = MetaData()
    parent = Table(
        "parent",
        metadata,
        Column("id", Integer),
        Column("a", Integer),
        Column("b", String),
        PrimaryKeyConstraint("id", name="pk_parent"),
        UniqueConstraint("a", "b", name="uq_parent"),
        CheckConstraint("a > 0", name="ck_parent"),
    )
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", ForeignKey("parent.id", name="fk_child")),
        Column("code", Integer, unique=True),
        Column("other", Integer, unique=True),
    )
    Index("ix_child", child.c.id, child.c.code, unique=True)
    other = Table(
        "other",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("one", ForeignKey("child.id")),
        Column("two", ForeignKey("child.id")),
        schema="s",
    )
    return parent, child, other


INTO_PARENT, INTO_CHILD = "INSERT INTO parent (id)", "INSERT INTO child (id)"

COMPLETIONS = [
    (Violation("unique", None, None, "parent", ("b", "a")), INTO_PARENT, "uq_parent"),
    (Violation("unique", "uq_parent"), INTO_PARENT, "uq_parent"),
    (Violation("unique", "PRIMARY"), INTO_PARENT, "pk_parent"),
    (Violation("check"), INTO_PARENT, "ck_parent"),
    (Violation("foreign_key"), INTO_CHILD, "fk_child"),
    (Violation("foreign_key"), "DELETE FROM parent WHERE 1", "fk_child"),
    (Violation("foreign_key", "fk_child", None, "child"), "DELETE FROM parent", "fk_child"),
    (Violation("unique", "ix_child", None, "child"), "UPDATE child SET x", "ix_child"),
]


@pytest.mark.parametrize(("violation", "sql", "name"), COMPLETIONS)
def test_metadata_completes_a_violation(violation: Violation, sql: str, name: str) -> None:
    parent, child, _ = _tables()
    found = completed(violation, [parent, child], sql)
    where = {
        "uq_parent": ("parent", ("a", "b")),
        "pk_parent": ("parent", ("id",)),
        "ck_parent": ("parent", ()),
        "fk_child": ("child", ("parent_id",)),
        "ix_child": ("child", ("id", "code")),
    }
    assert found == Violation(violation.kind, name, None, *where[name])


@pytest.mark.parametrize(
    ("name", "columns"),
    [("child_code_key", ("code",)), ("code", ("code",)), ("other_2", ("other",)), ("else", ())],
)
def test_names_that_servers_give_are_understood(name: str, columns: tuple[str, ...]) -> None:
    _, child, _ = _tables()
    found = completed(Violation("unique", name), [child], INTO_CHILD)
    assert found == Violation("unique", name, None, "child", columns)


def test_nothing_is_guessed() -> None:
    _, child, other = _tables()
    two = completed(Violation("foreign_key"), [other], "INSERT INTO s.other (id)")
    assert two == Violation("foreign_key", None, "s", "other", ())
    referred_to_twice = completed(Violation("foreign_key"), [child], "DELETE FROM child")
    assert referred_to_twice == Violation("foreign_key")
    undeclared = Violation("check", "made_by_hand")
    assert completed(undeclared, [], "COMMIT") == undeclared
