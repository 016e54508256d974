"""``create_engine``: from a URL and parameters to an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any, Unpack
from weakref import WeakMethod

from ..dialects.facts import DialectFacts
from ..event import Dispatch, register_target
from ..exc import ArgumentError, InvalidRequestError
from ..io.requests import Connect
from ..pool.base import Pool
from ..pool.impl import AsyncAdaptedQueuePool, QueuePool, SingletonThreadPool, StaticPool
from ..pool.opener import Opener
from .cache import StatementCache
from .core import EngineCore
from .engine import Engine
from .log import EngineLog
from .options import SPECIAL_OPTIONS, EngineOptions, check_values, make_dialect
from .plugins import CreateEnginePlugin, plugins_for
from .url import URL, make_url

_POOL_OPTIONS = {
    "echo_pool": "echo",
    "max_overflow": "max_overflow",
    "pool_events": "events",
    "pool_logging_name": "logging_name",
    "pool_pre_ping": "pre_ping",
    "pool_recycle": "recycle",
    "pool_reset_on_return": "reset_on_return",
    "pool_size": "pool_size",
    "pool_timeout": "timeout",
    "pool_use_lifo": "use_lifo",
}
_KNOWN = frozenset(EngineOptions.__annotations__)
_TRUE_OR_FALSE = frozenset(
    name for name, kind in EngineOptions.__annotations__.items() if "bool" in str(kind)
) - {"pool_reset_on_return"}
_MAKE_THE_POOL = frozenset(
    {*_POOL_OPTIONS, "async_creator", "connect_args", "creator", "poolclass"}
)


def create_engine(url: str | URL, **options: Unpack[EngineOptions]) -> Engine:
    """Return an engine for a database.

    :param url: ``dialect+driver://user:password@host:port/database``, as ``sqlite:///file.db``.
    :param echo: log SQL to standard output; ``"debug"`` for rows as well.
    :param isolation_level: of all connections; ``"AUTOCOMMIT"`` for no transactions.
    :param connect_args: further arguments of the driver's ``connect``.
    :param creator: a function that returns a new driver connection.
    :param poolclass: a class of ``ormolu.pool``; ``pool_size``, ``max_overflow``, ``pool_timeout``,
        ``pool_recycle``, ``pool_pre_ping``, ``pool_use_lifo`` are its parameters.
    :param query_cache_size: how many compiled statements are kept.
    :param hide_parameters: keep parameters out of the log and of error messages.
    :raises TypeError: for an option that there is not.
    :raises ArgumentError: for a URL that can't be parsed.
    :raises ModuleNotFoundError: when the driver is not installed; it names the package.
    """
    if options.get("async_creator") is not None:
        raise TypeError(
            "Invalid argument(s) 'async_creator' sent to create_engine(): it opens connections of "
            "asynchronous drivers; use create_async_engine(), or creator="
        )
    core, made = create_core(url, dict(options))
    if core.dialect.is_async:
        raise InvalidRequestError(
            f"{core.url.drivername!r} is an asynchronous driver: "
            "use create_async_engine() from ormolu.ext.asyncio"
        )
    engine = Engine(core)
    for plugin in made:
        plugin.engine_created(engine)
    return engine


def engine_from_config(
    configuration: Mapping[str, Any], prefix: str = "sqlalchemy.", **kwargs: Any
) -> Engine:
    """Return an engine from a flat configuration: ``{"sqlalchemy.url": ..., ...}``."""
    options = config_options(configuration, prefix, kwargs)
    url = options.pop("url")
    return create_engine(url, **options)


def config_options(
    configuration: Mapping[str, Any], prefix: str, kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options of a flat configuration, converted from text, and ``kwargs`` over them."""
    options = {
        key[len(prefix) :]: _from_text(key[len(prefix) :], value)
        for key, value in configuration.items()
        if key.startswith(prefix)
    }
    options.update(kwargs)
    return options


def create_pool_from_url(url: str | URL, *, _is_async: bool = False, **kwargs: Any) -> Pool:
    """Return the pool that an engine for ``url`` would have."""
    pool_names = set(_POOL_OPTIONS.values())
    options = {
        (f"pool_{key}" if f"pool_{key}" in _POOL_OPTIONS else key): value
        for key, value in kwargs.items()
    }
    unknown = set(options) - _KNOWN - pool_names
    if unknown:
        raise TypeError(f"Invalid argument(s) {', '.join(sorted(unknown))} sent to the pool")
    return create_core(url, options, is_async=_is_async)[0].pool


def create_core(
    url: str | URL, options: dict[str, Any], *, is_async: bool = False
) -> tuple[EngineCore, Sequence[CreateEnginePlugin]]:
    """Return the core of a sync or async engine, and the plugins that took part."""
    parsed, made, options = plugins_for(make_url(url), options)
    dialect_class = parsed.get_dialect()
    if is_async:
        dialect_class = dialect_class.async_dialect()
    dialect = make_dialect(dialect_class, options, made)
    pool_class = options.get("poolclass") or _usual_pool(dialect, parsed)
    _check_options(options, dialect, pool_class)
    hide = bool(options.get("hide_parameters"))
    execution_options = options.get("execution_options") or {}
    level = execution_options.get("isolation_level", options.get("isolation_level"))
    pool = options.get("pool")
    if pool is None:
        pool = _make_pool(pool_class, dialect, parsed, options, made)
    else:
        # A pool that was made with a creator alone knows no driver yet.
        module = driver_module(dialect, options)
        prepare, initialize = dialect.prepare_plan, dialect.initialize_plan
        pool.adopt(Opener(module, prepare=prepare, initialize=initialize))
    core = EngineCore(
        parsed,
        dialect,
        pool,
        cache=StatementCache(options.get("query_cache_size", 500)),
        log=EngineLog(options.get("echo"), options.get("logging_name"), hide),
        execution_options=execution_options,
        isolation_level=None if level is None else dialect.check_isolation_level(level),
        hide_parameters=hide,
        insertmanyvalues=options.get("use_insertmanyvalues", True),
        insertmanyvalues_page_size=options.get("insertmanyvalues_page_size", 1000),
    )
    if isinstance(pool.opener, ObservedOpener):
        pool.opener.observe(core)
    dialect.events_of_engine = WeakMethod(core.own_dispatch)
    return core, made


def dialect_targets(target: Any) -> Dispatch | None:
    """Return the dispatch that a listener on a dialect joins: that of the engine it serves."""
    reference = None if isinstance(target, type) else target.events_of_engine
    own_dispatch = None if reference is None else reference()
    return None if own_dispatch is None else own_dispatch()


register_target(DialectFacts, dialect_targets)


def _usual_pool(dialect: Any, url: URL) -> type[Pool]:
    """Return the pool class for a database: one in memory lives as long as its connection."""
    is_memory = getattr(dialect, "is_memory", None)
    memory = is_memory is not None and is_memory(url)
    if dialect.is_async:
        return StaticPool if memory else AsyncAdaptedQueuePool
    return SingletonThreadPool if memory else QueuePool


class ObservedOpener(Opener):
    """An opener that asks an engine's ``do_connect`` listeners first."""

    __slots__ = ("_core",)

    _core: EngineCore | None

    def observe(self, core: EngineCore) -> None:
        """Ask the listeners of this engine."""
        self._core = core

    def request(self) -> Connect:
        """Return the request that opens a connection.

        A listener may change the arguments, or return a connection of the driver's.
        """
        core: EngineCore | None = getattr(self, "_core", None)
        handlers = () if core is None or self.creator is not None else core.dispatch.do_connect
        if core is None or not handlers:
            return super().request()
        arguments, options = list(self.args), dict(self.options)
        for handler in handlers:
            found = handler(core.dialect, None, arguments, options)
            if found is not None:
                return Connect(self.module, creator=partial(_itself, found))
        return Connect(self.module, arguments, options)

    def ping_failed(self, error: Exception) -> None:
        """Tell the engine's ``handle_error`` listeners."""
        core: EngineCore | None = getattr(self, "_core", None)
        if core is not None and core.dispatch.handle_error:
            core.wrap_connect(error, is_pre_ping=True)


def _itself(found: Any) -> Any:
    return found


def driver_module(dialect: Any, options: Mapping[str, Any]) -> Any:
    """Return the adapter of the dialect's driver, or of the build of it that ``module`` is.

    :raises ArgumentError: the adapter knows only its own driver.
    """
    driver = dialect.load_driver()
    module = options.get("module")
    if module is None or module is driver.dbapi:
        return driver
    using = getattr(driver, "using", None)
    if using is None:
        raise ArgumentError(
            f"module can't be given for {dialect.name}+{dialect.driver}, whose adapter imports its "
            "driver; pass creator= to open connections with another build of it"
        )
    return using(module)


def _make_pool(
    pool_class: type[Pool],
    dialect: Any,
    url: URL,
    options: Mapping[str, Any],
    made: Sequence[CreateEnginePlugin],
) -> Pool:
    module = driver_module(dialect, options)
    args, connect_options = dialect.connect_args(url)
    connect_options = {**connect_options, **(options.get("connect_args") or {})}
    opener = ObservedOpener(
        module,
        args,
        connect_options,
        options.get("creator"),
        prepare=dialect.prepare_plan,
        initialize=dialect.initialize_plan,
    )
    given = {name: options[key] for key, name in _POOL_OPTIONS.items() if key in options}
    for plugin in made:
        plugin.handle_pool_kwargs(pool_class, given)
    return pool_class(opener, **given)


def _check_options(options: Mapping[str, Any], dialect: Any, pool_class: type[Pool]) -> None:
    """Refuse options that nobody knows.

    :raises TypeError: naming them.
    """
    accepted = _accepted(pool_class)
    wrong = [
        key
        for key in options
        if key not in _KNOWN
        or (key in SPECIAL_OPTIONS and key not in dialect.engine_options)
        or (key in _POOL_OPTIONS and _POOL_OPTIONS[key] not in accepted)
    ]
    if wrong:
        names = ",".join(repr(key) for key in wrong)
        raise TypeError(
            f"Invalid argument(s) {names} sent to create_engine(), using configuration "
            f"{type(dialect).__name__}/{pool_class.__name__}/Engine. Please check that the "
            "keyword arguments are appropriate for this combination of components."
        )
    given = [key for key in options if options.get("pool") is not None and key in _MAKE_THE_POOL]
    if given:
        raise TypeError(
            f"Invalid argument(s) {','.join(map(repr, given))} sent to create_engine(): they make "
            "a pool, and the pool is given; set them on that one"
        )
    check_values(options)


def _accepted(pool_class: type[Pool]) -> set[str]:
    names: set[str] = set()
    for cls in pool_class.__mro__:
        initialise = vars(cls).get("__init__")
        if isinstance(initialise, FunctionType):
            code = initialise.__code__
            names.update(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    return names


def _from_text(key: str, value: Any) -> Any:
    """Convert an option that stands as text in a configuration file.

    :raises ValueError: for what is neither true nor false, or no number.
    """
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    if key in _TRUE_OR_FALSE:
        if word in ("true", "yes", "on", "y", "t", "1"):
            return True
        if word in ("false", "no", "off", "n", "f", "0"):
            return False
        if word != "debug" or not key.startswith("echo"):
            raise ValueError(f"{key} is true or false, not {value!r}")
        return word
    if key in ("pool_size", "max_overflow", "query_cache_size"):
        return int(value)
    if key in ("pool_timeout", "pool_recycle"):
        return float(value)
    return value
