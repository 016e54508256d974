"""The SQL type of a Python value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from .binary import LargeBinary
from .boolean import BOOLEANTYPE
from .null import NULLTYPE
from .numbers import INTEGERTYPE, BigInteger, Double, Numeric
from .temporal import Date, DateTime, Interval, Time
from .text import String, Unicode
from .type_api import TypeEngine, register_resolver
from .uuid import Uuid, is_uuid

STRINGTYPE = String()
_UNICODE = Unicode()
_BIG = BigInteger()
_UUIDTYPE = Uuid()
_DATETIME, _TIME = DateTime(), Time()
_ZONED_DATETIME, _ZONED_TIME = DateTime(timezone=True), Time(timezone=True)

_TYPE_OF: dict[type[Any], TypeEngine[Any]] = {
    str: STRINGTYPE,
    int: INTEGERTYPE,
    bool: BOOLEANTYPE,
    float: Double(),
    Decimal: Numeric(),
    bytes: LargeBinary(),
    bytearray: LargeBinary(),
    memoryview: LargeBinary(),
    dt.datetime: _DATETIME,
    dt.date: Date(),
    dt.time: _TIME,
    dt.timedelta: Interval(),
    type(None): NULLTYPE,
}


def resolve(value: Any) -> TypeEngine[Any]:
    """The type of a Python value by its exact class; `NULLTYPE` for a class with none.

    An ``int`` of more than 32 bits is a ``BigInteger``, text beyond ASCII is ``Unicode``, and what
    knows its time zone has a type that does.
    """
    found = _TYPE_OF.get(type(value))
    if found is INTEGERTYPE and not -0x80000000 <= value <= 0x7FFFFFFF:
        return _BIG
    if found is STRINGTYPE and not value.isascii():
        return _UNICODE
    if (found is _DATETIME or found is _TIME) and value.tzinfo is not None:
        return _ZONED_DATETIME if found is _DATETIME else _ZONED_TIME
    if found is None:
        if is_uuid(type(value)):
            return _UUIDTYPE
        return getattr(value, "__sa_type_engine__", NULLTYPE)  # a value that knows its type
    return found


register_resolver(resolve)
