"""From a statement and parameters to a result.

The path of an execution: find the compiled form (one cache lookup), compute Python-side defaults,
pack the values, send one request, convert the columns that need it. What is the same for every
execution of a statement (layout, converter) is decided once and kept in its :class:`Prepared`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from .. import codegen
from ..compiler.compiled import Compiled
from ..compiler.statement import compile_statement
from ..exc import ArgumentError, ObjectNotExecutableError, StatementError
from ..io import requests as rq
from ..io.drivers import Outcome
from ..io.plan import Plan
from ..io.requests import Params
from ..sql.executable import Executable
from ..sql.functions import FunctionElement
from ..sql.keys import normalise
from ..sql.text import text
from .core import ConnectionCore, EngineCore
from .cursor import CursorResult, ExecutionContext
from .row import Layout

Rows = list[tuple[Any, ...]]
Convert = Callable[[Rows], Rows]
ParameterSet = Mapping[str, Any]


class Prepared:
    """A compiled statement with what its executions share.

    ``described`` is the layout of a text's last execution: only the driver knows its columns.
    ``convert`` turns driver rows into result rows; None when there is nothing to convert.
    """

    __slots__ = ("compiled", "convert", "described", "layout")

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.described: Layout | None = None
        columns = compiled.columns
        self.layout = (
            Layout([c.name for c in columns], [c.keys for c in columns]) if columns else None
        )
        self.convert = build_converter(compiled) if columns else None


def build_converter(compiled: Compiled) -> Convert | None:
    """Generate the function that converts the columns that need it, None when none does."""
    dialect: Any = compiled.dialect
    namespace: dict[str, Any] = {}
    values: list[str] = []
    for index, column in enumerate(compiled.columns):
        converter, none_safe = dialect.result_converter(column.type)
        name = f"c{index}"
        if converter is None:
            values.append(name)
            continue
        namespace[f"f{index}"] = converter
        call = f"f{index}({name})"
        values.append(call if none_safe else f"(None if {name} is None else {call})")
    if not namespace:
        return None
    names = "".join(f"c{index}, " for index in range(len(values)))
    source = f"def convert(rows):\n    return [({', '.join(values)},) for ({names}) in rows]\n"
    convert: Convert = codegen.build("convert", source, namespace)
    return convert


def prepared_for(
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None = None,
    schema_translate_map: Mapping[str | None, str | None] | None = None,
) -> Prepared:
    """Return the prepared form of a statement, from the cache when it is there.

    :param column_keys: the names of the parameters that an INSERT or UPDATE is executed with.
    """
    key: Any = statement._key
    if key is None:
        return _prepare(owner, statement, column_keys, schema_translate_map)
    if statement._anon:
        key = normalise(key)
        if key is None:
            return _prepare(owner, statement, column_keys, schema_translate_map)
    if column_keys is not None:
        key = (key, column_keys)
    if schema_translate_map:
        key = (key, "schema_translate_map", frozenset(schema_translate_map.items()))
    cache = owner.engine.cache
    found: Prepared | None = cache.get(key)
    if found is not None:
        if not found.compiled.shared or found.compiled.matches(statement._binds):
            return found
        # The same text, but one bind node stands at several places: a form of its own.
        key = (key, "shared", _sharing(statement._binds))
        found = cache.get(key)
        if found is not None:
            return found
    fresh = _prepare(owner, statement, column_keys, schema_translate_map)
    cache[key] = fresh
    return fresh


def compiled_for(
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None = None,
) -> Compiled:
    """Return the compiled form of a statement, from the cache when it is there."""
    return prepared_for(owner, statement, column_keys).compiled


def _prepare(
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None,
    schema_translate_map: Mapping[str | None, str | None] | None,
) -> Prepared:
    started = time.perf_counter()
    compiled = compile_statement(
        statement,
        owner.dialect,
        column_keys=column_keys,
        schema_translate_map=schema_translate_map,
    )
    prepared = Prepared(compiled)
    log = owner.engine.log
    if log.enabled:
        log.generated(compiled.sql, time.perf_counter() - started)
    return prepared


def _sharing(binds: Sequence[Any]) -> Hashable:
    """Return, for each bind, the index at which its node stands first."""
    first: dict[int, int] = {}
    return tuple(first.setdefault(id(bind), index) for index, bind in enumerate(binds))


def execute_plan(
    core: ConnectionCore,
    statement: Any,
    params: Any = None,
    options: Mapping[str, Any] | None = None,
) -> Plan[CursorResult[Any]]:
    """Execute a statement. It doesn't begin a transaction: who owns the connection does.

    :param params: a mapping; a list of mappings runs the statement once for each.
    :raises ObjectNotExecutableError: when ``statement`` is none.
    :raises DBAPIError: what the driver raised, wrapped.
    """
    statement = executable(statement)
    sets, many = parameter_sets(params)
    prepared = _prepared_with(core, statement, sets, options)
    compiled = prepared.compiled
    binds = statement._binds
    if compiled.prefetch or many:
        sets = _with_defaults(core, compiled, binds, sets)
    if many:
        result = yield from _execute_many_plan(core, prepared, binds, sets)
        return result
    only = sets[0] if sets else {}
    sql, packed = pack(core, compiled, binds, only)
    if compiled.kind == "select":
        rows: Rows = yield from _request_plan(core, rq.FetchAll(core.driver, sql, packed))
        outcome = Outcome(rows, None, -1, None)
    else:
        outcome = yield from _request_plan(core, rq.Execute(core.driver, sql, packed))
    return _result(core, prepared, binds, only, outcome)


def driver_sql_plan(core: ConnectionCore, sql: str, params: Any = None) -> Plan[CursorResult[Any]]:
    """Execute SQL in the driver's own words: its paramstyle, no conversion."""
    if isinstance(params, list):
        request: Any = rq.ExecuteMany(core.driver, sql, params)
    else:
        request = rq.Execute(core.driver, sql, () if params is None else params)
    outcome = yield from _request_plan(core, request)
    return CursorResult(_described(outcome), outcome.rows, ExecutionContext(core, None, outcome))


def executable(statement: Any) -> Any:
    """Return what can be compiled for an argument of ``execute``: a plain string becomes text.

    :raises ObjectNotExecutableError: when it can't be executed.
    """
    if isinstance(statement, str):
        return text(statement)
    if isinstance(statement, FunctionElement):
        return statement.select()
    if not isinstance(statement, Executable) or not statement.supports_execution:
        raise ObjectNotExecutableError(statement)
    return statement


def parameter_sets(params: Any) -> tuple[Sequence[ParameterSet], bool]:
    """Return the parameter sets, and whether they are many.

    :raises ArgumentError: for anything but a mapping or a list of mappings.
    """
    if params is None:
        return (), False
    if isinstance(params, Mapping):
        return (params,), False
    if not isinstance(params, (list, tuple)):
        raise ArgumentError("mapping or list expected for parameters")
    for one in params:
        if not isinstance(one, Mapping):
            raise ArgumentError(
                "List argument must consist only of dictionaries; "
                "write {'name': value} with the names of the statement's binds"
            )
    return params, bool(params)


def pack(
    core: ConnectionCore, compiled: Compiled, binds: Sequence[Any], params: ParameterSet
) -> tuple[str, Params]:
    """Return the text and the values for the driver.

    :raises StatementError: when a value is missing or its type refuses it.
    """
    try:
        if compiled.expanding:
            return compiled.expand(binds, params)
        return compiled.sql, compiled.pack(binds, params)
    except Exception as error:
        raise _statement_error(core, compiled, params, error) from error


def stream_plan(
    core: ConnectionCore,
    statement: Any,
    params: Any = None,
    options: Mapping[str, Any] | None = None,
) -> Plan[tuple[Layout, Any, Convert | None]]:
    """Execute a statement and leave its rows with the driver: layout, cursor, converter."""
    statement = executable(statement)
    sets, many = parameter_sets(params)
    if many:
        raise ArgumentError("a statement that is run many times can't be streamed")
    prepared = _prepared_with(core, statement, sets, options)
    only = sets[0] if sets else {}
    sql, packed = pack(core, prepared.compiled, statement._binds, only)
    cursor = yield from _request_plan(core, rq.OpenCursor(core.driver, sql, packed))
    layout = prepared.layout or Layout([entry[0] for entry in cursor.description or ()])
    return layout, cursor, prepared.convert


def fetch_chunk_plan(
    core: ConnectionCore, cursor: Any, size: int | None, convert: Convert | None
) -> Plan[Rows]:
    """Fetch the next rows of a stream."""
    try:
        rows: Rows = yield rq.Fetch(cursor, size)
    except core.driver_error as error:
        raise core.wrap(error, None, None) from error
    return rows if convert is None else convert(rows)


def _prepared_with(
    core: ConnectionCore,
    statement: Any,
    sets: Sequence[ParameterSet],
    options: Mapping[str, Any] | None,
) -> Prepared:
    translate = (options or core.execution_options).get("schema_translate_map")
    column_keys = (tuple(sets[0]) if sets else ()) if statement.is_dml else None
    return prepared_for(core, statement, column_keys, translate)


def _execute_many_plan(
    core: ConnectionCore, prepared: Prepared, binds: Sequence[Any], sets: Sequence[ParameterSet]
) -> Plan[CursorResult[Any]]:
    compiled = prepared.compiled
    if compiled.returning or compiled.expanding:
        statements = [pack(core, compiled, binds, one) for one in sets]
        outcomes: list[Outcome] = yield from _request_plan(core, rq.Batch(core.driver, statements))
        rows = [row for outcome in outcomes for row in outcome.rows or ()]
        count = sum(outcome.rowcount for outcome in outcomes)
        merged = Outcome(rows if compiled.returning else None, None, count, None)
        return _result(core, prepared, binds, sets, merged)
    try:
        packed = compiled.pack_many(binds, sets)
    except Exception as error:
        raise _statement_error(core, compiled, sets, error) from error
    outcome = yield from _request_plan(core, rq.ExecuteMany(core.driver, compiled.sql, packed))
    return _result(core, prepared, binds, sets, outcome)


def _request_plan(core: ConnectionCore, request: Any) -> Plan[Any]:
    """Send one request that runs SQL: log it, wrap the driver's error."""
    if core.logging:
        _log(core, request)
    try:
        reply = yield request
    except core.driver_error as error:
        sql, params = _sql_of(request)
        raise core.wrap(error, sql, params) from error
    return reply


def _log(core: ConnectionCore, request: Any) -> None:
    sql, params = _sql_of(request)
    core.engine.log.statement(sql or "", params)


def _sql_of(request: Any) -> tuple[str | None, Any]:
    if isinstance(request, rq.ExecuteMany):
        return request.sql, request.rows
    if isinstance(request, rq.Batch):
        sql = request.statements[0][0] if request.statements else None
        return sql, [params for _, params in request.statements]
    return request.sql, request.params


def _with_defaults(
    core: ConnectionCore,
    compiled: Compiled,
    binds: Sequence[Any],
    sets: Sequence[ParameterSet],
) -> list[ParameterSet]:
    """Return the parameter sets with the Python-side defaults that they don't give."""
    prefetch = compiled.prefetch
    if not prefetch:
        return list(sets)
    completed: list[ParameterSet] = []
    for given in sets or ({},):
        row = dict(given)
        for item in prefetch:
            if item.key not in row:
                context = ExecutionContext(core, compiled, None, row, item.column, binds)
                try:
                    row[item.key] = default_value(context, item.default)
                except Exception as error:
                    raise _statement_error(core, compiled, row, error) from error
        completed.append(row)
    return completed


def default_value(context: ExecutionContext, default: Any) -> Any:
    """Return the value of a Python-side default for the row of ``context``."""
    return default.arg if default.is_scalar else default.arg(context)


def _result(
    core: ConnectionCore,
    prepared: Prepared,
    binds: Sequence[Any],
    params: Any,
    outcome: Outcome,
) -> CursorResult[Any]:
    compiled = prepared.compiled
    context = ExecutionContext(core, compiled, outcome, params, None, binds)
    rows = outcome.rows
    layout = prepared.layout
    if compiled.implicit_returning and not compiled.returning:
        # The rows are ormolu's own question for the new key, not an answer to the user's.
        context.returned = rows
        return CursorResult(None, None, context)
    if rows is not None and prepared.convert is not None:
        rows = prepared.convert(rows)
    if layout is None and outcome.description is not None:
        layout = prepared.described = _described(outcome, prepared.described)
    if core.logging and rows is not None and layout is not None and core.engine.log.debug:
        core.engine.log.rows(layout.keys, rows)
    return CursorResult(layout, rows, context)


def _described(outcome: Outcome, known: Layout | None = None) -> Layout | None:
    """Return the layout of a driver's description; ``known`` if it still fits."""
    description = outcome.description
    if description is None:
        return None
    names = tuple([entry[0] for entry in description])
    return known if known is not None and known.keys == names else Layout(names)


def _statement_error(
    core: ConnectionCore, compiled: Compiled, params: Any, error: Exception
) -> Exception:
    if isinstance(error, StatementError):
        return error
    kind = type(error)
    return StatementError(
        f"({kind.__module__}.{kind.__qualname__}) {error}",
        compiled.sql,
        params,
        error,
        hide_parameters=core.engine.hide_parameters,
    )
