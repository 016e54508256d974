"""Relationships that are loaded after the rows: select-in, immediate, and none.

A select-in load gathers the parents that lack the attribute, and fetches what they refer to with
one SELECT … WHERE key IN (…) per 500 of them; where the dialect sends the keys as one array
(`Dialect.key_array`), it is ``key = ANY (…)``, per 2,000. The rows begin with the parent's key and
are gathered by it in the generated loader. Forms of the statement:

=============================== =====================================================
one-to-many, own foreign key    ``SELECT fk, child … FROM child WHERE fk IN (…)``
many-to-many                    ``SELECT link.fk, child … FROM link JOIN child … WHERE link.fk IN``
many-to-one to the primary key  the identity map first, then ``SELECT … WHERE pk IN (…)``
any other join condition        ``SELECT parent.pk, child … FROM parent JOIN child ON … WHERE``
                                ``parent.pk IN (…)``
=============================== =====================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ormolu.io.plan import Plan
from ormolu.orm.instances.collections import loaded
from ormolu.orm.instances.state import NO_VALUE, Shared, last_values, woken
from ormolu.orm.loading import options as opt
from ormolu.orm.loading.entry import Context, LoadEntry, rows_plan
from ormolu.orm.loading.layout import LaterPlan
from ormolu.orm.loading.related import Related

CHUNK = 500
#: Keys per statement where they are one parameter, an array: as many as 500 cost in a list.
ARRAY_CHUNK = 2000

_store = object.__setattr__


def later_plan(context: Context, entry: LoadEntry, late: Sequence[list[Any]]) -> Plan[None]:
    """Load the relationships that an entry's objects are to have and don't have yet."""
    for entity, parents in zip(entry.late, late, strict=True):
        for later in entity.later:
            if parents:
                yield from relationship_plan(context, later, parents)


def relationship_plan(context: Context, later: LaterPlan, parents: list[Any]) -> Plan[None]:
    """Load one relationship for the parents that lack it."""
    key = later.relationship.key
    if context.overwrite:
        lacking = list({id(obj): obj for obj in parents}.values())
    else:
        lacking = list({id(obj): obj for obj in parents if key not in obj.__dict__}.values())
    if not lacking:
        return
    if later.choice.strategy == opt.NOLOAD:
        for obj in lacking:
            fill_related(later.relationship, obj, [])
    elif later.choice.strategy == opt.IMMEDIATE:
        for obj in lacking:
            yield from select_in_plan(context, later, [obj])
    else:
        yield from select_in_plan(context, later, lacking)


def select_in_plan(context: Context, later: LaterPlan, parents: list[Any]) -> Plan[None]:
    """Load one relationship for these parents, in chunks."""
    entry = later.entry
    if entry is None:
        entry = later.entry = Related(later, context)
    if entry.by_target:
        yield from _by_identity_plan(context, later, entry, parents)
    else:
        yield from _by_parent_plan(context, later, entry, parents)


def _by_parent_plan(
    context: Context, later: LaterPlan, related: Any, parents: list[Any]
) -> Plan[None]:
    """Gather rows by the parent's key, then give each parent its own."""
    keyed = _keyed(parents, related.names)
    whole = _whole_keys(keyed, len(related.names) == 1)
    groups: dict[Any, Any] = (
        {key: {} for key in whole} if related.by_identity else {key: [] for key in whole}
    )
    yield from _fetch_groups_plan(context, related, list(groups), groups)
    _fill(later.relationship, keyed, groups, related.by_identity)


def _fetch_groups_plan(
    context: Context, related: Any, keys: list[Any], groups: dict[Any, Any]
) -> Plan[None]:
    entry: LoadEntry = related.load
    binds = entry.current(context)
    for chunk in chunks(keys, entry):
        rows = yield from rows_plan(context, entry, binds, {"primary_keys": chunk})
        _, late = entry.load(context, rows, groups)
        if late:
            yield from later_plan(context, entry, late)


def _by_identity_plan(
    context: Context, later: LaterPlan, related: Any, parents: list[Any]
) -> Plan[None]:
    """Many-to-one by primary key: what the session has needs no SQL."""
    entry: LoadEntry = related.load
    known = context.session._identity.of(later.relationship.mapper)
    keyed = _keyed(parents, related.names)
    found: dict[Any, Any] = {}
    missing: dict[Any, None] = {}
    revisit = bool(entry.late)
    for key in _whole_keys(keyed, len(related.names) == 1):
        if key not in found and key not in missing:
            ref = known.get(key)
            obj = None if ref is None else ref()
            if obj is None:
                missing[key] = None
            else:
                found[key] = obj
    if revisit and found:
        yield from later_plan(context, entry, [list(found.values())] * len(entry.late[:1]))
    binds = entry.current(context)
    for chunk in chunks(list(missing), entry):
        rows = yield from rows_plan(context, entry, binds, {"primary_keys": chunk})
        objects, late = entry.load(context, rows)
        for obj in objects:
            found[key_of(obj, later.relationship.mapper.pk_keys)] = obj
        if late:
            yield from later_plan(context, entry, late)
    for key, obj in keyed:
        if key is not NO_VALUE:
            _store(obj, later.relationship.key, found.get(key))
            woken(obj)


def _fill(
    relationship: Any, keyed: list[tuple[Any, Any]], groups: dict[Any, Any], by_identity: bool
) -> None:
    """Give each parent what its key found."""
    link = relationship.link if relationship.uselist else None
    for key, obj in keyed:
        found = groups.get(key, ())
        if by_identity and found:
            found = found.values()
        if link is not None and type(obj._sa_instance_state) is Shared and key is not NO_VALUE:
            loaded(obj, link, found)
        elif key is not NO_VALUE:
            fill_related(relationship, obj, found)


def fill_related(relationship: Any, obj: Any, items: Any) -> None:
    """Give an object its related objects."""
    if relationship.uselist:
        loaded(obj, relationship.link, items)
    else:
        _store(obj, relationship.key, next(iter(items), None))
    woken(obj)


def key_of(obj: Any, names: Sequence[str]) -> Any:
    """The values of an object's attributes as an identity key; `NO_VALUE` when one isn't loaded."""
    own = obj.__dict__
    parts = []
    for name in names:
        value = own.get(name, NO_VALUE)
        if value is NO_VALUE:
            value = last_values(obj).get(name, NO_VALUE)
            if value is NO_VALUE:
                return NO_VALUE
        parts.append(value)
    return parts[0] if len(parts) == 1 else tuple(parts)


def _keyed(parents: list[Any], names: Sequence[str]) -> list[tuple[Any, Any]]:
    """`key_of` each object, and the object."""
    if len(names) > 1:
        return [(key_of(obj, names), obj) for obj in parents]
    name = names[0]
    return [
        (own[name] if name in (own := obj.__dict__) else key_of(obj, names), obj) for obj in parents
    ]


def _whole_keys(keyed: list[tuple[Any, Any]], single: bool) -> list[Any]:
    """The keys with no NULL in them, so that something can match them."""
    if single:
        return [key for key, _ in keyed if key is not None and key is not NO_VALUE]
    return [key for key, _ in keyed if key is not NO_VALUE and None not in key]


def chunks(keys: list[Any], entry: LoadEntry) -> Iterator[list[Any]]:
    """The keys in the portions that an entry's statement takes."""
    size = CHUNK if entry.expanding else ARRAY_CHUNK
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
