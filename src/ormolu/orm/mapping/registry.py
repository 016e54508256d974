"""`registry`: the mapped classes that know each other by name, and their configuration.

`configure_mappers` completes the relationships of all registries, in phases (see `relationship`).
It runs when a mapping is first used and costs one test of a flag when there is nothing to do. An
error leaves what is incomplete for the next attempt, which says the same again.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from ormolu import exc
from ormolu.orm import exc as orm_exc
from ormolu.orm.mapping.mapper import Mapper, no_inheritance
from ormolu.orm.mapping.relationship import Relationship
from ormolu.orm.mapping.resolver import ClassNames, Resolver
from ormolu.schema import MetaData

C = TypeVar("C", bound=type[Any])

_registries: weakref.WeakSet[registry] = weakref.WeakSet()
_lock = threading.RLock()


class registry:
    """A set of mapped classes with a `MetaData` of their own.

    ``type_annotation_map`` leads from Python types to SQL types, for annotations; ``constructor``
    is the ``__init__`` of mapped classes that have none (None: leave them without).
    """

    def __init__(
        self,
        *,
        metadata: MetaData | None = None,
        class_registry: dict[str, Any] | None = None,
        type_annotation_map: Mapping[Any, Any] | None = None,
        constructor: Callable[..., None] | str | None = "default",
    ) -> None:
        self.metadata = MetaData() if metadata is None else metadata
        self.class_names = ClassNames()
        self.type_annotation_map: dict[Any, Any] = dict(type_annotation_map or {})
        self.constructor = constructor
        self._mappers: dict[type[Any], Mapper] = {}
        self._needs_configure = False
        _registries.add(self)

    @property
    def mappers(self) -> frozenset[Mapper]:
        """The mappers of this registry."""
        return frozenset(self._mappers.values())

    def update_type_annotation_map(self, type_annotation_map: Mapping[Any, Any]) -> None:
        """Add to the map from Python types to SQL types."""
        self.type_annotation_map.update(type_annotation_map)

    def resolver(self, mapper: Mapper, key: str) -> Resolver:
        """What resolves the names in one relationship of this registry."""
        return Resolver(self, mapper, key)

    def needs_configure(self) -> None:
        """Have the next use complete the relationships."""
        self._needs_configure = True

    def configure(self, cascade: bool = False) -> None:
        """Complete the relationships of the mapped classes, and of the registries they lead to.

        A mistake in a registry that has nothing to do with this one is left to its own users.
        Raises what `configure_mappers` raises.
        """
        if self._needs_configure:
            with _lock:
                _configure([self])

    def dispose(self, cascade: bool = False) -> None:
        """Take the mapping from every class of this registry."""
        for mapper in self._mappers.values():
            mapper.dispose()
        self._mappers.clear()
        self.class_names.clear()

    def add(self, class_: type[Any], table: Any, **options: Any) -> Mapper:
        """Map a class to a table. Raises `ArgumentError` when it is mapped already."""
        if "__mapper__" in class_.__dict__:
            raise exc.ArgumentError(
                f"Class '{class_}' already has a primary mapper defined; use "
                "registry.dispose() to take it away first"
            )
        mapper = Mapper(class_, table, registry=self, **options)
        self._mappers[class_] = mapper
        self.class_names.add(class_)
        self._needs_configure = True
        if self.constructor == "default":
            if _without_constructor(class_):
                mapper.install_constructor()
        elif callable(self.constructor) and _without_constructor(class_):
            type.__setattr__(class_, "__init__", self.constructor)
        return mapper

    def map_imperatively(
        self, class_: type[Any], local_table: Any = None, **options: Any
    ) -> Mapper:
        """Map a class to a `Table`; ``properties`` holds relationships and renamed columns.

        Raises `ArgumentError` when there is no table or the class is mapped already.
        """
        if options.get("inherits") is not None:
            raise no_inheritance(class_, "inherits")
        if local_table is None:
            raise exc.ArgumentError(
                f"map_imperatively({class_.__name__}) needs a Table as its second argument"
            )
        return self.add(class_, local_table, **options)

    def __repr__(self) -> str:
        return f"<registry of {', '.join(self.class_names.names()) or 'no classes'}>"


def _without_constructor(class_: type[Any]) -> bool:
    return getattr(class_.__init__, "_sa_default", class_.__init__ is object.__init__)


def configure_mappers() -> None:
    """Complete the relationships of all mapped classes.

    Raises `InvalidRequestError` for a name that leads nowhere, and `ArgumentError` or one of its
    subclasses for relationships that can't work.
    """
    with _lock:
        _configure([each for each in _registries if each._needs_configure])


def _configure(registries: list[registry]) -> None:
    for each in registries:
        for prop in _incomplete(each._mappers.values()):
            prop.resolve_target()
            other = prop.mapper.registry
            if other._needs_configure and other not in registries:
                registries.append(other)
    _complete([mapper for each in registries for mapper in each._mappers.values()])
    for each in registries:
        each._needs_configure = False


def _complete(mappers: list[Mapper]) -> None:
    todo = _incomplete(mappers)
    for prop in todo:
        prop.resolve_join()
    for prop in todo:
        prop.make_backref()
    relationships = [prop for mapper in mappers for prop in mapper._relationships.values()]
    for prop in relationships:
        prop.pair()
    for prop in relationships:
        prop.make_link()
    for mapper in mappers:
        mapper.finish()


def _incomplete(mappers: Iterable[Mapper]) -> list[Relationship]:
    return [
        prop for mapper in mappers for prop in mapper._relationships.values() if not prop.configured
    ]


def class_mapper(class_: Any, configure: bool = True) -> Mapper:
    """The mapper of a class.

    Raises `ArgumentError` when it is no class, `UnmappedClassError` when it is not mapped.
    """
    if isinstance(class_, Mapper):
        return class_
    if not isinstance(class_, type):
        raise exc.ArgumentError(f"Class object expected, got {class_!r}")
    mapper: Mapper | None = getattr(class_, "__mapper__", None)
    if mapper is None:
        raise orm_exc.UnmappedClassError(
            class_,
            f"Class '{class_.__module__}.{class_.__qualname__}' is not mapped; derive it from a "
            "DeclarativeBase or map it with registry.map_imperatively()",
        )
    if configure:
        mapper.registry.configure()
    return mapper


def object_mapper(instance: object) -> Mapper:
    """The mapper of an object's class. Raises `UnmappedInstanceError` when it is not mapped."""
    mapper: Mapper | None = getattr(type(instance), "__mapper__", None)
    if mapper is None:
        raise orm_exc.UnmappedInstanceError(instance)
    return mapper


def has_inherited_table(class_: type[Any]) -> bool:
    """Whether a base of the class is mapped to a table; for use in ``@declared_attr``."""
    return any(getattr(base, "__table__", None) is not None for base in class_.__mro__[1:])


def clear_mappers() -> None:
    """Take the mapping from every class."""
    for each in list(_registries):
        each.dispose()
