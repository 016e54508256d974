"""The keyword arguments of ``create_engine``: their types, their values, and what the dialect gets.

Nothing is accepted without effect: what ormolu can't do is refused, with what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, get_args

from ..compiler.features import Features, Paramstyle
from ..exc import ArgumentError
from ..pool.base import Pool
from ..sql.linting import FROM_LINTING, NO_LINTING
from .plugins import CreateEnginePlugin


class EngineOptions(TypedDict, total=False):
    """The keyword arguments of ``create_engine``."""

    async_creator: Any
    client_encoding: str
    connect_args: Mapping[str, Any]
    creator: Any
    echo: bool | str | None
    echo_pool: bool | str | None
    enable_from_linting: bool
    execution_options: Mapping[str, Any]
    future: bool
    hide_parameters: bool
    insertmanyvalues_page_size: int
    isolation_level: str
    json_deserializer: Any
    json_serializer: Any
    label_length: int | None
    logging_name: str
    max_identifier_length: int | None
    max_overflow: int
    module: Any
    native_datetime: bool
    native_inet_types: bool
    paramstyle: str | None
    pool: Pool | None
    poolclass: type[Pool] | None
    pool_events: Sequence[tuple[Callable[..., Any], str]] | None
    pool_logging_name: str
    pool_pre_ping: bool
    pool_recycle: float
    pool_reset_on_return: bool | str | None
    pool_size: int
    pool_timeout: float
    pool_use_lifo: bool
    plugins: list[str]
    query_cache_size: int
    skip_autocommit_rollback: bool
    use_insertmanyvalues: bool
    use_native_hstore: bool


_DIALECT_OPTIONS = ("paramstyle", "json_serializer", "json_deserializer")
#: Those that only some dialects have, which name them in ``Dialect.engine_options``.
SPECIAL_OPTIONS = frozenset(
    {"client_encoding", "native_datetime", "native_inet_types", "use_native_hstore"}
)
_FUNCTIONS = ("creator", "async_creator", "json_serializer", "json_deserializer")
_COUNTS = ("insertmanyvalues_page_size", "label_length", "max_identifier_length")


def make_dialect(
    dialect_class: Any, options: Mapping[str, Any], made: Sequence[CreateEnginePlugin] = ()
) -> Any:
    """Return the dialect of an engine.

    :raises ArgumentError: for a length of labels that the database doesn't allow.
    """
    names = (*_DIALECT_OPTIONS, *dialect_class.engine_options)
    given = {key: options[key] for key in names if options.get(key) is not None}
    for plugin in made:
        plugin.handle_dialect_kwargs(dialect_class, given)
    if given.get("paramstyle", "qmark") not in get_args(Paramstyle):
        raise ArgumentError(
            f"paramstyle {given['paramstyle']!r} is not one of {', '.join(get_args(Paramstyle))}"
        )
    dialect = dialect_class(**given)
    linted = options.get("enable_from_linting", True)
    dialect.compiler_linting = FROM_LINTING if linted else NO_LINTING
    longest = options.get("max_identifier_length") or dialect.features.max_identifier_length
    label = options.get("label_length") or longest
    if label > longest:
        raise ArgumentError(
            f"Label length of {label} is greater than this dialect's maximum identifier length of "
            f"{longest}"
        )
    dialect.identifier_preparer.max_length = longest
    # For whoever asks the dialect; the compiler asks its features, the engine its own core.
    dialect.label_length, dialect.max_identifier_length = options.get("label_length"), longest
    for name in ("use_insertmanyvalues", "insertmanyvalues_page_size"):
        if name in options:
            setattr(dialect, name, options[name])
    if label != dialect.features.max_identifier_length:
        # What the compiler shortens to it are labels alone; the preparer guards the other names.
        dialect.features = Features(**{**vars(dialect.features), "max_identifier_length": label})
    return dialect


def check_values(options: Mapping[str, Any]) -> None:
    """Refuse values that have no meaning, or that ormolu can't give one.

    :raises ArgumentError: naming the option and what to write instead.
    """
    for name in _FUNCTIONS:
        if options.get(name) is not None and not callable(options[name]):
            raise ArgumentError(f"{name} must be a function, not {options[name]!r}")
    for name in _COUNTS:
        value = options.get(name)
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ArgumentError(f"{name} must be a positive number, not {value!r}")
    if options.get("query_cache_size", 0) < 0:
        raise ArgumentError("query_cache_size can't be negative; 0 turns the cache off")
    if options.get("creator") is not None and options.get("connect_args"):
        raise ArgumentError(
            "connect_args would have no effect: the creator opens the connections; pass them there"
        )
    if options.get("future", True) is not True:
        raise ArgumentError(
            "The 'future' parameter passed to create_engine() may only be set to True."
        )
