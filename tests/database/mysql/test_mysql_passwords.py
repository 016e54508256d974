"""Accounts as a server makes them by default, whose password it has not seen yet.

On MySQL that is ``caching_sha2_password``: over TLS the password is sent, else it is encrypted.
MariaDB's own way needs neither, and the private one of the tests has no certificate.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from every_driver import DRIVERS

from backends import BACKENDS
from ormolu import create_engine, make_url, text
from ormolu.exc import OperationalError
from ormolu.ext.asyncio import create_async_engine
from ormolu.testing.servers import MySQLFamilyServer, MySQLServer

pytestmark = [pytest.mark.backend(driver) for driver in DRIVERS]
CIPHER = "SHOW STATUS LIKE 'Ssl_cipher'"
PYTHON_DRIVERS = [driver for driver in DRIVERS if driver != "mysql+mysqldb"]

INSISTENT = ["mysql+pymysql", "mysql+asyncmy"]
"""The drivers that don't connect when TLS is asked for and the server has none."""


@pytest.fixture
def server(private_mysql: MySQLFamilyServer) -> Iterator[MySQLFamilyServer]:
    """A server with the account ``newcomer``, which has never connected."""
    private_mysql.execute("CREATE USER newcomer@'%' IDENTIFIED BY 'Gold & Bronze'")
    yield private_mysql
    private_mysql.execute("DROP USER newcomer@'%'")


def url_of(server: MySQLFamilyServer, driver: str, password: str = "Gold & Bronze") -> str:
    url = make_url(server.url(driver=driver)).set(username="newcomer", password=password)
    return url._replace(database=None).render_as_string(hide_password=False)


def plain(driver: str) -> dict[str, Any]:
    """What keeps a driver from encrypting the connection: PyMySQL does it by itself."""
    return {"ssl_disabled": True} if driver == "mysql+pymysql" else {}


def row(url: str, sql: str, **options: Any) -> tuple[Any, ...]:
    """Connect, and ask."""

    async def awaited() -> tuple[Any, ...]:
        engine = create_async_engine(url, connect_args=options)
        try:
            async with engine.connect() as connection:
                return tuple((await connection.execute(text(sql))).one())
        finally:
            await engine.dispose()

    if BACKENDS[url.partition(":")[0]].is_async:
        return asyncio.run(awaited())
    engine = create_engine(url, connect_args=options)
    try:
        with engine.connect() as connection:
            return tuple(connection.execute(text(sql)).one())
    finally:
        engine.dispose()


@pytest.mark.parametrize("driver", DRIVERS)
def test_first_connection_without_tls(server: MySQLFamilyServer, driver: str) -> None:
    assert row(url_of(server, driver), CIPHER, **plain(driver)) == ("Ssl_cipher", "")
    # The server remembers the password now; after this it does not.
    assert row(url_of(server, driver), "SELECT USER()", **plain(driver)) == ("newcomer@127.0.0.1",)
    server.execute("FLUSH PRIVILEGES")
    assert row(url_of(server, driver), "SELECT USER()", **plain(driver)) == ("newcomer@127.0.0.1",)


@pytest.mark.parametrize("driver", DRIVERS)
def test_first_connection_with_tls(server: MySQLFamilyServer, driver: str) -> None:
    certificate = server.folder / "data" / "ca.pem"
    url = f"{url_of(server, driver)}?ssl_ca={certificate}&ssl_check_hostname=false"
    if isinstance(server, MySQLServer):
        assert row(url, CIPHER)[1].startswith("TLS_")
    elif driver != "mysql+mysqldb":  # whose library looks for the file when there is TLS
        with pytest.raises((OperationalError, FileNotFoundError), match="No such file"):
            row(url, CIPHER)


@pytest.mark.parametrize("driver", DRIVERS)
def test_tls_by_a_flag_of_the_url(server: MySQLFamilyServer, driver: str) -> None:
    """As asked for, encrypted or not; the server's certificate isn't verified then."""
    wanted = f"{url_of(server, driver)}?ssl=true"
    if isinstance(server, MySQLServer):
        assert row(wanted, CIPHER)[1].startswith("TLS_")
    elif driver in INSISTENT:
        with pytest.raises(OperationalError, match="SSL"):
            row(wanted, CIPHER)
    else:
        assert row(wanted, CIPHER) == ("Ssl_cipher", "")
    assert row(f"{url_of(server, driver)}?ssl=false", CIPHER) == ("Ssl_cipher", "")


@pytest.mark.parametrize("driver", DRIVERS)
def test_wrong_password(server: MySQLFamilyServer, driver: str) -> None:
    for options in (plain(driver), {}):
        with pytest.raises(OperationalError) as caught:
            row(url_of(server, driver, "Bronze & Gold"), "SELECT 1", **options)
        assert (caught.value.sqlstate, caught.value.errno) == ("28000", 1045)
        assert not caught.value.connection_invalidated


ALONE = """
    import sys
    sys.modules["cryptography"] = None  # as if it were not installed
    from test_mysql_passwords import plain, row, url_of
    for url in sys.argv[1:]:
        try:
            print(row(url, "SELECT USER()", **plain(url.partition(":")[0]))[0])
        except RuntimeError as error:
            print(error)
"""


def test_password_that_can_not_be_encrypted(server: MySQLFamilyServer) -> None:
    urls = [url_of(server, driver) for driver in PYTHON_DRIVERS]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(ALONE), *urls],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stderr == ""
    said = done.stdout.splitlines()
    if not isinstance(server, MySQLServer):
        assert said == ["newcomer@127.0.0.1"] * 3
        return
    for name, words in zip(("PyMySQL", "asyncmy", "aiomysql"), said, strict=True):
        assert words.startswith(f"{name} needs the package 'cryptography'")
        assert "pip install" in words and "ssl_ca=" in words
