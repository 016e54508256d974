"""SQLite's tables are described together as they are one by one, in the same number of queries."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import MetaData, create_engine, event, exc, inspect
from ormolu.engine import Engine
from ormolu.engine.reflection import ObjectKind, ObjectScope
from ormolu.pool import StaticPool

QUESTIONS = (
    "columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints",
    "check_constraints", "table_options",
)  # fmt: skip

SCHEMA = """
CREATE TABLE "it's" (id INTEGER CONSTRAINT pk PRIMARY KEY, "a b" TEXT DEFAULT 'x''y' UNIQUE);
CREATE TABLE parent (x INT, y INT, PRIMARY KEY (y, x)) WITHOUT ROWID;
CREATE TABLE child (a INT, b INT, c INT REFERENCES PARENT, d REFERENCES "it's" ON DELETE CASCADE,
    CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES parent (x, y), CONSTRAINT ck CHECK (a > 0));
CREATE INDEX ix_b ON child (b DESC, a);
CREATE UNIQUE INDEX ix_part ON child (c) WHERE c > 5 AND d = ')';
CREATE TABLE computed (a INT, b INT AS (a * 2) STORED, c INT GENERATED ALWAYS AS (a + 1));
CREATE TABLE bare (a);
CREATE VIEW seen AS SELECT a, b AS "B" FROM child;
CREATE TEMP TABLE passing (a INTEGER PRIMARY KEY, b REFERENCES passing);
CREATE INDEX temp.ix_passing ON passing (b);
CREATE TEMP TABLE bare (other TEXT);
CREATE TABLE "o'ther".t1 (a INT PRIMARY KEY, b INT);
CREATE INDEX "o'ther".ix_two ON t1 (b) WHERE b > 1
"""


@pytest.fixture
def engine() -> Any:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS \"o'ther\"")
        for statement in SCHEMA.split(";\n"):
            connection.exec_driver_sql(statement)
        connection.commit()
    yield engine
    engine.dispose()


def shown(answer: Any) -> Any:
    """With expressions and types by their texts, since they have no equality."""
    if isinstance(answer, dict):
        return {key: shown(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [shown(value) for value in answer]
    return str(answer)


@pytest.mark.parametrize("schema", [None, "o'ther"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_many_are_described_as_each_is(engine: Engine, question: str, schema: str | None) -> None:
    several = getattr(inspect(engine), f"get_multi_{question}")
    found = several(schema=schema, kind=ObjectKind.ANY, scope=ObjectScope.ANY)
    assert len(found) == (7 if schema is None else 1)
    for (_, name), answer in found.items():
        alone = getattr(inspect(engine), f"get_{question}")(name, schema=schema)
        assert shown(answer) == shown(alone), name


def queries_of(tables: int) -> int:
    """How many queries it takes to reflect so many tables, of which each refers to another."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    asked: list[str] = []
    with engine.connect() as connection:
        for n in range(tables):
            connection.exec_driver_sql(
                f"CREATE TABLE t{n} (id INTEGER PRIMARY KEY, next REFERENCES t{n // 2},"
                " name TEXT UNIQUE, CHECK (name <> ''))"
            )
            connection.exec_driver_sql(f"CREATE INDEX ix{n} ON t{n} (next)")
        connection.commit()
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        metadata = MetaData()
        metadata.reflect(connection)
    assert len(metadata.tables) == tables
    assert all(len(table.indexes) == 1 for table in metadata.tables.values())
    engine.dispose()
    return len(asked)


def test_the_number_of_queries_is_constant() -> None:
    assert queries_of(10) == queries_of(40) < 40


def test_a_broken_view_is_nobody_elses_fault(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE VIEW broken AS SELECT * FROM nowhere")
        connection.commit()
    inspector = inspect(engine)
    assert len(inspector.get_multi_columns()) == 5
    assert inspector.get_multi_indexes()[None, "child"][0]["name"] == "ix_b"
    with pytest.raises(exc.OperationalError, match="nowhere"):
        inspector.get_multi_columns(kind=ObjectKind.VIEW)
