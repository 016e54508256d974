"""Cursors of asyncpg that stream rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, overload

from ormolu.io.outcome import Description

if TYPE_CHECKING:
    from ormolu.dialects.postgresql.asyncpg_connection import AsyncpgConnection

__all__ = ["AsyncpgCursor", "BufferedCursor", "Records", "tuples"]

Rows = list[tuple[Any, ...]]

# A slice of a record is a tuple, made in half the time that `tuple` takes to iterate over it.
_whole = itemgetter(slice(None))


def tuples(records: list[Any]) -> Rows:
    """Return asyncpg's records as tuples."""
    return list(map(_whole, records))


class Records(Sequence[tuple[Any, ...]]):
    """asyncpg's records as a sequence of tuples, each made when it is taken.

    What takes them one by one, a loader or the class of a result's rows, then has each tuple at
    hand, instead of finding thousands of them again.
    """

    __slots__ = ("_records",)

    def __init__(self, records: list[Any]) -> None:
        self._records = records

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return map(_whole, self._records)

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> tuple[Any, ...] | Rows:
        found = self._records[index]
        return tuples(found) if isinstance(index, slice) else _whole(found)

    def sort(self, *, key: Callable[[Any], Any]) -> None:
        """Sort by what ``key`` gives for an item, as a list's method does."""
        self._records.sort(key=key)


#: The protocol counts rows in a signed 32-bit number.
_ALL_ROWS = 0x7FFFFFFF


class AsyncpgCursor:
    """A streaming cursor: a portal on the server, which lives as long as its transaction."""

    __slots__ = ("_connection", "_portal", "description")

    def __init__(self, connection: AsyncpgConnection, portal: Any, description: Any) -> None:
        self._connection = connection
        self._portal = portal
        self.description: Description | None = description

    async def fetch(self, size: int | None) -> Rows:
        """Return up to ``size`` more rows, all of them when None."""
        try:
            self._connection.check_loop()
            return tuples(await self._portal.fetch(_ALL_ROWS if size is None else size))
        except Exception as error:
            raise self._connection.error_for(error) from error

    async def close(self) -> None:
        """Close the portal, if its transaction has not done so."""
        portal, self._portal = self._portal, None
        if portal is None or not self._connection.in_transaction:
            return
        try:
            # asyncpg offers no other way; an open portal keeps its tables from being altered.
            await portal._close_portal(None)
        except Exception as error:
            raise self._connection.error_for(error) from error


class BufferedCursor:
    """The rows of a statement outside of a transaction, where there are no portals."""

    __slots__ = ("_rows", "description")

    def __init__(self, rows: Rows, description: Description | None) -> None:
        self._rows = rows
        self.description = description

    async def fetch(self, size: int | None) -> Rows:
        """Return up to ``size`` more rows, all of them when None."""
        taken = self._rows[:size]
        del self._rows[:size]
        return taken

    async def close(self) -> None:
        """Drop the rows that are left."""
        self._rows = []
