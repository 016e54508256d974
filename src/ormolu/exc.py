"""Every exception and warning class, under the names SQLAlchemy's users know.

The hierarchy has three trunks: ``InvalidRequestError`` and ``ArgumentError`` for wrong use of
the toolkit, and ``DBAPIError`` for what the database or its driver said. A driver's own
exception never reaches the caller bare: ``DBAPIError.instance`` wraps it into the class of the
same name (PEP 249 fixes those names), with the statement and its parameters beside it.

The ORM's exceptions live here too, since the lower rooms raise some of them;
``ormolu.orm.exc`` re-exports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

_MAX_CHARS = 300
_MAX_SETS = 10
_MAX_VALUES = 100

Parameters = Mapping[str, object] | Sequence[object] | None
"""One set of parameters, or a sequence of sets (``ismulti``)."""


# --------------------------------------------------------------------------- base


class HasDescriptionCode:
    """Mixin of exceptions and warnings that may carry a short ``code``."""

    code: str | None = None

    def __init__(self, *arg: Any, **kw: Any) -> None:
        code = kw.pop("code", None)
        if code is not None:
            self.code = code
        super().__init__(*arg, **kw)


class SQLAlchemyError(HasDescriptionCode, Exception):
    """Root of all errors the toolkit raises."""

    def _message(self) -> str:
        if len(self.args) == 1:
            return str(self.args[0])
        return str(self.args) if self.args else ""

    def __str__(self) -> str:
        return self._message()


class EmulatedDBAPIException(Exception):
    """Base of the PEP 249 exceptions an adapter makes for a driver that has none."""

    def __init__(self, message: str, orig: Exception | None = None) -> None:
        super().__init__(message)
        self.orig = orig


class DontWrapMixin:
    """Mixin for user exceptions that must pass through execution unwrapped."""


# ---------------------------------------------------------------------- arguments


class ArgumentError(SQLAlchemyError):
    """A function was given arguments that are invalid or contradict each other."""


class DuplicateColumnError(ArgumentError):
    """A column is added to a table that already has one of that name."""


class ObjectNotExecutableError(ArgumentError):
    """An object that is no statement was given to ``execute``."""

    def __init__(self, target: object) -> None:
        super().__init__(f"Not an executable object: {target!r}")
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (self.target,)


class NoSuchModuleError(ArgumentError):
    """A dialect or plugin of that name can't be found."""


class NoForeignKeysError(ArgumentError):
    """A join between two selectables has no foreign key to follow."""


class AmbiguousForeignKeysError(ArgumentError):
    """A join between two selectables has more than one foreign key to follow."""


class ConstraintColumnNotFoundError(ArgumentError):
    """A constraint names a column that its table doesn't have."""


class CircularDependencyError(SQLAlchemyError):
    """A topological sort met a cycle.

    :param cycles: the nodes that take part in a cycle.
    :param edges: the edges among them.
    :param msg: replaces the message made from ``message``, ``cycles`` and ``edges``.
    """

    def __init__(
        self,
        message: str,
        cycles: Any,
        edges: Any,
        msg: str | None = None,
        code: str | None = None,
    ) -> None:
        if msg is None:
            message += f" ({', '.join(repr(node) for node in cycles)})"
        else:
            message = msg
        super().__init__(message, code=code)
        self.cycles = cycles
        self.edges = edges

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (None, self.cycles, self.edges, self.args[0])


# -------------------------------------------------------------------- compilation


class CompileError(SQLAlchemyError):
    """A statement can't be turned into SQL text."""


class UnsupportedCompilationError(CompileError):
    """The dialect's compiler has no rendering for an element."""

    code = "l7de"

    def __init__(
        self, compiler: object, element_type: type[Any], message: str | None = None
    ) -> None:
        detail = f": {message}" if message else ""
        super().__init__(
            f"Compiler {compiler!r} can't render element of type {element_type}{detail}"
        )
        self.compiler = compiler
        self.element_type = element_type
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (self.compiler, self.element_type, self.message)


class IdentifierError(SQLAlchemyError):
    """A schema name is longer than the database allows."""


# --------------------------------------------------------------------- connection


class DisconnectionError(SQLAlchemyError):
    """A pool event handler found the driver connection dead."""

    invalidate_pool: bool = False


class InvalidatePoolError(DisconnectionError):
    """As ``DisconnectionError``, and every other pooled connection is stale too."""

    invalidate_pool: bool = True


class TimeoutError(SQLAlchemyError):
    """The pool had no connection to give within its timeout."""


# ----------------------------------------------------------------- invalid request


class InvalidRequestError(SQLAlchemyError):
    """What was asked can't be done in the present state."""


class IllegalStateChangeError(InvalidRequestError):
    """A session or transaction was used while it was changing state."""


class NoInspectionAvailable(InvalidRequestError):
    """``inspect()`` knows nothing of this kind of object."""


class NoDBAPILoaded(InvalidRequestError):
    """A dialect without a driver was asked for one."""


class PendingRollbackError(InvalidRequestError):
    """The transaction failed and must be rolled back before anything else."""


class ResourceClosedError(InvalidRequestError):
    """A closed connection, cursor, result or session was used."""


class NoSuchColumnError(InvalidRequestError, KeyError):
    """A row has no column of that name."""


class AmbiguousColumnError(InvalidRequestError):
    """A row has several columns of that name."""


class NoResultFound(InvalidRequestError):
    """Exactly one row was required and there was none."""


class MultipleResultsFound(InvalidRequestError):
    """At most one row was required and there were more."""


class NoReferenceError(InvalidRequestError):
    """A foreign key refers to something that isn't there.

    :ivar table_name: the table that is referred to.
    """

    table_name: str


class AwaitRequired(InvalidRequestError):
    """A sync call of an async resource was made outside the async loop."""

    code = "xd1r"


class MissingGreenlet(InvalidRequestError):
    """This attribute access would need I/O, and async code must await its I/O.

    The name is SQLAlchemy's, so that programs that catch it go on working; no greenlet is
    involved here. The message names the attribute and what to write instead.
    """

    code = "xd2s"


class NoReferencedTableError(NoReferenceError):
    """A foreign key refers to a table that the ``MetaData`` doesn't have."""

    def __init__(self, message: str, tname: str) -> None:
        super().__init__(message)
        self.table_name = tname

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (self.args[0], self.table_name)


class NoReferencedColumnError(NoReferenceError):
    """A foreign key refers to a column that its target table doesn't have."""

    def __init__(self, message: str, tname: str, cname: str) -> None:
        super().__init__(message)
        self.table_name = tname
        self.column_name = cname

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (self.args[0], self.table_name, self.column_name)


class NoSuchTableError(InvalidRequestError):
    """The database has no table of that name."""


class UnreflectableTableError(InvalidRequestError):
    """The table exists but can't be reflected."""


class UnboundExecutionError(InvalidRequestError):
    """Something was to be executed and no engine was bound to execute it."""


# ------------------------------------------------------------------------ database


def parameters_text(params: object, ismulti: bool | None = None) -> str:
    """The text of parameters for a log line or an error: long values and lists are shortened.

    Of many sets the first eight and the last two are shown; each value is cut at 300 characters.
    ``ismulti=None`` finds out by looking, and then cuts one set as a whole.
    """
    if ismulti is None:
        if not (isinstance(params, list) and params and _is_set(params[0])):
            return _cut(params)
    elif not ismulti or not isinstance(params, Sequence):
        return _set_text(params)
    assert isinstance(params, Sequence)
    if len(params) <= _MAX_SETS:
        return f"[{', '.join(map(_set_text, params))}]"
    head = ", ".join(map(_set_text, params[: _MAX_SETS - 2]))
    tail = ", ".join(map(_set_text, params[-2:]))
    shown = f"displaying {_MAX_SETS} of {len(params)} total bound parameter sets"
    return f"[{head}  ... {shown} ...  {tail}]"


def _is_set(value: object) -> bool:
    return isinstance(value, (tuple, list, Mapping))


def _cut(value: object) -> str:
    text = repr(value)
    extra = len(text) - _MAX_CHARS
    if extra <= 0:
        return text
    half = _MAX_CHARS // 2
    return f"{text[:half]} ... ({extra} characters truncated) ... {text[-half:]}"


def _set_text(params: object) -> str:
    if isinstance(params, Mapping):
        return "{" + _join_cut([f"{key!r}: {_cut(value)}" for key, value in params.items()]) + "}"
    if isinstance(params, (tuple, list)):
        values = _join_cut([_cut(value) for value in params])
        if isinstance(params, list):
            return f"[{values}]"
        return f"({values},)" if len(params) == 1 else f"({values})"
    return _cut(params)


def _join_cut(texts: list[str]) -> str:
    extra = len(texts) - _MAX_VALUES
    if extra <= 0:
        return ", ".join(texts)
    half = _MAX_VALUES // 2
    head, tail = ", ".join(texts[:half]), ", ".join(texts[-half:])
    return f"{head} ... {extra} parameters truncated ... {tail}"


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
            _driver_message(orig), statement, params, orig, hide_parameters, code, ismulti
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
            message = f"({_qualified(type(orig))}) {orig.args[0] if orig.args else ''}"
            return StatementError(
                message, statement, params, orig, hide_parameters, orig.code, ismulti
            )
        if not isinstance(orig, dbapi_base_err) and statement:
            return StatementError(
                _driver_message(orig), statement, params, orig, hide_parameters, None, ismulti
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


def _qualified(cls: type[Any]) -> str:
    return f"{cls.__module__}.{cls.__name__}"


def _driver_message(orig: BaseException) -> str:
    return f"({_qualified(type(orig))}) {orig}"


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


# ----------------------------------------------------------------------------- ORM


class StaleDataError(SQLAlchemyError):
    """An UPDATE or DELETE of a mapped object met another number of rows than expected.

    Somebody else deleted the row, or changed it (version counters).
    """


ConcurrentModificationError = StaleDataError


class FlushError(SQLAlchemyError):
    """A flush can't be done: the state of the objects is contradictory."""


class MappedAnnotationError(ArgumentError):
    """A ``Mapped[...]`` annotation can't be turned into a mapped attribute."""


class UnmappedError(InvalidRequestError):
    """Something that is not mapped was used where a mapped thing is needed."""


class ObjectDereferencedError(SQLAlchemyError):
    """An operation needs an object that has been garbage collected."""


class DetachedInstanceError(SQLAlchemyError):
    """An attribute that was never loaded was read on an object outside any session."""

    code = "bhk3"


class UnmappedInstanceError(UnmappedError):
    """An object whose class is not mapped was given to the ORM."""

    def __init__(self, obj: object, msg: str | None = None) -> None:
        if msg is None:
            cls = type(obj)
            msg = f"Class '{_qualified(cls)}' is not mapped"
            if isinstance(obj, type):
                msg += f"; was a class ({_qualified(obj)}) supplied where an instance was required?"
        super().__init__(msg)
        self._obj_text = repr(obj)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (None, self.args[0])


class UnmappedClassError(UnmappedError):
    """A class that is not mapped was given to the ORM."""

    def __init__(self, cls: type[Any], msg: str | None = None) -> None:
        super().__init__(msg or f"Class '{_qualified(cls)}' is not mapped")

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (object, self.args[0])


class ObjectDeletedError(InvalidRequestError):
    """The row of an object that was to be refreshed is gone.

    :param state: the object's state, which can name the object by ``state.class_``.
    """

    def __init__(self, state: Any, msg: str | None = None) -> None:
        if msg is None:
            name = getattr(getattr(state, "class_", None), "__name__", type(state).__name__)
            msg = (
                f"Instance '<{name} at {id(state):#x}>' has been deleted, "
                "or its row is otherwise not present."
            )
        super().__init__(msg)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (None, self.args[0])


class UnmappedColumnError(InvalidRequestError):
    """A column that is not mapped was used where a mapped one is needed."""


class LoaderStrategyException(InvalidRequestError):
    """A loader option doesn't fit the kind of attribute it was applied to."""

    def __init__(
        self,
        applied_to_property_type: type[Any],
        requesting_property: object,
        applies_to: type[Any] | None = None,
        actual_strategy_type: type[Any] | None = None,
        strategy_key: Iterable[object] = (),
    ) -> None:
        fits = "" if applies_to is None else f"; it applies to {applies_to.__name__} attributes"
        super().__init__(
            f"The loader strategy {tuple(strategy_key)!r} can't be applied to "
            f"'{requesting_property}', which is a {applied_to_property_type.__name__}{fits}"
        )


# ------------------------------------------------------------------------ warnings


class SADeprecationWarning(HasDescriptionCode, DeprecationWarning):
    """Use of an API that will go away."""

    deprecated_since: str | None = None


class Base20DeprecationWarning(SADeprecationWarning):
    """Use of an API that 2.0 deprecated."""


class LegacyAPIWarning(Base20DeprecationWarning):
    """Use of an API that is legacy: kept, but replaced by a better one."""


class MovedIn20Warning(Base20DeprecationWarning):
    """Use of a name under its old import path."""


class SAPendingDeprecationWarning(PendingDeprecationWarning):
    """Use of an API that will be deprecated."""

    deprecated_since: str | None = None


class SAWarning(HasDescriptionCode, RuntimeWarning):
    """Something at run time is probably not what was meant."""
