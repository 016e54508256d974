"""The condition that joins two FROM elements when none is written: their foreign keys."""

from __future__ import annotations

from typing import Any

from ..exc import AmbiguousForeignKeysError, NoForeignKeysError, NoReferenceError
from .boolean import and_


def join_condition(left: Any, right: Any, a_subset: Any = None) -> Any:
    """``left.id = right.left_id``, by the one foreign key constraint between the two.

    Raises `NoForeignKeysError` when there is none and `AmbiguousForeignKeysError` when there are
    several; both say to pass the condition.
    """
    found = joined_pairs(left, right)
    if not found and a_subset is not None:
        found = joined_pairs(a_subset, right)
    if not found:
        raise NoForeignKeysError(
            f"Can't find any foreign key relationships between {left.description!r} and "
            f"{right.description!r}; write the join condition as the second argument of join()"
        )
    if len(found) > 1:
        raise AmbiguousForeignKeysError(
            f"Can't determine join between {left.description!r} and {right.description!r}; tables "
            "have more than one foreign key constraint relationship between them. Please specify "
            "the 'onclause' of this join explicitly."
        )
    (pairs,) = found.values()
    return and_(*[one == other for one, other in pairs])


def joined_pairs(left: Any, right: Any) -> dict[Any, list[tuple[Any, Any]]]:
    """Pairs (referred-to column, foreign key column) by constraint, in the order of the columns."""
    found: dict[Any, list[tuple[Any, Any]]] = {}
    for child, parent in ((right, left), (left, right)) if left is not right else ((right, left),):
        for column in child._all_from_columns:
            for key in sorted(column.foreign_keys, key=_creation_order):
                try:
                    target = key.get_referent(parent)
                except NoReferenceError as error:
                    if error.table_name in (left.name, right.name):
                        raise  # the name is right: the two are of different MetaData
                    continue
                if target is not None:
                    found.setdefault(key.constraint, []).append((target, column))
    return found


def _creation_order(key: Any) -> int:
    return getattr(key.parent, "_creation_order", 0)
