"""The sans-I/O heart of engines and connections: what plans and sessions hold.

A :class:`ConnectionCore` is lent out by the pool with a driver connection. It is reused when the
connection comes back, so whoever gave one back must forget it; the public façades do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..compiler.statement import compile_statement
from ..exc import DBAPIError
from ..io.drivers import DriverConnection
from ..io.plan import Plan
from ..io.requests import Execute, FetchAll
from .cache import StatementCache
from .log import EngineLog

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..pool.base import Pool
    from ..pool.entry import Entry
    from .url import URL


class EngineCore:
    """What an engine is: address, dialect, pool, statement cache, options, log.

    ``logging`` is true when statements are logged; it is read once per connection checkout.
    ``autocommit`` is true when the engine's isolation level is AUTOCOMMIT.
    """

    __slots__ = (
        "autocommit",
        "begin_mode",
        "cache",
        "dialect",
        "dispatch",
        "engine",
        "execution_options",
        "hide_parameters",
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
    ) -> None:
        self.url = url
        self.dialect = dialect
        self.pool = pool
        self.cache = StatementCache() if cache is None else cache
        self.log = EngineLog() if log is None else log
        self.execution_options: Mapping[str, Any] = execution_options or {}
        self.hide_parameters = hide_parameters
        self.dispatch: Any = None
        # So that ``core.engine`` reads the same on an engine and on a connection.
        self.engine = self
        self.isolation_level = isolation_level
        self.autocommit = isolation_level == "AUTOCOMMIT"
        self.begin_mode = dialect.begin_mode(isolation_level)

    @property
    def echo(self) -> bool | str:
        """What ``create_engine(echo=...)`` was given."""
        return self.log.echo

    def with_options(self, options: Mapping[str, Any]) -> EngineCore:
        """Return a core on the same pool and cache with ``options`` on top of its own."""
        merged = {**self.execution_options, **options}
        other = EngineCore(
            self.url,
            self.dialect,
            self.pool,
            cache=self.cache,
            log=self.log,
            execution_options=merged,
            isolation_level=merged.get("isolation_level", self.isolation_level),
            hide_parameters=self.hide_parameters,
        )
        other.dispatch = self.dispatch
        return other


class ConnectionCore:
    """A connection in use.

    - ``driver``: the adapter's connection, ``entry`` the pool's record of it.
    - ``in_transaction``: whether ormolu has begun a transaction on it.
    - ``lost``: the database ended that transaction by itself; a commit must fail.
    - ``logging``: whether statements are logged.
    - ``request``: the reusable :class:`FetchAll` (see ``io/requests.py``).
    """

    __slots__ = (
        "__weakref__",
        "autocommit",
        "begin_mode",
        "dialect",
        "driver",
        "driver_error",
        "engine",
        "entry",
        "execution_options",
        "in_transaction",
        "invalidated",
        "isolation_level",
        "joined",
        "logging",
        "lost",
        "request",
        "savepoints",
    )

    def __init__(self, engine: EngineCore, entry: Entry, driver: DriverConnection) -> None:
        self.engine = engine
        self.dialect = engine.dialect
        self.entry = entry
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
        self.logging = engine.log.enabled
        self.lost = False
        self.request = FetchAll(driver, "", ())
        self.savepoints = 0
        engine.log.follow(self)

    def lend(self, engine: EngineCore) -> None:
        """Prepare a core that came back from the pool for its next user."""
        self.engine = engine
        self.execution_options = engine.execution_options
        self.autocommit = engine.autocommit
        self.begin_mode = engine.begin_mode
        self.isolation_level = engine.isolation_level
        self.logging = engine.log.enabled
        self.savepoints = 0

    def wrap(self, error: BaseException, sql: str | None, params: Any) -> BaseException:
        """Return the exception to raise for a driver's ``error``.

        Marks the connection as invalid when the error means that it is gone, and its transaction
        as lost when the database has ended it.
        """
        if isinstance(error, DBAPIError) or not isinstance(error, self.driver_error):
            return error
        if self.in_transaction and not self.autocommit and not self.driver.in_transaction:
            self.lost = True
        dialect = self.dialect
        disconnected = dialect.is_disconnect(error)
        if disconnected:
            self.invalidated = True
        cls = dialect.translate_error(error)
        wrapped: BaseException = cls(
            sql,
            params,
            error,
            hide_parameters=self.engine.hide_parameters,
            connection_invalidated=disconnected,
        )
        return wrapped

    def set_isolation_level(self, level: str) -> None:
        """Use an isolation level until the connection is given back.

        :raises ArgumentError: for a level that the database doesn't have.
        """
        level = self.dialect.check_isolation_level(level)
        self.isolation_level = level
        self.autocommit = level == "AUTOCOMMIT"
        self.begin_mode = "" if self.autocommit else self.dialect.begin_mode(level)

    def execute_ddl_plan(self, node: Any) -> Plan[None]:
        """Execute a DDL construct; its text is not cached."""
        sql = compile_statement(node, self.dialect).sql
        if self.logging:
            self.engine.log.statement(sql, (), "no key")
        try:
            yield Execute(self.driver, sql, ())
        except self.driver_error as error:
            raise self.wrap(error, sql, ()) from error

    def next_savepoint(self) -> str:
        """Return a fresh savepoint name."""
        self.savepoints += 1
        return f"sa_savepoint_{self.savepoints}"
