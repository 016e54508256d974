"""The DDL constructs, by the module name that programs import them under.

They live in `ormolu.schema`, a floor further down; nothing of the expression language imports this.
"""

from __future__ import annotations

from ..schema.conditional import DDLIf as DDLIf
from ..schema.create import CheckFirst as CheckFirst
from ..schema.ddl import DDL as DDL
from ..schema.ddl import AddConstraint as AddConstraint
from ..schema.ddl import BaseDDLElement as BaseDDLElement
from ..schema.ddl import CreateColumn as CreateColumn
from ..schema.ddl import CreateConstraint as CreateConstraint
from ..schema.ddl import CreateIndex as CreateIndex
from ..schema.ddl import CreateSchema as CreateSchema
from ..schema.ddl import CreateSequence as CreateSequence
from ..schema.ddl import CreateTable as CreateTable
from ..schema.ddl import DDLElement as DDLElement
from ..schema.ddl import DropColumnComment as DropColumnComment
from ..schema.ddl import DropConstraint as DropConstraint
from ..schema.ddl import DropConstraintComment as DropConstraintComment
from ..schema.ddl import DropIndex as DropIndex
from ..schema.ddl import DropSchema as DropSchema
from ..schema.ddl import DropSequence as DropSequence
from ..schema.ddl import DropTable as DropTable
from ..schema.ddl import DropTableComment as DropTableComment
from ..schema.ddl import ExecutableDDLElement as ExecutableDDLElement
from ..schema.ddl import SetColumnComment as SetColumnComment
from ..schema.ddl import SetConstraintComment as SetConstraintComment
from ..schema.ddl import SetTableComment as SetTableComment
from ..schema.ordering import sort_tables as sort_tables
from ..schema.ordering import sort_tables_and_constraints as sort_tables_and_constraints
from ..schema.views import CreateTableAs as CreateTableAs
from ..schema.views import CreateView as CreateView
from ..schema.views import DropView as DropView
from ..schema.visitors import InvokeDDLBase as InvokeDDLBase
from ..schema.visitors import SchemaVisitor as SchemaVisitor
