"""What only PostgreSQL's reflection gives, as dictionaries."""

from __future__ import annotations

from typing import Any, TypedDict

from ormolu.dialects.reflected import ReflectedConstraint

__all__ = [
    "ReflectedDomain",
    "ReflectedDomainConstraint",
    "ReflectedEnum",
    "ReflectedExcludeConstraint",
    "ReflectedNamedType",
]


class ReflectedNamedType(TypedDict):
    """A type with a name in a schema; ``visible``: the search path leads to it."""

    name: str
    schema: str
    visible: bool


class ReflectedEnum(ReflectedNamedType):
    """An ENUM type."""

    labels: list[str]


class ReflectedDomainConstraint(TypedDict):
    """A condition of a domain."""

    name: str
    check: str


class ReflectedDomain(ReflectedNamedType):
    """A DOMAIN type; ``type`` is the name of the type below it."""

    type: str
    nullable: bool
    default: str | None
    constraints: list[ReflectedDomainConstraint]
    collation: str | None
    collation_schema: str | None


class ReflectedExcludeConstraint(ReflectedConstraint):
    """An exclusion constraint: what is compared, by which operators.

    An expression among the columns stands as None, and in ``expressions``; ``ops`` are operator
    classes by column or expression; ``options``: ``deferrable``, ``initially``.
    """

    column_names: list[str | None]
    expressions: list[str]
    operators: list[str]
    ops: dict[str, str]
    using: str
    where: str | None
    options: dict[str, Any]
