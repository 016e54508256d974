"""The events of engines and connections, and where their listeners are kept.

A listener joins the dispatch of the ``Engine`` class (all engines), of one engine, or of one
connection; a connection's dispatch inherits its engine's, and an engine made by
``execution_options`` that of the engine it was made from.

Nobody listening costs nothing: whether a connection has listeners *or* a log is one flag,
``ConnectionCore.observed``, which the hot plans test anyway. It is recomputed when a listener
comes or goes, also on connections that are in use.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from ..event import Dispatch, Event, Handler
from ..exc import InvalidRequestError

if TYPE_CHECKING:
    from .core import ConnectionCore, EngineCore

_CURSOR_ARGS = ("conn", "cursor", "statement", "parameters", "context", "executemany")
_DO_ARGS = ("cursor", "statement", "parameters", "context")
_EXECUTE_ARGS = ("conn", "clauseelement", "multiparams", "params", "execution_options")


class EngineDispatch(Dispatch):
    """The handlers of an engine's or a connection's events; ``active`` when there are any."""

    events = (
        Event("before_cursor_execute", _CURSOR_ARGS, ("statement", "parameters")),
        Event("after_cursor_execute", _CURSOR_ARGS),
        Event(
            "before_execute",
            _EXECUTE_ARGS,
            ("clauseelement", "multiparams", "params"),
            legacy=_EXECUTE_ARGS[:4],
        ),
        Event("after_execute", (*_EXECUTE_ARGS, "result"), legacy=(*_EXECUTE_ARGS[:4], "result")),
        Event("begin", ("conn",)),
        Event("commit", ("conn",)),
        Event("rollback", ("conn",)),
        Event("savepoint", ("conn", "name")),
        Event("rollback_savepoint", ("conn", "name", "context")),
        Event("release_savepoint", ("conn", "name", "context")),
        Event("begin_twophase", ("conn", "xid")),
        Event("prepare_twophase", ("conn", "xid")),
        Event("rollback_twophase", ("conn", "xid", "is_prepared")),
        Event("commit_twophase", ("conn", "xid", "is_prepared")),
        Event("handle_error", ("exception_context",), ("exception_context",)),
        Event("do_connect", ("dialect", "conn_rec", "cargs", "cparams"), answer=True),
        Event("do_execute", _DO_ARGS, answer=True),
        Event("do_executemany", _DO_ARGS, answer=True),
        Event("do_execute_no_params", ("cursor", "statement", "context"), answer=True),
        Event("do_setinputsizes", ("inputsizes", *_DO_ARGS)),
        Event("engine_connect", ("conn",)),
        Event("engine_disposed", ("engine",)),
        Event("set_connection_execution_options", ("conn", "opts")),
        Event("set_engine_execution_options", ("engine", "opts")),
    )
    before_cursor_execute: tuple[Handler, ...]
    after_cursor_execute: tuple[Handler, ...]
    before_execute: tuple[Handler, ...]
    after_execute: tuple[Handler, ...]
    handle_error: tuple[Handler, ...]
    do_connect: tuple[Handler, ...]
    do_execute: tuple[Handler, ...]
    do_executemany: tuple[Handler, ...]
    do_execute_no_params: tuple[Handler, ...]
    engine_connect: tuple[Handler, ...]
    engine_disposed: tuple[Handler, ...]

    active = False

    def _refresh(self, name: str) -> None:
        super()._refresh(name)
        self.active = any(self.handlers(event.name) for event in self.events)
        refresh_observed()


#: The events of engines and connections, and those of dialects, by their documented names.
ConnectionEvents = EngineDispatch
DialectEvents = EngineDispatch

#: Listeners on the ``Engine`` and ``Connection`` classes; the parent of all others.
ROOT = EngineDispatch()

_cores: weakref.WeakSet[ConnectionCore] = weakref.WeakSet()
_lock = threading.Lock()


def follow(core: ConnectionCore) -> None:
    """Keep a connection's ``observed`` true to listeners and log."""
    with _lock:
        _cores.add(core)


def refresh_observed() -> None:
    """Tell all connections whether anybody observes them now."""
    with _lock:
        cores = list(_cores)
    for core in cores:
        core.refresh_observed()


class ExceptionContext:
    """What ``handle_error`` listeners receive.

    ``chained_exception`` is the exception that the listener before put in the place of
    ``sqlalchemy_exception``. ``is_disconnect`` may be set: whether the connection is gone.
    """

    def __init__(
        self,
        core: ConnectionCore | None,
        statement: str | None,
        parameters: Any,
        original: BaseException,
        wrapped: BaseException | None,
        is_disconnect: bool,
        *,
        engine: EngineCore | None = None,
        context: Any = None,
    ) -> None:
        self._core = core
        self._engine = engine if core is None else core.engine
        self.statement = statement
        self.parameters = parameters
        self.original_exception = original
        self.sqlalchemy_exception = wrapped
        self.chained_exception: BaseException | None = None
        self.is_disconnect = is_disconnect
        self.invalidate_pool_on_disconnect = True
        self.is_pre_ping = False
        self.execution_context: Any = context
        self.cursor: Any = getattr(context, "cursor", None)

    @property
    def connection(self) -> Any:
        """The ``Connection`` on which it happened, None while it is being opened."""
        return None if self._core is None else self._core.facade()

    @property
    def engine(self) -> Any:
        """The ``Engine``."""
        return None if self._engine is None else self._engine.facade()

    @property
    def dialect(self) -> Any:
        """The dialect."""
        return None if self._engine is None else self._engine.dialect


def handled(context: ExceptionContext, handlers: tuple[Handler, ...]) -> BaseException | None:
    """Return the exception that ``handle_error`` listeners put in the place of the wrapped one.

    A listener replaces it by returning another (``retval=True``) or by raising one.
    """
    chosen: BaseException | None = None
    for handler in handlers:
        try:
            answer = handler(context)
        except Exception as raised:
            # A listener that raises has chosen the exception; the ones after it are not asked.
            return raised
        if isinstance(answer, BaseException):
            chosen = context.chained_exception = answer
        elif answer is not None and answer is not context:
            raise InvalidRequestError(
                f"handle_error listener {handler!r} returned {answer!r}: return an exception, or "
                "None to keep the one there is"
            )
    return chosen
