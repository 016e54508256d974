"""Loading objects chunk by chunk: ``yield_per``.

The rows of a statement stay with the driver. For each chunk, its rows become objects as those of a
whole result do, and what their relationships need is loaded for that chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ormolu.engine.plans import close_cursor_plan, request_plan
from ormolu.engine.result import ChunkedIteratorResult, Result
from ormolu.engine.streaming import DEFAULT_CHUNK, Streamed, streamed_result, wants_stream
from ormolu.engine.streaming import stream_plan as open_plan
from ormolu.exc import InvalidRequestError
from ormolu.io.plan import Plan
from ormolu.io.requests import Fetch, OpenCursor
from ormolu.orm.loading.entry import NO_PARAMS, Context, LoadEntry
from ormolu.orm.loading.selectin import later_plan

#: Set by an asynchronous session that will fetch the chunks itself.
AWAITED = "_awaited_stream"


class StreamedObjects:
    """An open cursor whose rows become objects when they are fetched.

    :param fixed: the chunk that ``yield_per`` asked for.
    """

    __slots__ = ("chunk", "context", "cursor", "entry", "fixed")

    def __init__(
        self, context: Context, entry: LoadEntry, cursor: Any, options: Mapping[str, Any]
    ) -> None:
        self.context = context
        self.entry = entry
        self.cursor = cursor
        self.fixed: int | None = options.get("yield_per")
        self.chunk: int = self.fixed or options.get("max_row_buffer", DEFAULT_CHUNK)

    def fetch_plan(self, size: int | None) -> Plan[list[Any]]:
        """Load the next objects; the cursor is closed when there are none."""
        core = self.context.core
        try:
            rows = yield Fetch(self.cursor, size)
        except core.driver_error as error:
            raise core.wrap(error, self.entry.sql, None) from error
        if not rows:
            yield from self.close_plan()
            return []
        objects, late = self.entry.load(self.context, rows)
        if late:
            yield from later_plan(self.context, self.entry, late)
        return objects

    def close_plan(self) -> Plan[None]:
        """Close the cursor; closing it again does nothing."""
        cursor, self.cursor = self.cursor, None
        if cursor is not None:
            yield from close_cursor_plan(self.context.core, cursor)

    def result(self, run: Callable[[Plan[Any]], Any]) -> Result[*tuple[Any, ...]]:
        """Return the result that loads as it is read.

        :param run: the session's loop.
        """

        def chunks(size: int | None) -> Iterator[Sequence[Any]]:
            while self.cursor is not None and (objects := run(self.fetch_plan(size or self.chunk))):
                yield objects

        entry = self.entry
        result: Result[*tuple[Any, ...]] = ChunkedIteratorResult(
            entry.layout,
            chunks,
            source_supports_scalars=entry.plan.single,
            on_close=lambda: run(self.close_plan()),
            unique_keys=entry.unique_keys,
        )
        if self.fixed is not None:
            result._source.chunk = self.fixed
        return result

    def fed(self) -> Result[*tuple[Any, ...]]:
        """Return a result without rows, which somebody else feeds with the chunks."""
        entry = self.entry
        result: Result[*tuple[Any, ...]] = Result(
            entry.layout, (), scalar=entry.plan.single, unique_keys=entry.unique_keys
        )
        if self.fixed is not None:
            result.yield_per(self.fixed)
        return result


def streams(session: Any, core: Any, options: Mapping[str, Any]) -> bool:
    """Say whether rows are to come chunk by chunk: asked for, and somebody can wait for chunks."""
    if not wants_stream(options):
        return False
    return not core.dialect.is_async or AWAITED in options or session._owner.thread is not None


def streams_objects(session: Any, core: Any, entry: LoadEntry, options: Mapping[str, Any]) -> bool:
    """Say whether a load is to go chunk by chunk.

    :raises InvalidRequestError: for ``yield_per`` with joined eager loading of collections, whose
        rows belong together.
    """
    if not streams(session, core, options):
        return False
    if entry.require_unique is None:
        return True
    if options.get("yield_per"):
        raise InvalidRequestError(
            "Can't use yield_per with joined eager loading of collections: the rows of one object "
            "may be in several chunks; load them with selectinload()"
        )
    return False


def core_stream_plan(
    session: Any, core: Any, statement: Any, params: Any, options: Mapping[str, Any]
) -> Plan[Any]:
    """Run a Core statement and leave its rows with the driver."""
    found = yield from open_plan(core, statement, params, options)
    if not isinstance(found, Streamed) or AWAITED in options:
        return found
    return streamed_result(found, session._run)


def stream_plan(
    context: Context,
    entry: LoadEntry,
    binds: Sequence[Any],
    params: Mapping[str, Any] | None,
    options: Mapping[str, Any],
) -> Plan[Any]:
    """Run a compiled load and leave its rows with the driver."""
    given = params or NO_PARAMS
    if entry.expanding:
        sql, packed = entry.compiled.expand(binds, given)
    else:
        sql, packed = entry.sql, entry.pack(binds, given)
    cursor = yield from request_plan(context.core, OpenCursor(context.core.driver, sql, packed))
    streamed = StreamedObjects(context, entry, cursor, options)
    return streamed if AWAITED in options else streamed.result(context.session._run)
