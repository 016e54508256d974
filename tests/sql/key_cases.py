"""Groups of statements that differ in one thing: what a careless key would take for the same.

Each group is ``(sa, t, u) -> statements``; ``sa`` is ormolu, ``t`` and ``u`` are tables of it, made
once for all groups, for a table of its own would tell any two statements apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ormolu.dialects import mysql, postgresql, sqlite

Group = Callable[[Any, Any, Any], Iterator[Any]]


def _names(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    """A name with and without a decision about its quotes, wherever a name may stand."""
    for name in ("abc", sa.quoted_name("abc", True), sa.quoted_name("abc", False), "Abc"):
        yield sa.select(t.c.id.label(name))
        yield sa.select(sa.column(name))
        yield sa.select(t.alias(name))
        yield sa.select(sa.select(t).subquery(name))
        yield sa.select(sa.select(t).cte(name))
        yield sa.select(t.tablesample(5, name=name))
        yield sa.select(sa.select(t.c.id.label(name)).subquery())
        yield sa.select(t.c.name.collate(name))
        yield sa.select(sa.func.f(1).table_valued(name))
        yield sa.select(sa.func.f(1).table_valued("x", name=name))
        yield sa.select(t.c.id).order_by(name)
    yield sa.select(sa.literal_column("abc"))
    yield sa.select(sa.text("abc"))


def _casts(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    for type_ in (
        sa.Integer, sa.BigInteger, sa.String, sa.String(5), sa.String(6), sa.String(collation="x"),
        sa.String(5).with_variant(sa.String(7), "mysql"), sa.Unicode, sa.Text, sa.Numeric(1, 1),
        sa.Numeric(1, 2), sa.Numeric(1, 1, asdecimal=False), sa.Float, sa.Float(5), sa.Boolean,
        sa.Enum("a", "b"), sa.Enum("a", "c"), sa.Enum("a", "b", name="q"), sa.DateTime(True),
        sa.Enum("a", "b", native_enum=False), sa.DateTime, sa.Time(True), sa.Time, sa.Interval,
        sa.Interval(native=False), sa.JSON, sa.JSON(none_as_null=True), sa.LargeBinary,
        sa.LargeBinary(5), sa.Uuid, sa.Uuid(as_uuid=False), sa.Uuid(native_uuid=False),
        sa.ARRAY(sa.Integer), sa.ARRAY(sa.String), sa.ARRAY(sa.Integer, dimensions=2),
    ):  # fmt: skip
        yield sa.cast(t.c.id, type_)
        yield sa.try_cast(t.c.id, type_)
        yield sa.type_coerce(t.c.id, type_)
        yield t.c.id == sa.bindparam("x", type_=type_)


def _selects(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    s = sa.select(t)
    yield from (s, s.distinct(), s.distinct(t.c.id), s.correlate(u), s.correlate(None))
    yield from (s.correlate_except(u), s.correlate_except(None), s.select_from(u))
    yield from (s.select_from(u, t), s.select_from(t, u), sa.select(*t.c), sa.select(t.c.id, t))
    yield from (s.limit(1), s.offset(1), s.fetch(1), s.fetch(1, percent=True))
    yield from (s.fetch(1, with_ties=True), s.limit(1).offset(1), s.offset(1).fetch(1))
    yield from (s.limit(sa.literal_column("1")), s.group_by(t.c.id), s.group_by("id"))
    yield from (s.order_by(t.c.id), s.order_by("id"), s.order_by(t.c.id.desc()))
    yield from (s.order_by(sa.desc("id")), s.order_by(t.c.id, t.c.v), s.order_by(t.c.v, t.c.id))
    yield from (s.where(t.c.id > 1), s.having(t.c.id > 1), s.where(t.c.id > 1, t.c.v > 1))
    yield from (s.join(u), s.join(u, isouter=True), s.join(u, full=True), s.join_from(t, u))
    yield from (s.join(u, t.c.id == u.c.v), s.join(u, t.c.id > u.c.v), sa.select(t, u).join(t))
    yield from (s.with_hint(t, "x"), s.with_hint(t, "y"), s.with_hint(t, "x", "mysql"))
    yield from (s.with_statement_hint("x"), s.with_statement_hint("x", "mysql"))
    yield from (s.prefix_with("x"), s.prefix_with("x", dialect="mysql"), s.suffix_with("x"))
    for style in (
        sa.LABEL_STYLE_NONE, sa.LABEL_STYLE_DEFAULT, sa.LABEL_STYLE_TABLENAME_PLUS_COL,
    ):  # fmt: skip
        yield s.set_label_style(style)
        yield sa.union(s, s).set_label_style(style)
    for options in (
        {}, {"nowait": True}, {"read": True}, {"skip_locked": True}, {"key_share": True},
        {"of": t}, {"of": t.c.id}, {"of": u}, {"of": [t, u]}, {"read": True, "key_share": True},
    ):  # fmt: skip
        yield s.with_for_update(**options)


def _compounds(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    one, other = sa.select(t.c.id), sa.select(u.c.id)
    for combine in (sa.union, sa.union_all, sa.except_, sa.intersect):
        both = combine(one, other)
        yield from (both, combine(other, one), combine(one, both), combine(both, one))
        yield from (both.limit(1), both.offset(1), both.fetch(1), both.order_by("id"))
        yield from (both.subquery(), both.subquery("x"), both.cte("x"), both.scalar_subquery())
    yield from (one.subquery(), one.lateral(), one.lateral("x"), one.scalar_subquery())
    yield from (one.exists(), ~one.exists(), one.cte("x", recursive=True))
    yield from (sa.select(one.cte("x")), sa.select(one.cte("x", nesting=True)))
    yield from (one.add_cte(other.cte("x")), one.add_cte(other.cte("x"), nest_here=True))
    yield sa.select(one.cte("x").prefix_with("A"))
    yield sa.select(one.cte("x").suffix_with("A"))
    yield sa.select(one.cte("x").suffix_with("A", dialect="mysql"))


def _windows(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    for options in (
        {"rows": (1, 2)}, {"rows": (0, 2)}, {"rows": (-1, 2)}, {"rows": (None, 2)},
        {"rows": (1, None)}, {"range_": (1, 2)}, {"groups": (1, 2)}, {"order_by": t.c.id},
        {"partition_by": t.c.id}, {"rows": (1, 2), "exclude": "TIES"},
        {"rows": (1, 2), "exclude": "GROUP"}, {"rows": (1, 2), "order_by": t.c.id},
        {"rows": (1, 2), "partition_by": t.c.id},
    ):  # fmt: skip
        yield sa.func.sum(t.c.v).over(**options)
    yield sa.func.sum(t.c.v).filter(t.c.id > 1)
    yield sa.func.sum(t.c.v).within_group(t.c.id)
    yield sa.func.sum(t.c.v).within_group(t.c.id.desc())
    yield sa.func.sum(t.c.v).within_group(t.c.id).over()


def _functions(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    f = sa.func.f(1)
    yield from (f, sa.func.F(1), sa.func.p.f(1), sa.func.f(1, type_=sa.Integer), sa.func.f(1.5))
    yield from (sa.func.f("1"), sa.func.f(), sa.func.f(None), sa.func.f(t.c.id))
    rows = (
        f.table_valued("x"), f.table_valued("x", with_ordinality="o"), f.table_valued("x", "y"),
        f.table_valued("x").render_derived(), f.table_valued("x").lateral(), f.alias("x"),
        f.table_valued(sa.column("x", sa.Integer)).render_derived(with_types=True),
        f.table_valued(sa.column("x", sa.String)).render_derived(with_types=True),
        f.table_valued("x", joins_implicitly=True), f.alias("x", joins_implicitly=True),
    )  # fmt: skip
    yield from (sa.select(each) for each in rows)
    yield sa.select(f.table_valued("x", "y").c.x)
    yield sa.select(f.table_valued("x", "y").c.y)
    yield from (sa.select(f.column_valued("x")), sa.select(f.column_valued("y")))
    yield from (f.scalar_table_valued("x"), f.scalar_table_valued("y"))


def _operators(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    c = t.c
    yield from (c.id + 1, c.id.op("+")(1), c.id.op("-")(1), c.id.bool_op("+")(1), c.id - 1)
    yield from (c.id.op("+", precedence=5)(1) * 2, c.id.op("+")(1) * 2, (c.id + 1) * 2)
    yield from (c.id.op("+", is_comparison=True)(1), c.id.op("+", return_type=sa.String)(1))
    for flags in ({}, {"flags": "i"}, {"flags": "x"}):
        yield c.name.regexp_match("x", **flags)
        yield c.name.regexp_replace("x", "y", **flags)
    for options in ({}, {"escape": "/"}, {"escape": "#"}):
        yield from (c.name.like("x", **options), c.name.ilike("x", **options))
        yield from (c.name.not_like("x", **options), c.name.contains("x", **options))
    yield from (c.name.startswith("x"), c.name.endswith("x"), c.name.istartswith("x"))
    yield from (c.id.in_([1]), c.id.not_in([1]), c.id.in_([c.v]), c.id.in_([None]))
    yield from (sa.tuple_(c.id, c.v).in_([(1, 2)]), sa.tuple_(c.id, c.name).in_([(1, "2")]))
    yield from (c.id.is_(None), c.id.is_not(None), c.b.is_(True), c.b.is_(False), c.b, ~c.b)
    yield from (c.id.between(1, 2), c.id.between(1, 2, symmetric=True), ~c.id.between(1, 2))
    yield from (c.id.asc(), c.id.desc(), c.id.nulls_first(), c.id.nulls_last(), -c.id, ~c.id)
    yield from (c.j["x"], c.j[1], c.j["x"].as_string(), c.j["x"].as_integer(), c.j[("x", 1)])
    yield from (c.j["x"].as_numeric(3, 1), c.j["x"].as_numeric(3, 2), c.j["x"].as_boolean())
    yield from (sa.extract("year", c.d), sa.extract("month", c.d), sa.null(), sa.true())
    yield from (sa.case((c.id == 1, 1)), sa.case((c.id == 1, 1), else_=1))
    yield from (sa.case((1, 1), value=c.id), sa.case((c.id == 1, 1), (c.id == 2, 1)))
    yield from (sa.any_(c.a) == 1, sa.all_(c.a) == 1, c.a[1], c.a[1:2], sa.distinct(c.id))


def _binds(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    for options in (
        {}, {"value": 1}, {"value": None}, {"unique": True}, {"value": 1, "unique": True},
        {"literal_execute": True}, {"expanding": True}, {"required": True}, {"required": False},
        {"callable_": int}, {"type_": sa.String},
    ):  # fmt: skip
        for name in ("a", "b", "id", "param"):
            yield t.c.id == sa.bindparam(name, **options)
            yield sa.select(sa.bindparam(name, **options))
    yield from (sa.select(sa.literal(1)), sa.select(sa.literal("1")), sa.select(sa.literal(1.5)))
    yield sa.select(sa.literal(1, literal_execute=True))
    text = sa.text("a = :b")
    yield from (text, text.bindparams(b=1), text.bindparams(b="1"), sa.text("a = :c"))
    yield text.bindparams(sa.bindparam("b", expanding=True))
    yield from (text.columns(t.c.id), text.columns(id=sa.Integer), text.columns(id=sa.String))


def _writes(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    i = sa.insert(t)
    yield from (i, i.values(id=1), i.values(name="x"), i.values(name=None), i.values({}))
    yield from (i.values(name=sa.null()), i.values(id=1, name="x"), i.inline())
    yield from (i.returning(t.c.id), i.returning(t), i.returning(t.c.v, t.c.id))
    yield i.returning(t.c.id, sort_by_parameter_order=True)
    yield from (i.return_defaults(), i.return_defaults(t.c.v), i.prefix_with("x"))
    yield i.return_defaults(supplemental_cols=[t.c.v])
    yield from (i.with_hint("x"), i.prefix_with("x", dialect="mysql"))
    source = sa.select(u.c.id)
    yield from (i.from_select(["id"], source), i.from_select(["v"], source))
    yield i.from_select(["id"], source, include_defaults=False)
    w = sa.update(t)
    yield from (w, w.values(name="x"), w.values(name="x", v=1), w.values(name=t.c.name))
    yield from (
        w.ordered_values((t.c.v, 1), (t.c.name, "x")),
        w.ordered_values((t.c.name, "x"), (t.c.v, 1)),
    )
    yield from (w.where(t.c.id == 1), w.where(t.c.id == u.c.id), w.returning(t.c.id))
    yield from (w.with_dialect_options(mysql_limit=5), w.with_dialect_options(mysql_limit=6))
    yield from (w.with_hint("x"), w.with_hint("x", dialect_name="mysql"), w.inline())
    d = sa.delete(t)
    yield from (d, d.where(t.c.id == 1), d.where(t.c.id == u.c.id), d.returning(t.c.id))
    yield from (d.with_dialect_options(mysql_limit=5), d.prefix_with("x"), d.with_hint("x"))


def _upserts(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    for dialect in (postgresql, sqlite):
        i = dialect.insert(t).values(id=1, name="x")
        yield from (i, i.on_conflict_do_nothing())
        for target in (["id"], ["name"], ["id", "name"]):
            update = i.on_conflict_do_update
            yield i.on_conflict_do_nothing(index_elements=target)
            yield i.on_conflict_do_nothing(index_elements=target, index_where=t.c.id > 5)
            yield update(index_elements=target, set_={"name": "x"})
            yield update(index_elements=target, set_={"v": 1})
            yield update(index_elements=target, set_={"name": "x", "v": 1})
            yield update(index_elements=target, set_={"name": i.excluded.name})
            yield update(index_elements=target, set_={"name": "x"}, where=t.c.id == 5)
    i = postgresql.insert(t)
    yield from (i.on_conflict_do_nothing(constraint=name) for name in ("q", "r"))
    m = mysql.insert(t).values(id=1)
    change = m.on_duplicate_key_update
    yield from (m, change(name="x"), change(v=1), change(name=m.inserted.name))
    yield from (change([("v", 1), ("name", "x")]), change([("name", "x"), ("v", 1)]))


def _identities(sa: Any, t: Any, u: Any) -> Iterator[Any]:
    """The same parts put together in other ways."""
    a, b = t.alias(), t.alias()
    yield from (sa.select(a.c.id, b.c.v), sa.select(a.c.id, a.c.v), sa.select(b.c.id, a.c.v))
    inner = sa.select(t.c.id + 1, t.c.v + 1).subquery()
    yield from (sa.select(inner.c[0]), sa.select(inner.c[1]), sa.select(inner.c[0], inner.c[1]))
    one, other = t.c.id.label(None), t.c.id.label(None)
    yield from (sa.select(one, other).order_by(one), sa.select(one, other).order_by(other))
    yield from (
        sa.select(a.c.id).where(sa.exists().where(a.c.v == 2)),
        sa.select(a.c.id).where(sa.exists().where(b.c.v == 2)),
    )
    for column in (t.c.id, t.c.v):
        start = sa.select(t.c.id).cte("x", recursive=True)
        yield sa.select(start.union_all(sa.select(column).join(start, start.c.id == t.c.v)))


GROUPS: tuple[Group, ...] = (
    _names,
    _casts,
    _selects,
    _compounds,
    _windows,
    _functions,
    _operators,
    _binds,
    _writes,
    _upserts,
    _identities,
)
