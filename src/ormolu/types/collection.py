"""Types of several values: arrays and tuples."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import Any, ClassVar

from .null import NULLTYPE
from .numbers import INTEGERTYPE
from .operator_classes import OperatorClass
from .text import Concatenable, Indexable
from .type_api import Comparator as _Comparator
from .type_api import Processor, TypeEngine, to_instance


class ARRAYComparator(_Comparator[Any]):
    """The operators of an array: ``expr[1]``, ``expr[1:3]``, and tests of its items."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        if self.expr.type.zero_indexes:
            index = _one_based(index)
        return super().__getitem__(index)  # type: ignore[misc]

    def contains(self, *args: Any, **kwargs: Any) -> Any:
        """Only the arrays of a dialect can say whether they contain others."""
        raise NotImplementedError(
            "ARRAY.contains() is an operator of PostgreSQL: give the column the type "
            "ormolu.dialects.postgresql.ARRAY"
        )

    def any(self, other: Any, operator: Any = None) -> Any:
        """Whether ``other`` is equal to (or ``operator`` something else than) any item."""
        return self._quantified("any_", other, operator)

    def all(self, other: Any, operator: Any = None) -> Any:
        """Whether ``other`` is equal to (or ``operator`` something else than) every item."""
        return self._quantified("all_", other, operator)

    def _quantified(self, word: str, other: Any, operator: Any) -> Any:
        items = getattr(self.expr, word)()
        value = self.expr._bind_for(operator, other) if _is_plain(other) else other
        if value is not other or _is_untyped_bind(value):
            value = value._copy(type=self.expr.type.item_type)
        return value == items if operator is None else operator(value, items)


def _one_based(index: Any) -> Any:
    if not isinstance(index, slice):
        return index + 1
    start = None if index.start is None else index.start + 1
    stop = None if index.stop is None else index.stop + 1
    return slice(start, stop, index.step)


def _is_plain(value: Any) -> bool:
    return not hasattr(value, "__clause_element__") and not hasattr(value, "self_group")


def _is_untyped_bind(value: Any) -> bool:
    return getattr(value, "__visit_name__", None) == "bindparam" and value.type._is_null


class ARRAY(Indexable, Concatenable, TypeEngine[Any]):
    """An array, on databases that have them: ``list``, or ``tuple`` with ``as_tuple``.

    :param item_type: the type of the items.
    :param dimensions: how deep it is nested.
    :param zero_indexes: let Python's 0 stand for SQL's index 1.
    :raises ValueError: an item type that is an array.
    """

    __visit_name__ = "ARRAY"
    operator_classes = OperatorClass.ARRAY
    Comparator = ARRAYComparator
    comparator_factory: ClassVar[Any] = ARRAYComparator
    zero_indexes = False

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

    def index_type(self, index: Any) -> TypeEngine[Any]:
        """An index is an integer."""
        return INTEGERTYPE

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        if op == "getitem":
            return op, self._of_index(other_type)
        return ("concat_op" if op == "add" else op), self

    def _of_index(self, index_type: TypeEngine[Any]) -> TypeEngine[Any]:
        """What an index gives: an item, or an array of a dimension less; a slice has no type."""
        if index_type._is_null:
            return self
        if self.dimensions is None or self.dimensions == 1:
            return self.item_type
        return self.copy(dimensions=self.dimensions - 1)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return (
            self if isinstance(value, (list, tuple)) else super().coerce_compared_value(op, value)
        )

    def literal_processor(self, dialect: Any) -> Processor | None:
        item = dialect.type_impl(self.item_type).literal_processor(dialect)
        if item is None:
            return None

        def literal(value: Any) -> str:
            if isinstance(value, (list, tuple)):
                return f"[{', '.join(literal(inner) for inner in value)}]"
            return "NULL" if value is None else str(item(value))

        def array(value: Any) -> str:
            if not isinstance(value, (list, tuple)):
                raise TypeError(f"an array is a list or tuple, not {value!r}")
            return f"ARRAY{literal(value)}"

        return array


class TupleType(TypeEngine[tuple[Any, ...]]):
    """The type of ``(a, b)``, a composite of several expressions."""

    __visit_name__ = "tuple"
    operator_classes = OperatorClass.TUPLE

    def __init__(self, *types: TypeEngine[Any] | type[TypeEngine[Any]]) -> None:
        self.types = [to_instance(type_) for type_ in types]

    @cached_property
    def _key(self) -> Hashable:
        return (type(self), *(type_._key for type_ in self.types))

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self

    @staticmethod
    def of_nulls(count: int) -> TupleType:
        """A tuple of ``count`` expressions of which no type is known."""
        return TupleType(*[NULLTYPE] * count)

    def __repr__(self) -> str:
        return f"TupleType({', '.join(map(repr, self.types))})"
