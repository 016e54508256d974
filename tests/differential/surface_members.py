"""What of SQLAlchemy's dialects, compiled forms and contexts has no namesake, member by member.

Reason -> the members, as `public_surface.gaps` writes them behind the class: ``.name`` of an
attribute, ``(name)`` of a parameter of the constructor, ``.name(parameter)`` of one of a method.
"""

from __future__ import annotations

#: Of Dialect, DefaultDialect, StrCompileDialect and the dialect classes.
OF_DIALECTS: dict[str, str] = {
    "done by drivers' adapters and by plans": """
        .connect .connection_characteristics .detect_autocommit_setting .do_begin
        .do_begin_twophase .do_close .do_commit .do_commit_twophase .do_execute
        .do_execute_no_params .do_executemany .do_ping .do_prepare_twophase
        .do_recover_twophase .do_release_savepoint .do_rollback .do_rollback_to_savepoint
        .do_rollback_twophase .do_savepoint .do_set_input_sizes .do_terminate
        .engine_config_types .engine_created .exclude_set_input_sizes
        .execute_sequence_format .execution_ctx_cls .get_default_isolation_level
        .get_deferrable .get_driver_connection .get_isolation_level
        .get_isolation_level_values(dbapi_connection) .get_readonly .get_table_oid .has_type
        .import_dbapi .include_set_input_sizes .initialize .is_disconnect(e)
        .isolation_level .on_connect_url .preexecute_autoincrement_sequences
        .reset_isolation_level .set_connection_execution_options .set_deferrable
        .set_engine_execution_options .set_isolation_level .set_readonly
    """,
    "found through the registry and the URL": """
        .get_async_dialect_cls .get_dialect_cls .get_dialect_pool_class .get_pool_class
        .load_provisioning
    """,
    "of the cache, which counts in engine/cache.py": """
        .CACHE_HIT .CACHE_MISS .CACHING_DISABLED .NO_CACHE_KEY .NO_DIALECT_SUPPORT
    """,
    "facts of the drivers' own, which their adapters know": """
        .dbapi_exception_translation_map .dbapi_version .description_encoding
        .dialect_injects_custom_json_deserializer .minimum_dbapi_version .psycopg_version
        .retrieve_dbapi_version .returns_native_bytes
        .server_side_cursors .supports_native_json_deserialization
        .supports_native_json_serialization .supports_sane_rowcount_returning
        .supports_unicode_statements
    """,
    "what the compiler classes and type_map say": """
        .aggregate_order_by_style .bind_typing .colspecs .cte_follows_insert
        .default_metavalue_token .ischema_names .preparer .supports_cast
        .supports_for_update_of .supports_native_bit .supports_smallserial
        .supports_virtual_generated_columns .type_descriptor(typeobj) .use_mysql_for_share
    """,
    "of RETURNING and of many rows: what multirow and sentinels decide": """
        .delete_executemany_returning .delete_returning_multifrom
        .favor_returning_over_lastrowid .full_returning .insertmanyvalues_implicit_sentinel
        .update_executemany_returning .update_returning_multifrom
        .use_insertmanyvalues_wo_returning
    """,
    "the same in every provided database": """
        .default_sequence_base .max_constraint_name_length .max_index_name_length
        .min_year_for_type .non_native_boolean_check_constraint .supports_schemas
    """,
    "set by create_engine(), or by features": """
        (compiler_linting) (dbapi) (implicit_returning) (insertmanyvalues_page_size)
        (isolation_level) (label_length) (max_identifier_length)
        (server_side_cursors) (skip_autocommit_rollback) (supports_native_boolean)
        (use_insertmanyvalues)
    """,
}

#: Of ExecutionContext and DefaultExecutionContext.
OF_CONTEXTS: dict[str, str] = {
    "done by plans": """
        .create_cursor .create_default_cursor .create_server_side_cursor
        .cursor_fetch_strategy .fetchall_for_returning .fire_sequence .get_insert_default
        .get_out_parameter_values .get_result_processor .get_rowcount .get_update_default
        .handle_dbapi_exception .post_exec .pre_exec
    """,
    "of the result, which has it": """
        .inserted_primary_key_rows .returned_default_rows .result_column_struct
    """,
    "of the cache and of many rows; the log says it": """
        .execute_style .cache_hit
    """,
}

#: Of Compiled and TypeCompiler.
OF_COMPILED: dict[str, str] = {
    "of the compiler, which is a class of its own here": """
        .cache_key .compile_state .dml_compile_state .is_ddl .is_sql .process .sql_compiler
        .visit_unsupported_compilation
    """,
    "arguments of compile()": """
        (compile_kwargs) (render_schema_translate) (schema_translate_map)
        .schema_translate_map
    """,
    "of names that are escaped, and of cached forms": """
        .construct_params(escape_names) .construct_params(extracted_parameters)
    """,
    "of compilers of types": """
        .ensure_kwarg .visit_unsupported_compilation
    """,
}

#: Class -> (why, the members).
OF_OTHERS: dict[str, tuple[str, str]] = {
    "CacheKey": (
        "a key and its binds, which are .bindparams",
        """
        (params) .params
        """,
    ),
    "DBAPICursor": (
        "of PEP 249 what no provided driver needs",
        """
        .callproc .execute(parameters=None) .nextset .setinputsizes .setoutputsize
        """,
    ),
    "DDLIf": (
        "it is no tuple",
        """
        .count .index
        """,
    ),
    "HasCTE": (
        "a mixin: what uses it has them",
        """
        .compare .compile .description .exported_columns .get_children .is_clause_element
        .is_selectable .params .self_group .stringify_dialect .unique_params
        """,
    ),
    "InternalTraversal": (
        "the kinds of a node's parts are those of ormolu.sql.node",
        """
        .dp_annotations_key .dp_compile_state_funcs .dp_dialect_options .dp_dml_multi_values
        .dp_dml_ordered_values .dp_dml_values .dp_executable_options
        .dp_fromclause_canonical_column_collection .dp_has_cache_key_list
        .dp_has_cache_key_tuples .dp_inspectable .dp_memoized_select_entities .dp_multi
        .dp_multi_list .dp_named_ddl_element .dp_params .dp_prefix_sequence
        .dp_propagate_attrs .dp_setup_join_tuple .dp_statement_hint_list
        .dp_string_clauseelement_dict .dp_string_multi_dict .dp_table_hint_list
        .dp_unknown_structure
        """,
    ),
    "LambdaElement": (
        "lambdas are called, not analysed",
        """
        (apply_propagate_attrs) (fn) (opts) (role) .parent_lambda
        """,
    ),
    "NamedType": (
        "a mixin: the types that use it have them",
        """
        .Comparator .as_generic .bind_expression .bind_processor .coerce_compared_value
        .column_expression .comparator_factory .compare_values .compile .copy .copy_value
        .dialect_impl .evaluates_none .get_dbapi_type .hashable .literal_processor
        .operator_classes .python_type .render_bind_cast .render_literal_cast
        .result_processor .should_evaluate_none .sort_key_function .with_variant
        """,
    ),
    "PoolResetState": (
        "asyncio is told by the pool's class",
        """
        (asyncio_safe)
        """,
    ),
    "SchemaType": (
        "a mixin: the types that use it have it",
        """
        .copy
        """,
    ),
    "StatementLambdaElement": (
        "lambdas are called, not analysed",
        """
        (apply_propagate_attrs) (opts) (role) .parent_lambda
        """,
    ),
    "conv": (
        "it is a string with a mark",
        """
        .construct .quote
        """,
    ),
}
