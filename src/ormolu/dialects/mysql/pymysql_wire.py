"""What the server answers to PyMySQL's connection, read without the driver's packets.

The driver makes an object for every packet and calls a dozen functions for each row and thirty for
each column, whose description comes with every answer though it is nearly always the one that came
before. Here an answer is read where the driver's buffered file has it: the columns by comparing
their bytes with those of the last answer to the same statement, the rows by a function made for
them (`text_rows`), the OK of a change or a COMMIT in a few lines.
https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html

What is read is taken from the file a whole packet at a time, so the driver can take over between
any two. It does, wherever anything but rows or an OK comes first: an error, a file that the server
asks for, a packet out of turn, an end of the connection; and new columns are described and given
their converters by the driver's own result. `fits` says whether a connection has what is used of
the driver's inside; with another version, or another class, that hasn't, the adapter goes through
the driver's ``query``.
"""

from __future__ import annotations

from io import BufferedReader
from struct import Struct
from typing import Any, NamedTuple, NoReturn

from pymysql import err
from pymysql.connections import Connection, MySQLResult
from pymysql.constants import CLIENT, COMMAND, CR, SERVER_STATUS
from pymysql.protocol import MysqlPacket

from ormolu.dialects.mysql.text_rows import Reader, length, reader_of
from ormolu.io.outcome import Description, Outcome, outcome

__all__ = ["Wire", "fits", "left_by"]

_KEPT = 500
_HEAD = 4
#: The length of a packet that ends columns or rows, with its head.
_END = 9
_LARGEST = 0xFFFFFF
_OK, _ERROR = 0, 255
#: The largest number that is one byte.
_SMALL = 250
#: The higher bytes of the length of a packet of less than 256 bytes.
_SHORT = b"\0\0"
_QUERY = COMMAND.COM_QUERY
_MORE = SERVER_STATUS.SERVER_MORE_RESULTS_EXISTS
_COMMAND = Struct("<iB").pack
_USED = (
    *("_execute_command", "_force_close", "_next_seq_id", "_read_bytes", "_read_timeout"),
    *("_result", "_sock", "_write_timeout", "next_result"),
    *("encoding", "decoders", "use_unicode", "server_status"),
)


def fits(raw: Any) -> bool:
    """Say whether what comes to a connection may be read here."""
    return (
        type(raw) is Connection
        and raw.open
        and isinstance(getattr(raw, "_rfile", None), BufferedReader)
        and all(hasattr(raw, name) for name in _USED)
        and not raw.client_flag & getattr(CLIENT, "DEPRECATE_EOF", 1 << 24)
    )


def left_by(result: Any) -> Outcome:
    """Return what the driver's result tells."""
    description = result.description
    rows = None if description is None else list(result.rows)
    return outcome((rows, description, result.affected_rows, result.insert_id))


class _Columns(NamedTuple):
    """The columns of an answer: their bytes, and what follows from them.

    Behind them stands an end, which tells warnings, and then, at ``rows``, the first row.
    """

    data: bytes
    rows: int
    encoding: str
    description: Description
    read: Reader


class Wire:
    """One connection's conversation.

    ``more`` says whether the answer that was read last is followed by another.
    """

    __slots__ = ("_known", "_plain", "_raw", "_taken", "more")

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._known: dict[str | bytes, _Columns] = {}
        # Whether the data at hand are no longer in the driver's file.
        self._taken = False
        self.more = False
        # Whether one timeout does for writing and reading; then it need not be set each time.
        self._plain = raw._read_timeout == raw._write_timeout
        if self._plain:
            self._wait_for_reading()

    def forget(self) -> None:
        """Forget what is known of columns: the connection's converters may have been changed."""
        self._known.clear()

    def ask(self, statement: bytes, key: str) -> Outcome:
        """Send a statement and read its first answer; what follows (of a procedure) is dropped.

        :param key: what brings answers with the same columns, mostly: the statement's text.
        """
        self.send(statement)
        left = self.read(key)
        while self.more:
            self.read("")
        return left

    def send(self, statement: bytes) -> None:
        """Send a statement."""
        raw = self._raw
        size = len(statement) + 1
        if raw._result is None and raw._sock is not None and self._plain and size < _LARGEST:
            try:
                raw._sock.sendall(_COMMAND(size, _QUERY) + statement)
            except OSError as error:
                self._gone(CR.CR_SERVER_GONE_ERROR, f"MySQL server has gone away ({error!r})")
            raw._next_seq_id = 1
        else:
            raw._execute_command(_QUERY, statement)
            self._wait_for_reading()

    def _wait_for_reading(self) -> None:
        raw = self._raw
        raw._sock.settimeout(raw._read_timeout)
        raw._current_timeout = raw._read_timeout  # known to newer versions

    def read(self, key: str) -> Outcome:
        """Read one answer."""
        raw = self._raw
        try:
            data = raw._rfile.peek()
        except OSError as error:
            self._lost(error)
        if len(data) <= _HEAD or data[3] != raw._next_seq_id:
            return self._by_the_driver()
        first = data[_HEAD]
        if first == _OK and data.startswith(_SHORT, 1) and len(data) >= _HEAD + data[0]:
            return self._changed(data)
        if not 0 < first <= _SMALL:
            return self._by_the_driver()
        self._taken = False
        columns = self._known.get(key)
        if (
            columns is not None
            and data.startswith(columns.data)
            and len(data) >= columns.rows
            and columns.encoding == raw.encoding
        ):
            return self._rows(columns, data, columns.rows)
        return self._rows(*self._other_columns(key, data))

    def _changed(self, data: bytes) -> Outcome:
        """https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html"""
        raw = self._raw
        raw._rfile.read(_HEAD + data[0])
        count, key, at = data[5], data[6], 7
        if count > _SMALL or key > _SMALL:
            count, at = length(data, 5)
            key, at = length(data, at)
        raw.server_status = status = data[at] | data[at + 1] << 8
        self.more = status & _MORE != 0
        if self.more:
            raw._next_seq_id = (data[3] + 1) & 0xFF
        return outcome((None, None, count, key))

    def _rows(self, columns: _Columns, data: bytes, at: int) -> Outcome:
        raw = self._raw
        rows, data, at, end = columns.read(data, at, self._whole)
        if not self._taken:
            raw._rfile.read(end)
        if data[at] == _ERROR:
            err.raise_mysql_exception(data[at:end])
        self.more = data[at + 3] & _MORE != 0  # behind a mark and the number of warnings
        if self.more:
            raw._next_seq_id = (data[at - 1] + 1) & 0xFF
        return outcome((rows, columns.description, len(rows), None))

    def _other_columns(self, key: str, data: bytes) -> tuple[_Columns, bytes, int]:
        """Read columns that a text has not brought before; returns also where which rows begin.

        https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html
        """
        packets: list[bytes] = []
        at = 0
        for _ in range(data[_HEAD] + 2):  # their number, each of them, their end
            end = at + _HEAD + int.from_bytes(data[at : at + 3], "little")
            if at + _HEAD > len(data) or end > len(data):
                data, end = self._whole(data, at)
                at = 0
            packets.append(data[at:end])
            at = end
        known = self._known
        read = b"".join(packets[:-1])
        columns = known.get(read)
        if len(known) >= _KEPT:
            known.clear()
        if columns is None or columns.encoding != self._raw.encoding:
            columns = self._described(read, packets[1:])
        known[read] = known[key] = columns
        return columns, data, at

    def _described(self, read: bytes, packets: list[bytes]) -> _Columns:
        """Have the driver describe columns."""
        raw = self._raw
        result = MySQLResult(_Replay(raw, [packet[_HEAD:] for packet in packets]))
        result.field_count = len(packets) - 1
        result._get_descriptions()
        rows = len(read) + _END
        return _Columns(read, rows, raw.encoding, result.description, reader_of(result.converters))

    def _whole(self, data: bytes, at: int) -> tuple[bytes, int]:
        """Return data that begin with the packet at a place, and where it ends."""
        raw = self._raw
        if not self._taken:
            raw._read_bytes(at)
        try:
            data = raw._rfile.peek()
        except OSError as error:
            self._lost(error)
        self._taken = False
        if len(data) > _HEAD:
            end = _HEAD + int.from_bytes(data[:3], "little")
            if end <= len(data):
                return data, end
        self._taken = True
        head = raw._read_bytes(_HEAD)
        size = last = int.from_bytes(head[:3], "little")
        parts = [head, raw._read_bytes(size)]
        while last == _LARGEST:
            last = int.from_bytes(raw._read_bytes(_HEAD)[:3], "little")
            parts.append(raw._read_bytes(last))
            size += last
        return b"".join(parts), _HEAD + size

    def _by_the_driver(self) -> Outcome:
        raw = self._raw
        raw.next_result()
        result, raw._result = raw._result, None
        self.more = bool(result.has_next)
        return left_by(result)

    def _lost(self, error: OSError) -> NoReturn:
        self._gone(CR.CR_SERVER_LOST, f"Lost connection to MySQL server during query ({error})")

    def _gone(self, number: int, text: str) -> NoReturn:
        self._raw._force_close()
        raise err.OperationalError(number, text)


class _Replay:
    """What the driver's result reads columns from, in a connection's place."""

    def __init__(self, raw: Any, bodies: list[bytes]) -> None:
        self.use_unicode = raw.use_unicode
        self.encoding = raw.encoding
        self.decoders = raw.decoders
        self._bodies = iter(bodies)

    def _read_packet(self, packet: Any = MysqlPacket) -> Any:
        return packet(next(self._bodies), self.encoding)
