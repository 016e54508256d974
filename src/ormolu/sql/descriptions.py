"""What the elements of a columns clause are, as plain data: ``Select.column_descriptions``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .entity import Entity
from .fromclause import FromClause
from .node import AnonName
from .text import TextClause


def descriptions(columns: Iterable[Any], of_orm: bool) -> list[dict[str, Any]]:
    """A dictionary for each element: ``name``, ``type`` and ``expr``.

    Those of a statement with ORM entities (``of_orm``) have ``entity``, the class or alias that
    the element comes from, and ``aliased``, whether that is an alias.
    """
    described = _of_orm if of_orm else _described
    found = [described(element) for element in _elements(columns)]
    _number(one for one in found if not isinstance(one["expr"], Entity | type))
    return found


def _number(found: Iterable[dict[str, Any]]) -> None:
    """Tell equal names apart, as the columns of the rows are."""
    counts: dict[str, int] = {}
    for one in found:
        name = one["name"]
        if name is not None:
            count = counts[name] = counts.get(name, -1) + 1
            one["name"] = f"{name}_{count}" if count else name


def _elements(columns: Iterable[Any]) -> Iterator[Any]:
    for column in columns:
        if isinstance(column, FromClause):
            yield from column._all_from_columns
        else:
            yield column


def _described(element: Any) -> dict[str, Any]:
    key = element.key if hasattr(element, "property") else getattr(element, "_proxy_key", None)
    anonymous = key is None or isinstance(key, AnonName) or getattr(element, "unique", False)
    name = "_no_label" if anonymous else key
    if isinstance(element, TextClause):
        name = None
    return {"name": name, "type": getattr(element, "type", element), "expr": element}


def _of_orm(element: Any) -> dict[str, Any]:
    if isinstance(element, Entity):
        shown: Any = element.entity
        name = element.class_.__name__ if element.is_mapper else element.name  # type: ignore[attr-defined]
        found = {
            "name": None if isinstance(name, AnonName) else name,
            "type": element.class_,  # type: ignore[attr-defined]
            "expr": shown,
        }
        entity: Any = element
    else:
        found = _described(element)
        entity = getattr(element, "parent", None)
    found["aliased"] = entity is not None and not entity.is_mapper
    found["entity"] = None if entity is None else entity.entity
    return found
