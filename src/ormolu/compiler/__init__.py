"""From a statement to its text: compilers, bind layouts, and the compiled form.

``compile_statement`` is the entry. What a database can do is asked of its
:class:`~ormolu.compiler.features.Features`. The compilers are loaded with the first dialect.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ormolu.compiler.binds import BindLayout, BindSlot
from ormolu.compiler.compiled import Compiled, InsertKeys, Prefetch, ResultColumn
from ormolu.compiler.features import Features, Paramstyle
from ormolu.compiler.statement import compile_statement

if TYPE_CHECKING:
    from ormolu.compiler.identifiers import IdentifierPreparer
    from ormolu.compiler.sql_compiler import SQLCompiler

__all__ = [
    "BindLayout",
    "BindSlot",
    "Compiled",
    "Features",
    "IdentifierPreparer",
    "InsertKeys",
    "Paramstyle",
    "Prefetch",
    "ResultColumn",
    "SQLCompiler",
    "compile_statement",
]

_LAZY = {"IdentifierPreparer": "identifiers", "SQLCompiler": "sql_compiler"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"ormolu.compiler.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
