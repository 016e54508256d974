"""Which FROM elements a SELECT has: written, drawn from its columns, joined, correlated.

``select(a, b.c.x).where(c.c.y == 1)`` draws from a, b and c. ``.join()`` adds to the element it can
be joined to; an element inside a join does not stand beside it; and a subquery leaves out what
its enclosing statement already has (*correlation*).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..exc import InvalidRequestError
from .fromclause import FromClause, FromGrouping, Join
from .joins import joined_pairs

if TYPE_CHECKING:
    from .clauses import JoinSpec
    from .select import AnySelect


_LOWER: list[Callable[[Any], Any]] = []
"""What makes a Core statement of one with ORM entities; the compiler registers it."""


def final_froms(select: AnySelect) -> list[FromClause]:
    """The FROM elements that a statement has in the end, its relationships made joins."""
    return all_froms(_LOWER[0](select) if select._plugin is not None and _LOWER else select)


def all_froms(select: AnySelect) -> list[FromClause]:
    """The FROM elements in order, joins built, those inside a join left out."""
    froms = _unique(f for given in select._from_obj for f in _froms_of(given))
    drawn = _unique(f for column in select._raw_columns for f in _froms_of(column))
    conditions = _unique(f for criterion in select._where for f in criterion._from_objects)
    if select._joins:
        froms = _with_joins(select._joins, froms, _unique([*drawn, *conditions]))
    found = _unique([*froms, *drawn, *conditions])
    hidden = {id(inner) for element in found for inner in element._hidden}
    hidden |= {id(h.element) for h in found if isinstance(h, FromGrouping)}
    return [element for element in found if id(element) not in hidden]


def display_froms(
    select: AnySelect,
    enclosing: Sequence[FromClause] = (),
    implicit: Sequence[FromClause] = (),
) -> list[FromClause]:
    """The FROM elements to write.

    ``enclosing`` are those of all statements around this one, which ``correlate()`` may name;
    ``implicit`` those left out without being named: of the nearest statement around it, when this
    one is a value or a condition of it. Raises `InvalidRequestError` when nothing would be left.
    """
    froms = all_froms(select)
    around = _ids(enclosing)
    if select._correlate:
        named = {id(given) for given in select._correlate}
        froms = [f for f in froms if not (id(f) in named and id(f) in around)]
    if select._correlate_except is not None:
        kept = {id(given) for given in select._correlate_except}
        froms = [f for f in froms if id(f) in kept or id(f) not in around]
    if select._auto_correlate and implicit and len(froms) > 1:
        outer = _ids(implicit)
        before = froms
        froms = [f for f in froms if id(f) not in outer]
        if not froms:
            raise InvalidRequestError(
                f"Select statement over {', '.join(f.description for f in before)} returned no "
                "FROM clauses due to auto-correlation; specify correlate(<tables>) to control "
                "correlation manually."
            )
    return froms


def _ids(froms: Iterable[Any]) -> set[int]:
    found: set[int] = set()
    for element in froms:
        found.add(id(element))
        found.update(id(inner) for inner in element._hidden)
    return found


def _unique(froms: Iterable[Any]) -> list[Any]:
    return list({id(element): element for element in froms}.values())


def _froms_of(given: Any) -> tuple[Any, ...]:
    found = getattr(given, "_from_objects", None)
    if found is None:
        element = given.__clause_element__()
        found = element._from_objects
    return found  # type: ignore[no-any-return]


def core_from(given: Any) -> Any:
    """The FROM element behind what was given: an entity's selectable, an attribute's."""
    if isinstance(given, FromClause):
        return given
    selectable = getattr(given, "selectable", None)
    return given if selectable is None else selectable


def _with_joins(joins: Iterable[JoinSpec], froms: list[Any], drawn: list[Any]) -> list[Any]:
    for spec in joins:
        target = core_from(spec.target)
        candidates = froms or drawn
        if spec.left is not None:
            left = core_from(spec.left)
            place = next((f for f in froms if f is left or _contains(f, left)), None)
        else:
            place = left = _left_of(candidates, target, spec.onclause)
        joined = Join(
            place if place is not None else left, target, spec.onclause, spec.isouter, spec.full
        )
        if place is not None and any(f is place for f in froms):
            froms = [joined if f is place else f for f in froms]
        else:
            froms = [*froms, joined]
    return froms


def _contains(element: Any, inner: Any) -> bool:
    return any(hidden is inner for hidden in element._hidden)


def _covers(left: Any, right: Any, drawn: Iterable[Any]) -> bool:
    """Whether a condition draws from nothing but the two sides of a join."""
    sides = left, right
    return all(any(f is side or _contains(side, f) for side in sides) for f in drawn)


def _drawn_by(onclause: Any) -> list[Any]:
    """The FROM elements of a condition, those of the statements that are values in it too."""
    drawn = list(getattr(onclause, "_from_objects", ()))
    parts = [onclause]
    while parts:
        part = parts.pop()
        if part.__visit_name__ == "select":
            drawn += all_froms(part)
        elif part.__visit_name__ not in ("column", "table"):
            parts += part.get_children()
    return _unique(drawn)


def _left_of(candidates: list[Any], target: Any, onclause: Any) -> Any:
    """The FROM element that ``.join(target)`` joins to.

    Raises `InvalidRequestError` when there is none, or when there are several.
    """
    if not candidates:
        raise InvalidRequestError(
            f"Can't determine which FROM clause to join {target.description!r} to: the statement "
            "has none yet; write select_from(left) or join_from(left, right)"
        )
    if onclause is None:
        fitting = [c for c in candidates if c is not target and joined_pairs(c, target)]
    elif len(candidates) == 1:
        fitting = candidates
    else:
        candidates = [c for c in candidates if c is not target]
        drawn = _drawn_by(onclause)
        fitting = [c for c in candidates if _covers(c, target, drawn)] or candidates
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InvalidRequestError(
            f"Don't know how to join to {target.description!r}: no foreign key ties it to "
            f"{' or '.join(repr(c.description) for c in candidates)}. Write the ON clause as the "
            "second argument of join(), or select_from() to say what to join to."
        )
    raise InvalidRequestError(
        "Can't determine which FROM clause to join from, there are multiple FROMS which can join "
        f"to {target.description!r}. Please use the .select_from() method to establish an explicit "
        "left side, as well as providing an explicit ON clause if not present already to help "
        "resolve the ambiguity."
    )
