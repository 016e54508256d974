"""The SQL standard's names: each is rendered in DDL exactly as it is written here."""

from __future__ import annotations

from .binary import LargeBinary, _Binary
from .boolean import Boolean
from .numbers import BigInteger, Double, Float, Integer, Numeric, SmallInteger
from .temporal import Date, DateTime, Time
from .text import String, Text, Unicode
from .uuid import Uuid


class INTEGER(Integer):
    """``INTEGER``"""

    __visit_name__ = "INTEGER"


INT = INTEGER


class SMALLINT(SmallInteger):
    """``SMALLINT``"""

    __visit_name__ = "SMALLINT"


class BIGINT(BigInteger):
    """``BIGINT``"""

    __visit_name__ = "BIGINT"


class NUMERIC(Numeric):
    """``NUMERIC``"""

    __visit_name__ = "NUMERIC"


class DECIMAL(Numeric):
    """``DECIMAL``"""

    __visit_name__ = "DECIMAL"


class FLOAT(Float):
    """``FLOAT``"""

    __visit_name__ = "FLOAT"


class REAL(Float):
    """``REAL``"""

    __visit_name__ = "REAL"


class DOUBLE(Double):
    """``DOUBLE``"""

    __visit_name__ = "DOUBLE"


class DOUBLE_PRECISION(Double):
    """``DOUBLE PRECISION``"""

    __visit_name__ = "DOUBLE_PRECISION"


class CHAR(String):
    """``CHAR``"""

    __visit_name__ = "CHAR"


class NCHAR(Unicode):
    """``NCHAR``"""

    __visit_name__ = "NCHAR"


class VARCHAR(String):
    """``VARCHAR``"""

    __visit_name__ = "VARCHAR"


class NVARCHAR(Unicode):
    """``NVARCHAR``"""

    __visit_name__ = "NVARCHAR"


class TEXT(Text):
    """``TEXT``"""

    __visit_name__ = "TEXT"


class CLOB(Text):
    """``CLOB``"""

    __visit_name__ = "CLOB"


class BINARY(_Binary):
    """``BINARY``"""

    __visit_name__ = "BINARY"


class VARBINARY(_Binary):
    """``VARBINARY``"""

    __visit_name__ = "VARBINARY"


class BLOB(LargeBinary):
    """``BLOB``"""

    __visit_name__ = "BLOB"


class BOOLEAN(Boolean):
    """``BOOLEAN``"""

    __visit_name__ = "BOOLEAN"


class DATE(Date):
    """``DATE``"""

    __visit_name__ = "DATE"


class DATETIME(DateTime):
    """``DATETIME``"""

    __visit_name__ = "DATETIME"


class TIME(Time):
    """``TIME``"""

    __visit_name__ = "TIME"


class TIMESTAMP(DateTime):
    """``TIMESTAMP``"""

    __visit_name__ = "TIMESTAMP"


class UUID(Uuid):
    """``UUID``"""

    __visit_name__ = "UUID"

    def __init__(self, as_uuid: bool = True) -> None:
        super().__init__(as_uuid=as_uuid, native_uuid=True)
