"""Where a result's rows come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, cast

#: What nothing more comes from, however often and by whomever it is asked.
_DRAINED: Iterator[Any] = iter(())


class Source:
    """The raw rows of a result, to be taken once.

    :param rows: tuples, or bare values when ``scalar``.
    :param on_close: frees what the rows come from (a cursor).

    ``pick``, if set, makes each row of the one in ``it`` (``Result.columns``). ``arraysize`` is how
    many rows ``fetchmany()`` takes by default, None for all.
    """

    __slots__ = ("chunk", "closed", "it", "on_close", "pick", "scalar")

    arraysize: int | None = None
    dynamic: bool = False

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

    @property
    def shut(self) -> bool:
        """Whether its user, or having been taken whole, closed it."""
        return self.closed

    def rechunk(self, size: int) -> None:
        """Fetch ``size`` rows at a time from now on."""
        self.chunk = size

    def shared(self) -> Source:
        """Return a source of the same rows: each is given by one of the two."""
        return SharedSource(self)

    def close(self) -> None:
        """Drop the remaining rows; further fetches raise."""
        self.closed = True
        self.it = _DRAINED
        if self.on_close is not None:
            on_close, self.on_close = self.on_close, None
            on_close()


class CursorSource(Source):
    """The rows of a driver's cursor, whose ``fetchmany()`` gives one row (PEP 249)."""

    __slots__ = ()

    arraysize = 1


class NoRows(Source):
    """The source of a statement that gives no rows: there is nothing to take from the start."""

    __slots__ = ("_shut",)

    def __init__(self) -> None:
        super().__init__(())
        self.closed = True
        self._shut = False

    @property
    def shut(self) -> bool:
        """Whether its user closed it."""
        return self._shut

    def close(self) -> None:
        """Note that the user closed it."""
        self._shut = True


class SharedSource(Source):
    """A source over the rows of another one."""

    __slots__ = ("_other", "arraysize")

    def __init__(self, other: Source) -> None:
        super().__init__(other.it, on_close=other.close)
        self._other = other
        self.closed = other.closed
        self.chunk = other.chunk
        self.arraysize = other.arraysize

    def rechunk(self, size: int) -> None:
        """Fetch ``size`` rows at a time from now on."""
        self.chunk = size
        self._other.rechunk(size)


class ChunkedSource(Source):
    """Rows that come in chunks, whose size may be set until they are asked for.

    :param chunks: gives an iterable of lists of rows, for the size that is wanted.
    """

    __slots__ = ("_chunks", "arraysize", "dynamic")

    def __init__(
        self,
        chunks: Callable[[int | None], Iterable[Sequence[Any]]],
        *,
        scalar: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__((), scalar=scalar, on_close=on_close)
        self._chunks = chunks
        self.arraysize = None
        self.dynamic = False
        self.it = chain.from_iterable(chunks(None))

    def rechunk(self, size: int) -> None:
        """Fetch ``size`` rows at a time from now on."""
        self.chunk = size
        self.it = chain.from_iterable(self._chunks(size))


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
