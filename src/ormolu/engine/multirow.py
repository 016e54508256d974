"""One INSERT for many parameter sets that has rows to give back.

``executemany`` returns no rows, and one INSERT per set costs a statement each. So the VALUES group
of the compiled text is repeated, page by page: ``INSERT … VALUES (?, ?), (?, ?) RETURNING id``.

It can't always be done. What stands outside the VALUES group (``ON CONFLICT … SET x = ?``) is sent
once per page, so it must have the same values for all sets; named placeholders can't be repeated,
nor can a number that stands at two places;
and when the order of the rows matters there must be a key to sort by (an autoincrement key ascends
in the order of VALUES, while the order of RETURNING is nowhere promised:
https://sqlite.org/lang_returning.html). Then the statements go one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from ..compiler.compiled import Compiled
from ..compiler.repeated import repeated_group, shifted
from ..schema.autoincrement import ascends

_TEXTS_KEPT = 8
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | (?P<open>\() | (?P<close>\))
    | (?P<values>\bVALUES\s+(?=\()) | (?P<place>\?|%s|\$\d+)""",
    re.VERBOSE,
)


class MultiRow:
    """How the text of an INSERT is written for many rows.

    ``before``, ``width`` and ``after`` count the placeholders before, inside and after the group.
    """

    #: Whether this is quicker than ``executemany`` where no rows come back.
    is_quickest = False

    __slots__ = (
        "_end",
        "_sql",
        "_start",
        "_style",
        "_texts",
        "after",
        "before",
        "sort_at",
        "width",
    )

    def __init__(
        self,
        sql: str,
        start: int,
        end: int,
        counts: tuple[int, int, int],
        sort_at: int | None,
        style: str,
    ) -> None:
        self._style = style
        self._sql = sql
        self._start = start
        self._end = end
        self._texts: dict[int, str] = {}
        self.before, self.width, self.after = counts
        self.sort_at = sort_at

    def text(self, rows: int) -> str:
        """Return the text for so many rows."""
        found = self._texts.get(rows)
        if found is None:
            if len(self._texts) >= _TEXTS_KEPT:
                self._texts.clear()
            head, tail = self._sql[: self._start], self._sql[self._end :]
            group = self._sql[self._start : self._end]
            groups = repeated_group(group, rows, self.width, self._style)
            if self._style == "numeric_dollar":
                tail = shifted(tail, self.width * (rows - 1))
            found = self._texts[rows] = head + groups + tail
        return found

    def page_size(self, wanted: int, max_binds: int) -> int:
        """Return how many rows go into one statement."""
        if not self.width:
            return max(1, wanted)
        return max(1, min(wanted, (max_binds - self.before - self.after) // self.width))

    def packed(self, page: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
        """Return the values of one page."""
        if not self.before and not self.after:
            return tuple(chain.from_iterable(page))
        end = self.before + self.width
        groups = chain.from_iterable([one[self.before : end] for one in page])
        return (*page[0][: self.before], *groups, *page[0][end:])

    def uniform(self, packed: Sequence[tuple[Any, ...]]) -> bool:
        """Say whether all sets agree on what stands outside the group."""
        if not self.before and not self.after:
            return True
        end = self.before + self.width
        first = packed[0]
        head, tail = first[: self.before], first[end:]
        return all(one[: self.before] == head and one[end:] == tail for one in packed)

    def in_order(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return a page's rows in the order of its sets, where there is a key to sort by."""
        if self.sort_at is not None and len(rows) > 1:
            rows.sort(key=itemgetter(self.sort_at))
        return rows


def multirow_of(compiled: Compiled) -> MultiRow | None:
    """Return how an INSERT is written for many rows, None when it can't be.

    A dialect that takes arrays has a form of its own, with the same methods.
    """
    dialect: Any = compiled.dialect
    if (
        compiled.kind != "insert"
        or compiled.multi_values
        or compiled.expanding
        or not dialect.features.multivalues_insert
    ):
        return None
    sort_at = _sort_position(compiled)
    arrays: MultiRow | None = dialect.array_insert(compiled, sort_at)
    if arrays is not None or dialect.paramstyle not in ("qmark", "format", "numeric_dollar"):
        return arrays
    return _parsed(compiled.sql, sort_at, dialect.paramstyle)


def _parsed(sql: str, sort_at: int | None, style: str) -> MultiRow | None:
    depth = 0
    start = -1
    before = places = 0
    for token in _TOKEN.finditer(sql):
        kind = token.lastgroup
        if kind == "place":
            places += 1
            if style == "numeric_dollar" and token[0] != f"${places}":
                return None
        elif kind == "values" and depth == 0 and start < 0:
            start, before = token.end(), places
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            if depth == 0 and 0 <= start < token.start():
                rest = [each["place"] for each in _TOKEN.finditer(sql, token.end())]
                numbers = [place for place in rest if place]
                if style == "numeric_dollar" and numbers != [
                    f"${places + i}" for i in range(1, len(numbers) + 1)
                ]:
                    return None
                counts = (before, places - before, len(numbers))
                return MultiRow(sql, start, token.end(), counts, sort_at, style)
    return None


def _sort_position(compiled: Compiled) -> int | None:
    """Return where a generated key stands among the returned columns, None if it doesn't."""
    automatic = getattr(compiled.table, "autoincrement_column", None)
    if (
        automatic is None
        or not ascends(automatic)
        or any(slot.name == automatic.key for slot in compiled.binds)
    ):
        return None
    returned = [column.element for column in compiled.columns] or compiled.implicit_returning
    return next((i for i, column in enumerate(returned) if column is automatic), None)
