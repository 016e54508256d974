"""How two tables are joined: from foreign keys, or from the condition that is given.

`determine` gives a `JoinPlan`: the conditions, the direction, and the pairs of columns that a
flush copies values between. Cases:

=============== ==================================================== ====================
direction       who holds the foreign key                            pairs
=============== ==================================================== ====================
ONETOMANY       the target                                           (parent's, target's)
MANYTOONE       the parent                                           (parent's, target's)
MANYTOMANY      the ``secondary`` table, to both                     (parent's, secondary's)
=============== ==================================================== ====================

A self-referential relationship could be either; ``remote_side`` names the target's columns: the
foreign key there makes it one-to-many (the default), anything else many-to-one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ormolu import exc
from ormolu.schema import Column
from ormolu.sql import operators as ops
from ormolu.sql.boolean import and_
from ormolu.sql.elements import BinaryExpression

Pairs = list[tuple[Any, Any]]


class RelationshipDirection(enum.Enum):
    """Which side of a relationship holds the foreign key."""

    ONETOMANY = 1
    MANYTOONE = 2
    MANYTOMANY = 3


ONETOMANY = RelationshipDirection.ONETOMANY
MANYTOONE = RelationshipDirection.MANYTOONE
MANYTOMANY = RelationshipDirection.MANYTOMANY


class JoinPlan:
    """What a relationship knows of its join; see the module's docstring.

    ``synchronize_pairs`` are (referenced, referencing) columns, between parent and target or
    parent and secondary; ``secondary_synchronize_pairs`` between target and secondary.
    """

    __slots__ = (
        "direction",
        "local_remote_pairs",
        "primaryjoin",
        "remote_side",
        "secondary_synchronize_pairs",
        "secondaryjoin",
        "synchronize_pairs",
    )

    def __init__(
        self,
        direction: RelationshipDirection,
        primaryjoin: Any,
        secondaryjoin: Any,
        local_remote_pairs: Pairs,
        synchronize_pairs: Pairs,
        secondary_synchronize_pairs: Pairs,
    ) -> None:
        self.direction = direction
        self.primaryjoin = primaryjoin
        self.secondaryjoin = secondaryjoin
        self.local_remote_pairs = local_remote_pairs
        self.synchronize_pairs = synchronize_pairs
        self.secondary_synchronize_pairs = secondary_synchronize_pairs
        self.remote_side = {remote for _, remote in local_remote_pairs}


class JoinRequest:
    """What a relationship was declared with, its strings and functions resolved."""

    __slots__ = (
        "foreign_keys",
        "name",
        "parent_table",
        "primaryjoin",
        "remote_side",
        "secondary",
        "secondaryjoin",
        "target_table",
        "viewonly",
    )

    def __init__(
        self,
        name: str,
        parent_table: Any,
        target_table: Any,
        secondary: Any = None,
        primaryjoin: Any = None,
        secondaryjoin: Any = None,
        foreign_keys: Iterable[Any] = (),
        remote_side: Iterable[Any] = (),
        viewonly: bool = False,
    ) -> None:
        self.name = name
        self.parent_table = parent_table
        self.target_table = target_table
        self.secondary = secondary
        self.primaryjoin = primaryjoin
        self.secondaryjoin = secondaryjoin
        self.foreign_keys = set(foreign_keys)
        self.remote_side = set(remote_side)
        self.viewonly = viewonly


def determine(request: JoinRequest) -> JoinPlan:
    """How the relationship joins its tables.

    Raises `NoForeignKeysError` and `AmbiguousForeignKeysError` when the foreign keys say nothing
    or too much, and `ArgumentError` when a given condition can't be used.
    """
    if request.secondary is not None:
        return _many_to_many(request)
    primaryjoin = request.primaryjoin
    if primaryjoin is None:
        primaryjoin = _joined(request, request.parent_table, request.target_table)
    pairs = _foreign_pairs(request, primaryjoin, (request.parent_table, request.target_table))
    if not pairs:
        raise _no_foreign_columns(request, primaryjoin)
    direction = _direction(request, pairs)
    if direction is MANYTOONE:
        both = [(foreign, referenced) for referenced, foreign in pairs]
    else:
        both = list(pairs)
    return JoinPlan(direction, primaryjoin, None, both, pairs, [])


def _many_to_many(request: JoinRequest) -> JoinPlan:
    secondary = request.secondary
    primaryjoin = request.primaryjoin
    if primaryjoin is None:
        primaryjoin = _joined(request, request.parent_table, secondary)
    secondaryjoin = request.secondaryjoin
    if secondaryjoin is None:
        secondaryjoin = _joined(request, request.target_table, secondary)
    first = _foreign_pairs(request, primaryjoin, (request.parent_table, secondary))
    second = _foreign_pairs(request, secondaryjoin, (request.target_table, secondary))
    if not first or not second:
        raise _no_foreign_columns(request, primaryjoin if not first else secondaryjoin)
    return JoinPlan(
        MANYTOMANY, primaryjoin, secondaryjoin, [*first, *second], list(first), list(second)
    )


def _direction(request: JoinRequest, pairs: Pairs) -> RelationshipDirection:
    foreign = {column for _, column in pairs}
    if request.parent_table is request.target_table or (
        _within(request.parent_table, foreign) and _within(request.target_table, foreign)
    ):
        if request.remote_side and not (request.remote_side & foreign):
            return MANYTOONE
        return ONETOMANY
    if _within(request.target_table, foreign):
        return ONETOMANY
    if _within(request.parent_table, foreign):
        return MANYTOONE
    raise exc.ArgumentError(
        f"Can't determine relationship direction for relationship '{request.name}': the foreign "
        "key columns are in neither of its tables; give foreign_keys=..."
    )


def _within(table: Any, columns: Iterable[Any]) -> bool:
    own = {id(column) for column in table.c}
    return all(id(column) in own for column in columns)


def _joined(request: JoinRequest, left: Any, right: Any) -> Any:
    """The condition that the foreign keys between two tables give."""
    groups = list(_constraints(left, right, request))
    if not groups:
        raise exc.NoForeignKeysError(
            "Could not determine join condition between parent/child tables on relationship "
            f"{request.name} - there are no foreign keys linking {_named(left, right)}. Ensure "
            "that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or "
            "specify a 'primaryjoin' expression."
        )
    if len(groups) > 1:
        raise exc.AmbiguousForeignKeysError(
            "Could not determine join condition between parent/child tables on relationship "
            f"{request.name} - there are multiple foreign key paths linking {_named(left, right)}"
            f" ({_paths(groups)}). Specify the 'foreign_keys' argument, providing a list of those "
            "columns which should be counted as containing a foreign key reference to the parent "
            "table."
        )
    return and_(*[referenced == foreign for referenced, foreign in groups[0]])


def _named(left: Any, right: Any) -> str:
    if left is right:
        return f"table '{left.name}' to itself"
    return f"the tables '{left.name}' and '{right.name}'"


def _paths(groups: Sequence[Pairs]) -> str:
    return "; ".join(
        ", ".join(f"{foreign} -> {referenced}" for referenced, foreign in group) for group in groups
    )


def _constraints(left: Any, right: Any, request: JoinRequest) -> Iterator[Pairs]:
    """Per foreign key between the tables its (referenced, referencing) columns."""
    found: list[Pairs] = []
    ways = ((left, right),) if left is right else ((right, left), (left, right))
    for holder, referred in ways:
        for constraint in holder.foreign_key_constraints:
            elements = list(constraint.elements)
            if elements and all(_refers(fk, referred) for fk in elements):
                found.append([(fk.column, fk.parent) for fk in elements])
    found.sort(key=lambda group: [foreign.name for _, foreign in group])
    if len(found) > 1 and request.foreign_keys:
        chosen = [
            group for group in found if all(foreign in request.foreign_keys for _, foreign in group)
        ]
        found = chosen or found
    if len(found) > 1 and request.remote_side and request.secondary is None:
        chosen = [
            group
            for group in found
            if request.remote_side == {referenced for referenced, _ in group}
        ]
        found = chosen if len(chosen) == 1 else found
    yield from found


def _refers(foreign_key: Any, table: Any) -> bool:
    try:
        return foreign_key.column.table is table
    except exc.NoReferenceError:
        return False


def _foreign_pairs(request: JoinRequest, condition: Any, tables: tuple[Any, Any]) -> Pairs:
    """The (referenced, referencing) columns of the equalities in a condition."""
    pairs: Pairs = []
    for left, right in equalities(condition):
        pair = _oriented(request, left, right, tables)
        if pair is not None and pair not in pairs:
            pairs.append(pair)
    return pairs


def _oriented(
    request: JoinRequest, left: Any, right: Any, tables: tuple[Any, Any]
) -> tuple[Any, Any] | None:
    if request.foreign_keys:
        if right in request.foreign_keys and left not in request.foreign_keys:
            return left, right
        if left in request.foreign_keys and right not in request.foreign_keys:
            return right, left
        if left in request.foreign_keys and right in request.foreign_keys:
            return (left, right) if right.references(left) else (right, left)
        if request.secondary is None:
            return None
    if right.references(left):
        return left, right
    if left.references(right):
        return right, left
    if request.secondary is not None and request.viewonly:
        return (left, right) if right.table is tables[1] else (right, left)
    return None


def equalities(condition: Any) -> Iterator[tuple[Any, Any]]:
    """The pairs of columns that a condition compares for equality."""
    if isinstance(condition, BinaryExpression):
        left, right = condition.left, condition.right
        if condition.operator is ops.eq and isinstance(left, Column) and isinstance(right, Column):
            yield left, right
        return
    for child in condition.get_children():
        yield from equalities(child)


def _no_foreign_columns(request: JoinRequest, condition: Any) -> exc.ArgumentError:
    return exc.ArgumentError(
        "Could not locate any relevant foreign key columns for primary join condition "
        f"'{condition}' on relationship {request.name}. Ensure that referencing columns are "
        "associated with a ForeignKey or ForeignKeyConstraint, or give foreign_keys=[...]."
    )
