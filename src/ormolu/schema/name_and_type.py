"""Name and type of a column, which may stand first among its arguments or be keywords."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ormolu.exc import ArgumentError
from ormolu.types import TypeEngine

__all__ = ["name_and_type"]


def name_and_type(
    name: str | None, type_: Any, given: Iterable[Any]
) -> tuple[str | None, Any, list[Any]]:
    """Return a column's name, its type and the other arguments.

    :param name: the keyword; ``type_`` too.
    :param given: the positional arguments; None in the place of name or type stands for nothing.
    :raises ArgumentError: when one of the two is there twice.
    """
    items = list(given)
    name = _first(items, "name", name, lambda item: isinstance(item, str))
    return name, _first(items, "type_", type_, _is_type), items


def _first(items: list[Any], keyword: str, value: Any, fits: Callable[[Any], bool]) -> Any:
    """Take the first item away if it fits, or is None; return it or the keyword's value."""
    if not items or not (items[0] is None or fits(items[0])):
        return value
    first = items.pop(0)
    if first is None:
        return value
    if value is not None:
        raise ArgumentError(
            f"May not pass {keyword} positionally and as a keyword: {first!r} stands first, "
            f"{keyword}={value!r} is given too; write one of them"
        )
    return first


def _is_type(given: Any) -> bool:
    return isinstance(given, TypeEngine) or (
        isinstance(given, type) and issubclass(given, TypeEngine)
    )
