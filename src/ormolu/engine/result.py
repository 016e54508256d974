"""Results: what a statement gives back, and the ways to take it.

A result draws from a ``Source`` (``source.py``), one iterator of raw rows that all its views share
(``result.scalars()``, ``.mappings()``, …). How a raw row becomes what the view gives is decided
once, when the view is made, and done by C-level ``map``. A source may hold bare values instead of
tuples (``scalar``): the ORM's ``select(User)`` then makes no ``Row`` unless one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Generic, Literal, Self, TypeVar, TypeVarTuple, cast, overload

from ..exc import InvalidRequestError, MultipleResultsFound, NoResultFound, ResourceClosedError
from .row import Layout, Row, RowMapping
from .source import Source, picker

T = TypeVar("T")
R = TypeVar("R")
Ts = TypeVarTuple("Ts")

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
        return self._source.closed

    def close(self) -> None:
        """Close the result: the remaining rows are dropped and further fetches raise."""
        self._source.close()

    def yield_per(self, num: int) -> Self:
        """Fetch ``num`` rows at a time, and make ``partitions()`` that long."""
        self._source.chunk = num
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
        """Return up to ``size`` items (by default as many as ``yield_per`` says, or all)."""
        return list(islice(self._items(), size if size is not None else self._source.chunk))

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
        return cast(R, self._only(True))

    def one_or_none(self) -> R | None:
        """Return the only item, or None.

        :raises MultipleResultsFound: when there are more.
        """
        return self._only(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class Result(ResultView[Row[*Ts]], Generic[*Ts]):
    """The rows of a statement.

    :param layout: the columns.
    :param rows: raw rows: a list of tuples, a list of bare values, or a :class:`Source`.
    :param scalar: ``rows`` are bare values of a single column.
    :param unique_keys: per column, what ``unique()`` compares (None: the value itself).
    :param require_unique: ``unique()`` must be called first, and this says why.
    """

    __slots__ = ("_require_unique",)

    def __init__(
        self,
        layout: Layout | Sequence[str],
        rows: Iterable[Any] | Source,
        *,
        scalar: bool = False,
        unique_keys: Sequence[UniqueKey | None] | None = None,
        require_unique: str | None = None,
    ) -> None:
        # Flat on purpose: one result is made per statement.
        self._layout = layout if isinstance(layout, Layout) else Layout(layout)
        self._source = rows if isinstance(rows, Source) else Source(rows, scalar=scalar)
        self._seen = None
        self._unique_key = None
        self._unique_keys = unique_keys
        self._require_unique = require_unique

    def _convert(self, raw: Iterable[Any]) -> Iterator[Row[*Ts]]:
        self._check_unique()
        cls = cast("type[Row[*Ts]]", self._layout.row_class)
        return map(cls, zip(raw, strict=True)) if self._source.scalar else map(cls, raw)

    def _check_unique(self) -> None:
        if self._require_unique is not None and self._seen is None:
            raise InvalidRequestError(self._require_unique)

    def _default_unique_key(self) -> UniqueKey | None:
        keys = self._unique_keys
        if keys is None or not any(keys):
            return None
        functions = [key or _itself for key in keys]
        if len(functions) == 1:
            (only,) = functions
            return lambda row: only(row[0])
        return lambda row: tuple(f(value) for f, value in zip(functions, row, strict=True))

    def _value(self, item: Any) -> Any:
        return item[0]

    # -- rows

    def all(self) -> Sequence[Row[*Ts]]:
        """Return all remaining rows as a list."""
        source = self._source
        if (
            self._seen is None
            and source.pick is None
            and self._require_unique is None
            and not (source.closed or source.scalar)
        ):
            # What nearly every result is: without the detours.
            return list(map(self._layout.row_class, source.it))
        return list(self._items())

    def keys(self) -> RMKeyView:
        """Return the column names."""
        return RMKeyView(self._layout)

    @property
    def t(self) -> TupleResult[tuple[*Ts]]:
        """The result, typed as plain tuples."""
        return cast("TupleResult[tuple[*Ts]]", self)

    def tuples(self) -> TupleResult[tuple[*Ts]]:
        """Return the result, typed as plain tuples."""
        return cast("TupleResult[tuple[*Ts]]", self)

    def fetchone(self) -> Row[*Ts] | None:
        """Return the next row, or None."""
        return next(self._items(), None)

    def columns(self, *col_expressions: Any) -> Result[*tuple[Any, ...]]:
        """Return a result of only these columns: names, indexes or column objects."""
        indexes = [self._layout.index_of(key) for key in col_expressions]
        self._check_closed()
        source = self._source
        view = Source(source.it, on_close=source.close)
        view.chunk = source.chunk
        view.pick = picker(indexes, source)
        keys = self._unique_keys
        return Result(
            self._layout.pick(indexes),
            view,
            unique_keys=None if keys is None else [keys[index] for index in indexes],
            require_unique=self._require_unique if self._seen is None else None,
        )

    # -- scalars

    @overload
    def scalars(self: Result[T, *tuple[Any, ...]], index: Literal[0]) -> ScalarResult[T]: ...

    @overload
    def scalars(self: Result[T, *tuple[Any, ...]]) -> ScalarResult[T]: ...

    @overload
    def scalars(self, index: Any = 0) -> ScalarResult[Any]: ...

    def scalars(self, index: Any = 0) -> ScalarResult[Any]:
        """Return a result of one column's values."""
        at = self._layout.index_of(index) if index != 0 else 0
        result: ScalarResult[Any] = ScalarResult(cast("AnyResult", self), at)
        return result

    @overload
    def scalar(self: Result[T, *tuple[Any, ...]]) -> T | None: ...

    @overload
    def scalar(self) -> Any: ...

    def scalar(self) -> Any:
        """Return the first column of the first row, None when there is no row, and close."""
        row: Any = self.first()
        return None if row is None else row[0]

    @overload
    def scalar_one(self: Result[T, *tuple[Any, ...]]) -> T: ...

    @overload
    def scalar_one(self) -> Any: ...

    def scalar_one(self) -> Any:
        """Return the first column of the only row; errors as of ``one()``."""
        return self._only_value(True)

    @overload
    def scalar_one_or_none(self: Result[T, *tuple[Any, ...]]) -> T | None: ...

    @overload
    def scalar_one_or_none(self) -> Any: ...

    def scalar_one_or_none(self) -> Any:
        """Return the first column of the only row, or None; errors as of ``one_or_none()``."""
        return self._only_value(False)

    def _only_value(self, required: bool) -> Any:
        row: Any = self._only(required)
        return None if row is None else row[0]

    # -- other views

    def mappings(self) -> MappingResult:
        """Return a result of ``RowMapping`` objects."""
        return MappingResult(cast("AnyResult", self))

    def freeze(self) -> FrozenResult[*Ts]:
        """Keep the remaining rows: call what this returns for a new result of them."""
        return FrozenResult(self)

    def merge(self, *others: Result[*tuple[Any, ...]]) -> Result[*Ts]:
        """Return a result of this one's rows and then those of ``others``."""
        results = (self, *others)
        rows = chain.from_iterable(cast("Iterable[Iterable[Any]]", results))
        return Result(self._layout, Source(rows), unique_keys=self._unique_keys)

    def _check_closed(self) -> None:
        if self._source.closed:
            raise self._closed_error()


AnyResult = Result[*tuple[Any, ...]]

# The public names of SQLAlchemy for results that are made from an iterator.
IteratorResult = Result
ChunkedIteratorResult = Result


class ScalarResult(ResultView[R], Generic[R]):
    """The values of one column."""

    __slots__ = ("_index", "_parent")

    def __init__(self, parent: Result[*tuple[Any, ...]], index: int) -> None:
        self._layout = parent._layout
        self._source = parent._source
        self._unique_keys = parent._unique_keys
        self._seen = None
        self._unique_key = None
        self._index = index
        self._parent = parent
        if parent._seen is not None:
            self._set_unique(None)

    def _convert(self, raw: Iterable[Any]) -> Iterator[R]:
        parent = self._parent
        if parent._require_unique is not None and self._seen is None:
            raise InvalidRequestError(parent._require_unique)
        if self._source.scalar:
            return iter(raw)
        return map(itemgetter(self._index), raw)

    def _default_unique_key(self) -> UniqueKey | None:
        keys = self._unique_keys
        return None if keys is None else keys[self._index]


class MappingResult(ResultView[RowMapping]):
    """The rows as mappings."""

    __slots__ = ("_parent",)

    def __init__(self, parent: Result[*tuple[Any, ...]]) -> None:
        super().__init__(parent._layout, parent._source, parent._unique_keys)
        self._parent = parent
        if parent._seen is not None:
            self._set_unique(parent._unique_key)

    def _convert(self, raw: Iterable[Any]) -> Iterator[RowMapping]:
        if self._parent._require_unique is not None and self._seen is None:
            raise InvalidRequestError(self._parent._require_unique)
        layout = self._layout
        rows: Iterable[Any] = zip(raw, strict=True) if self._source.scalar else raw
        return (RowMapping(layout, row) for row in rows)

    def _default_unique_key(self) -> UniqueKey | None:
        return lambda mapping: tuple(mapping._row)

    def _set_unique(self, strategy: UniqueKey | None) -> None:
        self._seen = set()
        self._unique_key = strategy or self._default_unique_key()

    def keys(self) -> RMKeyView:
        """Return the column names."""
        return RMKeyView(self._layout)

    def columns(self, *col_expressions: Any) -> MappingResult:
        """Return a result of only these columns."""
        return MappingResult(self._parent.columns(*col_expressions))

    def fetchone(self) -> RowMapping | None:
        """Return the next mapping, or None."""
        return next(self._items(), None)


class TupleResult(Result[R]):
    """A result typed as plain tuples: what ``Result.tuples()`` returns is the result itself."""

    __slots__ = ()


class RMKeyView(Sequence[str]):
    """The column names of a result; also knows the column objects behind them."""

    __slots__ = ("_layout",)

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._layout.keys[index]

    def __len__(self) -> int:
        return len(self._layout.keys)

    def __contains__(self, key: object) -> bool:
        return not isinstance(key, int) and key in self._layout.lookup

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Iterable) and list(other) == list(self._layout.keys)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RMKeyView({list(self._layout.keys)!r})"


class FrozenResult(Generic[*Ts]):
    """The rows of a result, kept: call it for a new result of them."""

    def __init__(self, result: Result[*Ts]) -> None:
        self._layout = result._layout
        self._unique_keys = result._unique_keys
        self._scalar = result._source.scalar
        self.data: Sequence[Any] = (
            result.scalars().all() if self._scalar else [tuple(row) for row in result]
        )

    def with_new_rows(self, tuple_data: Sequence[Any]) -> FrozenResult[*Ts]:
        """Return a frozen result of the same columns with other rows."""
        fresh: Result[*Ts] = Result(self._layout, tuple_data, unique_keys=self._unique_keys)
        return FrozenResult(fresh)

    def __call__(self) -> Result[*Ts]:
        return Result(self._layout, self.data, scalar=self._scalar, unique_keys=self._unique_keys)


def _itself(value: Any) -> Any:
    return value
