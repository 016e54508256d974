"""What begins: connections waited for, opened, tested, lent out.

What to do is decided by the pool (pure, ``impl.py``, ``ledger.py``); these plans and those of
``closing.py`` do it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..event import Handler
from ..exc import DisconnectionError, InvalidatePoolError, InvalidRequestError
from ..io import requests as rq
from ..io.plan import Plan
from .closing import (
    checkin_plan,
    close_plan,
    drop_plan,
    end_listening_plan,
    give_up_plan,
    hooks_plan,
    invalidate_plan,
    is_idle,
    reset_forgotten_plan,
)
from .entry import Entry
from .ledger import Ticket
from .proxy import PoolProxiedConnection

if TYPE_CHECKING:
    from ..io.drivers import DriverConnection
    from .base import Pool

_CHECKOUTS = 2
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
    pool.lent_to_me(entry)
    try:
        yield from _ready_plan(pool, entry)
        if pool.dispatch.checkout:
            yield from _checkout_hooks_plan(pool, entry)
    except BaseException:
        yield from give_up_plan(pool, entry)
        raise
    pool.log.debug("Connection %r checked out from pool", entry.driver)
    return entry


def _checkout_hooks_plan(pool: Pool, entry: Entry) -> Plan[None]:
    """Call the ``checkout`` listeners; one that raises ``DisconnectionError`` gets another."""
    proxy = PoolProxiedConnection(entry, lambda invalid: None)
    for attempt in range(1, _CHECKOUTS + 1):
        try:
            yield from hooks_plan(entry, "checkout", proxy)
            return
        except DisconnectionError as error:
            pool.log_error("checkout", error)
            if isinstance(error, InvalidatePoolError):
                pool.invalidate_idle()
            yield from invalidate_plan(entry, error)
            if attempt == _CHECKOUTS:
                raise InvalidRequestError(
                    f"A checkout listener refused {_CHECKOUTS} connections in a row with "
                    f"DisconnectionError: {error}"
                ) from error
        yield from _ready_plan(pool, entry)


def _connect_hooks_plan(
    entry: Entry, driver: DriverConnection, handlers: tuple[Handler, ...]
) -> Plan[None]:
    """Let listeners prepare a fresh connection.

    An ``async def`` receives the driver's connection; a plain function one that it can use without
    awaiting, whatever the driver.
    """
    if not handlers:
        return
    idle = is_idle(driver)
    for handler in handlers:
        if is_coroutine_function(handler):
            yield rq.RunHook(handler, (driver.raw, entry))
        else:
            yield rq.RunBlocking(driver, handler, (entry,))
    yield from end_listening_plan(entry, idle)


def is_coroutine_function(fn: Handler) -> bool:
    """Say whether a function is an ``async def`` (without importing ``inspect``)."""
    code = getattr(fn, "__code__", None)
    return code is not None and bool(code.co_flags & _CO_COROUTINE)


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
    if entry.forgotten is not None:
        yield from reset_forgotten_plan(entry)
    if entry.driver is not None and entry.driver.broken:
        yield from drop_plan(entry)
    if entry.driver is not None and (pool.stale(entry) or pool.too_old(entry)):
        why = "invalidated" if pool.stale(entry) else "exceeded timeout"
        pool.log.info(f"Connection %r {why}; recycling", entry.driver)
        yield from close_plan(entry)
    if entry.driver is not None and pool.pre_ping:
        alive = yield from _ping_plan(pool, entry.driver)
        if not alive:
            pool.lost(entry)
            yield from drop_plan(entry)
    if entry.driver is None:
        generation = pool.generation
        driver: DriverConnection = yield pool.opener.request()
        entry.opened(driver, generation, time.time())
        pool.connected(entry)
        yield from pool.opener.prepare_plan(driver)
        pool.refresh_ready()
        pool.log.debug("Created new connection %r", driver)
        if pool.dispatch.first_connect and not pool.was_connected:
            yield from _connect_hooks_plan(entry, driver, pool.dispatch.first_connect)
        pool.was_connected = True
        yield from _connect_hooks_plan(entry, driver, pool.dispatch.connect)


def _ping_plan(pool: Pool, driver: DriverConnection) -> Plan[bool]:
    pool.log.debug("Pool pre-ping on connection %r", driver)
    try:
        yield rq.Execute(driver, pool.opener.ping_sql, ())
    except driver.error as error:
        # No warning: it is what pre-ping is there for.
        pool.log.debug("Pool pre-ping on connection %r failed, will invalidate pool", driver)
        pool.log.invalidated(driver, error, soft=False)
        pool.opener.ping_failed(error)
        return False
    return True
