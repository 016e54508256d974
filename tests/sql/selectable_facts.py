"""What selectables tell of themselves: ``(sa, t, u, a) -> a plain value`` that both give alike.

The tables are those of ``selectable_cases``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Fact = Callable[[Any, Any, Any, Any], Any]


def keys(columns: Any) -> list[str]:
    """The keys of a collection, anonymous ones left out."""
    return [str(key) for key in columns.keys() if "%(" not in str(key)]  # noqa: SIM118


def names(elements: Any) -> list[str]:
    """What FROM elements are called."""
    return [str(element) if element.name is None else str(element.name) for element in elements]


def described(statement: Any) -> list[Any]:
    """The column descriptions of a statement, as plain values."""
    return [
        (d["name"], type(d["type"]).__name__, d.get("aliased"), d["expr"] is not None)
        for d in statement.column_descriptions
    ]


FACTS: dict[str, Fact] = {
    "keys: columns": lambda sa, t, u, a: keys(sa.select(t).selected_columns),
    "keys: repeated": lambda sa, t, u, a: keys(sa.select(t.c.id, u.c.id).selected_columns),
    "keys: repeated thrice": lambda sa, t, u, a: keys(
        sa.select(t.c.id, u.c.id, a.c.id).selected_columns
    ),
    "keys: the same column": lambda sa, t, u, a: keys(
        sa.select(t.c.id, t.c.id, t.c.id, u.c.id).selected_columns
    ),
    "keys: expressions": lambda sa, t, u, a: keys(
        sa.select(
            t.c.id + 1, sa.func.max(t.c.id), sa.func.max(u.c.id), sa.cast(t.c.id, sa.Integer)
        ).selected_columns
    ),
    "keys: unnamed": lambda sa, t, u, a: keys(
        sa.select(-t.c.id, sa.null(), sa.literal(5), sa.exists(t.c.id)).subquery().c
    ),
    "keys: label style none": lambda sa, t, u, a: keys(
        sa.select(t.c.id, u.c.id).set_label_style(sa.LABEL_STYLE_NONE).selected_columns
    ),
    "keys: label style none, subquery": lambda sa, t, u, a: keys(
        sa.select(t.c.id, u.c.id).set_label_style(sa.LABEL_STYLE_NONE).subquery().c
    ),
    "keys: table and column": lambda sa, t, u, a: keys(
        sa.select(t.c.id, u.c.id, t.c.id)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .selected_columns
    ),
    "keys: text is left out": lambda sa, t, u, a: keys(
        sa.select(t.c.id, sa.text("x"), sa.literal_column("y")).selected_columns
    ),
    "keys: exported": lambda sa, t, u, a: keys(sa.select(t.c.id, u.c.id).exported_columns),
    "keys: union": lambda sa, t, u, a: keys(
        sa.union(sa.select(t.c.id, t.c.name), sa.select(u.c.id, u.c.v)).selected_columns
    ),
    "keys: cte": lambda sa, t, u, a: keys(sa.select(t.c.id, u.c.id).cte("c").c),
    "keys: cte of an insert": lambda sa, t, u, a: keys(
        sa.insert(u).returning(u.c.id, u.c.v).cte("c").c
    ),
    "keys: join": lambda sa, t, u, a: keys(t.join(u).c),
    "keys: values": lambda sa, t, u, a: keys(sa.values(t.c.id, sa.column("z")).c),
    "keys: table valued": lambda sa, t, u, a: keys(
        sa.func.f().table_valued("a", sa.column("b"), with_ordinality="n").c
    ),
    "keys: textual": lambda sa, t, u, a: keys(
        sa.text("SELECT").columns(sa.column("a"), b=sa.Integer).selected_columns
    ),
    "style: default": lambda sa, t, u, a: sa.select(t).get_label_style().name,
    "style: set": lambda sa, t, u, a: (
        sa.select(t).set_label_style(sa.LABEL_STYLE_NONE).get_label_style().name
    ),
    "style: union": lambda sa, t, u, a: (
        sa.union(sa.select(t.c.id).set_label_style(sa.LABEL_STYLE_NONE), sa.select(u.c.id))
        .get_label_style()
        .name
    ),
    "froms: of columns": lambda sa, t, u, a: names(sa.select(t.c.id, u.c.id).get_final_froms()),
    "froms: of conditions": lambda sa, t, u, a: names(
        sa.select(t.c.id).where(u.c.id == 5).get_final_froms()
    ),
    "froms: joined": lambda sa, t, u, a: [
        str(f) for f in sa.select(t.c.id).join(u).get_final_froms()
    ],
    "froms: of the columns clause": lambda sa, t, u, a: names(
        sa.select(t.c.id, u.c.id).where(a.c.id == 5).columns_clause_froms
    ),
    "froms: named": lambda sa, t, u, a: names(sa.select(t.c.id).select_from(u).get_final_froms()),
    "corresponding: alias": lambda sa, t, u, a: a.corresponding_column(t.c.id) is a.c.id,
    "corresponding: nothing": lambda sa, t, u, a: a.corresponding_column(u.c.id) is None,
    "corresponding: subquery": lambda sa, t, u, a: (
        lambda s: s.corresponding_column(t.c.id) is s.c.id
    )(sa.select(t.c.id, t.c.name).subquery()),
    "corresponding: label": lambda sa, t, u, a: (lambda s: s.corresponding_column(t.c.id) is s.c.x)(
        sa.select(t.c.id.label("x"), t.c.name).subquery()
    ),
    "corresponding: nested": lambda sa, t, u, a: (
        lambda s: s.corresponding_column(t.c.id) is s.c.id
    )(sa.select(sa.select(t).subquery()).subquery()),
    "corresponding: union": lambda sa, t, u, a: (
        lambda s: (
            s.corresponding_column(t.c.id) is s.c.id,
            s.corresponding_column(u.c.id) is s.c.id,
        )
    )(sa.union(sa.select(t.c.id), sa.select(u.c.id)).subquery()),
    "corresponding: join": lambda sa, t, u, a: (
        lambda j: (
            j.corresponding_column(u.c.id) is u.c.id,
            j.corresponding_column(a.c.id) is None,
        )
    )(t.join(u)),
    "corresponding: statement": lambda sa, t, u, a: (
        sa.select(t.c.name, t.c.id).corresponding_column(t.c.id) is t.c.id
    ),
    "corresponding: cte": lambda sa, t, u, a: (
        lambda c: (
            c.corresponding_column(t.c.id) is c.c.id,
            c.alias().corresponding_column(c.c.id) is not None,
        )
    )(sa.select(t.c.id).cte("c")),
    "corresponding: expression": lambda sa, t, u, a: (
        lambda f: (lambda s: s.corresponding_column(f) is s.c.m)(sa.select(f).subquery())
    )(sa.func.max(t.c.id).label("m")),
    "corresponding: self join": lambda sa, t, u, a: (
        lambda s: (
            s.corresponding_column(t.c.id) is s.c.id,
            s.corresponding_column(a.c.id) is s.c.id_1,
        )
    )(sa.select(t.c.id, a.c.id).subquery()),
    "derived: alias": lambda sa, t, u, a: (a.is_derived_from(t), a.is_derived_from(u)),
    "derived: union": lambda sa, t, u, a: (
        sa.union(sa.select(t.c.id), sa.select(u.c.id)).subquery().is_derived_from(u)
    ),
    "derived: join": lambda sa, t, u, a: (
        t.join(u).is_derived_from(u),
        t.join(u).is_derived_from(a),
    ),
    "described: columns": lambda sa, t, u, a: described(sa.select(t.c.id, t.c.name)),
    "described: label": lambda sa, t, u, a: described(sa.select(t.c.id.label("x"))),
    "described: function": lambda sa, t, u, a: described(sa.select(sa.func.count(t.c.id))),
    "type: scalar": lambda sa, t, u, a: type(sa.select(t.c.name).scalar_subquery().type).__name__,
    "type: exists": lambda sa, t, u, a: type(sa.exists(t.c.name).type).__name__,
    "type: of a subquery's column": lambda sa, t, u, a: (
        type(sa.select(sa.func.count(t.c.id).label("n")).subquery().c.n.type).__name__
    ),
    "type: of a union's column": lambda sa, t, u, a: (
        type(sa.union(sa.select(t.c.name), sa.select(u.c.v)).subquery().c.name.type).__name__
    ),
    "whereclause: none": lambda sa, t, u, a: sa.select(t).whereclause is None,
    "whereclause: one": lambda sa, t, u, a: str(sa.select(t).where(t.c.id == 5).whereclause),
    "whereclause: two": lambda sa, t, u, a: str(
        sa.select(t).where(t.c.id == 5, t.c.name == "x").whereclause
    ),
    "names: subquery": lambda sa, t, u, a: sa.select(t).subquery("q").name,
    "names: alias": lambda sa, t, u, a: t.alias("q").name,
    "names: description": lambda sa, t, u, a: (t.description, t.alias("q").description),
    "primary key: alias": lambda sa, t, u, a: keys_of(a.primary_key),
    "primary key: subquery": lambda sa, t, u, a: keys_of(sa.select(t).subquery().primary_key),
    "foreign keys: subquery": lambda sa, t, u, a: sorted(
        key.column.name for key in sa.select(u).subquery().foreign_keys
    ),
    "original: alias": lambda sa, t, u, a: (a.original is t, a.element is t),
    "selectable: itself": lambda sa, t, u, a: (
        t.selectable is t,
        sa.select(t).selectable is not None,
    ),
    "flags": lambda sa, t, u, a: (
        sa.select(t).is_select,
        sa.union(sa.select(t), sa.select(t)).is_select,
        sa.select(t).is_dml,
    ),
    "compare: equal": lambda sa, t, u, a: sa.select(t.c.id).compare(sa.select(t.c.id)),
    "compare: different": lambda sa, t, u, a: sa.select(t.c.id).compare(sa.select(t.c.name)),
    "inner columns": lambda sa, t, u, a: [str(c) for c in sa.select(t.c.id, u.c.v).inner_columns],
}


def keys_of(columns: Any) -> list[str]:
    """The keys of columns, in order."""
    return sorted(column.key for column in columns)


ERRORS: dict[str, Fact] = {
    "no foreign key": lambda sa, t, u, a: str(sa.select(t.c.id).join(a)),
    "no foreign key between tables": lambda sa, t, u, a: t.join(t.alias()),
    "no foreign key from": lambda sa, t, u, a: str(sa.select(t.c.id).join_from(t, a)),
    "join to itself": lambda sa, t, u, a: str(sa.select(t).join(t)),
    "two foreign keys, statement": lambda sa, t, u, a: str(sa.select(t.c.id).join(_twice(sa, t))),
    "another metadata": lambda sa, t, u, a: t.join(
        sa.Table("w", sa.MetaData(), sa.Column("a", sa.ForeignKey("t.id")))
    ),
    "two foreign keys": lambda sa, t, u, a: t.join(_twice(sa, t)),
    "no left side": lambda sa, t, u, a: str(sa.select(sa.literal(1)).join(t)),
    "several left sides": lambda sa, t, u, a: str(sa.select(t.c.id, a.c.id).join(u)),
    "join to a number": lambda sa, t, u, a: sa.select(t.c.id).join(5),
    "select_from a number": lambda sa, t, u, a: sa.select(t.c.id).select_from(5),
    "select a string": lambda sa, t, u, a: sa.select("id"),
    "select a list": lambda sa, t, u, a: sa.select([t.c.id]),
    "where a number": lambda sa, t, u, a: sa.select(t.c.id).where(5),
    "order by a number": lambda sa, t, u, a: sa.select(t.c.id).order_by(5.5),
    "limit of text": lambda sa, t, u, a: sa.select(t.c.id).limit(sa.text("5")),
    "limit of words": lambda sa, t, u, a: sa.select(t.c.id).limit("five"),
    "auto-correlation leaves nothing": lambda sa, t, u, a: str(
        sa.select(t.c.id, u.c.id).where(
            t.c.id == sa.select(t.c.id).where(t.c.id == u.c.id).scalar_subquery()
        )
    ),
    "union of different widths": lambda sa, t, u, a: str(
        sa.union(sa.select(t.c.id), sa.select(u.c.id, u.c.v))
    ),
    "union of a table": lambda sa, t, u, a: sa.union(t, u),
    "values of a wrong width": lambda sa, t, u, a: str(
        sa.select(sa.values(sa.column("a"), name="v").data([(1, 2)]))
    ),
    "ctes of one name": lambda sa, t, u, a: str(
        sa.select(sa.select(t.c.id).cte("c").c.id, sa.select(u.c.id).cte("c").c.id)
    ),
    "unknown label in order_by": lambda sa, t, u, a: str(sa.select(t.c.id).order_by("nothing")),
    "unknown column": lambda sa, t, u, a: sa.select(t.c.id).subquery().c.nothing,
    "unknown key": lambda sa, t, u, a: t.c["nothing"],
    "column of a scalar": lambda sa, t, u, a: sa.select(t.c.id).scalar_subquery().c.id,
    "label twice in a subquery": lambda sa, t, u, a: str(
        sa.select(sa.select(t.c.id.label("x"), u.c.id.label("x")).subquery())
    ),
    "unknown position": lambda sa, t, u, a: sa.select(t).apply_syntax_extension_point(
        lambda there: there, "nowhere"
    ),
    "filter_by of nothing": lambda sa, t, u, a: sa.select(t).filter_by(nothing=1),
    "truth of a statement": lambda sa, t, u, a: bool(t.c.id < 5),
}


def _twice(sa: Any, t: Any) -> Any:
    return sa.Table(
        "w",
        t.metadata,
        sa.Column("a", sa.ForeignKey("t.id")),
        sa.Column("b", sa.ForeignKey("t.id")),
    )
