"""``AsyncEngine``: where asynchronous connections come from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from .. import inspection
from ..event import register_target
from ..exc import InvalidRequestError, NoInspectionAvailable
from ..io.async_loop import run_async
from ..io.plan import Plan
from ..pool.async_proxy import AsyncPoolProxiedConnection
from ..pool.base import Pool
from ..pool.closing import dispose_plan
from .async_connection import AsyncConnection as AsyncConnection
from .async_connection import AsyncTransaction as AsyncTransaction
from .async_connection import needs_run_sync
from .core import ConnectionCore, EngineCore
from .create import config_options, create_core, create_pool_from_url
from .engine import Engine, engine_targets, pool_targets, raw_end_plan, raw_plan
from .events import EngineDispatch
from .options import EngineOptions
from .url import URL

if TYPE_CHECKING:
    from ..dialects.base import Dialect

T = TypeVar("T")


class AsyncEngine:
    """A database, for asynchronous code; see :class:`~ormolu.engine.Engine`."""

    __slots__ = ("core", "sync_engine")

    def __init__(self, core: EngineCore) -> None:
        self.core = core
        # For code in run_sync() and for what only asks the engine about itself.
        self.sync_engine = Engine(core)

    @property
    def url(self) -> URL:
        """The database's address."""
        return self.core.url

    @property
    def logging_name(self) -> str | None:
        """What ``create_async_engine(logging_name=…)`` appends to the logger's name."""
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
        """The name of the database."""
        return self.core.dialect.name

    @property
    def driver(self) -> str:
        """The name of the driver."""
        return self.core.dialect.driver

    @property
    def engine(self) -> AsyncEngine:
        """The engine itself."""
        return self

    @property
    def echo(self) -> bool | str:
        """Whether statements are logged to standard output."""
        return self.core.log.echo

    @echo.setter
    def echo(self, value: bool | str) -> None:
        self.core.log.set_echo(value)

    @property
    def hide_parameters(self) -> bool:
        """Whether parameters are kept out of the log and of error messages."""
        return self.core.hide_parameters

    def __repr__(self) -> str:
        return f"AsyncEngine({self.url!r})"

    def connect(self) -> AsyncConnection:
        """Return a connection: ``await`` it, or ``async with`` it."""
        return AsyncConnection(self)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction that is committed at the end of the block."""
        async with self.connect() as connection, connection.begin():
            yield connection

    async def raw_connection(self) -> AsyncPoolProxiedConnection:
        """Return the driver's own connection, to be given back by awaiting its ``close``.

        It begins transactions as its driver's connections do by themselves (asyncpg's do not).
        """
        core = await run_async(raw_plan(self.core))
        return AsyncPoolProxiedConnection(
            core.entry, lambda invalid: run_async(raw_end_plan(core, invalid))
        )

    async def dispose(self, close: bool = True) -> None:
        """Close the idle connections; those in use are closed when they come back."""
        if close:
            await run_async(dispose_plan(self.core.pool))
        else:
            self.core.pool = self.core.pool.recreate()
        for handler in self.core.dispatch.engine_disposed:
            handler(self.sync_engine)

    def execution_options(self, **options: Any) -> AsyncEngine:
        """Return an engine on the same pool whose connections have these execution options."""
        engine = AsyncEngine(self.core.with_options(options))
        for handler in engine.dispatch.handlers("set_engine_execution_options"):
            handler(engine.sync_engine, options)
        return engine

    def update_execution_options(self, **options: Any) -> None:
        """Set execution options of this engine's later connections."""
        self.sync_engine.update_execution_options(**options)

    def get_execution_options(self) -> Mapping[str, Any]:
        """Return the execution options."""
        return self.core.execution_options

    def clear_compiled_cache(self) -> None:
        """Forget the compiled statements."""
        self.core.cache.clear()

    def _run_ddl(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        raise needs_run_sync("engine")


def create_async_engine(url: str | URL, **options: Unpack[EngineOptions]) -> AsyncEngine:
    """Return an async engine; parameters as of ``create_engine``, and ``async_creator``.

    :raises InvalidRequestError: for a driver that is synchronous.
    """
    given: dict[str, Any] = dict(options)
    creator = given.pop("async_creator", None)
    if creator is not None:
        given["creator"] = creator
    core, made = create_core(url, given, is_async=True)
    dialect = core.dialect
    if not dialect.is_async:
        better = dialect.async_driver
        advice = "" if better is None else f"; write '{dialect.name}+{better}://…'"
        raise InvalidRequestError(
            f"The asyncio extension requires an async driver to be used. The loaded "
            f"{dialect.driver!r} is not async{advice}"
        )
    engine = AsyncEngine(core)
    for plugin in made:
        plugin.engine_created(engine.sync_engine)
    return engine


def create_async_pool_from_url(url: str | URL, **kwargs: Any) -> Pool:
    """Return the pool that an async engine for ``url`` would have."""
    return create_pool_from_url(url, _is_async=True, **kwargs)


def async_engine_from_config(
    configuration: Mapping[str, Any], prefix: str = "sqlalchemy.", **kwargs: Any
) -> AsyncEngine:
    """Return an async engine from a flat configuration; see ``engine_from_config``."""
    options = config_options(configuration, prefix, kwargs)
    url = options.pop("url")
    return create_async_engine(url, **options)


@inspection.register(AsyncEngine, AsyncConnection)
def _no_inspector(bind: Any) -> Any:
    raise NoInspectionAvailable(
        f"Inspection on an {type(bind).__name__} is not available: it would need I/O. Write "
        "'await connection.run_sync(lambda connection: inspect(connection).get_table_names())'"
    )


register_target(AsyncEngine, engine_targets)
register_target(AsyncEngine, pool_targets)
