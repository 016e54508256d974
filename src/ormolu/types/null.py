"""`NullType`: the type of an expression of which no type is known."""

from __future__ import annotations

from typing import Any, ClassVar

from .operator_classes import OperatorClass
from .type_api import TypeEngine

_COMMUTATIVE = frozenset(("add", "mul", "eq", "ne"))


class NullType(TypeEngine[None]):
    """No type known: values pass as they are."""

    __visit_name__ = "null"
    _is_null: ClassVar[bool] = True
    operator_classes = OperatorClass.ANY

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        if other_type._is_null or op not in _COMMUTATIVE:
            return op, self
        return other_type.operator_result(op, self)


NULLTYPE = NullType()
