"""`create_all` and `drop_all`: their order, cycles of tables, and what is there already."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from schema_models import DDLCore, two_tables

from ormolu import exc
from ormolu.schema import (
    Column,
    CreateTable,
    CreateView,
    DropTable,
    ForeignKey,
    MetaData,
    Table,
)
from ormolu.schema.create import create_all_plan, drop_all_plan
from ormolu.sql import select
from ormolu.types import Integer


def circle(**options: Any) -> MetaData:
    metadata = MetaData()
    for name, other in (("x", "y"), ("y", "x")):
        fk = ForeignKey(f"{other}.id", name=f"fk_{name}", **options)
        Table(name, metadata, Column("id", Integer, primary_key=True), Column(other, fk))
    return metadata


# -- tables


def test_sorted_tables_follow_foreign_keys() -> None:
    assert [table.name for table in two_tables().sorted_tables] == ["b", "a"]


def test_sorted_tables_warn_of_cycles() -> None:
    with pytest.warns(exc.SAWarning, match='between tables "x, y"'):
        assert [table.name for table in circle().sorted_tables] == ["x", "y"]


def test_create_all_creates_what_is_missing_with_its_indexes() -> None:
    core = DDLCore()
    log = core.run(create_all_plan(core, two_tables(), None, True))
    assert log == ["create_table b", "create_table a", "create_index ix_a_b_id"]
    core = DDLCore(present=("b",))
    log = core.run(create_all_plan(core, two_tables(), None, True))
    assert log == ["create_table a", "create_index ix_a_b_id"]


def test_drop_all_drops_what_is_there_in_reverse() -> None:
    core = DDLCore(present=("a", "b"))
    log = core.run(drop_all_plan(core, two_tables(), None, True))
    assert log == ["drop_table a", "drop_table b"]


def test_cycles_are_closed_by_alter_where_the_database_can() -> None:
    core = DDLCore()
    log = core.run(create_all_plan(core, circle(), None, False))
    assert log == ["create_table x", "create_table y", "add_constraint fk_x", "add_constraint fk_y"]
    core = DDLCore()
    log = core.run(drop_all_plan(core, circle(), None, False))
    assert log == ["drop_constraint fk_x", "drop_constraint fk_y", "drop_table y", "drop_table x"]


def test_cycles_without_alter_are_created_inline_and_dropped_with_a_warning() -> None:
    core = DDLCore(alter=False)
    assert core.run(create_all_plan(core, circle(), None, False)) == [
        "create_table x",
        "create_table y",
    ]
    with pytest.warns(exc.SAWarning, match="backend does not support ALTER"):
        core.run(drop_all_plan(core, circle(), None, False))


def test_a_nameless_cycle_can_not_be_dropped_by_alter() -> None:
    metadata = MetaData()
    for name, other in (("x", "y"), ("y", "x")):
        Table(name, metadata, Column("id", Integer), Column(other, ForeignKey(f"{other}.id")))
    core = DDLCore()
    with pytest.raises(exc.CircularDependencyError, match="have names"):
        core.run(drop_all_plan(core, metadata, None, False))


def test_a_view_is_copied_with_its_statement() -> None:
    metadata, other = MetaData(), MetaData()
    table = Table("t", metadata, Column("id", Integer))
    view = CreateView(select(table), "v", metadata=metadata).table
    for each in metadata.sorted_tables:
        each.to_metadata(other)
    copy = other.tables["v"]
    assert copy.is_view and view.is_view and copy is not view
    core = DDLCore()
    assert core.run(create_all_plan(core, other, None, False)) == [
        "create_table t",
        "create_view v",
    ]
    core = DDLCore()
    assert core.run(drop_all_plan(core, other, None, False)) == ["drop_view v", "drop_table t"]


def test_the_statements_of_a_table_can_be_set() -> None:
    table = Table("t", MetaData(), Column("id", Integer))
    table.set_creator_ddl(CreateTable(table, if_not_exists=True))
    table.set_dropper_ddl(DropTable(table, if_exists=True))
    seen: list[Any] = []

    class Keeping(DDLCore):
        def execute_ddl_plan(self, node: Any) -> Generator[Any, Any, None]:
            seen.append(node)
            yield from ()

    core = Keeping()
    for plan in (create_all_plan, drop_all_plan):
        list(plan(core, table.metadata, None, False))
    assert [(node.if_exists, node.if_not_exists) for node in seen] == [(False, True), (True, False)]
