"""Work that asks no database: attributes, objects, building statements."""

from __future__ import annotations

import importlib
from typing import Any

from bench.library import Library
from bench.workload import Timed

VALUES: dict[str, Any] = {
    "name": "n", "email": "e", "age": 1, "score": 1.0, "city": "c", "note": "t", "active": 1
}  # fmt: skip


def reads(one: Any, times: int) -> Timed:
    """Read an attribute of an object so often."""

    def timed() -> None:
        for _ in range(times // 10):
            # fmt: off
            one.name; one.name; one.name; one.name; one.name  # noqa: B018, E702
            one.name; one.name; one.name; one.name; one.name  # noqa: B018, E702
            # fmt: on

    return timed


def writes(one: Any, times: int) -> Timed:
    """Write an attribute of an object so often."""

    def timed() -> None:
        for _ in range(times // 10):
            # fmt: off
            one.name = "a"; one.name = "b"; one.name = "c"  # noqa: E702
            one.name = "d"; one.name = "e"; one.name = "f"  # noqa: E702
            one.name = "g"; one.name = "h"; one.name = "i"  # noqa: E702
            one.name = "j"
            # fmt: on

    return timed


def constructions(cls: Any, times: int) -> Timed:
    """Make so many objects of a class."""
    return lambda: [
        cls(name="n", email="e", age=1, score=1.0, city="c", note="t", active=1)
        for _ in range(times)
    ]


def _loaded(lib: Library) -> Any:
    session = lib.session(lib.engine(items=1))
    return session.scalars(lib.sql.select(lib.Item)).one()


def read(lib: Library) -> Timed:
    return reads(_loaded(lib), lib.sizes.touches)


def write(lib: Library) -> Timed:
    return writes(_loaded(lib), lib.sizes.touches)


def construct(lib: Library) -> Timed:
    return constructions(lib.Item, lib.sizes.constructions)


def core_build(lib: Library) -> Timed:
    """A join, three conditions, an order and a limit: built, and its compiled form found.

    Of SQLAlchemy, building and the key of its cache are measured, without the search.
    """
    engine = lib.engine()
    sql = lib.sql
    parent, child = lib.Parent.__table__, lib.Child.__table__
    on = child.c.parent_id == parent.c.id

    def one(number: int) -> Any:
        return (
            sql.select(parent.c.id, child.c.id)
            .join(child, on)
            .where(child.c.id > number, parent.c.name == "x", child.c.name != "y")
            .order_by(child.c.id)
            .limit(10)
        )

    times = range(lib.sizes.builds)
    if lib.name == "ormolu":
        find = importlib.import_module("ormolu.engine.prepared").prepared_for
        find(engine.core, one(0))
        return lambda: [find(engine.core, one(i)) for i in times]
    return lambda: [one(i)._generate_cache_key() for i in times]
