"""Results: what a statement gives back, and the ways to take it.

A result draws from a ``Source`` (``source.py``), one iterator of raw rows that all its views share
(``result.scalars()``, ``.mappings()``, …). How a raw row becomes what the view gives is decided
once, when the view is made, and done by C-level ``map``. A source may hold bare values instead of
tuples (``scalar``): the ORM's ``select(User)`` then makes no ``Row`` unless one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Generic, Literal, TypeVar, TypeVarTuple, cast, overload

from ..deprecation import IS_A_TUPLE, warn_deprecated
from ..exc import InvalidRequestError
from .row import Layout as Layout
from .row import RMKeyView as RMKeyView
from .row import Row, RowMapping
from .row import result_tuple as result_tuple
from .source import ChunkedSource, Source, picker
from .view import FilterResult, ResultView, UniqueKey

T = TypeVar("T")
R = TypeVar("R")
Ts = TypeVarTuple("Ts")


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
        cls: Any = self._layout.row_class
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
        """The result itself (deprecated: a row is a tuple)."""
        warn_deprecated("Result.t", IS_A_TUPLE, "2.1.0")
        return cast("TupleResult[tuple[*Ts]]", self)

    def tuples(self) -> TupleResult[tuple[*Ts]]:
        """Return the result itself (deprecated: a row is a tuple)."""
        warn_deprecated("Result.tuples()", IS_A_TUPLE, "2.1.0")
        return cast("TupleResult[tuple[*Ts]]", self)

    def fetchone(self) -> Row[*Ts] | None:
        """Return the next row, or None."""
        return next(self._items(), None)

    def columns(self, *col_expressions: Any) -> Result[*tuple[Any, ...]]:
        """Return a result of only these columns: names, indexes or column objects."""
        indexes = [self._layout.index_of(key) for key in col_expressions]
        source = self._source
        view = source.shared()
        view.pick = picker(indexes, source)
        keys = self._unique_keys
        picked: Result[*tuple[Any, ...]] = Result(
            self._layout.pick(indexes),
            view,
            unique_keys=None if keys is None else [keys[index] for index in indexes],
            require_unique=self._require_unique if self._seen is None else None,
        )
        if self._seen is not None:
            picked._set_unique(None)
        return picked

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

    def merge(self, *others: Result[*tuple[Any, ...]]) -> MergedResult[*Ts]:
        """Return a result of this one's rows and then those of ``others``."""
        results = cast("Sequence[AnyResult]", (self, *others))
        merged: MergedResult[*Ts] = MergedResult(self._layout, results)
        return merged


AnyResult = Result[*tuple[Any, ...]]


class ScalarResult(FilterResult[R], Generic[R]):
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


class MappingResult(FilterResult[RowMapping]):
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


#: What results know of their columns, under the names that it has in SQLAlchemy.
ResultMetaData = Layout
SimpleResultMetaData = Layout


class IteratorResult(Result[*Ts]):
    """A result of rows from any iterable.

    :param cursor_metadata: the columns: ``SimpleResultMetaData(["id", "name"])``.
    :param iterator: tuples.
    """

    __slots__ = ()

    def __init__(
        self,
        cursor_metadata: Layout | Sequence[str],
        iterator: Iterable[Any] | Source,
        raw: Any = None,
        *,
        scalar: bool = False,
        unique_keys: Sequence[UniqueKey | None] | None = None,
        require_unique: str | None = None,
    ) -> None:
        super().__init__(
            cursor_metadata,
            iterator,
            scalar=scalar,
            unique_keys=unique_keys,
            require_unique=require_unique,
        )


class ChunkedIteratorResult(IteratorResult[*Ts]):
    """A result of rows that come in chunks.

    :param chunks: called with the size that is wanted (None for any), gives an iterable of lists.
    :param source_supports_scalars: the lists hold bare values of a single column.
    :param dynamic_yield_per: ``fetchmany(size)`` asks for chunks of that size.
    """

    __slots__ = ()

    def __init__(
        self,
        cursor_metadata: Layout | Sequence[str],
        chunks: Callable[[int | None], Iterable[Sequence[Any]]],
        source_supports_scalars: bool = False,
        raw: Any = None,
        dynamic_yield_per: bool = False,
        *,
        on_close: Callable[[], None] | None = None,
        unique_keys: Sequence[UniqueKey | None] | None = None,
        require_unique: str | None = None,
    ) -> None:
        source = ChunkedSource(chunks, scalar=source_supports_scalars, on_close=on_close)
        source.dynamic = dynamic_yield_per
        super().__init__(
            cursor_metadata, source, unique_keys=unique_keys, require_unique=require_unique
        )


class MergedResult(IteratorResult[*Ts]):
    """The rows of several results, one after the other; closing it closes them all."""

    __slots__ = ()

    def __init__(
        self, cursor_metadata: Layout | Sequence[str], results: Sequence[Result[*tuple[Any, ...]]]
    ) -> None:
        def close() -> None:
            for result in results:
                result.close()

        rows = chain.from_iterable(cast("Iterable[Iterable[Any]]", results))
        super().__init__(
            cursor_metadata,
            Source(rows, on_close=close),
            unique_keys=results[0]._unique_keys if results else None,
        )
        if results and results[0]._seen is not None:
            self._seen = set()
            self._unique_key = results[0]._unique_key


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

    def __call__(self) -> IteratorResult[*Ts]:
        return IteratorResult(
            self._layout, self.data, scalar=self._scalar, unique_keys=self._unique_keys
        )


def null_result() -> IteratorResult[*tuple[Any, ...]]:
    """Return a result without columns and rows."""
    return IteratorResult(Layout(()), ())


def _itself(value: Any) -> Any:
    return value
