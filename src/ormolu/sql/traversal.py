"""Walking and rewriting expressions, by the fields each node class declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from .clause import _replacer
from .elements import ColumnElement
from .node import NODE, NODES, PAIRS, Node, fields_of, worked_out

NO_OPTIONS: Final[Mapping[str, Any]] = MappingProxyType({})
_N = TypeVar("_N", bound=Node)
Change = Callable[[Node], Node | None]


def iterate(node: Node | None) -> Iterator[Node]:
    """The node and all nodes below it, each parent before its children."""
    if node is None:
        return
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Node):
            stack.extend(reversed(list(current.get_children())))


def traverse(node: Node, visit: Callable[[Node], object]) -> None:
    """Call ``visit`` for the node and all nodes below it."""
    for found in iterate(node):
        visit(found)


def replace(node: _N, change: Change) -> _N:
    """A copy in which each node for which ``change`` gives another is that other.

    ``change`` is asked before the node's children; where it gives None they are walked. Parts in
    which nothing changes are shared with the original, binds above all, so that values are found
    as before. A column's table and a table's columns are not walked.
    """
    return _replace(node, change, {})  # type: ignore[no-any-return]


def _replace(node: Any, change: Change, done: dict[int, Any]) -> Any:
    found = done.get(id(node))
    if found is not None:
        return found
    new = change(node) if isinstance(node, Node) else None
    if new is None:
        new = _rebuild(node, change, done)
    done[id(node)] = new
    return new


def _rebuild(node: Any, change: Change, done: dict[int, Any]) -> Any:
    if not isinstance(node, Node):
        return node
    changes: dict[str, Any] = {}
    for name, kind in fields_of(type(node)):
        if kind is NODE or kind is NODES or kind is PAIRS:
            old = getattr(node, name)
            new = _replace_field(old, change, done)
            if new is not old:
                changes[name] = new
    return node._copy(**changes, **forgotten(node)) if changes else node


def forgotten(node: Node) -> dict[str, None]:
    """What a copy with other children must work out anew: names of columns that were asked for."""
    return {} if node._identity else dict.fromkeys(worked_out(type(node)))


def _replace_field(old: Any, change: Change, done: dict[int, Any]) -> Any:
    if old is None:
        return None
    if isinstance(old, tuple):
        new = tuple([_replace_field(child, change, done) for child in old])
        return old if all(a is b for a, b in zip(new, old, strict=True)) else new
    return _replace(old, change, done)


def replace_columns(
    node: _N, column: Callable[[ColumnElement[Any]], ColumnElement[Any] | None]
) -> _N:
    """A copy in which each column (a `ColumnClause`, `Column`) is what ``column`` gives for it.

    None keeps the column. Used to adapt a condition to an alias, or to turn a column into a bind.
    """

    def change(found: Node) -> Node | None:
        if isinstance(found, ColumnElement) and found.__visit_name__ == "column":
            new = column(found)
            return found if new is None else new
        return None

    return replace(node, change)


_replacer.append(replace)
