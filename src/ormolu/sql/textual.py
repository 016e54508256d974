"""Hand-written SQL as a SELECT with known columns: ``text("…").columns(…)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from . import coercion
from .columns import ColumnClause
from .compound import Combinable
from .elements import ColumnElement
from .node import CONST, NODE, NODES, Kind
from .selectbase import SelectBase
from .text import TextClause

if TYPE_CHECKING:
    from ..types import TypeEngine


class TextualSelect(Combinable, SelectBase):
    """``element`` gives ``column_args``, by position when ``positional``, else by name."""

    __slots__ = ("column_args", "element", "positional")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "element": NODE,
        "column_args": NODES,
        "positional": CONST,
    }
    __visit_name__ = "textual_select"

    element: TextClause
    column_args: tuple[Any, ...]
    positional: bool

    def __init__(
        self, text: TextClause, columns: Sequence[Any], types: Mapping[str, TypeEngine[Any]]
    ) -> None:
        self._init_executable()
        self._names = None
        self.element = text
        self.positional = bool(columns) and not types
        resolved = [_with_type(coercion.select_column(column), types) for column in columns]
        names = {getattr(column, "name", None) for column in resolved}
        extra: list[Any] = [ColumnClause(n, t) for n, t in types.items() if n not in names]
        self.column_args = (*resolved, *extra)
        for column in resolved:
            self._plugin = self._plugin or column._plugin
        self._seal()

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        return tuple([coercion.resolve(column) for column in self.column_args])

    def bindparams(self, *binds: Any, **bind_as_values: Any) -> TextualSelect:
        """A copy whose text has these binds."""
        return self._copy(element=self.element.bindparams(*binds, **bind_as_values))


TextAsFrom = TextualSelect
"""An older name of `TextualSelect`."""


def _with_type(column: Any, types: Mapping[str, TypeEngine[Any]]) -> Any:
    name: Any = getattr(column, "name", None)
    if name in types:
        return ColumnClause(name, types[name])
    return column


TextClause._select = TextualSelect
