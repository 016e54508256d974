"""The dialect of asyncpg. https://magicstack.github.io/asyncpg/current/

asyncpg asks the server for the type of every bind and encodes values for it, so nearly every bind
is cast. It has classes of its own for ranges and bit strings, which are made here.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import types as sqltypes
from ormolu.compiler.features import Features, Paramstyle
from ormolu.dialects.postgresql.asyncpg_arrays import numbered_array_insert_of
from ormolu.dialects.postgresql.bitstring import BitString
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
from ormolu.dialects.postgresql.connecting import hosts_and_ports
from ormolu.dialects.postgresql.dialect import VARIANTS, PostgreSQLDialect
from ormolu.dialects.postgresql.json import JSONPATH
from ormolu.dialects.postgresql.named_types import ENUM
from ormolu.dialects.postgresql.range_values import Range
from ormolu.dialects.postgresql.types import (
    BIT,
    BYTEA,
    CITEXT,
    INTERVAL,
    OID,
    REGCLASS,
    REGCONFIG,
)
from ormolu.exc import ArgumentError
from ormolu.io.requests import RunHook
from ormolu.types import TypeEngine
from ormolu.types.json import JSONIntIndexType, JSONPathType, JSONStrIndexType

if TYPE_CHECKING:
    from ormolu.compiler.compiled import Compiled
    from ormolu.io.drivers import DriverConnection
    from ormolu.io.plan import Plan

__all__ = ["AsyncpgDialect", "dialect"]

Processor = Callable[[Any], Any]


def _driver() -> Any:
    return importlib.import_module("asyncpg")


class _Char(sqltypes.CHAR):
    render_bind_cast = True


class _Oid(OID):
    render_bind_cast = True


class _RegClass(REGCLASS):
    render_bind_cast = True


class _JSONPath(JSONPATH):
    """A path as asyncpg takes an array of text: a list of strings."""

    def bind_processor(self, dialect: Any) -> Processor | None:
        return lambda value: value if value is None or isinstance(value, str) else _words(value)


def _words(path: Any) -> list[str]:
    return [str(part) for part in path]


class _Interval(INTERVAL):
    render_bind_cast = True


class _Date(sqltypes.Date):
    render_bind_cast = True


class _DateTime(sqltypes.DateTime):
    render_bind_cast = True


class _Boolean(sqltypes.Boolean):
    render_bind_cast = True


class _Numeric(sqltypes.Numeric):
    render_bind_cast = True


class _Float(sqltypes.Float):
    render_bind_cast = True


class _Bytea(BYTEA):
    render_bind_cast = True


class _Enum(ENUM):
    render_bind_cast = True


class _Bit(BIT):
    """A bit string as asyncpg's ``BitString``."""

    def bind_processor(self, dialect: Any) -> Processor | None:
        return lambda value: None if value is None else _driver().BitString(str(BitString(value)))

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return lambda value: None if value is None else _bit_string(value)


def _bit_string(value: Any) -> BitString:
    """The digits that asyncpg writes in groups."""
    return BitString(value.as_string().replace(" ", ""))


def _to_driver(value: Any) -> Any:
    """A range or a sequence of ranges with the driver's class; anything else as it is."""
    if isinstance(value, (list, tuple)):
        return [_to_driver(each) for each in value]
    if not isinstance(value, Range):
        return value
    return _driver().Range(
        value.lower,
        value.upper,
        lower_inc=value.lower_inc,
        upper_inc=value.upper_inc,
        empty=value.empty,
    )


_PORT = 5432
#: Arguments of ``asyncpg.connect`` that are no text, with their types.
_OPTIONS: Mapping[str, type] = {
    "timeout": float,
    "command_timeout": float,
    "statement_cache_size": int,
    "max_cached_statement_lifetime": int,
    "max_cacheable_statement_size": int,
    "prepared_statement_cache_size": int,
}


async def _decode_text_types(raw: Any, decoders: Mapping[str, Callable[[str], Any]]) -> None:
    """Have values of types that come as text made into Python objects; they go out as text.

    No I/O: asyncpg knows built-in types by name.
    """
    for name, decoder in decoders.items():
        await raw.set_type_codec(
            name, encoder=str, decoder=decoder, schema="pg_catalog", format="text"
        )


class AsyncpgDialect(PostgreSQLDialect):
    """PostgreSQL through asyncpg."""

    driver = "asyncpg"
    is_async = True
    adapter = "ormolu.dialects.postgresql.asyncpg_driver"
    install: ClassVar[str] = "postgresql-asyncpg"
    default_paramstyle: ClassVar[Paramstyle] = "numeric_dollar"
    range_to_driver = staticmethod(_to_driver)
    type_map: ClassVar[Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]]] = {
        **VARIANTS,
        sqltypes.String: CastString,
        sqltypes.CHAR: _Char,
        CITEXT: CITEXT,
        REGCONFIG: CastRegConfig,
        OID: _Oid,
        REGCLASS: _RegClass,
        JSONIntIndexType: CastJSONIntIndex,
        JSONStrIndexType: CastJSONStrIndex,
        JSONPathType: _JSONPath,
        sqltypes.Interval: _Interval,
        INTERVAL: _Interval,
        sqltypes.Date: _Date,
        sqltypes.DateTime: _DateTime,
        sqltypes.Time: CastTime,
        sqltypes.Boolean: _Boolean,
        sqltypes.Integer: CastInteger,
        sqltypes.SmallInteger: CastSmallInteger,
        sqltypes.BigInteger: CastBigInteger,
        sqltypes.Numeric: _Numeric,
        sqltypes.Float: _Float,
        sqltypes.LargeBinary: _Bytea,
        sqltypes.Enum: _Enum,
        BIT: _Bit,
    }
    features = Features(
        **{
            **vars(PostgreSQLDialect.features),
            "max_binds": 32767,  # asyncpg counts them in 15 bits
        }
    )

    def connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Return the arguments of ``asyncpg.connect`` for a URL.

        Several servers, to be tried in turn: ``?host=one:5432&host=two:5433``.

        :raises ArgumentError: for an option whose value is not of its type, or hosts and ports that
            don't belong together.
        """
        options: dict[str, Any] = {
            key: value for key, value in url.query.items() if key not in ("host", "port")
        }
        for name, key in (("database", "database"), ("username", "user"), ("password", "password")):
            value = getattr(url, name)
            if value is not None:
                options[key] = value
        hosts, ports = hosts_and_ports(url)
        if hosts:
            options["host"] = hosts if len(hosts) > 1 else hosts[0]
        if any(ports):
            numbers = [int(port or _PORT) for port in ports]
            options["port"] = numbers if len(numbers) > 1 else numbers[0]
        for name in _OPTIONS.keys() & options.keys():
            options[name] = _converted(name, options[name])
        return (), options

    def prepare_plan(self, driver: DriverConnection) -> Plan[None]:
        """Teach a fresh connection JSON, and INET where it is wanted as text."""
        yield from super().prepare_plan(driver)
        reads_json = self._json_deserializer or json.loads
        decoders: dict[str, Callable[[str], Any]] = {"json": reads_json, "jsonb": reads_json}
        if self.native_inet_types is False:
            decoders |= {"inet": str, "cidr": str}
        yield RunHook(_decode_text_types, (driver.raw, decoders))

    def array_insert(self, compiled: Compiled, sort_at: int | None) -> Any:
        numbered = self.paramstyle == "numeric_dollar"
        return numbered_array_insert_of(compiled, sort_at) if numbered else None

    def is_disconnect(
        self, error: BaseException, connection: Any = None, cursor: Any = None
    ) -> bool:
        return bool(getattr(error, "disconnected", False))


def _converted(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    kind = _OPTIONS[name]
    try:
        return kind(value)
    except ValueError:
        raise ArgumentError(
            f"{name}={value!r} in the URL is not a number ({kind.__name__})"
        ) from None


dialect = AsyncpgDialect
