"""SQLite's types, and which of them stands for which generic one.

https://www.sqlite.org/datatype3.html. Numerics are kept as SQLite's REAL and come back as
``Decimal`` of the declared scale; dates and times are in ``temporal.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ormolu import types as sqltypes
from ormolu.sql.functions import func
from ormolu.types import TypeEngine
from ormolu.types.json import JSONIndexType, JSONPathType

from .temporal import DATE, DATETIME, TIME

__all__ = ["DATE", "DATETIME", "JSON", "JSONB", "TIME", "VARIANTS"]

Converter = Callable[[Any], Any]


class JSON(sqltypes.JSON):
    """A document as JSON text, read by SQLite's JSON functions."""

    def result_processor(self, dialect: Any, coltype: Any = None) -> Converter:
        # A column declared JSON has NUMERIC affinity: the text of a number is stored as a number.
        # https://www.sqlite.org/datatype3.html#determination_of_column_affinity
        read: Any = super().result_processor(dialect, coltype)
        return lambda value: read(value if isinstance(value, str) else _json_text(value))


class JSONB(JSON):
    """A document in SQLite's binary form, since SQLite 3.45; the values are those of ``JSON``.

    https://www.sqlite.org/jsonb.html
    """

    __visit_name__ = "JSONB"

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.jsonb(bindvalue, type_=self)

    def column_expression(self, colexpr: Any) -> Any:
        return func.json(colexpr, type_=self)


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
#: Those of a driver that converts what is declared DATE or TIMESTAMP itself.
NATIVE_DATES: Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]] = {
    **{generic: own for generic, own in VARIANTS.items() if own is not DATE},
    sqltypes.TIMESTAMP: sqltypes.TIMESTAMP,
}
