"""The part of the ``Inspector`` that describes several tables at once, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import graph
from ormolu.dialects.reflected import ObjectKind, ObjectScope
from ormolu.exc import CircularDependencyError

if TYPE_CHECKING:
    from ormolu.dialects.reflected import (
        ReflectedCheckConstraint,
        ReflectedColumn,
        ReflectedForeignKeyConstraint,
        ReflectedIndex,
        ReflectedPrimaryKeyConstraint,
        ReflectedTableComment,
        ReflectedUniqueConstraint,
    )

TableKey = tuple[str | None, str]
ForeignKeyNames = tuple[str, str | None]


class DescribedTables:
    """The ``get_multi_…`` methods: dictionaries by (schema, table).

    They take ``filter_names``, only these tables (names that aren't there are left out); ``kind``,
    tables or views; ``scope``, lasting or temporary ones.
    """

    def _several(
        self,
        question: str,
        schema: str | None,
        filter_names: Sequence[str] | None,
        kind: ObjectKind,
        scope: ObjectScope,
        **options: Any,
    ) -> dict[TableKey, Any]:
        self_: Any = self
        names = None if filter_names is None else tuple(filter_names)
        found = self_._ask(question, schema, names, kind, scope, **options)
        return {(schema, name): described for name, described in found.items()}

    def has_multi_table(
        self, table_names: Sequence[str], schema: str | None = None, **kw: Any
    ) -> dict[TableKey, bool]:
        """Say of several tables or views whether they exist."""
        self_: Any = self
        found = self_._ask("has_multi_table", tuple(table_names), schema)
        return {(schema, name): name in found for name in table_names}

    def get_multi_columns(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, list[ReflectedColumn]]:
        """Describe the columns of several tables."""
        return self._several("get_multi_columns", schema, filter_names, kind, scope)

    def get_multi_pk_constraint(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, ReflectedPrimaryKeyConstraint]:
        """Describe the primary keys of several tables."""
        return self._several("get_multi_pk_constraint", schema, filter_names, kind, scope)

    def get_multi_foreign_keys(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, list[ReflectedForeignKeyConstraint]]:
        """Describe the foreign keys of several tables."""
        self_: Any = self
        options = self_._options(kw)
        return self._several("get_multi_foreign_keys", schema, filter_names, kind, scope, **options)

    def get_multi_indexes(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, list[ReflectedIndex]]:
        """Describe the indexes of several tables."""
        return self._several("get_multi_indexes", schema, filter_names, kind, scope)

    def get_multi_unique_constraints(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, list[ReflectedUniqueConstraint]]:
        """Describe the unique constraints of several tables."""
        return self._several("get_multi_unique_constraints", schema, filter_names, kind, scope)

    def get_multi_check_constraints(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, list[ReflectedCheckConstraint]]:
        """Describe the CHECK constraints of several tables."""
        return self._several("get_multi_check_constraints", schema, filter_names, kind, scope)

    def get_multi_table_options(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, dict[str, Any]]:
        """Return the options of several tables."""
        return self._several("get_multi_table_options", schema, filter_names, kind, scope)

    def get_multi_table_comment(
        self,
        schema: str | None = None,
        filter_names: Sequence[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[TableKey, ReflectedTableComment]:
        """Return the comments of several tables."""
        return self._several("get_multi_table_comment", schema, filter_names, kind, scope)

    # -- order

    def get_sorted_table_and_fkc_names(
        self, schema: str | None = None, **kw: Any
    ) -> list[tuple[str | None, list[ForeignKeyNames]]]:
        """List the tables as they can be created, each with its foreign keys.

        The last pair is (None, the foreign keys that close a cycle, to be added afterwards).
        """
        return [
            (None if table is None else table[1], [(of[1], name) for of, name in keys])
            for table, keys in self.sort_tables_on_foreign_key_dependency((schema,))
        ]

    def sort_tables_on_foreign_key_dependency(
        self, consider_schemas: Iterable[str | None] = (None,), **kw: Any
    ) -> list[tuple[TableKey | None, list[tuple[TableKey, str | None]]]]:
        """As ``get_sorted_table_and_fkc_names``, of several schemas: by (schema, table)."""
        self_: Any = self
        edges: set[tuple[TableKey, TableKey]] = set()
        keys_of: dict[TableKey, list[tuple[TableKey, str | None]]] = {}
        for schema in consider_schemas:
            for table, keys in self_.get_multi_foreign_keys(schema).items():
                keys_of[table] = []
                for key in keys:
                    target = (key["referred_schema"], key["referred_table"])
                    keys_of[table].append((table, key["name"]))
                    if target != table:
                        edges.add((target, table))
        aside: list[tuple[TableKey, str | None]] = []
        try:
            order = graph.sort(keys_of, edges)
        except CircularDependencyError as error:
            for table in keys_of:
                if table in error.cycles:
                    aside += keys_of[table]
                    keys_of[table] = []
            order = graph.sort(keys_of, [edge for edge in edges if edge not in error.edges])
        return [*((table, keys_of[table]) for table in order), (None, aside)]
