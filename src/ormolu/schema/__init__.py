"""Tables, columns, constraints; the DDL that creates them and its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..deferred import lazy_names as _lazy_names
from .column import Column, insert_sentinel
from .column_arguments import ColumnCollectionMixin
from .conditional import HasConditionalDDL
from .constants import BLANK_SCHEMA, RETAIN_SCHEMA, SchemaConst
from .constraints import (
    CheckConstraint,
    ColumnCollectionConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .create import CheckFirst
from .ddl import (
    DDL,
    AddConstraint,
    BaseDDLElement,
    CreateColumn,
    CreateConstraint,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DDLElement,
    DropColumnComment,
    DropConstraint,
    DropConstraintComment,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    DropTableComment,
    ExecutableDDLElement,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
)
from .defaults import (
    CallableColumnDefault,
    ColumnDefault,
    ColumnElementColumnDefault,
    Computed,
    DefaultClause,
    DefaultGenerator,
    FetchedValue,
    ScalarElementColumnDefault,
)
from .foreign_key import ForeignKey, ForeignKeyTarget
from .index import Index
from .item import SchemaItem, SchemaVisitable
from .metadata import MetaData
from .naming import conv
from .ordering import sort_tables, sort_tables_and_constraints
from .sequences import Identity, IdentityOptions, Sequence
from .table import Table
from .typed_columns import Named, TypedColumns
from .views import CreateTableAs, CreateView, DropView

if TYPE_CHECKING:
    from .visitors import InvokeDDLBase, SchemaVisitor
else:
    __getattr__, __dir__ = _lazy_names(
        __name__,
        {
            "ormolu.schema.visitors": ("InvokeDDLBase", "SchemaVisitor"),
        },
    )

__all__ = [
    "BLANK_SCHEMA",
    "DDL",
    "RETAIN_SCHEMA",
    "AddConstraint",
    "BaseDDLElement",
    "CallableColumnDefault",
    "CheckConstraint",
    "CheckFirst",
    "Column",
    "ColumnCollectionConstraint",
    "ColumnCollectionMixin",
    "ColumnDefault",
    "ColumnElementColumnDefault",
    "Computed",
    "Constraint",
    "CreateColumn",
    "CreateConstraint",
    "CreateIndex",
    "CreateSchema",
    "CreateSequence",
    "CreateTable",
    "CreateTableAs",
    "CreateView",
    "DDLElement",
    "DefaultClause",
    "DefaultGenerator",
    "DropColumnComment",
    "DropConstraint",
    "DropConstraintComment",
    "DropIndex",
    "DropSchema",
    "DropSequence",
    "DropTable",
    "DropTableComment",
    "DropView",
    "ExecutableDDLElement",
    "FetchedValue",
    "ForeignKey",
    "ForeignKeyConstraint",
    "ForeignKeyTarget",
    "HasConditionalDDL",
    "Identity",
    "IdentityOptions",
    "Index",
    "InvokeDDLBase",
    "MetaData",
    "Named",
    "PrimaryKeyConstraint",
    "ScalarElementColumnDefault",
    "SchemaConst",
    "SchemaItem",
    "SchemaVisitable",
    "SchemaVisitor",
    "Sequence",
    "SetColumnComment",
    "SetConstraintComment",
    "SetTableComment",
    "Table",
    "TypedColumns",
    "UniqueConstraint",
    "conv",
    "insert_sentinel",
    "sort_tables",
    "sort_tables_and_constraints",
]
