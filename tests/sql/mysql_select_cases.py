"""SELECTs that both libraries must write alike for MySQL and MariaDB.

See `mysql_expression_cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any], Any]

SELECTS: dict[str, Build] = {
    "limit": lambda sa, my, k: k.s.limit(5),
    "offset alone": lambda sa, my, k: k.s.offset(3),
    "limit and offset": lambda sa, my, k: k.s.limit(5).offset(3),
    "limit by a function": lambda sa, my, k: k.s.limit(sa.func.foo(1)),
    "limit and offset by named binds": lambda sa, my, k: k.s.limit(sa.bindparam("q")).offset(
        sa.bindparam("r")
    ),
    "limit by a literal column": lambda sa, my, k: k.s.limit(sa.literal_column("6")),
    "fetch": lambda sa, my, k: k.s.fetch(5),
    "fetch with ties and offset": lambda sa, my, k: k.s.fetch(5, with_ties=True).offset(2),
    "fetch percent": lambda sa, my, k: k.s.fetch(5, percent=True),
    "for update": lambda sa, my, k: k.s.with_for_update(),
    "for update read": lambda sa, my, k: k.s.with_for_update(read=True),
    "for update nowait": lambda sa, my, k: k.s.with_for_update(nowait=True),
    "for update skip locked": lambda sa, my, k: k.s.with_for_update(skip_locked=True),
    "for update of a table": lambda sa, my, k: k.s.with_for_update(of=k.t),
    "for update of a column": lambda sa, my, k: k.s.with_for_update(of=k.t.c.id),
    "for update read of nowait": lambda sa, my, k: k.s.with_for_update(
        read=True, of=k.t, nowait=True
    ),
    "for update read skip locked": lambda sa, my, k: k.s.with_for_update(
        read=True, skip_locked=True
    ),
    "for update key share": lambda sa, my, k: k.s.with_for_update(key_share=True),
    "for update of two tables": lambda sa, my, k: sa.select(k.t.c.id, k.u.c.id).with_for_update(
        of=[k.t, k.u]
    ),
    "for update of an anonymous alias": lambda sa, my, k: sa.select(k.a.c.id).with_for_update(
        of=k.a
    ),
    "for update of an alias": lambda sa, my, k: sa.select(k.zed.c.id).with_for_update(of=k.zed),
    "for update of a table in a schema": lambda sa, my, k: sa.select(k.u.c.id).with_for_update(
        of=k.u
    ),
    "for update of two columns of a table": lambda sa, my, k: k.s.with_for_update(
        of=[k.t.c.id, k.t.c.name]
    ),
    "index hint": lambda sa, my, k: k.s.with_hint(k.t, "USE INDEX xyz"),
    "index hint with the table's name": lambda sa, my, k: k.s.with_hint(
        k.t, "USE INDEX (%(name)s_ix)"
    ),
    "index hint for mysql": lambda sa, my, k: k.s.with_hint(k.t, "USE INDEX a", "mysql"),
    "index hint for mariadb": lambda sa, my, k: k.s.with_hint(k.t, "USE INDEX a", "mariadb"),
    "index hint for another dialect": lambda sa, my, k: k.s.with_hint(k.t, "USE INDEX a", "oracle"),
    "index hint of an alias": lambda sa, my, k: sa.select(k.zed.c.id).with_hint(
        k.zed, "FORCE INDEX (b)"
    ),
    "index hints in a join": lambda sa, my, k: (
        sa.select(k.t.c.id).join(k.u).with_hint(k.t, "USE INDEX x").with_hint(k.u, "IGNORE INDEX y")
    ),
    "index hint given twice": lambda sa, my, k: k.s.with_hint(k.t, "A").with_hint(k.t, "B"),
    "statement hint": lambda sa, my, k: k.s.with_statement_hint("MAX_EXECUTION_TIME(5)"),
    "statement hint for mysql": lambda sa, my, k: k.s.with_statement_hint("OPT", "mysql"),
    "prefixes": lambda sa, my, k: k.s.prefix_with("STRAIGHT_JOIN", "HIGH_PRIORITY"),
    "prefixes for dialects": lambda sa, my, k: (
        k.s.prefix_with("A", dialect="mysql")
        .prefix_with("B", dialect="mariadb")
        .prefix_with("C", dialect="sqlite")
    ),
    "distinct": lambda sa, my, k: k.s.distinct(),
    "prefix and distinct": lambda sa, my, k: k.s.prefix_with("SQL_NO_CACHE").distinct(),
    "prefix distinctrow": lambda sa, my, k: k.s.prefix_with("DISTINCTROW"),
    "suffix for mysql": lambda sa, my, k: k.s.suffix_with("PROCEDURE ANALYSE()", dialect="mysql"),
    "group by rollup": lambda sa, my, k: sa.select(k.t.c.id, sa.func.count()).group_by(
        sa.func.rollup(k.t.c.id)
    ),
    "group by rollup of two columns": lambda sa, my, k: sa.select(
        k.t.c.id, sa.func.count()
    ).group_by(sa.func.rollup(k.t.c.id, k.t.c.name)),
    "group by cube": lambda sa, my, k: sa.select(k.t.c.id).group_by(sa.func.cube(k.t.c.id)),
    "join": lambda sa, my, k: k.s.join(k.u),
    "outer join": lambda sa, my, k: k.s.outerjoin(k.u),
    "full join": lambda sa, my, k: k.s.join(k.u, full=True),
    "nested join": lambda sa, my, k: sa.select(k.t.c.id).select_from(
        k.t.join(k.u.join(k.a, k.a.c.id == k.u.c.v), k.t.c.id == k.u.c.tid)
    ),
    "join on true": lambda sa, my, k: k.s.join(k.u, sa.true()),
    "join lateral": lambda sa, my, k: sa.select(k.t.c.id).join(
        sa.select(k.u.c.id).where(k.u.c.tid == k.t.c.id).lateral("l"), sa.true()
    ),
    "cte": lambda sa, my, k: sa.select(k.cte),
    "recursive cte": lambda sa, my, k: sa.select(k.recursive),
    "subquery": lambda sa, my, k: sa.select(sa.select(k.u).subquery()),
    "named subquery": lambda sa, my, k: sa.select(sa.select(k.u.c.id).subquery("zz")),
    "correlated exists": lambda sa, my, k: k.s.where(sa.exists().where(k.u.c.tid == k.t.c.id)),
    "union": lambda sa, my, k: k.s.union(sa.select(k.u.c.id)),
    "union of limited selects": lambda sa, my, k: k.s.limit(1).union(
        sa.select(k.u.c.id).order_by(k.u.c.id)
    ),
    "union all with order and limit": lambda sa, my, k: (
        k.s.union_all(sa.select(k.u.c.id)).order_by("id").limit(3).offset(1)
    ),
    "intersect": lambda sa, my, k: sa.intersect(k.s, sa.select(k.u.c.id)),
    "except all": lambda sa, my, k: sa.except_all(k.s, sa.select(k.u.c.id)),
    "union with for update": lambda sa, my, k: k.s.union(sa.select(k.u.c.id)).with_for_update(),
    "values": lambda sa, my, k: sa.select(
        sa.values(sa.column("a", sa.Integer), sa.column("b", sa.String), name="v").data(
            [(1, "x"), (2, "y")]
        )
    ),
    "values of an alias": lambda sa, my, k: sa.select(
        sa.values(sa.column("a", sa.Integer)).data([(1,)]).alias("q")
    ),
    "values as cte": lambda sa, my, k: sa.select(
        sa.values(sa.column("a", sa.Integer), name="v").data([(1,)]).cte("vc")
    ),
    "values with literals": lambda sa, my, k: sa.select(
        sa.values(
            sa.column("a", sa.Integer), sa.column("b", sa.String), name="v", literal_binds=True
        ).data([(1, "x")])
    ),
    "scalar values": lambda sa, my, k: (
        sa.values(sa.column("a", sa.Integer)).data([(1,)]).scalar_values()
    ),
    "lateral values": lambda sa, my, k: sa.select(
        sa.values(sa.column("a", sa.Integer), name="v").data([(1,)]).lateral()
    ),
    "labels to be quoted": lambda sa, my, k: sa.select(
        k.t.c.id.label("Select"), k.t.c.name.label("order")
    ).order_by("Select"),
    "label of seventy characters": lambda sa, my, k: sa.select(k.t.c.id.label("x" * 70)),
    "alias that is too long": lambda sa, my, k: sa.select(k.t.alias("y" * 300).c.id),
    "booleans in columns and where": lambda sa, my, k: sa.select(
        k.t.c.b, sa.true(), k.t.c.id == 1
    ).where(k.t.c.b),
    "where not a boolean": lambda sa, my, k: k.s.where(~k.t.c.b),
    "where true": lambda sa, my, k: k.s.where(sa.true()),
    "where false": lambda sa, my, k: k.s.where(sa.false()),
    "cast as a column": lambda sa, my, k: sa.select(sa.cast(k.t.c.id, sa.String)),
    "text from nowhere": lambda sa, my, k: sa.select(sa.text("1 % 2")).where(
        sa.text("a like '%x'")
    ),
    "match function as column and order": lambda sa, my, k: sa.select(
        my.match(k.t.c.name, against="x")
    ).order_by(sa.desc(my.match(k.t.c.name, against="x").in_boolean_mode())),
    "order by nulls first": lambda sa, my, k: k.s.order_by(k.t.c.id.nulls_first()),
    "table in a schema": lambda sa, my, k: sa.select(k.u).where(k.u.c.id == 1),
    "tablesample": lambda sa, my, k: sa.select(k.t.tablesample(5)),
    "table valued function": lambda sa, my, k: sa.select(
        sa.func.json_table(k.t.c.j, "x").table_valued("a", "b")
    ),
    "literals": lambda sa, my, k: sa.select(sa.literal(1), sa.literal("a\\")),
    "division as column": lambda sa, my, k: sa.select(k.t.c.id / 2),
    "function as column": lambda sa, my, k: sa.select(sa.func.now()),
    "null as column": lambda sa, my, k: sa.select(sa.null()),
    "group by a string": lambda sa, my, k: sa.select(k.t.c.id.label("q")).group_by("q"),
    "having": lambda sa, my, k: k.s.group_by(k.t.c.id).having(sa.func.count() > 1),
    "window": lambda sa, my, k: sa.select(
        sa.func.row_number().over(partition_by=k.t.c.id, order_by=k.t.c.name.desc())
    ),
    "window with rows": lambda sa, my, k: sa.select(sa.func.sum(k.t.c.id).over(rows=(-1, 0))),
    "exists as column": lambda sa, my, k: sa.select(sa.exists(sa.select(k.u.c.id))),
    "correlated scalar subquery": lambda sa, my, k: k.s.where(
        k.t.c.id == sa.select(sa.func.max(k.u.c.v)).where(k.u.c.tid == k.t.c.id).scalar_subquery()
    ),
    "in a limited select": lambda sa, my, k: k.s.where(k.t.c.id.in_(sa.select(k.u.c.tid).limit(3))),
    "cte of an update": lambda sa, my, k: sa.select(
        sa.update(k.t).values(name="x").returning(k.t.c.id).cte("q")
    ),
    "nesting cte": lambda sa, my, k: sa.select(sa.select(k.cte.c.id).cte("y", nesting=True)),
    "cte with a prefix": lambda sa, my, k: sa.select(
        sa.select(k.u.c.id).cte("x").prefix_with("MATERIALIZED")
    ),
    "concatenation as column": lambda sa, my, k: sa.select(k.t.c.name + "x"),
    "group_concat with a separator operator": lambda sa, my, k: sa.select(
        sa.func.group_concat(k.t.c.name.op("SEPARATOR")(sa.literal_column("','")))
    ),
    "integer division operator": lambda sa, my, k: sa.select(k.t.c.id.op("DIV")(5)),
}
