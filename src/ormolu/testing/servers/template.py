"""Initialised data folders, kept in the user's cache and copied for each server.

Initialising a data folder takes seconds, copying one a twentieth of that. A template's name holds
the version and all that went into it, so that a stale one is never found; it appears under its
name only when it is complete. Remove ``~/.cache/ormolu/servers`` to have them made again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .account import Account, give, new_folder

DATA = "data"
PASSWORD = "password"


class Template(NamedTuple):
    """An initialised data folder, and the password of its one account."""

    folder: Path
    password: str

    def copy_to(self, folder: Path, account: Account) -> None:
        """Copy the data, as the account's own."""
        shutil.copytree(self.folder / DATA, folder)
        give(folder, account)


def _cache() -> Path:
    """Return a folder for templates: the user's cache, or a temporary one where he has none."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "ormolu/servers"
    try:
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="ormolu-templates-"))
    return base if os.access(base, os.W_OK) else Path(tempfile.mkdtemp(prefix="ormolu-templates-"))


def template(
    name: str,
    account: Account,
    ingredients: Iterable[str],
    initialise: Callable[[Path, str], None],
) -> Template:
    """Return a template, made on first use.

    :param ingredients: all that decides what is in it.
    :param initialise: called with the folder to fill (its parent is there, writable for the
        account) and the password.
    """
    digest = hashlib.sha256("\0".join(ingredients).encode()).hexdigest()[:12]
    folder = _cache() / f"{name.lower()}-{digest}"
    if not (folder / PASSWORD).exists():
        _make(folder, account, initialise)
    return Template(folder, (folder / PASSWORD).read_text())


def _make(folder: Path, account: Account, initialise: Callable[[Path, str], None]) -> None:
    workshop = new_folder(account, "template")
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    password = secrets.token_urlsafe(18)
    try:
        initialise(workshop / DATA, password)
        shutil.copytree(workshop / DATA, made / DATA)
        (made / PASSWORD).write_text(password)
        with suppress(OSError):  # another process was faster, and its template is as good
            made.rename(folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
        shutil.rmtree(made, ignore_errors=True)
