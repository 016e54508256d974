"""What every SQL type is: `TypeEngine`, and the comparator through which a type adds operators.

A type is immutable once made. ``_key`` says everything about it that can change SQL or values:
statement keys contain it, and dialects cache their converters under it. It is computed at first
use from the constructor's arguments, so that a user's own type class has one without asking.

Types stand above the expression language and never import it. Where the two meet, the expression
language passes the *name* of an operator (``"add"``) and gets a name and a type back; the
comparator's operators are put in by the expression language (`Comparator.install`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ormolu.exc import ArgumentError

from .operator_classes import OperatorClass

if TYPE_CHECKING:
    from typing import Self

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

Processor = Callable[[Any], Any]
"""Converts one value, None included."""

_token = itertools.count(1).__next__
_text_of: list[Callable[[TypeEngine[Any], Any], str]] = []


def register_type_text(function: Callable[[TypeEngine[Any], Any], str]) -> None:
    """Register what renders a type as DDL text: ``function(type_, dialect_or_none)``."""
    _text_of[:] = [function]


class Comparator(Generic[_T]):
    """The operators of expressions of one type; a type may subclass it to add or change some.

    ``expr`` is the expression. A subclass's method may return ``self.operate(...)``, call
    ``super()``, or make any expression from ``self.expr``.
    """

    __slots__ = ("expr",)

    def __init__(self, expr: Any) -> None:
        self.expr = expr

    @property
    def type(self) -> TypeEngine[_T]:
        """The type of the expression."""
        return self.expr.type  # type: ignore[no-any-return]

    def __clause_element__(self) -> Any:
        return self.expr

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        """Apply an operator as the expression language does for every type."""
        return op.build(self.expr, op, *other, **kwargs)

    def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
        """Apply an operator with the expression on the right."""
        return op.build(self.expr, op, other, reverse=True, **kwargs)

    @classmethod
    def install(cls, *operators: Any) -> None:
        """Give comparators the methods of these classes (the expression language's operators)."""
        for source in operators:
            for name, member in vars(source).items():
                if callable(member) and (name not in vars(cls) or name in ("__eq__", "__hash__")):
                    setattr(cls, name, member)
        cls.__hash__ = object.__hash__  # type: ignore[method-assign]


class TypeEngine(Generic[_T_co]):
    """Base of all SQL types; ``_T_co`` is the Python class of its values."""

    __visit_name__: ClassVar[str] = "type"

    Comparator = Comparator
    comparator_factory: ClassVar[Any] = None
    """A `Comparator` subclass when the type has operators of its own, else None."""

    _type_affinity: ClassVar[type[TypeEngine[Any]]]
    """The generic type this one is a kind of."""

    _variants: Mapping[str, TypeEngine[Any]] = {}
    _evaluates_none: bool = False
    hashable: bool = True
    operator_classes: OperatorClass = OperatorClass.UNSPECIFIED
    """The groups of operators that make sense for the type."""
    sort_key_function: Callable[[Any], Any] | None = None
    render_bind_cast: bool = False
    render_literal_cast: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if TypeEngine in cls.__bases__:
            cls._type_affinity = cls

    # -- identity

    @cached_property
    def _key(self) -> Hashable:
        """The class and the constructor's arguments, hashable."""
        return self._with_variants((type(self), *(_hashable(v) for _, v in self._arguments())))

    def _with_variants(self, key: Hashable) -> Hashable:
        more: tuple[Hashable, ...] = ()
        if self._variants:
            more += tuple((name, type_._key) for name, type_ in sorted(self._variants.items()))
        if self._evaluates_none:
            more += ("evaluates_none",)
        return (key, more) if more else key

    def _arguments(self) -> Iterator[tuple[str, Any]]:
        for name in argument_defaults(type(self)):
            if name in self.__dict__:
                yield name, self.__dict__[name]

    def _copy(self) -> Self:
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.__dict__.pop("_key", None)
        return new

    def copy(self, **kwargs: Any) -> Self:
        """A copy; keywords replace constructor arguments."""
        new = self._copy()
        new.__dict__.update(kwargs)
        return new

    def adapt(self, cls: type[Any], **kwargs: Any) -> Any:
        """The type ``cls`` with those of this type's arguments that it knows."""
        known = argument_defaults(cls)
        arguments = {name: value for name, value in self._arguments() if name in known}
        return cls(**{**arguments, **kwargs})

    def with_variant(self, type_: TypeEngine[Any] | type[TypeEngine[Any]], *names: str) -> Self:
        """A copy that is ``type_`` on the dialects named.

        :raises ArgumentError: no name, a name twice, or a variant that has variants.
        """
        if not names:
            raise ArgumentError("At least one dialect name is required")
        variant = to_instance(type_)
        if variant._variants:
            raise ArgumentError(
                f"can't pass a type that already has variants as a variant: {variant!r} is another "
                f"on {', '.join(variant._variants)}; name each dialect in a with_variant() of "
                f"{self!r}"
            )
        for name in names:
            if name in self._variants:
                raise ArgumentError(
                    f"Dialect {name!r} is already present in the mapping for this {self!r}"
                )
        new = self._copy()
        new._variants = {**self._variants, **dict.fromkeys(names, variant)}
        return new

    def variant_for(self, dialect_name: str) -> TypeEngine[Any]:
        """The type to use on a dialect: a variant, or this one."""
        return self._variants.get(dialect_name, self)

    def evaluates_none(self) -> Self:
        """A copy for which None is a value to be sent, not the absence of one."""
        new = self._copy()
        new._evaluates_none = True
        return new

    @property
    def should_evaluate_none(self) -> bool:
        """Whether the ORM sends an explicit None instead of leaving the column out."""
        return self._evaluates_none

    # -- values

    @property
    def python_type(self) -> type[Any]:
        """The Python class of the type's values; ``object`` where the type doesn't say."""
        return object

    def bind_processor(self, dialect: Any) -> Processor | None:
        """What converts a Python value for the driver; None when nothing need be done."""
        return None

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        """What converts a driver's value to Python; None when nothing need be done."""
        return None

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        """What writes a value as a SQL literal; None when the type has no literals."""
        return None

    def bind_expression(self, bindvalue: Any) -> Any:
        """An expression to put around a bound value; None for none."""
        return None

    def column_expression(self, colexpr: Any) -> Any:
        """An expression to put around a selected column; None for none."""
        return None

    def compare_values(self, x: Any, y: Any) -> bool:
        """Whether two values are the same (then nothing has changed)."""
        return bool(x == y)

    def copy_value(self, value: Any) -> Any:
        """A copy of a value, to be compared with later; the value itself unless overridden."""
        return value

    def get_dbapi_type(self, dbapi: Any) -> Any:
        """The driver's own type object for ``setinputsizes``; None for none."""
        return None

    # -- in expressions

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        """The operator really meant by ``op`` between the types, and the result's type."""
        return op, self

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """The type of a Python value that stands beside an expression of this type."""
        found = _resolve[0](value)
        if found._is_null or found._type_affinity is self._type_affinity:
            return self
        return found

    _is_null: ClassVar[bool] = False

    # -- dialects

    def dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        """The dialect's variant of this type."""
        impl: TypeEngine[Any] = dialect.type_impl(self)
        return impl

    def compile(self, dialect: Any = None) -> str:
        """The type as it stands in DDL."""
        return _text_of[0](self, dialect) if _text_of else repr(self)

    def as_generic(self, allow_nulltype: bool = False) -> TypeEngine[Any]:
        """The generic type of the same kind, with the arguments that it knows.

        :raises NotImplementedError: there is no generic type for it.
        """
        cls = _generic_class(type(self))
        if cls is None or (cls._is_null and not allow_nulltype):
            raise NotImplementedError(
                f"{type(self).__name__} has no generic type: give the class an as_generic() method"
                + ("" if cls is None else ", or pass allow_nulltype=True")
            )
        generic: TypeEngine[Any] = self.adapt(cls)
        return generic

    def __str__(self) -> str:
        return self.compile()

    def __repr__(self) -> str:
        parts = []
        for name, default in argument_defaults(type(self)).items():
            value = self.__dict__.get(name, default)
            if default is REQUIRED:
                parts.append(repr(value))
            elif value is not default and value != default:
                parts.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(parts)})"


TypeEngine._type_affinity = TypeEngine

REQUIRED = object()
"""Stands for "no default" in `argument_defaults`."""

_defaults_of: dict[type[Any], dict[str, Any]] = {}


def argument_defaults(cls: type[Any]) -> dict[str, Any]:
    """The named arguments of the constructors of ``cls`` and its bases, with their defaults.

    A base's constructor counts only where the one below it takes ``*args`` or ``**kwargs``.
    """
    found = _defaults_of.get(cls)
    if found is None:
        found = _defaults_of[cls] = {}
        for base in cls.__mro__:
            code = getattr(vars(base).get("__init__"), "__code__", None)
            if code is None:
                continue
            for name, default in _parameters(vars(base)["__init__"]):
                found.setdefault(name, default)
            if not code.co_flags & _VARIADIC:
                break
    return found


_VARIADIC = 0x04 | 0x08  # CO_VARARGS, CO_VARKEYWORDS


def _parameters(function: Any) -> Iterator[tuple[str, Any]]:
    code = function.__code__
    names = code.co_varnames[1 : code.co_argcount]
    defaults = function.__defaults__ or ()
    missing = len(names) - len(defaults)
    for index, name in enumerate(names):
        if name[0] != "_":
            yield name, REQUIRED if index < missing else defaults[index - missing]
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    for name in keywords:
        if name[0] != "_":
            yield name, (function.__kwdefaults__ or {}).get(name, REQUIRED)


def _hashable(value: Any) -> Hashable:
    """A hashable that stands for an argument: types by key, lists and dicts by content.

    What can't be hashed stands for itself alone: the type is then equal to no other.
    """
    if isinstance(value, TypeEngine):
        return value._key
    if isinstance(value, (list, tuple)):
        return tuple(_hashable(item) for item in value)
    if isinstance(value, dict):
        return tuple((name, _hashable(item)) for name, item in value.items())
    try:
        hash(value)
    except TypeError:
        return unique_token()
    return value  # type: ignore[no-any-return]


def unique_token() -> int:
    """An int that was never given before: the key of a thing equal to nothing but itself."""
    return -_token()


_ABSTRACT = frozenset(("TypeEngine", "TypeDecorator", "UserDefinedType", "Variant"))


def _generic_class(cls: type[Any]) -> type[TypeEngine[Any]] | None:
    """The nearest base that is a generic type: not a name of the SQL standard or of a dialect."""
    package = __name__.rpartition(".")[0]
    for base in cls.__mro__:
        where, _, module = base.__module__.rpartition(".")
        if where == package and module != "standard" and issubclass(base, TypeEngine):
            return None if base.__name__ in _ABSTRACT else base
    return None


def adapt_type(
    typeobj: TypeEngine[Any] | type[TypeEngine[Any]],
    colspecs: Mapping[type[Any], type[TypeEngine[Any]]],
) -> TypeEngine[Any]:
    """The type that a table of generic to dialect classes has for ``typeobj``; itself if none."""
    type_ = to_instance(typeobj)
    for cls in type(type_).__mro__:
        target = colspecs.get(cls)
        if target is not None:
            return type_ if isinstance(type_, target) else type_.adapt(target)
    return type_


_resolve: list[Callable[[Any], TypeEngine[Any]]] = []


def register_resolver(function: Callable[[Any], TypeEngine[Any]]) -> None:
    """Set what finds the type of a Python value (`ormolu.types.resolve`)."""
    _resolve[:] = [function]


def to_instance(typeobj: Any, *args: Any) -> TypeEngine[Any]:
    """A type instance from a type, a type class or a function that makes one.

    :raises ArgumentError: for anything else.
    """
    if isinstance(typeobj, type) or (callable(typeobj) and not isinstance(typeobj, TypeEngine)):
        typeobj = typeobj(*args)
    if not isinstance(typeobj, TypeEngine):
        raise ArgumentError(f"{typeobj!r} is not a SQL type; write one like Integer or String(30)")
    return typeobj
