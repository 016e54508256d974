"""How many rows a statement meets that asyncpg runs many times.

The server answers each run with a command tag (``UPDATE 1``), which asyncpg reads and drops. So a
`Counter` sits between the connection's transport and asyncpg's protocol while such a statement
runs: it passes everything on, and reads the tags as they go by. A run of tags of one row each,
which is what a flush expects, is read by one regular expression.

https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import asyncio
import re
import struct
from typing import Any

__all__ = ["Counter", "rows_of_tag"]

_HEAD = struct.Struct("!cI")
_TAG = b"C"
_BOUND = b"2\0\0\0\x04"
#: BindComplete and CommandComplete of runs that met a row each.
_ONE_EACH = re.compile(
    rb"(?:" + _BOUND + rb"C\0\0\0(?:\x0dUPDATE 1|\x0dDELETE 1|\x0fINSERT 0 1)\0)+"
)


def rows_of_tag(tag: str) -> int:
    """Return the number of rows at the end of a command tag (``INSERT 0 3``), -1 without one."""
    number = tag.rpartition(" ")[2]
    return int(number) if number.isdigit() else -1


class Counter(asyncio.Protocol):
    """A protocol in front of asyncpg's own; `rows` sums up the command tags that have come.

    It begins to listen between two messages. -1 stands for no number: ``CALL`` has none.

    :param protocol: asyncpg's.
    """

    __slots__ = ("_protocol", "_rest", "_skipped", "rows")

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        #: The beginning of a message whose end hasn't come.
        self._rest = b""
        #: How many bytes are still to come of a message that is of no interest.
        self._skipped = 0
        self.rows = -1

    def data_received(self, data: bytes) -> None:
        """Count, and pass on."""
        self._read(data)
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on."""
        closed: bool | None = self._protocol.eof_received()
        return closed

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on."""
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        self._protocol.resume_writing()

    def _read(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at, end = self._skipped, len(data)
        while at < end:
            run = _ONE_EACH.match(data, at)
            if run is not None:
                self._add(run[0].count(_BOUND))
                at = run.end()
            if end - at < _HEAD.size:
                break
            kind, size = _HEAD.unpack_from(data, at)
            after = at + 1 + size
            if kind == _TAG:
                if after > end:
                    break
                self._add(rows_of_tag(data[at + _HEAD.size : after - 1].decode()))
            at = after
        self._skipped = max(at - end, 0)
        self._rest = data[at:]

    def _add(self, rows: int) -> None:
        if rows >= 0:
            self.rows = max(self.rows, 0) + rows
