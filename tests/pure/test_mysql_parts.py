"""The parts of the MySQL adapters that need no server: rewriting, options, what errors mean."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from ormolu.dialects.mysql import MariaDBDialect, MySQLDialect
from ormolu.dialects.mysql.connecting import connect_options, prepared
from ormolu.dialects.mysql.disconnects import is_gone
from ormolu.dialects.mysql.encryption import context_of, password_encryption
from ormolu.dialects.mysql.many_rows import MultiInsert, filler, multi_insert, pages
from ormolu.dialects.mysql.server import Server, server_of
from ormolu.engine.url import make_url
from ormolu.exc import ArgumentError, InvalidRequestError
from ormolu.io.requests import FetchAll


@pytest.mark.parametrize(
    ("sql", "head", "group", "tail"),
    [
        ("INSERT INTO t (a) VALUES (%s)", "INSERT INTO t (a) VALUES ", "(%s)", ""),
        ("REPLACE INTO t VALUES(%s, %s)", "REPLACE INTO t VALUES", "(%s, %s)", ""),
        (
            "insert into `va)lues (` (a) values (f(%s, (1 + %s)), '50%%)') ON DUPLICATE KEY"
            " UPDATE a = VALUES(a), b = '5%%'",
            "insert into `va)lues (` (a) values ",
            "(f(%s, (1 + %s)), '50%%)')",
            " ON DUPLICATE KEY UPDATE a = VALUES(a), b = '5%'",
        ),
        ("INSERT INTO t VALUES (%(a)s)", "INSERT INTO t VALUES ", "(%(a)s)", ""),
        ("INSERT INTO `100%%` () VALUES ()", "INSERT INTO `100%` () VALUES ", "()", ""),
    ],
)
def test_an_insert_is_taken_apart(sql: str, head: str, group: str, tail: str) -> None:
    assert multi_insert(sql) == MultiInsert(head, group, tail, ", ")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = %s",
        "INSERT INTO t (a) SELECT %s",
        "INSERT INTO t (a) VALUES ((SELECT %s))",
        "INSERT INTO t (a) VALUES (%s) RETURNING a",
        "INSERT INTO t (a) VALUES (%s) ON DUPLICATE KEY UPDATE a = %s",
        "INSERT INTO t SET a = %s",
        "INSERT INTO t (a) VALUES (%s, '\\')')",
        "INSERT INTO t (a) VALUES (%s",
    ],
)
def test_what_must_go_row_by_row(sql: str) -> None:
    assert multi_insert(sql) is None


def test_pages_hold_as_many_rows_as_fit() -> None:
    parts = multi_insert("INSERT INTO t VALUES (%s, %s)")
    assert parts is not None
    fill = filler(lambda value: f"'{value}'")
    rows = [(i, "x" * 10) for i in range(5)]
    assert list(pages(parts, rows, fill)) == [
        "INSERT INTO t VALUES " + ", ".join(f"({i}, 'xxxxxxxxxx')" for i in range(5))
    ]
    found = list(pages(parts, rows, fill, size=45))
    assert [page.count("'xxxxxxxxxx'") for page in found] == [2, 2, 1]
    # A row that is longer than a page has one to itself.
    assert len(list(pages(parts, rows, fill, size=1))) == 5
    assert list(pages(parts, [], fill)) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://", {}),
        (
            "mysql://u:p%40@h:99/d?charset=latin1&connect_timeout=5&local_infile=1",
            {
                "user": "u",
                "password": "p@",
                "host": "h",
                "port": 99,
                "database": "d",
                "charset": "latin1",
                "connect_timeout": 5,
                "local_infile": True,
            },
        ),
        (
            "mysql:///d?unix_socket=/s&read_default_file=/f&init_command=SET+x%3D1",
            {"database": "d", "unix_socket": "/s", "read_default_file": "/f"}
            | {"init_command": "SET x=1"},
        ),
        (
            "mysql://h/?ssl_ca=/ca&ssl_check_hostname=false&ssl_verify_mode=required",
            {
                "host": "h",
                "database": "",
                "ssl": {"ca": "/ca", "check_hostname": False, "verify_mode": "required"},
            },
        ),
        ("mysql://h?ssl=true", {"host": "h", "ssl": True}),
        ("mysql://h?ssl_disabled=0", {"host": "h", "ssl_disabled": False}),
    ],
)
def test_connect_options(url: str, expected: dict[str, Any]) -> None:
    assert connect_options(make_url(url)) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("connect_timeout=soon", "whole number"),
        ("local_infile=maybe", "true or false"),
        ("charset=a&charset=b", "several times"),
    ],
)
def test_wrong_connect_options_are_named(query: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        connect_options(make_url(f"mysql://h/d?{query}"))


@pytest.mark.parametrize(
    ("options", "compares", "verifies"),
    [
        ({}, False, ssl.CERT_NONE),
        ({"check_hostname": True}, False, ssl.CERT_NONE),
        ({"capath": "."}, True, ssl.CERT_REQUIRED),
        ({"capath": ".", "check_hostname": False}, False, ssl.CERT_REQUIRED),
        ({"capath": ".", "check_hostname": False, "verify_mode": "none"}, False, ssl.CERT_NONE),
        ({"verify_mode": "optional"}, False, ssl.CERT_OPTIONAL),
        ({"verify_mode": True}, False, ssl.CERT_REQUIRED),
    ],
)
def test_what_is_verified_of_a_server(
    options: dict[str, Any], compares: bool, verifies: ssl.VerifyMode
) -> None:
    context = context_of(options)
    assert (context.check_hostname, context.verify_mode) == (compares, verifies)


def test_ciphers_of_a_connection() -> None:
    context = context_of({"cipher": "ECDHE-RSA-AES128-GCM-SHA256"})
    assert "ECDHE-RSA-AES128-GCM-SHA256" in [each["name"] for each in context.get_ciphers()]
    with pytest.raises(FileNotFoundError):
        context_of({"cert": "/nowhere/cert.pem", "key": "/nowhere/key.pem"})


def test_another_error_while_connecting_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match=r"^something else$"), password_encryption("driver"):
        raise RuntimeError("something else")


def test_what_every_connection_gets() -> None:
    assert prepared({}) == {"client_flag": 2, "charset": "utf8mb4"}
    assert prepared({"client_flag": 8, "charset": "latin1"}, extra=1) == {
        "client_flag": 10,
        "charset": "latin1",
        "extra": 1,
    }


@pytest.mark.parametrize(
    ("version", "mode", "server"),
    [
        ("8.0.33", "", Server((8, 0, 33))),
        ("8.4.0-commercial", "STRICT,ANSI_QUOTES", Server((8, 4, 0), ansi_quotes=True)),
        ("10.11.2-MariaDB-log", "", Server((10, 11, 2), mariadb=True)),
        ("5.5.5-10.3.9-MariaDB", "", Server((10, 3, 9), mariadb=True)),
        ("5.5.5-m3", "no_backslash_escapes", Server((5, 5, 5), backslash_escapes=False)),
    ],
)
def test_servers_are_told_by_their_versions(version: str, mode: str, server: Server) -> None:
    assert server_of(version, mode) == server


def initialized(dialect: Any, *replies: Any) -> list[str]:
    """Run a dialect's first questions against these replies; returns the questions."""
    asked = []
    plan = dialect.initialize_plan(None)
    request = next(plan)
    for reply in replies:
        assert isinstance(request, FetchAll)
        asked.append(request.sql)
        try:
            request = plan.send(reply)
        except StopIteration:
            break
    return asked


def test_the_first_connection_tells_about_the_server() -> None:
    dialect = MySQLDialect()
    dialect.identifier_preparer.max_length = 40
    asked = initialized(dialect, [("8.0.40", "ANSI_QUOTES", "shop")], [("READ-COMMITTED",)])
    assert asked[1] == "SELECT @@SESSION.transaction_isolation"
    assert dialect.server == Server((8, 0, 40), ansi_quotes=True)
    assert dialect.default_schema_name == "shop"
    assert dialect.default_isolation_level == "READ COMMITTED"
    assert dialect.identifier_preparer.max_length == 40
    assert MySQLDialect.default_schema_name is None


def test_mariadb_behind_a_mysql_url_is_recognised() -> None:
    dialect = MySQLDialect()
    asked = initialized(dialect, [("10.11.2-MariaDB", "", None)], [("REPEATABLE-READ",)])
    assert asked[1] == "SELECT @@SESSION.tx_isolation"
    assert dialect.is_mariadb and dialect.features.insert_returning


def test_mysql_behind_a_mariadb_url_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match=r"8\.0\.40 is not a MariaDB variant"):
        initialized(MariaDBDialect(), [("8.0.40", "", "shop")])


@pytest.mark.parametrize(
    ("args", "gone"),
    [
        ((2006, "MySQL server has gone away"), True),
        ((2013, "Lost connection"), True),
        ((1927, "Connection was killed"), True),
        ((4031, "disconnected by the server because of inactivity"), True),
        ((0, ""), True),
        (("(0, 'Not connected')",), True),
        (("Cancelled during execution",), True),
        (("Packet sequence number wrong - got 3 expected 1",), True),
        ((2026, "TLS/SSL error: unexpected eof while reading"), True),
        ((1062, "Duplicate entry"), False),
        ((1213, "Deadlock found"), False),
        ((2003, "Can't connect"), False),
        (("syntax",), False),
        ((), False),
    ],
)
def test_which_errors_mean_that_the_connection_is_gone(args: tuple[Any, ...], gone: bool) -> None:
    assert is_gone(Exception(*args)) is gone
