"""Random schemas on PostgreSQL come back as they were made (hypothesis makes them)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ormolu as sa
from ormolu.dialects import postgresql as pg
from ormolu.schema import CreateIndex, CreateTable
from ormolu.sql.text import escaped

pytestmark = pytest.mark.backend("postgresql+psycopg")

ROUNDS = 20
#: Types and defaults in the words that the server has for them.
TYPES: dict[Any, list[str | None]] = {
    sa.INTEGER(): [None, "5", "'-5'::integer", "(1 + 2)"],
    sa.NUMERIC(10, 2): [None, "1.50"],
    sa.VARCHAR(20): [None, "'it''s :x, 5%'::character varying", r"'\:y'::character varying"],
    sa.TEXT(collation="C"): [None, "''::text"],
    sa.BOOLEAN(): [None, "true"],
    pg.TIMESTAMP(timezone=True, precision=3): [None, "now()", "CURRENT_TIMESTAMP(1)"],
    pg.ARRAY(sa.TEXT()): [None, "'{}'::text[]"],
    sa.UUID(): [None, "gen_random_uuid()"],
}
#: How an index sorts, without what is the default.
ORDERS: list[Callable[[Any], Any]] = [
    lambda column: column,
    lambda column: column.desc(),
    lambda column: column.desc().nulls_last(),
    lambda column: column.nulls_first(),
]
#: Quotes, blanks, reserved words, upper case, other scripts.
names = st.text(alphabet="aB _\"'`[],()é%;-:", min_size=1, max_size=6).filter(str.strip)
few_names = st.lists(names, min_size=2, max_size=5, unique=True)
comments = st.one_of(st.none(), st.text(alphabet="a'\"\\%:é\n", min_size=1, max_size=5))


@st.composite
def schemas(draw: Any) -> sa.MetaData:
    """A few tables with all kinds of constraints and indexes; later ones refer to the first."""
    metadata = sa.MetaData()
    first: sa.Table | None = None
    for number, name in enumerate(draw(st.lists(names, min_size=1, max_size=3, unique=True))):
        table = sa.Table(
            f"t{number} {name}",
            metadata,
            *[draw(columns(each)) for each in draw(few_names)],
            comment=draw(comments),
        )
        add_constraints(draw, table, number)
        if first is not None:
            refer(draw, table, first, number)
        for position in range(draw(st.integers(0, 3))):
            add_index(draw, table, f"ix{number}{position}")
        first = first if first is not None else table
    return metadata


@st.composite
def columns(draw: Any, name: str) -> sa.Column[Any]:
    type_ = draw(st.sampled_from(list(TYPES)))
    default = draw(st.sampled_from(TYPES[type_]))
    return sa.Column(
        name,
        type_,
        nullable=draw(st.booleans()),
        server_default=None if default is None else sa.text(escaped(default)),
        comment=draw(comments),
    )


def add_constraints(draw: Any, table: sa.Table, number: int) -> None:
    keys = table.c.keys()
    if number == 0 or draw(st.booleans()):
        count = draw(st.integers(1, 2))
        key = sa.PrimaryKeyConstraint(
            *draw(st.permutations(keys))[:count], name=f"pk{number} {draw(names)}"
        )
        table.append_constraint(key)
        for column in key:
            column.nullable = False
    unique = draw(st.permutations(keys))[:2]
    # The server drops a constraint that says the same as the key.
    if draw(st.booleans()) and unique != table.primary_key.columns.keys():
        table.append_constraint(
            sa.UniqueConstraint(
                *unique,
                name=f"uq{number} {draw(names)}",
                deferrable=draw(st.sampled_from([None, True])),
            )
        )
    if draw(st.booleans()):
        condition = f"{quoted(draw(st.sampled_from(keys)))} IS NOT NULL"
        table.append_constraint(
            sa.CheckConstraint(escaped(condition), name=f"ck{number} {draw(names)}")
        )


def refer(draw: Any, table: sa.Table, target: sa.Table, number: int) -> None:
    """Add columns that refer to another table's key."""
    added = [sa.Column(f"to {each.name}", each.type) for each in target.primary_key]
    for column in added:
        table.append_column(column)
    table.append_constraint(
        sa.ForeignKeyConstraint(
            [column.name for column in added],
            list(target.primary_key),
            name=f"fk{number} {draw(names)}",
            ondelete=draw(st.sampled_from([None, "CASCADE", "SET NULL", "RESTRICT"])),
            onupdate=draw(st.sampled_from([None, "SET DEFAULT"])),
            deferrable=draw(st.sampled_from([None, True])),
            match=draw(st.sampled_from([None, "FULL"])),
        )
    )


def add_index(draw: Any, table: sa.Table, name: str) -> None:
    keys = draw(st.permutations(table.c.keys()))
    parts: list[Any] = [draw(st.sampled_from(ORDERS))(table.c[keys[0]])]
    if draw(st.booleans()):
        parts.append(sa.text(escaped(f"({quoted(keys[1])} IS NULL)")))
    where = escaped(f"({quoted(keys[-1])} IS NOT NULL)") if draw(st.booleans()) else None
    sa.Index(
        f"{name} {draw(names)}",
        *parts,
        unique=draw(st.booleans()),
        postgresql_where=where,
        postgresql_include=[keys[-1]] if draw(st.booleans()) else [],
        _table=table,
    )


def quoted(name: str) -> str:
    return pg.dialect().identifier_preparer.quote(name)


def texts(metadata: sa.MetaData, dialect: Any) -> dict[str, list[str]]:
    """The DDL of each table, its lines in no order, and its comments."""
    found = {}
    for name, table in metadata.tables.items():
        lines = str(CreateTable(table).compile(dialect=dialect)).replace(", \n", "\n").split("\n")
        indexes = [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
        noted = [repr((column.name, column.comment)) for column in table.columns]
        found[name] = sorted([*lines, *indexes, *noted, repr(table.comment)])
    return found


def assert_alike(found: dict[str, list[str]], expected: dict[str, list[str]]) -> None:
    """Show the lines that differ, not all of them."""
    for name, lines in expected.items():
        assert set(found[name]) - set(lines) == set(lines) - set(found[name]) == set()
    assert found == expected


def test_a_reflected_schema_is_the_schema(postgresql_url: str) -> None:
    engine = sa.create_engine(postgresql_url)

    @given(schemas())
    @settings(
        max_examples=ROUNDS,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def come_back(metadata: sa.MetaData) -> None:
        with engine.connect() as connection, warnings.catch_warnings():
            warnings.simplefilter("error")
            metadata.create_all(connection)
            found = sa.MetaData()
            found.reflect(connection)
            assert_alike(texts(found, engine.dialect), texts(metadata, engine.dialect))
            found.drop_all(connection)
            found.create_all(connection)
            again = sa.MetaData()
            again.reflect(connection)
            assert_alike(texts(again, engine.dialect), texts(found, engine.dialect))
            connection.rollback()

    try:
        come_back()
    finally:
        engine.dispose()
