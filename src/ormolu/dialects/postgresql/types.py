"""PostgreSQL's scalar types that SQL in general doesn't have.

https://www.postgresql.org/docs/current/datatype.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.bitstring import BitString
from ormolu.types import TypeEngine
from ormolu.types.arithmetic import Arithmetic
from ormolu.types.operator_classes import OperatorClass
from ormolu.types.text import quote_literal

__all__ = [
    "BIT",
    "BYTEA",
    "CIDR",
    "CITEXT",
    "INET",
    "INTERVAL",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TIME",
    "TIMESTAMP",
    "TSQUERY",
    "TSVECTOR",
]

Processor = Callable[[Any], Any]


class BYTEA(sqltypes.LargeBinary):
    """``BYTEA``: ``bytes``."""

    __visit_name__ = "BYTEA"

    def literal_processor(self, dialect: Any) -> Processor | None:
        return _bytes_literal


def _bytes_literal(value: Any) -> str:
    """Bytes as a literal: printable ones as they are, others in the hex format.

    https://www.postgresql.org/docs/current/datatype-binary.html
    """
    data = bytes(memoryview(value))
    plain = all(32 <= byte < 127 and byte != 92 for byte in data)
    text = data.decode("ascii") if plain else f"\\x{data.hex()}"
    return "'" + text.replace("'", "''") + "'"


class _Words(TypeEngine[str]):
    """Base of the types whose literals are strings."""

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: quote_literal(str(value))


# -- network addresses


class _NetworkAddress(_Words):
    """Base of network addresses; what Python class the values have is the driver's choice."""

    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON | OperatorClass.BITWISE

    @property
    def python_type(self) -> type[Any]:
        return str

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """A string beside an address is an address or a network."""
        return self if isinstance(value, str) else super().coerce_compared_value(op, value)


class INET(_NetworkAddress):
    """``INET``: an address of a host, and perhaps its network."""

    __visit_name__ = "INET"


class CIDR(_NetworkAddress):
    """``CIDR``: a network."""

    __visit_name__ = "CIDR"


class MACADDR(_NetworkAddress):
    """``MACADDR``: six bytes."""

    __visit_name__ = "MACADDR"


class MACADDR8(_NetworkAddress):
    """``MACADDR8``: eight bytes."""

    __visit_name__ = "MACADDR8"


# -- names and numbers of the catalogue, money, text


class MONEY(_Words):
    """``MONEY``: a string such as ``$1,000.00``, as the server's locale writes it."""

    __visit_name__ = "MONEY"


class OID(TypeEngine[int]):
    """``OID``: the number of an object in the catalogue."""

    __visit_name__ = "OID"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON

    @property
    def python_type(self) -> type[Any]:
        return int

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: str(int(value))


class REGCLASS(_Words):
    """``REGCLASS``: the name of a relation."""

    __visit_name__ = "REGCLASS"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON


class REGCONFIG(_Words):
    """``REGCONFIG``: the name of a text search configuration, such as ``english``."""

    __visit_name__ = "REGCONFIG"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON


class TSQUERY(_Words):
    """``TSQUERY``: what a text search looks for."""

    __visit_name__ = "TSQUERY"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON


class TSVECTOR(_Words):
    """``TSVECTOR``: a document prepared for text search."""

    __visit_name__ = "TSVECTOR"
    operator_classes = OperatorClass.STRING


class CITEXT(sqltypes.TEXT):
    """``CITEXT``: text that is compared without regard to case (an extension)."""

    __visit_name__ = "CITEXT"

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """What stands beside it is of this type, or the comparison would regard case."""
        return self

    def item_from_text(self, dialect: Any) -> Processor | None:
        """Return what reads an item of an array that came as text: it is the text."""
        return None


# -- dates and times


class TIMESTAMP(sqltypes.TIMESTAMP):
    """``TIMESTAMP``.

    :param timezone: ``WITH TIME ZONE``.
    :param precision: how many digits the fraction of the second has.
    """

    def __init__(self, timezone: bool = False, precision: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.precision = precision


class TIME(sqltypes.TIME):
    """``TIME``.

    :param timezone: ``WITH TIME ZONE``.
    :param precision: how many digits the fraction of the second has.
    """

    def __init__(self, timezone: bool = False, precision: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.precision = precision


class INTERVAL(Arithmetic[dt.timedelta]):
    """``INTERVAL``: ``datetime.timedelta``.

    :param precision: how many digits the fraction of the second has.
    :param fields: which parts are kept, such as ``"YEAR"`` or ``"DAY TO MINUTE"``.
    """

    __visit_name__ = "INTERVAL"
    _kind: ClassVar[str] = "Interval"
    native = True
    operator_classes = OperatorClass.DATETIME

    def __init__(self, precision: int | None = None, fields: str | None = None) -> None:
        self.precision = precision
        self.fields = fields

    @classmethod
    def adapt_emulated_to_native(cls, interval: sqltypes.Interval, **kw: Any) -> INTERVAL:
        """The type for a generic ``Interval``."""
        return cls(precision=interval.second_precision)

    @property
    def python_type(self) -> type[Any]:
        return dt.timedelta

    def as_generic(self, allow_nulltype: bool = False) -> TypeEngine[Any]:
        return sqltypes.Interval(native=True, second_precision=self.precision)

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: f"make_interval(secs=>{value.total_seconds()})"


INTERVAL._type_affinity = sqltypes.Interval


# -- bits


class BIT(TypeEngine[BitString]):
    """``BIT(length)``, or ``BIT VARYING``: a `BitString`.

    :param length: how many bits; 1 unless ``varying``.
    :param varying: it may have fewer bits, and any number of them without a ``length``.
    """

    __visit_name__ = "BIT"
    render_bind_cast = True
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON | OperatorClass.BITWISE

    def __init__(self, length: int | None = None, varying: bool = False) -> None:
        self.length = length if varying else length or 1
        self.varying = varying

    @property
    def python_type(self) -> type[Any]:
        return BitString

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """A string beside it is a bit string."""
        return self if isinstance(value, str) else super().coerce_compared_value(op, value)

    def bind_processor(self, dialect: Any) -> Processor | None:
        return _digits

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return _bit_string

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: f"B'{BitString(value)}'"


def _digits(value: Any) -> str | None:
    return None if value is None else str(BitString(value))


def _bit_string(value: Any) -> BitString | None:
    return None if value is None else BitString(value)
