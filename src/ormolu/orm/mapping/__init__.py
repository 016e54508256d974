"""Mapping classes to tables: declarations, mappers, relationships, aliases."""

from __future__ import annotations

from . import inspecting
from .aliased import AliasedClass, aliased
from .cascade import CascadeOptions
from .declarative import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    DeclarativeMeta,
    add_mapped_attribute,
    as_declarative,
    declarative_base,
    registry,
)
from .declared import declared_attr, validates
from .joins import MANYTOMANY, MANYTOONE, ONETOMANY, RelationshipDirection
from .mapper import Mapper
from .properties import (
    ColumnProperty,
    MappedColumn,
    MapperProperty,
    Synonym,
    SynonymProperty,
    column_property,
    deferred,
    mapped_column,
    synonym,
)
from .registry import (
    class_mapper,
    clear_mappers,
    configure_mappers,
    has_inherited_table,
    object_mapper,
)
from .relationship import Relationship, RelationshipProperty, backref, relationship

__all__ = [
    "MANYTOMANY",
    "MANYTOONE",
    "ONETOMANY",
    "AliasedClass",
    "CascadeOptions",
    "ColumnProperty",
    "DeclarativeBase",
    "DeclarativeBaseNoMeta",
    "DeclarativeMeta",
    "MappedColumn",
    "Mapper",
    "MapperProperty",
    "Relationship",
    "RelationshipDirection",
    "RelationshipProperty",
    "Synonym",
    "SynonymProperty",
    "add_mapped_attribute",
    "aliased",
    "as_declarative",
    "backref",
    "class_mapper",
    "clear_mappers",
    "column_property",
    "configure_mappers",
    "declarative_base",
    "declared_attr",
    "deferred",
    "has_inherited_table",
    "inspecting",
    "mapped_column",
    "object_mapper",
    "registry",
    "relationship",
    "synonym",
    "validates",
]
