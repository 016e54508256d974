"""What the database or its driver said: `StatementError`, `DBAPIError` and PEP 249's classes.

Loaded on first use, at the latest with a dialect: before a driver can fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from .errors import DontWrapMixin, SQLAlchemyError, as_public, qualified
from .parameters import parameters_text

__all__ = [
    "CommitUnknown",
    "ConstraintViolation",
    "DBAPIError",
    "DataError",
    "DatabaseError",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "StatementError",
]


class StatementError(SQLAlchemyError):
    """A statement could not be executed; the reason is ``orig``.

    :ivar statement: the SQL text, or None when the failure has none.
    :ivar params: its parameters.
    :ivar orig: the exception that was caught.
    :ivar detail: lines shown before the message (``add_detail``).
    :ivar ismulti: whether ``params`` is a list of sets; None when unknown.
    :ivar objects: the mapped objects that a flush was writing, the culprits if they are known.
    """

    statement: str | None = None
    params: Any = None
    orig: BaseException | None = None
    ismulti: bool | None = None
    connection_invalidated: bool = False
    objects: tuple[object, ...] = ()

    def __init__(
        self,
        message: str,
        statement: str | None,
        params: Any,
        orig: BaseException | None,
        hide_parameters: bool = False,
        code: str | None = None,
        ismulti: bool | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.statement = statement
        self.params = params
        self.orig = orig
        self.ismulti = ismulti
        self.hide_parameters = hide_parameters
        self.detail: list[str] = []

    def add_detail(self, msg: str) -> None:
        """Show ``msg`` in brackets before the message."""
        self.detail.append(msg)

    def __reduce__(self) -> tuple[Any, ...]:
        args = (
            self.args[0],
            self.statement,
            self.params,
            self.orig,
            self.hide_parameters,
            self.__dict__.get("code"),
            self.ismulti,
        )
        return self.__class__, args, {"detail": self.detail}

    def __str__(self) -> str:
        lines = [f"({detail})" for detail in self.detail]
        lines.append(self._message())
        if self.statement:
            lines.append(f"[SQL: {self.statement}]")
            if self.params:
                lines.append(
                    "[SQL parameters hidden due to hide_parameters=True]"
                    if self.hide_parameters
                    else f"[parameters: {parameters_text(self.params, self.ismulti)}]"
                )
        return "\n".join(lines)


class ConstraintViolation(NamedTuple):
    """What refused a row: the same facts for every database and driver.

    Neither the server nor the metadata may know everything: what is unknown is None or empty. A
    ``"not_null"`` constraint rarely has a name. A key that is there already violates ``"unique"``.
    ``table`` is the table that has the constraint; for ``"foreign_key"`` it is the one that refers,
    also when a row was deleted that it refers to.
    """

    kind: Literal["unique", "foreign_key", "check", "not_null", "exclusion"]
    name: str | None = None
    schema: str | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()


class DBAPIError(StatementError):
    """The driver raised an error while a statement was executed.

    :ivar connection_invalidated: whether the error means that the connection is lost.
    :ivar sqlstate: the SQLSTATE, None for a database that has none (SQLite).
    :ivar errno: the database's own number of the error, None where there is none (PostgreSQL).
    :ivar constraint: the constraint that was violated, None when the error is another one.
    """

    code = "dbapi"
    sqlstate: str | None = None
    errno: int | None = None
    constraint: ConstraintViolation | None = None

    def __init__(
        self,
        statement: str | None,
        params: Any,
        orig: BaseException,
        hide_parameters: bool = False,
        connection_invalidated: bool = False,
        code: str | None = None,
        ismulti: bool | None = None,
    ) -> None:
        super().__init__(
            _driver_message(orig),
            statement,
            params,
            orig,
            hide_parameters,
            code,
            ismulti,
        )
        self.connection_invalidated = connection_invalidated

    @property
    def driver_exception(self) -> BaseException | None:
        """The exception that the driver raised, where ``orig`` is the adapter's form of it."""
        return getattr(self.orig, "driver_exception", None) or self.orig

    def __reduce__(self) -> tuple[Any, ...]:
        args = (
            self.statement,
            self.params,
            self.orig,
            self.hide_parameters,
            self.connection_invalidated,
            self.__dict__.get("code"),
            self.ismulti,
        )
        facts = {name: vars(self)[name] for name in _FACTS if name in vars(self)}
        return self.__class__, args, {"detail": self.detail, **facts}

    @classmethod
    def instance(
        cls,
        statement: str | None,
        params: Any,
        orig: BaseException,
        dbapi_base_err: type[BaseException],
        hide_parameters: bool = False,
        connection_invalidated: bool = False,
        dialect: Any | None = None,
        ismulti: bool | None = None,
    ) -> BaseException:
        """The exception to raise for ``orig``.

        A driver's error becomes the class here that has the name of the nearest class in its
        ancestry (``dialect.dbapi_exception_translation_map`` may rename); another exception
        becomes a ``StatementError`` if a statement was running. What is no ``Exception``
        (``KeyboardInterrupt``, ``CancelledError``) and ``DontWrapMixin`` come back as they are.
        """
        if not isinstance(orig, Exception) or isinstance(orig, DontWrapMixin):
            return orig
        if isinstance(orig, SQLAlchemyError):
            if statement is None:
                return orig
            message = f"({qualified(type(orig))}) {orig.args[0] if orig.args else ''}"
            return StatementError(
                message, statement, params, orig, hide_parameters, orig.code, ismulti
            )
        if not isinstance(orig, dbapi_base_err) and statement:
            return StatementError(
                _driver_message(orig),
                statement,
                params,
                orig,
                hide_parameters,
                None,
                ismulti,
            )
        renames = getattr(dialect, "dbapi_exception_translation_map", None) or {}
        chosen = _class_for(type(orig), renames)
        error = chosen(
            statement,
            params,
            orig,
            hide_parameters,
            connection_invalidated=connection_invalidated,
            ismulti=ismulti,
        )
        if dialect is not None:
            error.sqlstate, error.errno, error.constraint = dialect.describe_error(orig)
        return error


_FACTS = ("sqlstate", "errno", "constraint")


def _driver_message(orig: BaseException) -> str:
    return f"({qualified(type(orig))}) {orig}"


def _class_for(driver_class: type[BaseException], renames: Mapping[str, str]) -> type[DBAPIError]:
    for ancestor in driver_class.__mro__:
        name = renames.get(ancestor.__name__, ancestor.__name__)
        if name in _BY_NAME:
            return _BY_NAME[name]
    return DBAPIError


class InterfaceError(DBAPIError):
    """The driver, not the database, is at fault (PEP 249)."""

    code = "rvf5"


class DatabaseError(DBAPIError):
    """The database is at fault (PEP 249)."""

    code = "4xp6"


class DataError(DatabaseError):
    """A value is out of range or can't be converted (PEP 249)."""

    code = "9h9h"


class OperationalError(DatabaseError):
    """The database couldn't do it, through no fault of the statement (PEP 249)."""

    code = "e3q8"


class CommitUnknown(OperationalError):
    """The connection was lost during COMMIT: nobody can tell whether it has happened.

    The database may have committed and failed to say so. ormolu never runs the transaction again by
    itself; whoever does must first look whether its rows are there. For the session or connection
    the transaction is over, as after a rollback: its next use begins a new one.
    """


class IntegrityError(DatabaseError):
    """A constraint was violated (PEP 249)."""

    code = "gkpj"


class InternalError(DatabaseError):
    """The database met an error of its own (PEP 249)."""

    code = "2j85"


class ProgrammingError(DatabaseError):
    """The statement is wrong: a table is missing, the syntax is bad (PEP 249)."""

    code = "f405"


class NotSupportedError(DatabaseError):
    """The database or driver has no such feature (PEP 249)."""

    code = "tw8g"


_BY_NAME: dict[str, type[DBAPIError]] = {
    cls.__name__: cls
    for cls in (
        InterfaceError,
        DatabaseError,
        DataError,
        OperationalError,
        IntegrityError,
        InternalError,
        ProgrammingError,
        NotSupportedError,
    )
}


as_public(globals())
