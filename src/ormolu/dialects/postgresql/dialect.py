"""The PostgreSQL dialect, which all of its drivers have in common.

https://www.postgresql.org/docs/current/

What a driver takes and gives differs, and so do the variants of types: each driver's dialect is in
the module of the driver's name (``psycopg``, ``asyncpg``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import types as sqltypes
from ormolu.compiler.features import Features, Paramstyle
from ormolu.dialects.base import Core, Dialect
from ormolu.dialects.postgresql.array import ARRAY
from ormolu.dialects.postgresql.catalog import Catalog
from ormolu.dialects.postgresql.compiler import PostgreSQLCompiler
from ormolu.dialects.postgresql.ddl import PostgreSQLDDLCompiler, parents_of
from ormolu.dialects.postgresql.errors import describe_error
from ormolu.dialects.postgresql.json import JSON, JSONPATH
from ormolu.dialects.postgresql.key_array import key_array_of
from ormolu.dialects.postgresql.named_types import ENUM
from ormolu.dialects.postgresql.reserved_words import RESERVED_WORDS
from ormolu.dialects.postgresql.type_compiler import PostgreSQLTypeCompiler
from ormolu.dialects.postgresql.type_plans import create_types_plan, drop_types_plan
from ormolu.dialects.postgresql.types import BYTEA, INTERVAL
from ormolu.dialects.twophase import POSTGRESQL
from ormolu.io.requests import FetchAll
from ormolu.schema.constraints import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ormolu.schema.index import Index
from ormolu.schema.table import Table
from ormolu.types import TypeEngine, to_instance
from ormolu.types.json import JSONPathType

if TYPE_CHECKING:
    from ormolu.dialects.errors import ErrorFacts
    from ormolu.io.drivers import DriverConnection
    from ormolu.io.plan import Plan

__all__ = ["VARIANTS", "PostgreSQLDialect", "Uuid"]

_INDEX_ARGUMENTS: Mapping[str, Any] = {
    "using": False,
    "include": None,
    "where": None,
    "ops": {},
    "concurrently": False,
    "with": {},
    "tablespace": None,
    "nulls_not_distinct": None,
}
_TABLE_ARGUMENTS: Mapping[str, Any] = {
    "ignore_search_path": False,
    "tablespace": None,
    "partition_by": None,
    "with_oids": None,
    "with": None,
    "on_commit": None,
    "inherits": None,
    "using": None,
}


_SERVER = """\
SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.current_schema(), \
pg_catalog.current_setting('default_transaction_isolation')"""


class Uuid(sqltypes.Uuid):
    """``UUID``, as a bind cast to it."""

    render_bind_cast = True


#: Generic type -> the class that PostgreSQL has for it, whatever the driver.
VARIANTS: Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]] = {
    sqltypes.ARRAY: ARRAY,
    sqltypes.Enum: ENUM,
    sqltypes.Interval: INTERVAL,
    sqltypes.JSON: JSON,
    sqltypes.LargeBinary: BYTEA,
    sqltypes.Uuid: Uuid,
    JSONPathType: JSONPATH,
}


class PostgreSQLDialect(Catalog, Dialect):
    """What the dialects of all drivers have in common.

    :param native_inet_types: whether INET and CIDR values are ``ipaddress`` objects; None leaves it
        to the driver.
    """

    name = "postgresql"
    default_paramstyle: ClassVar[Paramstyle] = "pyformat"
    install: ClassVar[str] = "postgresql"
    default_schema_name = "public"
    reserved_words = RESERVED_WORDS
    compiler_class = PostgreSQLCompiler
    ddl_compiler_class = PostgreSQLDDLCompiler
    type_compiler_class = PostgreSQLTypeCompiler
    type_map = VARIANTS
    isolation_levels: ClassVar[tuple[str, ...]] = (
        "SERIALIZABLE",
        "READ UNCOMMITTED",
        "READ COMMITTED",
        "REPEATABLE READ",
        "AUTOCOMMIT",
    )
    default_isolation_level = "READ COMMITTED"
    engine_options: ClassVar[tuple[str, ...]] = ("native_inet_types",)
    transaction_options = ("postgresql_readonly", "postgresql_deferrable")
    two_phase = POSTGRESQL
    #: What makes the driver's range of a `Range`; None for a driver that takes text.
    range_to_driver: Callable[[Any], Any] | None = None
    #: Whether the driver is quicker with an array's text than with a list.
    arrays_as_text: ClassVar[bool] = False
    construct_arguments = (
        (Index, _INDEX_ARGUMENTS),
        (Table, _TABLE_ARGUMENTS),
        (CheckConstraint, {"not_valid": False, "no_inherit": False}),
        (ForeignKeyConstraint, {"not_valid": False}),
        (PrimaryKeyConstraint, {"include": None}),
        (UniqueConstraint, {"include": None, "nulls_not_distinct": None}),
    )
    features = Features(
        insert_returning=True,
        update_returning=True,
        delete_returning=True,
        multivalues_insert=True,
        default_values=True,
        empty_insert=False,
        default_metavalue=True,
        lastrowid=False,
        native_boolean=True,
        native_decimal=True,
        native_uuid=True,
        native_enum=True,
        transactional_ddl=True,
        sequences=True,
        sequences_optional=True,
        identity_columns=True,
        comments=True,
        constraint_comments=True,
        unlimited="ALL",
        max_binds=65535,  # the protocol counts them in 16 bits
        max_identifier_length=63,
    )

    def __init__(
        self,
        *,
        paramstyle: Paramstyle | None = None,
        native_inet_types: bool | None = None,
        json_serializer: Callable[[Any], Any] | None = None,
        json_deserializer: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(
            paramstyle=paramstyle,
            json_serializer=json_serializer,
            json_deserializer=json_deserializer,
        )
        self.native_inet_types = native_inet_types

    def type_descriptor(self, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> TypeEngine[Any]:
        """Return PostgreSQL's form of a type; one that asks not to be native stays as it is."""
        given: Any = to_instance(type_)
        emulated = isinstance(given, (sqltypes.Enum, sqltypes.Interval, sqltypes.Uuid))
        if not emulated:
            return super().type_descriptor(given)
        native = given.native_uuid if isinstance(given, sqltypes.Uuid) else given.native
        if not native:
            return given  # type: ignore[no-any-return]
        target: Any = next(self.type_map[c] for c in type(given).__mro__ if c in self.type_map)
        adapt = getattr(target, "adapt_emulated_to_native", None)
        if adapt is None or isinstance(given, target):
            return super().type_descriptor(given)
        return adapt(given)  # type: ignore[no-any-return]

    def key_array(self, type_: TypeEngine[Any]) -> TypeEngine[Any] | None:
        return key_array_of(type_.variant_for(self.name))

    def table_order(self, tables: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
        """What a table inherits from comes before it."""
        named = {(table.schema, table.name): table for table in tables}
        for table in tables:
            for parent in parents_of(table):
                if (found := named.get((table.schema, parent))) is not None:
                    yield found, table

    def create_types_plan(self, core: Core, tables: Iterable[Any], checkfirst: bool) -> Plan[None]:
        """Create the types that tables about to be made bring with them."""
        return create_types_plan(core, tables, checkfirst)

    def drop_types_plan(self, core: Core, tables: Iterable[Any], checkfirst: bool) -> Plan[None]:
        """Drop the types of tables that are gone."""
        return drop_types_plan(core, tables, checkfirst)

    def describe_error(self, error: BaseException) -> ErrorFacts:
        return describe_error(error)

    def initialize_plan(self, driver: DriverConnection) -> Plan[None]:
        rows = yield FetchAll(driver, _SERVER, ())
        number, schema, level = rows[0]
        self.server_version_info = divmod(int(number), 10000)
        self.default_schema_name = schema or "public"
        self.default_isolation_level = level.upper()

    def begin_mode(self, isolation_level: str | None) -> str:
        if isolation_level is None or isolation_level == "AUTOCOMMIT":
            return ""
        return f"ISOLATION LEVEL {isolation_level}"

    def transaction_mode(self, isolation_level: str | None, options: Mapping[str, Any]) -> str:
        """Return the modes of a transaction, of which options that are not set say nothing.

        https://www.postgresql.org/docs/current/sql-set-transaction.html
        """
        modes = [self.begin_mode(isolation_level)]
        readonly = options.get("postgresql_readonly")
        if readonly is not None:
            modes.append("READ ONLY" if readonly else "READ WRITE")
        deferrable = options.get("postgresql_deferrable")
        if deferrable is not None:
            modes.append("DEFERRABLE" if deferrable else "NOT DEFERRABLE")
        return " ".join(filter(None, modes))
