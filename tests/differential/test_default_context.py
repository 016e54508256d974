"""What a default function is told of its row: the same as SQLAlchemy tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

import ormolu

EXECUTIONS: dict[str, Callable[[Any, Any], tuple[Any, ...]]] = {
    "one row": lambda sa, t: (t.insert(), {"x": 1}),
    "many rows": lambda sa, t: (t.insert(), [{"x": 1}, {"x": 2}]),
    "values of many rows": lambda sa, t: (t.insert().values([{"x": 1}, {"x": 2}]),),
    "values of many rows with one": lambda sa, t: (
        t.insert().values([{"x": 1, "y": 4}, {"x": 2, "y": 7}]),
    ),
    "a literal": lambda sa, t: (t.insert().values(x=sa.literal(3)),),
    "an expression": lambda sa, t: (t.insert().values(x=sa.func.abs(3)),),
    "values and parameters": lambda sa, t: (t.insert().values(x=7), {"id": 200}),
    "an update": lambda sa, t: (t.update().values(x=3).where(t.c.id == 1),),
    "an update with a bind": lambda sa, t: (
        t.update().where(t.c.id == sa.bindparam("q")),
        {"q": 2, "x": 4},
    ),
}


def told(sa: Any, execution: Callable[[Any, Any], tuple[Any, ...]]) -> list[Any]:
    seen: list[Any] = []

    def default(context: Any) -> int:
        seen.append(context.get_current_parameters())
        seen.append(context.get_current_parameters(isolate_multiinsert_groups=False))
        # The dictionaries go on being filled in SQLAlchemy.
        seen[-2:] = map(dict, seen[-2:])
        return 5

    engine = sa.create_engine("sqlite://")
    metadata = sa.MetaData()
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.Integer),
        sa.Column("y", sa.Integer, default=default, onupdate=default),
        sa.Column("z", sa.Integer, default=default),
    )
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.execute(*execution(sa, table))
    return seen


@pytest.mark.parametrize("execution", EXECUTIONS.values(), ids=EXECUTIONS)
def test_a_default_function_sees_its_row(execution: Callable[..., tuple[Any, ...]]) -> None:
    assert told(ormolu, execution) == told(sqlalchemy, execution)
