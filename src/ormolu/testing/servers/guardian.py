"""The guardian: no server and no folder of a test run outlives the process that made them.

``atexit`` handlers don't run when a process is killed, so each process that starts servers has one
small companion, run as ``python guardian.py``: it reads orders from its standard input, and when
that ends, for whatever reason, ends the processes and removes the folders it was told of.

Orders, one per line: ``watch PID``, ``forget PID``, ``keep FOLDER`` and ``drop FOLDER`` (removed
at the end; no more). This file is run as a script and imports the standard library only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

GRACE = 2.0
"""Seconds between asking a server to quit and killing it."""


def parents() -> dict[int, int]:
    """Return the parent of every process: from ``/proc`` where there is one, else from ``ps``."""
    found: dict[int, int] = {}
    if Path("/proc/self/stat").exists():
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                with suppress(OSError):
                    stat = Path(entry.path, "stat").read_text(errors="replace")
                    found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
        return found
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        pid, parent = line.split()
        found[int(pid)] = int(parent)
    return found


def family(pid: int) -> list[int]:
    """Return a process and all its descendants, itself first."""
    above = parents()
    members = [pid]
    for member in members:
        members += [child for child, parent in above.items() if parent == member]
    return members


def send(signal_number: int, pids: Iterable[int]) -> None:
    """Send a signal to processes, of which some may have ended."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)


def state(pid: int) -> str:
    """Return the letter of a process's state, such as ``T`` for stopped (``man 5 proc``).

    It is empty where there is no such process, or no ``/proc``.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[0]


def alive(pid: int) -> bool:
    """Whether there is such a process, apart from a dead one that its parent hasn't asked for.

    Orphans go to process 1, and in a container that may be one that never asks.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    if not Path("/proc/self/stat").exists():
        return True
    return state(pid) not in ("Z", "")


def hold(pid: int) -> list[int]:
    """Stop a process (``SIGSTOP``), and return it and all its descendants, itself first.

    They are all of them: what goes on may start another one while they are looked for.
    """
    send(signal.SIGSTOP, [pid])
    while state(pid) not in ("T", "t", "Z", ""):
        time.sleep(0.001)
    return family(pid)


def end(pids: Iterable[int]) -> None:
    """Have servers quit at once, and kill what is left of them after a moment.

    ``SIGQUIT`` is PostgreSQL's immediate shutdown, which gives its shared memory back.
    """
    members = [member for pid in pids for member in hold(pid)]
    send(signal.SIGCONT, members)
    send(signal.SIGQUIT, members)
    deadline = time.monotonic() + GRACE
    while any(map(alive, members)) and time.monotonic() < deadline:
        time.sleep(0.01)
    send(signal.SIGKILL, members)


def main() -> None:
    """Follow the orders on standard input until it ends, then clear up."""
    pids: dict[int, None] = {}
    folders: dict[str, None] = {}
    for line in sys.stdin:
        order, _, subject = line.rstrip("\n").partition(" ")
        if order == "watch":
            pids[int(subject)] = None
        elif order == "forget":
            pids.pop(int(subject), None)
        elif order == "keep":
            folders[subject] = None
        elif order == "drop":
            folders.pop(subject, None)
    end(pids)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
