"""`MetaData`: the tables of a schema, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from ormolu.exc import NoReferenceError
from ormolu.sql.elements import NO_ARG
from ormolu.sql.node import next_token
from ormolu.types import SchemaType

from . import reflection
from .create import CheckFirst, create_all_plan, drop_all_plan
from .item import SchemaItem
from .naming import DEFAULT_CONVENTION, NamingConvention
from .ordering import sort_tables
from .table import Table

if TYPE_CHECKING:
    from .constraints import ForeignKeyConstraint
    from .foreign_key import ForeignKey
    from .sequences import Sequence as DBSequence

_T = TypeVar("_T")


class MetaData(SchemaItem):
    """A collection of tables, and the operations on all of them.

    :param schema: the schema of tables that name none.
    :param naming_convention: patterns for the names of constraints and indexes.
    """

    __visit_name__ = "metadata"

    def __init__(
        self,
        schema: str | None = None,
        quote_schema: bool | None = None,
        naming_convention: NamingConvention | None = None,
        info: dict[Any, Any] | None = None,
    ) -> None:
        self._key = next_token()
        self._info = info
        self._tables: dict[str, Table] = {}
        self._sequences: dict[str, DBSequence] = {}
        self._untyped: list[ForeignKey] = []
        self.schema = schema
        self.quote_schema = quote_schema
        self.naming_convention: NamingConvention = naming_convention or DEFAULT_CONVENTION

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name (``schema.name`` where they have a schema), read-only."""
        return MappingProxyType(self._tables)

    @property
    def sorted_tables(self) -> list[Table]:
        """The tables in an order in which they can be created.

        Warns when tables refer to each other, and leaves the foreign keys between these out.
        """
        return sort_tables(sorted(self._tables.values(), key=lambda table: table.key))

    def __contains__(self, table_or_key: object) -> bool:
        key = table_or_key if isinstance(table_or_key, str) else getattr(table_or_key, "key", None)
        return key in self._tables

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    # -- tables come and go

    def _add_table(self, table: Table) -> None:
        self._tables[table.key] = table

    def _remove_table(self, table: Table) -> None:
        self._tables.pop(table.key, None)
        self._untyped = [
            key for key in self._untyped if key.parent is None or key.parent.table is not table
        ]

    def _add_sequence(self, sequence: DBSequence) -> None:
        self._sequences[sequence.fullname] = sequence

    def _await_targets(self, constraint: ForeignKeyConstraint) -> None:
        """Remember foreign key columns without a type: they take that of their target."""
        for key in constraint.elements:
            if key.parent is not None and key.parent.type._is_null:
                self._untyped.append(key)

    def _settle_types(self) -> None:
        """Give foreign key columns the type of their target, where it is known by now."""
        progress = bool(self._untyped)
        while progress:
            progress = False
            for key in list(self._untyped):
                if _take_type(key):
                    self._untyped.remove(key)
                    progress = True

    def remove(self, table: Table) -> None:
        """Forget a table."""
        self._remove_table(table)

    def clear(self) -> None:
        """Forget all tables."""
        self._tables.clear()
        self._sequences.clear()
        self._untyped.clear()

    # -- what has a name of its own

    @property
    def schemas(self) -> Sequence[str]:
        """The schemas of the tables, each once."""
        return tuple(dict.fromkeys(t.schema for t in self if t.schema is not None))

    def get_schema_objects(self, kind: type[_T], *, schema: Any = NO_ARG) -> Sequence[_T]:
        """The sequences or the types of a kind (``Sequence``, ``Enum``) that are registered here.

        :param schema: their schema; by default that of this ``MetaData``.
        """
        wanted = self.schema if schema is NO_ARG else schema
        found: dict[int, Any] = {}
        for owned in (*self._sequences.values(), *self._types()):
            if isinstance(owned, kind) and getattr(owned, "schema", None) == wanted:
                found[id(owned)] = owned
        return list(found.values())

    def get_schema_object_by_name(
        self, kind: type[_T], name: str, *, schema: Any = NO_ARG
    ) -> _T | None:
        """The sequence or type of a kind that has this name, or None.

        :param schema: its schema; by default that of this ``MetaData``.
        """
        objects: Sequence[Any] = self.get_schema_objects(kind, schema=schema)
        return next((found for found in objects if found.name == name), None)

    def _types(self) -> Iterator[SchemaType]:
        for table in self:
            for column in table.columns:
                inner = getattr(column.type, "item_type", column.type)
                if isinstance(inner, SchemaType):
                    yield inner

    # -- the database

    def create_all(
        self,
        bind: Any,
        tables: Sequence[Table] | None = None,
        checkfirst: bool | CheckFirst = CheckFirst.ALL,
    ) -> None:
        """Create all tables, in the order that their foreign keys need.

        :param bind: an engine or a connection.
        :param tables: only these.
        :param checkfirst: leave out the tables that are there already.
        """
        bind._run_ddl(lambda core: create_all_plan(core, self, tables, checkfirst))

    def drop_all(
        self,
        bind: Any,
        tables: Sequence[Table] | None = None,
        checkfirst: bool | CheckFirst = CheckFirst.ALL,
    ) -> None:
        """Drop all tables, those that refer to others first."""
        bind._run_ddl(lambda core: drop_all_plan(core, self, tables, checkfirst))

    def reflect(
        self,
        bind: Any,
        schema: str | None = None,
        views: bool = False,
        only: Sequence[str] | Callable[[str, MetaData], bool] | None = None,
        extend_existing: bool = False,
        autoload_replace: bool = True,
        resolve_fks: bool = True,
        **dialect_kwargs: Any,
    ) -> None:
        """Read tables from the database.

        :param schema: the schema to read from; by default that of this ``MetaData``.
        :param views: read views as well.
        :param only: their names, or a function of a name that says whether to read it.
        :param extend_existing: read tables that are here already, too.
        :param autoload_replace: let the columns read replace those that are here already.
        :param resolve_fks: read the tables that foreign keys refer to as well.
        :raises InvalidRequestError: a name in ``only`` is no table there.
        """
        reflection.reflect_metadata(
            self,
            Table,
            bind,
            schema=self.schema if schema is None else schema,
            views=views,
            only=only,
            extend_existing=extend_existing,
            autoload_replace=autoload_replace,
            resolve_fks=resolve_fks,
            **dialect_kwargs,
        )

    def __repr__(self) -> str:
        return "MetaData()"


def _take_type(key: ForeignKey) -> bool:
    column = key.parent
    if column is None or not column.type._is_null:
        return True
    if not key._is_resolvable():
        return False
    try:
        target = key.column
    except NoReferenceError:
        return False  # the column may yet be added; its use raises what is missing
    if target.type._is_null:
        return False
    column.type = target.type
    return True


def tables_of(metadatas: Iterable[MetaData]) -> list[Table]:
    """The tables of several collections."""
    return [table for metadata in metadatas for table in metadata]
