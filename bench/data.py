"""What the tables hold, the same rows every time, and the statements that raw drivers send."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

COLUMNS = ("name", "email", "age", "score", "city", "note", "active")
_NAMES = ", ".join(COLUMNS)

SELECT_ITEM = f"SELECT id, {_NAMES} FROM item"
SELECT_PARENT = "SELECT id, name FROM parent"
SELECT_CHILD = "SELECT id, name, parent_id FROM child"
SELECT_FAMILY = (
    "SELECT parent.id, parent.name, child.id, child.name, child.parent_id"
    " FROM parent LEFT OUTER JOIN child ON parent.id = child.parent_id"
)
INSERT_PARENT = "INSERT INTO parent (id, name)"
INSERT_CHILD = "INSERT INTO child (id, name, parent_id)"
CONTENTS = f"SELECT {_NAMES} FROM item ORDER BY id"


def insert_item(marks: Sequence[str]) -> str:
    """The INSERT of an item, with a driver's marks for its seven values."""
    return f"INSERT INTO item ({_NAMES}) VALUES ({', '.join(marks)})"


INSERT_ITEM = insert_item("?" * len(COLUMNS))


def item_values(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """`count` rows of the `item` table as keyword arguments, the same ones every time."""
    rng = random.Random(seed)
    return [
        {
            "name": f"name {i}",
            "email": f"user{i}@example.org",
            "age": rng.randrange(18, 90),
            "score": rng.random() * 100,
            "city": rng.choice(("Rome", "Oslo", "Lima", "Pune", "Kyoto")),
            "note": None if i % 3 else f"note {i}",
            "active": i % 2,
        }
        for i in range(count)
    ]


def item_rows(count: int) -> list[tuple[Any, ...]]:
    """The same as tuples."""
    return [tuple(values.values()) for values in item_values(count)]


def changed_names(count: int) -> list[tuple[str, int]]:
    """A new name for each of the first `count` items, and its key."""
    return [(f"new {i}", i) for i in range(1, count + 1)]


def parent_rows(parents: int) -> list[tuple[int, str]]:
    """Rows of the `parent` table."""
    return [(p, f"parent {p}") for p in range(1, parents + 1)]


def child_rows(parents: int, children: int) -> list[tuple[int, str, int]]:
    """Rows of the `child` table, `children` of them for each parent."""
    pairs = [(p, c) for p in range(1, parents + 1) for c in range(children)]
    return [(i, f"child {c}", p) for i, (p, c) in enumerate(pairs, 1)]
