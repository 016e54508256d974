"""The lines of the tables, with what is aimed at on SQLite."""

from __future__ import annotations

from bench.workload import Workload

ORM = [
    Workload("load", "load {rows:,} objects of 8 columns", "rows", "items", 2.0),
    Workload("identity", "load them again, identity map full", "rows", "items", 1.5, raw="load"),
    Workload("get", "session.get() of {gets:,} rows", "gets", "items", 4, "get"),
    Workload(
        "select-where", "select().where() of {gets:,}", "gets", "items", 6, "select", raw="get"
    ),
    Workload("session", "a session per get", "gets", "items", None, "session"),
    Workload("insert", "insert {rows:,} objects, keys back", "rows", "table", 2.5),
    Workload("commits", "{commits} single-object commits", "commits", "table", 5, "commit"),
    Workload("update", "update {changes:,} objects", "changes", "table", 2.5),
    Workload("delete", "delete {changes:,} objects", "changes", "table", 2.5),
    Workload(
        "select-in", "{parents:,} × {children} children, selectinload", "everybody", "children", 2.5
    ),
    Workload("join", "{parents:,} × {children} children, joinedload", "family", "children", 2.5),
    Workload(
        "lazy", "{parents:,} × {children} children, lazily", "parents", "children", None, "parent"
    ),
]
OBJECTS = [
    Workload("read", "read a mapped attribute", "touches", "nothing", 4, "read"),
    Workload("write", "write a mapped attribute", "touches", "nothing", 40, "write"),
    Workload(
        "construct", "construct an object, 7 keywords", "constructions", "nothing", 3, "object"
    ),
]
EMPTY = [
    Workload("empty", "with Session(engine): select 1", "sessions", "nothing", 15, "session"),
]
ROWS = [
    Workload("core-rows", "select {rows:,} rows of 8 columns", "rows", "items", 1.3),
    Workload("core-read", "iterate over them, one column each", "rows", "rows"),
    Workload(
        "core-execute", "execute a cached statement", "executions", "rows", unit="statement", over=4
    ),
]
BUILDING = [
    Workload(
        "core-build",
        "build and find a medium select",
        "builds",
        "nothing",
        unit="statement",
        total=8,
    ),
]
EXECUTEMANY = [
    Workload("core-insert", "executemany of {rows:,} rows", "rows", "table", 1.2),
]
#: By many tasks at once; asynchronous drivers only.
REQUESTS = [
    Workload(
        "request-get", "a session per get", "requests", "items", unit="request", raw="request"
    ),
    Workload(
        "request-select",
        "a session per select().where()",
        "requests",
        "items",
        unit="request",
        raw="request",
    ),
    Workload(
        "held-get",
        "gets in sessions held by the tasks",
        "requests",
        "items",
        unit="request",
        raw="held",
    ),
]

#: What runs on SQLite, and what of it asks a database, which runs on servers too.
ON_SQLITE = [*ORM, *OBJECTS, *EMPTY, *ROWS, *BUILDING, *EXECUTEMANY]
ON_SERVERS = [*ORM, *EMPTY, *ROWS, *EXECUTEMANY]
EVERY = {workload.name: workload for workload in (*ON_SQLITE, *REQUESTS)}
