"""Statements from lambdas: `lambda_stmt`.

SQLAlchemy invokes such a lambda once and then only looks at what it closes over, because building
a statement is dear there. Here a statement's key is ready when it is built, and building it costs
about as much as looking at a closure; so the lambdas are simply called, each time, and closed-over
values become binds as anywhere else. What ``enable_tracking`` and its kin would turn off doesn't
exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ..exc import ArgumentError
from .clause import ClauseElement
from .executable import Executable
from .immutable import immutabledict
from .node import NODE, Kind

if TYPE_CHECKING:
    from typing import Self

__all__ = ["LambdaElement", "StatementLambdaElement", "lambda_stmt"]


class LambdaElement(ClauseElement):
    """Base of elements made by a function; ``_resolved`` is what the function gave."""

    __slots__ = ()

    _resolved: Any


class StatementLambdaElement(Executable, LambdaElement):
    """A statement made by functions; see `lambda_stmt`. ``stmt += lambda s: …`` adds to it."""

    __slots__ = ("_resolved",)
    _fields: ClassVar[Mapping[str, Kind]] = {"_resolved": NODE}
    __visit_name__ = "lambda_element"

    def __init__(self, fn: Callable[[], Any]) -> None:
        self._init_executable()
        self._resolve(_called(fn))

    def _resolve(self, statement: Any) -> None:
        if not isinstance(statement, Executable):
            raise ArgumentError(
                f"the function of lambda_stmt() must give a statement, not {statement!r}"
            )
        self._resolved = statement
        self._plugin = statement._plugin
        self._seal()

    @property
    def is_select(self) -> bool:  # type: ignore[override]
        return bool(self._resolved.is_select)

    @property
    def is_dml(self) -> bool:  # type: ignore[override]
        return bool(self._resolved.is_dml)

    def add_criteria(self, other: Callable[[Any], Any], **tracking: Any) -> Self:
        """A statement that the function makes of this one; ``tracking`` has no effect here."""
        new = self._copy()
        new._resolve(_called(other, self._resolved))
        return new

    def __add__(self, other: Callable[[Any], Any]) -> Self:
        return self.add_criteria(other)

    def spoil(self) -> Self:
        """This statement: its functions are called each time already."""
        return self

    def execution_options(self, **options: Any) -> Self:
        new = self._copy()
        new._resolve(self._resolved.execution_options(**options))
        return new

    def get_execution_options(self) -> immutabledict[str, Any]:
        found: immutabledict[str, Any] = self._resolved.get_execution_options()
        return found

    def options(self, *options: Any) -> Self:
        new = self._copy()
        new._resolve(self._resolved.options(*options))
        return new


def _called(fn: Callable[..., Any], *args: Any) -> Any:
    if not callable(fn):
        raise ArgumentError(f"lambda_stmt() takes a function that makes a statement, not {fn!r}")
    return fn(*args)


def lambda_stmt(
    lmb: Callable[[], Any],
    enable_tracking: bool = True,
    track_closure_variables: bool = True,
    track_on: object | None = None,
    global_track_bound_values: bool = True,
    track_bound_values: bool = True,
    lambda_cache: Any = None,
) -> StatementLambdaElement:
    """A statement made by a function, to which ``+=`` adds with further functions.

    Only ``lmb`` has an effect; the others are those of SQLAlchemy, whose work isn't needed here.
    Raises `ArgumentError` when ``lmb`` gives no statement.
    """
    return StatementLambdaElement(lmb)
