"""This process's guardian (see `guardian`), started with the first server."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from . import guardian

if TYPE_CHECKING:
    from .server import Server

_lock = threading.Lock()
_guardian: subprocess.Popen[str] | None = None
_owner = 0
_servers: dict[int, Server] = {}


def tell(order: str, subject: object) -> None:
    """Give the guardian an order; it is started if there is none of this process.

    A child made by ``fork`` gets one of its own: its parent's must not be told of its servers.
    """
    global _guardian, _owner
    with _lock:
        if _owner != os.getpid():
            _owner = os.getpid()
            _guardian = None
            _servers.clear()
            atexit.register(_close_all, _owner)
        if _guardian is None or _guardian.poll() is not None:
            _guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", guardian.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
                cwd="/",
                start_new_session=True,
            )
        assert _guardian.stdin is not None
        _guardian.stdin.write(f"{order} {subject}\n")
        _guardian.stdin.flush()


def register(server: Server, folder: Path) -> None:
    """Close a server when the interpreter exits; have its folder removed in any case."""
    tell("keep", folder)
    _servers[id(server)] = server


def unregister(server: Server, folder: Path) -> None:
    """The server is closed and its folder removed."""
    _servers.pop(id(server), None)
    tell("drop", folder)


def _close_all(owner: int) -> None:
    global _guardian
    if os.getpid() != owner:
        return
    for server in list(_servers.values()):
        server.close()
    with _lock:
        guard, _guardian = _guardian, None
    if guard is not None and guard.stdin is not None:
        with suppress(BrokenPipeError):
            guard.stdin.close()
        guard.wait()
