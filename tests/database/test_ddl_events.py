"""Events of tables and metadata: what listeners see, in which order, and what they may do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ormolu import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
    text,
)
from ormolu.exc import InvalidRequestError
from ormolu.ext.asyncio import create_async_engine
from ormolu.pool import StaticPool
from ormolu.schema import DDL, CheckFirst, CreateTable

EVENTS = ("before_create", "after_create", "before_drop", "after_drop")


def two_tables() -> MetaData:
    metadata = MetaData()
    Table("p", metadata, Column("id", Integer, primary_key=True))
    Table("c", metadata, Column("p_id", ForeignKey("p.id"), index=True))
    return metadata


def test_create_and_drop_call_listeners_around_everything() -> None:
    metadata, seen = two_tables(), []

    def note(name: str) -> Any:
        def handler(target: Any, connection: Any, **kw: Any) -> None:
            tables = [table.name for table in kw.get("tables", ())]
            label = "metadata" if target is metadata else target.name
            seen.append((name, label, tables, kw["checkfirst"]))

        return handler

    for name in EVENTS:
        for target in (metadata, metadata.tables["p"], *metadata.tables["c"].indexes):
            event.listen(target, name, note(name))
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    metadata.drop_all(engine)
    every = CheckFirst.ALL
    assert seen == [
        ("before_create", "metadata", ["p", "c"], every),
        ("before_create", "p", [], every),
        ("after_create", "p", [], every),
        ("before_create", "ix_c_p_id", [], every),
        ("after_create", "ix_c_p_id", [], every),
        ("after_create", "metadata", ["p", "c"], every),
        ("before_drop", "metadata", ["c", "p"], every),
        ("before_drop", "p", [], every),
        ("after_drop", "p", [], every),
        ("after_drop", "metadata", ["c", "p"], every),
    ]


def test_nothing_is_announced_for_a_table_that_is_there() -> None:
    metadata, seen = two_tables(), []
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    event.listen(metadata.tables["p"], "before_create", lambda *args, **kw: seen.append(args))
    metadata.create_all(engine)
    metadata.tables["p"].create(engine, checkfirst=True)
    assert seen == []


def test_a_listener_executes_in_the_same_transaction() -> None:
    metadata = two_tables()

    @event.listens_for(metadata.tables["p"], "after_create")
    def fill(target: Any, connection: Any, **kw: Any) -> None:
        connection.execute(target.insert().values(id=7))

    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        assert connection.scalar(text("SELECT id FROM p")) == 7
        connection.rollback()
        assert not inspect(connection).has_table("p")


def test_a_listener_executes_under_run_sync() -> None:
    metadata = two_tables()

    @event.listens_for(metadata.tables["p"], "after_create")
    def fill(target: Any, connection: Any, **kw: Any) -> None:
        connection.execute(target.insert().values(id=7))

    event.listen(metadata, "after_create", DDL("INSERT INTO p VALUES (8)"))

    async def work() -> list[Any]:
        engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            found = list((await connection.execute(text("SELECT id FROM p ORDER BY id"))).scalars())
        await engine.dispose()
        return found

    assert asyncio.run(work()) == [7, 8]


def test_ddl_is_a_listener() -> None:
    metadata = two_tables()
    event.listen(
        metadata.tables["p"],
        "after_create",
        DDL("INSERT INTO %(fullname)s VALUES (%(n)s)", context={"n": "5"}),
    )
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT id FROM p")) == 5


@pytest.mark.parametrize(
    ("condition", "executed"),
    [
        ({"dialect": "sqlite"}, True),
        ({"dialect": "postgresql"}, False),
        ({"dialect": ("postgresql", "sqlite")}, True),
        ({"callable_": lambda ddl, target, bind, **kw: kw["state"] == 3, "state": 3}, True),
        ({"callable_": lambda ddl, target, bind, **kw: bind is None}, False),
        ({"dialect": "sqlite", "callable_": lambda ddl, target, bind, **kw: False}, False),
    ],
)
def test_ddl_is_executed_under_a_condition(condition: Any, executed: bool) -> None:
    metadata = two_tables()
    event.listen(metadata, "after_create", DDL("INSERT INTO p VALUES (5)").execute_if(**condition))
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        assert (connection.scalar(text("SELECT id FROM p")) == 5) is executed


def test_conditional_ddl_sees_target_tables_and_dialect() -> None:
    seen: dict[str, Any] = {}

    def condition(ddl: Any, target: Any, bind: Any, **kw: Any) -> bool:
        seen.update(kw, target=target, bind=bind)
        return False

    metadata = two_tables()
    event.listen(metadata, "before_create", DDL("x").execute_if(callable_=condition, state="s"))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        assert seen["bind"] is connection
    assert seen["target"] is metadata
    assert (seen["state"], seen["dialect"].name, seen["compiler"]) == ("s", "sqlite", None)
    assert [table.name for table in seen["tables"]] == ["p", "c"]


def test_items_are_written_only_where_ddl_if_allows() -> None:
    table = Table(
        "t",
        MetaData(),
        Column("a", Integer),
        CheckConstraint("a > 1", name="here").ddl_if(dialect="sqlite"),
        CheckConstraint("a > 2", name="elsewhere").ddl_if(dialect="postgresql"),
        Index("ix_here", "a").ddl_if(dialect=("mysql", "sqlite")),
        Index("ix_elsewhere", "a").ddl_if(callable_=lambda ddl, item, bind, **kw: False),
    )
    engine = create_engine("sqlite://")
    table.create(engine)
    inspector = inspect(engine)
    assert [check["name"] for check in inspector.get_check_constraints("t")] == ["here"]
    assert [index["name"] for index in inspector.get_indexes("t")] == ["ix_here"]


def test_attaching_is_announced_with_the_parent() -> None:
    seen: list[tuple[str, str, str]] = []

    def note(name: str) -> Any:
        return lambda target, parent: seen.append((name, str(target.name), str(parent.name)))

    handlers = {}
    for cls in (Column, Index):
        for name in ("before_parent_attach", "after_parent_attach"):
            handlers[cls, name] = note(name)
            event.listen(cls, name, handlers[cls, name])
    try:
        Table("t", MetaData(), Column("a", Integer), Index("ix", "a"))
    finally:
        for (cls, name), handler in handlers.items():
            event.remove(cls, name, handler)
    assert seen == [
        ("before_parent_attach", "a", "t"),
        ("after_parent_attach", "a", "t"),
        ("before_parent_attach", "ix", "t"),
        ("after_parent_attach", "ix", "t"),
    ]


def test_a_listener_on_the_class_hears_every_table() -> None:
    seen: list[str] = []

    def attached(table: Any, metadata: Any) -> None:
        seen.append(table.name)

    event.listen(Table, "after_parent_attach", attached)
    try:
        two_tables()
    finally:
        event.remove(Table, "after_parent_attach", attached)
    Table("later", MetaData())
    assert seen == ["p", "c"]


def test_column_reflect_changes_what_is_reflected() -> None:
    engine = create_engine("sqlite://")
    two_tables().create_all(engine)
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def rename(inspector: Any, table: Any, column_info: Any) -> None:
        column_info["key"] = f"{table.name}_{column_info['name']}"
        column_info["type"] = String(5)

    metadata.reflect(engine)
    table = metadata.tables["c"]
    assert table.c.keys() == ["c_p_id"]
    assert isinstance(table.c.c_p_id.type, String)
    assert table.c.c_p_id.references(metadata.tables["p"].c.p_id)
    assert [index.columns.keys() for index in table.indexes] == [["c_p_id"]]


def test_listeners_of_one_table_are_arguments_of_it() -> None:
    engine = create_engine("sqlite://")
    two_tables().create_all(engine)
    seen: list[str] = []
    Table(
        "p",
        MetaData(),
        autoload_with=engine,
        listeners=[("column_reflect", lambda inspector, table, info: seen.append(info["name"]))],
    )
    assert seen == ["id"]


def test_propagated_listeners_go_with_a_copy() -> None:
    table = two_tables().tables["p"]
    seen: list[str] = []
    for name, propagate in (("kept", True), ("left", False)):
        event.listen(
            table,
            "before_create",
            lambda *args, name=name, **kw: seen.append(name),
            propagate=propagate,
        )
    table.to_metadata(MetaData()).create(create_engine("sqlite://"))
    assert seen == ["kept"]


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="No such event 'created'"):
        event.listen(MetaData(), "created", lambda *args: None)


def test_named_listeners_receive_all_by_keyword() -> None:
    seen: dict[str, Any] = {}
    table = two_tables().tables["p"]
    event.listen(table, "after_create", lambda **kw: seen.update(kw), named=True)
    table.create(create_engine("sqlite://"))
    assert seen["target"] is table
    assert {"connection", "checkfirst"} <= set(seen)


def test_reflection_is_seen_by_statement_listeners() -> None:
    engine = create_engine("sqlite://")
    sent: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(
        conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        sent.append(statement)

    two_tables().create_all(engine)
    inspect(engine).get_columns("p")
    assert sent[0] == 'PRAGMA main.table_info("p")'
    assert sent[-1] == 'PRAGMA main.table_xinfo("p")'


def test_the_translated_schema_is_created_and_looked_for() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    table = Table("t", MetaData(), Column("id", Integer), schema="logical")
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS physical")
        connection.commit()
        mapped = connection.execution_options(schema_translate_map={"logical": "physical"})
        table.metadata.create_all(mapped)
        table.metadata.create_all(mapped)
        assert inspect(connection).has_table("t", schema="physical")
    assert str(CreateTable(table)).startswith("\nCREATE TABLE logical.t (")
