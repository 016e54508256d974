"""Results that are fetched as they are read, by asynchronous code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Generic, Self, TypeVar, TypeVarTuple, cast

from ..deprecation import IS_A_TUPLE, warn_deprecated
from ..exc import MultipleResultsFound, NoResultFound
from ..io.async_loop import run_async
from ..io.plan import Plan
from .result import FrozenResult, MappingResult, Result, ScalarResult
from .row import RMKeyView, Row, RowMapping
from .streaming import DEFAULT_CHUNK, Streamed
from .view import ResultView

R = TypeVar("R")
V = TypeVar("V")
Ts = TypeVarTuple("Ts")

_NOTHING: Any = object()


class Stream:
    """Feeds the source of a blocking result, chunk by chunk.

    :param fetch: returns up to so many more raw rows (all when None).
    :param close: frees what the rows come from.
    :param chunk: how many rows to fetch at a time unless the result says otherwise.
    """

    __slots__ = ("_close", "_done", "_fetch", "chunk")

    def __init__(
        self,
        fetch: Callable[[int | None], Awaitable[list[Any]]],
        close: Callable[[], Awaitable[None]],
        chunk: int = DEFAULT_CHUNK,
    ) -> None:
        self._fetch = fetch
        self._close = close
        self._done = False
        self.chunk = chunk

    async def fill(self, view: ResultView[Any], size: int | None) -> bool:
        """Put the next chunk into the source of ``view``; False when there is none."""
        if self._done:
            return False
        rows = await self._fetch(size)
        if not rows or size is None:
            self._done = True
            await self.close()
        view._source.it = iter(rows)
        return bool(rows)

    async def close(self) -> None:
        """Free what the rows come from."""
        self._done = True
        close, self._close = self._close, _nothing
        await close()


async def _nothing() -> None:
    """Close a stream that is closed already."""


class AsyncView(Generic[R]):
    """What all async results share: a blocking view, fed by a stream."""

    __slots__ = ("_stream", "_view")

    def __init__(self, view: ResultView[R], stream: Stream) -> None:
        self._view = view
        self._stream = stream

    async def _next(self) -> R:
        """Return the next item, or ``_NOTHING``."""
        while True:
            item: R = next(self._view._items(), _NOTHING)
            if item is not _NOTHING:
                return item
            chunk = self._view._source.chunk or self._stream.chunk
            if not await self._stream.fill(self._view, chunk):
                return item

    async def _only(self, required: bool) -> R | None:
        item = await self._next()
        second = await self._next() if item is not _NOTHING else _NOTHING
        await self.close()
        if item is _NOTHING:
            if required:
                raise NoResultFound("No row was found when one was required")
            return None
        if second is not _NOTHING:
            what = "exactly one was required" if required else "one or none was required"
            raise MultipleResultsFound(f"Multiple rows were found when {what}")
        return item

    @property
    def closed(self) -> bool:
        """Whether the result was closed."""
        return self._view.closed

    async def close(self) -> None:
        """Close the result: the remaining rows are dropped and further fetches raise."""
        self._view.close()
        await self._stream.close()

    def yield_per(self, num: int) -> Self:
        """Fetch ``num`` rows at a time, and make ``partitions()`` that long."""
        self._view.yield_per(num)
        return self

    def unique(self, strategy: Callable[[Any], Any] | None = None) -> Self:
        """Give each item once; see ``Result.unique``."""
        self._view.unique(strategy)
        return self

    def __aiter__(self) -> AsyncIterator[R]:
        return self

    async def __anext__(self) -> R:
        item = await self._next()
        if item is _NOTHING:
            raise StopAsyncIteration
        return item

    async def all(self) -> Sequence[R]:
        """Return all remaining items as a list."""
        items = list(self._view._items())
        while await self._stream.fill(self._view, None):
            items.extend(self._view._items())
        return items

    async def fetchall(self) -> Sequence[R]:
        """Return all remaining items as a list."""
        return await self.all()

    async def fetchmany(self, size: int | None = None) -> Sequence[R]:
        """Return up to ``size`` items."""
        wanted = size if size is not None else self._view._source.chunk
        if wanted is None:
            return await self.all()
        items: list[R] = []
        while len(items) < wanted:
            item = await self._next()
            if item is _NOTHING:
                break
            items.append(item)
        return items

    async def partitions(self, size: int | None = None) -> AsyncIterator[Sequence[R]]:
        """Iterate over lists of ``size`` items."""
        while part := await self.fetchmany(size):
            yield part

    async def first(self) -> R | None:
        """Return the first item, None when there is none, and close."""
        item = await self._next()
        await self.close()
        return None if item is _NOTHING else item

    async def one(self) -> R:
        """Return the only item; errors as of ``Result.one``."""
        return cast(R, await self._only(True))

    async def one_or_none(self) -> R | None:
        """Return the only item, or None; errors as of ``Result.one_or_none``."""
        return await self._only(False)


class AsyncScalarResult(AsyncView[R]):
    """The values of one column."""

    __slots__ = ()

    def __init__(self, view: ScalarResult[R], stream: Stream) -> None:
        super().__init__(view, stream)


class AsyncMappingResult(AsyncView[RowMapping]):
    """The rows as mappings."""

    __slots__ = ("_mappings",)

    def __init__(self, view: MappingResult, stream: Stream) -> None:
        super().__init__(view, stream)
        self._mappings = view

    def keys(self) -> RMKeyView:
        """Return the column names."""
        return self._mappings.keys()

    def columns(self, *col_expressions: Any) -> AsyncMappingResult:
        """Return a result of only these columns."""
        return AsyncMappingResult(self._mappings.columns(*col_expressions), self._stream)

    async def fetchone(self) -> RowMapping | None:
        """Return the next mapping, or None."""
        item = await self._next()
        return None if item is _NOTHING else item


class AsyncResult(AsyncView[Row[*Ts]], Generic[*Ts]):
    """The rows of a streamed statement."""

    __slots__ = ("_result",)

    def __init__(self, result: Result[*Ts], stream: Stream) -> None:
        super().__init__(result, stream)
        self._result = result

    def keys(self) -> RMKeyView:
        """Return the column names."""
        return self._result.keys()

    @property
    def t(self) -> Self:
        """The result itself (deprecated: a row is a tuple)."""
        warn_deprecated("AsyncResult.t", IS_A_TUPLE, "2.1.0")
        return self

    def tuples(self) -> Self:
        """Return the result itself (deprecated: a row is a tuple)."""
        warn_deprecated("AsyncResult.tuples()", IS_A_TUPLE, "2.1.0")
        return self

    def scalars(self, index: Any = 0) -> AsyncScalarResult[Any]:
        """Return a result of one column's values."""
        view: ScalarResult[Any] = self._result.scalars(index)
        return AsyncScalarResult(view, self._stream)

    def mappings(self) -> AsyncMappingResult:
        """Return a result of ``RowMapping`` objects."""
        return AsyncMappingResult(self._result.mappings(), self._stream)

    def columns(self, *col_expressions: Any) -> AsyncResult[*tuple[Any, ...]]:
        """Return a result of only these columns."""
        return AsyncResult(self._result.columns(*col_expressions), self._stream)

    async def fetchone(self) -> Row[*Ts] | None:
        """Return the next row, or None."""
        item = await self._next()
        return None if item is _NOTHING else item

    async def scalar(self) -> Any:
        """Return the first column of the first row, None when there is no row, and close."""
        row: Any = await self.first()
        return None if row is None else row[0]

    async def scalar_one(self) -> Any:
        """Return the first column of the only row."""
        row: Any = await self._only(True)
        return row[0]

    async def scalar_one_or_none(self) -> Any:
        """Return the first column of the only row, or None."""
        row: Any = await self._only(False)
        return None if row is None else row[0]

    async def freeze(self) -> FrozenResult[*Ts]:
        """Keep the remaining rows; calling what this returns gives a new result of them."""
        rows = await self.all()
        fresh: Result[*Ts] = Result(self._result._layout, rows)
        return FrozenResult(fresh)


def async_result(
    found: Streamed | Result[*tuple[Any, ...]],
    run: Callable[[Plan[Any]], Awaitable[Any]] = run_async,
) -> AsyncResult[*tuple[Any, ...]]:
    """Return the result of what a stream's plan found: an open cursor, or rows that are there.

    :param run: the loop that runs a plan.
    """
    if not isinstance(found, Streamed):
        return AsyncResult(found, Stream(_no_more, _nothing))
    stream = Stream(
        lambda size: run(found.fetch_plan(size)),
        lambda: run(found.close_plan()),
        found.chunk,
    )
    result: Result[*tuple[Any, ...]] = Result(found.layout, ())
    if found.fixed is not None:
        result.yield_per(found.fixed)
    return AsyncResult(result, stream)


async def _no_more(size: int | None) -> list[Any]:
    return []
