"""The plan behind ``session.execute``: which room runs a statement, and the event before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.engine.execution import execute_plan as core_execute_plan
from ormolu.io.plan import Plan
from ormolu.io.requests import RunHook
from ormolu.orm.loading import run as loading
from ormolu.sql.lambdas import StatementLambdaElement
from ormolu.sql.select import Select
from ormolu.sql.selecting import select
from ormolu.sql.text import TextClause, text

from .connections import connection_now, connection_plan
from .plans import autoflush_plan

if TYPE_CHECKING:
    from ormolu.orm.loading import streaming

    from . import bulk
    from .core import SessionBase
else:
    bulk = deferred("ormolu.orm.session.bulk")
    streaming = deferred("ormolu.orm.loading.streaming")

AnyParams = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Options = Mapping[str, Any] | None

# Plain strings come again and again; parsing their binds is most of what `text` costs.
_text = lru_cache(maxsize=512)(text)


class ORMExecuteState:
    """What a ``do_orm_execute`` handler gets: a statement that is about to run.

    Setting ``statement``, ``parameters`` or ``execution_options`` changes what runs; returning a
    result from the handler replaces it.
    """

    __slots__ = (
        "_in_handler",
        "bind_arguments",
        "local_execution_options",
        "parameters",
        "session",
        "statement",
    )

    def __init__(
        self,
        session: SessionBase,
        statement: Any,
        parameters: AnyParams,
        execution_options: Options,
        bind_arguments: Options,
    ) -> None:
        self.session = session
        self.statement = statement
        self.parameters = parameters
        self.local_execution_options: dict[str, Any] = dict(execution_options or {})
        self.bind_arguments: dict[str, Any] = dict(bind_arguments or {})
        self._in_handler = True

    @property
    def execution_options(self) -> Mapping[str, Any]:
        """The statement's options, with those of this call on top."""
        own: Mapping[str, Any] = getattr(self.statement, "_execution_options", None) or {}
        return {**own, **self.local_execution_options}

    def update_execution_options(self, **options: Any) -> None:
        """Set options for this call."""
        self.local_execution_options.update(options)

    @property
    def is_select(self) -> bool:
        """Whether the statement is a SELECT."""
        return bool(getattr(self.statement, "is_select", False))

    @property
    def is_insert(self) -> bool:
        """Whether the statement is an INSERT."""
        return bool(getattr(self.statement, "is_insert", False))

    @property
    def is_update(self) -> bool:
        """Whether the statement is an UPDATE."""
        return bool(getattr(self.statement, "is_update", False))

    @property
    def is_delete(self) -> bool:
        """Whether the statement is a DELETE."""
        return bool(getattr(self.statement, "is_delete", False))

    @property
    def is_orm_statement(self) -> bool:
        """Whether the statement names a mapped class or attribute."""
        return getattr(self.statement, "_plugin", None) == "orm"

    @property
    def is_from_statement(self) -> bool:
        """Whether the statement gives its objects by ``from_statement()``."""
        return bool(getattr(self.statement, "is_from_statement", False))

    @property
    def is_column_load(self) -> bool:
        """Whether expired or deferred columns are loaded: the event is for ``execute()`` alone."""
        return False

    @property
    def is_relationship_load(self) -> bool:
        """Whether a relationship is loaded: the event is for ``execute()`` alone."""
        return False

    @property
    def is_executemany(self) -> bool:
        """Whether the parameters are a list."""
        return isinstance(self.parameters, (list, tuple))

    def invoke_statement(
        self,
        statement: Any = None,
        params: AnyParams = None,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Any:
        """Run the statement, or another one, now, and give its result; not in async."""
        options = {**self.local_execution_options, **(execution_options or {})}
        binds = {**self.bind_arguments, **(bind_arguments or {})}
        plan = _dispatch_plan(
            self.session,
            self.statement if statement is None else statement,
            self.parameters if params is None else params,
            options,
            binds,
        )
        return self.session._run(plan)


def execute_plan(
    session: SessionBase,
    statement: Any,
    params: AnyParams = None,
    execution_options: Options = None,
    bind_arguments: Options = None,
    scalars: bool = False,
) -> Plan[Any]:
    """Run a statement in the session's transaction; the reply is its result.

    :param scalars: the reply is the `ScalarResult` of the first column.
    """
    if isinstance(statement, str):
        statement = _text(statement)
    elif type(statement) is StatementLambdaElement:
        statement = statement._resolved
    if session.execution_options:
        execution_options = {**session.execution_options, **(execution_options or {})}
    if session.dispatch.active and session.dispatch.do_orm_execute:
        return _hooked_plan(session, statement, params, execution_options, bind_arguments, scalars)
    return _dispatch_plan(session, statement, params, execution_options, bind_arguments, scalars)


def _hooked_plan(
    session: SessionBase,
    statement: Any,
    params: AnyParams,
    execution_options: Options,
    bind_arguments: Options,
    scalars: bool,
) -> Plan[Any]:
    """Run a statement, or what the ``do_orm_execute`` handlers make of it."""
    state = ORMExecuteState(session, statement, params, execution_options, bind_arguments)
    for handler in session.dispatch.do_orm_execute:
        replaced = yield RunHook(handler, (state,))
        if replaced is not None:
            return replaced.scalars() if scalars else replaced
    plan = _dispatch_plan(
        session,
        state.statement,
        state.parameters,
        state.local_execution_options,
        state.bind_arguments,
        scalars,
    )
    return (yield from plan)


def get_heard_plan(
    session: SessionBase,
    mapper: Any,
    ident: Any,
    options: Sequence[Any],
    with_for_update: Any,
    execution_options: Mapping[str, Any],
) -> Plan[Any]:
    """``get`` as a statement that ``do_orm_execute`` handlers see."""
    key = ident if isinstance(ident, tuple) else (ident,)
    columns = [mapper.attrs[name].class_attribute for name in mapper.pk_keys]
    statement: Any = select(mapper.class_).where(
        *[column == part for column, part in zip(columns, key, strict=True)]
    )
    statement = statement.options(*options)
    if with_for_update:
        given = with_for_update if isinstance(with_for_update, dict) else {}
        statement = statement.with_for_update(**given)
    result = yield from execute_plan(session, statement, None, execution_options)
    return result.scalars().unique().one_or_none()


def _dispatch_plan(
    session: SessionBase,
    statement: Any,
    params: AnyParams,
    options: Options,
    bind_arguments: Options,
    scalars: bool = False,
) -> Plan[Any]:
    """The plan for this kind of statement. Choosing is no plan itself: each level of generators
    costs every statement."""
    if type(statement) is TextClause and not bind_arguments:
        return _text_plan(session, statement, params, options, scalars)
    if getattr(statement, "is_dml", False):
        return _dml_plan(session, statement, params, options, bind_arguments, scalars)
    if not bind_arguments and getattr(statement, "is_text", False):
        return _text_plan(session, statement, params, options, scalars)
    if type(statement) is not Select and not hasattr(statement, "_execution_options"):
        raise _not_executable(statement)
    return loading.execute_plan(session, statement, params, options, bind_arguments, scalars)


def _not_executable(given: object) -> exc.ArgumentError:
    hint = ""
    if isinstance(given, type):
        hint = f"; to load objects write select({given.__name__})"
    return exc.ArgumentError(f"Executable SQL or text() construct expected, got {given!r}{hint}.")


def _text_plan(
    session: SessionBase, statement: Any, params: AnyParams, options: Options, scalars: bool
) -> Plan[Any]:
    if session._new or session._modified or session._deleted:
        yield from autoflush_plan(session)
    core = connection_now(session) or (yield from connection_plan(session, clause=statement))
    if options and streaming.streams(session, core, options):
        result = yield from streaming.core_stream_plan(session, core, statement, params, options)
    else:
        result = yield from core_execute_plan(core, statement, params, options)
    return result.scalars() if scalars else result


def _dml_plan(
    session: SessionBase,
    statement: Any,
    params: AnyParams,
    options: Options,
    bind_arguments: Options,
    scalars: bool,
) -> Plan[Any]:
    if session._needs_flush:
        yield from autoflush_plan(session)
    if statement._plugin == "orm":
        result = yield from bulk.bulk_dml_plan(session, statement, params, options, bind_arguments)
    else:
        wanted = bind_arguments or {}
        core = yield from connection_plan(
            session, wanted.get("mapper"), wanted.get("clause", statement), wanted.get("bind")
        )
        result = yield from core_execute_plan(core, statement, params, options)
    return result.scalars() if scalars else result


def scalar_plan(
    session: SessionBase,
    statement: Any,
    params: AnyParams = None,
    execution_options: Options = None,
    bind_arguments: Options = None,
) -> Plan[Any]:
    """The first column of the first row, or None."""
    result = yield from execute_plan(session, statement, params, execution_options, bind_arguments)
    return result.scalar()
