"""Walking objects along relationships: which others an operation on one object reaches.

Every walk is a loop over a stack, so that a list of a million linked nodes is no recursion. A
mapper without relationships costs one attribute read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, Literal

from ormolu.orm.instances.state import DETACHED, PERSISTENT, STATE, Private, phase_of, state_of
from ormolu.orm.loading.lazy import lazy_load_plan

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship

_WITH_ROW = frozenset({PERSISTENT, DETACHED})

CascadeName = Literal["save-update", "delete", "merge", "expunge", "refresh-expire"]


def relationships(mapper: Mapper, cascade: CascadeName) -> list[Relationship]:
    """The relationships of `mapper` along which `cascade` goes on."""
    return [rel for rel in relationships_of(mapper).values() if cascade in rel.cascade]


def relationships_of(mapper: Mapper) -> dict[str, Relationship]:
    """The relationships of a mapper, configured; for one that has none, an attribute read."""
    if not mapper.configured:
        mapper.registry.configure()
    return mapper._relationships


def items_of(value: Any) -> list[Any]:
    """The related objects that an attribute value holds: scalar, collection, mapping or None."""
    if value is None:
        return []
    if hasattr(type(value), STATE):
        return [value]
    if hasattr(value, "values"):
        return list(value.values())
    return list(value)


def related(obj: object, key: str) -> list[Any]:
    """The loaded objects under one relationship, those queued for an unloaded collection too."""
    own = obj.__dict__
    if key in own:
        return items_of(own[key])
    state = own.get(STATE)
    if type(state) is Private and state.pending is not None and key in state.pending:
        return list(state.pending[key][0])
    return []


def reachable(
    obj: object, cascade: CascadeName, halt: Callable[[Any], bool] | None = None
) -> list[object]:
    """The objects that `cascade` reaches from `obj` through loaded values, `obj` excluded.

    Along `save-update` those count as loaded that are queued for an unloaded collection. Nearest
    first, each once; those for which `halt` holds, and what is behind them, are left out.
    Raises `UnmappedInstanceError` when `obj` is not mapped.
    """
    if not relationships_of(_mapper(obj)):
        return []
    return _walk([obj], cascade, halt)


def _walk(
    roots: list[Any], cascade: CascadeName, halt: Callable[[Any], bool] | None
) -> list[object]:
    seen = {id(root) for root in roots}
    queue = list(roots)
    queued = cascade == "save-update"
    for parent in queue:  # grows while it is walked: breadth first
        for rel in relationships(_mapper(parent), cascade):
            if not queued and rel.key not in parent.__dict__:
                continue
            for child in related(parent, rel.key):
                if id(child) not in seen:
                    seen.add(id(child))
                    if halt is None or not halt(child):
                        queue.append(child)
    return queue[len(roots) :]


def cascade_delete_plan(session: Any, obj: object) -> Generator[Any, Any, list[object]]:
    """The objects that deleting `obj` deletes too, nearest first, `obj` excluded.

    What is not loaded is loaded, except where `passive_deletes` leaves it to the database.
    """
    if not relationships_of(_mapper(obj)):
        return []
    return (yield from cascade_deletes_plan(session, [obj]))


def cascade_deletes_plan(
    session: Any, roots: Iterable[object]
) -> Generator[Any, Any, list[object]]:
    """As `cascade_delete_plan`, for many objects in one walk.

    Pending children are left out; detached ones are not.
    """
    queue: list[Any] = list(roots)
    first = len(queue)
    seen = set(map(id, queue))
    for parent in queue:
        for rel in relationships(_mapper(parent), "delete"):
            if rel.key not in parent.__dict__ and not rel.passive_deletes:
                yield from load_plan(session, parent, rel)
            for child in related(parent, rel.key):
                if id(child) not in seen and state_of(child).phase in _WITH_ROW:
                    seen.add(id(child))
                    queue.append(child)
    return queue[first:]


def load_plan(session: Any, obj: object, rel: Relationship) -> Generator[Any, Any, None]:
    """Load one relationship of a persistent object, unless it is there already."""
    if rel.key not in obj.__dict__ and phase_of(obj) is PERSISTENT:
        yield from lazy_load_plan(session, obj, rel)


def _mapper(obj: object) -> Mapper:
    mapper = getattr(type(obj), "__mapper__", None)
    if mapper is None:
        state_of(obj)  # raises UnmappedInstanceError, which names the class
    return mapper  # type: ignore[return-value]
