"""INSERT of many rows as arrays, as asyncpg takes it: see `array_insert`.

The binds are numbered, and the driver encodes lists itself, with the server's type for each item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from ormolu.compiler.compiled import Compiled
from ormolu.dialects.postgresql.array_insert import array_insert_of

__all__ = ["NumberedArrayInsert", "numbered_array_insert_of"]

Row = tuple[Any, ...]

_QUOTED = r"""'(?:[^']|'')*' | "(?:[^"]|"")*" """
_NUMBER = re.compile(rf"{_QUOTED} | \$(?P<number>\d+)", re.VERBOSE)
_NAME = re.compile(rf"{_QUOTED} | %\((?P<name>[^)]+)\)s", re.VERBOSE)


class NumberedArrays(tuple[Any, ...]):
    """The parameters of one page; an error shows what they were made of (``as_given``)."""

    _sql: str
    _page: Sequence[Row]

    def as_given(self) -> tuple[str, list[Row]]:
        """Return the statement of one row, and the parameters of each row."""
        return self._sql, list(self._page)


class NumberedArrayInsert:
    """An INSERT that takes its rows as arrays; it has the methods of the engine's ``MultiRow``.

    :param given: the text that inserts one row.
    :param columns: where the values of each array stand in a row's parameters.
    :param fixed: where what is sent once stands; it must be equal for all rows of a statement.
    :param sort_at: where a generated key stands among the returned columns, None if it doesn't.
    """

    is_quickest = True

    __slots__ = ("_columns", "_fixed", "_given", "_sql", "in_order", "sort_at")

    def __init__(
        self, sql: str, given: str, columns: Sequence[int], fixed: Sequence[int], form: Any
    ) -> None:
        self._sql = sql
        self._given = given
        self._columns = columns
        self._fixed = fixed
        self.sort_at: int | None = form.sort_at
        self.in_order = form.in_order

    def text(self, rows: int) -> str:
        """Return the text for so many rows, which is the same for any number."""
        return self._sql

    def page_size(self, wanted: int, max_binds: int) -> int:
        """Return how many rows go into one statement."""
        return max(1, wanted)

    def uniform(self, packed: Sequence[Row]) -> bool:
        """Say whether all sets agree on what is sent once."""
        first = packed[0]
        return all(one[at] == first[at] for at in self._fixed for one in packed)

    def packed(self, page: Sequence[Row]) -> NumberedArrays:
        """Return the parameters for one page of sets."""
        first, arrays = page[0], list(zip(*page, strict=True))
        columns, fixed = self._columns, self._fixed
        found = NumberedArrays([*[arrays[at] for at in columns], *[first[at] for at in fixed]])
        found._sql, found._page = self._given, page
        return found


def numbered_array_insert_of(compiled: Compiled, sort_at: int | None) -> NumberedArrayInsert | None:
    """Return the form of an INSERT that takes arrays, None where there is none."""
    names = [slot.name for slot in compiled.binds]
    if len(set(names)) < len(names):
        return None

    def named(found: re.Match[str]) -> str:
        number = found["number"]
        return found[0] if number is None else f"%({names[int(number) - 1]})s"

    twin: Any = SimpleNamespace(
        sql=_NUMBER.sub(named, compiled.sql), binds=compiled.binds, dialect=compiled.dialect
    )
    form = array_insert_of(twin, sort_at)
    if form is None:
        return None
    sent = [*form.columns, *form.fixed]
    numbers: Mapping[str, int] = {name: number for number, name in enumerate(sent, 1)}

    def numbered(found: re.Match[str]) -> str:
        name = found["name"]
        return found[0] if name is None else f"${numbers[name]}"

    places = {name: place for place, name in enumerate(names)}
    return NumberedArrayInsert(
        _NAME.sub(numbered, form.text(1)),
        compiled.sql,
        [places[name] for name in form.columns],
        [places[name] for name in form.fixed],
        form,
    )
