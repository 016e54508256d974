"""Types of several values: arrays and tuples."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import Any

from .null import NULLTYPE
from .type_api import Processor, TypeEngine, to_instance


class ARRAY(TypeEngine[Any]):
    """An array, on databases that have them: ``list``, or ``tuple`` with ``as_tuple``.

    :param item_type: the type of the items.
    :param dimensions: how deep it is nested.
    :param zero_indexes: let Python's 0 stand for SQL's index 1.
    """

    __visit_name__ = "ARRAY"

    def __init__(
        self,
        item_type: TypeEngine[Any] | type[TypeEngine[Any]],
        as_tuple: bool = False,
        dimensions: int | None = None,
        zero_indexes: bool = False,
    ) -> None:
        self.item_type = to_instance(item_type)
        if isinstance(self.item_type, ARRAY):
            raise ValueError(
                "Do not nest ARRAY types; ARRAY(basetype) handles multi-dimensional arrays of "
                "basetype"
            )
        self.as_tuple = as_tuple
        self.dimensions = dimensions
        self.zero_indexes = zero_indexes

    @property
    def hashable(self) -> bool:  # type: ignore[override]
        """Only tuples are hashable."""
        return self.as_tuple

    @property
    def python_type(self) -> type[Any]:
        return list

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        if op == "getitem":
            if self.dimensions is None or self.dimensions == 1:
                return op, self.item_type
            return op, self.copy(dimensions=self.dimensions - 1)
        return ("concat_op" if op == "add" else op), self

    def literal_processor(self, dialect: Any) -> Processor | None:
        item = dialect.type_impl(self.item_type).literal_processor(dialect)
        if item is None:
            return None

        def literal(value: Any) -> str:
            if isinstance(value, (list, tuple)):
                return f"[{', '.join(literal(inner) for inner in value)}]"
            return str(item(value))

        return lambda value: f"ARRAY{literal(value)}"


class TupleType(TypeEngine[tuple[Any, ...]]):
    """The type of ``(a, b)``, a composite of several expressions."""

    __visit_name__ = "tuple"

    def __init__(self, *types: TypeEngine[Any] | type[TypeEngine[Any]]) -> None:
        self.types = [to_instance(type_) for type_ in types]

    @cached_property
    def _key(self) -> Hashable:
        return (type(self), *(type_._key for type_ in self.types))

    @property
    def python_type(self) -> type[Any]:
        return tuple

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self

    @staticmethod
    def of_nulls(count: int) -> TupleType:
        """A tuple of ``count`` expressions of which no type is known."""
        return TupleType(*[NULLTYPE] * count)

    def __repr__(self) -> str:
        return f"TupleType({', '.join(map(repr, self.types))})"
