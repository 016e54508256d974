"""A column selected several times, and one element in several statements: names and keys.

What an enclosing statement calls a subquery's columns, what their keys are, and which of them a
column corresponds to, for many choices out of columns, expressions and labels.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from random_choices import OURS, THEIRS

SHORT = list(product(("a", "other a", "a_1", "twice", "max", "cast"), repeat=2))
CASTS = [
    ("cast", "cast", "cast"),
    ("other a", "cast", "other a"),
    ("other a", "cast", "cast", "a"),
    ("a", "cast", "a", "cast"),
    ("other a", "cast twice", "cast twice"),
    ("twice", "cast of a subquery's", "cast of a subquery's"),
]
STYLES = ("LABEL_STYLE_DISAMBIGUATE_ONLY", "LABEL_STYLE_TABLENAME_PLUS_COL", "LABEL_STYLE_NONE")
WAYS: dict[str, Callable[[Any], Any]] = {
    "subquery": lambda query: query.subquery("z"),
    "cte": lambda query: query.cte("z"),
    "alias": lambda query: query.subquery().alias("z"),
    "union": lambda query: query.union(query).subquery("z"),
    "nested": lambda query: query.subquery("z").select().subquery("y"),
}


def elements(sa: Any) -> dict[str, Any]:
    metadata = sa.MetaData()
    t = sa.Table("t", metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    u = sa.Table("u", metadata, *[sa.Column(name, sa.Integer) for name in ("a", "a_1")])
    twice = sa.select(t.c.a, u.c.a).subquery("r")
    return {
        "a": t.c.a,
        "b": t.c.b,
        "other a": u.c.a,
        "a_1": u.c.a_1,
        "aliased": t.alias().c.a,
        "twice": next(iter(twice.c)),
        "twice, again": list(twice.c)[1],
        "max": sa.func.max(t.c.b),
        "sum": t.c.a + 1,
        "literal": sa.literal(3),
        "cast": sa.cast(u.c.a, sa.String),
        "cast twice": sa.cast(sa.cast(u.c.a, sa.String), sa.Integer),
        "cast of a subquery's": sa.cast(sa.type_coerce(next(iter(twice.c)), sa.String), sa.Text),
        "bare": sa.column("a"),
        "label": t.c.b.label("a_1"),
        "unnamed label": t.c.a.label(None),
    }


def plain(name: Any) -> str:
    """A name or key; an anonymous one without what is different in each run."""
    return re.sub(r"%\([0-9a-f]+ (.*)\)s", r"\1", str(name))


def facts(sa: Any, names: tuple[str, ...], style: str, way: str) -> Iterator[Any]:
    known = elements(sa)
    chosen = [known[name] for name in names]
    query = sa.select(*chosen).set_label_style(getattr(sa, style))
    yield str(query)
    if style == STYLES[0]:
        yield [plain(key) for key, _ in query.selected_columns.items()]
    outer = WAYS[way](query)
    columns = list(outer.c)
    yield str(sa.select(outer))
    yield str(sa.select(*columns[::-1]))
    yield str(sa.select(columns[-1], columns[-1], columns[0]).subquery().select())
    yield [columns.index(outer.corresponding_column(element)) for element in chosen]
    yield str(sa.select(sa.exists(query.where(chosen[0] == chosen[-1]))))


def answer(sa: Any, names: tuple[str, ...], style: str, way: str) -> list[Any]:
    found = []
    try:
        found.extend(facts(sa, names, style, way))
    except sa.exc.InvalidRequestError as error:
        found.append(type(error).__name__)
    return found


def drawn(number: int) -> list[tuple[str, ...]]:
    """Longer choices, of few elements, so that they repeat."""
    draw = random.Random(5)
    names = [name for name in elements(THEIRS.sa) if not name.startswith("cast")]
    pools = [draw.sample(names, draw.randint(1, 3)) for _ in range(number)]
    return [tuple(draw.choices(pool, k=draw.randint(3, 5))) for pool in pools]


@pytest.mark.parametrize(
    ("style", "way"),
    # In a CTE, SQLAlchemy leaves columns of one name as they are.
    [pair for pair in product(STYLES, WAYS) if pair != ("LABEL_STYLE_NONE", "cte")],
)
def test_repeated_columns_are_named_alike(style: str, way: str) -> None:
    for names in (*SHORT, *CASTS, *drawn(60)):
        assert answer(OURS.sa, names, style, way) == answer(THEIRS.sa, names, style, way), names


def in_two(sa: Any, first: str, second: str) -> Iterator[Any]:
    known = elements(sa)
    one, two = ([known[name] for name in names.split(", ")] for names in (first, second))
    yield str(sa.select(*one).where(sa.exists(sa.select(*two).correlate(None))))
    yield str(sa.union(sa.select(*one), sa.select(*two)))
    yield str(sa.select(sa.select(*one).subquery(), sa.select(*two).subquery()))


PAIRS = ["a, other a", "other a, a", "max, max", "sum, literal", "literal, sum", "cast, other a"]


@pytest.mark.parametrize("first", PAIRS)
def test_one_element_has_one_name_in_all_statements(first: str) -> None:
    for second in PAIRS:
        assert list(in_two(OURS.sa, first, second)) == list(in_two(THEIRS.sa, first, second))


def test_columns_of_a_compound_beside_text_stand_for_their_own() -> None:
    # In SQLAlchemy the last of them has no column.
    sa = OURS.sa
    known = elements(sa)
    parts = [sa.select(sa.text("7"), known[name], known["label"]) for name in ("a", "other a")]
    outer = sa.union_all(*parts).subquery("z")
    assert str(outer.select()).startswith("SELECT z.a, z.a_1 \n")
    for name in ("a", "other a"):
        assert outer.corresponding_column(known[name]) is outer.c.a


def test_an_element_beside_its_own_subquery_has_a_name_of_its_own() -> None:
    for name in ("max", "sum", "literal"):
        texts = []
        for lib in (OURS, THEIRS):
            element = elements(lib.sa)[name]
            inner = lib.sa.select(element, element).subquery()
            texts.append(str(lib.sa.select(inner, element, element)))
        assert texts[0] == texts[1]
    # SQLAlchemy has no answer to this one.
    a, other = elements(OURS.sa)["a"], elements(OURS.sa)["other a"]
    inner = OURS.sa.select(a, other).subquery()
    assert str(OURS.sa.select(inner.c[1], a, other)).startswith(
        "SELECT anon_1.a_1, t.a, u.a AS a_2 \n"
    )
