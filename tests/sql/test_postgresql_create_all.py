"""``create_all`` and ``drop_all`` send what SQLAlchemy sends, named types first and last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.dialects import postgresql as their_postgresql

import ormolu
from ormolu.dialects import postgresql
from ormolu.engine import create_mock_engine

Make = Callable[[Any, Any], Any]


def two_tables(sa: Any, pg: Any) -> Any:
    metadata = sa.MetaData()
    mood = pg.ENUM("sad", "ok", name="mood")
    sa.Table(
        "a",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mood", mood, comment="how"),
        sa.Column("kind", sa.Enum("x", name="kind")),
        sa.Index("ix", "mood"),
        comment="it's a",
    )
    sa.Table(
        "b",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mood", mood),
        sa.Column("n", pg.DOMAIN("posint", sa.Integer, check="VALUE > 0")),
        sa.Column("many", pg.ARRAY(pg.ENUM("q", name="inner"))),
        sa.Column("a", sa.ForeignKey("a.id")),
        sa.CheckConstraint("id > 1", name="ck", comment="why"),
    )
    return metadata


def types_of_the_metadata(sa: Any, pg: Any) -> Any:
    metadata = sa.MetaData()
    sa.Table(
        "a",
        metadata,
        sa.Column("id", sa.Integer, sa.Sequence("seq"), primary_key=True),
        sa.Column("first", pg.ENUM("a", name="in_table")),
        sa.Column("e", pg.ENUM("a", name="own", metadata=metadata)),
        sa.Column("g", sa.Enum("a", name="generic", metadata=metadata)),
        sa.Column("n", pg.ENUM("a", name="made_elsewhere", create_type=False)),
        sa.Column("v", sa.Enum("a", "bc", name="text", native_enum=False)),
    )
    return metadata


def types_in_a_schema(sa: Any, pg: Any) -> Any:
    metadata = sa.MetaData(schema="s")
    sa.Table(
        "a",
        metadata,
        sa.Column("f", pg.ENUM("a", name="inherits")),
        sa.Column("g", sa.Enum("a", name="has_its_own", schema="z")),
        sa.Column("h", sa.Enum("a", name="inherits_too")),
        sa.Column("i", pg.ARRAY(sa.Enum("a", name="inside"))),
        sa.Column("x", sa.Enum("b", name="twice")),
        sa.Column("y", sa.Enum("b", name="twice")),
    )
    return metadata


CASES: dict[str, Make] = {
    "two tables": two_tables,
    "types of the metadata": types_of_the_metadata,
    "types in a schema": types_in_a_schema,
}


def sent(create_engine: Any, run: Callable[[Any], None]) -> list[str]:
    """The statements that ``run(engine)`` sends."""
    found: list[str] = []
    engine = create_engine(
        "postgresql://",
        lambda node, *_, **__: found.append(str(node.compile(dialect=engine.dialect))),
    )
    run(engine)
    return found


@pytest.mark.parametrize("name", CASES)
def test_create_all_and_drop_all_are_sqlalchemys(name: str) -> None:
    def both_ways(metadata: Any) -> Callable[[Any], None]:
        def run(engine: Any) -> None:
            metadata.create_all(engine, checkfirst=False)
            metadata.drop_all(engine, checkfirst=False)

        return run

    theirs = both_ways(CASES[name](sqlalchemy, their_postgresql))
    ours = both_ways(CASES[name](ormolu, postgresql))
    assert sent(create_mock_engine, ours) == sent(sqlalchemy.create_mock_engine, theirs)


def test_one_table_and_one_type_are_created_and_dropped_as_sqlalchemy_does() -> None:
    def run(sa: Any, pg: Any) -> Callable[[Any], None]:
        table = sa.Table("t", sa.MetaData(), sa.Column("e", pg.ENUM("a", name="en")))
        alone = pg.ENUM("a", name="alone")
        domain = pg.DOMAIN("dom", sa.Integer)

        def sending(engine: Any) -> None:
            table.create(engine, checkfirst=False)
            table.drop(engine, checkfirst=False)
            for type_ in (alone, domain, sa.Enum("a", name="generic")):
                type_.create(engine, checkfirst=False)
                type_.drop(engine, checkfirst=False)

        return sending

    assert sent(create_mock_engine, run(ormolu, postgresql)) == sent(
        sqlalchemy.create_mock_engine, run(sqlalchemy, their_postgresql)
    )
