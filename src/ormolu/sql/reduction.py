"""Which of several columns say the same: what ``Select.reduce_columns()`` leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import operators as ops
from .boolean import BooleanClauseList
from .elements import ColumnElement


def reduced(
    columns: Iterable[ColumnElement[Any]], conditions: Iterable[Any], only_synonyms: bool
) -> list[ColumnElement[Any]]:
    """The columns without those that refer to another one or are equal to it by a condition.

    ``only_synonyms`` compares columns of one name only.
    """
    found = list({id(column): column for column in columns}.values())
    omitted = {id(column) for column in found if _refers_to_another(column, found, only_synonyms)}
    for left, right in _equalities(conditions):
        there = [c for c in found if id(c) not in omitted]
        first = next((c for c in there if c.shares_lineage(left)), None)
        second = next((c for c in there if c.shares_lineage(right)), None)
        if first is None or second is None or first is second:
            continue
        if not only_synonyms or first.name == second.name:
            omitted.add(id(second))
    return [column for column in found if id(column) not in omitted]


def _refers_to_another(column: Any, columns: list[Any], only_synonyms: bool) -> bool:
    targets = [key.column for key in column.foreign_keys]
    return any(
        other is not column
        and other.shares_lineage(target)
        and (not only_synonyms or other.name == column.name)
        for target in targets
        for other in columns
    )


def _equalities(conditions: Iterable[Any]) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for condition in conditions:
        if isinstance(condition, BooleanClauseList) and condition.operator is ops.and_:
            found += _equalities(condition.clauses)
        elif getattr(condition, "operator", None) is ops.eq:
            found.append((condition.left, condition.right))
    return found
