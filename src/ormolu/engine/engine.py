"""``Engine``: where connections come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..io.loops import run_sync
from ..io.plan import Plan
from ..pool.base import Pool
from ..pool.plans import dispose_plan
from . import plans
from .connection import Connection
from .core import ConnectionCore, EngineCore
from .url import URL

if TYPE_CHECKING:
    from ..dialects.base import Dialect

T = TypeVar("T")


class Engine:
    """A database: its address, its pool of connections, its cache of compiled statements.

    Made by :func:`~ormolu.create_engine`; thread-safe; one per database and process.
    """

    __slots__ = ("core",)

    def __init__(self, core: EngineCore) -> None:
        self.core = core

    # -- description

    @property
    def url(self) -> URL:
        """The database's address."""
        return self.core.url

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return self.core.dialect

    @property
    def pool(self) -> Pool:
        """The connection pool."""
        return self.core.pool

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

    def raw_connection(self) -> PooledConnection:
        """Return the driver's own connection, to be given back by its ``close``."""
        return PooledConnection(run_sync(plans.acquire_plan(self.core)))

    def dispose(self, close: bool = True) -> None:
        """Close the idle connections; those in use are closed when they come back.

        :param close: False leaves them to another process that has them too (after a fork).
        """
        if close:
            run_sync(dispose_plan(self.core.pool))
        else:
            self.core.pool = self.core.pool.recreate()

    # -- options

    def execution_options(self, **options: Any) -> Engine:
        """Return an engine on the same pool whose connections have these execution options."""
        return Engine(self.core.with_options(options))

    def update_execution_options(self, **options: Any) -> None:
        """Set execution options of this engine's later connections."""
        self.core.execution_options = {**self.core.execution_options, **options}

    def get_execution_options(self) -> Mapping[str, Any]:
        """Return the execution options."""
        return self.core.execution_options

    def clear_compiled_cache(self) -> None:
        """Forget the compiled statements."""
        self.core.cache.clear()

    def _run_ddl(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        """Run the plan that ``make`` returns for a connection core, in a transaction of its own."""
        with self.begin() as connection:
            return connection._run_ddl(make)


class PooledConnection:
    """A driver connection out of the pool; every attribute but these is the driver's."""

    __slots__ = ("_core",)

    def __init__(self, core: ConnectionCore) -> None:
        self._core: ConnectionCore | None = core

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, None after ``close``."""
        return None if self._core is None else self._core.driver.raw

    dbapi_connection = driver_connection

    @property
    def is_valid(self) -> bool:
        """Whether it has not been closed."""
        return self._core is not None

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary for the user, kept as long as the driver's connection."""
        return {} if self._core is None else self._core.entry.info

    def close(self) -> None:
        """Roll back and give the connection back to the pool."""
        core, self._core = self._core, None
        if core is not None:
            if core.driver.in_transaction and not core.entry.active:
                core.entry.active = 1
                core.in_transaction = True
            run_sync(plans.release_plan(core))

    def invalidate(self) -> None:
        """Close the driver's connection for good."""
        core, self._core = self._core, None
        if core is not None:
            core.invalidated = True
            run_sync(plans.release_plan(core))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.driver_connection, name)

    def __enter__(self) -> PooledConnection:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
