"""The SQL expression language: frozen nodes, their keys, and the functions that make them."""

from __future__ import annotations

from . import comparator as comparator  # gives the operators what they build
from .boolean import BooleanClauseList, and_, not_, or_
from .collections import ColumnCollection
from .column_operators import ColumnOperators, Operators, SQLCoreOperations
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
from .cte import CTE
from .dml import Delete, Insert, Update, delete, insert, update
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
from .executable import Executable
from .expressions import (
    Case,
    Cast,
    Extract,
    Tuple,
    TypeCoerce,
    all_,
    any_,
    asc,
    between,
    bindparam,
    case,
    cast,
    collate,
    desc,
    distinct,
    extract,
    literal,
    nulls_first,
    nulls_last,
    outparam,
    try_cast,
    tuple_,
    type_coerce,
)
from .fromclause import (
    Alias,
    FromClause,
    Join,
    Lateral,
    TableClause,
    TableSample,
    alias,
    join,
    outerjoin,
    table,
    tablesample,
)
from .functions import Function, FunctionElement, GenericFunction, func
from .generative import GenerativeSelect
from .label import Label
from .label_style import (
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    SelectLabelStyle,
)
from .operators import custom_op
from .select import Select, exists
from .selectbase import Exists, ScalarSelect, SelectBase, Subquery
from .selecting import select
from .text import TextClause, text
from .textual import TextualSelect
from .values import Values, values
from .window import FunctionFilter, Over, WithinGroup, funcfilter, over, within_group

__all__ = [
    "CTE",
    "LABEL_STYLE_DEFAULT",
    "LABEL_STYLE_DISAMBIGUATE_ONLY",
    "LABEL_STYLE_NONE",
    "LABEL_STYLE_TABLENAME_PLUS_COL",
    "Alias",
    "BinaryExpression",
    "BindParameter",
    "BooleanClauseList",
    "Case",
    "Cast",
    "ClauseElement",
    "ClauseList",
    "ColumnClause",
    "ColumnCollection",
    "ColumnElement",
    "ColumnOperators",
    "CompoundSelect",
    "Delete",
    "Entity",
    "Executable",
    "Exists",
    "Extract",
    "False_",
    "FromClause",
    "Function",
    "FunctionElement",
    "FunctionFilter",
    "GenerativeSelect",
    "GenericFunction",
    "Grouping",
    "Insert",
    "Join",
    "Label",
    "Lateral",
    "Null",
    "Operators",
    "Over",
    "SQLCoreOperations",
    "ScalarSelect",
    "Select",
    "SelectBase",
    "SelectLabelStyle",
    "Subquery",
    "TableClause",
    "TableSample",
    "TextClause",
    "TextualSelect",
    "True_",
    "Tuple",
    "TypeCoerce",
    "UnaryExpression",
    "Update",
    "Values",
    "WithinGroup",
    "alias",
    "all_",
    "and_",
    "any_",
    "asc",
    "between",
    "bindparam",
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
    "func",
    "funcfilter",
    "insert",
    "intersect",
    "intersect_all",
    "join",
    "label",
    "lateral",
    "literal",
    "literal_column",
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
    "select",
    "subquery",
    "table",
    "tablesample",
    "text",
    "true",
    "try_cast",
    "tuple_",
    "type_coerce",
    "union",
    "union_all",
    "update",
    "values",
    "within_group",
]

nullsfirst = nulls_first
nullslast = nulls_last
subquery = Subquery


def cte(
    selectable: SelectBase, name: str | None = None, recursive: bool = False, nesting: bool = False
) -> CTE:
    """``WITH name AS (selectable)``."""
    return selectable.cte(name, recursive, nesting)


def lateral(selectable: SelectBase, name: str | None = None) -> Lateral:
    """``LATERAL (selectable) AS name``."""
    return selectable.lateral(name)


def label(name: str | None, element: ColumnElement[object]) -> Label[object]:
    """``element AS name``."""
    return Label(name, element)
