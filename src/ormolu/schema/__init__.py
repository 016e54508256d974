"""Tables, columns, constraints; the DDL that creates them and its order."""

from __future__ import annotations

from .column import Column
from .constraints import (
    CheckConstraint,
    ColumnCollectionConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .copying import RETAIN_SCHEMA
from .ddl import (
    DDL,
    AddConstraint,
    BaseDDLElement,
    CreateColumn,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DDLElement,
    DropColumnComment,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    DropTableComment,
    ExecutableDDLElement,
    SetColumnComment,
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
    Identity,
    IdentityOptions,
    ScalarElementColumnDefault,
    Sequence,
)
from .foreign_key import ForeignKey
from .index import Index
from .item import SchemaItem
from .metadata import MetaData
from .naming import conv
from .ordering import sort_tables, sort_tables_and_constraints
from .table import Table

__all__ = [
    "DDL",
    "RETAIN_SCHEMA",
    "AddConstraint",
    "BaseDDLElement",
    "CallableColumnDefault",
    "CheckConstraint",
    "Column",
    "ColumnCollectionConstraint",
    "ColumnDefault",
    "ColumnElementColumnDefault",
    "Computed",
    "Constraint",
    "CreateColumn",
    "CreateIndex",
    "CreateSchema",
    "CreateSequence",
    "CreateTable",
    "DDLElement",
    "DefaultClause",
    "DefaultGenerator",
    "DropColumnComment",
    "DropConstraint",
    "DropIndex",
    "DropSchema",
    "DropSequence",
    "DropTable",
    "DropTableComment",
    "ExecutableDDLElement",
    "FetchedValue",
    "ForeignKey",
    "ForeignKeyConstraint",
    "Identity",
    "IdentityOptions",
    "Index",
    "MetaData",
    "PrimaryKeyConstraint",
    "ScalarElementColumnDefault",
    "SchemaItem",
    "Sequence",
    "SetColumnComment",
    "SetTableComment",
    "Table",
    "UniqueConstraint",
    "conv",
    "sort_tables",
    "sort_tables_and_constraints",
]
