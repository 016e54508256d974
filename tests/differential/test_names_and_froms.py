"""Names of columns that are of a label or stand in several parts; what correlates, what is joined.

Also what SQLAlchemy warns of: names that only old programs use, and tables on the right of IN.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy

import ormolu
from ormolu.dialects import postgresql


def library(sa: Any) -> SimpleNamespace:
    metadata = sa.MetaData()

    def table(name: str, *columns: Any) -> Any:
        return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)

    x, s, b = (
        sa.Column(*each) for each in (("x", sa.Integer), ("s", sa.String), ("b", sa.Boolean))
    )
    t = table("t", x, s, b)
    u = table("u", sa.Column("t_id", sa.ForeignKey("t.id")))
    v = table("v", sa.Column("t_id", sa.ForeignKey("t.id")))
    return SimpleNamespace(
        sa=sa, select=sa.select, t=t, u=u, v=v, tu=t.join(u), label=t.c.x.label("y"), e=t.c.x + 1
    )


THEIRS, OURS = library(sqlalchemy), library(ormolu)

Make = Callable[[Any], Any]
OF_A_LABEL: dict[str, Make] = {
    "minus": lambda k: -k.label,
    "minus of minus": lambda k: (-k.label).__neg__(),
    "minus of a sum": lambda k: -k.e.label("e"),
    "minus of an anonymous label": lambda k: -k.t.c.x.label(None),
    "bitwise not": lambda k: k.label.bitwise_not(),
    "distinct": lambda k: k.label.distinct(),
    "not of a comparison": lambda k: ~(k.t.c.x == 1).label("z"),
    "not not": lambda k: ~~(k.t.c.x == 1).label("z"),
    "not of a boolean": lambda k: ~k.t.c.b.label("z"),
    "not of a number": lambda k: ~k.label,
    "not in": lambda k: ~k.t.c.x.in_([1]).label("z"),
    "not like": lambda k: ~k.t.c.s.like("a").label("z"),
    "not exists": lambda k: ~k.sa.exists().where(k.t.c.x == 2).label("z"),
    "not of and": lambda k: ~k.sa.and_(k.t.c.x == 1, k.t.c.x == 2).label("z"),
    "cast of minus": lambda k: k.sa.cast(-k.label, k.sa.Integer),
    "minus under another label": lambda k: (-k.label).label("w"),
}
AROUND: dict[str, Make] = {
    "alone": lambda k: lambda e: k.select(e),
    "twice": lambda k: lambda e: k.select(e, e, k.label),
    "inside": lambda k: lambda e: k.select(k.select(e, k.t.c.id).subquery()),
    "where": lambda k: lambda e: k.select(k.t.c.id).where(e),
    "ordered": lambda k: lambda e: k.select(e).order_by(e),
    "added": lambda k: lambda e: k.select(k.sa.literal(1) + e),
    "with tables' names": lambda k: (
        lambda e: k.select(e, k.t.c.id).set_label_style(k.sa.LABEL_STYLE_TABLENAME_PLUS_COL)
    ),
}


def text(statement: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of DISTINCT outside of an aggregate
        return str(statement)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", OF_A_LABEL)
def test_what_is_of_a_label_has_its_name(name: str, around: str) -> None:
    made, inside = OF_A_LABEL[name], AROUND[around]
    assert text(inside(OURS)(made(OURS))) == text(inside(THEIRS)(made(THEIRS)))


@pytest.mark.parametrize("name", OF_A_LABEL)
def test_rows_have_that_name(name: str) -> None:
    found = {}
    for k in (THEIRS, OURS):
        engine = k.sa.create_engine("sqlite://")
        k.t.create(engine)
        with engine.connect() as connection, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found[k.sa] = list(connection.execute(k.select(OF_A_LABEL[name](k))).keys())
        engine.dispose()
    assert found[ormolu] == found[sqlalchemy]


def lower(k: Any) -> Any:
    return k.sa.func.lower(k.t.c.s)


def anonymous(k: Any) -> Any:
    """A CTE whose columns are an expression and its name."""
    inner = k.select(k.e).cte("q")
    (column,) = inner.c
    return k.select(k.sa.cast(column, k.sa.Integer), column).cte()


STATEMENTS: dict[str, Make] = {
    "one expression in both parts": lambda k: k.sa.union(k.select(k.e), k.select(k.e)),
    "two expressions": lambda k: k.sa.union(k.select(k.t.c.x + 1), k.select(k.t.c.x + 1)),
    "in another place": lambda k: k.sa.union(
        k.select(k.e, k.t.c.x + 2), k.select(k.t.c.x + 2, k.e)
    ),
    "twice in both parts": lambda k: k.sa.union(k.select(k.e, k.e), k.select(k.e, k.e)),
    "in a subquery": lambda k: k.select(
        (lambda f: k.sa.union(k.select(f), k.select(f)))(lower(k)).subquery()
    ),
    "in a CTE": lambda k: k.select(
        (lambda f: k.sa.union_all(k.select(k.e, f), k.select(k.e, f)))(lower(k)).cte()
    ),
    "in nested parts": lambda k: k.sa.union(
        k.sa.union_all(k.select(k.e), k.select(k.e)), k.select(k.e)
    ),
    "in three parts": lambda k: k.sa.union(*[k.select(k.e).limit(1)] * 3),
    "a second column of an anonymous name": lambda k: k.select(anonymous(k)),
    "correlate to a join": lambda k: k.select(
        k.select(k.v.c.id).where(k.u.c.t_id == k.v.c.t_id).correlate(k.tu).scalar_subquery()
    ).select_from(k.tu),
    "correlate to a join that it has": lambda k: k.select(k.tu).where(
        k.select(k.sa.func.count()).select_from(k.tu).correlate(k.tu).exists()
    ),
    "correlate except a join": lambda k: k.select(k.tu).where(
        k.select(k.v.c.id).where(k.u.c.t_id == k.v.c.t_id).correlate_except(k.tu).exists()
    ),
    "correlate except a join that it has": lambda k: k.select(k.v).where(
        k.select(k.u.c.id).select_from(k.tu).where(k.u.c.t_id == k.v.c.t_id)
        .correlate_except(k.tu).exists()
    ),
    "rows written twice": lambda k: (
        lambda rows: k.select(rows.c.a).where(k.select(rows.c.a).correlate(None).exists())
    )(k.sa.values(k.sa.column("a", k.sa.Integer), name="r").data([(1,)])),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_are_sqlalchemys(name: str) -> None:
    make = STATEMENTS[name]
    ours, theirs = make(OURS).compile(), make(THEIRS).compile()
    assert str(ours) == str(theirs)
    assert ours.params == theirs.params


def scalar(k: Any, *columns: Any) -> Any:
    return k.select(*columns).scalar_subquery()


CONDITIONS: dict[str, Make] = {
    "of one table": lambda k: scalar(k, k.sa.func.max(k.t.c.id)),
    "of another": lambda k: scalar(k, k.v.c.id),
    "labelled": lambda k: scalar(k, k.v.c.id).label("z"),
    "by its condition": lambda k: k.select(k.sa.literal(1)).where(k.v.c.id == 1).scalar_subquery(),
    "of both": lambda k: scalar(k, k.t.c.id + k.v.c.id),
    "of none": lambda k: k.sa.literal(1),
    "in a function": lambda k: k.sa.func.f(scalar(k, k.v.c.id)),
    "of a subquery": lambda k: k.select(k.t.c.id).subquery().c.id,
}


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("order", ["tv", "vt"])
def test_a_join_finds_its_left_side_by_the_condition(name: str, order: str) -> None:
    def made(k: Any) -> str:
        froms = [getattr(k, each) for each in order]
        try:
            return str(k.select(*froms).join(k.u, k.u.c.id == CONDITIONS[name](k)))
        except k.sa.exc.InvalidRequestError:
            return "refused"

    assert made(OURS) == made(THEIRS)


COERCED: dict[str, Make] = {
    "table": lambda k: k.u,
    "alias": lambda k: k.u.alias("a"),
    "subquery": lambda k: k.select(k.u.c.id).subquery(),
    "CTE": lambda k: k.select(k.u.c.id).cte("q"),
    "function": lambda k: k.sa.func.f(1),
}


@pytest.mark.parametrize("k", [THEIRS, OURS])
@pytest.mark.parametrize("name", COERCED)
def test_what_is_no_select_is_made_one_in_in(k: Any, name: str) -> None:
    with pytest.warns(k.sa.exc.SAWarning, match="Coercing .* object into a select") as warned:
        found = k.select(k.t.c.x).where(k.t.c.x.in_(COERCED[name](k)))
    assert warned[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert str(found) == str(THEIRS.select(THEIRS.t.c.x).where(
            THEIRS.t.c.x.in_(COERCED[name](THEIRS))
        ))  # fmt: skip


def test_values_stand_in_in() -> None:
    def made(k: Any) -> str:
        rows = k.sa.values(k.sa.column("a", k.sa.Integer), name="r").data([(1,), (2,)])
        return str(k.select(k.t.c.x).where(k.t.c.x.in_(rows)))

    assert made(OURS) == made(THEIRS)


def result(k: Any) -> Any:
    return k.sa.create_engine("sqlite://").connect().execute(k.sa.text("SELECT 1 AS a"))


DEPRECATED: dict[str, Callable[[Any], Any]] = {
    "Row._tuple()": lambda k: result(k).one()._tuple(),
    "Row._t": lambda k: result(k).one()._t,
    "Row.tuple()": lambda k: result(k).one().tuple(),
    "Row.t": lambda k: result(k).one().t,
    "Result.tuples()": lambda k: result(k).tuples().one(),
    "Result.t": lambda k: result(k).t.one(),
    "as_scalar()": lambda k: str(k.select(k.t.c.x).as_scalar()),
    "as_scalar() of a subquery": lambda k: str(k.select(k.t.c.x).subquery().as_scalar()),
    "froms": lambda k: len(k.select(k.t.c.x).froms),
    "tometadata()": lambda k: k.t.tometadata(k.sa.MetaData()).name,
    "and_()": lambda k: str(k.sa.and_()),
    "or_()": lambda k: str(k.sa.or_()),
}


@pytest.mark.parametrize("name", DEPRECATED)
def test_what_is_deprecated_warns_and_works(name: str) -> None:
    made = []
    for k in (THEIRS, OURS):
        with pytest.warns(k.sa.exc.SADeprecationWarning) as warned:
            made.append(DEPRECATED[name](k))
        assert warned[-1].filename == __file__
    assert made[0] == made[1]


ODD_NAMES = [
    "_x",
    "x_",
    "__",
    "x$",
    "$1",
    "(x)",
    "%",
    "a%%b",
    "a  b",
    " ",
    "a:b",
    "a[b]",
    "é ü",
    "A B",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_generated_names_leave_out_what_no_name_has(name: str) -> None:
    def made(sa: Any) -> list[str]:
        t = sa.table("t", sa.column(name))
        column, other = t.c[name], t.alias("u").c[name]
        labelled = sa.select((column + 1).label(name)).cte()
        found = [
            (column == 1) & (other == 2),
            sa.select(column, other, column).where(column.in_([1])),
            sa.select(column, column).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL),
            sa.select(sa.table(name, sa.column("q")).alias().c.q),
            sa.update(t).values({name: 1}).where(column == 2),
            sa.select(*labelled.c, *labelled.c).where(labelled.c[0] == 1),
            sa.select(sa.select(column, other).subquery()),
            sa.select(sa.bindparam(name, 1), sa.bindparam(name, 1, unique=True)),
        ]
        return [str(each) for each in found]

    assert made(ormolu) == made(sqlalchemy)


OF_NO_TABLE: dict[str, Make] = {
    "a column": lambda k: k.sa.column("x"),
    "another": lambda k: k.sa.column("x", k.sa.Integer),
    "a literal column": lambda k: k.sa.literal_column("x"),
    "a cast": lambda k: k.sa.cast(k.sa.column("x"), k.sa.String),
    "a label": lambda k: k.sa.literal(1).label("x"),
    "a table's": lambda k: k.t.c.x,
}


@pytest.mark.parametrize("second", OF_NO_TABLE)
@pytest.mark.parametrize("first", OF_NO_TABLE)
def test_a_column_of_no_table_has_its_own_name(first: str, second: str) -> None:
    def made(k: Any) -> list[str]:
        columns = OF_NO_TABLE[first](k), OF_NO_TABLE[second](k)
        query = k.select(*columns)
        found = [str(query)]
        for more in (
            lambda: k.select(query.subquery()),
            lambda: k.select(query.cte().c[0] == 5),
            lambda: query.order_by(columns[0]),
        ):
            try:
                found.append(str(more()))
            except k.sa.exc.InvalidRequestError:
                found.append("refused")
        return found

    assert made(OURS) == made(THEIRS)


@pytest.mark.parametrize("names", ["x cast", "cast x", "t x", "x t", "t cast", "cast t"])
def test_a_name_in_order_by_is_that_of_the_last_column(names: str) -> None:
    def made(k: Any) -> str:
        x = k.sa.column("x")
        columns = {"x": x, "t": k.t.c.x, "cast": k.sa.cast(x, k.sa.String)}
        return str(k.select(*[columns[name] for name in names.split()]).order_by("x"))

    assert made(OURS) == made(THEIRS)


def test_binds_are_named_after_the_column_that_a_subquery_gives() -> None:
    def made(k: Any) -> list[str]:
        sa, metadata = k.sa, k.sa.MetaData()
        t = sa.Table("t", metadata, sa.Column("since", sa.Integer, key="year"))
        rows = sa.values(sa.column("w", sa.Integer), name="q").data([(1,)])
        inner = [
            k.select(sa.cast(t.c.year, sa.String)),
            k.select(t.c.year, t.c.year),
            k.select(rows.c.w, rows.c.w),
            k.select(sa.func.lower("a").label("w"), rows.c.w),
        ]
        return [str(k.select(*[column == 5 for column in q.subquery().c])) for q in inner]

    assert made(OURS) == made(THEIRS)


def test_literals_in_a_tuple_have_the_types_of_the_values() -> None:
    def made(k: Any) -> str:
        c = k.sa.column("c")
        condition = k.sa.tuple_(c, k.sa.func.f(c)).in_([(4, "x"), (5, None)])
        return str(condition.compile(compile_kwargs={"literal_binds": True}))

    assert made(OURS) == made(THEIRS)


def namesakes(k: Any) -> tuple[Any, Any, Any]:
    """Tables of one name in three schemas."""
    metadata = k.sa.MetaData()
    made = [
        k.sa.Table("a", metadata, k.sa.Column("x", k.sa.Integer), schema=schema)
        for schema in (None, "o", "p")
    ]
    return made[0], made[1], made[2]


NAMESAKES: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "beside": lambda k, a, o, p: k.select(a, o),
    "the other way round": lambda k, a, o, p: k.select(o, a),
    "three": lambda k, a, o, p: k.select(o, p, a),
    "two of schemas": lambda k, a, o, p: k.select(o, p),
    "joined": lambda k, a, o, p: k.select(a.join(o, a.c.x == o.c.x)),
    "inside": lambda k, a, o, p: k.select(o).where(k.sa.exists().where(a.c.x == o.c.x)),
    "in another SELECT": lambda k, a, o, p: k.select(a).where(a.c.x.in_(k.select(o.c.x))),
    "in a subquery": lambda k, a, o, p: k.select(k.select(a.c.x, o.c.x).subquery(), a),
    "in a part": lambda k, a, o, p: k.sa.union(k.select(a.c.x, o.c.x), k.select(a.c.x, a.c.x)),
    "ordered": lambda k, a, o, p: k.select(a, o).order_by(a.c.x).group_by(a.c.x),
    "from select": lambda k, a, o, p: k.sa.insert(o).from_select(
        ["x"], k.select(a.c.x).join(o, o.c.x == a.c.x)
    ),
    "updated": lambda k, a, o, p: k.sa.update(o).values(x=a.c.x).where(a.c.x == o.c.x),
    "aliased": lambda k, a, o, p: k.select(o, a, a.alias("z")),
}


@pytest.mark.parametrize("name", NAMESAKES)
def test_a_table_beside_one_of_its_name_in_a_schema_gets_another(name: str) -> None:
    make = NAMESAKES[name]
    assert str(make(OURS, *namesakes(OURS))) == str(make(THEIRS, *namesakes(THEIRS)))


def test_a_lock_names_such_a_table_by_its_new_name() -> None:
    a, o, _ = namesakes(OURS)
    query = OURS.select(a, o).with_for_update(of=a)
    assert str(query.compile(dialect=postgresql.dialect())).endswith("FOR UPDATE OF a_1")


def on_mysql(k: Any, statement: Any) -> str:
    return str(statement.compile(dialect=k.sa.make_url("mysql://").get_dialect()()))


def test_a_hint_is_to_what_it_names() -> None:
    def made(k: Any) -> list[str]:
        a, o, _ = namesakes(k)
        alias = o.alias("z")
        return [
            on_mysql(k, k.select(from_).with_hint(hinted, "USE INDEX (%(name)s_x)"))
            for from_ in (a, o, alias, a.join(alias, a.c.x == alias.c.x))
            for hinted in (a, o, alias)
        ]

    assert made(OURS) == made(THEIRS)


OF_NONE: dict[str, Callable[[Any, Any], Any]] = {
    "between": lambda sa, c: c.between(None, 1),
    "between to": lambda sa, c: ~c.between(1, None),
    "an operator": lambda sa, c: c.op("~", is_comparison=True)(None),
    "a regular expression": lambda sa, c: c.regexp_match(None),
    "match": lambda sa, c: c.match(None),
    "sum": lambda sa, c: c + None,
    "like": lambda sa, c: c.like(None),
    "ilike": lambda sa, c: c.not_ilike(None),
    "startswith": lambda sa, c: c.startswith(None),
    "less": lambda sa, c: c < None,
    "equal": lambda sa, c: c == None,  # noqa: E711
}


@pytest.mark.parametrize("name", OF_NONE)
def test_none_is_a_bind_a_null_or_refused(name: str) -> None:
    def made(k: Any) -> Any:
        try:
            column = k.t.c.x if name in ("sum", "between", "between to") else k.t.c.s
            compiled = OF_NONE[name](k.sa, column).compile()
        except k.sa.exc.ArgumentError:
            return "refused"
        return str(compiled), compiled.params

    assert made(OURS) == made(THEIRS)


def test_functions_in_from_are_named_after_their_names() -> None:
    def made(k: Any) -> list[str]:
        plain = k.sa.func.g(1).table_valued("v")
        named = plain.alias("a")
        froms = [
            plain.lateral(), named.lateral(), named.lateral("w"), named.alias(),
            named.render_derived(), plain.render_derived(), named.alias("h"),
        ]  # fmt: skip
        return [str(k.select(each.c.v)) for each in froms]

    assert made(OURS) == made(THEIRS)


def test_a_sample_of_an_alias_has_its_name_first() -> None:
    sample = OURS.t.tablesample(5, name="s")
    text = "SELECT z.x \nFROM t AS z TABLESAMPLE system(:system_1)"
    assert str(OURS.select(sample.alias("z").c.x)) == text
