"""PEP 249's exception classes for asyncpg, which has one class per SQLSTATE and none of these.

https://peps.python.org/pep-0249/#exceptions
https://www.postgresql.org/docs/current/errcodes-appendix.html

The class is chosen by the first two characters of the SQLSTATE, so that an error has the same class
as with psycopg. What asyncpg, the event loop or the socket raise without one is classified by its
Python class. The original is ``driver_exception``, and the ``__cause__``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import asyncpg

__all__ = [
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "InternalServerError",
    "InvalidCachedStatementError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "connect_error",
    "foreign_loop_error",
    "is_driver_error",
    "refused_commit",
    "translated",
]


class Error(Exception):
    """Base of the errors of this driver.

    :ivar driver_exception: what asyncpg raised, or the operating system.
    :ivar sqlstate: the server's code; None when the error did not come from the server.
    :ivar disconnected: whether the connection is lost.
    """

    driver_exception: BaseException | None = None
    sqlstate: str | None = None
    detail: str | None = None
    hint: str | None = None
    schema_name: str | None = None
    table_name: str | None = None
    column_name: str | None = None
    constraint_name: str | None = None
    disconnected: bool = False

    @property
    def pgcode(self) -> str | None:
        """The SQLSTATE, by the name that older drivers have for it."""
        return self.sqlstate


class InterfaceError(Error):
    """The driver was misused, or the connection is closed."""


class DatabaseError(Error):
    """Base of the errors of the database."""


class DataError(DatabaseError):
    """A value doesn't fit."""


class OperationalError(DatabaseError):
    """The server can't do it now, or can't be reached."""


class IntegrityError(DatabaseError):
    """A constraint refused a row."""


class InternalError(DatabaseError):
    """The transaction is in no state for this, or something is broken."""


class InternalServerError(InternalError):
    """SQLSTATE XX000; ``cache lookup failed for type`` is one, when a type was made anew."""


class ProgrammingError(DatabaseError):
    """The statement is wrong."""


class NotSupportedError(DatabaseError):
    """The server doesn't do this."""


class InvalidCachedStatementError(NotSupportedError):
    """A prepared statement would give other columns now, since the schema has changed.

    The statement is prepared anew when it is next executed; its transaction can't go on.
    """


_BY_SQLSTATE: Mapping[str, type[Error]] = {
    "08": OperationalError,
    "0A": NotSupportedError,
    "10": ProgrammingError,
    "20": ProgrammingError,
    "21": ProgrammingError,
    "22": DataError,
    "23": IntegrityError,
    "24": InternalError,
    "25": InternalError,
    "26": ProgrammingError,
    "27": OperationalError,
    "28": OperationalError,
    "2B": InternalError,
    "2D": InternalError,
    "2F": OperationalError,
    "34": ProgrammingError,
    "38": OperationalError,
    "39": OperationalError,
    "3B": OperationalError,
    "3D": ProgrammingError,
    "3F": ProgrammingError,
    "40": OperationalError,
    "42": ProgrammingError,
    "44": ProgrammingError,
    "53": OperationalError,
    "54": OperationalError,
    "55": OperationalError,
    "57": OperationalError,
    "58": OperationalError,
    "F0": OperationalError,
    "HV": OperationalError,
    "P0": ProgrammingError,
    "XX": InternalError,
}

#: Facts that the server sends with an error, under the names that asyncpg has for them.
_FIELDS = (
    "sqlstate",
    "detail",
    "hint",
    "schema_name",
    "table_name",
    "column_name",
    "constraint_name",
)


class _Kind(NamedTuple):
    """An exception class, and what stands for it; the first that fits counts."""

    raised: type[BaseException]
    stands: type[Error]


_BY_CLASS = (
    _Kind(asyncpg.exceptions.DataError, DataError),
    _Kind(asyncpg.InterfaceError, InterfaceError),
    _Kind(asyncpg.exceptions.TargetServerAttributeNotMatched, OperationalError),
    _Kind(asyncpg.InternalClientError, InternalError),
    _Kind(OSError, OperationalError),  # TimeoutError is one
)
_DRIVER_ERRORS = (asyncpg.PostgresError, *[kind.raised for kind in _BY_CLASS])

#: Administrator and crash shutdown, "cannot connect now", database dropped, idle session timeout,
#: timeout of an idle transaction, of any transaction.
_ENDS_THE_SESSION = frozenset(["57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"])


def is_driver_error(error: BaseException) -> bool:
    """Say whether `translated` knows an exception; others are not the driver's."""
    return isinstance(error, _DRIVER_ERRORS)


def translated(error: BaseException, *, closed: bool = False, remark: str = "") -> Error:
    """Return the error to raise for one of the driver's.

    :param closed: whether the driver's connection is closed.
    :param remark: what to add to its message.
    """
    wrapped = _made(_class_for(error), error, remark)
    state = wrapped.sqlstate or ""
    # The driver has lost the thread: it waits for the end of a statement that never comes.
    confused = isinstance(error, asyncpg.InternalClientError)
    ended = state[:2] == "08" or state in _ENDS_THE_SESSION
    wrapped.disconnected = closed or confused or ended
    return wrapped


def connect_error(error: BaseException) -> Error:
    """Return the error to raise for one that came while a connection was opened.

    Whatever the server has against it (no such database, a wrong password), it is operational.
    """
    class_ = _class_for(error)
    return _made(OperationalError if issubclass(class_, DatabaseError) else class_, error)


def _made(class_: type[Error], error: BaseException, remark: str = "") -> Error:
    message = str(error) or "the driver's timeout" if isinstance(error, TimeoutError) else error
    wrapped = class_(f"{type(error)}: {message}{remark}")
    wrapped.driver_exception = error
    # What the server said before it closed the connection tells more than that it was closed.
    closed = isinstance(error, asyncpg.exceptions.ConnectionDoesNotExistError)
    source = error.__cause__ if closed and error.__cause__ is not None else error
    for name in _FIELDS:
        value = getattr(source, name, None) or getattr(error, name, None)
        if value is not None:
            setattr(wrapped, name, value)
    return wrapped


def _class_for(error: BaseException) -> type[Error]:
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return InvalidCachedStatementError
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return (
            InternalServerError if state == "XX000" else _BY_SQLSTATE.get(state[:2], DatabaseError)
        )
    return next((kind.stands for kind in _BY_CLASS if isinstance(error, kind.raised)), Error)


def refused_commit() -> Error:
    """Return the error of a COMMIT that the server answered by rolling back."""
    error = InternalError(
        "the transaction could not be committed: a statement in it had failed, "
        "so it was rolled back"
    )
    error.sqlstate = "25P02"
    return error


def foreign_loop_error() -> Error:
    """Return the error of a connection that is used in another event loop than its own."""
    error = InterfaceError(
        "this connection belongs to another event loop. An engine keeps its connections for the "
        "loop in which they were opened: dispose() it before that loop ends, or make an engine in "
        "each loop, or one with poolclass=NullPool"
    )
    error.disconnected = True
    return error
