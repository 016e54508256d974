"""The default dialect: standard SQL with ``:name`` binds, for ``str(statement)``."""

from __future__ import annotations

from typing import Any

from ormolu.compiler.compiled import Compiled
from ormolu.compiler.features import Features
from ormolu.compiler.printing import PrintingCompiler
from ormolu.compiler.statement import compile_statement
from ormolu.compiler.types import StringTypeCompiler
from ormolu.dialects.base import Dialect
from ormolu.dialects.registry import load
from ormolu.exc import UnsupportedCompilationError
from ormolu.sql.traversal import iterate

__all__ = ["DefaultDialect", "compile_node", "type_text"]


class DefaultDialect(Dialect):
    """Compiles what every database has in common; it connects to none.

    It accepts what only some databases do (RETURNING, several rows in VALUES), since what it
    writes
    is for a reader.
    """

    compiler_class = PrintingCompiler
    type_compiler_class = StringTypeCompiler
    features = Features(
        insert_returning=True,
        update_returning=True,
        delete_returning=True,
        multivalues_insert=True,
        native_boolean=True,
        native_uuid=False,
        identity_columns=True,
        sequences=True,
        comments=True,
    )


_DEFAULT = DefaultDialect()


def compile_node(node: Any, dialect: Any = None, **arguments: Any) -> Compiled:
    """What ``str(node)`` and ``node.compile()`` call."""
    written_out = arguments.pop("render_postcompile", False)
    if dialect is None:
        compiled = _compile_for_reader(node, arguments)
    else:
        compiled = compile_statement(node, dialect, **arguments)
    if written_out and compiled.expanding:
        compiled.sql = compiled.expand(node._binds, {})[0]
        compiled.written_out = True
    return compiled


def _compile_for_reader(node: Any, arguments: dict[str, Any]) -> Compiled:
    """Compile for the default dialect, or for the one that something in the node is made for."""
    try:
        return compile_statement(node, _readers_dialect(node) or _DEFAULT, **arguments)
    except UnsupportedCompilationError:
        children = list(iterate(node))
        found = next((d for d in map(_readers_dialect, children) if d is not None), None)
        if found is None:
            raise
        return compile_statement(node, found, **arguments)


def _readers_dialect(node: Any) -> Dialect | None:
    """Return the dialect in which a node is printed when none is named, None for any."""
    name = getattr(node, "stringify_dialect", "default")
    return None if name == "default" else load(name)()


def type_text(type_: Any, dialect: Any = None) -> str:
    """What ``str(type)`` and ``type.compile()`` call."""
    target = _DEFAULT if dialect is None else dialect
    return str(target.type_compiler.process(type_))
