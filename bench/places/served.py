"""`Served`: a database on a server, whose tables are filled once and copied there for each run."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from importlib import metadata
from typing import Any, ClassVar

from bench.data import (
    CONTENTS,
    INSERT_CHILD,
    INSERT_PARENT,
    SELECT_CHILD,
    child_rows,
    insert_item,
    item_rows,
    parent_rows,
)
from bench.sizes import Sizes
from ormolu import URL, make_url

from .place import Place

#: A driver's mark for a value, in the statements of the DB-API drivers.
MARK = "%s"
INSERT_ITEM = insert_item([MARK] * 7)


class Served(Place):
    """A server's place. A blocking connection of its own, `control`, makes the tables.

    The family is never changed. The items are copied from `item_source` within the server, which
    is quicker than sending them.
    """

    scheme: ClassVar[str]
    package: ClassVar[str]
    create: ClassVar[str]
    drop: ClassVar[str]
    schema: ClassVar[tuple[str, ...]]
    fresh: ClassVar[tuple[str, ...]]
    """Statements that leave the first ``{items}`` rows in the table of items."""
    raw: ClassVar[tuple[str, ...]] = ("raw_dbapi",)
    workloads: ClassVar[tuple[str, ...]] = ("orm", "core")

    def __init__(self, sizes: Sizes, address: str) -> None:
        super().__init__(sizes, address)
        self.url: URL = make_url(address)
        self.control: Any = self.open(self.url)
        self._prepare()

    @classmethod
    @abstractmethod
    def open(cls, url: URL) -> Any:
        """A blocking connection in autocommit."""

    @classmethod
    def make_database(cls, server: str, name: str) -> str:
        """Make a new database on a server, given the URL of another there; return its URL."""
        cls._run(server, (cls.drop, cls.create), name)
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    @classmethod
    def drop_database(cls, server: str, name: str) -> None:
        """Drop it again."""
        cls._run(server, (cls.drop,), name)

    @classmethod
    def _run(cls, server: str, statements: Sequence[str], name: str) -> None:
        connection = cls.open(make_url(server))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.format(name=name))
        connection.close()

    def _prepare(self) -> None:
        sizes = self.sizes
        with self.control.cursor() as cursor:
            for statement in self.schema:
                cursor.execute(statement)
            source = INSERT_ITEM.replace("INTO item", "INTO item_source")
            cursor.executemany(source, item_rows(sizes.rows))
            cursor.executemany(f"{INSERT_PARENT} VALUES (%s, %s)", parent_rows(sizes.parents))
            rows = child_rows(sizes.parents, sizes.children)
            cursor.executemany(f"{INSERT_CHILD} VALUES (%s, %s, %s)", rows)

    def fill(self, items: int) -> None:
        """Have a fresh table of items."""
        with self.control.cursor() as cursor:
            for statement in self.fresh:
                cursor.execute(statement.format(items=items))

    def engine(self, lib: Any, *, items: int = 0, family: bool = False, **options: Any) -> Any:
        self.fill(items)
        url = self.url.set(drivername=self.scheme).render_as_string(hide_password=False)
        return lib.create_engine(url, **options)

    def contents(self) -> list[tuple[Any, ...]]:
        return self.ask(CONTENTS)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives on the connection beside the work."""
        with self.control.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

    def version(self) -> str:
        return f"{self.server_version()}, {self.package} {metadata.version(self.package)}"

    @abstractmethod
    def server_version(self) -> str:
        """The server's name and version."""

    def finish(self) -> None:
        super().finish()
        self.control.close()

    # What raw drivers do differently; the statements of one run are made before the clock starts.

    @abstractmethod
    def insert_one(self, cursor: Any, row: tuple[Any, ...]) -> int:
        """Insert an item, and give its key."""

    @abstractmethod
    def insert_many(self, cursor: Any, rows: list[tuple[Any, ...]]) -> list[int]:
        """Insert items, and give their keys."""

    def children_of(self, cursor: Any, parents: list[int]) -> list[tuple[Any, ...]]:
        """The children of some parents."""
        marks = ", ".join([MARK] * len(parents))
        cursor.execute(f"{SELECT_CHILD} WHERE parent_id IN ({marks})", parents)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
