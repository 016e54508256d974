"""Who runs the server, and where: PostgreSQL and PgBouncer refuse to be run by root.

Test runs in containers are often root's. The server is then started as an account that exists
anyway (a database's own, else ``nobody``), in a folder that this account owns and can reach.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .errors import ServerUnavailable

CANDIDATES = ("postgres", "mysql", "nobody")
LONGEST_SOCKET = 90
"""Socket addresses are limited to 107 bytes (``man 7 unix``; 103 on macOS), file name included."""


class Account(NamedTuple):
    """A user of the machine."""

    name: str
    uid: int
    gid: int

    @property
    def popen_options(self) -> dict[str, object]:
        """What `subprocess.Popen` needs to start a program as this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _can_be_used(account: Account) -> bool:
    # In a container without a range of user ids, changing to any other one is refused.
    try:
        subprocess.run(["/bin/sh", "-c", ":"], check=True, cwd="/", **account.popen_options)  # type: ignore[call-overload]
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@cache
def server_account() -> Account:
    """Return the account that servers run as: our own, unless we are root.

    :raises ServerUnavailable: when root can't become any of the candidates.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(str(uid), uid, os.getegid())
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        account = Account(name, entry.pw_uid, entry.pw_gid)
        if _can_be_used(account):
            return account
    raise ServerUnavailable(
        "Database servers refuse to be run by root, and no other account could be used; tried "
        f"{', '.join(CANDIDATES)}. Run the tests as an ordinary user."
    )


def _reachable(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def new_folder(account: Account, name: str) -> Path:
    """Make an empty temporary folder that only the account (and root) can enter.

    It lies in the usual temporary folder if the account can reach it and its path is short enough
    for sockets, else in ``/tmp``.
    """
    base = Path(tempfile.gettempdir()).resolve()
    ours = account.uid == os.geteuid()
    if len(os.fsencode(base)) + len(name) > LONGEST_SOCKET - 20 or not (ours or _reachable(base)):
        base = Path("/tmp").resolve()
    folder = Path(tempfile.mkdtemp(prefix=f"ormolu-{name}-", dir=base))
    if not ours:
        os.chown(folder, account.uid, account.gid)
    return folder


def give(folder: Path, account: Account) -> None:
    """Make the account the owner of a folder and of all in it."""
    if account.uid == os.geteuid():
        return
    for parent, folders, files in os.walk(folder):
        os.chown(parent, account.uid, account.gid)
        for name in (*folders, *files):
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)
