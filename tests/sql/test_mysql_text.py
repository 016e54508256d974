"""Statements for MySQL and MariaDB are written as SQLAlchemy writes them, values inlined too."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import mysql_expression_cases
import mysql_select_cases
import mysql_write_cases
import pytest
from mysql_parts import DIALECTS, OURS, THEIRS, parts

GROUPS = {
    "expression": mysql_expression_cases.EXPRESSIONS,
    "select": mysql_select_cases.SELECTS,
    "write": mysql_write_cases.WRITES,
}
ALL = {f"{group}: {name}": case for group, cases in GROUPS.items() for name, case in cases.items()}

#: SQLAlchemy leaves a placeholder, or NULL, where the value is to be inlined.
NOT_INLINED = {
    "expression: is distinct from": "NOT (t.id <=> 5)",
    "expression: not match": "NOT MATCH (t.name) AGAINST ('a' IN BOOLEAN MODE)",
    "write: upsert a value": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE a = 'y'"
    ),
    "write: upsert a string with percent": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE a = '50%%'"
    ),
    "write: upsert a named bind": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE b = NULL"
    ),
    "write: upsert null": "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE a = NULL",
    "write: upsert after functions": (
        "INSERT INTO w (a) VALUES (lower('a')) ON DUPLICATE KEY UPDATE a = upper('a')"
    ),
    "write: upsert from a dictionary in the table's order": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE a = 'q', b = 5"
    ),
    "write: upsert from a list in its own order": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE b = 5, a = 'q'"
    ),
    "write: upsert by column": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE b = 5"
    ),
    "write: upsert expressions": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE "
        "a = (concat(VALUES(a), 'z')), b = (w.b + 1), `Up` = VALUES(`Up`)"
    ),
    "write: upsert two inserted values": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE "
        "a = (concat('x', VALUES(a))), b = VALUES(b)"
    ),
    "write: upsert a case": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE "
        "b = CASE WHEN (VALUES(b) > 3) THEN 1 ELSE w.b END"
    ),
    "write: upsert from select": (
        "INSERT INTO w (a, b) SELECT t.name, t.id \nFROM t ON DUPLICATE KEY UPDATE a = 'x'"
    ),
    "write: upsert returning": (
        "INSERT INTO w (id, a) VALUES (1, 'x') ON DUPLICATE KEY UPDATE a = 'y' RETURNING w.id"
    ),
}
#: The same for MariaDB, where flags are part of the pattern.
NOT_INLINED_MARIADB = {
    "expression: regexp match with flags": "t.name REGEXP CONCAT('(?', 'i', ')', 'a')",
    "expression: not regexp match with flags": "t.name NOT REGEXP CONCAT('(?', 'ig', ')', 'a')",
    "expression: regexp replace with flags": (
        "REGEXP_REPLACE(t.name, CONCAT('(?', 'i', ')', 'a'), 'b')"
    ),
}
#: Binds that have other names, which no text shows.
OTHER_NAMES = {"write: update two tables", "write: update of a join"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Warnings are tested where they belong; some of these statements warn in SQLAlchemy alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def outcome(library: tuple[Any, Any], name: str, dialect: Any, read: Callable[[Any], Any]) -> Any:
    """Return what ``read`` says of a compiled case, or the class of the error."""
    sa, my = library
    try:
        return read(lambda **options: compiled(sa, my, name, dialect, **options))
    except (sa.exc.CompileError, sa.exc.ArgumentError) as error:
        return type(error).__name__


def compiled(sa: Any, my: Any, name: str, dialect: Any, **options: Any) -> Any:
    return ALL[name](sa, my, parts(sa, my)).compile(dialect=dialect, **options)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_text_is_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]

    def text(make: Callable[..., Any]) -> str:
        return str(make())

    assert outcome(OURS, name, ours, text) == outcome(THEIRS, name, theirs, text)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ALL)
def test_text_with_inlined_values_is_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]

    def text(make: Callable[..., Any]) -> str:
        return str(make(compile_kwargs={"literal_binds": True}))

    better = {**NOT_INLINED, **(NOT_INLINED_MARIADB if dialect == "mariadb" else {})}
    expected = better.get(name) or outcome(THEIRS, name, theirs, text)
    assert outcome(OURS, name, ours, text) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", sorted(ALL.keys() - OTHER_NAMES))
def test_binds_are_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]

    def binds(make: Callable[..., Any]) -> Any:
        return make().params

    assert outcome(OURS, name, ours, binds) == outcome(THEIRS, name, theirs, binds)


@pytest.mark.parametrize("style", ["format", "pyformat", "named", "qmark"])
@pytest.mark.parametrize("name", ["expression: plus between strings", "select: limit and offset"])
def test_other_paramstyles_are_sqlalchemys(name: str, style: Any) -> None:
    theirs = THEIRS[1].dialect(paramstyle=style)
    ours = OURS[1].dialect(paramstyle=style)
    assert str(compiled(*OURS, name, ours)) == str(compiled(*THEIRS, name, theirs))
