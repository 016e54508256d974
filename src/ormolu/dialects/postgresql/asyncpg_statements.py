"""The prepared statements of an asyncpg connection.

asyncpg executes nothing but prepared statements; preparing one costs a round trip, so those in use
are kept per connection, in a bounded cache with a second chance for what was used since the last
time round (the "clock" of page replacement). A statement that falls out is closed by asyncpg on the
server when the next one is prepared.

**When the schema changes**, a statement that gives other columns now can't be executed any more
(``InvalidCachedStatementError``), and the transaction in which that happens is lost. ALTER and
DROP, seen on any connection of this process, therefore advance a clock, and every connection
prepares its statements anew before it next executes one. What other processes change is noticed by
the error: the cache is emptied then, and the statement is repeated by itself where that undoes
nothing, which is outside of a transaction or as the first statement in one. What a transaction has
created is known to its own connection alone, which prepares anew when that is rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ormolu.io.outcome import Description

__all__ = [
    "SCHEMA",
    "Prepared",
    "PreparedStatements",
    "changes_schema",
    "creates",
    "forgets",
    "is_utility",
]

DEFAULT_SIZE = 100
#: Longer texts are prepared for one execution: the server keeps a parsed tree for each.
LONGEST_KEPT = 64 * 1024

# Statements that take no parameters and give no rows: sent as they are, in one round trip.
_UTILITY = re.compile(
    r"\s*(?:ALTER|ANALYZE|CHECKPOINT|CLOSE|CLUSTER|COMMENT|COMMIT|CREATE|DEALLOCATE|DISCARD|DO|DROP"
    r"|GRANT|IMPORT|LISTEN|LOCK|NOTIFY|PREPARE|REASSIGN|REFRESH|REINDEX|RELEASE|RESET|REVOKE"
    r"|ROLLBACK|SAVEPOINT|SECURITY|SET|TRUNCATE|UNLISTEN|VACUUM)\b",
    re.IGNORECASE,
)
_CHANGES_SCHEMA = re.compile(r"\b(?:ALTER|DROP)\b", re.IGNORECASE)
_CREATES = re.compile(r"\bCREATE\b", re.IGNORECASE)
_FORGETS = re.compile(r"\s*(?:DISCARD|DEALLOCATE)\b", re.IGNORECASE)


class SchemaClock:
    """How often this process has seen a schema change."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 0

    def advance(self) -> None:
        """Have every connection prepare its statements anew."""
        self.now += 1


SCHEMA = SchemaClock()


def is_utility(sql: str) -> bool:
    """Say whether a statement takes no parameters and gives no rows, by its first word."""
    return _UTILITY.match(sql) is not None


def changes_schema(sql: str) -> bool:
    """Say whether a utility statement may change what columns others give."""
    return _CHANGES_SCHEMA.search(sql) is not None


def creates(sql: str) -> bool:
    """Say whether a utility statement may make something that a rollback takes away again."""
    return _CREATES.search(sql) is not None


def forgets(sql: str) -> bool:
    """Say whether a utility statement takes the connection's prepared statements away."""
    return _FORGETS.match(sql) is not None


class Prepared:
    """A prepared statement with what is asked of it often."""

    __slots__ = ("_description", "state", "statement", "used")

    def __init__(self, statement: Any, state: Any) -> None:
        self.statement = statement
        #: What `Wire.run` takes.
        self.state = state
        self.used = True
        self._description: Description | bool | None = False

    @property
    def description(self) -> Description | None:
        """The columns of its rows as PEP 249 has them, None when it gives none."""
        known = self._description
        if isinstance(known, bool):
            columns = self.statement.get_attributes()
            known = self._description = [
                (column.name, column.type.oid, None, None, None, None, None) for column in columns
            ] or None
        return known

    def wanted_type(self, number: int) -> str | None:
        """The name of the type that the server takes for a bind, counted from 1."""
        types = self.statement.get_parameters()
        return types[number - 1].name if 0 < number <= len(types) else None


class PreparedStatements:
    """The statements of one connection.

    :param size: how many are kept; 0 for none, so that no statement has a name on the server.
    :param name: gives names to statements, each time another one; None leaves it to asyncpg.
    :param state_of: tells what of a statement executes it.
    """

    __slots__ = ("_kept", "_name", "_raw", "_size", "_state_of", "find", "seen")

    def __init__(
        self,
        raw: Any,
        size: int,
        name: Callable[[], str] | None,
        state_of: Callable[[Any], Any],
    ) -> None:
        self._raw = raw
        self._state_of = state_of
        self._size = size
        self._name = name
        self._kept: dict[str, Prepared] = {}
        #: ``find(sql)``: the statement of a text that is kept, or None.
        self.find = self._kept.get
        #: What the clock said when the oldest of them was prepared.
        self.seen = SCHEMA.now

    async def prepare(self, sql: str) -> Prepared:
        """Prepare a statement and keep it."""
        if self.seen != SCHEMA.now:
            await self.renew()
        name = None if self._name is None else self._name()
        kept = self._size and len(sql) <= LONGEST_KEPT
        statement = await self._raw.prepare(sql, name=name if kept else name or "")
        prepared = Prepared(statement, self._state_of(statement))
        if not kept:
            return prepared
        if len(self._kept) >= self._size:
            self._make_room()
        self._kept[sql] = prepared
        return prepared

    def _make_room(self) -> None:
        kept = self._kept
        while True:
            oldest = next(iter(kept))
            prepared = kept.pop(oldest)
            if not prepared.used:
                return
            prepared.used = False
            kept[oldest] = prepared

    def forget(self) -> None:
        """Drop all statements."""
        self._kept.clear()

    async def renew(self) -> None:
        """Drop all statements, and what asyncpg knows about types, since the schema has changed."""
        self.seen = SCHEMA.now
        self._kept.clear()
        await self._raw.reload_schema_state()
