"""The names of ``sqlalchemy.sql.expression``: every construct of the expression language."""

from __future__ import annotations

from typing import Any

from .boolean import BooleanClauseList as BooleanClauseList
from .boolean import ExpressionClauseList as ExpressionClauseList
from .boolean import and_ as and_
from .boolean import not_ as not_
from .boolean import or_ as or_
from .cache_key import CacheKey as CacheKey
from .clause import ClauseElement as ClauseElement
from .collections import ColumnCollection as ColumnCollection
from .collections import WriteableColumnCollection as WriteableColumnCollection
from .column_operators import ColumnOperators as ColumnOperators
from .column_operators import Operators as Operators
from .column_operators import SQLColumnExpression as SQLColumnExpression
from .columns import ColumnClause as ColumnClause
from .columns import column as column
from .columns import literal_column as literal_column
from .compound import CompoundSelect as CompoundSelect
from .compound import except_ as except_
from .compound import except_all as except_all
from .compound import intersect as intersect
from .compound import intersect_all as intersect_all
from .compound import union as union
from .compound import union_all as union_all
from .constants import False_ as False_
from .constants import Null as Null
from .constants import True_ as True_
from .constants import false as false
from .constants import null as null
from .constants import true as true
from .cte import CTE as CTE
from .dml import Delete as Delete
from .dml import Insert as Insert
from .dml import Update as Update
from .dml import delete as delete
from .dml import insert as insert
from .dml import update as update
from .dml_target import DMLTargetCopy as DMLTargetCopy
from .dml_target import from_dml_column as from_dml_column
from .elements import BinaryExpression as BinaryExpression
from .elements import BindParameter as BindParameter
from .elements import ClauseList as ClauseList
from .elements import ColumnElement as ColumnElement
from .elements import Grouping as Grouping
from .elements import UnaryExpression as UnaryExpression
from .executable import Executable as Executable
from .executable import ExecutableStatement as ExecutableStatement
from .expressions import Case as Case
from .expressions import Cast as Cast
from .expressions import CollectionAggregate as CollectionAggregate
from .expressions import Extract as Extract
from .expressions import TryCast as TryCast
from .expressions import Tuple as Tuple
from .expressions import TypeClause as TypeClause
from .expressions import TypeCoerce as TypeCoerce
from .expressions import all_ as all_
from .expressions import any_ as any_
from .expressions import asc as asc
from .expressions import between as between
from .expressions import bindparam as bindparam
from .expressions import bitwise_not as bitwise_not
from .expressions import case as case
from .expressions import cast as cast
from .expressions import collate as collate
from .expressions import desc as desc
from .expressions import distinct as distinct
from .expressions import extract as extract
from .expressions import literal as literal
from .expressions import nulls_first as nulls_first
from .expressions import nulls_last as nulls_last
from .expressions import outparam as outparam
from .expressions import try_cast as try_cast
from .expressions import tuple_ as tuple_
from .expressions import type_coerce as type_coerce
from .fromclause import Alias as Alias
from .fromclause import AliasedReturnsRows as AliasedReturnsRows
from .fromclause import FromClause as FromClause
from .fromclause import FromGrouping as FromGrouping
from .fromclause import Join as Join
from .fromclause import Lateral as Lateral
from .fromclause import TableClause as TableClause
from .fromclause import alias as alias
from .fromclause import join as join
from .fromclause import outerjoin as outerjoin
from .fromclause import table as table
from .functions import Function as Function
from .functions import FunctionElement as FunctionElement
from .functions import func as func
from .functions import modifier as modifier
from .generative import GenerativeSelect as GenerativeSelect
from .label import Label as Label
from .label_style import LABEL_STYLE_DEFAULT as LABEL_STYLE_DEFAULT
from .label_style import LABEL_STYLE_DISAMBIGUATE_ONLY as LABEL_STYLE_DISAMBIGUATE_ONLY
from .label_style import LABEL_STYLE_NONE as LABEL_STYLE_NONE
from .label_style import LABEL_STYLE_TABLENAME_PLUS_COL as LABEL_STYLE_TABLENAME_PLUS_COL
from .label_style import SelectLabelStyle as SelectLabelStyle
from .lambdas import LambdaElement as LambdaElement
from .lambdas import StatementLambdaElement as StatementLambdaElement
from .lambdas import lambda_stmt as lambda_stmt
from .operators import OperatorClass as OperatorClass
from .operators import custom_op as custom_op
from .order_by_list import OrderByList as OrderByList
from .quoted_name import quoted_name as quoted_name
from .sampling import TableSample as TableSample
from .sampling import tablesample as tablesample
from .savepoints import ReleaseSavepointClause as ReleaseSavepointClause
from .savepoints import RollbackToSavepointClause as RollbackToSavepointClause
from .savepoints import SavepointClause as SavepointClause
from .select import Select as Select
from .select import exists as exists
from .selectables import HasCTE as HasCTE
from .selectables import HasPrefixes as HasPrefixes
from .selectables import HasSuffixes as HasSuffixes
from .selectables import ReturnsRows as ReturnsRows
from .selectables import Selectable as Selectable
from .selectbase import Exists as Exists
from .selectbase import ScalarSelect as ScalarSelect
from .selectbase import SelectBase as SelectBase
from .selectbase import Subquery as Subquery
from .selecting import select as select
from .table_valued import TableValuedAlias as TableValuedAlias
from .table_valued import TableValuedColumn as TableValuedColumn
from .text import TextClause as TextClause
from .text import text as text
from .textual import TextAsFrom as TextAsFrom
from .textual import TextualSelect as TextualSelect
from .tstring import TString as TString
from .tstring import tstring as tstring
from .values import ScalarValues as ScalarValues
from .values import Values as Values
from .values import values as values
from .visitors import Visitable as Visitable
from .window import AggregateOrderBy as AggregateOrderBy
from .window import FrameClause as FrameClause
from .window import FrameClauseType as FrameClauseType
from .window import FunctionFilter as FunctionFilter
from .window import Over as Over
from .window import WithinGroup as WithinGroup
from .window import aggregate_order_by as aggregate_order_by
from .window import funcfilter as funcfilter
from .window import over as over
from .window import within_group as within_group
from .writing import UpdateBase as UpdateBase
from .writing import ValuesBase as ValuesBase

nullsfirst = nulls_first
nullslast = nulls_last


def cte(
    selectable: SelectBase, name: str | None = None, recursive: bool = False, nesting: bool = False
) -> CTE:
    """``WITH name AS (selectable)``."""
    return selectable.cte(name, recursive, nesting)


def lateral(selectable: SelectBase, name: str | None = None) -> Lateral:
    """``LATERAL (selectable) AS name``."""
    return selectable.lateral(name)


def label(name: str | None, element: ColumnElement[object], type_: Any = None) -> Label[Any]:
    """``element AS name``; of another type where one is given."""
    return Label(name, element, type_)
