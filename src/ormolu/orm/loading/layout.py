"""What stands where in the rows of a lowered statement: what loaders are generated from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ormolu.orm.loading.tree import Branch, Choice

Converter = Callable[[Any], Any]


class Place:
    """One value in the row: its position, and the converter it needs (None: none).

    ``takes_none`` says that the converter accepts None itself.
    """

    __slots__ = ("converter", "index", "takes_none")

    def __init__(
        self, index: int, converter: Converter | None = None, takes_none: bool = False
    ) -> None:
        self.index = index
        self.converter = converter
        self.takes_none = takes_none


class JoinedPlan:
    """A relationship that is filled from the same rows."""

    __slots__ = ("child", "link", "relationship")

    def __init__(self, relationship: Any, child: EntityPlan, link: Any) -> None:
        self.relationship = relationship
        self.child = child
        self.link = link


class LaterPlan:
    """A relationship that is filled by more statements after the rows were read."""

    __slots__ = ("choice", "entry", "path", "relationship")

    def __init__(self, relationship: Any, choice: Choice, path: tuple[Any, ...] = ()) -> None:
        self.relationship = relationship
        self.choice = choice
        self.path = path
        self.entry: Any = None
        """The compiled load, made when there is first something to load."""


class EntityPlan:
    """How one entity is made from the row.

    ``keys`` are the places of its primary key; ``stores`` its other attributes and their places
    (the primary key's attributes included); ``nullable`` says that the row may hold no such entity
    (an outer join); ``partial`` that some of its ordinary columns are left out.
    """

    __slots__ = (
        "branch",
        "entity",
        "joined",
        "keys",
        "later",
        "mapper",
        "nullable",
        "number",
        "partial",
        "stores",
    )

    def __init__(self, number: int, entity: Any, mapper: Any, branch: Branch) -> None:
        self.number = number
        self.entity = entity
        self.mapper = mapper
        self.branch = branch
        self.keys: list[Place] = []
        self.stores: list[tuple[str, Place]] = []
        self.joined: list[JoinedPlan] = []
        self.later: list[LaterPlan] = []
        self.nullable = False
        self.partial = False

    def below(self) -> list[EntityPlan]:
        """This plan and those of its joined relationships, depth first."""
        found = [self]
        for joined in self.joined:
            found += joined.child.below()
        return found

    @property
    def has_collections(self) -> bool:
        """Whether a joined collection hangs below, so that rows repeat the entity."""
        return any(j.relationship.uselist or j.child.has_collections for j in self.joined)


class RowPlan:
    """What a row gives: entities and columns in order, and how wide it is."""

    __slots__ = ("groups", "items", "keys", "names", "single", "width")

    def __init__(self) -> None:
        self.items: list[EntityPlan | Place] = []
        self.names: list[str] = []
        self.keys: list[tuple[Any, ...]] = []
        """Per item, the objects besides its name by which a row may be asked for it."""
        self.groups: list[Place] = []
        """Places of the parent's key when the rows are gathered by parent (select-in loads)."""
        self.width = 0
        self.single = False

    def add(self, item: EntityPlan | Place, name: str = "", keys: tuple[Any, ...] = ()) -> None:
        """One more item; a name that is taken gets a number."""
        base, number = name, 0
        while name and name in self.names:
            number += 1
            name = f"{base}_{number}"
        self.items.append(item)
        self.names.append(name)
        self.keys.append(keys)
        self.single = len(self.items) == 1

    @property
    def entities(self) -> list[EntityPlan]:
        """Every entity in the rows, joined ones included, by number."""
        found = [
            plan for item in self.items if isinstance(item, EntityPlan) for plan in item.below()
        ]
        return sorted(found, key=lambda plan: plan.number)

    @property
    def multiplies(self) -> bool:
        """Whether joined collections repeat the rows."""
        return any(isinstance(item, EntityPlan) and item.has_collections for item in self.items)
