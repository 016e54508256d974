"""The CHECK constraints that types bring with them: ``create_constraint=True``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu.types import Boolean, Enum

from .column import Column
from .constraints import CheckConstraint


def type_constraint(column: Column[Any]) -> CheckConstraint:
    """``CHECK (column IN (…))`` for a `Boolean` or `Enum` column, where the type isn't native."""
    type_: Any = column.type
    if isinstance(type_, Enum):
        values: list[Any] = type_.enums
    else:
        values = [0, 1]
    return CheckConstraint(
        column.in_(values),
        name=type_.name,
        _create_rule=_rule_of(type_),
        _autoattach=False,
        _type_bound=True,
    )


def _rule_of(type_: Any) -> Callable[[Any], bool]:
    def needed(compiler: Any) -> bool:
        features = compiler.dialect.features
        if isinstance(type_, Boolean):
            return not features.native_boolean
        return not (type_.native_enum and features.native_enum)

    return needed
