"""SQL functions: ``func.anything(...)``, and the classes of those whose result type is known.

``func.name`` gives an object that makes a function of that name when called; further attributes
are package names (``func.stats.percentile(...)``). A name that a `GenericFunction` subclass has
registered makes that class, so that ``func.count()`` is an integer and ``func.max(x)`` is of
``x``'s type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, overload

from ..exc import ArgumentError
from ..types import (
    NULLTYPE,
    Date,
    DateTime,
    Integer,
    String,
    Time,
    TypeEngine,
)
from . import operators as ops
from .coercion import operand
from .columns import literal_column
from .elements import BindParameter, ColumnElement, Grouping, as_type
from .node import CONST, NODES, Kind
from .window import FunctionFilter, Over, WithinGroup

if TYPE_CHECKING:
    import datetime

    from .column_operators import SQLCoreOperations
    from .operators import Operator

_T = TypeVar("_T")

registry: Final[dict[str, type[GenericFunction[Any]]]] = {}
"""The generic functions by lower-case name."""


class FunctionElement(ColumnElement[_T]):
    """Base of functions: a name and arguments. ``clauses`` are the arguments."""

    __slots__ = ("clauses", "name", "packagenames")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "name": CONST,
        "packagenames": CONST,
        "clauses": NODES,
    }
    __visit_name__ = "function"

    name: str
    packagenames: tuple[str, ...]
    clauses: tuple[ColumnElement[Any], ...]

    def __init__(self, *clauses: Any) -> None:
        self._init_function(type(self).__name__, (), clauses, NULLTYPE)

    def _init_function(
        self, name: str, packages: tuple[str, ...], given: tuple[Any, ...], type_: TypeEngine[Any]
    ) -> None:
        self.name = name
        self.packagenames = packages
        self.clauses = tuple(
            [operand(g, name=name).self_group(ops.comma_op) for g in given] if given else ()
        )
        self.type = type_
        self._seal()

    @property
    def key(self) -> str | None:  # type: ignore[override]
        return self.name

    @property
    def _anon_base(self) -> str:
        return self.name

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return tuple(found for clause in self.clauses for found in clause._from_objects)

    def _bind_for(self, operator: Operator, value: Any, expanding: bool = False) -> Any:
        return BindParameter(
            self.name,
            value,
            unique=True,
            expanding=expanding,
            _compared_to=operator,
            _compared_to_type=self.type,
        )

    def over(
        self,
        *,
        partition_by: Any = None,
        order_by: Any = None,
        rows: tuple[int | None, int | None] | None = None,
        range_: tuple[int | None, int | None] | None = None,
        groups: tuple[int | None, int | None] | None = None,
    ) -> Over[_T]:
        """This function as a window function."""
        return Over(self, partition_by, order_by, range_, rows, groups)

    def filter(self, *criterion: Any) -> FunctionFilter[_T] | FunctionElement[_T]:
        """``FILTER (WHERE …)``; without criteria, the function as it is."""
        return FunctionFilter(self, *criterion) if criterion else self

    def within_group(self, *order_by: Any) -> WithinGroup[_T]:
        """``WITHIN GROUP (ORDER BY …)``."""
        return WithinGroup(self, *order_by)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        if against is ops.getitem:
            return Grouping(self)
        return super().self_group(against)


class Function(FunctionElement[_T]):
    """A function by name, of a type that is given or not known."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        *clauses: Any,
        type_: TypeEngine[_T] | type[TypeEngine[_T]] | None = None,
        packagenames: tuple[str, ...] | None = None,
    ) -> None:
        self._init_function(name, tuple(packagenames or ()), clauses, as_type(type_))


class GenericFunction(FunctionElement[_T]):
    """A function whose result type is known; a subclass registers itself under its name.

    Class attributes: ``type``, the result's type; ``name``, when it isn't the class's name;
    ``identifier``, the name in ``func``; ``inherit_cache`` is accepted and unneeded. ``package``
    is not used.
    """

    __slots__ = ()
    _result: ClassVar[TypeEngine[Any] | type[TypeEngine[Any]] | None] = None

    def __init_subclass__(cls, register: bool = True, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__
        given_names = set(own)
        # These class attributes would hide the slots; the constructor stores them per instance.
        for given, kept in (("type", "_result"), ("name", "_function_name")):
            if given in own:
                setattr(cls, kept, own[given])
                delattr(cls, given)
        if "name" not in given_names and "__abstract__" not in own:
            cls._function_name = cls.__name__
        if register and "__abstract__" not in own:
            registry[own.get("identifier", cls._function_name).lower()] = cls

    _function_name: ClassVar[str] = "GenericFunction"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = kwargs.get("type_")
        type_ = as_type(given if given is not None else self._result)
        self._init_function(self._function_name, (), args, type_)


class ReturnTypeFromArgs(GenericFunction[_T]):
    """A function whose result has the type of its arguments."""

    __slots__ = ()
    __abstract__ = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs.get("type_") is None:
            types = [clause.type for clause in self.clauses]
            self.type = next((t for t in types if not t._is_null), NULLTYPE)
            self._seal()


class coalesce(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class max(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class min(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class sum(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class pow(ReturnTypeFromArgs[_T]):
    __slots__ = ()


class count(GenericFunction[int]):
    """``count(expression)``; without one, ``count(*)``."""

    __slots__ = ()
    _result = Integer

    def __init__(self, expression: Any = None, /, **kwargs: Any) -> None:
        argument = literal_column("*") if expression is None else expression
        super().__init__(argument, **kwargs)


class now(GenericFunction[Any]):
    __slots__ = ()
    _result = DateTime


class concat(GenericFunction[str]):
    __slots__ = ()
    _result = String


class char_length(GenericFunction[int]):
    __slots__ = ()
    _result = Integer

    def __init__(self, arg: Any, **kwargs: Any) -> None:
        super().__init__(arg, **kwargs)


class random(GenericFunction[float]):
    __slots__ = ()


class AnsiFunction(GenericFunction[_T]):
    """A function that is written without parentheses when it has no arguments."""

    __slots__ = ()
    __abstract__ = True
    __visit_name__ = "ansi_function"


class current_date(AnsiFunction[Any]):
    __slots__ = ()
    _result = Date


class current_time(AnsiFunction[Any]):
    __slots__ = ()
    _result = Time


class current_timestamp(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class localtime(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class localtimestamp(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class current_user(AnsiFunction[str]):
    __slots__ = ()
    _result = String


class session_user(AnsiFunction[str]):
    __slots__ = ()
    _result = String


class user(AnsiFunction[str]):
    __slots__ = ()
    _result = String


class sysdate(AnsiFunction[Any]):
    __slots__ = ()
    _result = DateTime


class rank(GenericFunction[int]):
    __slots__ = ()
    _result = Integer


class dense_rank(GenericFunction[int]):
    __slots__ = ()
    _result = Integer


class _FunctionGenerator:
    """What ``func`` is, and what each attribute of it is until it is called."""

    __slots__ = ("_names", "_options")

    if TYPE_CHECKING:
        # The functions whose result type is known, for inference; they are made by `__call__`.
        def count(self, expression: Any = None, /, **kwargs: Any) -> FunctionElement[int]: ...
        @overload
        def max(self, of: SQLCoreOperations[_T], /, *more: Any) -> FunctionElement[_T]: ...
        @overload
        def max(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def max(self, of: Any, /, *more: Any) -> Any: ...
        @overload
        def min(self, of: SQLCoreOperations[_T], /, *more: Any) -> FunctionElement[_T]: ...
        @overload
        def min(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def min(self, of: Any, /, *more: Any) -> Any: ...
        @overload
        def sum(self, of: SQLCoreOperations[_T], /, *more: Any) -> FunctionElement[_T]: ...
        @overload
        def sum(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def sum(self, of: Any, /, *more: Any) -> Any: ...
        @overload
        def pow(self, base: SQLCoreOperations[_T], exponent: Any, /) -> FunctionElement[_T]: ...
        @overload
        def pow(self, base: Any, exponent: Any, /) -> FunctionElement[Any]: ...
        def pow(self, base: Any, exponent: Any, /) -> Any: ...
        @overload
        def coalesce(
            self, of: SQLCoreOperations[_T | None], /, *more: Any
        ) -> FunctionElement[_T]: ...
        @overload
        def coalesce(self, of: Any, /, *more: Any) -> FunctionElement[Any]: ...
        def coalesce(self, of: Any, /, *more: Any) -> Any: ...
        def concat(self, *clauses: Any) -> FunctionElement[str]: ...
        def char_length(self, expression: Any, /) -> FunctionElement[int]: ...
        def random(self) -> FunctionElement[float]: ...
        def rank(self) -> FunctionElement[int]: ...
        def dense_rank(self) -> FunctionElement[int]: ...
        def now(self) -> FunctionElement[datetime.datetime]: ...
        def current_timestamp(self) -> FunctionElement[datetime.datetime]: ...
        def current_date(self) -> FunctionElement[datetime.date]: ...
        def current_time(self) -> FunctionElement[datetime.time]: ...
        def localtime(self) -> FunctionElement[datetime.datetime]: ...
        def localtimestamp(self) -> FunctionElement[datetime.datetime]: ...
        def sysdate(self) -> FunctionElement[datetime.datetime]: ...
        def current_user(self) -> FunctionElement[str]: ...
        def session_user(self) -> FunctionElement[str]: ...
        def user(self) -> FunctionElement[str]: ...

    def __init__(self, names: tuple[str, ...] = (), **options: Any) -> None:
        self._names = names
        self._options = options

    def __getattr__(self, name: str) -> _FunctionGenerator:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith("_"):
            name = name[:-1]
        return _FunctionGenerator((*self._names, name), **self._options)

    def __call__(self, *clauses: Any, **kwargs: Any) -> FunctionElement[Any]:
        if not self._names:
            raise ArgumentError("func itself can't be called; write func.name(...)")
        *packages, name = self._names
        if not packages:
            generic = registry.get(name.lower())
            if generic is not None:
                return generic(*clauses, **kwargs)
        return Function(name, *clauses, packagenames=tuple(packages), **kwargs)


func: Final = _FunctionGenerator()
"""Makes functions: ``func.count()``, ``func.lower(users.c.name)``."""


def _power(left: Any, operator: Operator, other: Any, reverse: bool = False) -> pow[Any]:
    return pow(other, left) if reverse else pow(left, other)


ops.pow.build = _power
