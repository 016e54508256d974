"""Statement keys: when two statements may share one compiled form.

A key is a nested tuple of hashables. Equal keys promise the same SQL, the same result columns and
the same binds in the same places, whatever their values. Its leaves are strings, flags, node
classes, the ``_key`` of types, and unique ints for the things that are only equal to themselves: a
`Column`, a `Table`, a `Mapper`. (A column can't stand in a key itself: its ``==`` makes SQL.)

Aliases and subqueries are made afresh for every statement, so a unique int would make every key
new. They stand in the raw key as an `Anon`, which is equal only to itself and carries the key of
its definition. `normalise` replaces the first meeting by ``(position, definition)`` and each later
one by the position alone; so two statements built in the same way get the same key, a statement
that uses one alias twice differs from one that uses two, and a subquery's definition is written
once however many of its columns are used. It costs a walk, so it is done only when ``_anon`` says
that the key holds an `Anon` at all.

What must not be cached (a type that says so, an insert of many literal rows) puts `UNCACHEABLE`
in its key and sets ``_anon``; `normalise` then gives None, which means "compile, don't store".

Rejected: hashing once and keeping the hash (tuples don't take one, and an object with a Python
``__hash__`` costs more than the tuple's C loop); positions computed while building (two statements
that share a subquery would have to renumber it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .node import Anon

if TYPE_CHECKING:
    from .node import Key, Node


class Uncacheable:
    """The type of `UNCACHEABLE`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNCACHEABLE"


UNCACHEABLE: Final = Uncacheable()
"""In a raw key: the statement's compiled form must not be stored."""


def normalise(key: Key) -> Key | None:
    """The comparable form of a raw key; None when it must not be cached."""
    return _normalise(key, {})


def _normalise(key: Any, seen: dict[int, int]) -> Any:
    parts: list[Any] = []
    for part in key:
        kind = type(part)
        if kind is tuple:
            part = _normalise(part, seen)
            if part is None:
                return None
        elif kind is Anon:
            position = seen.get(id(part))
            if position is None:
                position = seen[id(part)] = len(seen)
                content = _normalise(part.content, seen)
                if content is None:
                    return None
                part = (Anon, position, content)
            else:
                part = (Anon, position)
        elif kind is Uncacheable:
            return None
        parts.append(part)
    return tuple(parts)


def key_of(node: Node) -> Key | None:
    """The key under which a statement's compiled form is stored; None when it must not be."""
    key = node._key
    if key is None or not node._anon:
        return key
    return normalise((key,))


def same(left: Node, right: Node) -> bool:
    """Whether two nodes have the same structure and the same bound values."""
    if left is right:
        return True
    if key_of(left) != key_of(right) or len(left._binds) != len(right._binds):
        return False
    return all(
        one.effective_value == other.effective_value
        for one, other in zip(left._binds, right._binds, strict=True)
    )
