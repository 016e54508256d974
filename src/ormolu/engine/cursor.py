"""The result of a statement on a connection: rows, counts, and generated keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from ..exc import InvalidRequestError, ResourceClosedError
from .context import ExecutionContext as ExecutionContext
from .observed import ObservedCursor
from .result import AnyResult, IteratorResult, MergedResult, Result, Ts
from .row import Layout, RMKeyView, Row, row_class
from .source import CursorSource, NoRows, Source

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from .connection import Connection

_NO_ROWS = Layout(())


class CursorResult(Result[*Ts]):
    """A result of a Core execution.

    :param context: the execution, or the arguments of an :class:`ExecutionContext`, which is then
        made when somebody asks for it.
    """

    __slots__ = ("_context", "returns_rows")

    def __init__(
        self,
        layout: Layout | None,
        rows: Iterable[Any] | Source | None,
        context: ExecutionContext | tuple[Any, ...],
    ) -> None:
        # Flat on purpose, as that of ``Result``.
        self._layout = layout or _NO_ROWS
        self._seen = None
        self._unique_key = None
        self._unique_keys = None
        self._require_unique = None
        self._context = context
        if rows is None:
            self.returns_rows = False
            self._source = NoRows()
        else:
            self.returns_rows = True
            self._source = rows if isinstance(rows, Source) else CursorSource(rows)

    @property
    def context(self) -> ExecutionContext:
        """The execution that this is the result of."""
        context = self._context
        if type(context) is tuple:
            context = self._context = ExecutionContext(*context)
        return cast(ExecutionContext, context)

    @property
    def cursor(self) -> ObservedCursor | None:
        """What the driver's cursor says: ``description``, ``rowcount``, ``lastrowid``.

        None for a statement that gives no rows, and of a closed result.
        """
        if not self.returns_rows or self._source.closed:
            return None
        outcome = self.context.outcome
        cursor = ObservedCursor(self.context.core.driver.raw)
        if outcome is None:  # the rows are still with the driver
            cursor.description = [(key, *[None] * 6) for key in self._layout.keys]
        else:
            cursor.note(outcome)
        return cursor

    def _closed_error(self) -> ResourceClosedError:
        if not self.returns_rows:
            return ResourceClosedError(
                "This result object does not return rows. It has been closed automatically."
            )
        return super()._closed_error()

    @property
    def connection(self) -> Connection:
        """The connection that executed the statement."""
        connection: Connection = self.context.root_connection
        return connection

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        dialect: Dialect = self.context.dialect
        return dialect

    def keys(self) -> RMKeyView:
        """Return the column names.

        :raises ResourceClosedError: when the statement gives no rows.
        """
        if not self.returns_rows:
            raise self._closed_error()
        return super().keys()

    def columns(self, *col_expressions: Any) -> Result[*tuple[Any, ...]]:
        """Return a result of only these columns: names, indexes or column objects."""
        if not self.returns_rows:
            raise self._closed_error()
        return super().columns(*col_expressions)

    def merge(self, *others: Result[*tuple[Any, ...]]) -> MergedResult[*Ts]:
        """Return a result of this one's rows and then those of ``others``."""
        if not self.returns_rows:
            raise self._closed_error()
        return super().merge(*others)

    def splice_horizontally(self, other: CursorResult[*tuple[Any, ...]]) -> Self:
        """Return a result whose rows are this one's, each followed by that of ``other``.

        For INSERT … RETURNING of many sets into several tables, with rows in the same order.
        """
        mine = [tuple(row) for row in cast(AnyResult, self).all()]
        theirs = [tuple(row) for row in other.all()]
        rows = [(*left, *right) for left, right in zip(mine, theirs, strict=True)]
        return cast(Self, CursorResult(self._layout.beside(other._layout), rows, self._context))

    def splice_vertically(self, other: CursorResult[*tuple[Any, ...]]) -> Self:
        """Return a result of this one's rows and then those of ``other``, which has its columns."""
        rows = [tuple(row) for result in (cast(AnyResult, self), other) for row in result.all()]
        return cast(Self, CursorResult(self._layout, rows, self._context))

    @property
    def rowcount(self) -> int:
        """How many rows an UPDATE or DELETE matched, or an INSERT inserted; -1 when unknown."""
        return self.context.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The driver's ``lastrowid``."""
        return self.context.get_lastrowid()

    @property
    def is_insert(self) -> bool:
        """Whether the statement is an INSERT."""
        compiled = self.context.compiled
        return compiled is not None and compiled.kind == "insert"

    @property
    def inserted_primary_key(self) -> Any:
        """The primary key of the inserted row, a named tuple.

        :raises InvalidRequestError: for other statements, and after an execution with many sets.
        """
        rows = self.inserted_primary_key_rows
        if isinstance(self.context.current_parameters, list):
            raise InvalidRequestError(
                "This statement was an executemany call; if primary key returning is supported, "
                "please use .inserted_primary_key_rows."
            )
        return rows[0]

    @property
    def inserted_primary_key_rows(self) -> list[Any]:
        """The primary keys of the inserted rows."""
        context = self.context
        compiled = context.compiled
        if compiled is None or compiled.kind != "insert":
            raise InvalidRequestError("Statement is not an insert() expression construct.")
        if compiled.returning and not context.returned:
            raise InvalidRequestError(
                "Can't call inserted_primary_key when returning() is used; take the rows instead."
            )
        table = compiled.table
        cls = row_class(tuple(column.key for column in table.primary_key))
        params = context.current_parameters
        if isinstance(params, list):
            # The driver reports no generated key for each of many sets; RETURNING does.
            none: Sequence[Any] = [None] * len(params)
            rows: Sequence[Any] = context.returned or none
            pairs = zip(params, rows, strict=True)
            return [cls(self._key_of(one, row, None)) for one, row in pairs]
        returned = context.returned[0] if context.returned else None
        return [cls(self._key_of(params or {}, returned, self.lastrowid))]

    def _key_of(
        self,
        params: Mapping[str, Any],
        returned: Sequence[Any] | None,
        lastrowid: int | None,
    ) -> tuple[Any, ...]:
        context = self.context
        compiled = context.compiled
        if compiled is None or compiled.insert_keys is None:
            return () if compiled is None else (None,) * len(compiled.table.primary_key)
        return compiled.insert_keys.read(context.binds, params, lastrowid, returned)

    @property
    def returned_defaults(self) -> Row[*tuple[Any, ...]] | None:
        """The values of the server-side defaults that were fetched, None when none were."""
        rows = self.returned_defaults_rows
        return rows[0] if rows else None

    @property
    def returned_defaults_rows(self) -> list[Row[*tuple[Any, ...]]] | None:
        """As ``returned_defaults``, for each inserted row."""
        context = self.context
        if context.compiled is None or not context.returned:
            return None
        cls = row_class(tuple(c.key for c in context.compiled.implicit_returning))
        return [cls(row) for row in context.returned]

    @property
    def supports_sane_rowcount_returning(self) -> bool:
        """Whether ``rowcount`` is right with RETURNING."""
        return True

    def lastrow_has_defaults(self) -> bool:
        """Say whether the row has values that the server computed and nothing fetched."""
        return self.context.lastrow_has_defaults()

    def prefetch_cols(self) -> list[Any]:
        """Return the columns whose defaults were computed before execution.

        :raises InvalidRequestError: for what is no INSERT or UPDATE construct.
        """
        self._check_writes()
        return self.context.prefetch_cols

    def postfetch_cols(self) -> list[Any]:
        """Return the columns whose values the server computed and nothing fetched.

        :raises InvalidRequestError: for what is no INSERT or UPDATE construct.
        """
        self._check_writes()
        return self.context.postfetch_cols

    def _check_writes(self) -> None:
        if not (self.context.isinsert or self.context.isupdate):
            raise InvalidRequestError(
                "Statement is not an insert() or update() expression construct."
            )

    def last_inserted_params(self) -> Any:
        """Return the parameters of the INSERT.

        :raises InvalidRequestError: for other statements.
        """
        if not self.is_insert:
            raise InvalidRequestError("Statement is not an insert() expression construct.")
        return self._params()

    def last_updated_params(self) -> Any:
        """Return the parameters of the UPDATE.

        :raises InvalidRequestError: for other statements.
        """
        compiled = self.context.compiled
        if compiled is None or compiled.kind != "update":
            raise InvalidRequestError("Statement is not an update() expression construct.")
        return self._params()

    def _params(self) -> Any:
        params = self.context.current_parameters
        return params if isinstance(params, list) else self.context.get_current_parameters()

    def supports_sane_rowcount(self) -> bool:
        """Say whether ``rowcount`` counts the rows that were matched."""
        return self.context.supports_sane_rowcount()

    def supports_sane_multi_rowcount(self) -> bool:
        """Say whether ``rowcount`` is right after an execution with many sets."""
        return self.context.supports_sane_multi_rowcount()


#: The old name of ``CursorResult``.
ResultProxy = CursorResult


def null_dml_result() -> IteratorResult[*tuple[Any, ...]]:
    """Return a closed result without columns and rows: what a statement without rows gives."""
    result: IteratorResult[*tuple[Any, ...]] = IteratorResult(Layout(()), NoRows())
    return result
