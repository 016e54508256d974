"""Links: how related objects keep each other's attributes true.

A `Link` is what a relationship is to the instances: the attribute's name, whether it is a
collection, and the link in the other direction (``back``). Setting one side of a pair updates the
other; these functions are that update. The rule that ends the recursion: the caller's side starts
(`attached`, `released`), the other side is only ever *told* (`_gain`, `_lose`), and being told
never starts anything except for a former partner to be told in turn.

An unloaded collection is never loaded because its other side changed: the change is queued in
``Private.pending`` and joins the collection when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu import exc
from ormolu.event import Dispatch, Event
from ormolu.orm.instances.state import (
    DELETED,
    NO_VALUE,
    PENDING,
    PERSISTENT,
    STATE,
    TRANSIENT_STATE,
    Private,
    mark_modified,
    private,
    session_of,
)


class AttributeEvents(Dispatch):
    """The handlers of one attribute; only attributes that have any get the slower setter."""

    events = (
        Event("set", ("target", "value", "oldvalue", "initiator"), ("value",)),
        Event("append", ("target", "value", "initiator"), ("value",)),
        Event("remove", ("target", "value", "initiator")),
        Event("bulk_replace", ("target", "values", "initiator")),
        Event("init_scalar", ("target", "value", "dict_"), ("value",)),
        Event("init_collection", ("target", "collection", "collection_adapter")),
        Event("dispose_collection", ("target", "collection", "collection_adapter")),
        Event("modified", ("target", "initiator")),
    )
    unknown = AttributeError

    set: tuple[Callable[..., Any], ...]
    append: tuple[Callable[..., Any], ...]
    remove: tuple[Callable[..., Any], ...]
    bulk_replace: tuple[Callable[..., Any], ...]
    init_scalar: tuple[Callable[..., Any], ...]
    init_collection: tuple[Callable[..., Any], ...]


class ColumnImpl:
    """What a column attribute is to the instances."""

    __slots__ = ("active_history", "class_", "key", "listeners")
    uselist = False
    is_relationship = False

    def __init__(self, class_: type[Any], key: str, active_history: bool = False) -> None:
        self.class_ = class_
        self.key = key
        self.active_history = active_history
        self.listeners: AttributeEvents | None = None


class Link:
    """What a relationship is to the instances.

    ``factory`` makes an empty collection (None for a scalar). ``peek`` gives the related object
    when it can be known without a query (a many-to-one in the identity map), else `NO_VALUE`.
    """

    __slots__ = (
        "active_history",
        "back",
        "class_",
        "delete_orphan",
        "factory",
        "key",
        "listeners",
        "peek",
        "save_update",
        "target",
        "typechecks",
        "viewonly",
    )
    is_relationship = True

    def __init__(self, class_: type[Any], key: str) -> None:
        self.class_ = class_
        self.key = key
        self.factory: Callable[[], Any] | None = None
        self.back: Link | None = None
        self.target: type[Any] | None = None
        self.save_update = True
        self.delete_orphan = False
        self.active_history = False
        self.viewonly = False
        self.typechecks = True
        self.peek: Callable[[object], Any] | None = None
        self.listeners: AttributeEvents | None = None

    @property
    def uselist(self) -> bool:
        """Whether the attribute is a collection."""
        return self.factory is not None


def require_mapped(link: Link, item: object) -> None:
    """Refuse what can't be related: `AttributeError` for an object of an unmapped class."""
    if hasattr(type(item), STATE) and not isinstance(item, type):
        return
    target = link.target.__name__ if link.target is not None else "a mapped class"
    raise AttributeError(
        f"{link.class_.__name__}.{link.key} holds instances of {target}; {item!r} is of type "
        f"'{type(item).__name__}', which is not mapped (it has no attribute '{STATE}')"
    )


def _refuse_class(link: Link, item: object, target: type[Any]) -> None:
    if link.typechecks:
        raise AttributeError(
            f"{link.class_.__name__}.{link.key} holds instances of {target.__name__}; {item!r} is "
            f"an instance of {type(item).__name__}, which is another mapped class"
        )


def require_joinable(link: Link, owner: object, item: object) -> None:
    """Refuse what `attached` could not take into the owner's session, before anything is changed.

    Raises `AttributeError` for an object of an unmapped class or of another one than the target,
    `InvalidRequestError` for one that was deleted or is in another session.
    """
    state = getattr(item, STATE, None)
    if state is None or isinstance(item, type):
        require_mapped(link, item)
        return
    target = link.target
    if target is not None and not isinstance(item, target):
        _refuse_class(link, item, target)
    if state is not TRANSIENT_STATE and link.save_update:
        session = session_of(owner)
        if session is None:
            return
        other = state.membership.session
        if state.phase is DELETED or (other is not None and other is not session):
            session.add(item)


def record(obj: object, key: str, old: Any) -> None:
    """Remember the value an attribute had before its first change since the last flush."""
    state = obj.__dict__.get(STATE)
    if state is None:
        return
    if type(state) is not Private:
        state = private(obj)
    elif state.phase is PENDING:
        return
    committed = state.committed
    if not committed:
        mark_modified(obj, state)
    if key not in committed:
        committed[key] = old


def record_items(obj: object, key: str, items: Any) -> None:
    """Remember what a loaded collection held before its first change."""
    state = obj.__dict__.get(STATE)
    if state is None:
        return
    if type(state) is Private and (state.phase is PENDING or key in state.committed):
        return
    record(obj, key, list(items))


def fire_append(link: Link, owner: object, item: Any) -> Any:
    """Run the append handlers; the item to be used instead."""
    if link.listeners is not None:
        for handler in link.listeners.append:
            item = handler(owner, item, link)
    return item


def fire_remove(link: Link, owner: object, item: Any) -> None:
    """Run the remove handlers."""
    if link.listeners is not None:
        for handler in link.listeners.remove:
            handler(owner, item, link)


def attached(link: Link, owner: object, item: object, *, first: bool = False) -> None:
    """``item`` became related to ``owner``: tell it, and cascade it into the owner's session.

    ``first`` says that ``owner`` has never been related to anything by this link, so that its
    other side can't know of it yet.
    """
    if link.back is not None:
        _gain(link.back, item, owner, first)
    if link.save_update:
        session = session_of(owner)
        if session is not None and session_of(item) is not session:
            session.add(item)


def released(link: Link, owner: object, item: object) -> None:
    """``item`` is no longer related to ``owner``: tell it; a pending orphan leaves the session."""
    if link.back is not None:
        _lose(link.back, item, owner)
    if link.delete_orphan:
        state = item.__dict__.get(STATE)
        if type(state) is Private and state.phase is PENDING:
            session = state.membership.session
            if session is not None:
                session.expunge(item)


def _gain(link: Link, obj: object, other: object, first: bool) -> None:
    """Tell ``obj`` that ``other`` is now related to it by ``link``."""
    if link.factory is not None:
        _gain_item(link, obj, other, first)
        return
    own = obj.__dict__
    old = own.get(link.key, NO_VALUE)
    if old is other:
        return
    if old is NO_VALUE:
        old = peek(link, obj)
    if link.listeners is not None:
        for handler in link.listeners.set:
            handler(obj, other, old, link)
    record(obj, link.key, old)
    obj.__dict__[link.key] = other
    if old is not None and old is not NO_VALUE and old is not other and link.back is not None:
        _lose(link.back, old, obj)


def _gain_item(link: Link, obj: object, other: object, first: bool) -> None:
    collection = obj.__dict__.get(link.key)
    if collection is not None:
        if first or not collection._sa_holds(other):
            fire_append(link, obj, other)
            record_items(obj, link.key, collection._sa_items())
            collection._sa_add(other)
        return
    if loads_later(obj):
        fire_append(link, obj, other)
        _queue(obj, link.key, other, adding=True, first=first)
    else:
        fresh = new_collection(link, obj)
        fire_append(link, obj, other)
        fresh._sa_add(other)


def _lose(link: Link, obj: object, other: object) -> None:
    """Tell ``obj`` that ``other`` is no longer related to it by ``link``."""
    own = obj.__dict__
    current = own.get(link.key, NO_VALUE)
    if link.factory is None:
        if current is other or (current is NO_VALUE and _may_hold(link, obj, other)):
            if link.listeners is not None:
                for handler in link.listeners.set:
                    handler(obj, None, other, link)
            record(obj, link.key, other)
            obj.__dict__[link.key] = None
        return
    if current is NO_VALUE:
        if loads_later(obj):
            fire_remove(link, obj, other)
            _queue(obj, link.key, other, adding=False)
    elif current._sa_holds(other):
        fire_remove(link, obj, other)
        record_items(obj, link.key, current._sa_items())
        current._sa_drop(other)


def _may_hold(link: Link, obj: object, other: object) -> bool:
    """Whether the database may have ``other`` as the unloaded scalar value of ``obj``."""
    if not loads_later(obj) or not loads_later(other):
        return False
    known = peek(link, obj)
    return known is NO_VALUE or known is other


def loads_later(obj: object) -> bool:
    """Whether an absent value of this object may stand in the database."""
    state = obj.__dict__.get(STATE)
    if state is None or state is TRANSIENT_STATE:
        return False
    return state.phase is not PENDING


def peek(link: Link, obj: object) -> Any:
    """The related object when it can be known without a query, else `NO_VALUE`."""
    if link.peek is None or not loads_later(obj):
        return NO_VALUE
    return link.peek(obj)


def new_collection(link: Link, obj: object) -> Any:
    """Give the object an empty collection for this link and return it."""
    if link.factory is None:
        raise exc.InvalidRequestError(
            f"{link.class_.__name__}.{link.key} is no collection; assign one object to it"
        )
    collection = link.factory()
    collection._sa_bind(obj, link)
    if link.listeners is not None:
        for handler in link.listeners.init_collection:
            handler(obj, collection, None)
    obj.__dict__[link.key] = collection
    return collection


def _queue(obj: object, key: str, item: object, *, adding: bool, first: bool = False) -> None:
    state = private(obj)
    if state.pending is None:
        state.pending = {}
    added, removed = state.pending.setdefault(key, ([], []))
    grow, shrink = (added, removed) if adding else (removed, added)
    if first or not (_taken(shrink, item) or any(other is item for other in grow)):
        grow.append(item)
    if state.phase is PERSISTENT:
        mark_modified(obj, state)


def _taken(items: list[Any], item: object) -> bool:
    """Take the item out of the list; whether it was there."""
    for index, other in enumerate(items):
        if other is item:
            del items[index]
            return True
    return False
