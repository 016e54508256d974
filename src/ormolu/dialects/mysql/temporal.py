"""MySQL's dates and times, with fractional seconds, and YEAR.

https://dev.mysql.com/doc/refman/8.4/en/date-and-time-types.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from ormolu import types as sqltypes

__all__ = ["DATETIME", "TIME", "TIMESTAMP", "YEAR"]


class TIME(sqltypes.TIME):
    """A time of day: ``datetime.time``.

    The database's TIME is a duration too, and drivers give a ``timedelta``: of one that is
    negative or longer than a day only the time of day is kept.

    :param fsp: how many digits of a second's fraction are kept, up to 6.
    """

    __visit_name__ = "TIME"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone)
        self.fsp = fsp

    def result_processor(self, dialect: Any, coltype: Any = None) -> Callable[[Any], Any]:
        return _time_of_day


class DATETIME(sqltypes.DATETIME):
    """A day and a time.

    :param fsp: how many digits of a second's fraction are kept, up to 6.
    """

    __visit_name__ = "DATETIME"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone)
        self.fsp = fsp


class TIMESTAMP(sqltypes.TIMESTAMP):
    """A moment, kept in UTC and shown in the session's time zone.

    :param fsp: how many digits of a second's fraction are kept, up to 6.
    """

    __visit_name__ = "TIMESTAMP"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone)
        self.fsp = fsp


class YEAR(sqltypes.TypeEngine[int]):
    """A year from 1901 to 2155, in one byte."""

    __visit_name__ = "YEAR"
    operator_classes = sqltypes.Integer.operator_classes

    def __init__(self, display_width: int | None = None) -> None:
        self.display_width = display_width

    @property
    def python_type(self) -> type[Any]:
        return int

    def literal_processor(self, dialect: Any) -> Callable[[Any], str]:
        return lambda value: str(int(value))


def _time_of_day(value: Any) -> dt.time | None:
    if value is None or isinstance(value, dt.time):
        return value
    minutes, second = divmod(value.seconds, 60)
    hour, minute = divmod(minutes, 60)
    return dt.time(hour, minute, second, value.microseconds)
