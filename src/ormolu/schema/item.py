"""What every thing in a schema is: `SchemaItem`, which is attached to a column or a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from ormolu.exc import ArgumentError

next_creation_order: Callable[[], int] = itertools.count(1).__next__
"""Numbers schema items in the order in which they were made: the order of a table's constraints."""


class SchemaItem:
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


def attach(parent: Any, items: Iterable[Any], **options: Any) -> None:
    """Attach the arguments of a `Table` or `Column` to it, None left out.

    :raises ArgumentError: something is no schema item.
    """
    for item in items:
        if item is None:
            continue
        setter = getattr(item, "_set_parent", None)
        if setter is None:
            raise ArgumentError(
                f"'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {item!r}"
            )
        setter(parent, **options)


def split_dialect_options(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """``{"mysql_engine": "InnoDB"}`` as ``{"mysql": {"engine": "InnoDB"}}``.

    :raises TypeError: a keyword that has no dialect's name before it.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, value in options.items():
        dialect, separator, rest = name.partition("_")
        if not separator or not rest:
            raise TypeError(
                f"Additional arguments should be named <dialectname>_<argument>, got {name!r}"
            )
        found.setdefault(dialect, {})[rest] = value
    return found


class DialectOptions(dict[str, dict[str, Any]]):
    """Options by dialect; a dialect that has none gives an empty dictionary."""

    def __missing__(self, key: str) -> dict[str, Any]:
        found = self[key] = {}
        return found
