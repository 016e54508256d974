"""Wrong use of the toolkit: the two trunks that are ours, and the warnings."""

from __future__ import annotations

from typing import Any

__all__ = [
    "AmbiguousColumnError",
    "AmbiguousForeignKeysError",
    "ArgumentError",
    "AwaitRequired",
    "Base20DeprecationWarning",
    "CircularDependencyError",
    "CompileError",
    "ConstraintColumnNotFoundError",
    "DisconnectionError",
    "DontWrapMixin",
    "DuplicateColumnError",
    "EmulatedDBAPIException",
    "HasDescriptionCode",
    "IdentifierError",
    "IllegalStateChangeError",
    "InvalidRequestError",
    "InvalidatePoolError",
    "LegacyAPIWarning",
    "MissingGreenlet",
    "MovedIn20Warning",
    "MultipleResultsFound",
    "NoDBAPILoaded",
    "NoForeignKeysError",
    "NoInspectionAvailable",
    "NoReferenceError",
    "NoReferencedColumnError",
    "NoReferencedTableError",
    "NoResultFound",
    "NoSuchColumnError",
    "NoSuchModuleError",
    "NoSuchTableError",
    "ObjectNotExecutableError",
    "PendingRollbackError",
    "ResourceClosedError",
    "SADeprecationWarning",
    "SAPendingDeprecationWarning",
    "SAWarning",
    "SQLAlchemyError",
    "TimeoutError",
    "UnboundExecutionError",
    "UnreflectableTableError",
    "UnsupportedCompilationError",
    "as_public",
    "qualified",
]


def as_public(namespace: dict[str, Any]) -> None:
    """Make ``ormolu.exc`` the home of a module's classes, where their users import them from.

    Tracebacks, logs and pickles name it, whichever file the class is written in.
    """
    for value in namespace.values():
        if isinstance(value, type) and value.__module__ == namespace["__name__"]:
            value.__module__ = __package__


def qualified(cls: type[Any]) -> str:
    """The class's name as errors show it, with its module's."""
    return f"{cls.__module__}.{cls.__name__}"


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


as_public(globals())
