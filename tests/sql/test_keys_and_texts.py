"""Equal keys promise equal statements: every two of many statements, for every dialect."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import cases
import expression_cases
import key_cases
import pytest
import selectable_cases

import ormolu
import ormolu.schema
from ormolu.dialects.default import DefaultDialect
from ormolu.dialects.mysql import dialect as mysql
from ormolu.dialects.postgresql import dialect as postgresql
from ormolu.dialects.sqlite import dialect as sqlite
from ormolu.exc import CompileError, SAWarning
from ormolu.sql.keys import key_of

SA = SimpleNamespace(**vars(ormolu))
METADATA = ormolu.MetaData()
T = ormolu.Table(
    "t",
    METADATA,
    ormolu.Column("id", ormolu.Integer, primary_key=True),
    ormolu.Column("name", ormolu.String(30)),
    ormolu.Column("x", ormolu.Float),
    ormolu.Column("b", ormolu.Boolean),
    ormolu.Column("d", ormolu.DateTime),
    ormolu.Column("j", ormolu.JSON),
    ormolu.Column("Grp", ormolu.Integer),
    ormolu.Column("v", ormolu.Integer, default=5),
    ormolu.Column("a", ormolu.ARRAY(ormolu.Integer)),
)
U = ormolu.Table(
    "u",
    METADATA,
    ormolu.Column("id", ormolu.Integer, primary_key=True),
    ormolu.Column("tid", ormolu.Integer, ormolu.ForeignKey("t.id")),
    ormolu.Column("v", ormolu.Integer),
)
DIALECTS = {
    "default": DefaultDialect(),
    "sqlite": sqlite(),
    "postgresql": postgresql(),
    "mysql": mysql(),
}


def near_misses() -> Iterator[Any]:
    """Statements that differ in one thing, with aliases of their own each time."""
    for group in key_cases.GROUPS:
        yield from group(SA, T, U)


def statements() -> Iterator[Any]:
    """The near misses and the statements of the other tests."""
    yield from near_misses()
    for table in (cases.EXPRESSIONS, cases.SELECTS, cases.WRITES, selectable_cases.ALL):
        for name, build in table.items():
            if "filter_by" not in name:  # whose name is ambiguous among the tables here
                yield build(SA, T, U, T.alias())
    for table in (expression_cases.WINDOWS, expression_cases.FUNCTIONS):
        yield from (build(SA, COLUMNS) for build in table.values())


COLUMNS = ormolu.Table(
    "c",
    METADATA,
    *[
        ormolu.Column(name, type_)
        for name, type_ in {
            "i": ormolu.Integer,
            "n": ormolu.Numeric,
            "f": ormolu.Float,
            "s": ormolu.String,
            "b": ormolu.Boolean,
            "d": ormolu.Date,
            "dt": ormolu.DateTime,
            "a": ormolu.ARRAY(ormolu.Integer),
        }.items()
    ],
).c


def by_key(given: Iterator[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for statement in given:
        key = key_of(statement)
        if key is not None:
            found.setdefault(key, []).append(statement)
    return found


def form(statement: Any, dialect: Any) -> Any:
    """What the compiled forms of statements with one key must have in common."""
    try:
        compiled = statement.compile(dialect=dialect)
    except CompileError as error:
        return str(error)
    if not hasattr(compiled, "binds"):
        return str(compiled)
    binds = [
        (slot.name, slot.index, slot.key, slot.type._key, slot.expanding, slot.arity, slot.negated,
         slot.calls, slot.required, slot.literal is None)
        for slot in compiled.binds
    ]  # fmt: skip
    columns = [(column.name, column.type._key) for column in compiled.columns]
    returned = [column.name for column in compiled.implicit_returning]
    return str(compiled), binds, columns, compiled.kind, compiled.returning, returned


@pytest.mark.parametrize("dialect", DIALECTS)
def test_equal_keys_give_equal_forms(dialect: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        for alike in by_key(statements()).values():
            first, *others = [form(statement, DIALECTS[dialect]) for statement in alike]
            for other in others:
                assert other == first


def test_statements_built_again_have_the_keys_that_they_had() -> None:
    before, after = by_key(near_misses()), by_key(near_misses())
    assert before.keys() == after.keys()
    assert len(before) > 500
