"""Dict collections: related objects under a key that is derived from each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, SupportsIndex, TypeVar

from ormolu import exc
from ormolu.orm.instances.collections import Owned

T = TypeVar("T")
K = TypeVar("K")


class KeyFuncDict(dict[K, T], Owned, Generic[K, T]):
    """A dict of related objects, each under the key that ``keyfunc`` derives from it."""

    __slots__ = ("__weakref__", "_sa_link", "_sa_owner", "keyfunc")

    def __init__(
        self,
        keyfunc: Callable[[Any], Any],
        *args: Any,
        ignore_unpopulated_attribute: bool = False,
    ) -> None:
        self._sa_owner = None
        self._sa_link = None
        self.keyfunc = keyfunc
        dict.__init__(self, *args)

    def _sa_items(self) -> list[T]:
        return list(self.values())

    def _sa_holds(self, item: object) -> bool:
        return any(other is item for other in self.values())

    def _sa_add(self, item: T) -> None:
        dict.__setitem__(self, self.keyfunc(item), item)

    def _sa_drop(self, item: object) -> None:
        for key, other in self.items():
            if other is item:
                dict.__delitem__(self, key)
                return

    def _sa_fill(self, items: Iterable[T]) -> None:
        for item in items:
            dict.__setitem__(self, self.keyfunc(item), item)

    def set(self, value: T, _sa_initiator: Any = None) -> None:
        """Add one object under its derived key."""
        self[self.keyfunc(value)] = value

    def remove(self, value: T, _sa_initiator: Any = None) -> None:
        """Take out one object; `InvalidRequestError` when its derived key holds another."""
        key = self.keyfunc(value)
        if self.get(key) is not value:
            raise exc.InvalidRequestError(
                f"Can not remove {value!r} from the collection: under its key {key!r} stands "
                f"{self.get(key)!r}. The attribute that makes the key was changed after the "
                "object was added; take it out before the change"
            )
        del self[key]

    def __setitem__(self, key: K, value: T) -> None:
        old = self.get(key)
        if old is value and key in self:
            return
        if key in self:
            self._removing(old)
        value = self._adding(value)
        dict.__setitem__(self, key, value)
        if old is not None:
            self._removed(old)
        self._added(value)

    def __delitem__(self, key: K) -> None:
        item = self[key]
        self._removing(item)
        dict.__delitem__(self, key)
        self._removed(item)

    def setdefault(self, key: K, default: Any = None, /) -> Any:
        """The object under a key; ``default`` is added when there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: K, *default: Any) -> Any:
        """Take out the object under a key and return it."""
        if key not in self:
            return dict.pop(self, key, *default)
        item = self[key]
        del self[key]
        return item

    def popitem(self) -> tuple[K, T]:
        """Take out the last object and return it with its key."""
        if not self:
            raise KeyError("the collection is empty")
        key = next(reversed(self))
        return key, self.pop(key)

    def clear(self) -> None:
        """Take out every object."""
        for key in list(self):
            del self[key]

    def update(self, *args: Any, **named: Any) -> None:
        """Add the objects of another mapping."""
        for key, item in dict(*args, **named).items():
            self[key] = item

    def __ior__(self, other: Any) -> KeyFuncDict[K, T]:  # type: ignore[override,misc]
        self.update(other)
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return (_restore_dict, (type(self), self.keyfunc, dict(self)))


def _restore_dict(class_: Any, keyfunc: Any, items: dict[Any, Any]) -> Any:
    return class_(keyfunc, items)


InstrumentedDict = KeyFuncDict
MappedCollection = KeyFuncDict


class AttributeKey:
    """Derives the key of an object from one of its attributes; picklable."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, obj: object) -> Any:
        return getattr(obj, self.name)


class ColumnKey:
    """Derives the key of an object from the attributes of one or more columns; picklable."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __call__(self, obj: object) -> Any:
        own = type(obj).__mapper__.key_of_column_name  # type: ignore[attr-defined]
        values = tuple([getattr(obj, own(name)) for name in self.names])
        return values if len(values) > 1 else values[0]


class _DictFactory:
    """Makes the empty dict of one relationship."""

    __slots__ = ("keyfunc",)

    def __init__(self, keyfunc: Callable[[Any], Any]) -> None:
        self.keyfunc = keyfunc

    def __call__(self) -> KeyFuncDict[Any, Any]:
        return KeyFuncDict(self.keyfunc)


def keyfunc_mapping(
    keyfunc: Callable[[Any], Any], *, ignore_unpopulated_attribute: bool = False
) -> Callable[[], KeyFuncDict[Any, Any]]:
    """A ``collection_class`` for a dict whose keys a function derives from each object."""
    return _DictFactory(keyfunc)


def attribute_keyed_dict(
    attr_name: str, *, ignore_unpopulated_attribute: bool = False
) -> Callable[[], KeyFuncDict[Any, Any]]:
    """A ``collection_class`` for a dict whose keys are an attribute of each object."""
    return _DictFactory(AttributeKey(attr_name))


def column_keyed_dict(
    mapping_spec: Any, *, ignore_unpopulated_attribute: bool = False
) -> Callable[[], KeyFuncDict[Any, Any]]:
    """A ``collection_class`` for a dict whose keys are one or more columns of each object."""
    columns = mapping_spec if isinstance(mapping_spec, (list, tuple)) else (mapping_spec,)
    return _DictFactory(ColumnKey(tuple([column.key for column in columns])))


attribute_mapped_collection = attribute_keyed_dict
column_mapped_collection = column_keyed_dict
mapped_collection = keyfunc_mapping
