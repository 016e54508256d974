"""Types by the names that the server writes them with.

``format_type`` gives the standard's names, with precision and length in the middle of some of them:
``timestamp(3) with time zone``, ``character varying(20)[]``. Types that users make, ENUM and
DOMAIN, are found by their number instead (``named_types``).
https://www.postgresql.org/docs/current/datatype.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ormolu import types as sqltypes
from ormolu.dialects.postgresql import hstore, json, ranges, types
from ormolu.types import TypeEngine

__all__ = ["Collation", "Written", "type_of", "written"]

_FORM = re.compile(r"([^(\[]*?) ?(?:\(([-\d,]+)\))?([^(\[]*)((?:\[\])?)")

#: The types that are known by their names alone.
_PLAIN: dict[str, type[TypeEngine[Any]]] = {
    "bigint": sqltypes.BIGINT,
    "boolean": sqltypes.BOOLEAN,
    "bytea": types.BYTEA,
    "cidr": types.CIDR,
    "date": sqltypes.DATE,
    "datemultirange": ranges.DATEMULTIRANGE,
    "daterange": ranges.DATERANGE,
    "hstore": hstore.HSTORE,
    "inet": types.INET,
    "int4multirange": ranges.INT4MULTIRANGE,
    "int4range": ranges.INT4RANGE,
    "int8multirange": ranges.INT8MULTIRANGE,
    "int8range": ranges.INT8RANGE,
    "integer": sqltypes.INTEGER,
    "json": json.JSON,
    "jsonb": json.JSONB,
    "jsonpath": json.JSONPATH,
    "macaddr": types.MACADDR,
    "macaddr8": types.MACADDR8,
    "money": types.MONEY,
    "nummultirange": ranges.NUMMULTIRANGE,
    "numrange": ranges.NUMRANGE,
    "oid": types.OID,
    "real": sqltypes.REAL,
    "regclass": types.REGCLASS,
    "regconfig": types.REGCONFIG,
    "smallint": sqltypes.SMALLINT,
    "tsmultirange": ranges.TSMULTIRANGE,
    "tsquery": types.TSQUERY,
    "tsrange": ranges.TSRANGE,
    "tstzmultirange": ranges.TSTZMULTIRANGE,
    "tstzrange": ranges.TSTZRANGE,
    "tsvector": types.TSVECTOR,
    "uuid": sqltypes.UUID,
}
#: Types of text, which may have a length and a collation.
_TEXT: dict[str, type[sqltypes.String]] = {
    '"char"': sqltypes.String,
    "character": sqltypes.CHAR,
    "character varying": sqltypes.VARCHAR,
    "citext": types.CITEXT,
    "name": sqltypes.String,
    "text": sqltypes.TEXT,
}
#: Types of time: the class, and whether with a time zone.
_TEMPORAL: dict[str, tuple[Callable[..., TypeEngine[Any]], bool]] = {
    "time": (types.TIME, False),
    "time with time zone": (types.TIME, True),
    "time without time zone": (types.TIME, False),
    "timestamp": (types.TIMESTAMP, False),
    "timestamp with time zone": (types.TIMESTAMP, True),
    "timestamp without time zone": (types.TIMESTAMP, False),
}


class Collation(NamedTuple):
    """A collation that is not its type's own; the schema is None where the search path has it."""

    name: str | None = None
    schema: str | None = None


class Written(NamedTuple):
    """A type as ``format_type`` writes it, taken apart."""

    name: str
    arguments: tuple[int, ...]
    is_array: bool


def written(text: str) -> Written:
    """Take a type's text apart: ``numeric(5,2)[]`` is ``("numeric", (5, 2), True)``."""
    found = _FORM.fullmatch(text)
    if found is None:
        return Written(text, (), False)
    name, arguments, rest, brackets = found.groups()
    numbers = tuple(map(int, arguments.split(","))) if arguments else ()
    return Written(name + rest, numbers, bool(brackets))


def type_of(name: str, arguments: tuple[int, ...], collation: Collation) -> TypeEngine[Any] | None:
    """Return the type of a name, None for one that is not known.

    :param arguments: what stands in parentheses: precision and scale, or a length.
    """
    if name in _PLAIN:
        return _PLAIN[name]()
    if name in _TEXT:
        length = arguments[0] if arguments else None
        return _TEXT[name](length, collation.name, collation.schema)
    first = arguments[0] if arguments else None
    if name in _TEMPORAL:
        cls, timezone = _TEMPORAL[name]
        return cls(timezone=timezone, precision=first)
    if name == "interval" or name.startswith("interval "):
        return types.INTERVAL(precision=first, fields=name[len("interval ") :] or None)
    if name == "numeric":
        precision, scale = arguments or (None, None)
        return sqltypes.NUMERIC(precision, scale)
    if name == "double precision":
        return sqltypes.DOUBLE_PRECISION(53)
    if name in ("bit", "bit varying"):
        return types.BIT(first, varying=name == "bit varying")
    return None
