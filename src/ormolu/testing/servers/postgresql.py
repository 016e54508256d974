"""`PostgreSQLServer`: a private PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from .binaries import POSTGRESQL_FOLDERS, find
from .errors import ServerFailed
from .server import DatabaseServer, Setting, text_of
from .template import DATA, Template, template

USER = "postgres"
_LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"

# Each connection of a test asks for the password, so that checking it had better be quick; the
# iterations can be set from version 16 on, and MD5 is going away after it.
# https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SCRAM-ITERATIONS
_FIRST_WITH_ITERATIONS = 16


@cache
def _version(program: Path) -> str:
    """Return the version of a program, such as ``16.4``: the last word but the packager's."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return next(word for word in said.stdout.split() if word[0].isdigit())


class PostgreSQLServer(DatabaseServer):
    """A private PostgreSQL server; see `Server`.

    What a server that is killed had committed is there when it is started again: ``fsync`` only
    protects from the machine's failure, and ``synchronous_commit`` is on.
    """

    name = "PostgreSQL"
    default_settings: ClassVar[Mapping[str, Setting]] = {
        "fsync": False,
        "full_page_writes": False,
        "autovacuum": False,
        "jit": False,
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "max_connections": 200,
        "max_prepared_transactions": 50,
        "timezone": "UTC",
        "lock_timeout": "20s",  # else a statement waits for ever for what nobody will end
        # Shared memory in the data folder goes with it, even when the server was killed.
        "dynamic_shared_memory_type": "mmap",
    }
    _stop_signal = signal.SIGINT  # "fast shutdown"; SIGTERM would wait for the clients

    def __init__(self, *, settings: Mapping[str, Setting] | None = None) -> None:
        self._bin = find("initdb", POSTGRESQL_FOLDERS, "postgresql").parent
        self.version = _version(self._bin / "postgres")
        self._template: Template | None = None
        super().__init__(settings=settings)

    @property
    def user(self) -> str:
        """The superuser."""
        return USER

    @property
    def password(self) -> str:
        """The superuser's password, for connections by TCP; on the socket none is asked for."""
        if self._template is None:
            account, options = self.account, self._initdb_options()
            ingredients = [self.version, account.name, *options]
            self._template = template(self.name, account, ingredients, self._initialise)
        return self._template.password

    def url(self, *, database: str | None = None, driver: str | None = None) -> str:
        """Return the URL of a database; by default the one named ``postgres``."""
        return self._make_url(driver or "postgresql", database or "postgres")

    def _initdb_options(self) -> list[str]:
        options = [f"--username={USER}", "--encoding=UTF8", f"--locale={_LOCALE}", "--no-sync"]
        options += ["--wal-segsize=4", "--auth-local=trust"]
        if int(self.version.split(".")[0]) < _FIRST_WITH_ITERATIONS:
            return [*options, "--auth-host=md5"]
        return [*options, "--auth-host=scram-sha-256", "--set=scram_iterations=1"]

    def _initialise(self, data: Path, password: str) -> None:
        secret = data.parent / "secret"
        secret.write_text(password)
        secret.chmod(0o644)  # in a folder that only the account can enter
        command = [self._bin / "initdb", f"--pgdata={data}", f"--pwfile={secret}"]
        done = subprocess.run(
            [*command, *self._initdb_options()],
            capture_output=True,
            text=True,
            cwd=data.parent,
            **self.account.popen_options,
        )  # type: ignore[call-overload]
        if done.returncode != 0:
            raise ServerFailed(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _prepare(self) -> None:
        assert self.password and self._template is not None
        self._template.copy_to(self.folder / DATA, self.account)
        (self.folder / DATA).chmod(0o700)

    def _command(self) -> Sequence[str | Path]:
        settings = {
            "listen_addresses": self.host,
            "port": self.port,
            "unix_socket_directories": self.folder,
            **self.settings,
        }
        pairs = [f"--{name}={text_of(value)}" for name, value in settings.items()]
        return [self._bin / "postgres", "-D", self.folder / DATA, *pairs]

    def _is_ready(self) -> bool:
        # The eighth line of this file is the server's state, which `pg_ctl --wait` waits for.
        try:
            lines = (self.folder / DATA / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ours = self._process is not None and lines[:1] == [str(self._process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"

    def _end(self) -> None:
        # An immediate shutdown gives the shared memory back, which killing wouldn't.
        process = self._process
        if process is not None and self.running:
            self.resume()
            process.send_signal(signal.SIGQUIT)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()

    def _client(self, sql: str, database: str | None) -> tuple[list[str | Path], dict[str, str]]:
        target = ["-h", self.host, "-p", str(self.port), "-U", USER, "-d", database or "postgres"]
        form = ["-X", "-q", "-t", "-A", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return [self._bin / "psql", *target, *form], {**kept, "PGPASSWORD": self.password}
