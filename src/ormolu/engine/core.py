"""The sans-I/O heart of engines and connections: what plans and sessions hold.

A :class:`ConnectionCore` is lent out by the pool with a driver connection. It is reused when the
connection comes back, so whoever gave one back must forget it; the public façades do.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import exc
from ..deferred import deferred
from ..io.blocking import BlockingConnection
from ..io.plan import Plan
from ..io.requests import Begin, Commit, Execute, FetchAll, RunBlocking
from ..sql.immutable import immutabledict
from .cache import StatementCache
from .events import ROOT, EngineDispatch, ExceptionContext, follow, handled
from .log import INFO, EngineLog
from .observed import send_plan

if TYPE_CHECKING:
    from ..compiler import statement as compiling
    from ..dialects.base import Dialect
    from ..io.drivers import DriverConnection
    from ..pool.base import Pool
    from ..pool.entry import Entry
    from . import errors
    from .url import URL
else:
    compiling = deferred("ormolu.compiler.statement")
    errors = deferred("ormolu.engine.errors")


class EngineCore:
    """What an engine is: address, dialect, pool, statement cache, options, log.

    ``dispatch`` holds its listeners. ``observed`` is true when statements are logged or somebody
    listens. ``autocommit`` is true when the engine's isolation level is AUTOCOMMIT.
    """

    __slots__ = (
        "__weakref__",
        "_facade",
        "autocommit",
        "begin_mode",
        "cache",
        "dialect",
        "dispatch",
        "engine",
        "execution_options",
        "hide_parameters",
        "insertmanyvalues",
        "insertmanyvalues_page_size",
        "isolation_level",
        "log",
        "pool",
        "url",
    )

    def __init__(
        self,
        url: URL,
        dialect: Dialect,
        pool: Pool,
        *,
        cache: StatementCache | None = None,
        log: EngineLog | None = None,
        execution_options: Mapping[str, Any] | None = None,
        isolation_level: str | None = None,
        hide_parameters: bool = False,
        insertmanyvalues: bool = True,
        insertmanyvalues_page_size: int = 1000,
    ) -> None:
        self.url = url
        self.dialect = dialect
        self.pool = pool
        self.cache = StatementCache() if cache is None else cache
        self.log = EngineLog() if log is None else log
        self.execution_options: Mapping[str, Any] = immutabledict(execution_options or {})
        self.hide_parameters = hide_parameters
        self.insertmanyvalues = insertmanyvalues
        self.insertmanyvalues_page_size = insertmanyvalues_page_size
        self.dispatch: EngineDispatch = ROOT
        self._facade: Callable[[], Any] | None = None
        # So that ``core.engine`` reads the same on an engine and on a connection.
        self.engine = self
        self._use_isolation_level(isolation_level)

    @property
    def echo(self) -> bool | str:
        """What ``create_engine(echo=...)`` was given."""
        return self.log.echo

    @property
    def observed(self) -> bool:
        """Whether statements are logged or anybody listens."""
        return self.dispatch.active or self.log.enabled

    def own_dispatch(self) -> EngineDispatch:
        """Return the dispatch of this engine alone, made now if it shared the class's."""
        if self.dispatch is ROOT:
            self.dispatch = EngineDispatch(ROOT)
        return self.dispatch

    def wrap_connect(self, error: Exception, *, is_pre_ping: bool = False) -> BaseException:
        """Return the exception to raise for a driver's error while a connection is opened.

        Listeners hear of it; also of one that a pre-ping met, after which another is opened.
        """
        dialect = self.dialect
        disconnected = is_pre_ping or dialect.is_disconnect(error)
        wrapped = errors.wrapped_error(
            dialect, error, hide_parameters=self.hide_parameters, disconnected=disconnected
        )
        handlers = self.dispatch.handle_error
        if not handlers:
            return wrapped
        event = ExceptionContext(None, None, None, error, wrapped, disconnected, engine=self)
        event.is_pre_ping = is_pre_ping
        chosen = handled(event, handlers)
        wrapped.connection_invalidated = event.is_disconnect
        return wrapped if chosen is None else chosen

    def update_options(self, options: Mapping[str, Any]) -> None:
        """Set execution options of the connections that are lent out from now on.

        :raises ArgumentError: for an isolation level that the database doesn't have.
        """
        level = options.get("isolation_level")
        if level is not None:
            level = self.dialect.check_isolation_level(level)
        self.execution_options = immutabledict({**self.execution_options, **options})
        self._use_isolation_level(level or self.isolation_level)

    def _use_isolation_level(self, level: str | None) -> None:
        self.isolation_level = level
        self.autocommit = level == "AUTOCOMMIT"
        self.begin_mode = (
            "" if self.autocommit else self.dialect.transaction_mode(level, self.execution_options)
        )

    def shown_as(self, facade: Any) -> None:
        """Remember the ``Engine`` of this core, weakly."""
        self._facade = weakref.ref(facade)

    def facade(self) -> Any:
        """Return the ``Engine`` of this core, None when it is gone."""
        return None if self._facade is None else self._facade()

    def with_options(self, options: Mapping[str, Any]) -> EngineCore:
        """Return a core on the same pool and cache with ``options`` on top of its own.

        :raises ArgumentError: for an isolation level that the database doesn't have.
        """
        merged = {**self.execution_options, **options}
        level = options.get("isolation_level")
        if level is not None:
            level = self.dialect.check_isolation_level(level)
        other = EngineCore(
            self.url,
            self.dialect,
            self.pool,
            cache=self.cache,
            log=self.log,
            execution_options=merged,
            isolation_level=level or self.isolation_level,
            hide_parameters=self.hide_parameters,
            insertmanyvalues=self.insertmanyvalues,
            insertmanyvalues_page_size=self.insertmanyvalues_page_size,
        )
        other.dispatch = EngineDispatch(self.own_dispatch())
        return other


class ConnectionCore:
    """A connection in use.

    - ``driver``: the adapter's connection, ``entry`` the pool's record of it.
    - ``in_transaction``: whether ormolu has begun a transaction on it.
    - ``lost``: the database ended that transaction by itself; a commit must fail.
    - ``observed``: whether statements are logged or anybody listens; ``logged``: only the former.
    - ``owner``: gives the ``Connection`` that uses it: a weak reference, so that a dropped one goes
      back to the pool at once; one made on demand, for those who have none (sessions), is kept.
    - ``begin_pending``: ``begin`` listeners run, BEGIN is still to be sent.
    - ``request``, ``execute_request``, ``begin_request``, ``commit_request``: reusable requests
      (see ``io/requests.py``).
    - ``checks_first``: whether there is a database in which ``create_all`` can look first.
    """

    checks_first = True

    __slots__ = (
        "__weakref__",
        "autocommit",
        "begin_mode",
        "begin_pending",
        "begin_request",
        "commit_request",
        "dialect",
        "driver",
        "driver_error",
        "engine",
        "entry",
        "execute_request",
        "execution_options",
        "in_transaction",
        "invalidated",
        "isolation_level",
        "joined",
        "lost",
        "observed",
        "owner",
        "request",
        "savepoints",
    )

    def __init__(self, engine: EngineCore, entry: Entry, driver: DriverConnection) -> None:
        self.engine = engine
        self.dialect = engine.dialect
        self.entry = entry
        # The pool's error about connections that don't come back names their last statements.
        entry.made_core = weakref.ref(self)
        self.driver = driver
        self.driver_error: type[Exception] = driver.error
        self.execution_options = engine.execution_options
        self.autocommit = engine.autocommit
        self.begin_mode = engine.begin_mode
        self.isolation_level = engine.isolation_level
        self.in_transaction = False
        self.invalidated = False
        # Epoch and savepoint of a transaction inside that of another user of the connection.
        self.joined: tuple[int, str] | None = None
        self.observed = engine.observed
        self.owner: Callable[[], Any] | None = None
        self.begin_pending = False
        self.lost = False
        self.request = FetchAll(driver, "", ())
        self.execute_request = Execute(driver, "", ())
        self.begin_request = Begin(driver, self.begin_mode)
        self.commit_request = Commit(driver)
        self.savepoints = 0
        follow(self)

    def lend(self, engine: EngineCore) -> None:
        """Prepare a core that came back from the pool for its next user."""
        self.engine = engine
        self.execution_options = engine.execution_options
        self.autocommit = engine.autocommit
        self.begin_mode = self.begin_request.mode = engine.begin_mode
        self.isolation_level = engine.isolation_level
        log = engine.log
        # `log.enabled`, without its call: every checkout asks.
        self.observed = (
            True
            if engine.dispatch.active or log.echo or log.observers
            else log.logger.isEnabledFor(INFO)
        )
        self.savepoints = 0

    @property
    def logged(self) -> bool:
        """Whether statements are logged."""
        return self.engine.log.enabled

    @property
    def log_token(self) -> str | None:
        """The ``logging_token`` that stands before this connection's lines in the log."""
        token: str | None = self.execution_options.get("logging_token")
        return token

    @property
    def dispatch(self) -> EngineDispatch:
        """The listeners: of the connection, its engine, and all engines."""
        owner = None if self.owner is None else self.owner()
        own: EngineDispatch | None = None if owner is None else owner._state.dispatch
        return self.engine.dispatch if own is None else own

    def refresh_observed(self) -> None:
        """Look again whether anybody observes this connection."""
        self.observed = self.dispatch.active or self.engine.log.enabled

    def facade(self) -> Any:
        """Return the ``Connection`` that uses this core, as listeners receive it."""
        owner = None if self.owner is None else self.owner()
        if owner is None:
            engine = self.engine.facade()
            if engine is not None:
                owner = engine._connection_over(self)
                # Nobody else gives back what a dropped connection's result still holds.
                owner._state.borrowed = self.owner is None
                self.keep(owner)
        return owner

    def keep(self, owner: Any) -> None:
        """Let this ``Connection`` be the one that uses the core, and live as long."""
        self.owner = partial(_itself, owner)

    def wrap(
        self,
        error: BaseException,
        sql: str | None,
        params: Any,
        context: Any = None,
        statement: Any = None,
    ) -> BaseException:
        """Return the exception to raise for a driver's ``error``.

        Marks the connection as invalid when the error means that it is gone, and its transaction
        as lost when the database has ended it.

        :param context: the execution, where listeners were told of one.
        :param statement: the construct that was executed, where there is one.
        """
        if isinstance(error, exc.DBAPIError) or not isinstance(error, self.driver_error):
            return error
        wrapped = self._wrapped(error, sql, params, statement)
        if self.dispatch.handle_error:
            return self.told(error, wrapped, sql, params, context)
        if self.invalidated:
            self.entry.pool.lost(self.entry)
        return wrapped

    def told(
        self,
        error: BaseException,
        wrapped: BaseException,
        sql: str | None,
        params: Any,
        context: Any = None,
    ) -> BaseException:
        """Tell ``handle_error`` listeners of an error; returns the exception to raise for it."""
        event = ExceptionContext(
            self, sql, params, error, wrapped, self.invalidated, context=context
        )
        chosen = handled(event, self.dispatch.handle_error)
        self.invalidated = event.is_disconnect
        if event.is_disconnect and event.invalidate_pool_on_disconnect:
            self.entry.pool.lost(self.entry)
        if isinstance(wrapped, exc.DBAPIError):
            wrapped.connection_invalidated = event.is_disconnect
        return wrapped if chosen is None else chosen

    def _wrapped(
        self, error: Exception, sql: str | None, params: Any, statement: Any
    ) -> exc.DBAPIError:
        if self.in_transaction and not self.autocommit and not self.driver.in_transaction:
            self.lost = True
        disconnected = self.driver.broken or self.dialect.is_disconnect(error)
        if disconnected:
            self.invalidated = True
        return errors.wrapped_error(
            self.dialect,
            error,
            sql,
            params,
            hide_parameters=self.engine.hide_parameters,
            disconnected=disconnected,
            statement=statement,
        )

    def use_options(self, options: Mapping[str, Any]) -> None:
        """Use execution options until the connection is given back.

        :raises ArgumentError: for an isolation level that the database doesn't have.
        """
        dialect = self.dialect
        level = options.get("isolation_level")
        if level is not None:
            self.isolation_level = dialect.check_isolation_level(level)
            self.autocommit = self.isolation_level == "AUTOCOMMIT"
        self.execution_options = options
        mode = "" if self.autocommit else dialect.transaction_mode(self.isolation_level, options)
        self.begin_mode = self.begin_request.mode = mode

    def execute_ddl_plan(self, node: Any) -> Plan[None]:
        """Execute a DDL construct; its text is not cached."""
        started = time.perf_counter()
        translate = self.execution_options.get("schema_translate_map")
        sql = compiling.compile_statement(node, self.dialect, schema_translate_map=translate).sql
        request = Execute(self.driver, sql, ())
        if self.observed:
            took = time.perf_counter() - started
            yield from send_plan(self, request, remark=f"no key {took:.5f}s")
            return
        try:
            yield request
        except self.driver_error as error:
            raise self.wrap(error, sql, ()) from error

    def query_plan(self, sql: str, params: Any = ()) -> Plan[list[Any]]:
        """Run a query of the dialect's own (reflection asks so) and return its rows."""
        request = FetchAll(self.driver, sql, params)
        if self.observed:
            rows: list[Any] = yield from send_plan(self, request, remark="raw sql")
            return rows
        try:
            rows = yield request
        except self.driver_error as error:
            raise self.wrap(error, sql, params) from error
        return rows

    def look_plan(self, sql: str, absent: Callable[[Exception], bool]) -> Plan[list[Any] | None]:
        """Ask for something that may not exist; None when it doesn't.

        That is no error of the program's, of which ``handle_error`` listeners should hear.

        :param absent: whether a driver's error says that there is no such thing.
        """
        request = FetchAll(self.driver, sql, ())
        try:
            if self.observed:
                seen: list[Any] | None = yield from send_plan(
                    self, request, remark="raw sql", absent=absent
                )
                return seen
            rows: list[Any] = yield request
        except self.driver_error as error:
            if absent(error):
                return None
            raise self.wrap(error, sql, ()) from error
        return rows

    def schema_of(self, item: Any) -> str | None:
        """Return the schema of a table or sequence, by the ``schema_translate_map`` in force."""
        schema: str | None = item.schema
        translate = self.execution_options.get("schema_translate_map") or {}
        found: str | None = translate.get(schema, schema)
        return found

    def ddl_listener_plan(self, handler: Any, target: Any, options: dict[str, Any]) -> Plan[None]:
        """Call a listener of a DDL event, which may execute statements of its own."""
        yield RunBlocking(self.driver, self._call_ddl_listener, (handler, target, options))

    def _call_ddl_listener(
        self, driver: Any, handler: Any, target: Any, options: dict[str, Any]
    ) -> Any:
        facade = self.facade()
        if isinstance(driver, BlockingConnection):
            # A worker thread of an asynchronous engine: what it executes goes to the event loop.
            facade = self.engine.facade()._connection_over(self)
            facade._run = driver.run
        return handler(target, facade, **options)

    def next_savepoint(self) -> str:
        """Return a fresh savepoint name."""
        self.savepoints += 1
        return f"sa_savepoint_{self.savepoints}"


def _itself(found: Any) -> Any:
    return found
