"""DDL, and INSERT and UPDATE with column defaults, are written as SQLAlchemy writes them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.schema
from sqlalchemy.dialects import sqlite

import ormolu.dialects
import ormolu.schema
import ormolu.sql
import ormolu.types
from ormolu.dialects.sqlite import SQLiteDialect

Namespace = Any
OURS = SimpleNamespace(
    **{
        name: getattr(room, name)
        for room in (ormolu.types, ormolu.sql, ormolu.schema)
        for name in room.__all__
    }
)
THEIRS = SimpleNamespace(**{**vars(sqlalchemy), **vars(sqlalchemy.schema)})
DIALECTS = {"default": (None, None), "sqlite": (sqlite.dialect(), SQLiteDialect())}


def tables(sa: Namespace) -> dict[str, Any]:
    metadata = sa.MetaData()
    column = sa.Column
    sa.Table(
        "parent",
        metadata,
        column("id", sa.Integer, primary_key=True),
        column("name", sa.String(30), nullable=False, unique=True, server_default="it's"),
        column("n", sa.Numeric(10, 2)),
        column("f", sa.Float),
        column("b", sa.Boolean, server_default=sa.true()),
        column("d", sa.DateTime, server_default=sa.func.now()),
        column("day", sa.Date),
        column("hour", sa.Time),
        column("u", sa.Uuid),
        column("j", sa.JSON),
        column("e", sa.Enum("a", "bcd")),
        column("lb", sa.LargeBinary),
        column("bi", sa.BigInteger),
        column("si", sa.SmallInteger),
        column("c", sa.Integer, sa.Computed("id+1", persisted=True)),
        column("t", sa.Text),
        column("iv", sa.Interval),
        column("s", sa.String),
        column("q", sa.Integer, sa.Identity(start=4)),
        column("tx", sa.Integer, server_default=sa.text("0")),
        column("fn", sa.Integer, server_default=sa.func.foo(1)),
        column("ck", sa.Integer, sa.CheckConstraint("ck>1"), nullable=False),
        column("select", sa.Integer),
        column("Up", sa.Integer),
        sa.UniqueConstraint("n", "f", name="uq"),
        sa.CheckConstraint("n>0"),
        sa.CheckConstraint(sa.column("n") > 5, name="positive"),
        sa.Index("ix_nf", "n", "f"),
    )
    sa.Table(
        "child",
        metadata,
        column("id", sa.Integer, primary_key=True),
        column("pid", sa.ForeignKey("parent.id", ondelete="CASCADE")),
        column(
            "pid2",
            sa.ForeignKey(
                "parent.id",
                name="fkx",
                onupdate="SET NULL",
                deferrable=True,
                initially="DEFERRED",
            ),
        ),
    )
    sa.Table(
        "pair",
        metadata,
        column("a", sa.Integer, primary_key=True, autoincrement=False),
        column("b", sa.String(5), primary_key=True),
        column("other", sa.Integer),
        sa.ForeignKeyConstraint(["a", "b"], ["pair.a", "pair.b"], name="self"),
    )
    sa.Table("elsewhere", metadata, column("id", sa.Integer, primary_key=True), schema="S x")
    sa.Table(
        "defaults",
        metadata,
        column("id", sa.Integer, primary_key=True),
        column("a", sa.Integer, default=5),
        column("b", sa.Integer, default=lambda: 3),
        column("c", sa.DateTime, default=sa.func.now(), onupdate=sa.func.now()),
        column("d", sa.Integer, server_default="3"),
        column("e", sa.Integer, onupdate=7),
    )
    sa.Table("word", metadata, column("name", sa.String, primary_key=True), column("v", sa.Integer))
    named = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    z = sa.Table(
        "z",
        named,
        column("id", sa.Integer, primary_key=True),
        column("q", sa.Integer, unique=True),
        sa.CheckConstraint("q>1", name="qq"),
        column("w", sa.ForeignKey("z.id")),
    )
    return {**metadata.tables, "z": z}


Build = Callable[[Namespace, dict[str, Any]], tuple[Any, dict[str, Any]]]

CASES: dict[str, Build] = {
    **{
        f"create {name}": lambda sa, found, name=name: (sa.CreateTable(found[name]), {})
        for name in ("parent", "child", "pair", "S x.elsewhere", "defaults", "z")
    },
    "create if not exists": lambda sa, t: (sa.CreateTable(t["child"], if_not_exists=True), {}),
    "drop": lambda sa, t: (sa.DropTable(t["child"]), {}),
    "drop if exists": lambda sa, t: (sa.DropTable(t["S x.elsewhere"], if_exists=True), {}),
    "index": lambda sa, t: (sa.CreateIndex(next(iter(t["parent"].indexes))), {}),
    "unique index": lambda sa, t: (
        sa.CreateIndex(sa.Index("i1", t["pair"].c.a.desc(), unique=True)),
        {},
    ),
    "function index": lambda sa, t: (
        sa.CreateIndex(sa.Index("i2", sa.func.lower(t["pair"].c.b)), if_not_exists=True),
        {},
    ),
    "index in a schema": lambda sa, t: (
        sa.CreateIndex(sa.Index("i 4", t["S x.elsewhere"].c.id)),
        {},
    ),
    "drop index": lambda sa, t: (sa.DropIndex(sa.Index("i5", t["S x.elsewhere"].c.id)), {}),
    "column": lambda sa, t: (sa.CreateColumn(t["parent"].c.ck), {}),
    "insert defaults": lambda sa, t: (sa.insert(t["defaults"]), {"column_keys": []}),
    "insert beside defaults": lambda sa, t: (sa.insert(t["defaults"]), {"column_keys": ["d"]}),
    "insert over a default": lambda sa, t: (sa.insert(t["defaults"]).values(a=1), {}),
    "insert rows with defaults": lambda sa, t: (
        sa.insert(t["defaults"]).values([{"d": 1}, {"d": 2}]),
        {},
    ),
    "insert select with defaults": lambda sa, t: (
        sa.insert(t["defaults"]).from_select(["d"], sa.select(t["word"].c.v)),
        {},
    ),
    "insert nothing": lambda sa, t: (sa.insert(t["word"]), {"column_keys": []}),
    "insert by keys": lambda sa, t: (sa.insert(t["child"]), {"column_keys": ["pid", "id"]}),
    "insert value and key": lambda sa, t: (
        sa.insert(t["child"]).values(pid=1),
        {"column_keys": ["pid2"]},
    ),
    "insert returning table": lambda sa, t: (
        sa.insert(t["child"]).returning(t["child"]),
        {"column_keys": ["pid"]},
    ),
    "update defaults": lambda sa, t: (sa.update(t["defaults"]).values(a=1), {}),
    "update by keys": lambda sa, t: (sa.update(t["defaults"]), {"column_keys": ["a"]}),
    "update key beside where": lambda sa, t: (
        sa.update(t["word"]).where(t["word"].c.v == 1),
        {"column_keys": ["v"]},
    ),
    "join by foreign key": lambda sa, t: (
        sa.select(t["word"].c.v, t["defaults"].c.id).select_from(
            t["word"].join(t["defaults"], t["defaults"].c.a == t["word"].c.v)
        ),
        {},
    ),
    "schema": lambda sa, t: (sa.select(t["S x.elsewhere"].c.id), {}),
}


def text(sa: Namespace, name: str, dialect: Any) -> str:
    node, options = CASES[name](sa, tables(sa))
    return str(node.compile(dialect=dialect, **options))


@pytest.mark.filterwarnings("ignore:Column .* is marked as a member of the primary key")
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_text_is_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    assert text(OURS, name, ours) == text(THEIRS, name, theirs)
