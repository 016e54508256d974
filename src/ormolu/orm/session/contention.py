"""A session serves one thread or task at a time; this says so when two meet.

While a plan runs, ``session._owner`` holds the thread's ident (sync), or the session's `AsyncOwner`
holds the task. A second thread or task that finds it taken is refused at its first call, and the
message names both call sites. The owner's site is read from its live stack at that moment, so that
an ordinary call pays for one comparison and two stores.

The same thread or task may enter again: event handlers and attribute loads do.
"""

from __future__ import annotations

import functools
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from threading import get_ident
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import ref

from ormolu import exc

if TYPE_CHECKING:
    from asyncio import Task

    from ormolu.io.plan import Plan

    from .async_session import AsyncSession

_PACKAGE = __name__.partition(".")[0]


class AsyncOwner:
    """Marks a session as an async one, and holds the task that runs a plan on it now.

    Inside ``run_sync``, ``thread`` is the worker thread, and ``bridge`` runs its plans on the loop.

    :param facade: the class of the connections that the session shows there.
    :param async_session: the `AsyncSession` around it, if there is one.
    """

    __slots__ = ("async_session", "bridge", "facade", "task", "thread")

    def __init__(self, facade: type[Any], async_session: ref[AsyncSession] | None = None) -> None:
        self.facade = facade
        self.async_session = async_session
        self.task: Task[Any] | None = None
        self.thread: int | None = None
        self.bridge: Callable[[Plan[Any]], Any] | None = None

    def refusal(self, task: Task[Any] | None) -> exc.IllegalStateChangeError:
        """The error for a task that comes while another one is inside the session."""
        return _refusal("task", task_site(self.task), task_site(task))

    def serves(self, ident: int) -> bool:
        """Whether this thread may block: it is the one of ``run_sync``."""
        return self.thread == ident


def bridged(bind: Any) -> AsyncOwner:
    """The owner of a session that a function in ``run_sync`` binds to its connection.

    Its plans run on the event loop, where the connection's do.
    """
    owner = AsyncOwner(type(bind))
    owner.thread, owner.bridge = get_ident(), bind._run
    return owner


def thread_site(ident: int) -> str:
    """Where the thread entered ormolu, in the user's code: ``file.py:12``.

    Not its innermost frame: that may be inside a handler, which says nothing about the session.
    """
    frame = sys._current_frames().get(ident)
    outermost = None
    while frame is not None:
        if _is_ours(frame):
            outermost = frame
        frame = frame.f_back
    return site(outermost)


def _is_ours(frame: FrameType) -> bool:
    name: str = frame.f_globals.get("__name__", "")
    return name.partition(".")[0] == _PACKAGE


def site(frame: FrameType | None) -> str:
    """The innermost frame outside ormolu, as ``file.py:12``."""
    while frame is not None:
        if not _is_ours(frame):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return "unknown place"


_P = ParamSpec("_P")
_T = TypeVar("_T")

# Where the coroutines that were made last come from: their id, their code, and their maker's code
# and instruction. References to them, with a callback each, would cost more than all that is asked
# of a session in Python. One that waits longer than the notes last is named without its site.
_notes: deque[tuple[int, CodeType, CodeType, int]] = deque(maxlen=4096)


def sited(
    method: Callable[_P, Coroutine[Any, Any, _T]],
) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Note where a coroutine was made: given to ``gather``, it has no caller on its stack."""
    code = method.__code__
    note = _notes.append

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> Coroutine[Any, Any, _T]:
        coroutine = method(*args, **kwargs)
        caller = sys._getframe(1)
        note((id(coroutine), code, caller.f_code, caller.f_lasti))
        return coroutine

    return call


def _noted_site(coroutine: Any) -> str | None:
    """Where a coroutine was made, if that was noted not long ago.

    The last note under an id is that of the living one, whose kind makes notes.
    """
    code = getattr(coroutine, "cr_code", None)
    for made, kind, maker, instruction in reversed(_notes.copy()):
        if made == id(coroutine) and kind is code:
            return f"{maker.co_filename}:{_line(maker, instruction)}"
    return None


def _line(code: CodeType, instruction: int) -> int:
    """The line of an instruction, given by its offset."""
    for start, end, line in code.co_lines():
        if start <= instruction < end and line is not None:
            return line
    return code.co_firstlineno


def task_site(task: Task[Any] | None) -> str:
    """Where the task is in the user's code, as ``file.py:12``."""
    awaited: Any = None if task is None else task.get_coro()
    found = "unknown place"
    while awaited is not None:
        noted = _noted_site(awaited)
        if noted is not None:
            return noted
        frame = getattr(awaited, "cr_frame", None)
        if frame is None:
            break
        found = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        awaited = awaited.cr_await
    return found


def shared_by_threads(owner: int) -> exc.IllegalStateChangeError:
    """The error for a call while another thread is inside the session."""
    return _refusal("thread", thread_site(owner), site(sys._getframe(1)))


def _refusal(kind: str, first: str, second: str) -> exc.IllegalStateChangeError:
    maker = "async_sessionmaker" if kind == "task" else "sessionmaker or scoped_session"
    return exc.IllegalStateChangeError(
        f"This session is in use by another {kind}, at {first}; the call at {second} was refused. "
        f"A session serves one {kind} at a time: make one session per {kind} ({maker})"
    )


def needs_await(obj: object, key: str, is_relationship: bool) -> exc.MissingGreenlet:
    """The error for an attribute access that would need I/O in an async session."""
    name = f"{type(obj).__name__}.{key}"
    variable = type(obj).__name__.lower()
    option = "selectinload" if is_relationship else "undefer"
    return exc.MissingGreenlet(
        f"{name} is not loaded, and loading it needs I/O, which an attribute access can't await. "
        f'Write one of: await session.refresh({variable}, ["{key}"]); '
        f"await {variable}.awaitable_attrs.{key} (with AsyncAttrs); "
        f"select({type(obj).__name__}).options({option}({name})) when loading it"
    )


def needs_await_call() -> exc.MissingGreenlet:
    """The error for a blocking method of the session inside an `AsyncSession`."""
    frame: FrameType | None = sys._getframe(1)
    method = "execute"
    while frame is not None:
        if not _is_ours(frame):
            break
        method = frame.f_code.co_name
        frame = frame.f_back
    return exc.MissingGreenlet(
        f"{method}() needs I/O, and this session belongs to an AsyncSession, where I/O is awaited: "
        f"write await session.{method}(...) on the AsyncSession, or call it in a function given to "
        f"await session.run_sync(...) (called at {site(frame)})"
    )
