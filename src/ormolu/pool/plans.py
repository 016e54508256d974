"""The I/O of pools: opening, waiting, resetting, closing.

What to do is decided by the pool (pure, ``base.py``, ``ledger.py``); these plans do it.
"""

from __future__ import annotations

import time

from ..io import requests as rq
from ..io.drivers import DriverConnection
from ..io.plan import Plan
from .base import Pool
from .entry import Entry
from .ledger import Ticket


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
    except BaseException:
        yield from _give_up_plan(pool, entry)
        raise
    return entry


def _give_up_plan(pool: Pool, entry: Entry) -> Plan[None]:
    try:
        yield from close_plan(entry)
    finally:
        pool.vacate(entry)


def checkin_plan(entry: Entry, *, invalid: bool = False) -> Plan[None]:
    """Give an entry back; one that is ``invalid`` or not wanted is closed."""
    pool = entry.pool
    if not invalid and not pool.stale(entry):
        surplus = pool.release(entry)
        if surplus is None:
            return
        yield from close_plan(surplus)
        return
    yield from _give_up_plan(pool, entry)


def close_plan(entry: Entry) -> Plan[None]:
    """Close an entry's connection; a connection that is broken can't object."""
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


def _ping_plan(pool: Pool, driver: DriverConnection) -> Plan[bool]:
    try:
        yield rq.Execute(driver, pool.opener.ping_sql, ())
    except driver.error as error:
        pool.log_error("pre-ping", error)
        return False
    return True
