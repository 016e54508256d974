"""`MySQLServer`: a private MySQL.

Its accounts are authenticated as MySQL does it by default, by ``caching_sha2_password``: a
connection without TLS needs a driver that encrypts the password, which PyMySQL, aiomysql and
asyncmy leave to the package ``cryptography``
(https://dev.mysql.com/doc/refman/9.4/en/caching-sha2-pluggable-authentication.html).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from .binaries import MARIADB_FOLDERS, MYSQL_FOLDERS, find
from .errors import ServerUnavailable
from .mysql_family import MySQLFamilyServer, said_by
from .server import Setting

_PACKAGE = "mysql-server"


class MySQLServer(MySQLFamilyServer):
    """A private MySQL server; see `Server`."""

    name = "MySQL"
    program: ClassVar[Path | None] = None
    """The server's program; when None it is sought as ``mysqld``."""
    log_size = "--innodb-redo-log-capacity=16M"
    default_settings: ClassVar[Mapping[str, Setting]] = {
        **MySQLFamilyServer.common_settings,
        "innodb-flush-method": "nosync",
        "innodb-doublewrite": False,
        "mysqlx": False,
        "skip-log-bin": True,
        # A folder of the packages', which must exist when it is named.
        "secure-file-priv": "NULL",
    }

    def __init__(self, *, settings: Mapping[str, Setting] | None = None) -> None:
        program = self.program or find("mysqld", MYSQL_FOLDERS, _PACKAGE)
        if "MariaDB" in said_by(program):  # which comes under both names
            raise ServerUnavailable(f"{str(program)!r} is a MariaDB; a MySQL is wanted.")
        super().__init__(program, settings=settings)

    @property
    def initial_options(self) -> list[str]:
        # https://dev.mysql.com/doc/refman/9.4/en/identifier-case-sensitivity.html
        name = "lower-case-table-names"
        return [f"--{name}={self.settings[name]}"] if name in self.settings else []

    def _fill(self, data: Path, statements: Sequence[str]) -> None:
        script = data.with_name("accounts.sql")
        script.write_text("\n".join([*statements, ""]))
        script.chmod(0o644)
        options = ["--no-defaults", f"--datadir={data}", self.log_size, f"--init-file={script}"]
        options += self.initial_options
        self._run([self._server, *options, "--innodb-flush-method=nosync", "--initialize-insecure"])

    def _client_program(self) -> Path:
        # Debian has MariaDB's client under this name as well; both speak to either server.
        return find("mysql", (*MYSQL_FOLDERS, *MARIADB_FOLDERS), "mysql-client")
