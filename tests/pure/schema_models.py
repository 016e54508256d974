"""Two tables, and a connection that writes DDL down."""

from __future__ import annotations

from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

from ormolu.compiler.features import Features
from ormolu.schema import (
    Column,
    ForeignKey,
    MetaData,
    Table,
)
from ormolu.types import Integer


class DDLCore:
    """A connection core that writes DDL down; ``present`` tables exist."""

    checks_first = True

    def __init__(self, alter: bool = True, present: tuple[str, ...] = ()) -> None:
        self.log: list[str] = []
        self.present = present
        self.dialect = SimpleNamespace(
            features=Features(alter=alter),
            has_multi_table_plan=self.has_multi_table_plan,
            create_types_plan=self.no_types_plan,
            drop_types_plan=self.no_types_plan,
            table_order=lambda tables: (),
        )

    def has_multi_table_plan(
        self, core: Any, names: list[str], schema: Any
    ) -> Generator[Any, Any, set[str]]:
        yield ("has_multi_table", *names)
        return set(names) & set(self.present)

    def no_types_plan(self, core: Any, tables: Any, checkfirst: Any) -> Generator[Any, Any, None]:
        yield from ()

    def schema_of(self, item: Any) -> str | None:
        schema: str | None = item.schema
        return schema

    def execute_ddl_plan(self, node: Any) -> Generator[Any, Any, None]:
        self.log.append(f"{node.__visit_name__} {node.element.name}")
        yield ("execute", node)

    def run(self, plan: Generator[Any, Any, None]) -> list[str]:
        reply = None
        try:
            while True:
                request = plan.send(reply)
                reply = None
                assert request
        except StopIteration:
            return self.log


def two_tables() -> MetaData:
    metadata = MetaData()
    Table("a", metadata, Column("b_id", ForeignKey("b.id"), index=True))
    Table("b", metadata, Column("id", Integer, primary_key=True))
    return metadata
