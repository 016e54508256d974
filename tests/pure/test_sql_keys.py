"""Statement keys: what makes two statements share one compiled form."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import (
    Integer,
    String,
    and_,
    bindparam,
    column,
    func,
    not_,
    or_,
    select,
    table,
    text,
    tuple_,
    values,
)
from ormolu.exc import AmbiguousColumnError, ArgumentError, CompileError, InvalidRequestError
from ormolu.sql.keys import key_of

users = table("users", column("id", Integer), column("name", String))
posts = table("posts", column("id", Integer), column("user_id", Integer))
u, p = users.c, posts.c


def page(ident: int, limit: int) -> Any:
    return select(users).where(u.id == ident).order_by(u.name).limit(limit)


def test_values_are_outside_the_key_and_beside_it_in_order() -> None:
    one, other = page(5, 10), page(7, 20)
    assert one._key == other._key
    assert hash(one._key) == hash(other._key)
    assert [bind.value for bind in other._binds] == [7, 20]


@pytest.mark.parametrize(
    "other",
    [
        select(users).where(u.id != 5).order_by(u.name).limit(10),
        select(users).where(u.name == "5").order_by(u.name).limit(10),
        select(users).where(u.id == 5).order_by(u.id).limit(10),
        select(users).where(u.id == 5).order_by(u.name).offset(10),
        select(users).where(u.id == u.id).order_by(u.name).limit(10),
        select(users).where(u.id == bindparam("id")).order_by(u.name).limit(10),
        select(posts).where(u.id == 5).order_by(u.name).limit(10),
        select(users).distinct().where(u.id == 5).order_by(u.name).limit(10),
        select(users).where(u.id == 5.5).order_by(u.name).limit(10),
    ],
)
def test_a_different_statement_has_a_different_key(other: Any) -> None:
    assert key_of(other) != key_of(page(5, 10))


def test_the_length_of_an_in_list_is_not_in_the_key() -> None:
    assert u.id.in_([1])._key == u.id.in_([1, 2, 3])._key


def test_statements_built_alike_with_their_own_aliases_have_one_key() -> None:
    def build() -> Any:
        alias = users.alias()
        inner = select(alias.c.id).where(alias.c.id == 3).subquery()
        return select(inner.c.id, alias.c.name)

    one, other = build(), build()
    assert one._key != other._key
    assert key_of(one) == key_of(other)


def test_one_alias_used_twice_differs_from_two_aliases() -> None:
    a, b = users.alias(), users.alias()
    assert key_of(select(a.c.id, a.c.name)) != key_of(select(a.c.id, b.c.name))


def test_values_and_multi_row_inserts_are_not_cached() -> None:
    rows = values(column("a", Integer), name="v").data([(1,)])
    assert key_of(select(rows)) is None
    assert key_of(users.insert().values([{"name": "a"}])) is None
    assert key_of(users.insert().values(name="a")) is not None


class Option:
    """A loader option, as far as a statement knows one."""

    _key = ("load", "posts")


def test_options_stay_in_the_key_of_copies_made_later() -> None:
    plain, loading = users.update().where(u.id == 1), users.update().options(Option())
    assert loading._plugin == "orm"
    assert key_of(loading.where(u.id == 1)) != key_of(plain)
    assert key_of(loading.where(u.id == 1)) == key_of(
        users.update().options(Option()).where(u.id == 2)
    )


def test_a_generative_method_leaves_the_statement_as_it_was() -> None:
    base = select(users)
    key = base._key
    base.where(u.id == 1).limit(3).distinct()
    assert base._key == key
    assert base._binds == ()


def test_equality_is_identity_where_a_bool_is_asked() -> None:
    assert u.id in [u.name, u.id]
    assert bool(u.id == u.id)
    assert not bool(u.id == u.name)
    assert bool(u.id != u.name)
    with pytest.raises(TypeError, match="Boolean value of this clause is not defined"):
        bool(u.id < 5)


def test_compare_looks_at_structure_and_values() -> None:
    assert (u.id == 5).compare(u.id == 5)
    assert not (u.id == 5).compare(u.id == 6)
    assert not (u.id == 5).compare(u.id != 5)


def test_params_fill_in_named_binds() -> None:
    condition = and_(u.id == bindparam("ident"), u.name == "x")
    filled = condition.params(ident=9)
    assert [bind.value for bind in filled._binds] == [9, "x"]
    assert [bind.value for bind in condition._binds] == [None, "x"]


def test_and_or_simplify() -> None:
    one = u.id == 1
    assert and_(True, one) is one
    assert or_(False, one) is one
    assert and_(one, False).element.__visit_name__ == "false"  # type: ignore[attr-defined]
    assert or_(one, True).element.__visit_name__ == "true"  # type: ignore[attr-defined]
    assert len(and_(one, and_(one, one)).clauses) == 3  # type: ignore[attr-defined]
    assert not_(not_(one)).operator.name == "eq"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: select([u.id]), ArgumentError, r"Did you mean to say select\("),
        (lambda: select("id"), ArgumentError, r"text\('id'\)"),
        (lambda: select(object()), ArgumentError, "Column expression, FROM clause"),
        (lambda: select(users).where(5), ArgumentError, "WHERE/HAVING role expected, got 5"),
        (lambda: u.id < None, ArgumentError, "None/True/False"),
        (lambda: u.id.in_("abc"), ArgumentError, "IN expression list"),
        (lambda: tuple_(u.id, u.name) == (1,), ArgumentError, r"of 2 expressions .* \(1,\)"),
        (lambda: tuple_(u.id, u.name).in_([(1, 2, 3)]), ArgumentError, "tuple of 2 values"),
        (lambda: u.id[3], NotImplementedError, "getitem"),
        (lambda: select(users).filter_by(zz=1), InvalidRequestError, '"zz".*users'),
        (lambda: select(users, posts).filter_by(id=1), AmbiguousColumnError, '"id" is ambig'),
        (lambda: users.delete().filter_by(zz=1), InvalidRequestError, '"zz"'),
        (lambda: text("a = :b").bindparams(c=1), ArgumentError, "named 'c'"),
        (lambda: str(select(u.id).union(select(users))), CompileError, "#2 has 2"),
        (lambda: users.c.nope, AttributeError, "'nope'.*id, name"),
        (lambda: func(), ArgumentError, "func.name"),
        (lambda: 5 in u.id, NotImplementedError, "in_"),
    ],
)
def test_bad_input_names_the_object_and_what_to_write(
    build: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        build()
