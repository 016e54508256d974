"""What the ORM gives to statements in place of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .node import Key


class Entity:
    """A thing that rows are loaded as: a `Mapper`, or the alias of one.

    Mixed into the ORM's classes; a statement that meets one gets ``_plugin = "orm"`` and is lowered
    to Core before it is compiled. ``_key`` is a unique int for a mapper, an `Anon` for an alias.
    """

    __slots__ = ()

    _plugin: Any = "orm"
    _binds: tuple[Any, ...] = ()
    _anon: bool = False
    _key: Key
    entity: Any
    is_mapper: bool = False
    is_aliased_class: bool = False

    @property
    def selectable(self) -> Any:
        """The FROM element (a Table, a Join, an alias) that the entity's rows come from."""
        raise TypeError(f"{type(self).__name__} has no selectable")

    @property
    def entity_namespace(self) -> Any:
        """Where ``filter_by`` finds names: the mapped class, or its alias."""
        return self.entity

    def _columns_for_select(self) -> tuple[Any, ...]:
        """The columns that a SELECT of this entity reads."""
        raise TypeError(f"{type(self).__name__} has no columns")

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return (self.selectable,)
