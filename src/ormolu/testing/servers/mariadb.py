"""`MariaDBServer`: a private MariaDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from .binaries import MARIADB_FOLDERS, find
from .mysql_family import MySQLFamilyServer
from .server import Setting

_PACKAGE = "mariadb-server"


class MariaDBServer(MySQLFamilyServer):
    """A private MariaDB server; see `Server`."""

    name = "MariaDB"
    log_size = "--innodb-log-file-size=8M"
    default_settings: ClassVar[Mapping[str, Setting]] = {
        **MySQLFamilyServer.common_settings,
        "debug-no-sync": True,
        "aria-pagecache-buffer-size": "8M",
    }

    def __init__(self, *, settings: Mapping[str, Setting] | None = None) -> None:
        super().__init__(find("mariadbd", MARIADB_FOLDERS, _PACKAGE), settings=settings)

    def _fill(self, data: Path, statements: Sequence[str]) -> None:
        install = find("mariadb-install-db", MARIADB_FOLDERS, _PACKAGE)
        common = ["--no-defaults", f"--datadir={data}", self.log_size]
        self._run([install, *common, "--auth-root-authentication-method=socket", "--skip-test-db"])
        # Without its grants the server takes no statement about accounts, so they are read first.
        text = "\n".join(["FLUSH PRIVILEGES;", *statements, ""])
        self._run([self._server, *common, "--bootstrap"], text)

    def _client_program(self) -> Path:
        return find("mariadb", MARIADB_FOLDERS, "mariadb-client")
