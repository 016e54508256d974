"""Where a column's value comes from when a statement doesn't give it.

On Python's side: `ColumnDefault` (a value, a function, a SQL expression) and `Sequence`. On the
database's: `DefaultClause` (``DEFAULT …``), `FetchedValue` (a trigger, say), `Computed`,
`Identity`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ormolu.deferred import deferred
from ormolu.exc import ArgumentError
from ormolu.sql.clause import ClauseElement
from ormolu.sql.elements import ColumnElement
from ormolu.sql.text import TextClause, text
from ormolu.types import INTEGERTYPE, TypeEngine, to_instance

from .item import DialectOptions, SchemaItem, split_dialect_options

if TYPE_CHECKING:
    import inspect

    from .column import Column
    from .metadata import MetaData
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
            raise ArgumentError("ColumnDefault may not be a server-side default type")
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
        raise ArgumentError("ColumnDefault Python function takes zero or one positional arguments")
    if len(needed) == 1:
        return function  # type: ignore[no-any-return]

    def without_context(context: Any) -> Any:
        return function()

    without_context._takes_context = True  # type: ignore[attr-defined]
    without_context.__wrapped__ = function  # type: ignore[attr-defined]
    return without_context


class FetchedValue(SchemaItem):
    """A value that the database makes by means the schema doesn't show, such as a trigger."""

    is_server_default = True
    is_clause_element = False
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


class Computed(FetchedValue):
    """``GENERATED ALWAYS AS (sqltext)``; ``persisted`` says STORED (True) or VIRTUAL (False)."""

    def __init__(
        self, sqltext: str | ColumnElement[Any] | TextClause, persisted: bool | None = None
    ) -> None:
        super().__init__()
        self.sqltext: Any = text(sqltext) if isinstance(sqltext, str) else sqltext
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


class IdentityOptions:
    """What a sequence and an identity column have in common."""

    def _set_options(self, options: dict[str, Any]) -> None:
        self.start: int | None = options.get("start")
        self.increment: int | None = options.get("increment")
        self.minvalue: int | None = options.get("minvalue")
        self.maxvalue: int | None = options.get("maxvalue")
        self.nominvalue: bool | None = options.get("nominvalue")
        self.nomaxvalue: bool | None = options.get("nomaxvalue")
        self.cycle: bool | None = options.get("cycle")
        self.cache: int | None = options.get("cache")
        self.order: bool | None = options.get("order")


class Identity(IdentityOptions, FetchedValue):
    """``GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY``."""

    is_identity = True

    def __init__(
        self,
        always: bool | None = False,
        on_null: bool | None = None,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        cache: int | None = None,
        order: bool | None = None,
        **dialect_kw: Any,
    ) -> None:
        options = locals()
        FetchedValue.__init__(self)
        self._set_options(options)
        self.always = always
        self.on_null = on_null
        self.dialect_options = DialectOptions(split_dialect_options(dialect_kw))

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if parent.server_default is not None or parent.server_onupdate is not None:
            raise ArgumentError(
                "A column with an Identity object cannot specify a server_default or a "
                "server_onupdate argument"
            )
        if parent.autoincrement is False:
            raise ArgumentError(
                "A column with an Identity object cannot specify autoincrement=False"
            )
        self.column = parent
        parent.identity = self
        parent.server_default = self
        if not parent._nullable_given:
            parent.nullable = False

    def __repr__(self) -> str:
        return "Identity()"


class Sequence(IdentityOptions, DefaultGenerator):
    """A named counter of the database; as a column's default, it gives the column's values.

    On databases without sequences it is left out, and so is an ``optional`` one where the
    database generates keys anyway.
    """

    __visit_name__ = "sequence"
    is_sequence = True

    def __init__(
        self,
        name: str,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        schema: str | None = None,
        cache: int | None = None,
        order: bool | None = None,
        data_type: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        optional: bool = False,
        quote: bool | None = None,
        metadata: MetaData | None = None,
        quote_schema: bool | None = None,
        for_update: bool = False,
        **dialect_kw: Any,
    ) -> None:
        options = locals()
        DefaultGenerator.__init__(self, for_update)
        self._set_options(options)
        self.name = name
        self.optional = optional
        self.quote = quote
        self.schema = schema
        if schema is None and metadata is not None:
            self.schema = metadata.schema
        self.data_type = INTEGERTYPE if data_type is None else to_instance(data_type)
        self.dialect_options = DialectOptions(split_dialect_options(dialect_kw))
        self.metadata = metadata
        if metadata is not None:
            metadata._add_sequence(self)

    @property
    def fullname(self) -> str:
        """The name, with the schema's before it."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"

    def _set_parent(self, parent: Any, **options: Any) -> None:
        super()._set_parent(parent, **options)
        parent._when_in_table(lambda column, table: self._join(table.metadata))

    def _join(self, metadata: MetaData) -> None:
        self.metadata = metadata
        metadata._add_sequence(self)

    def _copy(self) -> Sequence:
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.__dict__.pop("column", None)
        new.metadata = None
        return new

    def __repr__(self) -> str:
        return f"Sequence({self.name!r})"
