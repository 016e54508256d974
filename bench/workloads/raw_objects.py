"""What the work on objects and statements costs without a library: no database is asked."""

from __future__ import annotations

from typing import Any

from bench.places import Place
from bench.workload import Timed
from bench.workloads.objects import VALUES, constructions, reads, writes


class Plain:
    """A class without any mapping: what an attribute costs in Python itself."""

    def __init__(
        self, name: str, email: str, age: int, score: float, city: str, note: str, active: int
    ) -> None:
        self.name = name
        self.email = email
        self.age = age
        self.score = score
        self.city = city
        self.note = note
        self.active = active


def read(place: Place) -> Timed:
    return reads(Plain(**VALUES), place.sizes.touches)


def write(place: Place) -> Timed:
    return writes(Plain(**VALUES), place.sizes.touches)


def construct(place: Place) -> Timed:
    return constructions(Plain, place.sizes.constructions)


def core_build(place: Place) -> Timed:
    """The text joined from its parts, as a program without a toolkit does."""
    conditions = ["child.id > ?", "parent.name = ?", "child.name != ?"]

    def timed() -> Any:
        found = []
        for i in range(place.sizes.builds):
            text = (
                "SELECT parent.id, child.id FROM parent JOIN child ON child.parent_id = parent.id"
            )
            text += " WHERE " + " AND ".join(conditions) + " ORDER BY child.id LIMIT ?"
            found.append((text, (i, "x", "y", 10)))
        return found

    return timed
