"""The dialects of psycopg 3. https://www.psycopg.org/psycopg3/docs/

psycopg sends most values without a type and lets the server guess; strings, integers, dates and
times are cast, because there a guess may be wrong. It makes JSON into Python objects itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ormolu import types as sqltypes
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
from ormolu.dialects.postgresql.dialect import VARIANTS, PostgreSQLDialect
from ormolu.dialects.postgresql.types import CITEXT, INTERVAL, REGCONFIG
from ormolu.types import TypeEngine
from ormolu.types.json import JSONIntIndexType, JSONStrIndexType

__all__ = ["AsyncPsycopgDialect", "PsycopgDialect", "dialect", "dialect_async"]


class _Interval(INTERVAL):
    render_bind_cast = True


class _Date(sqltypes.Date):
    render_bind_cast = True


class _DateTime(sqltypes.DateTime):
    render_bind_cast = True


class PsycopgDialect(PostgreSQLDialect):
    """PostgreSQL through psycopg 3."""

    driver = "psycopg"
    type_map: ClassVar[Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]]] = {
        **VARIANTS,
        sqltypes.String: CastString,
        CITEXT: CITEXT,
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


class AsyncPsycopgDialect(PsycopgDialect):
    """PostgreSQL through psycopg 3's ``AsyncConnection``."""

    is_async = True


dialect = PsycopgDialect
dialect_async = AsyncPsycopgDialect
