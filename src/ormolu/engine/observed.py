"""Running SQL while somebody looks on: the log, and listeners.

The hot plans hand over to these when ``core.observed`` is true, so that they themselves need only
one test. Handlers are ``RunHook`` requests: on an asynchronous engine they may be ``async def``.

A ``begin`` listener is called before BEGIN is sent, and may send it itself
(``conn.exec_driver_sql("BEGIN IMMEDIATE")``); any other statement of a listener comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..event import Handler
from ..io import requests as rq
from ..io.outcome import Outcome
from ..io.plan import Plan
from .context import ExecutionContext
from .events import EngineDispatch

if TYPE_CHECKING:
    from .context import Invocation
    from .core import ConnectionCore


class ObservedCursor:
    """The cursor that listeners see: what the driver says about the statement that was run."""

    __slots__ = ("connection", "description", "lastrowid", "rowcount")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def note(self, outcome: Outcome) -> None:
        """Take over what an execution left behind."""
        self.description = outcome.description
        self.rowcount = outcome.rowcount
        self.lastrowid = outcome.lastrowid


class StatementContext(ExecutionContext):
    """The context of one statement that listeners see; they may put attributes of their own on it.

    ``statement`` and ``parameters`` are what is sent to the driver.
    """

    def __init__(
        self,
        core: ConnectionCore,
        statement: str,
        parameters: Any,
        executemany: bool,
        invocation: Invocation | None = None,
    ) -> None:
        super().__init__(core, None, None, statement=statement, sent=parameters)
        if invocation is not None:
            self.compiled = invocation.compiled
            self.invoked_statement = invocation.statement
            self._options = invocation.options
        self._many = executemany
        self.cursor = ObservedCursor(core.driver.raw)

    @property
    def executemany(self) -> bool:
        """Whether the statement is run with a list of parameter sets."""
        return self._many

    @property
    def parameters(self) -> Any:
        """The parameters as the driver receives them: one set, or a list of them."""
        return self.sent

    @parameters.setter
    def parameters(self, value: Any) -> None:
        self.sent = value


def send_plan(
    core: ConnectionCore,
    request: Any,
    *,
    compiled: Invocation | None = None,
    remark: str | None = None,
    many: bool = False,
    absent: Callable[[Exception], bool] | None = None,
) -> Plan[Any]:
    """Send a request that runs one statement, with its listeners and its lines in the log.

    :param compiled: what is executed, where more is known than the request's text.
    :param remark: as of ``EngineLog.statement``.
    :param many: what listeners see as ``executemany``, where the request doesn't tell.
    :param absent: says of a driver's error that it is an answer, which is None then.
    """
    if isinstance(request, rq.Batch):
        return (yield from _batch_plan(core, request, compiled))
    many = many or isinstance(request, rq.ExecuteMany)
    sql, params = text_and_values(request)
    dispatch = core.dispatch
    context: Any = None
    if _statement_listeners(dispatch):
        context = StatementContext(core, sql, params, many, compiled)
    for handler in dispatch.before_cursor_execute:
        answer = yield rq.RunHook(handler, _arguments(core, context))
        context.statement, context.parameters = answer
    if context is not None:
        sql, params = context.statement, context.parameters
        request = _replaced(request, sql, params)
    if core.begin_pending:
        yield from begin_pending_plan(core, sql)
    if core.logged:
        core.engine.log.statement(
            sql,
            params,
            remark or _remark(core, sql, compiled),
            core.log_token,
            counted=remark is None,
        )
    try:
        reply = yield from _sent_plan(core, request, context)
    except core.driver_error as error:
        if absent is not None and absent(error):
            return None
        construct = None if compiled is None else compiled.statement
        raise core.wrap(error, sql, params, context, construct) from error
    if context is not None:
        if isinstance(reply, Outcome):
            context.outcome = reply
            context.cursor.note(reply)
        for handler in dispatch.after_cursor_execute:
            yield rq.RunHook(handler, _arguments(core, context))
    return reply


def _statement_listeners(dispatch: EngineDispatch) -> bool:
    """Say whether somebody listens who receives the context of a statement."""
    return bool(
        dispatch.before_cursor_execute
        or dispatch.after_cursor_execute
        or dispatch.handle_error
        or dispatch.do_execute
        or dispatch.do_executemany
        or dispatch.do_execute_no_params
    )


def _sent_plan(core: ConnectionCore, request: Any, context: Any) -> Plan[Any]:
    """Send a request, unless a ``do_execute`` listener or its like does the work."""
    dispatch = core.dispatch
    arguments: tuple[Any, ...] = (request.sql,)
    if isinstance(request, rq.ExecuteMany):
        handlers = dispatch.do_executemany
        arguments += (request.rows, context)
    elif context is not None and context.no_parameters and not request.params:
        handlers = dispatch.do_execute_no_params
        arguments += (context,)
    else:
        handlers = dispatch.do_execute
        arguments += (request.params, context)
    if handlers and not isinstance(request, rq.OpenCursor):
        done: Outcome | None = yield rq.RunBlocking(core.driver, _asked, (handlers, arguments))
        if done is not None:
            return (done.rows or []) if isinstance(request, rq.FetchAll) else done
    return (yield request)


def _asked(connection: Any, handlers: tuple[Handler, ...], arguments: tuple[Any, ...]) -> Any:
    """Let listeners run a statement on a cursor; the outcome when one of them has."""
    cursor = connection.cursor()
    for handler in handlers:
        if handler(cursor, *arguments):
            rows = None if cursor.description is None else cursor.fetchall()
            lastrowid = getattr(cursor, "lastrowid", None)  # an optional attribute (PEP 249)
            return Outcome(rows, cursor.description, cursor.rowcount, lastrowid)
    return None


def _batch_plan(
    core: ConnectionCore, request: rq.Batch, compiled: Invocation | None
) -> Plan[list[Outcome]]:
    """Run the statements of a batch one by one, so that each has its listeners."""
    outcomes: list[Outcome] = []
    for sql, params in request.statements:
        one = rq.Execute(request.driver, sql, params)
        outcomes.append((yield from send_plan(core, one, compiled=compiled)))
    return outcomes


def begin_pending_plan(core: ConnectionCore, sql: str) -> Plan[None]:
    """Send the BEGIN that ``begin`` listeners were called before, unless ``sql`` is one."""
    core.begin_pending = False
    if sql.lstrip()[:5].upper() not in ("BEGIN", "START"):
        yield rq.Begin(core.driver, core.begin_mode)


def hook_plan(core: ConnectionCore, name: str, *args: Any) -> Plan[None]:
    """Call the listeners of an event of a connection."""
    for handler in core.dispatch.handlers(name):
        yield rq.RunHook(handler, (core.facade(), *args))


def text_and_values(request: Any) -> tuple[str, Any]:
    """Return the SQL of a request, and its parameters as listeners and errors show them."""
    if isinstance(request, rq.ExecuteMany):
        return request.sql, request.rows
    if isinstance(request, rq.Batch):
        sql = request.statements[0][0] if request.statements else ""
        return sql, [params for _, params in request.statements]
    return request.sql, request.params


def _remark(core: ConnectionCore, sql: str, invocation: Invocation | None) -> str:
    """Return what the log says of where a statement's text comes from."""
    log = core.engine.log
    if invocation is None:
        return log.remark(sql)
    if invocation.page > 1:
        return f"insertmanyvalues {invocation.place}"
    compiled = invocation.compiled
    if compiled is None:
        remark = "raw sql"
    elif compiled.kind == "ddl":
        remark = log.remark(compiled.sql, "no key")
    elif (invocation.options or core.execution_options).get("compiled_cache", log) is None:
        remark = log.remark(compiled.sql, "caching disabled")
    else:
        remark = log.remark(compiled.sql)
    return f"{remark} (insertmanyvalues) {invocation.place}" if invocation.page else remark


def _arguments(core: ConnectionCore, context: Any) -> Sequence[Any]:
    return (
        core.facade(),
        context.cursor,
        context.statement,
        context.parameters,
        context,
        context.executemany,
    )


def _replaced(request: Any, sql: str, params: Any) -> Any:
    """Return a request of the same class; one that has an outcome, so that listeners can see it."""
    if isinstance(request, rq.ExecuteMany):
        return rq.ExecuteMany(request.driver, sql, params)
    return type(request)(request.driver, sql, params)
