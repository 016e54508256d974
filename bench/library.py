"""The three contestants behind one face, so that every workload is written once.

ormolu and SQLAlchemy have the same API, so one class serves both: it is given the name of the
import root. The raw driver is `sqlite3` itself, with the statements written out by hand.
"""

from __future__ import annotations

import importlib
import random
import sqlite3
from types import ModuleType
from typing import Any

ROWS = 10_000
PARENTS = 1_000
CHILDREN = 10

COLUMNS = ("id", "name", "email", "age", "score", "city", "note", "active")
SELECT_ITEM = "SELECT id, name, email, age, score, city, note, active FROM item"
INSERT_ITEM = (
    "INSERT INTO item (name, email, age, score, city, note, active) VALUES (?, ?, ?, ?, ?, ?, ?)"
)

SCHEMA = """
CREATE TABLE item (
    id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL,
    age INTEGER NOT NULL, score FLOAT NOT NULL, city VARCHAR(50) NOT NULL, note TEXT,
    active INTEGER NOT NULL
);
CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE child (
    id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL,
    parent_id INTEGER NOT NULL REFERENCES parent (id)
);
CREATE INDEX ix_child_parent_id ON child (parent_id);
"""


def item_values(count: int = ROWS, seed: int = 7) -> list[dict[str, Any]]:
    """`count` rows of the `item` table as keyword arguments, the same ones every time."""
    rng = random.Random(seed)
    return [
        {
            "name": f"name {i}",
            "email": f"user{i}@example.org",
            "age": rng.randrange(18, 90),
            "score": rng.random() * 100,
            "city": rng.choice(("Rome", "Oslo", "Lima", "Pune", "Kyoto")),
            "note": None if i % 3 else f"note {i}",
            "active": i % 2,
        }
        for i in range(count)
    ]


def fill(connection: sqlite3.Connection, *, items: int = ROWS, family: bool = False) -> None:
    """Create the schema and fill it through the driver, whoever is measured afterwards."""
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    connection.executemany(INSERT_ITEM, [tuple(v.values()) for v in item_values(items)])
    if family:
        connection.executemany(
            "INSERT INTO parent (id, name) VALUES (?, ?)",
            [(p, f"parent {p}") for p in range(1, PARENTS + 1)],
        )
        connection.executemany(
            "INSERT INTO child (name, parent_id) VALUES (?, ?)",
            [(f"child {c}", p) for p in range(1, PARENTS + 1) for c in range(CHILDREN)],
        )
    connection.execute("COMMIT")


class Library:
    """ormolu or SQLAlchemy: its modules, a model of each table, engines over one connection."""

    def __init__(self, root: str) -> None:
        self.name = root
        self.sql: ModuleType = importlib.import_module(root)
        self.orm: ModuleType = importlib.import_module(f"{root}.orm")
        self.pool: ModuleType = importlib.import_module(f"{root}.pool")
        self._define()

    def _define(self) -> None:
        sql, orm = self.sql, self.orm
        base = orm.declarative_base()
        column = sql.Column

        class Item(base):  # type: ignore[misc, valid-type]
            __tablename__ = "item"
            id = column(sql.Integer, primary_key=True)
            name = column(sql.String(50), nullable=False)
            email = column(sql.String(100), nullable=False)
            age = column(sql.Integer, nullable=False)
            score = column(sql.Float, nullable=False)
            city = column(sql.String(50), nullable=False)
            note = column(sql.Text)
            active = column(sql.Integer, nullable=False)

        class Parent(base):  # type: ignore[misc, valid-type]
            __tablename__ = "parent"
            id = column(sql.Integer, primary_key=True)
            name = column(sql.String(50), nullable=False)
            children = orm.relationship("Child", back_populates="parent")

        class Child(base):  # type: ignore[misc, valid-type]
            __tablename__ = "child"
            id = column(sql.Integer, primary_key=True)
            name = column(sql.String(50), nullable=False)
            parent_id = column(sql.ForeignKey("parent.id"), nullable=False, index=True)
            parent = orm.relationship("Parent", back_populates="children")

        self.Item, self.Parent, self.Child = Item, Parent, Child
        orm.configure_mappers()

    def engine(self, *, items: int = 0, family: bool = False) -> Any:
        """An engine on a fresh in-memory database, filled by the driver."""
        engine = self.sql.create_engine("sqlite://", poolclass=self.pool.StaticPool)
        connection = engine.raw_connection()
        fill(connection.driver_connection, items=items, family=family)
        connection.close()
        return engine

    def session(self, engine: Any) -> Any:
        return self.orm.Session(engine)


def raw_connection(*, items: int = 0, family: bool = False) -> sqlite3.Connection:
    """A driver connection in autocommit mode on a fresh in-memory database, filled."""
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
    fill(connection, items=items, family=family)
    return connection
