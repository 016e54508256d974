"""What ends: connections given back, reset, invalidated, detached, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..io import requests as rq
from ..io.plan import Plan
from .entry import Entry
from .events import PoolResetState

if TYPE_CHECKING:
    from ..io.drivers import DriverConnection
    from .base import Pool


def hooks_plan(entry: Entry, name: str, *args: Any) -> Plan[None]:
    """Call the listeners of an event of the pool about one of its connections."""
    handlers = entry.pool.dispatch.handlers(name)
    if handlers:
        idle = is_idle(entry.driver)
        for handler in handlers:
            yield rq.RunHook(handler, (entry.driver_connection, entry, *args))
        yield from end_listening_plan(entry, idle)


def is_idle(driver: DriverConnection | None) -> bool:
    """Say whether a connection is there, and outside a transaction."""
    return driver is not None and not driver.in_transaction


def end_listening_plan(entry: Entry, was_idle: bool) -> Plan[None]:
    """Commit what listeners did outside a transaction: no pool keeps a connection inside one."""
    if was_idle and entry.driver is not None and entry.driver.in_transaction:
        yield rq.Commit(entry.driver)


def invalidate_plan(
    entry: Entry, error: BaseException | None = None, *, soft: bool = False
) -> Plan[None]:
    """Close an entry's connection because it is not to be used again; ``soft``: when next lent."""
    if entry.driver is None:
        return
    entry.pool.log.invalidated(entry.driver, error, soft=soft)
    if soft:
        yield from hooks_plan(entry, "soft_invalidate", error)
        entry.generation = -1
        return
    try:
        yield from hooks_plan(entry, "invalidate", error)
    finally:
        yield from close_plan(entry)


def checkin_raw_plan(entry: Entry, invalid: bool) -> Plan[None]:
    """Give back a connection whose user had the driver's own, and may have left a transaction."""
    _log_return(entry)
    if not invalid and entry.driver is not None:
        try:
            yield from _reset_plan(entry, entry.driver)
        except Exception as error:
            entry.pool.log_error("resetting a connection", error)
            invalid = True
        except BaseException:
            yield from checkin_plan(entry, invalid=True)
            raise
    yield from checkin_plan(entry, invalid=invalid, was_reset=False)


def _reset_plan(entry: Entry, driver: DriverConnection) -> Plan[None]:
    pool = entry.pool
    yield from _reset_hooks_plan(entry, False)
    if pool.reset_on_return is not None:
        pool.log.debug(f"Connection %r {pool.reset_on_return}-on-return", driver)
    if pool.reset_on_return == "rollback":
        yield rq.Rollback(driver)
    elif pool.reset_on_return == "commit":
        yield rq.Commit(driver)


def _reset_hooks_plan(entry: Entry, was_reset: bool) -> Plan[None]:
    pool = entry.pool
    if not pool.dispatch.reset:
        return
    is_detached = pool.closing_event != "close"
    idle = is_idle(entry.driver)
    for handler in pool.dispatch.reset:
        state = PoolResetState(was_reset, is_detached)
        yield rq.RunHook(handler, (entry.driver_connection, None if is_detached else entry, state))
    yield from end_listening_plan(entry, idle)


def reset_forgotten_plan(entry: Entry) -> Plan[None]:
    """Make the connection usable that its last user dropped without giving it back."""
    pool = entry.pool
    forgotten, entry.forgotten = entry.forgotten, None
    if entry.driver is None or pool.opener.module.is_async or forgotten != pool.generation:
        # Nobody knows what an asynchronous driver was in the middle of.
        yield from close_plan(entry)
        return
    try:
        yield from _reset_plan(entry, entry.driver)
    except entry.driver.error as error:
        pool.log_error("resetting a connection", error)
        yield from close_plan(entry)
        return
    yield from hooks_plan(entry, "checkin")
    entry.generation = pool.generation


def checkin_plan(entry: Entry, *, invalid: bool = False, was_reset: bool = True) -> Plan[None]:
    """Give an entry back; one that is ``invalid`` or not wanted is closed.

    :param was_reset: whether its transaction was ended by whoever had begun it.
    """
    pool = entry.pool
    if was_reset:
        _log_return(entry)
        if pool.reset_on_return is not None and not invalid:
            pool.log.debug("Connection %r reset, transaction already reset", entry.driver)
    try:
        if pool.dispatch.active:
            yield from _checkin_hooks_plan(entry, invalid, was_reset)
        if invalid or pool.stale(entry):
            yield from close_plan(entry)
    except BaseException:
        # Nobody knows what a listener that failed has left of it.
        yield from close_plan(entry)
        raise
    finally:
        # The place stays, empty if need be: the next user opens a connection in it.
        surplus = pool.release(entry)
        if surplus is not None:
            yield from close_plan(surplus)


def _log_return(entry: Entry) -> None:
    if entry.pool.closing_event == "close":
        entry.pool.log.debug("Connection %r being returned to pool", entry.driver)


def _checkin_hooks_plan(entry: Entry, invalid: bool, was_reset: bool) -> Plan[None]:
    if invalid:
        yield from invalidate_plan(entry)
    elif was_reset and entry.driver is not None:
        yield from _reset_hooks_plan(entry, True)
    if entry.pool.closing_event == "close":
        yield from hooks_plan(entry, "checkin")


def close_plan(entry: Entry) -> Plan[None]:
    """Close an entry's connection; a connection that is broken can't object."""
    try:
        if entry.driver is not None:
            yield from _closing_hooks_plan(entry)
    finally:
        yield from drop_plan(entry)


def drop_plan(entry: Entry) -> Plan[None]:
    """Close an entry's connection without telling listeners: one that was found dead."""
    driver = entry.emptied()
    entry.pool.connected(entry)
    if driver is None:
        return
    entry.pool.log.debug("Closing connection %r", driver)
    try:
        yield rq.Close(driver)
    except driver.error as error:
        entry.pool.log_error("closing a connection", error)


def _closing_hooks_plan(entry: Entry) -> Plan[None]:
    dispatch = entry.pool.dispatch
    if entry.pool.closing_event == "close":
        yield from hooks_plan(entry, "close")
        return
    for handler in dispatch.close_detached:
        yield rq.RunHook(handler, (entry.driver_connection,))


def give_up_plan(pool: Pool, entry: Entry) -> Plan[None]:
    try:
        yield from close_plan(entry)
    finally:
        pool.vacate(entry)


def dispose_plan(pool: Pool) -> Plan[None]:
    """Close all idle connections; those in use are closed when they come back."""
    for entry in pool.drain():
        yield from close_plan(entry)
    pool.log.pool(f"Pool disposed. {pool.status()}")
