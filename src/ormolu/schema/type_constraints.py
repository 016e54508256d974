"""The CHECK constraints that types bring with them: ``create_constraint=True``."""

from __future__ import annotations

from collections.abc import Iterator
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
        _create_rule=_WhereNotNative(column.type, chosen, plain),
        _autoattach=False,
        _type_bound=True,
    )


class _WhereNotNative:
    """The rule of a type's constraint: written where the database lacks the type itself.

    ``declared`` is the column's type, ``chosen`` the one of its variants (or itself) to which the
    rule belongs, ``plain`` the same without decorators.
    """

    def __init__(self, declared: Any, chosen: Any, plain: Any) -> None:
        self.declared = declared
        self.chosen = chosen
        self.type = plain

    def __call__(self, compiler: Any) -> bool:
        dialect = compiler.dialect
        if self.declared.variant_for(dialect.name) is not self.chosen:
            return False
        if isinstance(self.type, Boolean):
            return not dialect.features.native_boolean
        return not (self.type.native_enum and dialect.features.native_enum)
