"""One execution of a statement, as default functions, listeners and results see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..compiler.compiled import Compiled
from ..io.outcome import Outcome

if TYPE_CHECKING:
    from .core import ConnectionCore

_CRUD = ("insert", "update", "delete")


class Invocation:
    """What is executed, for those who look on: its compiled form, construct and options.

    ``page`` counts the pages of an INSERT of many sets, and ``place`` tells it for the log.
    """

    __slots__ = ("compiled", "options", "page", "place", "statement")

    def __init__(
        self, compiled: Compiled | None, statement: Any, options: Mapping[str, Any] | None
    ) -> None:
        self.compiled = compiled
        self.statement = statement
        self.options = options
        self.page = 0
        self.place = ""

    def turn(self, pages: int, how: str) -> None:
        """Go on to the next page."""
        self.page += 1
        self.place = f"{self.page}/{pages} ({how})"


class ExecutionContext:
    """One execution.

    - ``compiled``: None for SQL in the driver's own words.
    - ``statement``, ``parameters``: what is sent to the driver; None and () before that is known.
    - ``current_parameters``: the parameters of the row whose default is being computed, afterwards
      those of the statement: a mapping, or a list of them.
    - ``invoked_statement``: the construct that was executed.
    """

    __slots__ = (
        "__dict__",
        "_options",
        "binds",
        "compiled",
        "core",
        "current_column",
        "current_key",
        "current_parameters",
        "invoked_statement",
        "outcome",
        "returned",
        "sent",
        "statement",
    )

    def __init__(
        self,
        core: ConnectionCore,
        compiled: Compiled | None,
        outcome: Outcome | None,
        params: Any = None,
        column: Any = None,
        binds: Sequence[Any] = (),
        invoked: Any = None,
        statement: str | None = None,
        sent: Any = None,
        options: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> None:
        self.core = core
        self.compiled = compiled
        self.outcome = outcome
        self.current_parameters = params
        self.current_column = column
        self.current_key = key
        self.binds = binds
        self.invoked_statement = invoked
        self.statement = statement
        self.sent = sent
        self._options = options
        self.returned: list[tuple[Any, ...]] | None = None

    # -- where

    @property
    def dialect(self) -> Any:
        """The dialect."""
        return self.core.dialect

    @property
    def engine(self) -> Any:
        """The ``Engine``."""
        return self.core.engine.facade()

    @property
    def root_connection(self) -> Any:
        """The ``Connection``."""
        return self.core.facade()

    connection = root_connection

    @property
    def identifier_preparer(self) -> Any:
        """What quotes names for the dialect."""
        return self.core.dialect.identifier_preparer

    @property
    def execution_options(self) -> Mapping[str, Any]:
        """The options of the execution."""
        return self.core.execution_options if self._options is None else self._options

    # -- what

    @property
    def isinsert(self) -> bool:
        """Whether the statement is an INSERT."""
        return self._kind == "insert"

    @property
    def isupdate(self) -> bool:
        """Whether the statement is an UPDATE."""
        return self._kind == "update"

    @property
    def isdelete(self) -> bool:
        """Whether the statement is a DELETE."""
        return self._kind == "delete"

    @property
    def is_crud(self) -> bool:
        """Whether the statement is an INSERT, UPDATE or DELETE construct."""
        return self._kind in _CRUD

    @property
    def is_text(self) -> bool:
        """Whether the statement was written as text."""
        return self._kind in ("text", None)

    @property
    def isddl(self) -> bool:
        """Whether the statement is a DDL construct."""
        return self._kind == "ddl"

    @property
    def _kind(self) -> str | None:
        return None if self.compiled is None else self.compiled.kind

    @property
    def executemany(self) -> bool:
        """Whether the statement was run with a list of parameter sets."""
        return isinstance(self.current_parameters, (list, tuple))

    @property
    def parameters(self) -> Any:
        """The parameter sets as the driver received them."""
        sent = self.sent
        if sent is None and self.executemany and self.compiled is not None:
            sent = self.sent = self.compiled.pack_many(self.binds, self.current_parameters)
        return sent if isinstance(sent, list) else [() if sent is None else sent]

    @property
    def compiled_parameters(self) -> list[dict[str, Any]]:
        """The parameter sets by bind name, before the types have converted them."""
        compiled = self.compiled
        if compiled is None:
            return []
        given: Any = self.current_parameters or {}
        sets: Sequence[Any] = given if isinstance(given, (list, tuple)) else [given]
        return [{slot.name: slot.peek(self.binds, one) for slot in compiled.binds} for one in sets]

    @property
    def no_parameters(self) -> bool:
        """Whether empty parameters are left out of the call of the driver."""
        return bool(self.execution_options.get("no_parameters"))

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """Return the values of the row: those of ``values()``, and those it is executed with.

        Of the defaults, it has those that were computed before this one; the others are None.

        :param isolate_multiinsert_groups: of an INSERT of several rows in VALUES, return what the
            row at hand was given, by column key; else the values of all rows, by bind name.
        """
        given: Any = self.current_parameters or {}
        compiled = self.compiled
        if compiled is None or isinstance(given, list):
            return dict(given)
        computed = {item.key: None for item in compiled.prefetch}
        values = {
            slot.name: None if slot.name in computed else slot.peek(self.binds, given)
            for slot in compiled.binds
        }
        values.update(computed)
        values.update(given)
        if compiled.multi_values and isolate_multiinsert_groups and self.current_key is not None:
            return self._row_of_values(compiled, values)
        return values

    def _row_of_values(self, compiled: Compiled, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of one of several rows: their binds are named ``<column>_m<row>``."""
        key: str = self.current_key or ""
        column_key = self.current_column.key
        suffix = key.removeprefix(column_key) or "_m0"
        computed = {item.key for item in compiled.prefetch}
        row = {
            name.removesuffix(suffix): value
            for name, value in values.items()
            if name.endswith(suffix) and name not in computed
        }
        return {column_key: values.get(key), **row}

    # -- what came of it

    @property
    def rowcount(self) -> int:
        """How many rows the statement concerned, -1 when unknown."""
        return -1 if self.outcome is None else self.outcome.rowcount

    def get_lastrowid(self) -> int | None:
        """Return the driver's ``lastrowid``."""
        return None if self.outcome is None else self.outcome.lastrowid

    @property
    def prefetch_cols(self) -> list[Any]:
        """The columns whose defaults were computed before execution."""
        return [] if self.compiled is None else [item.column for item in self.compiled.prefetch]

    @property
    def postfetch_cols(self) -> list[Any]:
        """The columns whose values the server computed and nothing fetched."""
        return [] if self.compiled is None else list(self.compiled.postfetch)

    def lastrow_has_defaults(self) -> bool:
        """Say whether the row has values that the server computed and nothing fetched."""
        return self.is_crud and bool(self.postfetch_cols)

    def supports_sane_rowcount(self) -> bool:
        """Say whether ``rowcount`` counts the rows that were matched."""
        return True

    def supports_sane_multi_rowcount(self) -> bool:
        """Say whether ``rowcount`` is right after an execution with many sets."""
        return True
