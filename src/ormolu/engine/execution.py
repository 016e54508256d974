"""From a statement and parameters to a result.

The path of an execution: find the compiled form (one cache lookup), compute Python-side defaults,
pack the values, send one request, convert the columns that need it. What is the same for every
execution of a statement (layout, converter) is decided once and kept in its :class:`Prepared`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ..compiler.compiled import Compiled
from ..deferred import deferred
from ..exc import (
    ArgumentError,
    ObjectNotExecutableError,
)
from ..io import requests as rq
from ..io.outcome import Outcome
from ..io.plan import Plan
from ..sql.dml import Delete, Insert, Update
from ..sql.executable import Executable
from ..sql.functions import FunctionElement
from ..sql.lambdas import StatementLambdaElement
from ..sql.select import Select
from ..sql.selecting import select
from ..sql.text import TextClause, text
from .context import Invocation
from .core import ConnectionCore
from .cursor import CursorResult, ExecutionContext
from .packing import ParameterSet, pack, statement_error
from .plans import request_plan
from .prepared import Prepared, Rows, prepared_for, prepared_in
from .row import Layout

if TYPE_CHECKING:
    from . import many as manifold
else:
    manifold = deferred("ormolu.engine.many")

R = TypeVar("R")

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
        return (yield from executing_plan(core, statement, params, options, announced_plan))
    # Flat from here on: one set of parameters, nobody looks on, no options.
    if options or core.execution_options:
        return (yield from announced_plan(core, statement, params, options))
    given = params or _NO_PARAMETERS
    keys = tuple(given) if statement.is_dml else None
    prepared = prepared_in(core.engine.cache, core, statement, keys)
    compiled = prepared.compiled
    if compiled.prefetch:
        return (yield from announced_plan(core, statement, params, options))
    binds = statement._binds
    if compiled.expanding:
        sql, packed = pack(core, compiled, binds, given)
    else:
        sql = compiled.sql
        try:
            packed = compiled.pack(binds, given)
        except Exception as error:
            raise statement_error(core, compiled, given, error) from error
    try:
        if prepared.fetches:
            request = core.request
            request.sql = sql
            request.params = packed
            rows = yield request
            outcome = None
        else:
            core.request.sql = sql  # the last statement: the pool's timeout error shows it
            execute = core.execute_request
            execute.sql = sql
            execute.params = packed
            outcome = yield execute
    except core.driver_error as error:
        raise core.wrap(error, sql, packed, None, statement) from error
    facts = (core, compiled, outcome, given, None, binds, statement, sql, packed, options)
    if outcome is None:  # nothing but the rows was wanted
        if prepared.convert is not None:
            rows = prepared.convert(rows)
        return CursorResult(prepared.layout, rows, facts)
    return _result(prepared, facts)


def announces(core: ConnectionCore) -> bool:
    """Say whether ``before_execute`` or ``after_execute`` has listeners."""
    dispatch = core.dispatch
    return bool(dispatch.before_execute or dispatch.after_execute)


def executing_plan(
    core: ConnectionCore,
    statement: Any,
    params: Any,
    options: Mapping[str, Any] | None,
    run: Callable[..., Plan[R]],
) -> Plan[R]:
    """Execute by ``run``, between ``before_execute`` and ``after_execute`` listeners if any."""
    dispatch = core.dispatch
    if not core.observed or not announces(core):
        return (yield from run(core, executable(statement), params, options))
    several: Any = params if isinstance(params, list | tuple) else () if params is None else []
    one: Any = {} if several or not params else params
    in_force = core.execution_options if options is None else options
    for handler in dispatch.before_execute:
        statement, several, one = yield rq.RunHook(
            handler, (core.facade(), statement, several, one, in_force)
        )
    result = yield from run(core, executable(statement), several or one, options)
    for handler in dispatch.after_execute:
        yield rq.RunHook(handler, (core.facade(), statement, several, one, in_force, result))
    return result


def announced_plan(
    core: ConnectionCore, statement: Any, params: Any, options: Mapping[str, Any] | None
) -> Plan[CursorResult[Any]]:
    """Execute a statement with any parameters and options, whoever looks on."""
    sets, many = parameter_sets(params)
    if many and statement.is_insert and not core.dialect.features.insert_returning:
        statement = statement.inline()  # nobody is told the keys, so none need be asked for
    prepared = prepare(core, statement, sets, options, many)
    compiled = prepared.compiled
    binds = statement._binds
    if compiled.prefetch and not many:
        sets = [(yield from _with_asked_plan(core, compiled, sets[0] if sets else {}))]
    if compiled.prefetch or many:
        sets = _with_defaults(core, compiled, binds, sets)
    if many:
        invocation = Invocation(compiled, statement, options)
        outcome, sent = yield from manifold.many_plan(core, prepared, invocation, sets)
        sql = compiled.sql
        return _result(
            prepared, (core, compiled, outcome, sets, None, binds, statement, sql, sent, options)
        )
    only = sets[0] if sets else {}
    sql, packed = pack(core, compiled, binds, only)
    invocation = Invocation(compiled, statement, options)
    if prepared.fetches and not _needs_cursor(core, options):
        fetch = rq.FetchAll(core.driver, sql, packed)
        rows: Rows = yield from request_plan(core, fetch, invocation)
        outcome = Outcome(rows, None, -1, None)
    else:
        outcome = yield from request_plan(core, rq.Execute(core.driver, sql, packed), invocation)
    facts = (core, compiled, outcome, only, None, binds, statement, sql, packed, options)
    return _result(prepared, facts)


def _needs_cursor(core: ConnectionCore, options: Mapping[str, Any] | None) -> bool:
    """Say whether what the driver's cursor says about a SELECT is wanted."""
    in_force = core.execution_options if options is None else options
    return bool(in_force.get("preserve_rowcount") or in_force.get("driver_column_names"))


def driver_sql_plan(
    core: ConnectionCore, sql: str, params: Any = None, options: Mapping[str, Any] | None = None
) -> Plan[CursorResult[Any]]:
    """Execute SQL in the driver's own words: its paramstyle, no conversion.

    :param params: a tuple or mapping; a list of them runs the statement once for each.
    :raises ArgumentError: for parameters of another form.
    """
    if not isinstance(sql, str):
        raise ObjectNotExecutableError(sql)
    if not params and options is not None and options.get("no_parameters"):
        sql = _without_placeholders(core, sql)
    sets, many = driver_parameter_sets(params)
    packed: Any = list(sets) if many else sets[0]
    if many:
        request: Any = rq.ExecuteMany(core.driver, sql, packed)
    else:
        request = rq.Execute(core.driver, sql, packed)
    outcome: Outcome = yield from request_plan(core, request, Invocation(None, sql, options))
    context = ExecutionContext(
        core, None, outcome, packed, invoked=sql, statement=sql, sent=packed, options=options
    )
    layout = _described(outcome)
    rows: Iterable[Any] | None = outcome.rows
    if core.observed and rows is not None and layout is not None and core.engine.log.debug:
        rows = logged(core, layout, rows)
    return CursorResult(layout, rows, context)


def _without_placeholders(core: ConnectionCore, sql: str) -> str:
    """Return a text in which the driver finds no placeholder, whatever percent signs it has."""
    takes_percent = core.dialect.paramstyle in ("format", "pyformat")
    return sql.replace("%", "%%") if takes_percent else sql


def driver_parameter_sets(params: Any) -> tuple[Sequence[Any], bool]:
    """Return parameter sets as the driver takes them, and whether they are many.

    :raises ArgumentError: for anything but a tuple, a mapping, or a list of either.
    """
    if not params:
        return ((),), False
    if isinstance(params, (tuple, Mapping)):
        return (params,), False
    if not isinstance(params, list) or not isinstance(params[0], (tuple, Mapping)):
        raise ArgumentError("tuple, mapping, or list of tuples or mappings expected for parameters")
    return params, len(params) > 1


def executable(statement: Any) -> Any:
    """Return what can be compiled for an argument of ``execute``: a plain string becomes text.

    :raises ObjectNotExecutableError: when it can't be executed.
    """
    if isinstance(statement, str):
        return text(statement)
    if isinstance(statement, FunctionElement):
        return select(statement)
    if isinstance(statement, StatementLambdaElement):
        return statement._resolved
    if not isinstance(statement, Executable) or not statement.supports_execution:
        if getattr(statement, "is_sequence", False):
            return select(statement.next_value())
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
    for kind in set(map(type, params)):
        if not issubclass(kind, Mapping):
            raise ArgumentError(
                "List argument must consist only of dictionaries; "
                "write {'name': value} with the names of the statement's binds"
            )
    return params, len(params) > 1


def prepare(
    core: ConnectionCore,
    statement: Any,
    sets: Sequence[ParameterSet],
    options: Mapping[str, Any] | None,
    many: bool = False,
) -> Prepared:
    """Return the prepared form of a statement for an execution with these options."""
    in_force = core.execution_options if options is None else options
    column_keys = (tuple(sets[0]) if sets else ()) if statement.is_dml else None
    translate = in_force.get("schema_translate_map")
    cache: Any = core.engine.cache
    if "compiled_cache" in in_force:
        given = in_force["compiled_cache"]
        cache = {} if given is None else given
    elif not many:
        return prepared_for(core, statement, column_keys, translate)
    apart = many and statement.is_insert and statement._sorted and core.engine.insertmanyvalues
    return prepared_in(cache, core, statement, column_keys, translate, tells_apart=apart)


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
            if item.default.is_sentinel:
                row.setdefault(item.key, len(completed))
            elif item.key not in row:
                context = ExecutionContext(
                    core, compiled, None, row, item.column, binds, key=item.key
                )
                try:
                    row[item.key] = default_value(context, item.default)
                except Exception as error:
                    raise statement_error(core, compiled, row, error) from error
        completed.append(row)
    return completed


def _with_asked_plan(
    core: ConnectionCore, compiled: Compiled, given: ParameterSet
) -> Plan[ParameterSet]:
    """Return the parameters with those defaults that are SQL expressions: the database is asked.

    They are of the primary key, where an INSERT has no RETURNING.
    """
    asked = {}
    for item in compiled.prefetch:
        if item.default.is_clause_element and item.key not in given:
            result = yield from execute_plan(core, item.default.question)
            asked[item.key] = result.scalar()
    return {**given, **asked} if asked else given


def default_value(context: ExecutionContext, default: Any) -> Any:
    """Return the value of a Python-side default for the row of ``context``."""
    return default.arg if default.is_scalar else default.arg(context)


def _result(prepared: Prepared, facts: tuple[Any, ...]) -> CursorResult[Any]:
    """Return the result of an execution.

    :param facts: the arguments of its ``ExecutionContext``.
    """
    core: ConnectionCore = facts[0]
    compiled: Compiled = facts[1]
    outcome: Outcome = facts[2]
    rows = outcome.rows
    layout = prepared.layout
    if compiled.implicit_returning and not compiled.returning:
        # The rows are ormolu's own question for the new key, not an answer to the user's.
        context = ExecutionContext(*facts)
        context.returned = rows
        return CursorResult(None, None, context)
    if rows is not None and prepared.convert is not None:
        rows = prepared.convert(rows)
    options: Mapping[str, Any] = facts[9] or core.execution_options
    if options and outcome.description is not None and options.get("driver_column_names"):
        layout = Layout(
            [entry[0] for entry in outcome.description], [c.keys for c in compiled.columns]
        )
    if layout is None and outcome.description is not None:
        layout, convert = prepared.describe(outcome.description)
        if rows is not None and convert is not None:
            rows = convert(rows)
    if core.observed and rows is not None and layout is not None and core.engine.log.debug:
        return CursorResult(layout, logged(core, layout, rows), facts)
    return CursorResult(layout, rows, facts)


def logged(core: ConnectionCore, layout: Layout, rows: Iterable[Any]) -> Iterator[Any]:
    """Log the columns of a result now and its rows as they are taken (``echo="debug"``)."""
    log = core.engine.log
    token = core.log_token
    log.columns(layout.keys, token)
    return (log.row(row, token) for row in rows)


def _described(outcome: Outcome) -> Layout | None:
    """Return the layout of a driver's description."""
    description = outcome.description
    return None if description is None else Layout([entry[0] for entry in description])
