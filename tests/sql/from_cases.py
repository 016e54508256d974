"""What stands in FROM: joins, values, functions; arguments are those of ``selectable_cases``."""

from __future__ import annotations

from typing import Any

from selectable_case import Build


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
