"""Functions as nodes: `FunctionElement`, and `GenericFunction`, whose subclasses are known by name.

A subclass of `GenericFunction` registers itself, so that ``func.<identifier>(...)`` makes it. Its
class attributes (``type``, ``name``) are those that instances have as slots: they are taken off the
class when it is made, and the constructor stores them in each instance.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from ..exc import SAWarning
from ..types import BOOLEANTYPE, NULLTYPE, TypeEngine
from . import operators as ops
from .coercion import operand
from .elements import BinaryExpression, BindParameter, ColumnElement, Grouping, as_type
from .node import CONST, FACT, NODE, NODES, Kind, Node
from .table_valued import TableValued
from .window import AggregateOrderBy, Frame, FunctionFilter, Over, WithinGroup

if TYPE_CHECKING:
    from .operators import Operator

_T = TypeVar("_T")

registry: Final[dict[str, Any]] = {}
"""What ``func.<name>`` makes, by lower-case name."""

_packages: Final[dict[str, dict[str, Any]]] = {"_default": registry}


def register_function(identifier: str, fn: Any, package: str = "_default") -> None:
    """Let ``func.<identifier>(...)`` call ``fn``: a `GenericFunction`, or any callable.

    Parameters: ``package``, when it is to be ``func.<package>.<identifier>``.

    Warns when there is one of that name already.
    """
    known = _packages.setdefault(package.lower(), {})
    name = identifier.lower()
    if name in known and known[name] is not fn:
        warnings.warn(
            f"The GenericFunction {identifier!r} is already registered and is going to be "
            "overridden.",
            SAWarning,
            stacklevel=3,
        )
    known[name] = fn


def registered(packages: tuple[str, ...], name: str) -> Any:
    """What is registered under a name, None for nothing."""
    if len(packages) > 1:
        return None
    known = _packages.get(packages[0].lower() if packages else "_default")
    return None if known is None else known.get(name.lower())


class FunctionElement(TableValued, ColumnElement[_T]):
    """Base of functions: a name and arguments. ``clauses`` are the arguments."""

    __slots__ = ("clauses", "name", "packagenames")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "name": CONST,
        "packagenames": CONST,
        "clauses": NODES,
    }
    __visit_name__ = "function"
    _unnamed: ClassVar[bool] = False
    """Whether it is a user's class that declares no name."""

    name: str
    packagenames: tuple[str, ...]
    clauses: tuple[ColumnElement[Any], ...]

    def __init__(self, *clauses: Any) -> None:
        cls: Any = type(self)
        # A user's class may declare both; to others these are slots.
        name = cls.name if isinstance(cls.name, str) else cls.__name__
        type_ = cls.type if isinstance(cls.type, TypeEngine) else NULLTYPE
        self._init_function(name, (), clauses, type_)

    @property
    def description(self) -> str:
        """The name."""
        return self.name

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
        return "anon" if self._unnamed else self.name

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return tuple(found for clause in self.clauses for found in clause._from_objects)

    def over(
        self,
        *,
        partition_by: Any = None,
        order_by: Any = None,
        rows: Frame | None = None,
        range_: Frame | None = None,
        groups: Frame | None = None,
        exclude: str | None = None,
    ) -> Over[_T]:
        """This function as a window function; see `over`."""
        return Over(self, partition_by, order_by, range_, rows, groups, exclude)

    def filter(self, *criterion: Any) -> FunctionFilter[_T] | FunctionElement[_T]:
        """``FILTER (WHERE …)``; without criteria, the function as it is."""
        return FunctionFilter(self, *criterion) if criterion else self

    def within_group(self, *order_by: Any) -> WithinGroup[_T]:
        """``WITHIN GROUP (ORDER BY …)``."""
        return WithinGroup(self, *order_by)

    def within_group_type(self, within_group: WithinGroup[Any]) -> TypeEngine[Any] | None:
        """The type of this function's result when it stands in ``within_group``.

        None means the function's own type.
        """
        return None

    def aggregate_order_by(self, *order_by: Any) -> AggregateOrderBy[_T]:
        """``function(argument ORDER BY …)``."""
        return AggregateOrderBy(self, *order_by)

    def as_comparison(self, left_index: int, right_index: int) -> FunctionAsBinary:
        """This function as a comparison of two of its arguments (numbered from 1).

        For functions such as ``ST_Contains(a, b)``, so that a relationship may join by them.
        """
        return FunctionAsBinary(self, left_index, right_index)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        # What gives an array is in parentheses before an index: (array_agg(x))[1].
        if against is ops.getitem and hasattr(self.type, "item_type"):
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

    def _bind_for(self, operator: Operator, value: Any, expanding: bool = False) -> Any:
        return BindParameter(
            self.name,
            value,
            unique=True,
            expanding=expanding,
            _compared_to=operator,
            _compared_to_type=self.type,
        )


class GenericFunction(Function[_T]):
    """A function whose result type is known; a subclass registers itself under its name.

    Class attributes: ``type``, the result's type; ``name``, when it isn't the class's name;
    ``identifier``, the name in ``func``; ``package``, when that is ``func.<package>.<identifier>``;
    ``inherit_cache`` is accepted and unneeded.
    """

    __slots__ = ()
    _result: ClassVar[TypeEngine[Any] | type[TypeEngine[Any]] | None] = None
    _function_name: ClassVar[str] = "GenericFunction"

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
            identifier = own.get("identifier", cls._function_name)
            register_function(identifier, cls, own.get("package", "_default"))

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


class ReturnTypeFromOptionalArgs(ReturnTypeFromArgs[_T]):
    """As `ReturnTypeFromArgs`, for a function that takes away NULL."""

    __slots__ = ()
    __abstract__ = True


class FunctionAsBinary(BinaryExpression[bool]):
    """A function that compares two of its arguments; see `FunctionElement.as_comparison`."""

    __slots__ = ("left_index", "right_index", "sql_function")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "sql_function": NODE,
        "left_index": CONST,
        "right_index": CONST,
        "left": FACT,
        "right": FACT,
        "operator": FACT,
        "modifiers": FACT,
    }

    sql_function: FunctionElement[Any]
    left_index: int
    right_index: int

    def __init__(self, fn: FunctionElement[Any], left_index: int, right_index: int) -> None:
        self.sql_function = fn
        self.left_index = left_index
        self.right_index = right_index
        self.operator = ops.function_as_comparison_op
        self.type = BOOLEANTYPE
        self.negate = None
        self.modifiers = ()
        self._seal()

    def _seal(self) -> None:
        # The sides are the function's own arguments, also after these were replaced in a copy.
        clauses = getattr(self.sql_function, "clauses", ())
        self.left = _argument(clauses, self.left_index)
        self.right = _argument(clauses, self.right_index)
        Node._seal(self)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return Grouping(self) if against is ops.inv else super().self_group(against)


def _argument(clauses: tuple[ColumnElement[Any], ...], index: int) -> ColumnElement[Any] | None:
    return dict(enumerate(clauses, 1)).get(index)
