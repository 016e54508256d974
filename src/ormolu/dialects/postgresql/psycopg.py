"""The dialects of psycopg 3. https://www.psycopg.org/psycopg3/docs/

psycopg sends most values without a type and lets the server guess; strings, integers, dates and
times are cast, because there a guess may be wrong. It makes JSON into Python objects itself, with
the engine's ``json_deserializer`` if there is one, and so it does with HSTORE, once it knows under
which number the database has that type.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import types as sqltypes
from ormolu.compiler.features import Features
from ormolu.dialects.base import Dialect
from ormolu.dialects.postgresql.array_insert import ArrayInsert, array_insert_of
from ormolu.dialects.postgresql.cast_types import (
    CastBigInteger,
    CastInteger,
    CastJSONIntIndex,
    CastJSONStrIndex,
    CastRegConfig,
    CastSmallInteger,
    CastString,
    CastTime,
)
from ormolu.dialects.postgresql.connecting import libpq_arguments
from ormolu.dialects.postgresql.dialect import VARIANTS, PostgreSQLDialect
from ormolu.dialects.postgresql.hstore import HSTORE, read_hstore
from ormolu.dialects.postgresql.types import CITEXT, INTERVAL, REGCONFIG
from ormolu.io.requests import FetchAll
from ormolu.types import TypeEngine
from ormolu.types.json import JSONIntIndexType, JSONStrIndexType

if TYPE_CHECKING:
    from ormolu.compiler.compiled import Compiled
    from ormolu.io.drivers import DriverConnection
    from ormolu.io.plan import Plan

__all__ = ["AsyncPsycopgDialect", "PsycopgDialect", "dialect", "dialect_async"]

Processor = Callable[[Any], Any]

_NOTICES = logging.getLogger("ormolu.dialects.postgresql")
_HSTORE = """\
SELECT t.oid, t.typarray FROM pg_catalog.pg_type AS t \
WHERE t.typname = 'hstore' AND pg_catalog.pg_type_is_visible(t.oid)"""
# What libpq and psycopg say when they meet a connection that has ended.
_GONE = ("the connection is closed", "the connection is lost", "server closed the connection")
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions, shutdowns,
# and the timeouts that end a session.
_ENDED = ("08", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04")


class _Interval(INTERVAL):
    render_bind_cast = True


class _Date(sqltypes.Date):
    render_bind_cast = True


class _DateTime(sqltypes.DateTime):
    render_bind_cast = True


class _HStore(HSTORE):
    """HSTORE as psycopg gives it: a dictionary, or text where the type was made too late."""

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return lambda value: read_hstore(value) if isinstance(value, str) else value


class PsycopgDialect(PostgreSQLDialect):
    """PostgreSQL through psycopg 3.

    :param use_native_hstore: whether HSTORE comes as dictionaries also from statements that don't
        say what their columns are.
    :param client_encoding: the encoding of connections, instead of the server's usual one.
    """

    driver = "psycopg"
    features = Features(**{**vars(PostgreSQLDialect.features), "pipelines": True})
    engine_options = (*PostgreSQLDialect.engine_options, "client_encoding", "use_native_hstore")
    adapter: ClassVar[str | None] = "ormolu.dialects.postgresql.psycopg_driver"
    arrays_as_text = True
    #: psycopg sends a string to a BYTEA, which the server reads by the rules of its literals.
    wants_bytes: ClassVar[bool] = True
    type_map: ClassVar[Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]]] = {
        **VARIANTS,
        sqltypes.String: CastString,
        CITEXT: CITEXT,
        HSTORE: _HStore,
        REGCONFIG: CastRegConfig,
        JSONIntIndexType: CastJSONIntIndex,
        JSONStrIndexType: CastJSONStrIndex,
        INTERVAL: _Interval,
        sqltypes.Date: _Date,
        sqltypes.DateTime: _DateTime,
        sqltypes.Time: CastTime,
        sqltypes.Integer: CastInteger,
        sqltypes.SmallInteger: CastSmallInteger,
        sqltypes.BigInteger: CastBigInteger,
    }
    #: The numbers of ``hstore`` and ``hstore[]`` in this database, None where there is none.
    _hstore: tuple[int, int] | None = None

    def __init__(
        self,
        *,
        use_native_hstore: bool = True,
        client_encoding: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._use_native_hstore = use_native_hstore
        self._client_encoding = client_encoding

    @classmethod
    def async_dialect(cls) -> type[Dialect]:
        return AsyncPsycopgDialect

    def connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        arguments = libpq_arguments(url)
        if self._client_encoding is not None:
            arguments["client_encoding"] = self._client_encoding
        return (), arguments

    def prepare_plan(self, driver: DriverConnection) -> Plan[None]:
        yield from super().prepare_plan(driver)
        raw = driver.raw
        raw.add_notice_handler(_log_notice)
        if self._json_deserializer is not None:
            json = importlib.import_module("psycopg.types.json")
            json.set_json_loads(self._json_deserializer, context=raw)
        if self.native_inet_types is False:
            text = importlib.import_module("psycopg.types.string").TextLoader
            raw.adapters.register_loader("inet", text)
            raw.adapters.register_loader("cidr", text)
        self._adapt_hstore(raw)

    def initialize_plan(self, driver: DriverConnection) -> Plan[None]:
        yield from super().initialize_plan(driver)
        rows = yield FetchAll(driver, _HSTORE, ())
        if rows and self._use_native_hstore:
            self._hstore = rows[0]
            self._adapt_hstore(driver.raw)

    def _adapt_hstore(self, raw: Any) -> None:
        if self._hstore is not None:
            oid, array_oid = self._hstore
            info = importlib.import_module("psycopg.types").TypeInfo("hstore", oid, array_oid)
            importlib.import_module("psycopg.types.hstore").register_hstore(info, raw)

    def array_insert(self, compiled: Compiled, sort_at: int | None) -> ArrayInsert | None:
        return array_insert_of(compiled, sort_at) if self.paramstyle == "pyformat" else None

    def is_disconnect(
        self, error: BaseException, connection: Any = None, cursor: Any = None
    ) -> bool:
        if connection is not None and connection.closed:
            return True
        state = getattr(error, "sqlstate", None)
        if state is not None:
            return str(state).startswith(_ENDED)
        message = str(error)
        return any(words in message for words in _GONE)


def _log_notice(diagnostic: Any) -> None:
    """Log what the server wants to be known beside the results."""
    _NOTICES.info("%s: %s", diagnostic.severity, diagnostic.message_primary)


class AsyncPsycopgDialect(PsycopgDialect):
    """PostgreSQL through psycopg 3's ``AsyncConnection``."""

    is_async = True
    adapter = "ormolu.dialects.postgresql.psycopg_async_driver"


dialect = PsycopgDialect
dialect_async = AsyncPsycopgDialect
