"""Each server is started once per run, when it is first needed, by the run's first process.

With pytest-xdist the tests run in worker processes, which come and go, so the servers belong to
the controlling process. It listens on a socket; a worker asks it for a server by name and gets the
address when the server is up. Nothing is started for a run of which no test needs a server.
"""

from __future__ import annotations

import importlib
import os
import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any, NamedTuple, Protocol

from ormolu.testing.servers import DatabaseServer, ServerFailed, ServerUnavailable
from ormolu.testing.servers.ports import HOST

from .catalogue import VARIABLES
from .databases import connect, server_version
from .programs import SERVERS


class Address(NamedTuple):
    """Where a server is, or why there is none (``url`` is empty then)."""

    url: str
    says: str
    """Its product, version and whose it is; or what is missing and what to do."""


class Source(Protocol):
    """Gives servers' addresses."""

    def prepare(self, names: list[str]) -> None:
        """Have servers started, without waiting for them."""

    def address(self, name: str) -> Address:
        """Return a server's address; wait until it is up."""


class Servers:
    """The run's servers, in the process that owns them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=len(SERVERS))
        self._lock = threading.Lock()
        self._starting: dict[str, Future[Address]] = {}
        self._running: list[DatabaseServer] = []

    def prepare(self, names: list[str]) -> None:
        """Have servers started in the background."""
        with self._lock:
            for name in names:
                if name not in self._starting:
                    self._starting[name] = self._threads.submit(self._start, name)

    def address(self, name: str) -> Address:
        """Return a server's address; wait until it is up."""
        self.prepare([name])
        return self._starting[name].result()

    def known(self) -> dict[str, Address]:
        """Return the addresses of all servers that were asked for."""
        return {name: future.result() for name, future in self._starting.items()}

    def close(self) -> None:
        """End the servers."""
        self._threads.shutdown()
        for server in self._running:
            server.close()

    def _start(self, name: str) -> Address:
        variable = VARIABLES[name]
        if url := os.environ.get(variable):
            return _existing(name, url, variable)
        try:
            server = SERVERS[name]()
            self._running.append(server)
            server.start()
        except (ServerUnavailable, ServerFailed) as error:
            return Address("", f"{error} Or set {variable} to the URL of a server to test on.")
        return Address(server.url(), f"{server.name} {server.version}, private server")


def _existing(name: str, url: str, variable: str) -> Address:
    try:
        connection = connect(name, url)
    except Exception as error:  # whatever the driver raises, its text is the answer
        return Address("", f"The server that {variable} names can't be used: {error}")
    try:
        return Address(url, f"{server_version(name, connection)}, the server of {variable}")
    finally:
        connection.close()


class Desk:
    """Where workers ask: a socket in front of `Servers`."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        key = secrets.token_bytes(16)
        self._listener = Listener((HOST, 0), backlog=64, authkey=key)
        self.ticket = (self._listener.address[1], key.hex())
        """What a worker needs to ask."""
        threading.Thread(target=self._serve, name="servers' desk", daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except (AuthenticationError, EOFError, ConnectionError):
                continue  # a worker that ended while asking, or a stranger
            except OSError:
                return  # closed
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: Connection[Any, Any]) -> None:
        with suppress(EOFError, ConnectionError), connection:
            what, subject = connection.recv()
            if what == "prepare":
                self._servers.prepare(subject)
            else:
                connection.send(tuple(self._servers.address(subject)))

    def close(self) -> None:
        """Answer no more."""
        self._listener.close()


class Visitor:
    """A worker's way to the servers: it asks at the controller's `Desk`."""

    def __init__(self, ticket: tuple[int, str]) -> None:
        port, key = ticket
        self._address = (HOST, port)
        self._key = bytes.fromhex(key)

    def prepare(self, names: list[str]) -> None:
        """Have servers started in the background."""
        with Client(self._address, authkey=self._key) as connection:
            connection.send(("prepare", names))

    def address(self, name: str) -> Address:
        """Return a server's address; wait until it is up."""
        with Client(self._address, authkey=self._key) as connection:
            connection.send(("address", name))
            return Address(*connection.recv())


def missing_driver(module: str, package: str) -> str | None:
    """Return why a driver can't be used, or None when it can."""
    try:
        importlib.import_module(module)
    except ImportError as error:
        return f"The driver {package} can't be imported: {error}. Run: pip install -e '.[dev]'."
    return None
