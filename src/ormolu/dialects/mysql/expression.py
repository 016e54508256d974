"""``match()``: full text search in several columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.exc import ArgumentError
from ormolu.sql import coercion
from ormolu.sql import operators as ops
from ormolu.sql.elements import ColumnElement, Grouping, UnaryExpression
from ormolu.sql.node import CONST, NODE, NODES, Kind
from ormolu.types.boolean import MatchType

if TYPE_CHECKING:
    from typing import Self

    from ormolu.sql.operators import Operator

__all__ = ["match"]

_MODES = ("in_boolean_mode", "in_natural_language_mode", "with_query_expansion")
_RELEVANCE = MatchType()


class match(ColumnElement[bool]):
    """``MATCH (a, b) AGAINST ('text' …)``, a condition and a number: how well a row matches.

    https://dev.mysql.com/doc/refman/8.4/en/fulltext-search.html

    :param cols: the columns of a FULLTEXT index.
    :param against: what to look for.
    :param in_boolean_mode: read ``against`` as words with operators; no other mode goes with it.
    :param in_natural_language_mode: read it as text, which is the default.
    :param with_query_expansion: look a second time, with the words of the rows found first.
    :raises ArgumentError: no column, no ``against``, or another keyword.
    """

    __slots__ = ("against", "columns", "modes")
    _fields: ClassVar[Mapping[str, Kind]] = {"columns": NODES, "against": NODE, "modes": CONST}
    __visit_name__ = "mysql_match"
    inherit_cache = True

    columns: tuple[ColumnElement[Any], ...]
    against: ColumnElement[Any]
    modes: tuple[bool, ...]

    def __init__(self, *cols: Any, **kw: Any) -> None:
        if not cols:
            raise ArgumentError("columns are required: write match(t.c.title, against='…')")
        if kw.get("against") is None:
            raise ArgumentError("against is required: write match(t.c.title, against='…')")
        self.against = coercion.operand(kw.pop("against"))
        self.columns = tuple([coercion.expression(column) for column in cols])
        self.modes = tuple([bool(kw.pop(mode, False)) for mode in _MODES])
        if kw:
            known = ", ".join(("against", *_MODES))
            raise ArgumentError(f"unknown arguments: {', '.join(sorted(kw))}; there are {known}")
        self.type = _RELEVANCE
        self._seal()

    @property
    def modifiers(self) -> Mapping[str, bool]:
        """Mode -> whether it is on."""
        return dict(zip(_MODES, self.modes, strict=True))

    def in_boolean_mode(self) -> Self:
        """A copy ``IN BOOLEAN MODE``."""
        return self._with("in_boolean_mode")

    def in_natural_language_mode(self) -> Self:
        """A copy ``IN NATURAL LANGUAGE MODE``."""
        return self._with("in_natural_language_mode")

    def with_query_expansion(self) -> Self:
        """A copy ``WITH QUERY EXPANSION``."""
        return self._with("with_query_expansion")

    def _with(self, mode: str) -> Self:
        return self._copy(modes=tuple({**self.modifiers, mode: True}.values()))

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        # It is a condition as it stands: no "= 1" after it.
        if against in (None, ops.is_true) or not ops.is_precedent(ops.match_op, against):
            return self
        return Grouping(self)

    def _negate(self) -> ColumnElement[Any]:
        return UnaryExpression(self.self_group(ops.inv), operator=ops.inv, type_=_RELEVANCE)
