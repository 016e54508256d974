"""Keys of objects: reading primary keys, and copying them into foreign keys.

A relationship's `synchronize_pairs` say which column gives its value to which: (referenced column,
foreign key column). In a one-to-many the parent owns the referenced column, in a many-to-one the
related object does. Everything here works on attribute names and plain dicts.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ormolu.orm import exc as orm_exc
from ormolu.orm.flush.actions import Sync, describe
from ormolu.orm.instances.links import record
from ormolu.orm.instances.state import NO_VALUE, PENDING, STATE, Private, last_values
from ormolu.orm.mapping.joins import MANYTOONE

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship
    from ormolu.schema import Column

Undo = list[tuple[dict[str, Any], str, Any]]
"""What was written into the dicts of pending objects: (dict, name, value before)."""


def attribute_pairs(pairs: Any, source: Mapper, target: Mapper) -> tuple[tuple[str, str], ...]:
    """Pairs of columns as pairs of attribute names."""
    return tuple(
        (attribute_name(source, left), attribute_name(target, right)) for left, right in pairs
    )


def attribute_name(mapper: Mapper, column: Column[Any]) -> str:
    """The attribute of `mapper` that holds a column.

    Raises `UnmappedColumnError` when there is none.
    """
    name = mapper.key_of_column.get(column)
    if name is None:
        raise orm_exc.UnmappedColumnError(
            f"Can't execute a sync rule: column '{column}' is not mapped on "
            f"{mapper.class_.__name__}, so its value can't be read; map it as an attribute"
        )
    return name


def holds_foreign_key(rel: Relationship) -> bool:
    """Whether the relationship's own side has the foreign key (many-to-one)."""
    return rel.direction is MANYTOONE


def sync_pairs(rel: Relationship) -> tuple[tuple[str, str], ...]:
    """(source attribute, target attribute) of a relationship without `secondary`."""
    if holds_foreign_key(rel):
        return attribute_pairs(rel.synchronize_pairs, rel.mapper, rel.parent)
    return attribute_pairs(rel.synchronize_pairs, rel.parent, rel.mapper)


def target_mapper(rel: Relationship) -> Mapper:
    """The mapper whose rows hold the relationship's foreign key."""
    mapper: Mapper = rel.parent if holds_foreign_key(rel) else rel.mapper
    return mapper


def read(obj: Any, name: str) -> Any:
    """A column attribute's value as far as it is known; expired ones give their last value."""
    own = obj.__dict__
    if name in own:
        return own[name]
    if own.get(STATE) is None:
        return None
    return last_values(obj).get(name)


def key_reader(mapper: Mapper) -> Callable[[dict[str, Any]], Any]:
    """From an object's dict to its raw identity: a scalar, or a tuple for a composite key."""
    return itemgetter(*mapper.pk_keys)


def key_parts(mapper: Mapper, key: Any) -> tuple[Any, ...]:
    """A raw identity as a tuple."""
    return tuple(key) if len(mapper.pk_keys) > 1 else (key,)


def copy(sync: Sync, undo: Undo) -> None:
    """Resolve a symbol: write the sources' keys into the targets' foreign keys."""
    primary = set(target_mapper(sync.relationship).pk_keys)
    for source_name, target_name in sync.pairs:
        for source, target in zip(sync.sources, sync.targets, strict=True):
            if source is None:
                value = None
                if target_name in primary:
                    _refuse_blank(sync, target, target_name)
            else:
                value = source.__dict__.get(source_name)
                if value is None:
                    value = read(source, source_name)
            write(target, target_name, value, undo)


def write(obj: Any, name: str, value: Any, undo: Undo) -> None:
    """Set a foreign key on behalf of the flush, so that it is written and can be undone."""
    own = obj.__dict__
    old = own.get(name, NO_VALUE)
    if old is value:
        return
    state = own[STATE]
    if type(state) is Private and state.phase is PENDING:
        undo.append((own, name, old))
    else:
        record(obj, name, last_values(obj).get(name, NO_VALUE) if old is NO_VALUE else old)
    own[name] = value


def _refuse_blank(sync: Sync, target: Any, name: str) -> None:
    state = target.__dict__.get(STATE)
    if type(state) is Private and state.phase is PENDING:
        return
    rel = sync.relationship
    raise AssertionError(
        f"Dependency rule on '{rel}' tried to blank-out primary key column "
        f"'{target_mapper(rel).local_table.name}.{name}' of {describe([target])}; delete the "
        "object too, with cascade='all, delete-orphan' on the relationship"
    )


def link_values(rel: Relationship, pairs: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """The `secondary` columns (by key) of each pair of objects."""
    ours = [(attribute_name(rel.parent, a), b.key) for a, b in rel.synchronize_pairs]
    theirs = [(attribute_name(rel.mapper, a), b.key) for a, b in rel.secondary_synchronize_pairs]
    return [
        {
            **{key: read(owner, name) for name, key in ours},
            **{key: read(other, name) for name, key in theirs},
        }
        for owner, other in pairs
    ]
