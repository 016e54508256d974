"""The plan of statements.

The way of a statement: its key finds a `LoadEntry` in the engine's cache; the entry's values go to
the driver with its SQL; its generated loader turns the rows into objects; relationships that are
loaded by further statements follow; a `Result` hands the objects out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu.compiler import lowering
from ormolu.deferred import deferred
from ormolu.engine.execution import announces, executing_plan
from ormolu.engine.execution import execute_plan as core_execute_plan
from ormolu.engine.plans import fetch_plan
from ormolu.engine.result import Result, ScalarResult
from ormolu.io.plan import Plan
from ormolu.orm.loading.entity_plan import lower_inner, lower_select
from ormolu.orm.loading.entry import NO_PARAMS, Context, LoadEntry
from ormolu.orm.loading.from_statement import FromStatement, from_statement_plan
from ormolu.orm.loading.identity import get_plan
from ormolu.orm.loading.refresh import refresh_plan
from ormolu.orm.loading.schemas import TRANSLATE, cache_of, dialect_of
from ormolu.orm.loading.selectin import later_plan
from ormolu.orm.loading.written import plain
from ormolu.sql.keys import normalise
from ormolu.sql.select import Select

if TYPE_CHECKING:
    from ormolu.orm.loading import streaming
else:
    streaming = deferred("ormolu.orm.loading.streaming")

__all__ = ["execute_plan", "get_plan", "refresh_plan"]

_NO_OPTIONS: Mapping[str, Any] = {}
#: Stands for the map of an execution that its connection has meanwhile.
_IN_FORCE: Any = object()
# Set while the listeners of a statement's execution have been called.
_ANNOUNCED = "_announced"


def execute_plan(
    session: Any,
    statement: Any,
    params: Any = None,
    execution_options: Mapping[str, Any] | None = None,
    bind_arguments: Mapping[str, Any] | None = None,
    scalars: bool = False,
) -> Plan[Any]:
    """Execute a SELECT, a text or any other Core statement in the session's transaction.

    :param scalars: reply with the `ScalarResult` of the first column.
    :raises InvalidRequestError: for options and joins that can't be lowered.
    """
    options = execution_options or _NO_OPTIONS
    if statement._execution_options:
        options = {**statement._execution_options, **options}
    if session._needs_flush and options.get("autoflush", True):
        yield from session._autoflush_plan()
    core = None if bind_arguments else session._core or session._connection_now()
    if core is None:
        core = yield from _connection_plan(session, statement, bind_arguments)
    if type(statement) is not Select or statement._plugin is None:
        result = yield from _other_plan(session, core, statement, params, options)
        return result.scalars() if scalars else result
    if core.observed and announces(core) and _ANNOUNCED not in options:
        return (yield from _announced_plan(session, core, statement, params, options, scalars))
    if options and options.get(TRANSLATE, _IN_FORCE) is not _IN_FORCE:
        return (yield from _translated_plan(session, core, statement, params, options, scalars))
    overwrite = bool(options.get("populate_existing")) if options else False
    entry, binds = entry_for(core, statement, overwrite)
    if options and streaming.streams_objects(session, core, entry, options):
        context = Context(session, core, entry.binds, binds, overwrite)
        result = yield from streaming.stream_plan(context, entry, binds, params, options)
        return result.scalars() if scalars else result
    if entry.expanding:
        sql, packed = entry.compiled.expand(binds, params or NO_PARAMS)
    else:
        sql, packed = entry.sql, entry.pack(binds, params or NO_PARAMS)
    rows = yield from fetch_plan(core, sql, packed)
    if entry.simple:
        objects = entry.load_simple(session, rows)
    else:
        context = Context(session, core, entry.binds, binds, overwrite)
        objects, late = entry.load(context, rows)
        if late:
            yield from later_plan(context, entry, late)
    result = Result(
        entry.layout,
        objects,
        scalar=entry.plan.single,
        unique_keys=entry.unique_keys,
        require_unique=entry.require_unique,
    )
    return ScalarResult(result, 0) if scalars else result


def _translated_plan(
    session: Any, core: Any, statement: Any, params: Any, options: Mapping[str, Any], scalars: bool
) -> Plan[Any]:
    """Load under the ``schema_translate_map`` of one execution."""
    before = core.execution_options
    core.execution_options = {**before, TRANSLATE: options[TRANSLATE]}
    rest = {**options, TRANSLATE: _IN_FORCE}
    try:
        return (yield from execute_plan(session, statement, params, rest, None, scalars))
    finally:
        core.execution_options = before


def _announced_plan(
    session: Any, core: Any, statement: Any, params: Any, options: Mapping[str, Any], scalars: bool
) -> Plan[Any]:
    """Load between ``before_execute`` and ``after_execute`` listeners."""
    announced = {**options, _ANNOUNCED: True}

    def load(core: Any, statement: Any, params: Any, options: Any) -> Plan[Any]:
        return execute_plan(session, statement, params, announced, None, scalars)

    given = {} if params is None else params  # as the ORM passes them on
    return (yield from executing_plan(core, statement, given, options, load))


def entry_for(core: Any, statement: Any, overwrite: bool) -> tuple[LoadEntry, Sequence[Any]]:
    """The compiled load of an ORM SELECT, from the cache or made now, and the binds to use."""
    cache = cache_of(core) if core.execution_options else core.engine.cache
    key = normalise((statement._key,)) if statement._anon else statement._key
    binds = statement._binds
    if key is not None:
        key = ("load", key, overwrite)
        entry = cache.get(key)
        if entry is not None and (entry.matches is None or entry.matches(binds)):
            return entry, binds
    dialect = dialect_of(core)
    lowered = lower_select(statement, dialect)
    entry = LoadEntry(
        lowered.statement,
        lowered.plan,
        binds,
        dialect,
        overwrite=overwrite,
        repeats=lowered.repeats,
    )
    if key is not None:
        cache[key] = entry
    return entry, binds


def _connection_plan(
    session: Any, statement: Any, bind_arguments: Mapping[str, Any] | None
) -> Plan[Any]:
    given = bind_arguments or _NO_OPTIONS
    mapper = given.get("mapper")
    clause = given.get("clause")
    if mapper is None and clause is None:
        mapper, clause = _first_mapper(statement), statement
    return (yield from session._connection_plan(mapper, clause, given.get("bind")))


def _first_mapper(statement: Any) -> Any:
    for item in getattr(statement, "_raw_columns", ()):
        mapper = getattr(item, "mapper", None)
        if mapper is None:
            mapper = getattr(getattr(item, "parent", None), "mapper", None)
        if mapper is not None:
            return mapper
    return None


def _other_plan(session: Any, core: Any, statement: Any, params: Any, options: Any) -> Plan[Any]:
    """Statements without entities of their own, and texts that give some."""
    if type(statement) is FromStatement:
        overwrite = bool(options.get("populate_existing"))
        return (yield from from_statement_plan(session, core, statement, params, overwrite))
    if core.execution_options:
        options = {**core.execution_options, **options}
    if options and streaming.streams(session, core, options):
        return (yield from streaming.core_stream_plan(session, core, statement, params, options))
    return (yield from core_execute_plan(core, statement, params, options))


def lower_text(statement: Any) -> Any:
    """The Core statement of an ORM one: what the compiler asks when it meets one."""
    if isinstance(statement, Select):
        return lower_select(statement).statement
    if isinstance(statement, FromStatement):
        return statement.element
    entity = getattr(statement, "_entity", None)
    return statement._copy(_plugin=None) if entity is None else plain(statement, entity.mapper)


def inner_text(statement: Any) -> Any:
    """As `lower_text`, of a statement inside of another."""
    return lower_inner(statement) if isinstance(statement, Select) else lower_text(statement)


lowering.register("orm", lower_text, inner_text)
