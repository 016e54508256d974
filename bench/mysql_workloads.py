"""The workloads on MariaDB or MySQL: the raw driver, ormolu and SQLAlchemy on one server.

What is compared is the client's time and the server's together, as a program meets it. Each
contestant has a database of its own; `bench.mysql` makes the server and names it, and the driver,
in the environment. The raw driver inserts without learning the keys: it has no way to ask for many.
"""

from __future__ import annotations

import gc
import importlib
import os
from typing import Any

from bench.library import ROWS, Library, item_values
from bench.workloads import CHANGES, COMMITS, GETS, Timed, Workload, expect
from ormolu import make_url

#: The variables with the server's URL and the driver: ``mysqldb`` or ``pymysql``.
SERVER, DRIVER = "ORMOLU_BENCH_MYSQL", "ORMOLU_BENCH_MYSQL_DRIVER"

_TABLE = """
CREATE OR REPLACE TABLE item (
    id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL,
    age INTEGER NOT NULL, score DOUBLE NOT NULL, city VARCHAR(50) NOT NULL, note TEXT,
    active INTEGER NOT NULL
)
"""
_COLUMNS = "name, email, age, score, city, note, active"
_SELECT = f"SELECT id, {_COLUMNS} FROM item WHERE id = %s"
_INSERT = f"INSERT INTO item ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)"


def connect(contestant: str, driver: str | None = None) -> Any:
    """A raw connection to a contestant's database, or with ``""`` to the server's own."""
    name = driver or os.environ[DRIVER]
    module = importlib.import_module("MySQLdb" if name == "mysqldb" else name)
    url = make_url(os.environ[SERVER])
    return module.connect(
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        database=f"bench_{contestant}" if contestant else url.database,
        charset="utf8mb4",
    )


def _filled(contestant: str, items: int) -> Any:
    """A raw connection, on a fresh table."""
    gc.collect()  # the last run's connection, which may be in a transaction with the old table
    connection = connect(contestant)
    cursor = connection.cursor()
    cursor.execute("SET SESSION lock_wait_timeout = 10")
    cursor.execute(_TABLE)
    if items:
        cursor.executemany(_INSERT, [tuple(v.values()) for v in item_values(items)])
    connection.commit()
    return connection


def _engine(lib: Library, items: int = 0) -> Any:
    """An engine on a fresh table, its first connection open."""
    _filled(lib.name, items).close()
    url = make_url(os.environ[SERVER]).set(
        drivername=f"mysql+{os.environ[DRIVER]}", database=f"bench_{lib.name}"
    )
    engine = lib.sql.create_engine(url.render_as_string(hide_password=False))
    engine.connect().close()
    return engine


# -- reading ---------------------------------------------------------------------------------


def raw_get() -> Timed:
    cursor = _filled("raw", ROWS).cursor()

    def one(key: int) -> Any:
        cursor.execute(_SELECT, (key,))
        return cursor.fetchone()

    return lambda: expect([one(i) for i in range(1, GETS + 1)], GETS)


def get(lib: Library) -> Timed:
    session = lib.session(_engine(lib, ROWS))
    session.get(lib.Item, ROWS)
    return lambda: expect([session.get(lib.Item, i) for i in range(1, GETS + 1)], GETS)


def raw_sessions() -> Timed:
    connection = _filled("raw", ROWS)
    cursor = connection.cursor()

    def one(key: int) -> Any:
        cursor.execute(_SELECT, (key,))
        row = cursor.fetchone()
        connection.commit()
        return row

    return lambda: expect([one(i) for i in range(1, GETS + 1)], GETS)


def sessions(lib: Library) -> Timed:
    engine = _engine(lib, ROWS)

    def one(key: int) -> Any:
        with lib.session(engine) as session:
            return session.get(lib.Item, key)

    one(ROWS)
    return lambda: expect([one(i) for i in range(1, GETS + 1)], GETS)


# -- writing ---------------------------------------------------------------------------------


def raw_insert() -> Timed:
    connection = _filled("raw", 0)
    rows = [tuple(v.values()) for v in item_values()]

    def timed() -> Any:
        connection.cursor().executemany(_INSERT, rows)
        connection.commit()

    return timed


def insert(lib: Library) -> Timed:
    session = lib.session(_engine(lib))
    session.add_all([lib.Item(**v) for v in item_values(500)])
    session.flush()
    session.rollback()
    objects = [lib.Item(**v) for v in item_values()]

    def timed() -> Any:
        session.add_all(objects)
        session.commit()
        return objects

    return timed


def raw_commits() -> Timed:
    connection = _filled("raw", 0)
    cursor = connection.cursor()
    rows = [tuple(v.values()) for v in item_values(COMMITS)]

    def one(row: Any) -> Any:
        cursor.execute(_INSERT, row)
        connection.commit()
        return cursor.lastrowid

    return lambda: expect([one(row) for row in rows], COMMITS)


def commits(lib: Library) -> Timed:
    session = lib.session(_engine(lib))
    objects = [lib.Item(**v) for v in item_values(COMMITS + 10)]

    def one(obj: Any) -> Any:
        session.add(obj)
        session.commit()
        return obj

    for obj in objects[COMMITS:]:
        one(obj)
    return lambda: expect([one(obj) for obj in objects[:COMMITS]], COMMITS)


def raw_update() -> Timed:
    connection = _filled("raw", ROWS)
    rows = [(f"new {i}", i) for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        connection.cursor().executemany("UPDATE item SET name=%s WHERE id = %s", rows)
        connection.commit()

    return timed


def update(lib: Library) -> Timed:
    session = lib.session(_engine(lib, ROWS))
    item = lib.Item
    objects = session.scalars(lib.sql.select(item).order_by(item.id).limit(CHANGES)).all()
    names = [f"new {i}" for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        for one, name in zip(objects, names, strict=True):
            one.name = name
        session.commit()

    return timed


MYSQL_WORKLOADS = [
    Workload("my-get", "session.get() of 2,000 rows", GETS, raw_get, get, 1.6, "get"),
    Workload("my-session", "a session per get", GETS, raw_sessions, sessions, 1.5, "session"),
    Workload("my-insert", "insert 10,000 objects, keys back", ROWS, raw_insert, insert, 2.0),
    Workload("my-commits", "one-object transactions", COMMITS, raw_commits, commits, 1.5, "commit"),
    Workload("my-update", "update 5,000 objects", CHANGES, raw_update, update, 1.3),
]
