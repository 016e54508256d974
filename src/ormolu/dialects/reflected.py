"""What reflection gives, as dictionaries, and which kinds of things it is asked for."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from ormolu.types import TypeEngine


class ObjectKind(enum.Flag):
    """Tables, views, or both: what the ``get_multi_…`` methods describe."""

    TABLE = 1
    VIEW = 2
    MATERIALIZED_VIEW = 4
    ANY_VIEW = VIEW | MATERIALIZED_VIEW
    ANY = TABLE | VIEW | MATERIALIZED_VIEW


class ObjectScope(enum.Flag):
    """Lasting things, temporary ones, or both: what the ``get_multi_…`` methods describe."""

    DEFAULT = 1
    TEMPORARY = 2
    ANY = DEFAULT | TEMPORARY


class ReflectedIdentity(TypedDict):
    """An identity column."""

    always: bool
    on_null: NotRequired[bool]
    start: int
    increment: int
    minvalue: int
    maxvalue: int
    nominvalue: NotRequired[bool]
    nomaxvalue: NotRequired[bool]
    cycle: bool
    cache: int | None
    order: NotRequired[bool]


class ReflectedComputed(TypedDict):
    """A computed column."""

    sqltext: str
    persisted: NotRequired[bool]


class ReflectedColumn(TypedDict):
    """One column as the database describes it."""

    name: str
    type: TypeEngine[Any]
    nullable: bool
    default: str | None
    primary_key: NotRequired[int]
    autoincrement: NotRequired[Any]
    comment: NotRequired[str | None]
    computed: NotRequired[ReflectedComputed]
    identity: NotRequired[ReflectedIdentity]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedConstraint(TypedDict):
    """What all constraints have; ``name`` is None when there is none."""

    name: str | None
    comment: NotRequired[str | None]


class ReflectedKeyConstraint(ReflectedConstraint):
    """A primary key or unique constraint; when it is verified is there if it isn't at once."""

    deferrable: NotRequired[bool]
    initially: NotRequired[str]


class ReflectedPrimaryKeyConstraint(ReflectedKeyConstraint):
    """A primary key constraint."""

    constrained_columns: list[str]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedForeignKeyConstraint(ReflectedConstraint):
    """A foreign key; ``options``: ``ondelete``, ``onupdate``, ``deferrable``, ``initially``."""

    constrained_columns: list[str]
    referred_schema: str | None
    referred_table: str
    referred_columns: list[str]
    options: dict[str, Any]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedUniqueConstraint(ReflectedKeyConstraint):
    """A unique constraint."""

    column_names: list[str]
    duplicates_index: NotRequired[str | None]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedCheckConstraint(ReflectedConstraint):
    """A check constraint."""

    sqltext: str
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedIndex(TypedDict):
    """An index; an expression among its columns stands as None, and in ``expressions``.

    ``column_collations`` are those that differ from the columns' own.
    """

    name: str
    column_names: list[str | None]
    unique: int
    expressions: NotRequired[list[str]]
    duplicates_constraint: NotRequired[str | None]
    include_columns: NotRequired[list[str]]
    column_sorting: NotRequired[dict[str, tuple[str, ...]]]
    column_collations: NotRequired[dict[str, str]]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedTableComment(TypedDict):
    """The comment of a table, None when it has none."""

    text: str | None


class ReflectionDefaults:
    """What an object that has none of a kind gives."""

    @classmethod
    def columns(cls) -> list[ReflectedColumn]:
        """No columns."""
        return []

    @classmethod
    def pk_constraint(cls) -> ReflectedPrimaryKeyConstraint:
        """No primary key."""
        return {"name": None, "constrained_columns": []}

    @classmethod
    def foreign_keys(cls) -> list[ReflectedForeignKeyConstraint]:
        """No foreign keys."""
        return []

    @classmethod
    def indexes(cls) -> list[ReflectedIndex]:
        """No indexes."""
        return []

    @classmethod
    def unique_constraints(cls) -> list[ReflectedUniqueConstraint]:
        """No unique constraints."""
        return []

    @classmethod
    def check_constraints(cls) -> list[ReflectedCheckConstraint]:
        """No check constraints."""
        return []

    @classmethod
    def table_options(cls) -> dict[str, Any]:
        """No options."""
        return {}

    @classmethod
    def table_comment(cls) -> ReflectedTableComment:
        """No comment."""
        return {"text": None}
