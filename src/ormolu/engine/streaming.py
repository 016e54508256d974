"""Rows that stay with the driver until they are read: ``stream_results`` and ``yield_per``.

A plan opens the cursor and returns a :class:`Streamed`; what fetches from it later is again a plan
per chunk, which the façade's loop runs when the result asks for more. The cursor is closed when
the rows are exhausted or when the result is closed. A connection doesn't know its cursors: who
leaves a result half read closes it (``with result:``) before the connection goes back to the pool.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..io import requests as rq
from ..io.plan import Plan
from .context import Invocation
from .core import ConnectionCore
from .cursor import CursorResult, ExecutionContext
from .execution import execute_plan, executing_plan, parameter_sets, prepare
from .packing import pack
from .plans import close_cursor_plan, request_plan
from .prepared import Convert, Rows
from .row import Layout
from .source import ChunkedSource

DEFAULT_CHUNK = 1000

# A text that gives rows, as far as one can tell from its first word.
_GIVES_ROWS = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*\(?\s*(?:SELECT|WITH|VALUES|TABLE|SHOW|EXPLAIN|PRAGMA|FETCH)\b", re.I
)


class Streamed:
    """An open cursor with what its rows mean.

    :param chunk: how many rows to fetch at a time unless the result says otherwise; ``fixed`` when
        ``yield_per`` said so.
    """

    __slots__ = ("chunk", "context", "convert", "core", "cursor", "fixed", "layout")

    def __init__(
        self,
        core: ConnectionCore,
        cursor: Any,
        layout: Layout,
        convert: Convert | None,
        context: ExecutionContext,
    ) -> None:
        self.core = core
        self.cursor = cursor
        self.layout = layout
        self.convert = convert
        self.context = context
        options = context.execution_options
        self.fixed: int | None = options.get("yield_per")
        self.chunk: int = self.fixed or options.get("max_row_buffer", DEFAULT_CHUNK)

    def fetch_plan(self, size: int | None) -> Plan[Rows]:
        """Fetch up to ``size`` more rows, all when None."""
        core = self.core
        try:
            rows: Rows = yield rq.Fetch(self.cursor, size)
        except core.driver_error as error:
            raise core.wrap(error, self.context.statement, self.context.sent) from error
        if self.convert is not None:
            rows = self.convert(rows)
        if core.observed and core.engine.log.debug:
            for row in rows:
                core.engine.log.row(row, core.log_token)
        return rows

    def close_plan(self) -> Plan[None]:
        """Close the cursor; closing it again does nothing."""
        cursor, self.cursor = self.cursor, None
        if cursor is not None:
            yield from close_cursor_plan(self.core, cursor)


def wants_stream(options: Mapping[str, Any]) -> bool:
    """Say whether execution options ask for rows to stay with the driver."""
    return bool(options.get("yield_per") or options.get("stream_results"))


def stream_plan(
    core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any]
) -> Plan[Streamed | CursorResult[Any]]:
    """Execute a statement and leave its rows with the driver.

    One that gives no rows, is run for many parameter sets, or whose execution a ``do_execute``
    listener may take over, is executed as usual.
    """
    if core.dispatch.do_execute or not streams(statement, params):
        result = yield from execute_plan(core, statement, params, options)
        if "yield_per" in options:
            result.yield_per(options["yield_per"])
        return result
    streamed: Streamed = yield from executing_plan(core, statement, params, options, _open_plan)
    return streamed


def streams(statement: Any, params: Any) -> bool:
    """Say whether a statement gives rows that may stay with the driver."""
    _, many = parameter_sets(params)
    if many:
        return False
    if getattr(statement, "is_dml", False) or getattr(statement, "is_ddl", False):
        return False
    text = statement if isinstance(statement, str) else getattr(statement, "text", None)
    return not isinstance(text, str) or _GIVES_ROWS.match(text) is not None


def _open_plan(
    core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any] | None
) -> Plan[Streamed]:
    sets, _ = parameter_sets(params)
    prepared = prepare(core, statement, sets, options)
    compiled = prepared.compiled
    only = sets[0] if sets else {}
    sql, packed = pack(core, compiled, statement._binds, only)
    invocation = Invocation(compiled, statement, options)
    request = rq.OpenCursor(core.driver, sql, packed)
    cursor = yield from request_plan(core, request, invocation)
    layout, convert = prepared.layout, prepared.convert
    if layout is None:
        layout, convert = prepared.describe(cursor.description or ())
    context = ExecutionContext(
        core, compiled, None, only, None, statement._binds, statement, sql, packed, options
    )
    if core.observed and core.engine.log.debug:
        core.engine.log.columns(layout.keys, core.log_token)
    return Streamed(core, cursor, layout, convert, context)


def streamed_result(
    streamed: Streamed, run: Callable[[Plan[Any]], Any]
) -> CursorResult[*tuple[Any, ...]]:
    """Return the result that fetches from an open cursor.

    :param run: the loop that runs a plan.
    """

    def chunks(size: int | None) -> Iterator[Sequence[Any]]:
        wanted = size or streamed.chunk
        while rows := run(streamed.fetch_plan(wanted)):
            yield rows
        run(streamed.close_plan())

    source = ChunkedSource(chunks, on_close=lambda: run(streamed.close_plan()))
    source.arraysize = 1
    source.chunk = streamed.fixed
    return CursorResult(streamed.layout, source, streamed.context)
