"""Random URLs: read and shown as SQLAlchemy does, and what is shown is read back the same.

``HYPOTHESIS_PROFILE=search`` looks longer, ``random_search.py`` at a million examples.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy
from awkward_names import ANY_TEXT, NAMES, suppose
from hypothesis import example, given
from hypothesis import strategies as st
from test_awkward_names import examples
from test_urls import described

import ormolu

#: A host has no other characters than these, or is an IPv6 address.
HOSTS = st.one_of(
    st.text("abcXYZ019.-_", min_size=1, max_size=12), st.sampled_from(["::1", "2001:db8::1"])
)
DRIVERS = st.sampled_from(["sqlite", "postgresql", "postgresql+asyncpg", "mysql+pymysql", "x_y"])
QUERIES = st.dictionaries(
    NAMES, st.one_of(NAMES, st.tuples(NAMES, NAMES), st.tuples(NAMES, NAMES, NAMES)), max_size=3
)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "username": maybe(ANY_TEXT),
        "password": maybe(ANY_TEXT),
        "host": maybe(HOSTS),
        "port": maybe(st.integers(0, 65535)),
        "database": maybe(ANY_TEXT),
        "query": QUERIES,
    },
)
#: Pieces of text that a URL is made of, so that most of what they make is nearly one.
PIECES = st.one_of(
    st.sampled_from(
        [*":/@?&=[]%+#;", "://", "sqlite", "postgresql+psycopg", "host", "user", "%20", "%zz", "80"]
    ),
    ANY_TEXT,
)


@examples(100)
@given(driver=DRIVERS, parts=PARTS)
def test_a_url_of_any_parts_is_sqlalchemys(driver: str, parts: dict[str, Any]) -> None:
    theirs, ours = sqlalchemy.URL.create(driver, **parts), ormolu.URL.create(driver, **parts)
    assert tuple(ours) == tuple(theirs)
    for hidden in (True, False):
        shown = theirs.render_as_string(hide_password=hidden)
        assert ours.render_as_string(hide_password=hidden) == shown


@examples(100)
@given(driver=DRIVERS, parts=PARTS)
def test_what_is_shown_is_read_back(driver: str, parts: dict[str, Any]) -> None:
    shown = ormolu.URL.create(driver, **parts).render_as_string(hide_password=False)
    assert described(ormolu, shown) == described(sqlalchemy, shown)


@examples(100)
@given(driver=DRIVERS, name=NAMES, password=NAMES, host=HOSTS, query=QUERIES)
def test_user_password_and_query_come_back(
    driver: str, name: str, password: str, host: str, query: dict[str, Any]
) -> None:
    url = ormolu.URL.create(driver, name, password, host, 5432, query=query)
    found = ormolu.make_url(url.render_as_string(hide_password=False))
    assert (found.username, found.password, found.host) == (name, password, host)
    assert found.query == query
    assert found == url


@examples(100)
@given(pieces=st.lists(PIECES, max_size=9))
@example(pieces=["postgresql://", "a@b@host/", "db"])
def test_any_text_is_read_alike(pieces: list[str]) -> None:
    text = "".join(pieces)
    # What follows a host in brackets is lost in SQLAlchemy: the port and the database too.
    suppose(re.search(r"\[.*\][^:/?]", text, re.DOTALL) is None)
    # So is what follows a line break in the query.
    suppose("\n" not in text.partition("?")[2])
    assert described(ormolu, text) == described(sqlalchemy, text)
