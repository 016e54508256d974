"""MariaDB or MySQL, through mysqlclient and PyMySQL."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, ClassVar

from bench.sizes import Sizes
from ormolu import URL

from .served import INSERT_ITEM, MARK, Served

_ITEM = """
CREATE TABLE {name} (
    id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL,
    age INTEGER NOT NULL, score DOUBLE NOT NULL, city VARCHAR(50) NOT NULL, note TEXT,
    active INTEGER NOT NULL
)
"""
_ROW = "(" + ", ".join([MARK] * 7) + ")"
_HEAD = INSERT_ITEM.removesuffix(_ROW)
# A statement's text has to fit into max_allowed_packet.
_AT_ONCE = 1_000


class _MySQL(Served):
    create = "CREATE DATABASE {name} CHARACTER SET utf8mb4"
    drop = "DROP DATABASE IF EXISTS {name}"
    module: ClassVar[str]
    schema = (
        # What an interrupted run left open must not be waited for.
        "SET SESSION lock_wait_timeout = 10",
        "DROP TABLE IF EXISTS child, parent, item, item_source",
        _ITEM.format(name="item_source"),
        _ITEM.format(name="item"),
        "CREATE TABLE parent (id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50) NOT NULL)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50) NOT NULL,"
        " parent_id INTEGER NOT NULL, INDEX ix_child_parent_id (parent_id),"
        " FOREIGN KEY (parent_id) REFERENCES parent (id))",
    )
    fresh = (
        "TRUNCATE item",
        "INSERT INTO item SELECT * FROM item_source ORDER BY id LIMIT {items}",
    )

    def __init__(self, sizes: Sizes, address: str) -> None:
        super().__init__(sizes, address)
        self._is_mariadb = "MariaDB" in self.server_version()

    @classmethod
    def open(cls, url: URL, *, autocommit: bool = True) -> Any:
        return importlib.import_module(cls.module).connect(
            host=url.host,
            port=url.port or 3306,
            user=url.username,
            password=url.password or "",
            database=url.database,
            charset="utf8mb4",
            autocommit=autocommit,
        )

    def connect(self, *, items: int = 0, family: bool = False) -> Any:
        self.fill(items)
        connection = self.open(self.url, autocommit=False)
        self.opened(connection.close)
        return connection

    def insert_one(self, cursor: Any, row: tuple[Any, ...]) -> int:
        cursor.execute(INSERT_ITEM, row)
        key: int = cursor.lastrowid
        return key

    def insert_many(self, cursor: Any, rows: list[tuple[Any, ...]]) -> list[int]:
        # ``executemany`` would tell no key but the first of each statement.
        keys: list[int] = []
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            sql = _HEAD + ", ".join([_ROW] * len(some)) + self._returning
            cursor.execute(sql, [value for row in some for value in row])
            keys += self._keys(cursor, len(some))
        return keys

    @property
    def _returning(self) -> str:
        return " RETURNING id" if self._is_mariadb else ""

    def _keys(self, cursor: Any, count: int) -> Sequence[int]:
        """The keys of the rows that the cursor has just inserted.

        MySQL tells the first; those of one INSERT with VALUES follow each other.
        https://dev.mysql.com/doc/refman/8.4/en/innodb-auto-increment-handling.html
        """
        if self._is_mariadb:
            return [key for (key,) in cursor.fetchall()]
        first: int = cursor.lastrowid
        return range(first, first + count)

    def server_version(self) -> str:
        version: str = self.ask("SELECT VERSION()")[0][0]
        return version if "MariaDB" in version else f"MySQL {version}"


class MySQLdb(_MySQL):
    """mysqlclient, the C library's driver."""

    title = "MariaDB or MySQL, mysqlclient"
    scheme = "mysql+mysqldb"
    module = "MySQLdb"
    package = "mysqlclient"


class PyMySQL(_MySQL):
    """PyMySQL, in Python."""

    title = "MariaDB or MySQL, PyMySQL"
    scheme = "mysql+pymysql"
    module = "pymysql"
    package = "PyMySQL"


PLACES = {"mysqldb": MySQLdb, "pymysql": PyMySQL}
