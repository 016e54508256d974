"""Bytes, and Python objects kept as bytes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..deferred import deferred
from .decorator import TypeDecorator
from .operator_classes import OperatorClass
from .type_api import Processor, TypeEngine, _hashable, to_instance

if TYPE_CHECKING:
    import pickle
else:
    pickle = deferred("pickle")

# pickle.HIGHEST_PROTOCOL, which a default argument would import the module for.
_HIGHEST_PROTOCOL = 5


class _Binary(TypeEngine[bytes]):
    """Base of the byte-string types."""

    __visit_name__ = "large_binary"
    operator_classes = OperatorClass.BINARY

    def __init__(self, length: int | None = None) -> None:
        self.length = length

    @property
    def python_type(self) -> type[Any]:
        return bytes

    def literal_processor(self, dialect: Any) -> Processor | None:
        return _bytes_literal

    def bind_processor(self, dialect: Any) -> Processor | None:
        # Some drivers know bytes alone, some databases would store a string as text: they say so.
        return _from_buffer if getattr(dialect, "wants_bytes", False) else None

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        # Drivers that give a memoryview say so; the others' bytes need no touch.
        return _to_bytes if getattr(dialect, "returns_memoryview", False) else None

    def as_generic(self, allow_nulltype: bool = False) -> TypeEngine[Any]:
        return LargeBinary(self.length)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self if isinstance(value, str) else super().coerce_compared_value(op, value)


def _bytes_literal(value: Any) -> str:
    # Bytes alone: ``bytes(5)`` would be five NULs.
    return f"X'{memoryview(value).hex()}'"


def _from_buffer(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    try:
        return bytes(memoryview(value))
    except TypeError:
        raise TypeError(
            f"a binary column takes bytes, not {value!r}; write a string as text.encode(), or give "
            "the column the type String"
        ) from None


def _to_bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


class LargeBinary(_Binary):
    """A byte string of any length: ``bytes``, ``BLOB`` in DDL."""


class PickleType(TypeDecorator[object]):
    """Any Python object, pickled.

    :param protocol: of ``pickler.dumps``.
    :param pickler: a module-like object with ``dumps`` and ``loads``.
    :param comparator: ``comparator(x, y)`` says whether two values are equal.
    :param impl: a binary type other than ``LargeBinary``.
    """

    impl: Any = LargeBinary
    cache_ok = True

    def __init__(
        self,
        protocol: int = _HIGHEST_PROTOCOL,
        pickler: Any = None,
        comparator: Callable[[Any, Any], bool] | None = None,
        impl: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
    ) -> None:
        super().__init__()
        self.protocol = protocol
        self.pickler = pickler or pickle
        self.comparator = comparator
        if impl is not None:
            self.impl = to_instance(impl)

    @cached_property
    def _key(self) -> Hashable:
        mine = (
            type(self),
            self.protocol,
            _hashable(self.pickler),
            self.comparator,
            self.impl._key,
        )
        return self._with_variants(mine)

    @property
    def python_type(self) -> type[Any]:
        return object

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self.pickler.dumps(value, self.protocol)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else self.pickler.loads(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        return self.comparator(x, y) if self.comparator else bool(x == y)
