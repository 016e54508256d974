"""Syntax extensions of SELECT, ``into()``, and CTEs and keys of statements that have them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement as TheirElement
from sqlalchemy.sql import SyntaxExtension as TheirExtension
from sqlalchemy.sql.visitors import InternalTraversal

import ormolu
import ormolu.ext.compiler
from ormolu.sql.clause import ClauseElement
from ormolu.sql.extension import SyntaxExtension
from ormolu.sql.keys import key_of
from ormolu.sql.node import CONST

POSITIONS = ("post_select", "pre_columns", "post_criteria", "post_body")


class Ours(SyntaxExtension, ClauseElement):
    __slots__ = ("place",)
    _fields = {"place": CONST}  # noqa: RUF012
    __visit_name__ = "extension_of_a_test"

    def __init__(self, place: str) -> None:
        self.place = place
        self._seal()

    def apply_to_select(self, select_stmt: Any) -> None:
        select_stmt.apply_syntax_extension_point(lambda there: [*there, self], self.place)


class Theirs(TheirExtension, TheirElement):
    _traverse_internals = [("place", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, place: str) -> None:
        self.place = place

    def apply_to_select(self, select_stmt: Any) -> None:
        select_stmt.apply_syntax_extension_point(lambda there: [*there, self], self.place)


@ormolu.ext.compiler.compiles(Ours)
@compiles(Theirs)
def write(element: Any, compiler: Any, **_: Any) -> str:
    return f"<{element.place}>"


def statement(lib: Any, full: bool) -> Any:
    t = lib.table("t", lib.column("id", lib.Integer), lib.column("n", lib.Integer))
    found = lib.select(t.c.id)
    if not full:
        return found
    found = found.where(t.c.id == 1).group_by(t.c.n).having(t.c.n > 5).order_by(t.c.id)
    found = found.limit(5).with_for_update().distinct().prefix_with("PRE").suffix_with("SUF")
    return found.with_statement_hint("HINT")


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("place", POSITIONS)
@pytest.mark.parametrize("times", [1, 2])
def test_extensions_stand_where_sqlalchemys_do(place: str, full: bool, times: int) -> None:
    ours, theirs = statement(ormolu, full), statement(sqlalchemy, full)
    for _ in range(times):
        ours, theirs = ours.ext(Ours(place)), theirs.ext(Theirs(place))
    assert str(ours) == str(theirs)


def test_extensions_are_part_of_the_key_and_leave_the_original_alone() -> None:
    plain = statement(ormolu, full=False)
    extended = plain.ext(Ours("post_body"))
    assert key_of(plain) != key_of(extended)
    assert key_of(extended) == key_of(plain.ext(Ours("post_body")))
    assert "<" not in str(plain)


def test_an_extension_of_other_statements_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="insert"):
        ormolu.insert(ormolu.table("t", ormolu.column("id"))).ext(Ours("post_body"))
    with pytest.raises(ValueError, match="pre_columns"):
        statement(ormolu, full=False).ext(Ours("nowhere"))


def test_into_is_create_table_as() -> None:
    texts = []
    for lib in (ormolu, sqlalchemy):
        found = statement(lib, full=False).into("target", schema="s", if_not_exists=True)
        texts.append((str(found), [str(key) for key in found.table.c.keys()]))  # noqa: SIM118
    assert texts[0] == texts[1]


def test_hints_prefixes_and_nested_ctes_are_part_of_the_key() -> None:
    t = ormolu.table("t", ormolu.column("id", ormolu.Integer))
    cte = ormolu.select(t.c.id).cte("c")
    plain = ormolu.select(t.c.id)
    changed = [
        plain,
        plain.with_hint(t, "a"),
        plain.with_hint(t, "b"),
        plain.with_hint(t, "a", "mysql"),
        plain.with_statement_hint("a"),
        plain.add_cte(cte),
        plain.add_cte(cte, nest_here=True),
        plain.fetch(5),
        plain.fetch(5, percent=True),
        plain.limit(5),
        plain.add_cte(cte.prefix_with("MATERIALIZED")),
    ]
    keys = [key_of(each) for each in changed]
    assert len(set(keys)) == len(keys)
