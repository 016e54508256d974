"""What is created and reflected is created again by the same text (hypothesis makes schemas)."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st
from random_models import Models

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

TYPES: list[Any] = [
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
DEFAULTS = ["x", "it's, (so)", text("5"), text("-5"), func.now(), text("(1 + 2)")]


class SQLiteModels(Models):
    """Names ignore case. There are no comments."""

    keys = TYPES
    others = TYPES
    defaults: ClassVar[list[tuple[Any, list[Any]]]] = [(type_, DEFAULTS) for type_ in TYPES]
    #: Quotes, blanks, reserved words, upper case, other scripts.
    names = st.text(alphabet="aB _\"'`[],()é%;-", min_size=1, max_size=6).filter(str.strip)
    ignores_case = True
    has_comments = False

    def table_options(self, draw: Any) -> dict[str, Any]:
        return {"sqlite_strict": False, "sqlite_with_rowid": draw(st.booleans())}

    def reference_options(self, draw: Any) -> dict[str, Any]:
        deferrable = draw(st.sampled_from([None, True]))
        return {**super().reference_options(draw), "deferrable": deferrable}

    def constrain(self, draw: Any, table: Table, keys: list[str], number: int) -> None:
        key = draw(st.permutations(keys))[:2]
        table.append_constraint(PrimaryKeyConstraint(*key, name=draw(self.named(f"pk{number}"))))
        table.append_column(Column("plus", Integer, Computed("1 + 1", draw(st.booleans()))))
        table.append_column(Column("free", draw(st.sampled_from(TYPES))))
        if draw(st.booleans()):
            unique = draw(st.sampled_from([keys[:2], [keys[0], "free"]]))
            name = draw(self.named(f"uq{number}"))
            table.append_constraint(UniqueConstraint(*unique, name=name))
        if draw(st.booleans()):
            condition = draw(st.sampled_from(["1 > 0", "plus IN (2, 3)", "')' <> ',' AND (1 = 1)"]))
            name = draw(self.named(f"ck{number}"))
            table.append_constraint(CheckConstraint(condition, name=name))
        where = draw(st.sampled_from([None, text("plus > 1"), text("plus IN (1, ')')")]))
        Index(f"ix {number}", table.c[keys[0]], unique=draw(st.booleans()), sqlite_where=where)


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


@given(SQLiteModels().all())
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
