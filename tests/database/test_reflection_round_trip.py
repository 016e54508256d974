"""What is created and reflected is created again by the same text (hypothesis makes schemas)."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ormolu import (
    CHAR,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    create_engine,
    func,
    text,
)
from ormolu.pool import StaticPool
from ormolu.schema import CreateIndex, CreateTable

TYPES = [
    Integer,
    SmallInteger,
    BigInteger,
    String(5),
    Text,
    Numeric(10, 2),
    Float,
    Boolean,
    Date,
    DateTime,
    Time,
    LargeBinary,
    JSON,
    CHAR(3),
]
DEFAULTS = [None, "x", "it's, (so)", text("5"), text("-5"), func.now(), text("(1 + 2)")]
#: Quotes, blanks, reserved words, upper case, other scripts; SQLite's names ignore case.
names = st.text(alphabet="aB _\"'`[],()é%;-", min_size=1, max_size=6).filter(str.strip)
distinct = st.lists(names, min_size=2, max_size=4, unique_by=str.lower)


def unlike_tables(found: list[str]) -> list[str]:
    return [f"t{position} {name}" for position, name in enumerate(found)]


@st.composite
def schemas(draw: Any) -> MetaData:
    """A few tables with constraints of all kinds; later ones refer to the first."""
    metadata = MetaData()
    first: Table | None = None
    for number, name in enumerate(unlike_tables(draw(st.lists(names, min_size=1, max_size=3)))):
        columns = [
            Column(
                each,
                draw(st.sampled_from(TYPES)),
                nullable=draw(st.booleans()),
                server_default=draw(st.sampled_from(DEFAULTS)),
            )
            for each in draw(distinct)
        ]
        keys = [column.name for column in columns]
        table = Table(
            name,
            metadata,
            *columns,
            sqlite_strict=False,
            sqlite_with_rowid=draw(st.booleans()),
        )
        table.append_constraint(
            PrimaryKeyConstraint(*draw(st.permutations(keys))[:2], name=draw(_name("pk", number)))
        )
        for column in table.primary_key:
            column.nullable = False  # WITHOUT ROWID makes it so
        table.append_column(Column("plus", Integer, Computed("1 + 1", draw(st.booleans()))))
        if draw(st.booleans()):
            table.append_constraint(UniqueConstraint(*keys[:2], name=draw(_name("uq", number))))
        if draw(st.booleans()):
            condition = draw(st.sampled_from(["1 > 0", "plus IN (2, 3)", "')' <> ',' AND (1 = 1)"]))
            table.append_constraint(CheckConstraint(condition, name=draw(_name("ck", number))))
        if first is not None:
            target = list(first.primary_key.columns)
            local = keys[: len(target)]
            table.append_constraint(
                ForeignKeyConstraint(
                    local,
                    [(first.name, column.name) for column in target[: len(local)]],
                    name=draw(_name("fk", number)),
                    ondelete=draw(st.sampled_from([None, "CASCADE", "SET NULL"])),
                    onupdate=draw(st.sampled_from([None, "RESTRICT"])),
                    deferrable=draw(st.sampled_from([None, True])),
                )
            )
        where = draw(st.sampled_from([None, text("plus > 1"), text("plus IN (1, ')')")]))
        Index(f"ix {number}", table.c[keys[0]], unique=draw(st.booleans()), sqlite_where=where)
        first = table if first is None else first
    return metadata


def _name(kind: str, number: int) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), names.map(lambda name: f"{kind}{number} {name}"))


def texts(metadata: MetaData, dialect: Any) -> dict[str, list[str]]:
    """The DDL of each table; what stands between commas is compared as a set of lines."""
    return {
        name: sorted(
            [
                *str(CreateTable(table).compile(dialect=dialect)).replace(", \n", "\n").split("\n"),
                *(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes),
            ]
        )
        for name, table in metadata.tables.items()
    }


@given(schemas())
@settings(max_examples=40, deadline=None)
def test_a_reflected_schema_is_the_schema(metadata: MetaData) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        metadata.create_all(engine)
        found = MetaData()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found.reflect(engine)
        assert texts(found, engine.dialect) == texts(metadata, engine.dialect)
        again = create_engine("sqlite://", poolclass=StaticPool)
        found.create_all(again)
        once_more = MetaData()
        once_more.reflect(again)
        assert texts(once_more, again.dialect) == texts(found, again.dialect)
        again.dispose()
    finally:
        engine.dispose()
