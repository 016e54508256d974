"""The result of a statement on a connection: rows, counts, and generated keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from ..compiler.compiled import Compiled
from ..exc import InvalidRequestError, ResourceClosedError
from ..io.drivers import Outcome
from .result import Result, Ts
from .row import Layout, Row, row_class
from .source import Source

if TYPE_CHECKING:
    from .core import ConnectionCore

_NO_ROWS = Layout(())


class ExecutionContext:
    """One execution, as default functions and results see it.

    ``current_parameters`` are the parameters of the row whose default is being computed.
    """

    __slots__ = (
        "binds",
        "column",
        "compiled",
        "core",
        "current_column",
        "current_parameters",
        "outcome",
        "returned",
    )

    def __init__(
        self,
        core: ConnectionCore,
        compiled: Compiled | None,
        outcome: Outcome | None,
        params: Any = None,
        column: Any = None,
        binds: Sequence[Any] = (),
    ) -> None:
        self.core = core
        self.compiled = compiled
        self.outcome = outcome
        self.current_parameters = params
        self.current_column = column
        self.binds = binds
        self.returned: list[tuple[Any, ...]] | None = None

    @property
    def dialect(self) -> Any:
        """The dialect."""
        return self.core.dialect

    @property
    def engine(self) -> Any:
        """The engine's core."""
        return self.core.engine

    @property
    def execution_options(self) -> Mapping[str, Any]:
        """The options of the execution."""
        return self.core.execution_options

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """Return the values of the row: those of ``values()``, and those it is executed with.

        Of the defaults, it has those that were computed before this one.
        """
        given: Any = self.current_parameters or {}
        compiled = self.compiled
        if compiled is None or isinstance(given, list):
            return dict(given)
        awaited = {item.key for item in compiled.prefetch if item.key not in given}
        own = {
            slot.name: slot.peek(self.binds, given)
            for slot in compiled.binds
            if slot.name not in awaited
        }
        return {**own, **given}


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
            self._source = Source(())
            self._source.closed = True
        else:
            self.returns_rows = True
            self._source = rows if isinstance(rows, Source) else Source(rows)

    @property
    def context(self) -> ExecutionContext:
        """The execution that this is the result of."""
        context = self._context
        if type(context) is tuple:
            context = self._context = ExecutionContext(*context)
        return cast(ExecutionContext, context)

    def _closed_error(self) -> ResourceClosedError:
        if not self.returns_rows:
            return ResourceClosedError(
                "This result object does not return rows. It has been closed automatically."
            )
        return super()._closed_error()

    @property
    def rowcount(self) -> int:
        """How many rows an UPDATE or DELETE matched, or an INSERT inserted; -1 when unknown."""
        outcome = self.context.outcome
        return -1 if outcome is None else outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The driver's ``lastrowid``."""
        outcome = self.context.outcome
        return None if outcome is None else outcome.lastrowid

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
        if compiled.returning and not compiled.implicit_returning and compiled.insert_keys is None:
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
        keys = None if context.compiled is None else context.compiled.insert_keys
        if keys is None:
            return ()
        return keys.read(context.binds, params, lastrowid, returned)

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

    @property
    def lastrow_has_defaults(self) -> bool:
        """Whether the inserted row has server-side defaults that were not fetched."""
        compiled = self.context.compiled
        return compiled is not None and bool(compiled.postfetch)

    @property
    def prefetch_cols(self) -> list[Any]:
        """The columns whose defaults were computed before execution."""
        compiled = self.context.compiled
        return [] if compiled is None else [item.column for item in compiled.prefetch]

    @property
    def postfetch_cols(self) -> list[Any]:
        """The columns whose defaults the server computed."""
        compiled = self.context.compiled
        return [] if compiled is None else list(compiled.postfetch)

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
        return True

    def supports_sane_multi_rowcount(self) -> bool:
        """Say whether ``rowcount`` is right after an execution with many sets."""
        return True
