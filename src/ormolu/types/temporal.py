"""Dates and times."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from .arithmetic import Arithmetic
from .decorator import TypeDecorator
from .operator_classes import OperatorClass
from .text import quote_literal
from .type_api import Processor, TypeEngine


class Date(Arithmetic[dt.date], kind="Date"):
    """A day: ``datetime.date``."""

    __visit_name__ = "date"
    operator_classes = OperatorClass.DATETIME

    @property
    def python_type(self) -> type[Any]:
        return dt.date

    def literal_processor(self, dialect: Any) -> Processor | None:
        # The day alone, also of a datetime.
        return lambda value: quote_literal(value.isoformat()[:10])


class DateTime(Arithmetic[dt.datetime], kind="DateTime"):
    """A day and a time: ``datetime.datetime``.

    :param timezone: whether the column keeps the time zone, where the database can.
    """

    __visit_name__ = "datetime"
    operator_classes = OperatorClass.DATETIME

    def __init__(self, timezone: bool = False) -> None:
        self.timezone = timezone

    @property
    def python_type(self) -> type[Any]:
        return dt.datetime

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: quote_literal(
            # A day alone is compared with, too.
            value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
        )


class Time(Arithmetic[dt.time], kind="Time"):
    """A time of day: ``datetime.time``."""

    __visit_name__ = "time"
    operator_classes = OperatorClass.DATETIME

    def __init__(self, timezone: bool = False) -> None:
        self.timezone = timezone

    @property
    def python_type(self) -> type[Any]:
        return dt.time

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: quote_literal(value.isoformat())


class Interval(TypeDecorator[dt.timedelta], Arithmetic[dt.timedelta], kind="Interval"):
    """A duration: ``datetime.timedelta``.

    Native where the database has intervals; elsewhere kept as a ``DateTime`` counted from
    1970-01-01.

    :param native: whether to use the database's own type where there is one.
    """

    impl = DateTime
    epoch: ClassVar[dt.datetime] = dt.datetime(1970, 1, 1)
    cache_ok = True

    def __init__(
        self,
        native: bool = True,
        second_precision: int | None = None,
        day_precision: int | None = None,
    ) -> None:
        super().__init__()
        self.native = native
        self.second_precision = second_precision
        self.day_precision = day_precision

    @property
    def python_type(self) -> type[Any]:
        return dt.timedelta

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self.epoch + value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value - self.epoch

    def adapt(self, cls: type[Any], **kwargs: Any) -> Any:
        """The type ``cls`` with this one's precisions."""
        return TypeEngine.adapt(self, cls, **kwargs)

    def as_generic(self, allow_nulltype: bool = False) -> TypeEngine[Any]:
        generic: TypeEngine[Any] = self.adapt(Interval)
        return generic

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return TypeEngine.coerce_compared_value(self, op, value)

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        return Arithmetic.operator_result(self, op, other_type)

    def __repr__(self) -> str:
        return TypeEngine.__repr__(self)


# As a decorator it would be a kind of DateTime, and the table of arithmetic would miss it.
Interval._type_affinity = Interval
