"""UNION, INTERSECT and EXCEPT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from ..exc import ArgumentError
from .elements import ColumnElement
from .generative import GenerativeSelect
from .node import CONST, NODES, Kind
from .selectbase import SelectGrouping

KEYWORDS: Final = frozenset(
    ("UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL")
)


class Combinable:
    """Mixin: the methods that combine a statement with others."""

    __slots__ = ()

    def union(self, *other: Any) -> CompoundSelect:
        """``this UNION other``."""
        return CompoundSelect("UNION", self, *other)

    def union_all(self, *other: Any) -> CompoundSelect:
        """``this UNION ALL other``."""
        return CompoundSelect("UNION ALL", self, *other)

    def intersect(self, *other: Any) -> CompoundSelect:
        """``this INTERSECT other``."""
        return CompoundSelect("INTERSECT", self, *other)

    def intersect_all(self, *other: Any) -> CompoundSelect:
        """``this INTERSECT ALL other``."""
        return CompoundSelect("INTERSECT ALL", self, *other)

    def except_(self, *other: Any) -> CompoundSelect:
        """``this EXCEPT other``."""
        return CompoundSelect("EXCEPT", self, *other)

    def except_all(self, *other: Any) -> CompoundSelect:
        """``this EXCEPT ALL other``."""
        return CompoundSelect("EXCEPT ALL", self, *other)


class CompoundSelect(Combinable, GenerativeSelect):
    """Statements combined by ``keyword``; its columns have the names of the first statement's.

    Raises `ArgumentError` when they don't all have the same number of columns.
    """

    __slots__ = ("keyword", "selects")
    _fields: ClassVar[Mapping[str, Kind]] = {"keyword": CONST, "selects": NODES}
    __visit_name__ = "compound_select"

    keyword: str
    selects: tuple[Any, ...]

    def __init__(self, keyword: str, *selects: Any) -> None:
        self._init_generative()
        self.keyword = keyword
        parts = [_part(select) for select in selects]
        first = len(parts[0]._selected) if parts else 0
        for number, part in enumerate(parts[1:], 2):
            if len(part._selected) != first:
                raise ArgumentError(
                    "All selectables passed to CompoundSelect must have identical numbers of "
                    f"columns; select #1 has {first} columns, select #{number} has "
                    f"{len(part._selected)}"
                )
        self.selects = tuple(parts)
        for part in parts:
            self._plugin = self._plugin or getattr(part, "_plugin", None)
        self._seal()

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        return self.selects[0]._selected  # type: ignore[no-any-return]

    def named_columns(self) -> Any:
        first = self.selects[0]
        return getattr(first, "element", first).named_columns()

    def _derived_froms(self) -> tuple[Any, ...]:
        return tuple(f for s in self.selects for f in getattr(s, "element", s)._derived_froms())


def _part(select: Any) -> Any:
    if hasattr(select, "__clause_element__"):
        select = select.__clause_element__()
    if isinstance(select, CompoundSelect):
        return SelectGrouping(select)
    if not hasattr(select, "_selected"):
        raise ArgumentError(f"SELECT construct expected in UNION and the like, got {select!r}.")
    if isinstance(select, GenerativeSelect) and (
        select._order_by or select._limit is not None or select._offset is not None
    ):
        return SelectGrouping(select)
    return select


def union(*selects: Any) -> CompoundSelect:
    """``a UNION b``."""
    return CompoundSelect("UNION", *selects)


def union_all(*selects: Any) -> CompoundSelect:
    """``a UNION ALL b``."""
    return CompoundSelect("UNION ALL", *selects)


def intersect(*selects: Any) -> CompoundSelect:
    """``a INTERSECT b``."""
    return CompoundSelect("INTERSECT", *selects)


def intersect_all(*selects: Any) -> CompoundSelect:
    """``a INTERSECT ALL b``."""
    return CompoundSelect("INTERSECT ALL", *selects)


def except_(*selects: Any) -> CompoundSelect:
    """``a EXCEPT b``."""
    return CompoundSelect("EXCEPT", *selects)


def except_all(*selects: Any) -> CompoundSelect:
    """``a EXCEPT ALL b``."""
    return CompoundSelect("EXCEPT ALL", *selects)
