"""Which private servers the run starts: MySQL's are MariaDBs, unless a MySQL is named.

``ORMOLU_TEST_MYSQLD=/usr/sbin/mysqld`` has every private server of the tests be a MySQL of that
program: the one of the run, those that tests kill, and those that they configure.
"""

from __future__ import annotations

import os
from pathlib import Path

from ormolu.testing.servers import (
    DatabaseServer,
    MariaDBServer,
    MySQLFamilyServer,
    MySQLServer,
    PostgreSQLServer,
)

from .catalogue import MYSQL, POSTGRESQL

MYSQLD = "ORMOLU_TEST_MYSQLD"
"""Environment variable with the path of a MySQL's program."""


_program = os.environ.get(MYSQLD, "")


class NamedMySQLServer(MySQLServer):
    """A private MySQL of the program that the environment names."""

    program = Path(_program)


MySQLOfTheRun: type[MySQLFamilyServer] = NamedMySQLServer if _program else MariaDBServer
"""The class of the private servers of the ``mysql`` backends."""

SERVERS: dict[str, type[DatabaseServer]] = {POSTGRESQL: PostgreSQLServer, MYSQL: MySQLOfTheRun}
"""The class of private servers, by the kind of server."""
