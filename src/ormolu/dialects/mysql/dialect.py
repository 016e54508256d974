"""The MySQL dialect and its variant for MariaDB. https://dev.mysql.com/doc/refman/8.4/en/"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.features import Features, Paramstyle
from ormolu.dialects.base import Dialect
from ormolu.dialects.mysql import types
from ormolu.dialects.mysql.compiler import MySQLCompiler
from ormolu.dialects.mysql.ddl import MySQLDDLCompiler
from ormolu.dialects.mysql.identifiers import MySQLIdentifierPreparer
from ormolu.dialects.mysql.reserved_words import RESERVED_WORDS_MARIADB, RESERVED_WORDS_MYSQL
from ormolu.dialects.mysql.server import Server
from ormolu.dialects.mysql.type_compiler import MySQLTypeCompiler
from ormolu.dialects.registry import refuse
from ormolu.dialects.twophase import MYSQL
from ormolu.schema.constraints import PrimaryKeyConstraint
from ormolu.schema.index import Index
from ormolu.schema.table import Table
from ormolu.sql.dml import Delete, Update
from ormolu.types import TypeEngine, adapt_type

if TYPE_CHECKING:
    from ormolu.io.drivers import DriverModule

__all__ = ["MariaDBDialect", "MySQLDialect"]

_INDEX_ARGUMENTS = dict.fromkeys(("using", "length", "prefix", "with_parser"))


class MySQLDialect(Dialect):
    """MySQL, or MariaDB behind a ``mysql://`` URL.

    :param is_mariadb: whether the server is MariaDB; ``adopt_server`` says so once it is known.
    """

    name: ClassVar[str] = "mysql"
    driver: ClassVar[str] = "mysqldb"
    default_paramstyle: ClassVar[Paramstyle] = "format"
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
    #: The module of the driver.
    driver_module: ClassVar[str] = "pymysql"
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

    def load_driver(self) -> DriverModule:
        if self.adapter is None:
            refuse(f"{self.name}+{self.driver}", self.driver_module, "mysql")
        return super().load_driver()

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
