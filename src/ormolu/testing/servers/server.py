"""`Server`: a private server process, in a temporary folder of its own.

A subclass says how the folder is prepared, which command runs the server, and how its log tells
that it is ready. The log is read instead of connecting: a connection that says nothing counts as
an error with some servers, and with others takes one of few places.

The server's processes are found anew each time they are to be stopped: PostgreSQL has one per
client, each in a session of its own, so that neither the process group nor the main process's end
reaches all of them.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from ...engine.url import URL
from . import guardian, watch
from .account import Account, new_folder, server_account
from .errors import ServerFailed
from .ports import HOST, free_port

Setting = str | int | float | bool

_POLL = 0.005


def text_of(value: object) -> str:
    """Return a setting's value as the servers' command lines and files have it."""
    return str(int(value)) if isinstance(value, bool) else str(value)


class Server(ABC):
    """A server that its user starts, stops, kills and pauses as he likes.

    It listens on a port of its own at 127.0.0.1 and on a socket in ``folder``, both kept when it
    is started again. Use it as a context manager, or call `close`; it is closed at the latest when
    the process ends, even by ``SIGKILL``.

    :param settings: the server's own settings, over those of `default_settings`.
    """

    name: ClassVar[str]
    """The product's name."""
    default_settings: ClassVar[Mapping[str, Setting]] = {}
    """What makes the server fast and small; none of it loses what a killed server had committed."""
    _stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, *, settings: Mapping[str, Setting] | None = None) -> None:
        self.settings: dict[str, Setting] = {**self.default_settings, **(settings or {})}
        """Take effect at the next start."""
        self.host = HOST
        self.port = free_port()
        self.account: Account = server_account()
        """Who runs it: another account when we are root."""
        self.folder = new_folder(self.account, self.name.lower())
        self.paused = False
        self._process: subprocess.Popen[bytes] | None = None
        self._prepared = False
        self._log_start = 0
        watch.register(self, self.folder)

    @abstractmethod
    def _prepare(self) -> None:
        """Fill ``folder``, before the first start."""

    @abstractmethod
    def _command(self) -> Sequence[str | Path]:
        """Return the command that runs the server in the foreground, logging to stderr."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether the server takes connections, judged by what it has written since its start."""

    @property
    @abstractmethod
    def user(self) -> str:
        """The account in the database that may do everything."""

    @property
    @abstractmethod
    def password(self) -> str:
        """That account's password."""

    @abstractmethod
    def url(self, *, database: str | None = None, driver: str | None = None) -> str:
        """Return the URL of a database on the server.

        :param driver: the URL's scheme, such as ``postgresql+asyncpg``; else the default driver's.
        """

    def _make_url(self, scheme: str, database: str) -> str:
        url = URL.create(scheme, self.user, self.password, self.host, self.port, database)
        return url.render_as_string(hide_password=False)

    @property
    def pid(self) -> int | None:
        """The main process's id while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether the main process is there, paused or not."""
        return self._process is not None and self._process.poll() is None

    @property
    def socket_folder(self) -> Path:
        """Where the server's Unix socket lies."""
        return self.folder

    @property
    def _log_path(self) -> Path:
        return self.folder / "log"

    def log(self, *, all: bool = False) -> str:
        """Return what the server wrote since its latest start, or since its first."""
        if not self._log_path.exists():
            return ""
        written = self._log_path.read_bytes()
        return written[0 if all else self._log_start :].decode(errors="replace")

    def start(self, *, wait: bool = True, timeout: float = 60) -> Self:
        """Start the server, if it doesn't run.

        :param wait: return only when it takes connections.
        :raises ServerFailed: when it ends instead, or takes longer than ``timeout`` seconds.
        :raises ServerUnavailable: when its programs are missing.
        """
        if self.running:
            return self
        first = not self._prepared
        if first:
            self._prepare()
            self._prepared = True
        self._launch()
        while wait and not self._wait_until_ready(timeout):
            # Somebody took the port since it was found free; nobody knows ours yet.
            if not (first and "in use" in self.log()):
                raise self._failure("ended while starting")
            self.port = free_port()
            self._launch()
        return self

    def _forget(self) -> None:
        """Have the guardian leave the process's number alone, which may be another's soon."""
        if self._process is not None:
            watch.tell("forget", self._process.pid)

    def _launch(self) -> None:
        self._forget()
        self._log_start = self._log_path.stat().st_size if self._log_path.exists() else 0
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self.account.popen_options,
            )  # type: ignore[call-overload]
        self.paused = False
        watch.tell("watch", self._process.pid)

    def _wait_until_ready(self, timeout: float) -> bool:
        """Wait; return False when the process ended instead."""
        deadline = time.monotonic() + timeout
        while not self._is_ready():
            if not self.running:
                return False
            if time.monotonic() > deadline:
                self.kill()
                raise self._failure(f"wasn't ready after {timeout} seconds")
            time.sleep(_POLL)
        return True

    def wait_until_ready(self, *, timeout: float = 60) -> None:
        """Wait for a server started with ``wait=False``.

        :raises ServerFailed: when it ended instead, or takes longer.
        """
        if not self._wait_until_ready(timeout):
            raise self._failure("ended while starting")

    def _failure(self, what: str) -> ServerFailed:
        tail = "\n".join(self.log().splitlines()[-20:])
        return ServerFailed(f"{self.name} on port {self.port} {what}. Its log ends:\n{tail}")

    def stop(self, *, timeout: float = 30) -> None:
        """Shut the server down in good order; its clients are disconnected.

        :raises ServerFailed: when it takes longer than ``timeout`` seconds; it is killed then.
        """
        process = self._process
        if process is None or not self.running:
            return
        self.resume()
        process.send_signal(self._stop_signal)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise self._failure(f"didn't stop in {timeout} seconds and was killed") from None
        self._forget()

    def kill(self) -> None:
        """Kill all the server's processes at once, as a power cut would (``SIGKILL``)."""
        process = self._process
        if process is None or not self.running:
            return
        members = guardian.hold(process.pid)
        guardian.send(signal.SIGKILL, members)
        process.wait()
        while any(map(guardian.alive, members[1:])):
            time.sleep(_POLL)
        self.paused = False
        self._forget()

    def restart(self, *, timeout: float = 60) -> None:
        """Stop the server and start it again, on the same port."""
        self.stop()
        self.start(timeout=timeout)

    def pause(self) -> None:
        """Stop all the server's processes where they are (``SIGSTOP``): it hangs."""
        if self._process is not None and self.running and not self.paused:
            guardian.send(signal.SIGSTOP, guardian.hold(self._process.pid))
            self.paused = True

    def resume(self) -> None:
        """Go on after `pause`."""
        if self._process is not None and self.paused:
            guardian.send(signal.SIGCONT, guardian.family(self._process.pid))
        self.paused = False

    def close(self) -> None:
        """End the server without ceremony, and remove its folder."""
        self._end()
        self._forget()
        shutil.rmtree(self.folder, ignore_errors=True)
        watch.unregister(self, self.folder)

    def _end(self) -> None:
        self.kill()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "paused" if self.paused else "running" if self.running else "stopped"
        return f"<{type(self).__name__} {state} on port {self.port}>"


class DatabaseServer(Server):
    """A server that has databases, and a command-line client."""

    version: str
    """The server's version number."""

    @abstractmethod
    def _client(self, sql: str, database: str | None) -> tuple[list[str | Path], dict[str, str]]:
        """Return the command that runs a statement, and additions to its environment."""

    def execute(
        self, sql: str, *, database: str | None = None, timeout: float = 60
    ) -> list[list[str]]:
        """Run statements with the server's own command-line client; return the rows' texts.

        No Python driver takes part, so that a test can look at the server from outside.

        :raises ServerFailed: with the server's message; or when it takes longer than ``timeout``
            seconds.
        """
        command, environment = self._client(sql, database)
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=timeout
            )
        except subprocess.TimeoutExpired:
            raise ServerFailed(f"{self.name} didn't answer {sql!r} in {timeout} seconds.") from None
        if done.returncode != 0:
            raise ServerFailed(f"{self.name} refused {sql!r}: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]
