"""The loop that runs plans with blocking drivers.

``run_sync`` sends a plan the reply to each request it yields. An error of the driver is thrown
into the plan at its ``yield``, so that a plan uses ordinary ``try/except/finally``; that includes
``KeyboardInterrupt``, which lets a plan roll back before it leaves.

The asynchronous loop is ``io/async_loop.py``, apart from this file so that synchronous programs
never import ``asyncio``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..deferred import deferred
from ..exc import InvalidRequestError
from . import requests as rq
from .plan import Plan

if TYPE_CHECKING:
    import inspect
else:
    inspect = deferred("inspect")

T = TypeVar("T")


def run_sync(plan: Plan[T]) -> T:
    """Run a plan to its end and return its value."""
    handlers = HANDLERS
    fetch_all, execute, commit = rq.FetchAll, rq.Execute, rq.Commit
    send = plan.send
    try:
        request: Any = send(None)
        while True:
            try:
                # The hot requests go without the table: one lookup and one frame less.
                kind = type(request)
                if kind is fetch_all:
                    reply = request.driver.fetchall(request.sql, request.params)
                elif kind is execute:
                    reply = request.driver.execute(request.sql, request.params)
                elif kind is commit:
                    reply = request.driver.commit()
                else:
                    reply = handlers[kind](request)
            except BaseException as error:
                request = plan.throw(error)
            else:
                request = send(reply)
    except StopIteration as stop:
        value: T = stop.value
        return value


def _fetch_all(request: Any) -> Any:
    return request.driver.fetchall(request.sql, request.params)


def _execute(request: Any) -> Any:
    return request.driver.execute(request.sql, request.params)


def _execute_many(request: Any) -> Any:
    return request.driver.executemany(request.sql, request.rows)


def _batch(request: Any) -> Any:
    return request.driver.batch(request.statements)


def _open_cursor(request: Any) -> Any:
    return request.driver.open_cursor(request.sql, request.params)


def _fetch(request: Any) -> Any:
    return request.cursor.fetch(request.size)


def _close_cursor(request: Any) -> Any:
    return request.cursor.close()


def _connect(request: Any) -> Any:
    if request.creator is not None:
        return request.module.adapt(request.creator())
    return request.module.connect(*request.args, **request.options)


def _close(request: Any) -> Any:
    return request.driver.close()


def _begin(request: Any) -> Any:
    return request.driver.begin(request.mode)


def _commit(request: Any) -> Any:
    return request.driver.commit()


def _rollback(request: Any) -> Any:
    return request.driver.rollback()


def _savepoint(request: Any) -> Any:
    return request.driver.savepoint(request.name)


def _rollback_to(request: Any) -> Any:
    return request.driver.rollback_to(request.name)


def _release_savepoint(request: Any) -> Any:
    return request.driver.release_savepoint(request.name)


def _hand_out(request: Any) -> Any:
    return request.driver.hand_out(request.autocommit)


def _take_back(request: Any) -> Any:
    return request.driver.take_back()


def _wait(request: Any) -> bool:
    event = threading.Event()
    request.waiter.attach(event.set)
    return event.wait(request.timeout)


def _sleep(request: Any) -> None:
    time.sleep(request.seconds)


def _run_hook(request: Any) -> Any:
    result = request.fn(*request.args)
    if inspect.iscoroutine(result):
        result.close()
        raise InvalidRequestError(
            f"Handler {request.fn!r} is an async function, and this engine or session is "
            "synchronous; write a plain function, or use AsyncSession / create_async_engine."
        )
    return result


def _run_blocking(request: Any) -> Any:
    return request.fn(request.driver.raw, *request.args)


# One row per request class: the exhaustiveness test compares it with io/requests.py. The rows that
# only call the driver serve both loops (an async driver's methods return awaitables).
DRIVER_CALLS: dict[type, Callable[[Any], Any]] = {
    rq.FetchAll: _fetch_all,
    rq.Execute: _execute,
    rq.ExecuteMany: _execute_many,
    rq.Batch: _batch,
    rq.OpenCursor: _open_cursor,
    rq.Fetch: _fetch,
    rq.CloseCursor: _close_cursor,
    rq.Close: _close,
    rq.Begin: _begin,
    rq.Commit: _commit,
    rq.Rollback: _rollback,
    rq.Savepoint: _savepoint,
    rq.RollbackTo: _rollback_to,
    rq.ReleaseSavepoint: _release_savepoint,
    rq.HandOut: _hand_out,
    rq.TakeBack: _take_back,
}

HANDLERS: dict[type, Callable[[Any], Any]] = {
    **DRIVER_CALLS,
    rq.Connect: _connect,
    rq.Wait: _wait,
    rq.Sleep: _sleep,
    rq.RunHook: _run_hook,
    rq.RunBlocking: _run_blocking,
}
