"""Pools by themselves: the same use gives the same events, in order, as SQLAlchemy's pools.

A *use* takes a library's ``pool`` module, a pool and a record of what happened, and returns plain
data. The connections are fakes that note what is done to them.
"""

from __future__ import annotations

import gc
import importlib
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

EVENTS = [
    "connect", "first_connect", "checkout", "checkin", "reset", "soft_invalidate", "invalidate",
    "close", "detach", "close_detached",
]  # fmt: skip


class Raw:
    """A driver's connection."""

    def __init__(self, number: int, happened: list[Any]) -> None:
        self.number = number
        self.happened = happened

    def cursor(self) -> Any:
        return sqlite3.connect(":memory:").cursor()

    def rollback(self) -> None:
        self.happened.append(("ROLLBACK", self.number))

    def commit(self) -> None:
        self.happened.append(("COMMIT", self.number))

    def close(self) -> None:
        self.happened.append(("CLOSE", self.number))

    def __repr__(self) -> str:
        return f"connection {self.number}"


class Library:
    """One of the two libraries, and what happens to a pool of it."""

    def __init__(self, root: str) -> None:
        self.sql: Any = importlib.import_module(root)
        self.pool: Any = importlib.import_module(f"{root}.pool")
        self.exc: Any = importlib.import_module(f"{root}.exc")
        self.happened: list[Any] = []
        self.records: list[Any] = []
        self.opened = 0

    def create(self) -> Raw:
        self.opened += 1
        return Raw(self.opened, self.happened)

    def make(self, name: str, **options: Any) -> Any:
        if "reset_on_return" in options:
            given = options["reset_on_return"]
            options["reset_on_return"] = getattr(self.pool, str(given), given)
        made = getattr(self.pool, name)(self.create, **options)
        for event in EVENTS:
            self.sql.event.listen(made, event, self._recorder(event))
        self.sql.event.listen(made, "connect", lambda raw, record: self.records.append(record))
        return made

    def _recorder(self, event: str) -> Callable[..., None]:
        def record(*args: Any) -> None:
            self.happened.append((event, *map(self._shown, args)))

        return record

    def _shown(self, value: Any) -> Any:
        if value is None or isinstance(value, (Raw, Exception)):
            return repr(value)
        if hasattr(value, "terminate_only"):
            return value.transaction_was_reset, value.terminate_only, value.asyncio_safe
        return "proxy" if hasattr(value, "is_detached") else "record"

    def error(self, function: Callable[[], Any]) -> Any:
        try:
            return function()
        except Exception as error:
            return type(error).__name__


Use = Callable[[Library, Any], Any]
USES: dict[str, tuple[Use, str, dict[str, Any]]] = {}


def use(kind: str = "QueuePool", **options: Any) -> Callable[[Use], Use]:
    def register(function: Use) -> Use:
        USES[function.__name__] = (function, kind, options)
        return function

    return register


@use()
def one_connection(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    before = (connection.is_valid, connection.is_detached, repr(connection.driver_connection))
    connection.close()
    connection.close()
    return before, connection.is_valid, connection.dbapi_connection, pool.status()


@use()
def reused(lib: Library, pool: Any) -> Any:
    pool.connect().close()
    connection = pool.connect()
    connection.rollback()
    connection.close()
    return pool.status()


@use()
def several_are_given_in_turn(lib: Library, pool: Any) -> Any:
    first, second = pool.connect(), pool.connect()
    first.close()
    second.close()
    again = pool.connect()
    shown = repr(again.dbapi_connection)
    again.close()
    return shown


@use(use_lifo=True)
def several_are_given_last_first(lib: Library, pool: Any) -> Any:
    return several_are_given_in_turn(lib, pool)


@use(pool_size=1, max_overflow=2)
def overflow_is_closed(lib: Library, pool: Any) -> Any:
    connections = [pool.connect() for _ in range(3)]
    full = pool.status()
    for connection in connections:
        connection.close()
    numbers = pool.size(), pool.overflow(), pool.checkedin(), pool.checkedout(), pool.timeout()
    return full, pool.status(), numbers


@use(pool_size=1, max_overflow=0, timeout=0.01)
def nothing_left(lib: Library, pool: Any) -> Any:
    held = pool.connect()
    refused = lib.error(pool.connect)
    held.close()
    return refused, pool.status()


@use()
def invalidated(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    connection.invalidate(ValueError("broken"))
    valid = connection.is_valid
    connection.close()
    again = pool.connect()
    shown = repr(again.dbapi_connection), pool.status()
    again.close()
    return valid, shown


@use()
def invalidated_softly(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    connection.invalidate(soft=True)
    valid = connection.is_valid
    connection.close()
    again = pool.connect()
    shown = repr(again.dbapi_connection), pool.status()
    again.close()
    return valid, shown


@use()
def detached(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    connection.info["a"] = 1
    connection.record_info["b"] = 2
    connection.detach()
    facts = connection.is_detached, connection.is_valid, connection.info, connection.record_info
    status = pool.status()
    connection.close()
    again = pool.connect()
    again.close()
    return facts, status, pool.status()


@use()
def dictionaries(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    connection.info["a"] = 1
    connection.record_info["b"] = 2
    connection.close()
    connection = pool.connect()
    kept = dict(connection.info), dict(connection.record_info)
    connection.invalidate()
    connection = pool.connect()
    after = dict(connection.info), dict(connection.record_info)
    connection.close()
    return kept, after


@use()
def the_record(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    (record,) = lib.records
    used = record.in_use, repr(record.dbapi_connection), repr(record.driver_connection)
    connection.close()
    idle = record.in_use, record.info, record.record_info
    record.invalidate()
    empty = record.dbapi_connection
    again = pool.connect()
    shown = repr(again.dbapi_connection)
    again.close()
    record.invalidate(soft=True)
    third = pool.connect()
    shown += repr(third.dbapi_connection)
    third.close()
    return used, idle, empty, shown


@use("NullPool")
def null_pool(lib: Library, pool: Any) -> Any:
    pool.connect().close()
    pool.connect().close()
    return pool.status()


@use("StaticPool")
def static_pool(lib: Library, pool: Any) -> Any:
    first = pool.connect()
    shown = repr(first.dbapi_connection)
    first.close()
    second = pool.connect()
    same = repr(second.dbapi_connection) == shown
    second.close()
    return same, pool.status()


@use("SingletonThreadPool")
def singleton_thread_pool(lib: Library, pool: Any) -> Any:
    pool.connect().close()
    connection = pool.connect()
    shown = repr(connection.dbapi_connection)
    connection.close()
    return shown


@use("AssertionPool")
def assertion_pool(lib: Library, pool: Any) -> Any:
    held = pool.connect()
    refused = lib.error(pool.connect)
    held.close()
    pool.connect().close()
    return refused, pool.status()


@use(reset_on_return="commit")
def reset_by_commit(lib: Library, pool: Any) -> Any:
    pool.connect().close()


@use(reset_on_return=None)
def reset_by_nothing(lib: Library, pool: Any) -> Any:
    pool.connect().close()


@use(reset_on_return="reset_commit")
def reset_by_a_symbol(lib: Library, pool: Any) -> Any:
    pool.connect().close()


@use()
def a_wrong_reset(lib: Library, pool: Any) -> Any:
    return lib.error(lambda: lib.pool.QueuePool(lib.create, reset_on_return="x"))


@use()
def a_listener_that_refuses_once(lib: Library, pool: Any) -> Any:
    refusals = [lib.exc.DisconnectionError("gone")]

    def refuse(*args: Any) -> None:
        if refusals:
            raise refusals.pop()

    lib.sql.event.listen(pool, "checkout", refuse)
    connection = pool.connect()
    shown = repr(connection.dbapi_connection)
    connection.close()
    return shown


@use()
def a_listener_that_always_refuses(lib: Library, pool: Any) -> Any:
    def refuse(*args: Any) -> None:
        raise lib.exc.DisconnectionError("gone")

    lib.sql.event.listen(pool, "checkout", refuse)
    refused = lib.error(pool.connect)
    lib.happened[:] = [entry for entry in lib.happened if entry[0] == "checkout"][:2]
    return refused, pool.checkedout()


@use()
def a_creator_that_fails(lib: Library, pool: Any) -> Any:
    def fail() -> Any:
        raise ValueError

    failing = lib.pool.QueuePool(fail, pool_size=1, max_overflow=0, timeout=0.01)
    return [lib.error(failing.connect) for _ in range(3)], failing.status()


@use()
def events_given_to_the_pool(lib: Library, pool: Any) -> Any:
    heard: list[str] = []
    events = [(lambda *_: heard.append("in"), "checkin"), (lambda *_: heard.append("c"), "connect")]
    made = lib.pool.QueuePool(lib.create, events=events)
    made.connect().close()
    return heard


@use(pool_size=2, max_overflow=1, timeout=3.0)
def recreated(lib: Library, pool: Any) -> Any:
    pool.connect().close()
    again = pool.recreate()
    again.connect().close()
    return type(again).__name__, again.status(), again.timeout()


@use()
def disposed(lib: Library, pool: Any) -> Any:
    pool.connect().close()
    pool.dispose()
    return pool.status()


@use()
def dropped(lib: Library, pool: Any) -> Any:
    connection = pool.connect()
    shown = repr(connection.dbapi_connection)
    del connection
    lib.records.clear()
    gc.collect()
    status = pool.status()
    lib.happened.clear()  # SQLAlchemy resets it when it is dropped, ours when it is lent again
    again = pool.connect()
    same = repr(again.dbapi_connection) == shown
    lib.happened.clear()
    again.close()
    return status, same


@pytest.mark.parametrize("name", USES)
def test_a_use_goes_as_with_sqlalchemys_pools(name: str, caplog: pytest.LogCaptureFixture) -> None:
    function, kind, options = USES[name]
    ended = []
    with caplog.at_level(logging.CRITICAL):
        for root in ("sqlalchemy", "ormolu"):
            lib = Library(root)
            result = function(lib, lib.make(kind, **options))
            ended.append((result, list(lib.happened)))
    assert ended[1] == ended[0]
