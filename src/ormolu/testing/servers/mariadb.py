"""`MariaDBServer`: a private MariaDB."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from .binaries import MARIADB_FOLDERS, find
from .errors import ServerFailed
from .server import DatabaseServer, Setting, text_of
from .template import DATA, Template, template

USER = "ormolu"
_PACKAGE = "mariadb-server"
_LOG_SIZE = "--innodb-log-file-size=8M"


@cache
def _version(program: Path) -> str:
    """Return the version, such as ``10.11.6``."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"Ver (\d+(?:\.\d+)+)", said.stdout)
    assert found is not None, said.stdout
    return found[1]


class MariaDBServer(DatabaseServer):
    """A private MariaDB server; see `Server`.

    What a server that is killed had committed is there when it is started again: the log is
    written at each commit, and only not flushed to the disk.
    """

    name = "MariaDB"
    default_settings: ClassVar[Mapping[str, Setting]] = {
        "debug-no-sync": True,
        "innodb-flush-log-at-trx-commit": 2,
        "innodb-buffer-pool-size": "64M",
        "innodb-buffer-pool-dump-at-shutdown": False,
        "innodb-buffer-pool-load-at-startup": False,
        "aria-pagecache-buffer-size": "8M",
        "performance-schema": False,
        "skip-name-resolve": True,
        "character-set-server": "utf8mb4",
        "max-connections": 200,
        # A statement that waits for a transaction which nobody will end fails, by default after
        # a day (of a table's definition) and 50 seconds (of rows).
        "lock-wait-timeout": 20,
        "innodb-lock-wait-timeout": 20,
    }

    def __init__(self, *, settings: Mapping[str, Setting] | None = None) -> None:
        self._server = find("mariadbd", MARIADB_FOLDERS, _PACKAGE)
        self.version = _version(self._server)
        self._template: Template | None = None
        super().__init__(settings=settings)

    @property
    def user(self) -> str:
        """An account that may do everything, from anywhere."""
        return USER

    @property
    def password(self) -> str:
        """The account's password."""
        if self._template is None:
            ingredients = [self.version, self.account.name, _LOG_SIZE, USER]
            self._template = template(self.name, self.account, ingredients, self._initialise)
        return self._template.password

    @property
    def socket(self) -> Path:
        """The Unix socket."""
        return self.folder / "socket"

    def url(self, *, database: str | None = None, driver: str | None = None) -> str:
        """Return the URL of a database; by default the one named ``test``."""
        return self._make_url(driver or "mysql", database or "test")

    def _initialise(self, data: Path, password: str) -> None:
        data.mkdir()
        if self.account.uid != os.geteuid():
            os.chown(data, self.account.uid, self.account.gid)
        install = find("mariadb-install-db", MARIADB_FOLDERS, _PACKAGE)
        common = ["--no-defaults", f"--datadir={data}", _LOG_SIZE]
        self._run([install, *common, "--auth-root-authentication-method=socket", "--skip-test-db"])
        # Without its grants the server takes no statement about accounts, so they are read first.
        self._run(
            [self._server, *common, "--bootstrap"],
            "FLUSH PRIVILEGES;\n"
            f"CREATE USER {USER}@'%' IDENTIFIED BY '{password}';\n"
            f"GRANT ALL ON *.* TO {USER}@'%' WITH GRANT OPTION;\n"
            "CREATE DATABASE test CHARACTER SET utf8mb4;\n",
        )

    def _run(self, command: Sequence[str | Path], text: str = "") -> None:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            cwd="/",
            **self.account.popen_options,
        )  # type: ignore[call-overload]
        if done.returncode != 0:
            raise ServerFailed(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")

    def _prepare(self) -> None:
        assert self.password and self._template is not None
        self._template.copy_to(self.folder / DATA, self.account)

    def _command(self) -> Sequence[str | Path]:
        settings = {
            "datadir": self.folder / DATA,
            "bind-address": self.host,
            "port": self.port,
            "socket": self.socket,
            "pid-file": self.folder / "pid",
            "tmpdir": self.folder,
            **self.settings,
        }
        pairs = [f"--{name}={text_of(value)}" for name, value in settings.items()]
        return [self._server, "--no-defaults", _LOG_SIZE, *pairs]

    def _is_ready(self) -> bool:
        return "ready for connections" in self.log()

    def _client(self, sql: str, database: str | None) -> tuple[list[str | Path], dict[str, str]]:
        client = find("mariadb", MARIADB_FOLDERS, "mariadb-client")
        target = ["--no-defaults", f"--host={self.host}", f"--port={self.port}", f"--user={USER}"]
        form = ["--skip-column-names", "--batch", f"--execute={sql}"]
        command: list[str | Path] = [client, *target, *form]
        if database is not None:
            command.append(database)
        return command, {**os.environ, "MYSQL_PWD": self.password}
