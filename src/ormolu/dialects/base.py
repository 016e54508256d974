"""The contract of a dialect: what a database and a driver do differently.

A dialect holds no connection and does no I/O. It states its capabilities as data
(:class:`~ormolu.compiler.features.Features`), its types as a table from generic class to variant,
and
its reflection as plans that receive a ``ConnectionCore`` and yield requests. The adapter that
reaches the driver is a module of its own, loaded by name on first use.
"""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import exc
from ormolu.compiler.ddl import DDLCompiler
from ormolu.compiler.features import Features, Paramstyle
from ormolu.compiler.identifiers import RESERVED_WORDS, IdentifierPreparer
from ormolu.compiler.sql_compiler import SQLCompiler
from ormolu.compiler.types import TypeCompiler
from ormolu.dialects.errors import NOTHING_KNOWN, ErrorFacts
from ormolu.dialects.facts import DialectFacts
from ormolu.dialects.questions import DialectQuestions
from ormolu.dialects.reflection import Core, ReflectionPlans
from ormolu.dialects.twophase import TwoPhase
from ormolu.io.requests import Execute
from ormolu.sql.linting import NO_LINTING
from ormolu.types import Boolean, TypeEngine, Uuid, adapt_type
from ormolu.types.numbers import BARE

if TYPE_CHECKING:
    from ormolu.compiler.compiled import Compiled
    from ormolu.io.drivers import DriverConnection, DriverModule
    from ormolu.io.plan import Plan

__all__ = ["Core", "Dialect"]

Converter = Callable[[Any], Any]

_ERRORS: Mapping[str, type[exc.DBAPIError]] = {
    "InterfaceError": exc.InterfaceError,
    "IntegrityError": exc.IntegrityError,
    "OperationalError": exc.OperationalError,
    "ProgrammingError": exc.ProgrammingError,
    "DataError": exc.DataError,
    "InternalError": exc.InternalError,
    "NotSupportedError": exc.NotSupportedError,
    "DatabaseError": exc.DatabaseError,
}


_UNKNOWN: Any = object()
#: Types of one statement alone (user types without ``cache_ok``) must not pile up.
_TYPES_KEPT = 2000


class Dialect(DialectFacts, DialectQuestions, ReflectionPlans):
    """A database reached through one driver. Subclasses state their differences.

    ``adapter`` names the module of the driver adapter, ``install`` the extra that brings its
    driver.
    """

    name: ClassVar[str] = "default"
    driver: ClassVar[str] = "default"
    default_paramstyle: ClassVar[Paramstyle] = "named"
    #: What compilers look for; see `ormolu.sql.linting`. An engine sets its own dialect's.
    compiler_linting: int = NO_LINTING
    is_async: ClassVar[bool] = False
    #: The asynchronous driver to recommend for this database.
    async_driver: ClassVar[str | None] = None
    #: The arguments of ``create_engine`` that this dialect takes beside those of all dialects.
    engine_options: ClassVar[tuple[str, ...]] = ()
    features: Features = Features()
    adapter: ClassVar[str | None] = None
    install: ClassVar[str | None] = None
    default_schema_name: str | None = None
    #: The map under which the ORM compiles its loads (`ormolu.orm.loading.schemas`).
    schema_translate_map: Mapping[str | None, str | None] | None = None
    reserved_words: ClassVar[frozenset[str]] = RESERVED_WORDS
    compiler_class: ClassVar[type[SQLCompiler]] = SQLCompiler
    ddl_compiler_class: ClassVar[type[DDLCompiler]] = DDLCompiler
    type_compiler_class: ClassVar[type[TypeCompiler]] = TypeCompiler
    #: Generic type class -> this dialect's variant of it.
    type_map: ClassVar[Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]]] = {}
    isolation_levels: ClassVar[tuple[str, ...]] = ()
    #: The execution options of which transactions depend beside ``isolation_level``.
    transaction_options: ClassVar[tuple[str, ...]] = ()
    default_isolation_level: str | None = None
    supports_statement_cache: ClassVar[bool] = True
    #: The statements of two-phase transactions, None where there are none.
    two_phase: ClassVar[TwoPhase | None] = None
    #: The ``<name>_<argument>`` keywords of schema items: class -> argument -> default; ``"*"`` for
    #: any argument. None leaves them unchecked.
    construct_arguments: ClassVar[Sequence[tuple[type, Mapping[str, Any]]] | None] = None

    def __init__(
        self,
        *,
        paramstyle: Paramstyle | None = None,
        json_serializer: Callable[[Any], Any] | None = None,
        json_deserializer: Callable[[Any], Any] | None = None,
    ) -> None:
        self.paramstyle: Paramstyle = paramstyle or self.default_paramstyle
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer
        self.identifier_preparer = IdentifierPreparer(
            reserved_words=self.reserved_words, max_length=self.features.max_identifier_length
        )
        self.type_compiler = self.type_compiler_class(self)
        self._impls: dict[Any, TypeEngine[Any]] = {}
        self._bind_processors: dict[Any, Converter | None] = {}
        self._result_processors: dict[Any, Converter | None] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}+{self.driver}>"

    def escaped(self, text: str) -> str:
        """Return SQL text with what means more than itself in the database's strings escaped."""
        return text

    # -- types

    def type_impl(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """Return this dialect's variant of ``type_`` (``type_`` itself when there is none)."""
        key = type_._key
        impl = self._impls.get(key)
        if impl is None:
            _make_room(self._impls)
            impl = self._impls[key] = self._find_impl(type_)
        return impl

    def _find_impl(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        return self.type_descriptor(type_.variant_for(self.name))

    def type_descriptor(self, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> TypeEngine[Any]:
        """Return this dialect's form of a type; what a ``load_dialect_impl`` returns."""
        return adapt_type(type_, self.type_map)

    def bind_processor(self, type_: TypeEngine[Any]) -> Converter | None:
        """Return what converts a Python value for the driver, None when nothing need be done."""
        key = type_._key
        found: Converter | None = self._bind_processors.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            _make_room(self._bind_processors)
            found = self._bind_processors[key] = self.type_impl(type_).bind_processor(self)
        return found

    def result_processor(self, type_: TypeEngine[Any]) -> Converter | None:
        """Return what converts a driver's value (or None) to Python, None when nothing need be."""
        key = type_._key
        found: Converter | None = self._result_processors.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            _make_room(self._result_processors)
            impl = self.type_impl(type_)
            found = self._result_processors[key] = impl.result_processor(self, None)
        return found

    def result_converter(self, type_: TypeEngine[Any]) -> tuple[Converter | None, bool]:
        """Return ``(converter, none_safe)`` for generated code.

        ``none_safe`` false means that the caller must keep None away from it
        (``None if x is None else f(x)``): then the converter is the bare function, often one of C.
        """
        impl = self.type_impl(type_)
        own: Converter | None = getattr(impl, "fast_result", None)
        if own is not None:
            return own, False
        method = type(impl).result_processor
        if method is Boolean.result_processor and not self.features.native_boolean:
            return bool, False
        if isinstance(impl, Uuid) and method is Uuid.result_processor and impl.as_uuid:
            return (
                (self.result_processor(type_), True)
                if self.features.native_uuid
                else (impl.python_type, False)
            )
        found = self.result_processor(type_)
        bare = BARE.get(found)
        return (found, True) if bare is None else (bare, False)

    @property
    def supports_native_boolean(self) -> bool:
        """Whether the database has booleans."""
        return self.features.native_boolean

    @property
    def supports_native_decimal(self) -> bool:
        """Whether the driver takes and gives ``Decimal``."""
        return self.features.native_decimal

    @property
    def supports_native_uuid(self) -> bool:
        """Whether the driver takes and gives ``uuid.UUID``."""
        return self.features.native_uuid

    @property
    def supports_native_enum(self) -> bool:
        """Whether the database has enumerated types."""
        return self.features.native_enum

    # -- driver

    @classmethod
    def async_dialect(cls) -> type[Dialect]:
        """Return the dialect that ``create_async_engine`` takes for a URL that names this one."""
        return cls

    def load_driver(self) -> DriverModule:
        """Import the adapter and return its ``DRIVER``.

        :raises ModuleNotFoundError: when the driver is not installed, naming what to install.
        """
        if self.adapter is None:
            raise exc.InvalidRequestError(
                f"the {self.name!r} dialect only compiles SQL: it has no driver to connect with"
            )
        try:
            driver: DriverModule = importlib.import_module(self.adapter).DRIVER
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("ormolu"):
                raise
            raise ModuleNotFoundError(
                f"No module named {error.name!r}: the driver of {self.name}+{self.driver} is not "
                f'installed. Install it with: pip install "ormolu[{self.install}]"',
                name=error.name,
            ) from error
        return driver

    def connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Return the positional and keyword arguments of the driver's ``connect`` for a URL."""
        options = dict(url.query)
        for name in ("host", "port", "database", "password"):
            value = getattr(url, name)
            if value is not None:
                options[name] = value
        if url.username is not None:
            options["user"] = url.username
        return (), options

    def on_connect(self) -> tuple[str, ...]:
        """Return the statements that prepare a fresh connection."""
        return ()

    def prepare_plan(self, driver: DriverConnection) -> Plan[None]:
        """Make a fresh connection ready for its first user: run the ``on_connect`` statements."""
        for sql in self.on_connect():
            yield Execute(driver, sql, ())

    def initialize_plan(self, driver: DriverConnection) -> Plan[None]:
        """Learn about the server what statements depend on; run on an engine's first connection.

        It comes after ``prepare_plan`` and before the pool's ``first_connect`` listeners.
        """
        yield from ()

    def translate_error(self, error: BaseException) -> type[exc.DBAPIError]:
        """Return the class of ours that stands for a driver's exception (by PEP 249 name)."""
        for cls in type(error).__mro__:
            found = _ERRORS.get(cls.__name__)
            if found is not None:
                return found
        return exc.DBAPIError

    def describe_error(self, error: BaseException) -> ErrorFacts:
        """Return what a driver's exception says: SQLSTATE, number, violated constraint."""
        return NOTHING_KNOWN

    def is_disconnect(
        self, error: BaseException, connection: Any = None, cursor: Any = None
    ) -> bool:
        """Say whether ``error`` means that the connection is gone."""
        return False

    def array_insert(self, compiled: Compiled, sort_at: int | None) -> Any:
        """Return the form of an INSERT of many rows that takes an array per column.

        It has the methods of the engine's ``MultiRow``; None where there is no such form.

        :param sort_at: where a generated key stands among the returned columns.
        """
        return None

    def key_array(self, type_: TypeEngine[Any]) -> TypeEngine[Any] | None:
        """Return the type of an array of keys, to be sent for ``key = ANY (array)``.

        None where loaders of relationships are to ask by ``key IN (…)``.
        """
        return None

    def table_order(self, tables: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
        """Return pairs of tables, the first of which must be there before the second.

        Besides what foreign keys say, and for the tables given.
        """
        return ()

    # -- transactions

    def create_xid(self) -> str:
        """Return a random identifier of a two-phase transaction."""
        return f"_ormolu_{uuid.uuid4().hex}"

    def begin_mode(self, isolation_level: str | None) -> str:
        """Return what follows ``BEGIN`` for an isolation level."""
        return ""

    def transaction_mode(self, isolation_level: str | None, options: Mapping[str, Any]) -> str:
        """Return what follows ``BEGIN`` for an isolation level and the execution options."""
        return self.begin_mode(isolation_level)

    def check_isolation_level(self, level: str) -> str:
        """Return the level as this dialect spells it.

        :raises ArgumentError: for a level that the database doesn't have.
        """
        wanted = level.upper().replace("_", " ")
        if wanted not in self.isolation_levels:
            raise exc.ArgumentError(
                f"Invalid value {level!r} for isolation_level. Valid isolation levels for "
                f"{self.name!r} are {', '.join(self.isolation_levels) or 'none'}"
            )
        return wanted


def _make_room(found: dict[Any, Any]) -> None:
    """Empty a memory of types that is full; what is still in use is soon found again."""
    if len(found) >= _TYPES_KEPT:
        found.clear()
