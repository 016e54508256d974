"""The SQLite dialect. https://www.sqlite.org/lang.html"""

from __future__ import annotations

from typing import Any, ClassVar

from ormolu.compiler.features import Features
from ormolu.dialects.errors import ErrorFacts
from ormolu.dialects.sqlite import types
from ormolu.dialects.sqlite.compiler import SQLiteCompiler
from ormolu.dialects.sqlite.ddl import SQLiteDDLCompiler
from ormolu.dialects.sqlite.errors import describe_error
from ormolu.dialects.sqlite.reflection import SQLiteReflection
from ormolu.dialects.sqlite.type_compiler import SQLiteTypeCompiler
from ormolu.exc import ArgumentError
from ormolu.schema.column import Column
from ormolu.schema.constraints import Constraint
from ormolu.schema.index import Index
from ormolu.schema.table import Table
from ormolu.schema.views import CreateView
from ormolu.types import TypeEngine
from ormolu.types.type_api import adapt_type

__all__ = ["AsyncSQLiteDialect", "SQLiteDialect"]

_URL_FORMS = (
    "Valid SQLite URL forms are:\n sqlite:///:memory: (or, sqlite://)\n"
    " sqlite:///relative/path/to/file.db\n sqlite:////absolute/path/to/file.db"
)

#: Arguments of ``sqlite3.connect`` that may stand in a URL's query, with their Python types.
_CONNECT_OPTIONS: dict[str, type] = {
    "timeout": float,
    "detect_types": int,
    "check_same_thread": bool,
    "cached_statements": int,
    "isolation_level": str,
    "uri": bool,
}


class SQLiteDialect(SQLiteReflection):
    """SQLite through the standard library's ``sqlite3``.

    :param native_datetime: the driver converts what is declared DATE or TIMESTAMP, told so by
        ``connect_args={"detect_types": sqlite3.PARSE_DECLTYPES}``; ormolu leaves them alone.
        https://docs.python.org/3/library/sqlite3.html#default-adapters-and-converters-deprecated
    """

    name = "sqlite"
    driver = "pysqlite"
    async_driver = "aiosqlite"
    default_paramstyle = "qmark"
    adapter = "ormolu.dialects.sqlite.pysqlite_driver"
    default_schema_name = "main"
    compiler_class = SQLiteCompiler
    ddl_compiler_class = SQLiteDDLCompiler
    type_compiler_class = SQLiteTypeCompiler
    type_map = types.VARIANTS
    engine_options: ClassVar[tuple[str, ...]] = ("native_datetime",)
    construct_arguments = (
        (Table, {"autoincrement": False, "with_rowid": True, "strict": False}),
        (Index, {"where": None}),
        (
            Column,
            dict.fromkeys(
                ("on_conflict_primary_key", "on_conflict_not_null", "on_conflict_unique")
            ),
        ),
        (Constraint, {"on_conflict": None}),
        (CreateView, {"if_not_exists": False}),
    )
    #: A column takes what it is given: a string in a BLOB would come back as a string.
    wants_bytes: ClassVar[bool] = True
    isolation_levels: ClassVar[tuple[str, ...]] = (
        "READ UNCOMMITTED",
        "SERIALIZABLE",
        "AUTOCOMMIT",
    )
    default_isolation_level = "SERIALIZABLE"
    features = Features(
        insert_returning=True,  # since 3.35
        update_returning=True,
        delete_returning=True,
        multivalues_insert=True,
        quick_rows=True,
        default_values=True,
        empty_insert=False,
        alter=False,
        cross_schema_foreign_keys=False,
        for_update=False,
        transactional_ddl=True,
        unlimited="-1",
        tuple_in_values=True,
        null_primary_key_generates=True,
        max_binds=32766,
    )
    # https://www.sqlite.org/lang_keywords.html: the words that SQLite itself reserves, and those
    # that
    # it accepts here and there but that programs have always quoted.
    reserved_words = frozenset(
        [
            "add",
            "after",
            "all",
            "alter",
            "analyze",
            "and",
            "as",
            "asc",
            "attach",
            "autoincrement",
            "before",
            "begin",
            "between",
            "by",
            "cascade",
            "case",
            "cast",
            "check",
            "collate",
            "column",
            "commit",
            "conflict",
            "constraint",
            "create",
            "cross",
            "current_date",
            "current_time",
            "current_timestamp",
            "database",
            "default",
            "deferrable",
            "deferred",
            "delete",
            "desc",
            "detach",
            "distinct",
            "drop",
            "each",
            "else",
            "end",
            "escape",
            "except",
            "exclusive",
            "exists",
            "explain",
            "fail",
            "false",
            "for",
            "foreign",
            "from",
            "full",
            "glob",
            "group",
            "having",
            "if",
            "ignore",
            "immediate",
            "in",
            "index",
            "indexed",
            "initially",
            "inner",
            "insert",
            "instead",
            "intersect",
            "into",
            "is",
            "isnull",
            "join",
            "key",
            "left",
            "like",
            "limit",
            "match",
            "natural",
            "not",
            "notnull",
            "null",
            "of",
            "offset",
            "on",
            "or",
            "order",
            "outer",
            "plan",
            "pragma",
            "primary",
            "query",
            "raise",
            "references",
            "reindex",
            "rename",
            "replace",
            "restrict",
            "right",
            "rollback",
            "row",
            "select",
            "set",
            "table",
            "temp",
            "temporary",
            "then",
            "to",
            "transaction",
            "trigger",
            "true",
            "union",
            "unique",
            "update",
            "using",
            "vacuum",
            "values",
            "view",
            "virtual",
            "when",
            "where",
        ]
    )

    def __init__(self, *, native_datetime: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.native_datetime = native_datetime

    def type_descriptor(self, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> TypeEngine[Any]:
        if self.native_datetime:
            return adapt_type(type_, types.NATIVE_DATES)
        return super().type_descriptor(type_)

    def connect_args(self, url: Any) -> tuple[list[Any], dict[str, Any]]:
        """Return what ``sqlite3.connect`` takes: the file and its options.

        :raises ArgumentError: when the URL names a host, user, password or port.
        """
        if url.username or url.host or url.password or url.port:
            raise ArgumentError(f"Invalid SQLite URL: {url}\n{_URL_FORMS}")
        database = url.database or ":memory:"
        query = dict(url.query)
        options: dict[str, Any] = {
            name: _converted(name, query.pop(name), kind)
            for name, kind in _CONNECT_OPTIONS.items()
            if name in query
        }
        if query:
            # What is no option of connect() belongs to SQLite's own file: URI.
            pairs = "&".join(f"{key}={value}" for key, value in query.items())
            database += ("&" if "?" in database else "?") + pairs
            options["uri"] = True
        # A file may be used by any thread of the pool; so may a shared in-memory database.
        options.setdefault("check_same_thread", False)
        return [database], options

    def is_memory(self, url: Any) -> bool:
        """Say whether the database lives only as long as its one connection."""
        database = url.database or ":memory:"
        if database == ":memory:" or "mode=memory" in str(url):
            return True
        # https://www.sqlite.org/inmemorydb.html#sharedmemdb
        return ":memory:" in database and "cache=shared" not in str(url)

    @property
    def server_version_info(self) -> tuple[int, ...]:
        """The version of the SQLite library."""
        version: tuple[int, ...] = self.dbapi.sqlite_version_info
        return version

    def describe_error(self, error: BaseException) -> ErrorFacts:
        return describe_error(error)

    def is_disconnect(
        self, error: BaseException, connection: Any = None, cursor: Any = None
    ) -> bool:
        return "closed database" in str(error)


class AsyncSQLiteDialect(SQLiteDialect):
    """SQLite through ``aiosqlite``."""

    driver = "aiosqlite"
    is_async = True
    adapter = "ormolu.dialects.sqlite.aiosqlite_driver"
    install = "asyncio"


def _converted(name: str, value: Any, kind: type) -> Any:
    if kind is bool:
        word = str(value).lower()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("0", "false", "no", "off"):
            return False
        raise ArgumentError(f"{name}={value!r} in the URL is not a boolean: write true or false")
    try:
        return kind(value)
    except ValueError:
        raise ArgumentError(f"{name}={value!r} in the URL is not a {kind.__name__}") from None
