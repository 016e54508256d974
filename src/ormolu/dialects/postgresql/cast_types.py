"""Types whose binds are cast with every driver: where the server's guess may be wrong."""

from __future__ import annotations

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.types import REGCONFIG
from ormolu.types.json import JSONIntIndexType, JSONStrIndexType


class CastString(sqltypes.String):
    render_bind_cast = True


class CastRegConfig(REGCONFIG):
    render_bind_cast = True


class CastJSONIntIndex(JSONIntIndexType):
    render_bind_cast = True


class CastJSONStrIndex(JSONStrIndexType):
    render_bind_cast = True


class CastTime(sqltypes.Time):
    render_bind_cast = True


class CastInteger(sqltypes.Integer):
    render_bind_cast = True


class CastSmallInteger(sqltypes.SmallInteger):
    render_bind_cast = True


class CastBigInteger(sqltypes.BigInteger):
    render_bind_cast = True
