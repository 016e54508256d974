"""The workloads: each knows how to prepare and run itself on the raw driver and on a library.

`raw()` and `library(lib)` prepare (outside the clock) and return the function that is timed. What
a prepared function returns is kept alive until the clock has stopped, so that nobody is charged
for freeing its result, and is checked to be of the expected size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.library import (
    CHILDREN,
    INSERT_ITEM,
    PARENTS,
    ROWS,
    SELECT_ITEM,
    Library,
    item_values,
    raw_connection,
)

Timed = Callable[[], Any]


@dataclass(frozen=True)
class Workload:
    """One line of the table. `count` is how many units (rows, statements, …) one run does.

    What is aimed at is a ratio to the raw driver (`target`), microseconds per unit `over` the raw
    driver, or in `total`.
    """

    name: str
    title: str
    count: int
    raw: Callable[[], Timed]
    library: Callable[[Library], Timed]
    target: float | None = None
    unit: str = "row"
    over: float | None = None
    total: float | None = None

    @property
    def aim(self) -> str:
        """What is aimed at, as the table shows it."""
        if self.over is not None:
            return f"≤ raw + {self.over:g} µs"
        if self.total is not None:
            return f"≤ {self.total:g} µs"
        return "–" if self.target is None else f"≤ {self.target:g}"


def expect(result: Sequence[Any], count: int) -> Sequence[Any]:
    """The result, if it has the size that the workload must give."""
    if len(result) != count:
        raise AssertionError(f"expected {count} results, got {len(result)}")
    return result


# -- loading ---------------------------------------------------------------------------------


def raw_load() -> Timed:
    connection = raw_connection(items=ROWS)
    return lambda: expect(connection.execute(SELECT_ITEM).fetchall(), ROWS)


def load(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=ROWS))
    # The first execution compiles; a long-lived program pays for that once.
    session.scalars(lib.sql.select(lib.Item).limit(1)).all()
    expect(session.scalars(lib.sql.select(lib.Item)).all(), ROWS)
    session.expunge_all()
    return lambda: expect(session.scalars(lib.sql.select(lib.Item)).all(), ROWS)


def identity(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=ROWS))
    held = session.scalars(lib.sql.select(lib.Item)).all()

    def timed() -> Any:
        again = session.scalars(lib.sql.select(lib.Item)).all()
        if again[0] is not held[0]:
            raise AssertionError("the identity map gave another object")
        return expect(again, ROWS)

    return timed


GETS = 2_000


def raw_get() -> Timed:
    connection = raw_connection(items=ROWS)
    sql = SELECT_ITEM + " WHERE id = ?"
    return lambda: expect(
        [connection.execute(sql, (i,)).fetchone() for i in range(1, GETS + 1)], GETS
    )


def get(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=ROWS))
    session.get(lib.Item, ROWS)
    return lambda: expect([session.get(lib.Item, i) for i in range(1, GETS + 1)], GETS)


def select_where(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=ROWS))
    select, item = lib.sql.select, lib.Item
    session.scalars(select(item).where(item.id == ROWS)).one()
    return lambda: expect(
        [session.scalars(select(item).where(item.id == i)).one() for i in range(1, GETS + 1)],
        GETS,
    )


# -- writing ---------------------------------------------------------------------------------


def raw_insert() -> Timed:
    connection = raw_connection()
    rows = [tuple(v.values()) for v in item_values()]

    def timed() -> Any:
        connection.execute("BEGIN")
        keys = [connection.execute(INSERT_ITEM, row).lastrowid for row in rows]
        connection.execute("COMMIT")
        return expect(keys, ROWS)

    return timed


def insert(lib: Library) -> Timed:
    engine = lib.engine()
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


COMMITS = 300


def raw_commits() -> Timed:
    connection = raw_connection()
    rows = [tuple(v.values()) for v in item_values(COMMITS)]

    def timed() -> Any:
        for row in rows:
            connection.execute("BEGIN")
            connection.execute(INSERT_ITEM, row)
            connection.execute("COMMIT")

    return timed


def commits(lib: Library) -> Timed:
    session = lib.session(lib.engine())
    session.add(lib.Item(**item_values(1)[0]))
    session.commit()
    objects = [lib.Item(**v) for v in item_values(COMMITS)]

    def timed() -> Any:
        for one in objects:
            session.add(one)
            session.commit()

    return timed


CHANGES = 5_000


def raw_update() -> Timed:
    connection = raw_connection(items=ROWS)
    rows = [(f"new {i}", i) for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        connection.execute("BEGIN")
        connection.executemany("UPDATE item SET name=? WHERE id = ?", rows)
        connection.execute("COMMIT")

    return timed


def update(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=ROWS))
    warm = session.get(lib.Item, ROWS)
    warm.name = "warm"
    session.commit()
    objects = session.scalars(lib.sql.select(lib.Item).limit(CHANGES)).all()
    names = [f"new {i}" for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        for one, name in zip(objects, names, strict=True):
            one.name = name
        session.commit()

    return timed


def raw_delete() -> Timed:
    connection = raw_connection(items=ROWS)
    rows = [(i,) for i in range(1, CHANGES + 1)]

    def timed() -> Any:
        connection.execute("BEGIN")
        connection.executemany("DELETE FROM item WHERE id = ?", rows)
        connection.execute("COMMIT")

    return timed


def delete(lib: Library) -> Timed:
    session = lib.session(lib.engine(items=ROWS))
    session.delete(session.get(lib.Item, ROWS))
    session.commit()
    objects = session.scalars(lib.sql.select(lib.Item).limit(CHANGES)).all()

    def timed() -> Any:
        for one in objects:
            session.delete(one)
        session.commit()

    return timed


# -- relationships ---------------------------------------------------------------------------

_PARENTS = "SELECT id, name FROM parent"
_CHILDREN = "SELECT id, name, parent_id FROM child WHERE parent_id IN "


def raw_selectin() -> Timed:
    connection = raw_connection(family=True)

    def timed() -> Any:
        parents = connection.execute(_PARENTS).fetchall()
        children: list[Any] = []
        for start in range(0, PARENTS, 500):
            keys = [p[0] for p in parents[start : start + 500]]
            sql = _CHILDREN + "(" + ", ".join("?" * len(keys)) + ")"
            children += connection.execute(sql, keys).fetchall()
        return parents, expect(children, PARENTS * CHILDREN)

    return timed


def raw_join() -> Timed:
    connection = raw_connection(family=True)
    sql = (
        "SELECT parent.id, parent.name, child.id, child.name, child.parent_id"
        " FROM parent LEFT OUTER JOIN child ON parent.id = child.parent_id"
    )
    return lambda: expect(connection.execute(sql).fetchall(), PARENTS * CHILDREN)


def raw_lazy() -> Timed:
    connection = raw_connection(family=True)
    sql = "SELECT id, name, parent_id FROM child WHERE parent_id = ?"

    def timed() -> Any:
        parents = connection.execute(_PARENTS).fetchall()
        return [connection.execute(sql, (p[0],)).fetchall() for p in parents]

    return timed


def _family(lib: Library, option: Callable[[Any], Any] | None) -> Timed:
    session = lib.session(lib.engine(family=True))
    statement = lib.sql.select(lib.Parent)
    if option is not None:
        statement = statement.options(option(lib.Parent.children))

    def timed() -> Any:
        parents = session.scalars(statement).unique().all()
        if sum(len(p.children) for p in parents) != PARENTS * CHILDREN:
            raise AssertionError("children are missing")
        return parents

    timed()
    session.expunge_all()
    return timed


def selectin(lib: Library) -> Timed:
    return _family(lib, lib.orm.selectinload)


def joined(lib: Library) -> Timed:
    return _family(lib, lib.orm.joinedload)


def lazy(lib: Library) -> Timed:
    return _family(lib, None)


# -- objects ---------------------------------------------------------------------------------

TOUCHES = 100_000


class Plain:
    """A class without any mapping: what an attribute costs in Python itself."""

    def __init__(
        self, name: str, email: str, age: int, score: float, city: str, note: str, active: int
    ) -> None:
        self.name = name
        self.email = email
        self.age = age
        self.score = score
        self.city = city
        self.note = note
        self.active = active


_VALUES: dict[str, Any] = {
    "name": "n", "email": "e", "age": 1, "score": 1.0, "city": "c", "note": "t", "active": 1
}  # fmt: skip


def _read(one: Any) -> Timed:
    def timed() -> None:
        for _ in range(TOUCHES // 10):
            # fmt: off
            one.name; one.name; one.name; one.name; one.name  # noqa: B018, E702
            one.name; one.name; one.name; one.name; one.name  # noqa: B018, E702
            # fmt: on

    return timed


def _write(one: Any) -> Timed:
    def timed() -> None:
        for _ in range(TOUCHES // 10):
            # fmt: off
            one.name = "a"; one.name = "b"; one.name = "c"  # noqa: E702
            one.name = "d"; one.name = "e"; one.name = "f"  # noqa: E702
            one.name = "g"; one.name = "h"; one.name = "i"  # noqa: E702
            one.name = "j"
            # fmt: on

    return timed


def _loaded(lib: Library) -> Any:
    session = lib.session(lib.engine(items=1))
    one = session.scalars(lib.sql.select(lib.Item)).one()
    one.__dict__["__keep_session__"] = session
    return one


CONSTRUCTIONS = 10_000


def _construct(cls: Any) -> Timed:
    return lambda: [
        cls(name="n", email="e", age=1, score=1.0, city="c", note="t", active=1)
        for _ in range(CONSTRUCTIONS)
    ]


EMPTY = 1_000


def raw_empty() -> Timed:
    connection = raw_connection()
    return lambda: [connection.execute("select 1").fetchall() for _ in range(EMPTY)]


def empty(lib: Library) -> Timed:
    engine = lib.engine()
    statement = lib.sql.text("select 1")
    session = lib.orm.Session

    def timed() -> Any:
        for _ in range(EMPTY):
            with session(engine) as one:
                one.execute(statement).all()

    timed()
    return timed


def raw_read() -> Timed:
    return _read(Plain(**_VALUES))


def read(lib: Library) -> Timed:
    return _read(_loaded(lib))


def raw_write() -> Timed:
    return _write(Plain(**_VALUES))


def write(lib: Library) -> Timed:
    return _write(_loaded(lib))


def raw_construct() -> Timed:
    return _construct(Plain)


def construct(lib: Library) -> Timed:
    return _construct(lib.Item)


ALL = PARENTS * (1 + CHILDREN)

WORKLOADS = [
    Workload("load", "load 10,000 objects of 8 columns", ROWS, raw_load, load, 2.0),
    Workload("identity", "load them again, identity map full", ROWS, raw_load, identity, 1.5),
    Workload("get", "session.get() of 2,000 rows", GETS, raw_get, get, 4, "get"),
    Workload("select-where", "select().where() of 2,000", GETS, raw_get, select_where, 6, "select"),
    Workload("insert", "insert 10,000 objects, keys back", ROWS, raw_insert, insert, 2.5),
    Workload("commits", "300 single-object commits", COMMITS, raw_commits, commits, 5, "commit"),
    Workload("update", "update 5,000 objects", CHANGES, raw_update, update, 2.5),
    Workload("delete", "delete 5,000 objects", CHANGES, raw_delete, delete, 2.5),
    Workload("select-in", "1,000 × 10 children, selectinload", ALL, raw_selectin, selectin, 2.5),
    Workload("join", "1,000 × 10 children, joinedload", PARENTS * CHILDREN, raw_join, joined, 2.5),
    Workload("lazy", "1,000 × 10 children, lazily", PARENTS, raw_lazy, lazy, None, "parent"),
    Workload("read", "read a mapped attribute", TOUCHES, raw_read, read, 4, "read"),
    Workload("write", "write a mapped attribute", TOUCHES, raw_write, write, 40, "write"),
    Workload(
        "construct",
        "construct an object, 7 keywords",
        CONSTRUCTIONS,
        raw_construct,
        construct,
        3,
        "object",
    ),
    Workload("empty", "with Session(engine): select 1", EMPTY, raw_empty, empty, 15, "session"),
]
