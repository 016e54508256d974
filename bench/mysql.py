"""`python -m bench.mysql [name …] [--driver pymysql] [--rounds N]`: the table on MariaDB.

On a private server, started for it; `ORMOLU_TEST_MYSQL` names another one, whose user may make
databases.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
from collections.abc import Iterator

from bench.library import Library
from bench.measure import RAW, Contestant
from bench.mysql_workloads import DRIVER, MYSQL_WORKLOADS, SERVER, connect
from bench.table import print_table
from ormolu.testing.servers import MariaDBServer


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """The URL of a server's database from which others can be made."""
    given = os.environ.get("ORMOLU_TEST_MYSQL")
    if given:
        yield given
    else:
        with MariaDBServer() as server:
            yield server.url()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mysql", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads to run (default: all)")
    parser.add_argument("--driver", choices=("mysqldb", "pymysql"), default="mysqldb")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    names = (RAW, "ormolu", "sqlalchemy")
    with _server() as url:
        os.environ[SERVER], os.environ[DRIVER] = url, arguments.driver
        connection = connect("", "pymysql")
        cursor = connection.cursor()
        for name in names:
            cursor.execute(f"CREATE OR REPLACE DATABASE bench_{name} CHARACTER SET utf8mb4")
        cursor.execute("SELECT VERSION()")
        version = cursor.fetchone()[0]
        versions = ", ".join(f"{n} {Library(n).sql.__version__}" for n in names[1:])
        print(
            f"Python {platform.python_version()}, {version}, {arguments.driver}, {versions}; "
            f"best of {arguments.rounds} interleaved rounds\n"
        )
        chosen = [w for w in MYSQL_WORKLOADS if w.name in (arguments.names or [w.name])]
        contestants = [Contestant(name) for name in names]
        print_table("MariaDB", chosen, contestants, arguments.rounds)
        for contestant in contestants:
            contestant.close()
        for name in names:
            cursor.execute(f"DROP DATABASE bench_{name}")
        connection.close()


if __name__ == "__main__":
    main()
