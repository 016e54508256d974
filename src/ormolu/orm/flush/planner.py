"""*plan*: from the collected work to actions in an order the database accepts.

A row must exist before another refers to it, and may not be referred to any more when it is
deleted. So saves run from the referred-to to the referring, deletes the other way round.

**Mappers first.** Almost always the order of mappers is enough: all users before all addresses.
`order` makes it from the relationships and from the foreign keys of the tables (which order
tables that no relationship connects), once per set of mappers. Mappers that depend on each other,
or on themselves, form a *knot*: strongly connected components of the graph.

**Rows only in knots.** Inside a knot the objects themselves are sorted, by who refers to a row that
does not exist yet, in *rounds*: the roots of all trees, then all their children, and so on. A
round is one batch. A persistent row needs no place in that order, and two rows that need each
other have none: that is a `CircularDependencyError`, which `post_update=True` resolves (the row is
inserted without the foreign key, which is written when both exist).

The order within a flush:

1. per mapper or round: foreign keys are copied, then changed rows are updated, then new ones
   inserted (an update may free the unique value that an insert takes);
2. foreign keys that had to wait (`post_update`);
3. rows of `secondary` tables: those that go, then those that come;
4. deletes, per mapper or round, in the reverse order.

Rejected: one graph of all rows (a sort of n objects where n is usually one mapper's worth of
independent rows: it was most of a flush), and a graph of commands as EF Core's, which also finds an
order for swapped unique values; SQLAlchemy's users don't expect it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from ormolu import exc, graph
from ormolu.orm.flush.actions import (
    Action,
    DeleteLinks,
    DeleteRows,
    InsertLinks,
    InsertRows,
    PostUpdateRows,
    Sync,
    UpdateRows,
    describe,
)
from ormolu.orm.flush.cascades import relationships_of
from ormolu.orm.flush.keys import holds_foreign_key, read, sync_pairs, target_mapper
from ormolu.orm.flush.work import Work, written

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship

K = TypeVar("K", bound=Hashable)
Group = tuple[tuple["Mapper", ...], bool]
"""Mappers that are saved together, and whether they are a knot."""

_CACHED = 256
_orders: dict[tuple[Any, ...], tuple[Group, ...]] = {}


def plan(work: Work) -> list[Action]:
    """The actions that do `work`, in order.

    Raises `CircularDependencyError` when rows of a knot need each other.
    """
    involved = work.mappers
    if len(involved) == 1 and not relationships_of(involved[0]):
        return _plan_alone(work, involved[0])
    actions: list[Action] = []
    groups = order(involved)
    syncs = _split(work.syncs.values(), lambda target: type(target).__mapper__)
    for mappers, knot in groups:
        if knot:
            actions += _save_knot(work, mappers, syncs)
        else:
            actions += _save(
                mappers[0],
                work.updates.get(mappers[0], []),
                work.inserts.get(mappers[0], []),
                tuple(syncs.get(mappers[0], ())),
            )
    for sync in work.post_syncs.values():
        mapper = target_mapper(sync.relationship)
        actions.append(PostUpdateRows(mapper, _distinct(sync.targets), (sync,)))
    actions += [DeleteLinks(rel, pairs) for rel, pairs in work.unlinks.items() if pairs]
    actions += [InsertLinks(rel, pairs) for rel, pairs in work.links.items() if pairs]
    for mappers, knot in reversed(groups):
        if knot:
            actions += _delete_knot(work, mappers)
        elif mappers[0] in work.deletes:
            actions.append(DeleteRows(mappers[0], work.deletes[mappers[0]]))
    return actions


def alone(session: Any) -> list[Action] | None:
    """The one action of a flush with one kind of change on one mapper without relationships.

    None for any other flush: that is collected and planned.
    """
    new, modified, deleted = session._new, session._modified, session._deleted
    action: type[InsertRows] | type[UpdateRows] | type[DeleteRows]
    if new:
        held, action = new, InsertRows
        if modified or deleted:
            return None
    elif modified:
        held, action = modified, UpdateRows
        if deleted:
            return None
    else:
        held, action = deleted, DeleteRows
    objects = list(held.values())
    kind = type(objects[0])
    mapper = kind.__mapper__
    if relationships_of(mapper) or (len(objects) > 1 and len(set(map(type, objects))) > 1):
        return None
    return [action(mapper, objects)]


def _plan_alone(work: Work, mapper: Mapper) -> list[Action]:
    """One mapper that refers to no other: nothing to order, nothing to copy."""
    actions = _save(mapper, work.updates.get(mapper, []), work.inserts.get(mapper, []), ())
    if work.deletes:
        actions.append(DeleteRows(mapper, work.deletes[mapper]))
    return actions


# -- the order of mappers


def order(mappers: Iterable[Mapper]) -> tuple[Group, ...]:
    """The mappers, in the order of saving, grouped into knots; cached per set of mappers."""
    listed = sorted(mappers, key=_mapping_order)
    # A mapper gains relationships when another one's backref is configured.
    key = tuple([(mapper, len(relationships_of(mapper))) for mapper in listed])
    found = _orders.get(key)
    if found is None:
        if len(_orders) >= _CACHED:
            _orders.clear()
        found = _orders[key] = _find_order(listed)
    return found


def _mapping_order(mapper: Mapper) -> Any:
    return mapper._key


def _find_order(mappers: list[Mapper]) -> tuple[Group, ...]:
    edges = [edge for mapper in mappers for edge in _relationship_edges(mapper, mappers)]
    knots = graph.cycles(mappers, edges)
    knot_of = {mapper: (i, tuple(knot)) for i, knot in enumerate(knots) for mapper in knot}
    groups: list[Group] = []
    for mapper in mappers:
        group: Group = (knot_of[mapper][1], True) if mapper in knot_of else ((mapper,), False)
        if group not in groups:
            groups.append(group)
    group_of = {mapper: group for group in groups for mapper in group[0]}
    between = {(group_of[a], group_of[b]) for a, b in edges if group_of[a] != group_of[b]}
    for edge in _table_edges(mappers):
        outer = (group_of[edge[0]], group_of[edge[1]])
        if outer[0] != outer[1] and not graph.cycles(groups, [*between, outer]):
            between.add(outer)
    return tuple(graph.sort(groups, sorted(between, key=lambda pair: _positions(pair, groups))))


def _positions(pair: tuple[Group, Group], groups: list[Group]) -> tuple[int, int]:
    return groups.index(pair[0]), groups.index(pair[1])


def _relationship_edges(mapper: Mapper, mappers: list[Mapper]) -> Iterable[tuple[Mapper, Mapper]]:
    for rel in written(mapper):
        if rel.post_update or rel.secondary is not None:
            continue
        for other in mappers:
            if other.base_mapper is rel.mapper.base_mapper:
                yield (other, mapper) if holds_foreign_key(rel) else (mapper, other)


def _table_edges(mappers: list[Mapper]) -> Iterable[tuple[Mapper, Mapper]]:
    for mapper in mappers:
        for foreign_key in mapper.local_table.foreign_keys:
            for other in mappers:
                if other is not mapper and foreign_key.references(other.local_table):
                    yield other, mapper


# -- saves


def _split(syncs: Iterable[Sync], key_of: Callable[[Any], K]) -> dict[K, list[Sync]]:
    """The syncs under the keys of their targets; one whose targets differ is divided."""
    found: dict[K, list[Sync]] = {}
    for sync in syncs:
        parts: dict[K, Sync] = {}
        for source, target in zip(sync.sources, sync.targets, strict=True):
            key = key_of(target)
            part = parts.get(key)
            if part is None:
                part = parts[key] = Sync(sync.relationship, sync.pairs, [], [])
                found.setdefault(key, []).append(part)
            part.sources.append(source)
            part.targets.append(target)
    return found


def _save(
    mapper: Mapper, updates: list[Any], inserts: list[Any], syncs: tuple[Sync, ...]
) -> list[Action]:
    """Updates, then inserts; the first of them copies the foreign keys for both."""
    actions: list[Action] = []
    if updates:
        actions.append(UpdateRows(mapper, updates, syncs))
        syncs = ()
    if inserts:
        actions.append(InsertRows(mapper, inserts, syncs))
    return actions


def _save_knot(
    work: Work, mappers: tuple[Mapper, ...], syncs: dict[Mapper, list[Sync]]
) -> list[Action]:
    new = {id(obj): obj for mapper in mappers for obj in work.inserts.get(mapper, ())}
    old = {id(obj): obj for mapper in mappers for obj in work.updates.get(mapper, ())}
    edges = [
        (id(source), id(target))
        for mapper in mappers
        for sync in syncs.get(mapper, ())
        for source, target in zip(sync.sources, sync.targets, strict=True)
        if id(source) in new
    ]
    levels = _rounds({**old, **new}, edges)
    level_of = {key: number for number, level in enumerate(levels) for key in level}
    rows = {
        mapper: (
            _by_level(work.updates.get(mapper, ()), level_of),
            _by_level(work.inserts.get(mapper, ()), level_of),
            _split(syncs.get(mapper, ()), lambda target: level_of[id(target)]),
        )
        for mapper in mappers
    }
    return [
        action
        for number in range(len(levels))
        for mapper, (updates, inserts, copied) in rows.items()
        for action in _save(
            mapper,
            updates.get(number, []),
            inserts.get(number, []),
            tuple(copied.get(number, ())),
        )
    ]


def _by_level(objects: Iterable[Any], level_of: dict[int, int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for obj in objects:
        found.setdefault(level_of[id(obj)], []).append(obj)
    return found


def _rounds(objects: dict[int, Any], edges: list[tuple[int, int]]) -> list[list[int]]:
    if not edges:
        return [list(objects)]
    try:
        return list(graph.rounds(objects, edges))
    except exc.CircularDependencyError as error:
        members = [objects[key] for key in error.cycles]
        raise exc.CircularDependencyError(
            "",
            members,
            error.edges,
            msg=f"Circular dependency detected: {describe(members)} need each other's keys before "
            "they can be written; set post_update=True on one of the relationships between them",
        ) from None


def _distinct(objects: list[Any]) -> list[Any]:
    return list({id(obj): obj for obj in objects}.values())


# -- deletes


def _delete_knot(work: Work, mappers: tuple[Mapper, ...]) -> list[Action]:
    objects = {id(obj): obj for mapper in mappers for obj in work.deletes.get(mapper, ())}
    if not objects:
        return []
    edges = [
        edge
        for mapper in mappers
        for rel in written(mapper)
        if rel.secondary is None and not rel.post_update
        for edge in _references(rel, work)
    ]
    levels = _rounds(objects, edges)
    level_of = {key: number for number, level in enumerate(levels) for key in level}
    rows = {
        mapper: _by_level(work.deletes.get(mapper, ()), level_of) for mapper in reversed(mappers)
    }
    return [
        DeleteRows(mapper, gone[number])
        for number in range(len(levels))
        for mapper, gone in rows.items()
        if number in gone
    ]


def _references(rel: Relationship, work: Work) -> Iterable[tuple[int, int]]:
    """(referring, referred-to) among the deleted, by the values of the foreign keys."""
    pairs = sync_pairs(rel)
    owners, others = work.deletes.get(rel.parent, []), work.deletes.get(rel.mapper, [])
    referring, referred = (owners, others) if holds_foreign_key(rel) else (others, owners)
    by_key = {tuple([read(obj, name) for name, _ in pairs]): obj for obj in referred}
    for obj in referring:
        target = by_key.get(tuple([read(obj, name) for _, name in pairs]))
        if target is not None and target is not obj:
            yield id(obj), id(target)
