"""`PgBouncer`: a private pooler in front of a `PostgreSQLServer`."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal

from .account import give
from .binaries import PGBOUNCER_FOLDERS, find
from .postgresql import PostgreSQLServer
from .server import Server, Setting, text_of

PoolMode = Literal["session", "transaction", "statement"]


class PgBouncer(Server):
    """A private PgBouncer; see `Server`. Every database of the server is reached by its name.

    :param server: the PostgreSQL server behind it, which somebody else starts and closes.
    :param pool_mode: when a server connection is given to the next client.
    :param settings: of the section ``[pgbouncer]``, https://www.pgbouncer.org/config.html
    """

    name = "PgBouncer"
    default_settings: ClassVar[Mapping[str, Setting]] = {
        "max_client_conn": 200,
        "default_pool_size": 20,
    }

    def __init__(
        self,
        server: PostgreSQLServer,
        *,
        pool_mode: PoolMode = "transaction",
        settings: Mapping[str, Setting] | None = None,
    ) -> None:
        self._program = find("pgbouncer", PGBOUNCER_FOLDERS, "pgbouncer")
        said = subprocess.run([self._program, "--version"], capture_output=True, text=True)
        self.version = said.stdout.split()[1]
        self.server = server
        self.pool_mode: PoolMode = pool_mode
        super().__init__(settings=settings)

    @property
    def user(self) -> str:
        """The server's superuser."""
        return self.server.user

    @property
    def password(self) -> str:
        """The superuser's password."""
        return self.server.password

    def url(self, *, database: str | None = None, driver: str | None = None) -> str:
        """Return the URL of one of the server's databases, through the pooler."""
        return self._make_url(driver or "postgresql", database or "postgres")

    def _prepare(self) -> None:
        """Nothing is kept between starts."""

    def _command(self) -> Sequence[str | Path]:
        settings = {
            "listen_addr": self.host,
            "listen_port": self.port,
            "unix_socket_dir": self.folder,
            "auth_type": "md5",  # whatever the passwords in the list are stored as
            "auth_file": self.folder / "users",
            "pool_mode": self.pool_mode,
            **self.settings,
        }
        lines = [
            "[databases]",
            f"* = host={self.server.host} port={self.server.port}",
            "[pgbouncer]",
            *(f"{name} = {text_of(value)}" for name, value in settings.items()),
        ]
        configuration = self.folder / "pgbouncer.ini"
        configuration.write_text("\n".join(lines) + "\n")
        (self.folder / "users").write_text(f'"{self.user}" "{self.password}"\n')
        give(self.folder, self.account)
        return [self._program, configuration]

    def _is_ready(self) -> bool:
        return "process up" in self.log()
