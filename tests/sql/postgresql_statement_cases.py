"""Statements that both libraries must write alike for PostgreSQL: ``(sa, pg, t, u) -> statement``.

``t`` is the table of `tables`, ``u`` refers to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any, Any], Any]


def tables(sa: Any, pg: Any) -> tuple[Any, Any]:
    """The tables of the cases."""
    metadata = sa.MetaData()
    t = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30), unique=True),
        sa.Column("n", sa.Integer),
        sa.Column("Up", sa.Integer, key="up"),
        sa.Column("d", sa.DateTime(timezone=True)),
        sa.Column("jb", pg.JSONB),
        sa.Column("arr", pg.ARRAY(sa.Integer)),
    )
    u = sa.Table(
        "u",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tid", sa.ForeignKey("t.id")),
        sa.Column("v", sa.String),
        schema="other",
    )
    return t, u


def _numbered(sa: Any) -> Any:
    """A table of columns that sequences fill."""
    return sa.Table(
        "numbered",
        sa.MetaData(),
        sa.Column("id", sa.Integer, sa.Sequence("My Seq", schema="s"), primary_key=True),
        sa.Column("name", sa.String),
        sa.Column("n", sa.Integer, sa.Sequence("second")),
    )


SELECTS: dict[str, Build] = {
    "all columns": lambda sa, pg, t, u: sa.select(t),
    "limit": lambda sa, pg, t, u: sa.select(t.c.id).limit(5),
    "offset": lambda sa, pg, t, u: sa.select(t.c.id).offset(5),
    "limit and offset": lambda sa, pg, t, u: sa.select(t.c.id).limit(5).offset(7),
    "limit by an expression": lambda sa, pg, t, u: sa.select(t.c.id).limit(sa.literal(5) + 2),
    "limit by a bindparam": lambda sa, pg, t, u: sa.select(t.c.id).limit(sa.bindparam("lim")),
    "fetch": lambda sa, pg, t, u: sa.select(t.c.id).fetch(5),
    "fetch with ties": lambda sa, pg, t, u: (
        sa.select(t.c.id).order_by(t.c.n).fetch(5, with_ties=True).offset(2)
    ),
    "fetch percent": lambda sa, pg, t, u: sa.select(t.c.id).fetch(50, percent=True),
    "distinct": lambda sa, pg, t, u: sa.select(t.c.id).distinct(),
    "distinct on": lambda sa, pg, t, u: sa.select(t.c.id, t.c.n).ext(pg.distinct_on(t.c.n)),
    "distinct on several": lambda sa, pg, t, u: (
        sa.select(t).ext(pg.distinct_on(t.c.n, sa.func.lower(t.c.name))).order_by(t.c.n)
    ),
    "distinct on a name": lambda sa, pg, t, u: sa.select(t.c.id, t.c.n).ext(pg.distinct_on("n")),
    "distinct on in a subquery": lambda sa, pg, t, u: sa.select(
        sa.select(t.c.id).ext(pg.distinct_on(t.c.n)).subquery()
    ),
    "for update": lambda sa, pg, t, u: sa.select(t.c.id).with_for_update(),
    "for share": lambda sa, pg, t, u: sa.select(t.c.id).with_for_update(read=True),
    "for no key update": lambda sa, pg, t, u: sa.select(t.c.id).with_for_update(key_share=True),
    "for key share": lambda sa, pg, t, u: sa.select(t.c.id).with_for_update(
        read=True, key_share=True
    ),
    "for update nowait": lambda sa, pg, t, u: sa.select(t.c.id).with_for_update(nowait=True),
    "for update skip locked": lambda sa, pg, t, u: sa.select(t.c.id).with_for_update(
        skip_locked=True
    ),
    "for update of a table": lambda sa, pg, t, u: (
        sa.select(t.c.id, u.c.v).join(u).with_for_update(of=u)
    ),
    "for update of columns": lambda sa, pg, t, u: (
        sa.select(t.c.id, u.c.v)
        .join(u)
        .with_for_update(of=[t.c.id, t.c.n, u.c.v], skip_locked=True, key_share=True)
    ),
    "for update of an alias": lambda sa, pg, t, u: (
        lambda a: sa.select(a.c.id).with_for_update(of=a, read=True, nowait=True)
    )(t.alias("My Alias")),
    "for update with a limit": lambda sa, pg, t, u: (
        sa.select(t.c.id).limit(1).order_by(t.c.id).with_for_update(skip_locked=True)
    ),
    "lateral": lambda sa, pg, t, u: (lambda lat: sa.select(t.c.id, lat.c.v).join(lat, sa.true()))(
        sa.select(u.c.v).where(u.c.tid == t.c.id).limit(3).lateral("lat")
    ),
    "left lateral": lambda sa, pg, t, u: (
        lambda lat: sa.select(t.c.id, lat.c.m).select_from(t.outerjoin(lat, sa.true()))
    )(sa.select(sa.func.max(u.c.v).label("m")).where(u.c.tid == t.c.id).lateral()),
    "tablesample": lambda sa, pg, t, u: sa.select(
        sa.tablesample(t, sa.func.bernoulli(10), name="s", seed=sa.func.random()).c.id
    ),
    "tablesample by a percentage": lambda sa, pg, t, u: sa.select(t.tablesample(20).c.id),
    "full join": lambda sa, pg, t, u: sa.select(t.c.id).select_from(t.join(u, full=True)),
    "schema": lambda sa, pg, t, u: sa.select(u.c.id, u.c.v).where(u.c.v == "x"),
    "schema alias": lambda sa, pg, t, u: sa.select(u.alias("a").c.v),
    "values": lambda sa, pg, t, u: sa.select(
        sa.values(sa.column("a", sa.Integer), sa.column("b", sa.String), name="v").data(
            [(1, "x"), (2, "y")]
        )
    ),
    "in a list": lambda sa, pg, t, u: sa.select(t.c.id).where(t.c.id.in_([1, 2])),
    "not in a list": lambda sa, pg, t, u: sa.select(t.c.id).where(t.c.name.not_in(["a"])),
    "in nothing": lambda sa, pg, t, u: sa.select(t.c.id).where(t.c.name.in_([])),
    "tuple in": lambda sa, pg, t, u: sa.select(t.c.id).where(
        sa.tuple_(t.c.id, t.c.name).in_([(1, "x"), (2, "y")])
    ),
    "tuple in nothing": lambda sa, pg, t, u: sa.select(t.c.id).where(
        sa.tuple_(t.c.id, t.c.name).in_([])
    ),
    "exists": lambda sa, pg, t, u: sa.select(t.c.id).where(sa.exists().where(u.c.tid == t.c.id)),
    "union": lambda sa, pg, t, u: (
        sa.union_all(sa.select(t.c.id).limit(2), sa.select(u.c.id)).order_by("id").limit(3)
    ),
    "except all": lambda sa, pg, t, u: sa.except_all(sa.select(t.c.id), sa.select(u.c.id)),
    "cte": lambda sa, pg, t, u: (lambda c: sa.select(c.c.id))(
        sa.select(t.c.id).where(t.c.n > 5).cte("c")
    ),
    "recursive cte": lambda sa, pg, t, u: (
        lambda c: sa.select(c.union_all(sa.select(t.c.n).where(t.c.id == c.c.id)).c.id)
    )(sa.select(t.c.id).where(t.c.id == 1).cte("walk", recursive=True)),
    "delete in a cte": lambda sa, pg, t, u: (lambda c: sa.select(c.c.id))(
        sa.delete(t).where(t.c.n < 3).returning(t.c.id).cte("gone")
    ),
    "insert in a cte": lambda sa, pg, t, u: (lambda c: sa.select(c.c.id))(
        sa.insert(t).values(name="x").returning(t.c.id).cte("new")
    ),
    "unnest with ordinality": lambda sa, pg, t, u: sa.select(
        sa.func.unnest(t.c.arr).table_valued("item", with_ordinality="nr", name="un")
    ),
    "generate series": lambda sa, pg, t, u: sa.select(
        sa.func.generate_series(1, 10).column_valued("x")
    ),
    "json each": lambda sa, pg, t, u: sa.select(
        sa.func.jsonb_each(t.c.jb).table_valued("key", "value").render_derived()
    ),
    "record with types": lambda sa, pg, t, u: sa.select(
        sa.func.json_to_recordset("[]")
        .table_valued(sa.column("a", sa.Integer), sa.column("b", sa.Text))
        .render_derived(name="rec", with_types=True)
    ),
    "reserved label": lambda sa, pg, t, u: sa.select(t.c.id.label("user"), t.c.n.label("Big")),
    "order by": lambda sa, pg, t, u: sa.select(t.c.id).order_by(
        t.c.n.desc().nulls_last(), sa.nulls_first(t.c.name)
    ),
    "group by rollup": lambda sa, pg, t, u: sa.select(t.c.n, sa.func.count(t.c.id)).group_by(
        sa.func.rollup(t.c.n, t.c.name)
    ),
    "group by sets": lambda sa, pg, t, u: sa.select(t.c.n).group_by(
        sa.func.grouping_sets(sa.tuple_(t.c.n, t.c.name), sa.tuple_(t.c.id))
    ),
    "having": lambda sa, pg, t, u: (
        sa.select(t.c.n).group_by(t.c.n).having(sa.func.count(t.c.id) > 3)
    ),
    "percent sign in a label": lambda sa, pg, t, u: sa.select(t.c.id.label("50%")),
    "percent sign in text": lambda sa, pg, t, u: sa.select(sa.text("n % 5, '%s'")).select_from(t),
    "bind with odd name": lambda sa, pg, t, u: sa.select(t.c.id).where(
        t.c.n == sa.bindparam("a.b(c)%", 5)
    ),
    "text": lambda sa, pg, t, u: sa.text(r"SELECT :a, '10%', x\:\:int WHERE x = :b").bindparams(
        a=1, b="q"
    ),
    "text with columns": lambda sa, pg, t, u: sa.select(
        sa.text("SELECT id FROM t").columns(t.c.id).subquery()
    ),
    "long alias": lambda sa, pg, t, u: sa.select(
        t.alias("an_alias_that_has_many_more_characters_than_the_sixty_three_allowed").c.id
    ).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
    "hint": lambda sa, pg, t, u: sa.select(t.c.id).with_hint(t, "ONLY", "postgresql"),
    "prefix and suffix": lambda sa, pg, t, u: (
        sa.select(t.c.id)
        .prefix_with("/* a */", dialect="postgresql")
        .prefix_with("/* b */", dialect="mysql")
    ),
    "sequence": lambda sa, pg, t, u: sa.select(sa.Sequence("My Seq", schema="s").next_value()),
    "func next value": lambda sa, pg, t, u: sa.select(sa.func.next_value(sa.Sequence("s"))),
    "true and false": lambda sa, pg, t, u: sa.select(t.c.id).where(sa.or_(sa.true(), t.c.n > 1)),
    "where false": lambda sa, pg, t, u: sa.select(t.c.id).where(sa.false()),
    "table as a value": lambda sa, pg, t, u: sa.select(sa.func.row_to_json(t.table_valued())),
    "scalar subquery": lambda sa, pg, t, u: sa.select(
        t.c.id, sa.select(sa.func.count(u.c.id)).where(u.c.tid == t.c.id).scalar_subquery()
    ),
    "array of a subquery": lambda sa, pg, t, u: sa.select(
        sa.func.array(sa.select(u.c.id).scalar_subquery())
    ),
}

WRITES: dict[str, Build] = {
    "insert": lambda sa, pg, t, u: sa.insert(t),
    "insert values": lambda sa, pg, t, u: sa.insert(t).values(name="x", n=5),
    "insert a key": lambda sa, pg, t, u: sa.insert(t).values(id=1, name="x"),
    "insert nothing": lambda sa, pg, t, u: sa.insert(u).values({}),
    "insert json": lambda sa, pg, t, u: sa.insert(t).values(jb={"a": 1}, arr=[1, 2]),
    "insert inline": lambda sa, pg, t, u: sa.insert(t).values(name="x").inline(),
    "insert returning": lambda sa, pg, t, u: (
        sa.insert(t)
        .values(name="x")
        .returning(t.c.id, t.c.up, sa.func.lower(t.c.name).label("low"))
    ),
    "insert returning all": lambda sa, pg, t, u: sa.insert(u).values(v="x").returning(u),
    "insert several rows": lambda sa, pg, t, u: sa.insert(t).values(
        [{"name": "a", "n": 1}, {"name": "b", "n": 2}]
    ),
    "insert several rows returning": lambda sa, pg, t, u: (
        sa.insert(t).values([{"name": "a"}, {"name": "b"}]).returning(t.c.id)
    ),
    "insert an expression": lambda sa, pg, t, u: sa.insert(t).values(
        name=sa.func.lower("X"), n=sa.select(sa.func.max(u.c.id)).scalar_subquery()
    ),
    "insert a bindparam": lambda sa, pg, t, u: sa.insert(t).values(name=sa.bindparam("who")),
    "insert from select": lambda sa, pg, t, u: sa.insert(t).from_select(
        ["name", "n"], sa.select(u.c.v, u.c.id).where(u.c.v == "x")
    ),
    "insert into a schema": lambda sa, pg, t, u: sa.insert(u).values(v="x"),
    "insert with a sequence": lambda sa, pg, t, u: sa.insert(_numbered(sa)).values(name="x"),
    "insert rows with a sequence": lambda sa, pg, t, u: sa.insert(_numbered(sa)).values(
        [{"name": "x"}, {"name": "y"}]
    ),
    "update": lambda sa, pg, t, u: sa.update(t),
    "update values": lambda sa, pg, t, u: sa.update(t).values(n=5).where(t.c.id == 1),
    "update by an expression": lambda sa, pg, t, u: sa.update(t).values(n=t.c.n + 1),
    "update from": lambda sa, pg, t, u: (
        sa.update(t).values(name=u.c.v).where(t.c.id == u.c.tid).where(u.c.v != "q")
    ),
    "update from an alias": lambda sa, pg, t, u: (
        lambda a: sa.update(t).values(n=a.c.n).where(t.c.up == a.c.id)
    )(t.alias("a")),
    "update returning": lambda sa, pg, t, u: sa.update(t).values(up=5).returning(t.c.up, t.c.n),
    "update by a subquery": lambda sa, pg, t, u: sa.update(t).values(
        n=sa.select(u.c.id).where(u.c.tid == t.c.id).scalar_subquery()
    ),
    "update an element": lambda sa, pg, t, u: sa.update(t).values({t.c.arr[2]: 5}),
    "update elements and a column": lambda sa, pg, t, u: sa.update(t).values(
        {t.c.arr[2]: 5, t.c.n: t.c.n + 1, t.c.arr[3]: t.c.n}
    ),
    "update a slice": lambda sa, pg, t, u: sa.update(t).values({t.c.arr[2:3]: [5, 6]}),
    "update inside a document": lambda sa, pg, t, u: sa.update(t).values({t.c.jb["k"]: {"x": 1}}),
    "update an element in order": lambda sa, pg, t, u: sa.update(t).ordered_values(
        (t.c.arr[2], t.c.n + 1), (t.c.n, 2)
    ),
    "update in order": lambda sa, pg, t, u: sa.update(t).ordered_values((t.c.up, 1), (t.c.n, 2)),
    "delete": lambda sa, pg, t, u: sa.delete(t).where(t.c.id.in_([1, 2])),
    "delete using": lambda sa, pg, t, u: sa.delete(t).where(t.c.id == u.c.tid, u.c.v == "x"),
    "delete using two": lambda sa, pg, t, u: (
        lambda a: sa.delete(t).where(t.c.id == u.c.tid, a.c.id == t.c.n).returning(t.c.id)
    )(t.alias("a")),
    "delete returning": lambda sa, pg, t, u: sa.delete(t).returning(t),
    "only": lambda sa, pg, t, u: sa.delete(t).with_hint("ONLY", dialect_name="postgresql"),
}


def _insert(pg: Any, t: Any) -> Any:
    return pg.insert(t).values(name="x", n=5)


CONFLICTS: dict[str, Build] = {
    "nothing": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(),
    "nothing by a name": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(
        index_elements=["name"]
    ),
    "nothing by elements": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(
        index_elements=[t.c.up, sa.func.lower(t.c.name), sa.text("n")]
    ),
    "nothing by a constraint": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(
        constraint="My Constraint"
    ),
    "nothing by the key": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(
        constraint=t.primary_key
    ),
    "nothing by an index": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(
        constraint=sa.Index("ix", t.c.name, postgresql_where=t.c.n > 5)
    ),
    "nothing by a named constraint": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_nothing(
        constraint=sa.UniqueConstraint(t.c.n, name="uq_n")
    ),
    "update": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_update(
        index_elements=["id"], set_={"name": "y", "up": 7}
    ),
    "update to excluded": lambda sa, pg, t, u: (
        lambda i: i.on_conflict_do_update(
            index_elements=["id"],
            set_={"up": t.c.n + i.excluded.n, "name": i.excluded.name, "d": sa.func.now()},
            where=t.c.n < i.excluded.n,
        ).returning(t.c.id)
    )(_insert(pg, t)),
    "update all to excluded": lambda sa, pg, t, u: (
        lambda i: i.on_conflict_do_update(index_elements=[t.c.id], set_=i.excluded)
    )(_insert(pg, t)),
    "update by columns": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_update(
        constraint="uq", set_={t.c.up: None, t.c.name: sa.bindparam("who")}
    ),
    "update with an index condition": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_update(
        index_elements=[t.c.name],
        index_where=sa.and_(t.c.name == "x", t.c.up.in_([1, 2])),
        set_={"n": sa.literal(5) + t.c.n},
    ),
    "update to a subquery": lambda sa, pg, t, u: _insert(pg, t).on_conflict_do_update(
        index_elements=["name", "id"], set_={"n": sa.select(sa.func.max(t.c.n)).scalar_subquery()}
    ),
    "update of several rows": lambda sa, pg, t, u: (
        lambda i: i.on_conflict_do_update(index_elements=["id"], set_={"n": i.excluded.n})
    )(pg.insert(t).values([{"id": 1, "n": 1}, {"id": 2, "n": 2}])),
    "nothing from a select": lambda sa, pg, t, u: (
        pg.insert(t).from_select(["name"], sa.select(u.c.v)).on_conflict_do_nothing()
    ),
    "in a cte": lambda sa, pg, t, u: (lambda c: sa.select(c.c.id))(
        _insert(pg, t).on_conflict_do_nothing().returning(t.c.id).cte("c")
    ),
}

GROUPS = {"select": SELECTS, "write": WRITES, "conflict": CONFLICTS}
ALL = {
    f"{group}: {name}": build for group, found in GROUPS.items() for name, build in found.items()
}
