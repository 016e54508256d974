"""The plans about one table, for a dialect that describes many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from ormolu.dialects.reflected import (
    ObjectKind,
    ObjectScope,
    ReflectedCheckConstraint,
    ReflectedColumn,
    ReflectedForeignKeyConstraint,
    ReflectedIndex,
    ReflectedPrimaryKeyConstraint,
    ReflectedTableComment,
    ReflectedUniqueConstraint,
)
from ormolu.dialects.reflection import Core, ReflectionPlans
from ormolu.exc import NoSuchTableError
from ormolu.io.plan import Plan

__all__ = ["DescribesMany", "one_plan"]

T = TypeVar("T")


def one_plan(
    describe: Callable[..., Plan[dict[str, T]]], core: Core, name: str, schema: str | None
) -> Plan[T]:
    """Describe one table by the plan that describes several.

    :raises NoSuchTableError: it isn't there.
    """
    found = yield from describe(core, schema, (name,), ObjectKind.ANY, ObjectScope.ANY)
    if name not in found:
        raise NoSuchTableError(name if schema is None else f"{schema}.{name}")
    return found[name]


class DescribesMany(ReflectionPlans):
    """Answers for one table by asking for many, with one name; a part of a dialect."""

    describes_many: ClassVar[bool] = True

    def get_columns_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedColumn]]:
        return one_plan(self.get_multi_columns_plan, core, name, schema)

    def get_pk_constraint_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[ReflectedPrimaryKeyConstraint]:
        return one_plan(self.get_multi_pk_constraint_plan, core, name, schema)

    def get_foreign_keys_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedForeignKeyConstraint]]:
        return one_plan(self.get_multi_foreign_keys_plan, core, name, schema)

    def get_indexes_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedIndex]]:
        return one_plan(self.get_multi_indexes_plan, core, name, schema)

    def get_unique_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedUniqueConstraint]]:
        return one_plan(self.get_multi_unique_constraints_plan, core, name, schema)

    def get_check_constraints_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[list[ReflectedCheckConstraint]]:
        return one_plan(self.get_multi_check_constraints_plan, core, name, schema)

    def get_table_comment_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[ReflectedTableComment]:
        return one_plan(self.get_multi_table_comment_plan, core, name, schema)

    def get_table_options_plan(
        self, core: Core, name: str, schema: str | None = None
    ) -> Plan[dict[str, Any]]:
        return one_plan(self.get_multi_table_options_plan, core, name, schema)
