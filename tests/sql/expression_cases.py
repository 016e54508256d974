"""Expressions that both libraries must write alike, for every dialect: ``(sa, c) -> expression``.

``c`` has columns named after their types: ``i``, ``n``, ``f``, ``s``, ``b``, ``d``, ``dt``, ``a``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any], Any]

WINDOWS: dict[str, Build] = {
    "empty": lambda sa, c: sa.func.sum(c.i).over(),
    "lists": lambda sa, c: sa.func.sum(c.i).over(partition_by=[c.i, c.s], order_by=[c.f.desc()]),
    "tuple": lambda sa, c: sa.func.sum(c.i).over(partition_by=sa.tuple_(c.i, c.s)),
    "rows": lambda sa, c: sa.func.sum(c.i).over(order_by=c.i, rows=(-1, None)),
    "range": lambda sa, c: sa.func.sum(c.i).over(order_by=c.i, range_=(None, 0)),
    "groups": lambda sa, c: sa.func.sum(c.i).over(order_by=c.i, groups=(1, 3)),
    "exclude": lambda sa, c: sa.func.sum(c.i).over(rows=(-1, 0), exclude="TIES"),
    "frame": lambda sa, c: sa.func.sum(c.i).over(
        order_by=c.f,
        range_=sa.FrameClause(
            3.5, None, sa.FrameClauseType.PRECEDING, sa.FrameClauseType.UNBOUNDED
        ),
    ),
    "current frame": lambda sa, c: sa.over(
        sa.func.sum(c.i),
        rows=sa.FrameClause(None, None, sa.FrameClauseType.CURRENT, sa.FrameClauseType.CURRENT),
    ),
    "binds are numbered": lambda sa, c: sa.func.sum(sa.literal(1)).over(
        partition_by=sa.literal(4), order_by=sa.literal(2), rows=(-3, 0)
    ),
    "filter": lambda sa, c: sa.func.sum(c.i).filter(c.i > 1).filter(c.s == "x").over(),
    "negated filter": lambda sa, c: -sa.func.sum(c.i).filter(c.i > 1),
    "filter in a group": lambda sa, c: sa.func.sum(c.i).filter(c.i > 1).within_group(c.i),
    "group then filter": lambda sa, c: sa.func.mode().within_group(c.i).filter(c.i > 1),
    "ordered aggregate": lambda sa, c: sa.aggregate_order_by(sa.func.sum(c.i), c.s.desc(), c.i),
    "ordered window": lambda sa, c: (
        sa.func.sum(c.i).aggregate_order_by(c.s).filter(c.i > 1).over(order_by=c.i)
    ),
    "label of a group": lambda sa, c: sa.select(sa.func.mode().within_group(c.i)),
}

FUNCTIONS: dict[str, Build] = {
    "aggregate_strings": lambda sa, c: sa.func.aggregate_strings(c.s, ","),
    "aggregate_strings in order": lambda sa, c: sa.func.aggregate_strings(
        c.s, ","
    ).aggregate_order_by(c.i.desc(), c.s),
    "array_agg": lambda sa, c: sa.func.array_agg(c.i),
    "cube": lambda sa, c: sa.func.cube(c.i, c.s),
    "rollup": lambda sa, c: sa.func.rollup(c.i),
    "grouping_sets": lambda sa, c: sa.func.grouping_sets(sa.tuple_(c.i, c.s), c.s),
    "cume_dist": lambda sa, c: sa.func.cume_dist(),
    "percent_rank": lambda sa, c: sa.func.percent_rank(),
    "percentile_cont": lambda sa, c: sa.func.percentile_cont(0.5).within_group(c.i.desc()),
    "percentile_cont of several": lambda sa, c: sa.func.percentile_cont(0.5, 0.2).within_group(c.i),
    "percentile_disc": lambda sa, c: sa.func.percentile_disc(0.5).within_group(c.s, c.i),
    "any": lambda sa, c: c.i == sa.func.any(c.a),
    "some": lambda sa, c: sa.func.some(c.a),
    "cast": lambda sa, c: sa.func.cast(c.i, sa.String),
    "extract": lambda sa, c: sa.func.extract("year", c.d),
    "upper case": lambda sa, c: sa.func.COUNT(c.i),
    "of a condition": lambda sa, c: sa.func.foo(sa.and_(c.i == 1, c.i == 2), c.i + 1, None, True),
    "quoted": lambda sa, c: getattr(sa.func, "my func")(1),
    "in packages": lambda sa, c: sa.func.Foo.Bar.baz(1),
    "named name": lambda sa, c: sa.func.name(c.s),
    "as comparison": lambda sa, c: sa.func.foo(c.i, c.s).as_comparison(1, 2),
    "not as comparison": lambda sa, c: ~sa.func.foo(c.i, c.s).as_comparison(1, 2),
    "user": lambda sa, c: sa.func.user(),
    "localtime": lambda sa, c: sa.func.localtime(),
    "current_timestamp(3)": lambda sa, c: sa.func.current_timestamp(3),
    "coalesce": lambda sa, c: sa.func.coalesce(None, 1.5, c.i),
    "power": lambda sa, c: 2**c.i,
    "distinct": lambda sa, c: sa.func.count(c.i.distinct()),
}

OPERATORS: dict[str, Build] = {
    "plus None": lambda sa, c: c.i + None,
    "not a sum": lambda sa, c: ~(c.i + 1),
    "not not": lambda sa, c: ~~c.i,
    "not not boolean": lambda sa, c: ~~c.b,
    "not match": lambda sa, c: ~c.s.match("q"),
    "not any": lambda sa, c: ~(c.i == sa.any_(c.a)),
    "all on the left": lambda sa, c: sa.all_(c.a) > 5,
    "regexp with flags": lambda sa, c: c.s.regexp_match("a", flags="i"),
    "not regexp": lambda sa, c: ~c.s.regexp_match("a"),
    "collate type": lambda sa, c: c.s.collate("de DE").desc(),
    "pattern of a sum": lambda sa, c: c.s.contains(c.s + "x"),
    "pattern escaped": lambda sa, c: c.s.icontains("a%", autoescape=True),
    "escape": lambda sa, c: c.s.like("a%b", escape="\\"),
    "when conditions": lambda sa, c: sa.case((c.i == 1, 1), (c.b, 2), (c.i + 1, 3)),
    "single and": lambda sa, c: sa.and_(c.s.startswith("a")),
    "nested and": lambda sa, c: (c.i == 1) & (c.i == 2) & (c.b | c.b) & ~(c.b & c.b),
    "bits": lambda sa, c: c.i.bitwise_and(1).bitwise_and(2),
    "loose operator": lambda sa, c: c.i.op("->")(c.i + 1) == 5,
    "operator between": lambda sa, c: c.i.between(c.i.op("->")(1), 5),
    "float divided": lambda sa, c: c.f / c.f,
    "integer divided by numeric": lambda sa, c: c.i / c.n,
    "integer floor divided by numeric": lambda sa, c: c.i // c.n,
    "label in order": lambda sa, c: sa.select(x := c.i.label("x")).order_by(x.nulls_first()),
    "label in nulls_last": lambda sa, c: sa.select(x := c.i.label("x")).order_by(
        sa.nulls_last(sa.desc(x))
    ),
    "order by list": lambda sa, c: sa.select(c.i).order_by(
        sa.sql.expression.OrderByList([c.i, c.s]).desc()
    ),
    "bitwise_not": lambda sa, c: sa.bitwise_not(c.i + 1),
    "negative literal": lambda sa, c: sa.select(-sa.literal(1), -c.i, ~c.b, ~sa.func.f()),
}
