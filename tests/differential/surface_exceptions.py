"""What of SQLAlchemy's public surface has no namesake, and why.

The names of modules that are missing stand in ``docs/differences.md``. Here are the finer things:
attributes that are no one's business, classes whose objects programs are given but don't make, and
single methods and parameters; those of dialects and the like are in `surface_members`. A pattern is
one of `fnmatch`.
"""

from __future__ import annotations

#: Attributes of SQLAlchemy's machinery, on many classes: name -> what it is there.
INTERNAL_ATTRIBUTES = {
    "TDComparatorContainer": "how TypeDecorator makes comparator classes",
    "adapt": "how types are made into dialect variants: Dialect.type_map here",
    "adapt_emulated_to_native": "the same",
    "adapt_native_to_emulated": "the same",
    "adapt_to_emulated": "the same",
    "allows_lambda": "a mark of the coercion rules",
    "anon_label": "a name before it is made: compilers name things here",
    "apply_map": "of names with a map of anonymous ones: the same",
    "argument_for": "of dialect arguments on statements, which no dialect has",
    "coerce_arguments": "a switch inside of GenericFunction",
    "create_drop_stringify_dialect": "which dialect str() takes",
    "dialect_kwargs": "of dialect arguments on statements, which no dialect has",
    "dialect_options": "the same",
    "dispatch": "where listeners are kept",
    "entity_namespace": "where filter_by looks: FROM elements and entities have it",
    "get_dialect_option": "the same as dialect_kwargs",
    "identifier": "the name under which GenericFunction registers",
    "is_derived_from": "of what is no FROM element: FROM elements have it",
    "kwargs": "the same as dialect_kwargs",
    "memoized_attribute": "a tool",
    "memoized_instancemethod": "a tool",
    "monotonic": "a mark of functions for sentinels of Oracle and SQL Server",
    "name_cte_columns": "how the columns of a CTE are named",
    "named_with_column": "of what is no FROM element: FROM elements have it",
    "reflect_only_elements": "a switch inside of reflection",
    "replace_selectable": "deprecated; ormolu.sql.visitors replaces parts of statements",
    "repr_struct": "how repr() is made",
    "selectable": "of what is no FROM element: FROM elements have it",
    "timetuple": "a trick against datetime's comparison",
    "uses_inspection": "a mark of the coercion rules",
    "wrapped_column_expression": "a mark of what keeps a column's name",
}

#: Options and kinds of statements, which functions, sequences and defaults have in SQLAlchemy
#: because they are statements there; here ``execute(func.now())`` executes a SELECT of it.
OF_STATEMENTS = {
    "execution_options", "get_execution_options", "is_delete", "is_dml", "is_from_statement",
    "is_insert", "is_select", "is_text", "is_update", "options", "schema", "supports_execution",
    "with_cols",
}  # fmt: skip

#: Classes whose objects the library makes: their constructors are its own.
MADE_BY_THE_LIBRARY = {
    "ChunkedIteratorResult", "ClauseList",
    "CollectionAggregate", "Connection", "CursorResult", "Engine",
    "IteratorResult", "MappingResult", "NumericCommon", "RMKeyView", "Result", "ResultProxy",
    "ScalarResult", "ScalarValues", "TextAsFrom", "TextualSelect", "TwoPhaseTransaction",
    "UnaryExpression", "ValuesBase", "WriteableColumnCollection",
}  # fmt: skip

#: Single methods, attributes and parameters.
SINGLE = {
    "*.corresponding_column": "of a statement that is no FROM element; its cte() is one",
    "*_op(*)": "operators are objects, called by position",
    "is_precedent(*)": "a function of two operators, called by position",
    "BinaryExpression.is_comparison": "an operator's property: expression.operator.is_comparison",
    "*.group": "how a list of elements is kept",
    "*.is_comparison": "the same as of BinaryExpression",
    "*.to_metadata": "of DDL statements: a table's own copies it",
    "*.collation_schema": "of a Uuid, which has no collation",
    "*.append": "lists of elements are frozen",
    "*.inherit_cache": "a mark of element classes",
    "*.DDLDropper": "DDL is made by plans",
    "*.DDLGenerator": "the same",
    "*.subquery": "of text without columns: write text().columns() first",
    "*.driver_exception": "of an error that no driver raised",
    "*.logging_name": "set by the constructor",
    "BooleanClauseList.*(initial_clause)": "positional in all but name",
    "CompoundSelect.*": "its keywords, as constants",
    "Connection.should_close_with_result": "deprecated",
    "CursorResult.cursor_strategy": "cursors belong to the plans",
    "ResultProxy.cursor_strategy": "the same",
    "ENUM.native_enum": "an ENUM is native",
    "ExcludeConstraint.where": "an attribute of the object",
    "ExecutableStatement.params": "its elements have it",
    "Exists.with_*hint": "hints stand in the SELECT inside",
    "Function(monotonic)": "a mark of functions for sentinels",
    "FunctionAsBinary.*_expr": "its operands are left and right",
    "Inspector.from_engine": "deprecated; write inspect(engine)",
    "JSONB.column_expression(col)": "colexpr, as of all types",
    "JSONPATH.string_*_processor": "a text as it is",
    "Label.*": "a label's element is what it is of",
    "ManagesConnection.*": "attributes of the object",
    "ScalarSelect.where(crit)": "takes several, by position",
    "Selectable.lateral": "FROM elements have it",
    "Update.select": "of INSERT alone",
    "ValuesBase.*": "INSERT and UPDATE have them",
    "ColumnClause.*default": "of a Column",
    "ColumnClause.*onupdate": "the same",
    "ColumnDefault.compare*": "of SQLAlchemy's migrations",
}  # fmt: skip
