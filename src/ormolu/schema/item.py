"""What every thing in a schema is: `SchemaItem`, which is attached to a column or a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from ormolu.exc import ArgumentError
from ormolu.inspection import self_inspecting

from .events import SchemaEventTarget

next_creation_order: Callable[[], int] = itertools.count(1).__next__
"""Numbers schema items in the order in which they were made: the order of a table's constraints."""


@self_inspecting
class SchemaVisitable(SchemaEventTarget):
    """What a `SchemaVisitor` can visit, by the name of its class: ``visit_<__visit_name__>``."""

    __slots__ = ()

    __visit_name__: ClassVar[str] = "schema_visitable"


class SchemaItem(SchemaVisitable):
    """Base of constraints, indexes, defaults, sequences: whatever belongs to a table or column."""

    __slots__ = ()

    __visit_name__: ClassVar[str] = "schema_item"

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary for the user's own notes about this item."""
        found: dict[Any, Any] | None = getattr(self, "_info", None)
        if found is None:
            found = {}
            object.__setattr__(self, "_info", found)
        return found

    def _set_parent(self, parent: Any, **options: Any) -> None:
        """Attach to a column or a table."""
        raise ArgumentError(f"{self!r} can't be attached to {parent!r}")

    def _attach_to(self, parent: Any, **options: Any) -> None:
        """Attach to a column or a table, between the two events of attaching."""
        dispatch = self.dispatch
        for handler in dispatch.before_parent_attach:
            handler(self, parent)
        self._set_parent(parent, **options)
        for handler in dispatch.after_parent_attach:
            handler(self, parent)


def copied_info(item: Any) -> dict[Any, Any] | None:
    """The user's notes about an item, for a copy of it; None where there are none."""
    return dict(item._info) if item._info else None


def _meant(item: Any) -> str:
    """What to write instead of an argument that is no schema item, where it can be guessed."""
    if isinstance(item, str):
        return "; the name stands first, before the type, and further columns are Column objects"
    if isinstance(item, type):
        return "; a column's type is a SQL type such as Integer or String(30)"
    return ""


def attach(parent: Any, items: Iterable[Any], **options: Any) -> None:
    """Attach the arguments of a `Table` or `Column` to it, None left out.

    :raises ArgumentError: something is no schema item.
    """
    for item in items:
        if item is None:
            continue
        setter = getattr(item, "_attach_to", None)
        if setter is None:
            raise ArgumentError(
                "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got "
                f"{item!r}{_meant(item)}"
            )
        setter(parent, **options)
