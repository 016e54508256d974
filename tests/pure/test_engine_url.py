"""URLs are parsed, changed and shown, with the password hidden."""

from __future__ import annotations

import copy
import pickle

import pytest

from ormolu.engine.url import URL, make_url
from ormolu.exc import ArgumentError


@pytest.mark.parametrize(
    ("text", "database"),
    [
        ("sqlite://", None),
        ("sqlite:///", ""),
        ("sqlite:///:memory:", ":memory:"),
        ("sqlite:///file.db", "file.db"),
        ("sqlite:////abs/file.db", "/abs/file.db"),
        ("sqlite:///C:\\data\\file.db", "C:\\data\\file.db"),
        ("sqlite:///file:shared?mode=memory&cache=shared&uri=true", "file:shared"),
    ],
)
def test_sqlite_forms(text: str, database: str | None) -> None:
    url = make_url(text)
    assert (url.drivername, url.host, url.database) == ("sqlite", None, database)


def test_all_parts() -> None:
    url = make_url("postgresql+psycopg://scott:ti%40ger@db.example:5432/crew?a=1&b=2&a=3")
    assert url == (
        "postgresql+psycopg",
        "scott",
        "ti@ger",
        "db.example",
        5432,
        "crew",
        {"a": ("1", "3"), "b": "2"},
    )
    assert url.get_backend_name() == "postgresql"
    assert url.get_driver_name() == "psycopg"
    assert make_url(url) is url


def test_an_address_in_brackets() -> None:
    url = make_url("postgresql://[::1]:5432/x")
    assert (url.host, url.port) == ("::1", 5432)
    assert str(url) == "postgresql://[::1]:5432/x"


def test_the_password_is_hidden_unless_asked_for() -> None:
    url = make_url("mysql://u:p%3Aw@h/d")
    assert str(url) == repr(url) == "mysql://u:***@h/d"
    assert url.render_as_string(hide_password=False) == "mysql://u:p%3Aw@h/d"


@pytest.mark.parametrize("text", ["foo", "://x", "sqlite:/x"])
def test_text_that_is_no_url(text: str) -> None:
    with pytest.raises(ArgumentError, match="Could not parse"):
        make_url(text)


def test_what_is_neither_text_nor_url() -> None:
    with pytest.raises(ArgumentError, match="Expected string or URL object, got 3"):
        make_url(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="invalid port 'abc'"):
        make_url("postgresql://h:abc/x")
    with pytest.raises(TypeError, match="host must be a string"):
        URL.create("sqlite", host=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Port argument must be an integer"):
        URL.create("sqlite", port="x")  # type: ignore[arg-type]


def test_set_and_the_query() -> None:
    url = make_url("postgresql://h/d?a=1")
    assert str(url.set(host="other", port=1)) == "postgresql://other:1/d?a=1"
    assert str(url.update_query_dict({"b": ["2", "3"]})) == "postgresql://h/d?a=1&b=2&b=3"
    assert url.update_query_pairs([("a", "2")], append=True).query == {"a": ("1", "2")}
    assert url.update_query_string("a=9").query == {"a": "9"}
    assert url.difference_update_query(["a"]).query == {}
    assert url.normalized_query == {"a": ("1",)}


def test_connect_arguments() -> None:
    url = make_url("postgresql://u:p@h:1/d")
    expected = {"host": "h", "database": "d", "user": "u", "password": "p", "port": 1}
    assert url.translate_connect_args(username="user") == expected


def test_urls_are_values() -> None:
    url = make_url("postgresql://u:p@h:1/d?x=1&x=2")
    assert pickle.loads(pickle.dumps(url)) == url
    assert copy.deepcopy(url) is url
    assert len({url, make_url("postgresql://u:p@h:1/d?x=1&x=2")}) == 1
    with pytest.raises(TypeError):
        url.query["y"] = "1"  # type: ignore[index]
