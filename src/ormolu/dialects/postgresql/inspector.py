"""The inspector of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ormolu.dialects.inspector import Inspector
from ormolu.dialects.postgresql.reflected import (
    ReflectedDomain,
    ReflectedEnum,
    ReflectedExcludeConstraint,
)
from ormolu.dialects.reflected import ObjectKind, ObjectScope

__all__ = ["PGInspector"]


class PGInspector(Inspector):
    """An `Inspector` that knows of types with a name, foreign tables and exclusion constraints.

    ``schema`` None asks for what the search path leads to, ``"*"`` for all schemas.
    """

    def get_enums(self, schema: str | None = None) -> list[ReflectedEnum]:
        """List the ENUM types."""
        return self._ask("get_enums", schema)  # type: ignore[no-any-return]

    def get_domains(self, schema: str | None = None) -> list[ReflectedDomain]:
        """List the DOMAIN types."""
        return self._ask("get_domains", schema)  # type: ignore[no-any-return]

    def get_foreign_table_names(self, schema: str | None = None) -> list[str]:
        """List the foreign tables."""
        return self._ask("get_foreign_table_names", schema)  # type: ignore[no-any-return]

    def get_exclude_constraints(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedExcludeConstraint]:
        """Describe the exclusion constraints of a table."""
        return self._ask("get_exclude_constraints", table_name, schema)  # type: ignore[no-any-return]

    def get_multi_exclude_constraints(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[tuple[str | None, str], list[ReflectedExcludeConstraint]]:
        """Describe the exclusion constraints of several tables."""
        return self._several("get_multi_exclude_constraints", schema, filter_names, kind, scope)

    def get_table_oid(self, table_name: str, schema: str | None = None) -> int:
        """Return the number by which the catalogue knows a table or view."""
        return self._ask("get_table_oid", table_name, schema)  # type: ignore[no-any-return]

    def has_type(self, type_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Say whether a type exists."""
        return self._ask("has_type", type_name, schema)  # type: ignore[no-any-return]
