"""Selectables that both libraries must write alike: ``(sa, t, u, a) -> statement``.

``sa`` is the namespace (``sqlalchemy`` or ``ormolu``), ``t`` and ``u`` two tables of it,
``u.tid`` referring to ``t.id``, and ``a`` an anonymous alias of ``t``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any, Any], Any]


def _rows(sa: Any, **options: Any) -> Any:
    """VALUES of two rows with columns a and b."""
    columns = sa.column("a", sa.Integer), sa.column("b", sa.String(10))
    return sa.values(*columns, **options).data([(1, "x"), (2, "y")])


JOINS: dict[str, Build] = {
    "full": lambda sa, t, u, a: sa.select(t.c.id).join(u, full=True),
    "outer and full": lambda sa, t, u, a: sa.select(t.c.id).outerjoin(u, full=True),
    "table method": lambda sa, t, u, a: sa.select(t.join(u)),
    "table method select": lambda sa, t, u, a: t.join(u).select(),
    "outer method": lambda sa, t, u, a: sa.select(t.c.id).select_from(t.outerjoin(u)),
    "function": lambda sa, t, u, a: sa.select(t.c.id).select_from(sa.join(t, u, isouter=True)),
    "outerjoin function": lambda sa, t, u, a: sa.select(t.c.id).select_from(sa.outerjoin(t, u)),
    "outerjoin_from": lambda sa, t, u, a: sa.select(t.c.id).outerjoin_from(t, u),
    "chain": lambda sa, t, u, a: sa.select(t.c.id).join(u).join(a, a.c.id == u.c.tid),
    "chain from": lambda sa, t, u, a: (
        sa.select(a.c.id).join_from(t, u).join_from(u, a, a.c.id == u.c.v)
    ),
    "left chosen by the on clause": lambda sa, t, u, a: sa.select(t.c.id, a.c.id).join(
        u, u.c.tid == a.c.id
    ),
    "select_from after join": lambda sa, t, u, a: sa.select(u.c.v).join(u).select_from(t),
    "join to alias by foreign key": lambda sa, t, u, a: sa.select(u.c.id).join(a),
    "join to subquery by foreign key": lambda sa, t, u, a: sa.select(t.c.id).join(
        sa.select(u.c.tid).subquery("s")
    ),
    "join to labelled foreign key": lambda sa, t, u, a: sa.select(t.c.id).join(
        sa.select(u.c.tid.label("ref")).subquery("s")
    ),
    "join to cte": lambda sa, t, u, a: sa.select(t.c.id).join(sa.select(u.c.tid).cte("s")),
    "join on two conditions": lambda sa, t, u, a: sa.select(t.c.id).join(
        u, sa.and_(u.c.tid == t.c.id, u.c.v > 5)
    ),
    "join on true": lambda sa, t, u, a: sa.select(t.c.id).join(u, sa.true()),
    "join on or": lambda sa, t, u, a: sa.select(t.c.id).join(
        u, sa.or_(u.c.tid == t.c.id, u.c.v == 1)
    ),
    "nested right": lambda sa, t, u, a: sa.select(t.c.id).select_from(
        t.outerjoin(u.join(a, a.c.id == u.c.v), t.c.id == u.c.tid)
    ),
    "nested left": lambda sa, t, u, a: sa.select(t.c.id).select_from(
        t.join(u).outerjoin(a, a.c.id == u.c.v)
    ),
    "join of a join as target": lambda sa, t, u, a: sa.select(a.c.id).join(
        t.join(u), a.c.id == t.c.id
    ),
    "join as subquery": lambda sa, t, u, a: sa.select(t.join(u).select().subquery()),
    "join columns": lambda sa, t, u, a: (lambda j: sa.select(j.c.t_id, j.c.u_tid))(t.join(u)),
    "join of text": lambda sa, t, u, a: sa.select(t.c.id).join(
        sa.table("w", sa.column("q")), sa.text("q = t.id")
    ),
    "two froms, one joined": lambda sa, t, u, a: sa.select(t.c.id, a.c.id).join_from(t, u),
    "joined twice": lambda sa, t, u, a: (
        lambda b: sa.select(t.c.id).join(u).join(b, b.c.tid == t.c.id)
    )(u.alias("b")),
    "where on a joined table": lambda sa, t, u, a: (
        sa.select(t.c.id).join(u).where(u.c.v == 5).order_by(u.c.id)
    ),
}

FROMS: dict[str, Build] = {
    "select_from an alias": lambda sa, t, u, a: sa.select(sa.func.count()).select_from(a),
    "select_from a subquery": lambda sa, t, u, a: sa.select(sa.literal_column("1")).select_from(
        sa.select(t.c.id).subquery()
    ),
    "select_from several": lambda sa, t, u, a: sa.select(t.c.id).select_from(u, a),
    "select_from reorders": lambda sa, t, u, a: sa.select(t.c.id, u.c.id).select_from(u),
    "alias of an alias": lambda sa, t, u, a: sa.select(a.alias("b")),
    "alias of a subquery": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).subquery("s").alias("z")
    ),
    "anonymous names": lambda sa, t, u, a: sa.select(a.c.id, u.alias().c.id, t.alias().c.id),
    "lateral": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(u.c.id).where(u.c.tid == t.c.id).lateral("l")
    ),
    "anonymous lateral": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(u.c.id).where(u.c.tid == t.c.id).lateral()
    ),
    "lateral join": lambda sa, t, u, a: (
        lambda lat: sa.select(t.c.id, lat.c.v).join(lat, sa.true())
    )(sa.select(u.c.v).where(u.c.tid == t.c.id).limit(1).lateral("l")),
    "left join lateral": lambda sa, t, u, a: (
        lambda lat: sa.select(t.c.id, lat.c.v).outerjoin(lat, sa.true())
    )(sa.select(u.c.v).where(u.c.tid == t.c.id).lateral("l")),
    "lateral function": lambda sa, t, u, a: sa.select(
        sa.lateral(sa.select(t.c.id).where(t.c.id > 5), "x")
    ),
    "subquery lateral": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(u.c.id).where(u.c.tid == t.c.id).subquery("q").lateral("x")
    ),
    "tablesample": lambda sa, t, u, a: sa.select(
        sa.tablesample(t, sa.func.bernoulli(5), name="s", seed=sa.func.random())
    ),
    "tablesample of a number": lambda sa, t, u, a: sa.select(t.tablesample(5)),
    "tablesample of text": lambda sa, t, u, a: sa.select(t.tablesample(sa.text("1"), name="s")),
    "tablesample with a seed": lambda sa, t, u, a: sa.select(
        t.tablesample(sa.func.system(sa.literal(5)), seed=sa.literal(3))
    ),
    "tablesample of an alias": lambda sa, t, u, a: sa.select(a.tablesample(5, name="s")),
    "text as from": lambda sa, t, u, a: sa.select(sa.column("q")).select_from(sa.text("w")),
    "schema": lambda sa, t, u, a: sa.select(sa.table("w", sa.column("q"), schema="sch")).where(
        sa.column("q") == 1
    ),
    "quoted schema": lambda sa, t, u, a: sa.select(sa.table("W w", sa.column("q"), schema="S s")),
    "alias of a schema's table": lambda sa, t, u, a: sa.select(
        sa.table("w", sa.column("q"), schema="sch").alias()
    ),
    "textual select": lambda sa, t, u, a: (
        sa.text("SELECT id FROM w WHERE id=:i").bindparams(i=5).columns(sa.column("id", sa.Integer))
    ),
    "subquery of text": lambda sa, t, u, a: (lambda s: sa.select(s.c.id).where(s.c.id == t.c.id))(
        sa.text("SELECT id FROM w").columns(sa.column("id", sa.Integer)).subquery("s")
    ),
    "cte of text": lambda sa, t, u, a: sa.select(
        sa.text("SELECT id FROM w").columns(id=sa.Integer).cte("c")
    ),
    "subquery in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(sa.select(t.c.id, t.c.name).subquery()).subquery()
    ),
    "subquery of a label": lambda sa, t, u, a: (lambda s: sa.select(s.c.x).where(s.c.x == t.c.id))(
        sa.select(t.c.id.label("x")).subquery()
    ),
    "subquery of a function compared": lambda sa, t, u, a: (
        lambda s: sa.select(s.c.x).where(s.c.x < t.c.id, t.c.id == s.c.x)
    )(sa.select(sa.func.max(t.c.id).label("x")).subquery()),
    "columns without table compared": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.column("q") < t.c.id, sa.table("w", sa.column("z")).alias("y").c.z == t.c.id
    ),
    "subquery of an unnamed function": lambda sa, t, u, a: sa.select(
        sa.select(sa.func.count(t.c.id), sa.func.max(t.c.id)).subquery()
    ),
    "subquery of a cast": lambda sa, t, u, a: sa.select(
        sa.select(sa.cast(t.c.id, sa.Numeric(10, 2)), t.c.id + 1).subquery()
    ),
}

VALUES: dict[str, Build] = {
    "named": lambda sa, t, u, a: sa.select(_rows(sa, name="v")),
    "unnamed": lambda sa, t, u, a: sa.select(_rows(sa)),
    "alone": lambda sa, t, u, a: _rows(sa),
    "named, alone": lambda sa, t, u, a: _rows(sa, name="v"),
    "literal binds": lambda sa, t, u, a: sa.select(_rows(sa, name="v", literal_binds=True)),
    "alias": lambda sa, t, u, a: sa.select(_rows(sa).alias("z")),
    "anonymous alias": lambda sa, t, u, a: sa.select(_rows(sa, name="v").alias()),
    "lateral": lambda sa, t, u, a: sa.select(t.c.id, _rows(sa, name="n").lateral()),
    "named lateral": lambda sa, t, u, a: sa.select(t.c.id, _rows(sa, name="n").lateral("m")),
    "lateral of unnamed": lambda sa, t, u, a: sa.select(t.c.id, _rows(sa).lateral("m")),
    "cte": lambda sa, t, u, a: sa.select(_rows(sa, name="q").cte("c")),
    "cte of unnamed": lambda sa, t, u, a: sa.select(_rows(sa).cte("c")),
    "anonymous cte": lambda sa, t, u, a: sa.select(_rows(sa, name="q").cte()),
    "recursive cte": lambda sa, t, u, a: sa.select(_rows(sa).cte("c", recursive=True)),
    "subquery": lambda sa, t, u, a: sa.select(_rows(sa, name="q").select().subquery()),
    "scalar values": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.tuple_(t.c.id, t.c.name).in_(_rows(sa).scalar_values())
    ),
    "scalar values as a column": lambda sa, t, u, a: sa.select(_rows(sa).scalar_values()),
    "in a select of values": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.tuple_(t.c.id, t.c.name).in_(sa.select(_rows(sa)))
    ),
    "data twice": lambda sa, t, u, a: sa.select(_rows(sa, name="v").data([(3, "z")])),
    "expressions": lambda sa, t, u, a: sa.select(
        sa.values(sa.column("a", sa.Integer), name="v").data(
            [(sa.func.foo(),), (sa.literal(5) + 1,), (None,)]
        )
    ),
    "literal expressions": lambda sa, t, u, a: sa.select(
        sa.values(sa.column("a", sa.Integer), name="v", literal_binds=True).data(
            [(sa.func.foo(),), (sa.literal(5) + 1,), (None,)]
        )
    ),
    "no rows": lambda sa, t, u, a: sa.select(sa.values(sa.column("a", sa.Integer), name="v")),
    "join": lambda sa, t, u, a: (lambda v: sa.select(t.c.id, v.c.b).join(v, v.c.a == t.c.id))(
        _rows(sa, name="v")
    ),
    "quoted names": lambda sa, t, u, a: sa.select(
        sa.values(sa.column("A b", sa.Integer), name="V v").data([(1,)])
    ),
    "union": lambda sa, t, u, a: sa.union(
        sa.select(_rows(sa, name="v")), sa.select(t.c.id, t.c.name)
    ),
    "columns of a table": lambda sa, t, u, a: sa.select(
        sa.values(t.c.id, t.c.name, name="v").data([(1, "2")])
    ),
    "exists": lambda sa, t, u, a: sa.select(sa.exists(_rows(sa, name="v"))),
    "delete in a cte of values": lambda sa, t, u, a: sa.delete(t).where(
        t.c.id.in_(sa.select(_rows(sa, name="v").cte("x").c.a))
    ),
}

FUNCTIONS: dict[str, Build] = {
    "table valued": lambda sa, t, u, a: sa.select(sa.func.f(1).table_valued("id", "name")),
    "named": lambda sa, t, u, a: sa.select(
        sa.func.f(1).table_valued("id", sa.column("name", sa.String), name="fx")
    ),
    "derived": lambda sa, t, u, a: sa.select(
        sa.func.f(1).table_valued("id", sa.column("name", sa.String)).render_derived()
    ),
    "derived with types": lambda sa, t, u, a: sa.select(
        sa.func.f(1)
        .table_valued(sa.column("id", sa.Integer), sa.column("na me", sa.String(20)))
        .render_derived(name="zz", with_types=True)
    ),
    "with ordinality": lambda sa, t, u, a: sa.select(
        sa.func.f(1).table_valued("v", with_ordinality="ord")
    ),
    "derived with ordinality": lambda sa, t, u, a: sa.select(
        sa.func.f(1).table_valued("v", with_ordinality="ord").render_derived()
    ),
    "aliased": lambda sa, t, u, a: sa.select(sa.func.f(1).table_valued("v").alias("q")),
    "lateral": lambda sa, t, u, a: sa.select(t.c.id, sa.func.f(t.c.id).table_valued("v").lateral()),
    "derived lateral": lambda sa, t, u, a: sa.select(
        t.c.id, sa.func.f(t.c.id).table_valued("v").render_derived().lateral("la")
    ),
    "lateral, then derived": lambda sa, t, u, a: sa.select(
        t.c.id, sa.func.f(t.c.id).table_valued("v").lateral("la").render_derived()
    ),
    "of a table's column": lambda sa, t, u, a: sa.select(
        t.c.id, sa.func.f(t.c.id).table_valued("v", joins_implicitly=True).c.v
    ),
    "drawing a table in": lambda sa, t, u, a: sa.select(sa.func.f(t.c.id).table_valued("v")),
    "column valued": lambda sa, t, u, a: sa.select(sa.func.f(1).column_valued()),
    "named column valued": lambda sa, t, u, a: sa.select(sa.func.f(1).column_valued("x")),
    "column valued compared": lambda sa, t, u, a: (lambda c: sa.select(c).where(c > 5).order_by(c))(
        sa.func.f(1, type_=sa.Integer).column_valued("x")
    ),
    "column valued of a table's column": lambda sa, t, u, a: sa.select(
        t.c.id, sa.func.f(t.c.id).column_valued("x")
    ),
    "column valued, labelled": lambda sa, t, u, a: sa.select(
        sa.func.f(1).column_valued("x").label("y")
    ),
    "alias column": lambda sa, t, u, a: (lambda f: sa.select(f.column))(sa.func.f(1).alias("al")),
    "alias columns": lambda sa, t, u, a: (lambda f: sa.select(f.column, f))(
        sa.func.f(1).alias("al")
    ),
    "anonymous alias": lambda sa, t, u, a: sa.select(sa.func.f(1).alias()),
    "alias cast": lambda sa, t, u, a: (lambda f: sa.select(sa.cast(f.column, sa.Integer)))(
        sa.func.f(1).alias("al")
    ),
    "scalar table valued": lambda sa, t, u, a: sa.select(
        sa.func.f(1).scalar_table_valued("col1"),
        sa.func.f(2).scalar_table_valued("col2", sa.Integer) + 3,
    ),
    "select method": lambda sa, t, u, a: sa.func.f(1).select(),
    "as a from element": lambda sa, t, u, a: sa.select(sa.column("x")).select_from(sa.func.f(1)),
    "star from": lambda sa, t, u, a: sa.select(sa.text("*")).select_from(sa.func.f(1).alias("q")),
    "columns": lambda sa, t, u, a: sa.select(sa.func.f(1).c),
    "table as a value": lambda sa, t, u, a: sa.select(sa.func.row_to_json(t.table_valued())),
    "alias as a value": lambda sa, t, u, a: sa.select(sa.func.row_to_json(a.table_valued())),
    "subquery as a value": lambda sa, t, u, a: sa.select(
        sa.func.row_to_json(sa.select(t.c.id).subquery("s").table_valued())
    ),
    "cte as a value": lambda sa, t, u, a: sa.select(
        sa.func.row_to_json(sa.select(t.c.id).cte("s").table_valued())
    ),
    "inside exists": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists().select_from(sa.func.f(t.c.id).table_valued("v"))
    ),
    "joined": lambda sa, t, u, a: (lambda f: sa.select(t.c.id, f.c.v).join(f, sa.true()))(
        sa.func.f(t.c.id).table_valued("v").lateral()
    ),
    "ordered and compared": lambda sa, t, u, a: (
        lambda f: sa.select(f.c.v).order_by(f.c.v).where(f.c.v == 3)
    )(sa.func.f(5).table_valued(sa.column("v", sa.Integer))),
}

CTES: dict[str, Build] = {
    "anonymous": lambda sa, t, u, a: sa.select(sa.select(t.c.id).cte()),
    "two": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).cte("c1").c.id, sa.select(u.c.id).cte("c2").c.id
    ),
    "one of another": lambda sa, t, u, a: (
        lambda c: sa.select(sa.select(c.c.id).where(c.c.id > 5).cte("c2").c.id, c.c.id)
    )(sa.select(t.c.id).cte("c1")),
    "alias": lambda sa, t, u, a: sa.select(sa.select(t.c.id).cte("c").alias("d").c.id),
    "alias beside": lambda sa, t, u, a: (
        lambda c: (lambda d: sa.select(c.c.id, d.c.id).where(c.c.id == d.c.id))(c.alias("d"))
    )(sa.select(t.c.id).cte("c")),
    "anonymous alias": lambda sa, t, u, a: sa.select(sa.select(t.c.id).cte("c").alias()),
    "prefix and suffix": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).cte("c").prefix_with("PRE").suffix_with("SUF")
    ),
    "materialized": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).cte("c").prefix_with("NOT MATERIALIZED", dialect="postgresql")
    ),
    "at depth": lambda sa, t, u, a: (
        lambda c: sa.select(sa.select(sa.select(c.c.id).subquery()).subquery())
    )(sa.select(t.c.id).cte("c")),
    "in a condition": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id.in_(sa.select(sa.select(u.c.tid).cte("c").c.tid))
    ),
    "in a scalar": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(sa.func.max(sa.select(u.c.v).cte("c").c.v)).scalar_subquery()
    ),
    "in a union": lambda sa, t, u, a: (
        lambda c: sa.union_all(sa.select(c.c.id), sa.select(c.c.id + 1)).order_by("id")
    )(sa.select(t.c.id).cte("c")),
    "of a union": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).cte("c")
    ),
    "correlated inside exists": lambda sa, t, u, a: (
        lambda c: sa.select(t.c.id).where(sa.exists().where(c.c.tid == t.c.id))
    )(sa.select(u.c.tid).cte("c")),
    "recursive": lambda sa, t, u, a: sa.select(_recursive(sa, u)),
    "recursive union": lambda sa, t, u, a: sa.select(_recursive(sa, u, "union")),
    "recursive with an alias": lambda sa, t, u, a: (
        lambda c: sa.select(_with_alias(sa, u, c)).where(sa.literal_column("1") == 1)
    )(sa.select(u.c.id, u.c.tid).cte("rc", recursive=True)),
    "recursive with labels": lambda sa, t, u, a: (
        lambda c: sa.select(c.union_all(sa.select(u.c.id, c.c.depth + 1).where(u.c.tid == c.c.key)))
    )(sa.select(u.c.id.label("key"), sa.literal(1).label("depth")).cte("rc", recursive=True)),
    "recursive, then plain": lambda sa, t, u, a: (lambda c: sa.select(sa.select(c.c.id).cte("p")))(
        _recursive(sa, u)
    ),
    "recursive joined": lambda sa, t, u, a: (lambda c: sa.select(t.c.id).join(c, c.c.id == t.c.id))(
        _recursive(sa, u)
    ),
    "nesting": lambda sa, t, u, a: (lambda n: sa.select(sa.select(n.c.id).cte("outer_c")))(
        sa.select(t.c.id).cte("nested", nesting=True)
    ),
    "nesting twice": lambda sa, t, u, a: (
        lambda n: sa.select(sa.select(n.c.id).cte("c1").c.id, sa.select(n.c.id).cte("c2").c.id)
    )(sa.select(t.c.id).cte("nested", nesting=True)),
    "nesting of one name twice": lambda sa, t, u, a: sa.select(
        sa.select(sa.select(t.c.id).cte("n", nesting=True).c.id).cte("c1").c.id,
        sa.select(sa.select(u.c.id).cte("n", nesting=True).c.id).cte("c2").c.id,
    ),
    "nesting in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(sa.select(t.c.id).cte("n", nesting=True).c.id).subquery("s")
    ),
    "nesting at the top": lambda sa, t, u, a: sa.select(sa.select(t.c.id).cte("n", nesting=True)),
    "nesting in a scalar": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(sa.select(u.c.v).cte("n", nesting=True).c.v).scalar_subquery()
    ),
    "nesting in a nesting": lambda sa, t, u, a: sa.select(
        sa.select(
            sa.select(sa.select(t.c.id).cte("n2", nesting=True).c.id).cte("n1", nesting=True).c.id
        ).cte("c")
    ),
    "nesting beside a plain one": lambda sa, t, u, a: (
        lambda n, p: sa.select(sa.select(n.c.id, p.c.id.label("pid")).cte("c"))
    )(sa.select(t.c.id).cte("n", nesting=True), sa.select(u.c.id).cte("p")),
    "nesting in a part of a union": lambda sa, t, u, a: sa.union(
        sa.select(sa.select(t.c.id).cte("n", nesting=True).c.id), sa.select(u.c.id)
    ),
    "nesting recursive": lambda sa, t, u, a: sa.select(
        sa.select(_recursive(sa, u, nesting=True)).cte("c")
    ),
    "add_cte": lambda sa, t, u, a: sa.select(t.c.id).add_cte(sa.select(u.c.id).cte("c")),
    "add_cte of several": lambda sa, t, u, a: sa.select(t.c.id).add_cte(
        sa.select(u.c.id).cte("c1"), sa.select(u.c.v).cte("c2")
    ),
    "add_cte used too": lambda sa, t, u, a: (lambda c: sa.select(c.c.id).add_cte(c))(
        sa.select(u.c.id).cte("c")
    ),
    "add_cte of an insert": lambda sa, t, u, a: sa.select(t.c.id).add_cte(
        sa.insert(u).values(v=1).cte("c")
    ),
    "add_cte to a union": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.select(u.c.id)
    ).add_cte(sa.select(u.c.id).cte("c")),
    "add_cte nested": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).add_cte(sa.select(u.c.id).cte("n"), nest_here=True).cte("c")
    ),
    "add_cte nested in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).add_cte(sa.select(u.c.id).cte("n"), nest_here=True).subquery("s")
    ),
    "add_cte nested in a part of a union": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).add_cte(sa.select(u.c.id).cte("n"), nest_here=True), sa.select(u.c.id)
    ),
    "insert returning": lambda sa, t, u, a: sa.select(
        sa.insert(u).values(v=1).returning(u.c.id, u.c.v).cte("c")
    ),
    "update returning": lambda sa, t, u, a: sa.select(
        sa.update(u).values(v=1).where(u.c.id == 5).returning(u.c.id).cte("c")
    ),
    "delete returning": lambda sa, t, u, a: sa.select(
        sa.delete(u).where(u.c.v == 5).returning(u).cte("c")
    ),
    "upsert by two ctes": lambda sa, t, u, a: (
        lambda up: sa.insert(u).from_select(
            ["id", "v"],
            sa.select(sa.literal(1), sa.literal(2)).where(~sa.exists(sa.select(up.c.id))),
        )
    )(sa.update(u).values(v=1).where(u.c.id == 5).returning(u.c.id).cte("up")),
    "in an insert from select": lambda sa, t, u, a: sa.insert(u).from_select(
        ["id"], sa.select(sa.select(t.c.id).cte("c").c.id)
    ),
    "in an update": lambda sa, t, u, a: (
        lambda c: sa.update(u).values(v=5).where(u.c.tid == c.c.id)
    )(sa.select(t.c.id).cte("c")),
    "in a delete": lambda sa, t, u, a: (
        lambda c: sa.delete(u).where(u.c.tid.in_(sa.select(c.c.id)))
    )(sa.select(t.c.id).cte("c")),
    "add_cte to a delete": lambda sa, t, u, a: (
        sa.delete(u).where(u.c.id == 1).add_cte(sa.select(t.c.id).cte("c"))
    ),
    "cte of a select with order and limit": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).order_by(t.c.name).limit(5).cte("c")
    ),
    "quoted name": lambda sa, t, u, a: sa.select(sa.select(t.c.id).cte("C c")),
    "of a repeated column": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id, u.c.id).cte("c", recursive=True)
    ),
    "binds in order": lambda sa, t, u, a: (
        lambda c: sa.select(c.c.id, sa.literal(1)).where(c.c.id == 2)
    )(sa.select(t.c.id).where(t.c.id > 3).cte("c")),
    "cte function": lambda sa, t, u, a: sa.select(sa.cte(sa.select(t.c.id), "c")),
}


def _recursive(sa: Any, u: Any, how: str = "union_all", **options: Any) -> Any:
    start = sa.select(u.c.id).where(u.c.id == 1).cte("rc", recursive=True, **options)
    return getattr(start, how)(sa.select(u.c.id).where(u.c.tid == start.c.id))


def _with_alias(sa: Any, u: Any, start: Any) -> Any:
    parent = start.alias("parent")
    return start.union_all(sa.select(u.c.id, u.c.tid).where(u.c.tid == parent.c.id))


COMPOUNDS: dict[str, Build] = {
    "three": lambda sa, t, u, a: sa.union(sa.select(t.c.id), sa.select(u.c.id), sa.select(u.c.tid)),
    "several at once": lambda sa, t, u, a: sa.select(t.c.id).union(
        sa.select(u.c.id), sa.select(u.c.v)
    ),
    "intersect_all": lambda sa, t, u, a: sa.intersect_all(sa.select(t.c.id), sa.select(u.c.id)),
    "except_all": lambda sa, t, u, a: sa.except_all(sa.select(t.c.id), sa.select(u.c.id)),
    "nested second": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.intersect(sa.select(u.c.id), sa.select(u.c.v))
    ),
    "limited parts": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).order_by(t.c.name).limit(3), sa.select(u.c.id).limit(2).offset(1)
    ),
    "ordered part": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).order_by(t.c.id), sa.select(u.c.id)
    ),
    "fetched part": lambda sa, t, u, a: sa.union(sa.select(t.c.id).fetch(5), sa.select(u.c.id)),
    "grouped part": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).group_by(t.c.id), sa.select(u.c.id)
    ),
    "for update is left out": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.select(u.c.id)
    ).with_for_update(),
    "ordered by a column": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.select(u.c.id)
    ).order_by(t.c.id),
    "ordered by a label": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id.label("x")), sa.select(u.c.id.label("x"))
    ).order_by("x"),
    "ordered by selected_columns": lambda sa, t, u, a: (
        lambda un: un.order_by(un.selected_columns.id.desc())
    )(sa.union(sa.select(t.c.id), sa.select(u.c.id))),
    "ordered by a literal column": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.select(u.c.id)
    ).order_by(sa.literal_column("1")),
    "limit and offset": lambda sa, t, u, a: (
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).order_by("id").limit(5).offset(2)
    ),
    "grouped": lambda sa, t, u, a: sa.union(sa.select(t.c.id), sa.select(u.c.id)).group_by("id"),
    "as a subquery": lambda sa, t, u, a: (lambda s: sa.select(s.c.id).where(s.c.id == 5))(
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).subquery()
    ),
    "limited, as a subquery": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id).limit(1), sa.select(u.c.id)).limit(3).subquery("s")
    ),
    "as an alias": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id, t.c.name), sa.select(u.c.id, u.c.v)).alias("s")
    ),
    "in a condition": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id.in_(sa.union(sa.select(u.c.id), sa.select(u.c.v)))
    ),
    "as a scalar": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).scalar_subquery()
    ),
    "exists": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).exists()
    ),
    "labels of the table": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
        sa.select(u.c.id).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
    ).order_by("t_id"),
    "label style of the whole": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.select(u.c.id)
    ).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
    "subquery of a labelled union": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id), sa.select(u.c.id))
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .subquery()
    ),
    "subquery of labelled parts": lambda sa, t, u, a: sa.select(
        sa.union(
            sa.select(t.c.id).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
            sa.select(u.c.id).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
        ).subquery()
    ),
    "repeated names": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id, u.c.id), sa.select(u.c.id, t.c.id)
    ),
    "repeated names in a subquery": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id, u.c.id), sa.select(u.c.id, t.c.id)).subquery()
    ),
    "binds are numbered through": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).where(t.c.id == 1), sa.select(u.c.id).where(u.c.id == 2)
    ),
    "unnamed expressions": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id + 1, sa.func.count()), sa.select(u.c.id, u.c.v)
    ),
    "of a union and an alias": lambda sa, t, u, a: (
        lambda s: sa.select(s.c.id).union(sa.select(a.c.id))
    )(sa.union(sa.select(t.c.id), sa.select(u.c.id)).subquery("s")),
    "except with nested except": lambda sa, t, u, a: sa.except_(
        sa.select(t.c.id), sa.except_(sa.select(u.c.id), sa.select(u.c.v))
    ),
    "text part": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id), sa.text("SELECT 1").columns(sa.column("id", sa.Integer))
    ),
}

CLAUSES: dict[str, Build] = {
    "distinct": lambda sa, t, u, a: sa.select(t.c.id).distinct(),
    "for update": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(),
    "for update read": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(read=True),
    "for update nowait": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(nowait=True),
    "for update read nowait": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(
        read=True, nowait=True
    ),
    "for update skip locked": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(
        skip_locked=True
    ),
    "for update key share": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(key_share=True),
    "for update read key share": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(
        read=True, key_share=True
    ),
    "for update of a table": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(of=t),
    "for update of columns": lambda sa, t, u, a: (
        sa.select(t.c.id).join(u).with_for_update(of=[t.c.id, u.c.id, t.c.name])
    ),
    "for update of an alias": lambda sa, t, u, a: sa.select(a.c.id).with_for_update(of=a),
    "for update in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).with_for_update().subquery()
    ),
    "for update limited": lambda sa, t, u, a: sa.select(t.c.id).limit(3).with_for_update(),
    "fetch": lambda sa, t, u, a: sa.select(t.c.id).fetch(5),
    "fetch with offset": lambda sa, t, u, a: sa.select(t.c.id).fetch(5).offset(3),
    "fetch with ties": lambda sa, t, u, a: (
        sa.select(t.c.id).order_by(t.c.id).fetch(5, with_ties=True)
    ),
    "fetch percent": lambda sa, t, u, a: sa.select(t.c.id).fetch(5, percent=True),
    "fetch percent with ties": lambda sa, t, u, a: sa.select(t.c.id).fetch(
        5, percent=True, with_ties=True
    ),
    "fetch an expression": lambda sa, t, u, a: sa.select(t.c.id).fetch(sa.literal(5) + 1),
    "fetch after limit": lambda sa, t, u, a: sa.select(t.c.id).limit(3).fetch(5),
    "limit after fetch": lambda sa, t, u, a: sa.select(t.c.id).fetch(5).limit(3),
    "limit expression": lambda sa, t, u, a: sa.select(t.c.id).limit(sa.literal(5) + 3),
    "limit column": lambda sa, t, u, a: sa.select(t.c.id).limit(sa.literal_column("q")),
    "limit bindparam": lambda sa, t, u, a: sa.select(t.c.id).limit(sa.bindparam("z")),
    "limit scalar": lambda sa, t, u, a: sa.select(t.c.id).limit(
        sa.select(sa.func.max(u.c.v)).scalar_subquery()
    ),
    "limit none": lambda sa, t, u, a: sa.select(t.c.id).limit(5).limit(None),
    "offset": lambda sa, t, u, a: sa.select(t.c.id).offset(3),
    "slice": lambda sa, t, u, a: sa.select(t.c.id).slice(2, 7),
    "slice from zero": lambda sa, t, u, a: sa.select(t.c.id).slice(0, 7),
    "slice on a slice": lambda sa, t, u, a: sa.select(t.c.id).slice(2, 7).slice(1, 3),
    "having alone": lambda sa, t, u, a: sa.select(sa.func.count(t.c.id)).having(
        sa.func.count() > 1, sa.func.max(t.c.id) < 5
    ),
    "group by none": lambda sa, t, u, a: sa.select(t.c.id).group_by(t.c.id).group_by(None),
    "order by none": lambda sa, t, u, a: sa.select(t.c.id).order_by(t.c.id).order_by(None),
    "order by then more": lambda sa, t, u, a: sa.select(t.c.id).order_by(t.c.id).order_by("name"),
    "order by label in an expression": lambda sa, t, u, a: (
        lambda x: sa.select(x).order_by(x + 1, x.desc())
    )(t.c.id.label("x")),
    "group by label": lambda sa, t, u, a: (lambda x: sa.select(x, sa.func.count()).group_by(x))(
        (t.c.id + 1).label("x")
    ),
    "order by desc string": lambda sa, t, u, a: sa.select(t.c.id).order_by(sa.desc("name")),
    "order by a nulls string": lambda sa, t, u, a: sa.select(t.c.id.label("q")).order_by(
        sa.nulls_first(sa.desc("q"))
    ),
    "rollup": lambda sa, t, u, a: sa.select(sa.func.count(t.c.id)).group_by(
        sa.func.rollup(t.c.id, t.c.name)
    ),
    "cube": lambda sa, t, u, a: sa.select(sa.func.count(t.c.id)).group_by(
        sa.func.cube(t.c.id, t.c.name)
    ),
    "grouping sets": lambda sa, t, u, a: sa.select(sa.func.count(t.c.id)).group_by(
        sa.func.grouping_sets(sa.tuple_(t.c.id, t.c.name), t.c.x, sa.tuple_())
    ),
    "statement hints": lambda sa, t, u, a: (
        sa.select(t.c.id)
        .with_statement_hint("HINT1")
        .with_statement_hint("HINT2")
        .with_statement_hint("ELSEWHERE", "oracle")
        .limit(3)
        .with_for_update()
    ),
    "statement hint and suffix": lambda sa, t, u, a: (
        sa.select(t.c.id).with_statement_hint("HINT").suffix_with("SUF")
    ),
    "hint of a dialect": lambda sa, t, u, a: (
        sa.select(t.c.id).with_hint(t, "USE INDEX (x)", "mysql").with_statement_hint("MY", "mysql")
    ),
    "hint of an alias": lambda sa, t, u, a: sa.select(a.c.id).with_hint(
        a, "USE INDEX (%(name)s_x)", "mysql"
    ),
    "hint in a join": lambda sa, t, u, a: (
        sa.select(t.c.id).join(u).with_hint(u, "USE INDEX (x)", "mysql")
    ),
    "hint only": lambda sa, t, u, a: sa.select(t.c.id).with_hint(t, "ONLY", "postgresql"),
    "hint only of an alias": lambda sa, t, u, a: sa.select(a.c.id).with_hint(
        a, "ONLY", "postgresql"
    ),
    "hint replaced": lambda sa, t, u, a: (
        sa.select(t.c.id).with_hint(t, "ONE", "mysql").with_hint(t, "TWO", "mysql")
    ),
    "prefixes": lambda sa, t, u, a: sa.select(t.c.id).prefix_with("A", "B").prefix_with("C"),
    "prefix of a dialect": lambda sa, t, u, a: (
        sa.select(t.c.id)
        .prefix_with("SQL_CALC_FOUND_ROWS", dialect="mysql")
        .prefix_with("HELLO", dialect="sqlite")
        .distinct()
    ),
    "prefix as text": lambda sa, t, u, a: sa.select(t.c.id).prefix_with(sa.text("A :b")),
    "suffix of a dialect": lambda sa, t, u, a: (
        sa.select(t.c.id).suffix_with("S", dialect="sqlite").suffix_with("M", dialect="mysql")
    ),
    "with_only_columns": lambda sa, t, u, a: (
        sa.select(t.c.id, u.c.id).where(t.c.id == 5).with_only_columns(t.c.name)
    ),
    "with_only_columns maintaining": lambda sa, t, u, a: sa.select(
        t.c.id, u.c.id
    ).with_only_columns(t.c.name, maintain_column_froms=True),
    "with_only_columns maintaining a join": lambda sa, t, u, a: (
        sa.select(t.c.id).join(u).with_only_columns(u.c.v, maintain_column_froms=True)
    ),
    "with_only_columns after join": lambda sa, t, u, a: (
        sa.select(t.c.id).join(u).with_only_columns(t.c.name)
    ),
    "count of a statement": lambda sa, t, u, a: (
        sa.select(t.c.id).where(t.c.id > 2).with_only_columns(sa.func.count())
    ),
    "add_columns": lambda sa, t, u, a: sa.select(t.c.id).add_columns(u.c.id, sa.func.count()),
    "reduce_columns": lambda sa, t, u, a: (
        sa.select(t.c.id, u.c.tid, t.c.id).where(t.c.id == u.c.tid).reduce_columns()
    ),
    "reduce_columns by foreign key": lambda sa, t, u, a: (
        sa.select(t, u).where(u.c.tid == t.c.id).reduce_columns(only_synonyms=False)
    ),
    "reduce_columns by name": lambda sa, t, u, a: (
        sa.select(t.c.id, u.c.id, u.c.tid).where(u.c.id == t.c.id).reduce_columns()
    ),
    "columns of a collection": lambda sa, t, u, a: sa.select(t.c["id", "name"], u.c),
    "columns of a slice": lambda sa, t, u, a: sa.select(t.c[:2]),
    "several suffixes": lambda sa, t, u, a: (
        sa.select(t.c.id).suffix_with("A", "B").suffix_with("C")
    ),
    "no columns": lambda sa, t, u, a: sa.select().select_from(t),
    "where nothing": lambda sa, t, u, a: sa.select(t.c.id).where(),
    "where true": lambda sa, t, u, a: sa.select(t.c.id).where(sa.true()),
    "where false": lambda sa, t, u, a: sa.select(t.c.id).where(sa.false()),
    "where true and more": lambda sa, t, u, a: sa.select(t.c.id).where(sa.true(), t.c.id == 1),
    "where and or": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.or_(t.c.id == 1, t.c.id == 2), sa.and_(t.c.id == 3, t.c.id == 4)
    ),
    "filter and filter_by": lambda sa, t, u, a: (
        sa.select(t).filter(t.c.id == 1).filter_by(name="x")
    ),
    "filter_by of the joined": lambda sa, t, u, a: sa.select(t.c.id).join(u).filter_by(v=3),
}

CORRELATION: dict[str, Build] = {
    "scalar": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(sa.func.max(u.c.v)).where(u.c.tid == t.c.id).scalar_subquery()
    ),
    "label of a select": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(sa.func.max(u.c.v)).where(u.c.tid == t.c.id).label("mx")
    ),
    "correlate": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id == sa.select(u.c.id).where(u.c.tid == t.c.id).correlate(t).scalar_subquery()
    ),
    "correlate none": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id == sa.select(u.c.id).where(u.c.tid == t.c.id).correlate(None).scalar_subquery()
    ),
    "correlate_except": lambda sa, t, u, a: sa.select(t.c.id, a.c.id).where(
        t.c.id
        == sa.select(u.c.id)
        .where(u.c.tid == t.c.id, u.c.v == a.c.id)
        .correlate_except(u)
        .scalar_subquery()
    ),
    "correlate_except of several": lambda sa, t, u, a: sa.select(t.c.id, a.c.id).where(
        t.c.id
        == sa.select(u.c.id)
        .where(u.c.tid == t.c.id, u.c.v == a.c.id)
        .correlate_except(u, a)
        .scalar_subquery()
    ),
    "correlate_except none": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.select(u.c.id).where(u.c.tid == t.c.id).correlate_except(None).exists()
    ),
    "scalar methods": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id == sa.select(u.c.id).scalar_subquery().where(u.c.tid == t.c.id).correlate(t)
    ),
    "scalar correlate_except": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id == sa.select(u.c.id).where(u.c.tid == t.c.id).scalar_subquery().correlate_except(u)
    ),
    "two levels": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id.in_(
            sa.select(u.c.tid).where(
                u.c.v == sa.select(sa.func.max(a.c.id)).where(a.c.id == u.c.id).scalar_subquery()
            )
        )
    ),
    "two levels, correlated to the outermost": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id.in_(
            sa.select(u.c.tid).where(
                u.c.v
                == sa.select(sa.func.max(a.c.id))
                .where(a.c.id == t.c.id)
                .correlate(t)
                .scalar_subquery()
            )
        )
    ),
    "in a subquery of from": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(u.c.id).where(u.c.tid == t.c.id).subquery("s").c.id
    ),
    "in order by": lambda sa, t, u, a: sa.select(t.c.id).order_by(
        sa.select(u.c.v).where(u.c.tid == t.c.id).scalar_subquery()
    ),
    "in having": lambda sa, t, u, a: (
        sa.select(t.c.id)
        .group_by(t.c.id)
        .having(
            sa.func.count()
            > sa.select(sa.func.max(u.c.v)).where(u.c.tid == t.c.id).scalar_subquery()
        )
    ),
    "in the on clause": lambda sa, t, u, a: sa.select(t.c.id).join(
        u,
        u.c.id
        == sa.select(sa.func.max(a.c.id)).where(a.c.id == t.c.id).correlate(t).scalar_subquery(),
    ),
    "exists of columns": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(u.c.id).where(u.c.tid == t.c.id)
    ),
    "exists of a table": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(u).where(u.c.tid == t.c.id)
    ),
    "exists of a scalar": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(sa.select(u.c.id).where(u.c.tid == t.c.id).scalar_subquery())
    ),
    "exists select_from": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists().select_from(u.join(a, a.c.id == u.c.v)).where(u.c.tid == t.c.id)
    ),
    "exists correlate": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(u.c.id).where(u.c.tid == t.c.id).correlate(t)
    ),
    "exists correlate_except": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(u.c.id).where(u.c.tid == t.c.id).correlate_except(u)
    ),
    "exists select": lambda sa, t, u, a: sa.exists(u.c.id).where(u.c.v == 1).select(),
    "exists labelled": lambda sa, t, u, a: sa.select(sa.exists(u.c.id).label("has")),
    "exists and": lambda sa, t, u, a: sa.select(t.c.id).where(sa.exists(u.c.id) & (t.c.id == 1)),
    "exists or not": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.or_(~sa.exists(u.c.id), sa.not_(sa.exists(a.c.id)))
    ),
    "exists compared": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(u.c.id) == sa.exists(a.c.id)
    ),
    "statement exists": lambda sa, t, u, a: sa.select(sa.select(u.c.id).where(u.c.v == 1).exists()),
    "any": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id == sa.any_(sa.select(u.c.tid).scalar_subquery())
    ),
    "scalar arithmetic": lambda sa, t, u, a: sa.select(
        sa.select(sa.func.max(u.c.v)).scalar_subquery() * 2 + t.c.id
    ),
    "scalar in a function": lambda sa, t, u, a: sa.select(
        sa.func.coalesce(sa.select(sa.func.max(u.c.v)).scalar_subquery(), 0)
    ),
    "scalar in case": lambda sa, t, u, a: sa.select(
        sa.case((t.c.id == 1, sa.select(u.c.v).where(u.c.tid == t.c.id).scalar_subquery()), else_=0)
    ),
    "scalar union": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id
        == sa.union(
            sa.select(u.c.id).where(u.c.tid == t.c.id), sa.select(u.c.v).where(u.c.tid == t.c.id)
        ).scalar_subquery()
    ),
    "in a nested union": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists(
            sa.union(
                sa.select(u.c.id).where(u.c.tid == t.c.id),
                sa.select(u.c.v).where(u.c.tid == t.c.id).limit(3),
            )
        )
    ),
}


def _style(name: str) -> Callable[[Any, Any], Any]:
    return lambda sa, stmt: stmt.set_label_style(getattr(sa, name))


_none = _style("LABEL_STYLE_NONE")
_long = _style("LABEL_STYLE_TABLENAME_PLUS_COL")
_short = _style("LABEL_STYLE_DISAMBIGUATE_ONLY")

LABELS: dict[str, Build] = {
    "none": lambda sa, t, u, a: _none(sa, sa.select(t.c.id, u.c.id)),
    "none in a subquery": lambda sa, t, u, a: sa.select(
        _none(sa, sa.select(t.c.id, u.c.id)).subquery()
    ),
    "table and column": lambda sa, t, u, a: _long(sa, sa.select(t, u)),
    "table and column repeated": lambda sa, t, u, a: _long(sa, sa.select(t.c.id, t.c.id, u.c.id)),
    "table and column of an alias": lambda sa, t, u, a: _long(sa, sa.select(t.c.id, a.c.id)),
    "table and column of a schema": lambda sa, t, u, a: _long(
        sa, sa.select(sa.table("w", sa.column("q"), schema="s"))
    ),
    "table and column with labels": lambda sa, t, u, a: _long(
        sa, sa.select(t.c.id.label("t_id"), t.c.id, sa.func.count(), t.c.id + 1)
    ),
    "table and column in a subquery": lambda sa, t, u, a: sa.select(
        _long(sa, sa.select(t.c.id, u.c.id, a.c.id)).subquery()
    ),
    "table and column of a subquery": lambda sa, t, u, a: _long(
        sa, sa.select(sa.select(t.c.id, u.c.id).subquery())
    ),
    "table and column in a cte": lambda sa, t, u, a: sa.select(
        _long(sa, sa.select(t.c.id, u.c.id)).cte("c", recursive=True)
    ),
    "table and column clashing": lambda sa, t, u, a: (
        lambda x, y: _long(sa, sa.select(x.c.b_c, y.c.c))
    )(sa.table("a", sa.column("b_c")), sa.table("a_b", sa.column("c"))),
    "table and column, ordered by": lambda sa, t, u, a: _long(
        sa, sa.select(t.c.id, u.c.id)
    ).order_by("t_id", sa.desc("u_id")),
    "table and column, literal": lambda sa, t, u, a: _long(
        sa, sa.select(sa.literal_column("q"), sa.column("z"), sa.literal(5))
    ),
    "short": lambda sa, t, u, a: _short(sa, sa.select(t.c.id, u.c.id, a.c.id)),
    "short with labels": lambda sa, t, u, a: sa.select(t.c.id, u.c.v.label("id"), u.c.id),
    "label first": lambda sa, t, u, a: sa.select(u.c.v.label("id"), t.c.id),
    "label twice": lambda sa, t, u, a: sa.select(t.c.id.label("x"), u.c.id.label("x")),
    "repeated in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id, t.c.id, u.c.id).subquery()
    ),
    "subquery column by its key": lambda sa, t, u, a: (lambda s: sa.select(s.c.id, s.c.id_1))(
        sa.select(t.c.id, u.c.id).subquery("s")
    ),
    "functions repeated": lambda sa, t, u, a: sa.select(
        sa.func.count(t.c.id), sa.func.count(u.c.id), sa.func.count()
    ),
    "expressions in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id + 1, -t.c.id, ~t.c.b, t.c.id == 1, sa.null()).subquery()
    ),
    "case in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(sa.case((t.c.id == 1, 2)), sa.cast(t.c.id, sa.Integer)).subquery()
    ),
    "column named as a label": lambda sa, t, u, a: sa.select(
        t.c.id.label("name"), t.c.name
    ).order_by("name"),
    "text among columns": lambda sa, t, u, a: sa.select(t.c.id, sa.text("1 AS one"), u.c.id),
    "label of a label": lambda sa, t, u, a: sa.select(t.c.id.label("x").label("y")),
    "negated column": lambda sa, t, u, a: sa.select(~t.c.b),
    "negated column beside it": lambda sa, t, u, a: sa.select(~t.c.b, t.c.b),
    "negated column, table and column": lambda sa, t, u, a: _long(sa, sa.select(~t.c.b, t.c.b)),
    "casts of one name": lambda sa, t, u, a: sa.select(
        sa.cast(t.c.id, sa.Integer), sa.cast(u.c.id, sa.Integer), t.c.id
    ),
    "casts of one name in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(sa.cast(t.c.id, sa.Integer), sa.cast(u.c.id, sa.Integer), t.c.id).subquery()
    ),
    "cast of a label in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(
            sa.cast(t.c.id.label("x"), sa.Integer), sa.cast(sa.func.max(t.c.id), sa.Integer)
        ).subquery()
    ),
    "casts, table and column": lambda sa, t, u, a: _long(
        sa, sa.select(sa.type_coerce(t.c.id, sa.Integer), sa.cast(t.c.id, sa.Integer))
    ),
    "a column three times in a subquery": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id, t.c.id, t.c.id).subquery()
    ),
    "a label like a numbered name": lambda sa, t, u, a: sa.select(
        sa.func.max(t.c.id).label("id_1"), t.c.id, u.c.id
    ),
    "legacy": lambda sa, t, u, a: sa.select(t.c.id, u.c.id, t.c.id).set_label_style(
        sa.SelectLabelStyle.LABEL_STYLE_LEGACY_ORM
    ),
    "quoted label": lambda sa, t, u, a: sa.select(t.c.id.label("X y")).order_by("X y"),
}

GROUPS = {
    "join": JOINS,
    "from": FROMS,
    "values": VALUES,
    "function": FUNCTIONS,
    "cte": CTES,
    "compound": COMPOUNDS,
    "clause": CLAUSES,
    "correlation": CORRELATION,
    "label": LABELS,
}
ALL = {f"{group}: {name}": case for group, found in GROUPS.items() for name, case in found.items()}
