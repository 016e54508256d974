"""Identifiers and literals of any text are written as SQLAlchemy writes them, on three databases.

Where they differ, ormolu quotes a name that SQLAlchemy leaves bare (a trailing line break, letters
that only look like ASCII to a regular expression), leaves ``%(x)s`` in a name as it is, and refuses
a NUL, which no SQL text can hold.
``HYPOTHESIS_PROFILE=search`` looks longer; what is stored and comes back is tested in
``test_awkward_names.py``.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy
from awkward_names import ANY_TEXT, NAMES, TEXT, suppose
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import make_url

import ormolu
from ormolu import exc
from ormolu.dialects import registry

THEIRS: dict[str, Any] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mariadb": make_url("mariadb://").get_dialect()(),
}
DIALECTS: dict[str, tuple[Any, Any]] = {
    name: (theirs, registry.load(name)()) for name, theirs in THEIRS.items()
}
#: Letters that a regular expression without regard to case takes for ``s``, ``k`` and ``i``.
LOOKALIKES = {"ſ", "\u212a", "ı", "İ"}

dialects = pytest.mark.parametrize("dialect", DIALECTS)


def quoted_alike(name: str) -> bool:
    """Whether SQLAlchemy quotes the name where it must, and takes no part of it for a bind."""
    bare = name.endswith("\n") or not LOOKALIKES.isdisjoint(name)
    return not bare and "%(" not in name


def statement(sa: Any, table: str, column: str, label: str, schema: str) -> Any:
    t = sa.table(table, sa.column(column), schema=schema)
    return sa.select(t.c[column].label(label), t.alias(label + "z").c[column]).where(
        t.c[column] == sa.bindparam("x", 5)
    )


@dialects
@given(table=NAMES, column=NAMES, label=NAMES, schema=NAMES)
def test_names_are_quoted_alike(
    dialect: str, table: str, column: str, label: str, schema: str
) -> None:
    names = {table, column, label, schema, label + "z"}
    suppose(len(names) == 5 and all(map(quoted_alike, names)))
    theirs, ours = DIALECTS[dialect]
    expected = str(statement(sqlalchemy, table, column, label, schema).compile(dialect=theirs))
    assert str(statement(ormolu, table, column, label, schema).compile(dialect=ours)) == expected


def create(sa: Any, table: str, column: str, comment: str, default: str) -> Any:
    made = sa.Table(
        table,
        sa.MetaData(),
        sa.Column(column, sa.String(5), server_default=default, comment=comment),
        sa.CheckConstraint(sa.column(column) != default, name=table),
    )
    return sa.schema.CreateTable(made)


@dialects
@given(
    table=NAMES.filter(lambda name: len(name) < 60),
    column=NAMES,
    comment=TEXT,
    default=TEXT,
)
def test_tables_are_quoted_alike(
    dialect: str, table: str, column: str, comment: str, default: str
) -> None:
    suppose(quoted_alike(table) and quoted_alike(column))
    theirs, ours = DIALECTS[dialect]
    expected = str(create(sqlalchemy, table, column, comment, default).compile(dialect=theirs))
    assert str(create(ormolu, table, column, comment, default).compile(dialect=ours)) == expected


LITERAL = {"compile_kwargs": {"literal_binds": True}}


def literals(sa: Any, value: str, other: str) -> Any:
    column = sa.column("c", sa.String)
    return sa.select(sa.literal(value), column.in_([value, other])).where(
        column.like(value, escape="/"), column == value
    )


@dialects
@given(value=TEXT, other=TEXT)
@example(value="\\", other="'")
@example(value="%(x)s", other=":x")
def test_literals_are_written_alike(dialect: str, value: str, other: str) -> None:
    theirs, ours = DIALECTS[dialect]
    expected = str(literals(sqlalchemy, value, other).compile(dialect=theirs, **LITERAL))
    assert str(literals(ormolu, value, other).compile(dialect=ours, **LITERAL)) == expected


@dialects
@given(value=TEXT)
def test_values_never_enter_the_text(dialect: str, value: str) -> None:
    _, ours = DIALECTS[dialect]
    expected = str(literals(ormolu, "a", "b").compile(dialect=ours))
    assert str(literals(ormolu, value, value).compile(dialect=ours)) == expected


@dialects
@given(before=ANY_TEXT, after=ANY_TEXT)
def test_a_nul_is_refused(dialect: str, before: str, after: str) -> None:
    _, ours = DIALECTS[dialect]
    text = f"{before}\0{after}"
    with pytest.raises(exc.CompileError, match="NUL"):
        ormolu.select(ormolu.column(text)).compile(dialect=ours)
    with pytest.raises(exc.CompileError, match="NUL"):
        ormolu.literal(text).compile(dialect=ours, **LITERAL)


@dialects
@given(name=st.one_of(NAMES, st.text("sſkK\u212aiıİ\n", min_size=1)))
def test_only_plain_names_stand_without_quotes(dialect: str, name: str) -> None:
    _, ours = DIALECTS[dialect]
    preparer = ours.identifier_preparer
    written = preparer.quote(name)
    if written == name:
        assert name.isascii() and name == name.lower()
        assert name.replace("$", "_").isidentifier()
        assert name not in preparer.reserved_words
    else:
        start, end = preparer.initial_quote, preparer.final_quote
        assert written[0] == start and written[-1] == end
        assert written[1:-1].replace(end * 2, "") == name.replace(end, "")
