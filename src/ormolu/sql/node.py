"""The frozen node: what every expression, FROM and statement is made of.

A node is slotted and is never changed after its constructor; "changing" methods return a copy.
Three slots are ready when the constructor returns, so that asking the statement cache costs one
dictionary lookup and no walk:

``_key``
    A nested tuple that says everything the compiler can see, except values.
``_binds``
    The ``BindParameter`` nodes below, in the order in which the key mentions them. The values live
    here, outside the key.
``_anon``
    True when the key holds an `Anon` (see `ormolu.sql.keys`): it must be normalised before use.

Each class declares its own slots in ``_fields`` (name -> `Kind`). From that declaration come the
key (`Node._seal`), the traversal and the copying with replaced children, so a slot that isn't
declared can't be forgotten in one of them; ``tests/pure/test_sql_nodes.py`` fails when one is not
declared. The few classes on the hot path (columns, binds, comparisons, SELECT) compute the same
three slots inline in their constructors and override `_seal`; the test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, Final

from .quoted_name import quoted_name

if TYPE_CHECKING:
    from typing import Self

    from .elements import BindParameter

next_token: Callable[[], int] = count(1).__next__
"""Gives the next unique int: the key of a thing equal only to itself (a table, a column)."""


class Kind(Enum):
    """What a slot of a node holds, and so how the key and the traversal treat it."""

    NODE = "a child node, or None"
    NODES = "a tuple of child nodes, or None"
    PAIRS = "a tuple of tuples of child nodes (or None)"
    TYPE = "a SQL type; its _key is part of the key"
    KEYED = "an object with a _key that isn't a node (an operator, an options object), or None"
    CONST = "a hashable value that is part of the key"
    VALUE = "a bound value: never part of the key"
    FACT = "determined by other slots, or of no influence on SQL and result: not part of the key"


NODE, NODES, PAIRS, TYPE = Kind.NODE, Kind.NODES, Kind.PAIRS, Kind.TYPE
KEYED, CONST, VALUE, FACT = Kind.KEYED, Kind.CONST, Kind.VALUE, Kind.FACT

Key = Any
"""A nested tuple of hashables."""


class Anon:
    """A thing without a name of its own: an alias, a subquery, an unnamed label.

    In a key it stands for its definition the first time it is met and for its position after
    that; see `ormolu.sql.keys`.
    """

    __slots__ = ("content",)

    def __init__(self, content: Key) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<Anon {self.content!r}>"


class AnonName(str):
    """A name that the compiler makes unique: ``AnonName("anon")`` is rendered ``anon_1``.

    Two of them are the same name only when they are the same object; the compiler counts by text.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"%({id(self)} {str.__str__(self)})s"


def const_key(value: Any) -> Key:
    """What a constant contributes to a key, names above all.

    A `quoted_name` is equal to the bare string, yet it is other SQL.
    """
    kind = type(value)
    if kind is quoted_name and value.quote is not None:
        return quoted_name, str.__str__(value), value.quote
    if kind is tuple:
        return tuple([const_key(each) for each in value])
    return value


class PrefixedName(AnonName):
    """``prefix_suffix`` where the prefix is the anonymous name of a FROM element."""

    __slots__ = ("prefix", "suffix")

    prefix: str
    suffix: str

    def __new__(cls, prefix: str, suffix: str) -> PrefixedName:
        made = super().__new__(cls, f"{str.__str__(prefix)}_{str.__str__(suffix)}")
        made.prefix = prefix
        made.suffix = suffix
        return made


class ElementName(AnonName):
    """``max_1``, the name of an element that has none: the same wherever it is selected."""

    __slots__ = ("owner",)

    owner: Any

    def __new__(cls, text: str, owner: Any) -> Self:
        made = super().__new__(cls, text)
        made.owner = owner
        return made

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._content() == other._content()

    def _content(self) -> tuple[Any, ...]:
        return id(self.owner), str.__str__(self)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return id(self.owner)


class NumberedName(ElementName):
    """``anon_1_1``, for another column whose name is the anonymous ``base``."""

    __slots__ = ("base",)

    base: AnonName

    def __new__(cls, base: AnonName, owner: Any) -> Self:
        made = super().__new__(cls, str.__str__(base), owner)
        made.base = base
        return made


class RepeatedName(ElementName):
    """``name__1``, for a column that is selected again: the same wherever that is done."""

    __slots__ = ("base", "number")

    base: str
    number: int

    def __new__(cls, base: str, owner: Any, number: int) -> Self:
        made = super().__new__(cls, f"{str.__str__(base)}_", owner)
        made.base = base
        made.number = number
        return made

    def _content(self) -> tuple[Any, ...]:
        return id(self.owner), self.number, str.__str__(self)


class Node:
    """Base of everything that has a key: expressions, FROM elements, statements, ORM entities."""

    __slots__ = ("_anon", "_binds", "_key")

    _fields: ClassVar[Mapping[str, Kind]] = {}
    """This class's own slots and what they hold; see `fields_of`."""

    __visit_name__: ClassVar[str] = "node"
    """The compiler's method for this class is ``visit_<name>``."""

    _identity: ClassVar[bool] = False
    """Whether it is equal only to itself, so that its key depends on none of its fields."""

    _plugin: Any = None
    """``"orm"`` for a statement or an element that only the ORM can lower to Core."""

    _key: Key
    _binds: tuple[BindParameter[Any], ...]
    _anon: bool

    def _seal(self) -> None:
        """Compute ``_key``, ``_binds`` and ``_anon`` from the declared fields."""
        parts: list[Key] = [type(self)]
        binds: tuple[BindParameter[Any], ...] = ()
        anon = False
        for name, kind in fields_of(type(self)):
            if kind is FACT or kind is VALUE:
                continue
            value = getattr(self, name)
            if value is None or value is False or type(value) is str:  # most constants
                parts.append(value)
            elif kind is CONST:
                parts.append(const_key(value))
            elif kind is NODE:
                parts.append(value._key)
                binds += value._binds
                anon = anon or value._anon
            elif kind is TYPE or kind is KEYED:
                parts.append(value._key)
            else:
                keys, more, is_anon = _seal_many(value)
                parts.append(keys)
                binds += more
                anon = anon or is_anon
        self._key = tuple(parts)
        self._binds = binds
        self._anon = anon

    def _copy(self, **changes: object) -> Self:
        """A copy with these slots replaced, its key computed anew."""
        new = self._shallow()
        for name, value in changes.items():
            setattr(new, name, value)
        new._seal()
        return new

    def _shallow(self) -> Self:
        new = object.__new__(type(self))
        for name, _ in fields_of(type(self)):
            setattr(new, name, getattr(self, name))
        return new

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _blank, (type(self),), self.__getstate__()

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the fields. A key is of one process alone (see `next_token`)."""
        state: dict[str, Any] = dict(getattr(self, "__dict__", ()))
        for name, _ in fields_of(type(self)):
            if hasattr(self, name):
                state[name] = getattr(self, name)
        if not self._identity:
            # Worked out again when they are asked for; their columns refer back to this node.
            state.update(dict.fromkeys(_WORKED_OUT & state.keys()))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._seal()

    def get_children(self, **_: object) -> Iterator[Node]:
        """Iterate over the nodes directly below this one."""
        for name, kind in fields_of(type(self)):
            if kind is NODE:
                child = getattr(self, name)
                if child is not None:
                    yield child
            elif kind is NODES:
                yield from getattr(self, name) or ()
            elif kind is PAIRS:
                for pair in getattr(self, name) or ():
                    yield from (child for child in pair if child is not None)


def _blank(cls: type[Node]) -> Node:
    """An unpickled node before its state comes; a table is sealed before its columns are."""
    new = object.__new__(cls)
    if cls._identity:
        new._seal()
    return new


def _seal_many(value: tuple[Any, ...]) -> tuple[Key, tuple[Any, ...], bool]:
    keys: list[Key] = []
    binds: tuple[Any, ...] = ()
    anon = False
    for child in value:
        if child is None:
            keys.append(None)
        elif isinstance(child, tuple):
            key, more, is_anon = _seal_many(child)
            keys.append(key)
            binds += more
            anon = anon or is_anon
        else:
            keys.append(child._key)
            binds += child._binds
            anon = anon or child._anon
    return tuple(keys), binds, anon


_WORKED_OUT: Final = frozenset({"_columns", "_names"})

_field_cache: dict[type[Node], tuple[tuple[str, Kind], ...]] = {}


def fields_of(cls: type[Node]) -> tuple[tuple[str, Kind], ...]:
    """The declared fields of a node class, its bases' first."""
    found = _field_cache.get(cls)
    if found is None:
        merged: dict[str, Kind] = {}
        for base in reversed(cls.__mro__):
            merged.update(base.__dict__.get("_fields", {}))
        found = _field_cache[cls] = tuple(merged.items())
    return found


def worked_out(cls: type[Node]) -> list[str]:
    """The slots of a node class that hold what was worked out from others when it was asked for."""
    return [name for name, kind in fields_of(cls) if name in _WORKED_OUT and kind is FACT]
