"""URLs are parsed and shown as SQLAlchemy does."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy

import ormolu

TEXTS = [
    "sqlite://",
    "sqlite:///",
    "sqlite:///:memory:",
    "sqlite:///%3Amemory%3A",
    "sqlite:///relative/path/file.db",
    "sqlite:////absolute/path/file.db",
    "sqlite:///C:\\path\\file.db",
    "sqlite:///file:shared?mode=memory&cache=shared&uri=true",
    "sqlite+aiosqlite:///file.db?timeout=5",
    "sqlite:///with space+plus.db",
    "sqlite:///with%20escape%2Band%3Fquery.db",
    "postgresql://localhost/db",
    "postgresql://localhost:5432/db",
    "postgresql://localhost:5432",
    "postgresql://localhost:/db",
    "postgresql:///db",
    "postgresql:///db?host=/var/run/postgresql",
    "postgresql://user@localhost/db",
    "postgresql://user:secret@localhost/db",
    "postgresql://user:@localhost/db",
    "postgresql://:secret@localhost/db",
    "postgresql://user:p%40ss%3Aw%2Frd@localhost/db",
    "postgresql://user:pass:word@localhost/db",
    "postgresql://user:50%25+off@localhost/db",
    "postgresql://us%65r%20name:a b@localhost/db",
    "postgresql://[::1]/db",
    "postgresql://user:pw@[2001:db8::1]:5433/db?sslmode=require",
    "postgresql+psycopg://user:pw@host/db?sslmode=require&connect_timeout=3",
    "postgresql+asyncpg://host/db?a=1&b=2&a=3",
    "postgresql://host/db?empty=&x=1",
    "postgresql://host/db?key%20with=value%26more",
    "postgresql://host/db?plus=a+b",
    "postgresql://host/d%C3%A9j%C3%A0",
    "postgresql://host/déjà",
    "postgresql://host/a/b/c",
    "postgresql://host?x=1",
    "postgresql://?service=mine",
    "mysql://user:pw@host:3306/db?charset=utf8mb4",
    "mysql+pymysql://user:p%2Bw@host/db",
    "mariadb+mariadbconnector://host",
    "oracle+cx_oracle://scott:tiger@host:1521/?service_name=x",
    "mssql+pyodbc://user:pw@dsn_name",
    "",
    "nonsense",
    "://host",
    "sqlite:/file.db",
    "postgresql://host:notaport/db",
]


def described(library: Any, text: str) -> Any:
    try:
        url = library.make_url(text)
    except Exception as error:
        return type(error).__name__
    shown = [str(url), repr(url), url.render_as_string(hide_password=False)]
    return [tuple(url), *shown, library.make_url(shown[-1]) == url]


@pytest.mark.parametrize("text", TEXTS)
def test_a_url_reads_and_prints_the_same(text: str) -> None:
    assert described(ormolu, text) == described(sqlalchemy, text)


PARTS: list[dict[str, Any]] = [
    {"username": "a:b@c/d", "password": "p:w@/?#[]%"},
    {"username": "", "host": "h"},
    {"password": "alone"},
    {"host": "h", "port": 1, "database": "a?b#c%d e+f"},
    {"database": ""},
    {"query": {"b": "2", "a": ("1", "x y&z")}},
    {"host": "::1", "port": 5432},
]


@pytest.mark.parametrize("parts", PARTS, ids=str)
def test_a_url_made_of_parts_prints_the_same(parts: dict[str, Any]) -> None:
    shown = [
        library.URL.create("postgresql", **parts).render_as_string(hide_password=hidden)
        for library in (ormolu, sqlalchemy)
        for hidden in (True, False)
    ]
    assert shown[:2] == shown[2:]
