"""Rows of the text protocol, read by a function that is generated for their columns.

The server sends a row as a packet: three bytes of length and one that counts, then each value as
text behind a length of its own, or a mark for NULL
(https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_row.html).
For two columns, a whole number and a text, the function is ::

    def read(data, at, whole):
        rows = []
        add = rows.append
        limit = len(data)
        while True:
            p = at + 4
            if p > limit or (end := p + (head(data, at)[0] & 0xFFFFFF)) > limit:
                data, end = whole(data, at)
                p, limit = 4, len(data)
            n = data[p]
            if n > 251 and (n == 255 or n == 254 and end - p < 9):
                return rows, data, p, end
            if n < 251: ...              # v0 = int(data[p:q])
            n = data[p]
            if n < 251: ...              # v1 = data[p:q].decode()
            if p != end:
                raise ValueError("a row is not as long as the server says")
            add((v0, v1,))
            at = end

so that a row costs no call but those that make its values. What ended the rows (a packet that says
so, or an error) is the caller's to look at, and so is fetching more data: ``whole``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any

from ormolu import codegen

__all__ = ["Reader", "Whole", "length", "reader_of"]

Whole = Callable[[bytes, int], tuple[bytes, int]]
"""From data and the place of a packet that it may not hold all of: data that begin with that packet
(behind a head of four bytes), and where it ends."""

Reader = Callable[[bytes, int, Whole], tuple[list[tuple[Any, ...]], bytes, int, int]]
"""From data and the place of the first row to the rows, and of the packet that ended them the data,
and where it begins and ends there."""

Column = tuple[str | None, Callable[[Any], Any] | None]
"""How a value is decoded, None for bytes, and what makes a Python value of it."""

_READERS_KEPT = 200
#: What takes the digits as bytes.
_FROM_BYTES = (int, float)
_HEAD = """\
def read(data, at, whole):
    rows = []
    add = rows.append
    limit = len(data)
    while True:
        p = at + 4
        if p > limit or (end := p + (head(data, at)[0] & 0xFFFFFF)) > limit:
            data, end = whole(data, at)
            p, limit = 4, len(data)
        n = data[p]
        if n > 251 and (n == 255 or n == 254 and end - p < 9):
            return rows, data, p, end
"""
_VALUE = """\
        if n < 251:
            p += 1
            q = p + n
            v{i} = {value}
            p = q
        elif n == 251:
            v{i} = None
            p += 1
        else:
            p, q = span(data, p)
            v{i} = {value}
            p = q
"""
_TAIL = """\
        if p != end:
            raise ValueError("a row is not as long as the server says")
        add(({values},))
        at = end
"""
_head = Struct("<I").unpack_from
_known: dict[tuple[Column, ...], Reader] = {}


def length(data: bytes, at: int) -> tuple[int, int]:
    """Read a length, or another number, that takes one byte or, with a mark before it, 2, 3 or 8.

    https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_dt_integers.html

    :returns: the number, and the place behind it.
    """
    first = data[at]
    at += 1
    if first < 251:
        return first, at
    end = at + {252: 2, 253: 3, 254: 8}[first]
    return int.from_bytes(data[at:end], "little"), end


def _span(data: bytes, at: int) -> tuple[int, int]:
    """Return where a value begins whose length is at a place, and where it ends."""
    size, begin = length(data, at)
    return begin, begin + size


def reader_of(columns: Sequence[Column]) -> Reader:
    """Return the function that reads rows of these columns."""
    key = tuple(columns)
    reader = _known.get(key)
    if reader is None:
        if len(_known) >= _READERS_KEPT:
            _known.clear()
        reader = _known[key] = _built(key)
    return reader


def _built(columns: tuple[Column, ...]) -> Reader:
    namespace: dict[str, Any] = {"head": _head, "span": _span}
    lines = [_HEAD]
    for i, (encoding, convert) in enumerate(columns):
        if i:
            lines.append("        n = data[p]\n")
        lines.append(_VALUE.format(i=i, value=_value(i, encoding, convert, namespace)))
    lines.append(_TAIL.format(values=", ".join([f"v{i}" for i in range(len(columns))])))
    return codegen.build("rows", "".join(lines), namespace)


def _value(
    i: int, encoding: str | None, convert: Callable[[Any], Any] | None, names: dict[str, Any]
) -> str:
    """Return the expression for a value that stands at ``data[p:q]``."""
    value = "data[p:q]"
    if encoding is not None and convert not in _FROM_BYTES:
        value += ".decode()" if encoding == "utf8" else f".decode({encoding!r})"
    if convert is None:
        return value
    names[f"c{i}"] = convert
    return f"c{i}({value})"
