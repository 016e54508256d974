"""SQLite's dates and times: text in ISO 8601, or in a form of the user's own.

https://www.sqlite.org/lang_datefunc.html. Without a form of its own a value is written with all
its parts, as SQLAlchemy writes them (``2020-01-02 03:04:05.000000``), and read by a C function.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, ClassVar

from ormolu import types as sqltypes

__all__ = ["DATE", "DATETIME", "TIME"]

Converter = Callable[[Any], Any]

_ZEROS = dict.fromkeys(("year", "month", "day", "hour", "minute", "second", "microsecond"), 0)


def _datetime_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, dt.date):
        return f"{value.isoformat()} 00:00:00.000000"
    raise TypeError("SQLite DateTime type only accepts Python datetime and date objects as input.")


def _date_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError("SQLite Date type only accepts Python date objects as input.")


def _time_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.time):
        return value.replace(tzinfo=None).isoformat("microseconds")
    raise TypeError("SQLite Time type only accepts Python time objects as input.")


class _Text:
    """A type kept as text.

    ``write`` makes ISO text and refuses values of other classes, ``read`` reads it (never None);
    ``parts`` are the attributes that a ``storage_format`` may name, ``truncated`` the form
    without microseconds.
    """

    write: ClassVar[Any]
    read: ClassVar[Any]
    made_from: ClassVar[Any]
    parts: ClassVar[tuple[str, ...]]
    truncated: ClassVar[str | None] = None

    storage_format: str | None
    regexp: Any
    truncate_microseconds: bool

    def _set_form(self, storage_format: str | None, regexp: Any, truncate: bool) -> None:
        if truncate and (storage_format is not None or regexp is not None):
            raise AssertionError(
                "truncate_microseconds is a storage format by itself: leave out storage_format "
                "and regexp"
            )
        self.storage_format = storage_format
        self.regexp = re.compile(regexp) if isinstance(regexp, str) else regexp
        self.truncate_microseconds = truncate

    @property
    def format_is_text_affinity(self) -> bool:
        """Whether stored values are more than digits, which SQLite would make numbers of."""
        form = self.storage_format
        return form is None or re.search(r"[^0-9]", form % _ZEROS) is not None

    @property
    def fast_result(self) -> Converter | None:
        """What reads a stored value that isn't None, when it is a bare function."""
        return type(self).read if self.regexp is None else None

    def bind_processor(self, dialect: Any) -> Converter:
        write: Converter = type(self).write
        form = self.truncated if self.truncate_microseconds else self.storage_format
        if form is None:
            return write
        parts = self.parts

        def formatted(value: Any) -> str | None:
            if write(value) is None:
                return None
            return form % {part: getattr(value, part, 0) for part in parts}

        return formatted

    def result_processor(self, dialect: Any, coltype: Any = None) -> Converter:
        read: Converter = type(self).read if self.regexp is None else self._matched
        return lambda value: None if value is None else read(value)

    def _matched(self, value: str) -> Any:
        found = self.regexp.match(value)
        if found is None:
            raise ValueError(
                f"Couldn't parse {type(self).__name__} string {value!r}: it doesn't match the "
                f"regular expression {self.regexp.pattern!r} of the column's type"
            )
        make = type(self).made_from
        named = found.groupdict(0)
        if named:
            return make(**{part: int(text) for part, text in named.items()})
        return make(*[int(text) for text in found.groups(0)])

    def literal_processor(self, dialect: Any) -> Converter:
        bind = self.bind_processor(dialect)
        return lambda value: "'" + bind(value).replace("'", "''") + "'"


class DATETIME(_Text, sqltypes.DateTime):
    """``datetime.datetime`` as ``2020-01-02 03:04:05.000000``; a time zone is dropped.

    :param storage_format: another form, as ``"%(year)04d%(month)02d%(day)02d"``; the parts are
        year, month, day, hour, minute, second and microsecond.
    :param regexp: reads that form: groups named after the parts, or in their order.
    :param truncate_microseconds: store whole seconds.
    :raises AssertionError: ``truncate_microseconds`` together with a form.
    """

    __visit_name__ = "DATETIME"
    write = staticmethod(_datetime_text)
    read = dt.datetime.fromisoformat
    made_from = dt.datetime
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    truncated = "%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d"

    def __init__(
        self,
        timezone: bool = False,
        *,
        storage_format: str | None = None,
        regexp: Any = None,
        truncate_microseconds: bool = False,
    ) -> None:
        super().__init__(timezone=timezone)
        self._set_form(storage_format, regexp, truncate_microseconds)


class DATE(_Text, sqltypes.Date):
    """``datetime.date`` as ``2020-01-02``.

    :param storage_format: another form, as ``"%(month)02d/%(day)02d/%(year)04d"``.
    :param regexp: reads that form: groups named year, month and day, or in this order.
    """

    __visit_name__ = "DATE"
    write = staticmethod(_date_text)
    read = dt.date.fromisoformat
    made_from = dt.date
    parts = ("year", "month", "day")

    def __init__(self, storage_format: str | None = None, regexp: Any = None) -> None:
        super().__init__()
        self._set_form(storage_format, regexp, False)


class TIME(_Text, sqltypes.Time):
    """``datetime.time`` as ``03:04:05.000000``; a time zone is dropped.

    :param storage_format: another form, as ``"%(hour)02d-%(minute)02d"``.
    :param regexp: reads that form: groups named hour, minute, second and microsecond, or in this
        order.
    :param truncate_microseconds: store whole seconds.
    :raises AssertionError: ``truncate_microseconds`` together with a form.
    """

    __visit_name__ = "TIME"
    write = staticmethod(_time_text)
    read = dt.time.fromisoformat
    made_from = dt.time
    parts = ("hour", "minute", "second", "microsecond")
    truncated = "%(hour)02d:%(minute)02d:%(second)02d"

    def __init__(
        self,
        timezone: bool = False,
        *,
        storage_format: str | None = None,
        regexp: Any = None,
        truncate_microseconds: bool = False,
    ) -> None:
        super().__init__(timezone=timezone)
        self._set_form(storage_format, regexp, truncate_microseconds)
