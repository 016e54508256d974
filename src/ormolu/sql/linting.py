"""Finding cartesian products: FROM elements that no join and no condition ties to the others.

Two elements are tied when a JOIN holds both, or when a comparison in an ON clause or in WHERE has
one on its left side and the other on its right. A LATERAL subquery is tied to what its own
conditions compare with. Whoever forgot a condition gets every row with every row; a statement with
several elements that mean it joins them with ``.join(other, true())``.
"""

from __future__ import annotations

import enum
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import Any, Final

from ..exc import SAWarning
from .node import Node


class Linting(enum.IntEnum):
    """What a compiler looks for while it compiles: ``compile(linting=…)``."""

    NO_LINTING = 0
    """Nothing."""
    COLLECT_CARTESIAN_PRODUCTS = 1
    """Elements that nothing ties to the others, without telling."""
    WARN_LINTING = 2
    """Telling by a warning, when there is anything to tell."""
    FROM_LINTING = 3
    """Both: what engines do unless ``enable_from_linting=False``."""


NO_LINTING: Final = Linting.NO_LINTING
COLLECT_CARTESIAN_PRODUCTS: Final = Linting.COLLECT_CARTESIAN_PRODUCTS
WARN_LINTING: Final = Linting.WARN_LINTING
FROM_LINTING: Final = Linting.FROM_LINTING


def warn_of_product(
    word: str, froms: Sequence[Any], conditions: Iterable[Any], name_of: Callable[[Any], str]
) -> None:
    """Give an `SAWarning` when the FROM elements of a statement are not all tied together.

    ``word`` is the kind of statement and ``name_of`` tells the name of an element, for the message.
    """
    loose = cartesian_product(froms, conditions)
    if not loose:
        return
    start, *others = loose
    names = ", ".join(f'"{name_of(element)}"' for element in others)
    warnings.warn(
        f"{word} statement has a cartesian product between FROM element(s) {names} and FROM "
        f'element "{name_of(start)}".  Apply join condition(s) between each element to resolve.',
        SAWarning,
        stacklevel=_callers_distance(),
    )


def _callers_distance() -> int:
    """How far up the stack the user's own code is, seen from `warn_of_product`."""
    frame: FrameType | None = sys._getframe(1)
    distance = 1
    while frame is not None and frame.f_globals.get("__name__", "").startswith("ormolu."):
        frame = frame.f_back
        distance += 1
    return distance


def cartesian_product(froms: Sequence[Any], conditions: Iterable[Any]) -> list[Any]:
    """The first FROM element and those that nothing ties to it; empty when there are none."""
    groups: dict[int, int] = {}
    elements: dict[int, Any] = {}
    for element in froms:
        leaves = [leaf for leaf in _leaves(element) if not _joins_implicitly(leaf)]
        elements.update((id(leaf), leaf) for leaf in leaves)
        _tie(groups, leaves)
    if len(elements) < 2:
        return []
    for condition in (*conditions, *_on_clauses(froms)):
        for left, right in _comparisons(condition):
            sides = _sources(left), _sources(right)
            if all(sides):
                _tie(groups, [*sides[0], *sides[1]])
    for element in list(elements.values()):
        for left, right in _lateral_comparisons(element):
            both = [s for s in (*_sources(left), *_sources(right)) if id(s) in elements]
            _tie(groups, [element, *both])
    start = next(iter(elements))
    loose = [e for key, e in elements.items() if _root(groups, key) != _root(groups, start)]
    return [elements[start], *loose] if loose else []


def _leaves(element: Any) -> Iterator[Any]:
    """The elements that a join is made of, or the element itself."""
    kind = element.__visit_name__
    if kind == "join":
        yield from _leaves(element.left)
        yield from _leaves(element.right)
    elif kind == "from_grouping":
        yield from _leaves(element.element)
    elif kind != "textclause":
        yield element


def _on_clauses(froms: Iterable[Any]) -> Iterator[Any]:
    for element in froms:
        kind = element.__visit_name__
        if kind == "join":
            yield element.onclause
            yield from _on_clauses((element.left, element.right))
        elif kind == "from_grouping":
            yield from _on_clauses((element.element,))


def _comparisons(condition: Any) -> Iterator[tuple[Any, Any]]:
    """The two sides of each comparison in a condition; those in inner statements are theirs."""
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Node) or getattr(node, "is_select", False):
            continue
        if node.__visit_name__ == "binary" and node.operator.comparison:  # type: ignore[attr-defined]
            yield node.left, node.right  # type: ignore[attr-defined]
        waiting.extend(node.get_children())


def _lateral_comparisons(element: Any) -> Iterator[tuple[Any, Any]]:
    if element.__visit_name__ == "lateral":
        for condition in getattr(element.element, "_where", ()):
            yield from _comparisons(condition)


def _sources(side: Any) -> list[Any]:
    return [leaf for source in side._from_objects for leaf in _leaves(source)]


def _joins_implicitly(element: Any) -> bool:
    return bool(getattr(element, "joins_implicitly", False))


def _tie(groups: dict[int, int], elements: Iterable[Any]) -> None:
    roots = [_root(groups, id(element)) for element in elements]
    for root in roots[1:]:
        groups[root] = roots[0]


def _root(groups: dict[int, int], key: int) -> int:
    while (above := groups.setdefault(key, key)) != key:
        key = above
    return key
