"""Clauses of a SELECT, correlation, and labels; the arguments are those of ``selectable_cases``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selectable_case import Build

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
