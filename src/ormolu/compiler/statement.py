"""The entry: a statement in, its compiled form out.

The compiler itself comes with the dialect, which is loaded with the first engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ormolu.compiler.binds import BindLayout
from ormolu.compiler.compiled import Compiled, Kind
from ormolu.compiler.expressions import ungrouped
from ormolu.compiler.lowering import lower
from ormolu.exc import UnsupportedCompilationError
from ormolu.sql.lambdas import StatementLambdaElement

if TYPE_CHECKING:
    from ormolu.compiler.sql_compiler import SQLCompiler
    from ormolu.compiler.target import Target

__all__ = ["compile_statement"]

_KINDS: Mapping[str, Kind] = {
    "select": "select",
    "compound_select": "select",
    "textual_select": "select",
    "insert": "insert",
    "update": "update",
    "delete": "delete",
    "textclause": "text",
}

_NAMINGS = frozenset({"alias", "subquery", "cte", "cte_alias", "table_valued_alias"})


def compile_statement(
    statement: Any,
    dialect: Target,
    *,
    column_keys: Iterable[str] | None = None,
    literal_binds: bool = False,
    schema_translate_map: Mapping[str | None, str | None] | None = None,
    linting: int | None = None,
    tells_apart: bool = False,
) -> Compiled:
    """Compile a statement (or any expression) for a dialect.

    :param column_keys: the keys of the execution parameters of an INSERT or UPDATE; None (as when a
        statement is printed) stands for all columns, an empty sequence for none.
    :param literal_binds: write values into the text.
    :param schema_translate_map: schema in the ``Table`` -> schema in the text.
    :param linting: what to warn of (`ormolu.sql.linting`); None leaves it to the dialect.
    :param tells_apart: write an INSERT so that the rows it gives back for many sets of parameters
        can be matched with these, where they can (`ormolu.compiler.sentinels`).
    :raises CompileError: when the statement makes no sense to this dialect.
    """
    if isinstance(statement, StatementLambdaElement):
        statement = statement._resolved
    core = lower(statement)
    translate = dict(schema_translate_map) if schema_translate_map else None
    if getattr(core, "is_ddl", False) or _is_ddl(core, dialect):
        return _compile_ddl(core, dialect, translate)
    compiler = dialect.compiler_class(
        dialect,
        statement._binds,
        literal_binds=literal_binds,
        schema_translate_map=translate,
    )
    compiler.column_keys = None if column_keys is None else tuple(column_keys)
    compiler.top = core
    compiler.dml.tells_apart = tells_apart
    if linting is not None:
        compiler.linting = linting
    text = compiler.visit(_standing_alone(core))
    return _compiled(compiler, dialect, statement, compiler.with_text() + text)


def _compiled(compiler: SQLCompiler, dialect: Target, statement: Any, text: str) -> Compiled:
    """What a compiler has found out, as one object."""
    layout = BindLayout(
        text,
        compiler.slots,
        dialect.paramstyle,
        empty_set=compiler.empty_set,
        node_binds=statement._binds,
        tuple_prefix="VALUES " if dialect.features.tuple_in_values else "",
    )
    facts = compiler.dml
    return Compiled(
        kind=_KINDS.get(compiler.top.__visit_name__, "text"),
        layout=layout,
        dialect=dialect,
        statement=statement,
        columns=compiler.result,
        prefetch=tuple(facts.prefetch),
        postfetch=tuple(facts.postfetch),
        implicit_returning=tuple(facts.implicit_returning),
        insert_keys=facts.insert_keys,
        returning=bool(compiler.result),
        multi_values=facts.multi_values,
        sentinels=facts.sentinels,
        table=facts.table,
    )


def _standing_alone(node: Any) -> Any:
    """Return what is written of an element of FROM by itself: no name, no WITH."""
    while node.__visit_name__ in _NAMINGS:
        element = ungrouped(node.element)
        if element.__visit_name__ in ("table", "join"):
            break
        node = element
    return node


def _is_ddl(node: Any, dialect: Target) -> bool:
    name = f"visit_{node.__visit_name__}"
    return not hasattr(dialect.compiler_class, name) and hasattr(dialect.ddl_compiler_class, name)


def _compile_ddl(
    node: Any, dialect: Target, translate: dict[str | None, str | None] | None
) -> Compiled:
    compiler = dialect.ddl_compiler_class(dialect, schema_translate_map=translate)
    text = compiler.visit(node)
    if "\0" in text:
        raise UnsupportedCompilationError(
            type(compiler).__name__, type(node), "DDL cannot hold binds: write the value as text()"
        )
    layout = BindLayout(text, {}, dialect.paramstyle, empty_set=lambda arity, negated: "")
    return Compiled(kind="ddl", layout=layout, dialect=dialect, statement=node)
