"""The default dialect: standard SQL with ``:name`` binds, for ``str(statement)``."""

from __future__ import annotations

from typing import Any

from ormolu.compiler.compiled import Compiled
from ormolu.compiler.features import Features
from ormolu.compiler.statement import compile_statement
from ormolu.compiler.types import StringTypeCompiler
from ormolu.dialects.base import Dialect

__all__ = ["DefaultDialect", "compile_node", "type_text"]


class DefaultDialect(Dialect):
    """Compiles what every database has in common; it connects to none.

    It accepts what only some databases do (RETURNING, several rows in VALUES), since what it
    writes
    is for a reader.
    """

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
    compiled = compile_statement(node, _DEFAULT if dialect is None else dialect, **arguments)
    if written_out and compiled.expanding:
        compiled.sql = compiled.expand(node._binds, {})[0]
    return compiled


def type_text(type_: Any, dialect: Any = None) -> str:
    """What ``str(type)`` and ``type.compile()`` call."""
    target = _DEFAULT if dialect is None else dialect
    return str(target.type_compiler.process(type_))
