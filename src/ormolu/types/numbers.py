"""Numbers: integers, decimals, floats."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from .arithmetic import Arithmetic
from .operator_classes import OperatorClass
from .type_api import Processor, TypeEngine

_T = TypeVar("_T")


class Integer(Arithmetic[int], kind="Integer"):
    """A whole number: ``int``."""

    __visit_name__ = "integer"
    operator_classes = OperatorClass.INTEGER

    @property
    def python_type(self) -> type[Any]:
        return int

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: str(int(value))


INTEGERTYPE = Integer()


class SmallInteger(Integer):
    """A whole number of 16 bits."""

    __visit_name__ = "small_integer"


class BigInteger(Integer):
    """A whole number of 64 bits."""

    __visit_name__ = "big_integer"


class NumericCommon(Arithmetic[_T]):
    """What `Numeric` and `Float` share: precision, scale, decimals or floats as values."""

    _default_decimal_return_scale = 10
    operator_classes = OperatorClass.NUMERIC

    precision: int | None
    scale: int | None = None
    decimal_return_scale: int | None
    asdecimal: bool

    @property
    def python_type(self) -> type[Any]:
        return Decimal if self.asdecimal else float

    def literal_processor(self, dialect: Any) -> Processor | None:
        return _number_text

    @property
    def _effective_decimal_return_scale(self) -> int:
        if self.decimal_return_scale is not None:
            return self.decimal_return_scale
        return self._default_decimal_return_scale if self.scale is None else self.scale

    def bind_processor(self, dialect: Any) -> Processor | None:
        return None if _native_decimal(dialect) else _to_float

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        native = _native_decimal(dialect)
        if self.asdecimal:
            return None if native else _decimal_reader(self._effective_decimal_return_scale)
        return _to_float if native else None


class Numeric(NumericCommon[Any], kind="Numeric"):
    """A decimal number of fixed precision: ``Decimal``, or ``float`` with ``asdecimal=False``.

    :param precision: how many digits.
    :param scale: how many of them after the point.
    :param decimal_return_scale: digits after the point when a float is made a ``Decimal``.
    :param asdecimal: whether values are ``Decimal``.
    """

    __visit_name__ = "numeric"

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        decimal_return_scale: int | None = None,
        asdecimal: bool = True,
    ) -> None:
        self.precision = precision
        self.scale = scale
        self.decimal_return_scale = decimal_return_scale
        self.asdecimal = asdecimal


class Float(NumericCommon[float], kind="Float"):
    """A floating-point number: ``float``, or ``Decimal`` with ``asdecimal=True``."""

    __visit_name__ = "float"

    def __init__(
        self,
        precision: int | None = None,
        asdecimal: bool = False,
        decimal_return_scale: int | None = None,
    ) -> None:
        self.precision = precision
        self.asdecimal = asdecimal
        self.decimal_return_scale = decimal_return_scale

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        if self.asdecimal:
            return _decimal_reader(self._effective_decimal_return_scale)
        return _to_float if _native_decimal(dialect) else None


class Double(Float):
    """A floating-point number of double precision."""

    __visit_name__ = "double"


def _number_text(value: Any) -> str:
    """A number as it stands in SQL; whatever is none is refused, since it would become SQL."""
    if not isinstance(value, (int, float, Decimal)):
        value = Decimal(value)
    return str(value)


def _native_decimal(dialect: Any) -> bool:
    return bool(dialect.features.native_decimal)


def _to_float(value: Any) -> float | None:
    return None if value is None else float(value)


#: Converter -> the class that it calls for any value but None, as generated code can by itself.
BARE: dict[Any, Any] = {_to_float: float}


def _decimal_reader(scale: int) -> Processor:
    template = f"%.{scale}f"

    def read(value: Any) -> Decimal | None:
        if value is None:
            return None
        return value if isinstance(value, Decimal) else Decimal(template % value)

    return read


__all__ = [
    "INTEGERTYPE",
    "BigInteger",
    "Double",
    "Float",
    "Integer",
    "Numeric",
    "NumericCommon",
    "SmallInteger",
    "TypeEngine",
]
