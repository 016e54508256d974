"""The events of schema items, and where their listeners are kept.

A listener joins the dispatch of one item (``event.listen(table, …)``) or of a class
(``event.listen(Table, …)``: all tables). Handlers of create and drop are called by the plans of
``schema/create.py``; the others at once. A DDL statement may itself be a handler.
"""

from __future__ import annotations

from typing import Any

from ormolu.event import Dispatch, Event, Handler, register_target
from ormolu.types.schema_type import SchemaType

_DDL_ARGS = ("target", "connection")


class DDLDispatch(Dispatch):
    """The handlers of a schema item."""

    events = (
        Event("before_create", _DDL_ARGS),
        Event("after_create", _DDL_ARGS),
        Event("before_drop", _DDL_ARGS),
        Event("after_drop", _DDL_ARGS),
        Event("before_parent_attach", ("target", "parent")),
        Event("after_parent_attach", ("target", "parent")),
        Event("column_reflect", ("inspector", "table", "column_info")),
    )
    before_create: tuple[Handler, ...]
    after_create: tuple[Handler, ...]
    before_drop: tuple[Handler, ...]
    after_drop: tuple[Handler, ...]
    before_parent_attach: tuple[Handler, ...]
    after_parent_attach: tuple[Handler, ...]
    column_reflect: tuple[Handler, ...]


class SchemaEventTarget:
    """What DDL events happen to: tables, columns, constraints, ``MetaData`` …"""

    __slots__ = ()

    _dispatch: DDLDispatch | None

    @property
    def dispatch(self) -> DDLDispatch:
        """The listeners of this item, its class's among them."""
        own: DDLDispatch | None = getattr(self, "_dispatch", None)
        return _shared_by(type(self)) if own is None else own


_of_class: dict[type, DDLDispatch] = {SchemaEventTarget: DDLDispatch()}


def _shared_by(cls: type) -> DDLDispatch:
    """The dispatch of the nearest class that has listeners."""
    for base in cls.__mro__:
        found = _of_class.get(base)
        if found is not None:
            return found
    return _of_class[SchemaEventTarget]


def _own_of_class(cls: type) -> DDLDispatch:
    found = _of_class.get(cls)
    if found is None:
        above = next(base for base in cls.__mro__[1:] if _has_events(base))
        parent = _own_of_class(above)
        found = _of_class[cls] = DDLDispatch(parent)
    return found


def _has_events(cls: type) -> bool:
    return cls in _of_class or issubclass(cls, SchemaEventTarget)


def own_dispatch(target: Any) -> DDLDispatch:
    """The dispatch of an item or a class alone, made now if it had none."""
    if isinstance(target, type):
        return _own_of_class(target)
    own: DDLDispatch | None = getattr(target, "_dispatch", None)
    if own is None:
        own = DDLDispatch(_own_of_class(type(target)))
        object.__setattr__(target, "_dispatch", own)
    return own


def copy_propagated(original: SchemaEventTarget, copy: SchemaEventTarget) -> None:
    """Have a copy listen with the original's own listeners of ``propagate=True``."""
    own: DDLDispatch | None = getattr(original, "_dispatch", None)
    if own is None:
        return
    for name, listeners in own._own.items():
        for listener in listeners:
            if listener.propagate:
                own_dispatch(copy)._add(name, listener, False)


def type_dispatch(type_: SchemaType) -> DDLDispatch:
    """The listeners of a type, its class's among them."""
    own: DDLDispatch | None = type_.__dict__.get("_dispatch")
    return _shared_by(type(type_)) if own is None else own


# A type stands above the schema and knows nothing of events; its dispatch is put into it here.
_of_class[SchemaType] = DDLDispatch(_of_class[SchemaEventTarget])
SchemaType.dispatch = property(type_dispatch)

register_target(SchemaEventTarget, own_dispatch)
register_target(SchemaType, own_dispatch)
