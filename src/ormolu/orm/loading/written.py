"""INSERT, UPDATE and DELETE of mapped classes as Core statements."""

from __future__ import annotations

from typing import Any

__all__ = ["column_key", "plain"]


def plain(statement: Any, mapper: Any, **changes: Any) -> Any:
    """The Core statement of an ORM one: attribute names become those of their columns."""
    if not statement.is_delete:
        changes["_keys"] = tuple([column_key(mapper, key) for key in statement._keys])
    if statement.is_insert and statement._multi_keys:
        changes["_multi_keys"] = tuple(
            [tuple([column_key(mapper, key) for key in row]) for row in statement._multi_keys]
        )
    lowered = statement._copy(_entity=None, **changes)
    lowered._plugin = None
    return lowered


def column_key(mapper: Any, name: str) -> str:
    """The column's key for an attribute's name; unknown names are left to the compiler."""
    column = mapper.columns.get(name)
    return name if column is None else column.key
