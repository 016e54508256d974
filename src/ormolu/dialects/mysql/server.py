"""What depends on the server: its version, its SQL mode, and whether it is MariaDB.

A dialect that has met no server writes what every version understands, as SQLAlchemy's does.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["QUESTION", "Server", "Version", "server_of"]

#: What tells about a server, in one row.
QUESTION = "SELECT VERSION(), @@sql_mode, DATABASE()"

Version = tuple[int, ...]


class Server(NamedTuple):
    """One server, as far as SQL text depends on it."""

    #: The version, None when there was no connection yet.
    version: Version | None = None
    mariadb: bool = False
    #: Do backslashes escape in string literals (no ``NO_BACKSLASH_ESCAPES``)?
    backslash_escapes: bool = True
    #: Do double quotes enclose names (``ANSI_QUOTES``) instead of strings?
    ansi_quotes: bool = False

    def _since(self, mysql: Version | None, mariadb: Version | None, unknown: bool) -> bool:
        """Say whether the server is as new as its kind's version; None is no version."""
        if self.version is None:
            return unknown
        wanted = mariadb if self.mariadb else mysql
        return wanted is not None and self.version >= wanted

    def reaches(self, mysql: Version | None = None, mariadb: Version | None = None) -> bool:
        """Say whether the server is as new as its kind's version; an unknown one is."""
        return self._since(mysql, mariadb, unknown=True)

    @property
    def for_share(self) -> bool:
        """FOR SHARE. https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html"""
        return self._since((8, 0, 1), None, False)

    @property
    def for_update_of(self) -> bool:
        """FOR UPDATE OF. https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html"""
        return self._since((8, 0, 1), None, False)

    @property
    def float_cast(self) -> bool:
        """CAST AS FLOAT. https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html"""
        return self._since((8, 0, 17), (10, 4, 5), False)

    @property
    def default_expressions(self) -> bool:
        """DEFAULT (expr). https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html"""
        return self._since((8, 0, 13), (10, 2, 1), True)

    @property
    def row_alias(self) -> bool:
        """VALUES (…) AS new. https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html"""
        return self._since((8, 0, 20), None, False)

    @property
    def keys_of_tables(self) -> bool:
        """Names keys in errors as ``table.key``.

        https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-19.html
        """
        return self._since((8, 0, 19), None, True)

    @property
    def values_of_rows(self) -> bool:
        """VALUES ROW(…). https://dev.mysql.com/doc/refman/8.4/en/values.html"""
        return self._since((8, 0, 19), None, False)

    @property
    def insert_returning(self) -> bool:
        """INSERT … RETURNING. https://mariadb.com/kb/en/insertreturning/"""
        return self.mariadb and self._since(None, (10, 5), True)

    @property
    def delete_returning(self) -> bool:
        """DELETE … RETURNING. https://mariadb.com/kb/en/delete/#returning"""
        return self.mariadb and self._since(None, (10, 0, 5), True)

    @property
    def sequences(self) -> bool:
        """CREATE SEQUENCE. https://mariadb.com/kb/en/create-sequence/"""
        return self.mariadb and self._since(None, (10, 3), False)

    @property
    def uuids(self) -> bool:
        """The type UUID. https://mariadb.com/kb/en/uuid-data-type/"""
        return self.mariadb and self._since(None, (10, 7), True)


_VERSION = re.compile(
    r"(?:5\.5\.5-(?=\d+\.\d+\.\d+-maria))?(\d+)\.(\d+)(?:\.(\d+))?", re.IGNORECASE
)


def server_of(version: str, sql_mode: str) -> Server:
    """Return what a server says of itself, as `QUESTION` asks.

    :param version: as of ``VERSION()``; MariaDB may put 5.5.5 before its own, for old replicas.
    """
    found = _VERSION.match(version)
    numbers = () if found is None else tuple(int(part) for part in found.groups() if part)
    modes = sql_mode.upper().split(",")
    return Server(
        version=numbers or None,
        mariadb="mariadb" in version.lower(),
        backslash_escapes="NO_BACKSLASH_ESCAPES" not in modes,
        ansi_quotes="ANSI_QUOTES" in modes or "ANSI" in modes,
    )
