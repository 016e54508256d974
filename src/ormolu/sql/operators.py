"""The operators of the expression language, and the classes that have them.

Every operator is an object (`ormolu.sql.operator_table` says what it knows); the names here are
the ones to compare with in a custom comparator: ``if op is operators.eq: …``.
"""

from __future__ import annotations

from ..types.operator_classes import OperatorClass as OperatorClass
from .column_operators import ColumnOperators as ColumnOperators
from .column_operators import Operators as Operators
from .column_operators import OrderingOperators as OrderingOperators
from .operator_table import CUSTOM as CUSTOM
from .operator_table import Operator as Operator
from .operator_table import add as add
from .operator_table import all_op as all_op
from .operator_table import and_ as and_
from .operator_table import any_op as any_op
from .operator_table import as_ as as_
from .operator_table import asc_op as asc_op
from .operator_table import between_op as between_op
from .operator_table import bitwise_and_op as bitwise_and_op
from .operator_table import bitwise_lshift_op as bitwise_lshift_op
from .operator_table import bitwise_not_op as bitwise_not_op
from .operator_table import bitwise_or_op as bitwise_or_op
from .operator_table import bitwise_rshift_op as bitwise_rshift_op
from .operator_table import bitwise_xor_op as bitwise_xor_op
from .operator_table import by_name as by_name
from .operator_table import case_op as case_op
from .operator_table import cast_op as cast_op
from .operator_table import collate as collate
from .operator_table import comma_op as comma_op
from .operator_table import commutative_op as commutative_op
from .operator_table import comparison_op as comparison_op
from .operator_table import concat_op as concat_op
from .operator_table import contains_op as contains_op
from .operator_table import custom_op as custom_op
from .operator_table import desc_op as desc_op
from .operator_table import distinct_op as distinct_op
from .operator_table import endswith_op as endswith_op
from .operator_table import eq as eq
from .operator_table import exists as exists
from .operator_table import filter_op as filter_op
from .operator_table import floordiv as floordiv
from .operator_table import from_ as from_
from .operator_table import function_as_comparison_op as function_as_comparison_op
from .operator_table import ge as ge
from .operator_table import getitem as getitem
from .operator_table import gt as gt
from .operator_table import icontains_op as icontains_op
from .operator_table import iendswith_op as iendswith_op
from .operator_table import ilike_op as ilike_op
from .operator_table import in_op as in_op
from .operator_table import inv as inv
from .operator_table import is_ as is_
from .operator_table import is_associative as is_associative
from .operator_table import is_boolean as is_boolean
from .operator_table import is_commutative as is_commutative
from .operator_table import is_comparison as is_comparison
from .operator_table import is_distinct_from as is_distinct_from
from .operator_table import is_false as is_false
from .operator_table import is_natural_self_precedent as is_natural_self_precedent
from .operator_table import is_not as is_not
from .operator_table import is_not_distinct_from as is_not_distinct_from
from .operator_table import is_order_by_modifier as is_order_by_modifier
from .operator_table import is_ordering_modifier as is_ordering_modifier
from .operator_table import is_precedent as is_precedent
from .operator_table import is_true as is_true
from .operator_table import istartswith_op as istartswith_op
from .operator_table import json_getitem_op as json_getitem_op
from .operator_table import json_path_getitem_op as json_path_getitem_op
from .operator_table import label_op as label_op
from .operator_table import le as le
from .operator_table import like_op as like_op
from .operator_table import lshift as lshift
from .operator_table import lt as lt
from .operator_table import match_op as match_op
from .operator_table import matmul as matmul
from .operator_table import mirror as mirror
from .operator_table import mod as mod
from .operator_table import mul as mul
from .operator_table import ne as ne
from .operator_table import neg as neg
from .operator_table import not_between_op as not_between_op
from .operator_table import not_contains_op as not_contains_op
from .operator_table import not_endswith_op as not_endswith_op
from .operator_table import not_icontains_op as not_icontains_op
from .operator_table import not_iendswith_op as not_iendswith_op
from .operator_table import not_ilike_op as not_ilike_op
from .operator_table import not_in_op as not_in_op
from .operator_table import not_istartswith_op as not_istartswith_op
from .operator_table import not_like_op as not_like_op
from .operator_table import not_match_op as not_match_op
from .operator_table import not_regexp_match_op as not_regexp_match_op
from .operator_table import not_startswith_op as not_startswith_op
from .operator_table import null_op as null_op
from .operator_table import nulls_first_op as nulls_first_op
from .operator_table import nulls_last_op as nulls_last_op
from .operator_table import op as op
from .operator_table import or_ as or_
from .operator_table import over_op as over_op
from .operator_table import pow as pow
from .operator_table import regexp_match_op as regexp_match_op
from .operator_table import regexp_replace_op as regexp_replace_op
from .operator_table import rshift as rshift
from .operator_table import startswith_op as startswith_op
from .operator_table import sub as sub
from .operator_table import truediv as truediv

OperatorType = Operator
"""The type of an operator."""

pow_ = pow
div = truediv
invert = inv
cast = cast_op
isfalse = is_false
istrue = is_true
isnot = is_not
isnot_distinct_from = is_not_distinct_from
notbetween_op = not_between_op
notcontains_op = not_contains_op
notendswith_op = not_endswith_op
notilike_op = not_ilike_op
notin_op = not_in_op
notlike_op = not_like_op
notmatch_op = not_match_op
notstartswith_op = not_startswith_op
nullsfirst_op = nulls_first_op
nullslast_op = nulls_last_op
