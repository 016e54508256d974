"""Lists of values in the text form of PostgreSQL's arrays.

https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO

A driver converts a list one value at a time; a column of an INSERT of many rows is written here by
one ``join`` for values of one class. What the server reads is what the driver would have sent for
each value, so only classes are written whose text is that simple.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

__all__ = ["WRITTEN", "array_text"]

_NONE = type(None)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bytes(value: bytes) -> str:
    return f'"\\\\x{value.hex()}"'


def _moment(value: Any) -> str:
    return f'"{value}"'


def _span(value: dt.timedelta) -> str:
    return f'"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"'


def _boolean(value: bool) -> str:
    return "t" if value else "f"


def _null(value: None) -> str:
    return "NULL"


#: The classes of values that can be written, and how one of them is.
WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    int: str,
    float: repr,
    Decimal: str,
    bool: _boolean,
    bytes: _bytes,
    dt.date: _moment,
    dt.datetime: _moment,
    dt.time: _moment,
    dt.timedelta: _span,
    UUID: str,
    _NONE: _null,
}


def array_text(values: Sequence[Any]) -> str:
    """Return an array of values, each of one of the classes in `WRITTEN`."""
    kinds = set(map(type, values))
    if len(kinds) == 1:
        (kind,) = kinds
        if kind is str:
            return _strings(values)
        return "{" + ",".join(map(WRITTEN[kind], values)) + "}"
    return "{" + ",".join([WRITTEN[type(value)](value) for value in values]) + "}"


def _strings(values: Sequence[str]) -> str:
    text = '","'.join(values)
    if "\\" in text or text.count('"') != 2 * (len(values) - 1):
        return "{" + ",".join(map(_quoted, values)) + "}"
    return '{"' + text + '"}'
