"""``create_all`` and ``drop_all`` send what SQLAlchemy sends, in the same order.

SQLAlchemy adds the constraints of a cycle in the order of a set; these are compared sorted.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.schema

import ormolu
import ormolu.schema
from ormolu.compiler.statement import compile_statement
from ormolu.dialects.registry import load

Namespace = Any
THEIRS = SimpleNamespace(**{**vars(sqlalchemy), **vars(sqlalchemy.schema)})
OURS = SimpleNamespace(**{**vars(ormolu), **vars(ormolu.schema)})


class Recorder:
    """A bind that writes DDL down instead of sending it; nothing exists in it."""

    checks_first = True

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect
        self.sent: list[str] = []

    def _run_ddl(self, make: Callable[[Any], Generator[Any, Any, Any]]) -> None:
        for request in make(self):
            raise AssertionError(f"unexpected request {request!r}")

    def execute_ddl_plan(self, node: Any) -> Generator[Any, Any, None]:
        yield from ()
        self.sent.append(compile_statement(node, self.dialect).sql)

    def schema_of(self, item: Any) -> Any:
        return item.schema

    def facade(self) -> None:
        return None


def with_sqlalchemy(dialect: str, work: Callable[[Namespace, Any], None]) -> list[str]:
    sent: list[str] = []

    def record(statement: Any, *args: Any, **kw: Any) -> None:
        sent.append(str(statement.compile(dialect=engine.dialect)))

    engine = sqlalchemy.create_mock_engine(f"{dialect}://", record)
    return result_of(lambda: work(THEIRS, engine), sent)


def with_ormolu(dialect: str, work: Callable[[Namespace, Any], None]) -> list[str]:
    recorder = Recorder(load(dialect)())
    return result_of(lambda: work(OURS, recorder), recorder.sent)


def result_of(work: Callable[[], None], sent: list[str]) -> list[str]:
    """What was sent, what was warned of, and what was raised."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            work()
        except AssertionError:  # how SQLAlchemy's MySQL refuses a constraint without a name
            sent.append("CompileError")
        except Exception as error:
            sent.append(type(error).__name__)
    sent += [warning.category.__name__ for warning in caught]
    alters = sorted(text for text in sent if "ALTER TABLE" in text)
    return ["ALTER" if "ALTER TABLE" in text else text for text in sent] + alters


def key(sa: Namespace) -> Any:
    return sa.Column("id", sa.Integer, primary_key=True)


def unrelated(sa: Namespace) -> Any:
    metadata = sa.MetaData()
    for name in "zbca":
        sa.Table(name, metadata, key(sa), sa.Column("x", sa.Integer, index=True))
    return metadata


def chain(sa: Namespace) -> Any:
    metadata = sa.MetaData()
    for name, target in ("ab", "bc", "cd"):
        sa.Table(name, metadata, key(sa), sa.Column("x", sa.ForeignKey(f"{target}.id")))
    sa.Table("d", metadata, key(sa), sa.Column("x", sa.ForeignKey("d.id")))
    return metadata


def cycle(*names: str | None, **options: Any) -> Callable[[Namespace], Any]:
    def build(sa: Namespace) -> Any:
        metadata = sa.MetaData()
        first, second = names
        x = sa.ForeignKey("x.id", name=first, **options)
        sa.Table("y", metadata, key(sa), sa.Column("x", sa.Integer, x))
        y, z = sa.ForeignKey("y.id", name=second), sa.ForeignKey("z.id", name="z")
        sa.Table(
            "x", metadata, key(sa), sa.Column("y", sa.Integer, y), sa.Column("z", sa.Integer, z)
        )
        sa.Table("z", metadata, key(sa))
        return metadata

    return build


def declared_order(sa: Namespace) -> Any:
    metadata = sa.MetaData()
    a, b = (sa.Table(name, metadata, key(sa)) for name in "ab")
    a.add_is_dependent_on(b)
    return metadata


def declared_cycle(sa: Namespace) -> Any:
    metadata = declared_order(sa)
    metadata.tables["b"].add_is_dependent_on(metadata.tables["a"])
    return metadata


def views(sa: Namespace) -> Any:
    metadata = sa.MetaData()
    a = sa.Table("a", metadata, key(sa))
    view = sa.CreateView(sa.select(a), "v", metadata=metadata)
    sa.CreateView(sa.select(view.table), "a0", metadata=metadata, materialized=True)
    sa.CreateTableAs(sa.select(a), "c1", metadata=metadata)
    sa.Table("b", metadata, key(sa))
    return metadata


def everything(sa: Namespace) -> Any:
    metadata = sa.MetaData(schema="s")
    sa.Sequence("loose", metadata=metadata)
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, sa.Sequence("bound"), primary_key=True),
        sa.Column("o", sa.Integer, sa.Sequence("optional", optional=True)),
        sa.Column("b", sa.String(9), index=True, unique=True, comment="it's"),
        sa.Column("c", sa.Integer, sa.ForeignKey("s.t.id", name="f", comment="why")),
        comment="a table",
    )
    return metadata


BUILDS = {
    "unrelated": unrelated,
    "chain": chain,
    "cycle": cycle("fx", "fy"),
    "nameless cycle": cycle(None, None),
    "half named cycle": cycle("fx", None),
    "known cycle": cycle("fx", "fy", use_alter=True),
    "known nameless cycle": cycle(None, "fy", use_alter=True),
    "declared order": declared_order,
    "declared cycle": declared_cycle,
    "views": views,
    "everything": everything,
}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("name", BUILDS)
@pytest.mark.parametrize("verb", ["create_all", "drop_all"])
def test_the_same_is_sent(verb: str, name: str, dialect: str) -> None:
    def work(sa: Namespace, bind: Any) -> None:
        getattr(BUILDS[name](sa), verb)(bind, checkfirst=False)

    assert with_ormolu(dialect, work) == with_sqlalchemy(dialect, work)


@pytest.mark.parametrize("name", BUILDS)
def test_tables_are_sorted_alike(name: str) -> None:
    def names(sa: Namespace) -> list[Any]:
        metadata = BUILDS[name](sa)
        found: list[Any] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for work in (
                lambda: [table.name for table in metadata.sorted_tables],
                lambda: [table.name for table in sa.sort_tables(metadata.tables.values())],
                lambda: [
                    (table if table is None else table.name, sorted(str(key.name) for key in keys))
                    for table, keys in sa.sort_tables_and_constraints(metadata.tables.values())
                ],
            ):
                try:
                    found.append(work())
                except Exception as error:
                    found.append(type(error).__name__)
        return found

    assert names(OURS) == names(THEIRS)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_single_items_are_created_and_dropped_alike(dialect: str) -> None:
    def work(sa: Namespace, bind: Any) -> None:
        metadata = everything(sa)
        table = metadata.tables["s.t"]
        table.create(bind, checkfirst=False)
        for index in sorted(table.indexes, key=lambda index: index.name):
            index.drop(bind)
            index.create(bind)
        table.drop(bind)
        sa.Sequence("q").create(bind, checkfirst=False)
        sa.Sequence("q").drop(bind, checkfirst=False)
        metadata.create_all(bind, tables=[table], checkfirst=False)

    assert with_ormolu(dialect, work) == with_sqlalchemy(dialect, work)
