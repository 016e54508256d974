"""`MySQLFamilyServer`: what the private servers of MariaDB and of MySQL have in common."""

from __future__ import annotations

import os
import re
import subprocess
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from .errors import ServerFailed, ServerUnavailable
from .server import DatabaseServer, Setting, text_of
from .template import DATA, Template, template

USER = "ormolu"
_VERSION = re.compile(r"Ver (\d+(?:\.\d+)+)")


@cache
def said_by(program: Path) -> str:
    """Return what a server's program says of itself.

    :raises ServerUnavailable: when there is no such program, or it is none of the family's.
    """
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServerUnavailable(f"{str(program)!r} can't be run: {error}.") from error
    if _VERSION.search(done.stdout) is None:
        raise ServerUnavailable(
            f"{str(program)!r} is no MySQL or MariaDB: it says {done.stdout!r}."
        )
    return done.stdout


def version_of(program: Path) -> str:
    """Return the version of a server's program, such as ``10.11.6``."""
    found = _VERSION.search(said_by(program))
    assert found is not None
    return found[1]


class MySQLFamilyServer(DatabaseServer):
    """A private server of the family; see `Server`.

    What a server that is killed had committed is there when it is started again: the log is
    written at each commit, and only not flushed to the disk.
    """

    common_settings: ClassVar[Mapping[str, Setting]] = {
        "innodb-flush-log-at-trx-commit": 2,
        "innodb-buffer-pool-size": "64M",
        "innodb-buffer-pool-dump-at-shutdown": False,
        "innodb-buffer-pool-load-at-startup": False,
        "performance-schema": False,
        "skip-name-resolve": True,
        "character-set-server": "utf8mb4",
        "max-connections": 200,
        # A statement that waits for a transaction which nobody will end fails, by default after
        # a day (of a table's definition) and 50 seconds (of rows).
        "lock-wait-timeout": 20,
        "innodb-lock-wait-timeout": 20,
    }
    """Those of `default_settings` that both products know."""
    log_size: ClassVar[str]
    """The option that keeps the log of transactions small: the same when data are initialised."""

    def __init__(self, program: Path, *, settings: Mapping[str, Setting] | None = None) -> None:
        self._server = program
        self.version = version_of(program)
        self._template: Template | None = None
        super().__init__(settings=settings)

    @abstractmethod
    def _fill(self, data: Path, statements: Sequence[str]) -> None:
        """Initialise an empty data folder, and have its server execute statements."""

    @abstractmethod
    def _client_program(self) -> Path:
        """Return the command-line client."""

    @property
    def user(self) -> str:
        """An account that may do everything, from anywhere."""
        return USER

    @property
    def password(self) -> str:
        """The account's password."""
        if self._template is None:
            ingredients = [self.version, self.account.name, self.log_size, USER]
            ingredients += self.initial_options
            self._template = template(self.name, self.account, ingredients, self._initialise)
        return self._template.password

    @property
    def initial_options(self) -> list[str]:
        """Settings that must be the same when data are initialised and ever after."""
        return []

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
        self._fill(
            data,
            [
                f"CREATE USER {USER}@'%' IDENTIFIED BY '{password}';",
                f"GRANT ALL ON *.* TO {USER}@'%' WITH GRANT OPTION;",
                "CREATE DATABASE test CHARACTER SET utf8mb4;",
            ],
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
        return [self._server, "--no-defaults", self.log_size, *pairs]

    def _is_ready(self) -> bool:
        return "ready for connections" in self.log()

    def _client(self, sql: str, database: str | None) -> tuple[list[str | Path], dict[str, str]]:
        target = ["--no-defaults", f"--host={self.host}", f"--port={self.port}", f"--user={USER}"]
        form = ["--skip-column-names", "--batch", f"--execute={sql}"]
        command: list[str | Path] = [self._client_program(), *target, *form]
        if database is not None:
            command.append(database)
        return command, {**os.environ, "MYSQL_PWD": self.password}
