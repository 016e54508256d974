"""The SQL types of the column types that a SQLite table declares."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from ormolu import types as sqltypes
from ormolu.dialects.sqlite import types
from ormolu.exc import SAWarning

if TYPE_CHECKING:
    from ormolu.types import TypeEngine

__all__ = ["type_of"]

_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "BIGINT": sqltypes.BIGINT,
    "BLOB": sqltypes.BLOB,
    "BOOL": sqltypes.BOOLEAN,
    "BOOLEAN": sqltypes.BOOLEAN,
    "CHAR": sqltypes.CHAR,
    "DATE": sqltypes.DATE,
    "DATE_CHAR": sqltypes.DATE,
    "DATETIME": sqltypes.DATETIME,
    "DATETIME_CHAR": sqltypes.DATETIME,
    "DECIMAL": sqltypes.DECIMAL,
    "DOUBLE": sqltypes.DOUBLE,
    "FLOAT": sqltypes.FLOAT,
    "INT": sqltypes.INTEGER,
    "INTEGER": sqltypes.INTEGER,
    "JSON": types.JSON,
    "JSONB": types.JSONB,
    "NCHAR": sqltypes.NCHAR,
    "NUMERIC": sqltypes.NUMERIC,
    "NVARCHAR": sqltypes.NVARCHAR,
    "REAL": sqltypes.REAL,
    "SMALLINT": sqltypes.SMALLINT,
    "TEXT": sqltypes.TEXT,
    "TIME": sqltypes.TIME,
    "TIME_CHAR": sqltypes.TIME,
    "TIMESTAMP": sqltypes.TIMESTAMP,
    "VARCHAR": sqltypes.VARCHAR,
}
_DECLARED = re.compile(r"([\w ]+)(?:\((.*?)\))?")

#: The affinity rules, in order: https://www.sqlite.org/datatype3.html#determination_of_column_affinity
_AFFINITY: tuple[tuple[tuple[str, ...], type[TypeEngine[Any]]], ...] = (
    (("INT",), sqltypes.INTEGER),
    (("CHAR", "CLOB", "TEXT"), sqltypes.TEXT),
    (("BLOB",), sqltypes.NullType),
    (("REAL", "FLOA", "DOUB"), sqltypes.REAL),
)


def type_of(declared: str) -> TypeEngine[Any]:
    """Return the SQL type of a declared column type, by name or else by SQLite's affinity."""
    match = _DECLARED.match(declared)
    name, arguments = match.groups() if match else ("", None)
    name = name.strip().upper()
    if not name:
        return sqltypes.NullType()
    cls = _TYPES.get(name)
    if cls is None:
        cls = next(
            (found for words, found in _AFFINITY if any(word in name for word in words)),
            sqltypes.NUMERIC,
        )
    if arguments is None:
        return cls()
    numbers = [int(number) for number in re.findall(r"\d+", arguments)]
    try:
        return cls(*numbers)
    except TypeError:
        warnings.warn(
            f"Could not instantiate type {cls} with reflected arguments "
            f"{[str(number) for number in numbers]}; using no arguments.",
            SAWarning,
            stacklevel=2,
        )
        return cls()
