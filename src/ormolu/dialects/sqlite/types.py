"""SQLite's types: what it has no type for is text in ISO 8601, which sorts and compares rightly.

https://www.sqlite.org/datatype3.html. Dates and times are written with all their parts, as
SQLAlchemy writes them (``2020-01-02 03:04:05.000000``), and read by C functions. Numerics are
kept as
SQLite's REAL and come back as ``Decimal`` of the declared scale.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ormolu import types as sqltypes
from ormolu.types import TypeEngine
from ormolu.types.json import JSONIndexType, JSONPathType

__all__ = ["DATE", "DATETIME", "JSON", "TIME", "VARIANTS"]

Converter = Callable[[Any], Any]


def _datetime_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, dt.date):
        return f"{value.isoformat()} 00:00:00.000000"
    raise TypeError("SQLite DateTime type only accepts Python datetime and date objects as input.")


def _date_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError("SQLite Date type only accepts Python date objects as input.")


def _time_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.time):
        return value.replace(tzinfo=None).isoformat("microseconds")
    raise TypeError("SQLite Time type only accepts Python time objects as input.")


class _IsoText:
    """A type kept as ISO text: ``write`` makes the text, ``fast_result`` reads it (never None)."""

    write: ClassVar[Any]
    fast_result: ClassVar[Any]

    def bind_processor(self, dialect: Any) -> Converter:
        write: Converter = type(self).write
        return write

    def result_processor(self, dialect: Any, coltype: Any = None) -> Converter:
        read: Converter = type(self).fast_result
        return lambda value: None if value is None else read(value)

    def literal_processor(self, dialect: Any) -> Converter:
        write: Converter = type(self).write
        return lambda value: f"'{write(value)}'"


class DATETIME(_IsoText, sqltypes.DateTime):
    """``datetime.datetime`` as ``2020-01-02 03:04:05.000000``; a time zone is dropped."""

    __visit_name__ = "DATETIME"
    write = staticmethod(_datetime_text)
    fast_result = dt.datetime.fromisoformat


class DATE(_IsoText, sqltypes.Date):
    """``datetime.date`` as ``2020-01-02``."""

    __visit_name__ = "DATE"
    write = staticmethod(_date_text)
    fast_result = dt.date.fromisoformat


class TIME(_IsoText, sqltypes.Time):
    """``datetime.time`` as ``03:04:05.000000``."""

    __visit_name__ = "TIME"
    write = staticmethod(_time_text)
    fast_result = dt.time.fromisoformat


class JSON(sqltypes.JSON):
    """A document as JSON text, read by SQLite's JSON functions."""

    def result_processor(self, dialect: Any, coltype: Any = None) -> Converter:
        # A column declared JSON has NUMERIC affinity: the text of a number is stored as a number.
        # https://www.sqlite.org/datatype3.html#determination_of_column_affinity
        read: Any = super().result_processor(dialect, coltype)
        return lambda value: read(value if isinstance(value, str) else _json_text(value))


def _json_text(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _path_part(index: Any) -> str:
    return f"[{index}]" if isinstance(index, int) else f'."{index}"'


class _JSONPath:
    """An index into a document, as a path: https://www.sqlite.org/json1.html#path_arguments"""

    def bind_processor(self, dialect: Any) -> Converter:
        return lambda value: "$" + "".join(map(_path_part, _parts(value)))

    def literal_processor(self, dialect: Any) -> Converter:
        bind = self.bind_processor(dialect)
        return lambda value: "'" + bind(value).replace("'", "''") + "'"


def _parts(value: Any) -> tuple[Any, ...]:
    return (value,) if isinstance(value, (int, str)) else tuple(value)


class JSONIndex(_JSONPath, JSONIndexType):
    """One index."""


class JSONPath(_JSONPath, JSONPathType):
    """Several indexes, one inside the other."""


#: Generic type -> the class that SQLite uses for its values.
VARIANTS: Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]] = {
    sqltypes.DateTime: DATETIME,
    sqltypes.Date: DATE,
    sqltypes.Time: TIME,
    sqltypes.JSON: JSON,
    JSONPathType: JSONPath,
    JSONIndexType: JSONIndex,
}
