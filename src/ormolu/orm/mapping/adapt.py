"""Putting one entity's columns in the place of another's, in any expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ormolu.sql.traversal import replace


def adapt_columns(expression: Any, columns: Mapping[Any, Any]) -> Any:
    """The expression with the columns that are keys replaced by what they lead to."""
    return replace(expression, columns.get)
