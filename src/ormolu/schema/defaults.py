"""Where a column's value comes from when a statement doesn't give it.

On Python's side: `ColumnDefault` (a value, a function, a SQL expression). On the database's:
`DefaultClause` (``DEFAULT …``), `FetchedValue` (a trigger, say), `Computed`. What counts, sequences
and identity columns, is in ``sequences.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from ormolu.deferred import deferred
from ormolu.exc import ArgumentError
from ormolu.sql.clause import ClauseElement
from ormolu.sql.coercion import resolve
from ormolu.sql.constants import FALSE, TRUE
from ormolu.sql.elements import ColumnElement
from ormolu.sql.expressions import type_coerce
from ormolu.sql.selectbase import SelectBase
from ormolu.sql.selecting import select
from ormolu.sql.text import TextClause, text

from .item import SchemaItem

if TYPE_CHECKING:
    import inspect

    from ormolu.sql.select import Select

    from .column import Column
else:
    inspect = deferred("inspect")


class DefaultGenerator(SchemaItem):
    """Base of what makes a value when an INSERT (or, ``for_update``, an UPDATE) doesn't give it."""

    is_sequence = False
    is_scalar = False
    is_callable = False
    is_clause_element = False
    is_server_default = False
    is_identity = False
    is_sentinel = False
    has_arg = False
    column: Column[Any] | None = None

    def __init__(self, for_update: bool = False) -> None:
        self.for_update = for_update

    def _set_parent(self, parent: Any, **options: Any) -> None:
        self.column = parent
        if self.for_update:
            parent.onupdate = self
        else:
            parent.default = self


class ColumnDefault(DefaultGenerator):
    """A default made by the program: a plain value, a function, or a SQL expression.

    ``ColumnDefault(arg)`` gives the subclass that fits. A function may take one argument, the
    context of the execution; ``.arg`` always takes it.
    """

    has_arg = True
    arg: Any

    def __new__(cls, arg: Any = None, for_update: bool = False) -> ColumnDefault:
        if cls is not ColumnDefault:
            return object.__new__(cls)
        if isinstance(arg, FetchedValue):
            raise ArgumentError(
                "ColumnDefault may not be a server-side default type: write server_default="
            )
        if isinstance(arg, ClauseElement) or hasattr(arg, "__clause_element__"):
            return object.__new__(ColumnElementColumnDefault)
        if callable(arg):
            return object.__new__(CallableColumnDefault)
        return object.__new__(ScalarElementColumnDefault)

    def __init__(self, arg: Any = None, for_update: bool = False) -> None:
        super().__init__(for_update)
        self.arg = arg

    def _copy(self) -> ColumnDefault:
        return type(self)(self.arg, self.for_update)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.arg!r})"


class ScalarElementColumnDefault(ColumnDefault):
    """A default that is a plain value."""

    is_scalar = True


class ColumnElementColumnDefault(ColumnDefault):
    """A default that is a SQL expression, written into the statement."""

    is_clause_element = True

    def __init__(self, arg: Any = None, for_update: bool = False) -> None:
        maker = getattr(arg, "__clause_element__", None)
        super().__init__(arg if maker is None else maker(), for_update)

    @property
    def question(self) -> Select[Any]:
        """The SELECT that asks the database for the value, which is of the column's type."""
        arg = self.arg
        if isinstance(arg, SelectBase):
            arg = arg.scalar_subquery()
        kind = getattr(arg, "type", None)
        if self.column is not None and kind is not None and kind._is_null:
            arg = type_coerce(arg, self.column.type)
        return select(arg)


class InsertSentinelDefault(ColumnDefault):
    """The default of an `insert_sentinel` column: the number of the row in its INSERT."""

    is_sentinel = True

    def __init__(self, arg: Any = None, for_update: bool = False) -> None:
        super().__init__(None, False)


class CallableColumnDefault(ColumnDefault):
    """A default that is a function of the execution context."""

    is_callable = True

    def __init__(self, arg: Any = None, for_update: bool = False) -> None:
        super().__init__(arg, for_update)
        self.arg = _taking_context(arg)


def _taking_context(function: Any) -> Callable[[Any], Any]:
    """``function`` as one that takes the execution context.

    :raises ArgumentError: it needs more than one argument.
    """
    if getattr(function, "_takes_context", False):
        return function  # type: ignore[no-any-return]
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a function of C that says nothing of its arguments
        parameters = []
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in positional if p.default is p.empty]
    if len(needed) > 1:
        raise ArgumentError(
            "ColumnDefault Python function takes zero or one positional arguments (the execution "
            f"context); {getattr(function, '__qualname__', function)!r} needs {len(needed)}"
        )
    if len(needed) == 1:
        return function  # type: ignore[no-any-return]

    def without_context(context: Any) -> Any:
        return function()

    without_context._takes_context = True  # type: ignore[attr-defined]
    return update_wrapper(without_context, function)


class FetchedValue(SchemaItem):
    """A value that the database makes by means the schema doesn't show, such as a trigger."""

    __visit_name__ = "fetched_value"

    is_server_default = True
    is_clause_element = False
    is_identity = False
    reflected = False
    has_argument = False
    column: Column[Any] | None = None

    def __init__(self, for_update: bool = False) -> None:
        self.for_update = for_update

    def _set_parent(self, parent: Any, **options: Any) -> None:
        self.column = parent
        if self.for_update:
            parent.server_onupdate = self
        else:
            parent.server_default = self

    def _as_for_update(self, for_update: bool) -> FetchedValue:
        if for_update == self.for_update:
            return self
        copy = self._copy()
        copy.for_update = for_update
        return copy

    def copy(self, **kw: Any) -> FetchedValue:
        """One like this that is on no column."""
        return self._copy()

    def _copy(self) -> FetchedValue:
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.__dict__.pop("column", None)
        return new

    def __repr__(self) -> str:
        return f"{type(self).__name__}(for_update={self.for_update!r})"


class DefaultClause(FetchedValue):
    """``DEFAULT arg`` in DDL: a string is a literal, an expression stands as it is."""

    has_argument = True

    def __init__(
        self, arg: str | ClauseElement, for_update: bool = False, _reflected: bool = False
    ) -> None:
        if not isinstance(arg, (str, ClauseElement)):
            raise ArgumentError(
                f"Argument 'arg' is expected to be one of type 'str', 'ClauseElement' or "
                f'\'TextClause\', got {arg!r}; write server_default="0" or text("...")'
            )
        super().__init__(for_update)
        self.arg = arg
        self.reflected = _reflected

    def __repr__(self) -> str:
        return f"DefaultClause({self.arg!r}, for_update={self.for_update!r})"


def ddl_expression(owner: str, given: Any) -> Any:
    """The SQL expression that was given to a CHECK or to a generated column; a string is SQL text.

    :param owner: the name of the class that it was given to.
    :raises ArgumentError: it is no SQL expression.
    """
    if isinstance(given, str):
        return text(given)
    found = TRUE if given is True else FALSE if given is False else resolve(given)
    if not isinstance(found, (ColumnElement, TextClause)):
        raise ArgumentError(
            f"SQL expression element for {owner} expected, got {given!r}; write SQL as a string, "
            "or an expression of columns"
        )
    return found


class Computed(FetchedValue):
    """``GENERATED ALWAYS AS (sqltext)``; ``persisted`` says STORED (True) or VIRTUAL (False)."""

    __visit_name__ = "computed_column"

    def __init__(
        self, sqltext: str | ColumnElement[Any] | TextClause, persisted: bool | None = None
    ) -> None:
        super().__init__()
        self.sqltext = ddl_expression("Computed", sqltext)
        self.persisted = persisted

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if parent.server_default is not None or parent.server_onupdate is not None:
            raise ArgumentError(
                "A generated column cannot specify a server_default or a server_onupdate argument"
            )
        self.column = parent
        parent.computed = self
        parent.server_default = self
        parent.server_onupdate = self

    def __repr__(self) -> str:
        return f"Computed({self.sqltext!r})"
