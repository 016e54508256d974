"""The MySQL dialect and its variant for MariaDB. https://dev.mysql.com/doc/refman/8.4/en/"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.features import Features, Paramstyle
from ormolu.dialects.mysql import types
from ormolu.dialects.mysql.compiler import MySQLCompiler
from ormolu.dialects.mysql.connecting import connect_options
from ormolu.dialects.mysql.ddl import MySQLDDLCompiler
from ormolu.dialects.mysql.disconnects import is_gone
from ormolu.dialects.mysql.errors import describe_error
from ormolu.dialects.mysql.identifiers import MySQLIdentifierPreparer
from ormolu.dialects.mysql.reflection import MySQLReflection
from ormolu.dialects.mysql.reserved_words import RESERVED_WORDS_MARIADB, RESERVED_WORDS_MYSQL
from ormolu.dialects.mysql.server import QUESTION, Server, server_of
from ormolu.dialects.mysql.session import isolation_question
from ormolu.dialects.mysql.type_compiler import MySQLTypeCompiler
from ormolu.dialects.twophase import MYSQL
from ormolu.exc import InvalidRequestError
from ormolu.io.requests import FetchAll
from ormolu.schema.constraints import PrimaryKeyConstraint
from ormolu.schema.index import Index
from ormolu.schema.table import Table
from ormolu.sql.dml import Delete, Update
from ormolu.types import TypeEngine, adapt_type

if TYPE_CHECKING:
    from ormolu.dialects.errors import ErrorFacts
    from ormolu.io.drivers import DriverConnection, DriverModule
    from ormolu.io.plan import Plan

__all__ = ["MariaDBDialect", "MySQLDialect"]

_INDEX_ARGUMENTS = dict.fromkeys(("using", "length", "prefix", "with_parser"))


class MySQLDialect(MySQLReflection):
    """MySQL, or MariaDB behind a ``mysql://`` URL.

    :param is_mariadb: whether the server is MariaDB; ``adopt_server`` says so once it is known.
    """

    name: ClassVar[str] = "mysql"
    driver: ClassVar[str] = "mysqldb"
    async_driver: ClassVar[str | None] = "asyncmy"
    default_paramstyle: ClassVar[Paramstyle] = "format"
    wants_bytes: ClassVar[bool] = True
    install: ClassVar[str | None] = "mysql"
    two_phase = MYSQL
    reserved_words: ClassVar[frozenset[str]] = RESERVED_WORDS_MYSQL
    compiler_class = MySQLCompiler
    ddl_compiler_class = MySQLDDLCompiler
    type_compiler_class = MySQLTypeCompiler
    type_map = types.VARIANTS
    isolation_levels: ClassVar[tuple[str, ...]] = (
        "SERIALIZABLE",
        "READ UNCOMMITTED",
        "READ COMMITTED",
        "REPEATABLE READ",
        "AUTOCOMMIT",
    )
    default_isolation_level = "REPEATABLE READ"
    construct_arguments = (
        (Table, {"*": None}),
        (Update, {"limit": None}),
        (Delete, {"limit": None}),
        (PrimaryKeyConstraint, {"using": None}),
        (Index, _INDEX_ARGUMENTS),
    )
    type_compiler: MySQLTypeCompiler
    adapter: ClassVar[str | None] = "ormolu.dialects.mysql.mysqldb_driver"
    #: What is taken when the driver is not installed: its name and its adapter.
    second_choice: ClassVar[tuple[str, str] | None] = (
        "pymysql",
        "ormolu.dialects.mysql.pymysql_driver",
    )
    #: Whether a server that isn't known yet is taken for MariaDB.
    expects_mariadb: ClassVar[bool] = False

    def __init__(
        self,
        json_serializer: Callable[[Any], Any] | None = None,
        json_deserializer: Callable[[Any], Any] | None = None,
        is_mariadb: bool | None = None,
        *,
        paramstyle: Paramstyle | None = None,
    ) -> None:
        super().__init__(
            paramstyle=paramstyle,
            json_serializer=json_serializer,
            json_deserializer=json_deserializer,
        )
        mariadb = self.expects_mariadb if is_mariadb is None else is_mariadb
        self.adopt_server(Server(mariadb=mariadb))

    # -- the server

    def adopt_server(self, server: Server) -> None:
        """Write SQL for a server from now on."""
        self.server = server
        self.features = _features(server)
        words = RESERVED_WORDS_MARIADB if server.mariadb else RESERVED_WORDS_MYSQL
        self.identifier_preparer = MySQLIdentifierPreparer(
            reserved_words=words,
            initial_quote='"' if server.ansi_quotes else "`",
            max_length=self.features.max_identifier_length,
        )
        for known in (self._impls, self._bind_processors, self._result_processors):
            known.clear()

    @property
    def is_mariadb(self) -> bool:
        """Whether the server is MariaDB."""
        return self.server.mariadb

    @property
    def server_version_info(self) -> tuple[int, ...] | None:
        """The server's version, None when there was no connection yet."""
        return self.server.version

    # -- the driver

    def load_driver(self) -> DriverModule:
        """Import the adapter; a URL that names no driver takes PyMySQL without mysqlclient.

        :raises ModuleNotFoundError: when neither is installed, naming what to install.
        """
        try:
            return super().load_driver()
        except ModuleNotFoundError:
            if self.second_choice is None:
                raise
        self.driver, self.adapter = self.second_choice  # type: ignore[misc]
        self.second_choice = None  # type: ignore[misc]
        return super().load_driver()

    def connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        return (), connect_options(url)

    def initialize_plan(self, driver: DriverConnection) -> Plan[None]:
        """Learn the server's version, whether it is MariaDB, its SQL mode and the schema.

        :raises InvalidRequestError: ``mariadb://`` has reached a MySQL server.
        """
        rows = yield FetchAll(driver, QUESTION, ())
        version, mode, schema = rows[0]
        server = server_of(version, mode)
        if self.expects_mariadb and not server.mariadb:
            raise InvalidRequestError(
                f"MySQL version {version} is not a MariaDB variant: write mysql:// in the URL"
            )
        levels = yield FetchAll(driver, isolation_question(version), ())
        self._learn(server)
        self.default_schema_name = schema
        self.default_isolation_level = levels[0][0].replace("-", " ")

    def _learn(self, server: Server) -> None:
        """Adopt a server; the lengths of names that the engine was given stay."""
        longest, label = self.identifier_preparer.max_length, self.features.max_identifier_length
        self.adopt_server(server)
        self.identifier_preparer.max_length = longest
        if label != self.features.max_identifier_length:
            self.features = Features(**{**vars(self.features), "max_identifier_length": label})

    def begin_mode(self, isolation_level: str | None) -> str:
        return isolation_level or ""

    def is_disconnect(
        self, error: BaseException, connection: Any = None, cursor: Any = None
    ) -> bool:
        return is_gone(error)

    def describe_error(self, error: BaseException) -> ErrorFacts:
        return describe_error(error, keys_of_tables=self.server.keys_of_tables)

    # -- values

    def type_descriptor(self, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> TypeEngine[Any]:
        return adapt_type(type_, types.MARIADB_VARIANTS if self.server.uuids else self.type_map)

    def escaped(self, text: str) -> str:
        """Return SQL text whose literals have their backslashes doubled, where these escape.

        https://dev.mysql.com/doc/refman/8.4/en/string-literals.html
        """
        return text.replace("\\", "\\\\") if self.server.backslash_escapes else text

    def quoted_string(self, value: str) -> str:
        """Return a string as SQL text."""
        return self.escaped("'" + value.replace("'", "''") + "'")


class MariaDBDialect(MySQLDialect):
    """MariaDB, by a ``mariadb://`` URL: its arguments are named ``mariadb_…``."""

    name = "mariadb"
    reserved_words = RESERVED_WORDS_MARIADB
    expects_mariadb = True


def _features(server: Server) -> Features:
    return Features(
        insert_returning=server.insert_returning,
        delete_returning=server.delete_returning,
        delete_using_returning=False,
        multivalues_insert=True,
        default_metavalue=True,
        native_decimal=True,
        native_enum=True,
        native_uuid=server.uuids,
        sequences=server.sequences,
        comments=True,
        inline_comments=True,
        unlimited=None,
        integer_division_floors=False,
        null_primary_key_generates=True,
        max_binds=32700,
        max_identifier_length=255,
    )
