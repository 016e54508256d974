"""From a statement and parameters to a result.

The path of an execution: find the compiled form (one cache lookup), compute Python-side defaults,
pack the values, send one request, convert the columns that need it. What is the same for every
execution of a statement (layout, converter) is decided once and kept in its :class:`Prepared`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..compiler.compiled import Compiled
from ..exc import ArgumentError, ObjectNotExecutableError, StatementError
from ..io import requests as rq
from ..io.drivers import Outcome
from ..io.drivers import outcome as make_outcome
from ..io.plan import Plan
from ..io.requests import Params
from ..sql.dml import Delete, Insert, Update
from ..sql.executable import Executable
from ..sql.functions import FunctionElement
from ..sql.select import Select
from ..sql.selecting import select
from ..sql.text import TextClause, text
from .core import ConnectionCore
from .cursor import CursorResult, ExecutionContext
from .multirow import MultiRow
from .plans import request_plan
from .prepared import Convert, Prepared, Rows, prepared_for
from .row import Layout

ParameterSet = Mapping[str, Any]

_NO_PARAMETERS: ParameterSet = {}
# The most frequent classes of those that ``executable`` lets pass as they are.
_EXECUTABLE = frozenset({Select, TextClause, Insert, Update, Delete})


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
    if type(statement) not in _EXECUTABLE:
        statement = executable(statement)
    if core.observed or (params is not None and type(params) is not dict):
        return (yield from _execute_any_plan(core, statement, params, options))
    # Flat from here on: one set of parameters, and nobody looks on.
    given = params or _NO_PARAMETERS
    keys = tuple(given) if statement.is_dml else None
    translate = (options or core.execution_options).get("schema_translate_map")
    prepared = prepared_for(core, statement, keys, translate)
    compiled = prepared.compiled
    if compiled.prefetch:
        return (yield from _execute_any_plan(core, statement, params, options))
    binds = statement._binds
    if compiled.expanding:
        sql, packed = pack(core, compiled, binds, given)
    else:
        sql = compiled.sql
        try:
            packed = compiled.pack(binds, given)
        except Exception as error:
            raise _statement_error(core, compiled, given, error) from error
    try:
        if compiled.kind == "select":
            request = core.request
            request.sql = sql
            request.params = packed
            outcome = make_outcome(((yield request), None, -1, None))
        else:
            outcome = yield rq.Execute(core.driver, sql, packed)
    except core.driver_error as error:
        raise core.wrap(error, sql, packed) from error
    return _result(core, prepared, binds, given, outcome)


def _execute_any_plan(
    core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any] | None
) -> Plan[CursorResult[Any]]:
    """Execute a statement with any parameters, whoever looks on."""
    if core.observed and (core.dispatch.before_execute or core.dispatch.after_execute):
        return (yield from _execute_observed_plan(core, statement, params, options))
    return (yield from _execute_plan(core, statement, params, options))


def _execute_observed_plan(
    core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any] | None
) -> Plan[CursorResult[Any]]:
    """Execute between ``before_execute`` and ``after_execute`` listeners."""
    dispatch = core.dispatch
    several, one = (params, {}) if isinstance(params, list | tuple) else ([], params or {})
    in_force = core.execution_options if options is None else options
    for handler in dispatch.before_execute:
        statement, several, one = yield rq.RunHook(
            handler, (core.facade(), statement, several, one, in_force)
        )
    result = yield from _execute_plan(core, executable(statement), several or one, options)
    for handler in dispatch.after_execute:
        yield rq.RunHook(handler, (core.facade(), statement, several, one, in_force, result))
    return result


def _execute_plan(
    core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any] | None
) -> Plan[CursorResult[Any]]:
    sets, many = parameter_sets(params)
    prepared = _prepared_with(core, statement, sets, options)
    compiled = prepared.compiled
    binds = statement._binds
    if compiled.prefetch or many:
        sets = _with_defaults(core, compiled, binds, sets)
    if many:
        result = yield from _execute_many_plan(core, prepared, statement, sets, options)
        return result
    only = sets[0] if sets else {}
    sql, packed = pack(core, compiled, binds, only)
    if compiled.kind == "select":
        fetch = rq.FetchAll(core.driver, sql, packed)
        rows: Rows = yield from request_plan(core, fetch, compiled)
        outcome = Outcome(rows, None, -1, None)
    else:
        outcome = yield from request_plan(core, rq.Execute(core.driver, sql, packed), compiled)
    return _result(core, prepared, binds, only, outcome)


def driver_sql_plan(core: ConnectionCore, sql: str, params: Any = None) -> Plan[CursorResult[Any]]:
    """Execute SQL in the driver's own words: its paramstyle, no conversion."""
    if isinstance(params, list):
        request: Any = rq.ExecuteMany(core.driver, sql, params)
    else:
        request = rq.Execute(core.driver, sql, () if params is None else params)
    outcome = yield from request_plan(core, request)
    return CursorResult(_described(outcome), outcome.rows, ExecutionContext(core, None, outcome))


def executable(statement: Any) -> Any:
    """Return what can be compiled for an argument of ``execute``: a plain string becomes text.

    :raises ObjectNotExecutableError: when it can't be executed.
    """
    if isinstance(statement, str):
        return text(statement)
    if isinstance(statement, FunctionElement):
        return select(statement)
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
    cursor = yield from request_plan(core, rq.OpenCursor(core.driver, sql, packed))
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
    core: ConnectionCore,
    prepared: Prepared,
    statement: Any,
    sets: Sequence[ParameterSet],
    options: Mapping[str, Any] | None,
) -> Plan[CursorResult[Any]]:
    compiled = prepared.compiled
    binds = statement._binds
    asked = compiled.returning or bool(compiled.implicit_returning)
    if compiled.expanding:
        statements = [pack(core, compiled, binds, one) for one in sets]
        outcome = yield from _batch_plan(core, compiled, statements, asked)
        return _result(core, prepared, binds, sets, outcome)
    try:
        packed: list[Any] = compiled.pack_many(binds, sets)
    except Exception as error:
        raise _statement_error(core, compiled, sets, error) from error
    if not asked:
        request = rq.ExecuteMany(core.driver, compiled.sql, packed)
        outcome = yield from request_plan(core, request, compiled)
        return _result(core, prepared, binds, sets, outcome)
    rows = prepared.multirow if core.engine.insertmanyvalues else None
    ordered = rows is not None and (rows.sort_at is not None or not _sorted(statement))
    if rows is None or not ordered or not rows.uniform(packed):
        outcome = yield from _batch_plan(core, compiled, [(compiled.sql, p) for p in packed], True)
    else:
        outcome = yield from _pages_plan(core, compiled, rows, packed, options)
    return _result(core, prepared, binds, sets, outcome)


def _sorted(statement: Any) -> bool:
    """Say whether RETURNING is to give its rows in the order of the parameters."""
    return bool(getattr(statement, "_sorted", False))


def _batch_plan(
    core: ConnectionCore, compiled: Compiled, statements: Sequence[tuple[str, Any]], asked: bool
) -> Plan[Outcome]:
    """Run one statement per set."""
    request = rq.Batch(core.driver, statements)
    outcomes: list[Outcome] = yield from request_plan(core, request, compiled)
    rows = [row for outcome in outcomes for row in outcome.rows or ()]
    count = sum(outcome.rowcount for outcome in outcomes)
    return Outcome(rows if asked else None, None, count, None)


def _pages_plan(
    core: ConnectionCore,
    compiled: Compiled,
    rows: MultiRow,
    packed: Sequence[Any],
    options: Mapping[str, Any] | None,
) -> Plan[Outcome]:
    """Run one statement per page of sets."""
    engine = core.engine
    in_force = core.execution_options if options is None else options
    wanted = in_force.get("insertmanyvalues_page_size", engine.insertmanyvalues_page_size)
    size = rows.page_size(wanted, core.dialect.features.max_binds)
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(packed), size):
        page = packed[start : start + size]
        request = rq.FetchAll(core.driver, rows.text(len(page)), rows.packed(page))
        reply = yield from request_plan(core, request, compiled, many=True)
        found += rows.in_order(reply)
    return Outcome(found, None, len(found), None)


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
    facts = (core, compiled, outcome, params, None, binds)
    rows = outcome.rows
    layout = prepared.layout
    if compiled.implicit_returning and not compiled.returning:
        # The rows are ormolu's own question for the new key, not an answer to the user's.
        context = ExecutionContext(*facts)
        context.returned = rows
        return CursorResult(None, None, context)
    if rows is not None and prepared.convert is not None:
        rows = prepared.convert(rows)
    if layout is None and outcome.description is not None:
        # The driver makes the same description each time: comparing it is quicker than reading it.
        description, layout = prepared.described
        if description != outcome.description:
            layout = _described(outcome)
            prepared.described = outcome.description, layout
    if core.observed and rows is not None and layout is not None and core.engine.log.debug:
        core.engine.log.rows(layout.keys, rows)
    return CursorResult(layout, rows, facts)


def _described(outcome: Outcome) -> Layout | None:
    """Return the layout of a driver's description."""
    description = outcome.description
    return None if description is None else Layout([entry[0] for entry in description])


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
