"""INSERT, UPDATE and DELETE that both libraries must write alike: ``(sa, t, u) -> statement``.

``sa`` is the namespace (``sqlalchemy`` or ``ormolu``); ``t`` has a key, defaults of every kind and
a column whose name is quoted; ``u`` refers to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any], Any]


def _cte(sa: Any, t: Any, name: str = "c") -> Any:
    return sa.select(t.c.id).where(t.c.v > 3).cte(name)


INSERTS: dict[str, Build] = {
    "all columns": lambda sa, t, u: sa.insert(t),
    "no values": lambda sa, t, u: sa.insert(u).values(),
    "one": lambda sa, t, u: sa.insert(t).values(name="x"),
    "by dictionary": lambda sa, t, u: sa.insert(t).values({"name": "x", t.c.v: 4}),
    "by tuple": lambda sa, t, u: sa.insert(u).values((1, 2, 3)),
    "by short list": lambda sa, t, u: sa.insert(u).values([1, 2]),
    "values twice": lambda sa, t, u: sa.insert(t).values(name="x").values(v=4).values(name="y"),
    "order is the table's": lambda sa, t, u: sa.insert(t).values(v=1, name="a", id=3),
    "quoted column": lambda sa, t, u: sa.insert(t).values({"Big": 5}),
    "column with a key": lambda sa, t, u: sa.insert(t).values(keyed=5),
    "expression": lambda sa, t, u: sa.insert(u).values(v=sa.func.length("x") + 1),
    "expression of a column": lambda sa, t, u: sa.insert(u).values(v=u.c.id + 1),
    "null": lambda sa, t, u: sa.insert(u).values(v=sa.null()),
    "none": lambda sa, t, u: sa.insert(u).values(v=None),
    "bindparam": lambda sa, t, u: sa.insert(u).values(v=sa.bindparam("q")),
    "bindparam with a value": lambda sa, t, u: sa.insert(u).values(v=sa.bindparam("q", 5)),
    "text": lambda sa, t, u: sa.insert(u).values(v=sa.text("1 + 1")),
    "subquery": lambda sa, t, u: sa.insert(u).values(
        v=sa.select(sa.func.max(t.c.v)).scalar_subquery()
    ),
    "cast": lambda sa, t, u: sa.insert(u).values(v=sa.cast("5", sa.Integer)),
    "case": lambda sa, t, u: sa.insert(u).values(v=sa.case((sa.literal(1) == 1, 5), else_=6)),
    "in a boolean": lambda sa, t, u: sa.insert(t).values(flag=sa.literal(1) == 2),
    "and of booleans": lambda sa, t, u: sa.insert(t).values(
        flag=sa.and_(sa.literal(1) == 2, sa.literal(3) == 4)
    ),
    "negative": lambda sa, t, u: sa.insert(u).values(v=-u.c.id),
    "many": lambda sa, t, u: sa.insert(u).values([{"id": 1, "v": 2}, {"id": 3, "v": 4}]),
    "many of one": lambda sa, t, u: sa.insert(u).values([{"id": 1, "v": 2}]),
    "many tuples": lambda sa, t, u: sa.insert(u).values([(1, 2, 3), (4, 5, 6)]),
    "many with expressions": lambda sa, t, u: sa.insert(u).values(
        [{"v": sa.func.f(1)}, {"v": sa.func.f(2)}]
    ),
    "many, an expression first": lambda sa, t, u: sa.insert(u).values(
        [{"v": sa.func.f(1)}, {"v": 2}]
    ),
    "many with binds": lambda sa, t, u: sa.insert(u).values(
        [{"v": sa.bindparam("a", 3)}, {"v": sa.bindparam("b", 4)}]
    ),
    "many with defaults": lambda sa, t, u: sa.insert(t).values([{"name": "a"}, {"name": "b"}]),
    "many, twice": lambda sa, t, u: (
        sa.insert(u).values([{"id": 1, "v": 1}]).values([{"id": 2, "v": 3}])
    ),
    "many with returning": lambda sa, t, u: (
        sa.insert(u).values([{"v": 1}, {"v": 2}]).returning(u.c.id)
    ),
    "from select": lambda sa, t, u: sa.insert(u).from_select(
        ["id", "v"], sa.select(t.c.id, t.c.v).where(t.c.name == "x")
    ),
    "from select by columns": lambda sa, t, u: sa.insert(u).from_select(
        [u.c.v, "id"], sa.select(t.c.id, t.c.v)
    ),
    "from select with defaults": lambda sa, t, u: sa.insert(t).from_select(
        ["name"], sa.select(t.c.name)
    ),
    "from select without defaults": lambda sa, t, u: sa.insert(t).from_select(
        ["name"], sa.select(t.c.name), include_defaults=False
    ),
    "from a union": lambda sa, t, u: sa.insert(u).from_select(
        ["v"], sa.select(t.c.v).union(sa.select(u.c.v))
    ),
    "from select with returning": lambda sa, t, u: (
        sa.insert(u).from_select(["v"], sa.select(t.c.v)).returning(u.c.id)
    ),
    "from a cte": lambda sa, t, u: sa.insert(u).from_select(["v"], sa.select(_cte(sa, t).c.id)),
    "from select with a label": lambda sa, t, u: sa.insert(u).from_select(
        ["v"], sa.select((t.c.v + 1).label("w")).order_by("w")
    ),
    "from text": lambda sa, t, u: sa.insert(u).from_select(
        ["v"], sa.text("SELECT 5").columns(sa.column("v"))
    ),
    "returning": lambda sa, t, u: sa.insert(t).values(name="x").returning(t.c.id, t.c.name),
    "returning the table": lambda sa, t, u: sa.insert(u).values(v=1).returning(u),
    "returning an expression": lambda sa, t, u: sa.insert(u).values(v=1).returning(u.c.v + 1),
    "returning a label": lambda sa, t, u: sa.insert(u).values(v=1).returning(u.c.v.label("w")),
    "returning a function": lambda sa, t, u: (
        sa.insert(u).values(v=1).returning(sa.func.length(u.c.v).label("n"), sa.literal_column("7"))
    ),
    "returning in order": lambda sa, t, u: sa.insert(u).returning(
        u.c.id, sort_by_parameter_order=True
    ),
    "returning twice": lambda sa, t, u: sa.insert(u).values(v=1).returning(u.c.id).returning(u.c.v),
    "return defaults": lambda sa, t, u: sa.insert(t).values(name="x").return_defaults(),
    "return some defaults": lambda sa, t, u: (
        sa.insert(t).values(name="x").return_defaults(t.c.served)
    ),
    "return defaults and more": lambda sa, t, u: (
        sa.insert(t).values(name="x").return_defaults(supplemental_cols=[t.c.v])
    ),
    "inline": lambda sa, t, u: sa.insert(t).values(name="x").inline(),
    "prefix": lambda sa, t, u: sa.insert(u).values(v=1).prefix_with("OR IGNORE"),
    "prefix of another dialect": lambda sa, t, u: (
        sa.insert(u).values(v=1).prefix_with("OR IGNORE", dialect="oracle")
    ),
    "prefixes": lambda sa, t, u: (
        sa.insert(u).values(v=1).prefix_with("A", "B").prefix_with(sa.text("C"))
    ),
    "with a cte": lambda sa, t, u: sa.insert(u).values(v=1).add_cte(_cte(sa, t)),
    "value from a cte": lambda sa, t, u: sa.insert(u).values(
        v=sa.select(_cte(sa, t).c.id).scalar_subquery()
    ),
    "as a cte": lambda sa, t, u: sa.select(
        sa.insert(u).values(v=1).returning(u.c.id).cte("i").c.id
    ),
    "many as a cte": lambda sa, t, u: sa.select(
        sa.insert(u).values([{"v": 1}, {"v": 2}]).returning(u.c.id).cte("i").c.id
    ),
    "as a cte of an insert": lambda sa, t, u: sa.insert(u).from_select(
        ["v"],
        sa.select(sa.insert(t).values(name="x", v=3).returning(t.c.id).cte("i").c.id),
    ),
    "as an added cte": lambda sa, t, u: sa.select(u.c.id).add_cte(
        sa.insert(t).values(name="x").cte("i")
    ),
    "in a schema": lambda sa, t, u: sa.insert(
        sa.Table("s", sa.MetaData(), sa.Column("a", sa.Integer), schema="sch")
    ).values(a=1),
    "bind of an in list": lambda sa, t, u: sa.insert(t).values(flag=t.c.id.in_([1, 2])),
    "primary key in SQL": lambda sa, t, u: sa.insert(t).values(id=sa.func.next_id(), name="x"),
    "light table": lambda sa, t, u: sa.insert(sa.table("l", sa.column("a"))).values(a=1),
    "the value of another column": lambda sa, t, u: sa.insert(u).values(
        tid=sa.func.f(3), v=sa.from_dml_column(u.c.tid) + 5
    ),
    "the value of a later column": lambda sa, t, u: sa.insert(u).values(
        tid=sa.from_dml_column(u.c.v) + 5, v=7
    ),
    "light table, all columns": lambda sa, t, u: sa.insert(
        sa.table("l", sa.column("a"), sa.column("b"))
    ),
    "literal": lambda sa, t, u: sa.insert(u).values(v=sa.literal(5)),
    "unique bindparam": lambda sa, t, u: sa.insert(u).values(v=sa.bindparam("q", 5, unique=True)),
    "literals of many rows": lambda sa, t, u: sa.insert(u).values(
        [{"v": sa.literal(5)}, {"v": sa.literal(6)}]
    ),
}

UPDATES: dict[str, Build] = {
    "all columns": lambda sa, t, u: sa.update(u),
    "onupdate of all columns": lambda sa, t, u: sa.update(t),
    "one": lambda sa, t, u: sa.update(t).values(name="x").where(t.c.id == 5),
    "by dictionary": lambda sa, t, u: sa.update(t).values({t.c.name: "x", "v": 4}),
    "by tuple": lambda sa, t, u: sa.update(u).values((1, 2, 3)),
    "order is the table's": lambda sa, t, u: sa.update(u).values(v=1, id=3),
    "ordered": lambda sa, t, u: sa.update(u).ordered_values(("v", 1), ("id", 3)),
    "ordered by columns": lambda sa, t, u: sa.update(u).ordered_values(
        (u.c.v, u.c.id + 1), (u.c.id, 3)
    ),
    "ordered with onupdate": lambda sa, t, u: sa.update(t).ordered_values(("v", 1), ("id", 3)),
    "own column": lambda sa, t, u: sa.update(t).values(v=t.c.v + 1),
    "two binds of one name": lambda sa, t, u: sa.update(u).values(v=5).where(u.c.v == 6),
    "bindparam": lambda sa, t, u: (
        sa.update(u).values(v=sa.bindparam("new")).where(u.c.id == sa.bindparam("old"))
    ),
    "subquery": lambda sa, t, u: sa.update(t).values(
        v=sa.select(sa.func.max(u.c.v)).where(u.c.tid == t.c.id).scalar_subquery()
    ),
    "correlated": lambda sa, t, u: (
        sa.update(t)
        .values(name=sa.select(u.c.v).where(u.c.tid == t.c.id).correlate(t).scalar_subquery())
        .where(sa.exists().where(u.c.tid == t.c.id))
    ),
    "the value of another column": lambda sa, t, u: sa.update(u).values(
        tid=6, v=sa.from_dml_column(u.c.tid) + 5
    ),
    "another column without a value": lambda sa, t, u: sa.update(u).values(
        v=sa.from_dml_column(u.c.tid) + 5
    ),
    "null": lambda sa, t, u: sa.update(u).values(v=None),
    "boolean": lambda sa, t, u: sa.update(t).values(flag=t.c.v == 3),
    "case": lambda sa, t, u: sa.update(u).values(v=sa.case((u.c.id == 1, 5), else_=6)),
    "json value": lambda sa, t, u: sa.update(t).values(doc={"a": 1}),
    "condition twice": lambda sa, t, u: (
        sa.update(u).values(v=1).where(u.c.id == 1).where(u.c.v > 2)
    ),
    "filter": lambda sa, t, u: sa.update(u).values(v=1).filter(u.c.id == 1),
    "filter by": lambda sa, t, u: sa.update(u).values(v=1).filter_by(id=1, v=2),
    "in a list": lambda sa, t, u: sa.update(u).values(v=1).where(u.c.id.in_([1, 2])),
    "several tables": lambda sa, t, u: sa.update(t).values(v=u.c.v).where(t.c.id == u.c.tid),
    "several tables, one only in values": lambda sa, t, u: sa.update(t).values(v=u.c.v),
    "an alias beside": lambda sa, t, u: (
        lambda a: sa.update(t).values(v=a.c.v).where(t.c.id == a.c.tid)
    )(u.alias("a")),
    "a subquery beside": lambda sa, t, u: (
        lambda s: sa.update(t).values(v=s.c.v).where(t.c.id == s.c.tid)
    )(sa.select(u.c.v, u.c.tid).subquery("s")),
    "a cte beside": lambda sa, t, u: (
        lambda c: sa.update(t).values(v=c.c.id).where(t.c.id == c.c.id)
    )(_cte(sa, t)),
    "returning": lambda sa, t, u: sa.update(u).values(v=1).returning(u.c.id, u.c.v + 1),
    "returning of another table": lambda sa, t, u: (
        sa.update(t).values(v=u.c.v).where(t.c.id == u.c.tid).returning(t.c.id, u.c.v)
    ),
    "return defaults": lambda sa, t, u: sa.update(t).values(name="x").return_defaults(),
    "inline": lambda sa, t, u: sa.update(t).values(name="x").inline(),
    "prefix": lambda sa, t, u: sa.update(u).values(v=1).prefix_with("OR REPLACE"),
    "with a cte": lambda sa, t, u: sa.update(u).values(v=1).add_cte(_cte(sa, t)),
    "in a cte": lambda sa, t, u: (
        sa.update(u).values(v=1).where(u.c.tid.in_(sa.select(_cte(sa, t).c.id)))
    ),
    "as a cte": lambda sa, t, u: sa.select(
        sa.update(u).values(v=1).where(u.c.id == 4).returning(u.c.id).cte("i").c.id
    ),
    "light table": lambda sa, t, u: sa.update(sa.table("l", sa.column("a"))).values(a=1),
    "literal": lambda sa, t, u: sa.update(u).values(v=sa.literal(5)).where(u.c.v == 4),
}

DELETES: dict[str, Build] = {
    "all": lambda sa, t, u: sa.delete(t),
    "where": lambda sa, t, u: sa.delete(t).where(t.c.id == 5, t.c.name != "x"),
    "filter by": lambda sa, t, u: sa.delete(u).filter_by(id=1),
    "in a select": lambda sa, t, u: sa.delete(t).where(t.c.id.in_(sa.select(u.c.tid))),
    "exists": lambda sa, t, u: sa.delete(t).where(sa.exists().where(u.c.tid == t.c.id)),
    "returning": lambda sa, t, u: sa.delete(u).returning(u.c.id, u.c.v.label("w")),
    "with a cte": lambda sa, t, u: sa.delete(u).where(u.c.id.in_(sa.select(_cte(sa, t).c.id))),
    "added cte": lambda sa, t, u: sa.delete(u).add_cte(_cte(sa, t)),
    "as a cte": lambda sa, t, u: sa.select(
        sa.delete(u).where(u.c.id == 4).returning(u.c.v).cte("d").c.v
    ),
    "prefix": lambda sa, t, u: sa.delete(u).prefix_with("LOW_PRIORITY"),
    "text condition": lambda sa, t, u: sa.delete(u).where(sa.text("v = :q").bindparams(q=4)),
    "true": lambda sa, t, u: sa.delete(u).where(sa.true()),
    "false": lambda sa, t, u: sa.delete(u).where(sa.false()),
}

#: SQLite has no DELETE that draws on several tables, and no hints.
NOT_IN_SQLITE: dict[str, Build] = {
    "several tables": lambda sa, t, u: sa.delete(t).where(t.c.id == u.c.tid),
    "using": lambda sa, t, u: sa.delete(t).using(u),
    "using what is there already": lambda sa, t, u: sa.delete(t).using(u).where(t.c.id == u.c.tid),
    "an alias of itself": lambda sa, t, u: (
        lambda a: sa.delete(t).where(t.c.id == a.c.v, a.c.id > 3)
    )(t.alias()),
}

#: Only MySQL updates several tables at once.
ONLY_IN_MYSQL: dict[str, Build] = {
    "several tables, values of both": lambda sa, t, u: (
        sa.update(t).values({t.c.v: 5, u.c.v: 6}).where(t.c.id == u.c.tid)
    ),
}

#: (statement, column_keys): what an execution with these parameters compiles.
KEYED: dict[str, tuple[Build, list[str]]] = {
    "insert": (lambda sa, t, u: sa.insert(u), ["v", "id"]),
    "insert, none": (lambda sa, t, u: sa.insert(u), []),
    "insert with defaults": (lambda sa, t, u: sa.insert(t), ["name"]),
    "insert, values besides": (lambda sa, t, u: sa.insert(u).values(v=5), ["id"]),
    "insert, a value overridden": (lambda sa, t, u: sa.insert(u).values(v=5), ["v"]),
    "insert, returning": (lambda sa, t, u: sa.insert(u).returning(u.c.id), ["v"]),
    "insert, an expression": (lambda sa, t, u: sa.insert(u).values(v=sa.func.f()), ["id"]),
    "insert, a column with a key": (lambda sa, t, u: sa.insert(t), ["keyed"]),
    "update": (lambda sa, t, u: sa.update(u).where(u.c.id == sa.bindparam("b_id")), ["v", "b_id"]),
    "update, none": (lambda sa, t, u: sa.update(t).values(v=1), []),
    "update, values besides": (lambda sa, t, u: sa.update(u).values(v=5), ["id"]),
    "update with onupdate": (lambda sa, t, u: sa.update(t), ["name"]),
    "delete": (lambda sa, t, u: sa.delete(u).where(u.c.id == sa.bindparam("b_id")), ["b_id"]),
}
