"""Selectables of mapped classes have SQLAlchemy's text, for three dialects."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

Case = Callable[[Any], Any]

CASES: dict[str, Case] = {
    "hint": lambda m: m.sa.select(m.User).with_hint(m.User, "USE INDEX (x)", "mysql"),
    "hint of an alias": lambda m: m.sa.select(m.alias).with_hint(m.alias, "USE INDEX (x)", "mysql"),
    "statement hint": lambda m: (
        m.sa.select(m.User).with_statement_hint("H").prefix_with("PRE").suffix_with("S")
    ),
    "for update of a class": lambda m: (
        m.sa.select(m.User).join(m.User.posts).with_for_update(of=m.Post)
    ),
    "for update of a column": lambda m: m.sa.select(m.User).with_for_update(of=m.User.id),
    "lateral": lambda m: m.sa.select(
        m.User.name, m.sa.select(m.Post.id).where(m.Post.uid == m.User.id).lateral("l").c.id
    ),
    "cte": lambda m: (lambda c: m.sa.select(m.User).join(c, c.c.uid == m.User.id))(
        m.sa.select(m.Post).cte("c")
    ),
    "recursive cte": lambda m: (
        lambda c: m.sa.select(c.union_all(m.sa.select(m.Post.id).where(m.Post.uid == c.c.id)))
    )(m.sa.select(m.User.id).cte("c", recursive=True)),
    "nesting cte": lambda m: m.sa.select(
        m.sa.select(m.sa.select(m.User.id).cte("n", nesting=True).c.id).cte("c")
    ),
    "add_cte": lambda m: m.sa.select(m.User).add_cte(m.sa.insert(m.Post).values(uid=1).cte("i")),
    "exists": lambda m: m.sa.select(m.User).where(
        m.sa.exists(m.Post).where(m.Post.uid == m.User.id)
    ),
    "union": lambda m: m.sa.union(
        m.sa.select(m.User.id, m.User.name), m.sa.select(m.Post.id, m.Post.uid)
    ).order_by(m.User.id),
    "union with labels": lambda m: m.sa.union(
        m.sa.select(m.User.id), m.sa.select(m.Post.id)
    ).set_label_style(m.sa.LABEL_STYLE_TABLENAME_PLUS_COL),
    "table valued": lambda m: m.sa.select(
        m.User.id, m.sa.func.json_each(m.User.name).table_valued("key", "value", name="j").c.value
    ),
    "with_only_columns": lambda m: m.sa.select(m.User, m.Post).with_only_columns(
        m.User.id, maintain_column_froms=True
    ),
    "subquery of repeated names": lambda m: m.sa.select(
        m.sa.select(m.User.id, m.Post.id).join(m.Post).subquery()
    ),
    "alias of a subquery": lambda m: m.sa.select(
        m.orm.aliased(m.User, m.sa.select(m.User).where(m.User.id > 5).subquery())
    ),
    "fetch": lambda m: m.sa.select(m.User).order_by(m.User.id).fetch(5, with_ties=True),
    "values": lambda m: (lambda v: m.sa.select(m.User).join(v, v.c.a == m.User.id))(
        m.sa.values(m.sa.column("a", m.sa.Integer), name="v").data([(1,)])
    ),
    "reduce_columns": lambda m: (
        m.sa.select(m.User.id, m.Post.id, m.Post.uid)
        .where(m.Post.uid == m.User.id)
        .reduce_columns(only_synonyms=False)
    ),
}


def mapped(library: str) -> Any:
    """Two mapped classes and an alias, of one library."""
    sa, orm = importlib.import_module(library), importlib.import_module(f"{library}.orm")

    class Base(orm.DeclarativeBase):
        pass

    user = type(
        "User",
        (Base,),
        {
            "__tablename__": "users",
            "id": orm.mapped_column(sa.Integer, primary_key=True),
            "name": orm.mapped_column(sa.String(20)),
            "posts": orm.relationship("Post"),
        },
    )
    post = type(
        "Post",
        (Base,),
        {
            "__tablename__": "posts",
            "id": orm.mapped_column(sa.Integer, primary_key=True),
            "uid": orm.mapped_column(sa.ForeignKey("users.id")),
        },
    )
    dialects = {
        name: importlib.import_module(f"{library}.dialects.{name}").dialect()
        for name in ("mysql", "postgresql", "sqlite")
    }
    return SimpleNamespace(
        sa=sa, orm=orm, User=user, Post=post, alias=orm.aliased(user), dialects=dialects
    )


@pytest.fixture(scope="module")
def libraries() -> list[Any]:
    return [mapped("sqlalchemy"), mapped("ormolu")]


@pytest.mark.parametrize("dialect", ["default", "mysql", "postgresql", "sqlite"])
@pytest.mark.parametrize("name", CASES)
def test_text_is_sqlalchemys(libraries: list[Any], name: str, dialect: str) -> None:
    theirs, ours = [str(CASES[name](m).compile(dialect=m.dialects.get(dialect))) for m in libraries]
    assert ours == theirs


def test_final_froms_and_descriptions_are_sqlalchemys(libraries: list[Any]) -> None:
    told = []
    for m in libraries:
        joined = m.sa.select(m.User).join(m.User.posts)
        several = m.sa.select(m.User, m.User.id, m.alias, m.sa.func.count())
        told.append(
            (
                [str(f) for f in joined.get_final_froms()],
                [str(f) for f in m.sa.select(m.User, m.Post.id).columns_clause_froms],
                [(d["name"], d["aliased"]) for d in several.column_descriptions],
                [d["entity"] in (m.User, m.alias) for d in several.column_descriptions],
                list(m.sa.select(m.User, m.Post.id).selected_columns.keys()),
            )
        )
    assert told[0] == told[1]
