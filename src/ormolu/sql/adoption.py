"""What makes classes that users derive from nodes just work.

The nodes of ormolu fill their slots and compute their keys in their constructors (``sql/node.py``).
A user's class does neither: it may have a constructor of its own that calls no other, declare
``type`` or ``name`` as class attributes, and keep what it likes in its ``__dict__``. So when such a
class is made, it gets descriptors that stand before the slots: an unset slot has its default, and
the key is computed when it is first asked for.

Whether statements with such an element may share a compiled form: yes when the class says
``inherit_cache = True``, when it lists its attributes in ``_traverse_internals``, or when it adds
no constructor and so has no state that the key doesn't know. Otherwise it is compiled afresh for
each execution.
"""

from __future__ import annotations

from typing import Any, Final

from ..types import NULLTYPE
from .executable import NO_OPTIONS
from .keys import UNCACHEABLE
from .node import CONST, FACT, KEYED, NODE, NODES, PAIRS, TYPE, VALUE, Node, fields_of

_COMPUTED: Final = ("_key", "_binds", "_anon")
_INTERNALS: Final = "_traverse_internals"
_KINDS: Final = {
    "dp_clauseelement": NODE,
    "dp_clauseelement_list": NODES,
    "dp_clauseelement_tuple": NODES,
    "dp_fromclause_ordered_set": NODES,
    "dp_clauseelement_tuples": PAIRS,
    "dp_type": TYPE,
    "dp_operator": KEYED,
    "dp_has_cache_key": KEYED,
    "dp_ignore": FACT,
}
"""What the attributes that a user's class lists hold; the others are constants."""
_HIDING: Final = ("type", "name", "key")
"""Slots that users declare as class attributes."""
_DEFAULTS: Final = {
    "_plugin": None,
    "_execution_options": NO_OPTIONS,
    "_with_options": (),
    "type": NULLTYPE,
}
"""What the constructors of `Executable` and `ColumnElement` give, where they aren't called."""


class Declared:
    """A slot with a default, which is what the class attribute is."""

    __slots__ = ("default", "slot")

    def __init__(self, slot: Any, default: Any) -> None:
        self.slot = slot
        self.default = default

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self.default
        try:
            return self.slot.__get__(instance, owner)
        except AttributeError:
            return self.default

    def __set__(self, instance: Any, value: Any) -> None:
        self.slot.__set__(instance, value)


class Computed:
    """One of the slots that ``_seal()`` fills, which is called when it is still empty."""

    __slots__ = ("slot",)

    def __init__(self, slot: Any) -> None:
        self.slot = slot

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        try:
            return self.slot.__get__(instance, owner)
        except AttributeError:
            instance._seal()
            return self.slot.__get__(instance, owner)

    def __set__(self, instance: Any, value: Any) -> None:
        self.slot.__set__(instance, value)


def adopt(cls: type[Node]) -> None:
    """Prepare a user's node class; classes of ormolu and those that declare fields are left alone.

    A class with ``_fields`` or ``__slots__`` of its own follows the contract of `Node` itself.
    """
    own = dict(cls.__dict__)
    if cls.__module__.startswith("ormolu.") or "_fields" in own or "__slots__" in own:
        return
    if "_seal" in own or getattr(cls, "is_ddl", False):
        return
    if _INTERNALS in own:
        cls._fields = {name: _KINDS.get(held.name, CONST) for name, held in own[_INTERNALS]}
    for name in _COMPUTED:
        member = _slot(cls, name)
        if member is not None:
            setattr(cls, name, Computed(member))
    for name, default in _DEFAULTS.items():
        member = _slot(cls, name)
        if member is not None and name not in own:
            setattr(cls, name, Declared(member, default))
    if not hasattr(cls, "_function_name"):
        _keep_class_attributes(cls, own)
    _add_methods(cls)


def _keep_class_attributes(cls: type[Node], own: dict[str, Any]) -> None:
    """Make class attributes that would hide a slot its defaults (``type``, ``name``)."""
    for name in _HIDING:
        member = _slot(cls, name)
        value = own.get(name)
        if name not in own or member is None or isinstance(value, property):
            continue
        made = value() if name == "type" and isinstance(value, type) else value
        setattr(cls, name, Declared(member, made))
    if hasattr(cls, "_unnamed"):
        named: Any = cls
        named._unnamed = not isinstance(named.name, str)


def _add_methods(cls: type[Node]) -> None:
    """Give a class the methods of `Node` that know of its ``__dict__`` and of unset slots."""
    sealed, copied = cls._seal, cls._shallow

    def _seal(self: Node) -> None:
        _fill(self)
        sealed(self)
        if not _shares(type(self)):
            self._key = (type(self), UNCACHEABLE)
            self._anon = True

    def _shallow(self: Node) -> Node:
        _fill(self)
        new = copied(self)
        new.__dict__.update(self.__dict__)
        return new

    cls._seal = _seal  # type: ignore[method-assign]
    cls._shallow = _shallow  # type: ignore[method-assign,assignment]


def _slot(cls: type, name: str) -> Any:
    """The member of a slot above a class, also where a `Declared` of its bases stands before it."""
    for base in cls.__mro__[1:]:
        found = base.__dict__.get(name)
        if isinstance(found, Declared | Computed):
            return found.slot
        if hasattr(type(found), "__set__") and not isinstance(found, property):
            return found
        if found is not None:
            return None
    return None


def _shares(cls: type[Node]) -> bool:
    """Whether compiled forms of statements with an element of this class may be shared."""
    asked = cls.__dict__.get("inherit_cache")
    if asked is not None or _INTERNALS in cls.__dict__:
        return asked is not False
    for base in cls.__mro__:
        if base.__module__.startswith("ormolu."):
            return True
        if "__init__" in base.__dict__:
            return False
    return True


def _fill(node: Node) -> None:
    """Give slots that no constructor filled what stands for nothing."""
    for name, kind in fields_of(type(node)):
        try:
            getattr(node, name)
        except AttributeError:
            if kind is TYPE:
                setattr(node, name, NULLTYPE)
            elif kind in (NODE, KEYED, CONST, VALUE, FACT):
                setattr(node, name, None)
            else:
                setattr(node, name, ())
