"""PostgreSQL's own nodes: their keys, how they are printed, and what schemas they are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.schema
from sqlalchemy.dialects import postgresql as their_postgresql
from sqlalchemy.dialects.postgresql import asyncpg as their_asyncpg

import ormolu
import ormolu.schema
from ormolu.dialects import postgresql
from ormolu.dialects.postgresql import asyncpg
from ormolu.dialects.postgresql.ext import DistinctOnClause
from ormolu.sql.keys import key_of, same
from ormolu.sql.node import fields_of

A, B = ormolu.column("a"), ormolu.column("b")
T = ormolu.table("t", A, B)

#: Nodes of each class: the first two are alike but for values, the others differ from it.
NODES: dict[type, list[Callable[[], Any]]] = {
    postgresql.array: [
        lambda: postgresql.array([1, A]),
        lambda: postgresql.array([2, A]),
        lambda: postgresql.array([1, B]),
        lambda: postgresql.array([1]),
        lambda: postgresql.array([1, A], type_=ormolu.BigInteger),
    ],
    postgresql.aggregate_order_by: [
        lambda: postgresql.aggregate_order_by(A, B + 1),
        lambda: postgresql.aggregate_order_by(A, B + 2),
        lambda: postgresql.aggregate_order_by(B, B + 1),
        lambda: postgresql.aggregate_order_by(A, B),
    ],
    DistinctOnClause: [
        lambda: postgresql.distinct_on(A + 1),
        lambda: postgresql.distinct_on(A + 2),
        lambda: postgresql.distinct_on(B + 1),
    ],
    postgresql.Insert: [
        lambda: postgresql.insert(T).values(a=1).on_conflict_do_nothing(),
        lambda: postgresql.insert(T).values(a=2).on_conflict_do_nothing(),
        lambda: postgresql.insert(T).values(a=1),
        lambda: postgresql.insert(T).values(a=1).on_conflict_do_nothing(constraint="c"),
    ],
}


@pytest.mark.parametrize("cls", NODES, ids=lambda cls: cls.__name__)
def test_equal_nodes_have_equal_keys_and_others_not(cls: type) -> None:
    first, alike, *others = [make() for make in NODES[cls]]
    assert isinstance(first, cls)
    assert key_of(first) == key_of(alike) is not None
    assert same(first, NODES[cls][0]()) and not same(first, alike)
    for other in others:
        assert key_of(other) != key_of(first)


@pytest.mark.parametrize("cls", NODES, ids=lambda cls: cls.__name__)
def test_every_slot_is_declared(cls: type) -> None:
    slots = {name for base in cls.__mro__ for name in vars(base).get("__slots__", ())}
    declared = {name for name, _ in fields_of(cls)}
    assert slots - declared <= {"_key", "_binds", "_anon", "_plugin"}


def printed(sa: Any, pg: Any) -> list[str]:
    column = sa.column
    return [
        str(node)
        for node in (
            pg.array([1, 2]),
            sa.select(pg.array([1, 2])),
            sa.select(column("a")).where(column("a") == pg.array([1])),
            sa.func.array_agg(pg.aggregate_order_by(column("a"), column("b"))),
            pg.insert(sa.table("t", column("a"))).values(a=1).on_conflict_do_nothing(),
            pg.CreateEnumType(pg.ENUM("a", name="e")),
            pg.DropDomainType(pg.DOMAIN("d", sa.Integer)),
            column("j", pg.JSONB)["a"].astext,
            pg.JSONB(),
            pg.BIT(3),
            pg.INT4RANGE(),
            pg.DOMAIN("d", sa.Integer),
        )
    ]


def test_a_node_is_printed_as_postgresql_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for cls in (their_postgresql.ENUM, their_postgresql.DOMAIN):
        # SQLAlchemy 2.1 can't print the DDL of a type that lacks this.
        monkeypatch.setattr(cls, "create_drop_stringify_dialect", "postgresql", raising=False)
    assert printed(ormolu, postgresql) == printed(sqlalchemy, their_postgresql)


MOVED = {None: "New", "s": "other"}


def in_other_schemas(sa: Any, pg: Any, own: Any, driver: Any, **options: Any) -> list[str]:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("e", pg.ENUM("a", name="en")),
        sa.Column("f", sa.Enum("a", name="fn", schema="s")),
        sa.Column("g", pg.ARRAY(pg.ENUM("a", name="gn", schema="s"))),
        sa.Column("h", pg.DOMAIN("d", sa.Integer)),
    )
    nodes = (
        (sa.schema.CreateTable(table), own),
        (pg.CreateEnumType(table.c.f.type), own),
        (pg.DropDomainType(table.c.h.type), own),
        (sa.select(table.c.e).where(table.c.f == "a", table.c.g == ["a"]), driver),
        (sa.select(sa.cast(table.c.e, table.c.f.type)), driver),
    )
    return [
        str(node.compile(dialect=dialect, schema_translate_map=MOVED, **options))
        for node, dialect in nodes
    ]


def test_types_with_names_move_with_the_schema_translate_map() -> None:
    theirs = in_other_schemas(
        sqlalchemy,
        their_postgresql,
        their_postgresql.dialect(),
        their_asyncpg.dialect(),
        render_schema_translate=True,
    )
    ours = in_other_schemas(ormolu, postgresql, postgresql.dialect(), asyncpg.dialect())
    assert ours == theirs


class Core:
    """A connection core that has some types, and notes what it is to execute."""

    driver = None

    def __init__(self, *there: str) -> None:
        self.dialect: Any = self
        self.there = there
        self.sent: list[str] = []

    def schema_of(self, item: Any) -> str | None:
        schema: str | None = item.schema
        return schema

    def has_type_plan(self, core: Any, name: str, schema: str | None) -> Any:
        yield from ()
        return name in self.there

    def execute_ddl_plan(self, node: Any) -> Any:
        yield from ()
        self.sent.append(str(node.compile(dialect=postgresql.dialect())))

    def _run_ddl(self, make: Callable[[Any], Any]) -> None:
        for _ in make(self):
            raise AssertionError("the plan asked for something")


@pytest.mark.parametrize(
    ("there", "checkfirst", "created", "dropped"),
    [((), True, 1, 0), (("en",), True, 0, 1), (("en",), False, 1, 1), ((), False, 1, 1)],
)
def test_checkfirst_looks_before_it_creates_or_drops_a_type(
    there: tuple[str, ...], checkfirst: bool, created: int, dropped: int
) -> None:
    type_ = postgresql.ENUM("a", name="en")
    core = Core(*there)
    type_.create(core, checkfirst=checkfirst)
    assert core.sent == ["CREATE TYPE en AS ENUM ('a')"] * created
    core.sent.clear()
    type_.drop(core, checkfirst=checkfirst)
    assert core.sent == ["DROP TYPE en"] * dropped
