"""TABLESAMPLE: some rows of a table, chosen by the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from . import coercion
from .fromclause import _SAMPLE, AliasedReturnsRows, FromClause
from .functions import Function, FunctionElement
from .node import NODE, Kind


class TableSample(AliasedReturnsRows):
    """``table AS name TABLESAMPLE method(…) REPEATABLE (seed)``.

    Parameters: ``sampling``, the method as a function, or a number or text for ``system(…)``.
    """

    __slots__ = ("sampling", "seed")
    _fields: ClassVar[Mapping[str, Kind]] = {"sampling": NODE, "seed": NODE}
    __visit_name__ = "tablesample"

    sampling: Any
    seed: Any

    def __init__(
        self, element: Any, sampling: Any, name: str | None = None, seed: Any = None
    ) -> None:
        if not isinstance(sampling, FunctionElement):
            sampling = Function("system", sampling)
        self.sampling = sampling
        self.seed = None if seed is None else coercion.operand(seed)
        super().__init__(element, name)


_SAMPLE.append(TableSample)


def tablesample(
    selectable: FromClause, sampling: Any, name: str | None = None, seed: Any = None
) -> TableSample:
    """``selectable AS name TABLESAMPLE …``."""
    return TableSample(coercion.from_(selectable), sampling, name, seed)
