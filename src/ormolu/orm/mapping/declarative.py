"""Declarative mapping: `DeclarativeBase`, `declarative_base()` and the class decorators.

A subclass of a base is mapped when it is defined. ``__abstract__ = True`` leaves a class out; a
mixin is any other class among the bases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ormolu import exc
from ormolu.orm.mapping.mapper import Mapper
from ormolu.orm.mapping.properties import MappedColumn, MapperProperty
from ormolu.orm.mapping.registry import registry as Registry
from ormolu.orm.mapping.scan import map_class
from ormolu.schema import Column, MetaData

C = TypeVar("C", bound=type[Any])


class DeclarativeAttributeIntercept(type):
    """The metaclass of declarative classes: ``User.x = mapped_column(...)`` maps an attribute."""

    def __setattr__(cls, key: str, value: Any) -> None:
        mapper = cls.__dict__.get("__mapper__")
        if mapper is not None and isinstance(value, (MappedColumn, MapperProperty, Column)):
            add_mapped_attribute(mapper, key, value)
        else:
            type.__setattr__(cls, key, value)


def add_mapped_attribute(mapper: Mapper, key: str, value: Any) -> None:
    """Map one more attribute of a class that is mapped already; a new column joins the table."""
    column = value.column if isinstance(value, MappedColumn) else value
    if isinstance(column, Column) and column.name is None:
        column._set_name(key)
    mapper.add_property(key, value)
    mapper.registry.needs_configure()
    if getattr(mapper.class_.__dict__.get("__init__"), "_sa_default", False):
        mapper.install_constructor()


def _declared_init(self: Any, **kwargs: Any) -> None:
    """Set the attributes that the keywords name; TypeError for a name that is no attribute."""
    type(self).__mapper__.check_keywords(kwargs)
    for name, value in kwargs.items():
        setattr(self, name, value)


_declared_init._sa_default = True  # type: ignore[attr-defined]


def _set_up_base(cls: type[Any]) -> None:
    """Give a new base its registry and metadata, from what its body says."""
    own = cls.__dict__
    given = getattr(cls, "registry", None)
    if not isinstance(given, Registry):
        given = registry(
            metadata=getattr(cls, "metadata", None),
            type_annotation_map=getattr(cls, "type_annotation_map", None),
        )
    elif "type_annotation_map" in own:
        given.update_type_annotation_map(own["type_annotation_map"])
    type.__setattr__(cls, "registry", given)
    if "metadata" not in own:
        type.__setattr__(cls, "metadata", given.metadata)


def _set_up_subclass(cls: type[Any], roots: tuple[type[Any], ...]) -> None:
    if any(root in cls.__bases__ for root in roots):
        _set_up_base(cls)
    elif not cls.__dict__.get("__abstract__", False):
        map_class(cls.registry, cls)


class DeclarativeBase(metaclass=DeclarativeAttributeIntercept):
    """The base of declarative classes; derive a base of your own from it.

    ``metadata``, ``registry`` and ``type_annotation_map`` may be given in its body.
    """

    if TYPE_CHECKING:
        registry: ClassVar[Registry]
        metadata: ClassVar[MetaData]
        __mapper__: ClassVar[Mapper]
        __table__: ClassVar[Any]
        __tablename__: Any
        __table_args__: Any
        __mapper_args__: Any

        def __init__(self, **kw: Any) -> None: ...
    else:
        __init__ = _declared_init

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        _set_up_subclass(cls, (DeclarativeBase,))


class DeclarativeBaseNoMeta:
    """The same as `DeclarativeBase` without a metaclass; attributes can't be added later."""

    if TYPE_CHECKING:
        registry: ClassVar[Registry]
        metadata: ClassVar[MetaData]
        __mapper__: ClassVar[Mapper]
        __table__: ClassVar[Any]
        __tablename__: Any
        __table_args__: Any
        __mapper_args__: Any

        def __init__(self, **kw: Any) -> None: ...
    else:
        __init__ = _declared_init

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        _set_up_subclass(cls, (DeclarativeBaseNoMeta,))


class DeclarativeMeta(DeclarativeAttributeIntercept):
    """The metaclass of the bases that `declarative_base` makes."""

    def __init__(cls, name: str, bases: tuple[Any, ...], body: dict[str, Any], **kw: Any) -> None:
        type.__init__(cls, name, bases, body)
        if "_sa_is_base" in body or body.get("__abstract__", False):
            return
        found = getattr(cls, "registry", None)
        if not isinstance(found, Registry):
            raise exc.InvalidRequestError(
                f"Declarative class {name} has no registry; derive it from declarative_base()"
            )
        map_class(found, cls)


def declarative_base(
    *,
    metadata: MetaData | None = None,
    mapper: Any = None,
    cls: type[Any] | tuple[type[Any], ...] = object,
    name: str = "Base",
    class_registry: dict[str, Any] | None = None,
    type_annotation_map: Mapping[Any, Any] | None = None,
    constructor: Callable[..., None] | None = _declared_init,
    metaclass: type[Any] = DeclarativeMeta,
) -> Any:
    """A new base for declarative classes, in the manner before `DeclarativeBase`.

    ``cls`` is a class, or several, that the base derives from.
    """
    found = registry(
        metadata=metadata,
        class_registry=class_registry,
        type_annotation_map=type_annotation_map,
        constructor="default" if constructor is _declared_init else constructor,
    )
    return generate_base(found, cls=cls, name=name, metaclass=metaclass)


def generate_base(
    registry: Registry,
    *,
    mapper: Any = None,
    cls: type[Any] | tuple[type[Any], ...] = object,
    name: str = "Base",
    metaclass: type[Any] = DeclarativeMeta,
) -> Any:
    """A base for declarative classes of a registry; ``registry.generate_base()`` is the same."""
    bases = cls if isinstance(cls, tuple) else (cls,)
    body: dict[str, Any] = {
        "registry": registry,
        "metadata": registry.metadata,
        "_sa_is_base": True,
        "__abstract__": True,
    }
    if all(base.__init__ is object.__init__ for base in bases) and registry.constructor:
        body["__init__"] = _declared_init
    return metaclass(name, bases, body)


class registry(Registry):
    """A set of mapped classes with a `MetaData` of their own.

    Adds to its base the ways to map declaratively.
    """

    def generate_base(
        self,
        mapper: Any = None,
        cls: type[Any] | tuple[type[Any], ...] = object,
        name: str = "Base",
        metaclass: type[Any] = DeclarativeMeta,
    ) -> Any:
        """A base for declarative classes of this registry."""
        return generate_base(self, cls=cls, name=name, metaclass=metaclass)

    def mapped(self, cls: C) -> C:
        """Decorate a class to map it declaratively."""
        map_class(self, cls)
        return cls

    def as_declarative_base(self, **options: Any) -> Callable[[type[Any]], Any]:
        """Decorate a class to make it a declarative base."""

        def decorate(cls: type[Any]) -> Any:
            return self.generate_base(cls=cls, name=cls.__name__, **options)

        return decorate

    def map_declaratively(self, cls: type[Any]) -> Mapper:
        """Map a class by its body, and return the mapper."""
        return map_class(self, cls)


def as_declarative(**options: Any) -> Callable[[type[Any]], Any]:
    """Decorate a class to make it a declarative base with a registry of its own."""

    def decorate(cls: type[Any]) -> Any:
        return declarative_base(cls=cls, name=cls.__name__, **options)

    return decorate
