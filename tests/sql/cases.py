"""Statements that both libraries must write alike: ``(sa, t, u, a) -> statement``.

``sa`` is the namespace (``sqlalchemy`` or ``ormolu``), ``t`` and ``u`` two tables of it,
``u.tid`` referring
to ``t.id``, and ``a`` an anonymous alias of ``t``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any, Any], Any]

EXPRESSIONS: dict[str, Build] = {
    "add": lambda sa, t, u, a: t.c.id + 1,
    "true division of integers": lambda sa, t, u, a: t.c.id / 2,
    "true division of floats": lambda sa, t, u, a: t.c.x / 2,
    "floor division of integers": lambda sa, t, u, a: t.c.id // 2,
    "floor division of floats": lambda sa, t, u, a: t.c.x // 2,
    "modulo": lambda sa, t, u, a: t.c.id % 2,
    "negative": lambda sa, t, u, a: -t.c.id,
    "negative of a sum": lambda sa, t, u, a: -(t.c.id + 1),
    "not a boolean column": lambda sa, t, u, a: ~t.c.b,
    "column": lambda sa, t, u, a: t.c.b,
    "quoted column": lambda sa, t, u, a: t.c.Grp,
    "string plus": lambda sa, t, u, a: t.c.name + "x",
    "concat": lambda sa, t, u, a: t.c.name.concat("x"),
    "like with escape": lambda sa, t, u, a: t.c.name.like("a", escape="/"),
    "not like": lambda sa, t, u, a: t.c.name.not_like("a"),
    "ilike": lambda sa, t, u, a: t.c.name.ilike("a"),
    "not ilike": lambda sa, t, u, a: t.c.name.not_ilike("a"),
    "startswith": lambda sa, t, u, a: t.c.name.startswith("a"),
    "not startswith": lambda sa, t, u, a: ~t.c.name.startswith("a"),
    "contains with autoescape": lambda sa, t, u, a: t.c.name.contains("a", autoescape=True),
    "icontains": lambda sa, t, u, a: t.c.name.icontains("a"),
    "istartswith": lambda sa, t, u, a: t.c.name.istartswith("a"),
    "endswith": lambda sa, t, u, a: t.c.name.endswith("q"),
    "iendswith": lambda sa, t, u, a: t.c.name.iendswith("q"),
    "in a list": lambda sa, t, u, a: t.c.id.in_([1, 2]),
    "in nothing": lambda sa, t, u, a: t.c.id.in_([]),
    "not in": lambda sa, t, u, a: t.c.id.not_in([1]),
    "in a select": lambda sa, t, u, a: t.c.id.in_(sa.select(u.c.tid)),
    "in text": lambda sa, t, u, a: t.c.id.in_(sa.text("1,2")),
    "in a bindparam": lambda sa, t, u, a: t.c.id.in_(sa.bindparam("zz", expanding=True)),
    "tuple in": lambda sa, t, u, a: sa.tuple_(t.c.id, t.c.name).in_([(1, "2")]),
    "tuple equals": lambda sa, t, u, a: sa.tuple_(t.c.id, t.c.name) == (1, "2"),
    "between": lambda sa, t, u, a: t.c.id.between(1, 2),
    "not between": lambda sa, t, u, a: ~t.c.id.between(1, 2),
    "between symmetric": lambda sa, t, u, a: t.c.id.between(1, 2, symmetric=True),
    "is none": lambda sa, t, u, a: t.c.id.is_(None),
    "is not none": lambda sa, t, u, a: t.c.id.is_not(None),
    "equals none": lambda sa, t, u, a: t.c.id == None,  # noqa: E711
    "differs from none": lambda sa, t, u, a: t.c.id != None,  # noqa: E711
    "equals true": lambda sa, t, u, a: t.c.b == True,  # noqa: E712
    "is true": lambda sa, t, u, a: t.c.b.is_(True),
    "is false": lambda sa, t, u, a: t.c.b.is_(sa.false()),
    "is distinct from": lambda sa, t, u, a: t.c.id.is_distinct_from(1),
    "is not distinct from": lambda sa, t, u, a: t.c.id.is_not_distinct_from(1),
    "and with or": lambda sa, t, u, a: sa.and_(t.c.id == 1, sa.or_(t.c.id == 2, t.c.id == 3)),
    "not and": lambda sa, t, u, a: sa.not_(sa.and_(t.c.id == 1, t.c.name == "x")),
    "and with true": lambda sa, t, u, a: sa.and_(sa.true(), t.c.id == 1),
    "and of booleans": lambda sa, t, u, a: t.c.b & t.c.b,
    "or of a boolean": lambda sa, t, u, a: t.c.b | (t.c.id == 1),
    "not or": lambda sa, t, u, a: ~(t.c.b | (t.c.id == 1)),
    "not equal": lambda sa, t, u, a: ~(t.c.id == 1),
    "true": lambda sa, t, u, a: sa.true(),
    "false": lambda sa, t, u, a: sa.false(),
    "null": lambda sa, t, u, a: sa.null(),
    "comparison of comparisons": lambda sa, t, u, a: (t.c.id == 1) == (t.c.id == 2),
    "sum times": lambda sa, t, u, a: (t.c.id + 1) * 2,
    "difference of difference": lambda sa, t, u, a: t.c.id - (t.c.id - 1),
    "count star": lambda sa, t, u, a: sa.func.count(),
    "count": lambda sa, t, u, a: sa.func.count(t.c.id),
    "count distinct": lambda sa, t, u, a: sa.func.count(sa.distinct(t.c.id)),
    "now": lambda sa, t, u, a: sa.func.now(),
    "current timestamp": lambda sa, t, u, a: sa.func.current_timestamp(),
    "lower": lambda sa, t, u, a: sa.func.lower(t.c.name),
    "function in a package": lambda sa, t, u, a: sa.func.foo.bar(1),
    "coalesce plus": lambda sa, t, u, a: sa.func.coalesce(t.c.name, "x") + "y",
    "char_length": lambda sa, t, u, a: sa.func.char_length(t.c.name),
    "random": lambda sa, t, u, a: sa.func.random(),
    "substr": lambda sa, t, u, a: sa.func.substr(t.c.name, 1, 2),
    "filter": lambda sa, t, u, a: sa.func.max(t.c.id).filter(t.c.id > 1),
    "window": lambda sa, t, u, a: sa.func.row_number().over(
        partition_by=t.c.id, order_by=t.c.name.desc()
    ),
    "window with rows": lambda sa, t, u, a: sa.func.sum(t.c.id).over(rows=(None, 0)),
    "window with range": lambda sa, t, u, a: sa.func.sum(t.c.id).over(range_=(-1, 5)),
    "within group": lambda sa, t, u, a: sa.func.percentile(0.5).within_group(t.c.id),
    "case": lambda sa, t, u, a: sa.case((t.c.id == 1, "a"), else_="b"),
    "case of a value": lambda sa, t, u, a: sa.case({1: "a"}, value=t.c.id),
    "cast to string": lambda sa, t, u, a: sa.cast(t.c.id, sa.String),
    "cast to numeric": lambda sa, t, u, a: sa.cast(t.c.id, sa.Numeric(10, 2)),
    "type_coerce": lambda sa, t, u, a: sa.type_coerce(t.c.id, sa.String),
    "extract": lambda sa, t, u, a: sa.extract("year", t.c.d),
    "collate": lambda sa, t, u, a: sa.collate(t.c.name, "nocase"),
    "desc nulls last": lambda sa, t, u, a: t.c.id.desc().nulls_last(),
    "asc": lambda sa, t, u, a: t.c.id.asc(),
    "custom operator": lambda sa, t, u, a: t.c.id.op("->")(1),
    "custom boolean operator": lambda sa, t, u, a: t.c.id.bool_op("&&")(1),
    "bitwise and": lambda sa, t, u, a: t.c.id.bitwise_and(1),
    "bitwise xor": lambda sa, t, u, a: t.c.id.bitwise_xor(1),
    "bitwise not": lambda sa, t, u, a: t.c.id.bitwise_not(),
    "bitwise shift": lambda sa, t, u, a: t.c.id.bitwise_lshift(2),
    "regexp_match": lambda sa, t, u, a: t.c.name.regexp_match("a"),
    "not regexp_match": lambda sa, t, u, a: ~t.c.name.regexp_match("a"),
    "match": lambda sa, t, u, a: t.c.name.match("a"),
    "literal": lambda sa, t, u, a: sa.literal(1),
    "literal_column": lambda sa, t, u, a: sa.literal_column("1+1"),
    "text with bind": lambda sa, t, u, a: sa.text("a = :b"),
    "bindparam": lambda sa, t, u, a: sa.bindparam("q", type_=sa.String) == t.c.name,
    "exists": lambda sa, t, u, a: sa.exists(sa.select(u.c.id)),
    "not exists": lambda sa, t, u, a: ~sa.exists().where(u.c.id == 1),
    "all": lambda sa, t, u, a: t.c.id == sa.all_(sa.select(u.c.id).scalar_subquery()),
    "scalar subquery plus": lambda sa, t, u, a: (
        sa.select(sa.func.max(u.c.id)).scalar_subquery() + 1
    ),
    "json index": lambda sa, t, u, a: t.c.j["a"],
    "json path as string": lambda sa, t, u, a: t.c.j[("a", "b")].as_string(),
    "json as integer": lambda sa, t, u, a: t.c.j["a"].as_integer(),
    "label": lambda sa, t, u, a: t.c.id.label("z"),
    "in a list with none and an expression": lambda sa, t, u, a: t.c.id.in_([1, None, sa.func.f()]),
    "tuple equals, of other types": lambda sa, t, u, a: sa.tuple_(t.c.id, t.c.name) == (1, 2),
    "tuple equals none in part": lambda sa, t, u, a: sa.tuple_(t.c.id, t.c.x) == (1, None),
}

SELECTS: dict[str, Build] = {
    "two columns of one name": lambda sa, t, u, a: sa.select(t.c.id, u.c.id),
    "columns repeated": lambda sa, t, u, a: sa.select(t.c.id, u.c.id, t.c.id, u.c.id),
    "table": lambda sa, t, u, a: sa.select(t),
    "alias": lambda sa, t, u, a: sa.select(a.c.id),
    "named alias": lambda sa, t, u, a: sa.select(t.alias("zed")),
    "where": lambda sa, t, u, a: sa.select(t.c.id).where(t.c.id == 5, t.c.name != "x"),
    "self join by where": lambda sa, t, u, a: sa.select(t.c.id).where(t.c.id == a.c.id),
    "subquery": lambda sa, t, u, a: sa.select(sa.select(u).where(u.c.v == 1).subquery()),
    "subquery of two ids": lambda sa, t, u, a: sa.select(sa.select(t.c.id, u.c.id).subquery()),
    "cte": lambda sa, t, u, a: sa.select(sa.select(u.c.id).cte("x")),
    "cte twice": lambda sa, t, u, a: (lambda x: sa.select(x.c.id).union(sa.select(x.c.id)))(
        sa.select(u.c.id).cte("x")
    ),
    "recursive cte": lambda sa, t, u, a: sa.select(_recursive(sa, u)),
    "count from": lambda sa, t, u, a: sa.select(sa.func.count()).select_from(t),
    "counts": lambda sa, t, u, a: sa.select(sa.func.count(t.c.id), sa.func.count(u.c.id)),
    "expressions": lambda sa, t, u, a: sa.select(t.c.id + 1, t.c.id + 2),
    "literal": lambda sa, t, u, a: sa.select(sa.literal(1)),
    "labelled literal": lambda sa, t, u, a: sa.select(sa.literal(1).label("x")),
    "join": lambda sa, t, u, a: sa.select(t.c.id).join(u, t.c.id == u.c.tid),
    "join by foreign key": lambda sa, t, u, a: sa.select(t.c.id).join(u),
    "join from": lambda sa, t, u, a: sa.select(u.c.v).join_from(t, u),
    "outer join": lambda sa, t, u, a: sa.select(t.c.id).outerjoin(u, t.c.id == u.c.v),
    "full join": lambda sa, t, u, a: sa.select(t.c.id).join(u, t.c.id == u.c.v, full=True),
    "nested join": lambda sa, t, u, a: sa.select(t.c.id).select_from(
        t.join(u.join(a, a.c.id == u.c.v), t.c.id == u.c.tid)
    ),
    "join to subquery": lambda sa, t, u, a: (
        lambda s: sa.select(t.c.id, s.c.id).join(s, s.c.tid == t.c.id)
    )(sa.select(u).where(u.c.v == 1).subquery()),
    "correlated exists": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.exists().where(u.c.tid == t.c.id)
    ),
    "correlated scalar": lambda sa, t, u, a: sa.select(
        t.c.id, sa.select(sa.func.max(u.c.v)).where(u.c.tid == t.c.id).scalar_subquery()
    ),
    "order by label of a scalar": lambda sa, t, u, a: sa.select(
        t.c.id,
        sa.select(sa.func.max(u.c.v)).where(u.c.tid == t.c.id).scalar_subquery().label("mx"),
    ).order_by("mx"),
    "correlated in": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id.in_(sa.select(u.c.tid).where(u.c.v == t.c.id))
    ),
    "explicit correlate": lambda sa, t, u, a: sa.select(t.c.id).where(
        sa.select(u.c.id).where(u.c.tid == t.c.id).correlate(t).exists()
    ),
    "order by label": lambda sa, t, u, a: sa.select(t.c.id.label("q")).order_by(
        t.c.id.label("q").desc()
    ),
    "order by string": lambda sa, t, u, a: sa.select(t.c.id).order_by("id"),
    "group by string": lambda sa, t, u, a: (
        sa.select(t.c.id.label("q")).group_by("q").order_by(sa.desc("q"))
    ),
    "order by several": lambda sa, t, u, a: sa.select(t.c.id).order_by(
        t.c.id, t.c.name.desc().nulls_last()
    ),
    "group by having": lambda sa, t, u, a: (
        sa.select(t.c.id).group_by(t.c.id, t.c.name).having(sa.func.count() > 1)
    ),
    "union": lambda sa, t, u, a: sa.select(t.c.id).union(sa.select(u.c.id)),
    "union all ordered": lambda sa, t, u, a: (
        sa.select(t.c.id).union_all(sa.select(u.c.id)).order_by("id").limit(3)
    ),
    "union of limited": lambda sa, t, u, a: (
        sa.select(t.c.id).limit(1).union(sa.select(u.c.id).order_by(u.c.id))
    ),
    "nested union": lambda sa, t, u, a: sa.union(
        sa.select(t.c.id).union_all(sa.select(u.c.id)), sa.select(u.c.v)
    ),
    "select from union": lambda sa, t, u, a: sa.select(
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).subquery()
    ),
    "intersect": lambda sa, t, u, a: sa.intersect(sa.select(t.c.id), sa.select(u.c.id)),
    "except": lambda sa, t, u, a: sa.except_(sa.select(t.c.id), sa.select(u.c.id)),
    "distinct": lambda sa, t, u, a: sa.select(t.c.id).distinct(),
    "for update": lambda sa, t, u, a: sa.select(t.c.id).with_for_update(),
    "prefix and suffix": lambda sa, t, u, a: sa.select(t.c.id).prefix_with("HI").suffix_with("BYE"),
    "boolean column": lambda sa, t, u, a: sa.select(t.c.b).where(t.c.b),
    "all of text": lambda sa, t, u, a: (
        sa.select(sa.text("1")).select_from(sa.text("x")).where(sa.text("q=1"))
    ),
    "limit": lambda sa, t, u, a: sa.select(t.c.id).limit(5),
    "offset": lambda sa, t, u, a: sa.select(t.c.id).offset(3),
    "limit and offset": lambda sa, t, u, a: sa.select(t.c.id).limit(5).offset(3),
    "two froms": lambda sa, t, u, a: sa.select(t.c.id).select_from(t, u),
    "exists as column": lambda sa, t, u, a: sa.select(sa.exists(sa.select(u.c.id))),
    "anonymous label": lambda sa, t, u, a: sa.select(t.c.id.label(None)),
    "cast": lambda sa, t, u, a: sa.select(sa.cast(t.c.id, sa.String)),
    "case": lambda sa, t, u, a: sa.select(sa.case((t.c.id == 1, 2))),
    "negative": lambda sa, t, u, a: sa.select(-t.c.id),
    "labelled function": lambda sa, t, u, a: sa.select(sa.func.foo(t.c.id).label("foo")),
    "comparison": lambda sa, t, u, a: sa.select(t.c.id == 1),
    "constants": lambda sa, t, u, a: sa.select(sa.null(), sa.true()),
    "literal column": lambda sa, t, u, a: sa.select(sa.literal_column("a").label("x")),
    "table by name": lambda sa, t, u, a: sa.select(sa.column("q")).select_from(sa.table("zz")),
    "named bind": lambda sa, t, u, a: sa.select(t.c.id).where(t.c.id > sa.bindparam("low")),
    "values": lambda sa, t, u, a: sa.select(
        sa.values(sa.column("a", sa.Integer), sa.column("b", sa.String), name="v").data(
            [(1, "x"), (2, "y")]
        )
    ),
    "subquery with in": lambda sa, t, u, a: sa.select(
        sa.select(t.c.id).where(t.c.id.in_([1, 2])).subquery()
    ),
    "scalar": lambda sa, t, u, a: sa.select(sa.func.max(u.c.id)).scalar_subquery(),
    "extract": lambda sa, t, u, a: sa.select(sa.extract("year", t.c.d)),
    "label and bind share numbers": lambda sa, t, u, a: sa.select(t.c.id, u.c.id).where(
        t.c.id == 3
    ),
    "ordered by an equal label": lambda sa, t, u, a: sa.select(t.c.id.label("q")).order_by(
        t.c.id.label("q")
    ),
    "ordered by a label of the same name": lambda sa, t, u, a: sa.select(
        (t.c.id + 1).label("q")
    ).order_by((t.c.x + 1).label("q").desc()),
    "ordered by a label of the same words": lambda sa, t, u, a: sa.select(
        (t.c.id + 1).label("q")
    ).order_by((t.c.id + 1).label("q")),
    "binds of one name, the last has the value": lambda sa, t, u, a: sa.select(t.c.id).where(
        t.c.id == sa.bindparam("q", 1), t.c.x == sa.bindparam("q", 2)
    ),
    "binds of one name, inside and outside": lambda sa, t, u, a: (
        lambda inner: sa.select(inner).where(inner.c.id == sa.bindparam("q", 2))
    )(sa.select(t.c.id).where(t.c.id == sa.bindparam("q", 1)).subquery()),
    "sliced up to": lambda sa, t, u, a: sa.select(t.c.id).slice(None, 5),
    "sliced from": lambda sa, t, u, a: sa.select(t.c.id).limit(9).offset(2).slice(3, None),
}


def _recursive(sa: Any, u: Any) -> Any:
    start = sa.select(u.c.id).where(u.c.id == 1).cte("rc", recursive=True)
    return start.union_all(sa.select(u.c.id).where(u.c.tid == start.c.id))


WRITES: dict[str, Build] = {
    "insert": lambda sa, t, u, a: sa.insert(u),
    "insert a value": lambda sa, t, u, a: sa.insert(u).values(v=1),
    "insert an expression": lambda sa, t, u, a: sa.insert(u).values(v=u.c.v + 1),
    "insert a function": lambda sa, t, u, a: sa.insert(u).values(v=sa.func.foo(1)),
    "insert rows": lambda sa, t, u, a: sa.insert(u).values([{"v": 1}, {"v": 2}]),
    "insert rows with functions": lambda sa, t, u, a: sa.insert(u).values(
        [{"v": 1, "tid": 3}, {"v": 2, "tid": sa.func.now()}]
    ),
    "insert from select": lambda sa, t, u, a: sa.insert(u).from_select(["v"], sa.select(t.c.id)),
    "insert a tuple": lambda sa, t, u, a: sa.insert(u).values((1, 2, 3)),
    "insert a scalar": lambda sa, t, u, a: sa.insert(u).values(
        v=sa.select(sa.func.max(t.c.id)).scalar_subquery()
    ),
    "insert none": lambda sa, t, u, a: sa.insert(u).values(v=None),
    "insert a bindparam": lambda sa, t, u, a: sa.insert(u).values(v=sa.bindparam("q")),
    "insert returning": lambda sa, t, u, a: sa.insert(u).returning(u.c.id, u.c.v),
    "insert returning expressions": lambda sa, t, u, a: (
        sa.insert(u).values(v=1).returning(u.c.id.label("x"), sa.func.lower(u.c.v))
    ),
    "insert or replace": lambda sa, t, u, a: sa.insert(u).prefix_with("OR REPLACE"),
    "update": lambda sa, t, u, a: sa.update(u),
    "update a value": lambda sa, t, u, a: sa.update(u).values(v=1),
    "update an expression": lambda sa, t, u, a: sa.update(u).values(v=u.c.v + 1).where(u.c.id == 3),
    "update with binds": lambda sa, t, u, a: (
        sa.update(u).where(u.c.id == sa.bindparam("x")).values(v=sa.bindparam("y"))
    ),
    "update by column": lambda sa, t, u, a: sa.update(u).values({u.c.v: 1, "tid": sa.func.foo()}),
    "update returning": lambda sa, t, u, a: sa.update(u).values(v=1).returning(u.c.id),
    "update from": lambda sa, t, u, a: sa.update(u).values(v=t.c.id).where(u.c.tid == t.c.id),
    "update correlated": lambda sa, t, u, a: sa.update(u).values(
        v=sa.select(t.c.id).where(t.c.id == u.c.tid).scalar_subquery()
    ),
    "update ordered": lambda sa, t, u, a: sa.update(u).ordered_values((u.c.v, 1), (u.c.tid, 2)),
    "update in select": lambda sa, t, u, a: (
        sa.update(u).where(u.c.id.in_(sa.select(t.c.id).where(t.c.id == u.c.tid))).values(v=1)
    ),
    "update case": lambda sa, t, u, a: sa.update(u).values(v=sa.case((u.c.v == 1, 2))),
    "delete": lambda sa, t, u, a: sa.delete(u),
    "delete where": lambda sa, t, u, a: sa.delete(u).where(u.c.id == 1),
    "delete returning": lambda sa, t, u, a: (
        sa.delete(u).where(u.c.id == 1, u.c.v == 2).returning(u.c.id)
    ),
    "delete exists": lambda sa, t, u, a: sa.delete(u).where(sa.exists().where(t.c.id == u.c.tid)),
}
