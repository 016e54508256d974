"""A server that is there, and doesn't take anybody yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from faulty import Site, count

from backends import MySQLOfTheRun
from ormolu.exc import OperationalError
from ormolu.testing.conformance.suite import Database
from ormolu.testing.servers import PostgreSQLServer
from ormolu.testing.servers.account import give


@contextmanager
def starting_postgresql(server: PostgreSQLServer) -> Iterator[Callable[[], None]]:
    """Start a server that recovers from an archive, and waits for the archive's answer.

    Meanwhile it refuses clients, as one does that was killed under load and replays its log.
    https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-PITR-RECOVERY

    :return: a function that has the server become ready.
    """
    held = server.folder / "held"
    held.touch()
    signal = server.folder / "data" / "recovery.signal"
    signal.touch()
    give(signal.parent, server.account)
    # The archive has nothing: 1 says that, after a wait.
    waiting = f"while [ -e {held} ]; do sleep 0.02; done; exit 1"
    server.settings["restore_command"] = waiting
    server.start(wait=False)

    def release() -> None:
        held.unlink()
        server.wait_until_ready()

    try:
        yield release
    finally:
        held.unlink(missing_ok=True)


@pytest.mark.drivers("postgresql")
def test_server_that_starts_up(site: Site, start_server: Callable[..., Any]) -> None:
    site.server = server = start_server(PostgreSQLServer, settings={"wal_level": "replica"})
    site.create()
    server.stop()

    async def scenario(db: Database) -> None:
        with starting_postgresql(server) as release:
            states = [await refused(db) for _ in range(3)]
            while states[-1] != "57P03":  # it doesn't listen yet
                states.append(await refused(db))
            assert set(states) <= {None, "57P03"}
            assert db.engine.pool.checkedout() == 0
            release()
            assert await count(db) == 2

    site.run(scenario, pool_size=1, max_overflow=0, pool_timeout=5)


async def refused(db: Database) -> str | None:
    """Fail to connect; return the SQLSTATE."""
    with pytest.raises(OperationalError) as caught:
        await count(db)
    return caught.value.sqlstate


@pytest.mark.drivers("mysql")
def test_server_that_does_not_listen_yet(site: Site, start_server: Callable[..., Any]) -> None:
    """A MySQL or MariaDB listens as the last thing that it does when it starts."""
    site.server = server = start_server(MySQLOfTheRun)
    site.create()
    server.stop()

    async def scenario(db: Database) -> None:
        server.start(wait=False)
        server.pause()
        for _ in range(3):
            with pytest.raises(OperationalError) as caught:
                await count(db)
            assert caught.value.errno in (2002, 2003)
        assert db.engine.pool.checkedout() == 0
        server.resume()
        server.wait_until_ready()
        assert await count(db) == 2

    site.run(scenario, pool_size=1, max_overflow=0, pool_timeout=5)
