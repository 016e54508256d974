"""The workloads on PostgreSQL: raw psycopg, ormolu and SQLAlchemy do the same on one server.

What is compared is the client's time and the server's together, as a program meets it. Each
contestant has a database of its own; `bench.postgresql` makes the server and names it in the
environment.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import tuple_row

from bench.library import CHILDREN, PARENTS, ROWS, Library, item_values
from bench.workloads import ALL, CHANGES, COMMITS, GETS, Timed, Workload, expect

#: The variable with the server's URL; each contestant has a database of its own there.
SERVER = "ORMOLU_BENCH_POSTGRESQL"

# The connection of the round before may not be closed yet, and keep its locks.
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SCHEMA = """
DROP TABLE IF EXISTS child, parent, item;
CREATE TABLE item (
    id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL,
    age INTEGER NOT NULL, score FLOAT NOT NULL, city VARCHAR(50) NOT NULL, note TEXT,
    active INTEGER NOT NULL
);
CREATE TABLE parent (id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE child (
    id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL,
    parent_id INTEGER NOT NULL REFERENCES parent (id)
);
CREATE INDEX ix_child_parent_id ON child (parent_id);
"""
_COLUMNS = "name, email, age, score, city, note, active"
_SELECT = f"SELECT id, {_COLUMNS} FROM item WHERE id = %s"
_INSERT = f"INSERT INTO item ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id"


def url_of(contestant: str) -> str:
    """The URL of a contestant's database."""
    return urlsplit(os.environ[SERVER])._replace(path=f"/bench_{contestant}").geturl()


def _fill(connection: Any, *, items: int, family: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
        cursor.execute(_SCHEMA)
        if items:
            with cursor.copy(f"COPY item ({_COLUMNS}) FROM STDIN") as copy:
                for values in item_values(items):
                    copy.write_row(tuple(values.values()))
        if family:
            with cursor.copy("COPY parent (name) FROM STDIN") as copy:
                for p in range(1, PARENTS + 1):
                    copy.write_row((f"parent {p}",))
            with cursor.copy("COPY child (name, parent_id) FROM STDIN") as copy:
                for p in range(1, PARENTS + 1):
                    for c in range(CHILDREN):
                        copy.write_row((f"child {c}", p))
        cursor.execute("ANALYZE item, parent, child")


def _raw(*, items: int = 0, family: bool = False) -> psycopg.Connection[Any]:
    """The raw driver's connection, on fresh tables; it begins transactions by itself."""
    connection = psycopg.connect(url_of("raw"), autocommit=True, row_factory=tuple_row)
    _fill(connection, items=items, family=family)
    connection.autocommit = False
    return connection


def _engine(lib: Library, *, items: int = 0, family: bool = False) -> Any:
    """An engine on fresh tables, its first connection open."""
    with psycopg.connect(url_of(lib.name), autocommit=True) as connection:
        _fill(connection, items=items, family=family)
    url = url_of(lib.name).replace("postgresql://", "postgresql+psycopg://")
    engine = lib.sql.create_engine(url)
    engine.connect().close()
    return engine


# -- reading ---------------------------------------------------------------------------------


def raw_get() -> Timed:
    cursor = _raw(items=ROWS).cursor()
    for i in range(10):
        cursor.execute(_SELECT, (i,)).fetchone()
    return lambda: expect(
        [cursor.execute(_SELECT, (i,)).fetchone() for i in range(1, GETS + 1)], GETS
    )


def get(lib: Library) -> Timed:
    session = lib.session(_engine(lib, items=ROWS))
    for i in range(10):
        session.get(lib.Item, ROWS - i)
    return lambda: expect([session.get(lib.Item, i) for i in range(1, GETS + 1)], GETS)


def raw_sessions() -> Timed:
    connection = _raw(items=ROWS)
    cursor = connection.cursor()

    def one(key: int) -> Any:
        row = cursor.execute(_SELECT, (key,)).fetchone()
        connection.commit()
        return row

    for i in range(10):
        one(i)
    return lambda: expect([one(i) for i in range(1, GETS + 1)], GETS)


def sessions(lib: Library) -> Timed:
    engine = _engine(lib, items=ROWS)

    def one(key: int) -> Any:
        with lib.session(engine) as session:
            return session.get(lib.Item, key)

    for i in range(10):
        one(ROWS - i)
    return lambda: expect([one(i) for i in range(1, GETS + 1)], GETS)


def raw_selectin() -> Timed:
    cursor = _raw(family=True).cursor()
    children = "SELECT id, name, parent_id FROM child WHERE parent_id = ANY(%s)"

    def timed() -> Any:
        parents = cursor.execute("SELECT id, name FROM parent").fetchall()
        found: list[Any] = []
        for start in range(0, PARENTS, 500):
            keys = [p[0] for p in parents[start : start + 500]]
            found += cursor.execute(children, (keys,)).fetchall()
        return parents, expect(found, PARENTS * CHILDREN)

    timed()
    return timed


def selectin(lib: Library) -> Timed:
    session = lib.session(_engine(lib, family=True))
    statement = lib.sql.select(lib.Parent).options(lib.orm.selectinload(lib.Parent.children))

    def timed() -> Any:
        parents = session.scalars(statement).all()
        if sum(len(p.children) for p in parents) != PARENTS * CHILDREN:
            raise AssertionError("children are missing")
        return parents

    timed()
    session.expunge_all()
    return timed


# -- writing ---------------------------------------------------------------------------------


def raw_insert() -> Timed:
    connection = _raw()
    cursor = connection.cursor()
    rows = [tuple(v.values()) for v in item_values()]

    def timed() -> Any:
        cursor.executemany(_INSERT, rows, returning=True)
        keys = []
        while True:
            keys.append(cursor.fetchone())
            if not cursor.nextset():
                break
        connection.commit()
        return expect(keys, ROWS)

    return timed


def insert(lib: Library) -> Timed:
    engine = _engine(lib)
    with lib.session(engine) as warm:
        warm.add_all([lib.Item(**v) for v in item_values(2_500)])
        warm.flush()
        warm.rollback()
    session = lib.session(engine)
    objects = [lib.Item(**v) for v in item_values()]

    def timed() -> Any:
        session.add_all(objects)
        session.commit()
        return objects

    return timed


def raw_commits() -> Timed:
    connection = _raw()
    cursor = connection.cursor()
    rows = [tuple(v.values()) for v in item_values(COMMITS + 10)]

    def one(row: Any) -> Any:
        key = cursor.execute(_INSERT, row).fetchone()
        connection.commit()
        return key

    for row in rows[COMMITS:]:
        one(row)
    return lambda: expect([one(row) for row in rows[:COMMITS]], COMMITS)


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
    connection = _raw(items=ROWS)
    cursor = connection.cursor()
    rows = [(f"new {i}", i) for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        cursor.executemany("UPDATE item SET name=%s WHERE id = %s", rows)
        connection.commit()

    return timed


def update(lib: Library) -> Timed:
    session = lib.session(_engine(lib, items=ROWS))
    warm = session.get(lib.Item, ROWS)
    warm.name = "warm"
    session.commit()
    item = lib.Item
    objects = session.scalars(lib.sql.select(item).order_by(item.id).limit(CHANGES)).all()
    names = [f"new {i}" for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        for one, name in zip(objects, names, strict=True):
            one.name = name
        session.commit()

    return timed


POSTGRESQL_WORKLOADS = [
    Workload("pg-get", "session.get() of 2,000 rows", GETS, raw_get, get, 1.6, "get"),
    Workload("pg-session", "a session per get", GETS, raw_sessions, sessions, 1.5, "session"),
    Workload("pg-select-in", "1,000 × 10 children, selectinload", ALL, raw_selectin, selectin, 2.0),
    Workload("pg-insert", "insert 10,000 objects, keys back", ROWS, raw_insert, insert, 0.8),
    Workload("pg-commits", "one-object transactions", COMMITS, raw_commits, commits, 1.5, "commit"),
    Workload("pg-update", "update 5,000 objects", CHANGES, raw_update, update, 1.3),
]
