"""The I/O of pools: opening, waiting, resetting, closing.

What to do is decided by the pool (pure, ``base.py``, ``ledger.py``); these plans do it.
"""

from __future__ import annotations

import time
from typing import Any

from ..event import Handler
from ..exc import DisconnectionError, InvalidRequestError
from ..io import requests as rq
from ..io.drivers import DriverConnection
from ..io.plan import Plan
from .base import Pool
from .entry import Entry
from .events import PoolResetState
from .ledger import Ticket
from .proxy import PoolProxiedConnection

_CHECKOUTS = 3
# https://docs.python.org/3/library/inspect.html#inspect.CO_COROUTINE
_CO_COROUTINE = 128


def checkout_plan(pool: Pool) -> Plan[Entry]:
    """Return an entry with an open, usable connection.

    :raises ormolu.exc.TimeoutError: when none became free within the pool's timeout.
    """
    got = pool.acquire()
    if isinstance(got, Ticket):
        entry = yield from _queue_plan(pool, got)
    else:
        entry = got
    try:
        yield from _ready_plan(pool, entry)
        if pool.dispatch.checkout:
            yield from _checkout_hooks_plan(pool, entry)
    except BaseException:
        yield from _give_up_plan(pool, entry)
        raise
    return entry


def _checkout_hooks_plan(pool: Pool, entry: Entry) -> Plan[None]:
    """Call the ``checkout`` listeners; one that raises ``DisconnectionError`` gets another."""
    proxy = PoolProxiedConnection(entry, lambda invalid: None)
    for _ in range(_CHECKOUTS):
        try:
            yield from hooks_plan(entry, "checkout", proxy)
        except DisconnectionError as error:
            pool.log_error("checkout", error)
            yield from invalidate_plan(entry, error)
            yield from _ready_plan(pool, entry)
        else:
            return
    raise InvalidRequestError(
        f"A checkout listener refused {_CHECKOUTS} connections in a row with DisconnectionError"
    )


def hooks_plan(entry: Entry, name: str, *args: Any) -> Plan[None]:
    """Call the listeners of an event of the pool about one of its connections."""
    for handler in entry.pool.dispatch.handlers(name):
        yield rq.RunHook(handler, (entry.driver_connection, entry, *args))


def _connect_hooks_plan(
    entry: Entry, driver: DriverConnection, handlers: tuple[Handler, ...]
) -> Plan[None]:
    """Let listeners prepare a fresh connection.

    An ``async def`` receives the driver's connection; a plain function one that it can use without
    awaiting, whatever the driver.
    """
    for handler in handlers:
        if is_coroutine_function(handler):
            yield rq.RunHook(handler, (driver.raw, entry))
        else:
            yield rq.RunBlocking(driver, handler, (entry,))


def is_coroutine_function(fn: Handler) -> bool:
    """Say whether a function is an ``async def`` (without importing ``inspect``)."""
    code = getattr(fn, "__code__", None)
    return code is not None and bool(code.co_flags & _CO_COROUTINE)


def invalidate_plan(entry: Entry, error: BaseException | None = None) -> Plan[None]:
    """Close an entry's connection because it is not to be used again."""
    if entry.driver is not None:
        yield from hooks_plan(entry, "invalidate", error)
        yield from close_plan(entry)


def _give_up_plan(pool: Pool, entry: Entry) -> Plan[None]:
    try:
        yield from close_plan(entry)
    finally:
        pool.vacate(entry)


def checkin_plan(entry: Entry, *, invalid: bool = False) -> Plan[None]:
    """Give an entry back; one that is ``invalid`` or not wanted is closed."""
    pool = entry.pool
    if pool.dispatch.active and entry.driver is not None:
        if invalid:
            yield from hooks_plan(entry, "invalidate", None)
        else:
            yield from hooks_plan(entry, "reset", PoolResetState(True, False))
        yield from hooks_plan(entry, "checkin")
    if not invalid and not pool.stale(entry):
        surplus = pool.release(entry)
        if surplus is None:
            return
        yield from close_plan(surplus)
        return
    yield from _give_up_plan(pool, entry)


def close_plan(entry: Entry) -> Plan[None]:
    """Close an entry's connection; a connection that is broken can't object."""
    if entry.driver is not None:
        yield from hooks_plan(entry, "close")
    driver = entry.emptied()
    if driver is None:
        return
    try:
        yield rq.Close(driver)
    except driver.error as error:
        entry.pool.log_error("closing a connection", error)


def dispose_plan(pool: Pool) -> Plan[None]:
    """Close all idle connections; those in use are closed when they come back."""
    for entry in pool.drain():
        yield from close_plan(entry)


def _queue_plan(pool: Pool, ticket: Ticket) -> Plan[Entry]:
    try:
        served = yield rq.Wait(ticket, pool.wait_timeout)
    except BaseException:
        entry = pool.withdraw(ticket)
        if entry is not None:
            yield from checkin_plan(entry)
        raise
    entry = ticket.entry if served else pool.withdraw(ticket)
    if entry is None:
        raise pool.timeout_error()
    return entry


def _ready_plan(pool: Pool, entry: Entry) -> Plan[None]:
    """Make sure that the entry has a connection that is young and alive."""
    if entry.driver is not None and (pool.stale(entry) or pool.too_old(entry)):
        yield from close_plan(entry)
    if entry.driver is not None and pool.pre_ping:
        alive = yield from _ping_plan(pool, entry.driver)
        if not alive:
            # The others were opened before the same accident.
            pool.invalidate_idle()
            entry.emptied()
    if entry.driver is None:
        generation = pool.generation
        driver: DriverConnection = yield pool.opener.request()
        entry.opened(driver, generation, time.time())
        for sql in pool.opener.on_connect:
            yield rq.Execute(driver, sql, ())
        pool.log_debug("Created new connection", driver)
        if pool.dispatch.first_connect and not pool.was_connected:
            yield from _connect_hooks_plan(entry, driver, pool.dispatch.first_connect)
        pool.was_connected = True
        yield from _connect_hooks_plan(entry, driver, pool.dispatch.connect)


def _ping_plan(pool: Pool, driver: DriverConnection) -> Plan[bool]:
    try:
        yield rq.Execute(driver, pool.opener.ping_sql, ())
    except driver.error as error:
        pool.log_error("pre-ping", error)
        return False
    return True
