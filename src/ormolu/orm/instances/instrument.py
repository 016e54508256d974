"""Making a class a mapped one: the few methods it gets.

``_sa_instance_state`` (the transient state, until the object has its own), ``__setattr__`` and
``__delattr__`` (see `setters`), and ``__getstate__`` / ``__setstate__``, so that copies and
unpickled objects are detached. A class's own versions of these are kept and called.

`make_twin` prepares loading: a plain class of the same layout, on which stores are the
interpreter's own; the loader fills an instance of it and then sets its ``__class__``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu.orm.instances.collections import iterate
from ormolu.orm.instances.setters import Setters, make_delattr, make_setattr
from ormolu.orm.instances.state import (
    NO_MEMBERSHIP,
    PERSISTENT,
    STATE,
    TRANSIENT_STATE,
    Expired,
    Private,
    Shared,
    identity_of,
)

_PICKLED = "_sa_pickled"


def instrument(class_: type[Any], setters: Setters, plain_names: set[str]) -> None:
    """Give a class what makes its objects mapped ones."""
    put_on_class(class_, STATE, TRANSIENT_STATE)
    put_on_class(
        class_, "__setattr__", make_setattr(setters, plain_names, _chained(class_, "__setattr__"))
    )
    put_on_class(
        class_, "__delattr__", make_delattr(setters, class_, _chained(class_, "__delattr__"))
    )
    if getattr(class_, "__getstate__", None) is object.__getstate__:
        put_on_class(class_, "__getstate__", _getstate)
    if not hasattr(class_, "__setstate__"):
        put_on_class(class_, "__setstate__", _setstate)


_MARK = "_sa_original"


def _chained(class_: type[Any], name: str) -> Any:
    """The method that ordinary attributes go on to: the class's own, not one of a mapped base."""
    method = getattr(class_, name)
    return getattr(method, _MARK, method)


put_on_class = type.__setattr__
"""Sets an attribute of a class past the hook of a declarative metaclass."""


def uninstrument(class_: type[Any]) -> None:
    """Take back what `instrument` gave, from a class whose mapper is disposed."""
    for name in (STATE, "__setattr__", "__delattr__"):
        if name in class_.__dict__:
            type.__delattr__(class_, name)
    if class_.__dict__.get("__getstate__") is _getstate:
        type.__delattr__(class_, "__getstate__")
    if class_.__dict__.get("__setstate__") is _setstate:
        type.__delattr__(class_, "__setstate__")


def _getstate(self: Any) -> dict[str, Any]:
    own = dict(self.__dict__)
    state = own.pop(STATE, None)
    if state is None:
        return own
    record: dict[str, Any] = {"key": identity_of(self)}
    if type(state) is Expired:
        record["expired"] = {k: v for k, v in state.values.items() if k != STATE}
    elif type(state) is Private:
        record["committed"] = state.committed
        record["expired"] = state.expired_values
        if record["key"] is None:
            return own
    own[_PICKLED] = record
    return own


def _setstate(self: Any, values: dict[str, Any]) -> None:
    record = values.get(_PICKLED)
    own = self.__dict__
    own.update({name: value for name, value in values.items() if name != _PICKLED})
    mapper = type(self).__mapper__
    for name, link in mapper.collection_links.items():
        if name in own:
            collection = link.factory()
            collection._sa_fill(iterate(own[name]))
            collection._sa_bind(self, link)
            own[name] = collection
    if record is None:
        return
    shared = Shared(NO_MEMBERSHIP, mapper)
    own[STATE] = shared
    expired = record.get("expired")
    if expired:
        own[STATE] = Expired(shared, {**expired, **own})
    if record.get("committed"):
        _restore_changes(self, record)


def _restore_changes(obj: object, record: dict[str, Any]) -> None:
    own = Private(
        NO_MEMBERSHIP,
        type(obj).__mapper__,  # type: ignore[attr-defined]
        PERSISTENT,
        record["key"],
        None,
        record.get("expired"),
    )
    own.committed.update(record["committed"])
    obj.__dict__[STATE] = own


def dict_setter(class_: type[Any]) -> Callable[[Any, dict[str, Any]], None]:
    """What gives an object of the class another ``__dict__``: its descriptor, called directly."""
    for base in class_.__mro__:
        if "__dict__" in vars(base):
            put: Callable[[Any, dict[str, Any]], None] = vars(base)["__dict__"].__set__
            return put
    raise TypeError(f"{class_.__name__} has no __dict__ (__slots__), so it can't be mapped")


def make_twin(class_: type[Any]) -> type[Any] | None:
    """A plain class of the same layout as ``class_``, or None when there is none.

    An instance of it may be turned into one of ``class_`` by setting its ``__class__``; that this
    works is tried here.
    """
    twin = type(f"{class_.__name__}Twin", (), {"__module__": class_.__module__})
    try:
        trial = twin()
        trial.__class__ = class_
    except TypeError:
        return None
    return twin
