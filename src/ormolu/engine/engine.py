"""``Engine``: where connections come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from .. import inspection
from ..event import Dispatch, owned_dispatch, register_target
from ..exc import InvalidRequestError
from ..io.loops import run_sync
from ..io.plan import Plan
from ..pool.base import Pool
from ..pool.closing import dispose_plan
from ..pool.proxy import PoolProxiedConnection
from . import plans
from .connection import Connection
from .core import ConnectionCore, EngineCore
from .events import ROOT, EngineDispatch
from .url import URL

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..dialects.inspector import Inspector

T = TypeVar("T")


class Engine:
    """A database: its address, its pool of connections, its cache of compiled statements.

    Made by :func:`~ormolu.create_engine`; thread-safe; one per database and process.
    """

    __slots__ = ("__weakref__", "core")

    def __init__(self, core: EngineCore) -> None:
        self.core = core
        core.shown_as(self)

    # -- description

    @property
    def url(self) -> URL:
        """The database's address."""
        return self.core.url

    @property
    def logging_name(self) -> str | None:
        """What ``create_engine(logging_name=…)`` appends to the logger's name."""
        return self.core.log.logging_name

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return self.core.dialect

    @property
    def pool(self) -> Pool:
        """The connection pool."""
        return self.core.pool

    @property
    def dispatch(self) -> EngineDispatch:
        """The listeners to this engine's events."""
        return self.core.dispatch

    @property
    def name(self) -> str:
        """The name of the database, as ``"sqlite"``."""
        return self.core.dialect.name

    @property
    def driver(self) -> str:
        """The name of the driver, as ``"pysqlite"``."""
        return self.core.dialect.driver

    @property
    def engine(self) -> Engine:
        """The engine itself, so that code may take an engine or a connection."""
        return self

    @property
    def echo(self) -> bool | str:
        """Whether statements are logged to standard output; ``"debug"`` logs rows as well."""
        return self.core.log.echo

    @echo.setter
    def echo(self, value: bool | str) -> None:
        self.core.log.set_echo(value)

    @property
    def hide_parameters(self) -> bool:
        """Whether parameters are kept out of the log and of error messages."""
        return self.core.hide_parameters

    def __repr__(self) -> str:
        return f"Engine({self.url!r})"

    # -- connections

    def connect(self) -> Connection:
        """Return a connection: close it, or use it in a ``with`` block."""
        return Connection(self)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is committed at the end of the block."""
        with self.connect() as connection, connection.begin():
            yield connection

    def raw_connection(self) -> PoolProxiedConnection:
        """Return the driver's own connection, to be given back by its ``close``.

        It begins transactions by itself, as PEP 249 has it, except where the engine's isolation
        level is AUTOCOMMIT; ``close`` rolls back what was not committed.
        """
        core = run_sync(raw_plan(self.core))
        return PoolProxiedConnection(
            core.entry, lambda invalid: run_sync(raw_end_plan(core, invalid))
        )

    def dispose(self, close: bool = True) -> None:
        """Close the idle connections; those in use are closed when they come back.

        :param close: False leaves them to another process that has them too (after a fork).
        """
        if close:
            run_sync(dispose_plan(self.core.pool))
        else:
            self.core.pool = self.core.pool.recreate()
        for handler in self.core.dispatch.engine_disposed:
            handler(self)

    # -- options

    def execution_options(self, **options: Any) -> Engine:
        """Return an engine on the same pool whose connections have these execution options."""
        engine = Engine(self.core.with_options(options))
        for handler in engine.dispatch.handlers("set_engine_execution_options"):
            handler(engine, options)
        return engine

    def update_execution_options(self, **options: Any) -> None:
        """Set execution options of this engine's later connections."""
        for handler in self.dispatch.handlers("set_engine_execution_options"):
            handler(self, options)
        self.core.update_options(options)

    def get_execution_options(self) -> Mapping[str, Any]:
        """Return the execution options."""
        return self.core.execution_options

    def clear_compiled_cache(self) -> None:
        """Forget the compiled statements."""
        self.core.cache.clear()

    def _connection_over(self, core: ConnectionCore) -> Connection:
        """Return what listeners receive as the connection, where none is in use."""
        return Connection._over(self, core, refuse_io if core.dialect.is_async else run_sync)

    def _run_ddl(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        """Run the plan that ``make`` returns for a connection core, in a transaction of its own."""
        with self.begin() as connection:
            return connection._run_ddl(make)


def raw_plan(engine: EngineCore) -> Plan[ConnectionCore]:
    """Check a connection out for a user of the driver's own."""
    core = yield from plans.acquire_plan(engine)
    try:
        return (yield from plans.hand_out_plan(core))
    except BaseException:
        yield from plans.release_plan(core)
        raise


def raw_end_plan(core: ConnectionCore, invalid: bool) -> Plan[None]:
    """Give a raw connection back: what its user left open ends as the pool's rule says."""
    if invalid:
        core.invalidated = True
    yield from plans.release_plan(core)


def refuse_io(plan: Plan[Any]) -> Any:
    """Say that a connection of an asynchronous engine can't be used in a plain listener.

    :raises InvalidRequestError: always.
    """
    plan.close()
    raise InvalidRequestError(
        "This listener runs on the event loop, where the synchronous Connection of an asynchronous "
        "engine can't wait for the database; write an async function and use the driver's "
        "connection ('await conn.connection.driver_connection.execute(...)')"
    )


def engine_targets(target: Any) -> Dispatch:
    """Return the dispatch that a listener on an engine, or on all engines, joins."""
    if isinstance(target, type):
        return ROOT
    core: EngineCore = target.core
    return core.own_dispatch()


def pool_targets(target: Any) -> Dispatch:
    """Return the dispatch of an engine's pool, or that of all pools."""
    return owned_dispatch(Pool if isinstance(target, type) else target.core.pool)


register_target(Engine, engine_targets)
register_target(Engine, pool_targets)


@inspection.register(Engine, Connection)
def _inspector(bind: Engine | Connection) -> Inspector:
    return bind.dialect.make_inspector(bind)
