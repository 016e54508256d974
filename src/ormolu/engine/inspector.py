"""``Inspector``: what the database says about itself; a façade over the dialect's plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .. import inspection
from ..io.plan import Plan
from .connection import Connection
from .core import ConnectionCore
from .engine import Engine

if TYPE_CHECKING:
    from ..dialects.base import (
        Dialect,
        ReflectedColumn,
        ReflectedForeignKey,
        ReflectedIndex,
        ReflectedPrimaryKey,
        ReflectedUnique,
    )

T = TypeVar("T")


class Inspector:
    """Describes the tables of a database. ``inspect(engine)`` and ``inspect(connection)`` make one.

    On an engine, each question takes a connection of its own.
    """

    def __init__(self, bind: Engine | Connection) -> None:
        self.bind = bind
        self.engine: Engine = bind.engine

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return self.engine.dialect

    @property
    def default_schema_name(self) -> str | None:
        """The schema that is meant when none is named."""
        return self.dialect.default_schema_name

    def _ask(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        if isinstance(self.bind, Connection):
            return self.bind._run_ddl(make)
        with self.bind.connect() as connection:
            return connection._run_ddl(make)

    def get_schema_names(self) -> list[str]:
        """List the schemas."""
        return self._ask(lambda core: self.dialect.get_schema_names_plan(core))

    def get_table_names(self, schema: str | None = None) -> list[str]:
        """List the tables."""
        return self._ask(lambda core: self.dialect.get_table_names_plan(core, schema))

    def get_view_names(self, schema: str | None = None) -> list[str]:
        """List the views."""
        return self._ask(lambda core: self.dialect.get_view_names_plan(core, schema))

    def has_table(self, table_name: str, schema: str | None = None) -> bool:
        """Say whether a table or view exists."""
        return self._ask(lambda core: self.dialect.has_table_plan(core, table_name, schema))

    def get_columns(self, table_name: str, schema: str | None = None) -> list[ReflectedColumn]:
        """Describe the columns of a table, in order.

        :raises NoSuchTableError: when there is no such table.
        """
        return self._ask(lambda core: self.dialect.get_columns_plan(core, table_name, schema))

    def get_pk_constraint(self, table_name: str, schema: str | None = None) -> ReflectedPrimaryKey:
        """Describe the primary key of a table."""
        return self._ask(lambda core: self.dialect.get_pk_constraint_plan(core, table_name, schema))

    def get_foreign_keys(
        self, table_name: str, schema: str | None = None
    ) -> list[ReflectedForeignKey]:
        """Describe the foreign keys of a table."""
        return self._ask(lambda core: self.dialect.get_foreign_keys_plan(core, table_name, schema))

    def get_indexes(self, table_name: str, schema: str | None = None) -> list[ReflectedIndex]:
        """Describe the indexes of a table, without those that a constraint made."""
        return self._ask(lambda core: self.dialect.get_indexes_plan(core, table_name, schema))

    def get_unique_constraints(
        self, table_name: str, schema: str | None = None
    ) -> list[ReflectedUnique]:
        """Describe the unique constraints of a table."""
        return self._ask(
            lambda core: self.dialect.get_unique_constraints_plan(core, table_name, schema)
        )

    def has_index(self, table_name: str, index_name: str, schema: str | None = None) -> bool:
        """Say whether a table has an index of that name."""
        return any(index["name"] == index_name for index in self.get_indexes(table_name, schema))

    def has_schema(self, schema_name: str) -> bool:
        """Say whether a schema exists."""
        return schema_name in self.get_schema_names()

    def __repr__(self) -> str:
        return f"<Inspector {self.engine.url}>"


inspection.self_inspecting(Inspector)


@inspection.register(Engine, Connection)
def _inspector(bind: Any) -> Inspector:
    return Inspector(bind)
