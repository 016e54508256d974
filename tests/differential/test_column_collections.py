"""``table.c`` is read-only; columns are inserted; a `MetaData` knows its sequences and types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

import ormolu
import ormolu.sql

LIBRARIES = (ormolu, sqlalchemy)


def table(sa: Any) -> Any:
    columns = [sa.Column(name, sa.Integer) for name in "abc"]
    return sa.Table("t", sa.MetaData(), *columns)


def outcome(function: Callable[[Any], Any], sa: Any) -> Any:
    try:
        return function(sa)
    except Exception as error:
        return type(error).__name__


def inserted(sa: Any, name: str, index: int, **options: Any) -> Any:
    into = table(sa)
    into.insert_column(sa.Column(name, sa.String), index, **options)
    return into.c.keys(), repr(into.c[name].type), str(sa.schema.CreateTable(into))


def of_a_clause(sa: Any, name: str) -> Any:
    clause = sa.table("t", sa.column("a"), sa.column("b"))
    clause.insert_column(sa.column(name), 1)
    return clause.c.keys(), str(sa.select(clause))


PROGRAMS: dict[str, Callable[[Any], Any]] = {
    "an item is set": lambda sa: table(sa).c.__setitem__("q", 1),
    "an attribute is set": lambda sa: setattr(table(sa).c, "q", 1),
    "an item is deleted": lambda sa: table(sa).c.__delitem__("a"),
    "contains a column": lambda sa: table(sa).c.contains_column("a"),
    "in with a number": lambda sa: 3 in table(sa).c,
    "add": lambda sa: table(sa).c.add(sa.Column("q")),
    "compare": lambda sa: (lambda t: t.c.compare([t.c.a, t.c.b, t.c.c]))(table(sa)),
    "compare in another order": lambda sa: (lambda t: t.c.compare([t.c.b, t.c.a]))(table(sa)),
    "insert first": lambda sa: inserted(sa, "n", 0),
    "insert in the middle": lambda sa: inserted(sa, "n", 1),
    "insert beyond the end": lambda sa: inserted(sa, "n", 9),
    "insert before the last": lambda sa: inserted(sa, "n", -1),
    "insert one that is there": lambda sa: inserted(sa, "b", 0),
    "insert into a clause": lambda sa: of_a_clause(sa, "n"),
    "insert into a clause what is there": lambda sa: of_a_clause(sa, "b"),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_collections_do_what_sqlalchemys_do(program: Callable[[Any], Any]) -> None:
    found, expected = (outcome(program, sa) for sa in LIBRARIES)
    assert found == expected


def test_a_column_inserted_in_the_place_of_another_moves_there() -> None:
    keys, type_, _ = inserted(ormolu, "c", 0, replace_existing=True)
    assert (keys, type_) == (["c", "a", "b"], "String()")


def test_a_collection_of_ones_own_grows_and_its_copy_does_not() -> None:
    own: Any = ormolu.sql.WriteableColumnCollection()
    own.add(ormolu.column("a"))
    own.add(ormolu.column("b"), "other")
    copy = own.as_readonly()
    own.add(ormolu.column("c"))
    assert (own.keys(), copy.keys()) == (["a", "other", "c"], ["a", "other"])
    with pytest.raises(TypeError, match=r"append_column"):
        copy.a = 1


@pytest.mark.parametrize("schema", ["unsaid", None, "other", "home"])
def test_a_metadata_lists_its_sequences_and_types(schema: str | None) -> None:
    answers = []
    for sa in LIBRARIES:
        metadata = sa.MetaData(schema="home")
        sa.Sequence("s1", metadata=metadata)
        sa.Sequence("s2", schema="other", metadata=metadata)
        sa.Table("t", metadata, sa.Column("e", sa.Enum("a", name="e1")), schema="away")
        sa.Table("u", metadata, sa.Column("e", sa.Enum("a", name="e2", schema="other")))
        given = {} if schema == "unsaid" else {"schema": schema}
        answers.append(
            [
                sorted(metadata.schemas),
                *[
                    sorted(found.name for found in metadata.get_schema_objects(kind, **given))
                    for kind in (sa.Sequence, sa.Enum, sa.Table)
                ],
                metadata.get_schema_object_by_name(sa.Sequence, "s2", **given) is None,
                metadata.get_schema_object_by_name(sa.Enum, "e1", **given) is None,
            ]
        )
    assert answers[0] == answers[1]
