"""The events of mapped classes: around each row's flush, and in the lives of objects."""

from __future__ import annotations

from typing import Any

from ormolu.event import Dispatch, Event, Handler, register_target

watching: set[str] = set()
"""The events of loading that anybody has ever listened to; loads look here, and no further."""

_FLUSH = ("mapper", "connection", "target")
_CONTEXT = ("target", "context")


class MapperEvents(Dispatch):
    """What may be listened to on a mapped class or its mapper."""

    events = (
        Event("before_insert", _FLUSH),
        Event("after_insert", _FLUSH),
        Event("before_update", _FLUSH),
        Event("after_update", _FLUSH),
        Event("before_delete", _FLUSH),
        Event("after_delete", _FLUSH),
        Event("load", _CONTEXT),
        Event("refresh", ("target", "context", "attrs")),
        Event("expire", ("target", "attrs")),
        Event("init", ("target", "args", "kwargs")),
    )
    load: tuple[Handler, ...]
    refresh: tuple[Handler, ...]

    def _refresh(self, name: str) -> None:
        super()._refresh(name)
        if name in ("load", "refresh") and self.handlers(name):
            watching.add(name)


def dispatch_of(class_: type[Any]) -> Dispatch | None:
    """The events of a mapped class; None for a class that is not mapped."""
    mapper = class_.__dict__.get("__mapper__")
    return None if mapper is None else mapper.dispatch


register_target(type, dispatch_of)
