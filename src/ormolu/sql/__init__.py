"""The SQL expression language: frozen nodes, their keys, and the functions that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..deferred import lazy_names as _lazy_names
from . import comparator as comparator  # gives the operators what they build
from .boolean import BooleanClauseList, ExpressionClauseList, and_, not_, or_
from .cache_key import CacheKey
from .collections import ColumnCollection, WriteableColumnCollection
from .column_operators import (
    ColumnOperators,
    Operators,
    SQLColumnExpression,
    SQLCoreOperations,
)
from .columns import ColumnClause, column, literal_column
from .compound import (
    CompoundSelect,
    except_,
    except_all,
    intersect,
    intersect_all,
    union,
    union_all,
)
from .constants import False_, Null, True_, false, null, true
from .cte import CTE, cte
from .dml import Delete, Insert, Update, UpdateBase, ValuesBase, delete, insert, update
from .elements import (
    BinaryExpression,
    BindParameter,
    ClauseElement,
    ClauseList,
    ColumnElement,
    Grouping,
    UnaryExpression,
)
from .entity import Entity
from .executable import Executable, ExecutableStatement
from .expressions import (
    Case,
    Cast,
    CollectionAggregate,
    Extract,
    TryCast,
    Tuple,
    TypeClause,
    TypeCoerce,
    all_,
    any_,
    asc,
    between,
    bindparam,
    bitwise_not,
    case,
    cast,
    collate,
    desc,
    distinct,
    extract,
    literal,
    nulls_first,
    nulls_last,
    nullsfirst,
    nullslast,
    outparam,
    try_cast,
    tuple_,
    type_coerce,
)
from .extension import SyntaxExtension
from .fromclause import (
    Alias,
    AliasedReturnsRows,
    FromClause,
    FromGrouping,
    Join,
    Lateral,
    TableClause,
    alias,
    join,
    lateral,
    outerjoin,
    table,
)
from .functions import Function, FunctionElement, func, modifier
from .generative import GenerativeSelect
from .label import Label, label
from .label_style import (
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    SelectLabelStyle,
)
from .lambdas import LambdaElement, StatementLambdaElement, lambda_stmt
from .operators import OperatorClass, custom_op
from .quoted_name import quoted_name
from .sampling import TableSample, tablesample
from .select import Select, exists
from .selectables import HasCTE, HasPrefixes, HasSuffixes, ReturnsRows, Selectable
from .selectbase import Exists, ScalarSelect, SelectBase, Subquery
from .selecting import select
from .table_valued import TableValuedAlias, TableValuedColumn
from .text import TextClause, text
from .textual import TextAsFrom, TextualSelect
from .tstring import TString, tstring
from .values import ScalarValues, Values, values
from .window import (
    AggregateOrderBy,
    FrameClause,
    FrameClauseType,
    FunctionFilter,
    Over,
    WithinGroup,
    aggregate_order_by,
    funcfilter,
    over,
    within_group,
)

if TYPE_CHECKING:
    from . import expression as expression
    from . import visitors as visitors
    from .dml_target import DMLTargetCopy, from_dml_column
    from .functions import GenericFunction
    from .linting import COLLECT_CARTESIAN_PRODUCTS, FROM_LINTING, NO_LINTING, WARN_LINTING
    from .nullability import NotNullable, Nullable
    from .order_by_list import OrderByList
    from .savepoints import ReleaseSavepointClause, RollbackToSavepointClause, SavepointClause
    from .visitors import ClauseVisitor, Visitable
else:
    __getattr__, __dir__ = _lazy_names(
        __name__,
        {
            "ormolu.sql.dml_target": ("DMLTargetCopy", "from_dml_column"),
            "ormolu.sql.expression": ("expression",),
            "ormolu.sql.functions": ("GenericFunction",),
            "ormolu.sql.linting": (
                "COLLECT_CARTESIAN_PRODUCTS",
                "FROM_LINTING",
                "NO_LINTING",
                "WARN_LINTING",
            ),
            "ormolu.sql.nullability": ("NotNullable", "Nullable"),
            "ormolu.sql.order_by_list": ("OrderByList",),
            "ormolu.sql.savepoints": (
                "ReleaseSavepointClause",
                "RollbackToSavepointClause",
                "SavepointClause",
            ),
            "ormolu.sql.visitors": ("ClauseVisitor", "Visitable", "visitors"),
            # What the schema, a floor further down, defines.
            "ormolu.schema": (
                "BaseDDLElement",
                "CheckFirst",
                "DDL",
                "DDLElement",
                "ExecutableDDLElement",
            ),
        },
    )

__all__ = [
    "COLLECT_CARTESIAN_PRODUCTS",
    "CTE",
    "DDL",
    "FROM_LINTING",
    "LABEL_STYLE_DEFAULT",
    "LABEL_STYLE_DISAMBIGUATE_ONLY",
    "LABEL_STYLE_NONE",
    "LABEL_STYLE_TABLENAME_PLUS_COL",
    "NO_LINTING",
    "WARN_LINTING",
    "AggregateOrderBy",
    "Alias",
    "AliasedReturnsRows",
    "BaseDDLElement",
    "BinaryExpression",
    "BindParameter",
    "BooleanClauseList",
    "CacheKey",
    "Case",
    "Cast",
    "CheckFirst",
    "ClauseElement",
    "ClauseList",
    "ClauseVisitor",
    "CollectionAggregate",
    "ColumnClause",
    "ColumnCollection",
    "ColumnElement",
    "ColumnOperators",
    "CompoundSelect",
    "DDLElement",
    "DMLTargetCopy",
    "Delete",
    "Entity",
    "Executable",
    "ExecutableDDLElement",
    "ExecutableStatement",
    "Exists",
    "ExpressionClauseList",
    "Extract",
    "False_",
    "FrameClause",
    "FrameClauseType",
    "FromClause",
    "FromGrouping",
    "Function",
    "FunctionElement",
    "FunctionFilter",
    "GenerativeSelect",
    "GenericFunction",
    "Grouping",
    "HasCTE",
    "HasPrefixes",
    "HasSuffixes",
    "Insert",
    "Join",
    "Label",
    "LambdaElement",
    "Lateral",
    "NotNullable",
    "Null",
    "Nullable",
    "OperatorClass",
    "Operators",
    "OrderByList",
    "Over",
    "ReleaseSavepointClause",
    "ReturnsRows",
    "RollbackToSavepointClause",
    "SQLColumnExpression",
    "SQLCoreOperations",
    "SavepointClause",
    "ScalarSelect",
    "ScalarValues",
    "Select",
    "SelectBase",
    "SelectLabelStyle",
    "Selectable",
    "StatementLambdaElement",
    "Subquery",
    "SyntaxExtension",
    "TString",
    "TableClause",
    "TableSample",
    "TableValuedAlias",
    "TableValuedColumn",
    "TextAsFrom",
    "TextClause",
    "TextualSelect",
    "True_",
    "TryCast",
    "Tuple",
    "TypeClause",
    "TypeCoerce",
    "UnaryExpression",
    "Update",
    "UpdateBase",
    "Values",
    "ValuesBase",
    "Visitable",
    "WithinGroup",
    "WriteableColumnCollection",
    "aggregate_order_by",
    "alias",
    "all_",
    "and_",
    "any_",
    "asc",
    "between",
    "bindparam",
    "bitwise_not",
    "case",
    "cast",
    "collate",
    "column",
    "cte",
    "custom_op",
    "delete",
    "desc",
    "distinct",
    "except_",
    "except_all",
    "exists",
    "extract",
    "false",
    "from_dml_column",
    "func",
    "funcfilter",
    "insert",
    "intersect",
    "intersect_all",
    "join",
    "label",
    "lambda_stmt",
    "lateral",
    "literal",
    "literal_column",
    "modifier",
    "not_",
    "null",
    "nulls_first",
    "nulls_last",
    "nullsfirst",
    "nullslast",
    "or_",
    "outerjoin",
    "outparam",
    "over",
    "quoted_name",
    "select",
    "subquery",
    "table",
    "tablesample",
    "text",
    "true",
    "try_cast",
    "tstring",
    "tuple_",
    "type_coerce",
    "union",
    "union_all",
    "update",
    "values",
    "within_group",
]

subquery = Subquery
