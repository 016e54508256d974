"""Taking items from a source: what all results share.

``Result`` gives rows, the ``FilterResult`` classes something else of the same source.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Generic, Self, TypeVar

from ..exc import MultipleResultsFound, NoResultFound, ResourceClosedError
from .row import Layout
from .source import Source

R = TypeVar("R")

UniqueKey = Callable[[Any], Any]
_NOTHING: Any = object()


class ResultView(Generic[R]):
    """What all results share: taking items of type ``R`` from a source."""

    __slots__ = ("_layout", "_seen", "_source", "_unique_key", "_unique_keys")

    _layout: Layout
    _source: Source

    def __init__(
        self,
        layout: Layout,
        source: Source,
        unique_keys: Sequence[UniqueKey | None] | None = None,
    ) -> None:
        self._layout = layout
        self._source = source
        self._seen: set[Hashable] | None = None
        self._unique_key: UniqueKey | None = None
        self._unique_keys = unique_keys

    def _convert(self, raw: Iterable[Any]) -> Iterator[R]:
        raise TypeError(f"{type(self).__name__} gives no rows")

    def _default_unique_key(self) -> UniqueKey | None:
        return None

    def _items(self) -> Iterator[R]:
        """Return the iterator of what is still there."""
        source = self._source
        if source.closed:
            raise self._closed_error()
        pick = source.pick
        items = self._convert(source.it if pick is None else map(pick, source.it))
        return items if self._seen is None else self._filtered(items, self._seen)

    def _filtered(self, items: Iterator[R], seen: set[Hashable]) -> Iterator[R]:
        key = self._unique_key
        for item in items:
            mark = item if key is None else key(item)
            if mark not in seen:
                seen.add(mark)
                yield item

    def _closed_error(self) -> ResourceClosedError:
        return ResourceClosedError(
            "This result object is closed. Its rows can be taken once: keep the list that all() "
            "returns, or use freeze()."
        )

    def _set_unique(self, strategy: UniqueKey | None) -> None:
        self._seen = set()
        self._unique_key = self._default_unique_key() if strategy is None else strategy

    def _only(self, required: bool) -> R | None:
        """Return the one item and close."""
        items = self._items()
        item: R = next(items, _NOTHING)
        second = next(items, _NOTHING) if item is not _NOTHING else _NOTHING
        self._source.close()
        if item is _NOTHING:
            if required:
                raise NoResultFound("No row was found when one was required")
            return None
        if second is not _NOTHING:
            what = "exactly one was required" if required else "one or none was required"
            raise MultipleResultsFound(f"Multiple rows were found when {what}")
        return item

    # -- the public methods that all kinds share

    @property
    def closed(self) -> bool:
        """Whether the result was closed."""
        return self._source.shut

    def close(self) -> None:
        """Close the result: the remaining rows are dropped and further fetches raise."""
        self._source.close()

    def yield_per(self, num: int) -> Self:
        """Fetch ``num`` rows at a time, and make ``partitions()`` that long."""
        self._source.rechunk(num)
        return self

    def unique(self, strategy: UniqueKey | None = None) -> Self:
        """Give each item once.

        :param strategy: what two items must have in common to count as one; by default their values
            (objects: their identity).
        """
        self._set_unique(strategy)
        return self

    def __iter__(self) -> Iterator[R]:
        return self._items()

    def __next__(self) -> R:
        return next(self._items())

    def fetchall(self) -> list[R]:
        """Return all remaining items."""
        return list(self._items())

    def all(self) -> Sequence[R]:
        """Return all remaining items as a list."""
        return list(self._items())

    def fetchmany(self, size: int | None = None) -> list[R]:
        """Return up to ``size`` items.

        By default as many as ``yield_per`` says; else one, as of a driver's cursor, or all where
        the rows come from no cursor.
        """
        source = self._source
        if size is None:
            size = source.chunk or source.arraysize
        elif source.dynamic:
            source.rechunk(size)
        return list(islice(self._items(), size))

    def partitions(self, size: int | None = None) -> Iterator[Sequence[R]]:
        """Iterate over lists of ``size`` items."""
        while part := self.fetchmany(size):
            yield part

    def first(self) -> R | None:
        """Return the first item, None when there is none, and close."""
        item: R = next(self._items(), _NOTHING)
        self._source.close()
        return None if item is _NOTHING else item

    def one(self) -> R:
        """Return the only item.

        :raises NoResultFound: when there is none.
        :raises MultipleResultsFound: when there are more.
        """
        found: Any = self._only(True)
        item: R = found  # not by `cast`, which is a call
        return item

    def one_or_none(self) -> R | None:
        """Return the only item, or None.

        :raises MultipleResultsFound: when there are more.
        """
        return self._only(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class FilterResult(ResultView[R]):
    """A view on another result: its rows as something else."""

    __slots__ = ()
