"""Where servers' programs are found: the search path, then the usual places of packages.

Debian keeps PostgreSQL's server programs outside the search path, one folder per version
(https://wiki.debian.org/PostgreSql), and ``mariadbd`` in ``/usr/sbin``, which only root has in his.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from functools import cache
from pathlib import Path

from .errors import ServerUnavailable

_SYSTEM = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/usr/libexec")

POSTGRESQL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
MARIADB_FOLDERS = (
    *_SYSTEM,
    "/usr/local/mysql/bin",
    "/usr/share/mysql/scripts",
    "/opt/homebrew/opt/mariadb*/bin",
    "/usr/local/opt/mariadb*/bin",
)
MYSQL_FOLDERS = (
    *_SYSTEM,
    "/usr/local/mysql/bin",
    "/opt/homebrew/opt/mysql*/bin",
    "/usr/local/opt/mysql*/bin",
)
PGBOUNCER_FOLDERS = (*_SYSTEM, "/opt/homebrew/opt/pgbouncer/bin", "/usr/local/opt/pgbouncer/bin")


def _newest_first(folder: str) -> list[int]:
    return [-int(number) for number in re.findall(r"\d+", folder)]


def folders_of(patterns: tuple[str, ...]) -> list[str]:
    """Return the folders that exist, newest version first; then those of the search path."""
    found = [
        folder for pattern in patterns for folder in sorted(glob.glob(pattern), key=_newest_first)
    ]
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return list(dict.fromkeys([*found, *path]))


@cache
def find(name: str, patterns: tuple[str, ...], package: str) -> Path:
    """Return the path of a program.

    :param patterns: folders to look into, besides those of the search path; may have wildcards.
    :param package: what to install when there is none.
    :raises ServerUnavailable: naming the program, where it was sought, and the package.
    """
    for folder in folders_of(patterns):
        if path := shutil.which(name, path=folder):
            return Path(path)
    sought = ", ".join(dict.fromkeys([*patterns, *folders_of(())]))
    raise ServerUnavailable(
        f"No program {name!r}: sought in {sought}. Install the package {package!r}."
    )
