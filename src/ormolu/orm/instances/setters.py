"""Writing a mapped attribute: one ``__setattr__`` per class, one setter per attribute.

The descriptors of mapped attributes have no ``__set__``, for a data descriptor would take every
read through Python. Instead `instrument` gives the mapped class a ``__setattr__`` that looks the
name up in a dict of setters; a name that is not there is an ordinary attribute. The setters differ
by kind, decided once: column, column with handlers, related object, collection.

A class's own ``__setattr__`` (or that of a base) is called for ordinary attributes, and for mapped
ones when it calls ``super().__setattr__``, as Python does it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu.orm.instances import links, missing
from ormolu.orm.instances.collections import coerce_items, items_of
from ormolu.orm.instances.links import AttributeEvents, Link
from ormolu.orm.instances.state import (
    NO_VALUE,
    PENDING,
    PERSISTENT,
    STATE,
    TRANSIENT_STATE,
    Expired,
    Private,
    Shared,
    mark_modified,
    private,
    raw_key,
)

Setter = Callable[[Any, Any], None]
Setters = dict[str, Setter | None]
"""By attribute; None for a column that nobody listens to, which ``__setattr__`` writes itself."""

_put = object.__setattr__
new: Callable[[type[Private]], Private] = object.__new__


def write_column(obj: Any, name: str, value: Any) -> None:
    """Write a column attribute, noting the value that the database has; no handlers."""
    state = obj._sa_instance_state
    if state is TRANSIENT_STATE:
        _put(obj, name, value)
        return
    own = obj.__dict__
    if type(state) is not Private:
        state = private(obj)
        own = obj.__dict__
    committed = state.committed
    if name not in committed and state.phase is not PENDING:
        if not committed:
            mark_modified(obj, state)
        old = own.get(name, NO_VALUE)
        if old is NO_VALUE and name in state.mapper.pk_keys:
            old = (state.expired_values or {}).get(name, NO_VALUE)
        committed[name] = old
    own[name] = value


def listened_column_setter(attribute: Any) -> Setter:
    """The setter of a column attribute with handlers, or whose old value is always needed."""
    impl = attribute.impl
    name = impl.key

    def set_column(obj: Any, value: Any) -> None:
        old = obj.__dict__.get(name, NO_VALUE)
        if old is NO_VALUE and impl.active_history and links.loads_later(obj):
            old = missing.read_old(obj, attribute)
        listeners: AttributeEvents | None = impl.listeners
        if listeners is not None:
            for handler in listeners.set:
                value = handler(obj, value, old, impl)
        write_column(obj, name, value)

    return set_column


def related_setter(attribute: Any) -> Setter:
    """The setter of a scalar relationship."""
    link: Link = attribute.impl
    name = link.key

    def set_related(obj: Any, value: Any) -> None:
        if value is not None:
            links.require_joinable(link, obj, value)
        old = obj.__dict__.get(name, NO_VALUE)
        first = old is NO_VALUE
        if first and links.loads_later(obj):
            first = False
            old = missing.read_old(obj, attribute) if link.active_history else links.peek(link, obj)
        if link.listeners is not None:
            for handler in link.listeners.set:
                value = handler(obj, value, old, link)
        links.record(obj, name, old)
        obj.__dict__[name] = value
        if old is value:
            return
        if old is not None and old is not NO_VALUE:
            links.released(link, obj, old)
        if value is not None:
            links.attached(link, obj, value, first=first)

    return set_related


def collection_setter(attribute: Any) -> Setter:
    """The setter of a collection: the difference to the old one is added and removed."""
    link: Link = attribute.impl
    name = link.key

    def set_collection(obj: Any, value: Any) -> None:
        factory = link.factory
        assert factory is not None
        old = obj.__dict__.get(name)
        if old is value and old is not None:
            return
        given = coerce_items(link, value, factory)
        if old is None and links.loads_later(obj):
            old = missing.read(obj, attribute)
        _replace(obj, link, old, given)

    return set_collection


def _added(link: Link, obj: Any, item: Any) -> Any:
    """Add one item of a replaced collection; the item that the handlers made of it."""
    item = links.fire_append(link, obj, item)
    links.attached(link, obj, item)
    return item


def _replace(obj: Any, link: Link, old: Any, given: list[Any]) -> None:
    for item in given:
        links.require_joinable(link, obj, item)
    before = [] if old is None else items_of(old)
    if link.listeners is not None:
        for handler in link.listeners.bulk_replace:
            handler(obj, given, link)
    kept = {id(item) for item in before}
    if old is not None:
        links.record_items(obj, link.key, before)
    given = [item if id(item) in kept else _added(link, obj, item) for item in given]
    now = {id(item) for item in given}
    gone = [item for item in before if id(item) not in now]
    for item in gone:
        links.fire_remove(link, obj, item)
        links.released(link, obj, item)
    if old is not None:
        old._sa_unbind()
    links.new_collection(link, obj)._sa_fill(given)


def delete(obj: Any, attribute: Any) -> None:
    """``del obj.name``: the column becomes NULL, the related object or objects are released.

    Raises AttributeError when there is no value to delete.
    """
    impl = attribute.impl
    own = obj.__dict__
    name = impl.key
    if name not in own:
        if not links.loads_later(obj) or missing.read(obj, attribute) is None:
            raise AttributeError(f"{type(obj).__name__}.{name} has no value to delete")
        own = obj.__dict__
    old = own[name]
    if impl.uselist:
        _replace(obj, impl, old, [])
        own.pop(name, None)
        return
    links.record(obj, name, old)
    obj.__dict__.pop(name, None)
    if impl.is_relationship and old is not None:
        links.released(impl, obj, old)


def make_setattr(
    setters: Setters, plain_names: set[str], chained: Any
) -> Callable[[Any, str, Any], None]:
    """The ``__setattr__`` of a mapped class.

    ``plain_names`` collects the names of ordinary attributes, so that expiry keeps them;
    ``chained`` is the ``__setattr__`` that ordinary attributes go on to.
    """
    find: Callable[[str, Any], Any] = setters.get

    def __setattr__(self: Any, name: str, value: Any) -> None:
        setter = find(name, chained)
        if setter is None:
            # A column: what most writes of a program are, so the common states are dealt with
            # here. `write_column` is the same for all.
            state = self._sa_instance_state
            kind = type(state)
            if kind is Shared:
                membership = state.membership
                session = membership._ref()
                if session is not None:
                    if session._transaction is None:
                        session._begun()
                    session._modified[id(self)] = self
                own = self.__dict__
                mapper = state.mapper
                key = mapper.pk_key
                # Laid out by hand: a call of the constructor would be a third of all this.
                first = new(Private)
                first.membership = membership
                first.mapper = mapper
                first.phase = PERSISTENT
                first.committed = {name: own.get(name, NO_VALUE)}
                first.key = raw_key(mapper, own) if key is None else own.get(key)
                first.shared = state
                first.expired_values = None
                own[STATE] = first
                own[name] = value
            elif state is TRANSIENT_STATE:
                _put(self, name, value)
            elif kind is Private and (name in state.committed or state.phase is PENDING):
                self.__dict__[name] = value
            else:
                write_column(self, name, value)
        elif setter is chained:
            plain_names.add(name)
            chained(self, name, value)
        else:
            setter(self, value)

    __setattr__._sa_original = chained  # type: ignore[attr-defined]
    return __setattr__


def make_delattr(setters: Setters, class_: type[Any], chained: Any) -> Callable[[Any, str], None]:
    """The ``__delattr__`` of a mapped class."""

    def __delattr__(self: Any, name: str) -> None:
        if name in setters:
            delete(self, getattr(class_, name))
        else:
            chained(self, name)

    __delattr__._sa_original = chained  # type: ignore[attr-defined]
    return __delattr__


def set_committed_value(instance: Any, key: str, value: Any) -> None:
    """Set an attribute as if it had been loaded: no handlers, no history.

    A collection's items are given as any iterable.
    """
    attribute = getattr(type(instance), key)
    impl = attribute.impl
    if impl.uselist:
        collection = impl.factory()
        collection._sa_fill(value)
        collection._sa_bind(instance, impl)
        value = collection
    instance.__dict__[key] = value
    state = instance.__dict__.get(STATE)
    if type(state) is Private:
        state.committed.pop(key, None)
        if state.pending:
            state.pending.pop(key, None)
    elif type(state) is Expired:
        private(instance)
