"""INSERT … ON CONFLICT of SQLite: text, binds, errors and effect are SQLAlchemy's."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

Build = Callable[[Any], Any]

TEXTS: dict[str, Build] = {
    "do nothing": lambda x: x.insert.on_conflict_do_nothing(),
    "by name": lambda x: x.insert.on_conflict_do_nothing(index_elements=["name"]),
    "by column, partial": lambda x: x.insert.on_conflict_do_nothing(
        index_elements=[x.t.c.name, "n"], index_where=x.t.c.n > 5
    ),
    "by expression": lambda x: x.insert.on_conflict_do_nothing(
        index_elements=[x.sa.func.lower(x.t.c.name)]
    ),
    "by text": lambda x: x.insert.on_conflict_do_nothing(index_elements=[x.sa.text("lower(name)")]),
    "condition without index": lambda x: x.insert.on_conflict_do_nothing(index_where=x.t.c.n > 1),
    "update": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"], set_={"n": x.insert.excluded.n}
    ),
    "update of several": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"n": x.insert.excluded.n + x.t.c.n, "name": "q"},
        where=x.t.c.n > x.insert.excluded.n,
    ).returning(x.t.c.id),
    "update by columns": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"], set_={x.t.c["we ird"]: x.insert.excluded["we ird"]}
    ),
    "update of all": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"], set_=x.insert.excluded
    ),
    "update by a subquery": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"], set_={"n": x.sa.select(x.sa.func.max(x.t.c.n)).scalar_subquery()}
    ),
    "update to null and a bind": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"n": x.sa.null(), "name": x.sa.bindparam("foo")},
        where=x.sa.text("x=1"),
    ),
    "update of any conflict": lambda x: x.insert.on_conflict_do_update(set_={"n": 1}),
    "several clauses": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"], set_={"n": 1}
    ).on_conflict_do_nothing(),
    "from select": lambda x: (
        x.sqlite.insert(x.t)
        .from_select(["name"], x.sa.select(x.t.c.name).where(x.t.c.n > 1))
        .on_conflict_do_nothing()
    ),
    "many rows": lambda x: (
        x.sqlite.insert(x.t)
        .values([{"name": "a", "n": 1}, {"name": "b", "n": 2}])
        .on_conflict_do_update(index_elements=["name"], set_={"n": x.insert.excluded.n})
    ),
    "all columns": lambda x: x.sqlite.insert(x.t).on_conflict_do_nothing(),
}

ERRORS: dict[str, Build] = {
    "nothing to set": lambda x: x.insert.on_conflict_do_update(index_elements=["name"]),
    "empty set": lambda x: x.insert.on_conflict_do_update(index_elements=["name"], set_={}),
    "set no dictionary": lambda x: x.insert.on_conflict_do_update(
        index_elements=["name"], set_=[("n", 5)]
    ),
    "after a clause without target": lambda x: (
        x.insert.on_conflict_do_nothing().on_conflict_do_nothing()
    ),
    "unknown excluded column": lambda x: x.insert.excluded.zork,
}


def namespace(root: str) -> Any:
    sa: Any = importlib.import_module(root)
    sqlite: Any = importlib.import_module(f"{root}.dialects.sqlite")
    t = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30), unique=True),
        sa.Column("n", sa.Integer),
        sa.Column("we ird", sa.Integer),
    )
    return SimpleNamespace(sa=sa, sqlite=sqlite, t=t, insert=sqlite.insert(t).values(name="a", n=1))


@pytest.mark.parametrize("name", TEXTS)
def test_text_and_binds(name: str) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        x = namespace(root)
        statement = TEXTS[name](x)
        compiled = statement.compile(dialect=x.sqlite.dialect())
        found.append((str(compiled), compiled.params, str(statement)))
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        with pytest.raises(Exception) as caught:  # the classes are compared
            ERRORS[name](namespace(root))
        found.append(caught.type.__name__)
    assert found[0] == found[1]


def test_a_key_that_is_no_column_warns() -> None:
    x = namespace("ormolu")
    statement = x.insert.on_conflict_do_update(index_elements=["name"], set_={"n": 1, "zork": 2})
    with pytest.warns(x.sa.exc.SAWarning, match="'zork'"):
        statement.compile(dialect=x.sqlite.dialect())


def upserted(root: str) -> list[Any]:
    """Run upserts of every form; return what the table held after each."""
    x = namespace(root)
    sa, t = x.sa, x.t
    engine = sa.create_engine("sqlite://")
    held: list[Any] = []

    def run(statement: Any, params: Any = None) -> None:
        result = connection.execute(statement, params) if params else connection.execute(statement)
        rows = [tuple(row) for row in result] if result.returns_rows else None
        state = connection.execute(sa.select(t.c.name, t.c.n).order_by(t.c.name))
        held.append((rows, [tuple(row) for row in state]))

    with engine.begin() as connection, warnings.catch_warnings():
        t.metadata.create_all(connection)
        connection.exec_driver_sql("CREATE UNIQUE INDEX part ON t (n) WHERE n > 100")
        plain = x.sqlite.insert(t)
        both = plain.values(name="a", n=1)
        run(both)
        run(both.on_conflict_do_nothing())
        run(both.on_conflict_do_nothing(index_elements=["name"]).returning(t.c.name))
        bigger = both.values(n=5)
        taken = {"n": bigger.excluded.n + t.c.n}
        run(bigger.on_conflict_do_update(index_elements=[t.c.name], set_=taken))
        run(bigger.on_conflict_do_update(index_elements=["name"], set_=taken, where=t.c.n > 100))
        run(bigger.on_conflict_do_update(index_elements=["name"], set_={"n": 7}).returning(t.c.n))
        keep = plain.on_conflict_do_update(index_elements=["name"], set_={"n": plain.excluded.n})
        run(keep, [{"name": "a", "n": 10}, {"name": "b", "n": 20}])
        run(keep.returning(t.c.name, t.c.n), [{"name": "b", "n": 30}, {"name": "c", "n": 200}])
        partial = plain.on_conflict_do_update(
            index_elements=["n"], index_where=t.c.n > 100, set_={"name": "moved"}
        )
        run(partial, {"name": "d", "n": 200})
    engine.dispose()
    return held


def test_effects() -> None:
    assert upserted("ormolu") == upserted("sqlalchemy")


def test_a_partial_index_with_many_parameter_sets() -> None:
    """SQLAlchemy refuses these; the condition's value is the same for all sets."""
    x = namespace("ormolu")
    engine = x.sa.create_engine("sqlite://")
    with engine.begin() as connection:
        x.t.metadata.create_all(connection)
        connection.exec_driver_sql("CREATE UNIQUE INDEX part ON t (n) WHERE n > 100")
        statement = x.sqlite.insert(x.t).on_conflict_do_update(
            index_elements=["n"], index_where=x.t.c.n > 100, set_={"name": "moved"}
        )
        connection.execute(statement, [{"name": name, "n": 200} for name in "ab"])
        assert connection.execute(x.sa.select(x.t.c.name, x.t.c.n)).all() == [("moved", 200)]
    engine.dispose()
