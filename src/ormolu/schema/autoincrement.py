"""Which primary key column takes its values from a counter of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu.exc import ArgumentError
from ormolu.types import Integer, Numeric

if TYPE_CHECKING:
    from .column import Column


def counts_up(column: Column[Any], alone: bool) -> bool:
    """Whether the database counts up the values of this primary key column."""
    wanted = column.autoincrement
    explicit = wanted is True or column.identity is not None
    if wanted is False or not (explicit or (alone and wanted in ("auto", "ignore_fk"))):
        return False
    if not issubclass(column.type._type_affinity, (Integer, Numeric)):
        if wanted is True:
            raise ArgumentError(
                f"Column type {column.type} on column '{column}' is not compatible with "
                "autoincrement=True"
            )
        return False
    if issubclass(column.type._type_affinity, Numeric) and not explicit:
        return False
    if explicit:
        return column.default is None or column.default.is_sequence
    if column.foreign_keys and wanted != "ignore_fk":
        return False
    default = column.default
    made_elsewhere = default is not None and not default.is_sequence
    return column.server_default is None and not made_elsewhere


def ascends(column: Column[Any]) -> bool:
    """Whether a counted key grows from row to row, so that rows can be told apart by its order."""
    counter: Any = column.identity if column.identity is not None else column.default
    increment, cycle = getattr(counter, "increment", None), getattr(counter, "cycle", None)
    return not cycle and (increment is None or increment > 0)
