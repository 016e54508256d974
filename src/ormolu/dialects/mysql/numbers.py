"""MySQL's decimal and floating-point numbers.

https://dev.mysql.com/doc/refman/8.4/en/fixed-point-types.html,
https://dev.mysql.com/doc/refman/8.4/en/floating-point-types.html
"""

from __future__ import annotations

from typing import Any

from ormolu import types as sqltypes
from ormolu.exc import ArgumentError

__all__ = ["DECIMAL", "DOUBLE", "FLOAT", "NUMERIC", "REAL"]


class _Fixed(sqltypes.Numeric):
    """A decimal number of fixed precision.

    :param unsigned: without negative numbers.
    :param zerofill: shown with leading zeros.
    """

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        *,
        decimal_return_scale: int | None = None,
        unsigned: bool = False,
        zerofill: bool = False,
    ) -> None:
        super().__init__(precision, scale, decimal_return_scale, asdecimal)
        self.unsigned = unsigned
        self.zerofill = zerofill


class NUMERIC(_Fixed, sqltypes.NUMERIC):
    """``NUMERIC``, another name of ``DECIMAL``."""

    __visit_name__ = "NUMERIC"


class DECIMAL(_Fixed, sqltypes.DECIMAL):
    """``DECIMAL``"""

    __visit_name__ = "DECIMAL"


class _Floating(sqltypes.Float):
    """A floating-point number with a precision and a scale for display.

    :param unsigned: without negative numbers.
    :param zerofill: shown with leading zeros.
    """

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = False,
        *,
        decimal_return_scale: int | None = None,
        unsigned: bool = False,
        zerofill: bool = False,
    ) -> None:
        super().__init__(precision, asdecimal, decimal_return_scale)
        self.scale = scale
        self.unsigned = unsigned
        self.zerofill = zerofill


class FLOAT(_Floating, sqltypes.FLOAT):
    """``FLOAT``, of single precision unless ``precision`` is over 24."""

    __visit_name__ = "FLOAT"


class _DoublePrecision(_Floating):
    """``Decimal`` values by default, made of ten digits after the point.

    :raises ArgumentError: one of ``precision`` and ``scale`` without the other.
    """

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        **options: Any,
    ) -> None:
        if (precision is None) is not (scale is None):
            raise ArgumentError(
                "You must specify both precision and scale or omit both altogether: "
                f"write {type(self).__name__}(10, 2) or {type(self).__name__}()"
            )
        super().__init__(precision, scale, asdecimal, **options)


class DOUBLE(_DoublePrecision, sqltypes.DOUBLE):
    """``DOUBLE``"""

    __visit_name__ = "DOUBLE"


class REAL(_DoublePrecision, sqltypes.REAL):
    """``REAL``, another name of ``DOUBLE``."""

    __visit_name__ = "REAL"
