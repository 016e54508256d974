"""Mapped classes and sessions: the object-relational mapper's public names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormolu.deferred import lazy_names as _lazy_names

from . import attributes as attributes
from . import exc as exc
from . import util as util
from .instances.attributes import (
    DynamicMapped,
    InstrumentedAttribute,
    Mapped,
    QueryableAttribute,
    WriteOnlyMapped,
)
from .instances.history import History
from .instances.identity import IdentityMap
from .instances.instance_state import AttributeState, InstanceState
from .instances.keyed import (
    KeyFuncDict,
    MappedCollection,
    attribute_keyed_dict,
    attribute_mapped_collection,
    column_keyed_dict,
    column_mapped_collection,
    keyfunc_mapping,
    mapped_collection,
)
from .instances.phases import NO_VALUE
from .loading.options import (
    Load,
    LoaderCriteria,
    contains_eager,
    defaultload,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    noload,
    raiseload,
    selectinload,
    subqueryload,
    undefer,
    undefer_group,
    with_loader_criteria,
)
from .mapping import (
    MANYTOMANY,
    MANYTOONE,
    ONETOMANY,
    AliasedClass,
    CascadeOptions,
    ColumnProperty,
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    DeclarativeMeta,
    MappedColumn,
    Mapper,
    MapperProperty,
    Relationship,
    RelationshipDirection,
    RelationshipProperty,
    Synonym,
    SynonymProperty,
    add_mapped_attribute,
    aliased,
    as_declarative,
    backref,
    class_mapper,
    clear_mappers,
    column_property,
    configure_mappers,
    declarative_base,
    declared_attr,
    deferred,
    has_inherited_table,
    mapped_column,
    object_mapper,
    registry,
    relationship,
    synonym,
    validates,
)
from .mapping.comparators import with_parent
from .session.execution import ORMExecuteState
from .session.factory import sessionmaker
from .session.helpers import (
    close_all_sessions,
    identity_key,
    make_transient,
    make_transient_to_detached,
    object_session,
    was_deleted,
)
from .session.session import Session, SessionTransaction
from .session.transaction import SessionTransactionOrigin

if TYPE_CHECKING:
    from .session.query import Query
    from .session.scoped import scoped_session
else:
    __getattr__, __dir__ = _lazy_names(
        __name__,
        {
            "ormolu.orm.session.query": ("Query",),
            "ormolu.orm.session.scoped": ("scoped_session",),
        },
    )

LoaderCriteriaOption = LoaderCriteria

__all__ = [
    "MANYTOMANY",
    "MANYTOONE",
    "NO_VALUE",
    "ONETOMANY",
    "AliasedClass",
    "AttributeState",
    "CascadeOptions",
    "ColumnProperty",
    "DeclarativeBase",
    "DeclarativeBaseNoMeta",
    "DeclarativeMeta",
    "DynamicMapped",
    "History",
    "IdentityMap",
    "InstanceState",
    "InstrumentedAttribute",
    "KeyFuncDict",
    "Load",
    "LoaderCriteria",
    "LoaderCriteriaOption",
    "Mapped",
    "MappedCollection",
    "MappedColumn",
    "Mapper",
    "MapperProperty",
    "ORMExecuteState",
    "Query",
    "QueryableAttribute",
    "Relationship",
    "RelationshipDirection",
    "RelationshipProperty",
    "Session",
    "SessionTransaction",
    "SessionTransactionOrigin",
    "Synonym",
    "SynonymProperty",
    "WriteOnlyMapped",
    "add_mapped_attribute",
    "aliased",
    "as_declarative",
    "attribute_keyed_dict",
    "attribute_mapped_collection",
    "attributes",
    "backref",
    "class_mapper",
    "clear_mappers",
    "close_all_sessions",
    "column_keyed_dict",
    "column_mapped_collection",
    "column_property",
    "configure_mappers",
    "contains_eager",
    "declarative_base",
    "declared_attr",
    "defaultload",
    "defer",
    "deferred",
    "exc",
    "has_inherited_table",
    "identity_key",
    "immediateload",
    "joinedload",
    "keyfunc_mapping",
    "lazyload",
    "load_only",
    "make_transient",
    "make_transient_to_detached",
    "mapped_collection",
    "mapped_column",
    "noload",
    "object_mapper",
    "object_session",
    "raiseload",
    "registry",
    "relationship",
    "scoped_session",
    "selectinload",
    "sessionmaker",
    "subqueryload",
    "synonym",
    "undefer",
    "undefer_group",
    "validates",
    "was_deleted",
    "with_loader_criteria",
    "with_parent",
]
