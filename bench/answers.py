"""What came of a run, in a form that is the same whoever did it: the contestants must agree.

Asked after the clock has stopped. Rows of a driver, rows of a library and objects come to plain
tuples; of a workload that writes, the answer is what the table holds afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from bench.data import COLUMNS
from bench.places import Place


def items(place: Place, result: Iterable[Any]) -> list[Any]:
    """Items: rows of eight columns, or objects."""
    if not (found := list(result)) or not hasattr(found[0], "email"):
        return sorted(tuple(row) for row in found)
    return sorted(tuple(getattr(one, name) for name in ("id", *COLUMNS)) for one in found)


def _children(result: Any) -> Iterator[tuple[Any, ...]]:
    for one in result:
        if isinstance(one, list):  # one parent's, asked for by itself
            yield from _children(one)
        elif hasattr(one, "children"):
            for child in one.children:
                yield child.id, child.name, child.parent_id
        else:
            yield tuple(one)[-3:]


def children(place: Place, result: Any) -> list[Any]:
    """Children, however they came with their parents: (id, name, parent's id)."""
    return sorted(_children(result))


def rows(place: Place, result: Iterable[Any]) -> list[Any]:
    """Rows, or lists of rows, or single values."""
    return [
        rows(place, one)
        if isinstance(one, list)
        else one
        if isinstance(one, str | int)
        else tuple(one)
        for one in result
    ]


def table(place: Place, result: Any) -> list[Any]:
    """What the table of items holds."""
    return place.contents()


def nothing(place: Place, result: Any) -> list[Any]:
    """There is no answer: the work is all there is."""
    return []


def digest(answer: list[Any]) -> str:
    """A short form of an answer: how long it is, and a hash."""
    return f"{len(answer)} {hashlib.sha256(repr(answer).encode()).hexdigest()[:16]}"
