"""The plans over a connection: acquire and release, transactions, running SQL.

These are the only functions between the sessions and the driver, so the hot ones are flat: one
generator frame, no helper calls unless statements are logged. ``acquire`` and ``release`` have
pure forms, which do the whole work in the common case (an idle connection, nothing to reset).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import exc
from ..exc import InvalidRequestError
from ..io import requests as rq
from ..io.outcome import Outcome
from ..io.plan import Plan
from ..io.requests import Params
from ..pool.closing import checkin_plan
from ..pool.closing import invalidate_plan as invalidate_entry_plan
from ..pool.entry import Entry
from ..pool.plans import checkout_plan
from .core import ConnectionCore, EngineCore
from .observed import begin_pending_plan, hook_plan, send_plan, text_and_values

if TYPE_CHECKING:
    from ..io.drivers import DriverCursor

Rows = list[tuple[Any, ...]]


def acquire(engine: EngineCore) -> ConnectionCore | None:
    """Return a connection that needs no I/O to be lent out, or None: then run ``acquire_plan``."""
    entry = engine.pool.take()
    if entry is None:
        return None
    core: ConnectionCore | None = entry.core
    if core is None:
        return _core_on(engine, entry)
    entry.core = None
    core.lend(engine)
    return core


def _core_on(engine: EngineCore, entry: Entry) -> ConnectionCore:
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
    driver_error = engine.pool.opener.error
    try:
        entry = yield from checkout_plan(engine.pool)
    except driver_error as error:
        raise engine.wrap_connect(error) from error
    return _core_on(engine, entry)


def release(core: ConnectionCore) -> bool:
    """Give a connection back if that needs no I/O; False: run ``release_plan``."""
    entry = core.entry
    if core.in_transaction or core.invalidated or core.driver.broken or entry.handed_out:
        return False
    entry.core = core
    core.owner = None
    if entry.pool.give(entry):
        return True
    entry.core = None
    return False


def release_plan(core: ConnectionCore) -> Plan[None]:
    """Roll back what is open and give the connection back to the pool."""
    if core.driver.broken:
        # It was interrupted: the server rolls back by itself when the connection is closed.
        core.invalidated = True
    if core.in_transaction and not core.invalidated:
        try:
            yield from rollback_plan(core)
        except BaseException as error:
            yield from _release_after_plan(core, error)
            raise
    if core.entry.handed_out:
        try:
            yield from take_back_plan(core)
        except BaseException as error:
            yield from _release_after_plan(core, error)
            raise
    if release(core):
        return
    core.in_transaction = False
    core.owner = None
    if core.invalidated:
        yield from checkin_plan(core.entry, invalid=True)
        return
    core.entry.core = core
    yield from checkin_plan(core.entry)


def _release_after_plan(core: ConnectionCore, error: BaseException) -> Plan[None]:
    """Give a connection back whose rollback failed, or was interrupted."""
    core.owner = None
    if isinstance(error, Exception):
        # A connection that can't roll back is not fit for another user.
        core.invalidated = True
    elif core.in_transaction:
        # Listeners were told, or were what was interrupted.
        core.observed = False
        try:
            yield from rollback_plan(core)
        except exc.DBAPIError:
            core.invalidated = True
    yield from checkin_plan(core.entry, invalid=core.invalidated)


def hand_out_plan(core: ConnectionCore) -> Plan[ConnectionCore]:
    """Make the driver's own connection ready for a user of it, and return the core.

    It begins a transaction with its first statement, or with its first change, as PEP 249 and its
    driver have it; at the level AUTOCOMMIT it begins none.
    """
    core.entry.handed_out = True
    try:
        yield rq.HandOut(core.driver, core.autocommit)
    except core.driver_error as error:
        raise core.wrap(error, None, None) from error
    return core


def take_back_plan(core: ConnectionCore) -> Plan[None]:
    """End what the user of the driver's connection left open, as the pool's rule says.

    A transaction that others on the same connection are in is left to them.
    """
    entry = core.entry
    entry.handed_out = False
    if core.invalidated:
        return
    try:
        if core.driver.in_transaction and not entry.active:
            rule = entry.pool.reset_on_return
            if rule is not None:
                yield rq.Commit(core.driver) if rule == "commit" else rq.Rollback(core.driver)
        yield rq.TakeBack(core.driver)
    except core.driver_error as error:
        entry.pool.log_error("resetting a connection", error)
        core.invalidated = True
    except BaseException:
        core.invalidated = True
        raise


def invalidate_plan(core: ConnectionCore, error: BaseException | None = None) -> Plan[None]:
    """Close the driver connection for good; ``core`` is still to be released."""
    core.invalidated = True
    core.in_transaction = False
    yield from invalidate_entry_plan(core.entry, error)


def detach(core: ConnectionCore) -> None:
    """Take the driver's connection out of its pool; giving it back will close it."""
    core.entry = core.entry.pool.detached(core.entry)


def begin(core: ConnectionCore) -> bool:
    """Begin a transaction if that needs no I/O; False: run ``begin_plan``."""
    entry = core.entry
    if core.observed or core.autocommit or entry.active:
        return False
    if not core.driver.defer_begin(core.begin_mode):
        return False
    entry.active = 1
    core.in_transaction = True
    core.lost = False
    return True


def begin_plan(core: ConnectionCore) -> Plan[None]:
    """Begin a transaction."""
    if core.observed:
        yield from _begin_observed_plan(core)
        return
    if not core.autocommit:
        try:
            if core.entry.active:
                yield from _join_plan(core)
            elif not core.driver.defer_begin(core.begin_mode):
                yield core.begin_request
        except core.driver_error as error:
            raise core.wrap(error, "BEGIN", ()) from error
        except BaseException:
            yield from _undo_begin_plan(core)
            raise
        core.entry.active += 1
    elif core.entry.handed_out:
        yield from hand_out_plan(core)
    core.in_transaction = True
    core.lost = False


def _undo_begin_plan(core: ConnectionCore) -> Plan[None]:
    """End the transaction of a BEGIN that was interrupted: nobody would end it later."""
    if core.entry.active:
        return
    try:
        yield rq.Rollback(core.driver)
    except core.driver_error:
        core.invalidated = True


def _begin_observed_plan(core: ConnectionCore) -> Plan[None]:
    """Begin; ``begin`` listeners may send the BEGIN themselves (see ``observed.py``)."""
    _log(
        core, "BEGIN (implicit)", "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)"
    )
    core.begin_pending = not core.autocommit and not core.entry.active
    core.in_transaction = True
    core.lost = False
    try:
        if not core.autocommit and not core.begin_pending:
            yield from _join_plan(core)
        yield from hook_plan(core, "begin")
        if core.autocommit and core.entry.handed_out:
            yield from hand_out_plan(core)
        if core.begin_pending:
            yield from begin_pending_plan(core, "")
    except BaseException as error:
        core.in_transaction = core.begin_pending = False
        yield from _undo_begin_plan(core)
        wrapped = core.wrap(error, "BEGIN", ())
        if wrapped is error:
            raise
        raise wrapped from error
    if not core.autocommit:
        core.entry.active += 1


def _log(core: ConnectionCore, message: str, in_autocommit: str) -> None:
    if core.logged:
        core.engine.log.info(in_autocommit if core.autocommit else message, core.log_token)


def commit_plan(core: ConnectionCore) -> Plan[None]:
    """Commit the transaction.

    :raises InvalidRequestError: when the database has already rolled it back by itself.
    """
    if core.lost:
        raise InvalidRequestError(
            "Can't commit: the database has rolled this transaction back after an error. "
            "Call rollback(), then run the transaction again."
        )
    if core.observed:
        yield from hook_plan(core, "commit")
        _log(
            core,
            "COMMIT",
            "COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode",
        )
    if not core.autocommit:
        try:
            yield core.commit_request
            if core.entry.active > 1:
                yield from _renew_plan(core)
        except core.driver_error as error:
            raise core.wrap(error, "COMMIT", ()) from error
        core.entry.active -= 1
    core.in_transaction = False


def rollback_plan(core: ConnectionCore) -> Plan[None]:
    """Roll the transaction back."""
    if core.observed:
        yield from hook_plan(core, "rollback")
        _log(
            core,
            "ROLLBACK",
            "ROLLBACK will be skipped by skip_autocommit_rollback",
        )
    if core.driver.broken:
        core.invalidated = True
    if not core.autocommit and not core.invalidated:
        try:
            if core.entry.active > 1:
                yield from _rollback_shared_plan(core)
            else:
                yield rq.Rollback(core.driver)
        except core.driver_error as error:
            wrapped = core.wrap(error, "ROLLBACK", ())
            if not core.invalidated:
                raise wrapped from error
            # Nobody is left who could commit: the server rolls back what it lost the client of.
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
    if core.observed:
        yield from hook_plan(core, "savepoint", name)
    yield from _savepoint_request(core, rq.Savepoint(core.driver, name), f"SAVEPOINT {name}")
    return name


def rollback_to_plan(core: ConnectionCore, name: str) -> Plan[None]:
    """Roll back to a savepoint."""
    if core.observed:
        yield from hook_plan(core, "rollback_savepoint", name, None)
    request = rq.RollbackTo(core.driver, name)
    yield from _savepoint_request(core, request, f"ROLLBACK TO SAVEPOINT {name}")


def release_savepoint_plan(core: ConnectionCore, name: str) -> Plan[None]:
    """Release a savepoint."""
    if core.observed:
        yield from hook_plan(core, "release_savepoint", name, None)
    request = rq.ReleaseSavepoint(core.driver, name)
    yield from _savepoint_request(core, request, f"RELEASE SAVEPOINT {name}")


def _savepoint_request(core: ConnectionCore, request: rq.Request, sql: str) -> Plan[None]:
    if core.observed:
        # As a statement, for those who look on; the driver methods send the same text.
        started = time.perf_counter()
        request = rq.Execute(core.driver, sql, ())
        took = time.perf_counter() - started
        yield from send_plan(core, request, remark=f"no key {took:.5f}s")
        return
    try:
        yield request
    except core.driver_error as error:
        raise core.wrap(error, sql, ()) from error


def fetch_plan(core: ConnectionCore, sql: str, packed: Params) -> Plan[Rows]:
    """Run a statement that returns rows, and return them as the driver gives them. Hot."""
    if core.observed:
        return (yield from _fetch_observed_plan(core, sql, packed))
    request = core.request
    request.sql = sql
    request.params = packed
    try:
        rows: Rows = yield request
    except core.driver_error as error:
        raise core.wrap(error, sql, packed) from error
    return rows


def _fetch_observed_plan(core: ConnectionCore, sql: str, packed: Params) -> Plan[Rows]:
    reply = yield from send_plan(core, rq.FetchAll(core.driver, sql, packed))
    rows: Rows = reply
    return rows


def run_plan(core: ConnectionCore, sql: str, packed: Params) -> Plan[Outcome]:
    """Run any statement. Hot."""
    outcome: Outcome
    if core.observed:
        outcome = yield from request_plan(core, rq.Execute(core.driver, sql, packed))
        return outcome
    core.request.sql = sql
    try:
        request = core.execute_request
        request.sql = sql
        request.params = packed
        outcome = yield request
    except core.driver_error as error:
        raise core.wrap(error, sql, packed) from error
    return outcome


def executemany_plan(core: ConnectionCore, sql: str, rows: Sequence[Params]) -> Plan[Outcome]:
    """Run a statement once per parameter set."""
    outcome: Outcome = yield from request_plan(core, rq.ExecuteMany(core.driver, sql, rows))
    return outcome


def batch_plan(
    core: ConnectionCore, statements: Sequence[tuple[str, Params]]
) -> Plan[list[Outcome]]:
    """Run independent statements, in one round trip where the driver can."""
    outcomes: list[Outcome] = yield from request_plan(core, rq.Batch(core.driver, statements))
    return outcomes


def request_plan(
    core: ConnectionCore, request: Any, compiled: Any = None, *, many: bool = False
) -> Plan[Any]:
    """Send one request that runs SQL, with all that goes with it: listeners, log, errors."""
    if core.observed:
        return (yield from send_plan(core, request, compiled=compiled, many=many))
    sql, params = text_and_values(request)
    core.request.sql = sql
    try:
        reply = yield request
    except core.driver_error as error:
        statement = None if compiled is None else compiled.statement
        raise core.wrap(error, sql, params, None, statement) from error
    return reply


def close_cursor_plan(core: ConnectionCore, cursor: DriverCursor) -> Plan[None]:
    """Close a streaming cursor."""
    try:
        yield rq.CloseCursor(cursor)
    except core.driver_error as error:
        raise core.wrap(error, None, None) from error
