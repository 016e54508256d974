"""What a flush is going to do, as data.

A flush plan is a list of these, in the order in which they run. Nothing here touches the database
or the objects: `session.flush_plan()` shows the list, the planner's tests assert on it, and
`execute.py` is the only reader that acts.

A foreign key whose value is not known yet is a symbol: a `Sync` says "when this action is about
to run, copy the key of `source` into `target`", and stands inside the action that needs the value.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship

_SHOWN = 3
_VALUES = 4
_LONG = 60


class Sync:
    """Copies key attributes along one relationship, for many pairs of objects at once.

    `sources[i]` gives its `pairs[...][0]` attributes to the `pairs[...][1]` attributes of
    `targets[i]`; a source of None clears them.
    """

    __slots__ = ("pairs", "relationship", "sources", "targets")

    def __init__(
        self,
        relationship: Relationship,
        pairs: tuple[tuple[str, str], ...],
        sources: list[Any],
        targets: list[Any],
    ) -> None:
        self.relationship = relationship
        self.pairs = pairs
        self.sources = sources
        self.targets = targets

    def __repr__(self) -> str:
        return f"Sync({', '.join(self.symbols())} of {len(self.targets)} objects)"

    def symbols(self) -> list[str]:
        """What is copied, `user_id = User.id` or `user_id = NULL`."""
        sources = {type(source).__name__ for source in self.sources if source is not None}
        owner = "|".join(sorted(sources))
        return [
            f"{target} = {owner}.{source}" if owner else f"{target} = NULL"
            for source, target in self.pairs
        ]


class RowAction:
    """Something to do for many objects of one mapper."""

    __slots__ = ("mapper", "objects", "syncs")

    verb: ClassVar[str] = "?"

    def __init__(self, mapper: Mapper, objects: list[Any], syncs: tuple[Sync, ...] = ()) -> None:
        self.mapper = mapper
        self.objects = objects
        self.syncs = syncs

    def __repr__(self) -> str:
        table = self.mapper.local_table.name
        return f"{type(self).__name__}({table}: {describe(self.objects)}{_symbols(self.syncs)})"


class InsertRows(RowAction):
    """Insert one row per object."""

    __slots__ = ()

    verb: ClassVar[str] = "inserting"


class UpdateRows(RowAction):
    """Write the changed columns of each object that has any."""

    __slots__ = ()

    verb: ClassVar[str] = "updating"


class PostUpdateRows(RowAction):
    """Write foreign keys that had to wait until both rows exist (`post_update=True`)."""

    __slots__ = ()

    verb: ClassVar[str] = "updating"


class DeleteRows(RowAction):
    """Delete one row per object."""

    __slots__ = ()

    verb: ClassVar[str] = "deleting"


class LinkAction:
    """Something to do for rows of a relationship's `secondary` table, one per pair of objects."""

    __slots__ = ("pairs", "relationship")

    verb: ClassVar[str] = "?"
    syncs: ClassVar[tuple[Sync, ...]] = ()

    def __init__(self, relationship: Relationship, pairs: list[tuple[Any, Any]]) -> None:
        self.relationship = relationship
        self.pairs = pairs

    @property
    def mapper(self) -> Mapper:
        """The mapper on whose connection the `secondary` table is written."""
        mapper: Mapper = self.relationship.parent
        return mapper

    def __repr__(self) -> str:
        table = self.relationship.secondary.name
        shown = ", ".join(f"{name_of(a)} - {name_of(b)}" for a, b in self.pairs[:_SHOWN])
        more = ", …" if len(self.pairs) > _SHOWN else ""
        return f"{type(self).__name__}({table}: {shown}{more})"


class InsertLinks(LinkAction):
    """Insert one association row per pair."""

    __slots__ = ()

    verb: ClassVar[str] = "linking"


class DeleteLinks(LinkAction):
    """Delete the association row of each pair."""

    __slots__ = ()

    verb: ClassVar[str] = "unlinking"


Action = InsertRows | UpdateRows | PostUpdateRows | DeleteRows | InsertLinks | DeleteLinks


def describe(objects: list[Any], limit: int = _SHOWN) -> str:
    """The first few objects, as an error message or a repr names them."""
    shown = ", ".join(map(name_of, islice(objects, limit)))
    return f"{shown}, … {len(objects)} objects" if len(objects) > limit else shown


def name_of(obj: Any) -> str:
    """An object by class and the first column values it has, `<User id=1, username='ann'>`.

    Its own `__repr__` is not asked: it may read what is expired, and so need the database.
    """
    mapper = getattr(type(obj), "__mapper__", None)
    own = obj.__dict__
    names = own if mapper is None else mapper.column_attrs.keys()
    values = [f"{name}={_short(own[name])}" for name in names if own.get(name) is not None]
    described = ", ".join(values[:_VALUES])
    return f"<{type(obj).__name__} {described}>" if described else f"<{type(obj).__name__}>"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _symbols(syncs: tuple[Sync, ...]) -> str:
    symbols = dict.fromkeys(symbol for sync in syncs for symbol in sync.symbols())
    return "".join(f"; {symbol}" for symbol in symbols)
