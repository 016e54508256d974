"""CTEs, and UNION and its kin; the arguments are those of ``selectable_cases``."""

from __future__ import annotations

from typing import Any

from selectable_case import Build

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
