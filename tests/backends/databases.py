"""A worker's own database on a server: made once, emptied after each test.

Most tests leave nothing behind, and finding that out takes one short query; only what is really
there is dropped. The raw drivers do it, so that no test depends on what it tests.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from typing import Any

from ormolu.engine.url import URL, make_url

from .catalogue import MYSQL, POSTGRESQL


def connect(name: str, url: str) -> Any:
    """Open a raw connection in autocommit: psycopg's or PyMySQL's."""
    parts = make_url(url)
    if name == POSTGRESQL:
        return importlib.import_module("psycopg").connect(
            host=parts.host,
            port=parts.port,
            user=parts.username,
            password=parts.password,
            dbname=parts.database,
            autocommit=True,
        )
    return importlib.import_module("pymysql").connect(
        host=parts.host or "localhost",
        port=parts.port or 3306,
        user=parts.username,
        password=parts.password or "",
        database=parts.database,
        charset="utf8mb4",
        autocommit=True,
    )


def ask(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement; return its rows, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def server_version(name: str, connection: Any) -> str:
    """Return product and version."""
    if name == POSTGRESQL:
        return f"PostgreSQL {ask(connection, 'SHOW server_version')[0][0]}"
    version = str(ask(connection, "SELECT version()")[0][0])
    return version if "MariaDB" in version else f"MySQL {version}"


class OwnDatabase(ABC):
    """One database on a server, for one worker.

    :param url: of a database on the server in which nothing is done.
    :param name: of the database to make; one of that name is dropped.
    """

    kind: str

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._outside = connect(self.kind, url)
        self._recreate()
        parts: URL = make_url(url).set(database=name)
        self.url = parts.render_as_string(hide_password=False)
        """With the default driver's scheme."""

    @abstractmethod
    def _recreate(self) -> None:
        """Make the database, empty."""

    @abstractmethod
    def clean(self) -> None:
        """Drop all that is in the database."""

    @abstractmethod
    def drop(self) -> None:
        """Drop the database and close all connections."""


POSTGRESQL_LEFT = """
SELECT 'ROLLBACK PREPARED ' || quote_literal(gid), 1 FROM pg_prepared_xacts
    WHERE database = current_database()
UNION ALL
SELECT 'DROP SCHEMA ' || quote_ident(nspname) || ' CASCADE', 2 FROM pg_namespace n
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    AND (nspname <> 'public'
        OR EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid)
        OR EXISTS (SELECT FROM pg_type WHERE typnamespace = n.oid)
        OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid)
        OR EXISTS (SELECT FROM pg_collation WHERE collnamespace = n.oid))
UNION ALL
SELECT 'DROP EXTENSION ' || quote_ident(extname) || ' CASCADE', 4 FROM pg_extension
    WHERE extname <> 'plpgsql' AND extnamespace = 'pg_catalog'::regnamespace
UNION ALL
SELECT 'ALTER DATABASE ' || quote_ident(current_database()) || ' RESET ALL', 5
    FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase
    WHERE d.datname = current_database()
ORDER BY 2
"""
"""What drops everything that a database has and an empty one hasn't, one statement per row.

The schema ``public`` is dropped when it isn't empty, and to be made again.
"""


class PostgreSQLDatabase(OwnDatabase):
    """A database on PostgreSQL. The tests' connections may still be open, idle in it."""

    kind = POSTGRESQL

    def _recreate(self) -> None:
        ask(self._outside, f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        ask(self._outside, f'CREATE DATABASE "{self.name}" TEMPLATE template0')
        self._inside: Any = None

    def clean(self) -> None:
        """Drop all schemas, extensions and prepared transactions that are there.

        A transaction that a test left open would make this wait for ever; after a moment the
        connections in its way are terminated.
        """
        if self._inside is None or self._inside.closed:
            self._inside = connect(self.kind, self.url)
            ask(self._inside, "SET lock_timeout = '1s'")
            ask(self._inside, "SET client_min_messages = error")
        left = ask(self._inside, POSTGRESQL_LEFT)
        for statement, _ in left:
            self._insist(statement)
        if left:
            ask(self._inside, "CREATE SCHEMA IF NOT EXISTS public")

    def _insist(self, statement: str) -> None:
        try:
            ask(self._inside, statement)
        except importlib.import_module("psycopg").errors.LockNotAvailable:
            ask(
                self._inside,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            ask(self._inside, statement)

    def drop(self) -> None:
        """Drop the database and close all connections."""
        if self._inside is not None:
            self._inside.close()
        ask(self._outside, f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self._outside.close()


LOCK_WAIT_TIMEOUT, NO_SUCH_THREAD = 1205, 1094
"""Numbers of errors, https://mariadb.com/kb/en/mariadb-error-code-reference/"""


class MySQLDatabase(OwnDatabase):
    """A database on MySQL or MariaDB, and those whose names begin with its name and ``_``."""

    kind = MYSQL

    def _recreate(self) -> None:
        self._drop_all()
        ask(self._outside, f"CREATE DATABASE `{self.name}` CHARACTER SET utf8mb4")

    def _databases(self) -> list[str]:
        pattern = self.name.replace("_", r"\_")
        found = ask(self._outside, f"SHOW DATABASES LIKE '{pattern}%'")
        return [row[0] for row in found if row[0] == self.name or row[0][len(self.name)] == "_"]

    def _drop_all(self) -> None:
        # Their tables may refer to one another's.
        ask(self._outside, "SET SESSION foreign_key_checks = 0")
        for name in self._databases():
            ask(self._outside, f"DROP DATABASE `{name}`")

    def clean(self) -> None:
        """Drop what is in the database, with the database.

        A transaction that a test left open or prepared keeps its tables locked; after a moment
        what is in the way is rolled back, the prepared ones last: they may be another worker's.
        """
        if self._databases() == [self.name] and not self._has_anything():
            return
        ask(self._outside, "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1")
        for clear_the_way in (self._kill_users, self._roll_prepared_back):
            try:
                self._recreate()
            except importlib.import_module("pymysql").err.OperationalError as error:
                if error.args[0] != LOCK_WAIT_TIMEOUT:
                    raise
                clear_the_way()
            else:
                return
        self._recreate()

    def _has_anything(self) -> bool:
        tables = ask(self._outside, f"SHOW TABLES FROM `{self.name}`")
        routines = (
            "SELECT 1 FROM information_schema.routines"
            f" WHERE routine_schema = '{self.name}' LIMIT 1"
        )
        settings = (
            "SELECT 1 FROM information_schema.schemata WHERE schema_name = "
            f"'{self.name}' AND default_character_set_name <> 'utf8mb4'"
        )
        return bool(tables or ask(self._outside, routines) or ask(self._outside, settings))

    def _kill_users(self) -> None:
        names = ", ".join(f"'{name}'" for name in self._databases())
        users = f"SELECT id FROM information_schema.processlist WHERE db IN ({names})"
        for process, *_ in ask(self._outside, users):
            try:
                ask(self._outside, f"KILL {process}")
            except importlib.import_module("pymysql").err.OperationalError as error:
                if error.args[0] != NO_SUCH_THREAD:  # it has gone meanwhile
                    raise

    def _roll_prepared_back(self) -> None:
        # The server doesn't say in which database a transaction was; tests have few of them.
        for form, length, _, identifier in ask(self._outside, "XA RECOVER"):
            data = identifier if isinstance(identifier, bytes) else identifier.encode("latin-1")
            name = f"X'{data[:length].hex()}', X'{data[length:].hex()}'"
            ask(self._outside, f"XA ROLLBACK {name}, {form}")

    def drop(self) -> None:
        """Drop the database and close the connection."""
        self._drop_all()
        self._outside.close()


OWN_DATABASES: dict[str, type[OwnDatabase]] = {
    POSTGRESQL: PostgreSQLDatabase,
    MYSQL: MySQLDatabase,
}
