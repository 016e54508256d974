"""Two-phase transactions whose connection is lost: what was prepared stays, and can be ended."""

from __future__ import annotations

import pytest
from faulty import Site, account, attempts, count

from ormolu.exc import CommitUnknown, OperationalError
from ormolu.sql import insert
from ormolu.testing.conformance.suite import Database

pytestmark = pytest.mark.drivers("blocking")

CYD = {"id": 3, "owner": "cyd"}


def test_lost_before_it_is_prepared(site: Site) -> None:
    async def scenario(db: Database) -> None:
        with db.engine.connect() as connection:  # type: ignore[union-attr]
            connection.begin_twophase("lost")
            connection.execute(insert(account), CYD)
            site.proxy.cut()
            with pytest.raises(OperationalError) as caught:
                connection.execute(insert(account), CYD)
            assert caught.value.connection_invalidated
            connection.rollback()
            assert "lost" not in connection.recover_twophase()
        assert await count(db) == 2
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)


@pytest.mark.drivers("postgresql")
@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "is-lost"])
def test_lost_while_it_is_prepared(site: Site, arrives: bool) -> None:
    """PREPARE is no COMMIT: nothing is in the database, but it may wait there to be ended."""
    pattern = b"PREPARE TRANSACTION"

    async def scenario(db: Database) -> None:
        with db.engine.connect() as connection:  # type: ignore[union-attr]
            transaction = connection.begin_twophase("halfway")
            connection.execute(insert(account), CYD)
            site.proxy.cut_when(pattern, forward=arrives)
            with pytest.raises(OperationalError) as caught:
                transaction.prepare()
            assert not isinstance(caught.value, CommitUnknown)
            transaction.rollback()
            assert ("halfway" in connection.recover_twophase()) is arrives
        assert await attempts(db, 3) == []

    site.run(scenario, via=site.proxy)
    assert site.owners() == ["ann", "bob"]


@pytest.mark.drivers("postgresql")
@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "is-lost"])
def test_lost_while_what_was_prepared_is_committed(site: Site, arrives: bool) -> None:
    pattern = b"COMMIT PREPARED"

    async def scenario(db: Database) -> None:
        with db.engine.connect() as connection:  # type: ignore[union-attr]
            transaction = connection.begin_twophase("decided")
            connection.execute(insert(account), CYD)
            transaction.prepare()
            site.proxy.cut_when(pattern, forward=arrives)
            with pytest.raises(CommitUnknown):
                transaction.commit()
            # Whoever coordinates looks which transactions are still there, and ends them.
            waiting = connection.recover_twophase()
            assert ("decided" in waiting) is not arrives
            if not arrives:
                connection.rollback()
                connection.commit_prepared("decided", recover=True)
            assert "decided" not in connection.recover_twophase()

    site.run(scenario, via=site.proxy)
    assert site.owners() == ["ann", "bob", "cyd"]


@pytest.mark.drivers("postgresql")
def test_server_killed_after_it_was_prepared(site: Site) -> None:
    async def scenario(db: Database) -> None:
        with db.engine.connect() as connection:  # type: ignore[union-attr]
            transaction = connection.begin_twophase("survivor")
            connection.execute(insert(account), CYD)
            transaction.prepare()
            site.revive()
            with pytest.raises(CommitUnknown):
                transaction.commit()
            assert connection.recover_twophase() == ["survivor"]
            connection.rollback()
            connection.commit_prepared("survivor", recover=True)

    site.run(scenario)
    assert site.owners() == ["ann", "bob", "cyd"]
