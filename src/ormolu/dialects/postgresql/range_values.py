"""`Range` and `MultiRange`: the values of range columns.

https://www.postgresql.org/docs/current/rangetypes.html

Every question is asked of two *edges*, tuples that compare as the bounds lie on the line:
``(side, value, nudge)``. ``side`` is -1 and 1 for the infinities, else 0; ``nudge`` moves an
exclusive bound off its value, up for a lower and down for an upper one. Ranges of whole numbers and
of days are brought to PostgreSQL's canonical form ``[)`` first, so that ``[1,2]`` equals ``[1,3)``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from ormolu.types import TypeEngine

__all__ = ["Bounds", "MultiRange", "Range", "register_type_of_range"]

_T = TypeVar("_T")

Bounds: TypeAlias = Literal["()", "[)", "(]", "[]"]
_Edge: TypeAlias = tuple[int, Any, int]
_BOUNDS = frozenset(("()", "[)", "(]", "[]"))
_FLIPPED: dict[str, str] = {"[": ")", "]": "(", "(": "]", ")": "["}
_type_of: list[Callable[[Any, bool], Any]] = []


def register_type_of_range(function: Callable[[Any, bool], Any]) -> None:
    """Set what finds the SQL type of a range (``function(value, is_multirange)``)."""
    _type_of[:] = [function]


@dataclass(frozen=True, slots=True, eq=False)
class Range(Generic[_T]):
    """A range of values between two bounds.

    :param lower: the lower bound, None for no bound.
    :param upper: the upper bound, None for no bound.
    :param bounds: whether the bounds belong to it: ``"[)"`` (the lower one does), ``"()"``,
        ``"(]"`` or ``"[]"``.
    :param empty: there is no value in it.
    :raises ValueError: for other ``bounds``.
    """

    lower: _T | None = None
    upper: _T | None = None
    bounds: Bounds = "[)"
    empty: bool = False

    def __init__(
        self,
        lower: _T | None = None,
        upper: _T | None = None,
        *,
        bounds: Bounds = "[)",
        empty: bool = False,
    ) -> None:
        if bounds not in _BOUNDS:
            raise ValueError(f"bounds={bounds!r}: write one of '[)', '()', '(]', '[]'")
        store = object.__setattr__
        store(self, "lower", None if empty else lower)
        store(self, "upper", None if empty else upper)
        store(self, "bounds", bounds)
        store(self, "empty", empty)

    @property
    def __sa_type_engine__(self) -> TypeEngine[Any]:
        """The SQL type of the range, by the class of its bounds."""
        return _type_of[0](self, False)  # type: ignore[no-any-return]

    # -- what it is

    @property
    def isempty(self) -> bool:
        """Whether it is the empty range."""
        return self.empty

    @property
    def is_empty(self) -> bool:
        """Whether it is the empty range."""
        return self.empty

    def __bool__(self) -> bool:
        return not self.empty

    @property
    def lower_inc(self) -> bool:
        """Whether the lower bound belongs to it."""
        return self.bounds[0] == "["

    @property
    def upper_inc(self) -> bool:
        """Whether the upper bound belongs to it."""
        return self.bounds[1] == "]"

    @property
    def lower_inf(self) -> bool:
        """Whether it has no lower bound."""
        return not self.empty and self.lower is None

    @property
    def upper_inf(self) -> bool:
        """Whether it has no upper bound."""
        return not self.empty and self.upper is None

    # -- edges

    def _step(self) -> Any:
        """The distance to the next value, None where there is always one between."""
        value: Any = self.upper if self.lower is None else self.lower
        if isinstance(value, int):
            return 1
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return dt.timedelta(days=1)
        return None

    def _low(self) -> _Edge:
        value: Any = self.lower
        if value is None:
            return (-1, 0, 0)
        if self.bounds[0] == "[":
            return (0, value, 0)
        step = self._step()
        return (0, value, 1) if step is None else (0, value + step, 0)

    def _high(self) -> _Edge:
        value: Any = self.upper
        if value is None:
            return (1, 0, 0)
        if self.bounds[1] == ")":
            return (0, value, -1)
        step = self._step()
        return (0, value, 0) if step is None else (0, value + step, -1)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Range):
            return NotImplemented
        if self.empty or other.empty:
            return self.empty and other.empty
        return self._low() == other._low() and self._high() == other._high()

    def __hash__(self) -> int:
        return hash("empty") if self.empty else hash((self._low(), self._high()))

    # -- questions

    def contained_by(self, other: Range[_T]) -> bool:
        """Whether every value of this range is in the other."""
        if self.empty:
            return True
        if other.empty:
            return False
        return other._low() <= self._low() and self._high() <= other._high()

    def contains(self, value: _T | Range[_T]) -> bool:
        """Whether a value, or every value of another range, is in this one."""
        if isinstance(value, Range):
            return value.contained_by(self)
        if self.empty:
            return False
        return self._low() <= (0, value, 0) <= self._high()

    __contains__ = contains

    def overlaps(self, other: Range[_T]) -> bool:
        """Whether there is a value in both."""
        if self.empty or other.empty:
            return False
        return self._low() <= other._high() and other._low() <= self._high()

    def strictly_left_of(self, other: Range[_T]) -> bool:
        """Whether this range ends before the other begins."""
        if self.empty or other.empty:
            return False
        return self._high() < other._low()

    __lshift__ = strictly_left_of

    def strictly_right_of(self, other: Range[_T]) -> bool:
        """Whether this range begins after the other ends."""
        return other.strictly_left_of(self)

    __rshift__ = strictly_right_of

    def not_extend_left_of(self, other: Range[_T]) -> bool:
        """Whether this range doesn't begin before the other."""
        if self.empty or other.empty:
            return False
        return self._low() >= other._low()

    def not_extend_right_of(self, other: Range[_T]) -> bool:
        """Whether this range doesn't end after the other."""
        if self.empty or other.empty:
            return False
        return self._high() <= other._high()

    def adjacent_to(self, other: Range[_T]) -> bool:
        """Whether one range begins just where the other ends."""
        if self.empty or other.empty:
            return False
        return _touch(self._high(), other._low()) or _touch(other._high(), self._low())

    # -- new ranges

    def union(self, other: Range[_T]) -> Range[_T]:
        """The range of all values of both.

        :raises ValueError: there is a gap between them.
        """
        if self.empty:
            return other
        if other.empty:
            return self
        if not self.overlaps(other) and not self.adjacent_to(other):
            raise ValueError("Adding non-overlapping and non-adjacent ranges is not implemented")
        first = self if self._low() < other._low() else other
        last = self if self._high() > other._high() else other
        return _between(first, last)

    def __add__(self, other: Range[_T]) -> Range[_T]:
        return self.union(other)

    def intersection(self, other: Range[_T]) -> Range[_T]:
        """The range of the values that are in both."""
        if not self.overlaps(other):
            return Range(empty=True)
        first = self if self._low() >= other._low() else other
        last = self if self._high() <= other._high() else other
        return _between(first, last)

    def __mul__(self, other: Range[_T]) -> Range[_T]:
        return self.intersection(other)

    def difference(self, other: Range[_T]) -> Range[_T]:
        """The range of the values that are in this one alone.

        :raises ValueError: the other lies within this one, which would leave two ranges.
        """
        if not self.overlaps(other):
            return self
        begins_first = self._low() < other._low()
        ends_last = self._high() > other._high()
        if begins_first and ends_last:
            raise ValueError("Subtracting a strictly inner range is not implemented")
        if begins_first:
            bounds: Any = self.bounds[0] + _FLIPPED[other.bounds[0]]
            return Range(self.lower, other.lower, bounds=bounds)
        if ends_last:
            bounds = _FLIPPED[other.bounds[1]] + self.bounds[1]
            return Range(other.upper, self.upper, bounds=bounds)
        return Range(empty=True)

    def __sub__(self, other: Range[_T]) -> Range[_T]:
        return self.difference(other)

    def __str__(self) -> str:
        if self.empty:
            return "empty"
        lower = "" if self.lower is None else self.lower
        upper = "" if self.upper is None else self.upper
        return f"{self.bounds[0]}{lower},{upper}{self.bounds[1]}"


def _between(first: Range[_T], last: Range[_T]) -> Range[_T]:
    bounds: Any = first.bounds[0] + last.bounds[1]
    return Range(first.lower, last.upper, bounds=bounds)


def _touch(high: _Edge, low: _Edge) -> bool:
    """Whether nothing is between an upper and a lower edge, nor in both."""
    return high[0] == low[0] == 0 and high[1] == low[1] and high[2] + 1 == low[2]


class MultiRange(list[Range[_T]], Generic[_T]):
    """A list of ranges that says which SQL type it has: ``literal(MultiRange([Range(2, 4)]))``."""

    @property
    def __sa_type_engine__(self) -> TypeEngine[Any]:
        """The SQL type of the multirange, by the first bound in it."""
        return _type_of[0](self, True)  # type: ignore[no-any-return]
