"""Every node has a method in a compiler, and every SQLite type keeps its values."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

import ormolu.schema
import ormolu.sql  # noqa: F401
from ormolu import types
from ormolu.compiler import SQLCompiler
from ormolu.compiler.ddl import DDLCompiler
from ormolu.dialects.sqlite import SQLiteDialect
from ormolu.sql.node import Node

#: Parts that the method of the statement they belong to writes.
WRITTEN_BY_THEIR_OWNER = {"join_spec", "for_update", "rare"}


def concrete_nodes() -> list[type[Node]]:
    found: list[type[Node]] = []
    waiting = [Node]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.startswith(("ormolu.sql", "ormolu.schema")):
            found.append(cls)
    return [cls for cls in found if cls.__visit_name__ != Node.__visit_name__]


@pytest.mark.parametrize("cls", concrete_nodes(), ids=lambda cls: cls.__qualname__)
def test_a_node_has_a_visit_method(cls: type[Node]) -> None:
    name = cls.__visit_name__
    known = hasattr(SQLCompiler, f"visit_{name}") or hasattr(DDLCompiler, f"visit_{name}")
    assert known or name in WRITTEN_BY_THEIR_OWNER


@pytest.mark.parametrize(
    ("type_", "value", "stored"),
    [
        (types.DateTime(), dt.datetime(2020, 1, 2, 3, 4, 5), "2020-01-02 03:04:05.000000"),
        (types.TIMESTAMP(), dt.datetime(2020, 1, 2, 3, 4, 5, 6), "2020-01-02 03:04:05.000006"),
        (types.Date(), dt.date(2020, 1, 2), "2020-01-02"),
        (types.Time(), dt.time(3, 4, 5), "03:04:05.000000"),
        (types.Interval(), dt.timedelta(days=2, seconds=3), "1970-01-03 00:00:03.000000"),
        (types.Numeric(10, 2), Decimal("1.50"), 1.5),
        (types.Boolean(), True, 1),
        (types.JSON(), {"a": [1]}, '{"a": [1]}'),
        (types.Uuid(), uuid.UUID(int=5), "00000000000000000000000000000005"),
        (types.LargeBinary(), b"x", b"x"),
        (types.Enum("a", "b"), "a", "a"),
        (types.String(5), "x", "x"),
        (types.Integer(), 3, 3),
    ],
    ids=repr,
)
def test_a_value_is_stored_and_comes_back(type_: Any, value: Any, stored: Any) -> None:
    dialect = SQLiteDialect()
    write = dialect.bind_processor(type_)
    read = dialect.result_processor(type_)
    assert (value if write is None else write(value)) == stored
    assert (stored if read is None else read(stored)) == value
    assert read is None or read(None) is None
    convert, _ = dialect.result_converter(type_)
    assert (stored if convert is None else convert(stored)) == value


@pytest.mark.parametrize("type_", [types.DateTime(), types.Date(), types.Time()], ids=repr)
def test_a_wrong_python_type_is_refused(type_: Any) -> None:
    write = SQLiteDialect().bind_processor(type_)
    assert write is not None
    with pytest.raises(TypeError, match="only accepts Python"):
        write("2020-01-02")
