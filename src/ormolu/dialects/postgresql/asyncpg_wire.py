"""Below asyncpg's methods: a BEGIN that rides with a statement, and statements run at once.

**BEGIN.** The server answers the messages of the extended protocol when it meets a Sync; what comes
before one travels together. asyncpg ends each execution with a Sync. So the three messages that run
a BEGIN, written to the connection without one, wait at the server for the statement that follows,
and both share its round trip. They are held back until that is written, and share its packet: to
send them alone would cost more than all the rest of them. If the BEGIN fails, the server skips the
statement, and its error is the statement's. asyncpg's own state machine passes over the answers to
the BEGIN as over those to a statement that is parsed again.
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY

Nothing may be awaited between the two, or the error of a BEGIN would find nobody waiting for it.
A plain BEGIN, the only kind that rides, has none.

**Execution.** ``PreparedStatement.fetch`` is four calls, two of them coroutines, around
``bind_execute`` of the protocol, which is called here without them; so is what says how things are.

**Many runs** of a statement go to ``bind_execute_many``, with a listener that counts what they meet
(`asyncpg_counting`).

None of it is part of the driver's public interface: a version whose methods have other parameters
gets statements through its public ones, many runs in turn, and BEGINs of their own.
"""

from __future__ import annotations

import inspect
import struct
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import Any

import asyncpg
from asyncpg.protocol.protocol import BaseProtocol

from ormolu.dialects.postgresql.asyncpg_counting import Counter, rows_of_tag

__all__ = ["Wire"]

#: ``run(state, values, "", 0, True, None)``: the records, the command tag and whether it is done.
Run = Callable[..., Awaitable[tuple[Any, bytes | None, bool]]]

_PARAMETERS = {
    "bind_execute": ("state", "args", "portal_name", "limit", "return_extra", "timeout"),
    "bind_execute_many": ("state", "args", "portal_name", "timeout", "return_rows"),
}


def _message(kind: bytes, body: bytes) -> bytes:
    # https://www.postgresql.org/docs/current/protocol-message-formats.html
    return kind + struct.pack("!i", len(body) + 4) + body


#: Parse, Bind and Execute of a BEGIN, by the names of the unnamed statement and portal.
BEGIN = (
    _message(b"P", b"\0BEGIN\0" + struct.pack("!h", 0))
    + _message(b"B", b"\0\0" + struct.pack("!hhh", 0, 0, 0))
    + _message(b"E", b"\0" + struct.pack("!i", 0))
)


def _known() -> bool:
    """Say whether the driver executes prepared statements as it is known here."""
    try:
        return all(
            tuple(inspect.signature(getattr(BaseProtocol, name)).parameters) == ("self", *names)
            for name, names in _PARAMETERS.items()
        )
    except (AttributeError, TypeError, ValueError):
        return False


class _Public:
    """What is used of the protocol, by the public methods of a connection."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    async def bind_execute(
        self, statement: Any, values: Any, *_: Any
    ) -> tuple[list[Any], bytes | None, bool]:
        records = await statement.fetch(*values)
        tag = statement.get_statusmsg()
        return records, None if tag is None else tag.encode(), True

    async def execute_many(self, statement: Any, rows: Sequence[Any]) -> int:
        """Run a statement once per parameter set, all or none of them; the rows that it met."""
        found = []
        raw = self._raw
        async with nullcontext() if raw.is_in_transaction() else raw.transaction():
            for values in rows:
                await statement.fetch(*values)
                found.append(rows_of_tag(statement.get_statusmsg() or ""))
        return sum(found) if min(found, default=-1) >= 0 else -1

    async def query(self, sql: str, timeout: None) -> str:
        tag: str = await self._raw.execute(sql)
        return tag

    def is_connected(self) -> bool:
        return not self._raw.is_closed()

    def is_in_transaction(self) -> bool:
        return self.is_connected() and bool(self._raw.is_in_transaction())


class Wire:
    """What is used of a connection below its public methods.

    :param raw: the driver's connection.
    """

    __slots__ = (
        "_direct",
        "_protocol",
        "_transport",
        "is_connected",
        "is_in_transaction",
        "query",
        "run",
    )

    #: Whether the driver is one that is known here.
    known = _known()

    def __init__(self, raw: Any) -> None:
        self._direct = self.known and isinstance(raw, asyncpg.Connection)
        self._transport: Any = raw._transport if self._direct else None
        self._protocol: Any = raw._protocol if self._direct else _Public(raw)
        protocol = self._protocol
        #: Runs the `state_of` a prepared statement.
        self.run: Run = protocol.bind_execute
        #: ``await query(sql, None)``: runs a text; gives its command tag.
        self.query: Callable[[str, None], Awaitable[str]] = protocol.query
        self.is_connected: Callable[[], bool] = protocol.is_connected
        #: Whether the server last said that it is inside a transaction; also of a lost connection.
        self.is_in_transaction: Callable[[], bool] = protocol.is_in_transaction

    async def run_many(self, state: Any, rows: Sequence[Any]) -> int:
        """Run the `state_of` a prepared statement once per parameter set, all or none of them.

        Returns how many rows the runs met, -1 of a statement whose tag doesn't say.
        """
        self.send_begin()  # the driver writes by another method of the transport
        protocol = self._protocol
        if not self._direct:
            met: int = await protocol.execute_many(state, rows)
            return met
        counter = Counter(protocol)
        transport = self._transport
        transport.set_protocol(counter)
        try:
            await protocol.bind_execute_many(state, rows, "", None, False)
        finally:
            transport.set_protocol(protocol)
        return counter.rows

    @property
    def takes_begin(self) -> bool:
        """Whether a BEGIN can ride with a statement."""
        return self._direct

    def hold_begin(self) -> None:
        """Have BEGIN go ahead of what the driver writes next, in the same packet.

        Where the transport's methods can't be shadowed (uvloop's), it is sent at once.
        """
        transport = self._transport
        write = transport.write

        def write_both(data: Any) -> None:
            transport.__dict__.pop("write", None)
            write(b"".join((BEGIN, data)))

        try:
            transport.write = write_both
        except AttributeError:
            if not transport.is_closing():
                write(BEGIN)

    def send_begin(self) -> None:
        """Send a BEGIN that is still held."""
        transport = self._transport
        if "write" in getattr(transport, "__dict__", ()):
            transport.write(b"")

    def state_of(self, statement: Any) -> Any:
        """Return what of a prepared statement `run` takes."""
        return statement._state if self._direct else statement
