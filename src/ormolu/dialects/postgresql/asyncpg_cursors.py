"""Cursors of asyncpg that stream rows."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ormolu.io.outcome import Description

if TYPE_CHECKING:
    from ormolu.dialects.postgresql.asyncpg_connection import AsyncpgConnection

__all__ = ["AsyncpgCursor", "BufferedCursor", "tuples"]

Rows = list[tuple[Any, ...]]

# A slice of a record is a tuple, made in half the time that `tuple` takes to iterate over it.
_whole = itemgetter(slice(None))


def tuples(records: list[Any]) -> Rows:
    """Return asyncpg's records as tuples."""
    return list(map(_whole, records))


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
