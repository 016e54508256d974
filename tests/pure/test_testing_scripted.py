"""The scripted driver runs the engine's plans without a database."""

from __future__ import annotations

import sqlite3

import pytest

from ormolu import exc
from ormolu.engine import plans
from ormolu.io import Outcome, Plan, run_sync
from ormolu.testing import ScriptedDriver, scripted_core, scripted_engine


def test_replies_come_in_order_and_calls_are_recorded() -> None:
    driver = ScriptedDriver([[(1, "Neil")], lambda sql, params: [(sql, params)]])
    core = scripted_core(driver)
    assert run_sync(plans.fetch_plan(core, "SELECT 1", (7,))) == [(1, "Neil")]
    assert run_sync(plans.fetch_plan(core, "SELECT 2", ())) == [("SELECT 2", ())]
    assert run_sync(plans.fetch_plan(core, "SELECT 3", ())) == []
    assert driver.calls[0] == ("fetchall", "SELECT 1", (7,))
    assert driver.statements == ["SELECT 1", "SELECT 2", "SELECT 3"]


def test_a_transaction_with_a_savepoint() -> None:
    driver = ScriptedDriver([Outcome(None, None, 1, 5)])
    core = scripted_core(driver)

    def plan() -> Plan[int | None]:
        yield from plans.begin_plan(core)
        name = yield from plans.savepoint_plan(core)
        outcome = yield from plans.run_plan(core, "INSERT", ())
        yield from plans.rollback_to_plan(core, name)
        yield from plans.release_savepoint_plan(core, name)
        yield from plans.commit_plan(core)
        return outcome.lastrowid

    assert run_sync(plan()) == 5
    assert [call[0] for call in driver.calls] == [
        "begin",
        "savepoint",
        "execute",
        "rollback_to",
        "release_savepoint",
        "commit",
    ]
    assert not core.in_transaction


def test_a_driver_error_is_wrapped_and_the_connection_still_serves() -> None:
    driver = ScriptedDriver([sqlite3.IntegrityError("no"), [(1,)]])
    core = scripted_core(driver)
    with pytest.raises(exc.IntegrityError, match="no") as caught:
        run_sync(plans.fetch_plan(core, "SELECT", (1,)))
    assert (caught.value.statement, caught.value.params) == ("SELECT", (1,))
    assert run_sync(plans.fetch_plan(core, "SELECT", ())) == [(1,)]


def test_a_lost_transaction_refuses_to_commit() -> None:
    driver = ScriptedDriver([sqlite3.OperationalError("disk full")])
    core = scripted_core(driver)
    run_sync(plans.begin_plan(core))
    driver.in_transaction = False
    with pytest.raises(exc.OperationalError):
        run_sync(plans.run_plan(core, "INSERT", ()))
    with pytest.raises(exc.InvalidRequestError, match="rolled this transaction back"):
        run_sync(plans.commit_plan(core))
    run_sync(plans.rollback_plan(core))
    assert (core.lost, core.in_transaction) == (False, False)


def test_a_connection_that_can_not_roll_back_is_closed() -> None:
    driver = ScriptedDriver(fail_on={"rollback": sqlite3.OperationalError("gone")})
    core = scripted_core(driver)
    run_sync(plans.begin_plan(core))
    with pytest.raises(exc.OperationalError, match="gone"):
        run_sync(plans.release_plan(core))
    assert driver.calls[-1] == ("close",)


def test_release_of_an_idle_connection_needs_no_request() -> None:
    engine = scripted_engine(ScriptedDriver())
    core = run_sync(plans.acquire_plan(engine.core))
    assert plans.release(core)
    assert plans.acquire(engine.core) is core
    run_sync(plans.begin_plan(core))
    assert not plans.release(core)
    run_sync(plans.release_plan(core))
    assert engine.pool.checkedout() == 0


def test_a_failed_begin_leaves_no_transaction() -> None:
    driver = ScriptedDriver(fail_on={"begin": sqlite3.OperationalError("locked")})
    with scripted_engine(driver).connect() as connection:
        with pytest.raises(exc.OperationalError, match="locked"):
            connection.begin()
        assert not connection.in_transaction()


def test_executemany_and_batch() -> None:
    driver = ScriptedDriver()
    core = scripted_core(driver)
    assert run_sync(plans.executemany_plan(core, "INSERT", [(1,), (2,)])).rowcount == 2
    assert len(run_sync(plans.batch_plan(core, [("A", ()), ("B", ())]))) == 2
    assert driver.statements == ["INSERT", "A", "B"]
