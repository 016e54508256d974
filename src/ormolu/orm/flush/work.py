"""*collect*: what a flush has to write, as a snapshot taken without I/O.

`collect` groups the session's objects by mapper and reads the changes of their relationships:

========================  =======================================================================
many-to-one set           `Sync`: the target's key goes into the object's foreign key
child added (one-to-many) `Sync`: the parent's key goes into the child's foreign key
child removed             the same with no source (NULL); with delete-orphan the child is deleted
pair added, removed       a row of the `secondary` table to insert, to delete
object deleted            its remaining children are cleared, its rows in `secondary` deleted
========================  =======================================================================

A child that left one parent and joined another is neither cleared nor an orphan. Both sides of a
pair of relationships describe the same change; a pair of a `secondary` table is counted once, a
foreign key that is copied twice does no harm.

Objects whose mapper has no relationships are grouped and nothing else. Which columns changed is
not asked here but when the statement is made: a foreign key may still be copied in, and asking
once is cheaper. `net_changes` answers it for a preview.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.orm.flush.actions import Sync, describe
from ormolu.orm.flush.cascades import items_of, related, relationships_of
from ormolu.orm.flush.keys import holds_foreign_key, sync_pairs
from ormolu.orm.instances.state import (
    DELETED,
    DETACHED,
    NO_VALUE,
    PENDING,
    PERSISTENT,
    STATE,
    Private,
    phase_of,
)

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship

Grouped = dict["Mapper", list[Any]]
Pair = tuple[Any, Any]


class Work:
    """Everything one flush has to do, not yet in order.

    `inserts`, `updates` and `deletes` hold objects by mapper (`updates`: candidates, some may turn
    out unchanged); `syncs` and `post_syncs` the foreign keys to copy before and after all rows
    exist; `links` and `unlinks` the pairs per many-to-many relationship; `orphans` objects that
    lost the parent they can't be without, also found among `deletes`.
    """

    __slots__ = (
        "deletes",
        "doomed",
        "inserts",
        "known",
        "links",
        "orphans",
        "post_syncs",
        "syncs",
        "unlinks",
        "updates",
    )

    def __init__(self, inserts: Grouped, updates: Grouped, deletes: Grouped) -> None:
        self.inserts = inserts
        self.updates = updates
        self.deletes = deletes
        self.syncs: dict[Relationship, Sync] = {}
        self.post_syncs: dict[Relationship, Sync] = {}
        self.links: dict[Relationship, list[Pair]] = {}
        self.unlinks: dict[Relationship, list[Pair]] = {}
        self.orphans: list[Any] = []
        self.doomed: set[int] = set()
        self.known: set[int] = set()

    @property
    def mappers(self) -> list[Mapper]:
        """Every mapper that has an object here."""
        if len(self.inserts) + len(self.updates) + len(self.deletes) == 1:
            return [*self.inserts, *self.updates, *self.deletes]
        return list({**self.inserts, **self.updates, **self.deletes})

    @property
    def related(self) -> bool:
        """Whether any of the mappers has relationships."""
        return any(map(relationships_of, self.mappers))

    def sync(self, rel: Relationship, source: Any, target: Any) -> None:
        """Have `target` get its foreign key from `source` (None clears it)."""
        kept = self.post_syncs if rel.post_update else self.syncs
        sync = kept.get(rel)
        if sync is None:
            sync = kept[rel] = Sync(rel, sync_pairs(rel), [], [])
        sync.sources.append(source)
        sync.targets.append(target)

    def touch(self, obj: Any) -> None:
        """Make sure that an object which gets a foreign key is written."""
        if id(obj) not in self.known:
            self.known.add(id(obj))
            self.updates.setdefault(type(obj).__mapper__, []).append(obj)

    def doom(self, obj: Any) -> None:
        """Delete an orphan."""
        if id(obj) not in self.doomed:
            self.doomed.add(id(obj))
            self.orphans.append(obj)
            self.deletes.setdefault(type(obj).__mapper__, []).append(obj)


class Change:
    """What one object's relationship gained and lost."""

    __slots__ = ("added", "owner", "removed")

    def __init__(self, owner: Any, added: list[Any], removed: list[Any]) -> None:
        self.owner = owner
        self.added = added
        self.removed = removed


def collect(
    session: Any, objects: Iterable[object] | None = None, extra_deletes: Iterable[object] = ()
) -> Work:
    """Snapshot the session's pending, changed and deleted objects (only `objects` if given).

    `extra_deletes` are deleted as if the session had marked them: what prefetching has found that
    orphans take with them.
    """
    new, modified, deleted = session._new, session._modified, session._deleted
    if objects is not None:
        wanted = _with_children(session, objects)
        new, modified, deleted = (_chosen(held, wanted) for held in (new, modified, deleted))
    if extra_deletes:
        deleted = {**deleted, **{id(obj): obj for obj in extra_deletes}}
    if deleted and modified:
        modified = {key: obj for key, obj in modified.items() if key not in deleted}
    work = Work(
        group(new) if new else {},
        group(modified) if modified else {},
        group(deleted) if deleted else {},
    )
    if work.related:
        work.doomed.update(deleted)
        work.known.update(new, modified)
        _relate(work)
        _drop_doomed(work)
    return work


def _with_children(session: Any, objects: Iterable[Any]) -> set[int]:
    """The chosen objects, and the changed children that must be written with them."""
    queue = list(objects)
    wanted = set(map(id, queue))
    for parent in queue:  # grows while it is walked
        for rel in written(type(parent).__mapper__):
            if rel.secondary is None and not holds_foreign_key(rel):
                for child in related(parent, rel.key):
                    key = id(child)
                    if key not in wanted and (key in session._new or key in session._modified):
                        wanted.add(key)
                        queue.append(child)
    return wanted


def _chosen(held: dict[int, Any], wanted: set[int]) -> dict[int, Any]:
    return {key: obj for key, obj in held.items() if key in wanted}


def group(held: Mapping[int, Any]) -> Grouped:
    """The objects of one of a session's lists by mapper, in their order."""
    listed = list(held.values())
    if len(listed) == 1 or len(set(map(type, listed))) == 1:
        return {type(listed[0]).__mapper__: listed}
    grouped: Grouped = {}
    for obj in listed:
        grouped.setdefault(type(obj).__mapper__, []).append(obj)
    return grouped


def written(mapper: Mapper) -> list[Relationship]:
    """The relationships of a mapper that a flush writes."""
    return [rel for rel in relationships_of(mapper).values() if not rel.viewonly]


def _relate(work: Work) -> None:
    changes = {rel: _changes(work, rel) for mapper in work.mappers for rel in written(mapper)}
    for rel, found in changes.items():
        if "delete-orphan" in rel.cascade:
            _doom_orphans(work, rel, found)
        elif rel.back is not None and "delete-orphan" in rel.back.cascade:
            _doom_parentless(work, found)
    for rel, found in changes.items():
        if rel.secondary is not None:
            _relate_pairs(work, rel, found)
        elif holds_foreign_key(rel):
            _relate_parents(work, rel, found)
        else:
            _relate_children(work, rel, found)


def _changes(work: Work, rel: Relationship) -> list[Change]:
    found = [
        Change(obj, related(obj, rel.key), [])
        for obj in work.inserts.get(rel.parent, ())
        if rel.key in obj.__dict__
    ]
    for obj in work.updates.get(rel.parent, ()):
        change = _change(obj, rel.key)
        if change is not None:
            found.append(change)
    return found


def _change(obj: Any, key: str) -> Change | None:
    state = obj.__dict__.get(STATE)
    if type(state) is not Private:
        return None
    if key in state.committed:
        old = state.committed[key]
        before = [] if old is NO_VALUE else items_of(old)
        now = items_of(obj.__dict__.get(key))
        return Change(obj, _without(now, before), _without(before, now))
    if state.pending is not None and key in state.pending:
        added, removed = state.pending[key]
        return Change(obj, list(added), list(removed))
    return None


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    ids = set(map(id, others))
    return [item for item in items if id(item) not in ids]


# -- orphans


def _doom_orphans(work: Work, rel: Relationship, changes: list[Change]) -> None:
    adopted = {id(child) for change in changes for child in change.added}
    for change in changes:
        for child in change.removed:
            if (
                not _moved(rel, change.owner, child, adopted)
                and _persistent(child)
                and _belongs(rel, change.owner, child, "delete")
            ):
                work.doom(child)


def _doom_parentless(work: Work, changes: list[Change]) -> None:
    """The same seen from the children: the parent may have forgotten, by being expired."""
    for change in changes:
        if change.removed and not change.added and _persistent(change.owner):
            work.doom(change.owner)


def _moved(rel: Relationship, owner: Any, child: Any, adopted: set[int]) -> bool:
    """Whether a removed child has another parent by now."""
    if id(child) in adopted:
        return True
    back = rel.back
    if back is None or back.uselist:
        return False
    if back.key not in child.__dict__:
        return _queued(owner, rel.key)
    parent = child.__dict__[back.key]
    return parent is not None and parent is not owner


def _queued(owner: Any, key: str) -> bool:
    """Whether a removal was only the other side of the child's change, which it has forgotten."""
    state = owner.__dict__.get(STATE)
    return type(state) is Private and state.pending is not None and key in state.pending


def _persistent(obj: Any) -> bool:
    state = obj.__dict__.get(STATE)
    return state is not None and state.phase is PERSISTENT


# -- foreign keys


def _relate_parents(work: Work, rel: Relationship, changes: list[Change]) -> None:
    for change in changes:
        child = change.owner
        if change.added:
            parent = change.added[0]
            if _belongs(rel, child, parent):
                work.sync(rel, parent, child)
        elif rel.key in child.__dict__ and child.__dict__[rel.key] is None:
            work.sync(rel, None, child)
    for child in work.deletes.get(rel.parent, ()):
        if rel.post_update and child.__dict__.get(rel.key) is not None:
            work.sync(rel, None, child)


def _relate_children(work: Work, rel: Relationship, changes: list[Change]) -> None:
    adopted = {id(child) for change in changes for child in change.added}
    for change in changes:
        parent = change.owner
        for child in change.added:
            if id(child) not in work.doomed and _belongs(rel, parent, child):
                work.touch(child)
                work.sync(rel, parent, child)
        for child in change.removed:
            if not _moved(rel, parent, child, adopted):
                _clear(work, rel, parent, child)
    if rel.passive_deletes != "all":
        for parent in work.deletes.get(rel.parent, ()):
            for child in _ever_related(parent, rel.key):
                if not _moved(rel, parent, child, adopted):
                    _clear(work, rel, parent, child)


def _clear(work: Work, rel: Relationship, parent: Any, child: Any) -> None:
    if id(child) in work.doomed or not _remains(parent, child):
        return
    work.touch(child)
    work.sync(rel, None, child)


def _ever_related(obj: Any, key: str) -> Iterator[Any]:
    """The children that the database knows of an object: those it has, and those it had."""
    change = _change(obj, key)
    if change is None:
        yield from related(obj, key)
        return
    yield from _without(related(obj, key), change.added)
    yield from change.removed


def _belongs(rel: Relationship, owner: Any, other: Any, operation: str = "add") -> bool:
    """Whether a related object is in the session; warn that it is skipped when it is not."""
    if _remains(owner, other):
        return True
    warnings.warn(
        f"Object of type {describe([other])} not in session, {operation} operation along "
        f"'{rel}' will not proceed; add it to the session, or give the relationship the "
        "'save-update' cascade",
        exc.SAWarning,
        stacklevel=2,
    )
    return False


def _remains(owner: Any, other: Any) -> bool:
    """Whether another object is pending or persistent in the owner's session."""
    state = other.__dict__.get(STATE)
    if state is None or state.phase is DELETED:
        return False
    return state.membership is owner.__dict__[STATE].membership


# -- many-to-many


def _relate_pairs(work: Work, rel: Relationship, changes: list[Change]) -> None:
    links, unlinks = _pair_lists(work, rel)
    for change in changes:
        links.add(rel, [(change.owner, o) for o in change.added if _belongs(rel, change.owner, o)])
        unlinks.add(rel, _remaining(change.owner, change.removed))
    for owner in work.deletes.get(rel.parent, ()):
        others = _ever_related(owner, rel.key)
        unlinks.add(rel, [(owner, other) for other in others if _linked(owner, other)])


def _linked(owner: Any, other: Any) -> bool:
    """Whether a row may link an object that is deleted to another.

    The other needs no session: if its row of the `secondary` table stayed, the owner's couldn't go.
    """
    return _remains(owner, other) or phase_of(other) in (PERSISTENT, DETACHED)


def _remaining(owner: Any, others: Iterable[Any]) -> list[Pair]:
    """The pairs whose rows are there: those of what was deleted went with it."""
    return [(owner, other) for other in others if _remains(owner, other)]


class _Pairs:
    """Collects the pairs of one `secondary` table, each once, whichever side names it."""

    def __init__(self, kept: dict[Relationship, list[Pair]], first: Relationship) -> None:
        self.first = first
        self.pairs = kept.setdefault(first, [])
        self.seen = {(id(a), id(b)) for a, b in self.pairs}

    def add(self, rel: Relationship, pairs: list[Pair]) -> None:
        for a, b in pairs:
            pair = (a, b) if rel is self.first else (b, a)
            key = (id(pair[0]), id(pair[1]))
            if key not in self.seen:
                self.seen.add(key)
                self.pairs.append(pair)


def _pair_lists(work: Work, rel: Relationship) -> tuple[_Pairs, _Pairs]:
    first = rel.back if rel.back is not None and rel.back in work.links else rel
    return _Pairs(work.links, first), _Pairs(work.unlinks, first)


def _drop_doomed(work: Work) -> None:
    """An orphan is deleted, not updated; nothing is linked to what is deleted."""
    if work.orphans:
        gone = work.doomed
        for mapper, objects in list(work.updates.items()):
            work.updates[mapper] = [obj for obj in objects if id(obj) not in gone]
    for rel, pairs in work.links.items():
        if work.doomed:
            work.links[rel] = [
                (a, b) for a, b in pairs if id(a) not in work.doomed and id(b) not in work.doomed
            ]


def net_changes(mapper: Mapper, obj: Any) -> list[str]:
    """The column attributes whose value differs from what the database has."""
    state = obj.__dict__.get(STATE)
    if type(state) is not Private or state.phase is PENDING:
        return []
    own = obj.__dict__
    columns = mapper._column_attrs
    return [
        name
        for name, old in state.committed.items()
        if name in columns and name in own and differs(own[name], old)
    ]


def differs(value: Any, old: Any) -> bool:
    """Whether a value is not the one the database has; an SQL expression always differs."""
    if old is NO_VALUE:
        return True
    return (value == old) is not True
