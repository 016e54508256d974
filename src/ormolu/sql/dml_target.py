"""`from_dml_column`: the value that an INSERT or UPDATE gives another column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from ..exc import ArgumentError
from . import coercion
from .elements import ColumnElement
from .node import NODE, Kind

__all__ = ["DMLTargetCopy", "from_dml_column"]

_T = TypeVar("_T")


class DMLTargetCopy(ColumnElement[_T]):
    """Stands for what the statement gives ``column``; see `from_dml_column`."""

    __slots__ = ("column",)
    _fields: ClassVar[Mapping[str, Kind]] = {"column": NODE}
    __visit_name__ = "dmltargetcopy"

    column: Any

    def __init__(self, column: Any) -> None:
        found = coercion.resolve(column)
        if not isinstance(found, ColumnElement):
            raise ArgumentError(f"Column expression expected, got {column!r}.")
        self.column = found
        self.type = found.type
        self._seal()

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()


def from_dml_column(column: Any) -> DMLTargetCopy[Any]:
    """The value or expression that an INSERT or UPDATE gives another of its columns.

    ``insert(t).values(x=func.f(3), y=from_dml_column(t.c.x) + 5)``. In an UPDATE that gives the
    column nothing it is the column itself; in such an INSERT it raises `CompileError` when it is
    compiled, and outside of both. Raises `ArgumentError` for what is no column.
    """
    return DMLTargetCopy(column)
