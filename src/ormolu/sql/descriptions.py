"""What the elements of a columns clause are, as plain data: ``Select.column_descriptions``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .entity import Entity
from .fromclause import FromClause
from .node import AnonName


def descriptions(columns: Iterable[Any], of_orm: bool) -> list[dict[str, Any]]:
    """A dictionary for each element: ``name``, ``type`` and ``expr``.

    Those of a statement with ORM entities (``of_orm``) have ``entity``, the class or alias that
    the element comes from, and ``aliased``, whether that is an alias.
    """
    elements = list(_elements(columns))
    if not of_orm:
        return [_described(element) for element in elements]
    return [_of_orm(element) for element in elements]


def _elements(columns: Iterable[Any]) -> Iterator[Any]:
    for column in columns:
        if isinstance(column, FromClause):
            yield from column._all_from_columns
        else:
            yield column


def _described(element: Any) -> dict[str, Any]:
    key = element.key if hasattr(element, "property") else getattr(element, "_proxy_key", None)
    name = "_no_label" if key is None else key
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
