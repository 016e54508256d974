"""A process forks while its pool has connections: the child never touches them."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from faulty import Account, Site, account, count, fill_pool, insert_one

from ormolu.ext.asyncio import AsyncEngine
from ormolu.sql import insert, select, text
from ormolu.testing.conformance.suite import Database

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


def in_child(work: Callable[[], None]) -> int:
    """Do something in a child process; return its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def backend_id(site: Site) -> Any:
    """A question for the server's name of the connection."""
    return text(site.by("SELECT pg_backend_pid()", "SELECT connection_id()"))


@pytest.mark.drivers("blocking")
def test_child_opens_its_own_connections(site: Site) -> None:
    async def scenario(db: Database) -> None:
        await fill_pool(db, 2)
        async with db.connect() as connection:
            parents = await connection.scalar(backend_id(site))

        def work() -> None:
            assert db.engine.pool.checkedin() == 0
            with db.engine.connect() as connection:  # type: ignore[union-attr]
                assert connection.scalar(backend_id(site)) != parents
                connection.execute(insert(account), {"id": 3, "owner": "child"})
                connection.commit()
            db.engine.dispose()

        assert in_child(work) == 0
        # The parent's own are as they were: no error, no other connection.
        for _ in range(2):
            async with db.connect() as connection:
                assert len((await connection.execute(select(account))).all()) == 3
        assert db.engine.pool.checkedin() == 2

    site.run(scenario, pool_size=2)


@pytest.mark.drivers("blocking")
def test_child_leaves_the_parents_transaction_alone(site: Site) -> None:
    async def scenario(db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(insert(account), {"id": 3, "owner": "parent"})
            assert in_child(lambda: None) == 0
            assert in_child(db.engine.dispose) == 0
            await connection.execute(insert(account), {"id": 4, "owner": "parent"})
            await connection.commit()

    site.run(scenario)
    assert site.owners() == ["ann", "bob", "parent", "parent"]


@pytest.mark.drivers("blocking")
def test_child_that_ends_ends_no_connection(site: Site) -> None:
    """Interpreter and garbage collector close sockets in the child: the server must not hear."""

    async def scenario(db: Database) -> None:
        await fill_pool(db, 2)
        pid = os.fork()
        if pid == 0:
            # An ordinary end, with all clean-up, unlike that of `in_child`.
            os.execv(sys.executable, [sys.executable, "-c", "pass"])
        assert os.waitpid(pid, 0)[1] == 0
        await insert_one(db, 3, "parent")
        assert await count(db) == 3

    site.run(scenario, pool_size=2)


@pytest.mark.drivers("blocking")
def test_session_of_the_parent_in_the_child(site: Site) -> None:
    """A session that is open while its process forks is the parent's: the child makes its own."""

    async def scenario(db: Database) -> None:
        async with db.session() as session:
            session.add(Account(id=3, owner="parent"))
            await session.flush()

            def work() -> None:
                with db.engine.connect() as connection:  # type: ignore[union-attr]
                    assert len(connection.execute(select(account)).all()) == 2

            assert in_child(work) == 0
            await session.commit()

    site.run(scenario)
    assert site.owners() == ["ann", "bob", "parent"]


@pytest.mark.drivers("async")
def test_child_of_a_process_with_an_asynchronous_engine(site: Site) -> None:
    """The child runs an event loop of its own; the parent's connections stay untouched."""
    engine = site.engine(pool_size=2)
    assert isinstance(engine, AsyncEngine)
    kept: dict[str, Any] = {}

    async def scenario(db: Database) -> None:
        await fill_pool(db, 2)
        kept["parents"] = site.clients()

        def work() -> None:
            assert db.engine.pool.checkedin() == 0
            assert db.engine.pool.status()

        assert in_child(work) == 0
        await insert_one(db, 3, "parent")
        assert site.clients() == kept["parents"]

    site.run(scenario, pool_size=2)
    assert site.owners() == ["ann", "bob", "parent"]
