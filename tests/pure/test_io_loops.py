"""The two loops run plans alike: replies, errors at the yield, hooks, waiting."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ormolu.exc import InvalidRequestError
from ormolu.io import Outcome, Plan, Waiter, run_sync
from ormolu.io import requests as rq
from ormolu.io.async_loop import ASYNC_HANDLERS, bridge, in_thread, run_async
from ormolu.io.loops import HANDLERS


class Driver:
    """A driver connection that notes its calls and fails where it is told to."""

    raw = None
    error = sqlite3.Error
    in_transaction = False
    broken = False

    def __init__(self, failing: str | None = None) -> None:
        self.calls: list[str] = []
        self.failing = failing

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self.calls.append(name)
            if name == self.failing:
                raise sqlite3.OperationalError(f"{name} failed")
            return [(1,)]

        return call


class AsyncDriver(Driver):
    """The same, awaitable; ``slow`` calls wait until they are cancelled."""

    slow: str | None = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*args: Any) -> Any:
            self.calls.append(name)
            if name == self.slow:
                await asyncio.Event().wait()
            if name == self.failing:
                raise sqlite3.OperationalError(f"{name} failed")
            await asyncio.sleep(0)
            return [(1,)]

        return call


def transaction_plan(driver: Any) -> Plan[Any]:
    yield rq.Begin(driver)
    try:
        rows = yield rq.FetchAll(driver, "SELECT 1", ())
    except BaseException:
        yield rq.Rollback(driver)
        yield rq.Close(driver)
        raise
    yield rq.Commit(driver)
    return rows


def request_classes() -> set[type]:
    abstract = {rq.Request, rq.DriverRequest, rq.SavepointRequest}
    found = {
        cls for _, cls in inspect.getmembers(rq, inspect.isclass) if issubclass(cls, rq.Request)
    }
    return found - abstract


def test_both_loops_handle_every_request() -> None:
    assert set(HANDLERS) == request_classes()
    assert set(ASYNC_HANDLERS) == request_classes()


def test_sync_loop_returns_the_plans_value() -> None:
    driver = Driver()
    assert run_sync(transaction_plan(driver)) == [(1,)]
    assert driver.calls == ["begin", "fetchall", "commit"]


def test_sync_loop_throws_a_driver_error_at_the_yield() -> None:
    driver = Driver(failing="fetchall")
    with pytest.raises(sqlite3.OperationalError, match="fetchall failed"):
        run_sync(transaction_plan(driver))
    assert driver.calls == ["begin", "fetchall", "rollback", "close"]


def test_a_plan_may_recover_from_an_error() -> None:
    def plan() -> Plan[str]:
        try:
            yield rq.Commit(Driver(failing="commit"))
        except sqlite3.OperationalError as error:
            return str(error)
        return "unreached"

    assert run_sync(plan()) == "commit failed"
    assert asyncio.run(run_async(_recovering())) == "commit failed"


def _recovering() -> Plan[str]:
    try:
        yield rq.Commit(AsyncDriver(failing="commit"))
    except sqlite3.OperationalError as error:
        return str(error)
    return "unreached"


def test_async_loop_returns_the_plans_value() -> None:
    driver = AsyncDriver()
    assert asyncio.run(run_async(transaction_plan(driver))) == [(1,)]
    assert driver.calls == ["begin", "fetchall", "commit"]


def test_cancellation_drives_the_clean_up_to_its_end_and_is_raised() -> None:
    driver = AsyncDriver()
    driver.slow = "fetchall"

    async def main() -> None:
        task = asyncio.create_task(run_async(transaction_plan(driver)))
        while "fetchall" not in driver.calls:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    asyncio.run(main())
    assert driver.calls == ["begin", "fetchall", "rollback", "close"]


def test_a_clean_up_that_fails_is_the_cause_of_the_cancellation() -> None:
    driver = AsyncDriver(failing="rollback")
    driver.slow = "fetchall"

    async def main() -> BaseException | None:
        task = asyncio.create_task(run_async(transaction_plan(driver)))
        while "fetchall" not in driver.calls:
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            return error.__cause__
        return None

    cause = asyncio.run(main())
    assert isinstance(cause, sqlite3.OperationalError)


def test_a_connection_that_arrives_after_the_cancellation_is_closed() -> None:
    class Module:
        def __init__(self) -> None:
            self.may_open = asyncio.Event()
            self.driver = AsyncDriver()

        async def connect(self) -> AsyncDriver:
            await self.may_open.wait()
            return self.driver

    def plan(module: Any) -> Plan[Any]:
        return (yield rq.Connect(module))

    async def main() -> list[str]:
        module = Module()
        task = asyncio.create_task(run_async(plan(module)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        module.may_open.set()
        for _ in range(10):
            await asyncio.sleep(0)
        return module.driver.calls

    assert asyncio.run(main()) == ["close"]


def hook_plan(fn: Callable[..., Any]) -> Plan[Any]:
    return (yield rq.RunHook(fn, (20, 22)))


async def add_later(left: int, right: int) -> int:
    await asyncio.sleep(0)
    return left + right


def test_hooks_may_be_async_in_async_only() -> None:
    assert run_sync(hook_plan(lambda left, right: left + right)) == 42
    assert asyncio.run(run_async(hook_plan(lambda left, right: left + right))) == 42
    assert asyncio.run(run_async(hook_plan(add_later))) == 42
    with pytest.raises(InvalidRequestError, match=r"add_later.*is an async function"):
        run_sync(hook_plan(add_later))


def wait_plan(waiter: Waiter, timeout: float | None) -> Plan[bool]:
    ready: bool = yield rq.Wait(waiter, timeout)
    return ready


def test_waiting_ends_when_another_thread_notifies() -> None:
    waiter = Waiter()
    threading.Timer(0.005, waiter.notify).start()
    assert run_sync(wait_plan(waiter, 5)) is True

    other = Waiter()
    threading.Timer(0.005, other.notify).start()
    assert asyncio.run(run_async(wait_plan(other, 5))) is True


def test_waiting_gives_up_after_the_timeout() -> None:
    assert run_sync(wait_plan(Waiter(), 0)) is False
    assert asyncio.run(run_async(wait_plan(Waiter(), 0.001))) is False


def test_a_waiter_that_is_ready_does_not_wait() -> None:
    waiter = Waiter()
    waiter.notify()
    assert run_sync(wait_plan(waiter, 0)) is True


def test_sleep_is_a_request() -> None:
    def plan() -> Plan[str]:
        yield rq.Sleep(0)
        return "awake"

    assert run_sync(plan()) == "awake"
    assert asyncio.run(run_async(plan())) == "awake"


def test_a_thread_runs_plans_on_the_event_loop() -> None:
    async def main() -> Any:
        driver = AsyncDriver()
        run = bridge()
        return await in_thread(lambda: run(transaction_plan(driver)))

    assert asyncio.run(main()) == [(1,)]


def test_requests_say_what_they_hold() -> None:
    request = rq.Fetch(cursor=None, size=3)  # type: ignore[arg-type]
    assert repr(request) == "Fetch(cursor=None, size=3)"
    assert Outcome(None, None, 3, None).rowcount == 3
