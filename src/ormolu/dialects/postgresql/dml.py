"""`insert` with ON CONFLICT. https://www.postgresql.org/docs/current/sql-insert.html"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ormolu.dialects.on_conflict import (
    OnConflictClause,
    OnConflictDoNothing,
    OnConflictDoUpdate,
    OnConflictInsert,
)

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Insert", "OnConflictClause", "OnConflictDoNothing", "OnConflictDoUpdate", "insert"]


class Insert(OnConflictInsert):
    """An INSERT of PostgreSQL; see `insert`."""

    __slots__ = ()
    stringify_dialect = "postgresql"
    inherit_cache = True

    def on_conflict_do_nothing(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
    ) -> Self:
        """A copy that leaves out rows that conflict; without arguments, by any constraint.

        :param constraint: the constraint whose conflicts are meant: its name, or itself.
        :param index_elements: or the columns (names, columns, expressions) of the unique index.
        :param index_where: the condition of a partial index.
        :raises ValueError: both a constraint and index elements.
        :raises InvalidRequestError: the statement has an ON CONFLICT already.
        """
        return self._on_conflict(OnConflictDoNothing(constraint, index_elements, index_where))

    def on_conflict_do_update(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        set_: Any = None,
        where: Any = None,
    ) -> Self:
        """A copy that updates the existing row of a conflict.

        :param constraint: the constraint whose conflicts are meant: its name, or itself.
        :param index_elements: or the columns (names, columns, expressions) of the unique index.
        :param index_where: the condition of a partial index.
        :param set_: column -> value; ``excluded`` has the values that were not inserted.
        :param where: which existing rows to update.
        :raises ValueError: both or none of constraint and index elements; or ``set_`` is no
            dictionary, or empty.
        :raises InvalidRequestError: the statement has an ON CONFLICT already.
        """
        if constraint is None and index_elements is None:
            raise ValueError(
                "Either constraint or index_elements, but not both, must be specified unless "
                "DO NOTHING"
            )
        clause = OnConflictDoUpdate(
            constraint, index_elements, index_where, set_, where, table=self.table
        )
        return self._on_conflict(clause)


def insert(table: Any) -> Insert:
    """An INSERT that may have ``on_conflict_do_update()`` and ``on_conflict_do_nothing()``."""
    return Insert(table)
