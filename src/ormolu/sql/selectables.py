"""The bases of whatever gives rows, and what statements of several kinds have in common.

`ReturnsRows` is anything with columns to export; a `Selectable` may stand in FROM or be made to.
`HasPrefixes`, `HasSuffixes` and `HasCTE` are mixins of the statements that take them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..exc import ArgumentError
from .clause import ClauseElement
from .label import FixedText

if TYPE_CHECKING:
    from typing import Self

    from .collections import ColumnCollection
    from .cte import CTE
    from .elements import ColumnElement


class ReturnsRows(ClauseElement):
    """Base of everything that gives rows: FROM elements and statements."""

    __slots__ = ()

    @property
    def exported_columns(self) -> ColumnCollection[Any]:
        """The columns that this gives to whatever it stands in."""
        raise TypeError(f"{type(self).__name__} exports no columns")

    @property
    def selectable(self) -> Any:
        """This element."""
        return self

    def is_derived_from(self, fromclause: Any) -> bool:
        """Whether this is made from a FROM element."""
        return fromclause is self


class Selectable(ReturnsRows):
    """Base of what may stand in FROM, as it is or as a subquery."""

    __slots__ = ()

    is_selectable = True

    def corresponding_column(
        self, column: ColumnElement[Any], require_embedded: bool = False
    ) -> Any:
        """The exported column that is ``column`` or stands for it, or None."""
        return self.exported_columns.corresponding_column(column, require_embedded)


class HasPrefixes:
    """Mixin of statements that take text after their first keyword."""

    __slots__ = ()

    def prefix_with(self, *prefixes: Any, dialect: str = "*") -> Self:
        """A copy with these written after the keyword; for one dialect, or ``"*"`` for all."""
        return self._with_prefixes(fixed_texts(prefixes), dialect)

    def _with_prefixes(self, prefixes: tuple[Any, ...], dialect: str) -> Self:
        raise ArgumentError(f"{type(self).__name__} takes no prefixes")


class HasSuffixes:
    """Mixin of statements that take text at their end."""

    __slots__ = ()

    def suffix_with(self, *suffixes: Any, dialect: str = "*") -> Self:
        """A copy with these written at the end; for one dialect, or ``"*"`` for all."""
        return self._with_suffixes(fixed_texts(suffixes), dialect)

    def _with_suffixes(self, suffixes: tuple[Any, ...], dialect: str) -> Self:
        raise ArgumentError(f"{type(self).__name__} takes no suffixes")


class HasCTE:
    """Mixin of statements that may be named in WITH, and may have a WITH of their own."""

    __slots__ = ()

    name_cte_columns: bool = False
    """Whether WITH lists the columns of this statement: VALUES has no names of its own."""

    def add_cte(self, *ctes: CTE, nest_here: bool = False) -> Self:
        """A copy with CTEs in WITH that it doesn't refer to.

        ``nest_here`` writes them in a WITH of this statement, also where it stands in another.
        """
        raise ArgumentError(f"{type(self).__name__} takes no CTEs: add them to a statement")

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> CTE:
        """``WITH name AS (this)``; ``nesting`` writes it in the WITH of the statement around it."""
        return _CTE[0](self, name, recursive, nesting)  # type: ignore[no-any-return]


_CTE: list[Any] = []
"""`CTE`, which registers itself: it is made of statements, which offer ``.cte()``."""


def fixed_texts(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Prefixes or suffixes as nodes: a string stands for itself."""
    return tuple([FixedText(element) if isinstance(element, str) else element for element in given])
