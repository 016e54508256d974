"""The result types of arithmetic, as a table: ``Date + Interval`` is a ``DateTime``.

Rows are (operator, left kind, right kind) -> result kind; where a row is missing the result has
the left operand's type.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from .type_api import TypeEngine

_T = TypeVar("_T")

_TABLE: dict[str, dict[tuple[str, str], str]] = {
    "add": {
        ("Integer", "Numeric"): "Numeric",
        ("Integer", "Float"): "Float",
        ("Integer", "Date"): "Date",
        ("Date", "Interval"): "DateTime",
        ("Date", "Time"): "DateTime",
        ("Time", "Date"): "DateTime",
        ("Interval", "Date"): "DateTime",
        ("Interval", "DateTime"): "DateTime",
        ("Interval", "Time"): "Time",
    },
    "sub": {
        ("Integer", "Numeric"): "Numeric",
        ("Integer", "Float"): "Float",
        ("Date", "Date"): "Integer",
        ("Date", "DateTime"): "Interval",
        ("Date", "Interval"): "DateTime",
        ("DateTime", "DateTime"): "Interval",
        ("Time", "Time"): "Interval",
    },
    "mul": {
        ("Integer", "Numeric"): "Numeric",
        ("Integer", "Float"): "Float",
        ("Integer", "Interval"): "Interval",
        ("Numeric", "Interval"): "Interval",
        ("Float", "Interval"): "Interval",
    },
    "floordiv": {("Integer", "Numeric"): "Numeric"},
    "truediv": {
        ("Integer", "Integer"): "Numeric",
        ("Integer", "Numeric"): "Numeric",
        ("Integer", "Float"): "Float",
    },
}

_kinds: dict[str, type[TypeEngine[Any]]] = {}


class Arithmetic(TypeEngine[_T]):
    """Mixin of the types whose arithmetic is in the table."""

    _kind: ClassVar[str]

    def __init_subclass__(cls, kind: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if kind is not None:
            cls._kind = kind
            cls._type_affinity = cls
            _kinds[kind] = cls

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        table = _TABLE.get(op)
        if table is None:
            return op, self
        other_kind = getattr(other_type._type_affinity, "_kind", "")
        result = table.get((self._kind, other_kind))
        if result is None or result == self._kind:
            return op, self
        if result == other_kind:
            return op, other_type
        return op, _kinds[result]()
