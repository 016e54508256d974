"""The loop that runs plans with asynchronous drivers.

Cancellation is the hard part. A task may be cancelled at any ``await``; the plan then has to roll
back and give its connection up, which needs more I/O, and the task that is being cancelled can't
be trusted to wait for it: it may be cancelled again. So the rest of the plan runs in a task of its
own, which the cancelled one waits for behind a shield, and only then is ``CancelledError`` raised.

``gen.close()`` is never called on a live plan: a generator that receives ``GeneratorExit`` may not
yield its rollback.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from . import requests as rq
from .blocking import BlockingConnection
from .loops import DRIVER_CALLS
from .plan import Plan

T = TypeVar("T")

#: Seconds that an interrupted task waits for the answer to its ROLLBACK. A server that is not
#: reached any more never gives one; it rolls back by itself when it finds its client gone.
CLEAN_UP_LIMIT = 5.0
#: Closing has limits of its own, and a thread can't be stopped.
_NOT_LIMITED = frozenset({rq.Close, rq.RunBlocking})


class Turn(Protocol):
    """Whose turn it is, with what one task at a time may use."""

    task: asyncio.Task[Any] | None

    def refusal(self, task: asyncio.Task[Any] | None) -> Exception:
        """The error for a task whose turn it is not."""
        ...


async def run_async(plan: Plan[T], turn: Turn | None = None) -> T:
    """Run a plan to its end and return its value.

    :param turn: refuses other tasks meanwhile; the same one may come again.
    :raises asyncio.CancelledError: when the task is cancelled, after the plan has cleaned up.
    """
    mine = False
    if turn is not None:
        task = asyncio.current_task()
        mine = turn.task is None
        if mine:
            turn.task = task
        elif turn.task is not task:
            plan.close()
            raise turn.refusal(task)
    handlers = ASYNC_HANDLERS
    send = plan.send
    try:
        request = send(None)
        while True:
            try:
                reply = await handlers[type(request)](request)
            except asyncio.CancelledError as cancelled:
                await _clean_up(plan, request, cancelled)
                raise
            except BaseException as error:
                request = plan.throw(error)
            else:
                request = send(reply)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        if mine:
            turn.task = None  # type: ignore[union-attr]


async def _clean_up(plan: Plan[Any], request: Any, cancelled: asyncio.CancelledError) -> None:
    """Throw the cancellation into the plan and drive what it still asks for, uninterrupted."""
    task = asyncio.create_task(_drive_rest(plan, request, cancelled), name="ormolu clean-up")
    await to_its_end(task)
    if task.cancelled():
        # By the end of the event loop, before it had begun.
        failure = await _drive_rest(plan, request, cancelled)
    else:
        failure = task.result()
    if failure is not None:
        raise cancelled from failure


async def to_its_end(task: asyncio.Future[Any]) -> None:
    """Wait until a task has ended, even when the waiting one is cancelled again and again."""
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            continue
    if not task.cancelled():
        # How it ended is for whoever asks; if nobody does, that is no error.
        task.exception()


async def _drive_rest(
    plan: Plan[Any], request: Any, cancelled: asyncio.CancelledError
) -> Exception | None:
    """Run the plan's clean-up; returns the error that it ended with, if it was another one.

    :param request: the one that was interrupted.
    """
    handlers = ASYNC_HANDLERS
    await _settle(request)
    try:
        request = plan.throw(cancelled)
        while True:
            try:
                reply = await _in_time(handlers[type(request)], request)
            except BaseException as error:
                request = plan.throw(error)
            else:
                request = plan.send(reply)
    except StopIteration:
        return None
    except asyncio.CancelledError:
        return None
    except Exception as error:
        return error


async def _settle(request: Any) -> None:
    """Have a driver finish what the interrupted request left it in the middle of.

    One that does so by itself, before it passes the cancellation on, has no method ``settle``.
    """
    driver = getattr(request, "driver", None)
    settle = getattr(type(driver), "settle", None)
    if settle is None or driver is None:
        return
    try:
        await _in_time(lambda request: settle(request.driver), request)
    except driver.error:
        # It is closed now, as the plan will find.
        return


async def _in_time(handler: Callable[[Any], Awaitable[Any]], request: Any) -> Any:
    """Have a clean-up request answered in time, or give its connection up.

    :raises Exception: of the driver's base class, after the connection was closed.
    """
    driver = getattr(request, "driver", None)
    if driver is None or type(request) in _NOT_LIMITED:
        return await handler(request)
    try:
        async with asyncio.timeout(CLEAN_UP_LIMIT) as limit:
            return await handler(request)
    except TimeoutError:
        if not limit.expired():
            raise
    await driver.close()
    raise driver.error(f"no answer to a clean-up within {CLEAN_UP_LIMIT} seconds; closed")


async def _connect(request: Any) -> Any:
    """Connect; a connection that arrives after the cancellation is closed, not lost.

    Nobody waits for it then: reaching a server may take minutes.
    """
    abandoned = asyncio.Event()
    opening = asyncio.create_task(_open(request, abandoned), name="ormolu connect")
    _opening.add(opening)
    opening.add_done_callback(_opening.discard)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        abandoned.set()
        if opening.done() and not opening.cancelled() and opening.exception() is None:
            await opening.result().close()
        else:
            opening.add_done_callback(_ignore)
        raise


# The event loop itself refers to its tasks weakly.
_opening: set[asyncio.Task[Any]] = set()


async def _open(request: Any, abandoned: asyncio.Event) -> Any:
    """Open a connection, and close it if it was abandoned meanwhile."""
    if request.creator is not None:
        raw = request.creator()
        connection = await request.module.adapt(await raw if inspect.isawaitable(raw) else raw)
    else:
        connection = await request.module.connect(*request.args, **request.options)
    if abandoned.is_set():
        await connection.close()
    return connection


def _ignore(opening: asyncio.Future[Any]) -> None:
    """Take note of how an abandoned task ended, which nobody wants to know."""
    if not opening.cancelled():
        opening.exception()


async def _wait(request: Any) -> bool:
    loop = asyncio.get_running_loop()
    event = asyncio.Event()

    def wake() -> None:
        # The loop of a task that stopped waiting may be closed by the time it is woken.
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)

    request.waiter.attach(wake)
    try:
        await asyncio.wait_for(event.wait(), request.timeout)
    except TimeoutError:
        return bool(request.waiter.ready)
    return True


async def _sleep(request: Any) -> None:
    await asyncio.sleep(request.seconds)


async def _run_hook(request: Any) -> Any:
    result = request.fn(*request.args)
    return await result if inspect.isawaitable(result) else result


async def _run_blocking(request: Any) -> Any:
    connection = BlockingConnection(request.driver, bridge())
    result = await in_thread(request.fn, connection, *request.args)
    return await result if inspect.isawaitable(result) else result


ASYNC_HANDLERS: dict[type, Callable[[Any], Awaitable[Any]]] = {
    **DRIVER_CALLS,
    rq.Connect: _connect,
    rq.Wait: _wait,
    rq.Sleep: _sleep,
    rq.RunHook: _run_hook,
    rq.RunBlocking: _run_blocking,
}


def bridge() -> Callable[[Plan[Any]], Any]:
    """Return a function that runs plans on the event loop that runs now, from another thread."""
    loop = asyncio.get_running_loop()

    def run(plan: Plan[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(run_async(plan), loop).result()

    return run


async def in_thread(fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call ``fn`` in a worker thread and wait for its end, even when the task is cancelled.

    :raises asyncio.CancelledError: when the task was cancelled, after ``fn`` has ended.
    """
    task = asyncio.ensure_future(asyncio.to_thread(fn, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        # ``fn`` holds a connection, and no thread can be stopped from outside.
        await to_its_end(task)
        raise
