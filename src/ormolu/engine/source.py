"""Where a result's rows come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, cast


class Source:
    """The raw rows of a result, to be taken once.

    :param rows: tuples, or bare values when ``scalar``.
    :param on_close: frees what the rows come from (a cursor).

    ``pick``, if set, makes each row of the one in ``it`` (``Result.columns``).
    """

    __slots__ = ("chunk", "closed", "it", "on_close", "pick", "scalar")

    def __init__(
        self,
        rows: Iterable[Any],
        *,
        scalar: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self.it: Iterator[Any] = iter(rows)
        self.scalar = scalar
        self.closed = False
        self.chunk: int | None = None
        self.on_close = on_close
        self.pick: Callable[[Any], Any] | None = None

    def close(self) -> None:
        """Drop the remaining rows; further fetches raise."""
        self.closed = True
        self.it = iter(())
        if self.on_close is not None:
            on_close, self.on_close = self.on_close, None
            on_close()


def streamed(more: Callable[[int], list[Any]], chunk: int) -> Iterator[Any]:
    """Return an iterator over the chunks that ``more(chunk)`` fetches, until an empty one."""
    return chain.from_iterable(iter(lambda: more(chunk), []))


def picker(indexes: Sequence[int], source: Source) -> Callable[[Any], tuple[Any, ...]]:
    """Return what makes a tuple of some columns from a raw row of ``source``."""
    width = len(indexes)
    if source.scalar:
        return lambda value: (value,) * width
    before = source.pick
    if before is not None:
        return lambda row: tuple([before(row)[index] for index in indexes])
    if width > 1:
        return cast("Callable[[Any], tuple[Any, ...]]", itemgetter(*indexes))
    return lambda row: tuple([row[index] for index in indexes])
