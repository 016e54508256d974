"""What one flush has done so far: the record that *accept* and *restore* read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu.orm.flush.keys import Undo

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper

Dicts = list[dict[str, Any]]


class Execution:
    """A flush while it runs.

    `undo` and `generated` say what was written into the dicts of pending objects. `inserted`,
    `rekeyed` (the primary key was changed) and `deleted` say what succeeded; `stale_names` which
    attributes of which objects have a value in the database that Python doesn't know (an SQL
    expression, a server-side `onupdate`). `changed` lists the objects that are clean when the flush
    is over, whether or not an UPDATE was needed.
    """

    __slots__ = (
        "changed",
        "deleted",
        "generated",
        "inserted",
        "rekeyed",
        "session",
        "stale_names",
        "undo",
    )

    def __init__(self, session: Any) -> None:
        self.session = session
        self.undo: Undo = []
        self.generated: list[tuple[Dicts, list[str]]] = []
        self.inserted: list[tuple[Mapper, list[Any], Dicts]] = []
        self.rekeyed: list[tuple[Mapper, list[Any]]] = []
        self.deleted: list[tuple[Mapper, list[Any], list[Any]]] = []
        self.changed: list[list[Any]] = []
        self.stale_names: list[tuple[Any, list[str]]] = []
