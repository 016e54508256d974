"""The type of an expression: the one that is given, or the one that a value or a neighbour has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..exc import ArgumentError
from ..types import NULLTYPE, TypeEngine, resolve

if TYPE_CHECKING:
    from .operator_table import Operator


def as_type(type_: TypeEngine[Any] | type[TypeEngine[Any]] | None) -> TypeEngine[Any]:
    """A type instance from a type, a type class or None (no type known).

    Raises `ArgumentError` for anything else.
    """
    if type_ is None:
        return NULLTYPE
    if isinstance(type_, type):
        type_ = type_()
    if not isinstance(type_, TypeEngine):
        raise ArgumentError(f"{type_!r} is not a SQL type; write one like Integer or String(30)")
    return type_


def bind_type(
    type_: Any, value: Any, expanding: bool, operator: Operator | None, beside: Any
) -> TypeEngine[Any]:
    if type_ is not None:
        return type_() if isinstance(type_, type) else type_  # type: ignore[no-any-return]
    if expanding:
        value = next((v for v in value if v is not None), None) if value else None
    if beside is None:
        return NULLTYPE if value is None else resolve(value)
    if value is None:
        return beside  # type: ignore[no-any-return]
    return beside.coerce_compared_value(operator, value)  # type: ignore[no-any-return]
