"""What a flush is going to do, as data.

A flush plan is a list of these, in the order in which they run. Nothing here touches the database
or the objects: `session.flush_plan()` shows the list, the planner's tests assert on it, and
`execute.py` is the only reader that acts.

A foreign key whose value is not known yet is a symbol: a `Sync` says "when this action is about
to run, copy the key of `source` into `target`", and stands inside the action that needs the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship

_SHOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Sync:
    """Copies key attributes along one relationship, for many pairs of objects at once.

    `sources[i]` gives its `pairs[...][0]` attributes to the `pairs[...][1]` attributes of
    `targets[i]`; a source of None clears them.
    """

    relationship: Relationship[Any]
    pairs: tuple[tuple[str, str], ...]
    sources: list[Any]
    targets: list[Any]

    def __repr__(self) -> str:
        copied = ", ".join(f"{target} <- {source}" for source, target in self.pairs)
        return f"Sync({self.relationship}: {copied}, {len(self.targets)} objects)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RowAction:
    """Something to do for many objects of one mapper."""

    mapper: Mapper[Any]
    objects: list[Any]
    syncs: tuple[Sync, ...] = ()

    verb = "?"

    def __repr__(self) -> str:
        table = self.mapper.local_table.name
        return f"{type(self).__name__}({table}: {_names(self.objects)}{_symbols(self.syncs)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InsertRows(RowAction):
    """Insert one row per object."""

    verb = "inserting"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UpdateRows(RowAction):
    """Write the changed columns of each object that has any."""

    verb = "updating"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PostUpdateRows(RowAction):
    """Write foreign keys that had to wait until both rows exist (`post_update=True`)."""

    verb = "updating"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DeleteRows(RowAction):
    """Delete one row per object."""

    verb = "deleting"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LinkAction:
    """Something to do for rows of a relationship's `secondary` table, one per pair of objects."""

    relationship: Relationship[Any]
    pairs: list[tuple[Any, Any]]

    verb = "?"

    def __repr__(self) -> str:
        table = self.relationship.secondary.name
        shown = ", ".join(f"{_name(a)} - {_name(b)}" for a, b in self.pairs[:_SHOWN])
        more = ", …" if len(self.pairs) > _SHOWN else ""
        return f"{type(self).__name__}({table}: {shown}{more})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InsertLinks(LinkAction):
    """Insert one association row per pair."""

    verb = "linking"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DeleteLinks(LinkAction):
    """Delete the association row of each pair."""

    verb = "unlinking"


Action = InsertRows | UpdateRows | PostUpdateRows | DeleteRows | InsertLinks | DeleteLinks


def describe(objects: list[Any], limit: int = _SHOWN) -> str:
    """The first few objects, as an error message or a repr names them."""
    return _names(objects, limit)


def _names(objects: list[Any], limit: int = _SHOWN) -> str:
    shown = ", ".join(map(_name, islice(objects, limit)))
    return f"{shown}, … {len(objects)} objects" if len(objects) > limit else shown


def _symbols(syncs: tuple[Sync, ...]) -> str:
    return "".join(f"; {symbol}" for sync in syncs for symbol in _targets(sync))


def _targets(sync: Sync) -> Iterator[str]:
    for source, target in sync.pairs:
        name = f"{sync.relationship.mapper.class_.__name__}"
        yield f"{target} = key {source} of {name if sync.sources else 'nothing'}"


def _name(obj: object) -> str:
    try:
        return repr(obj)
    except Exception as error:  # a user's __repr__ may read what is expired: the class is enough
        return f"<{type(obj).__name__} ({type(error).__name__} in its repr)>"
