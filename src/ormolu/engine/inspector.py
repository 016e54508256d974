"""``Inspector``: what the database says about itself; a façade over the dialect's plans.

Answers are kept until ``clear_cache()``, as SQLAlchemy's are: an inspector sees the database as it
was when it first asked. A fresh one is cheap.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

from .. import inspection
from ..io.plan import Plan
from ..schema import reflection
from .connection import Connection
from .core import ConnectionCore
from .described import DescribedTables
from .engine import Engine

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..dialects.reflected import (
        ReflectedCheckConstraint,
        ReflectedColumn,
        ReflectedForeignKeyConstraint,
        ReflectedIndex,
        ReflectedPrimaryKeyConstraint,
        ReflectedTableComment,
        ReflectedUniqueConstraint,
    )
    from ..schema import Table

T = TypeVar("T")


class Inspector(DescribedTables):
    """Describes the tables of a database. ``inspect(engine)`` and ``inspect(connection)`` make one.

    On an engine, each question takes a connection of its own. Where nothing else is said, a method
    of a table raises ``NoSuchTableError`` when there is none of that name, and
    ``NotImplementedError`` when the database has nothing of the kind.
    """

    def __init__(self, bind: Engine | Connection) -> None:
        self.bind = bind
        self.engine: Engine = bind.engine
        self.info_cache: dict[Any, Any] = {}

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return self.engine.dialect

    @property
    def default_schema_name(self) -> str | None:
        """The schema that is meant when none is named."""
        return self.dialect.default_schema_name

    def clear_cache(self) -> None:
        """Forget the answers: the next questions go to the database again."""
        self.info_cache.clear()

    def _ask(self, plan_name: str, *args: Any) -> Any:
        """Run a plan of the dialect, or give what it answered before."""
        key = (plan_name, *args)
        if key not in self.info_cache:
            plan = getattr(self.dialect, f"{plan_name}_plan")
            self.info_cache[key] = self._run(lambda core: plan(core, *args))
        # The caller may do with the dictionaries what it likes.
        return copy.deepcopy(self.info_cache[key], _shared_memo(self.info_cache[key]))

    def _run(self, make: Callable[[ConnectionCore], Plan[T]]) -> T:
        if isinstance(self.bind, Connection):
            return self.bind._run_ddl(make)
        with self.bind.connect() as connection:
            return connection._run_ddl(make)

    # -- names

    def get_schema_names(self, **kw: Any) -> list[str]:
        """List the schemas."""
        return self._ask("get_schema_names")  # type: ignore[no-any-return]

    def get_table_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """List the tables."""
        return self._ask("get_table_names", schema)  # type: ignore[no-any-return]

    def get_temp_table_names(self, **kw: Any) -> list[str]:
        """List the temporary tables of this connection."""
        return self._ask("get_temp_table_names")  # type: ignore[no-any-return]

    def get_view_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """List the views."""
        return self._ask("get_view_names", schema)  # type: ignore[no-any-return]

    def get_temp_view_names(self, **kw: Any) -> list[str]:
        """List the temporary views of this connection."""
        return self._ask("get_temp_view_names")  # type: ignore[no-any-return]

    def get_materialized_view_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """List the materialized views."""
        return self._ask("get_materialized_view_names", schema)  # type: ignore[no-any-return]

    def get_sequence_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        """List the sequences."""
        return self._ask("get_sequence_names", schema)  # type: ignore[no-any-return]

    def has_table(self, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Say whether a table or view exists."""
        return self._ask("has_table", table_name, schema)  # type: ignore[no-any-return]

    def has_index(
        self, table_name: str, index_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        """Say whether a table has an index of that name; False when there is no such table."""
        return self._ask("has_index", table_name, index_name, schema)  # type: ignore[no-any-return]

    def has_sequence(self, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Say whether a sequence exists."""
        return self._ask("has_sequence", sequence_name, schema)  # type: ignore[no-any-return]

    def has_schema(self, schema_name: str, **kw: Any) -> bool:
        """Say whether a schema exists."""
        return self._ask("has_schema", schema_name)  # type: ignore[no-any-return]

    # -- what a table consists of

    def get_view_definition(self, view_name: str, schema: str | None = None, **kw: Any) -> str:
        """Return the text of a view."""
        return self._ask("get_view_definition", view_name, schema)  # type: ignore[no-any-return]

    def get_columns(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedColumn]:
        """Describe the columns of a table, in order."""
        return self._ask("get_columns", table_name, schema)  # type: ignore[no-any-return]

    def get_pk_constraint(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> ReflectedPrimaryKeyConstraint:
        """Describe the primary key of a table."""
        return self._ask("get_pk_constraint", table_name, schema)  # type: ignore[no-any-return]

    def get_foreign_keys(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedForeignKeyConstraint]:
        """Describe the foreign keys of a table."""
        return self._ask("get_foreign_keys", table_name, schema)  # type: ignore[no-any-return]

    def get_indexes(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedIndex]:
        """Describe the indexes of a table, without those that a constraint made."""
        return self._ask("get_indexes", table_name, schema)  # type: ignore[no-any-return]

    def get_unique_constraints(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedUniqueConstraint]:
        """Describe the unique constraints of a table."""
        return self._ask("get_unique_constraints", table_name, schema)  # type: ignore[no-any-return]

    def get_check_constraints(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedCheckConstraint]:
        """Describe the CHECK constraints of a table."""
        return self._ask("get_check_constraints", table_name, schema)  # type: ignore[no-any-return]

    def get_table_comment(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> ReflectedTableComment:
        """Return the comment of a table."""
        return self._ask("get_table_comment", table_name, schema)  # type: ignore[no-any-return]

    def get_table_options(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return the options of a table, as the dialect's keywords of `Table`."""
        return self._ask("get_table_options", table_name, schema)  # type: ignore[no-any-return]

    def reflect_table(
        self,
        table: Table,
        include_columns: Collection[str] | None,
        exclude_columns: Collection[str] = (),
        resolve_fks: bool = True,
    ) -> None:
        """Fill a `Table` that has no columns yet with what the database says of it.

        :param include_columns: only these columns; ``exclude_columns``: all but these.
        :param resolve_fks: read the tables that its foreign keys refer to as well.
        """
        reflection.reflect_table(table, self, include_columns, exclude_columns, resolve_fks)

    def __repr__(self) -> str:
        return f"<Inspector {self.engine.url}>"


def _shared_memo(answer: Any) -> dict[int, Any]:
    """What ``deepcopy`` hands on as it is: types and expressions, which are immutable."""
    memo: dict[int, Any] = {}
    waiting = [answer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += found.values()
        elif isinstance(found, (list, tuple)):
            waiting += found
        elif not isinstance(found, (str, int, type(None))):
            memo[id(found)] = found
    return memo


inspection.self_inspecting(Inspector)


@inspection.register(Engine, Connection)
def _inspector(bind: Any) -> Inspector:
    return Inspector(bind)
