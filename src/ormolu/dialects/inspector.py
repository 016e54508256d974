"""``Inspector``: what the database says about itself; a façade over the dialect's plans.

Answers are kept until ``clear_cache()``, as SQLAlchemy's are: an inspector sees the database as it
was when it first asked. A fresh one is cheap.

An inspector needs of an engine or connection no more than that it runs plans, so this module
stands with the dialects, which may have inspectors of their own (``Dialect.inspector``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ormolu import inspection
from ormolu.dialects.described import DescribedTables
from ormolu.dialects.reflected import ObjectKind, ObjectScope
from ormolu.io.plan import Plan
from ormolu.schema import reflection

if TYPE_CHECKING:
    from ormolu.dialects.base import Dialect
    from ormolu.dialects.reflected import (
        ReflectedCheckConstraint,
        ReflectedColumn,
        ReflectedForeignKeyConstraint,
        ReflectedIndex,
        ReflectedPrimaryKeyConstraint,
        ReflectedTableComment,
        ReflectedUniqueConstraint,
    )
    from ormolu.engine.connection import Connection
    from ormolu.engine.engine import Engine
    from ormolu.schema import MetaData, Table

__all__ = ["Inspector"]

T = TypeVar("T")
TableKey = tuple[str | None, str]
TablesBySchema = dict[str | None, dict[str, None]]


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
        """The schema that is meant when none is named: an engine connects to know it."""
        key = "default_schema_name"
        if key not in self.info_cache:
            self.info_cache[key] = self._run(_default_schema_plan)
        found: str | None = self.info_cache[key]
        return found

    def clear_cache(self) -> None:
        """Forget the answers: the next questions go to the database again."""
        self.info_cache.clear()

    def _ask(self, plan_name: str, *args: Any, **options: Any) -> Any:
        """Run a plan of the dialect, or give what it answered before."""
        key = (plan_name, *args, *options.items())
        if key not in self.info_cache:
            plan = getattr(self.dialect, f"{plan_name}_plan")
            self.info_cache[key] = self._run(lambda core: plan(core, *args, **options))
        return _copied(self.info_cache[key])

    def _options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the keywords that change what this database's foreign keys are described as."""
        return {name: given[name] for name in self.dialect.reflection_options if given.get(name)}

    def _run(self, make: Callable[[Any], Plan[T]]) -> T:
        return self.bind._run_ddl(make)

    # -- several tables ahead

    def _prepare(
        self,
        schema: str | None,
        names: Iterable[str],
        metadata: MetaData | None,
        given: Mapping[str, Any],
    ) -> None:
        """Ask at once for all that describes some tables, where the database answers for many.

        :param metadata: ask as well for the tables that foreign keys lead to, but those that it
            has; None asks for no others.
        :param given: keywords of the tables.
        """
        if not self.dialect.describes_many:
            return
        new = [n for n in names if ("get_table_options", n, schema) not in self.info_cache]
        if not new:
            return  # asked together with a table that led here
        options = self._options(given)
        found: TablesBySchema = {schema: dict.fromkeys(new)}
        if metadata is not None:
            self._follow(found, metadata, options)
        for place, tables in found.items():
            self._learn(self.dialect.described, place, tables, options)

    def _follow(
        self, found: TablesBySchema, metadata: MetaData, options: Mapping[str, Any]
    ) -> None:
        """Add the tables that foreign keys lead to: a question for each step away."""
        waiting = found.copy()
        while waiting:
            referred: TablesBySchema = {}
            for place, tables in waiting.items():
                self._learn(("foreign_keys",), place, tables, options)
                for target_schema, name in self._referred(place, tables, options):
                    if name in found.get(target_schema, ()):
                        continue
                    if _has_table(metadata, target_schema, name):
                        continue
                    referred.setdefault(target_schema, {})[name] = None
            for place, tables in referred.items():
                found[place] = {**found.get(place, {}), **tables}
            waiting = referred

    def _referred(
        self, schema: str | None, names: Iterable[str], options: Mapping[str, Any]
    ) -> Iterable[TableKey]:
        """The tables that the foreign keys of known tables refer to."""
        for name in names:
            key = ("get_foreign_keys", name, schema, *options.items())
            for described in self.info_cache.get(key, ()):
                yield described["referred_schema"], described["referred_table"]

    def _learn(
        self,
        described: Iterable[str],
        schema: str | None,
        names: Iterable[str],
        options: Mapping[str, Any],
    ) -> None:
        """Fill the cache with the answers that aren't in it."""
        further = {"foreign_keys": tuple(options.items())}
        wanted: dict[tuple[str, ...], list[str]] = {}
        for what in described:
            key = f"get_{what}", further.get(what, ())
            new = [n for n in names if (key[0], n, schema, *key[1]) not in self.info_cache]
            if new:
                wanted.setdefault(tuple(new), []).append(what)
        for several, questions in wanted.items():
            answers = self._describe(questions, schema, several, options)
            for what, by_name in answers.items():
                for name, answer in by_name.items():
                    place = (f"get_{what}", name, schema, *further.get(what, ()))
                    self.info_cache.setdefault(place, answer)

    def _describe(
        self,
        questions: Collection[str],
        schema: str | None,
        names: Collection[str],
        options: Mapping[str, Any],
    ) -> dict[str, dict[str, Any]]:
        kind, scope = ObjectKind.ANY, ObjectScope.ANY
        describe = self.dialect.describe_plan
        return self._run(
            lambda core: describe(core, schema, names, kind, scope, questions=questions, **options)
        )

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
        return self._ask("get_foreign_keys", table_name, schema, **self._options(kw))  # type: ignore[no-any-return]

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
        metadata = table.metadata if resolve_fks else None
        self._prepare(table.schema, (table.name,), metadata, table.dialect_kwargs)
        reflection.reflect_table(table, self, include_columns, exclude_columns, resolve_fks)

    def __repr__(self) -> str:
        return f"<Inspector {self.engine.url}>"


def _default_schema_plan(core: Any) -> Plan[str | None]:
    yield from ()
    found: str | None = core.dialect.default_schema_name
    return found


def _copied(answer: Any) -> Any:
    """An answer that the caller may change; types and expressions in it are immutable."""
    if isinstance(answer, dict):
        return {key: _copied(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [_copied(value) for value in answer]
    return answer


def _has_table(metadata: MetaData, schema: str | None, name: str) -> bool:
    return (name if schema is None else f"{schema}.{name}") in metadata.tables


inspection.self_inspecting(Inspector)
