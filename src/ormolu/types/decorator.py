"""Types made by users: `TypeDecorator` around an existing one, `UserDefinedType` from nothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from ormolu.exc import SAWarning

from .null import NULLTYPE
from .operator_classes import OperatorClass
from .type_api import (
    Processor,
    TypeEngine,
    _hashable,
    argument_defaults,
    to_instance,
    unique_token,
)

_T = TypeVar("_T")

# From ``_warn_about_cache_ok`` to whoever builds an expression of the type.
_CALLER = 6


class ExternalType:
    """Mixin of user types, which say by ``cache_ok`` whether equal arguments mean equal types.

    Unless it is True, every instance is taken to differ from all others: statements with the
    same instance share their compiled form, others don't.
    """

    cache_ok: ClassVar[bool | None] = None

    def _external_key(self, *more: Hashable) -> Hashable:
        cls: Any = type(self)
        if self.cache_ok is None:
            self._warn_about_cache_ok(cls)
        if not self.cache_ok:
            return (cls, unique_token())
        known = argument_defaults(type(self))
        values = tuple((n, _hashable(v)) for n, v in self.__dict__.items() if n in known)
        return (cls, values, *more)

    @staticmethod
    def _warn_about_cache_ok(cls: type[Any]) -> None:
        base = "UserDefinedType" if issubclass(cls, UserDefinedType) else "TypeDecorator"
        warnings.warn(
            f"{base} {cls.__name__} doesn't say whether equal constructor arguments make equal "
            f"types, so statements with it are compiled again for each new instance. Set "
            f"cache_ok = True on the class if they do (then its arguments must be hashable), "
            f"or cache_ok = False to silence this warning.",
            SAWarning,
            stacklevel=_CALLER,
        )


class TypeDecorator(ExternalType, TypeEngine[_T]):
    """A type that converts values on their way to and from another type, its ``impl``.

    Subclasses set ``impl`` (and ``cache_ok = True``) and override ``process_bind_param`` and
    ``process_result_value``. Constructor arguments are passed to ``impl``.
    """

    __visit_name__ = "type_decorator"

    impl: Any
    coerce_to_is_types: ClassVar[tuple[type[Any], ...]] = (type(None),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not hasattr(type(self), "impl"):
            raise AssertionError(
                f"{type(self).__name__} needs a class attribute 'impl': the type that it decorates"
            )
        self.impl = to_instance(type(self).impl, *args) if not kwargs else None
        if kwargs:
            self.impl = type(self).impl(*args, **kwargs)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        impl = vars(cls).get("impl")
        if impl is not None and not isinstance(impl, property):
            cls._type_affinity = impl._type_affinity

    @cached_property
    def _key(self) -> Hashable:
        return self._with_variants(self._external_key(self.impl._key))

    @property
    def impl_instance(self) -> TypeEngine[Any]:
        """The decorated type."""
        impl: TypeEngine[Any] = self.impl
        return impl

    @property
    def comparator_factory(self) -> Any:
        """The decorated type's operators."""
        return self.impl.comparator_factory

    @property
    def sort_key_function(self) -> Callable[[Any], Any] | None:  # type: ignore[override]
        """The decorated type's."""
        return self.impl.sort_key_function  # type: ignore[no-any-return]

    @property
    def operator_classes(self) -> OperatorClass:  # type: ignore[override]
        """The decorated type's."""
        return self.impl.operator_classes  # type: ignore[no-any-return]

    @property
    def hashable(self) -> bool:  # type: ignore[override]
        """Whether the decorated type's values are."""
        return self.impl.hashable  # type: ignore[no-any-return]

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return self.impl.get_dbapi_type(dbapi)

    def copy_value(self, value: Any) -> Any:
        return self.impl.copy_value(value)

    # -- for subclasses to override

    def load_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        """The decorated type on a dialect."""
        return self.impl.variant_for(dialect.name)  # type: ignore[no-any-return]

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """Convert a Python value (None included) for the decorated type."""
        return value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Convert what the decorated type gave (None included) to the Python value."""
        return value

    def process_literal_param(self, value: Any, dialect: Any) -> Any:
        """As ``process_bind_param``, for a literal in the SQL text.

        What it gives is the SQL text itself if the decorated type can't be written as a literal.
        """
        return self.process_bind_param(value, dialect)

    # -- used by dialects and compilers

    def type_engine(self, dialect: Any) -> TypeEngine[Any]:
        """The plain type that stands for this one in DDL on a dialect."""
        loaded = self.load_dialect_impl(dialect)
        if isinstance(loaded, TypeDecorator):
            return loaded.impl if loaded is self else loaded.type_engine(dialect)
        return loaded

    def _dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        impl: TypeEngine[Any] = dialect.type_impl(self.load_dialect_impl(dialect))
        return impl

    def bind_processor(self, dialect: Any) -> Processor | None:
        inner = self._dialect_impl(dialect).bind_processor(dialect)
        if type(self).process_bind_param is TypeDecorator.process_bind_param:
            return inner
        convert = self.process_bind_param
        if inner is None:
            return lambda value: convert(value, dialect)
        return lambda value: inner(convert(value, dialect))

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        inner = self._dialect_impl(dialect).result_processor(dialect, coltype)
        if type(self).process_result_value is TypeDecorator.process_result_value:
            return inner
        convert = self.process_result_value
        if inner is None:
            return lambda value: convert(value, dialect)
        return lambda value: convert(inner(value), dialect)

    def literal_processor(self, dialect: Any) -> Processor | None:
        inner = self._dialect_impl(dialect).literal_processor(dialect)
        convert = self.process_literal_param
        if inner is None:
            own = type(self).process_literal_param is not TypeDecorator.process_literal_param
            return (lambda value: convert(value, dialect)) if own else None
        return lambda value: inner(convert(value, dialect))

    def bind_expression(self, bindparam: Any) -> Any:
        return self.impl.bind_expression(bindparam)

    def column_expression(self, column: Any) -> Any:
        return self.impl.column_expression(column)

    def compare_values(self, x: Any, y: Any) -> bool:
        return self.impl.compare_values(x, y)  # type: ignore[no-any-return]

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        op, result = self.impl.operator_result(op, other_type)
        return op, self if result is self.impl else result

    def __getattr__(self, name: str) -> Any:
        # The decorated type's own attributes (``length``, ``enums``) are readable on the decorator.
        if name == "impl" or name[:1] == "_":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.impl, name)

    def __repr__(self) -> str:
        inner = repr(self.impl)
        return f"{type(self).__name__}{inner[inner.index('(') :]}" if "(" in inner else inner


class UserDefinedType(ExternalType, TypeEngine[_T]):
    """A type the toolkit doesn't have: subclasses write the processors and ``get_col_spec``.

    ``get_col_spec(self, **kw)`` gives the type as it stands in DDL.
    """

    __visit_name__ = "user_defined"
    operator_classes = OperatorClass.ANY
    ensure_kwarg: ClassVar[str] = "get_col_spec"

    @cached_property
    def _key(self) -> Hashable:
        return self._with_variants(self._external_key())

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self


class Variant(TypeDecorator[Any]):
    """Kept as a name: `TypeEngine.with_variant` makes plain types that hold their variants."""

    impl = NULLTYPE
    cache_ok = True
