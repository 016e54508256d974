"""The ledger decides who gets a connection; the plans do what it says."""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

import pytest

from ormolu.exc import TimeoutError
from ormolu.io import run_sync
from ormolu.pool import (
    AssertionPool,
    NullPool,
    Pool,
    QueuePool,
    SingletonThreadPool,
    StaticPool,
)
from ormolu.pool.closing import checkin_plan, dispose_plan
from ormolu.pool.entry import Entry
from ormolu.pool.ledger import Ledger, Ticket
from ormolu.pool.opener import Opener
from ormolu.pool.plans import checkout_plan


class Connection:
    """A driver connection that can only be pinged and closed."""

    error = sqlite3.Error
    broken = False

    def __init__(self, number: int) -> None:
        self.number = number
        self.raw = self.bare = f"connection {number}"
        self.closed = False
        self.dead = False

    def execute(self, sql: str, params: Any) -> None:
        if self.dead:
            raise sqlite3.OperationalError("gone")

    def close(self) -> None:
        self.closed = True


class Module:
    """A driver that numbers its connections."""

    error = sqlite3.Error
    failing = False

    def __init__(self) -> None:
        self.opened: list[Connection] = []

    def connect(self) -> Connection:
        if self.failing:
            raise sqlite3.OperationalError("no database")
        connection = Connection(len(self.opened))
        self.opened.append(connection)
        return connection


def pool_of(cls: type[Pool], **options: Any) -> tuple[Any, Module]:
    module = Module()
    return cls(Opener(module), **options), module  # type: ignore[arg-type]


def checkout(pool: Pool) -> Entry:
    return pool.take() or run_sync(checkout_plan(pool))


def checkin(entry: Entry, invalid: bool = False) -> None:
    run_sync(checkin_plan(entry, invalid=invalid))


def number(entry: Entry) -> int:
    assert isinstance(entry.driver, Connection)
    return entry.driver.number


def ledger_of(size: int, overflow: int, *, lifo: bool = False) -> Ledger:
    owner: Any = None
    return Ledger(size, overflow, lambda: Entry(owner), lifo=lifo)


def test_places_are_given_until_size_and_overflow_are_used_up() -> None:
    ledger = ledger_of(1, 1)
    first, second, third = ledger.acquire(), ledger.acquire(), ledger.acquire()
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert isinstance(third, Ticket)


def test_a_returned_entry_goes_to_the_one_who_waits_longest() -> None:
    ledger = ledger_of(1, 0)
    entry = ledger.acquire()
    assert isinstance(entry, Entry)
    early, late = ledger.acquire(), ledger.acquire()
    assert isinstance(early, Ticket)
    assert isinstance(late, Ticket)
    assert ledger.release(entry) is None
    assert early.entry is entry
    assert early.ready
    assert late.entry is None
    assert ledger.take() is None


def test_a_freed_place_goes_to_the_one_who_waits() -> None:
    ledger = ledger_of(1, 0)
    held = ledger.acquire()
    assert isinstance(held, Entry)
    ticket = ledger.acquire()
    assert isinstance(ticket, Ticket)
    ledger.vacate(held)
    assert ticket.entry is not None
    assert ticket.entry.driver is None
    assert ledger.places == 1


def test_one_who_gives_up_leaves_the_queue_or_gets_what_it_was_served() -> None:
    ledger = ledger_of(1, 0)
    entry = ledger.acquire()
    assert isinstance(entry, Entry)
    gone, served = ledger.acquire(), ledger.acquire()
    assert isinstance(gone, Ticket)
    assert isinstance(served, Ticket)
    assert ledger.withdraw(gone) is None
    ledger.release(entry)
    assert ledger.withdraw(served) is entry


def test_overflow_is_closed_when_it_comes_back() -> None:
    ledger = ledger_of(1, 1)
    first, second = ledger.acquire(), ledger.acquire()
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert ledger.release(first) is None
    assert ledger.release(second) is second
    assert ledger.places == 1


@pytest.mark.parametrize(("lifo", "expected"), [(False, 0), (True, 1)])
def test_the_order_of_reuse(lifo: bool, expected: int) -> None:
    pool, _ = pool_of(QueuePool, use_lifo=lifo)
    entries = [checkout(pool), checkout(pool)]
    for entry in entries:
        checkin(entry)
    assert number(checkout(pool)) == expected


def test_status_counts_connections() -> None:
    pool, _ = pool_of(QueuePool, pool_size=2, max_overflow=1)
    entries = [checkout(pool) for _ in range(3)]
    assert pool.status() == (
        "Pool size: 2  Connections in pool: 0 Current Overflow: 1 "
        "Current Checked out connections: 3"
    )
    for entry in entries:
        checkin(entry)
    assert (pool.checkedin(), pool.checkedout(), pool.overflow(), pool.size()) == (2, 0, 0, 2)


def test_a_timeout_names_size_overflow_and_seconds() -> None:
    pool, _ = pool_of(QueuePool, pool_size=1, max_overflow=0, timeout=0.001)
    held = checkout(pool)
    message = "QueuePool limit of size 1 overflow 0 reached, connection timed out, timeout 0.00"
    with pytest.raises(TimeoutError, match=message):
        checkout(pool)
    checkin(held)
    assert number(checkout(pool)) == 0


def test_a_waiting_thread_is_served() -> None:
    pool, _ = pool_of(QueuePool, pool_size=1, max_overflow=0, timeout=5)
    held = checkout(pool)
    got: list[Entry] = []
    thread = threading.Thread(target=lambda: got.append(checkout(pool)))
    thread.start()
    while not pool._ledger.queue:
        pass
    checkin(held)
    thread.join()
    assert got == [held]


def test_a_failed_connect_gives_its_place_back() -> None:
    pool, module = pool_of(QueuePool, pool_size=1, max_overflow=0, timeout=0.001)
    module.failing = True
    with pytest.raises(sqlite3.OperationalError):
        checkout(pool)
    module.failing = False
    assert number(checkout(pool)) == 0


def test_an_invalid_connection_is_closed_and_replaced() -> None:
    pool, module = pool_of(QueuePool, pool_size=1, max_overflow=0, timeout=0.001)
    checkin(checkout(pool), invalid=True)
    assert module.opened[0].closed
    assert number(checkout(pool)) == 1


def test_dispose_closes_the_idle_and_then_those_in_use() -> None:
    pool, module = pool_of(QueuePool)
    idle, used = checkout(pool), checkout(pool)
    checkin(idle)
    run_sync(dispose_plan(pool))
    assert [c.closed for c in module.opened] == [True, False]
    assert not pool.give(used)
    checkin(used)
    assert [c.closed for c in module.opened] == [True, True]
    assert pool.checkedout() == 0


def test_pre_ping_replaces_a_dead_connection() -> None:
    pool, module = pool_of(QueuePool, pre_ping=True)
    checkin(checkout(pool))
    assert number(checkout(pool)) == 0
    pool, module = pool_of(QueuePool, pre_ping=True)
    checkin(checkout(pool))
    module.opened[0].dead = True
    assert number(checkout(pool)) == 1


def test_recycle_replaces_an_old_connection() -> None:
    pool, module = pool_of(QueuePool, recycle=3600)
    entry = checkout(pool)
    entry.opened_at -= 3601
    checkin(entry)
    assert number(checkout(pool)) == 1
    assert module.opened[0].closed


def test_null_pool_keeps_nothing() -> None:
    pool, module = pool_of(NullPool)
    checkin(checkout(pool))
    assert module.opened[0].closed
    assert number(checkout(pool)) == 1


def test_static_pool_shares_one_connection() -> None:
    pool, module = pool_of(StaticPool)
    first, second = checkout(pool), checkout(pool)
    assert first is second
    assert pool.checkedout() == 2
    checkin(first)
    assert not module.opened[0].closed
    run_sync(dispose_plan(pool))
    assert module.opened[0].closed
    assert number(checkout(pool)) == 1


def test_singleton_thread_pool_has_a_connection_per_thread() -> None:
    pool, _module = pool_of(SingletonThreadPool)
    mine = checkout(pool)
    assert checkout(pool) is mine
    theirs: list[int] = []
    thread = threading.Thread(target=lambda: theirs.append(number(checkout(pool))))
    thread.start()
    thread.join()
    assert (number(mine), theirs) == (0, [1])


def test_assertion_pool_refuses_a_second_user() -> None:
    pool, _ = pool_of(AssertionPool)
    held = checkout(pool)
    with pytest.raises(AssertionError, match="already checked out"):
        checkout(pool)
    checkin(held)
    assert number(checkout(pool)) == 0


def test_recreate_keeps_the_parameters() -> None:
    pool, _ = pool_of(QueuePool, pool_size=3, max_overflow=4, timeout=2, use_lifo=True)
    again = pool.recreate()
    assert (again.size(), again.timeout(), again.overflow()) == (3, 2, -3)


def test_a_connection_forgotten_while_the_lock_is_held_is_served_after_it() -> None:
    pool = NullPool(lambda: None)
    kept: list[Any] = []
    forgetting = False

    def make() -> Entry:
        # The garbage collector may run here.
        if forgetting:
            kept.clear()
        return Entry(pool)

    ledger = Ledger(2, 0, make)
    closed = ledger.acquire()
    kept.append(ledger.acquire())
    first, second = ledger.acquire(), ledger.acquire()
    assert isinstance(closed, Entry)
    assert isinstance(first, Ticket)
    assert isinstance(second, Ticket)
    forgetting = True
    ledger.vacate(closed)
    assert first.entry is not None
    assert second.entry is not None
