"""What an adapter knows about its session on the server, and what the server must be told when.

Transactions. The server is left in ``autocommit=0`` as PEP 249 has it, where a transaction begins
with the first statement after the last one ended: BEGIN costs no round trip, and after the commit
that MySQL implies in DDL the next statement is in a transaction again, which ``START TRANSACTION``
could not promise (https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html). What ormolu runs
outside a transaction (level AUTOCOMMIT, ``XA``, questions about the server) wants ``autocommit=1``;
the adapter switches when it has to, so an engine that stays with one of them switches once.

Isolation. ``SET SESSION TRANSACTION ISOLATION LEVEL`` is sent when a transaction wants another
level than the last one did, so a level that stays costs nothing either. The session's own level is
asked for before the first change, and set again for the next transaction that names none.

Errors. The server says in its errors' numbers that it has rolled back a transaction, see
``disconnects.py``.

Streams. Unbuffered rows occupy the connection: until they are read no statement may be sent. What
is left of them is read into memory when one has to be. The server may give a query up while its
rows are read; its error is the end of them, and the connection is free again.

Several results. What a procedure (or a text of several statements) answers with after its first
result is read at once and dropped: an error that comes late must not be the next statement's.
"""

from __future__ import annotations

from typing import Any

from ormolu.dialects.mysql.server import QUESTION

__all__ = ["SessionState", "begins_nothing", "isolation_question", "isolation_statement"]


class SessionState:
    """The state of one session.

    - ``_autocommit``: the server's; ``_begun``: whether ormolu is in a transaction.
    - ``_ready``: the server has been told all it must know before the next statement, that is,
      the two differ and no stream is open. The one question that a statement asks.
    - ``_lost``: the server has rolled the transaction back.
    - ``_level``: the isolation level that was set, ``""`` for ``_own_level``, the session's.
    - ``_stream``: an open cursor with rows still on the wire.
    - ``broken``: the connection can't be used again.
    """

    __slots__ = (
        "_autocommit",
        "_begun",
        "_level",
        "_lost",
        "_own_level",
        "_ready",
        "_stream",
        "broken",
    )

    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = False

    def __init__(self, autocommit: bool) -> None:
        self._autocommit = autocommit
        self._begun = False
        self._ready = autocommit
        self._lost = False
        self._level = ""
        self._own_level: str | None = None
        self._stream: Any = None
        self.broken = False

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction may be open: one that the server has not ended by itself.

        Who takes the driver's connection with ``autocommit=0`` begins one with any statement.
        """
        return (self._begun or not self._autocommit) and not (self._lost or self.broken)

    @property
    def is_lost(self) -> bool:
        """Whether an error has cost the transaction, or the connection."""
        return self._lost or self.broken

    def defer_begin(self, mode: str) -> bool:
        """Begin without I/O: with ``autocommit=0`` the server does, at the next statement."""
        if self._autocommit or mode != self._level:
            return False
        self._begun = True
        self._lost = False
        self._ready = self._stream is None
        return True

    def _begin_noted(self) -> None:
        self._begun = True
        self._lost = False
        self._ready = not self._autocommit and self._stream is None

    def _end_noted(self) -> None:
        self._begun = self._lost = False
        self._ready = self._autocommit and self._stream is None

    def _switched(self, autocommit: bool) -> None:
        self._autocommit = autocommit
        self._ready = self._begun is not autocommit and self._stream is None

    def _streaming(self, cursor: Any) -> None:
        """Note that a cursor has the connection; None: that it is free again."""
        self._stream = cursor
        self._ready = cursor is None and self._begun is not self._autocommit


def isolation_question(version: str) -> str:
    """Return the query for a session's isolation level; MySQL 8 and MariaDB name it differently."""
    name = "tx_isolation" if "mariadb" in version.lower() else "transaction_isolation"
    return f"SELECT @@SESSION.{name}"  # in capitals, to be told from a user's: see below


_BEGIN_NOTHING = frozenset(
    ["SELECT 1", QUESTION, isolation_question("MariaDB"), isolation_question("MySQL")]
)


def begins_nothing(sql: str) -> bool:
    """Say whether a statement is of a pool's or an engine's own, and begins no transaction.

    Such are the pre-ping and the questions about a server, which touch no table. A connection that
    was asked nothing else is in the mode in which its driver opened it. Who asks for that mode
    himself, as ``SELECT @@autocommit`` does, finds it as it should be.
    """
    return sql in _BEGIN_NOTHING


def isolation_statement(level: str) -> str:
    """https://dev.mysql.com/doc/refman/8.4/en/set-transaction.html"""
    return f"SET SESSION TRANSACTION ISOLATION LEVEL {level.replace('-', ' ')}"
