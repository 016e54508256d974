"""What ``executemany`` sends: many rows in one INSERT, many statements in one message.

A statement for each row costs a round trip each; ``INSERT … VALUES (…), (…)`` takes thousands.
Drivers rewrite INSERT as well, but only where VALUES holds nothing but placeholders, and give each
row to several functions; here any group of VALUES will do. Placeholders elsewhere (in ON DUPLICATE
KEY UPDATE), RETURNING and ``INSERT … SELECT`` need a statement per row.
https://dev.mysql.com/doc/refman/8.4/en/insert.html

Statements that change rows go a hundred to a message where the connection allows several
statements in one, which mysqlclient and asyncmy ask the server for by default. The server answers
each and stops at the first that fails. So do the statements of a `Batch`.
https://dev.mysql.com/doc/c-api/8.4/en/c-api-multiple-queries.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, AnyStr, Generic, NamedTuple

__all__ = ["MultiInsert", "Writer", "filler", "joined", "multi_insert", "pages"]

#: ``CLIENT_MULTI_STATEMENTS``: a message may hold several statements.
MULTI_STATEMENTS = 65536

#: Bytes (or characters) of one statement: well below the least ``max_allowed_packet`` of 1 MiB.
PAGE = 256_000

_STATEMENTS = 100
_TEXTS_KEPT = 200
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*`
    | (?P<place>%s | %\([^)]*\)s) | (?P<open>\() | (?P<close>\))
    | (?P<values>\bVALUES\s*(?=\()) | (?P<refused>\bRETURNING\b|\bSELECT\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_INSERT = re.compile(r"\s*(?:INSERT|REPLACE)\b", re.IGNORECASE)
#: One statement that changes rows.
_CHANGES_ROWS = re.compile(r"\s*(?:INSERT|REPLACE|UPDATE|DELETE)\b[^;]*\Z", re.IGNORECASE)


class MultiInsert(NamedTuple, Generic[AnyStr]):
    """An INSERT in three parts; ``group`` is the parenthesised row, with its placeholders."""

    head: AnyStr
    group: AnyStr
    tail: AnyStr
    comma: AnyStr


_known: dict[str, MultiInsert[str] | None] = {}


def multi_insert(sql: str) -> MultiInsert[str] | None:
    """Return the parts of an INSERT that may be sent with many rows, None for anything else."""
    try:
        return _known[sql]
    except KeyError:
        if len(_known) >= _TEXTS_KEPT:
            _known.clear()
        parts = _known[sql] = _parsed(sql) if _INSERT.match(sql) else None
        return parts


def _parsed(sql: str) -> MultiInsert[str] | None:
    if "\\" in sql:  # whether it escapes is for the server's SQL mode to say
        return None
    start, end, depth = -1, -1, 0
    for token in _TOKEN.finditer(sql):
        kind = token.lastgroup
        if kind == "refused":
            return None
        if kind == "place" and (start < 0 or end >= 0):
            return None
        if kind == "values" and not depth and start < 0:
            start = token.end()
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            if not depth and end < 0 <= start < token.start():
                end = token.end()
    if end < 0:
        return None
    # Head and tail are not formatted, so a doubled percent sign is one.
    head, tail = sql[:start].replace("%%", "%"), sql[end:].replace("%%", "%")
    return MultiInsert(head, sql[start:end], tail, ", ")


def pages(
    parts: MultiInsert[AnyStr],
    rows: Sequence[Any],
    render: Callable[[AnyStr, Any], AnyStr],
    size: int = PAGE,
) -> Iterator[AnyStr]:
    """Return the statements that insert ``rows``, none much longer than ``size``.

    :param render: fills a group's placeholders with one row's values.
    """
    head, group, tail, comma = parts
    page: list[AnyStr] = []
    left = size
    for row in rows:
        text = render(group, row)
        left -= len(text) + 2
        if left < 0 and page:
            yield head + comma.join(page) + tail
            page, left = [], size - len(text)
        page.append(text)
    if page:
        yield head + comma.join(page) + tail


def filler(
    literal: Callable[[Any], str], refusal: type[Exception] = TypeError
) -> Callable[[str, Any], str]:
    """Return what puts literals in the place of a text's placeholders.

    :param literal: writes a value as SQL.
    :param refusal: the error for values that are not as many as the placeholders.
    """

    def filled(text: str, row: Any) -> str:
        values: Any
        if type(row) is not tuple and isinstance(row, Mapping):
            values = {key: literal(value) for key, value in row.items()}
        else:
            values = tuple([str(v) if type(v) is int else literal(v) for v in row])
        try:
            return text % values  # type: ignore[no-any-return]
        except TypeError as error:
            raise refusal(str(error)) from error

    return filled


def joined(statements: Iterable[AnyStr], separator: AnyStr) -> Iterator[AnyStr]:
    """Return messages of several statements, none much longer than a page.

    :param separator: a semicolon, on a line of its own: a statement may end with a comment.
    """
    batch: list[AnyStr] = []
    left = PAGE
    for statement in statements:
        left -= len(statement) + len(separator)
        if batch and (left < 0 or len(batch) == _STATEMENTS):
            yield separator.join(batch)
            batch, left = [], PAGE - len(statement)
        batch.append(statement)
    if batch:
        yield separator.join(batch)


class Writer(Generic[AnyStr]):
    """Writes what a driver sends for many rows or statements.

    :param encode: from SQL to what the driver sends, text or bytes.
    :param fill: puts literals in the place of a text's placeholders.
    :param several: whether a message may hold several statements.
    """

    __slots__ = ("_encode", "_fill", "_separator", "_several")

    _encode: Callable[[str], AnyStr]
    _fill: Callable[[AnyStr, Any], AnyStr]
    _separator: AnyStr

    def __init__(
        self,
        encode: Callable[[str], AnyStr],
        fill: Callable[[AnyStr, Any], AnyStr],
        several: bool,
    ) -> None:
        self._encode = encode
        self._fill = fill
        self._several = several
        self._separator = encode("\n;\n")

    def rows(self, sql: str, rows: Sequence[Any]) -> Iterable[AnyStr]:
        """Return the messages that run a statement once per row."""
        parts = multi_insert(sql)
        if parts is not None:
            return pages(MultiInsert(*map(self._encode, parts)), rows, self._fill)
        text = self._encode(sql)
        statements = (self._fill(text, row) for row in rows)
        if self._several and _CHANGES_ROWS.match(sql):
            return joined(statements, self._separator)
        return statements

    def statements(self, statements: Sequence[tuple[str, Any]]) -> Iterable[AnyStr] | None:
        """Return the messages that run statements, None when each must have one of its own."""
        if not self._several or not all(_CHANGES_ROWS.match(sql) for sql, _ in statements):
            return None
        texts = (self._fill(self._encode(sql), params) for sql, params in statements)
        return joined(texts, self._separator)
