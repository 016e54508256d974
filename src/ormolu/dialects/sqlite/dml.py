"""INSERT with ON CONFLICT. https://www.sqlite.org/lang_upsert.html"""

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
    """An INSERT of SQLite; see `insert`. It may have several ON CONFLICT clauses."""

    __slots__ = ()
    stringify_dialect = "sqlite"
    inherit_cache = True

    def on_conflict_do_nothing(
        self, index_elements: Iterable[Any] | None = None, index_where: Any = None
    ) -> Self:
        """A copy that leaves out rows that conflict.

        :param index_elements: the columns (names, columns, expressions) of the unique index whose
            conflicts are meant; without them, those of all.
        :param index_where: the condition of a partial index.
        :raises InvalidRequestError: after a clause for all conflicts.
        """
        clause = OnConflictDoNothing(None, index_elements, index_where)
        return self._on_conflict(clause, repeatable=True)

    def on_conflict_do_update(
        self,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        set_: Any = None,
        where: Any = None,
    ) -> Self:
        """A copy that updates the existing row of a conflict.

        :param index_elements: as of ``on_conflict_do_nothing``.
        :param index_where: the condition of a partial index.
        :param set_: column -> value; ``excluded`` has the values that were not inserted.
        :param where: which existing rows to update.
        :raises ValueError: when ``set_`` is no dictionary or empty.
        :raises InvalidRequestError: after a clause for all conflicts.
        """
        clause = OnConflictDoUpdate(
            None, index_elements, index_where, set_, where, table=self.table
        )
        return self._on_conflict(clause, repeatable=True)


def insert(table: Any) -> Insert:
    """An INSERT that may have ``on_conflict_do_update()`` and ``on_conflict_do_nothing()``."""
    return Insert(table)
