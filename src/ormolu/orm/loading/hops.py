"""Reading mapped attributes: the one place that knows how options see them.

A `Hop` is one step of an option's path: an entity's attribute, with the target that
``of_type()`` gave and the criteria that ``and_()`` added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu import exc

if TYPE_CHECKING:
    from ormolu.sql.elements import BindParameter


class Hop:
    """One attribute of one entity, as an option names it."""

    __slots__ = ("_anon", "_binds", "_key", "criteria", "entity", "key", "of_type", "property")

    _binds: tuple[BindParameter[Any], ...]

    def __init__(
        self, entity: Any, key: str, prop: Any, of_type: Any = None, criteria: Any = ()
    ) -> None:
        self.entity = entity
        self.key = key
        self.property = prop
        self.of_type = of_type
        self.criteria = tuple(criteria)
        keys = tuple([criterion._key for criterion in self.criteria])
        self._key = (entity._key, key, None if of_type is None else of_type._key, keys)
        self._binds = tuple([bind for criterion in self.criteria for bind in criterion._binds])
        self._anon = (
            bool(getattr(entity, "_anon", False))
            or bool(getattr(of_type, "_anon", False))
            or any(criterion._anon for criterion in self.criteria)
        )

    @property
    def is_relationship(self) -> bool:
        """Whether the attribute leads to another entity."""
        return bool(getattr(self.property, "is_relationship", False))

    @property
    def target(self) -> Any:
        """The entity that the relationship leads to."""
        return self.of_type if self.of_type is not None else configured(self.property).mapper

    def __str__(self) -> str:
        return f"{mapper_of(self.entity).class_.__name__}.{self.key}"


def configured(relationship: Any) -> Any:
    """The relationship, its mappers configured."""
    if not relationship.configured:
        relationship.parent.registry.configure()
    return relationship


def mapper_of(entity: Any) -> Any:
    """The mapper of an entity: of itself for a mapper, of its class for an alias."""
    mapper = getattr(entity, "mapper", None)
    return entity if mapper is None else mapper


def entity_of(subject: Any, of: Any = None) -> Any:
    """The entity of a mapped class, an aliased class, a mapper, or an aliased table of ``of``.

    Raises `ArgumentError` for anything else.
    """
    for name in ("_sa_aliased", "__mapper__"):
        entity = getattr(subject, name, None)
        if entity is not None:
            return entity
    if getattr(subject, "_plugin", None) == "orm":
        return subject
    raise exc.ArgumentError(
        f"{subject!r} is not a mapped class; give the class itself, or an aliased() of it"
    )


def hop_of(attribute: Any) -> Hop:
    """The hop that a class attribute names. Raises `ArgumentError` for anything else."""
    if isinstance(attribute, str):
        raise exc.ArgumentError(
            "Strings are not accepted for attribute names in loader options; please use "
            "class-bound attributes directly."
        )
    prop = getattr(attribute, "property", None)
    if prop is None:
        raise exc.ArgumentError(
            f"{attribute!r} is not a mapped attribute; an option takes one, such as User.posts"
        )
    return Hop(
        attribute.parent,
        attribute.key,
        prop,
        getattr(attribute, "of_type_target", None),
        getattr(attribute, "extra", ()),
    )
