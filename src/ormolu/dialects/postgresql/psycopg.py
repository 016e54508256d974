"""The dialects of psycopg 3. https://www.psycopg.org/psycopg3/docs/

psycopg sends most values without a type and lets the server guess; strings, integers, dates and
times are cast, because there a guess may be wrong. It makes JSON into Python objects itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.dialect import VARIANTS, PostgreSQLDialect
from ormolu.dialects.postgresql.types import CITEXT, INTERVAL, REGCONFIG
from ormolu.types import TypeEngine
from ormolu.types.json import JSONIntIndexType, JSONStrIndexType

__all__ = ["AsyncPsycopgDialect", "PsycopgDialect", "dialect", "dialect_async"]


class _String(sqltypes.String):
    render_bind_cast = True


class _RegConfig(REGCONFIG):
    render_bind_cast = True


class _JSONIntIndex(JSONIntIndexType):
    render_bind_cast = True


class _JSONStrIndex(JSONStrIndexType):
    render_bind_cast = True


class _Interval(INTERVAL):
    render_bind_cast = True


class _Date(sqltypes.Date):
    render_bind_cast = True


class _DateTime(sqltypes.DateTime):
    render_bind_cast = True


class _Time(sqltypes.Time):
    render_bind_cast = True


class _Integer(sqltypes.Integer):
    render_bind_cast = True


class _SmallInteger(sqltypes.SmallInteger):
    render_bind_cast = True


class _BigInteger(sqltypes.BigInteger):
    render_bind_cast = True


class PsycopgDialect(PostgreSQLDialect):
    """PostgreSQL through psycopg 3."""

    driver = "psycopg"
    type_map: ClassVar[Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]]] = {
        **VARIANTS,
        sqltypes.String: _String,
        CITEXT: CITEXT,
        REGCONFIG: _RegConfig,
        JSONIntIndexType: _JSONIntIndex,
        JSONStrIndexType: _JSONStrIndex,
        INTERVAL: _Interval,
        sqltypes.Date: _Date,
        sqltypes.DateTime: _DateTime,
        sqltypes.Time: _Time,
        sqltypes.Integer: _Integer,
        sqltypes.SmallInteger: _SmallInteger,
        sqltypes.BigInteger: _BigInteger,
    }


class AsyncPsycopgDialect(PsycopgDialect):
    """PostgreSQL through psycopg 3's ``AsyncConnection``."""

    is_async = True


dialect = PsycopgDialect
dialect_async = AsyncPsycopgDialect
