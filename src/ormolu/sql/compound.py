"""UNION, INTERSECT and EXCEPT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..exc import ArgumentError
from .elements import ColumnElement
from .generative import GENERATIVE, GenerativeSelect
from .label_style import LABEL_STYLE_DEFAULT, LABEL_STYLE_NONE
from .node import CONST, NODES, Kind
from .selectbase import SelectGrouping

if TYPE_CHECKING:
    from typing import Self

    from .label_style import SelectLabelStyle

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

    They must all give as many columns, or it can't be compiled.
    """

    __slots__ = (*GENERATIVE, "keyword", "selects")
    _fields: ClassVar[Mapping[str, Kind]] = {**GENERATIVE, "keyword": CONST, "selects": NODES}
    __visit_name__ = "compound_select"

    keyword: str
    selects: tuple[Any, ...]

    def __init__(self, keyword: str, *selects: Any) -> None:
        self._init_generative()
        self.keyword = keyword
        parts = [_part(select) for select in selects]
        self.selects = tuple(parts)
        for part in parts:
            self._plugin = self._plugin or getattr(part, "_plugin", None)
        self._seal()

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        return self.selects[0]._selected  # type: ignore[no-any-return]

    def named_columns(self) -> Any:
        return _ungrouped(self.selects[0]).named_columns()

    def get_label_style(self) -> SelectLabelStyle:
        """How the columns are named: as those of the first statement, and never all as they are."""
        style: SelectLabelStyle = _ungrouped(self.selects[0]).get_label_style()
        return LABEL_STYLE_DEFAULT if style is LABEL_STYLE_NONE else style

    def set_label_style(self, style: SelectLabelStyle) -> Self:
        """A copy whose first statement, which names the columns, names them in another way."""
        if self.get_label_style() is style:
            return self
        return self._with_first(_ungrouped(self.selects[0]).set_label_style(style))

    def _told_apart(self) -> Self:
        first = _ungrouped(self.selects[0])
        apart = first._told_apart()
        return self if apart is first else self._with_first(apart)

    def _with_first(self, select: Any) -> Self:
        return self._copy(selects=(_part(select), *self.selects[1:]))

    def _derived_froms(self) -> tuple[Any, ...]:
        return tuple(f for s in self.selects for f in _ungrouped(s)._derived_froms())


def _part(select: Any) -> Any:
    if hasattr(select, "__clause_element__"):
        select = select.__clause_element__()
    if isinstance(select, CompoundSelect):
        return SelectGrouping(select)
    if not hasattr(select, "_selected"):
        raise ArgumentError(f"SELECT construct expected in UNION and the like, got {select!r}.")
    if isinstance(select, GenerativeSelect) and (
        select._order_by
        or select._limit is not None
        or select._offset is not None
        or select._rare.fetch is not None
    ):
        return SelectGrouping(select)
    return select


def _ungrouped(part: Any) -> Any:
    return part.element if isinstance(part, SelectGrouping) else part


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
