"""Random statements, run twice with other values on one engine: the second finds the first's form.

What a cached form must never do is to send the first statement's values with the second. So every
example builds the same statement with two sets of values (also with one condition object standing
at several places, with IN lists of other lengths, with NULL among the values) and wants the rows,
the text and the parameters that SQLAlchemy gives, whose engine is asked the same questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st

import ormolu

NUMBERS = st.integers(-1, 9)
WORDS = st.sampled_from(["", "a", "b", "ab", "%", "a%", "c_", "o'x"])
Build = Callable[[Any, Any, "Values"], Any]


class Values:
    """The values of one build: drawn in order from lists that hypothesis made."""

    def __init__(self, numbers: list[int], words: list[str], lists: list[list[int]]) -> None:
        self.number = _cycle(numbers)
        self.word = _cycle(words)
        self.list = _cycle(lists)


def _cycle(values: list[Any]) -> Callable[[], Any]:
    def forever() -> Iterator[Any]:
        while True:
            yield from values

    return forever().__next__


def values() -> st.SearchStrategy[tuple[list[int], list[str], list[list[int]]]]:
    return st.tuples(
        st.lists(NUMBERS, min_size=3, max_size=8),
        st.lists(WORDS, min_size=2, max_size=5),
        st.lists(st.lists(NUMBERS, max_size=4), min_size=1, max_size=4),
    )


LEAVES: list[Build] = [
    lambda sa, t, v: t.c.id > v.number(),
    lambda sa, t, v: t.c.x == v.number(),
    lambda sa, t, v: t.c.name == v.word(),
    lambda sa, t, v: t.c.name != v.word(),
    lambda sa, t, v: t.c.name.like(v.word()),
    lambda sa, t, v: t.c.name.contains(v.word(), autoescape=True),
    lambda sa, t, v: t.c.x.between(v.number(), v.number()),
    lambda sa, t, v: t.c.x.in_(v.list()),
    lambda sa, t, v: t.c.id.not_in(v.list()),
    lambda sa, t, v: sa.tuple_(t.c.id, t.c.x).in_([(n, n) for n in v.list()]),
    lambda sa, t, v: t.c.x.is_(None),
    lambda sa, t, v: t.c.x + v.number() < v.number(),
    lambda sa, t, v: sa.case((t.c.x > v.number(), v.number()), else_=v.number()) == v.number(),
    lambda sa, t, v: sa.func.coalesce(t.c.x, v.number()) >= v.number(),
    lambda sa, t, v: sa.literal(v.number()) == t.c.id,
    lambda sa, t, v: sa.cast(v.number(), sa.String) == t.c.name,
    lambda sa, t, v: t.c.id.in_(sa.select(t.c.x).where(t.c.id > v.number())),
    lambda sa, t, v: sa.exists().where(t.c.x == v.number()),
]


def shared(sa: Any, t: Any, leaf: Build, v: Values) -> Any:
    """One condition object at two places."""
    condition = leaf(sa, t, v)
    return sa.or_(sa.and_(condition, t.c.id > v.number()), sa.not_(condition))


def shared_value(sa: Any, t: Any, leaf: Build, v: Values) -> Any:
    """One bind object at two places, beside the same shape with two binds."""
    bind = sa.literal(v.number())
    return sa.or_(t.c.x == bind, t.c.id == bind, leaf(sa, t, v))


def separate_values(sa: Any, t: Any, leaf: Build, v: Values) -> Any:
    return sa.or_(t.c.x == sa.literal(v.number()), t.c.id == sa.literal(v.number()), leaf(sa, t, v))


JOINERS: list[Callable[[Any, Any, Build, Values], Any]] = [
    lambda sa, t, leaf, v: leaf(sa, t, v),
    lambda sa, t, leaf, v: sa.not_(leaf(sa, t, v)),
    shared,
    shared_value,
    separate_values,
]

FRAMES: list[Callable[[Any, Any, Any, Values], Any]] = [
    lambda sa, t, q, v: q,
    lambda sa, t, q, v: q.limit(abs(v.number())),
    lambda sa, t, q, v: q.limit(abs(v.number())).offset(abs(v.number())),
    lambda sa, t, q, v: q.offset(abs(v.number())),
    lambda sa, t, q, v: sa.select(q.subquery()),
    lambda sa, t, q, v: sa.select(q.cte("q")),
    lambda sa, t, q, v: sa.select(q.subquery().c.id, sa.literal(v.number())),
    lambda sa, t, q, v: sa.union_all(q.order_by(None), q.order_by(None)),
    lambda sa, t, q, v: q.add_columns((t.c.x * v.number()).label("m"), sa.func.abs(v.number())),
    lambda sa, t, q, v: q.add_columns(
        sa.select(sa.func.count()).where(t.c.x > v.number()).scalar_subquery()
    ),
]


def build(sa: Any, t: Any, shape: Any, given_values: Any) -> Any:
    conditions, frame, aliased = shape
    v = Values(*given_values)
    source = t.alias() if aliased else t
    query = sa.select(source.c.id, source.c.x, source.c.name).order_by(source.c.id)
    for join, leaf in conditions:
        query = query.where(JOINERS[join](sa, source, LEAVES[leaf], v))
    return FRAMES[frame](sa, source, query, v)


class Library:
    """One library with its engine, its table and the log of what was sent."""

    def __init__(self, sa: Any) -> None:
        self.sa = sa
        metadata = sa.MetaData()
        self.t = sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("x", sa.Integer),
            sa.Column("name", sa.String),
        )
        self.sent: list[Any] = []
        self.engine = sa.create_engine("sqlite://")
        rows = [
            {"id": i, "x": None if i == 4 else i % 3, "name": name}
            for i, name in enumerate(["a", "b", "ab", "a%", None, "3", "o'x"])
        ]
        with self.engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(sa.insert(self.t), rows)
        sa.event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, sql: str, params: Any, *rest: Any) -> None:
        self.sent.append((sql, params))

    def answer(self, connection: Any, shape: Any, given_values: Any) -> Any:
        self.sent.clear()
        found = connection.execute(build(self.sa, self.t, shape, given_values)).all()
        return [tuple(row) for row in found], list(self.sent)


@pytest.fixture(scope="module")
def libraries() -> Iterator[tuple[Library, Library]]:
    both = Library(sqlalchemy), Library(ormolu)
    yield both
    for library in both:
        library.engine.dispose()


SHAPES = st.tuples(
    st.lists(
        st.tuples(st.integers(0, len(JOINERS) - 1), st.integers(0, len(LEAVES) - 1)), max_size=3
    ),
    st.integers(0, len(FRAMES) - 1),
    st.booleans(),
)


@given(shape=SHAPES, first=values(), second=values())
def test_a_cached_form_sends_the_new_values(
    libraries: tuple[Library, Library], shape: Any, first: Any, second: Any
) -> None:
    theirs, ours = libraries
    with theirs.engine.connect() as expected, ours.engine.connect() as connection:
        for each in (first, second, first):
            assert ours.answer(connection, shape, each) == theirs.answer(expected, shape, each)
