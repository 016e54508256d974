"""The CHECK constraints that types bring with them: ``create_constraint=True``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ormolu.sql import type_coerce
from ormolu.types import INTEGERTYPE, STRINGTYPE, Boolean, Enum, SchemaType, TypeDecorator

from .column import Column
from .constraints import CheckConstraint


def type_constraints(column: Column[Any]) -> Iterator[CheckConstraint]:
    """``CHECK (column IN (…))`` for each `Boolean` or `Enum` that the column's type may be.

    A type may be one on some dialects alone (a variant), or decorate one.
    """
    for type_ in (column.type, *column.type._variants.values()):
        plain = _undecorated(type_)
        if isinstance(plain, SchemaType) and plain.create_constraint:
            yield _constraint(column, type_, plain)


def _undecorated(type_: Any) -> Any:
    while isinstance(type_, TypeDecorator):
        type_ = type_.impl
    return type_


def _constraint(column: Column[Any], chosen: Any, plain: Any) -> CheckConstraint:
    # As what is stored: the type's own conversion is for what users give.
    stored: Any = STRINGTYPE if isinstance(plain, Enum) else INTEGERTYPE
    values: list[Any] = plain.enums if isinstance(plain, Enum) else [0, 1]
    return CheckConstraint(
        type_coerce(column, stored).in_(values),
        name=plain.name,
        _create_rule=_rule_of(column.type, chosen, plain),
        _autoattach=False,
        _type_bound=True,
    )


def _rule_of(declared: Any, chosen: Any, plain: Any) -> Callable[[Any], bool]:
    """Whether a dialect uses this very type, and hasn't got it natively."""

    def needed(compiler: Any) -> bool:
        dialect = compiler.dialect
        used = declared._variants.get(dialect.name)
        if used is not (None if chosen is declared else chosen):
            return False
        if isinstance(plain, Boolean):
            return not dialect.features.native_boolean
        return not (plain.native_enum and dialect.features.native_enum)

    return needed
