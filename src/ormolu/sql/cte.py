"""Common table expressions: ``WITH name AS (…)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .fromclause import Alias
from .node import CONST, NODE, NODES, AnonName, Kind
from .selectables import HasPrefixes, HasSuffixes
from .selectbase import _CTE, Subquery, _SelectFrom

if TYPE_CHECKING:
    from typing import Self

    from .selectbase import SelectBase


class CTE(HasPrefixes, HasSuffixes, _SelectFrom):
    """A statement named in WITH.

    ``_restates`` is the CTE that this one replaces (a recursive one, before its UNION was added);
    both have one name. Prefixes and suffixes stand before and after the statement's parentheses.
    """

    __slots__ = (
        "_restates",
        "nesting",
        "prefix_dialects",
        "prefixes",
        "recursive",
        "suffix_dialects",
        "suffixes",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "recursive": CONST,
        "nesting": CONST,
        "_restates": NODE,
        "prefixes": NODES,
        "prefix_dialects": CONST,
        "suffixes": NODES,
        "suffix_dialects": CONST,
    }
    __visit_name__ = "cte"

    recursive: bool
    nesting: bool
    prefixes: tuple[Any, ...]
    prefix_dialects: tuple[str, ...]
    suffixes: tuple[Any, ...]
    suffix_dialects: tuple[str, ...]
    _restates: CTE | None

    def __init__(
        self,
        element: Any,
        name: str | None = None,
        recursive: bool = False,
        nesting: bool = False,
        *,
        _restates: CTE | None = None,
    ) -> None:
        self.recursive = recursive
        self.nesting = nesting
        self._restates = _restates
        self.prefixes = self.prefix_dialects = self.suffixes = self.suffix_dialects = ()
        super().__init__(element, name)

    def _with_prefixes(self, prefixes: tuple[Any, ...], dialect: str) -> Self:
        return self._copy(
            prefixes=self.prefixes + prefixes,
            prefix_dialects=self.prefix_dialects + (dialect,) * len(prefixes),
            _columns=None,
        )

    def _with_suffixes(self, suffixes: tuple[Any, ...], dialect: str) -> Self:
        return self._copy(
            suffixes=self.suffixes + suffixes,
            suffix_dialects=self.suffix_dialects + (dialect,) * len(suffixes),
            _columns=None,
        )

    def alias(self, name: str | None = None, flat: bool = False) -> Alias:
        """``name_of_this AS name``."""
        return CTEAlias(self, AnonName("anon") if name is None else name)

    def union(self, *other: Any) -> CTE:
        """This CTE with ``UNION other`` added, for recursion."""
        return self._restated(self.element.union(*other))

    def union_all(self, *other: Any) -> CTE:
        """This CTE with ``UNION ALL other`` added, for recursion."""
        return self._restated(self.element.union_all(*other))

    def _restated(self, element: Any) -> CTE:
        new = CTE(element, self.name, self.recursive, self.nesting, _restates=self)
        if not (self.prefixes or self.suffixes):
            return new
        return new._copy(
            prefixes=self.prefixes,
            prefix_dialects=self.prefix_dialects,
            suffixes=self.suffixes,
            suffix_dialects=self.suffix_dialects,
        )


class CTEAlias(Alias):
    """A CTE under another name."""

    __slots__ = ()
    __visit_name__ = "cte_alias"


_CTE.append(CTE)


def cte(
    selectable: SelectBase, name: str | None = None, recursive: bool = False, nesting: bool = False
) -> CTE:
    """``WITH name AS (selectable)``."""
    return selectable.cte(name, recursive, nesting)


def subquery(selectable: Any, name: str | None = None) -> Subquery:
    """``(selectable) AS name``."""
    return Subquery(selectable, name)
