"""Where ``filter_by(name=…)`` finds the names: the entities and tables that a SELECT draws from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..exc import AmbiguousColumnError, InvalidRequestError
from .fromclause import Join

if TYPE_CHECKING:
    from .select import AnySelect


def attribute_named(select: AnySelect, name: str) -> Any:
    """The attribute or column of a name, of whatever the statement selects from.

    Raises `InvalidRequestError` when none has the name and `AmbiguousColumnError` when several
    have.
    """
    spaces = _namespaces(select)
    found = [(n, s) for n, s in spaces if _has(s, name)]
    if len(found) == 1:
        return _get(found[0][1], name)
    names = ", ".join(n for n, _ in (found or spaces))
    if not found:
        raise InvalidRequestError(
            f'None of the FROM clause entities have a property "{name}". '
            f"Searched entities: {names or 'none'}"
        )
    raise AmbiguousColumnError(
        f'Attribute name "{name}" is ambiguous; it exists in multiple FROM clause entities '
        f"({names}). Use filter() with explicit column references instead of filter_by()."
    )


def _namespaces(select: AnySelect) -> list[tuple[str, Any]]:
    """(description, where to find names) of all that a statement selects from."""
    found: dict[int, tuple[str, Any]] = {}
    joined = [_joined(spec.target) for spec in select._joins]
    lefts = [spec.left for spec in select._joins if spec.left is not None]
    for given in (*select._from_obj, *select._raw_columns, *lefts, *joined):
        for entity in _entities_of(given):
            space = entity.entity_namespace
            name = getattr(entity, "description", None) or getattr(space, "__name__", str(entity))
            found.setdefault(id(entity), (str(name), space))
    return list(found.values())


def _joined(target: Any) -> Any:
    """What a join leads to: a relationship's target, or the target itself."""
    return target.entity if hasattr(target, "of_type_target") else target


def _entities_of(given: Any) -> tuple[Any, ...]:
    if isinstance(given, Join):
        return tuple(inner for inner in given._hidden if not inner._is_join)
    target = getattr(given, "parent", None)
    if target is not None and getattr(given, "_plugin", None) is not None:
        return (target,)
    if hasattr(given, "entity_namespace"):
        return (given,)
    return tuple(getattr(given, "_from_objects", ()))


def _has(space: Any, name: str) -> bool:
    return name in space if hasattr(space, "contains_column") else hasattr(space, name)


def _get(space: Any, name: str) -> Any:
    return space[name] if hasattr(space, "contains_column") else getattr(space, name)
