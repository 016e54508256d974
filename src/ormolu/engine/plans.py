"""The plans over a connection: acquire and release, transactions, running SQL.

These are the only functions between the sessions and the driver, so the hot ones are flat: one
generator frame, no helper calls unless statements are logged. ``acquire`` and ``release`` have
pure forms, which do the whole work in the common case (an idle connection, nothing to reset).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..exc import InvalidRequestError
from ..io import requests as rq
from ..io.drivers import DriverCursor, Outcome
from ..io.plan import Plan
from ..io.requests import Params
from ..pool.plans import checkin_plan, checkout_plan, close_plan
from .core import ConnectionCore, EngineCore

Rows = list[tuple[Any, ...]]


def acquire(engine: EngineCore) -> ConnectionCore | None:
    """Return a connection that needs no I/O to be lent out, or None: then run ``acquire_plan``."""
    entry = engine.pool.take()
    if entry is None:
        return None
    core: ConnectionCore | None = entry.core
    if core is None:
        assert entry.driver is not None
        return ConnectionCore(engine, entry, entry.driver)
    entry.core = None
    core.lend(engine)
    return core


def acquire_plan(engine: EngineCore) -> Plan[ConnectionCore]:
    """Check a connection out of the pool.

    :raises ormolu.exc.TimeoutError: when none becomes free in time.
    :raises ormolu.exc.DBAPIError: when the database can't be reached.
    """
    core = acquire(engine)
    if core is not None:
        return core
    dialect = engine.dialect
    driver_error = engine.pool.opener.error
    try:
        entry = yield from checkout_plan(engine.pool)
    except driver_error as error:
        raise dialect.translate_error(error)(
            None, None, error, hide_parameters=engine.hide_parameters
        ) from error
    assert entry.driver is not None
    return ConnectionCore(engine, entry, entry.driver)


def release(core: ConnectionCore) -> bool:
    """Give a connection back if that needs no I/O; False: run ``release_plan``."""
    if core.in_transaction or core.invalidated:
        return False
    entry = core.entry
    entry.core = core
    if entry.pool.give(entry):
        return True
    entry.core = None
    return False


def release_plan(core: ConnectionCore) -> Plan[None]:
    """Roll back what is open and give the connection back to the pool."""
    if core.in_transaction and not core.invalidated:
        try:
            yield from rollback_plan(core)
        except BaseException:
            # A connection that can't roll back is not fit for another user.
            core.invalidated = True
            yield from checkin_plan(core.entry, invalid=True)
            raise
    if release(core):
        return
    core.in_transaction = False
    if core.invalidated:
        yield from checkin_plan(core.entry, invalid=True)
        return
    core.entry.core = core
    yield from checkin_plan(core.entry)


def invalidate_plan(core: ConnectionCore) -> Plan[None]:
    """Close the driver connection for good; ``core`` is still to be released."""
    core.invalidated = True
    core.in_transaction = False
    yield from close_plan(core.entry)


def begin_plan(core: ConnectionCore) -> Plan[None]:
    """Begin a transaction."""
    if core.logging:
        core.engine.log.info(
            "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)"
            if core.autocommit
            else "BEGIN (implicit)"
        )
    if not core.autocommit:
        try:
            if core.entry.active:
                yield from _join_plan(core)
            else:
                yield rq.Begin(core.driver, core.begin_mode)
        except core.driver_error as error:
            raise core.wrap(error, "BEGIN", ()) from error
        core.entry.active += 1
    core.in_transaction = True
    core.lost = False


def commit_plan(core: ConnectionCore) -> Plan[None]:
    """Commit the transaction.

    :raises InvalidRequestError: when the database has already rolled it back by itself.
    """
    if core.lost:
        raise InvalidRequestError(
            "Can't commit: the database has rolled this transaction back after an error. "
            "Call rollback(), then run the transaction again."
        )
    if core.logging:
        core.engine.log.info(
            "COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode"
            if core.autocommit
            else "COMMIT"
        )
    if not core.autocommit:
        try:
            yield rq.Commit(core.driver)
            if core.entry.active > 1:
                yield from _renew_plan(core)
        except core.driver_error as error:
            raise core.wrap(error, "COMMIT", ()) from error
        core.entry.active -= 1
    core.in_transaction = False


def rollback_plan(core: ConnectionCore) -> Plan[None]:
    """Roll the transaction back."""
    if core.logging:
        core.engine.log.info(
            "ROLLBACK using DBAPI connection.rollback(), has no effect due to autocommit mode"
            if core.autocommit
            else "ROLLBACK"
        )
    if not core.autocommit and not core.invalidated:
        try:
            if core.entry.active > 1:
                yield from _rollback_shared_plan(core)
            else:
                yield rq.Rollback(core.driver)
        except core.driver_error as error:
            raise core.wrap(error, "ROLLBACK", ()) from error
        core.entry.active -= 1
    core.in_transaction = False
    core.lost = False


# A database in memory has one connection per thread (``SingletonThreadPool``), so two users may be
# inside a transaction of that one connection. The second one joins with a savepoint, so that its
# rollback, or its close after mere reading, undoes nothing of the first one's. A commit is
# always a real one; a new transaction then begins for the users who are still inside theirs.


def _join_plan(core: ConnectionCore) -> Plan[None]:
    entry = core.entry
    name = f"ormolu_shared_{entry.epoch}_{entry.active}"
    yield rq.Savepoint(core.driver, name)
    core.joined = (entry.epoch, name)


def _renew_plan(core: ConnectionCore) -> Plan[None]:
    core.entry.epoch += 1
    yield rq.Begin(core.driver, core.begin_mode)


def _rollback_shared_plan(core: ConnectionCore) -> Plan[None]:
    joined, core.joined = core.joined, None
    if joined is not None and joined[0] == core.entry.epoch and core.driver.in_transaction:
        yield rq.RollbackTo(core.driver, joined[1])
        yield rq.ReleaseSavepoint(core.driver, joined[1])
        return
    yield rq.Rollback(core.driver)
    yield from _renew_plan(core)


def savepoint_plan(core: ConnectionCore, name: str | None = None) -> Plan[str]:
    """Set a savepoint and return its name."""
    name = name or core.next_savepoint()
    yield from _savepoint_request(core, rq.Savepoint(core.driver, name), f"SAVEPOINT {name}")
    return name


def rollback_to_plan(core: ConnectionCore, name: str) -> Plan[None]:
    """Roll back to a savepoint."""
    request = rq.RollbackTo(core.driver, name)
    yield from _savepoint_request(core, request, f"ROLLBACK TO SAVEPOINT {name}")


def release_savepoint_plan(core: ConnectionCore, name: str) -> Plan[None]:
    """Release a savepoint."""
    request = rq.ReleaseSavepoint(core.driver, name)
    yield from _savepoint_request(core, request, f"RELEASE SAVEPOINT {name}")


def _savepoint_request(core: ConnectionCore, request: rq.Request, sql: str) -> Plan[None]:
    if core.logging:
        core.engine.log.statement(sql, (), "no key")
    try:
        yield request
    except core.driver_error as error:
        raise core.wrap(error, sql, ()) from error


def fetch_plan(core: ConnectionCore, sql: str, packed: Params) -> Plan[Rows]:
    """Run a statement that returns rows, and return them as the driver gives them. Hot."""
    if core.logging:
        core.engine.log.statement(sql, packed)
    request = core.request
    request.sql = sql
    request.params = packed
    try:
        rows: Rows = yield request
    except core.driver_error as error:
        raise core.wrap(error, sql, packed) from error
    return rows


def run_plan(core: ConnectionCore, sql: str, packed: Params) -> Plan[Outcome]:
    """Run any statement."""
    if core.logging:
        core.engine.log.statement(sql, packed)
    try:
        outcome: Outcome = yield rq.Execute(core.driver, sql, packed)
    except core.driver_error as error:
        raise core.wrap(error, sql, packed) from error
    return outcome


def executemany_plan(core: ConnectionCore, sql: str, rows: Sequence[Params]) -> Plan[Outcome]:
    """Run a statement once per parameter set."""
    if core.logging:
        core.engine.log.statement(sql, rows)
    try:
        outcome: Outcome = yield rq.ExecuteMany(core.driver, sql, rows)
    except core.driver_error as error:
        raise core.wrap(error, sql, rows) from error
    return outcome


def batch_plan(
    core: ConnectionCore, statements: Sequence[tuple[str, Params]]
) -> Plan[list[Outcome]]:
    """Run independent statements, in one round trip where the driver can."""
    if core.logging:
        for sql, params in statements:
            core.engine.log.statement(sql, params)
    try:
        outcomes: list[Outcome] = yield rq.Batch(core.driver, statements)
    except core.driver_error as error:
        raise core.wrap(error, statements[0][0] if statements else None, None) from error
    return outcomes


def close_cursor_plan(core: ConnectionCore, cursor: DriverCursor) -> Plan[None]:
    """Close a streaming cursor."""
    try:
        yield rq.CloseCursor(cursor)
    except core.driver_error as error:
        raise core.wrap(error, None, None) from error
