"""The events of sessions, and how they are fired.

Events around I/O (commit, flush, begin, execute) are requests, so that in an `AsyncSession` their
handlers may be ``async def``; events of single objects are plain calls. Nobody listening costs one
attribute test: ``dispatch.active``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.event import Dispatch, Event, Handler, owned_dispatch, register_target
from ormolu.io.plan import Plan
from ormolu.io.requests import RunHook
from ormolu.orm.mapping.events import watching

if TYPE_CHECKING:
    import inspect
else:
    inspect = deferred("inspect")

_OBJECT_EVENTS = (
    "before_attach",
    "after_attach",
    "transient_to_pending",
    "pending_to_transient",
    "pending_to_persistent",
    "persistent_to_transient",
    "persistent_to_deleted",
    "persistent_to_detached",
    "deleted_to_persistent",
    "deleted_to_detached",
    "detached_to_persistent",
    "loaded_as_persistent",
)


class SessionDispatch(Dispatch):
    """The handlers of a session's events; ``active`` says whether there are any."""

    events = (
        Event("before_commit", ("session",)),
        Event("after_commit", ("session",)),
        Event("after_rollback", ("session",)),
        Event("after_soft_rollback", ("session", "previous_transaction")),
        Event("before_flush", ("session", "flush_context", "instances")),
        Event("after_flush", ("session", "flush_context")),
        Event("after_flush_postexec", ("session", "flush_context")),
        Event("after_begin", ("session", "transaction", "connection")),
        Event("after_transaction_create", ("session", "transaction")),
        Event("after_transaction_end", ("session", "transaction")),
        Event("do_orm_execute", ("orm_execute_state",)),
        Event("after_bulk_update", ("update_context",)),
        Event("after_bulk_delete", ("delete_context",)),
        *(Event(name, ("session", "instance")) for name in _OBJECT_EVENTS),
    )
    active = False
    do_orm_execute: tuple[Handler, ...]
    loaded_as_persistent: tuple[Handler, ...]

    def _refresh(self, name: str) -> None:
        super()._refresh(name)
        self.active = any(self.handlers(event.name) for event in self.events)
        if self.loaded_as_persistent:
            watching.add("loaded_as_persistent")


class SessionEvents:
    """The part of a session that fires its events."""

    dispatch: SessionDispatch = SessionDispatch()

    def _listens(self, name: str) -> bool:
        """Whether anybody listens to the event."""
        return self.dispatch.active and bool(self.dispatch.handlers(name))

    def _notify(self, name: str, obj: object) -> None:
        """Fire an event of one object."""
        self._fire(name, (self, obj))

    def _fire(self, name: str, args: Iterable[Any]) -> None:
        for handler in self.dispatch.handlers(name):
            result = handler(*args)
            if inspect.iscoroutine(result):
                result.close()
                raise _not_awaited(name, handler)

    def _hook_plan(self, name: str, *args: Any) -> Plan[None]:
        """Fire an event whose handlers may be awaited."""
        for handler in self.dispatch.handlers(name):
            yield RunHook(handler, args)


def _not_awaited(name: str, handler: Handler) -> exc.InvalidRequestError:
    return exc.InvalidRequestError(
        f"Handler {handler!r} of {name!r} is an async function, but this event happens where "
        "nothing can be awaited; write a plain function"
    )


def session_targets(owner: Any) -> Dispatch | None:
    """The dispatch of a session or session class."""
    return owned_dispatch(owner)


register_target(SessionEvents, session_targets)
