"""`python -m bench.postgresql [name …] [--rounds N]`: the benchmark table on PostgreSQL.

On a private server, started for it; `ORMOLU_TEST_POSTGRESQL` names another one, whose user may
make databases.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
from collections.abc import Iterator

import psycopg

from bench.library import Library
from bench.measure import RAW, Contestant
from bench.postgresql_workloads import POSTGRESQL_WORKLOADS, SERVER
from bench.table import print_table
from ormolu import make_url
from ormolu.testing.servers import PostgreSQLServer


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """The URL of a server's database from which others can be made."""
    given = os.environ.get("ORMOLU_TEST_POSTGRESQL")
    if given:
        yield given
    else:
        with PostgreSQLServer() as server:
            yield server.url()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.postgresql", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads to run (default: all)")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    names = (RAW, "ormolu", "sqlalchemy")
    # Client and server on one core: whether the system happens to put them on one or on two makes
    # a round trip half as long, or twice.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with _server() as url:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        databases = [f"bench_{name}" for name in names]
        with psycopg.connect(address, autocommit=True) as connection:
            for database in databases:
                connection.execute(f"DROP DATABASE IF EXISTS {database}")  # type: ignore[arg-type]
                connection.execute(f"CREATE DATABASE {database}")  # type: ignore[arg-type]
            version = connection.execute("SHOW server_version").fetchone()
        os.environ[SERVER] = address
        versions = ", ".join(f"{n} {Library(n).sql.__version__}" for n in names[1:])
        print(
            f"Python {platform.python_version()}, PostgreSQL {version and version[0]}, "
            f"psycopg {psycopg.__version__}, {versions}; "
            f"best of {arguments.rounds} interleaved rounds\n"
        )
        chosen = [w for w in POSTGRESQL_WORKLOADS if w.name in (arguments.names or [w.name])]
        contestants = [Contestant(name) for name in names]
        print_table("PostgreSQL", chosen, contestants, arguments.rounds)
        for contestant in contestants:
            contestant.close()
        with psycopg.connect(address, autocommit=True) as connection:
            for database in databases:
                connection.execute(f"DROP DATABASE {database} WITH (FORCE)")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
