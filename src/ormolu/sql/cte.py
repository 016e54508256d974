"""Common table expressions: ``WITH name AS (…)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from .fromclause import Alias
from .node import CONST, NODE, Kind
from .selectbase import _CTE, Subquery, _SelectFrom


class CTE(_SelectFrom):
    """A statement named in WITH.

    ``_restates`` is the CTE that this one replaces (a recursive one, before its UNION was added);
    both have one name.
    """

    __slots__ = ("_restates", "nesting", "recursive")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "recursive": CONST,
        "nesting": CONST,
        "_restates": NODE,
    }
    __visit_name__ = "cte"

    recursive: bool
    nesting: bool
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
        super().__init__(element, name)

    def alias(self, name: str | None = None, flat: bool = False) -> Alias:
        """``name_of_this AS name``."""
        return CTEAlias(self, name)

    def union(self, *other: Any) -> CTE:
        """This CTE with ``UNION other`` added, for recursion."""
        return self._restated(self.element.union(*other))

    def union_all(self, *other: Any) -> CTE:
        """This CTE with ``UNION ALL other`` added, for recursion."""
        return self._restated(self.element.union_all(*other))

    def _restated(self, element: Any) -> CTE:
        return CTE(element, self.name, self.recursive, self.nesting, _restates=self)


class CTEAlias(Alias):
    """A CTE under another name."""

    __slots__ = ()
    __visit_name__ = "cte_alias"


_CTE.append(CTE)


def subquery(selectable: Any, name: str | None = None) -> Subquery:
    """``(selectable) AS name``."""
    return Subquery(selectable, name)
