"""Traversal of expressions in the way of SQLAlchemy: functions and visitor classes.

``traversal`` has what ormolu itself uses. Here, parts that are no elements of SQL (the rare clauses
of a statement, its joins before they are worked out) are left out, their children are not.
"""

from __future__ import annotations

from abc import ABCMeta
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, ClassVar

from . import traversal
from .clause import ClauseElement
from .froms import display_froms
from .node import NODE, NODES, PAIRS, Node, fields_of
from .select import Select

__all__ = [
    "ClauseVisitor",
    "CloningExternalTraversal",
    "CloningVisitor",
    "ExternalTraversal",
    "InternalTraversal",
    "ReplacingCloningVisitor",
    "ReplacingExternalTraversal",
    "Visitable",
    "anon_map",
    "cloned_traverse",
    "iterate",
    "replacement_traverse",
    "traverse",
    "traverse_using",
]

Visit = Callable[[Any], object]
Visitors = Mapping[str, Visit]

_OWN = frozenset({"table", "column"})
"""Elements that stand for themselves: they are never copied."""


class _VisitableMeta(ABCMeta):
    def __instancecheck__(cls, instance: object) -> bool:
        return hasattr(type(instance), "__visit_name__")

    def __subclasscheck__(cls, subclass: type) -> bool:
        return hasattr(subclass, "__visit_name__")


class Visitable(metaclass=_VisitableMeta):
    """Whatever a visitor may visit: elements of SQL, types, schema items."""

    __slots__ = ()
    __visit_name__: ClassVar[str]


class InternalTraversal(Enum):
    """What an attribute of a user's element holds, for its ``_traverse_internals``.

    ``_traverse_internals = [("value", InternalTraversal.dp_clauseelement)]`` makes the attribute
    part of the element's key and of its traversal.
    """

    dp_clauseelement = "CE"
    dp_clauseelement_list = "CL"
    dp_clauseelement_tuple = "CT"
    dp_clauseelement_tuples = "CTS"
    dp_fromclause_ordered_set = "CO"
    dp_type = "T"
    dp_operator = "O"
    dp_has_cache_key = "HC"
    dp_string = "S"
    dp_string_list = "SL"
    dp_anon_name = "AN"
    dp_boolean = "B"
    dp_plain_obj = "P"
    dp_plain_dict = "PD"
    dp_ignore = "IG"


class anon_map(dict[Any, Any]):
    """Numbers things in the order in which they are met: ``map[id(x)]`` is ``"0"``, ``"1"``, …"""

    def __missing__(self, key: Any) -> str:
        value = self[key] = str(len(self))
        return value

    def get_anon(self, obj: object) -> tuple[str, bool]:
        """Return an object's number, and whether it was met before."""
        met = id(obj) in self
        return self[id(obj)], met


def children_of(node: Any) -> Iterator[Any]:
    """The elements of SQL directly below an element."""
    if not isinstance(node, Node):
        yield from node.get_children() if hasattr(node, "get_children") else ()
        return
    for child in node.get_children():
        if isinstance(child, ClauseElement):
            yield child
        elif isinstance(child, Node):
            yield from children_of(child)
    if isinstance(node, Select) and node._plugin is None:
        yield from display_froms(node)


def iterate(obj: Any, opts: Mapping[str, Any] = traversal.NO_OPTIONS) -> Iterator[Any]:
    """The element and all elements below it, level by level."""
    if obj is None:
        return
    waiting = deque([obj])
    while waiting:
        current = waiting.popleft()
        yield current
        waiting.extend(children_of(current))


def traverse_using(iterator: Iterable[Any], obj: Any, visitors: Visitors) -> Any:
    """Call the function for its ``__visit_name__`` with each element; return ``obj``."""
    for target in iterator:
        visit = visitors.get(target.__visit_name__)
        if visit is not None:
            visit(target)
    return obj


def traverse(obj: Any, opts: Mapping[str, Any], visitors: Visitors) -> Any:
    """Call the function for its ``__visit_name__`` with ``obj`` and each element below it.

    Returns ``obj``.
    """
    return traverse_using(iterate(obj, opts), obj, visitors)


def cloned_traverse(obj: Any, opts: Mapping[str, Any], visitors: Visitors) -> Any:
    """Return a copy of ``obj``, each copied element given to the function for its name.

    The functions may change the copies. Tables and columns are not copied; ``opts["stop_on"]`` has
    elements that are not to be copied either.
    """
    stop = {id(element) for element in opts.get("stop_on", ())}
    done: dict[int, Any] = {}

    def clone(node: Any) -> Any:
        if not isinstance(node, Node) or id(node) in stop or node.__visit_name__ in _OWN:
            return node
        found = done.get(id(node))
        if found is None:
            found = done[id(node)] = _cloned(node, clone)
            visit = visitors.get(node.__visit_name__)
            if visit is not None:
                visit(found)
                found._seal()
        return found

    return None if obj is None else clone(obj)


def _cloned(node: Node, clone: Callable[[Any], Any]) -> Node:
    changes = {}
    for name, kind in fields_of(type(node)):
        if kind in (NODE, NODES, PAIRS):
            changes[name] = _clone_field(getattr(node, name), clone)
    return node._copy(**changes, **traversal.forgotten(node))


def _clone_field(value: Any, clone: Callable[[Any], Any]) -> Any:
    if isinstance(value, tuple):
        return tuple([_clone_field(each, clone) for each in value])
    return clone(value)


def replacement_traverse(
    obj: Any, opts: Mapping[str, Any], replace: Callable[[Any], Any | None]
) -> Any:
    """Return ``obj`` with each element for which ``replace`` gives another replaced by that.

    What is put in its place is not walked; ``opts["stop_on"]`` has elements to leave as they are.
    """
    stop = {id(element) for element in opts.get("stop_on", ())}

    def change(node: Any) -> Any:
        if id(node) in stop:
            return node
        return replace(node) if isinstance(node, ClauseElement) else None

    return None if obj is None else traversal.replace(obj, change)


class ExternalTraversal:
    """Base of visitors: methods ``visit_<name>`` are called for the elements of that name."""

    __traverse_options__: ClassVar[Mapping[str, Any]] = {}
    _next: ExternalTraversal | None = None

    def traverse_single(self, obj: Any, **kw: Any) -> Any:
        """Call the method for one element, of this visitor or of those chained to it."""
        for visitor in self.visitor_iterator:
            method = getattr(visitor, f"visit_{obj.__visit_name__}", None)
            if method is not None:
                return method(obj, **kw)
        return None

    def iterate(self, obj: Any) -> Iterator[Any]:
        """The element and all elements below it."""
        return iterate(obj, self.__traverse_options__)

    def traverse(self, obj: Any) -> Any:
        """Visit an element and all elements below it."""
        return traverse(obj, self.__traverse_options__, self._visitors)

    @property
    def _visitors(self) -> dict[str, Visit]:
        names = [name for name in dir(type(self)) if name.startswith("visit_")]
        return {name.removeprefix("visit_"): getattr(self, name) for name in names}

    @property
    def visitor_iterator(self) -> Iterator[ExternalTraversal]:
        """This visitor and those chained to it."""
        visitor: ExternalTraversal | None = self
        while visitor is not None:
            yield visitor
            visitor = visitor._next

    def chain(self, visitor: ExternalTraversal) -> ExternalTraversal:
        """Add a visitor, which sees what the others have no method for."""
        *_, last = self.visitor_iterator
        last._next = visitor
        return self


class CloningExternalTraversal(ExternalTraversal):
    """A visitor whose methods get copies, which they may change; ``traverse`` gives the copy."""

    def copy_and_process(self, list_: Iterable[Any]) -> list[Any]:
        """Return a copy of each element."""
        return [self.traverse(each) for each in list_]

    def traverse(self, obj: Any) -> Any:
        """Return a copy of an element, all copies below it visited."""
        return cloned_traverse(obj, self.__traverse_options__, self._visitors)


class ReplacingExternalTraversal(CloningExternalTraversal):
    """A visitor whose ``replace(element)`` gives another element, or None to keep it."""

    def replace(self, elem: Any) -> Any | None:
        """Return what is to stand in the place of an element, None for itself."""
        return None

    def traverse(self, obj: Any) -> Any:
        """Return an element with those below it replaced."""

        def replace(elem: Any) -> Any | None:
            for visitor in self.visitor_iterator:
                found = getattr(visitor, "replace", lambda _: None)(elem)
                if found is not None:
                    return found
            return None

        return replacement_traverse(obj, self.__traverse_options__, replace)


ClauseVisitor = ExternalTraversal
CloningVisitor = CloningExternalTraversal
ReplacingCloningVisitor = ReplacingExternalTraversal
