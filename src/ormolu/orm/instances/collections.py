"""Collections of related objects: a list, a set and dicts that tell their owner of each change.

Each is a plain subclass of its builtin with two slots: a weak reference to the owner (shared with
the identity map's, since CPython keeps one per object) and the `Link` of the relationship. Loaders
fill them through the builtin's own methods, so that loading fires nothing and allocates nothing
beside the collection itself.

Every mutating method comes down to three steps: `_adding` or `_removing` (checks, handlers, the
snapshot for history), the builtin's method, and `links.attached` or `links.released` (the other
side, the cascade). A collection without an owner, such as one being unpickled or one that was
replaced, is a plain builtin.

Other rooms use `loaded` (make a collection from loaded items), `items_of` and `collection_factory`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, SupportsIndex, TypeVar

from ormolu import exc
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances import links
from ormolu.orm.instances.links import Link
from ormolu.orm.instances.state import STATE, Private

T = TypeVar("T")


class Owned:
    """What the kinds of collections share: the owner, and the steps around a change."""

    __slots__ = ()
    _sa_link: Link | None
    _sa_owner: weakref.ref[Any] | None

    def _sa_bind(self: Any, owner: object, link: Link) -> None:
        self._sa_owner = weakref.ref(owner)
        self._sa_link = link

    def _sa_unbind(self: Any) -> None:
        self._sa_owner = None

    def _sa_parent(self) -> Any:
        """The owner; None when the collection belongs to no object (any more)."""
        ref = self._sa_owner
        if ref is None:
            return None
        owner = ref()
        if owner is None:
            raise self._sa_orphaned()
        return owner

    def _sa_orphaned(self) -> orm_exc.ObjectDereferencedError:
        link = self._sa_link
        assert link is not None
        cls = link.class_.__name__
        return orm_exc.ObjectDereferencedError(
            f"Can't emit change event for attribute '{cls}.{link.key}' - parent object of type "
            f"<{cls}> has been garbage collected; keep a reference to it, obj = session.get(...), "
            f"and change obj.{link.key}"
        )

    def _sa_items(self) -> Iterable[Any]:
        raise TypeError(f"{type(self).__name__} gives no items")

    def _adding(self, item: Any) -> Any:
        owner = self._sa_parent()
        link = self._sa_link
        if owner is None or link is None:
            return item
        links.require_joinable(link, owner, item)
        item = links.fire_append(link, owner, item)
        links.record_items(owner, link.key, self._sa_items())
        return item

    def _added(self, item: Any) -> None:
        owner = self._sa_parent()
        if owner is not None and self._sa_link is not None:
            links.attached(self._sa_link, owner, item)

    def _removing(self, item: Any) -> None:
        owner = self._sa_parent()
        link = self._sa_link
        if owner is not None and link is not None:
            links.fire_remove(link, owner, item)
            links.record_items(owner, link.key, self._sa_items())

    def _removed(self, item: Any) -> None:
        owner = self._sa_parent()
        if owner is not None and self._sa_link is not None:
            links.released(self._sa_link, owner, item)


class InstrumentedList(list[T], Owned):
    """A list of related objects."""

    __slots__ = ("__weakref__", "_sa_link", "_sa_owner")

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._sa_owner = None
        self._sa_link = None
        list.__init__(self, items)

    def _sa_items(self) -> list[T]:
        return self

    def _sa_holds(self, item: object) -> bool:
        return any(other is item for other in self)

    def _sa_add(self, item: T) -> None:
        list.append(self, item)

    def _sa_drop(self, item: object) -> None:
        for index, other in enumerate(self):
            if other is item:
                list.__delitem__(self, index)
                return

    def _sa_fill(self, items: Iterable[T]) -> None:
        list.extend(self, items)

    def append(self, item: T, /) -> None:
        """Add one object to the end."""
        item = self._adding(item)
        list.append(self, item)
        self._added(item)

    def extend(self, items: Iterable[T], /) -> None:
        """Add objects to the end."""
        for item in list(items):
            self.append(item)

    def insert(self, index: SupportsIndex, item: T, /) -> None:
        """Add one object before a position."""
        item = self._adding(item)
        list.insert(self, index, item)
        self._added(item)

    def remove(self, item: T, /) -> None:
        """Take out the first object equal to ``item``; ValueError when there is none."""
        index = self.index(item)
        item = self[index]
        self._removing(item)
        list.__delitem__(self, index)
        self._removed(item)

    def pop(self, index: SupportsIndex = -1, /) -> T:
        """Take out the object at a position and return it."""
        item = self[index]
        self._removing(item)
        list.pop(self, index)
        self._removed(item)
        return item

    def clear(self) -> None:
        """Take out every object."""
        for item in list(self):
            self.remove(item)

    def __iadd__(self, items: Iterable[T]) -> InstrumentedList[T]:  # type: ignore[override,misc]
        self.extend(items)
        return self

    def __imul__(self, times: SupportsIndex) -> InstrumentedList[T]:
        raise TypeError("a collection of related objects can't be multiplied; append to it instead")

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._set_slice(index, list(value))
            return
        old = self[index]
        if old is value:
            return
        self._removing(old)
        value = self._adding(value)
        list.__setitem__(self, index, value)
        self._removed(old)
        self._added(value)

    def _set_slice(self, index: slice, values: list[T]) -> None:
        before = list(self)
        for item in values:
            if not any(item is other for other in before):
                self._adding(item)
        after = list(before)
        after[index] = values
        gone = [item for item in before if not any(item is other for other in after)]
        for item in gone:
            self._removing(item)
        list.__setitem__(self, slice(None), after)
        for item in gone:
            self._removed(item)
        for item in values:
            if not any(item is other for other in before):
                self._added(item)

    def __delitem__(self, index: Any) -> None:
        if isinstance(index, slice):
            self._set_slice(index, [])
        else:
            self.pop(index)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return (type(self), (), None, iter(list(self)))


class InstrumentedSet(set[T], Owned):
    """A set of related objects."""

    __slots__ = ("_sa_link", "_sa_owner")

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._sa_owner = None
        self._sa_link = None
        set.__init__(self, items)

    def _sa_items(self) -> set[T]:
        return self

    def _sa_holds(self, item: object) -> bool:
        return item in self

    def _sa_add(self, item: T) -> None:
        set.add(self, item)

    def _sa_drop(self, item: T) -> None:
        set.discard(self, item)

    def _sa_fill(self, items: Iterable[T]) -> None:
        set.update(self, items)

    def add(self, item: T, /) -> None:
        """Add one object."""
        if item in self:
            return
        item = self._adding(item)
        set.add(self, item)
        self._added(item)

    def remove(self, item: T, /) -> None:
        """Take out one object; KeyError when it is not there."""
        if item not in self:
            raise KeyError(item)
        self._removing(item)
        set.remove(self, item)
        self._removed(item)

    def discard(self, item: Any, /) -> None:
        """Take out one object if it is there."""
        if item in self:
            self.remove(item)

    def pop(self) -> T:
        """Take out any object and return it; KeyError when there is none."""
        for item in self:
            self.remove(item)
            return item
        raise KeyError("pop from an empty set")

    def clear(self) -> None:
        """Take out every object."""
        for item in list(self):
            self.remove(item)

    def update(self, *others: Iterable[T]) -> None:
        """Add the objects of other collections."""
        for other in others:
            for item in list(other):
                self.add(item)

    def difference_update(self, *others: Iterable[Any]) -> None:
        """Take out the objects of other collections."""
        for other in others:
            for item in list(other):
                self.discard(item)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """Keep only the objects that other collections hold too."""
        self.difference_update(self - self.intersection(*others))

    def symmetric_difference_update(self, other: Iterable[T], /) -> None:
        """Keep what only one of the two collections holds."""
        given = set(other)
        common = self & given
        self.difference_update(common)
        self.update(given - common)

    def __ior__(self, other: Any) -> InstrumentedSet[T]:  # type: ignore[override,misc]
        self.update(other)
        return self

    def __isub__(self, other: Any) -> InstrumentedSet[T]:  # type: ignore[misc]
        self.difference_update(other)
        return self

    def __iand__(self, other: Any) -> InstrumentedSet[T]:  # type: ignore[misc]
        self.intersection_update(other)
        return self

    def __ixor__(self, other: Any) -> InstrumentedSet[T]:  # type: ignore[override,misc]
        self.symmetric_difference_update(other)
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return (_restore_set, (type(self), list(self)))


def _restore_set(class_: type[InstrumentedSet[Any]], items: list[Any]) -> InstrumentedSet[Any]:
    return class_(items)


def collection_factory(collection_class: Any) -> Callable[[], Any]:
    """What makes an empty collection, from the ``collection_class`` of a relationship.

    Raises `ArgumentError` for a class that is none of list, set, dict or a subclass of the
    instrumented ones.
    """
    if collection_class is None or collection_class is list:
        return InstrumentedList
    if collection_class is set:
        return InstrumentedSet
    if isinstance(collection_class, type):
        return _instrumented_subclass(collection_class)
    if callable(collection_class):
        made = collection_class()
        if isinstance(made, Owned):
            return collection_class  # type: ignore[no-any-return]
        return _instrumented_subclass(type(made))
    raise exc.ArgumentError(
        f"collection_class must be list, set, or a function that makes a collection such as "
        f"attribute_keyed_dict('name'); {collection_class!r} is none of these"
    )


def _instrumented_subclass(class_: type[Any]) -> Callable[[], Any]:
    if issubclass(class_, Owned):
        return class_
    for builtin, instrumented in ((list, InstrumentedList), (set, InstrumentedSet)):
        if issubclass(class_, builtin):
            return type(class_.__name__, (class_, instrumented), {"__slots__": ()})
    raise exc.ArgumentError(
        f"Can't use {class_.__name__} as collection_class: give list, set, a subclass of one of "
        "these, or attribute_keyed_dict('name') for a dict"
    )


def items_of(collection: Any) -> list[Any]:
    """The related objects of a collection of any kind, in its order."""
    return list(collection._sa_items())


def iterate(collection: Any) -> Iterator[Any]:
    """Iterate over the related objects of a collection of any kind."""
    return iter(collection._sa_items())


_new_list = list.__new__
_extend: Callable[[list[Any], Iterable[Any]], None] = list.extend
_ref = weakref.ref


def loaded(obj: object, link: Link, items: Iterable[Any]) -> Any:
    """Store a collection just loaded and return it; nothing fires.

    Changes that were queued while it was not loaded are applied, and stay changes.
    """
    factory = link.factory
    collection: Any
    if factory is InstrumentedList:
        collection = _new_list(InstrumentedList)  # what __init__ would set is set below
        _extend(collection, items)
    else:
        collection = factory() if factory is not None else None
        collection._sa_fill(items)
    collection._sa_owner = _ref(obj)
    collection._sa_link = link
    own = obj.__dict__
    state = own.get(STATE)
    if type(state) is Private and state.pending:
        queued = state.pending.pop(link.key, None)
        if queued is not None:
            _apply(collection, state, link.key, queued)
    own[link.key] = collection
    return collection


def _apply(collection: Any, state: Private, key: str, queued: tuple[list[Any], list[Any]]) -> None:
    state.committed.setdefault(key, items_of(collection))
    added, removed = queued
    for item in removed:
        collection._sa_drop(item)
    for item in added:
        if not collection._sa_holds(item):
            collection._sa_add(item)


def coerce_items(link: Link, value: Any, factory: Callable[[], Any]) -> list[Any]:
    """The objects of a value that is assigned to a collection attribute.

    Raises TypeError when the value is not of the collection's kind.
    """
    name = f"{link.class_.__name__}.{link.key}"
    if isinstance(value, Owned):
        return items_of(value)
    sample = factory()
    if isinstance(sample, dict):
        if isinstance(value, Mapping):
            return list(value.values())
        kind, ok = "dict", False
    elif isinstance(sample, set):
        kind, ok = "set", isinstance(value, (set, frozenset))
    else:
        kind = "list"
        ok = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping, set))
    if not ok:
        given = "None" if value is None else type(value).__name__
        raise TypeError(
            f"Incompatible collection type: {given} is not {kind}-like; {name} holds a {kind} "
            f"of related objects, assign a {kind}"
        )
    return list(value)
