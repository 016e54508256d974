"""The asynchronous façades' names over synchronous objects, so that a test is written once.

A conformance test is an ``async def`` over `AsyncSession` and `AsyncConnection`. With a
synchronous driver it meets a `Face` instead: the same names, where what the asynchronous class
awaits is a coroutine that has its value at once. Such a test never suspends, so `complete` runs
it by hand, without an event loop.

What is to be awaited is read off the asynchronous class itself (a coroutine function, or a method
that gives something to ``async with``): the two façades' parity is a test of its own, and a list
of names here would be one more thing to keep in step. Rejected: running the synchronous tests
inside ``run_sync``, which would never exercise the asynchronous façade; a greenlet, for the reason
that ormolu has none; two copies of each test.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import Any, TypeVar

from ...engine.async_engine import AsyncConnection, AsyncTransaction
from ...engine.connection import Connection, Transaction
from ...orm.session.async_session import AsyncSession
from ...orm.session.async_transaction import AsyncSessionTransaction
from ...orm.session.session import Session, SessionTransaction

T = TypeVar("T")

_COUNTERPARTS: dict[type[Any], type[Any]] = {
    Session: AsyncSession,
    SessionTransaction: AsyncSessionTransaction,
    Connection: AsyncConnection,
    Transaction: AsyncTransaction,
}


def complete(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, and return its value.

    :raises RuntimeError: when it does suspend: it awaited something that needs an event loop.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise RuntimeError("a conformance test awaited real I/O, but its driver is synchronous")


def face_of(value: Any) -> Any:
    """Return the `Face` of a synchronous façade; anything else as it is."""
    for cls, counterpart in _COUNTERPARTS.items():
        if isinstance(value, cls):
            return Face(value, counterpart)
    return value


class Face:
    """A synchronous object that answers like its asynchronous counterpart."""

    def __init__(self, target: Any, counterpart: type[Any]) -> None:
        self.__dict__.update(_target=target, _counterpart=counterpart)

    def __getattr__(self, name: str) -> Any:
        target = self._target
        if name == "run_sync":
            return _awaited(lambda function, *rest, **kw: function(target, *rest, **kw))
        value = getattr(target, name)
        promised = inspect.getattr_static(self._counterpart, name, None)
        if inspect.iscoroutinefunction(inspect.unwrap(promised) if promised else None):
            return _awaited(value)
        if name in ("begin", "begin_nested"):
            return lambda *args, **kw: Held(lambda: value(*args, **kw))
        return value if inspect.ismethod(value) else face_of(value)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target, name, value)

    def __contains__(self, item: object) -> bool:
        return item in self._target

    def __iter__(self) -> Iterator[Any]:
        return iter(self._target)

    async def __aenter__(self) -> Any:
        return face_of(self._target.__enter__())

    async def __aexit__(self, *raised: Any) -> None:
        self._target.__exit__(*raised)


class Held:
    """What ``begin()`` gives: begun when awaited or entered."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self._start = start
        self._context: Any = None

    async def _begin(self) -> Any:
        return face_of(self._start())

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._begin().__await__()

    async def __aenter__(self) -> Any:
        self._context = self._start()
        return face_of(self._context.__enter__())

    async def __aexit__(self, *raised: Any) -> Any:
        return self._context.__exit__(*raised)


def _awaited(method: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def call(*args: Any, **kw: Any) -> Any:
        return face_of(method(*args, **kw))

    return call
